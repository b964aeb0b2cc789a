"""Metrics of the user's own, counted by their two conditions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from shroff.domain.messages import Message
from shroff.domain.metrics import Metric, Weight
from shroff.errors import ConfigError, EngineError
from shroff.measure.blocks import Block
from shroff.measure.bounded import short_actions, unlabelled_sql
from shroff.measure.clustered import clustered_shares
from shroff.measure.counts import Cube, count
from shroff.measure.frame import Frame
from shroff.measure.ground import (
    ROWS,
    SCENES,
    Ground,
    Reading,
    bits_sql,
    own_column,
    supposed_sql,
)
from shroff.measure.quality import counts_in, estimate_figures, label_sums, strata_of_cube
from shroff.stats.bounds import Unlabelled, bounds
from shroff.stats.estimate import Estimates, Status
from shroff.stats.sampling import Cells, ExposureSums, Ratio
from shroff.store.engine import Engine

__all__ = ["OWN_OUTCOMES", "custom_blocks", "judged_sql", "needs_labels"]

_LABELLED = """(
  SELECT f.*, any_violating AS violating, TRUE AS cited,
         any_violating AND COALESCE(array_contains(truth_policies, policy_id), FALSE)
           AS right_policy
  FROM {table} AS f) AS labelled"""
_COUNTED = "(SELECT p.*, TRUE AS cited FROM population AS p) AS counted"
_CAN_BE = """CASE WHEN 3 IN ({bits}) THEN 4 ELSE 0 END
  + CASE WHEN 1 IN ({bits}) THEN 2 ELSE 0 END
  + CASE WHEN 0 IN ({bits}) THEN 1 ELSE 0 END"""
_ANYTHING = "(SELECT p.*, 7 AS can_be FROM population AS p WHERE {unlabelled}) AS waiting"
_HIT, _MISS, _LEAVE = 4, 2, 1
_BITS = np.arange(4)
OWN_OUTCOMES = Ratio(numerator=_BITS == 3, denominator=(_BITS & 1) == 1)
"""What ``bits`` count above and below the line."""


def needs_labels(engine: Engine, metric: Metric, ground: Ground = ROWS) -> bool:
    """Tell whether a metric's conditions speak of labels; if not it is counted in full.

    Parameters
    ----------
    engine : Engine
        Where the tables ``population`` and ``frame`` are.
    metric : Metric
        A metric of the user's own.
    ground : Ground
        What the population is counted on.

    Returns
    -------
    bool
        True when the population alone cannot tell.

    Raises
    ------
    ConfigError
        If a condition holds a column that neither has.
    """
    if ground.cuts:
        if ground.own[metric.id] is Reading.COUNTED:
            return False
    elif metric.weight is Weight.ADS and not _fault(engine, metric, _COUNTED):
        return False
    fault = _fault(engine, metric, _LABELLED.format(table="frame_ads"))
    if fault:
        raise ConfigError(
            f"the metric cannot be computed: {fault}",
            where=f"shroff.toml [metrics.{metric.id}]",
            hint="conditions speak of action, violating, any_violating, right_policy, market, ...",
        )
    return True


def _fault(engine: Engine, metric: Metric, source: str) -> str:
    return _fault_of(
        engine,
        f"SELECT 1 AS x FROM {source} WHERE ({metric.numerator}) OR ({metric.denominator})",
    )


def _fault_of(engine: Engine, query: str) -> str:
    try:
        engine.query(f"{query} LIMIT 0")
    except EngineError as fault:
        return fault.cause
    return ""


def custom_blocks(
    engine: Engine,
    frame: Frame,
    metric: Metric,
    *,
    slicings: Sequence[tuple[str, ...]],
    level: float,
    ground: Ground = ROWS,
) -> tuple[list[Block], list[str]]:
    """Estimate a metric of the user's own from the label frame.

    Parameters
    ----------
    engine : Engine
        Where the frame is.
    frame : Frame
        The label frame.
    metric : Metric
        The metric.
    slicings : sequence of tuple of str
        Sets of dimensions.
    level : float
        Coverage wanted, in (0, 1).
    ground : Ground
        What the population is counted on.

    Returns
    -------
    list of Block, list of str
        The figures and the query that gave them.
    """
    cube = _labels(engine, frame, metric, slicings=slicings)
    random = frame.any_probability()
    block = Block(
        metric=metric.id,
        dimensions=(),
        slices=cube.slices,
        estimates=_estimated(engine, frame, metric, cube=cube, level=level),
        status=(Status.ESTIMATE if random else Status.PROXY,) * len(cube.slices),
        design=frame.text(),
        caveats=frame.caveats() if random else (Message("scorecard.found"),),
    )
    if random and short_actions(frame):
        block = _bounded(engine, frame, metric, block=block, slicings=slicings, ground=ground)
    return _cut(block, cube), [cube.query]


def _labels(
    engine: Engine, frame: Frame, metric: Metric, *, slicings: Sequence[tuple[str, ...]]
) -> Cube:
    return count(
        engine,
        judged_sql(frame, metric),
        slicings=slicings,
        keys=("stratum_code", "bits"),
        sums=label_sums(metric.weight),
        where=counts_in(metric.weight),
    )


def judged_sql(frame: Frame, metric: Metric) -> str:
    """Write the query that reads a metric's two conditions for each label, as column ``bits``."""
    labelled = _LABELLED.format(table=frame.table)
    return f"(SELECT labelled.*, {_bits(metric)} AS bits FROM {labelled}) AS judged"


def _estimated(
    engine: Engine, frame: Frame, metric: Metric, *, cube: Cube, level: float
) -> Estimates:
    if frame.clustered:
        found = clustered_shares(
            engine,
            frame,
            source=judged_sql(frame, metric),
            outcome="bits",
            ratio=OWN_OUTCOMES,
            slices={slicing: cube.slices[a:b] for slicing, (a, b) in cube.spans.items()},
            level=level,
        )
        if found is not None:
            return found
    columns = cube.columns
    cells = Cells(
        group=cube.group,
        stratum=columns["stratum_code"].astype(np.intp),
        cell=columns["bits"].astype(np.intp),
        n=columns["n"],
        w=columns["w"],
        w2=columns["w2"],
        exposure=ExposureSums(wm=columns["wm"], wm2=columns["wm2"], w2m2=columns["w2m2"])
        if "wm" in columns
        else None,
    )
    return estimate_figures(
        cells,
        strata_of_cube(frame, cube),
        weight=metric.weight,
        chosen=[OWN_OUTCOMES],
        groups=len(cube.slices),
        level=level,
    )[0]


def _bits(metric: Metric) -> str:
    return bits_sql(metric.numerator, metric.denominator)


def _cut(block: Block, cube: Cube) -> list[Block]:
    return [
        replace(
            block,
            dimensions=slicing,
            slices=block.slices[first:last],
            estimates=block.estimates.part(first, last),
            status=block.status[first:last],
        )
        for slicing, (first, last) in cube.spans.items()
    ]


def _scenes(engine: Engine, metric: Metric, *, unlabelled: str, ground: Ground) -> str:
    """Write the query that reads each ad without a label in every way it can turn out."""
    scenes = SCENES[Reading.SCENES]
    bits = ", ".join(own_column(metric.id, number) for number, _ in enumerate(scenes))
    source = f"(SELECT * FROM population WHERE {unlabelled}) AS p"
    if not ground.cuts:
        columns = list(engine.columns("population"))
        for number, scene in enumerate(scenes):
            read = {own_column(metric.id, number): _bits(metric)}
            source = supposed_sql(source, columns, scene=scene, read=read)
            columns += read
    return f"(SELECT p.*, {_CAN_BE.format(bits=bits)} AS can_be FROM {source}) AS waiting"


def _waiting(
    engine: Engine,
    frame: Frame,
    metric: Metric,
    *,
    slicings: Sequence[tuple[str, ...]],
    ground: Ground,
) -> Cube:
    """Count the ads without a chance of a label by what they can turn out: hit, miss, neither."""
    open_sql = unlabelled_sql(frame)
    source = _scenes(engine, metric, unlabelled=open_sql, ground=ground)
    if _fault_of(engine, f"SELECT can_be FROM {source}"):
        # conditions on what only a label has: it may turn out anything
        source = _ANYTHING.format(unlabelled=open_sql)
    return count(
        engine,
        source,
        slicings=slicings,
        keys=("can_be",),
        sums={"n": f"SUM({metric.weight})"},
        where=counts_in(metric.weight),
        ground=ground,
    )


def _bounded(
    engine: Engine,
    frame: Frame,
    metric: Metric,
    *,
    block: Block,
    slicings: Sequence[tuple[str, ...]],
    ground: Ground,
) -> Block:
    """Give bounds where ads that had no chance of a label could be in the denominator."""
    cube = _waiting(engine, frame, metric, slicings=slicings, ground=ground)
    places = {part: place for place, part in enumerate(block.slices)}
    group = np.array([places.get(cube.slices[g], -1) for g in cube.group], dtype=np.intp)
    kept = group >= 0
    unlabelled = Unlabelled(
        group=group[kept],
        known=cube.columns["can_be"][kept].astype(np.intp),
        count=cube.columns["n"][kept],
    )
    known = np.repeat(np.arange(8), 3)
    ends = np.tile(np.array([_HIT, _MISS, _LEAVE]), 8)
    able = (known & ends) > 0
    ratio = Ratio(numerator=(ends == _HIT)[able], denominator=(ends != _LEAVE)[able])
    found = bounds(block.estimates, unlabelled, metric=ratio, known=known[able])
    moved = np.isnan(found.value) & np.isfinite(found.low)
    if not moved.any():
        return block
    caveat = Message("scorecard.never_sampled", {"actions": ", ".join(short_actions(frame))})
    return replace(
        block,
        estimates=found,
        status=tuple(Status.BOUNDS if m else s for m, s in zip(moved, block.status, strict=True)),
        caveats=(*block.caveats, caveat),
    )
