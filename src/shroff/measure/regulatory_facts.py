"""What operations know of each decision: enforced by whom, appealed, restored, reported, noticed."""

from __future__ import annotations

from datetime import datetime

from shroff.measure.brief import Brief
from shroff.measure.ground import ROWS, Ground
from shroff.measure.population import population_sql
from shroff.store.engine import Engine
from shroff.store.sql import literal

__all__ = [
    "FACTS",
    "SPOKEN",
    "SUMS",
    "WINDOW_DAYS",
    "complaints_sql",
    "notices_sql",
    "stand_facts",
    "sums_sql",
]

FACTS = "regulatory_facts"
"""Session table of one row a decision of record of the period."""
WINDOW_DAYS = 90
"""Days after an ad's creation that the profile ``dsa_google_ads_like`` looks at."""

SPOKEN = """LOWER(CASE WHEN SUBSTR(language, 3, 1) IN ('-', '_') THEN SUBSTR(language, 1, 2)
              WHEN language <> '' THEN language END)"""
"""Language of an ad without its region."""

_ADS = """
SELECT decision_id, ad_id, ad_version, market, action, decided_at, created_at, human_touch,
       queue_verdict, {spoken} AS spoken
FROM {rows} AS p
WHERE in_period
"""

_FACTS = """
WITH lost AS (
  SELECT decision_id, MIN(decided_at) AS lost_at
  FROM (
    SELECT COALESCE(x.decision_id, y.decision_id) AS decision_id, x.decided_at
    FROM appeals AS x
    LEFT JOIN (SELECT ad_id, ad_version, MIN(decision_id) AS decision_id
               FROM regulatory_ads WHERE action IN ('reject', 'restrict')
               GROUP BY ad_id, ad_version) AS y
      ON x.ad_id = y.ad_id AND COALESCE(x.ad_version, 1) = y.ad_version
    WHERE x.outcome IN ('reversed', 'partly_reversed')
      AND NOT COALESCE(x.edited_resubmit, FALSE) AND x.decided_at < {until}
  ) AS won
  GROUP BY decision_id
),
people AS (
  SELECT p.decision_id,
         MIN(CASE WHEN d.action IN ('reject', 'restrict') THEN d.decided_at END) AS enforced_at,
         MIN(CASE WHEN d.action = 'approve' THEN d.decided_at END) AS cleared_at,
         MIN(CASE WHEN d.action IN ('reject', 'restrict') THEN w.lost_at END) AS lost_at
  FROM regulatory_ads AS p
  JOIN decisions AS d
    ON p.ad_id = d.ad_id AND p.ad_version = COALESCE(d.ad_version, 1)
   AND (d.market IS NULL OR p.market IS NULL OR d.market = p.market)
  LEFT JOIN lost AS w ON d.decision_id = w.decision_id
  WHERE d.source = 'human' AND NOT COALESCE(d.shadow, FALSE)
    AND d.decided_at >= p.decided_at AND d.decided_at < {until}
  GROUP BY p.decision_id
),
looked AS (
  SELECT ad_id, COALESCE(ad_version, 1) AS ad_version, 1 AS looked_at,
         MIN(CASE WHEN queue_reason = 'report' AND verdict = 'violating' THEN decided_at END)
           AS confirmed_at,
         MAX(CASE WHEN queue_reason = 'report' AND verdict = 'compliant' THEN 1 ELSE 0 END) AS fine
  FROM reviews
  WHERE verdict IN ('violating', 'compliant') AND COALESCE(role, 'L1') <> 'LLM'
    AND decided_at < {until}
  GROUP BY ad_id, COALESCE(ad_version, 1)
),
reported AS (
  SELECT ad_id, MIN(filed_at) AS reported_at,
         MIN(CASE WHEN source IN ('notice', 'trusted_flagger') THEN filed_at END) AS noticed_at
  FROM reports WHERE filed_at < {until} GROUP BY ad_id
),
joined AS (
  SELECT p.*, p.action IN ('reject', 'restrict') AS automated,
         l.lost_at, h.enforced_at, h.cleared_at, h.lost_at AS people_lost_at,
         COALESCE(v.looked_at, 0) AS looked_at, COALESCE(v.fine, 0) AS fine, v.confirmed_at,
         r.reported_at, r.noticed_at,
         DATE_DIFF('day', COALESCE(p.created_at, p.decided_at), {until}) AS age
  FROM regulatory_ads AS p
  LEFT JOIN lost AS l ON p.decision_id = l.decision_id
  LEFT JOIN people AS h ON p.decision_id = h.decision_id
  LEFT JOIN looked AS v ON p.ad_id = v.ad_id AND p.ad_version = v.ad_version
  LEFT JOIN reported AS r ON p.ad_id = r.ad_id
),
told AS (
  SELECT joined.*,
         NOT automated AND ((action = 'review' AND COALESCE(queue_verdict = 'violating', FALSE))
                            OR confirmed_at IS NOT NULL OR enforced_at IS NOT NULL) AS by_people,
         CASE WHEN confirmed_at IS NOT NULL THEN confirmed_at
              WHEN enforced_at >= reported_at THEN enforced_at END AS answered_at,
         COALESCE(noticed_at < decided_at, FALSE) AS noticed
  FROM joined
)
SELECT decision_id, spoken, action, automated, human_touch, queue_verdict, by_people, looked_at,
       fine, age, CASE WHEN noticed THEN 'noticed' ELSE 'own' END AS initiative,
       CASE WHEN automated THEN noticed
            ELSE COALESCE(noticed_at < COALESCE(confirmed_at, enforced_at, decided_at), FALSE)
       END AS after_notice,
       lost_at IS NOT NULL AS lost, people_lost_at IS NOT NULL AS people_lost,
       COALESCE(cleared_at, lost_at) IS NOT NULL AS restored,
       COALESCE(DATE_DIFF('day', COALESCE(created_at, decided_at), lost_at) <= {window}, FALSE)
         AS lost_soon,
       COALESCE(DATE_DIFF('day', COALESCE(created_at, decided_at), answered_at) <= {window}, FALSE)
         AS answered_soon
FROM told
"""

_FLAGS = {
    "ads": "TRUE",
    "solely": "automated AND NOT human_touch",
    "not_solely": "(automated AND human_touch) OR by_people",
    "own_solely": "automated AND NOT human_touch AND NOT after_notice",
    "own_not_solely": "((automated AND human_touch) OR by_people) AND NOT after_notice",
    "young": f"age < {WINDOW_DAYS}",
    # people upheld or overturned; enforced by people and upheld or overturned
    "tiktok_tp": "automated AND NOT lost",
    "tiktok_fp": "automated AND lost",
    "tiktok_fn": "by_people AND NOT people_lost",
    "tiktok_tn": "by_people AND people_lost",
    "google_tp": "automated AND NOT lost_soon",
    "google_fp": "automated AND lost_soon",
    "google_fn": "action = 'approve' AND answered_soon",
    "google_tn": "action = 'approve' AND NOT answered_soon AND (fine = 1 OR looked_at = 0)",
    "meta_tp": "automated AND NOT restored",
    "meta_fp": "automated AND restored",
    "meta_fn": "by_people",
    "meta_tn": "NOT automated AND NOT by_people",
}
SUMS = tuple(_FLAGS)
"""What `sums_sql` counts."""

_COMPLAINTS = """
SELECT kind, COALESCE(outcome, 'open') AS outcome, edited, filed, decided, minutes,
       COUNT(*) AS appeals
FROM (
  SELECT CASE WHEN d.action IN ('reject', 'restrict') THEN 'visibility' ELSE 'other' END AS kind,
         CASE WHEN x.decided_at < {until} THEN x.outcome END AS outcome,
         CASE WHEN COALESCE(x.edited_resubmit, FALSE) THEN 1 ELSE 0 END AS edited,
         CASE WHEN x.filed_at >= {start} AND x.filed_at < {end} THEN 1 ELSE 0 END AS filed,
         CASE WHEN x.decided_at >= {start} AND x.decided_at < {end} THEN 1 ELSE 0 END AS decided,
         CASE WHEN x.decided_at >= {start} AND x.decided_at < {end}
              THEN DATE_DIFF('minute', x.filed_at, x.decided_at) END AS minutes
  FROM appeals AS x
  LEFT JOIN (SELECT decision_id, MIN(action) AS action FROM decisions GROUP BY decision_id) AS d
    ON x.decision_id = d.decision_id
) AS complaints
WHERE filed = 1 OR decided = 1
GROUP BY kind, COALESCE(outcome, 'open'), edited, filed, decided, minutes
"""

_NOTICES = """
SELECT source, COUNT(*) AS filed, SUM(seen) AS with_people
FROM (
  SELECT r.report_id, r.source,
         MAX(CASE WHEN v.enqueued_at >= r.filed_at THEN 1 ELSE 0 END) AS seen
  FROM reports AS r
  LEFT JOIN reviews AS v ON r.ad_id = v.ad_id AND v.queue_reason = 'report'
   AND COALESCE(v.role, 'L1') <> 'LLM' AND v.decided_at < {until}
  WHERE r.source IN ('notice', 'trusted_flagger')
    AND r.filed_at >= {start} AND r.filed_at < {end}
  GROUP BY r.report_id, r.source
) AS notices
GROUP BY source
"""


def _instant(day: object) -> str:
    return f"TIMESTAMPTZ '{day} 00:00:00+00:00'"


def _until(moment: datetime) -> str:
    return literal(moment)


def stand_facts(engine: Engine, brief: Brief, *, ground: Ground = ROWS) -> str:
    """Make the session table of facts, one row a decision of record of the period.

    Parameters
    ----------
    engine : Engine
        Where the logs are; ``population`` must stand when it holds rows.
    brief : Brief
        Period and end of the logs.
    ground : Ground
        What the population is counted on.

    Returns
    -------
    str
        The query that made it.
    """
    rows = "population"
    if ground.cuts:
        rows = (
            f"({population_sql(engine, brief.period, derived={}, week_starts=brief.week_starts)})"
        )
    engine.materialise("regulatory_ads", _ADS.format(rows=rows, spoken=SPOKEN))
    query = _FACTS.format(until=_until(brief.as_of), window=WINDOW_DAYS)
    engine.materialise(FACTS, query)
    return query


def sums_sql(*, unlabelled: str) -> str:
    """Write the query that counts facts by language, initiative and action.

    Parameters
    ----------
    unlabelled : str
        Condition on ads without a chance of a label.

    Returns
    -------
    str
        A SELECT.
    """
    flags = {**_FLAGS, "unlabelled": unlabelled}
    sums = ", ".join(
        f"SUM(CASE WHEN {test} THEN 1 ELSE 0 END) AS {name}" for name, test in flags.items()
    )
    return f"SELECT spoken, initiative, action, {sums} FROM {FACTS} GROUP BY spoken, initiative, action"


def complaints_sql(brief: Brief) -> str:
    """Write the query for complaints filed or decided in the period, by how long they took."""
    start, end = _instant(brief.period.start), _instant(brief.period.end)
    return _COMPLAINTS.format(start=start, end=end, until=_until(brief.as_of))


def notices_sql(brief: Brief) -> str:
    """Write the query for notices filed in the period, and those that a person looked at."""
    start, end = _instant(brief.period.start), _instant(brief.period.end)
    return _NOTICES.format(start=start, end=end, until=_until(brief.as_of))
