"""Shares and ratios under unequal sampling, for many slices and metrics at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from shroff.domain.labels import DesignKind
from shroff.errors import DesignError
from shroff.stats.checks import require_index, require_sums, require_within
from shroff.stats.dense import Blocks, Flags, Ints, Moments, blocks_of, possible_blocks
from shroff.stats.estimate import Estimates
from shroff.stats.intervals import korn_graubard
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
    "ratios",
    "ratios_many",
    "taylor_errors",
]

NO_PROBABILITY = "a label without a probability belongs to no design; leave it out"
_CODES = {kind: code for code, kind in enumerate(DesignKind)}
_ALIKE = 50.0  # labels; found by benchmarks/coverage.py
_CENSUS, _STRATIFIED, _POISSON, _PPS = (_CODES[kind] for kind in DesignKind)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExposureSums:
    """What exposure-weighted metrics need of each row of `Cells`.

    With m the exposure of an ad (impressions, spend) and w its weight.

    Parameters
    ----------
    wm, wm2, w2m2 : array of shape (k,)
        Sums of ``w m``, ``w m**2`` and ``w**2 m**2`` over the row's labels.
    """

    wm: Floats
    wm2: Floats
    w2m2: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """A cube of labelled ads: one row for each slice, stratum and outcome that occurs.

    Parameters
    ----------
    group, stratum, cell : array of int, shape (k,)
        Slice 0..G-1, stratum 0..S-1, outcome 0..C-1 such as (violating, reject, right policy).
        Slices may overlap. Rows that repeat a triple add up.
    n, w, w2 : array of shape (k,)
        Labels, sum of weights, sum of squared weights; a weight is 1 / inclusion probability.
    known : array of int, shape (C,), optional
        What is known of an outcome before anybody labels it, as a class: the machine's action, if
        outcomes are made of action and label. It tells an outcome that did not turn up by chance
        (a violating ad among the approved) from one that cannot occur in a stratum (an approved
        ad where everything was rejected). A class that a stratum shows in one slice can occur in
        all. Without it all outcomes are one class.
    exposure : ExposureSums, optional
        Needed by exposure-weighted metrics.
    """

    group: Ints
    stratum: Ints
    cell: Ints
    n: Floats
    w: Floats
    w2: Floats
    known: Ints | None = None
    exposure: ExposureSums | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Strata:
    """How the labels of each stratum were drawn.

    Parameters
    ----------
    kind : array of int, shape (S,)
        Codes from `kind_codes`; kinds may be mixed.
    population : array of shape (S,)
        Ads in the stratum; NaN where unknown: then the weights tell.
    labels : array of shape (S,)
        All labels of the stratum, in the slice or not.
    """

    kind: Ints
    population: Floats
    labels: Floats


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


def kind_codes(kinds: Sequence[DesignKind]) -> Ints:
    """Give the codes that `Strata` wants.

    Parameters
    ----------
    kinds : sequence of DesignKind
        Kind of each stratum.

    Returns
    -------
    array of int
        Codes.
    """
    return np.array([_CODES[kind] for kind in kinds], dtype=np.intp)


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
    moments = _ad_moments(cells, strata)
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
    moments = _exposure_moments(cells, strata)
    return _estimates(cells, strata, moments=moments, metrics=metrics, groups=groups, level=level)


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
    moments = _ad_moments(cells, strata)
    blocks = _blocks(cells, strata, moments=moments, metrics=(metric,), groups=groups)
    return np.sqrt(_linearised(blocks, metric, half=0.0).variance)


def _ad_moments(cells: Cells, strata: Strata) -> Moments:
    return _moments(cells, strata, total=cells.w, spread=cells.w2, certain=cells.w, alike=0.0)


def _exposure_moments(cells: Cells, strata: Strata) -> Moments:
    sums = cells.exposure
    if sums is None:
        raise DesignError("labels without exposure", hint="join impressions or spend to the ads")
    return _moments(cells, strata, total=sums.wm, spread=sums.w2m2, certain=sums.wm2, alike=_ALIKE)


def _moments(
    cells: Cells,
    strata: Strata,
    *,
    total: Floats,
    spread: Floats,
    certain: Floats,
    alike: float,
) -> Moments:
    """Multiply the rows' squares by what the design of each stratum asks."""
    kind, labels = strata.kind, strata.labels
    left = np.where(kind == _STRATIFIED, 1 - _fractions(cells, strata), 1.0)
    left[kind == _CENSUS] = 0.0
    centred = np.isin(kind, (_STRATIFIED, _PPS)) & (labels > 1)
    centre = np.where(centred, left / np.maximum(labels - 1, 1), 0.0)
    factor = np.where(centred, left * labels / np.maximum(labels - 1, 1), left)
    square = spread - np.where(kind[cells.stratum] == _POISSON, certain, 0.0)
    return Moments(
        total=total,
        square=np.maximum(square, 0.0) * factor[cells.stratum],
        spread=spread,
        centre=centre,
        random=left > 0,
        alike=alike,
    )


def _fractions(cells: Cells, strata: Strata) -> Floats:
    """Say which part of each stratum was labelled."""
    size = len(strata.labels)
    drawn = np.bincount(cells.stratum, weights=cells.n, minlength=size)
    weight = np.bincount(cells.stratum, weights=cells.w, minlength=size)
    told = np.divide(drawn, weight, out=np.zeros(size), where=weight > 0)
    known = np.isfinite(strata.population) & (strata.population > 0)
    share = np.divide(strata.labels, strata.population, out=told, where=known)
    if np.any(share[strata.kind == _STRATIFIED] > 1 + 1e-9):
        raise DesignError(
            "more labels than ads in a stratum",
            hint="count the ads of the same days and markets as the labels",
        )
    return np.minimum(share, 1.0)


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


def _linearised(blocks: Blocks, metric: Ratio, *, half: float) -> Linearised:
    if np.any(metric.numerator & ~metric.denominator):
        raise DesignError(
            "an outcome is counted above the line but not below it",
            hint="a share's numerator must be part of its denominator",
        )
    return linearise(blocks, numerator=metric.numerator, denominator=metric.denominator, half=half)
