"""One walk over a series, day by day: alarms, what became of them, a baseline that learns."""

from __future__ import annotations

import numpy as np

from shroff.text.kernel_cache import allocating_kernel, kernel
from shroff.watch.change_baseline_kernel import (
    enter_day,
    expected_rate,
    fit_level,
    learn_noise,
    learn_season,
    stand,
)
from shroff.watch.change_event_kernel import (
    gain,
    measure,
    place_onset,
    raise_alarm,
    rate_in_change,
    refit,
    resume,
)
from shroff.watch.change_scan_kernel import (
    scan,
)
from shroff.watch.change_shape_kernel import find_ramp, find_roughness
from shroff.watch.change_start_kernel import (
    begin,
)
from shroff.watch.change_table_kernel import (
    BACK,
    BEGAN,
    CHANGES,
    DEVIATE,
    EXPOSURE,
    FAMILY,
    FIELDS,
    FIT_DAY,
    HISTORY,
    LAST,
    LEVEL,
    OPEN,
    PERIOD,
    PHASES,
    RAMP,
    REGIME,
    ROWS,
    SEEN,
    SETTLE,
    SETTLED,
    SINCE,
    SPREADS,
    STATES,
    THRESHOLD,
    TURNED,
    TURNS,
    USED,
    WITHIN,
    Days,
    Event,
    Known,
    Rules,
    Table,
    Widths,
    renew_sums,
)

__all__ = ["walk_all"]

_MOST = 64
_BACK = 3.0  # a return is believed at odds of twenty to one


@kernel
def learn(
    table: Table, known: Known, rules: Rules, season: Days, sums: Table, spreads: Table, day: int
) -> bool:
    """Learn noise and season anew, once a period; True where that is today."""
    if day % int(rules[PERIOD]) != 0:
        return False
    learn_noise(table, known, rules, spreads, day)
    learn_season(table, known, rules, season, sums, day)
    return True


@kernel
def take_day(
    table: Table, known: Known, rules: Rules, season: Days, event: Event, place: Days, day: int
) -> None:
    """Say what a day was expected to be, and take it into the baseline unless within a change."""
    family, within = int(rules[FAMILY]), place[WITHIN] > 0
    fit_day = int(event[FIT_DAY]) if within else day - 1
    table[LEVEL, day] = expected_rate(table, fit_day, day, family)
    enter_day(table, known, rules, season, day)
    stand(table, family, day)
    if within:
        table[USED, day] = 0.0
    renew_sums(table, known, day, day + 1)
    fit_level(table, known, rules, day, int(place[REGIME]))


@kernel
def close_change(
    table: Table, known: Known, rules: Rules, spreads: Table, event: Event, place: Days, day: int
) -> None:
    """End a change on the day before it turned, and take the days since into the baseline."""
    began, turned = int(event[BEGAN]), int(place[TURNED])
    measure(table, known, rules, spreads, event, turned)
    place_onset(table, known, rules, event, max(began - 7, int(place[SINCE]) + 1), turned)
    event[LAST] = turned - 1
    resume(table, known, rules, turned, day)
    refit(table, known, rules, began, int(place[REGIME]), day)
    place[SINCE], place[WITHIN] = turned - 1, 0.0
    place[CHANGES] += 1


@kernel
def settle_change(
    table: Table, known: Known, rules: Rules, spreads: Table, event: Event, place: Days, day: int
) -> None:
    """Take the level of a change that has not ended as the level from its onset on."""
    before = int(event[BEGAN])
    measure(table, known, rules, spreads, event, day + 1)
    place_onset(table, known, rules, event, max(before - 7, int(place[SINCE]) + 1), day + 1)
    measure(table, known, rules, spreads, event, day + 1)
    lowest = max(int(event[BEGAN]) - 28, int(place[SINCE]) + 1)
    for each in range(lowest, before):
        table[LEVEL, each] = expected_rate(table, int(event[FIT_DAY]), each, int(rules[FAMILY]))
    find_ramp(table, known, rules, event, lowest, day)
    began = int(event[BEGAN])
    for each in range(began, day + 1):
        table[LEVEL, each] = rate_in_change(table[LEVEL, each], event, int(rules[FAMILY]))
    resume(table, known, rules, min(before, began), day)
    refit(table, known, rules, min(before, began), began, day)
    if event[RAMP] > 0:
        for each in range(began, day + 1):
            table[LEVEL, each] = expected_rate(table, day, each, int(rules[FAMILY]))
        resume(table, known, rules, began, day)
        refit(table, known, rules, began, began, day)
    event[SETTLED] = day
    place[SINCE], place[REGIME], place[WITHIN] = began, began, 0.0
    place[CHANGES] += 1


@kernel
def follow(
    table: Table, known: Known, rules: Rules, spreads: Table, event: Event, place: Days, day: int
) -> None:
    """Ask of a day within a change whether the change is over, or has come to stay."""
    level = table[LEVEL, day]
    rate = rate_in_change(level, event, int(rules[FAMILY]))
    place[BACK] += gain(table, known, rules, day, rate, level)
    if place[BACK] <= 0:
        place[BACK], place[TURNED] = 0.0, day + 1
        measure(table, known, rules, spreads, event, day + 1)
    if place[BACK] > _BACK:
        close_change(table, known, rules, spreads, event, place, day)
    elif day - event[BEGAN] + 1 >= rules[SETTLE]:
        settle_change(table, known, rules, spreads, event, place, day)


@kernel
def first_days(table: Table, rules: Rules) -> int:
    """Count the days up to which there is a first history; -1 where there never is."""
    counted = 0.0
    for day in range(table.shape[1] - 1):
        counted += table[USED, day]
        if counted >= rules[HISTORY]:
            return day + 1
    return -1


@kernel
def walk(
    table: Table,
    known: Known,
    rules: Rules,
    season: Days,
    sums: Table,
    spreads: Table,
    widths: Widths,
    events: Table,
) -> int:
    """Walk over one series; give the number of changes written to ``events``."""
    until = first_days(table, rules)
    if until < 0:
        return 0
    begin(table, known, rules, season, sums, spreads, until)
    place = events[-1]
    place[:] = 0.0
    place[SINCE], event = until - 1, events[0]
    for day in range(until, table.shape[1] - 1):
        if place[CHANGES] >= len(events) - 3:
            break
        event = events[int(place[CHANGES])]
        learnt = learn(table, known, rules, season, sums, spreads, day)
        calm, since = learnt and place[WITHIN] == 0, int(place[SINCE])
        if calm and find_roughness(table, known, rules, event, since, day):
            learn_noise(table, known, rules, spreads, day)
            place[CHANGES] += 1
            event = events[int(place[CHANGES])]
        take_day(table, known, rules, season, event, place, day)
        if table[OPEN, day] == 0:
            continue
        if place[WITHIN] > 0:
            follow(table, known, rules, spreads, event, place, day)
            continue
        scan(table, known, rules, spreads, widths, event, day, since)
        if abs(event[DEVIATE]) >= rules[THRESHOLD]:
            raise_alarm(table, known, rules, spreads, event, place, day)
    if place[WITHIN] > 0:
        lowest = max(int(event[BEGAN]) - 7, int(place[SINCE]) + 1)
        place_onset(table, known, rules, event, lowest, int(place[TURNED]))
        place[CHANGES] += 1
    return int(place[CHANGES])


@allocating_kernel
def walk_all(
    figures: tuple[Table, Table, Table], rules: Rules, widths: Widths
) -> tuple[Table, Widths]:
    """Walk over each series; give the changes of all, and whose each is."""
    seen, exposure, opened = figures
    many, days = seen.shape
    phases = int(rules[PHASES])
    table = np.zeros((ROWS, days + 1))
    known, season, sums = np.zeros(STATES), np.zeros(phases), np.zeros((3, phases))
    spreads = np.ones((SPREADS, widths[-1] + 1))
    events = np.zeros((_MOST + 3, FIELDS))
    whole = np.zeros((many * 2 + _MOST + 8, FIELDS))
    owners = np.zeros(len(whole), np.int64)
    total = 0
    for each in range(many):
        table[:] = 0.0
        table[SEEN, :days] = seen[each]
        table[EXPOSURE, :days] = exposure[each]
        table[OPEN, :days] = opened[each]
        table[USED, :days] = opened[each]
        known[:] = 0.0
        spreads[:] = 1.0
        spreads[TURNS] = 0.0
        found = walk(table, known, rules, season, sums, spreads, widths, events)
        if total + found > len(whole):
            larger = np.zeros((2 * len(whole) + found, FIELDS))
            larger[:total] = whole[:total]
            owned = np.zeros(len(larger), np.int64)
            owned[:total] = owners[:total]
            whole, owners = larger, owned
        for number in range(found):
            whole[total] = events[number]
            owners[total] = each
            total += 1
    return whole[:total], owners[:total]
