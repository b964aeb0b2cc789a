"""The cube of labels as dense rows, and how unequal the exposures of ads are in each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from shroff.stats.proportions import Floats

__all__ = [
    "Blocks",
    "Flags",
    "Ints",
    "Moments",
    "add_up",
    "blocks_of",
    "divide",
    "possible_blocks",
]

Ints: TypeAlias = NDArray[np.intp]
Flags: TypeAlias = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Moments:
    """What the variance of any ratio needs of the rows of a cube.

    Parameters
    ----------
    total : array of shape (k,)
        Weighted totals of the rows.
    square : array of shape (k,)
        Weighted squares, already multiplied by what the design of the row's stratum asks.
    spread : array of shape (k,)
        Plain weighted squares: how unequal the weights are.
    centre : array of shape (S,)
        What a stratum's squared total is multiplied by before it is taken from the squares.
    random : array of bool, shape (S,)
        False where everything was labelled, so that nothing is left to chance.
    alike : float
        As many labels as the unevenness of all ads around counts for, beside that of the labels
        of one outcome; 0 where an outcome tells its own, as sampling weights that go by a score.
    """

    total: Floats
    square: Floats
    spread: Floats
    centre: Floats
    random: Flags
    alike: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocks:
    """The cube as dense rows, one for each slice, stratum and known class that has labels.

    Parameters
    ----------
    group, pair, known : array of int, shape (b,)
        Slice, position among the (slice, stratum) pairs, known class.
    pair_group, pair_stratum : array of int, shape (pairs,)
        Slice and stratum of each pair.
    pair_centre : array of shape (pairs,)
        `Moments.centre` of the pair's stratum.
    random : array of bool, shape (b,)
        `Moments.random` of the block's stratum.
    labels : array of shape (b,)
        Labels.
    n, total, square, spread : array of shape (C, b)
        Sums by outcome.
    class_of : array of int, shape (C,)
        Known class of each outcome.
    groups : int
        Number of slices.
    alike : float
        `Moments.alike`.
    """

    group: Ints
    pair: Ints
    known: Ints
    pair_group: Ints
    pair_stratum: Ints
    pair_centre: Floats
    random: Flags
    labels: Floats
    n: Floats
    total: Floats
    square: Floats
    spread: Floats
    class_of: Ints
    groups: int
    alike: float

    def by_group(self, values: Floats) -> Floats:
        """Add up values of the blocks by slice."""
        return add_up(self.group, values, size=self.groups)

    def by_pair(self, values: Floats) -> Floats:
        """Add up values of the blocks by slice and stratum."""
        return add_up(self.pair, values, size=len(self.pair_group))

    def unevenness(self) -> Floats:
        """Say how unequal exposures are: their mean square over their squared mean.

        Returns
        -------
        array of shape (b,)
            At least 1, which stands for all the same.

        Notes
        -----
        Few labels seldom hold the ads that have most of the exposure, so a block leans on its
        stratum and a stratum on its slice, whose ads are taken to be as unequal about their own
        mean, as if these had ``alike`` labels more.
        """
        total: Floats = self.total.sum(axis=0)
        labels = self.labels * self.random * (total > 0)
        own = labels * np.nan_to_num(divide(self.spread.sum(axis=0) * self.labels, total**2))
        slices = np.nan_to_num(divide(self.by_group(own), self.by_group(labels)))
        strata = _leaning(
            self.by_pair(own), self.by_pair(labels), on=slices[self.pair_group], worth=self.alike
        )
        blocks = _leaning(own, labels, on=strata[self.pair], worth=self.alike)
        return np.maximum(blocks, 1.0)


def blocks_of(
    *,
    group: Ints,
    stratum: Ints,
    cell: Ints,
    n: Floats,
    moments: Moments,
    class_of: Ints,
    groups: int,
    possible: Ints | None = None,
) -> Blocks:
    """Arrange the rows of a cube for `linearise`.

    Parameters
    ----------
    group, stratum, cell, n : array of shape (k,)
        The cube's rows.
    moments : Moments
        Sums of the rows.
    class_of : array of int, shape (C,)
        Known class of each outcome.
    groups : int
        Number of slices.
    possible : array of int, optional
        Blocks to have even without a label: `possible_blocks`.

    Returns
    -------
    Blocks
        The cube, dense by outcome.
    """
    outcomes, strata = len(class_of), len(moments.centre)
    classes = int(class_of.max(initial=0)) + 1
    own = (group * strata + stratum) * classes + class_of[cell]
    every = own if possible is None else np.concatenate([own, possible])
    keys, where = np.unique(every, return_inverse=True)
    pairs, pair = np.unique(keys // classes, return_inverse=True)
    slot = cell * len(keys) + where[: len(cell)]

    def dense(values: Floats) -> Floats:
        return add_up(slot, values, size=len(keys) * outcomes).reshape(outcomes, len(keys))

    counts = dense(n)
    return Blocks(
        group=pairs[pair] // strata,
        pair=pair,
        known=keys % classes,
        pair_group=pairs // strata,
        pair_stratum=pairs % strata,
        pair_centre=moments.centre[pairs % strata],
        random=moments.random[pairs[pair] % strata],
        n=counts,
        labels=counts.sum(axis=0),
        total=dense(moments.total),
        square=dense(moments.square),
        spread=dense(moments.spread),
        class_of=class_of,
        groups=groups,
        alike=moments.alike,
    )


def possible_blocks(
    *, group: Ints, stratum: Ints, cell: Ints, n: Floats, class_of: Ints, strata: int
) -> Ints:
    """List the known classes that a stratum has in any slice, for each slice it is in.

    Parameters
    ----------
    group, stratum, cell, n : array of shape (k,)
        The cube's rows.
    class_of : array of int, shape (C,)
        Known class of each outcome.
    strata : int
        Number of strata.

    Returns
    -------
    array of int
        What `blocks_of` takes as ``possible``.
    """
    classes = int(class_of.max(initial=0)) + 1
    drawn = n > 0
    seen = np.zeros((strata, classes), bool)
    seen[stratum[drawn], class_of[cell[drawn]]] = True
    pairs = np.unique(group[drawn] * strata + stratum[drawn])
    pair, klass = np.nonzero(seen[pairs % strata])
    found: Ints = pairs[pair] * classes + klass
    return found


def _leaning(total: Floats, labels: Floats, *, on: Floats, worth: float) -> Floats:
    return np.nan_to_num(divide(total + worth * on, labels + worth))


def add_up(index: Ints, values: Floats, *, size: int) -> Floats:
    """Add up values by index.

    Parameters
    ----------
    index : array of int
        Where each value belongs, 0..size-1.
    values : array
        Values.
    size : int
        Number of sums.

    Returns
    -------
    array of shape (size,)
        Sums.
    """
    return np.bincount(index, weights=values, minlength=size).astype(np.float64, copy=False)


def divide(above: Floats, below: Floats) -> Floats:
    """Divide, with NaN where there is nothing to divide by.

    Parameters
    ----------
    above, below : array
        Arrays of one shape.

    Returns
    -------
    array
        Ratios.
    """
    found: Floats = np.divide(above, below, out=np.full(above.shape, np.nan), where=below > 0)
    return found
