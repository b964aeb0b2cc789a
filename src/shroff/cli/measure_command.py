"""`shroff measure`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from shroff.cli.endings import Session
from shroff.cli.options import (
    engine_option,
    json_option,
    level_option,
    open_workspace,
    period_option,
    workspace_option,
)

if TYPE_CHECKING:
    from shroff.measure.scorecard import Scorecard
    from shroff.workspace import Workspace

__all__ = ["command"]


@click.command()
@click.option(
    "--by",
    multiple=True,
    metavar="COLUMN[,COLUMN]",
    help="Slices; a comma gives pairs. Several --by are allowed.",
)
@click.option("--metric", "metrics", multiple=True, metavar="ID", help="Only these metrics.")
@period_option
@level_option
@click.option(
    "--csv", "csv_file", metavar="FILE", help="Write all figures to a CSV file; - for stdout."
)
@engine_option
@workspace_option
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    *,
    by: tuple[str, ...],
    metrics: tuple[str, ...],
    period: str,
    level: float,
    csv_file: str | None,
    folder: str,
    as_json: bool,
) -> None:
    """Measure the machine: every metric with its interval and the number of labels behind it."""
    from shroff.cli.console import print_json
    from shroff.cli.progress import watching
    from shroff.cli.tables import write_csv

    workspace = open_workspace(ctx.ensure_object(Session), folder)
    with watching(workspace, "measuring") as watched:
        card = watched.measure(by=by, period=period, metrics=metrics, level=level)
    if as_json:
        print_json(card.record())
    elif csv_file:
        write_csv(card.to_arrow(), csv_file)
    else:
        _show(card, workspace)


def _show(card: Scorecard, workspace: Workspace) -> None:
    from rich.markup import escape

    from shroff.cli.console import results
    from shroff.cli.scorecard_table import show_slicing
    from shroff.domain.messages import say

    language = workspace.settings.workspace.language
    width = workspace.settings.publish.max_width
    console = results()
    console.print(f"[bold]{card.brief.period.label()}[/]   {escape(card.frame.text())}")
    grey = False
    for by in dict.fromkeys(block.dimensions for block in card.blocks):
        grey |= show_slicing(card, by, rule=workspace.reporter.rule(), language=language)
    if grey:
        console.print(f"[dim]{escape(say('terminal.grey', language, {'width': width}))}[/]")
    caveats = [
        caveat for figure in card if not figure.slice.terms for caveat in figure.estimate.caveats
    ]
    for text in dict.fromkeys(caveat.text(language) for caveat in (*card.caveats, *caveats)):
        console.print(f"[dim]{escape(text)}[/]")
    if card.audit is not None:
        console.print(escape(card.audit.why.text(language)))
        for stratum in card.audit.strata:
            console.print("  " + escape(stratum.text.text(language)))
        if (batch := workspace.labels.audit_file(card.audit)).exists():
            console.print(escape(str(batch)), style="bold")
