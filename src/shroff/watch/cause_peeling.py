"""Taking out the slice that explains most, again and again, until none is worth its price."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shroff.stats.dense import Flags, Ints
from shroff.stats.proportions import Floats
from shroff.watch.cause_kernel import add_cells, refresh, take_cells
from shroff.watch.cause_lattice import Lattice
from shroff.watch.cause_noise import Noise, middle_of

__all__ = ["Found", "Peeling", "drift_of"]

_CERTAINTY = 5.0
_WHOLE = 0.75
_UNIT = 0.1
_MEDIAN = 0.454936
"""Median of chi-square with one degree of freedom."""
_FEWEST, _WIDEST, _HALVINGS, _CLOSE = 20, 40, 30, 1e-3


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A slice taken out.

    Parameters
    ----------
    combination : tuple of int
        Its dimensions.
    rows : array
        Its cells.
    gain : float
        Log-likelihood ratio to nothing having happened there, less its price.
    price : float
        What it cost to name it.
    weight : float
        Sum of one over squared noise of its cells: how well its shift is known.
    """

    combination: tuple[int, ...]
    rows: Ints
    gain: float
    price: float
    weight: float

    def outstanding(self, drift: float) -> bool:
        """Say whether it is worth its price where slices drift anyway.

        Parameters
        ----------
        drift : float
            Variance of the shifts of slices to which nothing happened.

        Returns
        -------
        bool
            True where it is.
        """
        return (self.gain + self.price) / (1 + drift * self.weight) > self.price


class Peeling:
    """Sums over all slices, and cells taken away from them.

    Parameters
    ----------
    lattice : Lattice
        All slices.
    codes : array of shape (cells, dimensions)
        Value of each dimension.
    deviation : array of shape (cells,)
        Relative deviations.
    noise : Noise
        How far each strays anyway.
    drift : float
        Variance of the shifts of slices to which nothing happened.
    """

    def __init__(
        self,
        lattice: Lattice,
        *,
        codes: NDArray[np.int32],
        deviation: Floats,
        noise: Noise,
        drift: float,
    ) -> None:
        self._lattice, self._codes, self._drift = lattice, codes, drift
        self._z = noise.standardised(deviation)
        self._u = _UNIT / noise.scale
        count = int(lattice.offsets[-1])
        self.sums = np.zeros((count, 3))
        for ids, offset in zip(lattice.ids, lattice.offsets, strict=False):
            add_cells(ids, int(offset), self._z, self._u, self.sums)
        self._price = np.repeat(_prices(lattice), np.diff(lattice.offsets))
        self._gains = np.empty(count)
        refresh(np.arange(count, dtype=np.int64), self.sums, self._price, self._gains)
        self.left: Flags = np.ones(len(deviation), bool)

    def peel(self, most: int) -> list[Found]:
        """Find the best slice and take its cells away, again and again.

        Parameters
        ----------
        most : int
            Most slices to take.

        Returns
        -------
        list of Found
            The slices; the next would not be worth its price.
        """
        taken: list[Found] = []
        while len(taken) < most and (found := self._next()) is not None:
            taken.append(found)
        return taken

    def _next(self) -> Found | None:
        while len(self._gains):
            place = int(np.argmax(self._gains))
            if not self._gains[place] > 0:
                return None
            found = self._found(place)
            if found.outstanding(self._drift) and self._whole(found):
                self._take(found.rows)
                return found
            self._gains[place] = -math.inf
        return None

    def _found(self, place: int) -> Found:
        at = int(np.searchsorted(self._lattice.offsets, place, "right")) - 1
        own = self._lattice.ids[at] == place - self._lattice.offsets[at]
        rows = np.flatnonzero(own & self.left)
        return Found(
            combination=self._lattice.combinations[at],
            rows=rows,
            gain=float(self._gains[place]),
            price=float(self._price[place]) + 0.5 * math.log(len(rows)),
            weight=float(self.sums[place, 1]),
        )

    def _whole(self, found: Found) -> bool:
        """Say whether a slice moved as a whole: some of its parts do not tell more, and cheaper."""
        weighed, weights = self._z[found.rows] * self._u[found.rows], self._u[found.rows] ** 2
        side = math.copysign(1.0, float(weighed.sum()))
        for d in range(self._codes.shape[1]):
            if d in found.combination:
                continue
            own = self._codes[found.rows, d]
            total, weight, count = (
                np.bincount(own, each) for each in (side * weighed, weights, np.ones(len(own)))
            )
            held = count > 0
            total, weight, count = total[held], weight[held], count[held]
            price = found.price + math.log(len(count)) + 0.5 * np.log(count)
            worth = np.where(total > 0, 0.5 * total**2 / weight - price, 0.0)
            moved = worth > 0
            few = weight[moved].sum() < _WHOLE * weight.sum()
            if few and worth[moved].sum() > found.gain:
                return False
        return True

    def _take(self, rows: Ints) -> None:
        self.left[rows] = False
        stale = np.empty(len(rows), np.int64)
        for ids, offset in zip(self._lattice.ids, self._lattice.offsets, strict=False):
            count = take_cells(ids, int(offset), rows, self._z, self._u, self.sums, stale)
            refresh(stale[:count], self.sums, self._price, self._gains)


def _prices(lattice: Lattice) -> list[float]:
    """Say how many nats it costs to name a slice among all of its combination, and that one."""
    dims = max((len(each) for each in lattice.combinations), default=0)
    dims = sum(len(each) == 1 for each in lattice.combinations) or dims
    return [
        math.log(math.comb(dims, len(combination)) * dims * max(1, int(distinct))) + _CERTAINTY
        for combination, distinct in zip(lattice.combinations, lattice.distinct, strict=True)
    ]


def drift_of(lattice: Lattice, sums: Floats) -> float:
    """Learn how far slices shift when nothing in particular happens to them.

    Parameters
    ----------
    lattice : Lattice
        All slices.
    sums : array of shape (slices, 3)
        Of the cells left, as `add_cells` makes them.

    Returns
    -------
    float
        Variance of their shifts beyond what noise of their cells makes, in the unit of the sums.

    Notes
    -----
    Read off the slices of one and two dimensions whose shift is known best: their squared shift,
    in units of its variance with drift, has the median of chi-square.
    """
    few = sum(len(each) <= 2 for each in lattice.combinations)
    known = sums[: int(lattice.offsets[few])]
    known = known[known[:, 2] >= _FEWEST]
    if len(known) < _FEWEST / 2:
        return 0.0
    best = min(len(known), max(_WIDEST, len(known) // 5))
    known = known[np.argpartition(known[:, 1], len(known) - best)[len(known) - best :]]
    weight = known[:, 1]
    squared = known[:, 0] ** 2 / weight
    low, high = 0.0, float(squared.max() / weight.min())
    if middle_of(squared) <= _MEDIAN:
        return 0.0
    for _ in range(_HALVINGS):
        if high - low <= _CLOSE * high:
            break
        middle = (low + high) / 2
        wide = middle_of(squared / (1 + middle * weight)) > _MEDIAN
        low, high = (middle, high) if wide else (low, middle)
    return low
