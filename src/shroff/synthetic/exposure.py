"""When each ad is served, how often it is seen and what it costs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shroff.synthetic.dice import Flags, Floats, Ints, joined
from shroff.synthetic.moderation import APPROVE, RESTRICT, REVIEW, Rulings
from shroff.synthetic.review_tasks import COMPLIANT, VIOLATING, Tasks
from shroff.synthetic.seasons import DAY
from shroff.synthetic.submissions import Ads
from shroff.synthetic.world import World

__all__ = ["NEVER", "Served", "Serving", "after_people", "serve", "volume"]

NEVER = np.int64(2**40)
"""A moment that does not come."""

_RESTRICTED = 0.4
_BUDGETS = (5.7, 5.4, 4.9)


@dataclass(frozen=True, slots=True)
class Serving:
    """From when until when each ad may be served, seconds since 1970.

    Parameters
    ----------
    start : array of int
        First moment, ``NEVER`` for an ad that is not served.
    stop : array of int
        Moment at which it is taken down.
    """

    start: Ints
    stop: Ints


@dataclass(frozen=True, slots=True)
class Served:
    """Impressions by ad and day.

    Parameters
    ----------
    row, day : array of int
        Place of the ad; day counted from 0.
    impressions, clicks : array of int
        Counts.
    spend : array of float
        Spend.
    """

    row: Ints
    day: Ints
    impressions: Ints
    clicks: Ints
    spend: Floats


def after_people(world: World, ads: Ads, rulings: Rulings, *, final: Tasks) -> Serving:
    """Say when ads are served, given the machine's and the queues' decisions.

    Parameters
    ----------
    world : World
        The platform.
    ads : Ads
        The ads.
    rulings : Rulings
        The machine's decisions.
    final : Tasks
        The deciding review of each ad queued in.

    Returns
    -------
    Serving
        When each may be served.
    """
    start = np.where(np.isin(rulings.action, (APPROVE, RESTRICT)), rulings.at, NEVER)
    waits = np.zeros(len(ads), dtype=np.bool_)
    waits[rulings.action == REVIEW] = rulings.review_first[rulings.action == REVIEW]
    start = np.where((rulings.action == REVIEW) & ~waits, rulings.at, start)
    stop = np.full(len(ads), NEVER)
    decided = final.decided < world.seasons.closes
    fine = decided & (final.verdict == COMPLIANT) & waits[final.row]
    start[final.row[fine]] = final.decided[fine]
    bad = decided & (final.verdict == VIOLATING)
    stop[final.row[bad]] = final.decided[bad]
    start[final.row[bad & waits[final.row]]] = NEVER
    return Serving(start, stop)


def volume(world: World, ads: Ads) -> Floats:
    """Give the impressions a day that an ad would have: few ads have most of them."""
    dice = world.dice
    usual = np.array(_BUDGETS)[world.people.conduct[ads.advertiser]]
    budget = usual + 0.9 * dice.normal("budget", ads.advertiser.astype(np.uint64))
    daily: Floats = np.exp(budget + 1.05 * dice.normal("daily", ads.unit))
    return np.minimum(daily, 2e6)


def _flags(serving: Serving, world: World) -> Flags:
    flags: Flags = (serving.start < world.seasons.closes) & (serving.start < serving.stop)
    return flags


def serve(world: World, ads: Ads, serving: Serving, *, restricted: Flags) -> Served:
    """Serve ads day by day.

    Parameters
    ----------
    world : World
        The platform.
    ads : Ads
        The ads.
    serving : Serving
        When each may be served.
    restricted : array of bool
        Ads that are served less.

    Returns
    -------
    Served
        One row for each ad and day.
    """
    dice = world.dice
    row, day = _days(world, ads, serving)
    keys = joined(ads.unit[row], day + 11)
    noise = np.exp(0.5 * dice.normal("views", keys))
    share = np.where(restricted, _RESTRICTED, 1.0)[row]
    part = _part_of_day(serving, row, day, opens=world.seasons.opens)
    views = np.floor(volume(world, ads)[row] * noise * share * part + dice.uniform("odd", keys))
    rate = 0.012 * np.exp(0.5 * dice.normal("clicking", ads.unit))[row]
    clicks = np.minimum(views, np.floor(views * rate + dice.uniform("click", keys)))
    cost = 4.0 * np.exp(0.6 * dice.normal("price", ads.advertiser.astype(np.uint64)))[row]
    seen = views > 0
    return Served(
        row[seen],
        day[seen],
        views[seen].astype(np.int64),
        clicks[seen].astype(np.int64),
        np.round(views * cost / 1000, 4)[seen],
    )


def _days(world: World, ads: Ads, serving: Serving) -> tuple[Ints, Ints]:
    """Give every ad and day on which it may be served."""
    seasons = world.seasons
    rows = np.flatnonzero(_flags(serving, world))
    first = (serving.start[rows] - seasons.opens) // DAY
    spread = world.dice.normal("length", ads.unit[rows])
    length = np.minimum(np.exp(1.4 + 0.7 * spread), 45).astype(np.int64)
    stop = np.minimum(serving.stop[rows], seasons.closes) - 1
    last = np.minimum((stop - seasons.opens) // DAY, first + length)
    counts = np.maximum(last - first + 1, 0)
    row = np.repeat(rows, counts)
    skipped = np.repeat(np.cumsum(counts) - counts, counts)
    return row, np.arange(len(row)) - skipped + np.repeat(first, counts)


def _part_of_day(serving: Serving, row: Ints, day: Ints, *, opens: int) -> Floats:
    """Give the share of each day in which the ad is served: the first and last are cut short."""
    begins = opens + day * DAY
    start, stop = serving.start[row], serving.stop[row]
    served = np.minimum(stop, begins + DAY) - np.maximum(start, begins)
    part: Floats = np.maximum(served, 0) / DAY
    return part
