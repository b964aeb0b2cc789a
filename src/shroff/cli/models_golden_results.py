"""`shroff models golden results`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from shroff.cli.endings import Session
from shroff.cli.options import (
    engine_option,
    json_option,
    level_option,
    open_workspace,
    workspace_option,
)

if TYPE_CHECKING:
    from shroff.domain.messages import Language
    from shroff.models.golden_results import GoldenResults

__all__ = ["command"]


@click.command()
@click.argument("judge")
@click.option("--golden", default="", metavar="NAME", help="The set. [default: the newest]")
@click.option("--at", type=float, help="Score from which it acts. [default: as registered]")
@click.option("--against", default="", metavar="JUDGE", help="Another version to compare with.")
@click.option("--against-at", type=float, help="Score from which that one acts. [default: --at]")
@click.option(
    "--policy", "policies", multiple=True, metavar="ID", help="Only these policies, and below."
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
    golden: str,
    at: float | None,
    against: str,
    against_at: float | None,
    policies: tuple[str, ...],
    level: float,
    csv_file: str | None,
    folder: str,
    as_json: bool,
) -> None:
    """Tell how good JUDGE is on a golden set, by policy and language.

    JUDGE is NAME@VERSION of an LLM (log of judgements), a model (scores) or a rule (hits), or a
    name or version that only one has. Who gives no answer (refuses, is cut short, cannot be read)
    has not called an ad compliant: that is counted on its own.

    \b
    shroff models golden results ads_risk@v2 --at 0.5 --against ads_risk@v1
    """  # noqa: D301 - click keeps the lines after \b
    from shroff.cli.console import print_json
    from shroff.cli.progress import step
    from shroff.cli.tables import write_csv
    from shroff.models.held_judges import JudgeNamed

    workspace = open_workspace(ctx.ensure_object(Session), folder)
    other = JudgeNamed(against, at if against_at is None else against_at) if against else None
    with step("holding answers against people's"):
        found = workspace.modeller.judging.results(
            JudgeNamed(judge, at), golden=golden, against=other, policies=policies, level=level
        )
    if as_json:
        print_json(found.record())
    elif csv_file:
        write_csv(found.to_arrow(), csv_file)
    else:
        _show(found, workspace.settings.workspace.language)


def _show(found: GoldenResults, language: Language) -> None:
    from rich.markup import escape

    from shroff.cli.console import print_table, results
    from shroff.domain.messages import say
    from shroff.report.golden_section import (
        difference_rows,
        lead_of,
        result_rows,
        said_of_others,
        unanswered_of,
    )

    console = results()
    console.print(f"[bold]{escape(found.golden)}[/]")
    console.print(escape(lead_of(found).text(language)))
    names = ("slice", "labels", "recall", "precision", "fpr", "no_answer")
    for dimensions in ((), ("policy",), ("language",)):
        rows = [tuple(c.text(language) for c in row) for row in result_rows(found, dimensions)]
        columns = [say(f"golden.column.{name}", language) for name in names]
        if rows:
            print_table(columns, rows, right=columns[1:])
    if found.paired:
        console.print(escape(said_of_others(found).text(language)))
        columns = [say(f"golden.column.{name}", language) for name in names]
        rows = [tuple(c.text(language) for c in row) for row in difference_rows(found)]
        print_table(columns, rows, right=columns[1:])
    notes = [unanswered_of(found)] if found.unanswered else []
    for note in (*notes, *found.notes):
        console.print(f"[dim]{escape(note.text(language))}[/]")
    console.print(f"[dim]{escape(say('golden.how', language))}[/]")
