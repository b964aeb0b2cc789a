"""What a search over all ads found: how many, whose, how far they reach, who catches them already."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa

from shroff.domain.messages import Message, Value
from shroff.domain.slices import Period
from shroff.measure.families import Query
from shroff.rules.masking import masked
from shroff.rules.rule import Rule

__all__ = ["OPEN", "Disguise", "Found", "FoundAd", "Part", "Spot"]

OPEN = frozenset({"case"})
"""Kinds of disguise that hide nothing from a reader."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where an ad matches.

    Parameters
    ----------
    field : str
        Which of its texts.
    start, end : int
        First character, and the one after the last, of the original.
    evasion : tuple of str
        Disguises that were seen through there; none where it stands as it is.
    """

    field: str
    start: int
    end: int
    evasion: tuple[str, ...] = ()

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {
            "field": self.field,
            "start": self.start,
            "end": self.end,
            "evasion": list(self.evasion),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundAd:
    """One ad that matches.

    Parameters
    ----------
    ad_id : str
        The ad.
    ad_version : int
        Its version.
    market, language, advertiser : str or None
        Whose it is.
    action : str or None
        What the machine first did with it; None where no decision was logged.
    impressions : float
        Times it was shown.
    texts : mapping
        Its texts that match, by field, as they are.
    spots : tuple of Spot
        Where it matches.
    """

    ad_id: str
    ad_version: int
    market: str | None
    language: str | None
    advertiser: str | None
    action: str | None
    impressions: float
    texts: Mapping[str, str]
    spots: tuple[Spot, ...]

    def shown(self) -> dict[str, str]:
        """Give its texts with contact details masked; what stands where stays true."""
        return {name: masked(text) for name, text in self.texts.items()}

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record, contact details masked."""
        texts = self.shown()
        return {
            "ad_id": self.ad_id,
            "ad_version": self.ad_version,
            "market": self.market,
            "language": self.language,
            "advertiser_id": self.advertiser,
            "action": self.action,
            "impressions": self.impressions,
            "texts": texts,
            "spans": [
                {**spot.record(), "matched": texts[spot.field][spot.start : spot.end]}
                for spot in self.spots
            ],
        }


@dataclass(frozen=True, slots=True)
class Part:
    """Ads of one kind among those found.

    Parameters
    ----------
    name : str or None
        Market, language, advertiser, action, detector or first day of a week.
    ads : int
        Ads found there.
    """

    name: str | None
    ads: int

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {"name": self.name, "ads": self.ads}


@dataclass(frozen=True, slots=True)
class Disguise:
    """One way in which the words were hidden.

    Parameters
    ----------
    evasion : tuple of str
        Kinds of disguise; empty where they stand as they are.
    ads : int
        Ads that use it.
    example : FoundAd or None
        One of them.
    """

    evasion: tuple[str, ...]
    ads: int
    example: FoundAd | None

    def matched(self) -> str:
        """Give the words of the example as they stand there, contact details masked."""
        if self.example is None:
            return ""
        spots = [spot for spot in self.example.spots if spot.evasion == self.evasion]
        texts = self.example.shown()
        return texts[spots[0].field][spots[0].start : spots[0].end] if spots else ""

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {
            "evasion": list(self.evasion),
            "ads": self.ads,
            "matched": self.matched(),
            "ad_id": self.example.ad_id if self.example else None,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a search found.

    Parameters
    ----------
    query : str
        The search as asked.
    rule : Rule
        The search as a rule.
    period : Period or None
        Days on which the ads were submitted; None for all.
    scanned : int
        Ads that were read, an edited ad once for each version.
    ads, advertisers : int
        Ads that match, and who runs them.
    first, last : str
        First and last day on which one was submitted; empty without any.
    weeks, markets, languages, top_advertisers, actions, detectors : tuple of Part
        The ads by week, market, language, advertiser (those with most), action of the machine and
        live detector that hit them.
    impressions, spend : float
        What the ads served.
    caught : int
        Ads that a live detector of the log hit.
    missed : int
        Ads that the machine approved and no live detector hit.
    hidden : int
        Ads in which the words nowhere stand as they are, letter case apart.
    disguises : tuple of Disguise
        How the words were hidden, most often first.
    shown : tuple of FoundAd
        Some of the ads, those seen most first.
    queries : tuple of Query
        The SQL that was run.
    snapshot : mapping
        Version of the lake each table was read at.
    """

    query: str
    rule: Rule
    period: Period | None
    scanned: int
    ads: int
    advertisers: int
    first: str
    last: str
    weeks: tuple[Part, ...]
    markets: tuple[Part, ...]
    languages: tuple[Part, ...]
    top_advertisers: tuple[Part, ...]
    actions: tuple[Part, ...]
    detectors: tuple[Part, ...]
    impressions: float
    spend: float
    caught: int
    missed: int
    hidden: int
    disguises: tuple[Disguise, ...]
    shown: tuple[FoundAd, ...]
    queries: tuple[Query, ...]
    snapshot: Mapping[str, int]

    def summary(self) -> Message:
        """Say in a sentence what was found."""
        params: dict[str, Value] = {
            "ads": self.ads,
            "scanned": self.scanned,
            "advertisers": self.advertisers,
            "first": self.first,
            "last": self.last,
            "impressions": self.impressions,
        }
        if not self.query:
            return Message("find.listed" if self.ads else "find.none_listed", dict(params))
        return Message("find.summary" if self.ads else "find.none", dict(params))

    def catching(self) -> Message:
        """Say in a sentence how many are caught already."""
        share = self.caught / self.ads if self.ads else 0.0
        return Message(
            "find.caught", {"caught": self.caught, "share": share, "missed": self.missed}
        )

    def hiding(self) -> Message:
        """Say in a sentence how many hide the words."""
        ways = sum(bool(set(each.evasion) - OPEN) for each in self.disguises)
        share = self.hidden / self.ads if self.ads else 0.0
        return Message("find.hidden", {"hidden": self.hidden, "share": share, "ways": ways})

    def record(self) -> dict[str, object]:
        """Give everything as a JSON-ready record, contact details masked."""
        parts = {
            name: [part.record() for part in getattr(self, name)]
            for name in ("weeks", "markets", "languages", "actions", "detectors")
        }
        return {
            "query": self.query,
            "period": None
            if self.period is None
            else {"start": str(self.period.start), "end": str(self.period.end)},
            "scanned": self.scanned,
            "ads": self.ads,
            "advertisers": self.advertisers,
            "first": self.first,
            "last": self.last,
            "impressions": self.impressions,
            "spend": self.spend,
            "caught": self.caught,
            "missed": self.missed,
            "hidden": self.hidden,
            **parts,
            "top_advertisers": [part.record() for part in self.top_advertisers],
            "disguises": [each.record() for each in self.disguises],
            "shown": [ad.record() for ad in self.shown],
            "sentences": [
                each.record() for each in (self.summary(), self.catching(), self.hiding())
            ],
            "snapshot": dict(self.snapshot),
            "queries": [{"title": each.title, "sql": each.sql} for each in self.queries],
        }

    def to_arrow(self) -> pa.Table:
        """Give the ads shown as an Arrow table, one row for each place that matches, at least one."""
        rows = [row for ad in self.shown for row in _rows(ad)]
        whole = {"ad_version", "start", "end"}
        names = (
            "ad_id", "ad_version", "market", "language", "advertiser_id", "action", "impressions",
            "field", "start", "end", "matched", "evasion", "text",
        )  # fmt: skip
        kinds = {name: pa.int64() if name in whole else pa.string() for name in names}
        return pa.Table.from_pylist(
            rows, schema=pa.schema([*{**kinds, "impressions": pa.float64()}.items()])
        )


def _rows(ad: FoundAd) -> list[dict[str, object]]:
    texts = ad.shown()
    told: dict[str, object] = {
        "ad_id": ad.ad_id,
        "ad_version": ad.ad_version,
        "market": ad.market,
        "language": ad.language,
        "advertiser_id": ad.advertiser,
        "action": ad.action,
        "impressions": ad.impressions,
    }
    if not ad.spots:
        return [{**told, "text": "\n".join(filter(None, texts.values()))}]
    return [
        {
            **told,
            "field": spot.field,
            "start": spot.start,
            "end": spot.end,
            "matched": texts[spot.field][spot.start : spot.end],
            "evasion": "+".join(spot.evasion),
            "text": texts[spot.field],
        }
        for spot in ad.spots
    ]
