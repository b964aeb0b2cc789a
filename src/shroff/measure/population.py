"""Every ad the machine decided on, once, with what later happened to it."""

from __future__ import annotations

from collections.abc import Mapping

from shroff.domain.slices import Period
from shroff.errors import ConfigError, EngineError
from shroff.store.engine import Engine
from shroff.store.sql import ident, literal

__all__ = ["build_population", "dimensions", "population_sql", "week_sql"]

_LONG_TEXT = frozenset(
    {
        "title",
        "body",
        "ocr_text",
        "asr_text",
        "landing_url",
        "landing_final_url",
        "media_ref",
        "thumbnail_ref",
    }
)
_OWN = frozenset({"ad_id", "ad_version", "market", "shadow"})
_OURS = frozenset(
    {
        "action_code",
        "ads",
        "answered",
        "any_violating",
        "chance",
        "cited",
        "decision_day",
        "design",
        "human_touch",
        "impressions",
        "in_period",
        "outcome",
        "outcome_here",
        "policy",
        "queue_verdict",
        "report_confirmed",
        "reported_before",
        "right_policy",
        "sampling_prob",
        "scored",
        "spend",
        "stratum",
        "stratum_code",
        "tier",
        "truth_policies",
        "violating",
        "w",
        "week",
    }
)
"""Columns that population and frame add: a column of the user's of that name gets a ``_`` behind."""

_BODY = """
WITH machine AS (
  SELECT d.*,
         ROW_NUMBER() OVER (PARTITION BY ad_id, ad_version, market
                            ORDER BY decided_at, decision_id) AS _record,
         ROW_NUMBER() OVER (PARTITION BY ad_id, ad_version
                            ORDER BY decided_at, decision_id) AS _first
  FROM decisions AS d
  WHERE NOT COALESCE(shadow, FALSE) AND source <> 'human' AND decided_at < {end}
),
record AS (SELECT * FROM machine WHERE _record = 1),
served_versions AS (
  SELECT ad_id, ad_version,
         CASE WHEN ROW_NUMBER() OVER (PARTITION BY ad_id ORDER BY since, ad_version) = 1
              THEN DATE '0001-01-01' ELSE since END AS from_day,
         COALESCE(LEAD(since) OVER (PARTITION BY ad_id ORDER BY since, ad_version),
                  DATE '9999-12-31') AS to_day
  FROM (SELECT ad_id, ad_version, CAST(MIN(decided_at) AS DATE) AS since
        FROM record GROUP BY ad_id, ad_version) AS versions
),
exposure AS (
  SELECT v.ad_id, v.ad_version,
         SUM(CAST(i.impressions AS DOUBLE)) AS impressions,
         SUM(CAST(i.spend AS DOUBLE)) AS spend
  FROM impressions AS i
  JOIN served_versions AS v
    ON i.ad_id = v.ad_id AND i.day >= v.from_day AND i.day < v.to_day
  WHERE i.day >= {first_day} AND i.day < {end_day}
  GROUP BY v.ad_id, v.ad_version
),
queue_outcome AS (
  SELECT ad_id, ad_version, verdict,
         ROW_NUMBER() OVER (PARTITION BY ad_id, ad_version
                            ORDER BY decided_at DESC, review_id DESC) AS _last
  FROM reviews
  WHERE (queue_reason IN ('model', 'rule')
         OR (queue_reason IS NULL AND COALESCE(sampling_prob, 1) = 1))
    AND decided_at IS NOT NULL
    AND verdict IN ('violating', 'compliant') AND COALESCE(role, 'L1') <> 'LLM'
),
confirmed AS (
  SELECT ad_id, ad_version, TRUE AS report_confirmed
  FROM reviews
  WHERE queue_reason = 'report' AND verdict = 'violating'
  GROUP BY ad_id, ad_version
),
reported AS (SELECT ad_id, MIN(filed_at) AS first_report FROM reports GROUP BY ad_id),
scored AS (
  SELECT ad_id, ad_version, TRUE AS scored FROM scores
  WHERE NOT COALESCE(shadow, FALSE) GROUP BY ad_id, ad_version
),
joined AS (
  SELECT r.ad_id, r.ad_version, COALESCE(r.market, a.market) AS market,
         {columns},
         {week} AS week,
         CAST(r.decided_at AS DATE) AS decision_day,
         r.decided_at >= {start} AS in_period,
         CASE WHEN r.decided_at >= {start} THEN 1 ELSE 0 END AS ads,
         CASE WHEN r._first = 1 THEN COALESCE(e.impressions, 0) ELSE 0 END AS impressions,
         CASE WHEN r._first = 1 THEN COALESCE(e.spend, 0) ELSE 0 END AS spend,
         r.action = 'review' OR q.verdict IS NOT NULL AS human_touch,
         COALESCE(s.scored, FALSE) AS scored,
         COALESCE(rep.first_report < r.decided_at, FALSE) AS reported_before,
         COALESCE(c.report_confirmed, FALSE) AS report_confirmed,
         q.verdict AS queue_verdict
  FROM record AS r
  LEFT JOIN ads AS a ON r.ad_id = a.ad_id AND r.ad_version = a.ad_version
  LEFT JOIN exposure AS e ON r.ad_id = e.ad_id AND r.ad_version = e.ad_version
  LEFT JOIN queue_outcome AS q
    ON r.ad_id = q.ad_id AND r.ad_version = q.ad_version AND q._last = 1
  LEFT JOIN confirmed AS c ON r.ad_id = c.ad_id AND r.ad_version = c.ad_version
  LEFT JOIN reported AS rep ON r.ad_id = rep.ad_id
  LEFT JOIN scored AS s ON r.ad_id = s.ad_id AND r.ad_version = s.ad_version
)
SELECT {derived}
FROM joined
WHERE in_period OR impressions > 0 OR spend > 0
"""


def week_sql(column: str, week_starts: str) -> str:
    """Write the first day of the week a time falls in."""
    ahead = {"monday": 0, "sunday": 1, "saturday": 2}[week_starts]
    if not ahead:
        return f"CAST(DATE_TRUNC('week', {column}) AS DATE)"
    shifted = f"DATE_TRUNC('week', {column} + INTERVAL '{ahead}' DAY)"
    return f"CAST({shifted} - INTERVAL '{ahead}' DAY AS DATE)"


def dimensions(engine: Engine, derived: Mapping[str, str]) -> tuple[str, ...]:
    """Name the columns that ads can be sliced by.

    Parameters
    ----------
    engine : Engine
        Where the logs are.
    derived : mapping
        The user's own dimensions.

    Returns
    -------
    tuple of str
        Names, the machine's own first.
    """
    own = ("policy", "action", "week", "market")
    taken = [
        name
        for table in ("decisions", "ads")
        for name, theirs in _taken(engine, table).items()
        if theirs != "decision_id" and not engine.columns(table)[theirs].startswith("TIMESTAMP")
    ]
    return tuple(dict.fromkeys((*own, *taken, *derived)))


def _taken(engine: Engine, table: str) -> dict[str, str]:
    """Give the columns that ads can be sliced by: the name each has here, and its own."""
    return {
        f"{name}_" if name.lower() in _OURS else name: name
        for name, kind in engine.columns(table).items()
        if name not in _OWN | _LONG_TEXT and not kind.endswith("[]")
    }


def population_sql(
    engine: Engine, period: Period, *, derived: Mapping[str, str], week_starts: str = "monday"
) -> str:
    """Write the query for the machine's decisions of record.

    The decision of record is the machine's first one, not in shadow, on an ad version in a market.
    Ads decided before the period are kept when they were shown in it: exposure is counted by the
    day it happened. Impressions belong to the version decided last before that day, and to the
    first market when an ad was decided in several.

    Parameters
    ----------
    engine : Engine
        Where the logs are.
    period : Period
        Days measured.
    derived : mapping
        The user's own dimensions as SQL over the population's columns.
    week_starts : str
        First day of a week: monday, sunday or saturday.

    Returns
    -------
    str
        A SELECT with one row an ad version and market.
    """
    decisions, ads = _taken(engine, "decisions"), _taken(engine, "ads")
    columns = [f"r.{ident(own)} AS {ident(name)}" for name, own in decisions.items()]
    columns += [
        f"a.{ident(own)} AS {ident(name)}" for name, own in ads.items() if name not in decisions
    ]
    extra = [f"({expression}) AS {ident(name)}" for name, expression in derived.items()]
    return _BODY.format(
        columns=",\n         ".join(columns),
        derived=", ".join(["joined.*", *extra]),
        week=week_sql("r.decided_at", week_starts),
        start=_instant(period.start.isoformat()),
        end=_instant(period.end.isoformat()),
        first_day=literal(period.start),
        end_day=literal(period.end),
    )


def _instant(day: str) -> str:
    return f"TIMESTAMPTZ '{day} 00:00:00+00:00'"


def build_population(
    engine: Engine, period: Period, *, derived: Mapping[str, str], week_starts: str = "monday"
) -> str:
    """Make the table ``population`` for this session.

    Parameters
    ----------
    engine : Engine
        Where the logs are.
    period : Period
        Days measured.
    derived : mapping
        The user's own dimensions.
    week_starts : str
        First day of a week: monday, sunday or saturday.

    Returns
    -------
    str
        The query that made it.

    Raises
    ------
    ConfigError
        If a derived dimension is not an expression over the population's columns.
    EngineError
        If the engine fails.
    """
    query = population_sql(engine, period, derived=derived, week_starts=week_starts)
    try:
        engine.materialise("population", query)
    except EngineError as fault:
        if not derived:
            raise
        raise ConfigError(
            f"a derived slice cannot be computed: {fault.cause}",
            where="shroff.toml [slices.derived]",
            hint="write SQL over columns of ads and decisions: "
            + ", ".join(_taken(engine, "ads")),
        ) from fault
    return query
