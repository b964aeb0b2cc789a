"""Labels by bin of their score: what every threshold curve is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

from shroff.errors import DesignError
from shroff.stats.checks import require_index, require_sums
from shroff.stats.dense import Flags, Ints, add_up
from shroff.stats.proportions import Floats
from shroff.stats.sampling import NO_PROBABILITY

__all__ = ["BINS", "PLACES", "ScoreCells", "binned", "cells_of_scores", "place_of"]

BINS = 1000
"""Thresholds 0, 1/1000, ... 999/1000."""

PLACES = BINS + 2
"""Places of scores: 0 under 0, b + 1 from b/1000 to (b + 1)/1000, the last above 1."""


_AT_ONCE = 1 << 16  # labels whose scratch stays in the cache


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreCells:
    """Labelled ads by stratum, score and truth.

    Parameters
    ----------
    stratum : array of int, shape (k,)
        Stratum 0..S-1 of the draw.
    place : array of int, shape (k,)
        Place of the score, 0..`PLACES` - 1.
    violating : array of bool, shape (k,)
        Truth.
    n, w, w2 : array of shape (k,)
        Labels, sum of weights, sum of squared weights.
    cluster : array of int, shape (k,), optional
        What ads were drawn with, such as their advertiser; rows are then single labels.
    """

    stratum: Ints
    place: Ints
    violating: Flags
    n: Floats
    w: Floats
    w2: Floats
    cluster: Ints | None = None

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.stratum)

    def where(self, chosen: Flags | Ints) -> ScoreCells:
        """Take some of the rows."""
        return ScoreCells(
            stratum=self.stratum[chosen],
            place=self.place[chosen],
            violating=self.violating[chosen],
            n=self.n[chosen],
            w=self.w[chosen],
            w2=self.w2[chosen],
            cluster=None if self.cluster is None else self.cluster[chosen],
        )

    def weights(self) -> NDArray[np.float64]:
        """Add up the weights by truth and place, shape (2, `PLACES`)."""
        slot = self.violating * PLACES + self.place
        return add_up(slot, self.w, size=2 * PLACES).reshape(2, PLACES)

    def labels(self) -> NDArray[np.float64]:
        """Count the labels by truth and place, shape (2, `PLACES`)."""
        slot = self.violating * PLACES + self.place
        return add_up(slot, self.n, size=2 * PLACES).reshape(2, PLACES)

    def require(self, *, strata: int) -> None:
        """Refuse what no curve can be drawn from.

        Parameters
        ----------
        strata : int
            Number of strata.

        Raises
        ------
        DesignError
            If there is no label, a weight is missing or negative, all are zero, or an index is
            out of range.
        """
        if not len(self):
            raise DesignError(
                "no label has a score of this model", hint="label ads that the model scored"
            )
        require_index("stratum", self.stratum, size=strata, where="cells")
        require_index("place", self.place, size=PLACES, where="cells")
        for name, values in (("count", self.n), ("weight", self.w), ("squared weight", self.w2)):
            require_sums(name, values, where="cells", hint=NO_PROBABILITY)
        if not np.any(self.w > 0):
            raise DesignError(
                "all weights are zero: nobody knows what the labels stand for",
                hint="a weight is 1 / the chance of having been drawn, so at least 1",
            )


def place_of(scores: NDArray[np.floating]) -> Ints:
    """Place scores among the thresholds.

    Parameters
    ----------
    scores : array
        Scores.

    Returns
    -------
    array of int
        Places, 0..`PLACES` - 1.

    Raises
    ------
    DesignError
        If a score is not a number.
    """
    held = np.multiply(scores, BINS)
    held += 1
    np.clip(held, 0, PLACES - 1, out=held)
    if np.isnan(held.max(initial=0)):
        raise DesignError("a score that is not a number", hint="leave out ads without a score")
    places: Ints = held.astype(np.int16).astype(np.intp)
    edge = held == PLACES - 1
    if edge.any():
        places[edge & (scores == 1)] = BINS  # 1 itself belongs into the last bin
    return places


def binned(
    scores: NDArray[np.floating],
    violating: NDArray[np.bool_],
    *,
    weights: NDArray[np.floating] | None = None,
) -> ScoreCells:
    """Count labels by score and truth, all of one stratum, in one pass over them.

    Parameters
    ----------
    scores : array of shape (n,)
        Scores.
    violating : array of bool, shape (n,)
        Truth.
    weights : array of shape (n,), optional
        1 / inclusion probability; 1 each without it.

    Returns
    -------
    ScoreCells
        At most 2 x `PLACES` rows.
    """
    size = 2 * PLACES
    n, w, w2 = np.zeros((3, size))
    for first in range(0, len(scores), _AT_ONCE):
        part = slice(first, first + _AT_ONCE)
        slot = place_of(scores[part])
        slot += np.multiply(violating[part], PLACES, dtype=np.intp)
        n += np.bincount(slot, minlength=size)
        if weights is not None:
            mine = weights[part].astype(np.float64, copy=False)
            w += add_up(slot, mine, size=size)
            w2 += add_up(slot, mine * mine, size=size)
    if weights is None:
        w = w2 = n
    some = np.flatnonzero(n)
    return ScoreCells(
        stratum=np.zeros(len(some), dtype=np.intp),
        place=some % PLACES,
        violating=some >= PLACES,
        n=n[some],
        w=w[some],
        w2=w2[some],
    )


def cells_of_scores(
    scores: NDArray[np.floating],
    violating: NDArray[np.bool_],
    *,
    weights: NDArray[np.floating],
    stratum: Ints,
    cluster: Ints | None = None,
) -> ScoreCells:
    """Place labels one by one.

    Parameters
    ----------
    scores, violating, weights : array of shape (n,)
        Score, truth, and 1 / inclusion probability.
    stratum : array of int, shape (n,)
        Stratum of the draw.
    cluster : array of int, shape (n,), optional
        What each was drawn with.

    Returns
    -------
    ScoreCells
        A row a label.
    """
    return ScoreCells(
        stratum=stratum,
        place=place_of(scores),
        violating=cast("Flags", violating.astype(bool)),
        n=np.ones(len(scores)),
        w=weights.astype(np.float64),
        w2=np.square(weights.astype(np.float64)),
        cluster=cluster,
    )
