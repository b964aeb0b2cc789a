"""What could be changed: thresholds, rules, model versions, routing, staffing, as one object."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from math import inf, isfinite

from shroff.advise.cascade_answers import answer_place
from shroff.errors import ConfigError

__all__ = [
    "DAYS",
    "CascadeChange",
    "PackChange",
    "Proposal",
    "Route",
    "Shift",
    "Staffing",
    "ThresholdChange",
    "hour_of",
    "terms_of",
]

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
"""Days of a week as proposals name them."""

_TIME = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)")
_DAY_HOURS = 24
_ID_LETTERS = 12

Terms = tuple[tuple[str, str], ...]


def terms_of(where: Mapping[str, str]) -> Terms:
    """Put the columns of a slice in order, so that equal slices are equal."""
    return tuple(sorted((str(name), str(value)) for name, value in where.items()))


@dataclass(frozen=True, slots=True, kw_only=True)
class ThresholdChange:
    """From which score ads are reviewed, and from which they are rejected.

    Parameters
    ----------
    model : str
        Model whose score decides.
    version : str
        Version of the model that the lines were drawn for: its scores are replayed, in shadow or
        not. When empty, the version that the proposal makes live, or the one that was live.
    policy : str or None
        Policy of the score; None for one score over all.
    where : tuple of (str, str)
        Columns of ads and their values, in the order of `terms_of`; empty for all ads. Of
        several changes that fit an ad, the first decides.
    review_from, reject_from : float
        Scores from which ads are reviewed and rejected; infinite for never.
    """

    model: str
    version: str = ""
    policy: str | None = None
    where: Terms = ()
    review_from: float = inf
    reject_from: float = inf

    def __post_init__(self) -> None:
        """Refuse lines that cannot be drawn."""
        for name in ("review_from", "reject_from"):
            if not getattr(self, name) >= 0:
                raise ConfigError(
                    f"{name} is {getattr(self, name)}", hint="a score from 0 on; null for never"
                )
        if self.review_from > self.reject_from:
            raise ConfigError(
                f"review_from {self.review_from:g} is above reject_from {self.reject_from:g}",
                hint="ads are reviewed from review_from up to reject_from; the same: no review",
            )

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {
            "model": self.model,
            **({"version": self.version} if self.version else {}),
            "policy": self.policy,
            "where": dict(self.where),
            "review_from": self.review_from if isfinite(self.review_from) else None,
            "reject_from": self.reject_from if isfinite(self.reject_from) else None,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class CascadeChange:
    """Which ads an LLM gets after a score, and what is done with its answers.

    Parameters
    ----------
    model, version, policy, where
        As for `ThresholdChange`.
    llm, llm_version : str
        The LLM; empty where people get the middle.
    ask_from, reject_from : float
        Scores from which ads go to the LLM, and from which they are rejected; infinite for never.
    people_from, llm_reject_from : float
        Scores of the LLM from which people review, and from which ads are rejected: 0, 0.1, 0.3,
        0.5, 0.7, 0.9 or infinite. What is no verdict goes to people.
    fallback : str
        What is done where there is no answer, or the LLM is off: ``review`` or ``approve``.
    """

    model: str
    ask_from: float
    reject_from: float
    version: str = ""
    policy: str | None = None
    llm: str = ""
    llm_version: str = ""
    where: Terms = ()
    people_from: float = 0.0
    llm_reject_from: float = inf
    fallback: str = "review"

    def __post_init__(self) -> None:
        """Refuse a cascade that cannot be run."""
        if not 0 <= self.ask_from <= self.reject_from:
            raise ConfigError(
                f"ask_from {self.ask_from:g} and reject_from {self.reject_from:g}",
                hint="0 <= ask_from <= reject_from; null for never",
            )
        for name in ("people_from", "llm_reject_from"):
            if answer_place(getattr(self, name)) < 0:
                raise ConfigError(
                    f"{name} is {getattr(self, name):g}",
                    hint="0, 0.1, 0.3, 0.5, 0.7, 0.9; null for never",
                )
        if self.people_from > self.llm_reject_from:
            raise ConfigError("people_from is above llm_reject_from", hint="the same: no review")
        if self.fallback not in {"review", "approve"}:
            raise ConfigError(f"fallback is {self.fallback!r}", hint="review or approve")

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        told: dict[str, object] = {
            "model": self.model,
            **({"version": self.version} if self.version else {}),
            "policy": self.policy,
            "llm": self.llm or None,
            "llm_version": self.llm_version or None,
            "where": dict(self.where),
            "fallback": self.fallback,
        }
        for name in ("ask_from", "reject_from", "people_from", "llm_reject_from"):
            value = getattr(self, name)
            told[name] = value if isfinite(value) else None
        return told


@dataclass(frozen=True, slots=True, kw_only=True)
class PackChange:
    """A rule pack that becomes live.

    Parameters
    ----------
    path : str
        Its file.
    replaces : str
        File of the pack that it stands in for; empty for none.
    """

    path: str
    replaces: str = ""

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {"path": self.path, "replaces": self.replaces or None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """Where ads that are queued in go.

    Parameters
    ----------
    where : tuple of (str, str)
        Columns of ads and their values; of several routes that fit an ad, the first decides.
    queue : str
        The queue.
    """

    where: Terms
    queue: str

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {"where": dict(self.where), "queue": self.queue}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """When how many reviewers are on duty, every week.

    Parameters
    ----------
    days : tuple of str
        Days of `DAYS` on which it begins.
    start, end : float
        Hours UTC, 0 to 24, to the minute; a shift that ends before it begins goes on after midnight.
    reviewers : float
        Reviewers on duty; half a reviewer is one for half of the time.
    """

    days: tuple[str, ...]
    start: float
    end: float
    reviewers: float

    def __post_init__(self) -> None:
        """Refuse days and hours that are none."""
        for day in self.days:
            if day not in DAYS:
                raise ConfigError(f"there is no day {day!r}", hint="days: " + ", ".join(DAYS))
        if not self.days:
            raise ConfigError("a shift without days", hint="days: " + ", ".join(DAYS))
        if not (0 <= self.start < _DAY_HOURS and 0 <= self.end <= _DAY_HOURS):
            raise ConfigError("a shift begins or ends at no hour of the day", hint='"09:00"')
        if self.start == self.end:
            raise ConfigError("a shift of no length", hint='"00:00" to "24:00" is a whole day')
        if not (self.reviewers >= 0 and isfinite(self.reviewers)):
            raise ConfigError(f"{self.reviewers} reviewers", hint="0 or more")

    @property
    def hours(self) -> float:
        """Length in hours."""
        return (self.end - self.start) % _DAY_HOURS or float(_DAY_HOURS)

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {
            "days": list(self.days),
            "from": _clock(self.start),
            "to": _clock(self.end),
            "reviewers": self.reviewers,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Staffing:
    """Who works a queue; what the log says of other queues stays.

    Parameters
    ----------
    queue : str
        The queue.
    shifts : tuple of Shift
        Its week.
    """

    queue: str
    shifts: tuple[Shift, ...]

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {"queue": self.queue, "shifts": [shift.record() for shift in self.shifts]}


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What could be changed, as one strategy.

    Parameters
    ----------
    thresholds : tuple of ThresholdChange
        Lines; ads that rules decided stay with the rules.
    cascades : tuple of CascadeChange
        Lines with an LLM between them; they come before `thresholds`.
    packs : tuple of PackChange
        Rules.
    versions : tuple of (str, str)
        Models and the version that becomes live, in the order of `terms_of`.
    routing : tuple of Route
        Queues.
    staffing : tuple of Staffing
        Shifts.
    name, note : str
        What people call it and say of it; not part of what it does.

    Notes
    -----
    Two proposals that do the same have the same `id`, whoever made them.
    """

    thresholds: tuple[ThresholdChange, ...] = ()
    packs: tuple[PackChange, ...] = ()
    versions: Terms = ()
    routing: tuple[Route, ...] = ()
    staffing: tuple[Staffing, ...] = ()
    cascades: tuple[CascadeChange, ...] = ()
    name: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        """Refuse a proposal of nothing."""
        if not self.parts:
            raise ConfigError(
                "the proposal changes nothing",
                hint="give thresholds, cascades, packs, versions, routing or staffing",
            )
        queues = [each.queue for each in self.staffing]
        twice = sorted({queue for queue in queues if queues.count(queue) > 1})
        if twice:
            raise ConfigError(
                f"queue {twice[0]} is staffed twice", hint="put its shifts into one list"
            )

    @property
    def parts(self) -> tuple[str, ...]:
        """Name the kinds of change that it makes."""
        names = ("thresholds", "packs", "versions", "routing", "staffing", "cascades")
        return tuple(name for name in names if getattr(self, name))

    @property
    def lines(self) -> tuple[CascadeChange | ThresholdChange, ...]:
        """List everything that draws lines on a score; of several that fit an ad the first decides."""
        return (*self.cascades, *self.thresholds)

    @property
    def kind(self) -> str:
        """Name its kind of change; ``mixed`` for several."""
        return self.parts[0] if len(self.parts) == 1 else "mixed"

    @property
    def id(self) -> str:
        """Name it by what it does."""
        told = {name: value for name, value in self.record().items() if name in self.parts}
        text = json.dumps(told, sort_keys=True, ensure_ascii=True)
        return "p" + sha256(text.encode()).hexdigest()[:_ID_LETTERS]

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record, which `proposal_file` reads back."""
        told: dict[str, object] = {"kind": self.kind}
        told |= {name: getattr(self, name) for name in ("name", "note") if getattr(self, name)}
        for name in self.parts:
            value = getattr(self, name)
            told[name] = dict(value) if name == "versions" else [each.record() for each in value]
        return told

    def to_json(self) -> str:
        """Write it as the text of a file."""
        return json.dumps(self.record(), ensure_ascii=False, indent=2) + "\n"


def _clock(hour: float) -> str:
    minutes = round(hour * 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def hour_of(text: str) -> float:
    """Read an hour of the day, as 09:30.

    Parameters
    ----------
    text : str
        Hour and minute.

    Returns
    -------
    float
        Hours since midnight, 0 to 24.

    Raises
    ------
    ConfigError
        If it is none.
    """
    found = _TIME.fullmatch(text)
    hours = (60 * int(found[1]) + int(found[2])) / 60 if found else inf
    if hours > _DAY_HOURS:
        raise ConfigError(f"{text!r} is no time of the day", hint='write it as "09:30"')
    return hours
