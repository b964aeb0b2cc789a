"""The random audits: by action and score band, and by views; judged twice blind, then settled."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shroff.synthetic.dice import Floats, Ints
from shroff.synthetic.exposure import Served
from shroff.synthetic.moderation import BANDS, Rulings, band
from shroff.synthetic.review_tasks import (
    ADJUDICATED,
    AUDIT,
    TEAMS,
    UNCLEAR,
    VIEWS,
    VIEWS_ADJUDICATED,
    Draft,
    Tasks,
    concat_tasks,
)
from shroff.synthetic.reviewing import assign
from shroff.synthetic.seasons import DAY, HOUR
from shroff.synthetic.submissions import Ads
from shroff.synthetic.world import World

__all__ = ["audit", "audit_views", "strata"]

_CHANCES = (
    *(0.009, 0.013, 0.032, 0.06, 0.06),
    *(0.09, 0.06, 0.09, 0.04, 0.06),
    *(0.25, 0.25, 0.25, 0.25, 0.25),
    *(0.22, 0.16, 0.2, 0.16, 0.06),
)
_AUDITED = 0.021
_FEWEST_AUDITED = 1_800
_VIEWS_AUDITED, _FEWEST_VIEWED = 0.012, 1_200
_USUAL_PEAK = 1_700
"""Impressions that an ad has on its busiest day, as far as draws are concerned, on average."""


def strata(rulings: Rulings) -> Ints:
    """Give the audit stratum of each decision: its action, then its score band."""
    return rulings.action * (len(BANDS) + 1) + band(rulings.scores.risk)


def audit(world: World, ads: Ads, rulings: Rulings) -> Tasks:
    """Draw the random audit and let two people judge each ad blind, an expert where they differ.

    Parameters
    ----------
    world : World
        The platform.
    ads : Ads
        The ads.
    rulings : Rulings
        The machine's decisions.

    Returns
    -------
    Tasks
        All tasks of the audit; each ad is drawn on its own by a hash of its id and version.
    """
    dice, stratum = world.dice, strata(rulings)
    more = max(1.0, _FEWEST_AUDITED / (_AUDITED * world.ads))
    chance = np.minimum(np.array(_CHANCES)[stratum] * more, 1.0)
    rows = np.flatnonzero(dice.flips("audit", ads.unit, chance=chance))
    enqueued = (rulings.at[rows] // DAY + 1) * DAY + 2 * HOUR
    drawn = _Drawn(rows, chance[rows], stratum[rows], enqueued)
    return _judged(world, ads, drawn, kinds=(AUDIT, ADJUDICATED))


def audit_views(world: World, ads: Ads, served: Served) -> Tasks:
    """Draw ads by how often they are seen, so that what people see can be told, too.

    Parameters
    ----------
    world : World
        The platform.
    ads : Ads
        The ads.
    served : Served
        Their impressions by day.

    Returns
    -------
    Tasks
        All tasks of this audit. Each day draws each ad with a chance in proportion to its
        impressions, always by the same hash of the ad; so the chance of being drawn at all, which
        is logged, is that of the ad's busiest day.
    """
    rate = max(_VIEWS_AUDITED * world.ads, _FEWEST_VIEWED) / (world.ads * _USUAL_PEAK)
    luck = world.dice.uniform("view audit", ads.unit)
    peak = np.zeros(len(ads))
    np.maximum.at(peak, served.row, served.impressions)
    rows = np.flatnonzero(luck < rate * peak)
    day = np.full(len(ads), world.seasons.days)
    hit = rate * served.impressions > luck[served.row]
    np.minimum.at(day, served.row[hit], served.day[hit])
    enqueued = world.seasons.opens + (day[rows] + 1) * DAY + 3 * HOUR
    none = np.full(len(rows), -1, dtype=np.int64)
    drawn = _Drawn(rows, np.minimum(rate * peak[rows], 1.0), none, enqueued)
    return _judged(world, ads, drawn, kinds=(VIEWS, VIEWS_ADJUDICATED))


@dataclass(frozen=True, slots=True)
class _Drawn:
    """Ads an audit drew: their places, chances and strata, and when they come before people."""

    row: Ints
    chance: Floats
    stratum: Ints
    enqueued: Ints


def _judged(world: World, ads: Ads, drawn: _Drawn, *, kinds: tuple[int, int]) -> Tasks:
    """Let two people judge each ad blind, and an expert where they differ."""
    rows, none = drawn.row, np.full(len(drawn.row), -1, dtype=np.int64)
    wait = (3 * DAY * world.dice.uniform("audit wait", ads.unit[rows])).astype(np.int64) + HOUR
    drafts = [
        Draft(
            rows,
            np.full(len(rows), kinds[0], dtype=np.int64),
            np.full(len(rows), TEAMS.index("audit_desk"), dtype=np.int64),
            drawn.enqueued,
            drawn.enqueued + wait + copy * 5 * HOUR,
            none,
            drawn.chance,
            drawn.stratum,
            copy,
        )
        for copy in (0, 1)
    ]
    first, second = (assign(world, ads, draft) for draft in drafts)
    settled = _adjudicated(world, ads, first, second, kind=kinds[1])
    return concat_tasks([first, second, settled])


def _adjudicated(world: World, ads: Ads, first: Tasks, second: Tasks, *, kind: int) -> Tasks:
    """Let an expert settle what two people see differently: the verdict, or policies named."""
    differ = (first.verdict != second.verdict) | (first.verdict == UNCLEAR)
    differ |= (first.found != second.found) | (first.noticed != second.noticed).any(axis=1)
    some = first.take(differ)
    both_in = np.maximum(some.decided, second.take(differ).decided)
    wait = DAY + (2 * DAY * world.dice.uniform("expert", some.key)).astype(np.int64)
    draft = Draft(
        some.row,
        np.full(len(some), kind, dtype=np.int64),
        np.full(len(some), TEAMS.index("experts"), dtype=np.int64),
        both_in,
        both_in + wait,
        np.where(some.found >= 0, some.found, second.take(differ).found),
        some.probability,
        some.stratum,
    )
    return assign(world, ads, draft)
