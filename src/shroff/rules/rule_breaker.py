"""Does a rule still do what was forecast of it? Judged so that daily looks raise no false alarms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import NormalDist

import numpy as np
from scipy.special import betainc, betaincinv, gammainc

from shroff.domain.messages import Message, Value
from shroff.rules.forecast import RuleForecast
from shroff.stats.estimate import Estimate, Status
from shroff.stats.sequences import sequence_levels

__all__ = ["Breach", "days_of", "few_hits", "low_precision", "surge"]

_DAY_WORTH, _WHOLE_WORTH = 2.0, 1.5
_SUREST = 1 - 1e-12


@dataclass(frozen=True, slots=True)
class Breach:
    """What of a rule is not as forecast.

    Parameters
    ----------
    message : Message
        It, in a sentence.
    p : float
        Chance of a breach as large or larger on any look of a rule that does as forecast; an upper
        bound. 0 where it was judged at one level alone.
    """

    message: Message
    p: float = 0.0


def surge(
    rule_id: str, by_day: Mapping[date, int], *, forecast: RuleForecast, days: Sequence[date]
) -> Breach | None:
    """Find whether a rule hits far more than was forecast, on one day or all along.

    Parameters
    ----------
    rule_id : str
        The rule.
    by_day : mapping
        Its hits of each day that has any.
    forecast : RuleForecast
        What was expected.
    days : sequence of date
        Days watched, in order, since a start that does not depend on the hits.

    Returns
    -------
    Breach or None
        The least likely look; None where no day has twice, nor all days together half as much
        again as was forecast.

    Notes
    -----
    Hits of a day are taken to be negative binomial with the mean and the spread between days of
    the forecast, the doubt of its mean included. The t-th day is given ``1 / (t (t + 1))`` of the
    chance of a false alarm, half of it for that day and half for the sum until then, so that the
    chance holds for any number of days.
    """
    hits = np.array([by_day.get(day, 0) for day in days], float)
    if not hits.sum():
        return None
    mean, spread, reach = _expected(forecast)
    looks = np.arange(1, len(hits) + 1, dtype=float)
    total = np.cumsum(hits)
    day_p = _tail(hits, np.full_like(hits, mean), np.full_like(hits, spread + reach))
    all_p = _tail(total, mean * looks, spread * looks + reach * looks**2)
    day_p = np.where(hits >= _DAY_WORTH * mean, day_p, 1.0)
    all_p = np.where(total >= _WHOLE_WORTH * mean * looks, all_p, 1.0)
    spent = 2 * looks * (looks + 1)
    day, whole = int(np.argmin(day_p * spent)), int(np.argmin(all_p * spent))
    worst = min(float(day_p[day] * spent[day]), float(all_p[whole] * spent[whole]))
    if worst >= 1:
        return None
    if day_p[day] * spent[day] <= all_p[whole] * spent[whole]:
        told: dict[str, Value] = {
            "rule": rule_id,
            "day": str(days[day]),
            "ads": int(hits[day]),
            "mean": mean,
        }
        return Breach(Message("life.surge_day", told), worst)
    along: dict[str, Value] = {"rule": rule_id, "day": str(days[0]), "mean": mean}
    seen = float(total[whole] / looks[whole])
    return Breach(Message("life.surge", {**along, "seen": seen}), worst)


def few_hits(
    rule_id: str, by_day: Mapping[date, int], *, forecast: RuleForecast, days: Sequence[date]
) -> Breach | None:
    """Find whether a live rule hits far less than was forecast, as one does that was got around.

    Parameters
    ----------
    rule_id : str
        The rule.
    by_day : mapping
        Its hits of each day that has any.
    forecast : RuleForecast
        What was expected.
    days : sequence of date
        Days on which it was live, in order.

    Returns
    -------
    Breach or None
        None where it hits half as much as was forecast, or more.
    """
    looks = float(len(days))
    total = float(sum(by_day.get(day, 0) for day in days))
    mean, spread, reach = _expected(forecast)
    if not looks or total >= 0.5 * mean * looks:
        return None
    sizes = (np.array([each]) for each in (mean * looks, spread * looks + reach * looks**2))
    fewer = 1 - float(_tail(np.array([total + 1]), *sizes)[0])
    told: dict[str, Value] = {
        "rule": rule_id,
        "seen": total / looks,
        "mean": mean,
        "day": str(days[0]),
    }
    return Breach(Message("life.few", told), min(fewer * looks * (looks + 1), 1.0))


def low_precision(
    rule_id: str, seen: Estimate, *, forecast: RuleForecast, miss: float
) -> Breach | None:
    """Find whether the precision of a rule is below all that was forecast.

    Parameters
    ----------
    rule_id : str
        The rule.
    seen : Estimate
        Its precision since a start that does not depend on the labels.
    forecast : RuleForecast
        What was expected.
    miss : float
        Chance of a false alarm on any look, in (0, 1).

    Returns
    -------
    Breach or None
        None where the intervals of both meet, each widened so that it holds at every look, or
        where one of them does not rest on labels drawn at random.
    """
    if seen.status is not Status.ESTIMATE or forecast.status != Status.ESTIMATE:
        return None
    if seen.n_effective is None or seen.value is None or forecast.precision_labels is None:
        return None
    always = float(sequence_levels(np.array([seen.n_effective]), level=1 - miss)[0])
    high = _end(seen.value, seen.high, seen.n_effective, level=always, given=seen.level)
    low = 1 - _end(
        1 - (forecast.precision or 0.0),
        None if forecast.precision_low is None else 1 - forecast.precision_low,
        forecast.precision_labels,
        level=min(1 - miss, _SUREST),
        given=seen.level,
    )
    if high >= low:
        return None
    told: dict[str, Value] = {"rule": rule_id, "high": high, "low": low, "labels": seen.n}
    return Breach(Message("life.imprecise", told))


def _end(value: float, end: float | None, labels: float, *, level: float, given: float) -> float:
    """Give the upper end of a share at another level: the wider of two ways to get there."""
    tail = (1 - level) / 2
    hits = min(max(value, 0.0), 1.0) * labels
    exact = 1.0 if hits >= labels else float(betaincinv(hits + 1, labels - hits, 1 - tail))
    if end is None:
        return 1.0
    normal = NormalDist()
    stretch = normal.inv_cdf(tail) / normal.inv_cdf((1 - given) / 2)
    return min(max(exact, value + stretch * (end - value)), 1.0)


def _expected(forecast: RuleForecast) -> tuple[float, float, float]:
    """Give mean and variance of a day's hits, and the variance that the mean itself has."""
    days = max(forecast.days, 1)
    mean = max(forecast.hits_per_day, 0.5 / days)  # none in so many days is not never
    spread = max(forecast.daily_variance, mean)
    return mean, spread, spread / days


def _tail(hits: np.ndarray, mean: np.ndarray, variance: np.ndarray) -> np.ndarray:
    """Give the chance of so many hits or more."""
    more = variance - mean
    over = more > 1e-9 * mean
    shape = np.where(over, mean**2 / np.where(over, more, 1.0), 1.0)
    at_least = np.maximum(hits, 1e-9)
    found = np.where(
        over,
        betainc(at_least, shape, np.where(over, more / variance, 0.5)),
        gammainc(at_least, mean),
    )
    return np.where(hits > 0, found, 1.0)


def days_of(first: date, end: date) -> list[date]:
    """List the days from the first to the one before the end."""
    return [first + timedelta(days=place) for place in range((end - first).days)]
