"""Shares of many slices, each drawn towards what the slices it is part of make of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import betainc, betaln, expit, logit

from shroff.stats.dense import Ints
from shroff.stats.lattice import Lattice, SliceSums
from shroff.stats.proportions import Floats, require_level
from shroff.stats.slice_tests import effective_labels

__all__ = ["Pooled", "pooled"]

_EDGE = 1e-9
_WORTH = np.array([1e7, 1e4, 3e3, 1e3, 300.0, 100.0, 30.0, 10.0])
"""How many labels the expectation may count for, from slices just as expected to quite others."""
_ALIKE = 10.0  # slices that do as expected, taken to be there before any is seen
_ROUNDS, _HALVINGS = 100, 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Pooled:
    """Shares drawn towards what is expected of them, arrays of shape (slices,).

    Parameters
    ----------
    value : array
        The share.
    expected : array
        What the slices with one column less make of it.
    labels, errors : array
        Effective labels of the slice itself, and errors among them.
    odds : array of shape (slices, worths)
        How probable it is that the expectation counts for how many labels.
    """

    value: Floats
    expected: Floats
    labels: Floats
    errors: Floats
    odds: Floats

    def interval(self, places: Ints, *, level: float) -> tuple[Floats, Floats]:
        """Say between what the shares of some slices are.

        Parameters
        ----------
        places : array of int
            The slices.
        level : float
            Probability wanted, in (0, 1).

        Returns
        -------
        (array, array)
            Ends with equal tails.
        """
        tail = (1 - require_level(level)) / 2
        return self._quantile(places, tail), self._quantile(places, 1 - tail)

    def _quantile(self, places: Ints, tail: float) -> Floats:
        low, high = np.zeros(len(places)), np.ones(len(places))
        first = _WORTH * self.expected[places, None] + self.errors[places, None]
        second = _WORTH + self.labels[places, None] - first
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            below = betainc(first, np.maximum(second, _EDGE), middle[:, None])
            short = (self.odds[places] * below).sum(axis=1) < tail
            low, high = np.where(short, middle, low), np.where(short, high, middle)
        found: Floats = (low + high) / 2
        return found


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
    estimated from all of them (the way of Stephens' adaptive shrinkage). Where nearly all slices
    do as expected, one with few labels is drawn in almost wholly, and one that is far off with
    many labels is left alone.

    References
    ----------
    Stephens, Biostatistics 18 (2017); Kleinman, J. Am. Stat. Assoc. 68 (1973).
    """
    own, size = sums.share, len(lattice)
    labels = effective_labels(sums, share)
    value, expected = np.full(size, share), np.full(size, share)
    odds = np.zeros((size, len(_WORTH)))
    for depth in range(1, int(lattice.depth.max(initial=0)) + 1):
        here = np.flatnonzero(lattice.depth == depth)
        if depth > 1:
            expected[here] = _from_parts(lattice, here, value=value, share=share, depth=depth)
        expected[here] = np.clip(expected[here], _EDGE, 1 - _EDGE)
        mean, n = expected[here, None], labels[here, None]
        odds[here] = _odds(own[here, None] * n, n, mean=mean)
        drawn = (n * own[here, None] + _WORTH * mean) / (n + _WORTH)
        value[here] = (odds[here] * drawn).sum(axis=1)
    return Pooled(value=value, expected=expected, labels=labels, errors=own * labels, odds=odds)


def _from_parts(
    lattice: Lattice, here: Ints, *, value: Floats, share: float, depth: int
) -> Floats:
    """Add up log-odds of the parts, those in several of them once."""
    odds: Floats = logit(np.clip(value, _EDGE, 1 - _EDGE))
    parts = lattice.parents[here, :depth]
    found = odds[parts].sum(axis=1)
    if depth == 2:
        found -= logit(share)
    else:
        # each slice two columns less is part of two of the parts
        found -= odds[lattice.parents[parts, : depth - 1]].sum(axis=(1, 2)) / 2
        found += logit(share)
    back: Floats = expit(found)
    return back


def _odds(errors: Floats, labels: Floats, *, mean: Floats) -> Floats:
    """Say for each slice how probable each part of the mixture is, by expectation-maximisation."""
    first, second = _WORTH * mean, _WORTH * (1 - mean)
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
