"""Compiled loops of a queue: tasks come, wait by priority, are worked on while people are there."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from shroff.text.kernel_cache import kernel

__all__ = ["work_off"]

Floats = NDArray[np.float64]
Places = NDArray[np.int64]


@kernel
def _push(heap: Places, marks: Floats, size: int, item: int) -> None:
    """Put a task among those that are worked on; the one done first stands first."""
    at = size
    while at > 0:
        above = (at - 1) >> 1
        if marks[heap[above]] <= marks[item]:
            break
        heap[at] = heap[above]
        at = above
    heap[at] = item


@kernel
def _pop(heap: Places, marks: Floats, size: int) -> int:
    """Take out the task that is done first."""
    first = heap[0]
    item = heap[size - 1]
    at = 0
    while 2 * at + 1 < size - 1:
        below = 2 * at + 1
        if below + 1 < size - 1 and marks[heap[below + 1]] < marks[heap[below]]:
            below += 1
        if marks[item] <= marks[heap[below]]:
            break
        heap[at] = heap[below]
        at = below
    heap[at] = item
    return int(first)


@kernel
def _first_waiting(head: Places) -> int:
    """Give the highest priority at which a task waits; -1 for none."""
    for level in range(len(head)):
        if head[level] >= 0:
            return level
    return -1


@kernel
def _enqueue(item: int, level: int, following: Places, ends: Places) -> None:
    """Let a task wait behind those of its priority."""
    following[item] = -1
    if ends[0, level] < 0:
        ends[0, level] = item
    else:
        following[ends[1, level]] = item
    ends[1, level] = item


@kernel
def work_off(
    tasks: Floats,
    priority: Places,
    capacity: Floats,
    room: Places,
    marks: Floats,
    ends: Places,
    times: Floats,
) -> int:
    """Work tasks off, hour by hour.

    Parameters
    ----------
    tasks : array of shape (2, n)
        When each comes, hours since the beginning, ascending; its hours of work.
    priority : array of int, shape (n,)
        0 is done first; nobody leaves a task for another.
    capacity : array of shape (hours,)
        People at work in each hour; a fraction works that much slower.
    room : array of int, shape (2, n)
        Room for those that are worked on, and for who waits behind whom.
    marks : array of shape (n,)
        Room for the clock of work at which each is done.
    ends : array of int, shape (2, priorities)
        Room for the first and the last that waits; -1 everywhere.
    times : array of shape (2, n)
        Set to when work begins and ends; left alone where it does not.

    Returns
    -------
    int
        Tasks that are done.

    Notes
    -----
    All who work do so at one speed, so that a single clock of work tells who is done next. Where
    fewer people come than tasks are begun, they share them: no work is lost and none is made up.
    """
    clock, now, busy, coming, done, hour = 0.0, 0.0, 0, 0, 0, 0
    heap, following = room[0], room[1]
    while hour < len(capacity):
        here = max(capacity[hour], 0.0)
        servers = int(np.ceil(here - 1e-9))
        level = _first_waiting(ends[0]) if busy < servers else -1
        if level >= 0:
            item = ends[0, level]
            ends[0, level] = following[item]
            times[0, item] = now
            marks[item] = clock + tasks[1, item]
            _push(heap, marks, busy, item)
            busy += 1
            continue
        speed = here / max(servers, busy) if servers > 0 else 0.0
        until, kind = float(hour + 1), 0
        if coming < len(priority) and tasks[0, coming] < until:
            until, kind = max(tasks[0, coming], now), 1
        if busy > 0 and speed > 0:
            end = now + (marks[heap[0]] - clock) / speed
            if end <= until:
                until, kind = max(end, now), 2
        clock += (until - now) * speed
        now = until
        if kind == 0:
            hour += 1
        elif kind == 1:
            _enqueue(coming, priority[coming], following, ends)
            coming += 1
        else:
            times[1, _pop(heap, marks, busy)] = now
            busy -= 1
            done += 1
    return done
