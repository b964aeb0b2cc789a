"""`shroff models labeller`."""

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
    from shroff.domain.messages import Language
    from shroff.models.labeller_result import Labeller

__all__ = ["command"]


@click.command()
@click.argument("judge")
@period_option
@click.option(
    "--golden",
    default="",
    metavar="NAME",
    help="Golden set that its errors are held against. [default: people's labels of the period]",
)
@click.option("--at", type=float, help="Score from which it acts, of a model that scores.")
@click.option(
    "--by",
    multiple=True,
    metavar="COLUMN",
    help="Slice the corrected figures by a column; may be given again.",
)
@click.option(
    "--metric", "metrics", multiple=True, metavar="ID", help="Only this metric; again for more."
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
    judge: str,
    period: str,
    golden: str,
    at: float | None,
    by: tuple[str, ...],
    metrics: tuple[str, ...],
    level: float,
    csv_file: str | None,
    folder: str,
    as_json: bool,
) -> None:
    """Tell what the labels of JUDGE, an LLM, are worth: its errors, figures corrected for them.

    Its labels are never counted as truth. Figures by people alone stand beside those that it helps
    (prediction-powered) and those corrected for its errors (Rogan-Gladen), with the labels saved.
    """
    from shroff.cli.console import print_json
    from shroff.cli.progress import step
    from shroff.cli.tables import write_csv
    from shroff.models.held_judges import JudgeNamed

    workspace = open_workspace(ctx.ensure_object(Session), folder)
    with step("holding answers against people's"):
        found = workspace.modeller.judging.labeller(
            JudgeNamed(judge, at),
            golden=golden,
            by=by,
            metrics=metrics,
            period=period,
            level=level,
        )
    if as_json:
        print_json(found.record())
    elif csv_file:
        write_csv(found.to_arrow(), csv_file)
    else:
        _show(found, workspace.settings.workspace.language)


def _show(found: Labeller, language: Language) -> None:
    from rich.markup import escape

    from shroff.cli.console import print_table, results
    from shroff.domain.messages import say
    from shroff.report.labeller_section import corrected_rows, error_rows, lead_of

    console = results()
    console.print(f"[bold]{found.period.label()}[/]   {escape(found.judge.label)}")
    console.print(escape(lead_of(found).text(language)))
    names = ("metric", "slice", "said", "plain", "rogan_gladen", "powered", "labels", "saved")
    columns = [say(f"labeller.column.{name}", language) for name in names]
    rows = [tuple(cell.text(language) for cell in row) for row in corrected_rows(found)]
    print_table(columns, rows, right=columns[2:])
    console.print(f"[dim]{escape(say('labeller.how', language))}[/]\n")
    rates = ("policy", "language", "sensitivity", "specificity", "no_answer")
    columns = [say(f"labeller.column.{name}", language) for name in rates]
    rows = [tuple(cell.text(language) for cell in row) for row in error_rows(found)]
    print_table(columns, rows, right=columns[2:])
    for text in (say("labeller.errors_how", language), *(n.text(language) for n in found.notes)):
        console.print(f"[dim]{escape(text)}[/]")
