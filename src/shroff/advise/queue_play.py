"""Backlog and turnaround of queues with and without a change, by simulation fitted to the log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from shroff.advise.queue_simulation import WorkedOff, simulate_queue
from shroff.advise.review_load import QueueLoad, Texts
from shroff.stats.estimate import Estimate, Status
from shroff.stats.proportions import Floats

__all__ = ["Fit", "QueueOutcome", "drawn_again", "fit_queue", "play_queue", "priorities"]

_LEAST_TASKS = 30
_MOST_EVENTS, _FEWEST, _MOST = 4_000_000, 8, 40
_PARTS = (*np.exp(np.linspace(np.log(0.02), 0.0, 14)).tolist(), 1.2, 1.5)
_ROUNDS, _DIGITS, _HAIR = 6, 3, 1e-9
_LEVELS = np.linspace(0.1, 0.9, 9)


@dataclass(frozen=True, slots=True)
class Fit:
    """How the people of a queue work, as its log tells.

    Parameters
    ----------
    part : float
        Part of their time on duty in which reviewers work on tasks.
    lag : float
        Hours that pass even where nobody waits: fetching, loading.
    fitted : bool
        Whether the log told; else reviewers are taken to work all the time.
    """

    part: float = 1.0
    lag: float = 0.0
    fitted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueOutcome:
    """One queue without and with a proposal.

    Parameters
    ----------
    queue : str
        The queue.
    tasks, tasks_after : int
        Tasks of the period.
    hours, hours_after : float
        Hours of active work.
    duty, duty_after : float
        Reviewer hours on duty.
    by_hour, by_hour_after : array of shape (24,)
        Hours of work that begin in each hour of the day, UTC.
    logged_p90 : float or None
        Hours within which nine of ten tasks were done, as logged.
    p50, p90, backlog : tuple of Estimate
        Simulated before and after: hours until half and nine of ten tasks are done, largest
        number of tasks that wait.
    fit : Fit
        How people work.
    logged : bool
        Whether staffing was logged.
    doubt : float
        Standard error of ``hours_after``.
    """

    queue: str
    tasks: int
    tasks_after: int
    hours: float
    hours_after: float
    duty: float
    duty_after: float
    by_hour: Floats
    by_hour_after: Floats
    logged_p90: float | None
    p50: tuple[Estimate, Estimate]
    p90: tuple[Estimate, Estimate]
    backlog: tuple[Estimate, Estimate]
    fit: Fit
    logged: bool
    doubt: float = 0.0

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        told: dict[str, object] = {
            "queue": self.queue,
            "tasks_before": self.tasks,
            "tasks_after": self.tasks_after,
            "work_hours_before": self.hours,
            "work_hours_after": self.hours_after,
            "work_hours_after_se": self.doubt,
            "duty_hours_before": self.duty,
            "duty_hours_after": self.duty_after,
            "logged_p90_hours": self.logged_p90,
            "working_part": self.fit.part,
            "lag_hours": self.fit.lag,
            "fitted": self.fit.fitted,
            "staffing_logged": self.logged,
        }
        for name in ("p50", "p90", "backlog"):
            for when, figure in zip(("before", "after"), getattr(self, name), strict=True):
                told[f"{name}_{when}"] = figure.value
                told[f"{name}_{when}_low"] = figure.low
                told[f"{name}_{when}_high"] = figure.high
        told["work_by_hour_before"] = self.by_hour.tolist()
        told["work_by_hour_after"] = self.by_hour_after.tolist()
        return told


def priorities(reason: Texts, first: Sequence[str]) -> np.ndarray | None:
    """Rank tasks by why they came; those not named come last."""
    if not first:
        return None
    ranks = {name: place for place, name in enumerate(first)}
    return np.array([ranks.get(each, len(first)) for each in reason], dtype=np.int64)


def fit_queue(load: QueueLoad, *, first: Sequence[str] = ()) -> Fit:
    """Find out how much of their time reviewers work, so that simulated waits are the logged ones.

    Parameters
    ----------
    load : QueueLoad
        The queue.
    first : sequence of str
        Reasons of tasks that are done first.

    Returns
    -------
    Fit
        The part of their time with which simulated waits are nearest to the logged ones, from those
        of one to those of nine of ten tasks; and what passes beside.
    """
    done = np.isfinite(load.turnaround)
    if done.sum() < _LEAST_TASKS or not load.duty.sum() or not load.work.sum():
        return Fit()
    logged = _curve(load.turnaround)
    if not np.isfinite(logged[-1]):
        return Fit()
    rank = priorities(load.reason, first)

    def off(part: float) -> tuple[float, float]:
        worked = simulate_queue(load.arrival, load.work, capacity=load.duty * part, priority=rank)
        return _off(_curve(worked.turnaround), logged)

    tried = {part: off(part) for part in _PARTS}
    step = float(np.log(_PARTS[1] / _PARTS[0])) / 2
    for _ in range(_ROUNDS):
        best = min(tried, key=lambda part: tried[part][0])
        tried |= {part: off(part) for part in (best * np.exp(-step), best * np.exp(step))}
        step /= 2
    # all their time comes first where it goes with the log as well as any other part
    part = min(tried, key=lambda part: (round(tried[part][0], _DIGITS), abs(np.log(part))))
    return Fit(part=float(part), lag=tried[part][1], fitted=bool(np.isfinite(tried[part][0])))


def _curve(turnaround: Floats) -> Floats:
    """Give the hours within which one to nine of ten tasks are done."""
    found: Floats = np.quantile(turnaround, _LEVELS, method="higher")
    return found


def _off(simulated: Floats, logged: Floats) -> tuple[float, float]:
    """Tell how far simulated waits are from logged ones once a lag is added, and the lag."""
    if not np.isfinite(simulated).all():
        return np.inf, 0.0
    lag = max(float(np.median(logged - simulated)), 0.0)
    return float(np.abs(simulated + lag - logged).mean() / max(logged[-1], _HAIR)), lag


def _shares(turnaround: Floats) -> tuple[float, float, float]:
    """Give the hours within which one, five and nine of ten tasks are done."""
    if not len(turnaround):
        return np.inf, np.inf, np.inf
    found = np.quantile(turnaround, [0.1, 0.5, 0.9], method="higher")
    return float(found[0]), float(found[1]), float(found[2])


def play_queue(
    load: QueueLoad, fit: Fit, *, level: float, rng: np.random.Generator, first: Sequence[str] = ()
) -> QueueOutcome:
    """Simulate a queue without and with a proposal.

    Parameters
    ----------
    load : QueueLoad
        The queue.
    fit : Fit
        How people work.
    level : float
        Coverage of the intervals.
    rng : Generator
        Chance.
    first : sequence of str
        Reasons of tasks that are done first.

    Returns
    -------
    QueueOutcome
        What becomes of its tasks.
    """
    before = _played(
        load.arrival, load.work, priorities(load.reason, first), duty=load.duty, fit=fit, rng=rng
    )
    after = _played(
        load.arrival_after, load.work_after, priorities(load.reason_after, first),
        duty=load.duty_after, fit=fit, rng=rng, unsure=_unsure(load),
    )  # fmt: skip
    logged = _shares(load.turnaround)[2]
    pairs = [
        tuple(_told(each[place], level=level) for each in (before.figures, after.figures))
        for place in range(3)
    ]
    return QueueOutcome(
        queue=load.queue, tasks=len(load.arrival), tasks_after=len(load.arrival_after),
        hours=float(load.work.sum()), hours_after=float(load.work_after.sum()),
        duty=float(load.duty.sum()), duty_after=float(load.duty_after.sum()),
        by_hour=before.by_hour, by_hour_after=after.by_hour,
        logged_p90=logged if np.isfinite(logged) else None,
        p50=(pairs[0][0], pairs[0][1]), p90=(pairs[1][0], pairs[1][1]),
        backlog=(pairs[2][0], pairs[2][1]), fit=fit, logged=load.logged,
        doubt=load.doubt,
    )  # fmt: skip


def _unsure(load: QueueLoad) -> float:
    """Tell how far the mean work of tasks that would come may be off, as a share of it."""
    usual = float(load.work.mean()) if len(load.work) else 0.0
    more = len(load.arrival_after) - len(load.arrival)
    if more <= 0 or usual <= 0:
        return 0.0
    return (
        float(load.work.std() / usual / np.sqrt(len(load.work))) * more / len(load.arrival_after)
    )


@dataclass(frozen=True, slots=True)
class _Played:
    figures: tuple[Floats, Floats, Floats]
    by_hour: Floats


def _played(
    arrival: Floats,
    work: Floats,
    rank: np.ndarray | None,
    *,
    duty: Floats,
    fit: Fit,
    rng: np.random.Generator,
    unsure: float = 0.0,
) -> _Played:
    """Play a queue many times: as it was, and with whole days and work drawn again."""
    runs = int(np.clip(_MOST_EVENTS / max(len(arrival), 1), _FEWEST, _MOST))
    found = np.full((3, runs), np.nan)
    by_hour = np.zeros(24)
    for run in range(runs):
        came, takes, ranks = (
            (arrival, work, rank) if run == 0 else drawn_again(arrival, work, rank, rng=rng)
        )
        if run:
            takes = takes * np.exp(unsure * rng.standard_normal())
        worked = simulate_queue(came, takes, capacity=duty * fit.part, priority=ranks)
        if len(came):
            _, half, most = _shares(worked.turnaround)
            found[:, run] = half + fit.lag, most + fit.lag, worked.backlog().max()
        if run == 0:
            by_hour = _by_hour(worked, takes)
    return _Played((found[0], found[1], found[2]), by_hour)


def drawn_again(
    arrival: Floats, work: Floats, rank: np.ndarray | None, *, rng: np.random.Generator
) -> tuple[Floats, Floats, np.ndarray | None]:
    """Draw each task again with chance, none, once or more, a little later.

    Parameters
    ----------
    arrival, work : array of shape (n,)
        Tasks.
    rank : array or None
        Their priorities.
    rng : Generator
        Chance.

    Returns
    -------
    tuple of arrays
        Arrivals, work and priorities of a period like it.
    """
    times = rng.poisson(1.0, len(arrival))
    chosen = np.repeat(np.arange(len(arrival)), times)
    shaken = arrival[chosen] + rng.uniform(0, 0.05, len(chosen))
    order = np.argsort(shaken, kind="stable")
    chosen = chosen[order]
    return shaken[order], work[chosen], None if rank is None else rank[chosen]


def _by_hour(worked: WorkedOff, work: Floats) -> Floats:
    begun = np.isfinite(worked.start)
    hour = np.floor(worked.start[begun]).astype(np.int64) % 24
    hours: Floats = np.bincount(hour, weights=work[begun], minlength=24).astype(np.float64)
    return hours


def _told(values: Floats, *, level: float) -> Estimate:
    """Sum runs up: the one of history as the value, the others as its doubt."""
    some = values[~np.isnan(values)]
    if not len(some) or not np.isfinite(some[0]):
        low = float(np.min(some)) if len(some) and np.isfinite(some).any() else None
        status = Status.UNKNOWN if not len(some) else Status.BOUNDS
        return Estimate(
            value=None, low=low, high=None, level=level, status=status, method="queue", n=0
        )
    low, high = _ends(some, level=level)
    return Estimate(
        value=float(some[0]), low=low, high=high if np.isfinite(high) else None, level=level,
        status=Status.ESTIMATE, method="queue-simulation", n=len(some),
    )  # fmt: skip


def _ends(runs: Floats, *, level: float) -> tuple[float, float]:
    """Lay the spread of the runs drawn again about the run of history."""
    # tasks drawn twice come together and wait longer: runs tell how far waits spread, not where
    first, again = float(runs[0]), runs[1:]
    if not len(again):
        return first, first
    middle = float(np.median(again))
    tail = (1 - level) / 2
    ranks, place = np.sort(again), max(int(tail * (len(again) + 1)) - 1, 0)
    low, high = float(ranks[place]), float(ranks[len(ranks) - 1 - place])
    if not (first > 0 and middle > 0 and np.isfinite(middle)):
        return min(low, first), max(high, first)
    return min(first * low / middle, first), max(first * high / middle, first)
