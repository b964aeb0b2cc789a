"""The queries for cells that lines can be moved in: ads, labels, review work."""

from __future__ import annotations

from collections.abc import Sequence

from shroff.advise.scored_policy import SCORED_POLICY, SCORED_POLICY_SQL
from shroff.measure.score_queries import Chosen
from shroff.measure.tasks import IDLE_CAP_MS
from shroff.store.sql import ident

__all__ = [
    "BINS",
    "MODELS_SQL",
    "WORK_SQL",
    "advised_sql",
    "checked_sql",
    "framed_sql",
    "names_of",
    "queued_sql",
    "tallied_sql",
    "worked_sql",
]

BINS = 100
"""Bins of the score, from 0 to 1."""

MODELS_SQL = """
SELECT s.model, s.version, s.policy_id, COUNT(*) AS ads, MAX(p.decision_day) AS last_day
FROM (SELECT DISTINCT ad_id, ad_version, decision_day FROM population WHERE in_period) AS p
JOIN scores AS s ON p.ad_id = s.ad_id AND p.ad_version = s.ad_version
WHERE NOT COALESCE(s.shadow, FALSE)
GROUP BY s.model, s.version, s.policy_id
ORDER BY s.model, s.version, s.policy_id
"""
"""Live scores of the period's ads by model, version and policy."""

WORK_SQL = f"""
SELECT ad_id, COALESCE(ad_version, 1) AS ad_version, COALESCE(queue, '') AS queue,
       SUM(CASE WHEN active_ms > {IDLE_CAP_MS} THEN {IDLE_CAP_MS} ELSE active_ms END) / 60000.0
         AS minutes,
       COUNT(active_ms) AS timed
FROM reviews
WHERE COALESCE(role, 'L1') <> 'LLM' AND COALESCE(queue_reason, 'model') IN ('model', 'rule')
  AND decided_at IS NOT NULL
GROUP BY ad_id, COALESCE(ad_version, 1), COALESCE(queue, '')
"""
"""Minutes of active work on each queued ad, second reviews included."""


def names_of(by: Sequence[str]) -> str:
    """Name the columns that cells have in the session's table."""
    return "".join(f", {ident('_' + name)}" for name in by)


def advised_sql(by: Sequence[str], chosen: Chosen) -> str:
    """Write the query for all ads that a model scored, with cell, bin and who decided.

    Parameters
    ----------
    by : sequence of str
        Columns that cells are made of; ``scored_policy`` is the policy with the highest own score.
    chosen : Chosen
        Whose score.

    Returns
    -------
    str
        A SELECT with one row a decision of record; lane ``model`` where lines decide, ``rule``
        where a rule did, ``other`` where ads were neither approved, reviewed nor rejected.
    """
    shown = "".join(
        f", COALESCE(CAST({'t' if name == SCORED_POLICY else 'p'}.{ident(name)} AS VARCHAR), '')"
        f" AS {ident('_' + name)}"
        for name in by
    )
    policies = (
        f"LEFT JOIN ({SCORED_POLICY_SQL}) AS t"
        " ON p.ad_id = t.ad_id AND p.ad_version = t.ad_version"
        if SCORED_POLICY in by
        else ""
    )
    return f"""
SELECT p.ad_id, p.ad_version, COALESCE(p.market, '') AS in_market, p.action, p.impressions,
       p.spend, p.queue_verdict,
       CASE WHEN s.score < 0 THEN 0 WHEN s.score >= 1 THEN {BINS - 1}
            ELSE CAST(FLOOR(s.score * {BINS}) AS BIGINT) END AS bin,
       CASE WHEN p.action = 'approve' THEN 'model'
            WHEN COALESCE(p.source, 'model') = 'rule' THEN 'rule'
            WHEN p.action IN ('review', 'reject') THEN 'model' ELSE 'other' END AS lane{shown}
FROM population AS p
JOIN scores AS s ON p.ad_id = s.ad_id AND p.ad_version = s.ad_version
{policies}
WHERE p.in_period AND s.score IS NOT NULL AND NOT ISNAN(s.score) AND {chosen.sql("s")}
"""


def tallied_sql(by: Sequence[str]) -> str:
    """Write the query for ads, impressions and spend by cell, bin, lane and action."""
    names = names_of(by)
    return f"""
SELECT bin, lane, action{names}, COUNT(*) AS ads, SUM(impressions) AS impressions,
       SUM(impressions * impressions) AS squares, SUM(spend) AS spend,
       SUM(CASE WHEN queue_verdict = 'violating' THEN 1 ELSE 0 END) AS found,
       SUM(CASE WHEN queue_verdict = 'violating' THEN impressions ELSE 0 END) AS found_impressions
FROM advised
GROUP BY bin, lane, action{names}
ORDER BY bin, lane, action{names}
"""


def framed_sql(by: Sequence[str], table: str) -> str:
    """Write the query for drawn labels by cell, bin, how they came about, and truth."""
    names = "".join(f", a.{ident('_' + name)}" for name in by)
    return f"""
SELECT a.bin, a.action, f.tier, CASE WHEN f.any_violating THEN 1 ELSE 0 END AS violating{names},
       COUNT(*) AS n, SUM(f.w) AS w, SUM(f.w * f.w) AS w2, SUM(f.w * a.impressions) AS shown
FROM {table} AS f
JOIN advised AS a ON f.ad_id = a.ad_id AND f.ad_version = a.ad_version
                 AND COALESCE(f.market, '') = a.in_market
WHERE f.in_period AND a.lane = 'model'
GROUP BY a.bin, a.action, f.tier, CASE WHEN f.any_violating THEN 1 ELSE 0 END{names}
ORDER BY a.bin, a.action, f.tier, violating{names}
"""


def queued_sql(by: Sequence[str], table: str) -> str:
    """Write the query for the verdicts on queued ads beside the drawn ones, worked in full."""
    names = "".join(f", a.{ident('_' + name)}" for name in by)
    bad = "CASE WHEN a.queue_verdict = 'violating' THEN 1 ELSE 0 END"
    return f"""
SELECT a.bin, a.action, 4 AS tier, {bad} AS violating{names},
       COUNT(*) AS n, CAST(COUNT(*) AS DOUBLE) AS w, CAST(COUNT(*) AS DOUBLE) AS w2,
       SUM(a.impressions) AS shown
FROM advised AS a
LEFT JOIN (SELECT DISTINCT ad_id, ad_version, COALESCE(market, '') AS in_market
           FROM {table} WHERE in_period) AS f
  ON a.ad_id = f.ad_id AND a.ad_version = f.ad_version AND a.in_market = f.in_market
WHERE a.lane = 'model' AND a.action = 'review' AND a.queue_verdict IS NOT NULL
  AND f.ad_id IS NULL
GROUP BY a.bin, a.action, {bad}{names}
ORDER BY a.bin, a.action, violating{names}
"""


def worked_sql(by: Sequence[str]) -> str:
    """Write the query for review work by cell and queue."""
    names = "".join(f", a.{ident('_' + name)}" for name in by)
    return f"""
SELECT w.queue{names}, COUNT(*) AS ads, SUM(w.minutes) AS minutes
FROM advised AS a
JOIN ({WORK_SQL}) AS w ON a.ad_id = w.ad_id AND a.ad_version = w.ad_version
WHERE a.lane = 'model' AND a.action = 'review' AND w.timed > 0
GROUP BY w.queue{names}
ORDER BY w.queue{names}
"""


def checked_sql() -> str:
    """Write the query for the queue's verdicts beside what is known better of the same ads."""
    return """
SELECT a.queue_verdict AS said, CASE WHEN t.violating THEN 1 ELSE 0 END AS found, COUNT(*) AS n
FROM advised AS a
JOIN truth AS t ON a.ad_id = t.ad_id AND a.ad_version = t.ad_version AND t.tier <= 3
WHERE a.action = 'review' AND a.queue_verdict IS NOT NULL
GROUP BY a.queue_verdict, CASE WHEN t.violating THEN 1 ELSE 0 END
ORDER BY said, found
"""
