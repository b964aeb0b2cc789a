"""A short list of rules that covers most of what violates for the least that does not."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array

from shroff.rules.mine_ideas import FOLDS, Pool

__all__ = ["Choice", "Judged", "choose"]

_STEPS = (0.0, 0.3, 0.6, 0.85)  # of the way from the bar to 1
_MARGINS = (0.6, 0.8, 1.0)  # of what is asked of a rule, asked of what it adds
_PRIOR = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What ads that rules are found on are worth.

    Parameters
    ----------
    violating : array of bool, shape (ads,)
        Whether each violates.
    weight : array of float, shape (ads,)
        What each stands for; means 1.
    unit, copy : array of int, shape (ads,)
        Whose it is, and its set of near-copies.
    fold : array of int, shape (ads,)
        Third it was dealt into.
    covered : array of bool, shape (ads,)
        Whether rules that are there already catch it.
    """

    violating: NDArray[np.bool_]
    weight: NDArray[np.float64]
    unit: NDArray[np.intp]
    copy: NDArray[np.intp]
    fold: NDArray[np.intp]
    covered: NDArray[np.bool_]

    def part(self, rows: NDArray[np.bool_]) -> Judged:
        """Take some of the ads."""
        return Judged(
            violating=self.violating[rows],
            weight=self.weight[rows],
            unit=self.unit[rows],
            copy=self.copy[rows],
            fold=self.fold[rows],
            covered=self.covered[rows],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Rules chosen.

    Parameters
    ----------
    places : tuple of int
        Their places in the pool, in the order of what they add.
    asked, asked_more : float
        Precision each had to have where it was found, and precision of what it adds to those
        before it, so that all together keep the bar on ads they were not found on.
    """

    places: tuple[int, ...]
    asked: float
    asked_more: float


def choose(
    pool: Pool, hits: csc_array, ads: Judged, *, bar: float, most: int, least: int
) -> Choice:
    """Choose rules greedily, each for what it adds to those before it.

    Parameters
    ----------
    pool : Pool
        What to choose from.
    hits : csc_array of shape (ads, ideas)
        Where each fires among the ads that rules are found on.
    ads : Judged
        Those ads.
    bar : float
        Precision wanted, in (0, 1).
    most : int
        Rules at most.
    least : int
        Advertisers, and distinct texts, that a rule must add.

    Returns
    -------
    Choice
        The rules, and what was asked of each: the precision is set where, choosing on two thirds
        of the advertisers, the rules together keep the bar on the last third and catch most.
    """
    burden = np.array([idea.burden for idea in pool.ideas])
    asked = _asked(hits, ads, burden=burden, bar=bar, most=most, least=least)
    places = _cover(hits, ads, burden=burden, asked=asked, most=most, least=least)
    return Choice(places=tuple(places), asked=asked[0], asked_more=asked[1])


def _asked(
    hits: csc_array, ads: Judged, *, burden: NDArray[np.float64], bar: float, most: int, least: int
) -> tuple[float, float]:
    tried: list[tuple[bool, float, tuple[float, float]]] = []
    rows = hits.tocsr()
    parts = [(ads.fold != which, ads.fold == which) for which in range(FOLDS)]
    cut = [(rows[inside].tocsc(), rows[outside].tocsc()) for inside, outside in parts]
    for step, margin in product(_STEPS, _MARGINS):
        asked = bar + step * (1 - bar), margin * (bar + step * (1 - bar))
        caught = wrong = 0.0
        for (inside, outside), (known, unseen) in zip(parts, cut, strict=True):
            places = _cover(
                known, ads.part(inside), burden=burden, asked=asked, most=most, least=least
            )
            fires = np.asarray(unseen[:, places].sum(axis=1)).ravel() > 0
            worth = ads.weight[outside] * (fires & ~ads.covered[outside])
            caught += float(worth @ ads.violating[outside])
            wrong += float(worth @ ~ads.violating[outside])
        share = caught / (caught + wrong) if caught else 0.0
        tried.append((share >= bar, caught if share >= bar else share, asked))
    return max(tried)[2]


def _cover(
    hits: csc_array,
    ads: Judged,
    *,
    burden: NDArray[np.float64],
    asked: tuple[float, float],
    most: int,
    least: int,
) -> list[int]:
    """Add the rule whose new catches most exceed what its new mistakes are worth at the bar."""
    base = float(np.average(ads.violating, weights=ads.weight))
    good, bad = ads.weight * ads.violating, ads.weight * ~ads.violating
    caught, wrong = hits.T @ good, hits.T @ bad
    prior = _PRIOR * float((ads.weight**2).mean())
    fine = (caught + prior * base) / np.maximum(caught + wrong + prior, 1e-9) >= asked[0]
    places = np.flatnonzero(fine & (caught > 0))
    inside, open_, chosen = hits[:, places], ~ads.covered, list[int]()
    turned = inside.T.tocsr()
    price = asked[1] / (1 - asked[1])
    while len(chosen) < most and len(places):
        gain = turned @ (good * open_) - price * (
            turned @ (bad * open_) + prior * (1 - base) * 0.5
        )
        worth = gain / burden[places] ** 0.25
        at = _next(inside, worth, ads, open_=open_, least=least)
        if at < 0:
            break
        chosen.append(int(places[at]))
        open_ &= inside[:, [at]].toarray().ravel() == 0
    return chosen


def _next(
    inside: csc_array,
    worth: NDArray[np.float64],
    ads: Judged,
    *,
    open_: NDArray[np.bool_],
    least: int,
) -> int:
    """Take the best rule whose new catches come from enough advertisers and distinct texts."""
    for at in np.argsort(-worth, kind="stable").tolist():
        if worth[at] <= 0:
            return -1
        rows = inside.indices[inside.indptr[at] : inside.indptr[at + 1]]
        new = rows[open_[rows] & ads.violating[rows]]
        if min(len(np.unique(ads.unit[new])), len(np.unique(ads.copy[new]))) >= least:
            return int(at)
        worth[at] = 0.0
    return -1
