"""How long do accounts stay clean, and how soon does the next violation follow the first?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pyarrow as pa

from shroff.stats.estimate import Estimate, Status
from shroff.stats.survival import Durations, cumulative_incidence, percentile
from shroff.store.engine import Engine
from shroff.watch.account_counts import BEGAN, NEW_DAYS, instant

__all__ = ["HORIZONS", "Repeats", "read_repeats", "repeats_of"]

HORIZONS = (7, 30, 90)
"""Days after which the share of accounts with a violation is told."""

_FIRST, _NEXT = 0, 1
_SQL = """
SELECT 0 AS origin, waited, CAST(SUM(ended) AS DOUBLE) AS ended,
       CAST(SUM(1 - ended) AS DOUBLE) AS censored
FROM (SELECT DATE_DIFF('day', began, COALESCE(first_bad, ended)) AS waited,
             CASE WHEN first_bad IS NULL THEN 0 ELSE 1 END AS ended
      FROM {table} WHERE began >= {since}) AS clean
GROUP BY waited
UNION ALL
SELECT 1 AS origin, waited, CAST(SUM(ended) AS DOUBLE) AS ended,
       CAST(SUM(1 - ended) AS DOUBLE) AS censored
FROM (SELECT DATE_DIFF('day', first_bad, COALESCE(next_bad, ended)) AS waited,
             CASE WHEN next_bad IS NULL THEN 0 ELSE 1 END AS ended
      FROM {table} WHERE first_bad IS NOT NULL) AS again
GROUP BY waited
ORDER BY origin, waited
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeats:
    """Time to a violation, in days.

    Parameters
    ----------
    accounts, repeaters : int
        Accounts followed from their first ad, and accounts followed from their first violation.
    first, again : tuple of Estimate
        Share with a violation within each of `HORIZONS`, after the first ad and after the first
        violation.
    first_median, again_median : Estimate
        Days within which half have one.
    """

    accounts: int
    repeaters: int
    first: tuple[Estimate, ...]
    again: tuple[Estimate, ...]
    first_median: Estimate
    again_median: Estimate

    def record(self) -> dict[str, object]:
        """Give it as JSON does."""
        return {
            "accounts": self.accounts,
            "accounts_with_a_violation": self.repeaters,
            "first_violation": _curve(self.first, self.first_median),
            "next_violation": _curve(self.again, self.again_median),
        }


def _curve(shares: tuple[Estimate, ...], median: Estimate) -> dict[str, object]:
    within = {
        str(days): {"value": each.value, "low": each.low, "high": each.high}
        for days, each in zip(HORIZONS, shares, strict=True)
    }
    half = {"value": median.value, "low": median.low, "high": median.high}
    return {"within_days": within, "median_days": half}


def read_repeats(engine: Engine, *, first: date) -> tuple[pa.Table, str]:
    """Count accounts by the days they waited; the table `BEGAN` must stand.

    Parameters
    ----------
    engine : Engine
        Where it is.
    first : date
        First day of the logs.

    Returns
    -------
    Table, str
        Accounts by origin and days waited, and the query.
    """
    sql = _SQL.format(table=BEGAN, since=instant(first + timedelta(days=NEW_DAYS)))
    return engine.query(sql), engine.text(sql)


def repeats_of(table: pa.Table, *, level: float = 0.95) -> Repeats:
    """Tell how long accounts stay clean.

    Parameters
    ----------
    table : Table
        As `read_repeats` gives it.
    level : float
        Coverage wanted, in (0, 1).

    Returns
    -------
    Repeats
        Shares and medians; unknown where nobody was followed that long.

    Notes
    -----
    Kaplan and Meier's curve. A violation is one that was found: a rejected ad, or one labelled as
    violating; where few are looked at, accounts look cleaner than they are. An account is followed
    until its last ad. Accounts that the logs show from their first 30 days on may be older, so that
    they tell nothing of a first violation.
    """
    durations = Durations(
        group=table.column("origin").to_numpy().astype(np.intp),
        value=np.maximum(table.column("waited").to_numpy().astype(np.float64), 0.0),
        ended=table.column("ended").to_numpy().astype(np.float64),
        censored=table.column("censored").to_numpy().astype(np.float64),
    )
    shares = [
        cumulative_incidence(durations, horizon=float(days), groups=2, level=level)
        for days in HORIZONS
    ]
    half = percentile(durations, share=0.5, groups=2, level=level)
    cases = np.bincount(durations.group, weights=durations.ended + durations.censored, minlength=2)

    def told(origin: int) -> tuple[Estimate, ...]:
        return tuple(each.at(origin, status=Status.PROXY) for each in shares)

    return Repeats(
        accounts=int(cases[_FIRST]),
        repeaters=int(cases[_NEXT]),
        first=told(_FIRST),
        again=told(_NEXT),
        first_median=half.at(_FIRST, status=Status.PROXY),
        again_median=half.at(_NEXT, status=Status.PROXY),
    )
