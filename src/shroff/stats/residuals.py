"""What labels say that scores did not foresee: the variance that is left."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shroff.domain.labels import DesignKind
from shroff.stats.crossfit import ScoredLabels, Shape
from shroff.stats.dense import Flags, Ints, add_up, divide
from shroff.stats.label_cells import Strata, kind_codes
from shroff.stats.proportions import Floats

__all__ = ["Residuals", "Spread", "spread_of"]

_CENSUS, _STRATIFIED, _POISSON, _PPS = kind_codes(list(DesignKind))
_HALF = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """How the squares of labels, or of clusters, add up to a variance.

    Parameters
    ----------
    unit : array of int, shape (k,)
        What was drawn: number of each label's (slice, stratum, cluster), or of the label itself.
    units : int
        How many.
    square : array of shape (k,)
        What a label's squared value is multiplied by, weights included, drawn on its own.
    weight : array of shape (k,)
        What a label's value is multiplied by in a total.
    factor : array of shape (units,)
        What a cluster's squared total is multiplied by; ones where labels are drawn one by one.
    pair, pair_of_unit : array of int
        (Slice, stratum) of each label, and of each unit.
    centre : array of shape (pairs,)
        What a pair's squared total is multiplied by before it is taken off.
    lumps : array of shape (pairs,)
        Squares of clusters over squares of labels.
    clustered : bool
        Whether clusters were drawn.
    """

    unit: Ints
    units: int
    square: Floats
    weight: Floats
    factor: Floats
    pair: Ints
    pair_of_unit: Ints
    centre: Floats
    lumps: Floats
    clustered: bool


def spread_of(labels: ScoredLabels, strata: Strata, *, groups: int) -> Spread:
    """Prepare the variance of any total under the design.

    Parameters
    ----------
    labels : ScoredLabels
        Labels.
    strata : Strata
        How they were drawn; with clusters, ``population`` counts clusters.
    groups : int
        Number of slices.

    Returns
    -------
    Spread
        What squares are multiplied by.
    """
    size = len(strata.kind)
    group = np.maximum(labels.group, 0)
    pair = group * size + labels.stratum
    weight = np.where(labels.group >= 0, labels.total, 0.0)
    if labels.cluster is not None:
        drawn_with = labels.cluster
        return _clustered(
            labels, drawn_with, strata=strata, pair=pair, weight=weight, groups=groups
        )
    kind = strata.kind
    left = np.where(kind == _STRATIFIED, 1 - _fractions(labels, strata), 1.0)
    left[kind == _CENSUS] = 0.0
    n = strata.labels
    centred = np.isin(kind, (_STRATIFIED, _PPS)) & (n > 1)
    centre = np.where(centred, left / np.maximum(n - 1, 1), 0.0)
    factor = np.where(centred, left * n / np.maximum(n - 1, 1), left)
    exposure = np.ones(len(weight)) if labels.m is None else labels.m
    sure = np.where(kind[labels.stratum] == _POISSON, weight * exposure, 0.0)
    count = len(weight)
    return Spread(
        unit=np.arange(count),
        units=count,
        square=np.maximum(weight**2 - sure, 0.0) * factor[labels.stratum],
        weight=weight,
        factor=np.ones(count),
        pair=pair,
        pair_of_unit=pair,
        centre=np.tile(centre, groups),
        lumps=np.ones(groups * size),
        clustered=False,
    )


def _fractions(labels: ScoredLabels, strata: Strata) -> Floats:
    size = len(strata.kind)
    # a label of several slices has a row in each, or is outside: weights tell N all the same
    n = np.bincount(labels.stratum, minlength=size).astype(float)
    weight = np.bincount(labels.stratum, weights=labels.w, minlength=size)
    told = np.divide(n, weight, out=np.zeros(size), where=weight > 0)
    known = np.isfinite(strata.population) & (strata.population > 0)
    part: Floats = np.divide(strata.labels, strata.population, out=told, where=known)
    return np.minimum(part, 1.0)


def _clustered(
    labels: ScoredLabels,
    drawn_with: Ints,
    *,
    strata: Strata,
    pair: Ints,
    weight: Floats,
    groups: int,
) -> Spread:
    size = len(strata.kind)
    _, cluster = np.unique(drawn_with, return_inverse=True)
    width = int(cluster.max(initial=0)) + 1
    drawn = np.unique(labels.stratum * width + cluster) // width
    counted = np.bincount(drawn, minlength=size).astype(float)
    many = np.where(counted > 1, counted / np.maximum(counted - 1, 1), 1.0)
    fixed = (strata.kind == _STRATIFIED) & (strata.population > 0)
    part = np.divide(counted, strata.population, out=np.zeros(size), where=fixed)
    left = np.where((strata.kind == _CENSUS) | (counted == 0), 0.0, 1 - np.minimum(part, 1.0))
    factor = many * left
    units, unit = np.unique(pair * width + cluster, return_inverse=True)
    unit_pair = (units // width).astype(np.intp)
    whole = add_up(unit, weight, size=len(units))
    single = add_up(pair, weight**2, size=groups * size)
    lumps = divide(add_up(unit_pair, whole**2, size=groups * size), single)
    return Spread(
        unit=unit,
        units=len(units),
        square=weight**2 * factor[labels.stratum],
        weight=weight,
        factor=factor[unit_pair % size],
        pair=pair,
        pair_of_unit=unit_pair,
        centre=np.tile(np.where(counted > 1, factor / np.maximum(counted, 1), 0.0), groups),
        lumps=np.nan_to_num(lumps, nan=1.0),
        clustered=True,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Residuals:
    """Linearised values of a ratio's labels and of their predictions.

    Parameters
    ----------
    labels : ScoredLabels
        Labels.
    shape : Shape
        How they are numbered.
    spread : Spread
        How squares add up.
    share : array of shape (groups,)
        The plain ratio.
    seen, told : pair of array of shape (k,)
        What each label counts above the line and else below it, and what was predicted.
    chance : array of shape (k,)
        Predicted chance that its ad violates.
    able : pair of array of bool, shape (classes, 2)
        Which (class, label) counts above the line, and which else below it.
    """

    labels: ScoredLabels
    shape: Shape
    spread: Spread
    share: Floats
    seen: tuple[Floats, Floats]
    told: tuple[Floats, Floats]
    chance: Floats
    able: tuple[Flags, Flags]

    @property
    def _up(self) -> Floats:
        return 1 - self.share[np.maximum(self.labels.group, 0)]

    def _value(self, pair: tuple[Floats, Floats]) -> Floats:
        """Linearise: what a label moves the ratio by, times the denominator."""
        return self._up * pair[0] - (1 - self._up) * pair[1]

    def counts(self, seen: Floats) -> Floats:
        """Count the labels on a side, by slice."""
        group = self.labels.group
        inside = group >= 0
        return add_up(group[inside], seen[inside], size=len(self.share))

    def trust(self) -> Floats:
        """Choose how far to follow scores: least variance over the other folds, class by class.

        Returns
        -------
        array of shape (folds, classes)
            In [0, 1].
        """
        own, told = self._value(self.seen), self._value(self.told)
        ghost_own, ghost_told, ghost_class = self._ghosts()
        found = np.zeros((self.shape.folds, self.shape.classes))
        for fold in range(self.shape.folds):
            others = self.labels.fold != fold
            part = others.mean() if len(others) else 0.0
            for known in range(self.shape.classes):
                mine = others & (self.labels.known == known)
                both = self._product(own * mine, told * mine)
                alone = self._product(told * mine, told * mine)
                ghosts = ghost_class == known
                both += part * float((ghost_own * ghost_told)[ghosts].sum())
                alone += part * float((ghost_told**2)[ghosts].sum())
                found[fold, known] = np.clip(both / alone, 0, 1) if alone > 0 else 0.0
        found[:, self.shape.silent] = 0.0
        return found

    def gain(self, trust: Floats) -> tuple[Floats, Floats]:
        """Give the variance with scores over that without, by slice, and the doubt in its log.

        Parameters
        ----------
        trust : array of shape (folds, classes)
            How far scores are followed.

        Returns
        -------
        gain, doubt : array of shape (groups,)
            NaN-free; 1 and 0 where nothing is left to chance.
        """
        groups = len(self.share)
        own = self._value(self.seen)
        left = own - trust[self.labels.fold, self.labels.known] * self._value(self.told)
        ghost_own, ghost_told, known = self._ghosts()
        ghost_left = ghost_own - trust.mean(axis=0)[known] * ghost_told
        plain, plain_squares = self._variance(own)
        after, after_squares = self._variance(left)
        where = self._ghost_group()
        plain = plain + add_up(where, ghost_own**2, size=groups)
        after = after + add_up(where, ghost_left**2, size=groups)
        gain = np.nan_to_num(divide(after, plain), nan=1.0, posinf=1.0)
        unit_group = self.spread.pair_of_unit // self._strata
        parts = divide(after_squares, after[unit_group]) - divide(plain_squares, plain[unit_group])
        doubt = np.sqrt(add_up(unit_group, np.nan_to_num(parts) ** 2, size=groups))
        return gain, doubt

    @property
    def _strata(self) -> int:
        return len(self.spread.centre) // max(len(self.share), 1)

    def _units(self, values: Floats) -> Floats:
        """Add values up by what was drawn."""
        return add_up(self.spread.unit, values * self.spread.weight, size=self.spread.units)

    def _product(self, first: Floats, second: Floats) -> float:
        """Give the design covariance of two totals over all slices."""
        spread = self.spread
        if spread.clustered:
            squares = float((self._units(first) * self._units(second) * spread.factor).sum())
        else:
            squares = float((first * second * spread.square).sum())
        if not spread.centre.any():
            return squares
        size = len(spread.centre)
        sums = [add_up(spread.pair, each * spread.weight, size=size) for each in (first, second)]
        return squares - float((spread.centre * sums[0] * sums[1]).sum())

    def _variance(self, values: Floats) -> tuple[Floats, Floats]:
        """Give the design variance of a total by slice, and the squares it is made of."""
        spread = self.spread
        if spread.clustered:
            squares = self._units(values) ** 2 * spread.factor
        else:
            squares = values**2 * spread.square
        groups, size = len(self.share), len(spread.centre)
        found = add_up(spread.pair_of_unit // self._strata, squares, size=groups)
        sums = add_up(spread.pair, values * spread.weight, size=size)
        taken = add_up(np.arange(size) // self._strata, spread.centre * sums**2, size=groups)
        return np.maximum(found - taken, 0.0), squares

    def _blocks(self) -> tuple[Ints, Floats, Floats]:
        """Give (slice, stratum, class) blocks: number, half an average square, mean chance."""
        spread, classes = self.spread, self.shape.classes
        inside = self.labels.group >= 0
        place = (spread.pair * classes + self.labels.known)[inside]
        blocks, where = np.unique(place, return_inverse=True)
        size = len(blocks)
        n = add_up(where, np.ones(len(where)), size=size)
        square = divide(add_up(where, spread.square[inside], size=size), n)
        square = square * spread.lumps[blocks // classes]
        weight = spread.weight[inside]
        mean = divide(
            add_up(where, weight * self.chance[inside], size=size),
            add_up(where, weight, size=size),
        )
        return blocks, _HALF * square, np.nan_to_num(mean)

    def _ghost_group(self) -> Ints:
        blocks = self._blocks()[0]
        group: Ints = np.repeat(blocks // (self._strata * self.shape.classes), 2)
        return group

    def _ghosts(self) -> tuple[Floats, Floats, Ints]:
        """Give half a compliant and half a violating label to each block: values, predictions."""
        blocks, square, chance = self._blocks()
        known = (blocks % self.shape.classes).astype(np.intp)
        up = 1 - self.share[blocks // (self._strata * self.shape.classes)]
        above, rest = self.able
        heard = ~self.shape.silent[known]
        expected = [
            np.where(side[known, 1], chance, 0.0) + np.where(side[known, 0], 1 - chance, 0.0)
            for side in (above, rest)
        ]
        told = (up * expected[0] - (1 - up) * expected[1]) * heard
        own = [up * above[known, said] - (1 - up) * rest[known, said] for said in (0, 1)]
        root = np.sqrt(square)
        values = np.stack(own, axis=1) * root[:, None]
        return values.ravel(), np.repeat(told * root, 2), np.repeat(known, 2)
