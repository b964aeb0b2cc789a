"""Taylor linearisation of many ratios over one cube: the arithmetic under `sampling`."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shroff.stats.dense import Blocks, Flags, Ints, add_up, divide
from shroff.stats.proportions import Floats

__all__ = [
    "HALF",
    "Flags",
    "Ints",
    "Linearised",
    "Side",
    "Smoothing",
    "add_up",
    "divide",
    "linearise",
]

_MORE = 1.5  # unequal exposures make totals skewed; found by benchmarks/coverage.py
HALF = 0.5
"""Labels added to each possible outcome of each stratum before its variance is computed."""


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
    evenness : array
        How equal the weighted exposures of the labels left to chance are within strata, 1 if all
        the same.
    labels : array
        Those labels where they alone tell how equal; infinite where all labels around do too.
    more : array
        By how many units the label that was not drawn may exceed one.
    freedom, even_freedom : array
        Degrees of freedom of the variance, by Satterthwaite: as weights differ between strata, and
        as many labels of one weight would have. Infinite where weights do not tell.
    """

    total: Floats
    unit: Floats
    evenness: Floats
    labels: Floats
    more: Floats
    freedom: Floats
    even_freedom: Floats


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
        Labels left to chance that could be in the denominator, and the degrees of freedom of the
        variance: what those are worth where exposures are unequal, less one a stratum.
    """

    n: Floats
    hits: Side
    misses: Side
    share: Floats
    variance: Floats
    labels: Floats
    freedom: Floats


def linearise(
    blocks: Blocks, *, numerator: Flags, denominator: Flags, half: float, likeness: float = 1.0
) -> Linearised:
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
    likeness : float
        As in `Smoothing`.

    Returns
    -------
    Linearised
        Sums, ratio and variance.
    """
    rest = denominator & ~numerator
    smooth = Smoothing.of(blocks, above=numerator, rest=rest, half=half, likeness=likeness)
    hit, miss = smooth.parts(blocks.total, numerator), smooth.parts(blocks.total, rest)
    hits, misses = blocks.by_group(hit), blocks.by_group(miss)
    share = divide(hits, hits + misses)
    up, down = 1 - share, share
    residual = blocks.by_pair(hit * up[blocks.group] - miss * down[blocks.group])
    centred = add_up(blocks.pair_group, blocks.pair_centre * residual**2, size=blocks.groups)
    hit_square = blocks.by_group(smooth.squares(blocks, numerator))
    miss_square = blocks.by_group(smooth.squares(blocks, rest))
    squares = hit_square * up**2 + miss_square * down**2
    left = np.maximum(squares - centred, 0.0)
    gain = divide(left, squares)  # what stratification takes off
    labels, freedom = _freedom(blocks, smooth)
    return Linearised(
        n=blocks.by_group(blocks.n[denominator].sum(axis=0)),
        hits=_side(blocks, numerator, smooth=smooth, unit=gain * divide(hit_square, hits)),
        misses=_side(blocks, rest, smooth=smooth, unit=gain * divide(miss_square, misses)),
        share=share,
        variance=divide(left, (hits + misses) ** 2),
        labels=labels,
        freedom=freedom,
    )


@dataclass(frozen=True, slots=True)
class Smoothing:
    """Part of a label more for each outcome that a block could show; the labels count no more.

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
    uneven : array of shape (b,)
        `Blocks.unevenness`.
    blocks : Blocks
        The cube.
    half : float
        Labels to add to each side.
    likeness : float
        How much of the label that is added is like those its side has shown, in [0, 1]; the rest
        is like any of its block, which is more where what was shown happens to be small.
    """

    able: Flags
    klass: Ints
    pair: Ints
    pairs: int
    share: Floats
    extra: Floats
    scale: Floats
    relevant: Flags
    uneven: Floats
    blocks: Blocks
    half: float
    likeness: float

    @staticmethod
    def of(
        blocks: Blocks, *, above: Flags, rest: Flags, half: float, likeness: float = 1.0
    ) -> Smoothing:
        """Prepare for one ratio.

        Parameters
        ----------
        blocks : Blocks
            The cube.
        above, rest : array of bool, shape (C,)
            Outcomes of the numerator, and the others of the denominator.
        half : float
            Labels to add to each side.
        likeness : float
            How much of such a label is like those its side has shown.

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
            uneven=blocks.unevenness(),
            blocks=blocks,
            half=half,
            likeness=likeness,
        )

    def parts(self, sums: Floats, side: Flags) -> Floats:
        """Give each block's smoothed sum on one side of the ratio."""
        plain: Floats = sums[side].sum(axis=0)
        return (plain + self._more(sums, side)) * self.scale + self._absent(sums, side)

    def _absent(self, sums: Floats, side: Flags) -> Floats:
        """Give part of an average label of the stratum to a side that a slice shows nothing of."""
        blocks, able = self.blocks, self._able(side)
        lone = able & blocks.random & (blocks.labels <= 0)
        if lone.any():
            lone &= (blocks.by_group(blocks.labels * able) <= 0)[blocks.group]
        if not lone.any():
            return np.zeros(len(lone))
        whole: Floats = sums.sum(axis=0)
        usual = np.nan_to_num(divide(blocks.by_pair(whole), blocks.by_pair(blocks.labels)))
        return self.half * usual[self.pair] * lone

    def _more(self, sums: Floats, side: Flags) -> Floats:
        """Give a side part of the mean of its own labels and of one more, like any of its block."""
        blocks, able = self.blocks, self._able(side)
        whole: Floats = sums.sum(axis=0)
        # the label that did not turn up may be as large as others of its stratum
        near: Floats = np.fmax(
            whole, self.share * add_up(self.pair, whole, size=self.pairs)[self.pair]
        )
        other = np.nan_to_num(divide(near, blocks.labels))
        own: Floats = sums[side].sum(axis=0)
        like = (own + other) / (blocks.n[side].sum(axis=0) + 1)
        found: Floats = self.half * able * (other + self.likeness * (like - other))
        return found

    def squares(self, blocks: Blocks, side: Flags) -> Floats:
        """Give each block's smoothed squares on one side, which lean on how uneven others are."""
        whole: Floats = blocks.square.sum(axis=0)
        left = divide(whole, blocks.spread.sum(axis=0))
        plain = _leaning(blocks, side, sums=blocks.square, left=left, uneven=self.uneven)
        more = self._more(blocks.square, side)
        return (plain + more) * self.scale + self._absent(blocks.square, side)

    def added(self, side: Flags) -> Floats:
        """Give the part of each block's sum that is added to one side."""
        return self.extra * self._able(side)

    def _able(self, side: Flags) -> Flags:
        able: Flags = np.any(self.able & side, axis=1)[self.klass]
        return able


def _leaning(
    blocks: Blocks, side: Flags, *, sums: Floats, left: Floats | float, uneven: Floats
) -> Floats:
    """Mix one side's squares with what they would be if its ads were as uneven as those around."""
    own: Floats = sums[side].sum(axis=0)
    if blocks.alike <= 0:
        return own
    labels: Floats = blocks.n[side].sum(axis=0)
    total: Floats = blocks.total[side].sum(axis=0)
    # of n labels with unevenness u so many are effective, exactly if exposures are gamma
    effective = np.where(labels > 0, 1 + (labels - 1) / uneven, 0.0)
    like = np.nan_to_num(left * divide(total**2, effective))
    return (labels * own + blocks.alike * like) / (labels + blocks.alike)


def _side(blocks: Blocks, side: Flags, *, unit: Floats, smooth: Smoothing) -> Side:
    total: Floats = blocks.total[side].sum(axis=0)
    labels: Floats = blocks.n[side].sum(axis=0) * blocks.random
    spread = _leaning(blocks, side, sums=blocks.spread, left=1.0, uneven=smooth.uneven)
    even = np.divide(total**2, labels, out=np.zeros(len(labels)), where=labels > 0)
    evenness = divide(blocks.by_group(even), blocks.by_group(spread * blocks.random))
    evenness = np.where(np.isnan(evenness), 1.0, np.minimum(evenness, 1.0))
    freedom, even_freedom = _side_freedom(blocks, side, smooth=smooth)
    return Side(
        total=blocks.by_group(total),
        unit=unit,
        evenness=evenness,
        labels=np.full(blocks.groups, np.inf),
        more=_MORE * (1 - evenness) ** 2,
        freedom=freedom,
        even_freedom=even_freedom,
    )


def _side_freedom(blocks: Blocks, side: Flags, *, smooth: Smoothing) -> tuple[Floats, Floats]:
    """Say what the variance of a side rests on: few heavy labels may be most of it."""
    # a sum of squares over labels has a variance of about the sum of fourth powers: twice the first
    # squared over the second are its degrees of freedom (Satterthwaite 1946)
    labels = (blocks.n[side].sum(axis=0) + smooth.added(side) * blocks.labels) * blocks.random
    squares = smooth.squares(blocks, side) * blocks.random
    totals = smooth.parts(blocks.total, side) * blocks.random
    fourth = np.divide(squares**2, labels, out=np.zeros(len(labels)), where=labels > 0)
    whole = blocks.by_group(squares)
    ours = 2 * divide(whole**2, blocks.by_group(fourth))
    even = 2 * divide(blocks.by_group(totals) ** 2, whole)
    some = np.isfinite(ours) & np.isfinite(even) & (ours < even)
    return np.where(some, ours, np.inf), np.where(some, even, np.inf)


def _freedom(blocks: Blocks, smooth: Smoothing) -> tuple[Floats, Floats]:
    """Count the labels left to chance, and how many alike would tell as much, less one a stratum."""
    counted = smooth.relevant & blocks.random & (blocks.labels > 0)
    labels = blocks.by_group(blocks.labels * counted)
    touched = blocks.by_pair(counted.astype(float)) > 0
    strata = add_up(blocks.pair_group, touched.astype(float), size=blocks.groups)
    return labels, blocks.by_group(blocks.labels * counted / smooth.uneven) - strata
