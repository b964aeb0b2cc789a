"""`shroff people waiting`."""

from __future__ import annotations

import click

from shroff.cli.endings import Session
from shroff.cli.options import json_option, open_workspace, workspace_option

__all__ = ["command"]

_COLUMNS = ("id", "kind", "subject", "who", "why", "at", "state", "by")


@click.command()
@click.option("--all", "every", is_flag=True, help="Those that were approved or refused, too.")
@workspace_option
@json_option
@click.pass_context
def command(ctx: click.Context, *, every: bool, folder: str, as_json: bool) -> None:
    """List the steps that wait for a second person: rules and lines that are to act on ads."""
    from shroff.cli.console import print_json, print_table

    workspace = open_workspace(ctx.ensure_object(Session), folder)
    states = () if every else ("waiting",)
    records = [each.record() for each in workspace.catalog.approvals.requests(*states)]
    if as_json:
        print_json({"requests": records})
    elif not records:
        click.echo("Nothing waits for a second person.")
    else:
        rows = [[str(each[name] or "–") for name in _COLUMNS] for each in records]
        print_table(_COLUMNS, rows)
