"""`shroff advise thresholds`."""

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
    from shroff.advise.line_limits import LinesAsked
    from shroff.advise.threshold_plan import CellLines, Strategy, ThresholdPlan
    from shroff.domain.messages import Language

__all__ = ["command"]

_FIGURES = ("less", "reject_precision", "kept", "leakage", "review_hours", "reject_ads")
_CELLS = ("cell", "ads", "labels", "review", "reject", "moved")
_MOST_CELLS = 15


@click.command()
@click.option(
    "--by",
    multiple=True,
    metavar="COLUMN[,COLUMN]",
    show_default="policy,market,language",
    help="Columns that cells are made of; policy is that of the highest own score. Repeatable.",
)
@click.option(
    "--model", default="", metavar="MODEL[/VERSION]", help="Whose score; the one that decides."
)
@click.option(
    "--policy", default="", metavar="POLICY", help="Policy of the score; - for one over all."
)
@click.option(
    "--by-cost", is_flag=True, help="Make the cost small ([costs] of the settings), not exposure."
)
@click.option("--hours", type=float, show_default="today's", help="Most hours of review a day.")
@click.option(
    "--queue-hours", multiple=True, metavar="QUEUE=HOURS", help="Most a day in one queue."
)
@click.option("--keep-queues", is_flag=True, help="No queue gets more hours than today.")
@click.option(
    "--precision", type=float, show_default="today's", help="Least reject precision, in (0, 1)."
)
@click.option("--each-cell", is_flag=True, help="Every cell keeps it, not all together.")
@click.option("--leakage", type=float, help="Largest leakage, in (0, 1).")
@click.option("--rejects", type=float, default=0.0, help="Least rejects a day.")
@click.option("--reviews", type=float, default=0.0, help="Least reviewed ads a day.")
@click.option("--changes", type=int, help="Most lines that change.")
@click.option(
    "--sure",
    type=float,
    default=0.9,
    show_default=True,
    help="Chance with which the careful lines keep precision and leakage.",
)
@click.option("--careful", is_flag=True, help="Write the careful lines, not the best.")
@click.option("--out", metavar="FILE", help="Write the lines that change as a proposal.")
@period_option
@level_option
@click.option(
    "--csv", "csv_file", metavar="FILE", help="Write every cell to a CSV file; -: stdout."
)
@engine_option
@workspace_option
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    /,
    *,
    careful: bool,
    out: str | None,
    period: str,
    level: float,
    csv_file: str | None,
    folder: str,
    as_json: bool,
    **asked: object,
) -> None:
    """Find the best lines to review and to reject from, in every cell.

    Without options: fewest violating impressions within today's review hours and today's reject
    precision. What each limit costs is told; limits that cannot all be kept, with what would help.

    \b
    shroff advise thresholds --out lines.yaml
    shroff advise thresholds --hours 40 --precision 0.95 --changes 20
    shroff advise thresholds --by-cost --by market --csv lines.csv
    """  # noqa: D301 - click keeps the lines after \b
    from shroff.cli.console import print_json
    from shroff.cli.progress import step
    from shroff.cli.tables import write_csv

    workspace = open_workspace(ctx.ensure_object(Session), folder)
    question = _asked(**asked)
    with step("finding lines"):
        plan = workspace.adviser.thresholds(question, period=period, level=level)
    if out and plan.plan is not None:
        _write(plan, out, careful=careful)
    if as_json:
        print_json(plan.record())
    elif csv_file:
        write_csv(plan.to_arrow(), csv_file)
    else:
        _show(plan, workspace.settings.workspace.language, careful=careful)
        if out and plan.plan is not None:
            _tell_file(plan, out, workspace.settings.workspace.language, careful=careful)


def _asked(**asked: object) -> LinesAsked:
    """Read the options of limits."""
    from typing import Any

    from shroff.advise.line_limits import LinesAsked
    from shroff.measure.score_queries import Chosen

    told: dict[str, Any] = dict(asked)
    model, _, version = told.pop("model").partition("/")
    policy = told.pop("policy")
    queues = tuple(_queue(text) for text in told.pop("queue_hours"))
    columns = tuple(name.strip() for names in told.pop("by") for name in names.split(","))
    chosen = Chosen(model=model, version=version, policy=policy) if model or policy else None
    by = tuple(name for name in columns if name)
    return LinesAsked(by=by, chosen=chosen, queues=queues, **told)


def _queue(text: str) -> tuple[str, float]:
    from shroff.errors import ConfigError

    name, _, hours = text.rpartition("=")
    try:
        told = float(hours)
    except ValueError:
        told = -1.0
    if not name or told < 0:
        raise ConfigError(
            f"{text!r} names no queue and hours", where="--queue-hours", hint="e.g. en_west=12"
        )
    return name, told


def _write(plan: ThresholdPlan, out: str, *, careful: bool) -> None:
    from pathlib import Path

    from shroff.advise.proposal_file import write_proposal

    write_proposal(plan.proposal(careful=careful), Path(out))


def _tell_file(plan: ThresholdPlan, out: str, language: Language, *, careful: bool) -> None:
    from shroff.domain.messages import say

    told = {"file": out, "id": plan.proposal(careful=careful).id}
    click.echo(say("lines.written", language, told))


def _show(plan: ThresholdPlan, language: Language, *, careful: bool) -> None:
    from shroff.cli.console import print_table, results
    from shroff.domain.messages import say

    click.echo(plan.summary().text(language))
    if plan.plan is None:
        _bullets(plan, language)
    click.echo()
    names = ("strategy", plan.aim, *_FIGURES)
    titles = [say(f"lines.column.{name}", language) for name in names]
    rows = [_strategy(plan, each, language) for each in plan.strategies()]
    print_table(titles, rows, right=titles[1:])
    if plan.plan is not None:
        _bullets(plan, language)
        shown = plan.careful if careful and plan.careful is not None else plan.plan
        moved = [each for each in shown.lines if each.changed]
        titles = [say(f"lines.column.{name}", language) for name in _CELLS]
        click.echo()
        print_table(
            titles, [_cell(each, language) for each in moved[:_MOST_CELLS]], right=titles[1:]
        )
        if len(moved) > _MOST_CELLS:
            click.echo(say("lines.more_cells", language, {"more": len(moved) - _MOST_CELLS}))
    click.echo()
    for note in plan.notes:
        results().print(note.text(language), style="dim", markup=False)


def _bullets(plan: ThresholdPlan, language: Language) -> None:
    from shroff.cli.console import results

    click.echo()
    for sentence in plan.told():
        results().print("- " + sentence.text(language), markup=False)


def _strategy(plan: ThresholdPlan, each: Strategy, language: Language) -> tuple[str, ...]:
    from shroff.advise.threshold_words import figure_words
    from shroff.domain.messages import say

    told = figure_words(plan, each)
    return (
        say(f"lines.strategy.{each.name}", language),
        *(told[name] for name in (plan.aim, *_FIGURES)),
    )


def _cell(each: CellLines, language: Language) -> tuple[str, ...]:
    from shroff.advise.threshold_words import cell_words
    from shroff.domain.messages import count, say

    review, reject = (
        f"{before} → {after}" if before != after else before
        for before, after in cell_words(each, never=say("lines.never", language))
    )
    where = " · ".join(value or "–" for value in each.where.values()) or "–"
    return (where, count(each.ads), count(each.labels), review, reject, count(each.moved))
