"""A plan of thresholds: the lines, what they do beside today's, what each limit costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING

import numpy as np

from shroff.advise.decision_queries import BINS
from shroff.advise.line_limits import Bars
from shroff.advise.proposal import Proposal, ThresholdChange, terms_of
from shroff.advise.strategy_outcome import Outcome
from shroff.domain.messages import Message
from shroff.domain.slices import Period
from shroff.measure.score_queries import Chosen
from shroff.stats.estimate import Estimate

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["CellLines", "LimitPrice", "Relaxation", "Strategy", "ThresholdPlan", "score_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CellLines:
    """The lines of one cell.

    Parameters
    ----------
    where : mapping
        Column and value.
    ads : int
        Ads of the period that lines decide.
    review_now, reject_now, review_from, reject_from : float
        Scores from which ads are reviewed and rejected, today and as planned; infinite for never.
    moved : int
        Ads of the period whose action changes.
    labels : int
        Labels of the cell.
    gain : float
        What is made small, less of it over the period.
    """

    where: Mapping[str, str]
    ads: int
    review_now: float
    reject_now: float
    review_from: float
    reject_from: float
    moved: int
    labels: int
    gain: float

    @property
    def changed(self) -> bool:
        """Whether a line moves."""
        return (self.review_now, self.reject_now) != (self.review_from, self.reject_from)

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record; a line that nothing reaches is null."""
        lines = ("review_now", "reject_now", "review_from", "reject_from")
        return {
            "where": dict(self.where),
            "ads": self.ads,
            "labels": self.labels,
            **{name: _finite(getattr(self, name)) for name in lines},
            "moved": self.moved,
            "gain": self.gain,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitPrice:
    """What a limit costs.

    Parameters
    ----------
    limit : str
        Its name.
    bar : float
        Where it stands, over the period.
    used : float
        What the plan uses of it, in the same unit.
    step : float
        How far it is moved, in the unit that it is asked in.
    gain : float
        How much less there would be of what is made small, over the period.
    sentence : Message
        The same in words.
    """

    limit: str
    bar: float
    used: float
    step: float
    gain: float
    sentence: Message

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {
            "limit": self.limit,
            "bar": self.bar,
            "used": self.used,
            "step": self.step,
            "gain": self.gain,
            "sentence": self.sentence.record(),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Relaxation:
    """How far one limit must move for lines to be possible, the others as they are.

    Parameters
    ----------
    limit : str
        Its name.
    together : bool
        Whether all limits must move, each by the same part of its way.
    asked, possible : float
        What was asked, and the nearest that is possible, in the unit asked in.
    sentence : Message
        The same in words.
    """

    limit: str
    together: bool
    asked: float
    possible: float
    sentence: Message

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {
            "limit": self.limit,
            "together": self.together,
            "asked": self.asked,
            "possible": self.possible,
            "sentence": self.sentence.record(),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Strategy:
    """Lines and what they do.

    Parameters
    ----------
    name : str
        ``today``, ``plan`` or ``careful``.
    outcome : Outcome
        Figures over the period.
    less : Estimate
        By which share violating impressions (by cost: the cost) are less than today's.
    better : float
        Chance that they are less at all.
    kept : mapping of str to float
        Chance that precision, and leakage, keep their bars.
    lines : tuple of CellLines
        The lines of each cell; empty for today.
    gap : float
        How far it may be from the best, as a share.
    """

    name: str
    outcome: Outcome
    less: Estimate
    better: float
    kept: Mapping[str, float]
    lines: tuple[CellLines, ...] = ()
    gap: float = 0.0

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        less = self.less
        return {
            "name": self.name,
            "figures": self.outcome.record(),
            "less": {"value": less.value, "low": less.low, "high": less.high},
            "better": self.better,
            "kept": dict(self.kept),
            "gap": self.gap,
            "lines": [each.record() for each in self.lines],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class ThresholdPlan:
    """Thresholds that do better than today's, and how sure that is.

    Parameters
    ----------
    period : Period
        Days it rests on.
    level : float
        Coverage of the intervals.
    chosen : Chosen
        Whose score.
    by : tuple of str
        Columns that cells are made of.
    aim : str
        What is made small: ``violating_impressions`` or ``cost``.
    currency : str
        Unit of cost.
    bars : Bars
        The limits, over the period.
    today : Strategy
        What is done today.
    plan, careful : Strategy or None
        The best lines, and those that keep precision and leakage with the chance asked for; None
        where the limits cannot all be kept.
    sure : float
        The chance asked for.
    prices : tuple of LimitPrice
        What the limits cost.
    relaxations : tuple of Relaxation
        What would make impossible limits possible.
    labels : int
        Labels behind the curves.
    notes : tuple of Message
        What to know of it.
    """

    period: Period
    level: float
    chosen: Chosen
    by: tuple[str, ...]
    aim: str
    currency: str
    bars: Bars
    today: Strategy
    plan: Strategy | None
    careful: Strategy | None
    sure: float
    prices: tuple[LimitPrice, ...] = ()
    relaxations: tuple[Relaxation, ...] = ()
    labels: int = 0
    notes: tuple[Message, ...] = ()

    @property
    def days(self) -> int:
        """Count the days of the period."""
        return (self.period.end - self.period.start).days

    def summary(self) -> Message:
        """Say in a sentence what the best lines would do, or that there are none."""
        if self.plan is None:
            if not self.relaxations:
                return Message("lines.summary.never")
            together = self.relaxations[0].together
            return Message(f"lines.summary.{'all_impossible' if together else 'impossible'}")
        changed = sum(each.changed for each in self.plan.lines)
        less = self.plan.less
        if not changed or not less.value or less.value <= 0:
            return Message("lines.summary.none")
        told = {
            "cells": changed,
            "of": len(self.plan.lines),
            "less": less.value,
            "low": less.low,
            "high": less.high,
            "hours": self.plan.outcome.value("review_hours") / self.days,
            "precision": self.plan.outcome.value("reject_precision"),
        }
        return Message(f"lines.summary.{self.aim}", told)

    def told(self) -> tuple[Message, ...]:
        """Say what limits cost, or which stand in the way, and how sure precision is."""
        found = [each.sentence for each in self.prices]
        found += [each.sentence for each in self.relaxations]
        if self.plan is not None:
            told = {"plan": self.plan.kept["precision"], "sure": self.sure}
            if self.careful is None:
                found.append(Message("lines.careless", told))
            elif self.careful.kept["precision"] > told["plan"]:
                told["careful"] = self.careful.kept["precision"]
                found.append(Message("lines.careful", told))
        return tuple(found)

    def strategies(self) -> tuple[Strategy, ...]:
        """List today's, the plan, and the careful plan."""
        return tuple(each for each in (self.today, self.plan, self.careful) if each is not None)

    def proposal(self, *, careful: bool = False) -> Proposal:
        """Write the lines that change as a proposal.

        Parameters
        ----------
        careful : bool
            The careful plan instead of the best.

        Returns
        -------
        Proposal
            Its lines; ads of cells without one keep theirs. A `ConfigError` where nothing changes.
        """
        chosen = self.careful if careful else self.plan
        lines = chosen.lines if chosen is not None else ()
        policy = None if self.chosen.policy in {"", "-"} else self.chosen.policy
        return Proposal(
            thresholds=tuple(
                ThresholdChange(
                    model=self.chosen.model,
                    version=self.chosen.version,
                    policy=policy,
                    where=terms_of(each.where),
                    review_from=each.review_from,
                    reject_from=each.reject_from,
                )
                for each in lines
                if each.changed
            ),
            name="careful thresholds" if careful else "best thresholds",
            note=f"thresholds of {self.period.label()}",
        )

    def to_arrow(self) -> pa.Table:
        """Give the lines of every cell as a table."""
        import pyarrow as pa  # noqa: PLC0415  (only those who ask for a table need it)

        lines = self.plan.lines if self.plan is not None else ()
        rows: list[dict[str, object]] = []
        for each in lines:
            told = each.record()
            del told["where"]
            rows.append({**each.where, **told})
        return pa.Table.from_pylist(rows)

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {
            "period": {"start": str(self.period.start), "end": str(self.period.end)},
            "level": self.level,
            "model": self.chosen.model,
            "version": self.chosen.version,
            "policy": None if self.chosen.policy in {"", "-"} else self.chosen.policy,
            "by": list(self.by),
            "aim": self.aim,
            "currency": self.currency,
            "sure": self.sure,
            "labels": self.labels,
            "possible": self.plan is not None,
            "summary": self.summary().record(),
            "strategies": [each.record() for each in self.strategies()],
            "prices": [each.record() for each in self.prices],
            "relaxations": [each.record() for each in self.relaxations],
            "notes": [each.record() for each in self.notes],
        }


def score_of(places: Sequence[int] | np.ndarray) -> list[float]:
    """Turn places of lines into scores; the last place is never reached."""
    return [inf if place >= BINS else float(place) / BINS for place in places]


def _finite(score: float) -> float | None:
    return None if score == inf else score
