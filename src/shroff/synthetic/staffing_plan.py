"""How many reviewers are on duty when, and how long a task waits for one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shroff.synthetic.dice import Floats, Ints
from shroff.synthetic.markets import LANGUAGES, MARKETS
from shroff.synthetic.seasons import HOUR, Seasons, hours_of_day

__all__ = ["MAIN_QUEUES", "Plan", "queue_of", "roster"]

MAIN_QUEUES = ("en_west", "en_sea", "zh_cn", "zh_other")
"""Queues of the machine's queue-in, by language and market."""

_WEST = ("US", "GB", "AU", "CA")
_QUEUED = 0.11
_SLACK = 1.0
_HIRED = 1.22
_HIRING = 0.62
_WEEKEND = 0.62
_BUSY = 0.68
"""Share of their time on duty in which reviewers can work on tasks."""
_AFTER_DAYS = 30
_SHIFTS = {
    "en": (*(0.8,) * 6, *(1.2,) * 10, *(0.9,) * 8),
    "zh": (*(1.5,) * 10, *(1.1,) * 4, *(0.4,) * 10),
}
_ACTIVE_SECONDS = {"en": 62.0, "zh": 54.0}


@dataclass(frozen=True, slots=True)
class Plan:
    """Capacity of the main queues, hour by hour.

    Parameters
    ----------
    opens : int
        First second.
    hired : int
        Second at which staff grows.
    capacity : array of float, queues by hours
        Tasks that can be done in each hour.
    arrived, done : array of float, queues by hours
        Tasks expected to have come, and to be done, at the end of each hour.
    """

    opens: int
    hired: int
    capacity: Floats
    arrived: Floats
    done: Floats

    def ready(self, queue: Ints, at: Ints) -> Ints:
        """Give when a task's turn comes, first come first served.

        Parameters
        ----------
        queue : array of int
            Main queue of each task.
        at : array of int
            When it came.

        Returns
        -------
        array of int
            Seconds since 1970.
        """
        ready = at.copy()
        clock = np.arange(self.capacity.shape[1] + 1) * HOUR
        for place in range(len(MAIN_QUEUES)):
            here = queue == place
            arrived = np.concatenate([[0.0], self.arrived[place]])
            done = np.concatenate([[0.0], self.done[place]])
            turn = np.interp(at[here] - self.opens, clock, arrived)
            ready[here] = self.opens + np.interp(turn, done, clock).astype(np.int64)
        return np.maximum(ready, at)

    def hours(self, queue: int) -> Floats:
        """Give the reviewer hours on duty in each hour of a main queue."""
        hours: Floats = self.capacity[queue] * _seconds(queue) / HOUR / _BUSY
        return hours


def _language(queue: int) -> str:
    return MAIN_QUEUES[queue][:2]


def _seconds(queue: int) -> float:
    return _ACTIVE_SECONDS[_language(queue)]


def queue_of(market: Ints, language: Ints) -> Ints:
    """Give the main queue of ads by market and language."""
    west = np.array([place.code in _WEST for place in MARKETS])[market]
    mainland = np.array([place.code == "CN" for place in MARKETS])[market]
    english = np.where(west, 0, 1)
    return np.where(language == LANGUAGES.index("zh"), np.where(mainland, 2, 3), english)


def _shares() -> Floats:
    """Give each main queue's share of ads."""
    shares = np.zeros(len(MAIN_QUEUES))
    for place, market in enumerate(MARKETS):
        for language, share in enumerate((1 - market.chinese, market.chinese)):
            queue = queue_of(np.array([place]), np.array([language]))[0]
            shares[queue] += market.share * share
    return shares


def _served(arrivals: Floats, capacity: Floats) -> Floats:
    """Work off the arrivals of each hour, first come first served."""
    done, waiting, total = np.empty_like(arrivals), 0.0, 0.0
    for hour, (came, can) in enumerate(zip(arrivals.tolist(), capacity.tolist(), strict=True)):
        worked = min(waiting + came, can)
        waiting += came - worked
        total += worked
        done[hour] = total
    return done


def roster(seasons: Seasons, *, ads: int) -> Plan:
    """Plan the reviewers of a platform.

    Parameters
    ----------
    seasons : Seasons
        Days.
    ads : int
        Ads of the platform.

    Returns
    -------
    Plan
        Capacity and waiting in the main queues, some days beyond the end of the logs.
    """
    daily = seasons.shares() * ads * _QUEUED
    daily = np.concatenate([daily, np.repeat(daily[-7:].mean(), _AFTER_DAYS)])
    days = np.arange(len(daily))
    weekday = (seasons.first.weekday() + days) % 7
    hiring = int(seasons.days * _HIRING)
    staff = np.where(weekday >= 5, _WEEKEND, 1.14) * np.where(days >= hiring, _HIRED, 1.0)
    capacity, arrived, done = [], [], []
    for queue, share in enumerate(_shares().tolist()):
        shift = np.array(_SHIFTS[_language(queue)]) / sum(_SHIFTS[_language(queue)])
        came = np.outer(daily * share, hours_of_day()).ravel()
        can = np.outer(staff * share * daily[: seasons.days].mean() * _SLACK, shift).ravel()
        capacity.append(can)
        arrived.append(np.cumsum(came))
        done.append(_served(came, can) + np.arange(len(can)) * 1e-9)
    hired = seasons.opens + hiring * 24 * HOUR
    return Plan(seasons.opens, hired, np.array(capacity), np.array(arrived), np.array(done))
