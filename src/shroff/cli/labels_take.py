"""`shroff labels take`."""

from __future__ import annotations

import click

from shroff.cli.endings import Session
from shroff.cli.options import json_option, open_workspace, workspace_option

__all__ = ["command"]


@click.command()
@click.argument("files", nargs=-1, required=True)
@click.option("--batch", default="", metavar="ID", help="The batch, if the files do not say.")
@click.option(
    "--role",
    type=click.Choice(["L1", "L2", "QA", "SME"]),
    default="L1",
    show_default=True,
    help="Who labelled; the answer of an SME settles an ad.",
)
@workspace_option
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    *,
    files: tuple[str, ...],
    batch: str,
    role: str,
    folder: str,
    as_json: bool,
) -> None:
    """Take a labelled batch back: its FILE, or the FILES it was divided into.

    What came back must be what was drawn: rows that were changed, added, doubled or left out are
    named, and nothing is taken. Rows without a verdict are open; take the file again when there
    are more. Taking a file twice adds nothing.
    """
    from shroff.cli.console import print_json
    from shroff.cli.progress import step
    from shroff.domain.messages import say

    workspace = open_workspace(ctx.ensure_object(Session), folder)
    with step("taking labels"):
        taken = workspace.labels.take(files, batch_id=batch, role=role)
    if as_json:
        print_json(taken.record())
        return
    language = workspace.settings.workspace.language
    click.echo(taken.text().text(language))
    for name, labels in taken.by_design.items():
        click.echo(f"  {name}: {labels:,}")
    counts = {"added": taken.added, "corrected": taken.corrected, "known": taken.known}
    click.echo(say("labels.rows", language, counts))
    if taken.forgotten:
        click.echo(say("labels.forgotten", language, {"ads": taken.forgotten}))
    if taken.open:
        click.echo(say("labels.until_then", language))
