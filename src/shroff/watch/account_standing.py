"""Who drives violations, leaks, overturned rejects and review work? Shares shrunk, then ranked."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from shroff.stats.proportions import Floats
from shroff.stats.shrinkage import (
    BetaMix,
    BetaPrior,
    beta_prior,
    of_finite,
    posterior,
    sums_of_betas,
)
from shroff.watch.account_counts import ACTED, AccountCounts

__all__ = ["Drive", "Driven", "Order", "Standing", "standings"]


class Drive(StrEnum):
    """What accounts drive.

    ``VIOLATIONS`` violating ads; ``LEAKS`` violating ads among the approved; ``OVERTURNS`` appeals
    that the machine lost; ``REVIEWS`` ads that it sent to people.
    """

    VIOLATIONS = "violations"
    LEAKS = "leaks"
    OVERTURNS = "overturns"
    REVIEWS = "reviews"


class Order(StrEnum):
    """By what accounts are ranked: ``TOTAL`` how much they are expected to make, ``RATE`` how often."""

    TOTAL = "total"
    RATE = "rate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Driven:
    """What each account drives of one thing, arrays of shape (accounts,).

    Parameters
    ----------
    drive : Drive
        What.
    base : array
        What the share is of: ads, approved ads, settled appeals.
    raw : array
        Share as its own labels, weighted, or counts have it; NaN without any.
    labels : array
        Labels, or cases counted, of its own.
    share, low, high : array
        How it tends to do, drawn towards how all do, with the ends of the interval: what to expect
        of its next ads.
    total, total_low, total_high : array
        How many ads of the period are to be expected, with the ends of the interval, whole numbers;
        counted where all are known.
    usual : float
        Share of all accounts together.
    priors : tuple of BetaPrior
        What all accounts say of one that nothing is known of, one for each action or one in all.
    """

    drive: Drive
    base: Floats
    raw: Floats
    labels: Floats
    share: Floats
    low: Floats
    high: Floats
    total: Floats
    total_low: Floats
    total_high: Floats
    usual: float
    priors: tuple[BetaPrior, ...]

    def order(self, by: Order) -> np.ndarray:
        """Rank the accounts that have a base, the first first."""
        key = self.total if by is Order.TOTAL else self.share
        ranked = np.lexsort((-self.base, -key))
        found: np.ndarray = ranked[self.base[ranked] > 0]
        return found

    def held_by(self, accounts: int) -> float | None:
        """Say which share of everything the accounts with the most hold."""
        whole = float(self.total.sum())
        if whole <= 0:
            return None
        return float(np.sort(self.total)[::-1][:accounts].sum() / whole)


@dataclass(frozen=True, slots=True)
class Standing:
    """What could be told, and for what labels or logs are missing."""

    driven: dict[Drive, Driven]
    missing: tuple[Drive, ...]


def standings(counts: AccountCounts, *, level: float = 0.95) -> Standing:
    """Say of each account how much it drives.

    Parameters
    ----------
    counts : AccountCounts
        What was counted.
    level : float
        Probability that an interval is to hold, in (0, 1).

    Returns
    -------
    Standing
        One for each thing that labels or logs tell of.

    Notes
    -----
    Violating ads are told from labels, which were drawn with unequal chances: many of rejected ads,
    few of approved ones. So an account's share is put together from its shares among the ads of each
    machine action, weighted by how many of its ads had that action, which is counted; within an
    action its labels count as so many of a simple draw. Each of these shares is drawn towards those
    of all accounts (`shroff.stats.shrinkage`). An account without a label is expected to be like
    others whose ads were decided alike. Shares say how an account tends to do, so that one of two ads,
    both of them bad, does not come first; how many of its ads violate takes those that are labelled as
    known.
    """
    driven: dict[Drive, Driven] = {}
    if counts.labels.sum() > 0:
        found = ((at, _acted(counts, at)) for at in range(len(ACTED)))
        parts = {at: part for at, part in found if part is not None}
        driven[Drive.VIOLATIONS] = _judged(counts, Drive.VIOLATIONS, parts, level=level)
        if 0 in parts:
            driven[Drive.LEAKS] = _judged(counts, Drive.LEAKS, {0: parts[0]}, level=level)
    if counts.settled.sum() > 0:
        driven[Drive.OVERTURNS] = _counted(
            Drive.OVERTURNS, hits=counts.lost, base=counts.settled, level=level
        )
    ads = counts.ads.sum(axis=1)
    if ads.sum() > 0:
        driven[Drive.REVIEWS] = _counted(
            Drive.REVIEWS, hits=counts.ads[:, 1], base=ads, level=level
        )
    return Standing(driven, tuple(each for each in Drive if each not in driven))


@dataclass(frozen=True, slots=True)
class _Acted:
    """What is known of the ads of one action: how accounts tend to do, and how those ads did."""

    prior: BetaPrior
    tends: BetaMix
    did: BetaMix


def _acted(counts: AccountCounts, at: int) -> _Acted | None:
    """Shrink the shares among the ads of one action; None where nothing of it was labelled."""
    hits, labels = counts.hits[:, at], counts.labels[:, at]
    if labels.sum() <= 0:
        return None
    prior = beta_prior(hits, labels)
    mix = posterior(prior, hits, labels)
    ads, seen, found = counts.ads[:, at], counts.counted[:, at], counts.found[:, at]
    did = of_finite(mix, size=ads, seen=np.minimum(seen, ads), hits=np.minimum(found, ads))
    return _Acted(prior, mix, did)


def _judged(
    counts: AccountCounts, drive: Drive, parts: dict[int, _Acted], *, level: float
) -> Driven:
    """Put the actions together; ads of an action that was never labelled are left out."""
    known = list(parts)
    ads = counts.ads[:, known]
    base = ads.sum(axis=1)
    shares = list((ads / np.maximum(base, 1.0)[:, None]).T)
    mean, low, high = sums_of_betas([p.tends for p in parts.values()], shares, level=level)
    did = sums_of_betas([p.did for p in parts.values()], shares, level=level)
    hits, labels = counts.hits[:, known], counts.labels[:, known]
    with np.errstate(divide="ignore", invalid="ignore"):
        own = np.where(labels > 0, hits / labels, 0.0)
        seen = np.where(labels > 0, ads, 0.0)
        raw = (own * seen).sum(axis=1) / seen.sum(axis=1)
    total = did[0] * base
    return Driven(
        drive=drive,
        base=base,
        raw=raw,
        labels=counts.counted[:, known].sum(axis=1),
        share=mean,
        low=low,
        high=high,
        total=total,
        total_low=np.floor(did[1] * base),
        total_high=np.ceil(did[2] * base),
        usual=float(total.sum() / max(base.sum(), 1.0)),
        priors=tuple(part.prior for part in parts.values()),
    )


def _counted(drive: Drive, *, hits: Floats, base: Floats, level: float) -> Driven:
    """Shrink shares of cases that are all known; totals are what was counted."""
    prior = beta_prior(hits, base)
    mix = posterior(prior, hits, base)
    mean, low, high = sums_of_betas([mix], [np.ones(len(base))], level=level)
    with np.errstate(divide="ignore", invalid="ignore"):
        raw = hits / base
    return Driven(
        drive=drive,
        base=base,
        raw=raw,
        labels=base,
        share=mean,
        low=low,
        high=high,
        total=hits,
        total_low=hits,
        total_high=hits,
        usual=float(hits.sum() / base.sum()),
        priors=(prior,),
    )
