"""What a model answered, checked: form, verdict, and whether its quotes are in the ad."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from shroff.domain.messages import Message
from shroff.models.prompt import Prompt

__all__ = ["Confidence", "Evidence", "Invalid", "Judgement", "Verdict", "read_answer"]

_FENCE = re.compile(r"\A\s*```(?:json)?\s*\n(.*?)\n?\s*```\s*\Z", re.DOTALL)
_MOST = 280
_DEEP = 100_000


class Verdict(StrEnum):
    """What a model says of an ad."""

    VIOLATING = "violating"
    COMPLIANT = "compliant"
    UNCLEAR = "unclear"


class Confidence(StrEnum):
    """How sure a model says it is: not calibrated, and never taken for a chance."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class Evidence:
    """A quote, found in the ad.

    Parameters
    ----------
    field : str
        Field of the ad.
    start, end : int
        Where it first stands there, in characters; the end not included.
    quote : str
        The characters.
    """

    field: str
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """An answer that holds.

    Parameters
    ----------
    verdict : Verdict
        What it says.
    policy : str or None
        Policy cited, where violating.
    severity : int or None
        1 to 5, where violating.
    evidence : tuple of Evidence
        Its quotes, each found in the ad; at least one where violating.
    exemption : str or None
        The exemption that it says applies.
    confidence : Confidence
        How sure it says it is.
    reason : str
        At most 280 characters.
    """

    verdict: Verdict
    policy: str | None
    severity: int | None
    evidence: tuple[Evidence, ...]
    exemption: str | None
    confidence: Confidence
    reason: str

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {
            "verdict": str(self.verdict),
            "policy": self.policy,
            "severity": self.severity,
            "evidence": [
                {"field": e.field, "start": e.start, "end": e.end, "quote": e.quote}
                for e in self.evidence
            ],
            "exemption": self.exemption,
            "confidence": str(self.confidence),
            "reason": self.reason,
        }


@dataclass(frozen=True, slots=True)
class Invalid:
    """An answer that cannot be used: never a verdict, least of all *compliant*.

    Parameters
    ----------
    faults : tuple of Message
        What is wrong with it, all of it.
    """

    faults: tuple[Message, ...]

    @property
    def reasons(self) -> tuple[str, ...]:
        """Say what is wrong with it as the model is told, each thing once."""
        return tuple(dict.fromkeys(fault.text() for fault in self.faults))

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {"invalid": list(self.reasons)}


def read_answer(text: str, prompt: Prompt) -> Judgement | Invalid:
    """Read an answer.

    Parameters
    ----------
    text : str
        What the model wrote; a code fence around it is taken off.
    prompt : Prompt
        What it was asked.

    Returns
    -------
    Judgement or Invalid
        Invalid with every reason: no JSON, a key missing, unknown or of a wrong kind, a value
        that was not offered, a verdict at odds with the rest, or a quote that is not in the ad.
    """
    fenced = _FENCE.match(text)
    try:
        told = json.loads(fenced[1] if fenced else text) if len(text) <= _DEEP else None
    except (ValueError, RecursionError):
        return Invalid((Message("policies.answer.no_json"),))
    if not isinstance(told, dict):
        return Invalid((Message("policies.answer.no_object"),))
    faults = (*_form(told, prompt.schema), *_quotes(told, prompt), *_odds(told))
    if faults:
        return Invalid(faults)
    return Judgement(
        verdict=Verdict(told["verdict"]),
        policy=told["policy"],
        severity=told["severity"],
        evidence=tuple(_found(each, prompt.ad) for each in told["evidence"]),
        exemption=told["exemption"],
        confidence=Confidence(told["confidence"]),
        reason=told["reason"],
    )


def _fault(name: str, **told: str | int) -> Message:
    return Message(f"policies.answer.{name}", told)


def _form(told: Mapping[str, object], schema: Mapping[str, object]) -> list[Message]:
    properties = schema["properties"]
    assert isinstance(properties, dict)  # noqa: S101 - we wrote it
    wrong = [_fault("missing", key=repr(key)) for key in properties if key not in told]
    wrong += [_fault("unasked", key=repr(key)) for key in told if key not in properties]
    for key, wanted in properties.items():
        if key in told and "enum" in wanted and not _among(told[key], wanted["enum"]):
            wrong.append(_fault("not_offered", key=repr(key)))
    reason = told.get("reason", "")
    if not isinstance(reason, str):
        wrong.append(_fault("no_text"))
    elif len(reason) > _MOST:
        wrong.append(_fault("long", most=_MOST))
    return wrong


def _among(value: object, choices: list[object]) -> bool:
    """Compare with kinds: True is not 1."""
    return any(type(value) is type(each) and value == each for each in choices)


def _quotes(told: Mapping[str, object], prompt: Prompt) -> list[Message]:
    evidence = told.get("evidence", [])
    if not isinstance(evidence, list):
        return [_fault("no_list")]
    wrong = []
    for at, each in enumerate(evidence, start=1):
        if not isinstance(each, dict) or set(each) != {"field", "quote"}:
            wrong.append(_fault("evidence_form", n=at))
        elif not isinstance(each["quote"], str) or not each["quote"].strip():
            wrong.append(_fault("evidence_bare", n=at))
        elif not isinstance(each["field"], str) or each["field"] not in prompt.ad:
            wrong.append(_fault("evidence_field", n=at))
        elif each["quote"] not in prompt.ad[each["field"]]:
            wrong.append(_fault("evidence_quote", n=at, field=each["field"]))
    return wrong


def _odds(told: Mapping[str, object]) -> list[Message]:
    """Find what contradicts the verdict."""
    violating = told.get("verdict") == "violating"
    given = [key for key in ("policy", "severity") if key in told]
    wrong = [_fault("at_odds", key=repr(key)) for key in given if (told[key] is None) is violating]
    bare = violating and not told.get("evidence")
    return [*wrong, *([_fault("unquoted")] if bare else [])]


def _found(told: Mapping[str, str], ad: Mapping[str, str]) -> Evidence:
    start = ad[told["field"]].index(told["quote"])
    return Evidence(told["field"], start, start + len(told["quote"]), told["quote"])
