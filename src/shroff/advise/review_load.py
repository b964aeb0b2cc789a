"""Review work under a proposal: which tasks would not come, which would, who is there to do them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypeAlias

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from shroff.advise.proposal import DAYS, Proposal, Shift
from shroff.domain.slices import Period
from shroff.measure.families import Query
from shroff.stats.dense import add_up
from shroff.stats.proportions import Floats
from shroff.store.engine import Engine
from shroff.store.rows import rows_table

__all__ = ["QueueLoad", "read_loads", "shift_hours"]

_HOUR_US = 3_600_000_000
_HOUR_MS = 3_600_000.0
_LEAST_POOL = 5
_MOMENT = 1e-6
_LOOKS = (1 / 3, 1.0)
"""Second looks that ads nobody reviewed would get, of those that reviewed ads got: people were given
the ads that are hardest to tell, and what lies beside their lines is clearer."""
_TASKS_SQL = """
SELECT t.queue, COALESCE(t.queue_reason, 'model') AS reason, t.enqueued_at, t.decided_at,
       t.capped_ms, COALESCE(x.leaves, 0) AS leaves, x.queue_was, x.queue_new, x.decided_at AS since
FROM tasks AS t
LEFT JOIN (
  SELECT ad_id, ad_version, MIN(queue_was) AS queue_was, MIN(queue_new) AS queue_new,
         MIN(decided_at) AS decided_at,
         MIN(CASE WHEN action = 'review' AND becomes <> 'review' THEN 1 ELSE 0 END) AS leaves
  FROM strategy WHERE in_period AND action = 'review' GROUP BY ad_id, ad_version) AS x
  ON t.ad_id = x.ad_id AND COALESCE(t.ad_version, 1) = x.ad_version
WHERE t.entered AND t.queue IS NOT NULL AND t.enqueued_at IS NOT NULL
"""
_NEW_SQL = """
SELECT ad_id, ad_version, MIN(decided_at) AS since, MIN(queue_new) AS queue,
       (SELECT AVG(CASE WHEN action = 'restrict' THEN 1.0 ELSE 0.0 END) FROM strategy
        WHERE in_period AND ruled = 0 AND action IN ('review', 'restrict')) AS restricted
FROM strategy
WHERE in_period AND becomes = 'review' AND action <> 'review' AND queue_new IS NOT NULL
GROUP BY ad_id, ad_version
"""
_DUTY_SQL = """
SELECT queue, hour, SUM(reviewer_hours) AS hours FROM staffing
WHERE queue IS NOT NULL GROUP BY queue, hour ORDER BY 1, 2
"""
_SEEN_SQL = """
SELECT queue, DATE_TRUNC('hour', decided_at) AS hour,
       CAST(COUNT(DISTINCT reviewer_id) AS DOUBLE) AS hours
FROM reviews
WHERE queue IS NOT NULL AND decided_at IS NOT NULL AND COALESCE(role, 'L1') <> 'LLM'
GROUP BY queue, DATE_TRUNC('hour', decided_at) ORDER BY 1, 2
"""

Texts: TypeAlias = NDArray[np.object_]


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueLoad:
    """Tasks of one queue, and who is there for them.

    Parameters
    ----------
    queue : str
        The queue.
    hours : int
        Hours of the period.
    arrival, work : array of shape (n,)
        Hours since the period began, and hours of active work, of tasks as they came.
    turnaround : array of shape (n,)
        Hours until done; infinite while open.
    reason : array of str, shape (n,)
        Why each came.
    arrival_after, work_after, reason_after : arrays
        The same under the proposal.
    duty, duty_after : array of shape (hours,)
        Reviewers on duty.
    doubt : float
        Standard error of the hours of work under the proposal: nobody did the tasks that would come.
    logged : bool
        Whether staffing is logged; else those who decided something in an hour are counted.
    """

    queue: str
    hours: int
    arrival: Floats
    work: Floats
    turnaround: Floats
    reason: Texts
    arrival_after: Floats
    work_after: Floats
    reason_after: Texts
    duty: Floats
    duty_after: Floats
    logged: bool
    doubt: float = 0.0

    @property
    def changes(self) -> bool:
        """Tell whether tasks or staff would be others."""
        same = len(self.arrival) == len(self.arrival_after) and np.array_equal(
            self.arrival, self.arrival_after
        )
        return not same or not np.array_equal(self.duty, self.duty_after)


def shift_hours(shifts: tuple[Shift, ...], period: Period) -> Floats:
    """Lay shifts out over the hours of a period.

    Parameters
    ----------
    shifts : tuple of Shift
        A week.
    period : Period
        Days.

    Returns
    -------
    array of shape (hours,)
        Reviewers on duty in each hour; part of an hour counts as that part.
    """
    hours = np.zeros((period.days + 2) * 24)
    weekday = period.start.weekday()
    for shift in shifts:
        for day in range(-1, period.days + 1):
            if DAYS[(weekday + day) % 7] not in shift.days:
                continue
            first = (day + 1) * 24 + shift.start
            slots = np.arange(int(first), min(int(np.ceil(first + shift.hours)), len(hours)))
            part = np.minimum(slots + 1, first + shift.hours) - np.maximum(slots, first)
            hours[slots] += shift.reviewers * np.maximum(part, 0.0)
    return hours[24 : 24 + period.days * 24]


def read_loads(
    engine: Engine, proposal: Proposal | None, *, period: Period, rng: np.random.Generator
) -> tuple[tuple[QueueLoad, ...], tuple[Query, ...]]:
    """Read the work of every queue; ``tasks`` and ``strategy`` stand.

    Parameters
    ----------
    engine : Engine
        Where they stand.
    proposal : Proposal or None
        What is proposed; None for the work as it was.
    period : Period
        Days.
    rng : Generator
        Chance, for the work of ads that nobody reviewed.

    Returns
    -------
    tuple of QueueLoad, tuple of Query
        Queues, those with most work first; and what was run.
    """
    tasks = _Tasks.read(engine, period)
    another = proposal is not None and bool(proposal.versions)
    added = _added(engine, tasks, period=period, another=another, rng=rng)
    logged, seen = _duty(engine, _DUTY_SQL, period), _duty(engine, _SEEN_SQL, period)
    staffed = {each.queue: each.shifts for each in (proposal.staffing if proposal else ())}
    names = sorted({*tasks.queue.tolist(), *tasks.queue_after.tolist(), *added.queue, *staffed})
    loads = []
    for name in names:
        duty = logged.get(name, seen.get(name, np.zeros(period.days * 24)))
        after = shift_hours(staffed[name], period) if name in staffed else duty
        loads.append(tasks.load(name, added, duty=(duty, after), logged=name in logged))
    loads.sort(key=lambda each: (-max(each.work.sum(), each.work_after.sum()), each.queue))
    asked = (Query("review tasks", _TASKS_SQL), Query("ads that would be reviewed", _NEW_SQL))
    return tuple(loads), asked


@dataclass(slots=True)
class _Added:
    """Tasks that would come."""

    queue: list[str] = field(default_factory=list[str])
    arrival: list[float] = field(default_factory=list[float])
    work: list[float] = field(default_factory=list[float])
    doubt: dict[str, float] = field(default_factory=dict[str, float])
    shared: dict[str, float] = field(default_factory=dict[str, float])

    def doubt_of(self, queue: str) -> float:
        """Put doubt together: of single tasks, and of what is unsure of all of them alike."""
        return float(np.hypot(self.doubt.get(queue, 0.0), self.shared.get(queue, 0.0)))

    def add(
        self,
        queue: str,
        arrival: Floats,
        pool: Floats,
        *,
        unsure: float,
        rng: np.random.Generator,
    ) -> None:
        """Add tasks whose work is drawn from a pool; it is not sure how many they would be."""
        size = len(arrival)
        self.queue += [queue] * size
        self.arrival += arrival.tolist()
        self.work += (rng.choice(pool, size) if len(pool) else np.zeros(size)).tolist()
        if len(pool) > 1:
            # of the tasks, of the work drawn for them, and of the pool's mean
            spread = float(pool.var(ddof=1)) * size * (2 + size / len(pool))
            self.shared[queue] = self.shared.get(queue, 0.0) + unsure * float(pool.mean())
            self.doubt[queue] = float(np.hypot(self.doubt.get(queue, 0.0), np.sqrt(spread)))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tasks:
    queue: Texts
    queue_after: Texts
    first: Texts
    reason: Texts
    arrival: Floats
    delay: Floats
    turnaround: Floats
    work: Floats
    leaves: NDArray[np.bool_]
    hours: int

    @classmethod
    def read(cls, engine: Engine, period: Period) -> _Tasks:
        table = rows_table(engine, _TASKS_SQL)
        queue, reason = _texts(table, "queue"), _texts(table, "reason")
        first, routed = _texts(table, "queue_was"), _texts(table, "queue_new")
        machine = np.isin(reason, ["model", "rule"])
        arrival, since = _hours(table, "enqueued_at", period), _hours(table, "since", period)
        known = np.asarray(
            table.column("capped_ms").to_numpy(zero_copy_only=False), dtype=np.float64
        )
        usual = float(np.nanmean(known)) if np.isfinite(known).any() else 0.0
        moved = machine & (queue == first) & (routed != "")
        leaves = np.asarray(table.column("leaves").to_numpy(zero_copy_only=False)) > 0
        return cls(
            queue=queue, queue_after=np.where(moved, routed, queue), first=first, reason=reason,
            arrival=arrival, delay=np.maximum(arrival - since, 0.0),
            turnaround=np.nan_to_num(
                _hours(table, "decided_at", period) - arrival, nan=np.inf
            ).clip(min=0.0),
            work=np.where(np.isfinite(known), known, usual) / _HOUR_MS,
            leaves=machine & leaves, hours=period.days * 24,
        )  # fmt: skip

    def load(
        self, name: str, added: _Added, *, duty: tuple[Floats, Floats], logged: bool
    ) -> QueueLoad:
        mine = np.flatnonzero(self.queue == name)
        mine = mine[np.argsort(self.arrival[mine], kind="stable")]
        then = np.flatnonzero((self.queue_after == name) & ~self.leaves)
        new = [place for place, queue in enumerate(added.queue) if queue == name]
        arrival = np.concatenate([self.arrival[then], [added.arrival[place] for place in new]])
        work = np.concatenate([self.work[then], [added.work[place] for place in new]])
        reason = np.concatenate([self.reason[then], np.full(len(new), "model", dtype=object)])
        order = np.argsort(arrival, kind="stable")
        return QueueLoad(
            queue=name, hours=self.hours, arrival=self.arrival[mine], work=self.work[mine],
            turnaround=self.turnaround[mine], reason=self.reason[mine],
            arrival_after=arrival[order], work_after=work[order], reason_after=reason[order],
            duty=duty[0], duty_after=duty[1], logged=logged, doubt=added.doubt_of(name),
        )  # fmt: skip


def _added(
    engine: Engine, tasks: _Tasks, *, period: Period, another: bool, rng: np.random.Generator
) -> _Added:
    """Draw the tasks of ads that nobody reviewed: work and second looks like those of the queue."""
    # another version of a model would restrict some of them, as the one that ran did
    table = engine.query(_NEW_SQL)
    queue, since = _texts(table, "queue"), _hours(table, "since", period)
    gone = float(table.column("restricted")[0].as_py() or 0.0) if another and len(table) else 0.0
    found = _Added()
    machine = np.isin(tasks.reason, ["model", "rule"])
    for name in sorted(set(queue.tolist())):
        at = since[queue == name]
        pool = tasks.work[machine & (tasks.queue == name)]
        pool = pool if len(pool) >= _LEAST_POOL else tasks.work[machine]
        pool = pool if len(pool) else tasks.work
        unsure = gone * len(at) / 2
        at = at[rng.random(len(at)) >= gone]
        found.add(name, at, pool, unsure=unsure, rng=rng)
        again = np.flatnonzero(machine & (tasks.first == name) & (tasks.queue != name))
        firsts = int((machine & (tasks.queue == name)).sum())
        if len(again) and firsts:
            _second_looks(found, tasks, again, at, rate=min(len(again) / firsts, 1.0), rng=rng)
    return found


def _second_looks(
    found: _Added,
    tasks: _Tasks,
    again: NDArray[np.intp],
    at: Floats,
    *,
    rate: float,
    rng: np.random.Generator,
) -> None:
    """Add the tasks that come after a first one, to the queues where they came before."""
    low, high = _LOOKS
    some = at[rng.random(len(at)) < rate * (low + high) / 2]
    for queue in sorted(set(tasks.queue[again].tolist())):
        mine = again[tasks.queue[again] == queue]
        part = some[rng.random(len(some)) < len(mine) / len(again)]
        unsure = len(at) * rate * len(mine) / len(again) * (high - low) / np.sqrt(12)
        expected = len(at) * rate * (low + high) / 2 * len(mine) / len(again)
        chance = float(np.sqrt(2 * expected) * tasks.work[mine].mean())
        found.doubt[queue] = float(np.hypot(found.doubt.get(queue, 0.0), chance))
        late = np.minimum(part + rng.choice(tasks.delay[mine], len(part)), tasks.hours - _MOMENT)
        found.add(queue, late, tasks.work[mine], unsure=unsure, rng=rng)


def _duty(engine: Engine, sql: str, period: Period) -> dict[str, Floats]:
    table = engine.query(sql)
    queue = _texts(table, "queue")
    at = np.floor(_hours(table, "hour", period))
    hours = np.nan_to_num(np.asarray(table.column("hours").to_numpy(zero_copy_only=False), float))
    size = period.days * 24
    inside = np.isfinite(at) & (at >= 0) & (at < size)
    return {
        name: add_up(at[mine].astype(np.intp), hours[mine], size=size)
        for name in set(queue.tolist())
        for mine in [inside & (queue == name)]
        if mine.any()
    }


def _texts(table: pa.Table, name: str) -> Texts:
    texts: Texts = np.array([each or "" for each in table.column(name).to_pylist()], dtype=object)
    return texts


def _hours(table: pa.Table, name: str, period: Period) -> Floats:
    """Give times as hours since the period began; NaN where there is none."""
    start = datetime(period.start.year, period.start.month, period.start.day, tzinfo=UTC)
    column = table.column(name).cast(pa.timestamp("us", tz="UTC"))
    micros = column.cast(pa.int64()).to_numpy(zero_copy_only=False).astype(np.float64)
    hours: Floats = (micros - start.timestamp() * 1e6) / _HOUR_US
    return hours
