"""`shroff report list`."""

from __future__ import annotations

from pathlib import Path

import click

from shroff.cli.endings import Session
from shroff.cli.options import json_option, open_workspace, workspace_option

__all__ = ["command"]


@click.command()
@click.option(
    "--limit", type=click.IntRange(1, 1000), default=20, show_default=True, help="At most so many."
)
@workspace_option
@json_option
@click.pass_context
def command(ctx: click.Context, *, limit: int, folder: str, as_json: bool) -> None:
    """List the reports that were written, newest first."""
    from shroff.cli.console import print_json, print_table

    workspace = open_workspace(ctx.ensure_object(Session), folder)
    found = workspace.reporter.written(limit=limit)
    if as_json:
        print_json(
            {
                "reports": [
                    {
                        "run": each.run,
                        "at": each.at,
                        "period": each.period,
                        "audience": each.args.get("audience", "team"),
                        "files": list(each.files),
                    }
                    for each in found
                ]
            }
        )
        return
    rows = [
        (
            str(each.run),
            each.at,
            each.period,
            str(each.args.get("audience", "team")),
            str(Path(each.files[0]).parent),
        )
        for each in found
    ]
    print_table(("report", "written", "days", "audience", "folder"), rows)
