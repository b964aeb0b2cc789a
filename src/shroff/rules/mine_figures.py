"""What proposed rules are worth on ads that they were not found on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shroff.domain.labels import DesignKind
from shroff.rules.mine_ads import LabelledAds
from shroff.stats.clusters import LabelRows, clustered_ratios
from shroff.stats.estimate import Estimate, Estimates
from shroff.stats.sampling import Strata, kind_codes

__all__ = ["Checked", "caught_by_any", "checked", "precision_of", "recall_of", "without_one"]

_WRONG = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """Figures of proposed rules, in their order, on ads kept for checking.

    Parameters
    ----------
    precision : tuple of Estimate
        Share of what each catches that violates.
    proved : tuple of bool
        Whether it is above the bar with all rules looked at taken into account.
    caught, new : tuple of int
        Ads that violate and that it catches; those of them that no rule before it catches.
    mistaken : tuple of int
        Ads that do not violate and that it catches.
    together, recall : Estimate
        Precision of all of them, and share of what violates that they catch.
    beyond : Estimate
        Share of what violates that they catch and nothing that is live does.
    """

    precision: tuple[Estimate, ...]
    proved: tuple[bool, ...]
    caught: tuple[int, ...]
    new: tuple[int, ...]
    mistaken: tuple[int, ...]
    together: Estimate
    recall: Estimate
    beyond: Estimate


def checked(
    ads: LabelledAds,
    fires: NDArray[np.bool_],
    *,
    unit: NDArray[np.intp],
    live: NDArray[np.bool_],
    bar: float,
    level: float = 0.95,
) -> Checked:
    """Measure rules on ads that they were not found on.

    Parameters
    ----------
    ads : LabelledAds
        The ads.
    fires : array of bool, shape (ads, rules)
        Where each rule fires.
    unit : array of int, shape (ads,)
        Whose each ad is: ads of one advertiser are not independent.
    live : array of bool, shape (ads,)
        What rules that are there already catch.
    bar : float
        Precision wanted.
    level : float
        Coverage of the intervals.

    Returns
    -------
    Checked
        The figures.

    Notes
    -----
    Each interval holds by itself, at ``level``. ``proved`` looks at all rules at once: the lower
    end at 95% one-sided over the number of rules (Bonferroni) is above the bar.
    """
    size = fires.shape[1]
    precision = precision_of(ads, fires, unit=unit, level=level)
    strict = precision_of(ads, fires, unit=unit, level=1 - 2 * _WRONG / max(size, 2))
    any_ = caught_by_any(fires)
    before: NDArray[np.bool_] = np.cumsum(fires, axis=1) > fires
    wrong = ~ads.violating[:, None] & fires
    caught = ads.violating[:, None] & fires
    return Checked(
        precision=tuple(precision),
        proved=tuple(bool(low >= bar) for low in strict.low),
        caught=_counts(caught),
        new=_counts(caught & ~before & ~live[:, None]),
        mistaken=_counts(wrong),
        together=precision_of(ads, any_[:, None], unit=unit, level=level).at(0),
        recall=recall_of(ads, any_, unit=unit, level=level),
        beyond=recall_of(ads, any_ & ~live, unit=unit, level=level),
    )


def caught_by_any(fires: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Tell which ads any rule catches, of flags of shape (ads, rules)."""
    found: NDArray[np.bool_] = np.zeros(fires.shape[0], np.bool_)
    found |= fires.any(axis=1)
    return found


def _counts(flags: NDArray[np.bool_]) -> tuple[int, ...]:
    return tuple(int(count) for count in flags.sum(axis=0))


def precision_of(
    ads: LabelledAds,
    fires: NDArray[np.bool_],
    *,
    unit: NDArray[np.intp],
    level: float = 0.95,
) -> Estimates:
    """Estimate the precision of each rule from labels as they were drawn, advertiser by advertiser.

    Parameters
    ----------
    ads : LabelledAds
        The ads.
    fires : array of bool, shape (ads, rules)
        Where each rule fires.
    unit : array of int, shape (ads,)
        Whose each ad is.
    level : float
        Coverage of the intervals.

    Returns
    -------
    Estimates
        One a rule; unknown where it fires on no labelled ad.
    """
    row, rule = np.nonzero(fires)
    none = np.flatnonzero(~fires.any(axis=1))
    rows = np.concatenate([row, none])
    groups = np.concatenate([rule, np.full(len(none), -1)])
    return _shares(
        ads,
        rows,
        group=groups,
        groups=fires.shape[1],
        unit=unit,
        counted=ads.violating[rows],
        level=level,
    )


def recall_of(
    ads: LabelledAds,
    fires: NDArray[np.bool_],
    *,
    unit: NDArray[np.intp],
    level: float = 0.95,
) -> Estimate:
    """Estimate which share of ads that violate is caught.

    Parameters
    ----------
    ads : LabelledAds
        The ads.
    fires : array of bool, shape (ads,)
        What is caught.
    unit : array of int, shape (ads,)
        Whose each ad is.
    level : float
        Coverage of the interval.

    Returns
    -------
    Estimate
        The share.
    """
    rows = np.arange(len(ads))
    groups = np.where(ads.violating, 0, -1)
    found = _shares(ads, rows, group=groups, groups=1, unit=unit, counted=fires, level=level)
    return found.at(0)


def _shares(
    ads: LabelledAds,
    rows: NDArray[np.intp],
    *,
    group: NDArray[np.intp],
    groups: int,
    unit: NDArray[np.intp],
    counted: NDArray[np.bool_],
    level: float,
) -> Estimates:
    size = int(ads.stratum.max(initial=0)) + 1
    labels = LabelRows(
        group=group.astype(np.intp),
        stratum=ads.stratum[rows],
        cluster=unit[rows],
        cell=np.where(counted, 0, 1).astype(np.intp),
        w=ads.weight[rows],
    )
    strata = Strata(
        kind=kind_codes([DesignKind.PPS] * size),
        population=np.full(size, np.nan),
        labels=np.bincount(ads.stratum, minlength=size).astype(np.float64),
    )
    return clustered_ratios(
        labels,
        strata,
        numerator=np.array([True, False]),
        denominator=np.array([True, True]),
        groups=groups,
        level=level,
    )


def without_one(
    fires: NDArray[np.bool_], violating: NDArray[np.bool_], *, unit: NDArray[np.intp]
) -> NDArray[np.float64]:
    """Give the worst precision of each rule if the ads of any one advertiser are left out.

    Parameters
    ----------
    fires : array of bool, shape (ads, rules)
        Where each fires.
    violating : array of bool, shape (ads,)
        Whether each ad violates.
    unit : array of int, shape (ads,)
        Whose it is.

    Returns
    -------
    array of float, shape (rules,)
        Precisions; 0 where nothing is left.
    """
    found = np.zeros(fires.shape[1])
    for rule in range(fires.shape[1]):
        rows = np.flatnonzero(fires[:, rule])
        _, which = np.unique(unit[rows], return_inverse=True)
        all_ = np.bincount(which).astype(float)
        hits = np.bincount(which, weights=violating[rows].astype(float))
        left = all_.sum() - all_
        kept = np.divide(hits.sum() - hits, left, out=np.zeros(len(all_)), where=left > 0)
        found[rule] = kept.min(initial=1.0) if len(rows) else 0.0
    return found
