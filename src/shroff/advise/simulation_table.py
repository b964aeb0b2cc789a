"""Rows of a simulation's tables, as a terminal and a report show them."""

from __future__ import annotations

from collections.abc import Sequence

from shroff.advise.queue_play import QueueOutcome
from shroff.advise.replay_figures import Compared
from shroff.advise.simulation import CostSwing
from shroff.domain.messages import Language, count, number, percent, points, say
from shroff.stats.estimate import Estimate, Status

__all__ = [
    "between",
    "cost_rows",
    "figure_rows",
    "figure_texts",
    "hour_rows",
    "hour_titles",
    "queue_rows",
]

_SMALL = 100
_PART, _DAY = 3, 24


def _plain(value: float, unit: str) -> str:
    if unit == "share":
        return percent(value)
    if unit == "points":
        return points(value)
    return count(value) if abs(value) >= _SMALL or value == round(value) else number(value)


def between(estimate: Estimate, unit: str) -> str:
    """Write a figure with its interval; a count without, a bound by its ends."""
    low, high, value = estimate.low, estimate.high, estimate.value
    if estimate.status is Status.COUNT and value is not None:
        return _plain(value, unit)
    if low is None and high is None:
        return "–"
    ends = " – ".join("…" if end is None else _plain(end, unit) for end in (low, high))
    return ends if value is None else f"{_plain(value, unit)} ({ends})"


def figure_texts(figure: Compared) -> tuple[str, str, str]:
    """Write a figure without, with, and the change."""
    signed = "points" if figure.unit == "share" else figure.unit
    return (
        between(figure.before, figure.unit),
        between(figure.after, figure.unit),
        between(figure.change, signed),
    )


def figure_rows(
    figures: Sequence[Compared], language: Language
) -> list[tuple[str, str, str, str]]:
    """Give a row a figure: name, without, with, change."""
    return [
        (say(f"simulate.figure.{figure.name}", language), *figure_texts(figure))
        for figure in figures
    ]


def queue_rows(queues: Sequence[QueueOutcome]) -> list[tuple[str, ...]]:
    """Give a row a queue: tasks, hours, turnaround, as logged, backlog; before and after."""
    return [
        (
            each.queue,
            f"{count(each.tasks)} → {count(each.tasks_after)}",
            f"{number(each.hours)} → {number(each.hours_after)}",
            " → ".join(between(figure, "hours") for figure in each.p90),
            "–" if each.logged_p90 is None else number(each.logged_p90),
            " → ".join(between(figure, "count") for figure in each.backlog),
        )
        for each in queues
    ]


def hour_titles() -> tuple[str, ...]:
    """Name the parts of the day, UTC: three hours each."""
    return tuple(f"{hour:02d}–{hour + _PART:02d}" for hour in range(0, _DAY, _PART))


def hour_rows(queues: Sequence[QueueOutcome]) -> list[tuple[str, ...]]:
    """Give a row a queue with work: hours of work begun in each part of the day, before and after."""
    rows = []
    for each in queues:
        if not each.hours and not each.hours_after:
            continue
        parts = [
            by_hour.reshape(-1, _PART).sum(axis=1)
            for by_hour in (each.by_hour, each.by_hour_after)
        ]
        told = (f"{number(was)} → {number(then)}" for was, then in zip(*parts, strict=True))
        rows.append((each.queue, *told))
    return rows


def cost_rows(swings: Sequence[CostSwing], language: Language) -> list[tuple[str, str, str]]:
    """Give a row an assumption of costs: change, and the chance that it saves."""
    rows = []
    for swing in swings:
        if swing.what:
            key = "simulate.cost_half" if swing.times < 1 else "simulate.cost_twice"
            name = say(key, language, {"what": say(f"simulate.cost.{swing.what}", language)})
        else:
            name = say("simulate.cost_now", language)
        rows.append((name, between(swing.change, "money"), percent(swing.saves)))
    return rows
