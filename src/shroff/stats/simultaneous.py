"""Shares of many slices with bounds that hold for all of them at once, whichever are looked at."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from shroff.domain.labels import DesignKind
from shroff.errors import DesignError
from shroff.stats.clusters import LabelRows, clustered_ratios_many
from shroff.stats.dense import Flags, Ints, add_up
from shroff.stats.estimate import Estimates
from shroff.stats.proportions import Floats, beta_ends, require_level
from shroff.stats.sampling import Cells, Ratio, Strata, kind_codes, ratios_many
from shroff.stats.shrinkage import beta_prior, posterior

__all__ = ["ManyShares", "SliceLabels", "affordable", "even_labels", "many_shares"]

_FEWEST = 5
_ROUGH = 0.05
_SEED = 20261123
_ALONE = kind_codes([DesignKind.POISSON, DesignKind.CENSUS])


@dataclass(frozen=True, slots=True, kw_only=True)
class SliceLabels:
    """Labels by slice; a label in several slices has a row for each.

    Parameters
    ----------
    group, stratum : array of int, shape (k,)
        Slice and stratum of the draw.
    hit : array of bool, shape (k,)
        What the share counts.
    n, w, w2 : array of shape (k,)
        Labels, sum of weights, sum of squared weights.
    cluster : array of int, shape (k,), optional
        What each was drawn with; rows are then single labels.
    """

    group: Ints
    stratum: Ints
    hit: Flags
    n: Floats
    w: Floats
    w2: Floats
    cluster: Ints | None = None

    def count(self, groups: int) -> Floats:
        """Count the labels of each slice."""
        return add_up(self.group, self.n, size=groups)

    def hits(self, groups: int) -> Floats:
        """Count those that the share counts."""
        return add_up(self.group, self.n * self.hit, size=groups)


@dataclass(frozen=True, slots=True, kw_only=True)
class ManyShares:
    """Shares of slices.

    Parameters
    ----------
    labels, hits : array of shape (G,)
        Labels and those that count.
    share : array of shape (G,)
        The share as the weights tell it; NaN without labels.
    shrunken : array of shape (G,)
        The same drawn towards the other slices by how little is known.
    low, high : array of shape (G,)
        Bounds that hold for all slices looked at together; 0 and 1 for the others.
    looked_at : array of bool, shape (G,)
        Slices that the bounds were shared by.
    """

    labels: Floats
    hits: Floats
    share: Floats
    shrunken: Floats
    low: Floats
    high: Floats
    looked_at: Flags


def affordable(labels: Floats, limit: Floats, *, level: float) -> Flags:
    """Choose slices whose labels could show something even when the level is shared.

    Parameters
    ----------
    labels : array of shape (G,)
        Labels of each slice.
    limit : array of shape (G,)
        Share that its bound must get under, in (0, 1).
    level : float
        Chance that all bounds hold, in (0, 1).

    Returns
    -------
    array of bool, shape (G,)
        Slices in which no hit at all would be enough; decided by numbers of labels alone, so that
        the choice takes nothing from the level.
    """
    risk = 1 - require_level(level)
    worth = -labels * np.log1p(-np.clip(limit, 1e-9, 1 - 1e-9))
    worth[labels < _FEWEST] = 0.0
    order = np.argsort(-worth, kind="stable")
    # with more slices each needs more: as many as can afford their number
    fits = worth[order] >= np.log(2 * np.arange(1, len(labels) + 1) / risk)
    found = np.zeros(len(labels), dtype=bool)
    found[order[: int(np.max(np.flatnonzero(fits), initial=-1)) + 1]] = True
    return found


def even_labels(labels: SliceLabels, strata: Strata, alike: Ints) -> SliceLabels:
    """Keep labels so that every ad of a kind had the same chance, where each was drawn on its own.

    Parameters
    ----------
    labels : SliceLabels
        Labels; rows of the same weight each.
    strata : Strata
        How they were drawn.
    alike : array of int, shape (G,)
        Kind of each slice.

    Returns
    -------
    SliceLabels
        Each label kept with chance ``least chance of its kind / its own``, by a fixed seed; all of
        them where ads were drawn in clusters or in fixed numbers.
    """
    if labels.cluster is not None or not np.all(np.isin(strata.kind, _ALONE)):
        return labels
    weight = np.divide(labels.w, labels.n, out=np.ones(len(labels.n)), where=labels.n > 0)
    kind = alike[labels.group]
    heaviest = np.ones(int(alike.max(initial=0)) + 1)
    np.maximum.at(heaviest, kind, weight)
    chance = np.minimum(weight / heaviest[kind], 1.0)
    rng = np.random.default_rng(_SEED)
    kept = rng.binomial(np.round(labels.n).astype(np.int64), chance).astype(np.float64)
    return replace(labels, n=kept, w=kept * heaviest[kind], w2=kept * heaviest[kind] ** 2)


def many_shares(
    labels: SliceLabels, strata: Strata, *, alike: Ints, looked_at: Flags, level: float
) -> ManyShares:
    """Estimate the share of each slice, with bounds for all that are looked at.

    Parameters
    ----------
    labels : SliceLabels
        Labels.
    strata : Strata
        How they were drawn.
    alike : array of int, shape (G,)
        Kind of each slice, 0..K-1: shares are drawn towards those of their kind.
    looked_at : array of bool, shape (G,)
        Slices to bound, chosen without regard to what labels say.
    level : float
        Chance that all bounds hold, in (0, 1).

    Returns
    -------
    ManyShares
        Shares.

    Raises
    ------
    DesignError
        If there is no label.

    Notes
    -----
    Each slice has an interval at the level that, by Bonferroni's inequality, makes all of them hold
    together: whichever slice is picked afterwards, and for whatever reason, its bound holds. Where
    each ad was drawn on its own it is Clopper-Pearson's, on labels that `even_labels` keeps: exact at
    any level, while intervals on weighted labels fail at levels this high. For clusters and fixed
    numbers it is the design's own. The shrunken share is the mean of a beta distribution learnt from all slices of
    its kind, and is what to expect of a slice that was picked for looking good.
    """
    if not len(labels.group):
        raise DesignError("no labelled ad is in any slice", hint="shroff labels plan")
    groups = len(alike)
    each = 1 - (1 - require_level(level)) / max(int(looked_at.sum()), 1)
    found = _estimated(labels, strata, groups=groups, level=1 - _ROUGH)
    low, high = _bounds(labels, strata, alike, level=each)
    count, hits = labels.count(groups), labels.hits(groups)
    share = np.where(count > 0, found.value, np.nan)
    known = np.nan_to_num(found.n_effective)
    trials = np.where(count > 0, np.minimum(np.where(known > 0, known, count), count), 0.0)
    shrunken = _drawn_together(np.nan_to_num(share) * trials, trials, alike)
    return ManyShares(
        labels=count,
        hits=hits,
        share=share,
        shrunken=shrunken,
        low=np.where(looked_at, low, 0.0),
        high=np.where(looked_at, high, 1.0),
        looked_at=looked_at,
    )


def _bounds(
    labels: SliceLabels, strata: Strata, alike: Ints, *, level: float
) -> tuple[Floats, Floats]:
    even = even_labels(labels, strata, alike)
    if even is labels:
        found = _estimated(labels, strata, groups=len(alike), level=level)
        return np.nan_to_num(found.low, nan=0.0), np.nan_to_num(found.high, nan=1.0)
    count = even.count(len(alike))
    low, high = beta_ends(even.hits(len(alike)), np.maximum(count, 1.0), level=level)
    return np.where(count > 0, low, 0.0), np.where(count > 0, high, 1.0)


def _drawn_together(hits: Floats, trials: Floats, alike: Ints) -> Floats:
    found = np.full(len(alike), float(hits.sum() / trials.sum()))
    for kind in np.unique(alike[trials > 0]):
        mine = alike == kind
        prior = beta_prior(hits[mine], trials[mine])
        found[mine] = posterior(prior, hits[mine], trials[mine]).mean
    return found


def _estimated(labels: SliceLabels, strata: Strata, *, groups: int, level: float) -> Estimates:
    cell = np.where(labels.hit, 0, 1)
    ratio = Ratio(numerator=np.array([True, False]), denominator=np.array([True, True]))
    if labels.cluster is None:
        cells = Cells(
            group=labels.group, stratum=labels.stratum, cell=cell,
            n=labels.n, w=labels.w, w2=labels.w2,
        )  # fmt: skip
        return ratios_many(cells, strata, metrics=(ratio,), groups=groups, level=level)[0]
    rows = LabelRows(
        group=labels.group, stratum=labels.stratum, cluster=labels.cluster, cell=cell, w=labels.w
    )
    return clustered_ratios_many(rows, strata, metrics=(ratio,), groups=groups, level=level)[0]
