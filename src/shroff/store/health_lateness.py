"""Rows that came late, and rows that were rejected."""

from __future__ import annotations

from collections.abc import Iterator

from shroff.store.health_findings import Examined, Finding, Severity, finding
from shroff.store.schema import TABLES
from shroff.store.sql import ident

__all__ = ["late_rows", "rejected_rows"]

_WATCHED = ("ads", "decisions", "reviews", "impressions", "appeals")
_BROKEN_SHARE = 0.05
_LEAST_LATE = 0.001


def late_rows(examined: Examined) -> Iterator[Finding]:
    """Find tables whose rows come in long after they happened.

    Parameters
    ----------
    examined : Examined
        The logs.

    Yields
    ------
    Finding
        One for each table.

    Notes
    -----
    The first ingest of a table brings its history and says nothing about lateness; corrections
    are not late rows.
    """
    days = examined.settings.check.late_days
    for table in _WATCHED:
        state = examined.lake.state(table)
        if state is None:
            continue
        time = ident(TABLES[table].time)
        examined.engine.attach("_stored", [file.path for file in state.files], state.columns)
        lateness = f"EXTRACT(EPOCH FROM _ingested_at) - EXTRACT(EPOCH FROM {time})"
        record = examined.one(
            f"""SELECT COUNT(*) AS total, SUM(CASE WHEN late > {days * 86_400} THEN 1 ELSE 0 END)
  AS bad, QUANTILE_CONT(late, 0.9) / 86400 AS usual
FROM (SELECT {lateness} AS late, _ingest, MIN(_ingest) OVER () AS first
      FROM _stored WHERE _version = 1 AND {time} IS NOT NULL) AS rows_
WHERE _ingest > first"""
        )
        total, count = int(str(record["total"] or 0)), int(str(record["bad"] or 0))
        if count > _LEAST_LATE * total:
            yield finding(
                "late_rows",
                Severity.WARN,
                table=table,
                column=TABLES[table].time,
                count=count,
                out_of=total,
                params={"days": days, "usual": float(str(record["usual"]))},
            )


def rejected_rows(examined: Examined) -> Iterator[Finding]:
    """Find the tables that lost rows to quarantine, and the values nobody translated.

    Parameters
    ----------
    examined : Examined
        The logs.

    Yields
    ------
    Finding
        One for each table and one for each column with unknown values.
    """
    state = examined.lake.state("_quarantine")
    if state is None or not state.files:
        return
    examined.engine.attach("_rejected", [file.path for file in state.files], state.columns)
    # a row with several faults stands there several times
    groups = examined.many(
        """SELECT "table" AS place, "column" AS field, reason,
  COUNT(DISTINCT (file, line)) AS n, MIN(value) AS first, MAX(value) AS last
FROM _rejected GROUP BY GROUPING SETS (("table"), ("table", "column", reason))
ORDER BY n DESC, place, field, reason"""
    )
    for group in groups:
        table, reason = str(group["place"]), group["reason"]
        count = int(str(group["n"]))
        total = examined.rows.get(table, 0) + count
        if reason is None:
            yield _rejected(table, count, total, groups)
        elif reason == "unknown_value":
            yield finding(
                "unknown_values",
                _grave(count, total),
                table=table,
                column=str(group["field"]),
                count=count,
                out_of=total,
                examples=tuple(dict.fromkeys((str(group["first"]), str(group["last"])))),
            )


def _rejected(table: str, count: int, total: int, groups: list[dict[str, object]]) -> Finding:
    reasons = [
        f"{each['reason']}{' (' + str(each['field']) + ')' if each['field'] else ''}: {each['n']}"
        for each in groups
        if each["place"] == table and each["reason"] is not None
    ]
    return finding(
        "rejected_rows",
        _grave(count, total),
        table=table,
        count=count,
        out_of=total,
        examples=tuple(reasons[:3]),
    )


def _grave(count: int, total: int) -> Severity:
    return Severity.BROKEN if count >= _BROKEN_SHARE * total else Severity.WARN
