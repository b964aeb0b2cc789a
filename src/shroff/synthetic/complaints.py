"""What advertisers and viewers object to: appeals, reports and edits."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from shroff.synthetic.dice import Flags, Ints, joined
from shroff.synthetic.exposure import NEVER, Serving, volume
from shroff.synthetic.moderation import APPROVE, REJECT, Rulings
from shroff.synthetic.review_tasks import APPEAL, RECHECK, VIOLATING, Tasks
from shroff.synthetic.reviewing import assign, desk_draft
from shroff.synthetic.seasons import DAY, HOUR
from shroff.synthetic.submissions import Ads
from shroff.synthetic.world import World

__all__ = [
    "OMITTED",
    "PARTLY",
    "REVERSED",
    "UPHELD",
    "Appeals",
    "Edits",
    "Rejections",
    "Reports",
    "appeal",
    "edit",
    "reinstated",
    "rejections",
    "replaced",
    "report",
    "taken_down",
]

UPHELD, PARTLY, REVERSED, OMITTED = 0, 1, 2, 3
"""How an appeal ends."""

_APPEALS = {"right": 0.09, "wrong": 0.24}
_EDITED_REJECTS, _EDITED_APPROVED = 0.36, 0.02
_REPORTS_A_VIEW = 6e-6
_MORE_REPORTS = 7.0
_LOOKED_AT = 0.75


@dataclass(frozen=True, slots=True)
class Rejections:
    """Rejections, by the machine and in the main queues.

    Parameters
    ----------
    row, at : array of int
        Which ad, when.
    by_people : array of bool
        People decided.
    """

    row: Ints
    at: Ints
    by_people: Flags


@dataclass(frozen=True, slots=True)
class Edits:
    """Ads that come again in a new version: which, and when."""

    row: Ints
    at: Ints


@dataclass(frozen=True, slots=True)
class Reports:
    """Reports of viewers.

    Parameters
    ----------
    row, at : array of int
        Which ad, when.
    source : array of int
        User, notice or trusted flagger.
    looked_at : array of int
        Place of the review task, -1 for none.
    nth : array of int
        0 for the first report of an ad, 1 for the second.
    """

    row: Ints
    at: Ints
    source: Ints
    looked_at: Ints
    nth: Ints


@dataclass(frozen=True, slots=True)
class Appeals:
    """Appeals of advertisers.

    Parameters
    ----------
    row, at, decided : array of int
        Which ad, when filed, when decided (after the end of the logs when open).
    by_people : array of bool
        Against a decision of people.
    outcome : array of int
        Upheld, partly reversed, reversed or omitted.
    edited : array of bool
        The ad was edited first.
    """

    row: Ints
    at: Ints
    decided: Ints
    by_people: Flags
    outcome: Ints
    edited: Flags


def rejections(world: World, rulings: Rulings, final: Tasks) -> Rejections:
    """Collect the rejections within the logs."""
    machine = np.flatnonzero(rulings.action == REJECT)
    people = (final.verdict == VIOLATING) & (final.decided < world.seasons.closes)
    by_people = np.repeat([False, True], [len(machine), int(people.sum())])
    row = np.concatenate([machine, final.row[people]])
    at = np.concatenate([rulings.at[machine], final.decided[people]])
    return Rejections(row, at, by_people)


def edit(world: World, ads: Ads, rulings: Rulings, *, rejected: Rejections) -> Edits:
    """Draw who edits an ad: mostly after a rejection, a few on their own account."""
    dice, closes = world.dice, world.seasons.closes
    keys = ads.unit[rejected.row]
    tried = dice.flips("tries again", keys, chance=_EDITED_REJECTS)
    pause = (DAY * np.exp(0.9 * dice.normal("edit pause", keys))).astype(np.int64)
    pause = np.where(rejected.by_people, DAY + pause, HOUR + pause // 4)
    fine = np.flatnonzero(
        (rulings.action == APPROVE) & dice.flips("polishes", ads.unit, chance=_EDITED_APPROVED)
    )
    later = (DAY * (1 + 6 * dice.uniform("polish pause", ads.unit[fine]))).astype(np.int64)
    row = np.concatenate([rejected.row[tried], fine])
    at = np.concatenate([(rejected.at + pause)[tried], rulings.at[fine] + later])
    within = at < closes - HOUR
    return Edits(row[within], at[within])


def report(world: World, ads: Ads, serving: Serving) -> tuple[Reports, Tasks]:
    """Draw what viewers report, and let people look at most of it.

    Parameters
    ----------
    world : World
        The platform.
    ads : Ads
        The ads.
    serving : Serving
        When each is served.

    Returns
    -------
    reports : Reports
        Violating ads draw more reports for a view, but harmless ones have most of the views.
    tasks : Tasks
        Reviews of the reported ads.
    """
    dice, closes = world.dice, world.seasons.closes
    until = np.minimum(np.minimum(serving.stop, closes), serving.start + 6 * DAY)
    served = np.maximum(until - serving.start, 0)
    expected = volume(world, ads) * served / DAY * _REPORTS_A_VIEW
    expected = expected * np.where(ads.violating, _MORE_REPORTS, 1.0)
    some = dice.flips("reported", ads.unit, chance=-np.expm1(-expected))
    row = np.flatnonzero(some)
    twice = row[dice.flips("twice", ads.unit[row], chance=0.2)]
    row = np.concatenate([row, twice])
    nth = np.repeat([0, 1], [len(row) - len(twice), len(twice)])
    keys = joined(ads.unit[row], nth + 5)
    at = serving.start[row] + (served[row] * dice.uniform("reported at", keys)).astype(np.int64)
    looked = (nth == 0) & dice.flips("looked at", keys, chance=_LOOKED_AT)
    wait = (30 * HOUR * dice.uniform("recheck wait", keys[looked])).astype(np.int64) + HOUR
    none = np.full(int(looked.sum()), -1, dtype=np.int64)
    tasks = assign(
        world,
        ads,
        desk_draft(
            row[looked],
            kind=RECHECK,
            team="escalations",
            enqueued=at[looked],
            ready=at[looked] + wait,
            cited=none,
            chance=np.nan,
        ),
    )
    place = np.full(len(row), -1, dtype=np.int64)
    place[looked] = np.arange(int(looked.sum()))
    source = dice.pick("reporter", keys, weights=(0.9, 0.07, 0.03))
    return Reports(row, at, source, place, nth), tasks


def taken_down(serving: Serving, tasks: Tasks, *, closes: int) -> Serving:
    """Stop serving ads that were found violating after a report."""
    bad = (tasks.verdict == VIOLATING) & (tasks.decided < closes)
    stop = serving.stop.copy()
    np.minimum.at(stop, tasks.row[bad], tasks.decided[bad])
    return replace(serving, stop=stop)


def appeal(world: World, ads: Ads, rejected: Rejections, *, edits: Edits) -> tuple[Appeals, Tasks]:
    """Draw who appeals and how it ends: the wrongly rejected more often, but not all of them.

    Parameters
    ----------
    world : World
        The platform.
    ads : Ads
        The ads.
    rejected : Rejections
        The rejections.
    edits : Edits
        Ads edited since.

    Returns
    -------
    appeals : Appeals
        The appeals.
    tasks : Tasks
        The reviews behind them.
    """
    dice = world.dice
    wrong = ~ads.violating[rejected.row]
    keys = joined(ads.unit[rejected.row], rejected.by_people.astype(np.int64) + 21)
    chance = np.where(wrong, _APPEALS["wrong"], _APPEALS["right"])
    zeal = np.exp(0.7 * dice.normal("zeal", ads.advertiser[rejected.row].astype(np.uint64)))
    files = np.flatnonzero(dice.flips("appeals", keys, chance=np.minimum(chance * zeal, 0.9)))
    row, keys = rejected.row[files], keys[files]
    pause = (DAY * np.exp(0.3 + 1.1 * dice.normal("appeal pause", keys))).astype(np.int64)
    at = rejected.at[files] + HOUR // 2 + np.minimum(pause, 25 * DAY)
    edited = _edited_at(edits, ads=len(ads))[row] < at
    wait = (DAY * np.exp(0.9 + 0.6 * dice.normal("appeal wait", keys))).astype(np.int64)
    none = np.full(len(row), -1, dtype=np.int64)
    tasks = assign(
        world,
        ads,
        desk_draft(
            row,
            kind=APPEAL,
            team="escalations",
            enqueued=at,
            ready=at + wait,
            cited=none,
            chance=np.nan,
        ),
    )
    lost = np.where(dice.flips("omitted", keys, chance=0.04), OMITTED, UPHELD)
    won = np.where(dice.flips("partly", keys, chance=0.06), PARTLY, REVERSED)
    outcome = np.where(tasks.verdict == VIOLATING, lost, np.where(tasks.verdict == 0, won, UPHELD))
    people = rejected.by_people[files]
    return Appeals(row, at, tasks.decided, people, outcome, edited), tasks


def _edited_at(edits: Edits, *, ads: int) -> Ints:
    at = np.full(ads, NEVER)
    at[edits.row] = edits.at
    return at


def reinstated(serving: Serving, appeals: Appeals, *, closes: int) -> Serving:
    """Serve again what won its appeal and had not been edited first."""
    won = (appeals.outcome == REVERSED) & ~appeals.edited & (appeals.decided < closes)
    start, stop = serving.start.copy(), serving.stop.copy()
    start[appeals.row[won]] = appeals.decided[won]
    stop[appeals.row[won]] = NEVER
    return Serving(start, stop)


def replaced(serving: Serving, edits: Edits) -> Serving:
    """Stop serving a version on the day before the next one comes."""
    stop = serving.stop.copy()
    midnight = edits.at // DAY * DAY
    np.minimum.at(stop, edits.row, midnight)
    return replace(serving, stop=stop)
