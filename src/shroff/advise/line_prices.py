"""What each limit of lines costs, and which limits stand in the way where none can be drawn."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shroff.advise.line_limits import Bars, LineRoom, problem_of
from shroff.advise.line_problem import LinePlan
from shroff.advise.line_search import find_lines, lines_possible
from shroff.advise.threshold_plan import LimitPrice, Relaxation
from shroff.domain.messages import Message

__all__ = ["prices_of", "relaxations_of"]

_POINT = 0.01
_TENTH = 0.1
_HALVINGS = 9
_ROUGH = 1e-3
_WORTH_TELLING = 2e-3  # of what is made small


@dataclass(frozen=True, slots=True)
class _Unit:
    """How a bar is spoken of: per day, as a share, or as it is."""

    per: float
    kind: str


def _unit(name: str, days: int) -> _Unit:
    if name == "hours" or name.startswith("queue:"):
        return _Unit(float(days), "queue" if name.startswith("queue:") else "hours")
    if name in {"rejects", "reviews"}:
        return _Unit(float(days), name)
    return _Unit(1.0, name)


def _names(room: LineRoom, bars: Bars) -> list[str]:
    names = [limit.name for limit in problem_of(room, bars).limits]
    return names if "precision" in names or not room.each_cell else [*names, "precision"]


def prices_of(room: LineRoom, bars: Bars, plan: LinePlan, *, aim: str) -> tuple[LimitPrice, ...]:
    """Say what a step of each limit is worth, by drawing the lines again with it.

    Parameters
    ----------
    room : LineRoom
        Counts, chances, costs.
    bars : Bars
        Limits.
    plan : LinePlan
        The best lines under them.
    aim : str
        What is made small.

    Returns
    -------
    tuple of LimitPrice
        Those whose step would make a difference, dearest first.
    """
    found = []
    days = room.cells.days
    used = dict(
        zip((limit.name for limit in problem_of(room, bars).limits), plan.used, strict=True)
    )
    for name in _names(room, bars):
        unit = _unit(name, days)
        step = _step(name, bars, unit)
        moved = bars.with_bar(name, bars.bar(name) + step * unit.per)
        other = find_lines(problem_of(room, moved), good=_ROUGH)
        gain = max(plan.cost - other.cost, 0.0) if other.feasible else 0.0
        if gain <= _WORTH_TELLING * max(abs(plan.cost), 1e-12):
            continue
        told: dict[str, str | float] = {
            "queue": name.removeprefix("queue:"),
            "step": abs(step),
            "bar": bars.bar(name) / unit.per,
            "to": bars.bar(name) / unit.per + step,
            "gain": gain / days,
        }
        found.append(
            LimitPrice(
                limit=name,
                bar=bars.bar(name),
                used=float(used.get(name, np.nan)),
                step=step,
                gain=gain,
                sentence=Message(f"lines.price.{unit.kind}.{aim}", told),
            )
        )
    return tuple(sorted(found, key=lambda each: -each.gain))


def _step(name: str, bars: Bars, unit: _Unit) -> float:
    """Give the step by which a limit is loosened: an hour a day, a point, a tenth, a line."""
    if unit.kind in {"hours", "queue"}:
        return 1.0
    if unit.kind == "precision":
        return -min(_POINT, bars.precision)
    if unit.kind == "leakage":
        return _POINT
    if unit.kind == "changes":
        return 2.0
    return -_TENTH * bars.bar(name) / unit.per


def relaxations_of(room: LineRoom, bars: Bars) -> tuple[Relaxation, ...]:
    """Find the smallest move of a single limit that makes lines possible, and of all of them.

    Parameters
    ----------
    room : LineRoom
        Counts, chances, costs.
    bars : Bars
        Limits that no lines keep.

    Returns
    -------
    tuple of Relaxation
        One for each limit that is enough alone; where none is, all limits moved by the same part
        of their way.
    """
    found = []
    names = _names(room, bars)
    for name in names:
        share = _smallest(room, bars, [name])
        if share is not None:
            found.append(_told(room, bars, name, share=share))
    if found:
        return tuple(found)
    share = _smallest(room, bars, names)
    if share is None:
        return ()
    return tuple(_told(room, bars, name, share=share, together=True) for name in names)


def _told(
    room: LineRoom, bars: Bars, name: str, *, share: float, together: bool = False
) -> Relaxation:
    unit = _unit(name, room.cells.days)
    asked = bars.bar(name) / unit.per
    possible = _moved(room, bars, name, share=share).bar(name) / unit.per
    told: dict[str, str | float] = {
        "queue": name.removeprefix("queue:"),
        "asked": asked,
        "possible": possible,
    }
    return Relaxation(
        limit=name,
        together=together,
        asked=asked,
        possible=possible,
        sentence=Message(f"lines.relax.{unit.kind}", told),
    )


def _loosest(room: LineRoom, bars: Bars, name: str) -> float:
    """Give the bar that limits nothing."""
    ads, hours = room.worth.ads.sum(axis=1), room.worth.hours
    if name == "hours":
        return max(float(ads @ hours.sum(axis=1)), bars.hours)
    if name.startswith("queue:"):
        mine = hours[:, room.cells.queues.index(name.removeprefix("queue:"))]
        return max(float(ads @ mine), bars.bar(name))
    return {"leakage": 1.0, "changes": 2.0 * len(ads)}.get(name, 0.0)


def _moved(room: LineRoom, bars: Bars, name: str, *, share: float) -> Bars:
    """Move a bar by a share of the way to where it limits nothing."""
    now = bars.bar(name)
    to = now + share * (_loosest(room, bars, name) - now)
    return bars.with_bar(name, float(np.ceil(to)) if name == "changes" else to)


def _smallest(room: LineRoom, bars: Bars, names: list[str]) -> float | None:
    """Find the least share of the way to no limit at which lines are possible."""

    def possible(share: float) -> bool:
        moved = bars
        for name in names:
            moved = moved.with_bar(name, _moved(room, bars, name, share=share).bar(name))
        return lines_possible(problem_of(room, moved))

    if not possible(1.0):
        return None
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if possible(middle) else (middle, high)
    return high
