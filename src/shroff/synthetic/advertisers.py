"""Who advertises: few with many ads, a few abusive, some back under a new id."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shroff.synthetic.dice import Dice, Flags, Floats, Ints, Keys
from shroff.synthetic.markets import INDUSTRIES, MARKETS
from shroff.synthetic.taxonomy import families, family_places, policy_shares

__all__ = ["ABUSIVE", "Advertisers", "recruit"]

CLEAN, SLOPPY, ABUSIVE = 0, 1, 2

_ADS_EACH = 12
_FEWEST = 700
_SHARES = (0.84, 0.11, 0.05)
_HABITS = (0.055, 0.3, 0.75)
_LEANINGS = (0.3, 0.5, 0.75)
_VIOLATING = 0.19
_MOST_LIKELY = 0.92
_TAIL = 1.25
_LARGEST = 0.006
_RETURNING = 0.45
_AFFINITY = {
    "beauty": "EI",
    "health": "EF",
    "finance": "AB",
    "education": "KG",
    "games": "CH",
    "fashion": "HI",
    "apps": "DL",
    "food": "EF",
    "autos": "IB",
    "retail": "HI",
}


@dataclass(frozen=True, slots=True)
class Advertisers:
    """Every advertiser of the platform, one place in each array.

    Parameters
    ----------
    market, language, industry : array of int
        Places in the lists of markets, languages and industries.
    conduct : array of int
        0 clean, 1 sloppy, 2 abusive.
    favourite : array of int
        Policy broken most.
    weight : array of float
        How many ads, relative to the others.
    first, last : array of int
        Days of activity.
    previous : array of int
        The same people's earlier id, -1 for none.
    chance : array of float
        Chance that one ad breaks policy.
    """

    market: Ints
    language: Ints
    industry: Ints
    conduct: Ints
    favourite: Ints
    weight: Floats
    first: Ints
    last: Ints
    previous: Ints
    chance: Floats

    def __len__(self) -> int:
        """Count them."""
        return len(self.market)

    def active(self, day: int) -> Flags:
        """Say who advertises on a day."""
        flags: Flags = (self.first <= day) & (self.last >= day)
        return flags

    def leaning(self) -> Floats:
        """Give the share of violations that goes to the favourite policy."""
        shares: Floats = np.array(_LEANINGS)[self.conduct]
        return shares

    def expected(self, within: Flags, *, first: int, last: int) -> Floats:
        """Give the share of some advertisers' ads that mainly breaks each policy.

        Parameters
        ----------
        within : array of bool
            The advertisers.
        first, last : int
            Days.

        Returns
        -------
        array of float, one a policy
            Shares in [0, 1], before planted stories.
        """
        overlap = np.minimum(self.last, last) - np.maximum(self.first, first) + 1
        volume = self.weight * np.maximum(overlap, 0) * within
        breaking, leaning = volume * self.chance, self.leaning()
        shares = policy_shares()
        usual = np.bincount(self.favourite, weights=breaking * leaning, minlength=len(shares))
        others = float((breaking * (1 - leaning)).sum())
        expected: Floats = (usual + others * shares) / volume.sum()
        return expected


def _favourites(dice: Dice, keys: Keys, industry: Ints) -> Ints:
    letters = [family.id for family in families()]
    family = family_places()
    chosen = np.zeros(len(keys), dtype=np.int64)
    for place, name in enumerate(INDUSTRIES):
        boost = np.ones(len(letters))
        for letter in _AFFINITY.get(name, ""):
            boost[letters.index(letter)] = 4.0
        here = industry == place
        weights = policy_shares() * boost[family]
        chosen[here] = dice.pick("favourite", keys[here], weights=weights)
    return chosen


def _windows(dice: Dice, keys: Keys, *, conduct: Ints, days: int) -> tuple[Ints, Ints]:
    length = np.where(
        conduct == ABUSIVE,
        8 + dice.whole("stay", keys, below=28),
        20 + dice.whole("stay", keys, below=2 * days),
    )
    start = dice.whole("joined", keys, below=days + 60) - np.where(conduct == ABUSIVE, 8, 60)
    return start, start + length


def _returns(dice: Dice, keys: Keys, *, conduct: Ints) -> Ints:
    """Pair some abusive advertisers with an earlier abusive one."""
    previous = np.full(len(keys), -1, dtype=np.int64)
    abusive = np.flatnonzero(conduct == ABUSIVE)
    back = abusive[int(len(abusive) * (1 - _RETURNING)) :]
    gone = abusive[: int(len(abusive) * (1 - _RETURNING))]
    if len(back) and len(gone):
        previous[back] = gone[dice.whole("previous", keys[back], below=len(gone))]
    return previous


def _weights(dice: Dice, keys: Keys, *, conduct: Ints, markets: Ints) -> Floats:
    weight = (1 - dice.uniform("activity", keys)) ** (-1 / _TAIL)
    weight = np.minimum(weight, np.where(conduct == ABUSIVE, 12.0, _LARGEST * weight.sum()))
    for kind, share in enumerate(_SHARES):
        same = conduct == kind
        weight[same] *= share / weight[same].sum()
    for place, market in enumerate(MARKETS):
        here = markets == place
        weight[here] *= market.share / weight[here].sum()
    return weight


def recruit(dice: Dice, *, ads: int, days: int) -> Advertisers:
    """Draw the advertisers of a platform.

    Parameters
    ----------
    dice : Dice
        Chance.
    ads : int
        Ads of the platform; about one advertiser for twelve.
    days : int
        Days of the logs.

    Returns
    -------
    Advertisers
        All of them.
    """
    keys = np.arange(max(_FEWEST, ads // _ADS_EACH), dtype=np.uint64)
    conduct = dice.pick("conduct", keys, weights=(0.86, 0.09, 0.05))
    market = dice.pick("market", keys, weights=[market.share for market in MARKETS])
    chinese = np.array([market.chinese for market in MARKETS])[market]
    industry = dice.whole("industry", keys, below=len(INDUSTRIES))
    language = dice.flips("language", keys, chance=chinese).astype(np.int64)
    favourite = _favourites(dice, keys, industry)
    first, last = _windows(dice, keys, conduct=conduct, days=days)
    previous = _returns(dice, keys, conduct=conduct)
    back, gone = previous >= 0, previous[previous >= 0]
    for trait in (market, language, industry, favourite):
        trait[back] = trait[gone]
    stay = last[back] - first[back]
    first[back] = last[gone] + 1 + dice.whole("pause", keys[back], below=4)
    last[back] = first[back] + stay
    weight = _weights(dice, keys, conduct=conduct, markets=market)
    risk = np.array([market.risk for market in MARKETS])[market]
    overlap = np.maximum(np.minimum(last, days - 1) - np.maximum(first, 0) + 1, 0)
    chance = _chances(np.array(_HABITS)[conduct] * risk, weight * overlap)
    return Advertisers(
        market, language, industry, conduct, favourite, weight, first, last, previous, chance
    )


def _chances(habit: Floats, volume: Floats) -> Floats:
    """Scale habits so that the platform as a whole breaks policy as often as wanted."""
    scale = 1.0
    for _ in range(20):
        chance = np.minimum(habit * scale, _MOST_LIKELY)
        scale *= _VIOLATING * volume.sum() / float((chance * volume).sum())
    return np.minimum(habit * scale, _MOST_LIKELY)
