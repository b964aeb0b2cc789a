"""Shares of many cells along a score, drawn with the doubt of labels and of the curve they lie on.

A cell is a kind of ads (what was done with them, what would be) in a bin of the score. Cells differ
from their curve; how far is learnt from the labels, so that a cell with few labels leans on its
curve, and one with many stands by itself.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaln

from shroff.errors import DesignError
from shroff.stats.dense import Ints, add_up
from shroff.stats.proportions import Floats
from shroff.stats.smooth_odds import Along, OddsCurves, Wander, smooth_odds

__all__ = [
    "Along",
    "CellLabels",
    "cell_labels",
    "draw_shares",
    "members_drawn",
    "spread_of_clusters",
]

_STRENGTHS = np.exp(np.linspace(np.log(5.0), np.log(3_000.0), 7))
_WANDERS = tuple(Wander(step, side) for step in (0.1, 0.4, 1.0) for side in (0.1, 0.6, 1.5))
_TOLD = 0.9  # of a label: weights, and how alike neighbours are, are estimates themselves
_RARE = 0.03  # what is less likely than this is not drawn
_TINY = 1e-9
_MOST_SPREAD = 10.0
_FEW = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class CellLabels:
    """What labels say of cells.

    Parameters
    ----------
    n : array of shape (cells,)
        Labels of a simple random sample that would know as much.
    share : array of shape (cells,)
        Weighted share that violates; 0 without labels.
    along : Along
        Where the cells lie.
    """

    n: Floats
    share: Floats
    along: Along


def cell_labels(
    cell: Ints, violating: NDArray[np.bool_], weight: Floats, *, along: Along, spread: float = 1.0
) -> CellLabels:  # fmt: skip
    """Add labels up by cell.

    Parameters
    ----------
    cell : array of int, shape (labels,)
        Cell of each.
    violating : array of bool, shape (labels,)
        Truth.
    weight : array of shape (labels,)
        1 / inclusion probability, times what the ad counts for.
    along : Along
        Where the cells lie.
    spread : float
        How many times the variance is that of labels drawn one by one.

    Returns
    -------
    CellLabels
        Effective labels (Kish) and weighted shares.
    """
    size = len(along.at)
    w, w2 = add_up(cell, weight, size=size), add_up(cell, weight**2, size=size)
    hits = add_up(cell, weight * violating, size=size)
    n = np.divide(w**2, w2, out=np.zeros(size), where=w2 > 0) / spread
    share = np.divide(hits, w, out=np.zeros(size), where=w > 0)
    return CellLabels(n=n, share=share, along=along)


def spread_of_clusters(
    cell: Ints, violating: NDArray[np.bool_], weight: Floats, *, cluster: Ints, cells: int
) -> float:
    """Tell how many times wider the doubt is because ads were drawn, or err, together.

    Parameters
    ----------
    cell, violating, weight : arrays of shape (labels,)
        As for `cell_labels`.
    cluster : array of int, shape (labels,)
        What each was drawn with.
    cells : int
        Number of cells.

    Returns
    -------
    float
        From 1 to 10: squares of clusters' sums of errors over those of single labels.
    """
    w = add_up(cell, weight, size=cells)
    share = np.divide(
        add_up(cell, weight * violating, size=cells), w, out=np.zeros(cells), where=w > 0
    )
    errors = weight * (violating - share[cell])
    alone = float((errors**2).sum())
    together = float((add_up(cluster, errors, size=int(cluster.max(initial=0)) + 1) ** 2).sum())
    return float(np.clip(together / alone, 1.0, _MOST_SPREAD)) if alone > 0 else 1.0


def draw_shares(labels: CellLabels, *, draws: int, rng: np.random.Generator) -> Floats:
    """Draw the share of every cell from what is known.

    Parameters
    ----------
    labels : CellLabels
        What is known.
    draws : int
        How many.
    rng : Generator
        Chance.

    Returns
    -------
    array of shape (draws, cells)
        Shares.

    Raises
    ------
    DesignError
        If no cell has a label.

    Notes
    -----
    The log odds of a cell are about those of its curve (`shroff.stats.smooth_odds`): a level, a
    slope, a walk, and a shift of all cells that would be treated alike. The share of a cell given
    its curve is beta, and the curve is worth so many labels to it; that, and how far curves wander,
    is drawn by its likelihood. No curve is made to rise: that would lift its end and lower its start.
    """
    if not labels.n.sum() > 0:
        raise DesignError("no ad is labelled", hint="shroff labels plan draws some")
    labels = replace(labels, n=_TOLD * labels.n)
    firmest = [_curve(labels, strength=_STRENGTHS[-1], wander=each) for each in _WANDERS]
    wanders = _chances(np.array([each.fits for each in firmest]))
    strengths = _chances(_strength_fits(labels, firmest[int(np.argmax(wanders))].mean()))
    wander = rng.choice(len(_WANDERS), size=draws, p=wanders)
    chosen = rng.choice(len(_STRENGTHS), size=draws, p=strengths)
    found = np.empty((draws, len(labels.n)))
    hits = labels.n * labels.share
    for pair in np.unique(np.stack([wander, chosen], axis=1), axis=0):
        mine = np.flatnonzero((wander == pair[0]) & (chosen == pair[1]))
        strength = _STRENGTHS[pair[1]]
        curve = _curve(labels, strength=strength, wander=_WANDERS[pair[0]])
        mean = np.clip(curve.draws(len(mine), rng=rng), _TINY, 1 - _TINY)
        found[mine] = rng.beta(mean * strength + hits, (1 - mean) * strength + labels.n - hits)
    return found


def _curve(labels: CellLabels, *, strength: float, wander: Wander) -> OddsCurves:
    """Learn the curves where cells depart from them so far."""
    told = labels.n * (strength + 1) / (strength + np.maximum(labels.n, _TINY))
    return smooth_odds(told * labels.share, told, along=labels.along, wander=wander)


def _chances(fits: Floats) -> Floats:
    weights = np.exp(fits - fits.max())
    weights[weights < _RARE * weights.sum()] = 0.0
    chances: Floats = weights / weights.sum()
    return chances


def _strength_fits(labels: CellLabels, curve: Floats) -> Floats:
    some = labels.n > 0
    n, hits = labels.n[some], (labels.n * labels.share)[some]
    mean = np.clip(curve[some], _TINY, 1 - _TINY)
    fits = [
        float(
            (
                betaln(hits + mean * s, n - hits + (1 - mean) * s)
                - betaln(mean * s, (1 - mean) * s)
            ).sum()
        )
        for s in _STRENGTHS
    ]
    return np.array(fits) - np.log(_STRENGTHS) / 2


def members_drawn(
    shares: Floats, *, labels: CellLabels, size: Floats, rng: np.random.Generator
) -> Floats:
    """Draw how many of the ads of each cell violate.

    Parameters
    ----------
    shares : array of shape (draws, cells)
        Draws of `draw_shares`.
    labels : CellLabels
        What is known.
    size : array of shape (cells,)
        Ads.
    rng : Generator
        Chance.

    Returns
    -------
    array of shape (draws, cells)
        Violating ads: those that labels speak for are known, the rest is drawn.
    """
    seen = np.minimum(labels.n, size)
    rest = size - seen
    around = np.sqrt(rest * shares * (1 - shares)) * rng.standard_normal(shares.shape)
    drawn = np.clip(rest * shares + around, 0.0, rest)
    few = rest < _FEW  # a normal draw is too smooth for few ads
    if few.any():
        whole = np.rint(rest[few]).astype(np.int64)
        drawn[:, few] = np.minimum(rng.binomial(whole, shares[:, few]), rest[few])
    members: Floats = seen * labels.share + drawn
    return members
