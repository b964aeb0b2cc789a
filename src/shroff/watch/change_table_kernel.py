"""Where the walk over one series keeps what it knows: rows of one table, and the rules it follows."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from shroff.text.kernel_cache import kernel

__all__ = [
    "AWAY",
    "BACK",
    "BEGAN",
    "CALM",
    "CENTRE",
    "CHANGES",
    "CLIPPED",
    "COUNTED",
    "DAYS",
    "DECAY",
    "DEVIATE",
    "DOUBT",
    "EVEN",
    "EXPECTED",
    "EXPOSED",
    "EXPOSURE",
    "FAMILY",
    "FIELDS",
    "FIRST",
    "FIT",
    "FIT_DAY",
    "FIT_DOUBT",
    "FIT_SLOPE",
    "FIT_SLOPE_DOUBT",
    "FLOOR",
    "FOUND",
    "FREEDOM",
    "HELD",
    "HIGH",
    "HISTORY",
    "HORIZON",
    "LAST",
    "LEVEL",
    "LIKELY",
    "LONG_RUN",
    "LOW",
    "MEMORY",
    "OBSERVED",
    "OPEN",
    "PERIOD",
    "PHASES",
    "PHI",
    "PLACES",
    "RAMP",
    "REGIME",
    "ROWS",
    "RULES",
    "SEASONAL",
    "SEASON_DOUBT",
    "SEEN",
    "SETTLE",
    "SETTLED",
    "SINCE",
    "SMALLEST",
    "SPAN",
    "SPREAD",
    "SPREADS",
    "STATES",
    "SUM_CLIPPED",
    "SUM_DAYS",
    "SUM_DAY_CLIPPED",
    "SUM_DAY_EVEN",
    "SUM_EVEN",
    "SUM_SEEN",
    "SUM_SQUARE_EVEN",
    "SUM_UNEVEN",
    "SWING",
    "THRESHOLD",
    "TURNED",
    "TURNS",
    "TYPICAL",
    "USED",
    "VARIANCE",
    "VARIED",
    "WIDTH",
    "WITHIN",
    "Days",
    "Event",
    "Known",
    "Rules",
    "Table",
    "Widths",
    "renew_sums",
]  # fmt: skip

Table = npt.NDArray[np.float64]
Known = npt.NDArray[np.float64]
Rules = npt.NDArray[np.float64]
Event = npt.NDArray[np.float64]
Days = npt.NDArray[np.float64]
Widths = npt.NDArray[np.int64]

# a day's own
(SEEN, EXPOSURE, OPEN, USED, EVEN, CLIPPED, LEVEL, SEASONAL,
 AWAY, HELD) = range(10)  # fmt: skip
# the baseline as of the end of a day
(FIT, FIT_SLOPE, CENTRE, FIT_DOUBT, FIT_SLOPE_DOUBT) = range(10, 15)
# sums over the days before a day
(SUM_DAYS, SUM_SEEN, SUM_EVEN, SUM_DAY_EVEN, SUM_SQUARE_EVEN, SUM_CLIPPED, SUM_DAY_CLIPPED,
 SUM_UNEVEN) = range(15, 23)  # fmt: skip
ROWS = 23

# what is known of the noise of a series
(PHI, FIRST, DECAY, LONG_RUN, TYPICAL, FREEDOM, SEASON_DOUBT, DAYS, SPAN, CALM) = range(10)
STATES = 10

# what the walk is told
(FAMILY, PERIOD, HISTORY, HORIZON, MEMORY, SETTLE, THRESHOLD, SMALLEST, FLOOR,
 PHASES) = range(10)  # fmt: skip
RULES = 10

# what is noted of a change
(BEGAN, FOUND, LAST, SETTLED, DEVIATE, WIDTH, FIT_DAY, LOW, HIGH, OBSERVED, EXPECTED, VARIANCE,
 DOUBT, COUNTED, EXPOSED, RAMP, VARIED) = range(17)  # fmt: skip
FIELDS = 17

# how sums of 1, 2, ... days spread: at most, as they did, how often that was seen, and most likely
(SPREAD, SWING, TURNS, LIKELY) = range(4)
SPREADS = 4

# where the walk stands: days before which windows may not reach, where the level began, ...
(SINCE, REGIME, CHANGES, WITHIN, BACK, TURNED) = range(6)
PLACES = 6


@kernel
def renew_sums(table: Table, known: Known, since: int, until: int) -> None:
    """Add up the days from one to another, left out ones as nothing."""
    typical = known[TYPICAL]
    for day in range(since, until):
        used, even = table[USED, day], table[EVEN, day]
        exposed = used * even
        uneven = exposed * max(1.0, even / typical) if typical > 0 else exposed
        clipped = used * table[CLIPPED, day]
        table[SUM_DAYS, day + 1] = table[SUM_DAYS, day] + used
        table[SUM_SEEN, day + 1] = table[SUM_SEEN, day] + used * table[SEEN, day]
        table[SUM_EVEN, day + 1] = table[SUM_EVEN, day] + exposed
        table[SUM_DAY_EVEN, day + 1] = table[SUM_DAY_EVEN, day] + exposed * day
        table[SUM_SQUARE_EVEN, day + 1] = table[SUM_SQUARE_EVEN, day] + exposed * day * day
        table[SUM_CLIPPED, day + 1] = table[SUM_CLIPPED, day] + clipped
        table[SUM_DAY_CLIPPED, day + 1] = table[SUM_DAY_CLIPPED, day] + clipped * day
        table[SUM_UNEVEN, day + 1] = table[SUM_UNEVEN, day] + uneven
