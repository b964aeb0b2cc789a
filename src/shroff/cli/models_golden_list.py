"""`shroff models golden list`."""

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
    """List the golden sets, with their revision and the hash of their content."""
    from shroff.cli.console import print_json, print_table
    from shroff.domain.messages import count, say

    workspace = open_workspace(ctx.ensure_object(Session), folder)
    sets = workspace.catalog.golden.sets()
    if as_json:
        print_json({"sets": [golden.record() for golden in sets]})
        return
    language = workspace.settings.workspace.language
    if not sets:
        click.echo(say("golden.none", language))
        return
    names = ("set", "revision", "ads", "settled", "violating", "hash", "at")
    columns = [say(f"golden.column.{name}", language) for name in names]
    rows = [
        (
            golden.name,
            str(golden.revision),
            count(len(golden.items)),
            count(len(golden.settled)),
            count(sum(item.verdict == "violating" for item in golden.settled)),
            golden.hash[:10],
            golden.at[:10],
        )
        for golden in sets
    ]
    print_table(columns, rows, right=columns[1:5])
