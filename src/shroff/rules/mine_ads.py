"""Ads to mine rules from: texts, labels, whose they are, when, and what a label stands for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from shroff.errors import DesignError
from shroff.rules.mine_copies import copies

__all__ = ["LabelledAds", "Parts", "parted"]

_CHECKED = 0.3
_LATER = 0.75
_LEAST_UNITS = 20
_SEED = 20_261_123


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledAds:
    """Labelled ads.

    Parameters
    ----------
    texts : sequence of str
        Text of each ad; fields are parted by line breaks.
    violating : array of bool, shape (ads,)
        Whether it violates.
    weight : array of float, shape (ads,)
        What its label stands for: 1 / the chance of being drawn, or 1.
    stratum : array of int, shape (ads,)
        Stratum it was drawn from.
    group : array of int or None, shape (ads,)
        Whose ad it is, as a number.
    day : array of int or None, shape (ads,)
        When it was submitted, in days.
    design : str
        How labels were drawn, in a few words.
    """

    texts: Sequence[str]
    violating: NDArray[np.bool_]
    weight: NDArray[np.float64]
    stratum: NDArray[np.intp]
    group: NDArray[np.intp] | None = None
    day: NDArray[np.int64] | None = None
    design: str = ""

    def __len__(self) -> int:
        """Count the ads."""
        return len(self.violating)

    @classmethod
    def simple(
        cls,
        texts: Sequence[str],
        violating: NDArray[np.bool_],
        *,
        group: NDArray[np.intp] | None = None,
        day: NDArray[np.int64] | None = None,
    ) -> LabelledAds:
        """Take ads that each stand for themselves."""
        return cls(
            texts=texts,
            violating=np.asarray(violating, np.bool_),
            weight=np.ones(len(texts)),
            stratum=np.zeros(len(texts), np.intp),
            group=group,
            day=day,
        )

    def taken(self, rows: NDArray[np.intp]) -> LabelledAds:
        """Take some of the ads."""
        return replace(
            self,
            texts=[self.texts[row] for row in rows],
            violating=self.violating[rows],
            weight=self.weight[rows],
            stratum=self.stratum[rows],
            group=None if self.group is None else self.group[rows],
            day=None if self.day is None else self.day[rows],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """Which ads rules are found on, and which they are checked on.

    Parameters
    ----------
    found_on, checked_on : array of int
        Rows; those found on stand unit by unit. No unit and no text is in both.
    later : array of bool, shape (checked,)
        Which of the checked ads came after all that rules were found on; none without times.
    unit : array of int, shape (ads,)
        Advertiser, or, where none is known, set of near-copies.
    copy : array of int, shape (ads,)
        Set of near-copies.
    left_out : int
        Ads in neither part: near-copies of ads on the other side, and late ads of units that rules
        are found on.
    """

    found_on: NDArray[np.intp]
    checked_on: NDArray[np.intp]
    later: NDArray[np.bool_]
    unit: NDArray[np.intp]
    copy: NDArray[np.intp]
    left_out: int


def parted(ads: LabelledAds, *, least: int = _LEAST_UNITS) -> Parts:
    """Part ads into those that rules are found on and those they are checked on.

    Parameters
    ----------
    ads : LabelledAds
        The ads.
    least : int
        Advertisers, or distinct texts, that there must be of each label.

    Returns
    -------
    Parts
        Three tenths of the advertisers are kept for checking; where times are known, rules are
        found on the first three quarters of the ads only.

    Raises
    ------
    DesignError
        If there are too few advertisers or distinct texts on either side of the labels.
    """
    copy = copies(ads.texts)
    unit = copy if ads.group is None else np.unique(ads.group, return_inverse=True)[1]
    _require(ads, unit, least=least)
    held = np.random.default_rng(_SEED).random(int(unit.max()) + 1) < _CHECKED
    checked = held[unit]
    early = np.ones(len(ads), np.bool_)
    if ads.day is not None:
        early = ads.day <= np.quantile(ads.day, _LATER, method="lower")
    found = ~checked & early
    if not (found & ads.violating).any() or not (checked & ads.violating).any():
        raise DesignError("no ad that violates is left to find rules on, or to check them on")
    checked &= ~np.isin(copy, copy[found])
    rows = np.flatnonzero(found)
    rows = rows[np.argsort(unit[rows], kind="stable")]
    last = np.flatnonzero(checked)
    return Parts(
        found_on=rows,
        checked_on=last,
        later=~early[last],
        unit=unit,
        copy=copy,
        left_out=len(ads) - len(rows) - len(last),
    )


def _require(ads: LabelledAds, unit: NDArray[np.intp], *, least: int) -> None:
    for said, which in (("violate", ads.violating), ("do not violate", ~ads.violating)):
        units = len(np.unique(unit[which]))
        if units < least:
            raise DesignError(
                f"ads that {said} come from {units} advertisers or distinct texts;"
                f" rules that are more than a memory need {least}",
                hint="label more ads, or take a longer period",
            )
