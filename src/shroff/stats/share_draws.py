"""Shares of many cells along a score, drawn with the doubt of labels and of the curve they lie on.

A cell is a kind of ads (what was done with them, what would be) in a bin of the score. Cells of one
bin differ from each other; how far is learnt from the labels, so that a cell with few labels leans
on its bin, and one with many stands by itself.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaln

from shroff.errors import DesignError
from shroff.stats.dense import Ints, add_up
from shroff.stats.isotonic import pooled
from shroff.stats.proportions import Floats

__all__ = ["CellLabels", "cell_labels", "draw_shares", "members_drawn", "spread_of_clusters"]

_STRENGTHS = np.exp(np.linspace(np.log(0.5), np.log(5_000.0), 19))
_TINY = 1e-9
_MOST_SPREAD = 10.0
_FEW = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class CellLabels:
    """What labels say of cells.

    Parameters
    ----------
    bin : array of int, shape (cells,)
        Bin of the score, counted from 0.
    n : array of shape (cells,)
        Labels of a simple random sample that would know as much.
    share : array of shape (cells,)
        Weighted share that violates; 0 without labels.
    curves : tuple of int
        First bin of each curve; along the bins of a curve the share rises with the score.
    """

    bin: Ints
    n: Floats
    share: Floats
    curves: tuple[int, ...]


def cell_labels(
    cell: Ints, violating: NDArray[np.bool_], weight: Floats, *, bins: Ints, curves: tuple[int, ...],
    spread: float = 1.0,
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
    bins : array of int, shape (cells,)
        Bin of each cell.
    curves : tuple of int
        As for `CellLabels`.
    spread : float
        How many times the variance is that of labels drawn one by one.

    Returns
    -------
    CellLabels
        Effective labels (Kish) and weighted shares.
    """
    size = len(bins)
    w, w2 = add_up(cell, weight, size=size), add_up(cell, weight**2, size=size)
    hits = add_up(cell, weight * violating, size=size)
    n = np.divide(w**2, w2, out=np.zeros(size), where=w2 > 0) / spread
    share = np.divide(hits, w, out=np.zeros(size), where=w > 0)
    return CellLabels(bin=bins, n=n, share=share, curves=curves)


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
    The share of a cell given its bin is beta with a mean on a curve that rises with the score; how
    many labels that curve is worth to a cell (from 0.5 to 5,000) is drawn by its likelihood. The
    curve itself is drawn bin by bin, where no cell tells more than it is alike to others, and made
    to rise by pooling.
    """
    if not labels.n.sum() > 0:
        raise DesignError("no ad is labelled", hint="shroff labels plan draws some")
    bins = int(labels.bin.max()) + 1
    curve, _ = _curve(labels, bins=bins, strength=_STRENGTHS[-1])
    chances = _strength_chances(labels, curve)
    chosen = rng.choice(len(_STRENGTHS), size=draws, p=chances)
    found = np.empty((draws, len(labels.n)))
    hits = labels.n * labels.share
    parts = [part for part in _parts(labels, bins) if part[1] - part[0] > 1]
    for place in np.unique(chosen):
        strength, mine = _STRENGTHS[place], np.flatnonzero(chosen == place)
        middle, known = _curve(labels, bins=bins, strength=strength)
        curves = rng.beta(middle * known + _TINY, (1 - middle) * known + _TINY, (len(mine), bins))
        for first, last in parts:
            for row in curves:
                row[first:last] = pooled(row[first:last], known[first:last])
        mean = np.clip(curves[:, labels.bin], _TINY, 1 - _TINY)
        found[mine] = rng.beta(mean * strength + hits, (1 - mean) * strength + labels.n - hits)
    return found


def _curve(labels: CellLabels, *, bins: int, strength: float) -> tuple[Floats, Floats]:
    """Give the share of each bin, and how many labels tell it."""
    told = labels.n * (strength + 1) / (strength + np.maximum(labels.n, _TINY))
    n = add_up(labels.bin, told, size=bins)
    hits = add_up(labels.bin, told * labels.share, size=bins)
    whole = (hits.sum() + 0.5) / (n.sum() + 1)
    shares = np.empty(bins)
    for first, last in _parts(labels, bins):
        mine = slice(first, last)
        usual = (hits[mine].sum() + whole) / (n[mine].sum() + 1)
        shares[mine] = pooled((hits[mine] + usual) / (n[mine] + 1), n[mine] + 1)
    return np.clip(shares, _TINY, 1 - _TINY), n + 1


def _parts(labels: CellLabels, bins: int) -> list[tuple[int, int]]:
    """Give the first bin of each curve, and the one after its last."""
    starts = [first for first in labels.curves if first < bins]
    return list(zip(starts, [*starts[1:], bins], strict=True))


def _strength_chances(labels: CellLabels, curve: Floats) -> Floats:
    some = labels.n > 0
    n, hits = labels.n[some], (labels.n * labels.share)[some]
    mean = curve[labels.bin[some]]
    fits = np.array(
        [
            float(
                (
                    betaln(hits + mean * s, n - hits + (1 - mean) * s)
                    - betaln(mean * s, (1 - mean) * s)
                ).sum()
            )
            for s in _STRENGTHS
        ]
    )
    fits -= np.log(_STRENGTHS) / 2
    weights = np.exp(fits - fits.max())
    chances: Floats = weights / weights.sum()
    return chances


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
