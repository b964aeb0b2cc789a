"""What a person labels with: what is left, the ad they see, and what they say of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from shroff.domain.labels import Verdict
from shroff.errors import ConfigError
from shroff.models.verdict_rounds import Round
from shroff.store.catalog_verdicts import VerdictStep

__all__ = ["Given", "LabelTask", "Shown", "Span", "checked"]

_MOST_SECONDS = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelTask:
    """What is left of a batch.

    Parameters
    ----------
    round : Round
        The batch.
    asked, given : int
        Ads that can be labelled, and those that are.
    mine, left : int
        Ads that a person labelled, and those left for them.
    seconds : float
        Time they spent.
    unsent : bool
        Whether something was said that is not in the logs yet.
    """

    round: Round
    asked: int
    given: int
    mine: int
    left: int
    seconds: float
    unsent: bool

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {
            "batch": self.round.batch_id,
            "drawn": self.round.at,
            "taken": self.round.taken,
            "golden": self.round.golden,
            "part": self.round.part,
            "asked": self.asked,
            "given": self.given,
            "mine": self.mine,
            "left": self.left,
            "seconds": self.seconds,
            "unsent": self.unsent,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """The ad that a person sees.

    Parameters
    ----------
    batch_id : str
        The batch.
    place : int
        Its row.
    left, asked : int
        Ads left for this person, this one included, and those of the batch.
    content : mapping
        What is seen of it.
    before : VerdictStep or None
        What this person said of it before they took it back.
    """

    batch_id: str
    place: int
    left: int
    asked: int
    content: Mapping[str, str]
    before: VerdictStep | None = None

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record; the ad has no name, so that nothing of it is looked up."""
        before = self.before
        return {
            "batch": self.batch_id,
            "place": self.place,
            "left": self.left,
            "asked": self.asked,
            "content": dict(self.content),
            "before": None
            if before is None
            else {"verdict": before.verdict, **dict(before.detail)},
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Words of an ad that show why.

    Parameters
    ----------
    field : str
        Column of the ad.
    start, end : int
        Characters, the end not included.
    text : str
        The words; taken from the ad.
    """

    field: str
    start: int
    end: int
    text: str = ""

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {"field": self.field, "start": self.start, "end": self.end, "text": self.text}


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What a person says of an ad.

    Parameters
    ----------
    batch_id : str
        The batch.
    place : int
        The ad's row.
    verdict : Verdict
        What it is.
    policies : tuple of str
        Policies it violates.
    severity : int or None
        1 to 5.
    note : str
        Anything else.
    evidence : tuple of Span
        Words that show why.
    seconds : float
        Time spent on it.
    """

    batch_id: str
    place: int
    verdict: Verdict
    policies: tuple[str, ...] = ()
    severity: int | None = None
    note: str = ""
    evidence: tuple[Span, ...] = ()
    seconds: float = 0.0

    def detail(self) -> dict[str, object]:
        """Give what is said beside the verdict."""
        told: dict[str, object] = {
            "policies": list(self.policies),
            "severity": self.severity,
            "note": self.note,
            "evidence": [each.record() for each in self.evidence],
        }
        return {name: value for name, value in told.items() if value}


def checked(said: Given, content: Mapping[str, str]) -> Given:
    """See that what is said can be meant, and take its words from the ad.

    Parameters
    ----------
    said : Given
        What is said.
    content : mapping
        What is seen of the ad.

    Returns
    -------
    Given
        With the words of its evidence.

    Raises
    ------
    ConfigError
        If an ad that is not violating violates a policy, or evidence is nowhere in the ad.
    """
    if said.verdict is not Verdict.VIOLATING and (said.policies or said.severity):
        raise ConfigError(
            f"an ad that is {said.verdict} violates no policy",
            hint="say violating, or leave policies and severity out",
        )
    spans = []
    for each in said.evidence:
        text = content.get(each.field, "")
        if not 0 <= each.start < each.end <= len(text):
            raise ConfigError(
                f"characters {each.start} to {each.end} are not in {each.field}",
                hint="mark the words again",
            )
        spans.append(replace(each, text=text[each.start : each.end]))
    seconds = min(max(said.seconds, 0.0), _MOST_SECONDS)
    return replace(said, evidence=tuple(spans), seconds=seconds)
