"""`shroff fewer-labels`."""

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
    from collections.abc import Sequence

    from shroff.domain.messages import Language
    from shroff.measure.powered import FewerLabels
    from shroff.report.wording import Sayable

__all__ = ["command"]


@click.command()
@period_option
@click.option(
    "--by",
    multiple=True,
    metavar="COLUMN",
    help="Slice by a column, or by several with commas; may be given again.",
)
@click.option(
    "--metric",
    "metrics",
    multiple=True,
    metavar="ID",
    help="Only this metric; may be given again.",
)
@click.option(
    "--model",
    default="",
    show_default="the one with most scores",
    metavar="NAME",
    help="Model whose scores are used.",
)
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
    period: str,
    by: Sequence[str],
    metrics: Sequence[str],
    model: str,
    level: float,
    csv_file: str | None,
    folder: str,
    as_json: bool,
) -> None:
    """Estimate from labels on few ads and scores on all, and tell how many labels that saves.

    The figures are valid whatever the scores are worth. What scores alone expect is shown apart,
    under a status of its own.
    """
    from shroff.cli.console import print_json
    from shroff.cli.progress import step
    from shroff.cli.tables import write_csv

    workspace = open_workspace(ctx.ensure_object(Session), folder)
    with step("holding scores against labels"):
        found = workspace.analyses.fewer_labels(
            by=by, metrics=metrics, model=model, period=period, level=level
        )
    if as_json:
        print_json(found.record())
    elif csv_file:
        write_csv(found.to_arrow(), csv_file)
    else:
        _show(found, workspace.settings.workspace.language)


def _show(found: FewerLabels, language: Language) -> None:
    from rich.markup import escape

    from shroff.cli.console import results
    from shroff.domain.messages import say
    from shroff.report.fewer_labels_section import lead_of, modelled_rows, powered_rows

    console = results()
    console.print(f"[bold]{found.brief.period.label()}[/]")
    console.print(escape(lead_of(found).text(language)))
    names = ("metric", "slice", "plain", "scored", "labels", "worth", "saved")
    _table(names, powered_rows(found), language)
    console.print(f"[dim]{escape(say('fewer.how', language))}[/]\n")
    _table(("metric", "slice", "modelled"), modelled_rows(found), language)
    console.print(f"[dim]{escape(say('fewer.modelled_how', language))}[/]")
    for note in found.notes:
        console.print(f"[dim]{escape(note.text(language))}[/]")


def _table(names: Sequence[str], rows: Sequence[Sequence[Sayable]], language: Language) -> None:
    from shroff.cli.console import print_table
    from shroff.domain.messages import say

    titles = [say(f"fewer.column.{name}", language) for name in names]
    said = [tuple(cell.text(language) for cell in row) for row in rows]
    if said:
        print_table(titles, said, right=titles[2:])
