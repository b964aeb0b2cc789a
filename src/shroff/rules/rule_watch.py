"""Rules that are watched: what they hit, held against what was forecast."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pyarrow as pa

from shroff.domain.messages import Message, Value
from shroff.domain.slices import Period
from shroff.rules.backtest_result import Backtest, RuleResult, estimate_record
from shroff.rules.forecast import RuleForecast
from shroff.rules.lifecycle import RuleState, Standing
from shroff.rules.review_work import ReviewWork
from shroff.rules.rule_breaker import days_of, few_hits, low_precision, surge
from shroff.stats.estimate import Estimate
from shroff.store.engine import Engine
from shroff.store.sql import literal, literals

__all__ = [
    "LOOK",
    "STOP",
    "Chances",
    "DayHits",
    "Watched",
    "WatchedRules",
    "acted_on",
    "hits_by_day",
    "judged",
]

LOOK, STOP = 0.05, 0.01
"""Chances that any of all rules is named, or taken out, though all do as forecast."""


@dataclass(frozen=True, slots=True)
class DayHits:
    """Hits of one day.

    Parameters
    ----------
    ads : int
        Ads hit, in shadow or not.
    acting : int
        Those that were hit not in shadow.
    """

    ads: int
    acting: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Chances:
    """How seldom a rule that does as forecast may be named.

    Parameters
    ----------
    look : float
        Chance that its alarm is raised on any day, in (0, 1).
    stop : float
        Chance that its breaker takes it out on any day.
    """

    look: float
    stop: float

    @classmethod
    def of(cls, rules: int, *, stop: float = STOP) -> Chances:
        """Share the chances among rules, and between hits and precision."""
        parts = 2 * max(rules, 1)
        return cls(look=max(LOOK, stop) / parts, stop=stop / parts)


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
    acting : int
        Hits of the logs that were not in shadow.
    """

    result: RuleResult
    standing: Standing
    forecast: RuleForecast | None
    alarms: tuple[Message, ...]
    trips: bool
    acting: int = 0

    @property
    def unnoted(self) -> bool:
        """Whether it acts by the logs though nobody noted that it does."""
        return bool(self.acting) and self.standing.state in {RuleState.DRAFT, RuleState.SHADOW}

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
            "acting": self.acting,
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

    def review_hours(self, result: RuleResult) -> Estimate:
        """Give the hours a day that people spent on what a rule hits."""
        reviews = result.counts.actions.get("review", 0) / self.logged.days
        work = ReviewWork(self.logged.minutes, self.logged.wait_hours)
        return work.hours(reviews)

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        told = self.logged.record()
        kept = ("period", "packs", "ads", "level", "notes", "snapshot", "queries")
        return {
            **{name: told[name] for name in kept},
            "rules": [
                {
                    **each.record(),
                    "review_hours_per_day": estimate_record(self.review_hours(each.result)),
                }
                for each in self.rules
            ],
        }


def hits_by_day(
    engine: Engine, rules: tuple[str, ...], period: Period
) -> dict[str, dict[date, DayHits]]:
    """Count the logged hits of rules by day; each ad once a day.

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
    found: dict[str, dict[date, DayHits]] = {}
    for row in engine.query(
        "SELECT detector, day, COUNT(*) AS ads, SUM(acting) AS acting FROM"
        " (SELECT detector, CAST(hit_at AS DATE) AS day, ad_id, ad_version,"
        " MAX(CASE WHEN COALESCE(shadow, FALSE) THEN 0 ELSE 1 END) AS acting FROM hits"
        f" WHERE detector IN ({literals(rules)})"
        " GROUP BY detector, CAST(hit_at AS DATE), ad_id, ad_version) AS each_"
        f" WHERE day >= {literal(period.start)} AND day < {literal(period.end)}"
        " GROUP BY detector, day ORDER BY detector, day"
    ).to_pylist():
        hits = DayHits(int(row["ads"]), int(row["acting"]))
        found.setdefault(str(row["detector"]), {})[row["day"]] = hits
    return found


def judged(
    result: RuleResult,
    standing: Standing,
    *,
    forecast: RuleForecast | None,
    by_day: Mapping[date, DayHits],
    period: Period,
    chances: Chances,
) -> tuple[tuple[Message, ...], bool]:
    """Say what of a rule is not as forecast, or not as it was noted.

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
    period : Period
        Days watched.
    chances : Chances
        Chances of a false alarm.

    Returns
    -------
    tuple of Message, bool
        The alarms, and whether the breaker would take the rule out: it hits more than its forecast
        allows, or its precision is surely below all that was forecast.
    """
    found = _disobeyed(result, standing, by_day)
    version = result.rule.version if result.rule else 0
    if forecast is None:
        return tuple(found), False
    if forecast.version != version:
        old: dict[str, Value] = {"rule": result.id, "old": forecast.version, "now": version}
        return (*found, Message("life.other_version", old)), False
    hits = {day: each.ads for day, each in by_day.items()}
    days = days_of(period.start, period.end)
    trips = False
    more = surge(result.id, hits, forecast=forecast, days=days)
    if more is not None and more.p < chances.look:
        found.append(more.message)
        trips = more.p < chances.stop
    for miss in (chances.stop, chances.look):
        worse = low_precision(result.id, result.precision, forecast=forecast, miss=miss)
        if worse is not None:
            found.append(worse.message)
            trips = trips or miss == chances.stop
            break
    live = standing.state is RuleState.LIVE
    since = _day_after(standing.since) if live else period.end
    days = [day for day in days if day >= since]
    fewer = few_hits(result.id, hits, forecast=forecast, days=days)
    if fewer is not None and fewer.p < chances.look:
        found.append(fewer.message)
    return tuple(found), trips


def _disobeyed(
    result: RuleResult, standing: Standing, by_day: Mapping[date, DayHits]
) -> list[Message]:
    """Tell of a rule that acts although it was taken out, or its last day is over."""
    found: list[Message] = []
    after: date | None = None
    if standing.state is RuleState.EXPIRED:
        found.append(Message("life.expired", {"rule": result.id}))
        after = (
            result.rule.expires + timedelta(days=1)
            if result.rule and result.rule.expires
            else None
        )
    elif standing.state is RuleState.STOPPED:
        after = _day_after(standing.since)
    acting = 0 if after is None else sum(h.acting for day, h in by_day.items() if day >= after)
    if acting and after is not None:
        told: dict[str, Value] = {"rule": result.id, "ads": acting, "day": str(after)}
        found.append(Message("life.still_acts", told))
    return found


def _day_after(instant: str) -> date:
    return datetime.fromisoformat(instant).date() + timedelta(days=1)


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
