"""How long would tasks wait? A queue worked off hour by hour by those on duty."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shroff.advise.queue_kernel import work_off
from shroff.errors import DesignError
from shroff.stats.proportions import Floats

__all__ = ["WorkedOff", "simulate_queue"]


@dataclass(frozen=True, slots=True)
class WorkedOff:
    """What became of the tasks of a queue.

    Parameters
    ----------
    arrival, start, finish : array of shape (n,)
        Hours since the beginning; infinite where work did not begin or end in time.
    hours : int
        Hours simulated.
    """

    arrival: Floats
    start: Floats
    finish: Floats
    hours: int

    @property
    def waits(self) -> Floats:
        """Hours until work begins."""
        waits: Floats = self.start - self.arrival
        return waits

    @property
    def turnaround(self) -> Floats:
        """Hours until work ends."""
        turnaround: Floats = self.finish - self.arrival
        return turnaround

    def backlog(self) -> Floats:
        """Count the tasks that have come and are not done, at the end of each hour."""
        ends = np.arange(1, self.hours + 1)
        came = np.searchsorted(self.arrival, ends, side="left")
        done = np.searchsorted(np.sort(self.finish), ends, side="right")
        left: Floats = (came - done).astype(np.float64)
        return left

    def within(self, hours: float) -> float:
        """Give the share of tasks done within some hours; NaN without tasks."""
        return float(np.mean(self.turnaround <= hours)) if len(self.arrival) else float("nan")


def simulate_queue(
    arrival: Floats,
    work: Floats,
    *,
    capacity: Floats,
    priority: NDArray[np.int64] | None = None,
) -> WorkedOff:
    """Work tasks off.

    Parameters
    ----------
    arrival : array of shape (n,)
        Hours since the beginning, ascending.
    work : array of shape (n,)
        Hours of active work.
    capacity : array of shape (hours,)
        People at work in each hour.
    priority : array of int, shape (n,), optional
        0 is done first; all alike when absent.

    Returns
    -------
    WorkedOff
        When each task is begun and done.

    Raises
    ------
    DesignError
        If arrivals are not in order, or a figure is negative or none.
    """
    size = len(arrival)
    levels = np.zeros(size, dtype=np.int64) if priority is None else priority
    if np.any(np.diff(arrival) < 0):
        raise DesignError("tasks do not stand in the order in which they come")
    for name, values in (("arrival", arrival), ("work", work), ("capacity", capacity)):
        if not np.all(np.isfinite(values) & (values >= 0)):
            raise DesignError(f"{name} of a queue is negative or no number")
    times = np.full((2, size), np.inf)
    work_off(
        np.array([arrival, work], dtype=np.float64),
        np.ascontiguousarray(levels, dtype=np.int64),
        np.ascontiguousarray(capacity, dtype=np.float64),
        np.zeros((2, size), dtype=np.int64),
        np.zeros(size),
        np.full((2, int(levels.max(initial=0)) + 1), -1, dtype=np.int64),
        times,
    )
    return WorkedOff(arrival, times[0], times[1], len(capacity))
