"""Shares of many slices, each drawn towards what the slices it is part of make of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import betaln, expit, logit

from shroff.stats.dense import Ints
from shroff.stats.lattice import Lattice, SliceSums
from shroff.stats.proportions import Floats
from shroff.stats.slice_tests import effective_labels

__all__ = ["Pooled", "pooled"]

_EDGE = 1e-9
_WORTH = np.array([1e7, 1e4, 3e3, 1e3, 300.0, 100.0, 30.0, 10.0])
"""How many labels the expectation may count for, from slices just as expected to quite others."""
_ALIKE = 10.0  # slices that do as expected, taken to be there before any is seen
_ROUNDS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Pooled:
    """Shares drawn towards what is expected of them, arrays of shape (slices,).

    Parameters
    ----------
    value : array
        The share.
    expected : array
        What the slices with one column less make of it.
    labels : array
        Effective labels of the slice itself.
    worth : array
        Effective labels that stand behind ``value``, the expectation's among them.
    """

    value: Floats
    expected: Floats
    labels: Floats
    worth: Floats


def pooled(lattice: Lattice, sums: SliceSums, *, share: float) -> Pooled:
    """Draw the share of each slice towards what is expected of it.

    Parameters
    ----------
    lattice : Lattice
        The slices.
    sums : SliceSums
        Their labels.
    share : float
        Share of errors everywhere, in (0, 1).

    Returns
    -------
    Pooled
        Shares that few labels move little.

    Notes
    -----
    Empirical Bayes, depth by depth. A slice of one column is expected to be like everything; one
    of several columns has on the log-odds scale what its parts add up to without an interaction:
    of the slices with one column less, themselves drawn in. About the expectation, slices of a
    depth follow a mixture of beta distributions from very tight to loose, whose parts are
    estimated from all of them (the way of Stephens' adaptive shrinkage); an expectation counts
    for no more labels than stand behind the slices it comes from. Where nearly all slices do as
    expected, one with few labels is drawn in almost wholly, and one that is far off with many
    labels is left alone. Good for ranking; the slices it comes from hold the slice's own labels
    too, so that it has no interval.

    References
    ----------
    Stephens, Biostatistics 18 (2017); Kleinman, J. Am. Stat. Assoc. 68 (1973).
    """
    own, size = sums.share, len(lattice)
    labels = effective_labels(sums, share)
    everything = float(labels[lattice.depth == 1].max(initial=1.0))
    value, expected = np.full(size, share), np.full(size, share)
    worth = np.full(size, everything)
    for depth in range(1, int(lattice.depth.max(initial=0)) + 1):
        here = np.flatnonzero(lattice.depth == depth)
        behind = np.full(len(here), everything)
        if depth > 1:
            odds = _from_parts(lattice, here, value=value, share=share, depth=depth)
            expected[here] = np.clip(expit(odds), _EDGE, 1 - _EDGE)
            behind = worth[lattice.parents[here, :depth]].min(axis=1) / depth
        count = 1 / (1 / _WORTH + 1 / behind[:, None])
        value[here], worth[here] = _drawn(
            own[here, None], labels[here, None], mean=expected[here, None], count=count
        )
    return Pooled(value=value, expected=expected, labels=labels, worth=worth)


def _drawn(own: Floats, labels: Floats, *, mean: Floats, count: Floats) -> tuple[Floats, Floats]:
    """Draw shares towards their expectation; give them and the labels behind them."""
    odds = _odds(own * labels, labels, mean=mean, count=count)
    each = (labels * own + count * mean) / (labels + count)
    value: Floats = (odds * each).sum(axis=1)
    inner = each * (1 - each) / (labels + count + 1)
    spread = (odds * (inner + (each - value[:, None]) ** 2)).sum(axis=1)
    worth = value * (1 - value) / np.maximum(spread, _EDGE**2)
    found: Floats = np.maximum(worth, 1.0)
    return value, found


def _from_parts(
    lattice: Lattice, here: Ints, *, value: Floats, share: float, depth: int
) -> Floats:
    """Add up log-odds of the parts, those in several of them once."""
    odds: Floats = logit(np.clip(value, _EDGE, 1 - _EDGE))
    parts = lattice.parents[here, :depth]
    found: Floats = odds[parts].sum(axis=1)
    if depth == 2:
        found -= logit(share)
    else:
        # each slice two columns less is part of two of the parts
        found -= odds[lattice.parents[parts, : depth - 1]].sum(axis=(1, 2)) / 2
        found += logit(share)
    return found


def _odds(errors: Floats, labels: Floats, *, mean: Floats, count: Floats) -> Floats:
    """Say for each slice how probable each part of the mixture is, by expectation-maximisation."""
    first, second = count * mean, count * (1 - mean)
    rest = np.maximum(labels - errors, 0.0)
    fit = betaln(first + errors, second + rest) - betaln(first, second)
    fit = np.exp(fit - fit.max(axis=1, keepdims=True))
    start = np.zeros(len(_WORTH))
    start[0] = _ALIKE
    parts = np.full(len(_WORTH), 1 / len(_WORTH))
    for _ in range(_ROUNDS):
        odds = fit * parts
        odds /= odds.sum(axis=1, keepdims=True)
        parts = (odds.sum(axis=0) + start) / (len(fit) + _ALIKE)
    found: Floats = fit * parts / (fit * parts).sum(axis=1, keepdims=True)
    return found
