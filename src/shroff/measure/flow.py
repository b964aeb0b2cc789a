"""Rates counted in full: what the machine did with every ad of the period."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from shroff.domain.metrics import Metric
from shroff.domain.slices import Slice
from shroff.measure.blocks import Block
from shroff.measure.counts import Cube, count
from shroff.measure.ground import ROWS, Ground, own_column
from shroff.stats.estimate import Estimates, Status
from shroff.store.engine import Engine

__all__ = ["counted", "flow", "scoped", "scoped_source", "sums_of"]


def scoped(slicing: tuple[str, ...]) -> tuple[str, ...]:
    """Give the slicing without the policy dimension, which is a scope and not a column."""
    return tuple(name for name in slicing if name != "policy")


def counted(above: np.ndarray, below: np.ndarray, *, level: float) -> Estimates:
    """Give shares of things counted in full.

    Parameters
    ----------
    above, below : array of shape (groups,)
        The two counts.
    level : float
        Level the scorecard works at.

    Returns
    -------
    Estimates
        Exact shares: both ends of the interval are the value.
    """
    below = np.asarray(below, dtype=np.float64)
    share = np.divide(above, below, out=np.full(len(below), np.nan), where=below > 0)
    nothing = np.full(len(below), np.nan)
    return Estimates(
        value=share,
        low=share,
        high=share,
        n=below.astype(np.int64),
        n_effective=nothing,
        design_effect=nothing,
        numerator=np.asarray(above, dtype=np.float64),
        denominator=below,
        level=level,
        method="count",
    )


def sums_of(metrics: Sequence[Metric], ground: Ground) -> dict[str, str]:
    """Write both counts of each metric as SQL: ``a0`` and ``b0`` of the first, and so on."""
    sums: dict[str, str] = {}
    for place, metric in enumerate(metrics):
        above, below = _tests(metric, ground)
        sums[f"a{place}"] = f"SUM(CASE WHEN {above} THEN ads ELSE 0 END)"
        sums[f"b{place}"] = f"SUM(CASE WHEN {below} THEN ads ELSE 0 END)"
    return sums


def _tests(metric: Metric, ground: Ground) -> tuple[str, str]:
    """Write what an ad must be to count above the line, and below it."""
    if not (metric.custom and ground.cuts):
        return f"({metric.denominator}) AND ({metric.numerator})", metric.denominator
    yes, no = (own_column(metric.id, scene) for scene in (0, 1))
    read = f"CASE WHEN cited THEN {yes} ELSE {no} END"
    return f"{read} = 3", f"{read} IN (1, 3)"


def scoped_source(*, cited: str) -> str:
    """Write the population with one policy in scope; ``cited`` says whether its ads name it."""
    return f"(SELECT p.*, p.policy_id AS policy, {cited} AS cited FROM population AS p) AS scoped"


def flow(
    engine: Engine,
    metrics: Sequence[Metric],
    *,
    slicings: Sequence[tuple[str, ...]],
    level: float,
    ground: Ground = ROWS,
) -> tuple[list[Block], list[str]]:
    """Count every metric that needs no label; ``population`` must stand.

    Parameters
    ----------
    engine : Engine
        Where the logs are.
    metrics : sequence of Metric
        Metrics whose predicates speak of the population.
    slicings : sequence of tuple of str
        Sets of dimensions.
    level : float
        Level the scorecard works at.
    ground : Ground
        What the population is counted on.

    Returns
    -------
    list of Block, list of str
        The figures and the queries that gave them.
    """
    if not metrics:
        return [], []
    plain = [slicing for slicing in slicings if "policy" not in slicing]
    cube = count(
        engine,
        scoped_source(cited="TRUE"),
        slicings=plain,
        sums=sums_of(metrics, ground),
        where="in_period",
        ground=ground,
    )
    blocks = [
        _block(metric, slicing, cube.slices[first:last], above=above, below=below, level=level)
        for place, metric in enumerate(metrics)
        for slicing, (first, last) in cube.spans.items()
        for above, below in [_columns(cube, place, first, last)]
    ]
    queries = [cube.query] if plain else []
    for slicing in slicings:
        if "policy" in slicing:
            found, asked = _by_policy(engine, metrics, slicing, level=level, ground=ground)
            blocks += found
            queries += asked
    return blocks, queries


def _columns(cube: Cube, place: int, first: int, last: int) -> tuple[np.ndarray, np.ndarray]:
    size = len(cube.slices)
    above = np.bincount(cube.group, weights=cube.columns[f"a{place}"], minlength=size)
    below = np.bincount(cube.group, weights=cube.columns[f"b{place}"], minlength=size)
    return above[first:last], below[first:last]


def _block(
    metric: Metric,
    slicing: tuple[str, ...],
    slices: tuple[Slice, ...],
    *,
    above: np.ndarray,
    below: np.ndarray,
    level: float,
) -> Block:
    estimates = counted(above, below, level=level)
    return Block(
        metric=metric.id,
        dimensions=slicing,
        slices=slices,
        estimates=estimates,
        status=(Status.COUNT,) * len(slices),
        design="every decision of record",
    )


def _by_policy(
    engine: Engine,
    metrics: Sequence[Metric],
    slicing: tuple[str, ...],
    *,
    level: float,
    ground: Ground,
) -> tuple[list[Block], list[str]]:
    """Count with one policy in scope after the other."""
    # A decision counts as ``cited`` only for the policy it names: the figure of policy p is what
    # names p, plus everything else read as not naming it.
    rest = scoped(slicing)
    sums = sums_of(metrics, ground)
    by_policy = [("policy", *rest)]
    yes, no = scoped_source(cited="TRUE"), scoped_source(cited="FALSE")
    cited, other, everything = (
        count(engine, source, slicings=cut, sums=sums, where="in_period", ground=ground)
        for source, cut in ((yes, by_policy), (no, by_policy), (no, [rest]))
    )
    whole = {part: row for row, part in _rows(everything)}
    unread = {part: row for row, part in _rows(other)}
    kept = [(row, part) for row, part in _rows(cited) if part.terms[0][1] is not None]
    slices = tuple(_ordered(part, slicing) for _, part in kept)
    blocks = []
    for place, metric in enumerate(metrics):
        ends = [
            np.array(
                [
                    cited.columns[f"{side}{place}"][row]
                    + everything.columns[f"{side}{place}"][whole[Slice(part.terms[1:])]]
                    - other.columns[f"{side}{place}"][unread[part]]
                    for row, part in kept
                ]
            )
            for side in "ab"
        ]
        blocks.append(_block(metric, slicing, slices, above=ends[0], below=ends[1], level=level))
    return blocks, [cited.query, everything.query]


def _rows(cube: Cube) -> list[tuple[int, Slice]]:
    """List the rows of a cube that has one row a slice, in the order of the slices."""
    return [(int(row), cube.slices[cube.group[row]]) for row in np.argsort(cube.group)]


def _ordered(part: Slice, slicing: tuple[str, ...]) -> Slice:
    values: Mapping[str, str | None] = dict(part.terms)
    return Slice(tuple((name, values[name]) for name in slicing))
