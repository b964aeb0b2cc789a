"""The league table of rules: logs, catalog and packs put together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from shroff.domain.messages import Message
from shroff.measure.brief import Brief
from shroff.rules.backtest import Proposal, logged
from shroff.rules.backtest_result import RuleResult
from shroff.rules.forecast import RuleForecast, rule_forecasts
from shroff.rules.lifecycle import Standing, standing_of
from shroff.rules.rule import Pack, Rule
from shroff.rules.rule_watch import (
    STOP,
    Chances,
    DayHits,
    Watched,
    WatchedRules,
    hits_by_day,
    judged,
)
from shroff.store.catalog_rules import RuleBook
from shroff.store.engine import Engine

__all__ = ["latest_forecasts", "watched_rules"]


def latest_forecasts(book: RuleBook) -> dict[str, RuleForecast]:
    """Give the newest forecast that was kept of each rule."""
    found: dict[str, RuleForecast] = {}
    for kept in book.forecasts():
        found |= rule_forecasts(kept)
    return found


def watched_rules(
    engine: Engine,
    brief: Brief,
    packs: Sequence[Pack],
    *,
    book: RuleBook,
    lake: Path,
    today: date,
    stop: float = STOP,
    among: int = 0,
) -> WatchedRules:
    """Hold what rules hit against what was forecast.

    Parameters
    ----------
    engine : Engine
        Where the logs are.
    brief : Brief
        Period, designs, level.
    packs : sequence of Pack
        The rules.
    book : RuleBook
        Forecasts and states.
    lake : Path
        Folder of the lake.
    today : date
        Today.
    stop : float
        Chance that the breaker of any rule trips though all do as forecast, in (0, 1).
    among : int
        Rules that share this chance; those that have a forecast when 0.

    Returns
    -------
    WatchedRules
        Rules with alarms first, then those with most hits.
    """
    found = logged(engine, brief, Proposal(packs=tuple(packs)), lake=lake)
    rules: dict[str, Rule] = {rule.id: rule for pack in packs for rule in pack.rules}
    by_day = hits_by_day(engine, tuple(rules), brief.period)
    events, forecasts = book.events(), latest_forecasts(book)
    chances = Chances.of(among or len(forecasts.keys() & rules.keys()), stop=stop)
    table: list[Watched] = []
    for result in found.rules:
        standing = standing_of(rules[result.id], events, today=today)
        forecast, hits = forecasts.get(result.id), by_day.get(result.id, {})
        told = judged(
            result, standing, forecast=forecast, by_day=hits, period=brief.period, chances=chances
        )
        table.append(_seen(result, standing, forecast=forecast, by_day=hits, told=told))
    table.sort(key=lambda each: (not each.alarms, -each.result.counts.hits, each.result.id))
    return WatchedRules(found, tuple(table))


def _seen(
    result: RuleResult,
    standing: Standing,
    *,
    forecast: RuleForecast | None,
    by_day: Mapping[date, DayHits],
    told: tuple[tuple[Message, ...], bool],
) -> Watched:
    return Watched(
        result=result,
        standing=standing,
        forecast=forecast,
        alarms=told[0],
        trips=told[1],
        acting=sum(each.acting for each in by_day.values()),
    )
