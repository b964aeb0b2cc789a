"""`shroff report unschedule`."""

from __future__ import annotations

import click

from shroff.cli.endings import Session
from shroff.cli.options import json_option, open_workspace, workspace_option

__all__ = ["command"]


@click.command()
@click.argument("schedule")
@workspace_option
@json_option
@click.pass_context
def command(ctx: click.Context, *, schedule: str, folder: str, as_json: bool) -> None:
    """Have the report of SCHEDULE written no more; what it wrote is kept."""
    from shroff.cli.console import print_json

    open_workspace(ctx.ensure_object(Session), folder).catalog.writings.remove_schedule(schedule)
    if as_json:
        print_json({"removed": schedule})
        return
    click.echo(f"{schedule} is written no more.")
