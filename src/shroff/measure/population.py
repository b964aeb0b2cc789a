"""Every ad the machine decided on, once, with what later happened to it."""

from __future__ import annotations

from collections.abc import Mapping

from shroff.domain.slices import Period
from shroff.errors import ConfigError, EngineError
from shroff.measure.decided import FACTS, facts_sql, joins_sql, record_sql
from shroff.store.engine import Engine
from shroff.store.sql import ident, literal

__all__ = [
    "ad_columns",
    "build_population",
    "dimensions",
    "kept_columns",
    "population_sql",
    "week_sql",
]

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
WITH {record},
exposure AS (
  SELECT v.ad_id, v.ad_version,
         SUM(CAST(i.impressions AS DOUBLE)) AS impressions,
         SUM(CAST(i.spend AS DOUBLE)) AS spend
  FROM impressions AS i
  JOIN record AS v
    ON i.ad_id = v.ad_id AND i.day >= v.from_day AND i.day < v.to_day
  WHERE i.day >= {first_day} AND i.day < {end_day} AND v._first = 1
  GROUP BY v.ad_id, v.ad_version
),
{facts},
joined AS (
  SELECT r.ad_id, r.ad_version, COALESCE(r.market, a.market) AS market,
         {columns},
         {week} AS week,
         CAST(r.decided_at AS DATE) AS decision_day,
         r.decided_at >= {start} AS in_period,
         CASE WHEN r.decided_at >= {start} THEN 1 ELSE 0 END AS ads,
         CASE WHEN r._first = 1 THEN COALESCE(e.impressions, 0) ELSE 0 END AS impressions,
         CASE WHEN r._first = 1 THEN COALESCE(e.spend, 0) ELSE 0 END AS spend,
         {later}
  FROM record AS r
  LEFT JOIN exposure AS e ON r.ad_id = e.ad_id AND r.ad_version = e.ad_version{joins}
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
        for types in [engine.columns(table)]
        for name, theirs in ad_columns(engine, table).items()
        if theirs != "decision_id" and not types[theirs].startswith("TIMESTAMP")
    ]
    return tuple(dict.fromkeys((*own, *taken, *derived)))


def ad_columns(engine: Engine, table: str) -> dict[str, str]:
    """Give the columns that ads can be sliced by: the name each has here, and its own."""
    return {
        f"{name}_" if name.lower() in _OURS else name: name
        for name, kind in engine.columns(table).items()
        if name not in _OWN | _LONG_TEXT and not kind.endswith("[]")
    }


def kept_columns(
    engine: Engine, table: str, *, alias: str, columns: Mapping[str, str]
) -> tuple[str, ...]:
    """Write the columns that ads can be sliced by as they are kept.

    Parameters
    ----------
    engine : Engine
        Where the logs are.
    table : str
        Their table.
    alias : str
        What the query calls it.
    columns : mapping
        The name each is given, and its own.

    Returns
    -------
    tuple of str
        One select item a column. A negative zero is zero: they make one slice, and engines differ
        in which of the two names it.
    """
    kinds = engine.columns(table)
    signed = {"DOUBLE": " + 0.0", "FLOAT": " + 0.0"}
    return tuple(
        f"{alias}.{ident(own)}{signed.get(kinds[own], '')} AS {ident(name)}"
        for name, own in columns.items()
    )


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
    decisions, ads = ad_columns(engine, "decisions"), ad_columns(engine, "ads")
    later = [f"{fact} AS {name}" for name, fact in FACTS.items()]
    new = {name: own for name, own in ads.items() if name not in decisions}
    columns = [
        *kept_columns(engine, "decisions", alias="r", columns=decisions),
        *kept_columns(engine, "ads", alias="a", columns=new),
    ]
    extra = [f"({expression}) AS {ident(name)}" for name, expression in derived.items()]
    end = _instant(period.end.isoformat())
    return _BODY.format(
        record=record_sql(list(decisions.values()), until=end),
        facts=facts_sql(),
        joins=joins_sql(),
        later=",\n         ".join(later),
        columns=",\n         ".join(columns),
        derived=", ".join(["joined.*", *extra]),
        week=week_sql("r.decided_at", week_starts),
        start=_instant(period.start.isoformat()),
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
            + ", ".join(ad_columns(engine, "ads")),
        ) from fault
    return query
