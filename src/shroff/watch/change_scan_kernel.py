"""Holds the last days of a series against the baseline before them."""

from __future__ import annotations

import math

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
    FIRST,
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
    SPREAD,
    SUM_DAY_EVEN,
    SUM_DAYS,
    SUM_EVEN,
    SUM_SEEN,
    SUM_UNEVEN,
    SWING,
    TURNS,
    USED,
    WIDTH,
    Event,
    Known,
    Rules,
    Table,
    Widths,
)

__all__ = ["doubt_of_sum", "expect", "judge", "noise_of_sum", "scan"]


# what is taken off a deviate: for each octave above and below windows of four days, for likeness
_LONG, _SHORT, _ALIKE = 0.08, 0.12, 0.25
_BEND = 5e-5  # how far slow growth may bend, per day squared: a year of some 20% either way
_TURNS = 364.0  # turns that the swing of sums is learnt from


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
    table: Table, known: Known, spreads: Table, mean: float, first: int, until: int, family: int
) -> float:
    """Give the variance of a sum of days around what is expected of it."""
    exposed = table[SUM_EVEN, until] - table[SUM_EVEN, first]
    days = int(table[SUM_DAYS, until] - table[SUM_DAYS, first])
    rate = mean / exposed
    plain = exposed * unit_noise(rate, family)
    uneven = 1.0
    if family != VALUE:
        uneven = (table[SUM_UNEVEN, until] - table[SUM_UNEVEN, first]) / exposed
    spread = spreads[SPREAD, min(days, spreads.shape[1] - 1)]
    return float(plain * (1 + (known[PHI] - 1) * uneven) * spread)


@kernel
def widening(spreads: Table, width: int, squared: float) -> float:
    """Give by how much sums of so many days swung more than the model says, and learn from one.

    Only what one standard error cannot explain counts.

    Returns
    -------
    float
        A factor for the variance, at least 1.
    """
    turns = spreads[TURNS, width]
    swing = spreads[SWING, width]
    error = math.sqrt(2.6 * width / max(turns, 1.0))
    spreads[TURNS, width] = min(turns + 1, _TURNS)
    rate = 1 / (spreads[TURNS, width] + 4.0 * width)
    spreads[SWING, width] += (min(squared, 16.0) - swing) * rate
    return max(1.0, float(swing - error))


@kernel
def heavier(mean: float, away: float, variance: float, plain: float, family: int) -> float:
    """Give the deviate by the heavier tail: negative binomial, or log-normal above, quasi below."""
    plainly = signed_root(mean + away, mean, variance, family)
    if away > 0:
        rough = math.log(1 + variance / (mean * mean))
        skewed = (math.log(1 + away / mean) + rough / 2) / math.sqrt(rough)
        return min(skewed, plainly)
    scaled = signed_root(mean + away, mean, plain, family) * math.sqrt(plain / variance)
    return max(scaled, plainly)


@kernel
def judge(table: Table, known: Known, rules: Rules, spreads: Table, day: int, width: int) -> float:
    """Give the deviate of the last days, a number of them, from the baseline before them."""
    family, first, until = int(rules[FAMILY]), day + 1 - width, day + 1
    days = table[SUM_DAYS, until] - table[SUM_DAYS, first]
    mean = expect(table, first - 1, first, until, family)
    if days < 1 or (family != VALUE and mean <= 0):
        return 0.0
    away = table[SUM_SEEN, until] - table[SUM_SEEN, first] - mean
    noise = noise_of_sum(table, known, spreads, mean, first, until, family)
    variance = noise + doubt_of_sum(table, known, rules, first - 1, first, until)
    if family != VALUE:
        bent = mean * _BEND * width * width / 2
        variance += bent * bent
    wider = widening(spreads, width, away * away / variance)
    variance *= wider
    if away * away < 6 * variance or (family != VALUE and abs(away) < rules[SMALLEST]):
        return 0.0
    deviate = signed_root(mean + away, mean, variance, family)
    if family != VALUE:
        exposed = table[SUM_EVEN, until] - table[SUM_EVEN, first]
        plain = exposed * unit_noise(mean / exposed, family)
        over = max(0.0, 1 - plain / (noise * wider))
        deviate += over * (heavier(mean, away, variance, plain, family) - deviate)
    deviate /= 1 + _ALIKE * min(known[FIRST], 0.2)
    octaves = math.log2(width / 4)
    deviate /= 1 + (_LONG if octaves > 0 else -_SHORT) * octaves
    return normal_of_t(deviate, known[FREEDOM])


@kernel
def scan(
    table: Table,
    known: Known,
    rules: Rules,
    spreads: Table,
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
