"""Taylor linearisation of many ratios over one cube: the arithmetic under `sampling`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from shroff.stats.proportions import Floats

__all__ = [
    "HALF",
    "Blocks",
    "Flags",
    "Ints",
    "Linearised",
    "Moments",
    "add_up",
    "blocks_of",
    "divide",
    "linearise",
]

Ints: TypeAlias = NDArray[np.intp]
Flags: TypeAlias = NDArray[np.bool_]

HALF = 0.5
"""Labels added to each possible outcome of each stratum before its variance is computed."""


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
    """

    total: Floats
    square: Floats
    spread: Floats
    centre: Floats
    random: Flags


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

    def by_group(self, values: Floats) -> Floats:
        """Add up values of the blocks by slice."""
        return add_up(self.group, values, size=self.groups)

    def by_pair(self, values: Floats) -> Floats:
        """Add up values of the blocks by slice and stratum."""
        return add_up(self.pair, values, size=len(self.pair_group))


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """The numerator, or the rest of the denominator, arrays of shape (groups,).

    Parameters
    ----------
    total : array
        Plain weighted total.
    unit : array
        Part of the total that one independent label stands for: total over unit is the effective
        number of labels. Zero where nothing is left to chance.
    labels : array
        Labels left to chance.
    evenness : array
        How equal the weighted exposures of those labels are within strata, 1 if all the same.
    """

    total: Floats
    unit: Floats
    labels: Floats
    evenness: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Linearised:
    """One ratio in every slice, arrays of shape (groups,).

    Parameters
    ----------
    n : array
        Labels in the denominator.
    hits, misses : Side
        Numerator, and denominator without it.
    share, variance : array
        Ratio and variance after half a label was given to each possible outcome.
    labels, freedom : array
        Labels left to chance that could be in the denominator, and those less one a stratum.
    """

    n: Floats
    hits: Side
    misses: Side
    share: Floats
    variance: Floats
    labels: Floats
    freedom: Floats


def blocks_of(
    *,
    group: Ints,
    stratum: Ints,
    cell: Ints,
    n: Floats,
    moments: Moments,
    class_of: Ints,
    groups: int,
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

    Returns
    -------
    Blocks
        The cube, dense by outcome.
    """
    outcomes, strata = len(class_of), len(moments.centre)
    classes = int(class_of.max(initial=0)) + 1
    keys, where = np.unique(
        (group * strata + stratum) * classes + class_of[cell], return_inverse=True
    )
    pairs, pair = np.unique(keys // classes, return_inverse=True)
    slot = cell * len(keys) + where

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
    )


def linearise(blocks: Blocks, *, numerator: Flags, denominator: Flags, half: float) -> Linearised:
    """Compute a ratio and its variance in every slice.

    Parameters
    ----------
    blocks : Blocks
        The cube.
    numerator, denominator : array of bool, shape (C,)
        Outcomes above and below the line.
    half : float
        Labels to add to each possible outcome before the variance is computed; 0 for the plain
        Taylor variance.

    Returns
    -------
    Linearised
        Sums, ratio and variance.
    """
    rest = denominator & ~numerator
    smooth = Smoothing.of(blocks, above=numerator, rest=rest, half=half)
    hit, miss = smooth.parts(blocks.total, numerator), smooth.parts(blocks.total, rest)
    hits, misses = blocks.by_group(hit), blocks.by_group(miss)
    share = divide(hits, hits + misses)
    up, down = 1 - share, share
    residual = blocks.by_pair(hit * up[blocks.group] - miss * down[blocks.group])
    centred = add_up(blocks.pair_group, blocks.pair_centre * residual**2, size=blocks.groups)
    hit_square = blocks.by_group(smooth.parts(blocks.square, numerator))
    miss_square = blocks.by_group(smooth.parts(blocks.square, rest))
    squares = hit_square * up**2 + miss_square * down**2
    left = np.maximum(squares - centred, 0.0)
    gain = divide(left, squares)  # what stratification takes off
    labels, freedom = _freedom(blocks, smooth.relevant)
    return Linearised(
        n=blocks.by_group(blocks.n[denominator].sum(axis=0)),
        hits=_side(blocks, numerator, unit=gain * divide(hit_square, hits)),
        misses=_side(blocks, rest, unit=gain * divide(miss_square, misses)),
        share=share,
        variance=divide(left, (hits + misses) ** 2),
        labels=labels,
        freedom=freedom,
    )


@dataclass(frozen=True, slots=True)
class Smoothing:
    """Part of an average label more for each outcome that a block could show, total kept.

    Parameters
    ----------
    able : array of bool, shape (classes, C)
        Which outcomes a known class can have.
    klass : array of int, shape (b,)
        Known class of each block.
    pair, pairs : array of int, shape (b,), and int
        Position of each block's (slice, stratum) pair, and how many there are.
    share : array of shape (b,)
        Part of its pair's labels that a block has.
    extra, scale : array of shape (b,)
        Part of a block's sum to add to each possible side; what then restores its size.
    relevant : array of bool, shape (b,)
        Blocks that could be in the denominator.
    """

    able: Flags
    klass: Ints
    pair: Ints
    pairs: int
    share: Floats
    extra: Floats
    scale: Floats
    relevant: Flags

    @staticmethod
    def of(blocks: Blocks, *, above: Flags, rest: Flags, half: float) -> Smoothing:
        """Prepare for one ratio.

        Parameters
        ----------
        blocks : Blocks
            The cube.
        above, rest : array of bool, shape (C,)
            Outcomes of the numerator, and the others of the denominator.
        half : float
            Labels to add to each side.

        Returns
        -------
        Smoothing
            What to add where.
        """
        classes = int(blocks.class_of.max(initial=0)) + 1
        able = blocks.class_of == np.arange(classes)[:, None]
        sides = np.stack([(able & side).any(axis=1) for side in (above, rest, ~(above | rest))])
        labels = blocks.labels
        added = half * sides.sum(axis=0)[blocks.known]
        return Smoothing(
            able=able,
            klass=blocks.known,
            pair=blocks.pair,
            pairs=len(blocks.pair_group),
            share=np.nan_to_num(divide(labels, blocks.by_pair(labels)[blocks.pair])),
            extra=np.nan_to_num(divide(np.full(len(labels), half), labels)),
            scale=np.nan_to_num(divide(labels, labels + added)),
            relevant=(sides[0] | sides[1])[blocks.known],
        )

    def parts(self, sums: Floats, side: Flags) -> Floats:
        """Give each block's smoothed sum on one side of the ratio."""
        plain: Floats = sums[side].sum(axis=0)
        whole: Floats = sums.sum(axis=0)
        # the label that did not turn up may be as large as others of its stratum
        near: Floats = np.fmax(
            whole, self.share * add_up(self.pair, whole, size=self.pairs)[self.pair]
        )
        return (plain + self.added(side) * near) * self.scale

    def added(self, side: Flags) -> Floats:
        """Give the part of each block's sum that is added to one side."""
        able: Flags = np.any(self.able & side, axis=1, keepdims=True)[self.klass, 0]
        return self.extra * able


def _side(blocks: Blocks, side: Flags, *, unit: Floats) -> Side:
    total: Floats = blocks.total[side].sum(axis=0)
    labels: Floats = blocks.n[side].sum(axis=0) * blocks.random
    spread: Floats = blocks.spread[side].sum(axis=0) * blocks.random
    even = np.divide(total**2, labels, out=np.zeros(len(labels)), where=labels > 0)
    evenness = divide(blocks.by_group(even), blocks.by_group(spread))
    return Side(
        total=blocks.by_group(total),
        unit=unit,
        labels=blocks.by_group(labels),
        evenness=np.where(np.isnan(evenness), 1.0, np.minimum(evenness, 1.0)),
    )


def _freedom(blocks: Blocks, relevant: Flags) -> tuple[Floats, Floats]:
    """Count the labels that are left to chance, and those less one for each stratum."""
    counted = relevant & blocks.random & (blocks.labels > 0)
    labels = blocks.by_group(blocks.labels * counted)
    touched = blocks.by_pair(counted.astype(float)) > 0
    strata = add_up(blocks.pair_group, touched.astype(float), size=blocks.groups)
    return labels, labels - strata


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
