"""Intervals that may be looked at every day: confidence sequences for shares from samples."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.special import ndtr

from shroff.errors import DesignError
from shroff.stats.estimate import Estimates, joined
from shroff.stats.proportions import Floats, require_level
from shroff.stats.sampling import (
    Cells,
    ExposureSums,
    Ratio,
    Strata,
    exposure_ratios_many,
    ratios_many,
)

__all__ = ["METHOD", "TIGHT_AT", "confidence_sequence", "sequence_levels"]

TIGHT_AT = 400.0
"""Effective labels at which a sequence is narrowest against an interval for one look."""

METHOD = "confidence sequence"
_Estimator = Callable[..., tuple[Estimates, ...]]


def sequence_levels(
    effective: Floats, *, level: float = 0.95, tight_at: float = TIGHT_AT
) -> Floats:
    """Say at which level each look's own interval holds for all looks together.

    Parameters
    ----------
    effective : array of shape (looks,)
        Effective labels known at each look.
    level : float
        Chance wanted that no look of any number of looks misses, in (0, 1).
    tight_at : float
        Effective labels at which the sequence is to be narrowest; chosen before looking.

    Returns
    -------
    array of shape (looks,)
        Levels above ``level``, for intervals that hold at one look.

    Raises
    ------
    DesignError
        If ``tight_at`` is not above zero.

    Notes
    -----
    A running sum of labels minus what they should be, of variance V, leaves
    ``sqrt((V + r) log((V + r) / (r a**2)))`` on either side at any time with a chance of at most
    a: Robbins' normal mixture. In units of its standard error that is a quantile which grows with
    the labels; its level is given here. r is chosen so that the quantile is smallest at
    ``tight_at``. With survey weights the sum is that of linearised values and this holds as
    labels become many; the intervals that use the level care for few labels.

    References
    ----------
    Robbins, Annals of Mathematical Statistics 41 (1970); Howard, Ramdas, McAuliffe and Sekhon,
    Annals of Statistics 49 (2021), section 3; Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas,
    Annals of Statistics 52 (2024).
    """
    if not tight_at > 0:
        raise DesignError("a sequence is narrowest at some number of labels above zero")
    miss = 1 - require_level(level)
    spread = tight_at / _best_ratio(miss)
    labels = np.maximum(np.nan_to_num(np.asarray(effective, dtype=np.float64)), 1.0)
    squared = (1 + spread / labels) * (np.log1p(labels / spread) - 2 * np.log(miss))
    levels: Floats = 1 - 2 * ndtr(-np.sqrt(squared))
    # an interval at level 1 says nothing; below one label there is nothing to say anyway
    return np.minimum(levels, 1 - 1e-12)


def _best_ratio(miss: float) -> float:
    """Solve for V / r where the boundary, in standard errors, is smallest: x = log(1 + x) + 2c."""
    wanted = -2 * np.log(miss)
    ratio = wanted
    for _ in range(50):
        ratio = wanted + np.log1p(ratio)
    return float(ratio)


def confidence_sequence(
    cells: Cells,
    *,
    kind: np.ndarray,
    metric: Ratio,
    looks: int,
    level: float = 0.95,
    tight_at: float = TIGHT_AT,
) -> Estimates:
    """Estimate a share after each look, so that all looks together hold.

    Parameters
    ----------
    cells : Cells
        Labels; ``group`` is the look, 0..looks-1, at which a label is first known. With
        ``exposure``, the share is of impressions or spend.
    kind : array of int, shape (S,)
        How each stratum was drawn: codes from `shroff.stats.sampling.kind_codes`.
    metric : Ratio
        What to compute.
    looks : int
        Number of looks.
    level : float
        Chance that the intervals of all looks hold together, in (0, 1).
    tight_at : float
        As in `sequence_levels`.

    Returns
    -------
    Estimates
        One figure a look, from all labels known by then; NaN until the first label.

    Notes
    -----
    Each look's interval is the one of `shroff.stats.sampling` at the level that
    `sequence_levels` gives. What it covers is the share among all ads up to that look, which may
    drift. However often one looks, and whatever one does on seeing it, the chance that any of
    the intervals misses is at most ``1 - level``.
    """
    estimator: _Estimator = ratios_many if cells.exposure is None else exposure_ratios_many
    order = np.argsort(cells.group, kind="stable")
    known = np.searchsorted(cells.group[order], np.arange(looks), side="right")
    parts: list[Estimates] = []
    for last in known:
        part = _taken(cells, order[:last])
        strata = _strata(part, kind)
        plain = estimator(part, strata, metrics=(metric,), groups=1, level=level)[0]
        adjusted = float(sequence_levels(plain.n_effective, level=level, tight_at=tight_at)[0])
        parts.append(estimator(part, strata, metrics=(metric,), groups=1, level=adjusted)[0])
    return joined(parts, level=level, method=METHOD)


def _taken(cells: Cells, rows: np.ndarray) -> Cells:
    sums = cells.exposure
    return Cells(
        group=np.zeros(len(rows), dtype=np.intp),
        stratum=cells.stratum[rows],
        cell=cells.cell[rows],
        n=cells.n[rows],
        w=cells.w[rows],
        w2=cells.w2[rows],
        known=cells.known,
        exposure=sums and ExposureSums(wm=sums.wm[rows], wm2=sums.wm2[rows], w2m2=sums.w2m2[rows]),
    )


def _strata(cells: Cells, kind: np.ndarray) -> Strata:
    size = len(kind)
    return Strata(
        kind=kind,
        population=np.full(size, np.nan),
        labels=np.bincount(cells.stratum, weights=cells.n, minlength=size).astype(np.float64),
    )
