"""`shroff people role`."""

from __future__ import annotations

import click

from shroff.cli.options import json_option, workspace_option
from shroff.cli.people_here import at_terminal, people_file, role_type

__all__ = ["command"]


@click.command()
@click.argument("name")
@click.argument("role", type=role_type)
@workspace_option
@json_option
@click.pass_context
def command(ctx: click.Context, *, name: str, role: str, folder: str, as_json: bool) -> None:
    """Give NAME another ROLE; they sign in again."""
    from shroff.cli.console import print_json
    from shroff.domain.roles import Role
    from shroff.store.accounts import Accounts

    found = Accounts(people_file(ctx, folder)).give_role(name, Role(role), by=at_terminal())
    if as_json:
        print_json(found.record())
    else:
        click.echo(f"{found.name} is {found.role} now.")
