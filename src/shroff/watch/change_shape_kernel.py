"""Tells a step from a ramp, and sees when a series has become rougher or calmer."""

from __future__ import annotations

import math

from shroff.text.kernel_cache import kernel
from shroff.watch.change_baseline_kernel import unit_noise
from shroff.watch.change_noise_kernel import VALUE
from shroff.watch.change_table_kernel import (
    BEGAN,
    CALM,
    COUNTED,
    DECAY,
    DEVIATE,
    DOUBT,
    EVEN,
    EXPECTED,
    EXPOSED,
    FAMILY,
    FIRST,
    FOUND,
    HELD,
    HIGH,
    LAST,
    LEVEL,
    LONG_RUN,
    LOW,
    MEMORY,
    OBSERVED,
    OPEN,
    PHI,
    RAMP,
    SEEN,
    SETTLED,
    TYPICAL,
    USED,
    VARIANCE,
    VARIED,
    WIDTH,
    Event,
    Known,
    Rules,
    Table,
)

__all__ = ["find_ramp", "find_roughness"]

_LATE = 28  # days that a change of variance is judged from
_EARLY = 84  # days before them that it is held against
_ROUGH = 5.0  # deviate from which variance is said to have changed
_EVENTS = 10.0  # expected events a day below which no variance is judged
_ODDS = 4.0
_INSIDE = 3.84  # twice the log odds at the ends of a 95% interval


@kernel
def explained(
    table: Table, known: Known, family: int, first: int, day: int, since: int, rises: float
) -> float:
    """Give what a step (``rises`` 0) or ramp (1) from a day on takes off the sum of squares."""
    crossed, squared = 0.0, 0.0
    for each in range(max(first, since), day + 1):
        if table[OPEN, each] == 0:
            continue
        even, level = table[EVEN, each], table[LEVEL, each]
        weight = 1 / max(even * unit_noise(level, family) * known[PHI], 1e-300)
        shape = even if family == VALUE else even * level
        shape *= 1 + rises * (each - first)
        crossed += weight * shape * (table[SEEN, each] - even * level)
        squared += weight * shape * shape
    return crossed * crossed / squared if squared > 0 else 0.0


@kernel
def find_ramp(table: Table, known: Known, rules: Rules, event: Event, low: int, day: int) -> None:
    """Say whether a change is rather a ramp than a step, and from when on."""
    family, step, ramp, at = int(rules[FAMILY]), 0.0, 0.0, low
    for first in range(low, day - 3):
        step = max(step, explained(table, known, family, first, day, low, 0.0))
        gained = explained(table, known, family, first, day, low, 1.0)
        if gained > ramp:
            ramp, at = gained, first
    if (ramp - step) / known[LONG_RUN] < _ODDS:
        return
    event[RAMP], event[BEGAN], event[LOW], event[HIGH] = 1.0, at, at, at
    for first in range(low, day - 3):
        gained = explained(table, known, family, first, day, low, 1.0)
        if (ramp - gained) / known[LONG_RUN] < _INSIDE:
            event[LOW] = min(event[LOW], first)
            event[HIGH] = max(event[HIGH], first)


@kernel
def roughness(table: Table, known: Known, first: int, until: int) -> tuple[float, float, float]:
    """Give mean square of what days deviate by, days, and the degrees of freedom of that mean."""
    days, total, fourth = 0.0, 0.0, 0.0
    for day in range(first, until):
        if table[USED, day] > 0:
            square = table[HELD, day] * table[HELD, day]
            days += 1
            total += square
            fourth += square * square
    if days < 2 or total <= 0:
        return 0.0, days, 0.0
    mean = total / days
    spread = max(fourth / days / (mean * mean) - 1, 2.0)
    along = known[FIRST] * known[FIRST] / (1 - known[DECAY] * known[DECAY])
    return mean, days, 2 * days / spread / (1 + 2 * along)


@kernel
def compare_roughness(table: Table, known: Known, first: int, split: int, until: int) -> float:
    """Give the deviate of the mean squares after a day against those before it."""
    late, _, late_free = roughness(table, known, split, until)
    early, _, early_free = roughness(table, known, first, split)
    if late_free < 5 or early_free < 5:
        return 0.0
    root = (late / early) ** (1 / 3)
    one, two = 2 / (9 * late_free), 2 / (9 * early_free)
    return float((root * (1 - two) - (1 - one)) / math.sqrt(root * root * two + one))


@kernel
def find_roughness(
    table: Table, known: Known, rules: Rules, event: Event, since: int, day: int
) -> bool:
    """Hold the scatter of the last weeks against that of the weeks before (Paulson 1942)."""
    first = max(int(known[CALM]), day - int(rules[MEMORY]), 0)
    if int(rules[FAMILY]) != VALUE and known[TYPICAL] * table[LEVEL, day - 1] < _EVENTS:
        return False
    deviate = 0.0
    for late in range(_LATE, 3 * _LATE + 1, _LATE):
        if day - late - first >= _EARLY and day - late > since:
            each = compare_roughness(table, known, first, day - late, day)
            if abs(each) > abs(deviate):
                deviate = each
    if abs(deviate) < _ROUGH:
        return False
    low = max(first + _LATE, since + 1, day - 3 * _LATE)
    place_roughness(table, known, event, first, low, day)
    event[DEVIATE] = deviate
    return True


@kernel
def split_odds(table: Table, known: Known, first: int, middle: int, day: int) -> float:
    """Give the log likelihood of one variance before a day and another from it on."""
    before, many, _ = roughness(table, known, first, middle)
    after, few, _ = roughness(table, known, middle, day)
    if before <= 0 or after <= 0:
        return -math.inf
    return float(-(many * math.log(before) + few * math.log(after)) / 2)


@kernel
def place_roughness(
    table: Table, known: Known, event: Event, first: int, low: int, day: int
) -> None:
    """Find since when the variance is another, and note it."""
    best, at = -math.inf, low
    for middle in range(low, day - 7):
        odds = split_odds(table, known, first, middle, day)
        if odds > best:
            best, at = odds, middle
    note_roughness(table, known, event, first, at, day)
    for middle in range(low, day - 7):
        if best - split_odds(table, known, first, middle, day) < _INSIDE / 2:
            event[LOW], event[HIGH] = min(event[LOW], middle), max(event[HIGH], middle)


@kernel
def note_roughness(
    table: Table, known: Known, event: Event, first: int, at: int, day: int
) -> None:
    """Note a change of variance: mean squares after and before, and the variance of their logs."""
    after, days, after_free = roughness(table, known, at, day)
    before, _, before_free = roughness(table, known, first, at)
    event[:] = 0.0
    event[VARIED], event[LAST], event[SETTLED] = 1.0, -1.0, day - 1
    event[BEGAN] = event[LOW] = event[HIGH] = at
    event[FOUND], event[WIDTH] = day - 1, day - at
    event[OBSERVED], event[EXPECTED] = after, before
    event[COUNTED] = event[EXPOSED] = days
    event[VARIANCE] = 2 / max(after_free, 1.0)
    event[DOUBT] = 2 / max(before_free, 1.0)
    known[CALM] = at
