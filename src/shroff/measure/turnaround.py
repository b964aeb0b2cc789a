"""The people the machine hands over to: how long ads wait, how busy reviewers are."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from shroff.domain.messages import Message
from shroff.domain.metrics import Metric
from shroff.measure.blocks import Block
from shroff.measure.brief import Brief
from shroff.measure.counts import Cube, count
from shroff.measure.flow import counted
from shroff.stats.estimate import Estimates, Status
from shroff.stats.survival import Durations, percentile
from shroff.store.engine import Engine
from shroff.store.sql import literal

__all__ = ["reviewing"]

_PERCENTILES = {"turnaround_p50": 0.5, "turnaround_p90": 0.9, "turnaround_p95": 0.95}
_SUMS = {
    "tasks": "COUNT(*)",
    "open": "SUM(CASE WHEN done THEN 0 ELSE 1 END)",
    "timed": "SUM(CASE WHEN done AND capped_ms IS NOT NULL THEN 1 ELSE 0 END)",
    "active": "SUM(CASE WHEN done THEN CAST(capped_ms AS DOUBLE) ELSE 0 END)",
}
_MINUTE_MS, _HOUR_MS, _HOUR_MINUTES = 60_000, 3_600_000, 60
_LIVE = "entered AND COALESCE(queue_reason, 'model') NOT IN ('random', 'recheck', 'seeded')"
"""Audits and quality checks are not what advertisers wait for."""
_STAFF_COLUMNS = frozenset({"queue", "language"})


def reviewing(
    engine: Engine, brief: Brief, metrics: Sequence[Metric], *, slicings: Sequence[tuple[str, ...]]
) -> tuple[list[Block], list[str]]:
    """Measure the review tasks of the period.

    Parameters
    ----------
    engine : Engine
        Where the table ``tasks`` is.
    brief : Brief
        Period and level.
    metrics : sequence of Metric
        Metrics of tasks and staffing wanted.
    slicings : sequence of tuple of str
        Sets of dimensions of tasks.

    Returns
    -------
    list of Block, list of str
        The figures and the queries that gave them.
    """
    wanted = {metric.id for metric in metrics}
    keys = ("done_code", "minutes")
    source = "(SELECT t.*, CASE WHEN done THEN 1 ELSE 0 END AS done_code FROM tasks AS t) AS timed"
    cube = count(engine, source, slicings=slicings, keys=keys, sums=_SUMS, where=_LIVE)
    blocks: list[Block] = []
    queries = [cube.query]
    if len(cube.group):
        blocks += _waits(cube, brief, wanted)
        blocks += _shares(cube, brief, wanted)
    if "occupancy" in wanted:
        found, asked = _occupancy(engine, brief, slicings)
        blocks += found
        queries += asked
    return blocks, queries


def _waits(cube: Cube, brief: Brief, wanted: set[str]) -> list[Block]:
    done = cube.columns["done_code"] > 0
    tasks = cube.columns["tasks"]
    size = len(cube.slices)
    still = np.bincount(cube.group, weights=cube.columns["open"], minlength=size)
    total = np.bincount(cube.group, weights=tasks, minlength=size)
    durations = Durations(
        group=cube.group,
        value=cube.columns["minutes"] / _HOUR_MINUTES,
        ended=np.where(done, tasks, 0.0),
        censored=np.where(done, 0.0, tasks),
    )
    return [
        block
        for metric, share in _PERCENTILES.items()
        if metric in wanted
        for figures in [percentile(durations, share=share, groups=size, level=brief.level)]
        for block in _cut(
            cube,
            metric,
            figures,
            note=_waiting_note(still, total, figures),
            status=_reached(figures),
        )
    ]


def _reached(figures: Estimates) -> list[Status]:
    """Mark percentiles that so many open tasks leave open: at least the lower end."""
    return [Status.BOUNDS if gone else Status.ESTIMATE for gone in np.isnan(figures.value)]


def _waiting_note(
    still: np.ndarray, total: np.ndarray, figures: Estimates
) -> Callable[[int], tuple[Message, ...]]:
    def note(place: int) -> tuple[Message, ...]:
        if not still[place]:
            return ()
        counts = {"open": int(still[place]), "tasks": int(total[place])}
        found = Message("scorecard.tasks_open", counts)
        reached = not np.isnan(figures.value[place])
        return (found,) if reached else (found, Message("scorecard.not_reached"))

    return note


def _cut(
    cube: Cube,
    metric: str,
    figures: Estimates,
    *,
    note: Callable[[int], tuple[Message, ...]],
    status: Sequence[Status],
) -> list[Block]:
    return [
        Block(
            metric=metric,
            dimensions=slicing,
            slices=cube.slices[first:last],
            estimates=figures.part(first, last),
            status=tuple(status[first:last]),
            design="every review task of the period",
            notes={p - first: note(p) for p in range(first, last) if note(p)},
        )
        for slicing, (first, last) in cube.spans.items()
    ]


def _no_note(_: int) -> tuple[Message, ...]:
    return ()


def _shares(cube: Cube, brief: Brief, wanted: set[str]) -> list[Block]:
    size = len(cube.slices)
    sums = {
        name: np.bincount(cube.group, weights=cube.columns[name], minlength=size) for name in _SUMS
    }
    pairs = {
        "backlog_share": (sums["open"], sums["tasks"]),
        "handle_minutes": (sums["active"] / _MINUTE_MS, sums["timed"]),
    }
    return [
        block
        for metric, (above, below) in pairs.items()
        if metric in wanted
        for block in _cut(
            cube,
            metric,
            counted(above, below, level=brief.level),
            note=_no_note,
            status=[Status.COUNT] * size,
        )
    ]


def _occupancy(
    engine: Engine, brief: Brief, slicings: Sequence[tuple[str, ...]]
) -> tuple[list[Block], list[str]]:
    """Divide active hours by hours on duty, where staffing is logged by the same columns."""
    fits = [slicing for slicing in slicings if set(slicing) <= _STAFF_COLUMNS]
    period = f"hour >= {literal(brief.period.start)} AND hour < {literal(brief.period.end)}"
    duty = count(
        engine,
        "staffing",
        slicings=fits,
        sums={"hours": "SUM(reviewer_hours)"},
        where=f"{period} AND hour < {literal(brief.as_of)}",
    )
    work = count(
        engine,
        "tasks",
        slicings=fits,
        sums={"active": "SUM(CAST(capped_ms AS DOUBLE))"},
        where="left_queue",
    )
    busy = {
        work.slices[group]: value / _HOUR_MS
        for group, value in zip(work.group, work.columns["active"], strict=True)
    }
    hours = np.zeros(len(duty.slices))
    hours[duty.group] = duty.columns["hours"]
    active = np.array([busy.get(part, 0.0) for part in duty.slices])
    if not hours.sum():
        return [], [duty.query]
    figures = counted(active, hours, level=brief.level)
    blocks = _cut(
        duty, "occupancy", figures, note=_no_note, status=[Status.COUNT] * len(duty.slices)
    )
    return blocks, [duty.query, work.query]
