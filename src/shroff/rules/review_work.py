"""What a review costs: minutes of work, hours of waiting, as past reviews tell."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.special import ndtri

from shroff.domain.messages import Message
from shroff.measure.counts import count
from shroff.stats.estimate import Estimate, Status
from shroff.stats.survival import Durations, percentile
from shroff.store.engine import Engine

__all__ = ["ReviewWork", "review_work"]

_LIVE = "COALESCE(queue_reason, 'model') NOT IN ('random', 'recheck', 'seeded')"
_MINUTE_MS, _HOUR_MINUTES = 60_000.0, 60.0
_WORK_SQL = f"""
SELECT COUNT(capped_ms) AS tasks, COALESCE(SUM(CAST(capped_ms AS DOUBLE)), 0) AS total,
       COALESCE(SUM(CAST(capped_ms AS DOUBLE) * CAST(capped_ms AS DOUBLE)), 0) AS squares
FROM tasks WHERE done AND {_LIVE}
"""


@dataclass(frozen=True, slots=True)
class ReviewWork:
    """What one review costs.

    Parameters
    ----------
    minutes : Estimate
        Mean minutes of active work; unknown where they are not logged.
    wait_hours : Estimate
        Half of the reviews waited no longer, open ones counted as open.
    """

    minutes: Estimate
    wait_hours: Estimate

    def hours(self, reviews: float) -> Estimate:
        """Give the hours of work of so many reviews, which may be fewer than none."""

        def worth(minutes: float | None) -> float | None:
            return None if minutes is None else reviews * minutes / _HOUR_MINUTES

        ends = worth(self.minutes.low), worth(self.minutes.high)
        low, high = ends if reviews >= 0 else ends[::-1]
        return replace(
            self.minutes,
            value=worth(self.minutes.value),
            low=low,
            high=high,
            numerator=None,
            denominator=None,
        )


def review_work(engine: Engine, *, level: float) -> ReviewWork:
    """Ask what reviews cost; ``tasks`` of the period stands.

    Parameters
    ----------
    engine : Engine
        Where it stands.
    level : float
        Coverage of the intervals.

    Returns
    -------
    ReviewWork
        Work and waiting. Both are proxies: reviews that rules add may be harder than those that
        were there.
    """
    row = engine.query(_WORK_SQL).to_pylist()[0]
    return ReviewWork(
        _mean(int(row["tasks"]), float(row["total"]), float(row["squares"]), level=level),
        _wait(engine, level=level),
    )


def _mean(tasks: int, total: float, squares: float, *, level: float) -> Estimate:
    if not tasks:
        return Estimate(
            value=None, low=None, high=None, level=level, status=Status.UNKNOWN,
            method="mean", n=0, caveats=(Message("backtest.no_work"),),
        )  # fmt: skip
    mean = total / tasks
    spread = max(squares - tasks * mean * mean, 0.0) / max(tasks - 1, 1)
    reach = float(ndtri(0.5 + level / 2)) * (spread / tasks) ** 0.5
    return Estimate(
        value=mean / _MINUTE_MS,
        low=max(mean - reach, 0.0) / _MINUTE_MS,
        high=(mean + reach) / _MINUTE_MS,
        level=level,
        status=Status.PROXY,
        method="mean",
        n=tasks,
        design="reviews of the period that the machine asked for",
    )


def _wait(engine: Engine, *, level: float) -> Estimate:
    cube = count(
        engine,
        "(SELECT t.*, CASE WHEN done THEN 1 ELSE 0 END AS done_code FROM tasks AS t) AS timed",
        slicings=[()],
        keys=("done_code", "minutes"),
        sums={"tasks": "COUNT(*)"},
        where=f"entered AND {_LIVE}",
    )
    done = cube.columns["done_code"] > 0
    durations = Durations(
        group=np.zeros(len(cube.group), np.intp),
        value=cube.columns["minutes"] / _HOUR_MINUTES,
        ended=np.where(done, cube.columns["tasks"], 0.0),
        censored=np.where(done, 0.0, cube.columns["tasks"]),
    )
    figure = percentile(durations, share=0.5, groups=1, level=level)
    return figure.at(0, status=Status.PROXY, design="every review task of the period")
