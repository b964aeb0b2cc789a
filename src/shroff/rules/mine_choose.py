"""A short list of rules that covers most of what violates for the least that does not."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array

from shroff.rules.mine_cover import FOLDS, Judged, cover
from shroff.rules.mine_ideas import Pool

__all__ = ["Choice", "choose"]

_STEPS = (0.0, 0.3, 0.6, 0.85)  # of the way from the bar to 1
_MARGINS = (0.6, 0.8, 1.0)  # of what is asked of a rule, asked of what it adds


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
    places = cover(hits, ads, burden=burden, asked=asked, most=most, least=least)
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
            places = cover(
                known, ads.part(inside), burden=burden, asked=asked, most=most, least=least
            )
            fires = np.asarray(unseen[:, places].sum(axis=1)).ravel() > 0
            worth = ads.weight[outside] * (fires & ~ads.covered[outside])
            caught += float(worth @ ads.violating[outside])
            wrong += float(worth @ ~ads.violating[outside])
        share = caught / (caught + wrong) if caught else 0.0
        tried.append((share >= bar, caught if share >= bar else share, asked))
    return max(tried)[2]
