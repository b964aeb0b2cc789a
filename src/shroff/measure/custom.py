"""Metrics of the user's own, counted by their two conditions."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from shroff.domain.metrics import Metric, Weight
from shroff.errors import ConfigError, EngineError
from shroff.measure.blocks import Block
from shroff.measure.counts import count
from shroff.measure.frame import Frame
from shroff.measure.quality import counts_in, estimate_figures, label_sums, strata_of_cube
from shroff.stats.estimate import Status
from shroff.stats.sampling import Cells, ExposureSums, Ratio
from shroff.store.engine import Engine

__all__ = ["custom_blocks", "needs_labels"]

_LABELLED = """(
  SELECT f.*, any_violating AS violating, TRUE AS cited,
         any_violating AND COALESCE(array_contains(truth_policies, policy_id), FALSE)
           AS right_policy
  FROM {table} AS f) AS labelled"""
_COUNTED = "(SELECT p.*, TRUE AS cited FROM population AS p) AS counted"


def needs_labels(engine: Engine, metric: Metric) -> bool:
    """Tell whether a metric's conditions speak of labels; if not it is counted in full.

    Parameters
    ----------
    engine : Engine
        Where the tables ``population`` and ``frame`` are.
    metric : Metric
        A metric of the user's own.

    Returns
    -------
    bool
        True when the population alone cannot tell.

    Raises
    ------
    ConfigError
        If a condition holds a column that neither has.
    """
    if metric.weight is Weight.ADS and not _fault(engine, metric, _COUNTED):
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
    test = f"SELECT 1 AS x FROM {source} WHERE ({metric.numerator}) OR ({metric.denominator})"
    try:
        engine.query(f"{test} LIMIT 0")
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

    Returns
    -------
    list of Block, list of str
        The figures and the query that gave them.
    """
    side = f"CASE WHEN {metric.denominator} THEN 1 ELSE 0 END"
    both = f"CASE WHEN ({metric.denominator}) AND ({metric.numerator}) THEN 2 ELSE 0 END"
    source = f"(SELECT labelled.*, {side} + {both} AS bits FROM {_LABELLED.format(table=frame.table)}) AS judged"
    cube = count(
        engine,
        source,
        slicings=slicings,
        keys=("stratum_code", "bits"),
        sums=label_sums(metric.weight),
        where=counts_in(metric.weight),
    )
    bits = np.arange(4)
    ratio = Ratio(numerator=bits == 3, denominator=(bits & 1) == 1)
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
    figures = estimate_figures(
        cells,
        strata_of_cube(frame, cube),
        weight=metric.weight,
        chosen=[ratio],
        groups=len(cube.slices),
        level=level,
    )[0]
    status = Status.ESTIMATE if frame.any_probability() else Status.PROXY
    return [
        Block(
            metric=metric.id,
            dimensions=slicing,
            slices=cube.slices[first:last],
            estimates=figures.part(first, last),
            status=(status,) * (last - first),
            design=frame.text(),
            caveats=frame.caveats(),
        )
        for slicing, (first, last) in cube.spans.items()
    ], [cube.query]
