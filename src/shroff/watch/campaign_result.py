"""All campaigns of a period, their ads, and the list of ads to look at again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa

from shroff.domain.messages import Message
from shroff.domain.slices import Period
from shroff.errors import ConfigError
from shroff.measure.families import Query
from shroff.watch.campaign_findings import Campaign

__all__ = ["Campaigns"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaigns:
    """What was found.

    Parameters
    ----------
    period : Period
        Days searched.
    campaigns : tuple of Campaign
        The most telling first.
    members : mapping
        For each campaign its ads, as a table.
    found, listed : int
        Sets of near-copies of several accounts, and those told.
    usual : int
        Sets left out as boilerplate: said all the time, by many, and not flagged more than others.
    ads, passages : int
        Ads read, and passages in them.
    least : int
        Fewest ads of a campaign.
    queries : tuple of Query
        The SQL that was run.
    snapshot : mapping
        Version of the lake each table was read at.
    """

    period: Period
    campaigns: tuple[Campaign, ...]
    members: Mapping[str, pa.Table]
    found: int
    listed: int
    usual: int
    ads: int
    passages: int
    least: int
    queries: tuple[Query, ...] = ()
    snapshot: Mapping[str, int] | None = None

    def lead(self) -> Message:
        """Say what these are: leads, not verdicts."""
        return Message("campaigns.leads")

    def summary(self) -> Message:
        """Say what was looked at and what was found."""
        return Message(
            "campaigns.summary" if self.campaigns else "campaigns.none",
            {
                "ads": self.ads,
                "passages": self.passages,
                "found": self.found,
                "listed": self.listed,
                "waves": sum(each.wave is not None for each in self.campaigns),
                "usual": self.usual,
                "least": self.least,
                "period": self.period.label(),
            },
        )

    def of(self, campaign_id: str) -> pa.Table:
        """Give the ads of a campaign.

        Parameters
        ----------
        campaign_id : str
            Its id, or the beginning of it.

        Returns
        -------
        Table
            One row an ad and market, in order of time; ``lead`` says that it is one.

        Raises
        ------
        ConfigError
            If there is none of that id, or several.
        """
        fits = [name for name in self.members if name.startswith(campaign_id)]
        if len(fits) != 1 or not campaign_id:
            raise ConfigError(
                f"{len(fits)} campaigns begin with {campaign_id!r}" if fits else
                f"there is no campaign {campaign_id!r} in {self.period.label()}",
                where="campaign",
                hint="shroff watch campaigns lists them with their ids, for the same --period",
            )  # fmt: skip
        ads = self.members[fits[0]]
        return ads.append_column("lead", pa.array(["lead, not verdict"] * ads.num_rows))

    def review_list(self) -> pa.Table:
        """List the approved ads of campaigns of which an ad was rejected, for people to look at.

        Returns
        -------
        Table
            One row an ad and market, those most like a rejected one first; ``reason`` says in words
            that it is a lead.
        """
        parts = [_to_review(self.members[each.id]) for each in self.campaigns]
        return pa.concat_tables([part for part in parts if part is not None] or [_no_review()])

    def to_arrow(self) -> pa.Table:
        """Give one row a campaign."""
        return pa.table(
            {
                "campaign": [c.id for c in self.campaigns],
                "lead": ["lead, not verdict"] * len(self.campaigns),
                "text": [c.text for c in self.campaigns],
                "ads": [c.ads for c in self.campaigns],
                "accounts": [c.accounts for c in self.campaigns],
                "markets": [";".join(m.name for m in c.by_market) for c in self.campaigns],
                "policies": [";".join(p.name for p in c.by_policy) for c in self.campaigns],
                "first": [c.first for c in self.campaigns],
                "last": [c.last for c in self.campaigns],
                "wave_market": [c.wave.market if c.wave else None for c in self.campaigns],
                "wave_first": [c.wave.first if c.wave else None for c in self.campaigns],
                "wave_last": [c.wave.last if c.wave else None for c in self.campaigns],
                "wave_times": [c.wave.times.value if c.wave else None for c in self.campaigns],
                "approved": [c.outcomes.approved for c in self.campaigns],
                "rejected": [c.outcomes.rejected for c in self.campaigns],
                "contradicted": [c.outcomes.contradicted for c in self.campaigns],
                "back_same_account": [c.returns.same for c in self.campaigns],
                "back_other_account": [c.returns.other for c in self.campaigns],
                "approved_impressions": [c.impressions for c in self.campaigns],
                "disguises": [";".join(c.disguises) for c in self.campaigns],
            }
        )

    def record(self) -> dict[str, object]:
        """Give everything as a JSON-ready record."""
        return {
            "period": {"start": str(self.period.start), "end": str(self.period.end)},
            "note": self.lead().text(),
            "ads": self.ads,
            "passages": self.passages,
            "found": self.found,
            "boilerplate": self.usual,
            "least_ads": self.least,
            "campaigns": [each.record() for each in self.campaigns],
            "snapshot": dict(self.snapshot or {}),
            "queries": [{"title": q.title, "sql": q.sql} for q in self.queries],
        }


_REASONS = {
    True: "lead, not verdict: says what a rejected ad says",
    False: "lead, not verdict: much like a rejected ad",
}


def _to_review(members: pa.Table) -> pa.Table | None:
    outcome = members.column("outcome").to_pylist()
    if "rejected" not in outcome:
        return None
    close = members.column("says_what_a_rejected_ad_says").to_pylist()
    rows = [place for place, said in enumerate(outcome) if said == "approved"]
    rows.sort(key=lambda place: not close[place])
    taken = members.take(pa.array(rows, pa.int64()))
    reasons = pa.array([_REASONS[bool(close[place])] for place in rows], pa.string())
    return taken.append_column("reason", reasons)


def _no_review() -> pa.Table:
    return pa.table({"campaign": pa.array([], pa.string()), "ad_id": pa.array([], pa.string())})
