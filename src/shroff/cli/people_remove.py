"""`shroff people remove`."""

from __future__ import annotations

import click

from shroff.cli.options import json_option, workspace_option
from shroff.cli.people_here import at_terminal, people_file

__all__ = ["command"]


@click.command()
@click.argument("name")
@workspace_option
@json_option
@click.pass_context
def command(ctx: click.Context, *, name: str, folder: str, as_json: bool) -> None:
    """Let NAME come in no more: sessions and tokens end at once, records go on naming them."""
    from shroff.cli.console import print_json
    from shroff.store.accounts import Accounts

    accounts = Accounts(people_file(ctx, folder))
    accounts.remove(name, by=at_terminal())
    left = [each.name for each in accounts.accounts()]
    if as_json:
        print_json({"removed": name, "left": left})
    else:
        click.echo(f"{name} may come in no more.")
