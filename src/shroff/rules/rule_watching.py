"""The league table of rules: logs, catalog and packs put together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from shroff.measure.brief import Brief
from shroff.rules.backtest import Proposal, logged
from shroff.rules.forecast import RuleForecast, rule_forecasts
from shroff.rules.lifecycle import standing_of
from shroff.rules.rule import Pack, Rule
from shroff.rules.rule_watch import Watched, WatchedRules, alarms, hits_by_day
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

    Returns
    -------
    WatchedRules
        Rules with alarms first, then those with most hits.
    """
    found = logged(engine, brief, Proposal(packs=tuple(packs)), lake=lake)
    rules: dict[str, Rule] = {rule.id: rule for pack in packs for rule in pack.rules}
    by_day = hits_by_day(engine, tuple(rules), brief.period)
    events, forecasts = book.events(), latest_forecasts(book)
    table: list[Watched] = []
    for result in found.rules:
        standing = standing_of(rules[result.id], events, today=today)
        forecast = forecasts.get(result.id)
        told, trips = alarms(
            result,
            standing,
            forecast=forecast,
            by_day=by_day.get(result.id, {}),
            days=found.days,
        )
        table.append(
            Watched(result=result, standing=standing, forecast=forecast, alarms=told, trips=trips)
        )
    table.sort(key=lambda each: (not each.alarms, -each.result.counts.hits, each.result.id))
    return WatchedRules(found, tuple(table))
