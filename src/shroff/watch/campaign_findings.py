"""Campaigns as they are told: who, where, since when, how decided; leads, not verdicts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from shroff.domain.messages import Message
from shroff.stats.estimate import Estimate
from shroff.store.catalog_findings import Finding, finding_id
from shroff.watch.campaign_story import Outcomes, Returns
from shroff.watch.copy_edits import CopyEdit

__all__ = ["Campaign", "Copy", "Count", "Wave", "shortened"]

_NEARLY = 0.9
"""Share of a wave's ads in one language, from which on the language is told."""


@dataclass(frozen=True, slots=True)
class Count:
    """How many ads of a campaign are of one account, market or policy."""

    name: str
    ads: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Wave:
    """When, and where, a campaign was most unusual.

    Parameters
    ----------
    market : str or None
        The market; None for all together.
    first, last : date
        First and last day on which the accounts behind it ran it.
    times : Estimate
        How many times as often as on the other days, as a share of the market's ads.
    strength : float
        Log likelihood ratio.
    ads, accounts : int
        Ads of the market in these days, and the accounts that ran several of them, or any where
        none did.
    by_account, by_policy, by_language : tuple of Count
        The largest of them.
    """

    market: str | None
    first: date
    last: date
    times: Estimate
    strength: float
    ads: int
    accounts: int
    by_account: tuple[Count, ...]
    by_policy: tuple[Count, ...]
    by_language: tuple[Count, ...] = ()

    @property
    def language(self) -> str | None:
        """Name the language of nearly all its ads, where they have one."""
        most = max(self.by_language, key=lambda each: each.ads, default=None)
        return most.name if most is not None and most.ads >= _NEARLY * self.ads else None

    def record(self) -> dict[str, object]:
        """Give it as JSON does."""
        return {
            "market": self.market,
            "first": str(self.first),
            "last": str(self.last),
            "times": self.times.value,
            "times_low": self.times.low,
            "times_high": self.times.high,
            "strength": self.strength,
            "ads": self.ads,
            "accounts": self.accounts,
            "by_account": [{"advertiser_id": c.name, "ads": c.ads} for c in self.by_account],
            "by_policy": [{"policy_id": c.name, "ads": c.ads} for c in self.by_policy],
            "by_language": [{"language": c.name, "ads": c.ads} for c in self.by_language],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """One ad of a campaign, as an example.

    Parameters
    ----------
    ad_id : str
        The ad.
    ad_version : int
        Its version.
    text : str
        The passage, as written.
    edits : tuple of CopyEdit
        How it differs from the campaign's usual wording.
    """

    ad_id: str
    ad_version: int
    text: str
    edits: tuple[CopyEdit, ...]

    def record(self) -> dict[str, object]:
        """Give it as JSON does."""
        return {
            "ad_id": self.ad_id,
            "ad_version": self.ad_version,
            "text": self.text,
            "edits": [edit.record() for edit in self.edits],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """Ads of several accounts that share a passage.

    Parameters
    ----------
    id : str
        Stays the same while its usual wording does.
    text : str
        The passage in its usual wording.
    ads, accounts, days : int
        How many; days on which it ran.
    first, last : date
        First and last day of its ads.
    by_account, by_market, by_policy : tuple of Count
        The largest first; policies are those the machine cites.
    wave : Wave or None
        When it was unusual; None for what is said all the time.
    outcomes : Outcomes
        How its ads were decided.
    returns : Returns
        What came after a reject.
    flagged : Estimate
        Share of its ads that were rejected or are labelled as violating: counted, not estimated.
    usual : float
        That share of all ads of the period.
    impressions : float
        Impressions of its approved ads in the period.
    copies : tuple of Copy
        Examples that differ from one another.
    """

    id: str
    text: str
    ads: int
    accounts: int
    days: int
    first: date
    last: date
    by_account: tuple[Count, ...]
    by_market: tuple[Count, ...]
    by_policy: tuple[Count, ...]
    wave: Wave | None
    outcomes: Outcomes
    returns: Returns
    flagged: Estimate
    usual: float
    impressions: float
    copies: tuple[Copy, ...]

    @property
    def disguises(self) -> tuple[str, ...]:
        """List the disguises between its examples."""
        kinds = (kind for copy in self.copies for edit in copy.edits for kind in edit.kinds)
        return tuple(dict.fromkeys(kinds))

    def message(self) -> Message:
        """Say it in a sentence."""
        params: dict[str, str | int | float | None] = {
            "text": shortened(self.text),
            "ads": self.ads,
            "accounts": self.accounts,
            "first": str(self.first),
            "last": str(self.last),
            "flagged": self.flagged.value,
            "usual": self.usual,
        }
        if self.wave is None:
            return Message("campaigns.standing", params)
        told: dict[str, str | int | float | None] = {
            "wave_first": str(self.wave.first),
            "wave_last": str(self.wave.last),
            "times": _rounded(self.wave.times.value),
            "low": _rounded(self.wave.times.low),
            "wave_ads": self.wave.ads,
            "wave_accounts": self.wave.accounts,
        }
        place = self.wave.market
        if place is None and (spoken := self.wave.language) is not None:
            place = f"all markets, language {spoken},|全部市场（语言 {spoken}）"
        if place is None:
            return Message("campaigns.wave", {**params, **told})
        return Message("campaigns.wave_in", {**params, **told, "market": place})

    def outcome(self) -> Message:
        """Say how its ads were decided."""
        return Message(
            "campaigns.outcome",
            {
                "approved": self.outcomes.approved,
                "rejected": self.outcomes.rejected,
                "contradicted": self.outcomes.contradicted,
                "same": self.returns.same,
                "other": self.returns.other,
                "back_approved": self.returns.same_approved + self.returns.other_approved,
            },
        )

    def record(self) -> dict[str, object]:
        """Give it as JSON does."""
        return {
            "id": self.id,
            "text": self.text,
            "ads": self.ads,
            "accounts": self.accounts,
            "days": self.days,
            "first": str(self.first),
            "last": str(self.last),
            "by_account": [{"advertiser_id": c.name, "ads": c.ads} for c in self.by_account],
            "by_market": [{"market": c.name, "ads": c.ads} for c in self.by_market],
            "by_policy": [{"policy_id": c.name, "ads": c.ads} for c in self.by_policy],
            "wave": self.wave.record() if self.wave else None,
            "outcomes": self.outcomes.record(),
            "resubmitted": self.returns.record(),
            "flagged_share": self.flagged.value,
            "usual_share": self.usual,
            "approved_impressions": self.impressions,
            "disguises": list(self.disguises),
            "copies": [copy.record() for copy in self.copies],
        }

    def finding(self) -> Finding:
        """Give it as the catalog keeps it: without accounts and ads, which may be forgotten."""
        onset = str(self.wave.first) if self.wave else ""
        kind = "campaign" if self.wave else "shared_passage"
        kept = {
            "ads": self.ads,
            "accounts": self.accounts,
            "first": str(self.first),
            "last": str(self.last),
            "wave": _without_accounts(self.wave),
            "by_market": {c.name: c.ads for c in self.by_market},
            "by_policy": {c.name: c.ads for c in self.by_policy},
            "outcomes": self.outcomes.record(),
            "resubmitted": self.returns.record(),
        }
        name = finding_id(kind, self.id, onset=onset)
        return Finding(id=name, kind=kind, subject=self.id, detail=kept)


def _without_accounts(wave: Wave | None) -> dict[str, object] | None:
    return None if wave is None else replace(wave, by_account=()).record()


def _rounded(times: float | None) -> str:
    return "∞" if times is None else f"{times:.1f}"


def shortened(text: str, most: int = 90) -> str:
    """Cut a long passage."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1] + "…"
