"""Log odds along a score, smooth and with their doubt: curves that are learnt from labels and drawn."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit, logit

from shroff.stats.dense import Flags, Ints
from shroff.stats.proportions import Floats

__all__ = ["Along", "OddsCurves", "Wander", "smooth_odds"]

_LEVEL, _SLOPE, _JITTER = 4.0, 2.0, 1e-5
_STEPS, _CLOSE, _FURTHEST = 40, 1e-3, 2.0
_TINY = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Along:
    """Where kinds of ads lie.

    Parameters
    ----------
    curve : array of int, shape (kinds,)
        Curve, counted from 0; curves know nothing of each other.
    at : array of shape (kinds,)
        Place along it, in log odds of the score.
    side : array of int, shape (kinds,)
        What is done with them: kinds of a side may lie above or below their curve, all alike.
    """

    curve: Ints
    at: Floats
    side: Ints


@dataclass(frozen=True, slots=True)
class Wander:
    """How far log odds wander.

    Parameters
    ----------
    step : float
        Standard deviation from a straight line, over one unit of the score's log odds.
    side : float
        Standard deviation of sides about their curve.
    """

    step: float
    side: float


@dataclass(frozen=True, slots=True)
class OddsCurves:
    """Log odds of kinds of ads, as labels tell them.

    Parameters
    ----------
    middle : array of shape (curves, longest)
        Log odds.
    root : array of shape (curves, longest, longest)
        Square root of their covariance.
    place : tuple of arrays of int
        Where each kind is in ``middle``.
    fits : float
        The log of the chance of the labels, roughly.
    """

    middle: Floats
    root: Floats
    place: tuple[Ints, Ints]
    fits: float

    def mean(self) -> Floats:
        """Give the expected share of each kind."""
        return _expected(self.middle, (self.root**2).sum(axis=2))[self.place]

    def draws(self, count: int, *, rng: np.random.Generator) -> Floats:
        """Draw the shares of all kinds.

        Parameters
        ----------
        count : int
            How many.
        rng : Generator
            Chance.

        Returns
        -------
        array of shape (count, kinds)
            Shares.
        """
        free = rng.standard_normal((*self.middle.shape, count))
        odds = self.middle[:, :, None] + self.root @ free
        shares: Floats = expit(odds[self.place]).T
        return shares


def smooth_odds(hits: Floats, n: Floats, *, along: Along, wander: Wander) -> OddsCurves:
    """Learn curves from labels.

    Parameters
    ----------
    hits, n : array of shape (kinds,)
        Labels of each kind that violate, and all.
    along : Along
        Where kinds lie.
    wander : Wander
        How far log odds wander.

    Returns
    -------
    OddsCurves
        The curves.

    Notes
    -----
    Log odds are a level, a slope, a random walk and a shift of each side, all normal. Of normal
    distributions the one is sought whose expected shares agree with the labels: shares near 0 and 1
    lie askew, and those at its middle would not. Without labels a curve has the level of all.

    References
    ----------
    Rasmussen and Williams, Gaussian Processes for Machine Learning (2006), ch. 3; Opper and
    Archambeau, Neural Computation 21 (2009).
    """
    place, there = _laid_out(along.curve)
    size, bad = np.zeros(there.shape), np.zeros(there.shape)
    size[place], bad[place] = n, hits
    whole = float(logit((hits.sum() + 0.5) / (n.sum() + 1)))
    ahead = _ahead(along, place, there, size=size, wander=wander)
    middle = np.full(there.shape, whole)
    told, after = np.zeros(there.shape), ahead
    for _ in range(_STEPS):
        spread = np.diagonal(after, axis1=1, axis2=2)
        share = _expected(middle, spread)
        told = np.maximum(size * share * (1 - share), _TINY)
        after = _after(ahead, told)
        pull = told * (middle - whole) + bad - size * share
        moved = whole + (after @ pull[:, :, None])[:, :, 0]
        step = np.clip(moved - middle, -_FURTHEST, _FURTHEST)
        middle = middle + step
        if np.abs(step).max() < _CLOSE:
            break
    root = np.linalg.cholesky(after + _JITTER * np.eye(after.shape[1])).astype(np.float64)
    fits = float((bad * middle - size * np.logaddexp(0.0, middle)).sum())
    return OddsCurves(middle, root, place, fits + _likely(middle - whole, ahead, told))


def _laid_out(curve: Ints) -> tuple[tuple[Ints, Ints], Flags]:
    """Lay kinds out in a table with a row for each curve."""
    order = np.argsort(curve, kind="stable")
    starts = np.searchsorted(curve[order], np.arange(int(curve.max()) + 1))
    column = np.empty(len(curve), dtype=np.intp)
    column[order] = np.arange(len(curve)) - starts[curve[order]]
    there = np.zeros((len(starts), int(column.max()) + 1), dtype=bool)
    there[curve, column] = True
    return (curve, column), there


def _ahead(
    along: Along, place: tuple[Ints, Ints], there: Flags, *, size: Floats, wander: Wander
) -> Floats:
    """Give the covariance of log odds before any label."""
    at, side = np.zeros(there.shape), np.full(there.shape, -1)
    at[place], side[place] = along.at, along.side
    weight = size + _TINY * there
    centre = (weight * at).sum(axis=1) / weight.sum(axis=1)
    off = np.where(there, at - centre[:, None], 0.0)
    apart = np.abs(off[:, :, None] - off[:, None, :])
    far = np.abs(off)
    walk = (far[:, :, None] + far[:, None, :] - apart) / 2  # a walk both ways from the centre
    line = _LEVEL**2 + _SLOPE**2 * off[:, :, None] * off[:, None, :]
    beside = wander.side**2 * (side[:, :, None] == side[:, None, :])
    covariance: Floats = line + wander.step**2 * walk + beside + _JITTER * np.eye(there.shape[1])
    return covariance


def _after(ahead: Floats, told: Floats) -> Floats:
    root = np.sqrt(told)
    right = root[:, :, None] * ahead
    after: Floats = ahead - np.swapaxes(right, 1, 2) @ np.linalg.solve(_inner(ahead, told), right)
    return (after + np.swapaxes(after, 1, 2)) / 2


def _inner(ahead: Floats, told: Floats) -> Floats:
    root = np.sqrt(told)
    inner: Floats = np.eye(told.shape[1]) + root[:, :, None] * ahead * root[:, None, :]
    return inner


def _expected(middle: Floats, spread: Floats) -> Floats:
    """Give the mean of shares whose log odds are normal, closely."""
    shares: Floats = expit(middle / np.sqrt(1 + np.pi * spread / 8))
    return shares


def _likely(away: Floats, ahead: Floats, told: Floats) -> float:
    pulled = np.linalg.solve(ahead, away[:, :, None])[:, :, 0]
    return float(-(away * pulled).sum() - np.linalg.slogdet(_inner(ahead, told))[1].sum()) / 2
