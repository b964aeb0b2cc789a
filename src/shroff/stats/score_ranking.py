"""How well does a score put violating ads before compliant ones? Areas under the curves."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit, logit, stdtrit

from shroff.domain.labels import DesignKind
from shroff.stats.dense import Ints, add_up
from shroff.stats.estimate import Estimate, Status
from shroff.stats.proportions import Floats, require_level
from shroff.stats.sampling import Strata, kind_codes
from shroff.stats.score_bands import design_factors
from shroff.stats.score_cells import ScoreCells

__all__ = ["Ranking", "design_squares", "design_variance", "ranking"]

METHOD = "linearised logit"
_POISSON = kind_codes([DesignKind.POISSON])[0]


@dataclass(frozen=True, slots=True)
class Ranking:
    """How well scores rank.

    Parameters
    ----------
    auc : Estimate
        Chance that a violating ad has a higher score than a compliant one; ties count half.
    average_precision : Estimate
        Area under the precision-recall curve as a step function.
    """

    auc: Estimate
    average_precision: Estimate


def ranking(cells: ScoreCells, strata: Strata, *, level: float = 0.95) -> Ranking:
    """Say how well scores put violating ads first.

    Parameters
    ----------
    cells : ScoreCells
        Labels by score and truth; scores in the same thousandth tie.
    strata : Strata
        How they were drawn.
    level : float
        Coverage wanted, in (0, 1).

    Returns
    -------
    Ranking
        Both areas; unknown where all labels are violating or none is.

    Raises
    ------
    DesignError
        If there is no label, or no weight is above zero.

    Notes
    -----
    Both areas are functions of the weighted totals by place and truth. Their derivatives by a
    label's weight are the residuals whose variance the design gives: for the AUC these are
    DeLong's placements, weighted. Half a label at each end of the placements is added to each
    class (two for the average precision, which is skewed: benchmarks/curves.py), and the ends are Student's on the logit scale, with as many degrees of freedom as the
    smaller class has effective labels, less one.

    References
    ----------
    DeLong, DeLong and Clarke-Pearson, Biometrics 44 (1988); Sarndal, Swensson and Wretman (1992).
    """
    require_level(level)
    cells.require(strata=len(strata.kind))
    weights = cells.weights()
    totals = weights.sum(axis=1)
    if not (totals > 0).all():
        nothing = _unknown(cells, level=level)
        return Ranking(nothing, nothing)
    worked = _Work(cells, strata, totals, level)
    lower = np.cumsum(weights[0]) - weights[0] / 2
    higher = np.cumsum(weights[1][::-1])[::-1] - weights[1] / 2
    auc = float(weights[1] @ lower / totals.prod())
    placed = np.stack([higher / totals[1], lower / totals[0]])
    return Ranking(
        worked.estimate(auc, (placed - auc) / totals[:, None]),
        worked.estimate(*_average_precision(weights), halves=4),
    )


def _average_precision(weights: Floats) -> tuple[float, Floats]:
    """Compute the area and its derivative by a label of each class at each place."""
    up = np.cumsum(weights[:, ::-1], axis=1)[:, ::-1]
    both = up.sum(axis=0)
    some = both > 0
    precision = np.divide(up[1], both, out=np.zeros(len(both)), where=some)
    area = float(weights[1] @ precision / up[1, 0])
    push = np.divide(up, both**2, out=np.zeros(up.shape), where=some)
    # a label raises the totals of its own threshold and of all lower ones
    gained = np.cumsum(weights[1] * push[0])
    lost = np.cumsum(weights[1] * push[1])
    return area, np.stack([-lost, precision - area + gained]) / up[1, 0]


def design_variance(cells: ScoreCells, strata: Strata, *, residuals: Floats) -> float:
    """Compute the variance of a weighted total under the design.

    Parameters
    ----------
    cells : ScoreCells
        Labels.
    strata : Strata
        How they were drawn.
    residuals : array of shape (k,)
        What one unit of weight of each row adds.

    Returns
    -------
    float
        The variance; that of clusters' totals where labels are clustered.
    """
    size = len(strata.kind)
    if cells.cluster is None:
        factor, centred = design_factors(strata, drawn=strata.labels)
        own = np.where(strata.kind[cells.stratum] == _POISSON, cells.w2 - cells.w, cells.w2)
        squares = add_up(cells.stratum, residuals**2 * np.maximum(own, 0), size=size)
        sums = add_up(cells.stratum, residuals * cells.w, size=size)
        less = centred * sums**2 / np.maximum(strata.labels, 1)
        return float(factor @ np.maximum(squares - less, 0.0))
    home, totals = _cluster_totals(cells, residuals * cells.w)
    drawn = np.bincount(home, minlength=size).astype(float)
    factor = _cluster_factors(strata, drawn)
    sums = add_up(home, totals, size=size)
    less = np.where(drawn > 1, sums**2 / np.maximum(drawn, 1), 0.0)
    squares = add_up(home, totals**2, size=size)
    return float(factor @ np.maximum(squares - less, 0.0))


def design_squares(cells: ScoreCells, strata: Strata) -> Floats:
    """Give what each row adds to the variance of a total of ones, were every mean zero.

    Parameters
    ----------
    cells : ScoreCells
        Labels.
    strata : Strata
        How they were drawn.

    Returns
    -------
    array of shape (k,)
        Squares of weights times what the design asks; for clusters those of single labels.
    """
    factor, _ = design_factors(strata, drawn=strata.labels)
    own = np.where(strata.kind[cells.stratum] == _POISSON, cells.w2 - cells.w, cells.w2)
    return np.maximum(own, 0.0) * factor[cells.stratum]


def _cluster_totals(cells: ScoreCells, values: Floats) -> tuple[Ints, Floats]:
    cluster = np.zeros(len(cells), dtype=np.intp) if cells.cluster is None else cells.cluster
    width = int(cluster.max(initial=0)) + 1
    keys, which = np.unique(cells.stratum * width + cluster, return_inverse=True)
    return keys // width, add_up(which, values, size=len(keys))


def _cluster_factors(strata: Strata, drawn: Floats) -> Floats:
    many = np.where(drawn > 1, drawn / np.maximum(drawn - 1, 1), 1.0)
    census = strata.kind == kind_codes([DesignKind.CENSUS])[0]
    return np.where(census, 0.0, many)


@dataclass(frozen=True, slots=True)
class _Work:
    cells: ScoreCells
    strata: Strata
    totals: Floats
    level: float

    def estimate(self, value: float, residuals: Floats, *, halves: int = 1) -> Estimate:
        """Turn an area and its derivatives, shape (2, places), into a figure."""
        cells = self.cells
        truth = cells.violating.astype(np.intp)
        variance = design_variance(cells, self.strata, residuals=residuals[truth, cells.place])
        lump = self._lump(variance, residuals[truth, cells.place])
        free = np.inf
        if variance > 0 or value in {0.0, 1.0}:
            extra, free = self._doubt(value, lump)
            variance += halves * extra
        low, high = self._ends(value, variance, free)
        return Estimate(
            value=value,
            low=min(low, value),
            high=max(high, value),
            level=self.level,
            status=Status.ESTIMATE,
            method=METHOD,
            n=round(float(cells.n.sum())),
        )

    def _lump(self, variance: float, residuals: Floats) -> float:
        """Say how much more clusters vary than their labels would."""
        if self.cells.cluster is None:
            return 1.0
        plain = float(design_squares(self.cells, self.strata) @ residuals**2)
        return max(1.0, variance / plain) if plain > 0 else 1.0

    def _doubt(self, value: float, lump: float) -> tuple[float, float]:
        """Give the variance of half a label at each end of each class, and the freedom left."""
        squares = design_squares(self.cells, self.strata)
        reach = 0.5 * (value**2 + (1 - value) ** 2)
        extra, free = 0.0, np.inf
        for side in (False, True):
            mine = self.cells.violating == side
            whole, labels = self.totals[int(side)], self.cells.n[mine].sum()
            mass = float(squares[mine].sum())
            if mass <= 0:
                continue  # counted in full
            extra += reach * mass / labels / whole**2
            random = mine & (squares > 0)
            free = min(free, max(_alike(self.cells.where(random)) - 1, 1.0))
        return extra * lump, free

    def _ends(self, value: float, variance: float, free: float) -> tuple[float, float]:
        if variance <= 0:
            return value, value
        near = float(np.clip(value, 1e-6, 1 - 1e-6))
        if value in {0.0, 1.0}:
            near = float(np.clip(value, variance**0.5 / 2, 1 - variance**0.5 / 2))
        reach = -float(stdtrit(min(free, 1e9), (1 - self.level) / 2)) * variance**0.5
        middle, wide = float(logit(near)), reach / (near * (1 - near))
        return float(expit(middle - wide)), float(expit(middle + wide))


def _alike(cells: ScoreCells) -> float:
    """Count the labels, or clusters, that would tell as much if all weighed the same."""
    totals, squares = cells.w, cells.w2
    if cells.cluster is not None:
        _, which = np.unique(cells.cluster, return_inverse=True)
        totals = add_up(which, cells.w, size=int(which.max(initial=-1)) + 1)
        squares = totals**2
    return float(totals.sum() ** 2 / squares.sum())


def _unknown(cells: ScoreCells, *, level: float) -> Estimate:
    return Estimate(
        value=None,
        low=None,
        high=None,
        level=level,
        status=Status.UNKNOWN,
        method=METHOD,
        n=round(float(cells.n.sum())),
    )
