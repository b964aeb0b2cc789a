"""Sets of near-copies as candidates for campaigns: who, where, when, and how unusual."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shroff.stats.linearise import add_up
from shroff.watch.burst_kernel import scan_bursts
from shroff.watch.campaign_ads import CampaignAds
from shroff.watch.near_copies import NearCopies

__all__ = [
    "Bursts",
    "Candidates",
    "Members",
    "bursts_of",
    "candidates",
    "dated",
    "members_of",
    "usual_of",
]

_LONGEST_DAYS = 42
_LEAST_TIMES = 2.0
_NEARLY = 0.85
_MARGIN = 5.0
_BURST_MARGIN = 7.0
_MANY_ACCOUNTS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Members:
    """Which ads say what: one entry an ad and set of near-copies, sorted by set.

    Parameters
    ----------
    row : array of int64
        Ad.
    group : array of int32
        Set of near-copies.
    at : array of int64, shape (groups + 1,)
        Where the ads of each set begin.
    passage : array of int64
        A passage of the ad that belongs to the set.
    """

    row: NDArray[np.int64]
    group: NDArray[np.int32]
    at: NDArray[np.int64]
    passage: NDArray[np.int64]

    def of(self, group: int) -> NDArray[np.int64]:
        """Give the ads of a set."""
        return self.row[self.at[group] : self.at[group + 1]]

    def passages(self, group: int) -> NDArray[np.int64]:
        """Give a passage of each ad of a set, in the order of `of`."""
        return self.passage[self.at[group] : self.at[group + 1]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bursts:
    """The strongest burst of each candidate, arrays of shape (candidates,).

    Parameters
    ----------
    strength : array
        Log likelihood ratio; 0 where none stands out.
    market : array of int
        Code of the market, -1 for all together.
    first, last : array of int
        First and last day, from the first of the period.
    inside, total : array
        Days on which an account ran it, inside and in all.
    share : array
        Share of all ads of the market that fell into these days.
    """

    strength: NDArray[np.float64]
    market: NDArray[np.int64]
    first: NDArray[np.int64]
    last: NDArray[np.int64]
    inside: NDArray[np.float64]
    total: NDArray[np.float64]
    share: NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    """Sets of near-copies that several accounts run, arrays of shape (candidates,).

    Parameters
    ----------
    group : array of int
        Set of near-copies.
    ads, accounts, flagged : array
        How many ads, accounts, and ads that were rejected or are labelled as violating.
    bursts : Bursts
        When each is most unusual.
    concern : array
        Log likelihood ratio of its share of flagged ads against that of all; 0 where it is lower.
    usual : array of bool
        Whether it is said all the time and by many, without being flagged more than others.
    """

    group: NDArray[np.int64]
    ads: NDArray[np.float64]
    accounts: NDArray[np.float64]
    flagged: NDArray[np.float64]
    bursts: Bursts
    concern: NDArray[np.float64]
    usual: NDArray[np.bool_]

    @property
    def score(self) -> NDArray[np.float64]:
        """Rank candidates: how unusual in time, and how often flagged."""
        found: NDArray[np.float64] = self.bursts.strength + self.concern
        return found


def members_of(copies: NearCopies) -> Members:
    """Tell which ads have a passage in which set, each once.

    Parameters
    ----------
    copies : NearCopies
        Passages in sets.

    Returns
    -------
    Members
        Ads by set.
    """
    key = copies.group.astype(np.int64) * (int(copies.row.max(initial=0)) + 1) + copies.row
    _, kept = np.unique(key, return_index=True)
    group = copies.group[kept]
    return Members(
        row=copies.row[kept],
        group=group,
        at=np.searchsorted(group, np.arange(copies.groups + 1)),
        passage=kept.astype(np.int64),
    )


def candidates(ads: CampaignAds, members: Members, *, least: int) -> Candidates:
    """Find the sets of near-copies that several accounts run.

    Parameters
    ----------
    ads : CampaignAds
        The ads.
    members : Members
        Ads by set.
    least : int
        Fewest ads.

    Returns
    -------
    Candidates
        Sets with as many ads, by two accounts or more.

    Notes
    -----
    A boilerplate, such as a line on delivery, is said by many accounts all the time; it is told
    from a campaign by having no burst and no more flagged ads than others.
    """
    groups = len(members.at) - 1
    count = _distinct(members.group, ads.ad.code[members.row], size=groups)
    accounts = _distinct(members.group, ads.advertiser.code[members.row], size=groups)
    group = np.flatnonzero((count >= least) & (accounts >= 2))
    signs = ads.flagged[members.row].astype(np.float64)
    flagged = add_up(members.group.astype(np.intp), signs, size=groups)[group]
    bursts = bursts_of(ads, members, group, least=least)
    entries = np.diff(members.at)[group].astype(np.float64)
    concern = _concern(flagged, entries, base=float(ads.flagged.mean()) if len(ads) else 0.0)
    many = max(_MANY_ACCOUNTS, len(ads.advertiser) // 100)
    quiet = (bursts.strength == 0) & (concern < _MARGIN)
    return Candidates(
        group=group,
        ads=count[group],
        accounts=accounts[group],
        flagged=flagged,
        bursts=bursts,
        concern=concern,
        usual=quiet & (accounts[group] > many),
    )


def _distinct(
    group: NDArray[np.int32], code: NDArray[np.int32], *, size: int
) -> NDArray[np.float64]:
    """Count the different codes of each group."""
    key = np.unique(group.astype(np.int64) << 32 | code.astype(np.int64))
    return np.bincount(key >> 32, minlength=size).astype(np.float64)


def _concern(
    flagged: NDArray[np.float64], total: NDArray[np.float64], *, base: float
) -> NDArray[np.float64]:
    if not 0 < base < 1:
        return np.zeros(len(total))
    share = flagged / np.maximum(total, 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        up = np.where(flagged > 0, flagged * np.log(share / base), 0.0)
        rest = np.where(flagged < total, (total - flagged) * np.log((1 - share) / (1 - base)), 0.0)
    found: NDArray[np.float64] = np.where(share > base, up + rest, 0.0)
    return found


def bursts_of(
    ads: CampaignAds, members: Members, group: NDArray[np.int64], *, least: int
) -> Bursts:
    """Find the strongest burst of each set: in one market, or in all together.

    Parameters
    ----------
    ads : CampaignAds
        The ads.
    members : Members
        Ads by set.
    group : array of int
        The sets.
    least : int
        Fewest events of a burst.

    Returns
    -------
    Bursts
        Their bursts.

    Notes
    -----
    Kulldorff's scan statistic for Poisson counts over windows of up to 42 days, held against the
    ads of the market on the same days. An account counts once a day, so that one that submits a
    hundred copies an hour makes no burst by itself. A burst stands out when its log likelihood
    ratio exceeds 7 plus the logarithm of the number of series looked at, it is twice what it would
    be otherwise, and two accounts ran it.

    References
    ----------
    Kulldorff, Communications in Statistics 26 (1997).
    """
    entries = _events(ads, members, group)
    markets = len(ads.market)
    usual = usual_of(ads)
    longest = min(_LONGEST_DAYS, max(ads.period.days // 2, 1))
    found = np.zeros((2, len(group), 6))
    found[:, :, 5] = -1
    looked = 0
    for kind, place in enumerate((np.full(len(entries.slot), markets), entries.market)):
        series, at = _series(entries, place, markets=markets)
        scanned = np.zeros((len(series), 5))
        days = entries.day[_order(entries, place)]
        where = (series % (markets + 1)).astype(np.int32)
        scan_bursts(at, days, where, usual, longest, least, scanned)
        looked += int(np.count_nonzero(np.diff(at) >= least))
        _keep_best(found[kind], scanned, series // (markets + 1), where, all_of=markets)
    return _told(found, entries, len(group), bar=_BURST_MARGIN + np.log(max(looked, 1)))


@dataclass(frozen=True, slots=True)
class _Events:
    """Days on which an account ran a set in a market."""

    slot: NDArray[np.int64]  # place of the set among the candidates
    market: NDArray[np.int64]
    account: NDArray[np.int64]
    day: NDArray[np.int32]


def dated(
    ads: CampaignAds, row: NDArray[np.int64], *, market: int, usual: NDArray[np.float64]
) -> tuple[int, int]:
    """Date a burst by every ad of the accounts behind it, once these are known.

    Parameters
    ----------
    ads : CampaignAds
        The ads.
    row : array of int
        Ads of these accounts with the passage, in the market.
    market : int
        Code of the market, -1 for all together.
    usual : array
        As `usual_of` gives it.

    Returns
    -------
    int, int
        First and last day of their strongest burst; of all their ads where none stands out.
    """
    days = np.sort(ads.day[row])
    found = np.zeros((1, 5))
    ends = np.array([0, len(days)], np.int64)
    longest = min(_LONGEST_DAYS, max(ads.period.days // 2, 1))
    scan_bursts(ends, days, np.array([market], np.int32), usual, longest, 2, found)
    if found[0, 0] <= 0:
        return int(days[0]), int(days[-1])
    return int(found[0, 1]), int(found[0, 2])


def _events(ads: CampaignAds, members: Members, group: NDArray[np.int64]) -> _Events:
    slot_of = np.full(len(members.at), -1, np.int64)
    slot_of[group] = np.arange(len(group))
    slot = slot_of[members.group]
    kept = np.flatnonzero(slot >= 0)
    row = members.row[kept]
    columns = np.stack(
        [slot[kept], ads.market.code[row], ads.advertiser.code[row], ads.day[row]], axis=0
    )
    order = np.lexsort(columns[::-1])
    sorted_ = columns[:, order]
    new = np.ones(len(order), np.bool_)
    new[1:] = (sorted_[:, 1:] != sorted_[:, :-1]).any(axis=0)
    slot, market, account, day = sorted_[:, new]
    return _Events(slot, market, account, day.astype(np.int32))


def usual_of(ads: CampaignAds) -> NDArray[np.float64]:
    """Count the ads of each market, and of all in the last row, before each day."""
    markets, days = len(ads.market), ads.period.days
    key = ads.market.code.astype(np.int64) * days + np.clip(ads.day, 0, days - 1)
    counts = np.bincount(key, minlength=markets * days).reshape(markets, days)
    before = np.zeros((markets + 1, days + 1))
    before[:-1, 1:] = np.cumsum(counts, axis=1)
    before[-1] = before[:-1].sum(axis=0)
    return before


def _order(entries: _Events, place: NDArray[np.int64]) -> NDArray[np.intp]:
    return np.lexsort((entries.day, place, entries.slot))


def _series(
    entries: _Events, place: NDArray[np.int64], *, markets: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Name each series, a set in a place, and say where its events begin."""
    order = _order(entries, place)
    key = entries.slot[order] * (markets + 1) + place[order]
    series, begin = np.unique(key, return_index=True)
    return series, np.append(begin, len(key)).astype(np.int64)


def _keep_best(
    found: NDArray[np.float64], scanned: NDArray[np.float64], slot: NDArray[np.int64],
    where: NDArray[np.int32], *, all_of: int,
) -> None:  # fmt: skip
    """Keep for each candidate the strongest of its series."""
    order = np.argsort(scanned[:, 0], kind="stable")
    found[slot[order], :5] = scanned[order]
    found[slot[order], 5] = np.where(where[order] == all_of, -1, where[order])


def _told(found: NDArray[np.float64], entries: _Events, size: int, *, bar: float) -> Bursts:
    chosen = (found[1, :, 0] >= _NEARLY * found[0, :, 0]).astype(np.intp)  # one market tells more
    best = found[chosen, np.arange(size)]
    strength, first, last, inside, share, market = best.T
    mine = (market[entries.slot] < 0) | (market[entries.slot] == entries.market)
    slots = entries.slot[mine]
    within = mine & (entries.day >= first[entries.slot]) & (entries.day <= last[entries.slot])
    accounts = _distinct(
        entries.slot[within].astype(np.int32), entries.account[within].astype(np.int32), size=size
    )
    total = np.bincount(slots, minlength=size).astype(np.float64)
    rest = np.maximum(total - inside, 0.5)
    with np.errstate(divide="ignore", invalid="ignore"):
        times = (inside / share) / (rest / (1 - share))
    stands = (strength > bar) & (accounts >= 2) & ~(times < _LEAST_TIMES)
    return Bursts(
        strength=np.where(stands, strength, 0.0),
        market=market.astype(np.int64),
        first=first.astype(np.int64),
        last=last.astype(np.int64),
        inside=inside,
        total=total,
        share=share,
    )
