"""What labels say of rules: precision, recall and what is new, from labels and who hits them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shroff.domain.labels import DesignKind
from shroff.stats.bounds import Unlabelled, bounds
from shroff.stats.clusters import LabelRows, clustered_ratios_many
from shroff.stats.dense import Flags, Ints
from shroff.stats.estimate import Estimates, joined
from shroff.stats.proportions import Floats
from shroff.stats.sampling import Cells, Ratio, Strata, kind_codes, ratios_many

__all__ = [
    "ACTIONS", "FIGURES", "LabelledAds", "RuleHits", "Waiting", "rule_figures", "share_wrong",
]  # fmt: skip

ACTIONS = ("approve", "review", "reject", "restrict")
"""Actions of the machine in the order of their codes."""

_TRUTHS = 3
_NOT_HIT, _HIT, _NEW = 0, 1, 2
_CELLS = len(ACTIONS) * 3 * _TRUTHS
_CELL = np.arange(_CELLS)
_KNOWN: Ints = (_CELL // _TRUTHS).astype(np.intp)
_TRUTH, _WAY = _CELL % _TRUTHS, _KNOWN % 3
_BAD, _ABOUT = _TRUTH >= 1, _TRUTH == 2
_RATIOS = {
    "precision": Ratio(numerator=(_WAY >= _HIT) & _BAD, denominator=_WAY >= _HIT),
    "on_policy": Ratio(numerator=(_WAY >= _HIT) & _ABOUT, denominator=_WAY >= _HIT),
    "new_precision": Ratio(numerator=(_WAY == _NEW) & _BAD, denominator=_WAY == _NEW),
    "recall": Ratio(numerator=(_WAY >= _HIT) & _ABOUT, denominator=_ABOUT),
    "new_recall": Ratio(numerator=(_WAY == _NEW) & _ABOUT, denominator=_ABOUT),
}
FIGURES = tuple(_RATIOS)
"""Figures of each rule.

``precision``: share of its hits that violate anything; ``on_policy``: that violate its policy;
``new_precision``: of its hits that nothing live caught, the share that violates anything;
``recall``: share of the ads that violate its policy (any, where it names none) that it hits;
``new_recall``: share of them that it hits and nothing live caught.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledAds:
    """Labelled ads, arrays of shape (k,).

    Parameters
    ----------
    stratum : array of int
        Stratum of the draw, 0..S-1.
    w : array
        1 / inclusion probability.
    action : array of int
        What the machine did, a place in `ACTIONS`.
    bad : array of bool
        Whether the ad violates anything.
    about : mapping of str to array of bool
        For each policy of the rules, whether the ad violates it or one below it.
    kinds : tuple of DesignKind
        How ads were drawn from each stratum.
    cluster : array of int or None
        What an ad was drawn together with; None where each was drawn by itself.
    """

    stratum: Ints
    w: Floats
    action: Ints
    bad: Flags
    about: dict[str, Flags]
    kinds: tuple[DesignKind, ...]
    cluster: Ints | None = None

    def __len__(self) -> int:
        """Count the labels."""
        return len(self.w)

    def truth(self, policy: str) -> Ints:
        """Tell whether each is compliant (0), violates something else (1) or what is asked (2)."""
        about = self.about.get(policy, self.bad)
        found: Ints = np.where(about & self.bad, 2, np.where(self.bad, 1, 0)).astype(np.intp)
        return found

    def strata(self) -> Strata:
        """Say how they were drawn."""
        size = len(self.kinds)
        return Strata(
            kind=kind_codes(self.kinds),
            population=np.full(size, np.nan),
            labels=np.bincount(self.stratum, minlength=size).astype(np.float64),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleHits:
    """Which labelled ads rules hit, arrays of shape (h,).

    Parameters
    ----------
    label : array of int
        Place of the labelled ad.
    rule : array of int
        The rule, 0..R-1; each pair once.
    new : array of bool
        Whether nothing live caught the ad.
    """

    label: Ints
    rule: Ints
    new: Flags

    def ways(self, rule: int, labels: int) -> Ints:
        """Tell how a rule meets each label: not at all, as one caught already, as a new one."""
        mine = self.rule == rule
        found: Ints = np.zeros(labels, np.intp)
        found[self.label[mine]] = np.where(self.new[mine], _NEW, _HIT)
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Ads that had no chance of a label.

    Parameters
    ----------
    hit, new : array of shape (R, actions)
        Those that each rule hits, and those of them that nothing live caught.
    ads : array of shape (actions,)
        All of them.
    """

    hit: Floats
    new: Floats
    ads: Floats

    @property
    def any(self) -> bool:
        """Whether there are any."""
        return bool(self.ads.any())


def rule_figures(
    labels: LabelledAds,
    hits: RuleHits,
    *,
    policies: Sequence[str],
    waiting: Waiting | None = None,
    level: float = 0.95,
) -> dict[str, Estimates]:
    """Estimate precision, recall and what is new of each rule.

    Parameters
    ----------
    labels : LabelledAds
        All labelled ads, hit or not: the hits of a rule are a domain of the sample, and ads outside
        count in its variance.
    hits : RuleHits
        Who hits them.
    policies : sequence of str
        Policy of each rule; empty for one that names none.
    waiting : Waiting, optional
        Ads that had no chance of a label; figures that they could move become bounds.
    level : float
        Coverage wanted, in (0, 1).

    Returns
    -------
    dict of Estimates
        For each of `FIGURES`, one figure a rule.

    Notes
    -----
    Each share is a Hajek ratio with a linearised variance under the design of each stratum, with
    clusters where the design has them; see `shroff.stats.sampling` and `shroff.stats.clusters`.
    Rules chosen because they looked precise on these very labels look more precise than they are.
    """
    if labels.cluster is None:
        found = _unclustered(labels, hits, policies=policies, level=level)
    else:
        found = _clustered(labels, hits, policies=policies, level=level)
    if waiting is None or not waiting.any:
        return found
    return {name: _bounded(each, _RATIOS[name], waiting) for name, each in found.items()}


def _cell(labels: LabelledAds, hits: RuleHits, rule: int, policy: str) -> Ints:
    way = hits.ways(rule, len(labels))
    found: Ints = (labels.action * 3 + way) * _TRUTHS + labels.truth(policy)
    return found


def _unclustered(
    labels: LabelledAds, hits: RuleHits, *, policies: Sequence[str], level: float
) -> dict[str, Estimates]:
    parts = [
        _counted(labels, _cell(labels, hits, rule, policy), group=rule)
        for rule, policy in enumerate(policies)
    ]
    found = ratios_many(
        _stacked(parts),
        labels.strata(),
        metrics=list(_RATIOS.values()),
        groups=len(policies),
        level=level,
    )
    return dict(zip(_RATIOS, found, strict=True))


_Sums = tuple[Ints, Ints, Ints, Floats, Floats, Floats]


def _counted(labels: LabelledAds, cell: Ints, *, group: int) -> _Sums:
    """Count labels by stratum and outcome: group, stratum, outcome, labels, weights, squares."""
    slot = labels.stratum * _CELLS + cell
    size = len(labels.kinds) * _CELLS
    n, w, w2 = (
        np.bincount(slot, weights=each, minlength=size)
        for each in (np.ones(len(labels)), labels.w, labels.w**2)
    )
    there = np.flatnonzero(n)
    stratum, outcome = np.divmod(there, _CELLS)
    known, weights, squares = (each[there].astype(np.float64) for each in (n, w, w2))
    groups: Ints = np.full(len(there), group, np.intp)
    return groups, stratum.astype(np.intp), outcome.astype(np.intp), known, weights, squares


def _stacked(parts: Sequence[_Sums]) -> Cells:
    group, stratum, cell, n, w, w2 = (np.concatenate(each) for each in zip(*parts, strict=True))
    return Cells(group=group, stratum=stratum, cell=cell, n=n, w=w, w2=w2, known=_KNOWN)


def _clustered(
    labels: LabelledAds, hits: RuleHits, *, policies: Sequence[str], level: float
) -> dict[str, Estimates]:
    """Estimate rule by rule: each reads all labels, cluster by cluster."""
    strata, cluster = labels.strata(), labels.cluster
    assert cluster is not None  # noqa: S101 - the caller looked
    inside = np.zeros(len(labels), np.intp)
    columns = [
        clustered_ratios_many(
            LabelRows(
                group=inside,
                stratum=labels.stratum,
                cluster=cluster,
                cell=_cell(labels, hits, rule, policy),
                w=labels.w,
                known=_KNOWN,
            ),
            strata,
            metrics=list(_RATIOS.values()),
            groups=1,
            level=level,
        )
        for rule, policy in enumerate(policies)
    ]
    return {
        name: joined(list(each), level=level, method=each[0].method)
        for name, each in zip(_RATIOS, zip(*columns, strict=True), strict=True)
    }


def _bounded(figures: Estimates, ratio: Ratio, waiting: Waiting) -> Estimates:
    """Say what the ads that had no chance of a label leave open."""
    rules = len(figures)
    group: list[NDArray[np.intp]] = []
    known: list[NDArray[np.intp]] = []
    count: list[Floats] = []
    for action in range(len(ACTIONS)):
        hit, new = waiting.hit[:, action], waiting.new[:, action]
        rest = np.maximum(waiting.ads[action] - hit, 0.0)
        for way, ads in ((_NOT_HIT, rest), (_HIT, hit - new), (_NEW, new)):
            group.append(np.arange(rules))
            known.append(np.full(rules, action * 3 + way))
            count.append(np.maximum(ads, 0.0))
    unlabelled = Unlabelled(
        group=np.concatenate(group), known=np.concatenate(known), count=np.concatenate(count)
    )
    return bounds(figures, unlabelled, metric=ratio, known=_KNOWN)


def share_wrong(
    labels: LabelledAds, hit: Flags, *, group: Ints, groups: int, level: float = 0.95
) -> Estimates:
    """Say which share of the ads hit is compliant, in each slice.

    Parameters
    ----------
    labels : LabelledAds
        Labelled ads.
    hit : array of bool, shape (k,)
        Which of them are hit.
    group : array of int, shape (k,)
        Slice of each.
    groups : int
        Slices.
    level : float
        Coverage wanted, in (0, 1).

    Returns
    -------
    Estimates
        One figure a slice.
    """
    wrong = Ratio(numerator=(_WAY >= _HIT) & ~_BAD, denominator=_WAY >= _HIT)
    way = np.where(hit, _HIT, _NOT_HIT)
    cell: Ints = (labels.action * 3 + way) * _TRUTHS + labels.truth("")
    strata = labels.strata()
    if labels.cluster is not None:
        rows = LabelRows(
            group=group, stratum=labels.stratum, cluster=labels.cluster, cell=cell, w=labels.w,
            known=_KNOWN,
        )  # fmt: skip
        return clustered_ratios_many(rows, strata, metrics=[wrong], groups=groups, level=level)[0]
    cells = Cells(
        group=group, stratum=labels.stratum, cell=cell, n=np.ones(len(labels)), w=labels.w,
        w2=labels.w**2, known=_KNOWN,
    )  # fmt: skip
    return ratios_many(cells, strata, metrics=[wrong], groups=groups, level=level)[0]
