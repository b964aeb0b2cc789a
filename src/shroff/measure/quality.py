"""Figures that rest on labels: precision, recall, leakage, prevalence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from shroff.domain.messages import Message
from shroff.domain.metrics import Metric, Weight
from shroff.domain.slices import Slice
from shroff.measure.blocks import Block
from shroff.measure.counts import Cube, count
from shroff.measure.frame import ACTIONS, Frame
from shroff.stats.estimate import Estimates, Status
from shroff.stats.sampling import (
    Cells,
    ExposureSums,
    Ratio,
    Strata,
    exposure_ratios_many,
    kind_codes,
    ratios_many,
)
from shroff.store.engine import Engine

__all__ = [
    "CELLS",
    "CountedSlicing",
    "Outcomes",
    "Slicing",
    "blocks_of",
    "cells_of",
    "count_labels",
    "counts_in",
    "estimate_blocks",
    "estimate_figures",
    "known_classes",
    "label_sums",
    "outcomes_of",
    "strata_of_cube",
]

CELLS = 64
_SUMS = {"n": "COUNT(*)", "w": "SUM(w)", "w2": "SUM(w * w)"}


def counts_in(weight: Weight) -> str:
    """Say which rows of a frame count: ads decided in the period, or ads shown in it."""
    return "in_period" if weight is Weight.ADS else f"{weight} > 0"


def label_sums(weight: Weight) -> dict[str, str]:
    """Name the sums a cube of labels needs, as SQL."""
    if weight is Weight.ADS:
        return _SUMS
    return {
        **_SUMS,
        "wm": f"SUM(w * {weight})",
        "wm2": f"SUM(w * {weight} * {weight})",
        "w2m2": f"SUM(w * w * {weight} * {weight})",
    }


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Which of the 64 outcomes of the frame each metric counts.

    Parameters
    ----------
    ratios : mapping
        For each metric's id, its two sets of outcomes.
    """

    ratios: Mapping[str, Ratio]

    def actions(self, metric: str) -> tuple[str, ...]:
        """Name the machine actions in a metric's denominator."""
        below = self.ratios[metric].denominator
        return tuple(a for i, a in enumerate(ACTIONS) if below[16 * i : 16 * (i + 1)].any())


def outcomes_of(engine: Engine, metrics: Sequence[Metric]) -> Outcomes:
    """Ask the engine which outcomes each metric's two predicates hold for.

    Parameters
    ----------
    engine : Engine
        Any engine; the predicates are evaluated where they are counted.
    metrics : sequence of Metric
        Metrics whose predicates speak of outcomes.

    Returns
    -------
    Outcomes
        The two sets of each.
    """
    rows = ", ".join(
        f"({code}, '{ACTIONS[code // 16]}', {_bit(code, 8)}, {_bit(code, 4)}, {_bit(code, 2)},"
        f" {_bit(code, 1)})"
        for code in range(CELLS)
    )
    tests = "".join(
        f", CASE WHEN {m.numerator} THEN 1 ELSE 0 END AS a{i},"
        f" CASE WHEN {m.denominator} THEN 1 ELSE 0 END AS b{i}"
        for i, m in enumerate(metrics)
    )
    table = engine.query(
        f"SELECT code{tests} FROM (VALUES {rows}) AS outcomes"
        "(code, action, any_violating, violating, cited, right_policy) ORDER BY code"
    )
    found: dict[str, Ratio] = {}
    for i, metric in enumerate(metrics):
        above = table.column(f"a{i}").to_numpy().astype(bool)
        below = table.column(f"b{i}").to_numpy().astype(bool)
        found[metric.id] = Ratio(numerator=above & below, denominator=below)
    return Outcomes(found)


def _bit(code: int, bit: int) -> str:
    return "TRUE" if code & bit else "FALSE"


def known_classes() -> np.ndarray:
    """Class what is known of an outcome before anybody labels it: action, and policy cited."""
    codes = np.arange(CELLS)
    return codes // 16 * 2 + (codes >> 1 & 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Slicing:
    """Slices to estimate.

    Parameters
    ----------
    slices : tuple of Slice
        Every slice wanted, those without a label included.
    spans : mapping
        For each slicing, its first slice and the one after its last.
    query : str
        The query that counted or read the labels.
    """

    slices: tuple[Slice, ...]
    spans: Mapping[tuple[str, ...], tuple[int, int]]
    query: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedSlicing(Slicing):
    """Slices with their labels counted.

    Parameters
    ----------
    cells : Cells
        The labels, by the index of their slice.
    strata : Strata
        How they were drawn.
    """

    cells: Cells
    strata: Strata


def count_labels(
    engine: Engine,
    frame: Frame,
    *,
    slices: Mapping[tuple[str, ...], Sequence[Slice]],
) -> CountedSlicing:
    """Count the frame for some slicings.

    Parameters
    ----------
    engine : Engine
        Where the frame is.
    frame : Frame
        The label frame.
    slices : mapping
        For each slicing, the slices wanted; the first slicing must be the empty one.

    Returns
    -------
    CountedSlicing
        The labels by slice.
    """
    cube = count(
        engine,
        frame.table,
        slicings=list(slices),
        keys=("stratum_code", "outcome"),
        sums=label_sums(frame.weight),
        where=counts_in(frame.weight),
    )
    wanted = [part for parts in slices.values() for part in parts]
    places = {part: place for place, part in enumerate(wanted)}
    where = np.array([places.get(part, -1) for part in cube.slices], dtype=np.intp)
    group = where[cube.group] if len(cube.slices) else cube.group
    kept = group >= 0
    return CountedSlicing(
        slices=tuple(wanted),
        spans=_spans(slices),
        cells=cells_of({name: column[kept] for name, column in cube.columns.items()}, group[kept]),
        strata=strata_of_cube(frame, cube),
        query=cube.query,
    )


def _spans(
    slices: Mapping[tuple[str, ...], Sequence[Slice]],
) -> dict[tuple[str, ...], tuple[int, int]]:
    spans: dict[tuple[str, ...], tuple[int, int]] = {}
    start = 0
    for slicing, parts in slices.items():
        spans[slicing] = (start, start + len(parts))
        start += len(parts)
    return spans


def strata_of_cube(frame: Frame, cube: Cube) -> Strata:
    """Take the strata's labels from a cube's slicing over everything."""
    first, last = cube.spans.get((), (0, 0))
    whole = (cube.group >= first) & (cube.group < last)
    stratum = cube.columns["stratum_code"][whole].astype(np.intp)
    size = len(frame.strata)
    return Strata(
        kind=kind_codes([s.kind for s in frame.strata]),
        population=np.full(size, np.nan),
        labels=np.bincount(stratum, weights=cube.columns["n"][whole], minlength=size).astype(
            np.float64
        ),
    )


def cells_of(columns: Mapping[str, np.ndarray], group: np.ndarray) -> Cells:
    """Give the estimator's form of a cube of labels."""
    exposure = None
    if "wm" in columns:
        exposure = ExposureSums(wm=columns["wm"], wm2=columns["wm2"], w2m2=columns["w2m2"])
    return Cells(
        group=group.astype(np.intp),
        stratum=columns["stratum_code"].astype(np.intp),
        cell=columns["outcome"].astype(np.intp),
        n=columns["n"],
        w=columns["w"],
        w2=columns["w2"],
        known=known_classes(),
        exposure=exposure,
    )


def estimate_blocks(
    slicing: CountedSlicing,
    frame: Frame,
    outcomes: Outcomes,
    *,
    metrics: Sequence[Metric],
    level: float,
) -> list[Block]:
    """Turn counted labels into figures.

    Parameters
    ----------
    slicing : CountedSlicing
        Labels by slice.
    frame : Frame
        Where they come from.
    outcomes : Outcomes
        What each metric counts.
    metrics : sequence of Metric
        Metrics of one weight.
    level : float
        Coverage wanted, in (0, 1).

    Returns
    -------
    list of Block
        One for each metric and slicing.
    """
    if not metrics:
        return []
    chosen = [outcomes.ratios[metric.id] for metric in metrics]
    figures = estimate_figures(
        slicing.cells,
        slicing.strata,
        weight=metrics[0].weight,
        chosen=chosen,
        groups=len(slicing.slices),
        level=level,
    )
    return blocks_of(figures, slicing, frame, outcomes=outcomes, metrics=metrics)


def blocks_of(
    figures: Sequence[Estimates],
    slicing: Slicing,
    frame: Frame,
    *,
    outcomes: Outcomes,
    metrics: Sequence[Metric],
) -> list[Block]:
    """Say what figures are worth, and cut them into blocks.

    Parameters
    ----------
    figures : sequence of Estimates
        For each metric, a figure for each slice.
    slicing : Slicing
        The slices.
    frame : Frame
        Where the labels come from.
    outcomes : Outcomes
        What each metric counts.
    metrics : sequence of Metric
        The metrics.

    Returns
    -------
    list of Block
        One for each metric and slicing.
    """
    status = Status.ESTIMATE if frame.any_probability() else Status.PROXY
    caveats = frame.caveats() if frame.any_probability() else (Message("scorecard.found"),)
    return [
        Block(
            metric=metric.id,
            dimensions=dimensions,
            slices=slicing.slices[first:last],
            estimates=columns.part(first, last),
            status=(status,) * (last - first),
            design=frame.text(),
            caveats=_caveats_for(outcomes.actions(metric.id), caveats),
        )
        for metric, columns in zip(metrics, figures, strict=True)
        for dimensions, (first, last) in slicing.spans.items()
    ]


def estimate_figures(
    cells: Cells,
    strata: Strata,
    *,
    weight: Weight,
    chosen: Sequence[Ratio],
    groups: int,
    level: float,
) -> tuple[Estimates, ...]:
    """Estimate ratios by ads or by exposure."""
    work = ratios_many if weight is Weight.ADS else exposure_ratios_many
    return work(cells, strata, metrics=chosen, groups=groups, level=level)


def _caveats_for(actions: Sequence[str], caveats: Sequence[Message]) -> tuple[Message, ...]:
    return tuple(c for c in caveats if c.params.get("action") in {None, *actions})
