"""`shroff people password`."""

from __future__ import annotations

import click

from shroff.cli.options import json_option, workspace_option
from shroff.cli.people_here import at_terminal, people_file, stdin_option, typed_password

__all__ = ["command"]


@click.command()
@click.argument("name")
@stdin_option
@workspace_option
@json_option
@click.pass_context
def command(
    ctx: click.Context, *, name: str, from_stdin: bool, folder: str, as_json: bool
) -> None:
    """Give NAME another password, which is asked for; all their sessions end."""
    from shroff.cli.console import print_json
    from shroff.store.accounts import Accounts

    accounts = Accounts(people_file(ctx, folder))
    accounts.account(name)
    accounts.give_password(name, typed_password(from_stdin=from_stdin), by=at_terminal())
    if as_json:
        print_json(accounts.account(name).record())
    else:
        click.echo(f"{name} has another password; their sessions ended.")
