"""Labels by slice, stratum and outcome: what ratios under unequal sampling are computed from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from shroff.domain.labels import DesignKind
from shroff.errors import DesignError
from shroff.stats.dense import Ints, Moments
from shroff.stats.proportions import Floats

__all__ = [
    "NO_PROBABILITY",
    "Cells",
    "ExposureSums",
    "Strata",
    "ad_moments",
    "exposure_moments",
    "kind_codes",
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


def ad_moments(cells: Cells, strata: Strata) -> Moments:
    """Give totals and squares where each ad counts one."""
    return _moments(cells, strata, total=cells.w, spread=cells.w2, certain=cells.w, alike=0.0)


def exposure_moments(cells: Cells, strata: Strata) -> Moments:
    """Give totals and squares where ads count by their exposure."""
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
