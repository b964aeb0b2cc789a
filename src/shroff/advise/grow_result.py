"""Where automation can grow and where it should shrink, as it is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from shroff.advise.grow_slices import GrowSlice
from shroff.domain.messages import Message, Value
from shroff.domain.slices import Period
from shroff.measure.score_labels import ScoreKey
from shroff.measure.scorecard import Query
from shroff.stats.estimate import Estimate

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["Candidate", "Grow", "Limits"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What counts as safe.

    Parameters
    ----------
    leakage : float
        Largest share of violating ads among ads that are approved unseen.
    precision : float
        Least share of violating ads among ads that are rejected unseen.
    leakage_from, precision_from : str
        Where they come from: ``asked``, ``goal``, ``today`` or ``usual``.
    """

    leakage: float
    precision: float
    leakage_from: str
    precision_from: str

    def wrong(self, action: str) -> float:
        """Give the largest share of wrong decisions of an action."""
        return self.leakage if action == "approve" else 1 - self.precision


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One slice, and what could be done with it instead.

    Parameters
    ----------
    slice : GrowSlice
        The slice.
    then : str
        What would be done: ``approve``, ``reject`` or ``review``.
    ads, labels, violating : int
        Ads of the period, labelled ones, those found violating.
    hours : float
        Hours of review that it would save, or take, in the period.
    wrong : float
        Share of wrong decisions if automated, as expected: drawn towards other slices.
    wrong_low, wrong_high : float
        Bounds that hold for all slices looked at together.
    per_wrong, per_wrong_low : float
        Hours of review saved for each wrong decision, or wrong decisions prevented for each hour:
        as expected, and surely at least.
    people : float or None
        Share of violating ads as people decided in the queue; None where they did not.
    more : int
        Labels that would show it in eight of ten cases, for one that is not sure; else 0.
    """

    slice: GrowSlice
    then: str
    ads: int
    labels: int
    violating: int
    hours: float
    wrong: float
    wrong_low: float
    wrong_high: float
    per_wrong: float
    per_wrong_low: float
    people: float | None = None
    more: int = 0

    @property
    def wrongs(self) -> tuple[float, float, float]:
        """Wrong decisions in the period: as expected, at least and at most."""
        return self.wrong * self.ads, self.wrong_low * self.ads, self.wrong_high * self.ads

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        expected, least, most = self.wrongs
        return {
            **self.slice.record(),
            "then": self.then,
            "ads": self.ads,
            "labels": self.labels,
            "violating": self.violating,
            "hours": self.hours,
            "wrong_share": {"value": self.wrong, "low": self.wrong_low, "high": self.wrong_high},
            "wrong": {"value": expected, "low": least, "high": most},
            "per_unit": {"value": self.per_wrong, "low": self.per_wrong_low},
            "people_found": self.people,
            "more_labels": self.more,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Grow:
    """What to automate next, and what not to.

    Parameters
    ----------
    period : Period
        Days measured.
    score : ScoreKey
        Whose score decides.
    level : float
        Chance that all bounds hold together.
    limits : Limits
        What counts as safe.
    minutes : Estimate
        Minutes of work that a review takes.
    asked_minutes : float or None
        The minutes given by the user instead.
    hours : float
        Hours of review that ads of the score take in the period.
    found_per_hour : float or None
        Violating ads that an hour of review finds today.
    safe : tuple of Candidate
        Reviewed today, surely safe to automate; they share no ad.
    unsafe : tuple of Candidate
        Automated today, surely over the limit; they share no ad.
    nearly : tuple of Candidate
        Reviewed today, look safe, too few labels to be sure.
    looked_at, cut : int
        Slices that the bounds are shared by, and all there are.
    design : str
        How labels were drawn.
    notes : tuple of Message
        What to know of it.
    queries : tuple of Query
        What was executed.
    """

    period: Period
    score: ScoreKey
    level: float
    limits: Limits
    minutes: Estimate
    asked_minutes: float | None
    hours: float
    found_per_hour: float | None
    safe: tuple[Candidate, ...]
    unsafe: tuple[Candidate, ...]
    nearly: tuple[Candidate, ...]
    looked_at: int
    cut: int
    design: str
    notes: tuple[Message, ...]
    queries: tuple[Query, ...]

    @property
    def per_review(self) -> float:
        """Minutes that a review is taken to need."""
        return self.asked_minutes or self.minutes.value or 0.0

    def text(self) -> Message:
        """Say how far automation can grow."""
        told: dict[str, Value] = {
            "slices": len(self.safe),
            "hours": sum(each.hours for each in self.safe),
            "share": sum(each.hours for each in self.safe) / self.hours if self.hours else 0.0,
            "wrong": sum(each.wrongs[2] for each in self.safe),
            "unsafe": len(self.unsafe),
            "nearly": len(self.nearly),
        }
        return Message("grow.lead" if self.safe else "grow.lead_none", told)

    def told(self) -> tuple[Message, ...]:
        """Say what counts as safe, and what reviews take and find."""
        limits = self.limits
        bars: dict[str, Value] = {"leakage": limits.leakage, "precision": limits.precision}
        work: dict[str, Value] = {"minutes": self.per_review, "hours": self.hours}
        found = self.found_per_hour
        return (
            Message("grow.limits", bars),
            Message("grow.work", work),
            *([] if found is None else [Message("grow.yield", {"found": found})]),
        )

    def record(self) -> dict[str, object]:
        """Give everything as a JSON-ready record."""
        period, limits = self.period, self.limits
        return {
            "period": {"start": str(period.start), "end": str(period.end)},
            "score": self.score.record(),
            "level": self.level,
            "limits": {
                "leakage": limits.leakage,
                "leakage_from": limits.leakage_from,
                "precision": limits.precision,
                "precision_from": limits.precision_from,
            },
            "minutes_per_review": self.per_review,
            "hours": self.hours,
            "found_per_hour": self.found_per_hour,
            "text": self.text().record(),
            "safe": [each.record() for each in self.safe],
            "unsafe": [each.record() for each in self.unsafe],
            "nearly": [each.record() for each in self.nearly],
            "looked_at": self.looked_at,
            "slices": self.cut,
            "design": self.design,
            "notes": [note.record() for note in self.notes],
            "queries": [{"title": query.title, "sql": query.sql} for query in self.queries],
        }

    def to_arrow(self) -> pa.Table:
        """Give all candidates as an Arrow table."""
        import pyarrow as pa  # noqa: PLC0415  (only those who ask for a table need it)

        parts = {"safe": self.safe, "unsafe": self.unsafe, "nearly": self.nearly}
        return pa.Table.from_pylist(
            [_row(name, each) for name, some in parts.items() for each in some],
            schema=pa.schema([(name, _TYPES[kind](pa)) for name, kind in _COLUMNS]),
        )


_TYPES = {
    "text": lambda pa: pa.string(),
    "whole": lambda pa: pa.int64(),
    "real": lambda pa: pa.float64(),
}
_COLUMNS = (
    ("verdict", "text"),
    ("where", "text"),
    ("score_from", "real"),
    ("score_to", "real"),
    ("now", "text"),
    ("then", "text"),
    ("ads", "whole"),
    ("labels", "whole"),
    ("hours", "real"),
    ("wrong_share", "real"),
    ("wrong_share_low", "real"),
    ("wrong_share_high", "real"),
    ("per_unit", "real"),
    ("per_unit_low", "real"),
    ("more_labels", "whole"),
)


def _row(verdict: str, each: Candidate) -> dict[str, object]:
    told = each.slice.record()
    values = (
        verdict, each.slice.where, told["from"], told["to"], each.slice.action, each.then, each.ads,
        each.labels, each.hours, each.wrong, each.wrong_low, each.wrong_high, each.per_wrong,
        each.per_wrong_low, each.more,
    )  # fmt: skip
    return dict(zip((name for name, _ in _COLUMNS), values, strict=True))
