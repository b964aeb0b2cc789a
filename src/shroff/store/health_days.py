"""Missing data: tables without rows, days without rows, a last day that is not whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from statistics import median

from shroff.store.health_findings import Examined, Finding, Severity, finding
from shroff.store.schema import TABLES
from shroff.store.sql import ident

__all__ = ["missing_days", "missing_tables"]

_NEEDED = {
    "decisions": Severity.BROKEN,
    "ads": Severity.WARN,
    "reviews": Severity.WARN,
    "impressions": Severity.INFO,
    "appeals": Severity.INFO,
}
_DAILY = ("ads", "decisions", "reviews", "impressions", "appeals", "scores")
_BUSY_ROWS_A_DAY = 20
_THIN = 0.4
_BEHIND_DAYS = 2
_EXAMPLES = 3
_RAMP = timedelta(days=7)


def missing_tables(examined: Examined) -> Iterator[Finding]:
    """Find the tables without rows that metrics need.

    Parameters
    ----------
    examined : Examined
        The logs.

    Yields
    ------
    Finding
        One for each table.
    """
    for table, severity in _NEEDED.items():
        if not examined.has(table):
            yield finding(
                "no_rows",
                severity,
                table=table,
                count=1,
                out_of=1,
                effect=f"health.no_rows.{table}.effect",
            )


def missing_days(examined: Examined) -> Iterator[Finding]:
    """Find days without rows, days with far too few, and tables that end before the others.

    Parameters
    ----------
    examined : Examined
        The logs.

    Yields
    ------
    Finding
        What was found.
    """
    days = _until_the_end(
        {table: _rows_by_day(examined, table) for table in _DAILY if examined.has(table)}
    )
    busy = {
        table: rows
        for table, rows in days.items()
        if rows and sum(rows.values()) >= _BUSY_ROWS_A_DAY * _span(rows)
    }
    ends = max((max(rows) for rows in busy.values()), default=None)
    for table, rows in busy.items():
        yield from _gaps(table, rows)
        yield from _thin_days(table, rows)
        if ends and (ends - max(rows)).days >= _BEHIND_DAYS:
            behind = (ends - max(rows)).days
            yield finding(
                "ends_early",
                Severity.WARN,
                table=table,
                count=behind,
                out_of=_span(rows) + behind,
                params={"last": str(max(rows)), "ends": str(ends)},
            )


def _until_the_end(days: dict[str, dict[date, int]]) -> dict[str, dict[date, int]]:
    """Drop the tail: what follows the last ads and decisions is no day of its own."""
    lasts = [max(rows) for table in ("ads", "decisions") if (rows := days.get(table))]
    if not lasts:
        return days
    end = min(lasts) if max(lasts) - min(lasts) <= timedelta(days=1) else max(lasts)
    return {
        table: {day: count for day, count in rows.items() if day <= end}
        for table, rows in days.items()
    }


def _rows_by_day(examined: Examined, table: str) -> dict[date, int]:
    time = ident(TABLES[table].time)
    records = examined.many(
        f"SELECT CAST({time} AS DATE) AS day, COUNT(*) AS n FROM {ident(table)}"
        f" WHERE {time} IS NOT NULL AND CAST({time} AS DATE) >= DATE '2000-01-01'"
        f" AND CAST({time} AS DATE) <= DATE '{examined.now.date()}' GROUP BY 1"
    )
    return {day: int(str(row["n"])) for row in records if isinstance(day := row["day"], date)}


def _span(rows: Mapping[date, int]) -> int:
    return (max(rows) - min(rows)).days + 1


def _gaps(table: str, rows: Mapping[date, int]) -> Iterator[Finding]:
    first = min(rows)
    span = [first + timedelta(days=index) for index in range(_span(rows))]
    empty = [day for day in span if day not in rows]
    if empty:
        yield finding(
            "days_without_rows",
            Severity.WARN,
            table=table,
            count=len(empty),
            out_of=len(span),
            examples=tuple(str(day) for day in empty[:_EXAMPLES]),
        )


def _thin_days(table: str, rows: Mapping[date, int]) -> Iterator[Finding]:
    """Compare each day with the median of the same weekday in the four weeks around it."""
    last = max(rows)
    settled = min(rows) + _RAMP  # what is logged about ads grows until there are ads of all ages
    thin = [day for day in sorted(rows) if day >= settled and _is_thin(day, rows)]
    if last in thin:
        thin.remove(last)
        yield finding(
            "last_day_incomplete",
            Severity.WARN,
            table=table,
            count=rows[last],
            out_of=round(_usual(last, rows)),
            params={"day": str(last)},
        )
    if thin:
        yield finding(
            "thin_days",
            Severity.WARN,
            table=table,
            count=len(thin),
            out_of=_span(rows),
            examples=tuple(str(day) for day in thin[:_EXAMPLES]),
            params={"limit": _THIN},
        )


def _usual(day: date, rows: Mapping[date, int]) -> float:
    weeks = (-4, -3, -2, -1, 1, 2, 3, 4)
    near = [rows[other] for week in weeks if (other := day + timedelta(weeks=week)) in rows]
    return median(near) if len(near) > 1 else 0.0


def _is_thin(day: date, rows: Mapping[date, int]) -> bool:
    return rows[day] < _THIN * _usual(day, rows)
