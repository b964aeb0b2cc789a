"""`shroff models batch read`."""

from __future__ import annotations

from pathlib import Path

import click

from shroff.cli.endings import FINDING, Session
from shroff.cli.options import json_option, open_workspace, workspace_option

__all__ = ["command"]


@click.command()
@click.argument("batch", type=Path)
@click.argument("answers", type=Path, nargs=-1)
@workspace_option
@json_option
@click.pass_context
def command(
    ctx: click.Context, *, batch: Path, answers: tuple[Path, ...], folder: str, as_json: bool
) -> None:
    """Take back the files of ANSWERS of the folder BATCH, output and error files alike.

    Without ANSWERS, all files in the folder that are no requests. Answers come in any order; what
    expired or failed is counted, and `batch write` writes it anew. Reading twice changes nothing.
    """
    from shroff.cli.console import print_json, results
    from shroff.cli.progress import step

    workspace = open_workspace(ctx.ensure_object(Session), folder)
    with step("reading answers"):
        found = workspace.modeller.read_batch(batch, answers)
    if as_json:
        print_json(found.record())
    else:
        for note in found.notes():
            results().print(note.text(workspace.settings.workspace.language), markup=False)
    if found.missing or found.strange or found.unreadable:
        ctx.exit(FINDING)
