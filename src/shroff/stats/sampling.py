"""Shares and ratios under unequal sampling, for many slices and metrics at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from shroff.domain.labels import DesignKind
from shroff.errors import DesignError
from shroff.stats.checks import require_index, require_sums, require_within
from shroff.stats.dense import Blocks, Flags, Moments, blocks_of, possible_blocks
from shroff.stats.estimate import Estimates
from shroff.stats.intervals import korn_graubard
from shroff.stats.label_cells import (
    NO_PROBABILITY,
    Cells,
    ExposureSums,
    Strata,
    ad_moments,
    exposure_moments,
    kind_codes,
)
from shroff.stats.linearise import HALF, Linearised, linearise
from shroff.stats.proportions import Floats, require_level

__all__ = [
    "NO_PROBABILITY",
    "Cells",
    "ExposureSums",
    "Ratio",
    "Strata",
    "exposure_ratios",
    "exposure_ratios_many",
    "kind_codes",
    "linearised_ratios",
    "ratios",
    "ratios_many",
    "taylor_errors",
]

_STRATIFIED, _PPS = kind_codes([DesignKind.STRATIFIED, DesignKind.PPS])


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio:
    """One metric: which outcomes count above the line and which below.

    Parameters
    ----------
    numerator, denominator : array of bool, shape (C,)
        Sets of outcomes; the numerator's must be among the denominator's.
    """

    numerator: Flags
    denominator: Flags


def ratios(
    cells: Cells,
    strata: Strata,
    *,
    numerator: Flags,
    denominator: Flags,
    groups: int,
    level: float = 0.95,
) -> Estimates:
    """Say which share of ads, in each slice, with the doubt that sampling leaves.

    Parameters
    ----------
    cells : Cells
        Labels by slice, stratum and outcome.
    strata : Strata
        How they were drawn.
    numerator, denominator : array of bool, shape (C,)
        Outcomes counted above and below the line.
    groups : int
        Number of slices.
    level : float
        Coverage wanted, in (0, 1).

    Returns
    -------
    Estimates
        One figure per slice; NaN where no label is in the denominator.

    Notes
    -----
    The share is a Hajek ratio ``sum(w a) / sum(w b)``. Its variance is Taylor-linearised under the
    design of each stratum: simple random without replacement with finite population correction,
    Poisson, with replacement; a census adds nothing. Labels outside the slice or the denominator
    count as zeros (domain estimation). A stratum with one label counts its whole square. The
    interval is Korn-Graubard's, Clopper-Pearson on the effective number of labels, which is not
    capped; it is computed after giving each possible outcome of each stratum half a label more,
    so that an outcome that by chance did not turn up is not taken to be impossible. It fails
    when a stratum of the slice was never sampled: see `shroff.stats.bounds`.

    References
    ----------
    Korn and Graubard, Survey Methodology 24 (1998); Sarndal, Swensson and Wretman (1992), ch. 5.
    """
    wanted = (Ratio(numerator=numerator, denominator=denominator),)
    return ratios_many(cells, strata, metrics=wanted, groups=groups, level=level)[0]


def ratios_many(
    cells: Cells,
    strata: Strata,
    *,
    metrics: Sequence[Ratio],
    groups: int,
    level: float = 0.95,
) -> tuple[Estimates, ...]:
    """Compute several shares of ads in one pass; see `ratios`.

    Parameters
    ----------
    cells, strata, groups, level
        As in `ratios`.
    metrics : sequence of Ratio
        What to compute.

    Returns
    -------
    tuple of Estimates
        One for each metric.
    """
    moments = ad_moments(cells, strata)
    return _estimates(cells, strata, moments=moments, metrics=metrics, groups=groups, level=level)


def exposure_ratios(
    cells: Cells,
    strata: Strata,
    *,
    numerator: Flags,
    denominator: Flags,
    groups: int,
    level: float = 0.95,
) -> Estimates:
    """Say which share of impressions or spend, in each slice; see `ratios`.

    Parameters
    ----------
    cells : Cells
        Labels by slice, stratum and outcome, with their exposure.
    strata, numerator, denominator, groups, level
        As in `ratios`.

    Returns
    -------
    Estimates
        One figure per slice; NaN where no exposed ad with a label is in the denominator.

    Notes
    -----
    Few labels of an outcome seldom hold the ads that have most of the exposure. Their interval is
    as wide as the exposures of all labels of the same machine action and stratum ask: ten
    violating ads may count as two. That takes violating ads to be as unequally seen as others of
    their stratum; with some hundred labels their own exposures decide. Draw more, or by exposure.
    """
    wanted = (Ratio(numerator=numerator, denominator=denominator),)
    return exposure_ratios_many(cells, strata, metrics=wanted, groups=groups, level=level)[0]


def exposure_ratios_many(
    cells: Cells,
    strata: Strata,
    *,
    metrics: Sequence[Ratio],
    groups: int,
    level: float = 0.95,
) -> tuple[Estimates, ...]:
    """Compute several shares of impressions or spend in one pass; see `ratios`.

    Parameters
    ----------
    cells : Cells
        Labels by slice, stratum and outcome, with their exposure.
    strata, metrics, groups, level
        As in `ratios_many`.

    Returns
    -------
    tuple of Estimates
        One for each metric.
    """
    moments = exposure_moments(cells, strata)
    return _estimates(cells, strata, moments=moments, metrics=metrics, groups=groups, level=level)


def linearised_ratios(
    cells: Cells,
    strata: Strata,
    *,
    metrics: Sequence[Ratio],
    groups: int,
    likeness: float = 1.0,
) -> tuple[Linearised, ...]:
    """Give what the intervals of several shares are made from.

    Parameters
    ----------
    cells, strata, metrics, groups
        As in `ratios_many`; shares of exposure where the cells have it.
    likeness : float
        How much of what did not turn up is taken to be like what did: see
        `shroff.stats.linearise.Smoothing`.

    Returns
    -------
    tuple of Linearised
        One for each metric, for `shroff.stats.intervals.korn_graubard`.
    """
    moments = (ad_moments if cells.exposure is None else exposure_moments)(cells, strata)
    blocks = _blocks(cells, strata, moments=moments, metrics=metrics, groups=groups)
    return tuple(_linearised(blocks, metric, half=HALF, likeness=likeness) for metric in metrics)


def taylor_errors(cells: Cells, strata: Strata, *, metric: Ratio, groups: int) -> Floats:
    """Give the plain standard errors of shares of ads, as survey packages print them.

    Parameters
    ----------
    cells, strata, metric, groups
        As in `ratios_many`.

    Returns
    -------
    array of shape (groups,)
        Standard errors, without the half labels that intervals are made with.
    """
    moments = ad_moments(cells, strata)
    blocks = _blocks(cells, strata, moments=moments, metrics=(metric,), groups=groups)
    return np.sqrt(_linearised(blocks, metric, half=0.0).variance)


def _blocks(
    cells: Cells, strata: Strata, *, moments: Moments, metrics: Sequence[Ratio], groups: int
) -> Blocks:
    outcomes = len(metrics[0].numerator)
    known = np.zeros(outcomes, dtype=np.intp) if cells.known is None else cells.known
    _require_cube(cells, strata, outcomes=outcomes, groups=groups)
    if len(known) != outcomes:
        raise DesignError(f"{len(known)} known classes for {outcomes} outcomes")
    rows = {"group": cells.group, "stratum": cells.stratum, "cell": cells.cell}
    possible = possible_blocks(**rows, n=cells.n, class_of=known, strata=len(strata.labels))
    blocks = blocks_of(
        **rows, n=cells.n, moments=moments, class_of=known, groups=groups, possible=possible
    )
    _require_counts(blocks, strata)
    return blocks


def _require_cube(cells: Cells, strata: Strata, *, outcomes: int, groups: int) -> None:
    require_index("group", cells.group, size=groups, where="cells")
    require_index("stratum", cells.stratum, size=len(strata.labels), where="cells")
    require_index("cell", cells.cell, size=outcomes, where="cells")
    for name, values in (("count", cells.n), ("weight", cells.w), ("squared weight", cells.w2)):
        require_sums(name, values, where="cells", hint=NO_PROBABILITY)


def _require_counts(blocks: Blocks, strata: Strata) -> None:
    fixed = np.isin(strata.kind, (_STRATIFIED, _PPS))
    drawn = np.where(fixed, strata.labels, np.inf)[blocks.pair_stratum]
    require_within(blocks.by_pair(blocks.labels), drawn)


def _estimates(
    cells: Cells,
    strata: Strata,
    *,
    moments: Moments,
    metrics: Sequence[Ratio],
    groups: int,
    level: float,
) -> tuple[Estimates, ...]:
    require_level(level)
    if not metrics:
        return ()
    blocks = _blocks(cells, strata, moments=moments, metrics=metrics, groups=groups)
    return tuple(
        korn_graubard(_linearised(blocks, metric, half=HALF), level=level) for metric in metrics
    )


def _linearised(
    blocks: Blocks, metric: Ratio, *, half: float, likeness: float = 1.0
) -> Linearised:
    if np.any(metric.numerator & ~metric.denominator):
        raise DesignError(
            "an outcome is counted above the line but not below it",
            hint="a share's numerator must be part of its denominator",
        )
    return linearise(
        blocks,
        numerator=metric.numerator,
        denominator=metric.denominator,
        half=half,
        likeness=likeness,
    )
