"""The first baseline of a series, from days that may hold anything."""

from __future__ import annotations

import math

from shroff.text.kernel_cache import kernel
from shroff.watch.change_baseline_kernel import (
    enter_day,
    expected_rate,
    fit_level,
    learn_noise,
    learn_season,
    stand,
    unit_noise,
)
from shroff.watch.change_noise_kernel import (
    VALUE,
)
from shroff.watch.change_table_kernel import (
    DECAY,
    EXPOSURE,
    FAMILY,
    FIRST,
    FLOOR,
    HORIZON,
    LEVEL,
    LONG_RUN,
    PHI,
    SEASONAL,
    SEEN,
    SPAN,
    TYPICAL,
    USED,
    Days,
    Known,
    Rules,
    Table,
    renew_sums,
)

__all__ = ["begin", "middle_apart", "middle_rate", "middle_standing", "rate_of"]


@kernel
def begin(
    table: Table, known: Known, rules: Rules, season: Days, sums: Table, spreads: Table, until: int
) -> None:
    """Learn the first baseline from the days before one, holding back what stands out."""
    family = int(rules[FAMILY])
    level = middle_rate(table, until, 0.0, family)
    spread = 1.4826 * middle_apart(table, until, level, family)
    known[PHI] = max(spread * spread, rules[FLOOR]) if family == VALUE else 1.0
    if family != VALUE:
        known[PHI] = max(middle_standing(table, until, level, family), rules[FLOOR])
    season[:] = 0.0 if family == VALUE else 1.0
    known[FIRST], known[DECAY], known[LONG_RUN], known[TYPICAL] = 0.0, 0.7, 1.0, 0.0
    table[LEVEL, :until] = level
    known[SPAN] = rules[HORIZON]
    for _ in range(3):
        for day in range(until):
            if family == VALUE:
                table[SEEN, day] += table[SEASONAL, day]
            enter_day(table, known, rules, season, day)
            stand(table, family, day)
        renew_sums(table, known, 0, until)
        learn_noise(table, known, rules, spreads, until)
        if not fit_level(table, known, rules, until - 1, 0):
            return
        for day in range(until):
            table[LEVEL, day] = expected_rate(table, until - 1, day, family)
        learn_season(table, known, rules, season, sums, until)


@kernel
def rate_of(table: Table, day: int, family: int) -> float:
    """Give the plain rate of a day."""
    return float(table[SEEN, day] if family == VALUE else table[SEEN, day] / table[EXPOSURE, day])


@kernel
def middle_rate(table: Table, until: int, about: float, family: int) -> float:
    """Give the median of the plain rates, or of their distances from a level where one is given."""
    low, high = math.inf, -math.inf
    days = 0
    for day in range(until):
        if table[USED, day] > 0:
            rate = rate_of(table, day, family) - about
            low, high = min(low, rate), max(high, rate)
            days += 1
    for _ in range(40):
        half, below = (low + high) / 2, 0
        for day in range(until):
            if table[USED, day] > 0 and rate_of(table, day, family) - about <= half:
                below += 1
        if 2 * below >= days:
            high = half
        else:
            low = half
    return high


@kernel
def middle_apart(table: Table, until: int, level: float, family: int) -> float:
    """Give the median distance of the plain rates from a level."""
    low, high, days = 0.0, 0.0, 0
    for day in range(until):
        if table[USED, day] > 0:
            high = max(high, abs(rate_of(table, day, family) - level))
            days += 1
    for _ in range(40):
        half, below = (low + high) / 2, 0
        for day in range(until):
            if table[USED, day] > 0 and abs(rate_of(table, day, family) - level) <= half:
                below += 1
        if 2 * below >= days:
            high = half
        else:
            low = half
    return high


@kernel
def middle_standing(table: Table, until: int, level: float, family: int) -> float:
    """Give a first over-dispersion: the squared median distance over that of a normal."""
    days, exposed = 0.0, 0.0
    for day in range(until):
        exposed += table[USED, day] * table[EXPOSURE, day]
        days += table[USED, day]
    apart = 1.4826 * middle_apart(table, until, level, family)
    noise = unit_noise(level, family) / (exposed / days)
    return apart * apart / noise if noise > 0 else 1.0
