"""Figures of people alone, and with an LLM's labels corrected for its errors, side by side."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shroff.domain.messages import Message
from shroff.domain.slices import EVERYTHING, Period, Slice
from shroff.measure.blocks import Figure, blocks_to_arrow, pack, record_of
from shroff.models.judge_answers import Judge
from shroff.stats.estimate import Estimate

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["Corrected", "Labeller"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected:
    """One metric of one slice, four ways.

    Parameters
    ----------
    metric : str
        Id of the metric.
    slice : Slice
        Which ads.
    said : Estimate
        What the judge's labels say, taken at their word: no estimate of anything, status PROXY.
    plain : Estimate
        From people's labels alone.
    rogan_gladen : Estimate
        What the judge says of all ads, corrected for its errors on those that people labelled.
    powered : Estimate
        People's labels, helped by what the judge says of all ads: prediction-powered.
    worth : Estimate
        Labels by people alone that would tell as much as ``powered``.
    without : float
        Labels that a judge who never says anything would be worth: what is foreseen from the
        machine's action alone is not the judge's doing.
    used : bool
        Whether the judge helped ``powered``.
    """

    metric: str
    slice: Slice
    said: Estimate
    plain: Estimate
    rogan_gladen: Estimate
    powered: Estimate
    worth: Estimate
    without: float
    used: bool

    @property
    def saved(self) -> float:
        """Labels by people that the judge saves, over what is foreseen without it."""
        return max((self.worth.value or 0.0) - self.without, 0.0) if self.used else 0.0

    @property
    def rogan_gladen_worth(self) -> float | None:
        """Labels by people alone that would give as narrow an interval as the corrected one's."""
        wide, plain = self.rogan_gladen.width, self.plain.width
        if self.rogan_gladen.value is None or not wide or not plain:
            return None
        return self.plain.n * (plain / wide) ** 2

    def figures(self) -> Iterator[Figure]:
        """Give all its figures."""
        for suffix in ("said", "plain", "rogan_gladen", "powered", "worth"):
            yield Figure(f"{self.metric}_{suffix}", self.slice, getattr(self, suffix))


@dataclass(frozen=True, slots=True, kw_only=True)
class Labeller:
    """What a judge's labels are worth.

    Parameters
    ----------
    judge : Judge
        The judge.
    period : Period
        Days measured.
    level : float
        Coverage of the intervals.
    gold : str
        What its errors are held against.
    judged : float
        Share of the period's ads that it judged.
    errors : tuple of Figure
        Sensitivity, specificity, share without an answer; all ads first.
    corrected : tuple of Corrected
        Figures; everything first.
    notes : tuple of Message
        What to know.
    """

    judge: Judge
    period: Period
    level: float
    gold: str
    judged: float
    errors: tuple[Figure, ...]
    corrected: tuple[Corrected, ...]
    notes: tuple[Message, ...]

    def __iter__(self) -> Iterator[Figure]:
        """Give all figures."""
        yield from self.errors
        for each in self.corrected:
            yield from each.figures()

    def error(self, name: str, part: Slice = EVERYTHING) -> Estimate | None:
        """Find one of the judge's rates."""
        known = (f.estimate for f in self.errors if (f.metric, f.slice) == (name, part))
        return next(known, None)

    def find(self, metric: str, part: Slice = EVERYTHING) -> Corrected | None:
        """Find a metric of a slice."""
        known = (each for each in self.corrected if (each.metric, each.slice) == (metric, part))
        return next(known, None)

    def slices(self, *dimensions: str) -> tuple[Slice, ...]:
        """List the slices of one slicing of the errors."""
        mine = (f.slice for f in self.errors if f.slice.dimensions == dimensions)
        return tuple(dict.fromkeys(mine))

    def to_arrow(self) -> pa.Table:
        """Give all figures as an Arrow table."""
        return blocks_to_arrow(
            [
                pack(
                    figure.metric,
                    [(figure.slice, figure.estimate)],
                    dimensions=figure.slice.dimensions,
                    level=self.level,
                )
                for figure in self
            ]
        )

    def record(self) -> dict[str, object]:
        """Give everything as a JSON-ready record."""
        return {
            "judge": self.judge.record(),
            "period": {"start": str(self.period.start), "end": str(self.period.end)},
            "level": self.level,
            "gold": self.gold,
            "judged_share": self.judged,
            "errors": [record_of(figure) for figure in self.errors],
            "corrected": [
                {
                    "metric": each.metric,
                    "slice": each.slice.record(),
                    **{
                        figure.metric.removeprefix(f"{each.metric}_"): record_of(figure)
                        for figure in each.figures()
                    },
                    "used": each.used,
                    "worth_without": each.without,
                    "saved": each.saved,
                    "rogan_gladen_worth": each.rogan_gladen_worth,
                }
                for each in self.corrected
            ],
            "notes": [note.record() for note in self.notes],
        }
