"""Times that cannot be, and clocks that do not agree."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from shroff.store.health_findings import (
    Condition,
    Examined,
    Finding,
    Severity,
    conditions_met,
    finding,
)
from shroff.store.schema import TABLES, Kind, Table
from shroff.store.sql import ident, literal

__all__ = ["clock_skew", "impossible_times"]

_BROKEN_SHARE = 0.05
_SKEWED_SHARE = 0.2
_HALF_HOUR = 1800.0
_MOST_HOURS = 14.0
_DAY_ONLY = "DATE_TRUNC('day', {0}) = {0}"

_REVIEWS = (
    Condition(
        code="review_decided_before_started",
        fault="decided_at < started_at",
        among="decided_at IS NOT NULL AND started_at IS NOT NULL",
        column="decided_at",
        broken_from=_BROKEN_SHARE,
    ),
    Condition(
        code="review_started_before_enqueued",
        fault="started_at < enqueued_at",
        among="started_at IS NOT NULL AND enqueued_at IS NOT NULL",
        column="started_at",
        broken_from=_BROKEN_SHARE,
    ),
    Condition(
        code="review_decided_before_enqueued",
        fault="decided_at < enqueued_at",
        among="decided_at IS NOT NULL AND started_at IS NULL AND enqueued_at IS NOT NULL",
        column="decided_at",
        broken_from=_BROKEN_SHARE,
    ),
    Condition(
        code="active_longer_than_open",
        fault="active_ms > 1000 * (EXTRACT(EPOCH FROM decided_at)"
        " - EXTRACT(EPOCH FROM started_at)) + 60000",
        among="active_ms IS NOT NULL AND decided_at > started_at",
        column="active_ms",
        at_least=0.001,
    ),
    Condition(
        code="absurd_active_ms",
        fault="active_ms < 0 OR active_ms > 14400000",
        among="active_ms IS NOT NULL",
        column="active_ms",
    ),
    Condition(
        code="active_ms_in_seconds",
        fault="active_ms < 300",
        among="active_ms > 0 AND decided_at IS NOT NULL",
        column="active_ms",
        at_least=0.5,
    ),
)

_DECISIONS = (
    Condition(
        code="decided_before_created",
        fault="d.decided_at < a.created_at",
        among="a.created_at IS NOT NULL",
        column="decided_at",
        broken_from=_BROKEN_SHARE,
    ),
)

_APPEALS = (
    Condition(
        code="appeal_decided_before_filed",
        fault="p.decided_at < p.filed_at",
        among="p.decided_at IS NOT NULL",
        column="decided_at",
        broken_from=_BROKEN_SHARE,
    ),
    Condition(
        code="appeal_before_decision",
        fault="p.filed_at < d.decided_at",
        among="d.decided_at IS NOT NULL",
        column="filed_at",
        broken_from=_BROKEN_SHARE,
    ),
)


_TIMED = (
    "ads", "decisions", "reviews", "appeals", "impressions", "scores", "judgements", "reports",
)  # fmt: skip


def impossible_times(examined: Examined) -> Iterator[Finding]:
    """Find times in the wrong order, in the future, before 2000, or without a time of day.

    Parameters
    ----------
    examined : Examined
        The logs.

    Yields
    ------
    Finding
        What was found.
    """
    for table in _TIMED:
        if examined.has(table):
            yield from _odd_times(examined, table)
    if examined.has("reviews"):
        yield from conditions_met(examined, "reviews", _REVIEWS, table="reviews", key="review_id")
    if examined.has("ads", "decisions"):
        relation = (
            "decisions AS d JOIN ads AS a ON d.ad_id = a.ad_id AND d.ad_version = a.ad_version"
        )
        yield from conditions_met(
            examined, relation, _DECISIONS, table="decisions", key="d.decision_id"
        )
    if examined.has("appeals"):
        relation = "appeals AS p LEFT JOIN decisions AS d ON p.decision_id = d.decision_id"
        yield from conditions_met(examined, relation, _APPEALS, table="appeals", key="p.appeal_id")


def _odd_times(examined: Examined, table: str) -> Iterator[Finding]:
    contract = TABLES[table]
    names = [column.name for column in contract.columns if column.kind in {Kind.TIME, Kind.DAY}]
    conditions: list[Condition] = []
    for name in names:
        column, given = ident(name), f"{ident(name)} IS NOT NULL"
        conditions += [
            Condition(
                code="future_times",
                fault=f"{column} > {literal(_now(examined, contract, name))}",
                among=given,
                column=name,
                broken_from=_BROKEN_SHARE,
            ),
            Condition(
                code="ancient_times",
                fault=f"{column} < DATE '2000-01-01'",
                among=given,
                column=name,
                broken_from=_BROKEN_SHARE,
            ),
        ]
        if contract.column(name).kind is Kind.TIME:  # type: ignore[union-attr] # taken from the contract
            conditions.append(
                Condition(
                    code="times_without_clock",
                    fault=_DAY_ONLY.format(column),
                    among=given,
                    column=name,
                    at_least=0.5,
                )
            )
    key = ident(contract.key[0])
    yield from conditions_met(
        examined, ident(table), tuple(conditions), table=table, key=f"CAST({key} AS VARCHAR)"
    )


def _now(examined: Examined, contract: Table, name: str) -> datetime | date:
    column = contract.column(name)
    return examined.now.date() if column and column.kind is Kind.DAY else examined.now


_ORDERS = {
    ("decisions", "decided_at"): (
        "ads",
        "created_at",
        "SELECT EXTRACT(EPOCH FROM d.decided_at) - EXTRACT(EPOCH FROM a.created_at) AS delay"
        " FROM decisions AS d JOIN ads AS a"
        " ON d.ad_id = a.ad_id AND d.ad_version = a.ad_version"
        " WHERE d.source <> 'human' AND d.decided_at IS NOT NULL AND a.created_at IS NOT NULL",
    ),
    ("reviews", "enqueued_at"): (
        "decisions",
        "decided_at",
        "SELECT EXTRACT(EPOCH FROM r.enqueued_at) - EXTRACT(EPOCH FROM d.decided_at) AS delay"
        " FROM reviews AS r JOIN decisions AS d"
        " ON r.ad_id = d.ad_id AND r.ad_version = d.ad_version"
        " WHERE r.queue_reason IN ('model', 'rule') AND d.action = 'review'"
        " AND r.enqueued_at IS NOT NULL",
    ),
}
"""Later event: earlier event, and the seconds between them."""


def clock_skew(examined: Examined) -> Iterator[Finding]:
    """Find pairs of tables whose times are apart by about whole half hours, as zones are.

    Parameters
    ----------
    examined : Examined
        The logs.

    Yields
    ------
    Finding
        One for each pair.

    Notes
    -----
    Suspected when at least a fifth of later events come half an hour or more before the earlier
    one, or when not even the quickest twentieth follow within half an hour although all of the
    quickest tenth take nearly the same time.
    """
    for (table, column), (other, other_column, query) in _ORDERS.items():
        if not examined.has(table, other):
            continue
        record = examined.one(_skew_query(query))
        total = int(str(record["total"] or 0))
        hours = _zone_hours(record) if total >= 100 else 0.0
        if hours:
            yield finding(
                "clock_skew",
                Severity.BROKEN,
                table=table,
                column=column,
                count=int(str(record["early"] or 0)) if hours < 0 else total,
                out_of=total,
                params={"hours": f"{hours:+g}", "other": f"{other}.{other_column}"},
            )


def _skew_query(query: str) -> str:
    return f"""SELECT COUNT(*) AS total,
  SUM(CASE WHEN delay <= {-_HALF_HOUR} THEN 1 ELSE 0 END) AS early,
  QUANTILE_CONT(delay, 0.01) AS least, QUANTILE_CONT(delay, 0.05) AS quick,
  QUANTILE_CONT(delay, 0.1) AS tenth
FROM ({query}) AS delays"""


def _zone_hours(record: dict[str, object]) -> float:
    total, early = float(str(record["total"])), float(str(record["early"] or 0))
    least, quick, tenth = (float(str(record[name])) for name in ("least", "quick", "tenth"))
    steady = tenth - least < _HALF_HOUR and quick >= 2 * _HALF_HOUR
    if early < _SKEWED_SHARE * total and not steady:
        return 0.0
    hours = round(quick / _HALF_HOUR) * _HALF_HOUR / 3600
    return hours if 0 < abs(hours) <= _MOST_HOURS else 0.0
