"""Rules that are watched: what they hit, held against what was forecast."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa

from shroff.domain.messages import Message, Value
from shroff.domain.slices import Period
from shroff.rules.backtest_result import Backtest, RuleResult
from shroff.rules.forecast import RuleForecast
from shroff.rules.lifecycle import RuleState, Standing
from shroff.stats.estimate import Status
from shroff.store.engine import Engine
from shroff.store.sql import literal, literals

__all__ = ["Watched", "WatchedRules", "acted_on", "alarms", "hits_by_day"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """One rule in the league table.

    Parameters
    ----------
    result : RuleResult
        What its logged hits come to.
    standing : Standing
        Where it stands.
    forecast : RuleForecast or None
        What was forecast of it.
    alarms : tuple of Message
        What is not as forecast; empty where all is.
    trips : bool
        Whether its breaker would take it out.
    """

    result: RuleResult
    standing: Standing
    forecast: RuleForecast | None
    alarms: tuple[Message, ...]
    trips: bool

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {
            **self.result.record(),
            "state": str(self.standing.state),
            "since": self.standing.since or None,
            "share": self.standing.share,
            "forecast": None
            if self.forecast is None
            else {
                "hits_per_day": self.forecast.hits_per_day,
                "hits_low": self.forecast.hits_low,
                "hits_high": self.forecast.hits_high,
                "precision": self.forecast.precision,
                "precision_low": self.forecast.precision_low,
                "precision_high": self.forecast.precision_high,
            },
            "alarms": [each.record() for each in self.alarms],
            "trips": self.trips,
        }


@dataclass(frozen=True, slots=True)
class WatchedRules:
    """The league table.

    Parameters
    ----------
    logged : Backtest
        What the logged hits of the rules come to.
    rules : tuple of Watched
        The rules, those with alarms first, then by hits.
    """

    logged: Backtest
    rules: tuple[Watched, ...]

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        told = self.logged.record()
        kept = ("period", "packs", "ads", "level", "notes", "snapshot", "queries")
        return {
            **{name: told[name] for name in kept},
            "rules": [each.record() for each in self.rules],
        }


def hits_by_day(
    engine: Engine, rules: tuple[str, ...], period: Period
) -> dict[str, dict[date, int]]:
    """Count the logged hits of rules by day, in shadow or not; each ad once a day.

    Parameters
    ----------
    engine : Engine
        Where the logs are.
    rules : tuple of str
        Their ids.
    period : Period
        Days.

    Returns
    -------
    dict
        For each rule that hit anything, its hits by day.
    """
    if not rules:
        return {}
    found: dict[str, dict[date, int]] = {}
    for row in engine.query(
        "SELECT detector, day, COUNT(*) AS ads FROM"
        " (SELECT DISTINCT detector, CAST(hit_at AS DATE) AS day, ad_id, ad_version FROM hits"
        f" WHERE detector IN ({literals(rules)})) AS each_"
        f" WHERE day >= {literal(period.start)} AND day < {literal(period.end)}"
        " GROUP BY detector, day ORDER BY detector, day"
    ).to_pylist():
        found.setdefault(str(row["detector"]), {})[row["day"]] = int(row["ads"])
    return found


def alarms(
    result: RuleResult,
    standing: Standing,
    *,
    forecast: RuleForecast | None,
    by_day: Mapping[date, int],
    days: int,
) -> tuple[tuple[Message, ...], bool]:
    """Say what of a rule is not as forecast.

    Parameters
    ----------
    result : RuleResult
        What its logged hits come to.
    standing : Standing
        Where it stands.
    forecast : RuleForecast or None
        What was forecast.
    by_day : mapping
        Its hits of each day that has any.
    days : int
        Days watched.

    Returns
    -------
    tuple of Message, bool
        The alarms, and whether the breaker would take the rule out: on some day it hit more than
        its forecast allows, or its precision is surely below all that was forecast.
    """
    found: list[Message] = []
    if standing.state is RuleState.EXPIRED:
        found.append(Message("life.expired", {"rule": result.id}))
    if forecast is None:
        return tuple(found), False
    trips = False
    over = {day: ads for day, ads in by_day.items() if ads > forecast.hits_high}
    if over and standing.share is None:
        first = min(over)
        told: dict[str, Value] = {"rule": result.id, "day": str(first), "ads": over[first]}
        found.append(Message("life.hits_high", {**told, "high": forecast.hits_high}))
        trips = True
    if sum(by_day.values()) / days < forecast.hits_low and standing.state is RuleState.LIVE:
        mean = sum(by_day.values()) / days
        found.append(
            Message("life.hits_low", {"rule": result.id, "mean": mean, "low": forecast.hits_low})
        )
    high, low = result.precision.high, forecast.precision_low
    measured = result.precision.status in {Status.ESTIMATE, Status.PROXY}
    if measured and high is not None and low is not None and high < low:
        found.append(Message("life.precision", {"rule": result.id, "high": high, "low": low}))
        trips = True
    return tuple(found), trips


def acted_on(engine: Engine, rule_id: str, *, since: str = "") -> pa.Table:
    """List the ads that a rule decided, to be looked at again.

    Parameters
    ----------
    engine : Engine
        Where the logs are.
    rule_id : str
        The rule.
    since : str
        Instant from which, ISO 8601; all when empty.

    Returns
    -------
    Table
        Ad, version, market, action and time, oldest first.
    """
    when = f" AND decided_at >= CAST({literal(since)} AS TIMESTAMPTZ)" if since else ""
    found: Any = engine.query(
        "SELECT ad_id, ad_version, market, action, decided_at FROM decisions"
        f" WHERE detector = {literal(rule_id)} AND action <> 'approve'"
        f" AND NOT COALESCE(shadow, FALSE){when} ORDER BY decided_at, ad_id, decision_id"
    )
    table: pa.Table = found
    return table
