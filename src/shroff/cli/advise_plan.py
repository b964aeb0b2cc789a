"""`shroff advise plan`."""

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
    from shroff.advise.advice_plan import Plan
    from shroff.advise.recommendation import Placed
    from shroff.domain.messages import Language, Message

__all__ = ["command"]

_COLUMNS = ("id", "do", "adds", "sure", "shared", "hours", "risk", "owner", "due", "state")
_SHOWN = 7


@click.command()
@click.option(
    "--from",
    "sources",
    multiple=True,
    metavar="SOURCE",
    help="Ask only: thresholds, guarantee, growth, models, cascade, mine, rules, lint, campaigns,"
    " terms, incidents, drift, guidelines, staffing, labels. Repeatable.",
)
@click.option(
    "--most", type=click.IntRange(1), default=20, show_default=True, help="Show at most."
)
@period_option
@click.option(
    "--csv", "csv_file", metavar="FILE", help="Write every step to a CSV file; -: stdout."
)
@engine_option
@workspace_option
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    *,
    sources: tuple[str, ...],
    most: int,
    period: str,
    csv_file: str | None,
    folder: str,
    as_json: bool,
) -> None:
    """Rank everything that could be done by what it adds.

    Recommendations from all over the product, tried on the same labelled ads: what two of them catch
    is counted once. Decide with shroff advise accept, reject and done.
    """
    from shroff.cli.console import print_json
    from shroff.cli.progress import step
    from shroff.cli.tables import write_csv

    workspace = open_workspace(ctx.ensure_object(Session), folder)
    with step("collecting advice"):
        plan = workspace.adviser.plan(sources, period=period)
    if as_json:
        print_json(plan.record())
    elif csv_file:
        write_csv(plan.to_arrow(), csv_file)
    else:
        _show(plan, workspace.settings.workspace.language, most=most)


def _show(plan: Plan, language: Language, *, most: int) -> None:
    from rich.markup import escape

    from shroff.cli.console import print_table, results
    from shroff.domain.messages import say

    click.echo(plan.lead().text(language))
    shown = plan.open[:most]
    if shown:
        titles = [say(f"advice.column.{name}", language) for name in _COLUMNS]
        click.echo()
        print_table(titles, [_row(each, language) for each in shown], right=titles[2:6])
        click.echo()
    for each in shown:
        results().print(f"[dim]{escape(_why(each).text(language))}[/]")
    for note in plan.remarks():
        click.echo(note.text(language))


def _row(each: Placed, language: Language) -> tuple[str, ...]:
    from shroff.advise.advice_plan import sure_text, worth_text
    from shroff.domain.messages import number, percent, say

    known = each.adds.known
    return (
        each.what.id[:_SHOWN],
        each.what.text().text(language),
        worth_text(each.adds) if known else say("advice.not_valued", language),
        sure_text(each.adds.sure) if known else "–",
        percent(each.shared) if known else "–",
        number(each.what.hours),
        say(f"advice.risk.{each.what.risk}", language),
        each.owner,
        str(each.due),
        say(f"advice.state.{each.state}", language),
    )


def _why(each: Placed) -> Message:
    from shroff.domain.messages import Message

    told = {"id": each.what.id[:_SHOWN], "check": str(each.check), "evidence": each.what.evidence}
    seen = each.what.foreseen
    if seen is None:
        return Message("advice.why", told)
    return Message("advice.foreseen", {**told, "metric": seen.metric, "change": seen.change.text})
