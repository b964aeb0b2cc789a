"""New terms as values and as sentences: what rose, where it was first seen, and how sure that is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pyarrow as pa

from shroff.domain.messages import Message
from shroff.domain.slices import Period
from shroff.errors import ConfigError
from shroff.measure.families import Query
from shroff.stats.estimate import Estimate
from shroff.store.catalog_findings import Finding, finding_id
from shroff.watch.term_ads import Against, Among, TermAds
from shroff.watch.term_variants import Likeness

__all__ = ["NewTerm", "NewTerms", "TermExample", "TermQuestion", "told_growth"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TermQuestion:
    """What new terms are wanted.

    Parameters
    ----------
    among : Among
        Kind of ads.
    against : Against
        Background.
    least : int
        Ads that a term must be in, at least 3.
    advertisers : int
        Advertisers that must use it, at least 1.
    most : int
        Terms listed at most.
    false_share : float
        Share of false ones among the terms found that is allowed, on average, in (0, 1).
    known : tuple of str
        Terms that are known: variants are told from these.
    equal : tuple of str
        Columns of ads whose mix is held equal.
    level : float
        Coverage of the intervals, in (0, 1).
    """

    among: Among = Among.VIOLATING
    against: Against = Against.EARLIER
    least: int = 5
    advertisers: int = 3
    most: int = 30
    false_share: float = 0.05
    known: tuple[str, ...] = ()
    equal: tuple[str, ...] = ("language",)
    level: float = 0.95

    def __post_init__(self) -> None:
        if not 0 < self.false_share < 1:
            raise ConfigError(
                f"the share {self.false_share} is not between 0 and 1",
                where="--false-share",
                hint="0.05 lets one in twenty of the terms found be false, on average",
            )
        if not 0 < self.level < 1:
            raise ConfigError(f"the level {self.level} is not between 0 and 1", where="--level")
        if self.least < _FEWEST or self.advertisers < 1 or self.most < 1:
            raise ConfigError(
                f"a term is in at least {_FEWEST} ads, of one advertiser, and one is listed",
                where="--least",
            )


_FEWEST = 3
_MOST_TOLD = 999


@dataclass(frozen=True, slots=True)
class TermExample:
    """An ad with a term.

    Parameters
    ----------
    ad_id : str
        The ad.
    text : str
        What stands around the term, on one line.
    """

    ad_id: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTerm:
    """A term that rose.

    Parameters
    ----------
    text : str
        As it is written most often, folded to its plain form.
    spellings : tuple of (str, int)
        How it is written in ads, most often first, and in how many of the ads looked at.
    ads : tuple of int
        Ads of the kind with it in the period; before; and other ads of the period.
    of : tuple of int
        Ads of these groups in all.
    growth : Estimate
        How many times as frequent it is among the ads of the kind, within what is held equal; no
        value where the background has none.
    adjusted : float
        P-value, adjusted for all terms looked at.
    advertisers : int
        Advertisers who use it, in ads of the kind, in the period.
    top_share : float
        Share of these ads that are of one advertiser.
    first_seen : date
        First day of an ad with it, among all ads read.
    policies : tuple of (str, int)
        Policies of these ads, most often first.
    variant_of : str
        Known term, or more frequent new one, that it is a variant of; empty for none.
    likeness : Likeness or None
        How.
    together : tuple of str
        Other terms found that stand in the same ads.
    examples : tuple of TermExample
        Ads with it, of different advertisers.
    rows : tuple of int
        Rows of the ads of the kind with it in the period.
    """

    text: str
    spellings: tuple[tuple[str, int], ...]
    ads: tuple[int, int, int]
    of: tuple[int, int, int]
    growth: Estimate
    adjusted: float
    advertisers: int
    top_share: float
    first_seen: date
    policies: tuple[tuple[str, int], ...]
    variant_of: str
    likeness: Likeness | None
    together: tuple[str, ...]
    examples: tuple[TermExample, ...]
    rows: tuple[int, ...] = ()

    @property
    def policy(self) -> str:
        """Name the policy of most of its ads; empty where none is named."""
        return self.policies[0][0] if self.policies else ""

    def sentence(self) -> Message:
        """Say it in a sentence."""
        return Message(
            "terms.rose" if self.growth.value is not None else "terms.new",
            {
                "term": self.text,
                "here": self.ads[0],
                "of": self.of[0],
                "before": self.growth.n - self.ads[0],
                "growth": told_growth(self.growth),
                "low": "–" if self.growth.low is None else f"{self.growth.low:.1f}",
                "advertisers": self.advertisers,
                "first": str(self.first_seen),
                "policy": self.policy or "–",
            },
        )

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        names = ("here", "before", "others")
        return {
            "term": self.text,
            "spellings": [{"text": text, "ads": ads} for text, ads in self.spellings],
            "ads": dict(zip(names, self.ads, strict=True)),
            "of": dict(zip(names, self.of, strict=True)),
            "growth": {
                "value": self.growth.value,
                "low": self.growth.low,
                "high": self.growth.high,
                "level": self.growth.level,
                "n": self.growth.n,
                "design_effect": self.growth.design_effect,
            },
            "adjusted_p": self.adjusted,
            "advertisers": self.advertisers,
            "top_advertiser_share": self.top_share,
            "first_seen": str(self.first_seen),
            "policies": [{"policy": name, "ads": ads} for name, ads in self.policies],
            "variant_of": self.variant_of,
            "likeness": None if self.likeness is None else self.likeness.value,
            "together": list(self.together),
            "examples": [{"ad_id": each.ad_id, "text": each.text} for each in self.examples],
            "sentence": self.sentence().record(),
        }


def told_growth(growth: Estimate) -> str:
    """Write a growth with its interval, the same in every language."""
    if growth.low is None:
        return "–"
    if growth.value is None or growth.high is None:
        return f"≥ {growth.low:.1f}×"
    high = f"{growth.high:.1f}" if growth.high < _MOST_TOLD else f">{_MOST_TOLD}"
    return f"{growth.value:.1f}× ({growth.low:.1f}–{high})"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTerms:
    """What a search for new terms found.

    Parameters
    ----------
    period, background : Period
        Days compared.
    question : TermQuestion
        What was asked.
    ads : tuple of int
        Ads of the kind in the period; before; and other ads of the period.
    owners_known : bool
        Whether advertisers were logged.
    looked_at : int
        Words and pieces of phrases in enough ads.
    found : int
        Phrases put together from those that rose.
    terms : tuple of NewTerm
        These phrases, those of the same ads as one, the largest sure growth first.
    unlisted : int
        Terms found that are not listed.
    notes : tuple of Message
        What to know of them.
    queries : tuple of Query
        The SQL that was run.
    snapshot : mapping
        Version of the lake each table was read at.
    read : TermAds or None
        The ads, for whoever asks what rules make of them.
    """

    period: Period
    background: Period
    question: TermQuestion
    ads: tuple[int, int, int]
    owners_known: bool
    looked_at: int
    found: int
    terms: tuple[NewTerm, ...]
    unlisted: int
    notes: tuple[Message, ...] = ()
    queries: tuple[Query, ...] = ()
    snapshot: Mapping[str, int]
    read: TermAds | None = None

    def summary(self) -> Message:
        """Say in a sentence what was searched and found."""
        return Message(
            "terms.summary" if self.terms else "terms.none",
            {
                "kind": _both(f"terms.among.{self.question.among}"),
                "against": _both(f"terms.against.{self.question.against}"),
                "here": self.ads[0],
                "before": self.ads[1],
                "others": self.ads[2],
                "looked_at": self.looked_at,
                "found": self.found,
                "listed": len(self.terms),
            },
        )

    def rule(self) -> Message:
        """Say how false findings are held down, and what intervals hold for."""
        return Message(
            "terms.rule",
            {
                "false_share": f"{100 * self.question.false_share:g}%",
                "level": f"{100 * self.question.level:g}%",
                "least": self.question.least,
                "advertisers": self.question.advertisers,
            },
        )

    def findings(self) -> tuple[Finding, ...]:
        """Give the terms as findings of the catalog; a term is the same one wherever it is found."""
        return tuple(
            Finding(
                id=finding_id("new_term", f"{self.question.among}:{each.text}"),
                kind="new_term",
                subject=each.text,
                detail={"among": self.question.among.value, **each.record()},
            )
            for each in self.terms
        )

    def record(self) -> dict[str, object]:
        """Give everything as a JSON-ready record."""
        names = ("here", "before", "others")
        return {
            "period": _days(self.period),
            "background": _days(self.background),
            "of": self.question.among.value,
            "against": self.question.against.value,
            "held_equal": list(self.question.equal),
            "ads": dict(zip(names, self.ads, strict=True)),
            "advertisers_known": self.owners_known,
            "least_ads": self.question.least,
            "least_advertisers": self.question.advertisers,
            "false_share": self.question.false_share,
            "looked_at": self.looked_at,
            "found": self.found,
            "unlisted": self.unlisted,
            "terms": [each.record() for each in self.terms],
            "notes": [note.record() for note in self.notes],
            "snapshot": dict(self.snapshot),
            "queries": [{"title": each.title, "sql": each.sql} for each in self.queries],
        }

    def to_arrow(self) -> pa.Table:
        """Give the terms as an Arrow table, one row each."""
        return pa.Table.from_pylist([_row(each) for each in self.terms], schema=_SCHEMA)


def _both(key: str) -> str:
    """Name something in both languages, as a slot ``{x:named}`` reads it."""
    message = Message(key).record()
    return f"{message['en']}|{message['zh']}"


def _days(period: Period) -> dict[str, str]:
    return {"start": str(period.start), "end": str(period.end)}


_SCHEMA = pa.schema(
    [
        ("term", pa.string()),
        ("variant_of", pa.string()),
        ("likeness", pa.string()),
        ("ads", pa.int64()),
        ("ads_before", pa.int64()),
        ("ads_others", pa.int64()),
        ("growth", pa.float64()),
        ("growth_low", pa.float64()),
        ("growth_high", pa.float64()),
        ("adjusted_p", pa.float64()),
        ("advertisers", pa.int64()),
        ("top_advertiser_share", pa.float64()),
        ("first_seen", pa.date32()),
        ("policy", pa.string()),
        ("together", pa.string()),
        ("example_ad", pa.string()),
        ("example", pa.string()),
    ]
)


def _row(each: NewTerm) -> dict[str, object]:
    example = each.examples[0] if each.examples else TermExample("", "")
    return {
        "term": each.text,
        "variant_of": each.variant_of,
        "likeness": None if each.likeness is None else each.likeness.value,
        "ads": each.ads[0],
        "ads_before": each.ads[1],
        "ads_others": each.ads[2],
        "growth": each.growth.value,
        "growth_low": each.growth.low,
        "growth_high": each.growth.high,
        "adjusted_p": each.adjusted,
        "advertisers": each.advertisers,
        "top_advertiser_share": each.top_share,
        "first_seen": each.first_seen,
        "policy": each.policy,
        "together": ", ".join(each.together),
        "example_ad": example.ad_id,
        "example": example.text,
    }
