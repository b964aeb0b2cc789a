"""How many reviewers does a queue need, so that enough of its tasks are done in time?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from shroff.advise.queue_play import Fit, drawn_again, fit_queue, priorities
from shroff.advise.queue_simulation import simulate_queue
from shroff.advise.review_load import QueueLoad
from shroff.domain.messages import Message
from shroff.errors import DesignError
from shroff.stats.erlang import servers_needed, settled
from shroff.stats.proportions import Floats

__all__ = ["Need", "need_of"]

_RUNS = 20
_EVERYONE = 64.0
_FINE = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """How many reviewers a queue needs.

    Parameters
    ----------
    queue : str
        The queue.
    share, within : float
        Share of tasks that are to be done within so many hours.
    days : int
        Days of the period.
    now, reached : float
        Reviewer hours a day on duty, and share of tasks done in time, as it is.
    needed : float
        Reviewer hours a day needed, at the times of day and week of today's shifts.
    reached_low : float
        Share of tasks done in time then, in nineteen of twenty simulated periods.
    wait_now, wait_then : float
        Mean hours until a task is done, as simulated, now and then; those that are open at the end
        of the period count up to there.
    peak : float
        Most reviewers on duty in one hour then.
    erlang : float
        Reviewers on duty at all hours that Erlang's formula would ask for, did tasks come evenly.
    fit : Fit
        How people work.
    logged : bool
        Whether staffing was logged.
    """

    queue: str
    share: float
    within: float
    days: int
    now: float
    reached: float
    needed: float
    reached_low: float
    wait_now: float
    wait_then: float
    peak: float
    erlang: float
    fit: Fit
    logged: bool

    def messages(self) -> tuple[Message, ...]:
        """Say it in sentences."""
        told = [
            Message(
                "staff.lead",
                {
                    "queue": self.queue,
                    "needed": self.needed,
                    "share": self.share,
                    "within": self.within,
                    "now": self.now,
                    "reached": self.reached,
                },
            ),
            Message("staff.pattern", {"peak": self.peak, "low": self.reached_low}),
            Message("staff.erlang", {"erlang": self.erlang, "hours": 24 * self.erlang}),
            Message("staff.fit", {"part": self.fit.part, "lag": self.fit.lag})
            if self.fit.fitted
            else Message("staff.unfitted"),
        ]
        return (*told, *([] if self.logged else [Message("staff.guessed")]))

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {
            "queue": self.queue,
            "share": self.share,
            "within_hours": self.within,
            "days": self.days,
            "hours_a_day_now": self.now,
            "reached_now": self.reached,
            "hours_a_day_needed": self.needed,
            "reached_low": self.reached_low,
            "mean_hours_now": self.wait_now,
            "mean_hours_then": self.wait_then,
            "peak_reviewers": self.peak,
            "erlang_reviewers": self.erlang,
            "working_part": self.fit.part,
            "lag_hours": self.fit.lag,
            "fitted": self.fit.fitted,
            "staffing_logged": self.logged,
            "text": [message.record() for message in self.messages()],
        }


def need_of(
    load: QueueLoad,
    *,
    share: float,
    within: float,
    rng: np.random.Generator,
    first: Sequence[str] = (),
) -> Need:
    """Find the fewest reviewer hours with which a share of tasks is done in time.

    Parameters
    ----------
    load : QueueLoad
        The queue, as it would be.
    share : float
        Share of tasks, in (0, 1).
    within : float
        Hours.
    rng : Generator
        Chance.
    first : sequence of str
        Reasons of tasks that are done first.

    Returns
    -------
    Need
        Hours a day, in the pattern of today's shifts; around the clock where there are none.

    Raises
    ------
    DesignError
        If the queue has no task, or what passes beside work takes longer already.
    """
    fit = fit_queue(load, first=first)
    left = _left(load, fit, within=within)
    shape = load.duty_after if load.duty_after.sum() else np.ones(load.hours)
    tasks = load.arrival_after, load.work_after, priorities(load.reason_after, first)
    runs = [tasks, *(drawn_again(*tasks, rng=rng) for _ in range(_RUNS - 1))]

    def reached(times: float, some: int) -> float:
        found = sorted(
            simulate_queue(came, takes, capacity=shape * fit.part * times, priority=ranks).within(
                left
            )
            for came, takes, ranks in runs[:some]
        )
        return found[min(1, some - 1)]

    times = _fewest(lambda many: reached(many, _RUNS) >= share)
    if times is None:
        raise DesignError(
            f"however many work the shifts of queue {load.queue}, fewer than"
            f" {share:.0%} of its tasks are done within {within:g} hours",
            hint="tasks come when nobody is on duty: propose shifts at those hours",
        )
    days = load.hours / 24
    return Need(
        queue=load.queue, share=share, within=within, days=load.hours // 24,
        now=float(load.duty_after.sum()) / days,
        reached=reached(1.0, 1) if load.duty_after.sum() else 0.0,
        needed=float(shape.sum() * times) / days, reached_low=reached(times, _RUNS),
        wait_now=_mean(load, tasks, shape * fit.part) + fit.lag,
        wait_then=_mean(load, tasks, shape * fit.part * times) + fit.lag,
        peak=float(shape.max() * times), erlang=_even(load, fit, share=share, within=left),
        fit=fit, logged=load.logged,
    )  # fmt: skip


def _mean(
    load: QueueLoad, tasks: tuple[Floats, Floats, np.ndarray | None], capacity: Floats
) -> float:
    """Give the mean hours from coming to being done, or to the end of the period."""
    came, takes, ranks = tasks
    worked = simulate_queue(came, takes, capacity=capacity, priority=ranks)
    return float(np.mean(np.minimum(worked.finish, load.hours) - came))


def _left(load: QueueLoad, fit: Fit, *, within: float) -> float:
    """Take off what passes beside work."""
    if not len(load.arrival_after):
        raise DesignError(f"no task came to queue {load.queue}", hint="choose a longer --period")
    if within <= fit.lag:
        raise DesignError(
            f"{fit.lag:.2g} hours pass in queue {load.queue} before anybody could begin",
            hint="reviewers alone cannot shorten that: look at how tasks are handed out",
        )
    return within - fit.lag


def _fewest(enough: Callable[[float], bool]) -> float | None:
    """Find the smallest multiple that is enough, to one part in a hundred."""
    if not enough(_EVERYONE):
        return None
    low, high = np.log(0.01), np.log(_EVERYONE)
    while high - low > _FINE:
        middle = (low + high) / 2
        low, high = (low, middle) if enough(float(np.exp(middle))) else (middle, high)
    return float(np.exp(high))


def _even(load: QueueLoad, fit: Fit, *, share: float, within: float) -> float:
    """Ask Erlang's formula for reviewers on duty at all hours; a tenth of one is that slow."""
    rate = len(load.arrival_after) / load.hours
    work = max(float(np.mean(load.work_after)) / fit.part, 1e-6)
    for tenths in range(1, 10):
        slow = settled(rate, work_hours=10 * work / tenths, servers=1)
        if slow.within(within) >= share:
            return tenths / 10
    return float(servers_needed(rate, work_hours=work, share=share, within=within))
