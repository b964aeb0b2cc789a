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
    pair_centre : array of shape (pairs,)
        `Moments.centre` of the pair's stratum.
    random : array of bool, shape (b,)
        `Moments.random` of the block's stratum.
    n, total, square, spread : array of shape (b, C)
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
    pair_centre: Floats
    random: Flags
    n: Floats
    total: Floats
    square: Floats
    spread: Floats
    class_of: Ints
    groups: int

    def by_group(self, values: Floats) -> Floats:
        """Add up values of the blocks by slice."""
        return add_up(self.group, values, size=self.groups)


@dataclass(frozen=True, slots=True, kw_only=True)
class Linearised:
    """One ratio in every slice, arrays of shape (groups,).

    ``share`` and ``variance`` belong together, after ``half`` a label was given to each possible
    outcome; ``above`` and ``below`` are the plain weighted totals of numerator and denominator.
    """

    n: Floats
    above: Floats
    below: Floats
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
    slot = where * outcomes + cell

    def dense(values: Floats) -> Floats:
        flat = add_up(slot, values, size=len(keys) * outcomes)
        return flat.reshape(len(keys), outcomes)

    return Blocks(
        group=pairs[pair] // strata,
        pair=pair,
        known=keys % classes,
        pair_group=pairs // strata,
        pair_centre=moments.centre[pairs % strata],
        random=moments.random[pairs[pair] % strata],
        n=dense(n),
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
    above, rest = numerator.astype(float), (denominator & ~numerator).astype(float)
    smooth = _Smoothing.of(blocks, above=above, rest=rest, half=half)
    hit, miss = smooth.parts(blocks.total, above), smooth.parts(blocks.total, rest)
    hits, base = blocks.by_group(hit), blocks.by_group(hit + miss)
    share = divide(hits, base)
    up, down = 1 - share[blocks.group], share[blocks.group]
    squares = smooth.parts(blocks.square, above) * up**2
    squares += smooth.parts(blocks.square, rest) * down**2
    residual = add_up(blocks.pair, hit * up - miss * down, size=len(blocks.pair_group))
    centred = add_up(blocks.pair_group, blocks.pair_centre * residual**2, size=blocks.groups)
    labels, freedom = _freedom(blocks, smooth.relevant)
    below = denominator.astype(float)
    return Linearised(
        n=blocks.by_group(blocks.n @ below),
        above=blocks.by_group(blocks.total @ above),
        below=blocks.by_group(blocks.total @ below),
        share=share,
        variance=divide(np.maximum(blocks.by_group(squares) - centred, 0.0), base**2),
        labels=labels,
        freedom=freedom,
    )


@dataclass(frozen=True, slots=True)
class _Smoothing:
    """Half an average label more for each outcome that a block could show, total kept."""

    possible: Floats  # (classes, C) outcomes of a class
    klass: Ints  # (b,)
    extra: Floats  # (b,) labels to add to each possible side
    scale: Floats  # (b,) what keeps the block's number of labels as it was
    relevant: Flags  # (b,) blocks that could be in the denominator

    @staticmethod
    def of(blocks: Blocks, *, above: Floats, rest: Floats, half: float) -> _Smoothing:
        classes = int(blocks.class_of.max(initial=0)) + 1
        possible = (blocks.class_of == np.arange(classes)[:, None]).astype(float)
        sides = np.stack([possible @ above, possible @ rest, possible @ (1 - above - rest)]) > 0
        labels = blocks.n.sum(axis=1)
        added = half * sides.sum(axis=0)[blocks.known]
        return _Smoothing(
            possible=possible,
            klass=blocks.known,
            extra=divide(np.full(len(labels), half), labels),
            scale=divide(labels, labels + added),
            relevant=(sides[0] | sides[1])[blocks.known],
        )

    def parts(self, sums: Floats, side: Floats) -> Floats:
        """Give each block's smoothed sum on one side of the ratio."""
        able = (self.possible @ side > 0)[self.klass]
        whole: Floats = sums.sum(axis=1)
        plain: Floats = sums @ side
        return (plain + self.extra * able * whole) * self.scale


def _freedom(blocks: Blocks, relevant: Flags) -> tuple[Floats, Floats]:
    """Count the labels that are left to chance, and those less one for each stratum."""
    counted = relevant & blocks.random
    labels = blocks.by_group(blocks.n.sum(axis=1) * counted)
    touched = add_up(blocks.pair, counted.astype(float), size=len(blocks.pair_group)) > 0
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
