"""Rows that come twice, and rows that refer to what is not there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from shroff.store.health_findings import Examined, Finding, Severity, finding
from shroff.store.sql import ident, idents

__all__ = ["duplicates", "links"]

_BROKEN_SHARE = 0.05
_FOLDED = "LOWER(TRIM(CAST({0} AS VARCHAR)))"


@dataclass(frozen=True, slots=True)
class _Copies:
    """Columns that two different events can hardly share, where the one who acted is known."""

    code: str
    table: str
    key: str
    same: tuple[str, ...]
    when: str
    actor: str


_COPIES = (
    _Copies(
        "duplicate_decisions",
        "decisions",
        "decision_id",
        ("ad_id", "ad_version", "market", "action", "policy_id", "source", "detector", "version"),
        "decided_at",
        actor="source",
    ),
    _Copies(
        "duplicate_reviews",
        "reviews",
        "review_id",
        ("ad_id", "ad_version", "reviewer_id", "queue", "verdict"),
        "decided_at",
        actor="reviewer_id",  # two unnamed reviewers may well agree within a minute
    ),
    _Copies(
        "duplicate_appeals",
        "appeals",
        "appeal_id",
        ("ad_id", "decision_id"),
        "filed_at",
        actor="ad_id",
    ),
)


def duplicates(examined: Examined) -> Iterator[Finding]:
    """Find events logged twice under different ids: equal in everything, within one second.

    Parameters
    ----------
    examined : Examined
        The logs.

    Yields
    ------
    Finding
        One for each table.
    """
    for each in _COPIES:
        if not examined.has(each.table):
            continue
        record = examined.one(_copies_query(each))
        count = int(str(record["extra"] or 0))
        if count:
            total = examined.rows[each.table]
            yield finding(
                each.code,
                Severity.BROKEN if count >= _BROKEN_SHARE * total else Severity.WARN,
                table=each.table,
                count=count,
                out_of=total,
                examples=(str(record["first"]), str(record["last"])),
            )


def _copies_query(each: _Copies) -> str:
    shared = idents(each.same)
    time, key, actor = ident(each.when), ident(each.key), ident(each.actor)
    return f"""SELECT SUM(n - 1) AS extra, MIN(first) AS first, MIN(last) AS last
FROM (SELECT COUNT(*) AS n, MIN({key}) AS first, MAX({key}) AS last
      FROM {ident(each.table)} WHERE {time} IS NOT NULL AND {actor} IS NOT NULL
      GROUP BY {shared}, DATE_TRUNC('second', {time})
      HAVING COUNT(*) > 1) AS copies"""


_CHILDREN = (
    "decisions", "reviews", "appeals", "scores", "judgements", "impressions", "reports",
)  # fmt: skip
_VERSIONED = ("decisions", "reviews", "scores", "judgements")


def links(examined: Examined) -> Iterator[Finding]:
    """Find rows of unknown ads, ad versions, decisions and policies.

    Parameters
    ----------
    examined : Examined
        The logs.

    Yields
    ------
    Finding
        What was found.
    """
    for table in _CHILDREN:
        if examined.has("ads", table):
            yield from _orphans(examined, table, parent="ads", column="ad_id")
    for table in _VERSIONED:
        if examined.has("ads", table):
            yield from _unknown_versions(examined, table)
    if examined.has("decisions", "appeals"):
        yield from _orphans(examined, "appeals", parent="decisions", column="decision_id")
    if examined.has("decisions", "policies"):
        yield from _orphans(examined, "decisions", parent="policies", column="policy_id")


def _orphans(examined: Examined, table: str, *, parent: str, column: str) -> Iterator[Finding]:
    """Find ids that the parent table does not have, and those it has in another spelling."""
    name = ident(column)
    fold = _FOLDED.format(name)
    record = examined.one(
        f"""WITH held AS (SELECT {name}, COUNT(*) AS n FROM {ident(table)}
              WHERE {name} IS NOT NULL AND {name} <> '' GROUP BY {name}),
orphans AS (SELECT h.{name}, h.n FROM held AS h
            LEFT JOIN (SELECT DISTINCT {name} FROM {ident(parent)}) AS p ON h.{name} = p.{name}
            WHERE p.{name} IS NULL)
SELECT (SELECT SUM(n) FROM held) AS total, SUM(n) AS bad, MIN({name}) AS first,
       MAX({name}) AS last,
       SUM(CASE WHEN {fold} IN (SELECT {fold} FROM {ident(parent)}) THEN n ELSE 0 END) AS respelt
FROM orphans"""
    )
    count, total = int(str(record["bad"] or 0)), int(str(record["total"] or 0))
    if not count:
        return
    code = f"orphan_{table}" if parent == "ads" else f"unknown_{column.removesuffix('_id')}"
    yield finding(
        code,
        Severity.BROKEN if count >= _BROKEN_SHARE * total else Severity.WARN,
        table=table,
        column=column,
        count=count,
        out_of=total,
        examples=tuple(dict.fromkeys((str(record["first"]), str(record["last"])))),
        params={"respelt": int(str(record["respelt"] or 0)), "parent": parent},
    )


def _unknown_versions(examined: Examined, table: str) -> Iterator[Finding]:
    record = examined.one(
        f"""SELECT COUNT(*) AS bad, MIN(c.ad_id) AS first, MAX(c.ad_id) AS last
FROM {ident(table)} AS c
WHERE NOT EXISTS (SELECT 1 FROM ads AS a
                  WHERE a.ad_id = c.ad_id AND a.ad_version = c.ad_version)
  AND c.ad_id IN (SELECT ad_id FROM ads)"""
    )
    count, total = int(str(record["bad"])), examined.rows[table]
    if count:
        yield finding(
            "unknown_ad_version",
            Severity.BROKEN if count >= _BROKEN_SHARE * total else Severity.WARN,
            table=table,
            column="ad_version",
            count=count,
            out_of=total,
            examples=tuple(dict.fromkeys((str(record["first"]), str(record["last"])))),
        )
