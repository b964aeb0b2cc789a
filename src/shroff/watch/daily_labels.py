"""What labels say day by day: leakage, precision, prevalence, each day with its interval."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import numpy as np

from shroff.domain.metrics import Metric, Weight
from shroff.domain.slices import EVERYTHING, Period, Slice
from shroff.measure.counts import Cube, count
from shroff.measure.decided import record_sql
from shroff.measure.flow import scoped
from shroff.measure.frame import Frame
from shroff.measure.ground import Ground
from shroff.measure.policies import count_policy_labels, policies_of
from shroff.measure.quality import (
    CountedSlicing,
    Outcomes,
    cells_of,
    count_labels,
    estimate_figures,
    label_sums,
    strata_of_cube,
)
from shroff.stats.estimate import Estimates
from shroff.stats.sampling import Cells
from shroff.store.engine import Engine
from shroff.store.sql import ident, literal
from shroff.watch.daily_flow import common_values
from shroff.watch.daily_series import DailyBlock, Floats

__all__ = ["daily_exposure", "daily_labels"]

_DAY, _SEEN = "decision_day", "shown_day"

_EXPOSED = """(
WITH {record}
SELECT f.*, i.day AS shown_day, CAST(i.impressions AS DOUBLE) AS impressions,
       CAST(i.spend AS DOUBLE) AS spend, TRUE AS in_period
FROM (SELECT {columns} FROM {frame} WHERE impressions > 0) AS f
JOIN record AS v ON f.ad_id = v.ad_id AND f.ad_version = v.ad_version AND v._first = 1
JOIN impressions AS i ON i.ad_id = v.ad_id AND i.day >= v.from_day AND i.day < v.to_day
WHERE i.day >= {start} AND i.day < {end}
) AS exposed"""


def daily_labels(
    engine: Engine,
    frame: Frame,
    outcomes: Outcomes,
    *,
    metrics: Sequence[Metric],
    slicings: Sequence[tuple[str, ...]],
    period: Period,
    complete: Floats,
    ground: Ground,
) -> tuple[list[DailyBlock], list[str]]:
    """Estimate rates that rest on labels by the day of the decision.

    Parameters
    ----------
    engine : Engine
        Where the frame is.
    frame : Frame
        The label frame by ads.
    outcomes : Outcomes
        What each metric counts.
    metrics : sequence of Metric
        Metrics whose unit is the ad.
    slicings : sequence of tuple of str
        Sets of dimensions.
    period : Period
        Days.
    complete : array, shape (T,)
        How complete each day's labels are.
    ground : Ground
        What the population is counted on.

    Returns
    -------
    list of DailyBlock, list of str
        A block for each metric and slicing, and the queries.
    """
    if not metrics:
        return [], []
    blocks: list[DailyBlock] = []
    queries: list[str] = []
    for slicing in slicings:
        slices = _slices(engine, frame, slicing, ground=ground)
        if not slices:
            continue
        counted = _counted(engine, frame, slicing, slices=slices, period=period)
        queries.append(counted.query)
        chosen = [outcomes.ratios[metric.id] for metric in metrics]
        how = {"weight": Weight.ADS, "groups": len(counted.slices), "level": 0.95}
        figures = estimate_figures(counted.cells, counted.strata, chosen=chosen, **how)  # type: ignore[arg-type]
        first = len(counted.slices) - len(slices) * period.days
        shared = {"slices": slices, "period": period, "complete": complete}
        blocks += [
            _block(metric.id, found.part(first, len(found)), slicing, **shared)  # type: ignore[arg-type]
            for metric, found in zip(metrics, figures, strict=True)
        ]
    return blocks, queries


def _slices(
    engine: Engine, frame: Frame, slicing: tuple[str, ...], *, ground: Ground
) -> list[Slice]:
    """List the slices that occur in the frame."""
    rest = scoped(slicing)
    kept, _ = common_values(engine, rest, ground=ground)
    cube = count(
        engine, frame.table, slicings=[rest], sums={"n": "COUNT(*)"}, where=f"in_period AND {kept}"
    )
    if "policy" not in slicing:
        return list(cube.slices)
    policies = policies_of(engine, frame)
    return [
        Slice(tuple((n, {**dict(part.terms), "policy": policy}[n]) for n in slicing))
        for policy in policies
        for part in cube.slices
    ]


def _dated(slices: Sequence[Slice], period: Period) -> list[Slice]:
    days = [str(period.start + timedelta(days=n)) for n in range(period.days)]
    return [Slice((*part.terms, (_DAY, day))) for part in slices for day in days]


def _counted(
    engine: Engine,
    frame: Frame,
    slicing: tuple[str, ...],
    *,
    slices: Sequence[Slice],
    period: Period,
) -> CountedSlicing:
    wanted = _dated(slices, period)
    if "policy" in slicing:
        rest = (*scoped(slicing), _DAY)
        return count_policy_labels(engine, frame, rest=rest, slices=wanted)
    return count_labels(engine, frame, slices={(): [EVERYTHING], (*slicing, _DAY): wanted})


def _block(
    metric: str,
    found: Estimates,
    slicing: tuple[str, ...],
    *,
    slices: Sequence[Slice],
    period: Period,
    complete: Floats,
) -> DailyBlock:
    """Give as many labels as a simple random sample would need to tell as much."""
    shape = (len(slices), period.days)
    value = found.value.reshape(shape)
    labels = np.nan_to_num(found.n_effective).reshape(shape)
    labels = np.where(np.isfinite(value), labels, 0.0)
    return DailyBlock(
        metric=metric,
        dimensions=slicing,
        slices=tuple(slices),
        first=period.start,
        above=np.nan_to_num(value) * labels,
        below=labels,
        low=found.low.reshape(shape),
        high=found.high.reshape(shape),
        complete=complete,
    )


def daily_exposure(
    engine: Engine,
    frame: Frame,
    outcomes: Outcomes,
    *,
    metrics: Sequence[Metric],
    slicings: Sequence[tuple[str, ...]],
    period: Period,
    complete: Floats,
    ground: Ground,
) -> tuple[list[DailyBlock], list[str]]:
    """Estimate shares of what people saw, by the day they saw it.

    Parameters
    ----------
    engine : Engine
        Where the frame is.
    frame : Frame
        The label frame by impressions.
    outcomes, slicings, period, complete, ground
        As for `daily_labels`; slicings by policy are left out.
    metrics : sequence of Metric
        Metrics whose unit is the impression.

    Returns
    -------
    list of DailyBlock, list of str
        A block for each metric and slicing, and the queries.
    """
    if not metrics:
        return [], []
    source = _exposed(engine, frame, period)
    blocks: list[DailyBlock] = []
    queries: list[str] = []
    for slicing in slicings:
        if "policy" in slicing:
            continue
        kept, _ = common_values(engine, slicing, ground=ground)
        where = f"impressions > 0 AND {kept}"
        cube = _seen_cube(engine, source, (*slicing, _SEEN), where=where)
        queries.append(cube.query)
        slices, cells = _seen_cells(cube, slicing, period=period)
        figures = estimate_figures(
            cells,
            strata_of_cube(frame, cube),
            weight=Weight.IMPRESSIONS,
            chosen=[outcomes.ratios[metric.id] for metric in metrics],
            groups=len(slices) * period.days,
            level=0.95,
        )
        blocks += [
            _block(m.id, found, slicing, slices=slices, period=period, complete=complete)
            for m, found in zip(metrics, figures, strict=True)
        ]
    return blocks, queries


def _seen_cube(engine: Engine, source: str, slicing: tuple[str, ...], *, where: str) -> Cube:
    return count(
        engine,
        source,
        slicings=[(), slicing],
        keys=("stratum_code", "outcome"),
        sums=label_sums(Weight.IMPRESSIONS),
        where=where,
    )


def _seen_cells(
    cube: Cube, slicing: tuple[str, ...], *, period: Period
) -> tuple[list[Slice], Cells]:
    """List the slices of a cube by day, and number its cells by slice and day."""
    first, last = cube.spans[(*slicing, _SEEN)]
    slices = sorted({Slice(part.terms[:-1]) for part in cube.slices[first:last]}, key=_sorted)
    places = {part: place for place, part in enumerate(_shown(slices, period))}
    to = np.full(len(cube.slices), -1, dtype=np.intp)
    to[first:last] = [places.get(part, -1) for part in cube.slices[first:last]]
    group = to[cube.group] if len(cube.slices) else cube.group
    mine = group >= 0
    return slices, cells_of({n: each[mine] for n, each in cube.columns.items()}, group[mine])


def _shown(slices: Sequence[Slice], period: Period) -> list[Slice]:
    return [Slice((*d.terms[:-1], (_SEEN, d.terms[-1][1]))) for d in _dated(slices, period)]


def _sorted(part: Slice) -> tuple[tuple[str, str], ...]:
    return tuple((name, value or "") for name, value in part.terms)


def _exposed(engine: Engine, frame: Frame, period: Period) -> str:
    columns = [
        name
        for name in engine.columns(frame.table)
        if name not in {"impressions", "spend", "in_period"}
    ]
    return _EXPOSED.format(
        record=record_sql(()),
        columns=", ".join(ident(name) for name in columns),
        frame=frame.table,
        start=literal(period.start),
        end=literal(period.end),
    )
