"""`shroff report schedules`."""

from __future__ import annotations

import click

from shroff.cli.endings import Session
from shroff.cli.options import json_option, open_workspace, workspace_option

__all__ = ["command"]


@click.command()
@workspace_option
@json_option
@click.pass_context
def command(ctx: click.Context, *, folder: str, as_json: bool) -> None:
    """List what is scheduled, when it is due next, and what came of it."""
    from datetime import UTC, datetime

    from shroff.cli.console import print_json, print_table
    from shroff.report.due_reports import schedule_record, turn_record

    desk = open_workspace(ctx.ensure_object(Session), folder).reporter
    now = datetime.now(UTC)
    listed = [schedule_record(each, now=now) for each in desk.schedules()]
    turns = [turn_record(each) for each in desk.turns()]
    if as_json:
        print_json({"schedules": listed, "turns": turns})
        return
    columns = ("id", "when", "zone", "audience", "next", "sends", "who")
    print_table(columns, [tuple(str(each[name]) for name in columns) for each in listed])
    if turns:
        click.echo("")
        parts = ("schedule", "due", "state", "told")
        print_table(parts, [tuple(str(each[name]) for name in parts) for each in turns])
