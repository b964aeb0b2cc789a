"""`shroff advise guarantee`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from shroff.cli.endings import Session
from shroff.cli.options import (
    engine_option,
    json_option,
    open_workspace,
    period_option,
    workspace_option,
)

if TYPE_CHECKING:
    from shroff.advise.guarantee_result import Guarantee, GuaranteedLine, Outlook
    from shroff.domain.messages import Language

__all__ = ["command"]

_COLUMNS = (
    "cell",
    "scored",
    "labels",
    "now",
    "line",
    "ads",
    "precision",
    "empirical",
    "more",
    "from",
)


@click.command()
@click.option("--model", default="", metavar="NAME", help="The score of this model.")
@click.option("--version", default="", metavar="VERSION", help="The score of this version.")
@click.option(
    "--policy", default="", metavar="ID", help="The score for this policy; - for that over all."
)
@click.option(
    "--by", default="", metavar="COLUMNS", help="A line for each, e.g. market or market,language."
)
@click.option(
    "--floor",
    type=float,
    show_default="the goal of reject_precision, else today's",
    help="Least precision of rejects.",
)
@click.option(
    "--delta",
    type=float,
    default=0.05,
    show_default=True,
    help="Risk that precision is under the floor in any cell.",
)
@click.option(
    "--lowest", type=float, default=0.5, show_default=True, help="Lowest line looked at."
)
@period_option
@click.option(
    "--write",
    "proposal_file",
    metavar="FILE",
    help="Write the lines as a proposal (YAML or JSON).",
)
@click.option(
    "--csv", "csv_file", metavar="FILE", help="Write the cells to a CSV file; -: stdout."
)
@engine_option
@workspace_option
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    *,
    model: str,
    version: str,
    policy: str,
    by: str,
    floor: float | None,
    delta: float,
    lowest: float,
    period: str,
    proposal_file: str | None,
    csv_file: str | None,
    folder: str,
    as_json: bool,
) -> None:
    """Find reject lines whose precision is sure to stay above a floor, in all cells together.

    \b
    shroff advise guarantee --floor 0.9 --delta 0.05
    shroff advise guarantee --by market --write guarantee.yaml
    """  # noqa: D301 - click keeps the lines after \b
    from pathlib import Path

    from shroff.advise.guarantee import GuaranteeAsked
    from shroff.advise.proposal_file import write_proposal
    from shroff.cli.console import print_json
    from shroff.cli.progress import step
    from shroff.cli.tables import write_csv
    from shroff.measure.score_queries import Chosen

    workspace = open_workspace(ctx.ensure_object(Session), folder)
    chosen, cells = Chosen(model=model, version=version, policy=policy), _columns(by)
    asked = GuaranteeAsked(chosen=chosen, by=cells, floor=floor, delta=delta, lowest=lowest)
    with step("testing lines"):
        found = workspace.adviser.guarantee(asked, period=period)
    if proposal_file:
        write_proposal(found.proposal(), Path(proposal_file))
    if as_json:
        print_json(found.record())
    elif csv_file:
        write_csv(found.to_arrow(), csv_file)
    else:
        _show(found, workspace.settings.workspace.language, proposal_file)


def _columns(by: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in by.split(",") if name.strip())


def _show(found: Guarantee, language: Language, proposal_file: str | None) -> None:
    from rich.markup import escape

    from shroff.cli.console import print_table, results
    from shroff.domain.messages import Message, say

    console = results()
    console.print(f"[bold]{found.period.label()}[/]   {escape(found.score.text())}")
    console.print(escape(found.text().text(language)))
    why = say(f"guarantee.floor_from_{found.floor_from}", language)
    console.print(
        escape(say("guarantee.floor", language, {"floor": found.floor, "why": why})) + "\n"
    )
    titles = [say(f"guarantee.column.{name}", language) for name in _COLUMNS]
    print_table(titles, [_row(line, language) for line in found], right=titles[1:])
    console.print()
    if len(found) == 1:
        line = found.lines[0]
        for told in (line.text(), line.needs()):
            if told is not None:
                console.print(escape(told.text(language)))
    scale = {"floor": found.floor, "delta": found.delta}
    for note in (Message("guarantee.table_note", scale), *found.notes):
        console.print(f"[dim]{escape(note.text(language))}[/]")
    if proposal_file:
        console.print(escape(say("guarantee.then", language, {"file": proposal_file})))


def _row(line: GuaranteedLine, language: Language) -> tuple[str, ...]:
    from shroff.domain.messages import count, say
    from shroff.stats.score_cells import BINS

    sure, need = line.sure, line.need
    return (
        line.where or say("guarantee.everything", language),
        count(line.scored),
        count(line.labels),
        count(line.rejected),
        f"{sure.score:.3f}" if sure else say("guarantee.none", language),
        count(sure.ads) if sure else "–",
        _precision(sure),
        f"{line.empirical.score:.3f}" if line.empirical else "–",
        count(need.ask) if need else "–",
        f"{need.at / BINS:.3f}" if need else "–",
    )


def _precision(outlook: Outlook | None) -> str:
    from shroff.domain.messages import percent

    if outlook is None or outlook.precision is None or outlook.low is None:
        return "–"
    return f"{percent(outlook.precision)} (≥{percent(outlook.low)})"
