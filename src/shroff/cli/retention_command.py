"""`shroff retention`."""

from __future__ import annotations

import click

from shroff.cli.endings import Session
from shroff.cli.options import json_option, open_workspace, workspace_option

__all__ = ["command"]


@click.group()
def command() -> None:
    """Remove rows that are older than [retention] in shroff.toml allows."""


@command.command("apply")
@workspace_option
@json_option
@click.pass_context
def apply(ctx: click.Context, *, folder: str, as_json: bool) -> None:
    """Remove rows that are too old, from every state of the lake; age counts from today."""
    from shroff.cli.console import print_json

    session = ctx.ensure_object(Session)
    workspace = open_workspace(session, folder)
    session.unfinished = "rows removed so far stay removed; run it again to remove the rest"
    removed = workspace.retain()
    if as_json:
        print_json({"removed": removed})
        return
    for table, rows in removed.items():
        click.echo(f"{table}: {rows:,} rows removed")
    if not removed:
        click.echo("No table has a limit: set [retention] in shroff.toml.")
