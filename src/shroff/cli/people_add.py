"""`shroff people add`."""

from __future__ import annotations

import click

from shroff.cli.options import json_option, workspace_option
from shroff.cli.people_here import (
    at_terminal,
    people_file,
    role_type,
    stdin_option,
    typed_password,
)

__all__ = ["command"]


@click.command()
@click.argument("name")
@click.option("--role", type=role_type, required=True, help="What they are to the team.")
@click.option("--elsewhere", is_flag=True, help="They sign in by [web.oidc], without a password.")
@stdin_option
@workspace_option
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    *,
    name: str,
    role: str,
    elsewhere: bool,
    from_stdin: bool,
    folder: str,
    as_json: bool,
) -> None:
    """Let NAME come in to the dashboard, with a password that is asked for.

    Who signs in elsewhere is named by their mail address. From the first on, everybody has to sign in, and what acts on ads takes two people.

    \b
    shroff people add ann --role admin
    """  # noqa: D301 - click keeps the lines after \b
    from shroff.cli.console import print_json
    from shroff.domain.roles import Role
    from shroff.store.accounts import Accounts

    accounts = Accounts(people_file(ctx, folder))
    password = "" if elsewhere else typed_password(from_stdin=from_stdin)
    found = accounts.add(name, Role(role), by=at_terminal(), password=password)
    if as_json:
        print_json(found.record())
    else:
        click.echo(f"{found.name} may come in as {found.role}.")
