"""What is known of a change: its days, its onset, its size."""

from __future__ import annotations

import math

from shroff.text.kernel_cache import kernel
from shroff.watch.change_baseline_kernel import (
    clip_day,
    expected_rate,
    fit_level,
    stand,
    unit_noise,
)
from shroff.watch.change_noise_kernel import (
    RATIO,
    VALUE,
    season_tail,
)
from shroff.watch.change_table_kernel import (
    BACK,
    BEGAN,
    CENTRE,
    COUNTED,
    DOUBT,
    EVEN,
    EXPECTED,
    EXPOSED,
    EXPOSURE,
    FAMILY,
    FIT,
    FIT_DAY,
    FIT_DOUBT,
    FIT_SLOPE_DOUBT,
    FOUND,
    HIGH,
    LAST,
    LEVEL,
    LIKELY,
    LONG_RUN,
    LOW,
    OBSERVED,
    OPEN,
    PERIOD,
    PHI,
    SEASON_DOUBT,
    SEEN,
    SETTLED,
    SINCE,
    TURNED,
    TYPICAL,
    USED,
    VARIANCE,
    WIDTH,
    WITHIN,
    Days,
    Event,
    Known,
    Rules,
    Table,
    renew_sums,
)

__all__ = [
    "add_day",
    "gain",
    "measure",
    "place_onset",
    "raise_alarm",
    "rate_in_change",
    "refit",
    "resume",
]


@kernel
def gain(table: Table, known: Known, rules: Rules, day: int, before: float, after: float) -> float:
    """Give the log odds of a day for one rate against another, over-dispersion taken off."""
    family, seen, even = int(rules[FAMILY]), table[SEEN, day], table[EVEN, day]
    if family == VALUE:
        middle = (before + after) / 2
        return float(
            (after - before) * (seen / even - middle) * even / (known[PHI] * known[LONG_RUN])
        )
    tiny = 0.25 / even
    before, after = max(before, tiny), max(after, tiny)
    odds = seen * math.log(after / before) - even * (after - before)
    if family == RATIO:
        odds /= 1 - min((before + after) / 2, 0.99)
    over = 1 + (known[PHI] - 1) * max(1.0, even / known[TYPICAL])
    return float(odds / (over * known[LONG_RUN]))


@kernel
def rate_in_change(level: float, event: Event, family: int) -> float:
    """Give the rate of a day within a change, from what the change has shown so far."""
    if family == VALUE:
        return float(level + (event[OBSERVED] - event[EXPECTED]) / event[COUNTED])
    if event[EXPECTED] <= 0:
        return level
    return float(level * event[OBSERVED] / event[EXPECTED])


@kernel
def add_day(table: Table, event: Event, day: int) -> None:
    """Count a day into a change."""
    even = table[EVEN, day]
    event[OBSERVED] += table[SEEN, day]
    event[EXPECTED] += even * table[LEVEL, day]
    event[COUNTED] += 1
    event[EXPOSED] += table[EXPOSURE, day]


@kernel
def measure(
    table: Table, known: Known, rules: Rules, spreads: Table, event: Event, until: int
) -> None:
    """Measure a change over its open days: seen, expected, and the variance of both."""
    family, fit_day, first = int(rules[FAMILY]), int(event[FIT_DAY]), int(event[BEGAN])
    event[OBSERVED] = event[EXPECTED] = event[COUNTED] = event[EXPOSED] = 0.0
    even, moment, uneven = 0.0, 0.0, 0.0
    for day in range(first, until):
        if table[OPEN, day] > 0:
            add_day(table, event, day)
            even += table[EVEN, day]
            moment += table[EVEN, day] * day
            uneven += table[EVEN, day] * max(1.0, table[EVEN, day] / known[TYPICAL])
    if event[COUNTED] == 0 or even <= 0:
        return
    days = int(event[COUNTED])
    rate = event[OBSERVED] / even
    floor = event[EXPECTED] / even / max(event[EXPECTED], 1.0)
    plain = even * unit_noise(rate if family == VALUE else max(rate, floor), family)
    heavy = 1.0
    if family != VALUE:
        heavy = uneven / even * max(1.0, event[OBSERVED] / max(event[EXPECTED], 1e-9))
    spread = spreads[LIKELY, min(days, spreads.shape[1] - 1)]
    event[VARIANCE] = plain * (1 + (known[PHI] - 1) * heavy) * spread
    away = moment / even - table[CENTRE, fit_day]
    doubt = table[FIT_DOUBT, fit_day] + away * away * table[FIT_SLOPE_DOUBT, fit_day]
    tail = known[SEASON_DOUBT] * season_tail(days, int(rules[PERIOD]))
    if family != VALUE:
        tail *= table[FIT, fit_day] * table[FIT, fit_day]
    event[DOUBT] = even * even * (doubt + tail)


@kernel
def place_onset(
    table: Table, known: Known, rules: Rules, event: Event, low: int, until: int
) -> None:
    """Find the likeliest first day of a change, and the days that hold 95% of the odds."""
    family = int(rules[FAMILY])
    total, best, at = 0.0, -math.inf, int(event[BEGAN])
    for day in range(until - 1, low - 1, -1):
        if table[OPEN, day] > 0:
            level = table[LEVEL, day]
            after = rate_in_change(level, event, family)
            total += gain(table, known, rules, day, level, after)
            if total > best and day <= event[FOUND]:
                best, at = total, day
    event[BEGAN] = at
    whole, total = 0.0, 0.0
    for turn in range(2):
        total, passed = 0.0, 0.0
        for day in range(until - 1, low - 1, -1):
            if table[OPEN, day] > 0:
                level = table[LEVEL, day]
                after = rate_in_change(level, event, family)
                total += gain(table, known, rules, day, level, after)
                odds = math.exp(total - best) if day <= event[FOUND] else 0.0
                if turn == 0:
                    whole += odds
                    continue
                if passed < 0.025 * whole:
                    event[HIGH] = day
                passed += odds
                if passed < 0.975 * whole + odds and passed - odds < 0.975 * whole:
                    event[LOW] = day
    event[LOW], event[HIGH] = min(event[LOW], at), max(event[HIGH], at)


@kernel
def raise_alarm(
    table: Table, known: Known, rules: Rules, spreads: Table, event: Event, place: Days, day: int
) -> None:
    """Open a change at the days that stand out, and leave its days out of the baseline."""
    family, first = int(rules[FAMILY]), day + 1 - int(event[WIDTH])
    event[FOUND], event[BEGAN] = day, first
    event[LAST] = event[SETTLED] = -1.0
    event[FIT_DAY] = first - 1
    lowest = max(first - 7, int(place[SINCE]) + 1)
    for each in range(lowest, day + 1):
        table[LEVEL, each] = expected_rate(table, first - 1, each, family)
    measure(table, known, rules, spreads, event, day + 1)
    place_onset(table, known, rules, event, lowest, day + 1)
    began = int(event[BEGAN])
    if began < first and table[FIT_DOUBT, began - 1] >= 0:
        event[FIT_DAY] = began - 1
    measure(table, known, rules, spreads, event, day + 1)
    for each in range(began, day + 1):
        table[USED, each] = 0.0
    renew_sums(table, known, began, day + 1)
    place[WITHIN], place[BACK], place[TURNED] = 1.0, 0.0, day + 1


@kernel
def resume(table: Table, known: Known, rules: Rules, first: int, day: int) -> None:
    """Take days into the baseline again, from one to another."""
    family = int(rules[FAMILY])
    slack = 0.0 if family == VALUE else 3.0
    for each in range(first, day + 1):
        table[USED, each] = table[OPEN, each]
        clip_day(table, known, family, each, slack)
        stand(table, family, each)


@kernel
def refit(table: Table, known: Known, rules: Rules, first: int, regime: int, day: int) -> None:
    """Fit the baseline of each day anew, from one to another."""
    renew_sums(table, known, first, day + 1)
    for each in range(first, day + 1):
        fit_level(table, known, rules, each, regime)
