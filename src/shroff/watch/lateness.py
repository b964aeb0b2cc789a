"""How complete is a day? Told from how late the events of past days came in."""

from __future__ import annotations

import numpy as np

from shroff.errors import DataError
from shroff.watch.daily_series import Floats

__all__ = ["completeness"]


def completeness(late: Floats, *, known: int) -> Floats:
    """Estimate the share of each day's events that have come in.

    Parameters
    ----------
    late : array, shape (T, L)
        Events of each day that came in 0, 1, ... days later, as known after the last of the T days.
    known : int
        Days after the last one that the logs run on, at least 0: what came in on the last day is
        known to lag 0 + ``known``.

    Returns
    -------
    array, shape (T,)
        Shares in [0, 1].

    Raises
    ------
    DataError
        If there is no day or no lag.

    Notes
    -----
    The chain ladder: of the events in by lag k - 1, on days old enough to know lag k, how many were
    in by lag k. Days too young for a lag do not count for it, so that lateness is not understated;
    a lag beyond what any day knows is taken not to occur. Mack, ASTIN Bulletin 23 (1993).
    """
    days, lags = late.shape
    if not days or not lags:
        raise DataError("there is no day whose lateness could be told")
    reach = np.arange(days - 1, -1, -1) + known
    by_lag = np.cumsum(late, axis=1)
    growth = np.ones(lags)
    for lag in range(1, lags):
        old = reach >= lag
        before = by_lag[old, lag - 1].sum()
        growth[lag] = by_lag[old, lag].sum() / before if before > 0 else 1.0
    # the share in by lag k: what all later lags have yet to add
    later = np.concatenate([np.cumprod(growth[::-1])[::-1][1:], [1.0]])
    share: Floats = 1 / later[np.minimum(reach, lags - 1)]
    return share
