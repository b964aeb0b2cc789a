"""What people did day by day: queue inflow, what reviewers said, appeals; and what detectors hit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from shroff.domain.slices import Period, Slice
from shroff.measure.counts import Cube, count
from shroff.store.engine import Engine
from shroff.store.sql import literal
from shroff.watch.daily_flow import dated
from shroff.watch.daily_series import DailyBlock, Floats, aligned, spread
from shroff.watch.watched_metrics import (
    APPEALS_FILED,
    APPEALS_WON,
    FIRST_REVIEWED,
    HITS,
    INFLOW,
    OVERTURNED,
)

__all__ = [
    "APPEALED",
    "DETECTED",
    "FIRST_LOOKS",
    "SECOND_LOOKS",
    "daily_appeals",
    "daily_hits",
    "daily_inflow",
    "daily_overturns",
    "daily_verdicts",
    "reviewed_source",
]

DETECTED = "detector"

_MOST_DETECTORS = 300

_FAMILY = """(SELECT t.*, COALESCE(p.parent, c.policy_id) AS policy_family
  FROM {source} AS t
  LEFT JOIN (SELECT ad_id, ad_version, MIN(policy_id) AS policy_id
             FROM {rows} GROUP BY ad_id, ad_version) AS c
    ON t.ad_id = c.ad_id AND t.ad_version = c.ad_version
  LEFT JOIN (SELECT policy_id, MAX(parent) AS parent FROM policies GROUP BY policy_id) AS p
    ON c.policy_id = p.policy_id) AS cited"""

FIRST_LOOKS = """(SELECT * FROM tasks
  WHERE done AND COALESCE(role, 'L1') = 'L1' AND verdict IN ('violating', 'compliant')
    AND COALESCE(queue_reason, 'model') IN ('model', 'rule'))"""

SECOND_LOOKS = """(SELECT t.*, CASE WHEN t.verdict <> again.verdict THEN 1 ELSE 0 END AS changed
  FROM {first} AS t
  JOIN (SELECT ad_id, COALESCE(ad_version, 1) AS ad_version, verdict, decided_at,
               ROW_NUMBER() OVER (PARTITION BY ad_id, COALESCE(ad_version, 1)
                                  ORDER BY decided_at DESC, review_id DESC) AS _last
        FROM reviews
        WHERE (queue_reason IN ('recheck', 'random', 'seeded') OR role IN ('QA', 'SME'))
          AND verdict IN ('violating', 'compliant') AND COALESCE(role, 'L2') <> 'LLM') AS again
    ON t.ad_id = again.ad_id AND t.ad_version = again.ad_version AND again._last = 1
   AND again.decided_at >= t.decided_at)"""

APPEALED = """(SELECT ap.filed_at, ap.decided_at,
         CASE WHEN ap.outcome IN ('reversed', 'partly_reversed') THEN 1 ELSE 0 END AS won,
         CASE WHEN ap.outcome IS NOT NULL THEN 1 ELSE 0 END AS settled, {columns}
  FROM appeals AS ap
  LEFT JOIN (SELECT ads.*, ROW_NUMBER() OVER (PARTITION BY ad_id ORDER BY ad_version) AS _one
             FROM ads) AS a ON ap.ad_id = a.ad_id AND a._one = 1) AS appealed"""

_HIT = """(SELECT h.detector, h.hit_at, h.ad_id, COALESCE(h.ad_version, 1) AS ad_version
  FROM hits AS h WHERE NOT COALESCE(h.shadow, FALSE)) AS fired"""


def reviewed_source(metric: str, rows: str = "population") -> str:
    """Write the reviews of a metric, with the policy family that the machine cited.

    Parameters
    ----------
    metric : str
        `FIRST_REVIEWED`, or `OVERTURNED` for those that were looked at again.
    rows : str
        Table of single ads.

    Returns
    -------
    str
        A query in parentheses; ``tasks`` must stand.
    """
    second = SECOND_LOOKS.format(first=FIRST_LOOKS)
    return _FAMILY.format(source=second if metric == OVERTURNED else FIRST_LOOKS, rows=rows)


def _blocks(
    cube: Cube,
    metric: str,
    *,
    above: str,
    below: str | None,
    period: Period,
    complete: Floats,
) -> list[DailyBlock]:
    found = []
    for slicing, span in cube.spans.items():
        found.append(
            DailyBlock(
                metric=metric,
                dimensions=slicing,
                slices=cube.slices[span[0] : span[1]],
                first=period.start,
                above=spread(cube, span, above, days=period.days),
                below=None if below is None else spread(cube, span, below, days=period.days),
                complete=complete,
            )
        )
    return found


def daily_inflow(
    engine: Engine, *, slicings: Sequence[tuple[str, ...]], period: Period, complete: Floats
) -> tuple[list[DailyBlock], list[str]]:
    """Count review tasks by the day they entered a queue; ``tasks`` must stand.

    Parameters
    ----------
    engine : Engine
        Where the table is.
    slicings : sequence of tuple of str
        Sets of dimensions of tasks.
    period : Period
        Days.
    complete : array, shape (T,)
        How complete each day is.

    Returns
    -------
    list of DailyBlock, list of str
        Counts, and the query.
    """
    cube = count(
        engine,
        dated("tasks", "enqueued_at", period=period),
        slicings=slicings,
        keys=("day_number",),
        sums={"n": "COUNT(*)"},
        where="entered",
    )
    found = _blocks(cube, INFLOW, above="n", below=None, period=period, complete=complete)
    return found, [cube.query]


def daily_verdicts(
    engine: Engine,
    *,
    slicings: Sequence[tuple[str, ...]],
    period: Period,
    complete: Floats,
    rows: str,
) -> tuple[list[DailyBlock], list[str]]:
    """Count what first reviewers said, by the day they said it; ``tasks`` must stand.

    Parameters
    ----------
    engine, slicings, period, complete
        As for `daily_inflow`; ``policy_family`` is the policy above the one the machine cited.
    rows : str
        Table of single ads.

    Returns
    -------
    list of DailyBlock, list of str
        Shares found violating, and the query.
    """
    return _shares(
        engine,
        FIRST_REVIEWED,
        above="SUM(CASE WHEN verdict = 'violating' THEN 1 ELSE 0 END)",
        slicings=slicings,
        period=period,
        complete=complete,
        rows=rows,
    )


def daily_overturns(
    engine: Engine,
    *,
    slicings: Sequence[tuple[str, ...]],
    period: Period,
    complete: Floats,
    rows: str,
) -> tuple[list[DailyBlock], list[str]]:
    """Count first reviews that a later, better look contradicts; ``tasks`` must stand.

    Parameters
    ----------
    engine, slicings, period, complete, rows
        As for `daily_verdicts`. A better look is a re-review, a quality check or a random audit.

    Returns
    -------
    list of DailyBlock, list of str
        Shares overturned, by the day of the first review, and the query.
    """
    return _shares(
        engine,
        OVERTURNED,
        above="SUM(changed)",
        slicings=slicings,
        period=period,
        complete=complete,
        rows=rows,
    )


def _shares(
    engine: Engine,
    metric: str,
    *,
    above: str,
    slicings: Sequence[tuple[str, ...]],
    period: Period,
    complete: Floats,
    rows: str,
) -> tuple[list[DailyBlock], list[str]]:
    cube = count(
        engine,
        dated(reviewed_source(metric, rows), "decided_at", period=period),
        slicings=slicings,
        keys=("day_number",),
        sums={"above": above, "below": "COUNT(*)"},
    )
    found = _blocks(cube, metric, above="above", below="below", period=period, complete=complete)
    return found, [cube.query]


def daily_appeals(
    engine: Engine,
    *,
    columns: Mapping[str, str],
    slicings: Sequence[tuple[str, ...]],
    period: Period,
    complete: Floats,
) -> tuple[list[DailyBlock], list[str]]:
    """Count appeals by the day they were filed, and those won by the day they were decided.

    Parameters
    ----------
    engine : Engine
        Where the logs are.
    columns : mapping
        Columns of ads to slice by: the name here, and the log's.
    slicings, period, complete
        As for `daily_inflow`.

    Returns
    -------
    list of DailyBlock, list of str
        Counts and shares, and the queries.
    """
    shown = ", ".join(f'a."{own}" AS "{name}"' for name, own in columns.items()) or "1 AS one"
    source = APPEALED.format(columns=shown)
    filed, settled = (
        count(
            engine,
            dated(source, column, period=period),
            slicings=slicings,
            keys=("day_number",),
            sums={"n": "COUNT(*)", "won": "SUM(won)", "settled": "SUM(settled)"},
        )
        for column in ("filed_at", "decided_at")
    )
    how = {"period": period, "complete": complete}
    blocks = _blocks(filed, APPEALS_FILED, above="n", below=None, **how)  # type: ignore[arg-type]
    blocks += _blocks(settled, APPEALS_WON, above="won", below="settled", **how)  # type: ignore[arg-type]
    return blocks, [filed.query, settled.query]


def daily_hits(
    engine: Engine, *, ads: Floats, period: Period, complete: Floats
) -> tuple[list[DailyBlock], list[str]]:
    """Count the ads that each detector hit, of all ads decided that day.

    Parameters
    ----------
    engine : Engine
        Where the logs are.
    ads : array, shape (T,)
        Ads decided each day.
    period, complete
        As for `daily_inflow`.

    Returns
    -------
    list of DailyBlock, list of str
        Shares of ads hit by the detectors that hit most, and the query.
    """
    names = engine.query(
        "SELECT detector, COUNT(*) AS n FROM hits WHERE NOT COALESCE(shadow, FALSE)"
        f" AND CAST(hit_at AS DATE) >= {literal(period.start)}"
        f" GROUP BY detector ORDER BY n DESC, detector LIMIT {_MOST_DETECTORS}"
    )
    wanted = [Slice(((DETECTED, name),)) for name in names.column("detector").to_pylist()]
    if not wanted:
        return [], []
    cube = count(
        engine,
        dated(_HIT, "hit_at", period=period),
        slicings=[(DETECTED,)],
        keys=("day_number",),
        sums={"n": "COUNT(DISTINCT ad_id)"},
    )
    table = spread(cube, cube.spans[(DETECTED,)], "n", days=period.days)
    above = aligned(table, cube.slices, wanted=wanted)
    block = DailyBlock(
        metric=HITS,
        dimensions=(DETECTED,),
        slices=tuple(wanted),
        first=period.start,
        above=np.minimum(above, ads),
        below=np.broadcast_to(ads, above.shape).copy(),
        complete=complete,
    )
    return [block], [cube.query]
