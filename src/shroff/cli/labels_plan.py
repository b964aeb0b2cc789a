"""`shroff labels plan`."""

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
    from shroff.measure.label_plan import LabelPlan, PlannedStratum

__all__ = ["command"]


@click.command()
@click.option(
    "--goal",
    "goals",
    multiple=True,
    required=True,
    metavar="METRIC[@COLUMN=VALUE]:HOW",
    help="What to know better: half, third or quarter of today's interval, or a width. Repeatable.",
)
@click.option("--by", multiple=True, metavar="COLUMN", help="Draw by this column too. Repeatable.")
@click.option(
    "--cost",
    "costs",
    multiple=True,
    metavar="[WHICH:]AMOUNT",
    help="What a label costs: 0.5, reject:1.2 or market=ID:2. Repeatable. [default: 1]",
)
@click.option("--budget", type=float, metavar="AMOUNT", help="Most that new labels may cost.")
@click.option(
    "--floor", type=int, default=30, show_default=True, help="Labels of a stratum at least."
)
@period_option
@level_option
@click.option(
    "--csv", "csv_file", metavar="FILE", help="Write the strata to a CSV file; -: stdout."
)
@engine_option
@workspace_option
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    *,
    goals: tuple[str, ...],
    by: tuple[str, ...],
    costs: tuple[str, ...],
    budget: float | None,
    floor: int,
    period: str,
    level: float,
    csv_file: str | None,
    folder: str,
    as_json: bool,
) -> None:
    """Plan the cheapest labels that make figures as certain as you want.

    \b
    shroff labels plan --goal leakage@market=ID:half
    shroff labels plan --goal leakage:half --goal reject_precision:0.05 --budget 800
    """  # noqa: D301 - click keeps the lines after \b
    from shroff.cli.console import print_json
    from shroff.cli.progress import step
    from shroff.cli.tables import write_csv

    workspace = open_workspace(ctx.ensure_object(Session), folder)
    with step("planning"):
        plan = workspace.labels.plan(
            goals, by=by, costs=costs, budget=budget, floor=floor, period=period, level=level
        )
    if as_json:
        print_json(plan.record())
    elif csv_file:
        write_csv(plan.to_arrow(), csv_file)
    else:
        _show(plan, workspace.settings.workspace.language)


def _show(plan: LabelPlan, language: Language) -> None:
    from shroff.cli.console import print_table
    from shroff.domain.messages import count, number, percent, say

    click.echo(plan.text().text(language))
    for goal in plan.goals:
        click.echo("  " + goal.text().text(language))
    titles = tuple(
        say(f"labels.column.{name}", language)
        for name in ("stratum", "ads", "drawn", "ask", "chance", "cost")
    )
    rows = [
        (
            " · ".join(_named(plan, stratum, language)),
            count(stratum.ads),
            count(stratum.drawn),
            count(stratum.ask),
            percent(stratum.chance),
            number(stratum.ask * stratum.cost),
        )
        for stratum in plan.strata
        if stratum.ask
    ]
    if rows:
        click.echo()
        print_table(titles, rows, right=titles[1:])
        click.echo()
    for note in plan.notes:
        click.echo(note.text(language))
    click.echo(say("labels.then", language, {"plan": plan.id}))


def _named(plan: LabelPlan, stratum: PlannedStratum, language: Language) -> list[str]:
    """Name a stratum by the values of its keys; the old design's own comes last."""
    from shroff.domain.messages import say
    from shroff.measure.label_plan_strata import OTHER

    told = [say(f"action.{stratum.values[0]}", language)]
    for key, value in zip(plan.keys[1:], stratum.values[1:], strict=True):
        others = f"{key.name} {say('labels.others', language)}"
        told += [others if value == OTHER else value] * bool(value)
    return told
