"""`shroff rules status`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from shroff.cli.endings import FINDING, Session
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
    from shroff.rules.rule_watch import Watched, WatchedRules

__all__ = ["command"]

_LIFE = ("state", "since", "per_day", "forecast")


@click.command()
@click.argument("packs", nargs=-1)
@period_option
@level_option
@engine_option
@workspace_option
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    *,
    packs: tuple[str, ...],
    period: str,
    level: float,
    folder: str,
    as_json: bool,
) -> None:
    """Show the league table of rules: what they hit, held against what was forecast.

    PACKS are those of the workspace's packs folder by default. Rules are found in the logs by
    their ids. Ends with 1 where the breaker of a rule would take it out.

    \b
    shroff rules status --period last-week
    """  # noqa: D301 - click keeps the lines after \b
    from shroff.cli.console import print_json
    from shroff.cli.progress import step
    from shroff.rules.pack_paths import read_packs

    workspace = open_workspace(ctx.ensure_object(Session), folder)
    with step("watching rules"):
        found = workspace.rules.status(read_packs(packs), period=period, level=level)
    if as_json:
        print_json(found.record())
    else:
        _show(found, workspace.settings.workspace.language)
    if any(each.trips for each in found.rules):
        ctx.exit(FINDING)


def _show(found: WatchedRules, language: Language) -> None:
    from shroff.cli.console import print_table, results
    from shroff.domain.messages import say

    titles = (
        say("backtest.column.rule", language),
        *(say(f"life.column.{name}", language) for name in _LIFE),
        *(say(f"backtest.column.{name}", language) for name in ("new", "labels", "precision")),
    )
    rows = [_row(each, found.logged.days, language) for each in found.rules]
    print_table(titles, rows, right=titles[3:])
    for each in found.rules:
        for alarm in each.alarms:
            results().print(alarm.text(language), style="red", markup=False)
    for note in dict.fromkeys(note.text(language) for note in found.logged.notes):
        results().print(note, style="dim", markup=False)


def _row(each: Watched, days: int, language: Language) -> tuple[str, ...]:
    from shroff.cli.rules_backtest import share_text
    from shroff.domain.messages import count, number, say

    result, standing, forecast = each.result, each.standing, each.forecast
    name = "unnoted" if each.unnoted else str(standing.state)
    state = say(f"league.state.{name}", language)
    if standing.share is not None:
        state += f" {standing.share:g}"
    expected = f"{number(forecast.hits_low)}–{number(forecast.hits_high)}" if forecast else "–"
    return (
        result.id,
        state,
        standing.since[:10] or "–",
        number(result.counts.hits / days),
        expected,
        count(result.counts.new),
        count(result.labelled.n),
        share_text(result.precision, language),
    )
