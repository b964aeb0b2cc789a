"""The random audit: drawn by action and score band, judged twice blind, settled by an expert."""

from __future__ import annotations

import numpy as np

from shroff.synthetic.dice import Ints
from shroff.synthetic.moderation import BANDS, Rulings, band
from shroff.synthetic.review_tasks import (
    ADJUDICATED,
    AUDIT,
    TEAMS,
    UNCLEAR,
    Draft,
    Tasks,
    concat_tasks,
)
from shroff.synthetic.reviewing import assign
from shroff.synthetic.seasons import DAY, HOUR
from shroff.synthetic.submissions import Ads
from shroff.synthetic.world import World

__all__ = ["audit", "strata"]

_CHANCES = (
    *(0.009, 0.013, 0.032, 0.06, 0.06),
    *(0.09, 0.06, 0.09, 0.04, 0.06),
    *(0.25, 0.25, 0.25, 0.25, 0.25),
    *(0.22, 0.16, 0.2, 0.16, 0.06),
)
_AUDITED = 0.021
_FEWEST_AUDITED = 1_800


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
    wait = (3 * DAY * dice.uniform("audit wait", ads.unit[rows])).astype(np.int64) + HOUR
    kind, none = np.full(len(rows), AUDIT, dtype=np.int64), np.full(len(rows), -1, dtype=np.int64)
    drafts = [
        Draft(
            rows,
            kind,
            np.full(len(rows), TEAMS.index("audit_desk"), dtype=np.int64),
            enqueued,
            enqueued + wait + copy * 5 * HOUR,
            none,
            chance[rows],
            stratum[rows],
            copy,
        )
        for copy in (0, 1)
    ]
    first, second = (assign(world, ads, draft) for draft in drafts)
    return concat_tasks([first, second, _adjudicated(world, ads, first, second)])


def _adjudicated(world: World, ads: Ads, first: Tasks, second: Tasks) -> Tasks:
    differ = (first.verdict != second.verdict) | (first.verdict == UNCLEAR)
    some = first.take(differ)
    both_in = np.maximum(some.decided, second.take(differ).decided)
    wait = DAY + (2 * DAY * world.dice.uniform("expert", some.key)).astype(np.int64)
    draft = Draft(
        some.row,
        np.full(len(some), ADJUDICATED, dtype=np.int64),
        np.full(len(some), TEAMS.index("experts"), dtype=np.int64),
        both_in,
        both_in + wait,
        np.where(some.found >= 0, some.found, second.take(differ).found),
        some.probability,
        some.stratum,
    )
    return assign(world, ads, draft)
