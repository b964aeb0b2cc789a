"""Holds the last days of a series against the baseline before them."""

from __future__ import annotations

from shroff.text.kernel_cache import kernel
from shroff.watch.change_baseline_kernel import (
    expected_rate,
    unit_noise,
)
from shroff.watch.change_noise_kernel import (
    VALUE,
    normal_of_t,
    season_tail,
    signed_root,
)
from shroff.watch.change_table_kernel import (
    CENTRE,
    DEVIATE,
    FAMILY,
    FIT,
    FIT_DOUBT,
    FIT_SLOPE_DOUBT,
    FREEDOM,
    LAST,
    PERIOD,
    PHI,
    SEASON_DOUBT,
    SETTLED,
    SMALLEST,
    SUM_DAY_EVEN,
    SUM_DAYS,
    SUM_EVEN,
    SUM_SEEN,
    SUM_UNEVEN,
    USED,
    WIDTH,
    Days,
    Event,
    Known,
    Rules,
    Table,
    Widths,
)

__all__ = ["doubt_of_sum", "expect", "judge", "noise_of_sum", "scan"]


@kernel
def expect(table: Table, fit_day: int, first: int, until: int, family: int) -> float:
    """Expect the sum of days from the baseline of an earlier one."""
    exposed = table[SUM_EVEN, until] - table[SUM_EVEN, first]
    if exposed <= 0:
        return 0.0
    moment = table[SUM_DAY_EVEN, until] - table[SUM_DAY_EVEN, first]
    return float(exposed * expected_rate(table, fit_day, moment / exposed, family))


@kernel
def doubt_of_sum(
    table: Table, known: Known, rules: Rules, fit_day: int, first: int, until: int
) -> float:
    """Give the variance of what a baseline expects of a sum of days."""
    exposed = table[SUM_EVEN, until] - table[SUM_EVEN, first]
    days = table[SUM_DAYS, until] - table[SUM_DAYS, first]
    away = (table[SUM_DAY_EVEN, until] - table[SUM_DAY_EVEN, first]) / exposed
    away -= table[CENTRE, fit_day]
    rate = table[FIT_DOUBT, fit_day] + away * away * table[FIT_SLOPE_DOUBT, fit_day]
    tail = known[SEASON_DOUBT] * season_tail(int(days), int(rules[PERIOD]))
    if int(rules[FAMILY]) != VALUE:
        tail *= table[FIT, fit_day] * table[FIT, fit_day]
    return float(exposed * exposed * (rate + tail))


@kernel
def noise_of_sum(
    table: Table, known: Known, spreads: Days, mean: float, first: int, until: int, family: int
) -> float:
    """Give the variance of a sum of days around what is expected of it."""
    exposed = table[SUM_EVEN, until] - table[SUM_EVEN, first]
    days = int(table[SUM_DAYS, until] - table[SUM_DAYS, first])
    rate = mean / exposed
    plain = exposed * unit_noise(rate, family)
    uneven = 1.0
    if family != VALUE:
        uneven = (table[SUM_UNEVEN, until] - table[SUM_UNEVEN, first]) / exposed
    spread = spreads[min(days, len(spreads) - 1)]
    return float(plain * (1 + (known[PHI] - 1) * uneven) * spread)


@kernel
def judge(table: Table, known: Known, rules: Rules, spreads: Days, day: int, width: int) -> float:
    """Give the deviate of the last days, a number of them, from the baseline before them."""
    family, first, until = int(rules[FAMILY]), day + 1 - width, day + 1
    days = table[SUM_DAYS, until] - table[SUM_DAYS, first]
    mean = expect(table, first - 1, first, until, family)
    if days < 1 or (family != VALUE and mean <= 0):
        return 0.0
    seen = table[SUM_SEEN, until] - table[SUM_SEEN, first]
    if family != VALUE and abs(seen - mean) < rules[SMALLEST]:
        return 0.0
    variance = noise_of_sum(table, known, spreads, mean, first, until, family)
    variance += doubt_of_sum(table, known, rules, first - 1, first, until)
    if (seen - mean) * (seen - mean) < 6 * variance:
        return 0.0
    return normal_of_t(signed_root(seen, mean, variance, family), known[FREEDOM])


@kernel
def scan(
    table: Table,
    known: Known,
    rules: Rules,
    spreads: Days,
    widths: Widths,
    event: Event,
    day: int,
    since: int,
) -> None:
    """Note the number of last days that lie furthest from the baseline before them."""
    event[:] = 0.0
    event[LAST] = event[SETTLED] = -1.0
    for width in widths:
        first = day + 1 - width
        if first <= since:
            break
        if table[USED, first] == 0 or table[FIT_DOUBT, first - 1] < 0:
            continue
        deviate = judge(table, known, rules, spreads, day, width)
        if abs(deviate) > abs(event[DEVIATE]):
            event[DEVIATE], event[WIDTH] = deviate, width
