"""`shroff people sign-out`."""

from __future__ import annotations

import click

from shroff.cli.options import json_option, workspace_option
from shroff.cli.people_here import at_terminal, people_file

__all__ = ["command"]


@click.command()
@click.argument("name", required=False, default="")
@workspace_option
@json_option
@click.pass_context
def command(ctx: click.Context, *, name: str, folder: str, as_json: bool) -> None:
    """End all sessions of NAME, or of everybody where nobody is named."""
    from shroff.cli.console import print_json
    from shroff.store.accounts import Accounts
    from shroff.store.audit_trail import AuditTrail
    from shroff.store.sign_ins import Sessions

    file = people_file(ctx, folder)
    if name:
        Accounts(file).account(name)
    ended = Sessions(file=file).end("", name=name)
    AuditTrail(file).add(at_terminal(), "signed out", name or "everybody")
    if as_json:
        print_json({"name": name or None, "ended": ended})
    else:
        click.echo(f"sessions that ended: {ended}")
