"""What came of all changes so far, and whether forecasts have been worth believing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from shroff.advise.outcome_question import Forecast, OutcomeQuestion, Rollout, signed
from shroff.advise.outcome_result import Outcome
from shroff.domain.messages import Message
from shroff.errors import ConfigError
from shroff.stats.forecast_record import Scored, Track, track_record
from shroff.store.catalog_advice import Advice, AdviceBook, AdviceStep, KeptOutcome

__all__ = ["Due", "Ledger", "Line", "keep_outcome", "ledger", "question_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One change that was looked at.

    Parameters
    ----------
    id : str
        Name of the outcome.
    subject : str
        The recommendation, or the metric where there was none.
    metric : str
        Id of the metric.
    on : str
        First day with the change.
    method : str
        How it was judged.
    forecast : Forecast or None
        What was said.
    observed : (float, float, float) or None
        What came, relative; None where no share can be told.
    level : float
        Coverage of both.
    """

    id: str
    subject: str
    metric: str
    on: str
    method: str
    forecast: Forecast | None
    observed: tuple[float, float, float] | None
    level: float

    @property
    def scored(self) -> Scored | None:
        """Hold the forecast against what came."""
        if self.forecast is None or self.observed is None:
            return None
        return Scored(forecast=self.forecast.ends, observed=self.observed, level=self.level)

    @property
    def observed_text(self) -> str:
        """Write what came."""
        if self.observed is None:
            return "–"
        value, low, high = (signed(each) for each in self.observed)
        return f"{value} ({low} … {high})"

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        scored = self.scored
        return {
            "id": self.id,
            "subject": self.subject,
            "metric": self.metric,
            "on": self.on,
            "method": self.method,
            "forecast": self.forecast.record() if self.forecast else None,
            "observed": None if self.observed is None else list(self.observed),
            "kept": None if scored is None else scored.kept,
        }


@dataclass(frozen=True, slots=True)
class Due:
    """A recommendation that is done and whose day to be looked at has come."""

    advice: Advice
    on: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """All changes looked at.

    Parameters
    ----------
    lines : tuple of Line
        Oldest first.
    track : Track or None
        How forecasts did; None before the first was scored.
    due : tuple of Due
        What should be looked at.
    """

    lines: tuple[Line, ...]
    track: Track | None
    due: tuple[Due, ...] = ()

    def remarks(self) -> tuple[Message, ...]:
        """Say whether forecasts have been worth believing."""
        due = [
            Message(
                "outcome.due", {"advice": d.advice.id, "subject": d.advice.subject, "on": d.on}
            )
            for d in self.due
        ]
        track = self.track
        if track is None:
            return (Message("outcome.none_scored"), *due)
        said = [
            Message(
                "outcome.track",
                {
                    "tried": track.tried,
                    "kept": track.kept,
                    "share": track.share,
                    "low": track.low,
                    "high": track.high,
                    "level": track.level,
                    "same": track.same_way,
                },
            )
        ]
        if track.slope is not None:
            told = {"slope": track.slope, "low": track.slope_low, "high": track.slope_high}
            said.append(Message("outcome.slope", told))
        return (*said, *due)

    def record(self) -> dict[str, object]:
        """Give everything as a JSON-ready record."""
        track = self.track
        return {
            "outcomes": [line.record() for line in self.lines],
            "track": None
            if track is None
            else {
                "tried": track.tried,
                "kept": track.kept,
                "share": track.share,
                "low": track.low,
                "high": track.high,
                "level": track.level,
                "same_way": track.same_way,
                "slope": track.slope,
                "slope_low": track.slope_low,
                "slope_high": track.slope_high,
            },
            "due": [
                {"id": d.advice.id, "subject": d.advice.subject, "on": d.on} for d in self.due
            ],
            "notes": [note.record() for note in self.remarks()],
        }


def keep_outcome(book: AdviceBook, found: Outcome) -> None:
    """Keep what came of a change; without the queries and the series."""
    told = {k: v for k, v in found.record().items() if k not in {"queries", "series"}}
    book.keep_outcome(KeptOutcome(id=found.id, advice_id=found.question.advice_id, detail=told))


def ledger(book: AdviceBook, *, today: date | None = None) -> Ledger:
    """Sum up every change that was looked at.

    Parameters
    ----------
    book : AdviceBook
        What is remembered.
    today : date or None
        Last day of the logs; what is due by then is named.

    Returns
    -------
    Ledger
        The changes, how forecasts did, and what is due.
    """
    kept = book.outcomes()
    known = {each.id: each for each in book.advice()} if kept or today else {}
    lines = tuple(_line(each, known) for each in kept)
    scored = [line.scored for line in lines if line.scored is not None]
    looked = {each.advice_id for each in kept}
    due = []
    for advice in known.values() if today else ():
        on = _done_on(book, advice)
        check = str(advice.detail.get("check") or "")
        if on and advice.id not in looked and advice.detail.get("forecast") and check:
            due += [Due(advice, on)] if check <= str(today) else []
    return Ledger(lines=lines, track=track_record(scored), due=tuple(due))


def _line(kept: KeptOutcome, known: Mapping[str, Advice]) -> Line:
    told = kept.detail
    question = told["question"]
    relative = told["relative"]
    advice = known.get(kept.advice_id)
    return Line(
        id=kept.id,
        subject=advice.subject if advice else question["metric"],
        metric=question["metric"],
        on=question["on"],
        method=told["method"],
        forecast=Forecast.of(question["forecast"]) if question["forecast"] else None,
        observed=None if relative is None else (relative[0], relative[1], relative[2]),
        level=told["level"],
    )


def _done_on(book: AdviceBook, advice: Advice) -> str:
    done = _done(book.steps(advice.id)) if advice.state == "done" else None
    return str(done.detail.get("on", done.at[:10])) if done else ""


def _done(steps: Sequence[AdviceStep]) -> AdviceStep | None:
    return next((step for step in reversed(steps) if step.state == "done"), None)


def question_of(book: AdviceBook, advice_id: str, *, level: float = 0.95) -> OutcomeQuestion:
    """Ask what came of a recommendation that was done.

    Parameters
    ----------
    book : AdviceBook
        What is remembered.
    advice_id : str
        The recommendation, or the beginning of its id.
    level : float
        Coverage wanted.

    Returns
    -------
    OutcomeQuestion
        Its metric and forecast, and the roll-out as it was recorded.

    Raises
    ------
    ConfigError
        If it is not done, or made no forecast of a metric.
    """
    advice = book.find(advice_id)
    step = _done(book.steps(advice.id)) if advice.state == "done" else None
    if step is None:
        raise ConfigError(
            f"{advice.id} is {advice.state}, not done",
            hint=f"shroff advise done {advice.id} --on DAY --reason WHY",
        )
    forecast: Mapping[str, Any] | None = advice.detail.get("forecast")
    if not forecast:
        raise ConfigError(
            f"{advice.id} made no forecast of a metric",
            hint="name one: shroff advise outcome --metric METRIC --on DAY",
        )
    told = step.detail
    return OutcomeQuestion(
        metric=forecast["metric"],
        on=date.fromisoformat(str(told.get("on", step.at[:10]))),
        rollout=Rollout(told.get("rollout", "all")),
        within=tuple(sorted(dict(forecast.get("where") or {}).items())),
        column=told.get("column", "market"),
        values=tuple(told.get("values", ())),
        key=told.get("key", ""),
        share=float(told.get("share", 0.0)),
        forecast=Forecast.of(forecast),
        advice_id=advice.id,
        level=level,
    )
