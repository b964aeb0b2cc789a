"""From what is asked of thresholds to a problem of lines: objective, limits, today's lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from shroff.advise.decision_cells import DecisionCells
from shroff.advise.decision_worth import DecisionWorth
from shroff.advise.line_problem import LINES, Limit, LineProblem
from shroff.advise.line_search import find_lines
from shroff.advise.strategy_outcome import Costs
from shroff.errors import ConfigError
from shroff.measure.score_queries import Chosen

__all__ = ["Bars", "LineRoom", "LinesAsked", "problem_of", "todays_lines"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_APPROVE, _REVIEW, _REJECT = range(3)
_USUAL_FLOOR = 0.95  # where nothing is rejected today


@dataclass(frozen=True, slots=True, kw_only=True)
class LinesAsked:
    """What thresholds are to do.

    Parameters
    ----------
    by : tuple of str
        Columns that cells are made of; the usual ones when empty.
    chosen : Chosen or None
        Whose score; the one that decides when None.
    by_cost : bool
        Whether cost is made small, not violating impressions.
    hours : float or None
        Most hours of review a day; today's when None.
    queues : tuple of (str, float)
        Most hours a day in single queues.
    keep_queues : bool
        Whether no queue gets more than today.
    precision : float or None
        Least reject precision; today's when None.
    each_cell : bool
        Whether every cell keeps it, not all together.
    leakage : float or None
        Largest share of violating ads among approved ones.
    rejects, reviews : float
        Least ads a day that are rejected by lines, and that are reviewed.
    changes : int or None
        Most lines that are changed.
    sure : float
        Chance with which the careful plan keeps precision and leakage, in (0.5, 1).
    """

    by: tuple[str, ...] = ()
    chosen: Chosen | None = None
    by_cost: bool = False
    hours: float | None = None
    queues: tuple[tuple[str, float], ...] = ()
    keep_queues: bool = False
    precision: float | None = None
    each_cell: bool = False
    leakage: float | None = None
    rejects: float = 0.0
    reviews: float = 0.0
    changes: int | None = None
    sure: float = 0.9

    def __post_init__(self) -> None:
        """Refuse what cannot be meant."""
        for name in ("precision", "leakage", "sure"):
            value = getattr(self, name)
            if value is not None and not 0 < value < 1:
                raise ConfigError(f"{name} is {value:g}", hint="a share between 0 and 1")
        if self.sure <= 0.5:
            raise ConfigError(f"sure is {self.sure:g}", hint="more than 0.5, e.g. 0.9")
        told = (self.hours, self.rejects, self.reviews, self.changes)
        values = [*told, *(hours for _, hours in self.queues)]
        if any(value is not None and not value >= 0 for value in values):
            raise ConfigError("a limit is under 0", hint="0 or more")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    """The bars that a problem was made with.

    Parameters
    ----------
    hours : float
        Hours of review over the period.
    queues : mapping of str to float
        Hours of single queues over the period.
    precision : float
        Least reject precision.
    leakage : float or None
        Largest leakage.
    rejects, reviews : float
        Least ads over the period.
    changes : int or None
        Most lines that differ from today's.
    """

    hours: float
    queues: Mapping[str, float] = field(default_factory=dict[str, float])
    precision: float
    leakage: float | None = None
    rejects: float = 0.0
    reviews: float = 0.0
    changes: int | None = None

    def with_bar(self, name: str, value: float) -> Bars:
        """Move one bar, named as its limit is."""
        if name.startswith("queue:"):
            return replace(self, queues={**self.queues, name.removeprefix("queue:"): value})
        if name == "changes":
            return replace(self, changes=int(value))
        if name == "hours":
            return replace(self, hours=value)
        if name == "precision":
            return replace(self, precision=value)
        if name == "leakage":
            return replace(self, leakage=value)
        return replace(self, rejects=value) if name == "rejects" else replace(self, reviews=value)

    def bar(self, name: str) -> float:
        """Give one bar, named as its limit is."""
        if name.startswith("queue:"):
            return self.queues[name.removeprefix("queue:")]
        found = getattr(self, name)
        return np.inf if found is None else float(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class LineRoom:
    """Everything lines are chosen by, beside the bars.

    Parameters
    ----------
    cells : DecisionCells
        Counts.
    worth : DecisionWorth
        What ads show and take.
    chances : array of shape (cells, bins)
        Chance of violating.
    costs : Costs or None
        What is made small; violating impressions where None.
    each_cell : bool
        Whether every cell keeps the precision.
    review, reject : array of int, shape (cells,)
        Today's lines.
    """

    cells: DecisionCells
    worth: DecisionWorth
    chances: Floats
    costs: Costs | None
    each_cell: bool
    review: Ints
    reject: Ints

    def today(self) -> Floats:
        """Give the share of each bin that is approved, reviewed, rejected today."""
        ads = self.worth.ads
        return np.divide(self.cells.ads, ads, out=np.zeros(self.cells.ads.shape), where=ads > 0)

    def bars(self, asked: LinesAsked) -> Bars:
        """Set the bars: those asked for, today's otherwise."""
        days, worth = self.cells.days, self.worth
        by_queue = (self.cells.ads[_REVIEW].sum(axis=1) @ worth.hours).tolist()
        queues = dict(zip(self.cells.queues, by_queue, strict=True)) if asked.keep_queues else {}
        for name, hours in asked.queues:
            if name not in self.cells.queues:
                raise ConfigError(
                    f"no reviewed ad of the period went to the queue {name!r}",
                    where="--queue-hours",
                    hint="queues: " + ", ".join(self.cells.queues),
                )
            queues[name] = hours * days
        rejected = self.cells.ads[_REJECT]
        right = float((rejected * self.chances).sum())
        now = right / float(rejected.sum()) if rejected.sum() else _USUAL_FLOOR
        return Bars(
            hours=sum(by_queue) if asked.hours is None else asked.hours * days,
            queues=queues,
            precision=now if asked.precision is None else asked.precision,
            leakage=asked.leakage,
            rejects=asked.rejects * days,
            reviews=asked.reviews * days,
            changes=asked.changes,
        )


def problem_of(room: LineRoom, bars: Bars, *, without: Sequence[str] = ()) -> LineProblem:
    """Write the problem of lines.

    Parameters
    ----------
    room : LineRoom
        Counts, chances, costs.
    bars : Bars
        Limits.
    without : sequence of str
        Limits to leave out.

    Returns
    -------
    LineProblem
        The problem; limits that nobody asked for are not in it.
    """
    ads, chances = room.worth.ads, room.chances
    limits = [limit for limit in _limits(room, bars) if limit.name not in without]
    allowed = np.ones((len(ads), ads.shape[1] + 1), dtype=np.bool_)
    if room.each_cell and "precision" not in without:
        above = (ads * (bars.precision - chances))[:, ::-1].cumsum(axis=1)[:, ::-1]
        allowed[:, :-1] = above <= 1e-9
    return LineProblem(
        cost=_costs(room),
        limits=tuple(limits),
        allowed=allowed,
        review=room.review,
        reject=room.reject,
    )


def _limits(room: LineRoom, bars: Bars) -> list[Limit]:
    ads, chances, hours = room.worth.ads, room.chances, room.worth.hours
    found = [_hours("hours", bars.hours, ads * hours.sum(axis=1)[:, None])]
    for name, top in bars.queues.items():
        mine = hours[:, room.cells.queues.index(name)]
        found.append(_hours(f"queue:{name}", top, ads * mine[:, None]))
    if not room.each_cell:
        unit = ads * (bars.precision - chances)
        found.append(Limit(name="precision", top=0.0, action=_REJECT, unit=unit))
    if bars.leakage is not None:
        unit = ads * (chances - bars.leakage)
        found.append(Limit(name="leakage", top=0.0, action=_APPROVE, unit=unit))
    if bars.rejects:
        found.append(Limit(name="rejects", top=-bars.rejects, action=_REJECT, unit=-ads))
    if bars.reviews:
        found.append(Limit(name="reviews", top=-bars.reviews, action=_REVIEW, unit=-ads))
    if bars.changes is not None:
        found.append(Limit(name="changes", top=float(bars.changes), action=LINES))
    return found


def _hours(name: str, top: float, unit: Floats) -> Limit:
    # sums in another order must not make today's lines too long by a rounding
    return Limit(name=name, top=top * (1 + 1e-9), action=_REVIEW, unit=unit)


def _costs(room: LineRoom) -> Floats:
    """Give the expected cost of approving, reviewing, rejecting the ads of each bin."""
    worth, chances, costs = room.worth, room.chances, room.costs
    bad = worth.ads * chances
    part = worth.queued_shown[:, None] / np.maximum(worth.violating_shown, 1e-12)
    slips = 1 - worth.caught + worth.caught * np.minimum(part, 1.0)
    if costs is None:
        shown = bad * worth.violating_shown
        return np.stack([shown, shown * slips, np.zeros(shown.shape)])
    missed, wrong = bad * costs.missed, (worth.ads - bad) * costs.wrong
    work = worth.ads * worth.hours.sum(axis=1)[:, None] * costs.hour
    appealed = bad * costs.right
    reviewed = missed * slips + wrong * (1 - worth.passed) + appealed * worth.caught + work
    return np.stack([missed, reviewed, wrong + appealed])


def todays_lines(cells: DecisionCells) -> tuple[Ints, Ints]:
    """Find the lines that tell best what was done in each cell.

    Parameters
    ----------
    cells : DecisionCells
        Counts.

    Returns
    -------
    two arrays of int, shape (cells,)
        First bin that is reviewed and first that is rejected; where a cell cannot tell, those of
        all cells.
    """
    whole = np.zeros(1, dtype=np.int64)
    pooled = _fitting(cells.ads.sum(axis=1, keepdims=True), whole, whole)
    size = len(cells)
    return _fitting(cells.ads, np.repeat(pooled[0], size), np.repeat(pooled[1], size))


def _fitting(ads: Floats, review: Ints, reject: Ints) -> tuple[Ints, Ints]:
    wrong = ads.sum(axis=0, keepdims=True) - ads
    allowed = np.ones((ads.shape[1], ads.shape[2] + 1), dtype=np.bool_)
    plan = find_lines(
        LineProblem(cost=wrong, limits=(), allowed=allowed, review=review, reject=reject)
    )
    return plan.review, plan.reject
