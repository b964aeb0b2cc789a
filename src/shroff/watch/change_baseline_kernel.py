"""What a series is expected to be: level, slope, season, and the noise around them."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from shroff.text.kernel_cache import kernel
from shroff.watch.change_noise_kernel import COUNT, RATIO, VALUE, spread_of_sums
from shroff.watch.change_table_kernel import (
    AWAY,
    CALM,
    CENTRE,
    CLIPPED,
    DAYS,
    DECAY,
    EVEN,
    EXPOSURE,
    FAMILY,
    FIRST,
    FIT,
    FIT_DOUBT,
    FIT_SLOPE,
    FIT_SLOPE_DOUBT,
    FLOOR,
    FREEDOM,
    HELD,
    HORIZON,
    LEVEL,
    LIKELY,
    LONG_RUN,
    MEMORY,
    PERIOD,
    PHASES,
    PHI,
    SEASON_DOUBT,
    SEASONAL,
    SEEN,
    SPAN,
    SPREAD,
    SUM_CLIPPED,
    SUM_DAY_CLIPPED,
    SUM_DAY_EVEN,
    SUM_DAYS,
    SUM_EVEN,
    SUM_SQUARE_EVEN,
    TYPICAL,
    USED,
    Known,
    Rules,
    Table,
)

__all__ = ["enter_day", "expected_rate", "fit_level", "learn_noise", "learn_season", "unit_noise"]

Season = npt.NDArray[np.float64]
_LAGS = 7
_FEWEST = 7
_CLIP = 4.0
_HALF = 0.3
_SLOW, _SLOWER = 0.7, 0.9
# how likeness is taken to fade from lag to lag, as it is read from all of them, and by how many of its
# standard errors it is taken to be larger than it looks
_FADING, _WARY = 0.6, 1.5


@kernel
def unit_noise(level: float, family: int) -> float:
    """Give the variance of one unit of exposure without over-dispersion."""
    if family == COUNT:
        return level
    if family == RATIO:
        return level * (1 - min(level, 0.99))
    return 1.0


@kernel
def phase_of(day: int, rules: Rules) -> int:
    """Tell which phase of the season a day is in."""
    period = int(rules[PERIOD])
    return (day % period) * int(rules[PHASES]) // period


@kernel
def enter_day(table: Table, known: Known, rules: Rules, season: Season, day: int) -> None:
    """Take the season out of a day, and clip what would pull the baseline."""
    factor = season[phase_of(day, rules)]
    family = int(rules[FAMILY])
    table[SEASONAL, day] = factor
    if family == VALUE:
        table[EVEN, day] = 1.0
        table[CLIPPED, day] = table[SEEN, day] = table[SEEN, day] - factor
        slack = 0.0
    else:
        table[EVEN, day] = table[EXPOSURE, day] * factor
        table[CLIPPED, day] = table[SEEN, day]
        slack = 3.0
    clip_day(table, known, family, day, slack)


@kernel
def clip_day(table: Table, known: Known, family: int, day: int, slack: float) -> None:
    """Hold a day within four deviations of what was expected."""
    even, level = table[EVEN, day], table[LEVEL, day]
    noise = even * unit_noise(level, family) * known[PHI]
    if family != VALUE and known[TYPICAL] > 0:
        noise *= max(1.0, even / known[TYPICAL])
    reach = _CLIP * math.sqrt(max(noise, 0.0)) + slack
    table[CLIPPED, day] = min(max(table[SEEN, day], even * level - reach), even * level + reach)


@kernel
def expected_rate(table: Table, fit_day: int, at: float, family: int) -> float:
    """Carry the baseline of one day to another."""
    rate = table[FIT, fit_day] + table[FIT_SLOPE, fit_day] * (at - table[CENTRE, fit_day])
    return float(rate if family == VALUE else max(rate, 0.05 * table[FIT, fit_day]))


@kernel
def fit_days(
    table: Table, known: Known, family: int, first: int, last: int
) -> tuple[float, float, float, float, float]:
    """Fit level and slope to some days: level, slope, the day the level is of, both variances.

    A slope is kept as far as it stands out from its own doubt.

    Returns
    -------
    tuple of float
        In this order; rates for one unit of exposure.
    """
    exposed = table[SUM_EVEN, last] - table[SUM_EVEN, first]
    centre = (table[SUM_DAY_EVEN, last] - table[SUM_DAY_EVEN, first]) / exposed
    wide = table[SUM_SQUARE_EVEN, last] - table[SUM_SQUARE_EVEN, first] - centre * centre * exposed
    clipped = table[SUM_CLIPPED, last] - table[SUM_CLIPPED, first]
    turned = table[SUM_DAY_CLIPPED, last] - table[SUM_DAY_CLIPPED, first] - centre * clipped
    level = clipped / exposed if family == VALUE else (clipped + 0.5) / exposed
    noise = unit_noise(level, family) * known[PHI] * known[LONG_RUN]
    slope = turned / wide if wide > 0 else 0.0
    doubt = noise / wide if wide > 0 else 0.0
    kept = slope * slope / (slope * slope + 2 * doubt) if slope != 0 else 0.0
    return level, slope * kept, centre, noise / exposed, doubt * max(kept, _HALF)


@kernel
def fit_level(table: Table, known: Known, rules: Rules, day: int, since: int) -> bool:
    """Fit level and slope to the days up to one; False where there are too few."""
    last = day + 1
    first = max(since, last - int(known[SPAN]))
    table[FIT_DOUBT, day] = -1.0
    days = table[SUM_DAYS, last] - table[SUM_DAYS, first]
    if days < _FEWEST or table[SUM_EVEN, last] <= table[SUM_EVEN, first]:
        return False
    level, slope, centre, doubt, slope_doubt = fit_days(
        table, known, int(rules[FAMILY]), first, last
    )
    table[FIT, day], table[FIT_SLOPE, day], table[CENTRE, day] = level, slope, centre
    table[FIT_DOUBT, day], table[FIT_SLOPE_DOUBT, day] = doubt, slope_doubt
    return True


@kernel
def learn_span(known: Known, rules: Rules, level: float) -> None:
    """Choose how many days a level is fitted to: more where days are noisier.

    The span goes with the fifth root of a day's relative variance, as the best bandwidth of a local
    line does; that of 50 independent events a day has the length that the rules say.
    """
    known[SPAN] = rules[HORIZON]
    if int(rules[FAMILY]) != VALUE and level > 0 and known[TYPICAL] > 0:
        noise = unit_noise(level, int(rules[FAMILY])) * known[PHI] * known[LONG_RUN]
        relative = noise / (level * level * known[TYPICAL])
        known[SPAN] *= min(max((relative / 0.02) ** 0.2, 0.4), 1.3)


@kernel
def learn_season(
    table: Table, known: Known, rules: Rules, season: Season, sums: Table, until: int
) -> None:
    """Estimate the season, shrunk towards none as far as noise explains it."""
    family, phases = int(rules[FAMILY]), int(rules[PHASES])
    sums[:, :phases] = 0.0
    for day in range(max(0, until - int(rules[MEMORY])), until):
        if table[USED, day] > 0:
            phase = phase_of(day, rules)
            if family == VALUE:
                sums[0, phase] += table[CLIPPED, day] + table[SEASONAL, day] - table[LEVEL, day]
                sums[1, phase] += 1.0
            else:
                sums[0, phase] += table[CLIPPED, day]
                sums[1, phase] += table[EXPOSURE, day] * table[LEVEL, day]
                sums[2, phase] += table[EXPOSURE, day] * unit_noise(table[LEVEL, day], family)
    shrink_season(known, rules, season, sums)


@kernel
def shrink_season(known: Known, rules: Rules, season: Season, sums: Table) -> None:
    """Turn sums of phases into a season: factors around 1, or offsets around 0 for values."""
    family, phases = int(rules[FAMILY]), int(rules[PHASES])
    whole, expected = 0.0, 0.0
    for phase in range(phases):
        whole += sums[0, phase]
        expected += sums[1, phase]
    scale = whole / expected if expected > 0 and whole > 0 and family != VALUE else 1.0
    spread, facts, noise = 0.0, 0.0, known[PHI]
    centre = 0.0 if family != VALUE or expected <= 0 else whole / expected
    for phase in range(phases):
        mean = sums[1, phase] * scale
        if family == VALUE:
            apart = sums[0, phase] / mean - centre if mean > 0 else 0.0
            fact = mean / noise if noise > 0 else 0.0
        else:
            apart = sums[0, phase] / mean - 1 if mean > 0 else 0.0
            fact = mean * mean / (sums[2, phase] * scale * noise) if sums[2, phase] > 0 else 0.0
        sums[0, phase], sums[2, phase] = apart, fact
        spread += apart * apart * fact
        facts += fact
    between = (
        max(0.0, spread - (phases - 1)) / (facts * (phases - 1) / phases) if facts > 0 else 0.0
    )
    offset = 0.0 if family == VALUE else 1.0
    total, doubt = 0.0, 0.0
    for phase in range(phases):
        kept = between / (between + 1 / sums[2, phase]) if sums[2, phase] > 0 else 0.0
        season[phase] = offset + kept * sums[0, phase]
        if family != VALUE:
            season[phase] = max(season[phase], 0.02)
        total += season[phase]
        doubt += between * (1 - kept)
    for phase in range(phases):
        if family == VALUE:
            season[phase] -= total / phases
        else:
            season[phase] *= phases / total
    known[SEASON_DOUBT] = doubt / phases


@kernel
def stand(table: Table, family: int, day: int) -> None:
    """Note how far a day lies from what was expected, in deviations without over-dispersion."""
    noise = table[EVEN, day] * unit_noise(table[LEVEL, day], family)
    away = table[SEEN, day] - table[EVEN, day] * table[LEVEL, day]
    table[AWAY, day] = away / math.sqrt(noise) if noise > 0 else 0.0


@kernel
def learn_likeness(table: Table, known: Known, spreads: Table, since: int, until: int) -> None:
    """Estimate how days hang together, from what days before them left unexplained."""
    days = known[DAYS]
    near, around, weight, weights = 0.0, 0.0, 1.0, 0.0
    for lag in range(1, _LAGS + 1):
        products, pairs = 0.0, 0.0
        for day in range(since + lag, until):
            products += table[HELD, day] * table[HELD, day - lag]
            pairs += table[USED, day] * table[USED, day - lag]
        alike = products / (pairs * known[PHI]) + 1 / days if pairs > 0 else 0.0
        around += alike
        near += alike * weight
        weights += weight * weight
        weight *= _FADING
    near /= weights
    likely = max(near, 0.0)
    first = max(near + _WARY / math.sqrt(days * weights), 0.0)
    decay = max(_SLOW, min(first, 0.97))
    slack = around - math.sqrt(_LAGS / days)
    if slack > first * (1 - decay**_LAGS) / (1 - decay):
        decay = max(_SLOWER, decay)
        likely = first = max(first, slack * (1 - decay) / (1 - decay**_LAGS))
    first = min(first, 0.97)
    known[FIRST], known[DECAY] = first, decay
    known[LONG_RUN] = 1 + 2 * first / (1 - decay)
    spread_of_sums(spreads[SPREAD], first, decay)
    spread_of_sums(spreads[LIKELY], min(likely, first), decay)


@kernel
def learn_noise(table: Table, known: Known, rules: Rules, spreads: Table, until: int) -> None:
    """Estimate over-dispersion and how days hang together, from forecasts a day ahead."""
    since = max(0, until - 2 * int(rules[MEMORY]), int(known[CALM]))
    days, squares, exposed, levels = 0.0, 0.0, 0.0, 0.0
    reach = 5 * math.sqrt(known[PHI])
    for day in range(since, until):
        table[HELD, day] = 0.0
        if table[USED, day] > 0:
            away = min(max(table[AWAY, day], -reach), reach)
            table[HELD, day] = away
            days += 1
            squares += away * away
            exposed += table[EVEN, day]
            levels += table[LEVEL, day]
    if days < 2:
        return
    known[PHI] = max(squares / days, rules[FLOOR])
    known[TYPICAL] = exposed / days
    known[DAYS] = days
    known[FREEDOM] = max(days - 3, 3.0)
    if int(rules[FAMILY]) != VALUE:  # only what exceeds that of independent events is estimated
        known[FREEDOM] *= max(0.2 / max(known[PHI] - 1, 0.02), 1.0)
    learn_likeness(table, known, spreads, since, until)
    learn_span(known, rules, levels / days)
