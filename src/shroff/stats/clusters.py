"""Shares and ratios when labels come in clusters: all the ads of an advertiser that was drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from shroff.domain.labels import DesignKind
from shroff.errors import DesignError
from shroff.stats.checks import require_index, require_sums
from shroff.stats.dense import Blocks, Flags, Ints, Moments, add_up, blocks_of, divide
from shroff.stats.estimate import Estimates
from shroff.stats.intervals import korn_graubard
from shroff.stats.linearise import HALF, Linearised, Side, Smoothing
from shroff.stats.proportions import Floats, require_level
from shroff.stats.sampling import NO_PROBABILITY, Ratio, Strata, kind_codes

__all__ = [
    "LabelRows",
    "clustered_errors",
    "clustered_linearised",
    "clustered_ratios",
    "clustered_ratios_many",
]

_MORE = 1.6  # the cluster not drawn may be the heavy one; found by benchmarks/coverage.py
_CENSUS, _STRATIFIED = kind_codes([DesignKind.CENSUS, DesignKind.STRATIFIED])


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelRows:
    """Labels one by one, with the cluster that each was drawn with.

    Parameters
    ----------
    group : array of int, shape (k,)
        Slice 0..G-1; -1 for a label outside every slice, whose cluster still counts as drawn. A
        label in several slices has a row for each.
    stratum, cluster, cell : array of int, shape (k,)
        Stratum of the draw, cluster (any numbers, unique within a stratum), outcome 0..C-1.
    w : array of shape (k,)
        1 / inclusion probability.
    m : array of shape (k,), optional
        Exposure; ads count one each without it.
    known : array of int, shape (C,), optional
        As in `shroff.stats.sampling.Cells`.
    """

    group: Ints
    stratum: Ints
    cluster: Ints
    cell: Ints
    w: Floats
    m: Floats | None = None
    known: Ints | None = None


def clustered_ratios(
    rows: LabelRows,
    strata: Strata,
    *,
    numerator: Flags,
    denominator: Flags,
    groups: int,
    level: float = 0.95,
) -> Estimates:
    """Say which share of ads, or of exposure, when whole clusters were drawn.

    Parameters
    ----------
    rows : LabelRows
        Labels.
    strata : Strata
        ``population`` counts clusters, not ads; NaN where unknown. A census adds nothing,
        ``STRATIFIED`` gets a finite population correction where the population is known, any
        other kind is taken as clusters drawn with replacement. ``labels`` is not used.
    numerator, denominator : array of bool, shape (C,)
        Outcomes counted above and below the line.
    groups : int
        Number of slices.
    level : float
        Coverage wanted, in (0, 1).

    Returns
    -------
    Estimates
        One figure per slice; NaN where no label is in the denominator.

    Notes
    -----
    The variance is that of the clusters' totals within strata. A stratum with one cluster counts
    its whole square. Use it when labels share an advertiser or a creative
    by design; for ads drawn one by one `shroff.stats.sampling.ratios` is right.
    """
    wanted = (Ratio(numerator=numerator, denominator=denominator),)
    return clustered_ratios_many(rows, strata, metrics=wanted, groups=groups, level=level)[0]


def clustered_ratios_many(
    rows: LabelRows,
    strata: Strata,
    *,
    metrics: Sequence[Ratio],
    groups: int,
    level: float = 0.95,
) -> tuple[Estimates, ...]:
    """Compute several shares in one pass; see `clustered_ratios`.

    Parameters
    ----------
    rows : LabelRows
        Labels.
    strata : Strata
        How clusters were drawn.
    metrics : sequence of Ratio
        What to compute.
    groups : int
        Number of slices.
    level : float
        Coverage wanted, in (0, 1).

    Returns
    -------
    tuple of Estimates
        One for each metric.
    """
    require_level(level)
    found = clustered_linearised(rows, strata, metrics=metrics, groups=groups)
    return tuple(korn_graubard(one, level=level) for one in found)


def clustered_linearised(
    rows: LabelRows, strata: Strata, *, metrics: Sequence[Ratio], groups: int
) -> tuple[Linearised, ...]:
    """Give what the intervals of several shares are made from.

    Parameters
    ----------
    rows, strata, metrics, groups
        As in `clustered_ratios_many`.

    Returns
    -------
    tuple of Linearised
        One for each metric, for `shroff.stats.intervals.korn_graubard`.
    """
    if not metrics:
        return ()
    drawn = _drawn(rows, strata, outcomes=len(metrics[0].numerator), groups=groups)
    return tuple(_linearise(drawn, one, half=HALF) for one in metrics)


def clustered_errors(rows: LabelRows, strata: Strata, *, metric: Ratio, groups: int) -> Floats:
    """Give the plain Taylor standard errors, as survey packages print them.

    Parameters
    ----------
    rows : LabelRows
        Labels.
    strata : Strata
        How clusters were drawn.
    metric : Ratio
        What to compute.
    groups : int
        Number of slices.

    Returns
    -------
    array of shape (groups,)
        Standard errors.
    """
    drawn = _drawn(rows, strata, outcomes=len(metric.numerator), groups=groups)
    return np.sqrt(_linearise(drawn, metric, half=0.0).variance)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Drawn:
    """Totals of clusters within slices, beside the blocks of labels they are made of."""

    blocks: Blocks
    totals: Floats  # (C, q) weighted total of each outcome in each (slice, cluster)
    pair: Ints  # (q,) position of the cluster's (slice, stratum)
    factor: Floats  # (pairs,) what squares are multiplied by
    lumps: Floats  # (classes, pairs) squares of clusters over squares of labels

    def by_group(self, values: Floats) -> Floats:
        """Add up values of the pairs by slice."""
        return add_up(self.blocks.pair_group, values, size=self.blocks.groups)


def _drawn(rows: LabelRows, strata: Strata, *, outcomes: int, groups: int) -> _Drawn:
    _require_rows(rows, strata, outcomes=outcomes, groups=groups)
    size = len(strata.kind)
    _, cluster = np.unique(rows.cluster, return_inverse=True)
    width = int(cluster.max(initial=0)) + 1
    counted = np.bincount(
        np.unique(rows.stratum * width + cluster) // width, minlength=size
    ).astype(float)
    inside = rows.group >= 0
    pair = (rows.group * size + rows.stratum)[inside]
    blocks = _blocks(rows, strata, counted=counted, outcomes=outcomes, groups=groups)
    clusters, which = np.unique(pair * width + cluster[inside], return_inverse=True)
    pairs, pair_of = np.unique(clusters // width, return_inverse=True)
    weight = _weights(rows)[inside]
    slot = rows.cell[inside] * len(clusters) + which
    totals = add_up(slot, weight, size=outcomes * len(clusters)).reshape(outcomes, len(clusters))
    return _Drawn(
        blocks=blocks,
        totals=totals,
        pair=pair_of,
        factor=_factors(strata, counted)[pairs % size],
        lumps=_lumps(blocks, totals, pair=pair_of),
    )


def _blocks(
    rows: LabelRows, strata: Strata, *, counted: Floats, outcomes: int, groups: int
) -> Blocks:
    inside = rows.group >= 0
    weight = _weights(rows)[inside]
    factor = _factors(strata, counted)
    moments = Moments(
        total=weight,
        square=weight**2 * factor[rows.stratum[inside]],
        spread=weight**2,
        centre=np.where(counted > 1, factor / np.maximum(counted, 1), 0.0),
        random=factor > 0,
        alike=0.0,
    )
    return blocks_of(
        group=rows.group[inside],
        stratum=rows.stratum[inside],
        cell=rows.cell[inside],
        n=np.ones(int(inside.sum())),
        moments=moments,
        class_of=np.zeros(outcomes, np.intp) if rows.known is None else rows.known,
        groups=groups,
    )


def _lumps(blocks: Blocks, totals: Floats, *, pair: Ints) -> Floats:
    """Say, for each known class, how much larger clusters' squares are than labels'."""
    found: list[Floats] = []
    spread: Floats = blocks.spread.sum(axis=0)
    for number in range(int(blocks.class_of.max(initial=0)) + 1):
        whole: Floats = totals[blocks.class_of == number].sum(axis=0)
        clusters = add_up(pair, whole**2, size=len(blocks.pair_group))
        found.append(divide(clusters, blocks.by_pair(spread * (blocks.known == number))))
    return np.array(found)


def _factors(strata: Strata, counted: Floats) -> Floats:
    """Say what a stratum's squares are multiplied by; one cluster counts its whole square."""
    many = np.where(counted > 1, counted / np.maximum(counted - 1, 1), 1.0)
    known = (strata.kind == _STRATIFIED) & (strata.population > 0)
    drawn = np.divide(counted, strata.population, out=np.zeros(len(counted)), where=known)
    left = np.where((strata.kind == _CENSUS) | (counted == 0), 0.0, 1 - np.minimum(drawn, 1.0))
    return many * left


def _weights(rows: LabelRows) -> Floats:
    return rows.w if rows.m is None else rows.w * rows.m


def _linearise(drawn: _Drawn, metric: Ratio, *, half: float) -> Linearised:
    blocks, above = drawn.blocks, metric.numerator
    rest = metric.denominator & ~above
    smooth = Smoothing.of(blocks, above=above, rest=rest, half=half)
    hit, miss = smooth.parts(blocks.total, above), smooth.parts(blocks.total, rest)
    hits, misses = blocks.by_group(hit), blocks.by_group(miss)
    down = divide(hits, hits + misses)
    up = 1 - down
    hit_square, miss_square = (
        _squares(drawn, above, smooth=smooth),
        _squares(drawn, rest, smooth=smooth),
    )
    squares = hit_square * up**2 + miss_square * down**2
    residual = blocks.by_pair(hit * up[blocks.group] - miss * down[blocks.group])
    taken = drawn.by_group(blocks.pair_centre * residual**2)
    taken += 2 * _crossed(drawn, above=above, rest=rest) * up * down
    gain = np.nan_to_num(divide(np.maximum(squares - taken, 0.0), squares))
    labels, freedom = _freedom(drawn, metric.denominator)
    return Linearised(
        n=blocks.by_group(blocks.n[metric.denominator].sum(axis=0)),
        hits=_side(drawn, above, unit=gain * divide(hit_square, hits)),
        misses=_side(drawn, rest, unit=gain * divide(miss_square, misses)),
        share=down,
        variance=gain * squares / (hits + misses) ** 2,
        labels=labels,
        freedom=freedom,
    )


def _squares(drawn: _Drawn, side: Flags, *, smooth: Smoothing) -> Floats:
    """Add up the squared cluster totals of one side, with the smoothing's share of a cluster."""
    blocks = drawn.blocks
    total: Floats = drawn.totals[side].sum(axis=0)
    found = drawn.by_group(add_up(drawn.pair, total**2, size=len(drawn.factor)) * drawn.factor)
    label: Floats = blocks.square[side].sum(axis=0)
    # labels of this side come in such lumps, where a stratum's clusters are large enough for them
    seen = divide(found, blocks.by_group(label))[blocks.group]
    lumps = np.fmin(seen, drawn.lumps[blocks.known, blocks.pair])
    whole: Floats = blocks.square.sum(axis=0)
    return found + blocks.by_group(smooth.added(side) * whole * lumps)


def _crossed(drawn: _Drawn, *, above: Flags, rest: Flags) -> Floats:
    both: Floats = drawn.totals[above].sum(axis=0) * drawn.totals[rest].sum(axis=0)
    return drawn.by_group(add_up(drawn.pair, both, size=len(drawn.factor)) * drawn.factor)


def _side(drawn: _Drawn, side: Flags, *, unit: Floats) -> Side:
    total: Floats = drawn.totals[side].sum(axis=0)
    random = (drawn.factor > 0)[drawn.pair] & (total > 0)
    size = len(drawn.factor)
    whole = add_up(drawn.pair, total * random, size=size)
    count = add_up(drawn.pair, random.astype(float), size=size)
    squares = add_up(drawn.pair, total**2 * random, size=size)
    even = np.divide(whole**2, count, out=np.zeros(size), where=count > 0)
    evenness = divide(drawn.by_group(even), drawn.by_group(squares))
    evenness = np.where(np.isnan(evenness), 1.0, np.minimum(evenness, 1.0))
    return Side(
        total=drawn.by_group(add_up(drawn.pair, total, size=size)),
        unit=unit,
        evenness=evenness,
        labels=drawn.by_group(count),
        more=_MORE * (1 - evenness),
        freedom=np.full(len(unit), np.inf),
        even_freedom=np.full(len(unit), np.inf),
    )


def _freedom(drawn: _Drawn, below: Flags) -> tuple[Floats, Floats]:
    """Count labels in the denominator, and the clusters they come in less one a stratum."""
    blocks, random = drawn.blocks, (drawn.factor > 0)[drawn.pair]
    within = (drawn.totals[below].sum(axis=0) > 0) & random
    clusters = add_up(drawn.pair, within.astype(float), size=len(drawn.factor))
    labels: Floats = blocks.n[below].sum(axis=0) * blocks.random
    strata = drawn.by_group((clusters > 0).astype(float))
    return blocks.by_group(labels), drawn.by_group(clusters) - strata


def _require_rows(rows: LabelRows, strata: Strata, *, outcomes: int, groups: int) -> None:
    require_index("group", rows.group + 1, size=groups + 1, where="rows")
    require_index("stratum", rows.stratum, size=len(strata.kind), where="rows")
    require_index("cell", rows.cell, size=outcomes, where="rows")
    require_sums("weight", _weights(rows), where="rows", hint=NO_PROBABILITY)
    if rows.known is not None and len(rows.known) != outcomes:
        raise DesignError(f"{len(rows.known)} known classes for {outcomes} outcomes")
