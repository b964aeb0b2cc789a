"""What came of a change, beside what was forecast, in words and figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa

from shroff.advise.outcome_question import OutcomeQuestion, signed
from shroff.domain.messages import Message
from shroff.domain.metrics import Metric
from shroff.domain.slices import Period
from shroff.measure.families import Query
from shroff.stats.forecast_record import Scored
from shroff.stats.placebo import Placebo
from shroff.store.catalog_findings import finding_id
from shroff.watch.logged_changes import LoggedChange

__all__ = ["Came", "Outcome", "Point"]

Ends = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Point:
    """One day or week: what was, and what would have been expected of it."""

    day: date
    value: float | None
    expected: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """What was observed.

    Parameters
    ----------
    method : str
        ``two sides``, ``difference in differences``, ``synthetic control`` or ``interrupted
        series``.
    effect : (float, float, float)
        Change in the metric's unit, with the ends of its interval.
    relative : (float, float, float) or None
        The same as a share of what would have been.
    p : float
        How surprising it would be if nothing had changed.
    value, expected : float
        The metric with the change, and what it would have been.
    n_before, n_after : int
        Labels (or ads) it rests on: before and after, or without and with the change.
    placebos : tuple of Placebo
        What the method finds where nothing was changed.
    notes : tuple of Message
        What to know of it.
    points : tuple of Point
        The series, where there is one.
    """

    method: str
    effect: Ends
    relative: Ends | None
    p: float
    value: float
    expected: float
    n_before: int
    n_after: int
    placebos: tuple[Placebo, ...] = ()
    notes: tuple[Message, ...] = ()
    points: tuple[Point, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Did it work?

    Parameters
    ----------
    question : OutcomeQuestion
        What was asked.
    metric : Metric
        The metric.
    period : Period
        Days looked at.
    came : Came
        What was observed.
    rivals : tuple of LoggedChange
        What else the log of changes has of these days.
    queries : tuple of Query
        The SQL that was run.
    """

    question: OutcomeQuestion
    metric: Metric
    period: Period
    came: Came
    rivals: tuple[LoggedChange, ...] = ()
    queries: tuple[Query, ...] = ()

    @property
    def id(self) -> str:
        """Name it; the same question asked later has the same name."""
        return finding_id("outcome", self.question.subject, onset=str(self.question.on))

    @property
    def scored(self) -> Scored | None:
        """Hold the forecast against what came; None where either is missing."""
        forecast, relative = self.question.forecast, self.came.relative
        if forecast is None or relative is None:
            return None
        return Scored(forecast=forecast.ends, observed=relative, level=self.question.level)

    def lead(self) -> Message:
        """Say whether it worked, in a sentence."""
        told: dict[str, Any] = {
            "metric": f"{self.metric.name_en}|{self.metric.name_zh}",
            "on": str(self.question.on),
            "level": f"{self.question.level:.0%}",
            **self._observed(),
        }
        forecast = self.question.forecast
        if forecast is None:
            return Message("outcome.observed", told)
        return Message("outcome.beside", {**told, "forecast": forecast.text})

    def _observed(self) -> dict[str, str]:
        if self.came.relative is not None:
            value, low, high = (signed(each) for each in self.came.relative)
            return {"value": value, "low": low, "high": high}
        shown = [f"{100 * each:+.3g}" for each in self.came.effect]
        if self.metric.unit == "share":
            shown = [f"{each} pp" for each in shown]
        else:
            shown = [f"{each:+.3g}" for each in self.came.effect]
        return {"value": shown[0], "low": shown[1], "high": shown[2]}

    def verdict(self) -> Message:
        """Say what that means for the forecast, or for the change."""
        low, high = self.came.effect[1:]
        none = low <= 0 <= high
        scored = self.scored
        if scored is None:
            return Message("outcome.not_told" if none else "outcome.moved")
        if scored.kept:
            return Message("outcome.kept_unsure" if none else "outcome.kept")
        less = abs(scored.observed[0]) < abs(scored.forecast[0])
        wrong_way = scored.observed[0] * scored.forecast[0] < 0
        return Message(
            "outcome.wrong_way" if wrong_way else "outcome.less" if less else "outcome.more"
        )

    def remarks(self) -> tuple[Message, ...]:
        """Say what it rests on, and what speaks against it."""
        key = self.came.method.replace(" ", "_")
        said = [
            Message(
                f"outcome.how.{key}", {"before": self.came.n_before, "after": self.came.n_after}
            ),
            *self.came.notes,
        ]
        said += [
            Message(
                f"outcome.placebo.{each.kind}",
                {"tried": each.tried, "far": each.as_far, "p": f"{each.p:.3g}"},
            )
            for each in self.came.placebos
            if each.tried
        ]
        said += [
            Message("outcome.rival", {"day": str(each.day), "what": each.text})
            for each in self.rivals
        ]
        return tuple(said)

    def record(self) -> dict[str, object]:
        """Give everything as a JSON-ready record."""
        came, scored = self.came, self.scored
        return {
            "id": self.id,
            "question": self.question.record(),
            "period": {"start": str(self.period.start), "end": str(self.period.end)},
            "method": came.method,
            "level": self.question.level,
            "effect": list(came.effect),
            "relative": None if came.relative is None else list(came.relative),
            "p": came.p,
            "value": came.value,
            "expected": came.expected,
            "n_before": came.n_before,
            "n_after": came.n_after,
            "placebos": [
                {"kind": p.kind, "tried": p.tried, "as_far": p.as_far, "p": p.p}
                for p in came.placebos
            ],
            "forecast_kept": None if scored is None else scored.kept,
            "lead": self.lead().record(),
            "verdict": self.verdict().record(),
            "notes": [note.record() for note in self.remarks()],
            "series": [
                {"day": str(p.day), "value": p.value, "expected": p.expected} for p in came.points
            ],
            "queries": [{"title": q.title, "sql": q.sql} for q in self.queries],
        }

    def to_arrow(self) -> pa.Table:
        """Give the series as a table: a row a day or week."""
        kinds = [("day", pa.date32()), ("value", pa.float64()), ("expected", pa.float64())]
        rows = [{"day": p.day, "value": p.value, "expected": p.expected} for p in self.came.points]
        return pa.Table.from_pylist(rows, schema=pa.schema(kinds))
