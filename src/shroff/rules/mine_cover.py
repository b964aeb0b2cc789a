"""Rules one after the other, each for what it adds to those before it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array

__all__ = ["FOLDS", "Judged", "cover"]

FOLDS = 3
"""Parts that advertisers are dealt into, to learn on some what holds on the rest."""

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


def cover(
    hits: csc_array,
    ads: Judged,
    *,
    burden: NDArray[np.float64],
    asked: tuple[float, float],
    most: int,
    least: int,
) -> list[int]:
    """Add, again and again, the rule whose new catches most exceed what its new mistakes cost.

    Parameters
    ----------
    hits : csc_array of shape (ads, rules)
        Where each fires, as 0 and 1.
    ads : Judged
        The ads.
    burden : array of float, shape (rules,)
        What each takes to read, against one phrase.
    asked : tuple of float
        Precision of a rule, and of what it adds, in (0, 1).
    most : int
        Rules at most.
    least : int
        Advertisers, and distinct texts, that a rule must add.

    Returns
    -------
    list of int
        The rules, in the order of what they add.
    """
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
