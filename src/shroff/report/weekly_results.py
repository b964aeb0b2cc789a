"""Everything a weekly report is made of: measured figures, goals, changes, findings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from shroff.domain.messages import Language, Message, say
from shroff.domain.metric_catalogue import CATALOGUE, HEADLINE
from shroff.domain.metrics import Metric
from shroff.domain.phrasebook import PHRASEBOOK
from shroff.domain.slices import Period, Slice
from shroff.report.abridging import Value
from shroff.report.compared import Compared
from shroff.report.document import Event, Section, Tone
from shroff.report.wording import Bilingual, Plain, Sayable
from shroff.stats.estimate import Estimate

__all__ = ["AuditNeed", "HealthNote", "Measured", "Named", "Target", "WeekPoint", "WeeklyResults"]


@dataclass(frozen=True, slots=True)
class Target:
    """What a metric should reach: one of the two.

    Parameters
    ----------
    at_most, at_least : float or None
        The bar, in the metric's unit.
    """

    at_most: float | None = None
    at_least: float | None = None

    @property
    def bar(self) -> float | None:
        """Give the bar, whichever side it is on."""
        return self.at_least if self.at_most is None else self.at_most


@dataclass(frozen=True, slots=True)
class Measured:
    """One metric of one slice in the period."""

    metric: str
    slice: Slice
    estimate: Estimate


@dataclass(frozen=True, slots=True)
class WeekPoint:
    """One metric in one week.

    Parameters
    ----------
    at : date
        First day of the week.
    estimate : Estimate
        The figure.
    complete : bool
        False while logs or labels of that week are still coming in.
    """

    at: date
    estimate: Estimate
    complete: bool = True


@dataclass(frozen=True, slots=True)
class HealthNote:
    """One finding on the logs.

    Parameters
    ----------
    tone : Tone
        How bad it is.
    finding : Sayable
        What was found.
    effect : Sayable
        What it does to the figures.
    """

    tone: Tone
    finding: Sayable
    effect: Sayable


@dataclass(frozen=True, slots=True)
class AuditNeed:
    """Labels that would answer something.

    Parameters
    ----------
    what : Sayable
        What to label, and how to draw it.
    labels : int
        How many.
    answers : Sayable
        What would then be known, and how well.
    """

    what: Sayable
    labels: int
    answers: Sayable


@dataclass(frozen=True, slots=True, kw_only=True)
class WeeklyResults:
    """What was measured for a report.

    Parameters
    ----------
    workspace : str
        Name shown in the title.
    period, before : Period
        The days reported and those compared with.
    now, past, change : mapping
        Figure of each metric over everything: in the period, before, and their difference.
    parts : tuple of Measured
        Figures of slices in the period.
    weeks : mapping
        For each metric its weeks, in order of time.
    targets : mapping
        Goals by metric.
    metrics : mapping
        The catalogue with the user's own metrics.
    policies : mapping
        Names of policies by id.
    events : tuple of Event
        Entries of the change log.
    health : tuple of HealthNote
        Findings on the logs, worst first.
    needs : tuple of AuditNeed
        The smallest audit that would answer what is unknown.
    queries : mapping
        SQL that gave the figures, by what it counts.
    facts : tuple of (Sayable, Sayable)
        Where the report comes from: snapshot, designs, settings.
    further : tuple of Section
        What further analyses add, in order.
    lead : tuple of str
        Metrics it leads with, most important first.
    as_of : datetime
        When the logs end.
    compared : Compared
        What ``past`` is: the period before, the same weeks of last year, other ads.
    """

    workspace: str
    period: Period
    before: Period
    as_of: datetime
    now: Mapping[str, Estimate]
    past: Mapping[str, Estimate] = field(default_factory=dict[str, Estimate])
    change: Mapping[str, Estimate] = field(default_factory=dict[str, Estimate])
    parts: tuple[Measured, ...] = ()
    weeks: Mapping[str, tuple[WeekPoint, ...]] = field(
        default_factory=dict[str, tuple[WeekPoint, ...]]
    )
    targets: Mapping[str, Target] = field(default_factory=dict[str, Target])
    metrics: Mapping[str, Metric] = field(default_factory=lambda: CATALOGUE)
    policies: Mapping[str, Bilingual] = field(default_factory=dict[str, Bilingual])
    events: tuple[Event, ...] = ()
    health: tuple[HealthNote, ...] = ()
    needs: tuple[AuditNeed, ...] = ()
    queries: Mapping[str, str] = field(default_factory=dict[str, str])
    facts: tuple[tuple[Sayable, Sayable], ...] = ()
    further: tuple[Section, ...] = ()
    lead: tuple[str, ...] = HEADLINE
    compared: Compared = field(default_factory=Compared)

    def name(self, metric: str) -> Sayable:
        """Name a metric in both languages."""
        record = self.metrics.get(metric)
        return Bilingual(record.name_en, record.name_zh) if record else Plain(metric)

    def of(self, metric: str, dimensions: tuple[str, ...]) -> tuple[Measured, ...]:
        """List a metric's figures over one slicing."""
        return tuple(
            part
            for part in self.parts
            if part.metric == metric and part.slice.dimensions == dimensions
        )

    def label(self, part: Slice) -> Sayable:
        """Name a slice: dimension and value, policies by their names."""
        return Named(part, self.policies)

    def value(self, dimension: str, value: str | None) -> Sayable:
        """Name one value of a dimension."""
        return _value(dimension, value, self.policies)


def _value(dimension: str, value: str | None, policies: Mapping[str, Bilingual]) -> Sayable:
    if value is None:
        return Bilingual(*PHRASEBOOK["report.slice.none"])
    if dimension == "action" and f"action.{value}" in PHRASEBOOK:
        return Message(f"action.{value}")
    if dimension in {"policy", "policy_id"} and value in policies:
        return Value(policies[value])
    return Value(Plain(value))


@dataclass(frozen=True, slots=True)
class Named:
    """A slice in words, such as ``Market US × Language en``.

    Parameters
    ----------
    slice : Slice
        Which ads.
    policies : mapping
        Names of policies by id.
    """

    slice: Slice
    policies: Mapping[str, Bilingual] = field(default_factory=dict[str, Bilingual])

    def text(self, language: Language = Language.EN) -> str:
        """Say it, long values shortened."""
        return self._joined(
            [_value(*term, self.policies).text(language) for term in self.slice.terms], language
        )

    def whole(self, language: Language = Language.EN) -> str:
        """Say all of it."""
        values = [_value(*term, self.policies) for term in self.slice.terms]
        said = [v.whole(language) if isinstance(v, Value) else v.text(language) for v in values]
        return self._joined(said, language)

    def _joined(self, values: Sequence[str], language: Language) -> str:
        return " × ".join(
            say(
                "report.slice.term",
                language,
                {
                    "dimension": _dimension(dimension, language),
                    "value": value,
                },
            )
            for (dimension, _), value in zip(self.slice.terms, values, strict=True)
        )


def _dimension(name: str, language: Language) -> str:
    key = f"report.dimension.{name}"
    return say(key, language) if key in PHRASEBOOK else name
