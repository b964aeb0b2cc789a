"""The machine's decisions of record, and what later happened to their ads: shared pieces of SQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from shroff.store.sql import ident, literal

__all__ = [
    "AD_TABLES",
    "EVERYTHING",
    "FACTS",
    "Sources",
    "between",
    "facts_sql",
    "joins_sql",
    "only",
    "record_sql",
]

Sources = Mapping[str, str]
"""What stands for each log: its name, or a query in parentheses."""

AD_TABLES = ("decisions", "ads", "impressions", "reviews", "reports", "scores", "appeals")
"""Logs that tell of single ads; all have the ad's id."""

EVERYTHING: Sources = {name: name for name in AD_TABLES}
"""The logs as they are."""


def between(low: str, high: str) -> Sources:
    """Give the logs of ads whose ids are in a range; an end that is empty is open."""
    tests = [f"ad_id >= {literal(low)}"] * bool(low) + [f"ad_id < {literal(high)}"] * bool(high)
    where = " AND ".join(tests or ["TRUE"])
    return {name: f"(SELECT * FROM {name} WHERE {where})" for name in AD_TABLES}


def only(sources: Sources, table: str) -> dict[str, str]:
    """Give the logs of the ads that a table names."""
    return {
        name: f"(SELECT x.* FROM {source} AS x JOIN {ident(table)} AS only_"
        " ON x.ad_id = only_.ad_id)"
        for name, source in sources.items()
    }


# Most ads are decided once. Only the others need to be put in order, which costs more than all else.
_RECORD = """machine AS (
  SELECT {columns}
  FROM {decisions} AS d
  WHERE NOT COALESCE(d.shadow, FALSE) AND d.source <> 'human'{until}
),
several AS (SELECT ad_id FROM machine GROUP BY ad_id HAVING COUNT(*) > 1),
ranked AS (
  SELECT m.*,
         ROW_NUMBER() OVER (PARTITION BY m.ad_id, m.ad_version, m.market
                            ORDER BY m.decided_at, m.decision_id) AS _record,
         ROW_NUMBER() OVER (PARTITION BY m.ad_id, m.ad_version
                            ORDER BY m.decided_at, m.decision_id) AS _first
  FROM machine AS m
  JOIN several AS s ON m.ad_id = s.ad_id
),
served_versions AS (
  SELECT ad_id, ad_version,
         CASE WHEN ROW_NUMBER() OVER (PARTITION BY ad_id ORDER BY since, ad_version) = 1
              THEN DATE '0001-01-01' ELSE since END AS from_day,
         COALESCE(LEAD(since) OVER (PARTITION BY ad_id ORDER BY since, ad_version),
                  DATE '9999-12-31') AS to_day
  FROM (SELECT ad_id, ad_version, CAST(decided_at AS DATE) AS since
        FROM ranked WHERE _first = 1) AS versions
),
record AS (
  SELECT {names}, 1 AS _first, DATE '0001-01-01' AS from_day, DATE '9999-12-31' AS to_day
  FROM machine AS m
  LEFT JOIN several AS s ON m.ad_id = s.ad_id
  WHERE s.ad_id IS NULL
  UNION ALL
  SELECT {names}, m._first, v.from_day, v.to_day
  FROM ranked AS m
  JOIN served_versions AS v ON m.ad_id = v.ad_id AND m.ad_version = v.ad_version
  WHERE m._record = 1
)"""

_FACTS = """queue_outcome AS (
  SELECT ad_id, ad_version, verdict,
         ROW_NUMBER() OVER (PARTITION BY ad_id, ad_version
                            ORDER BY decided_at DESC, review_id DESC) AS _last
  FROM {reviews} AS reviews
  WHERE (queue_reason IN ('model', 'rule')
         OR (queue_reason IS NULL AND COALESCE(sampling_prob, 1) = 1))
    AND decided_at IS NOT NULL
    AND verdict IN ('violating', 'compliant') AND COALESCE(role, 'L1') <> 'LLM'
),
confirmed AS (
  SELECT ad_id, ad_version, TRUE AS report_confirmed
  FROM {reviews} AS reviews
  WHERE queue_reason = 'report' AND verdict = 'violating'
  GROUP BY ad_id, ad_version
),
reported AS (
  SELECT ad_id, MIN(filed_at) AS first_report FROM {reports} AS reports GROUP BY ad_id
),
scored AS (
  SELECT ad_id, ad_version, TRUE AS scored FROM {scores} AS scores
  WHERE NOT COALESCE(shadow, FALSE) GROUP BY ad_id, ad_version
)"""

FACTS = {
    "human_touch": "r.action = 'review' OR q.verdict IS NOT NULL",
    "scored": "COALESCE(s.scored, FALSE)",
    "reported_before": "COALESCE(rep.first_report < r.decided_at, FALSE)",
    "report_confirmed": "COALESCE(c.report_confirmed, FALSE)",
    "queue_verdict": "q.verdict",
}
"""What later happened to the ad of a record, as SQL over `joins_sql`."""

_JOINS = """
  LEFT JOIN {ads} AS a ON r.ad_id = a.ad_id AND r.ad_version = a.ad_version
  LEFT JOIN queue_outcome AS q
    ON r.ad_id = q.ad_id AND r.ad_version = q.ad_version AND q._last = 1
  LEFT JOIN confirmed AS c ON r.ad_id = c.ad_id AND r.ad_version = c.ad_version
  LEFT JOIN reported AS rep ON r.ad_id = rep.ad_id
  LEFT JOIN scored AS s ON r.ad_id = s.ad_id AND r.ad_version = s.ad_version"""

_ALWAYS = ("ad_id", "ad_version", "market", "decision_id", "decided_at", "action")


def record_sql(columns: Sequence[str], *, sources: Sources = EVERYTHING, until: str = "") -> str:
    """Write the common table ``record``: the machine's first decision on a version in a market.

    Parameters
    ----------
    columns : sequence of str
        Columns of decisions wanted beside those that are always there.
    sources : mapping
        What stands for each log.
    until : str
        Instant, as SQL, from which decisions do not count; empty for none.

    Returns
    -------
    str
        Common tables. ``record`` has each column, ``_first`` (1 in the market where the version
        was decided first) and the days from and until which the version is served.
    """
    names = list(dict.fromkeys((*_ALWAYS, *columns)))
    return _RECORD.format(
        columns=", ".join(f"d.{ident(name)}" for name in names),
        names=", ".join(f"m.{ident(name)}" for name in names),
        decisions=sources["decisions"],
        until=f" AND d.decided_at < {until}" if until else "",
    )


def facts_sql(sources: Sources = EVERYTHING) -> str:
    """Write the common tables of what happened to ads later."""
    return _FACTS.format(**sources)


def joins_sql(sources: Sources = EVERYTHING) -> str:
    """Write the joins of a record ``r`` with its ad ``a`` and with what happened to it."""
    return _JOINS.format(**sources)
