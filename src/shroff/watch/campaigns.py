"""Which campaigns run over several accounts? Near-copies clustered, dated, and how they fared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from shroff.domain.slices import Period
from shroff.errors import ConfigError
from shroff.measure.families import Query
from shroff.stats.estimate import Estimate, Status
from shroff.stats.proportions import clopper_pearson, wilson
from shroff.store.engine import Engine
from shroff.text.text_views import views_of_texts
from shroff.watch.campaign_ads import CampaignAds, Codes, read_ads, read_texts
from shroff.watch.campaign_findings import Campaign, Copy, Count, Wave
from shroff.watch.campaign_groups import (
    Candidates,
    Members,
    candidates,
    dated,
    members_of,
    usual_of,
)
from shroff.watch.campaign_result import Campaigns
from shroff.watch.campaign_story import BACK, outcomes_of, returns_of, summed
from shroff.watch.copy_edits import edits_between
from shroff.watch.near_copies import LEAST_ALIKE, CopyIndex, NearCopies

__all__ = ["CampaignQuestion", "campaigns"]

_LISTED = 50
_EXAMPLES = 4
_COUNTS = 5
_CORE_SHARE, _CORE_ADS = 0.05, 2
_SAME_ADS = 0.5
_OUTCOMES = ("open", "approved", "rejected", "restricted")


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignQuestion:
    """What to search for.

    Parameters
    ----------
    least : int
        Fewest ads of a campaign, at least 2.
    alike : float
        Jaccard similarity from which passages are near-copies, in (0, 1].
    listed : int
        Most campaigns told.
    level : float
        Coverage of the intervals, in (0, 1).
    """

    least: int = 5
    alike: float = LEAST_ALIKE
    listed: int = _LISTED
    level: float = 0.95


def campaigns(engine: Engine, period: Period, question: CampaignQuestion) -> Campaigns:
    """Find passages that several accounts run, and tell what became of their ads.

    Parameters
    ----------
    engine : Engine
        Where the logs are.
    period : Period
        Days of the decisions.
    question : CampaignQuestion
        What to search for.

    Returns
    -------
    Campaigns
        The most telling first: those unusual in time, then by how much more often their ads are
        rejected or labelled as violating than others.

    Raises
    ------
    ConfigError
        If a number is out of range.

    Notes
    -----
    Ads are cut into sentences, which are read in their folded view with numbers left open;
    sentences that share half of their shingles, directly or by way of others, are one set. A set is a lead: people
    write alike for many reasons, and a set says nothing of who did it.
    """
    if question.least < 2:
        raise ConfigError(
            f"{question.least} ads make no campaign", where="least", hint="give 2 or more"
        )
    index = CopyIndex(least=question.alike, passages=True)
    ads, copies, sql = read_ads(engine, period, index=index)
    members = members_of(copies)
    found = candidates(ads, members, least=question.least)
    chosen = _chosen(found, members, most=question.listed)
    work = _Work(ads, copies, members, found, question, usual_of(ads))
    drafts = [work.draft(int(place)) for place in chosen]
    texts = read_texts(engine, work.wanted(drafts))
    told = tuple(work.told(draft, texts) for draft in drafts)
    return Campaigns(
        period=period,
        campaigns=told,
        members={
            each.id: work.table(draft, each.id) for each, draft in zip(told, drafts, strict=True)
        },
        found=len(found.group),
        listed=len(told),
        usual=int(found.usual.sum()),
        ads=len(ads.ad),
        passages=len(copies),
        least=question.least,
        queries=(Query("ads and their texts", sql),),
        snapshot=dict(engine.snapshot),
    )


def _chosen(found: Candidates, members: Members, *, most: int) -> list[int]:
    """Put the most telling first, and leave out sets that are of the same ads as one before."""
    order = np.lexsort((found.group, -found.ads, -found.score, found.bursts.strength == 0))
    kept: list[int] = []
    seen: list[frozenset[int]] = []
    for place in order.tolist():
        if found.usual[place]:
            continue
        rows = frozenset(members.of(int(found.group[place])).tolist())
        if any(len(rows & other) > _SAME_ADS * len(rows | other) for other in seen):
            continue
        kept.append(place)
        seen.append(rows)
        if len(kept) == most:
            break
    return kept


@dataclass(frozen=True, slots=True)
class _Draft:
    """A campaign before its texts are read; rows in order of time."""

    place: int
    row: NDArray[np.int64]
    passage: NDArray[np.int64]
    examples: tuple[int, ...]  # places in row, the usual wording first
    id: str


@dataclass(frozen=True, slots=True)
class _Work:
    """What all campaigns are told from."""

    ads: CampaignAds
    copies: NearCopies
    members: Members
    found: Candidates
    question: CampaignQuestion
    usual: NDArray[np.float64]

    def draft(self, place: int) -> _Draft:
        """Take the ads of a candidate."""
        group = int(self.found.group[place])
        row, passage = self.members.of(group), self.members.passages(group)
        order = np.lexsort((self.ads.ad.code[row], self.ads.at[row]))
        row, passage = row[order], passage[order]
        wording = self.copies.wording[passage]
        kinds, first, counts = np.unique(wording, return_index=True, return_counts=True)
        common = np.lexsort((self.copies.key[kinds], -counts))
        examples = tuple(first[common[:_EXAMPLES]].tolist())
        usual = int(self.copies.key[kinds[common[0]]])
        return _Draft(place, row, passage, examples, f"{usual:016x}"[:12])

    def wanted(self, drafts: Sequence[_Draft]) -> Iterator[tuple[str, int]]:
        """Name the ads whose texts are to be shown."""
        for draft in drafts:
            for example in draft.examples:
                yield self._key(int(draft.row[example]))

    def _key(self, row: int) -> tuple[str, int]:
        return self.ads.ad.word(self.ads.ad.code[row]), int(self.ads.version[row])

    def told(self, draft: _Draft, texts: Mapping[tuple[str, int], str]) -> Campaign:
        """Tell a campaign."""
        ads, row = self.ads, draft.row
        copies = self._copies(draft, texts)
        back, since = returns_of(ads, row)
        flagged = int(ads.flagged[row].sum())
        level = self.question.level
        share = wilson(flagged, len(row), level=level)
        share = replace(share, low=share.value, high=share.value, status=Status.COUNT)
        days = ads.day[row]
        return Campaign(
            id=draft.id,
            text=copies[0].text,
            ads=len(np.unique(ads.ad.code[row])),
            accounts=len(np.unique(ads.advertiser.code[row])),
            days=len(np.unique(days)),
            first=self._date(int(days.min())),
            last=self._date(int(days.max())),
            by_account=_counts(ads.advertiser, row),
            by_market=_counts(ads.market, row),
            by_policy=_counts(ads.policy, row[ads.rejected[row]]),
            wave=self._wave(draft),
            outcomes=outcomes_of(ads, row, self.copies.wording[draft.passage].astype(np.int64)),
            returns=summed(ads, row, back=back, since=since),
            flagged=share,
            usual=float(ads.flagged.mean()),
            impressions=float(ads.impressions[row[ads.approved[row]]].sum()),
            copies=copies,
        )

    def _date(self, day: int) -> date:
        return self.ads.period.start + timedelta(days=day)

    def _copies(self, draft: _Draft, texts: Mapping[tuple[str, int], str]) -> tuple[Copy, ...]:
        """Read the passages of the examples, and how they differ from the first."""
        found: list[Copy] = []
        for example in draft.examples:
            name, version = self._key(int(draft.row[example]))
            passage = int(draft.passage[example])
            text = self._said(texts.get((name, version), ""), passage)
            edits = edits_between(found[0].text, text) if found else ()
            found.append(Copy(ad_id=name, ad_version=version, text=text, edits=edits))
        return tuple(found)

    def _said(self, text: str, passage: int) -> str:
        """Cut a passage out of its text."""
        source = views_of_texts([text]).source
        first, last = int(self.copies.first[passage]), int(self.copies.last[passage])
        if last >= len(source):
            return text
        return text[int(source[first]) : int(source[last]) + 1]

    def _wave(self, draft: _Draft) -> Wave | None:
        """Date the burst by the accounts that ran much of it."""
        bursts, place = self.found.bursts, draft.place
        if bursts.strength[place] <= 0:
            return None
        market = int(bursts.market[place])
        days = self.ads.day[draft.row]
        inside = (days >= bursts.first[place]) & (days <= bursts.last[place])
        inside &= (market < 0) | (self.ads.market.code[draft.row] == market)
        rows = draft.row[inside]
        accounts, counts = np.unique(self.ads.advertiser.code[rows], return_counts=True)
        often = counts >= max(_CORE_ADS, _CORE_SHARE * len(rows))
        core = accounts[often] if 2 * counts[often].sum() >= len(rows) else accounts[:0]
        here = draft.row[(market < 0) | (self.ads.market.code[draft.row] == market)]
        mine = rows
        if len(core):
            mine = here[np.isin(self.ads.advertiser.code[here], core)]
            first, last = dated(self.ads, mine, market=market, usual=self.usual)
            rows = here[(self.ads.day[here] >= first) & (self.ads.day[here] <= last)]
            mine = mine[(self.ads.day[mine] >= first) & (self.ads.day[mine] <= last)]
        days = self.ads.day[mine]
        return Wave(
            market=None if market < 0 else self.ads.market.word(market),
            first=self._date(int(days.min())),
            last=self._date(int(days.max())),
            times=_times(
                int(bursts.inside[place]), int(bursts.total[place]),
                share=float(bursts.share[place]), level=self.question.level,
            ),
            strength=float(bursts.strength[place]),
            ads=len(rows),
            accounts=len(core) or len(accounts),
            by_account=_counts(self.ads.advertiser, mine),
            by_policy=_counts(self.ads.policy, rows[self.ads.rejected[rows]]),
            by_language=_counts(self.ads.language, rows),
        )  # fmt: skip

    def table(self, draft: _Draft, campaign: str) -> pa.Table:
        """List the ads of a campaign."""
        ads, row = self.ads, draft.row
        back, since = returns_of(ads, row)
        wording = self.copies.wording[draft.passage]
        outcome = np.select(
            [ads.approved[row], ads.rejected[row], ads.action[row] == 3], [1, 2, 3], 0
        )
        return pa.table(
            {
                "campaign": [campaign] * len(row),
                "ad_id": ads.ad.named(ads.ad.code[row]),
                "ad_version": ads.version[row],
                "market": ads.market.named(ads.market.code[row]),
                "advertiser_id": ads.advertiser.named(ads.advertiser.code[row]),
                "decided_at": pa.array(ads.at[row]).cast(pa.timestamp("s", "UTC")),
                "outcome": [_OUTCOMES[each] for each in outcome.tolist()],
                "policy_id": ads.policy.named(ads.policy.code[row]),
                "impressions": ads.impressions[row],
                "wording": [f"{key:016x}"[:12] for key in self.copies.key[wording].tolist()],
                "says_what_a_rejected_ad_says": np.isin(wording, wording[ads.rejected[row]]),
                "after_reject_of": [BACK[each] for each in back.tolist()],
                "days_since_reject": pa.array(since, from_pandas=True),
            }
        )


def _counts(codes: Codes, row: NDArray[np.int64]) -> tuple[Count, ...]:
    found, counts = np.unique(codes.code[row], return_counts=True)
    order = np.lexsort((found, -counts))[:_COUNTS].tolist()
    named = [(codes.word(int(found[at])), int(counts[at])) for at in order]
    return tuple(Count(name, many) for name, many in named if name)


def _times(inside: int, total: int, *, share: float, level: float) -> Estimate:
    """Say how many times as often: a binomial share of the events turned into a ratio of rates."""
    split = clopper_pearson(inside, total, level=level)
    odds = share / (1 - share) if share < 1 else None

    def times(part: float | None) -> float | None:
        return None if part is None or part >= 1 or not odds else part / (1 - part) / odds

    return replace(
        split,
        value=times(split.value),
        low=times(split.low),
        high=times(split.high),
        status=Status.PROXY,
        method="clopper-pearson, of the days chosen because they stand out",
    )
