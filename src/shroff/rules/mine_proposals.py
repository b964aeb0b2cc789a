"""Rules as they are proposed: what each is, what it is worth, and what was left out."""

from __future__ import annotations

from dataclasses import dataclass

from shroff.domain.messages import Language, Message
from shroff.measure.curve_points import estimate_record
from shroff.rules.masking import masked
from shroff.rules.rule import Pack, Rule
from shroff.stats.estimate import Estimate, Status

__all__ = [
    "GroupMistakes",
    "LeftOut",
    "Mined",
    "Proposal",
    "Refused",
    "TermFigures",
    "Wanted",
    "hidden",
]

_BLUR = "█"
_UNKNOWN = Estimate(
    value=None, low=None, high=None, level=0.95, status=Status.UNKNOWN, method="", n=0
)


def hidden(text: str) -> str:
    """Blur an offensive term: its first character, and a block for each further one."""
    return text[:1] + _BLUR * max(len(text) - 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What rules are wanted.

    Parameters
    ----------
    precision : float
        Least precision of a rule, and of all together, in (0, 1).
    most : int
        Rules at most.
    least : int
        Advertisers, and distinct texts, that a rule must catch.
    slurs : bool
        Whether slurs may be terms.
    policy : str
        Policy that the rules are for.
    level : float
        Coverage of the intervals.
    name : str
        Id of the pack, and with a number of each rule.
    fields : tuple of str
        Fields of ads that the rules read.
    """

    precision: float = 0.9
    most: int = 30
    least: int = 3
    slurs: bool = False
    policy: str = ""
    level: float = 0.95
    name: str = "mined"
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TermFigures:
    """One term of a list.

    Parameters
    ----------
    said : str
        The term, or its expression; blurred if a slur.
    caught, mistaken : int
        Ads checked that hold it and violate, and that hold it and do not.
    precision : Estimate
        Share of the ads that hold it which violate.
    """

    said: str
    caught: int
    mistaken: int
    precision: Estimate

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {
            "says": self.said,
            "caught": self.caught,
            "mistaken": self.mistaken,
            "precision": estimate_record(self.precision),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A rule that is proposed.

    Parameters
    ----------
    rule : Rule
        The rule, with tests.
    kind : str
        ``term``, ``regex``, ``all``, ``near``, ``list`` or ``count``.
    said : str
        What it looks for, in a line; blurred where it is offensive.
    precision : Estimate
        On ads it was not found on.
    later : Estimate or None
        Of those, on ads that came after all it was found on.
    proved : bool
        Whether its precision is above the bar with all proposals taken into account.
    caught, new, mistaken : int
        Ads that violate and that it catches, of the ads checked; those no rule before it, nor a
        live one, catches; ads it catches that do not violate.
    advertisers, texts : int
        Advertisers and distinct texts it catches, of the ads it was found on.
    without_one : float
        Its worst precision there if the ads of one advertiser are left out.
    examples : tuple of str
        Ads that it catches.
    terms : tuple of TermFigures
        Of a list, what each term is worth by itself; those that catch most first.
    """

    rule: Rule
    said: str
    advertisers: int
    texts: int
    without_one: float
    kind: str = ""
    precision: Estimate = _UNKNOWN
    later: Estimate | None = None
    proved: bool = False
    caught: int = 0
    new: int = 0
    mistaken: int = 0
    examples: tuple[str, ...] = ()
    terms: tuple[TermFigures, ...] = ()

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {
            "id": self.rule.id,
            "kind": self.kind,
            "says": self.said,
            "precision": estimate_record(self.precision),
            "later": None if self.later is None else estimate_record(self.later),
            "proved": self.proved,
            "caught": self.caught,
            "new": self.new,
            "mistaken": self.mistaken,
            "advertisers": self.advertisers,
            "texts": self.texts,
            "without_one": self.without_one,
            "offensive": self.rule.offensive,
            "terms": [each.record() for each in self.terms],
            "examples": [] if self.rule.offensive else [masked(text) for text in self.examples],
        }


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A phrase that told violations apart and is not proposed, being a word for who people are.

    Parameters
    ----------
    text : str
        The phrase; blurred if a slur.
    kind : str
        ``religion``, ``person``, ``slur``, ...
    ads : int
        Ads that violate and hold it, of those rules were found on.
    """

    text: str
    kind: str
    ads: int


@dataclass(frozen=True, slots=True)
class Refused:
    """A rule that was found and is not proposed.

    Parameters
    ----------
    said : str
        What it looked for.
    reason : str
        ``one_advertiser``, ``imprecise`` or ``adds_nothing``.
    """

    said: str
    reason: str


@dataclass(frozen=True, slots=True)
class GroupMistakes:
    """How often ads that do not violate are caught where they hold words for some people.

    Parameters
    ----------
    kind : str
        Kind of people.
    ads, mistaken : int
        Such ads among those checked, and those of them that are caught.
    share : Estimate
        Their share.
    """

    kind: str
    ads: int
    mistaken: int
    share: Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class Mined:
    """What mining gives.

    Parameters
    ----------
    pack : Pack
        The proposed rules as a pack.
    proposals : tuple of Proposal
        In the order of what they add.
    together, recall, beyond : Estimate
        Precision of all of them; share of what violates that they catch; share that they catch
        and no live rule does.
    bar : float
        Precision that was wanted.
    found_on, checked_on, left_out_ads : int
        Ads that rules were found on, ads they were checked on, ads in neither part.
    phrases, ideas : int
        Phrases and rules that were looked at.
    left_out : tuple of LeftOut
        Words for who people are.
    refused : tuple of Refused
        Rules that did not stand.
    groups : tuple of GroupMistakes
        Mistakes where ads name people.
    design : str
        How labels were drawn.
    violating : int
        Labelled ads that violate.
    """

    pack: Pack
    proposals: tuple[Proposal, ...]
    together: Estimate
    recall: Estimate
    beyond: Estimate
    bar: float
    found_on: int
    checked_on: int
    left_out_ads: int
    phrases: int = 0
    ideas: int = 0
    left_out: tuple[LeftOut, ...] = ()
    refused: tuple[Refused, ...] = ()
    groups: tuple[GroupMistakes, ...] = ()
    design: str = ""
    violating: int = 0

    def summary(self) -> Message:
        """Say in a sentence what was found."""
        if not self.proposals:
            ads = self.found_on + self.checked_on + self.left_out_ads
            lost: dict[str, str | int | float | None] = {"ads": ads, "violating": self.violating}
            return Message("mine.none", {**lost, "ideas": self.ideas, "bar": self.bar})
        told: dict[str, str | int | float | None] = {
            "rules": len(self.proposals),
            "recall": _told(self.recall),
            "together": _told(self.together),
            "checked": self.checked_on,
        }
        return Message("mine.summary", told)

    def notes(self) -> tuple[Message, ...]:
        """Say how figures were come by, and what is missing."""
        proved = sum(proposal.proved for proposal in self.proposals)
        notes = [
            Message("mine.split", {"found": self.found_on, "checked": self.checked_on}),
            Message(
                "mine.multiplicity",
                {
                    "rules": len(self.proposals),
                    "ideas": self.ideas,
                    "proved": proved,
                    "bar": self.bar,
                },
            ),
        ]
        if self.left_out:
            notes.append(Message("mine.left_out", {"terms": len(self.left_out)}))
        if self.refused:
            notes.append(Message("mine.refused", {"rules": len(self.refused)}))
        return tuple(notes)

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {
            "bar": self.bar,
            "proposals": [proposal.record() for proposal in self.proposals],
            "precision": estimate_record(self.together),
            "recall": estimate_record(self.recall),
            "beyond_live": estimate_record(self.beyond),
            "ads": {
                "found_on": self.found_on,
                "checked_on": self.checked_on,
                "neither": self.left_out_ads,
                "violating": self.violating,
            },
            "looked_at": {"phrases": self.phrases, "rules": self.ideas},
            "left_out": [
                {"text": each.text, "kind": each.kind, "ads": each.ads} for each in self.left_out
            ],
            "refused": [{"says": each.said, "reason": each.reason} for each in self.refused],
            "mistakes_by_group": [
                {"kind": each.kind, "ads": each.ads, "mistaken": each.mistaken}
                | {"share": estimate_record(each.share)}
                for each in self.groups
            ],
            "design": self.design,
            "notes": [note.text(Language.EN) for note in self.notes()],
        }


def _told(estimate: Estimate) -> str:
    if estimate.value is None or estimate.low is None or estimate.high is None:
        return "?"
    return f"{estimate.value:.1%} [{estimate.low:.1%}, {estimate.high:.1%}]"
