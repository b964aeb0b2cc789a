"""Intervals that may be looked at every day: confidence sequences for shares from samples."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.special import ndtr, ndtri

from shroff.errors import DesignError
from shroff.stats.estimate import Estimates, joined
from shroff.stats.intervals import korn_graubard
from shroff.stats.proportions import Floats, require_level
from shroff.stats.sampling import (
    Cells,
    ExposureSums,
    Ratio,
    Strata,
    linearised_ratios,
)

__all__ = ["METHOD", "TIGHT_AT", "confidence_sequence", "sequence_levels"]

TIGHT_AT = 400.0
"""Effective labels at which a sequence is narrowest against an interval for one look."""

METHOD = "confidence sequence"
_STEP = 0.02
_SUREST = 1 - 1e-12


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
    return np.minimum(levels, _SUREST)


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
    if not looks:
        return joined([], level=level, method=METHOD)
    work = _Looks.of(cells, kind, metric=metric, looks=looks)
    plain = work.estimated(np.arange(looks), level=level)
    levels = sequence_levels(plain.n_effective, level=level, tight_at=tight_at)
    # looks whose levels hardly differ share the higher one: each call estimates many looks
    steps = np.ceil(-ndtri((1 - levels) / 2) / _STEP)
    parts: list[Estimates] = []
    places: list[np.ndarray] = []
    for step in np.unique(steps):
        places.append(np.flatnonzero(steps == step))
        adjusted = float(1 - 2 * ndtr(-step * _STEP))
        parts.append(work.estimated(places[-1], level=min(adjusted, _SUREST)))
    found = joined(parts, level=level, method=METHOD)
    return found.taken(np.argsort(np.concatenate(places)))


@dataclass(frozen=True, slots=True)
class _Looks:
    """All labels known at each look; a look's strata are its own, as it knows fewer labels."""

    cells: Cells
    kind: np.ndarray
    metric: Ratio

    @classmethod
    def of(cls, cells: Cells, kind: np.ndarray, *, metric: Ratio, looks: int) -> _Looks:
        order = np.argsort(cells.group, kind="stable")
        known = np.searchsorted(cells.group[order], np.arange(looks), side="right")
        rows = np.concatenate([order[:last] for last in known])
        look = np.repeat(np.arange(looks), known)
        return cls(
            _repeated(cells, rows, look=look, strata=len(kind)), np.tile(kind, looks), metric
        )

    def estimated(self, looks: np.ndarray, *, level: float) -> Estimates:
        """Estimate some looks at one level."""
        size = len(self.kind)
        kept = np.isin(self.cells.group, looks)
        part = _chosen(self.cells, kept, group=np.searchsorted(looks, self.cells.group[kept]))
        labels = np.bincount(part.stratum, weights=part.n, minlength=size).astype(np.float64)
        strata = Strata(kind=self.kind, population=np.full(size, np.nan), labels=labels)
        # at the levels of a sequence, what has not turned up yet must not be taken for small
        (found,) = linearised_ratios(
            part, strata, metrics=(self.metric,), groups=len(looks), likeness=0.0
        )
        return korn_graubard(found, level=level)


def _repeated(cells: Cells, rows: np.ndarray, *, look: np.ndarray, strata: int) -> Cells:
    part = _chosen(cells, rows, group=look)
    return replace(part, stratum=look * strata + part.stratum)


def _chosen(cells: Cells, rows: np.ndarray, *, group: np.ndarray) -> Cells:
    sums = cells.exposure
    return Cells(
        group=group.astype(np.intp),
        stratum=cells.stratum[rows],
        cell=cells.cell[rows],
        n=cells.n[rows],
        w=cells.w[rows],
        w2=cells.w2[rows],
        known=cells.known,
        exposure=sums and ExposureSums(wm=sums.wm[rows], wm2=sums.wm2[rows], w2m2=sums.w2m2[rows]),
    )
