"""Is precision from a score up at least the floor? p-values that hold under the labels' design."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import betainc

from shroff.errors import DesignError
from shroff.stats.checks import require_index, require_sums
from shroff.stats.dense import Flags, Ints, add_up
from shroff.stats.proportions import Floats
from shroff.stats.sampling import NO_PROBABILITY
from shroff.stats.score_cells import BINS, PLACES

__all__ = ["DrawDesign", "LineLabels", "binomial_tails", "design_of", "floor_pvalues"]

_WORTH_EXACT = 0.45  # of its labels thinning may leave: betting takes about 2.2 times as many
_ALIKE = 0.3  # how alike ads of a cluster are taken to be where a bet is sized; never for validity
_SAFE = 0.95
_HIGHEST = 1 - 1e-9
_SEED = 20261123


@dataclass(frozen=True, slots=True, kw_only=True)
class LineLabels:
    """Labelled ads, one by one.

    Parameters
    ----------
    place : array of int, shape (n,)
        Place of the score, see `shroff.stats.score_cells.PLACES`.
    violating : array of bool, shape (n,)
        Truth.
    weight : array of float, shape (n,)
        1 / chance of having been drawn.
    cluster : array of int, shape (n,), optional
        What each was drawn with, such as its advertiser.
    """

    place: Ints
    violating: Flags
    weight: Floats
    cluster: Ints | None = None

    def __len__(self) -> int:
        """Count the labels."""
        return len(self.place)

    def where(self, chosen: Flags | Ints) -> LineLabels:
        """Take some of them."""
        return LineLabels(
            place=self.place[chosen],
            violating=self.violating[chosen],
            weight=self.weight[chosen],
            cluster=None if self.cluster is None else self.cluster[chosen],
        )

    def require(self) -> None:
        """Refuse labels of which nobody knows what they stand for."""
        require_index("place", self.place, size=PLACES, where="labels")
        require_sums("weight", self.weight, where="labels", hint=NO_PROBABILITY)
        if np.any(self.weight < 1 - 1e-9):
            raise DesignError("a label stands for less than one ad", hint=NO_PROBABILITY)


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawDesign:
    """How ads from each threshold up were drawn, in all cells together.

    Parameters
    ----------
    rarest : array of shape (1000,)
        Least chance of any ad from each threshold up to have been drawn.
    weight : array of shape (1000,)
        What a label there stands for, on average over the ads.
    one_by_one : bool
        Whether each ad was drawn on its own, by its own chance.
    cluster : float
        Ads that are drawn with an ad, itself included, on average; 1 without clusters.
    largest : array of shape (1000,)
        Most ads that one cluster has from each threshold up; ones without clusters.
    """

    rarest: Floats
    weight: Floats
    one_by_one: bool
    cluster: float
    largest: Floats

    @property
    def thinned(self) -> Flags:
        """Say at which thresholds labels are thinned to equal chances, and counted."""
        whole = self.rarest > 1 - 1e-9
        found: Flags = self.one_by_one & (self.rarest * self.weight >= _WORTH_EXACT) & ~whole
        return found

    def worth(self, ads: Floats) -> Floats:
        """Say how many labels drawn evenly the labels of each threshold's ads will be worth.

        Parameters
        ----------
        ads : array of shape (1000,)
            Ads from each threshold up.

        Returns
        -------
        array of shape (1000,)
            Labels, never fewer at a lower threshold.
        """
        betting = _WORTH_EXACT / (self.weight * (1 + _ALIKE * (self.cluster - 1)))
        alone = self.thinned | (self.rarest > 1 - 1e-9)
        each = ads * np.where(alone, self.rarest, betting)
        return np.maximum.accumulate(each[::-1])[::-1]


def design_of(
    labels: LineLabels, *, one_by_one: bool = True, largest: Floats | None = None
) -> DrawDesign:
    """Read the design off the labels of all cells.

    Parameters
    ----------
    labels : LineLabels
        Labels of all cells.
    one_by_one : bool
        Whether each ad was drawn on its own (a Poisson design).
    largest : array of shape (1000,), optional
        Most ads of one cluster from each threshold up; needed where labels come in clusters.

    Returns
    -------
    DrawDesign
        The design.

    Raises
    ------
    DesignError
        If there is no label, a weight is missing, or clusters come without their largest.
    """
    labels.require()
    if not len(labels):
        raise DesignError("no labelled ad has this score", hint="label ads that the model scored")
    if labels.cluster is not None and largest is None:
        raise DesignError("labels come in clusters of unknown size", hint="give `largest`")
    top = np.zeros(PLACES)
    np.maximum.at(top, labels.place, labels.weight)
    dearest = np.maximum.accumulate(top[::-1])[::-1]
    dearest[dearest == 0] = dearest[dearest > 0].min()
    squares = _upward(labels.place, labels.weight**2) + top.max()
    totals = _upward(labels.place, labels.weight) + 1.0
    mean = np.maximum(1.0, np.minimum(squares / totals, dearest))
    together = 1.0
    if labels.cluster is not None:
        sizes = np.bincount(labels.cluster).astype(float)
        together = float((sizes**2).sum() / sizes.sum())
    return DrawDesign(
        rarest=1 / dearest[1 : BINS + 1],
        weight=mean[1 : BINS + 1],
        one_by_one=one_by_one and labels.cluster is None,
        cluster=together,
        largest=np.ones(BINS) if largest is None else np.maximum(largest, 1.0),
    )


def _upward(place: Ints, values: Floats) -> Floats:
    up: Floats = np.cumsum(add_up(place, values, size=PLACES)[::-1])[::-1]
    return up


def binomial_tails(hits: Floats, labels: Floats, *, floor: Floats) -> Floats:
    """Say how likely so many hits would be if precision were at the floor.

    Parameters
    ----------
    hits, labels : array
        Violating labels, and all.
    floor : array
        Precision; 1 and above cannot be shown.

    Returns
    -------
    array
        p-values; 1 where hits are no more than the floor leads to expect.
    """
    tails = betainc(np.maximum(hits, 1), labels - hits + 1, np.minimum(floor, 1.0))
    found: Floats = np.where((hits >= labels * floor + 1) & (floor < _HIGHEST), tails, 1.0)
    return found


def floor_pvalues(
    labels: LineLabels, design: DrawDesign, *, at: Ints, ads: Floats, floor: Floats, level: float
) -> Floats:
    """Test, at some thresholds, whether precision from there up is below the floor.

    Parameters
    ----------
    labels : LineLabels
        Labels of one cell.
    design : DrawDesign
        How they were drawn.
    at : array of int, shape (k,)
        Thresholds in thousandths, 0 to 999.
    ads : array of shape (1000,)
        Ads of the cell from each threshold up.
    floor : array of shape (1000,)
        Precision that is to be exceeded from each threshold up; 1 and above cannot be shown.
    level : float
        Level at which bets are to be sharpest; p-values hold at any.

    Returns
    -------
    array of shape (k,)
        p-values: chance at most p of one as small as p, if precision is below the floor.

    Notes
    -----
    Each is valid alone, whatever the ads are: only the draw is random. Three ways, chosen by the
    design and never by what the labels say. (1) All ads were labelled: precision is known. (2)
    Ads were drawn one by one with chances that are not far apart: each label is kept with chance
    ``rarest / its own``, which leaves every ad the same chance; given their number the violating
    ones are hypergeometric, a sum of independent events (Vatutin and Mikhailov 1982) whose tail
    the binomial's exceeds (Hoeffding 1956). (3) Else a bet: ``exp`` of the labels' sum of
    ``log(1 + b w (y - floor))``, summed within clusters first, expects at most 1 if precision is
    below the floor, as each ad (or cluster) that was not drawn counts 1 and
    ``1 + b x <= exp(b x)``; by Markov's inequality its inverse is a p-value. It holds for chances
    as unequal as can be, for draws without replacement within strata (by Maclaurin's inequality)
    and with it, as long as ``b w (largest cluster) floor < 1``.

    References
    ----------
    Hoeffding, Annals of Mathematical Statistics 27 (1956); Vatutin and Mikhailov, Theory of
    Probability and its Applications 27 (1982); Waudby-Smith and Ramdas, JRSS B 86 (2024); Waudby-
    Smith, Stark and Ramdas, Risk-Limiting Audits by Betting (2021).
    """
    found = np.ones(len(at))
    thinned, whole = design.thinned[at], design.rarest[at] > 1 - 1e-9
    if thinned.any():
        hits, kept = _thinned(labels, design)
        places = at[thinned]
        found[thinned] = binomial_tails(hits[places], kept[places], floor=floor[places])
    for place in np.flatnonzero(~thinned):
        above, mine = labels.where(labels.place > at[place]), float(floor[at[place]])
        if whole[place]:
            right = above.violating.sum() >= mine * len(above)
            found[place] = 0.0 if right and len(above) else 1.0
        elif mine < _HIGHEST:
            bet = _bet(design, int(at[place]), ads=float(ads[at[place]]), floor=mine, level=level)
            found[place] = _won(above, bet, floor=mine)
    return found


def _thinned(labels: LineLabels, design: DrawDesign) -> tuple[Floats, Floats]:
    """Count violating labels and all that are kept, from each threshold up."""
    chance = np.random.default_rng(_SEED).random(len(labels))
    # rarest rises with the threshold: a label is kept from some threshold on, up to its own score
    first = np.searchsorted(design.rarest, chance / labels.weight)
    last = np.minimum(labels.place, BINS)
    some = first < last
    counts = []
    for mine in (some & labels.violating, some):
        steps = np.bincount(first[mine], minlength=BINS + 1) - np.bincount(
            last[mine], minlength=BINS + 1
        )
        counts.append(np.cumsum(steps)[:BINS].astype(float))
    return counts[0], counts[1]


def _bet(design: DrawDesign, at: int, *, ads: float, floor: float, level: float) -> float:
    """Size the bet so that the least excess over the floor that can win does."""
    alike = 1 + _ALIKE * (design.cluster - 1)
    variance = floor * (1 - floor) * max(ads, 1.0) * design.weight[at] * alike
    most = _SAFE * design.rarest[at] / (design.largest[at] * floor)
    return float(min(np.sqrt(2 * -np.log(level) / variance), most))


def _won(labels: LineLabels, bet: float, *, floor: float) -> float:
    """Give the inverse of what a bet has made of one unit."""
    gain = bet * labels.weight * (labels.violating - floor)
    if labels.cluster is not None:
        _, which = np.unique(labels.cluster, return_inverse=True)
        gain = add_up(which, gain, size=int(which.max(initial=-1)) + 1)
    if np.any(gain <= -1):
        return 1.0
    # an ad that was certain to be drawn is no chance: its part of the sum is known
    sure = (labels.weight < 1 + 1e-9) if labels.cluster is None else np.zeros(len(gain), bool)
    log = np.where(sure, gain, np.log1p(gain)).sum()
    return float(np.exp(-max(log, 0.0)))
