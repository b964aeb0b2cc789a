"""What people say of ads: queues, second reviews, quality checks, audits."""

from __future__ import annotations

import numpy as np

from shroff.synthetic.dice import Flags, Floats, Ints, Keys, joined
from shroff.synthetic.markets import LANGUAGES
from shroff.synthetic.moderation import REVIEW, Rulings
from shroff.synthetic.review_tasks import (
    ADJUDICATED,
    BY_MODEL,
    BY_RULE,
    COMPLIANT,
    KINDS,
    QA,
    SECOND,
    TEAMS,
    UNCLEAR,
    VIEWS_ADJUDICATED,
    VIOLATING,
    Draft,
    Tasks,
    concat_tasks,
)
from shroff.synthetic.seasons import DAY, HOUR
from shroff.synthetic.staffing_plan import queue_of
from shroff.synthetic.submissions import ALIKE, Ads
from shroff.synthetic.taxonomy import family_places, policies
from shroff.synthetic.world import World

__all__ = ["active_ms", "assign", "desk_draft", "reviewers", "work_queue"]

_MISSES = (0.07, 0.1, 0.13, 0.08, 0.12, 0.05, 0.01, 0.05)
_ALARMS = (0.05, 0.07, 0.09, 0.06, 0.085, 0.02, 0.005, 0.03)
_EXACT = (0.93, 0.92, 0.9, 0.93, 0.9, 0.985, 0.995, 0.95)
_NOTICES = (0.4, 0.35, 0.3, 0.45, 0.3, 0.95, 0.98, 0.65)
_CONFIRMS = 0.85
"""Chance of noticing that an ad breaks a policy beside its main one, and if the machine cited it."""
_HARD, _EASY = 1.5, 0.65
_UNSURE = 0.03
_QA_SHARE = 0.06
_PEOPLE_EACH = 1_200


def _factor(ads: Ads, draft: Draft) -> Floats:
    """Give how many times the usual mistakes are made: hard ads are hard to judge."""
    hard = (ads.form == ALIKE) | (ads.violating & ~ads.blatant)
    return np.where(hard, _HARD, _EASY)[draft.row]


def _misread(world: World, ads: Ads, draft: Draft) -> Flags:
    """Say which tasks are judged by a chapter that their group misreads."""
    story = world.stories
    policy = np.where(ads.violating, ads.policy, np.maximum(ads.alike, 0))[draft.row]
    known = (ads.violating | (ads.alike >= 0))[draft.row]
    family = family_places()[np.where(known, policy, np.maximum(draft.cited, 0))]
    changed = world.seasons.opens + story.misread_day * DAY
    misread = (draft.team == story.misread_group) & (draft.enqueued >= changed)
    here: Flags = misread & np.isin(family, story.misread_families)
    return here


def _mistaken(world: World, ads: Ads, draft: Draft) -> Floats:
    """Give the chance of a wrong verdict on an ad that is neither hard nor easy."""
    # a chapter is misread as allowing what it forbids: all the more mistakes are made on ads that
    # violate, of which there are about as many before people as of others
    misses, alarms = np.array(_MISSES)[draft.team], np.array(_ALARMS)[draft.team]
    violating, size = ads.policy[draft.row] >= 0, world.stories.misread_factor
    lenient = violating & _misread(world, ads, draft)
    more = np.where(lenient, misses * size + alarms * (size - 1), misses)
    chance: Floats = np.where(violating, more, alarms)
    return chance


def _verdicts(world: World, ads: Ads, draft: Draft, keys: Keys) -> tuple[Ints, Ints]:
    """Draw what each reviewer says, and the policy found."""
    dice, truth = world.dice, ads.policy[draft.row]
    chance, factor = _mistaken(world, ads, draft), _factor(ads, draft)
    wrong = dice.flips("mistake", keys, chance=np.minimum(chance * factor, 0.7))
    says = (truth >= 0) ^ wrong
    expert = np.isin(draft.kind, (ADJUDICATED, VIEWS_ADJUDICATED))
    unsure = ~expert & dice.flips("unsure", keys, chance=_UNSURE * np.minimum(factor, _HARD))
    verdict = np.where(unsure, UNCLEAR, np.where(says, VIOLATING, COMPLIANT))
    guess = np.where(
        draft.cited >= 0, draft.cited, dice.whole("found", keys, below=len(policies()))
    )
    exact = (truth >= 0) & dice.flips("exact", keys, chance=np.array(_EXACT)[draft.team])
    return verdict, np.where(verdict == VIOLATING, np.where(exact, truth, guess), -1)


def _noticed(world: World, ads: Ads, draft: Draft, *, keys: Keys, found: Ints) -> Flags:
    """Draw which other policies each reviewer names: many stop at the main one."""
    chance = np.repeat(np.array(_NOTICES)[draft.team][:, None], len(policies()), axis=1)
    told = np.array([kind.seen_machine for kind in KINDS])[draft.kind] & (draft.cited >= 0)
    rows = np.flatnonzero(told)
    chance[rows, draft.cited[rows]] = np.maximum(chance[rows, draft.cited[rows]], _CONFIRMS)
    noticed = ads.beside[draft.row] & (found >= 0)[:, None]
    each = joined(keys[:, None], np.arange(len(policies()))[None, :])
    noticed &= world.dice.flips("noticed", each, chance=chance)
    rows = np.flatnonzero(found >= 0)
    noticed[rows, found[rows]] = False
    return noticed


def assign(world: World, ads: Ads, draft: Draft) -> Tasks:
    """Let people work on tasks.

    Parameters
    ----------
    world : World
        The platform.
    ads : Ads
        The ads.
    draft : Draft
        The tasks.

    Returns
    -------
    Tasks
        The tasks with times and verdicts, those of the future included.
    """
    dice = world.dice
    keys = joined(ads.unit[draft.row], draft.kind * 16 + draft.copy + 3)
    verdict, found = _verdicts(world, ads, draft, keys)
    fetched = 40 + np.exp(6.2 + 0.9 * dice.normal("fetched", keys)).astype(np.int64)
    started = draft.ready + fetched
    return Tasks(
        row=draft.row,
        key=keys,
        kind=draft.kind,
        team=draft.team,
        enqueued=draft.enqueued,
        started=started,
        decided=started + 5 + active_ms(world, draft.kind, keys) // 900,
        verdict=verdict,
        found=found,
        noticed=_noticed(world, ads, draft, keys=keys, found=found),
        probability=draft.probability,
        stratum=draft.stratum,
        copy=np.full(len(keys), draft.copy, dtype=np.int64),
    )


def active_ms(world: World, kind: Ints, keys: Keys) -> Ints:
    """Draw the milliseconds of active work on tasks."""
    median = np.array([kind.seconds for kind in KINDS])[kind]
    spread = np.exp(0.6 * world.dice.normal("active", keys))
    worked: Ints = (1000 * median * spread).astype(np.int64)
    return worked


def _teams(world: World, ads: Ads, rows: Ints) -> Ints:
    """Draw the group that takes each task of the main queues, by language."""
    keys = ads.unit[rows]
    english = world.dice.pick("team", keys, weights=(0.4, 0.35, 0.25))
    chinese = 3 + world.dice.pick("team", keys, weights=(0.55, 0.45))
    return np.where(ads.language[rows] == LANGUAGES.index("zh"), chinese, english)


def _desk(rows: Ints, name: str) -> Ints:
    return np.full(len(rows), TEAMS.index(name), dtype=np.int64)


def desk_draft(
    rows: Ints, *, kind: int, team: str, enqueued: Ints, ready: Ints, cited: Ints, chance: float
) -> Draft:
    """Draft tasks of one kind for one of the smaller desks.

    Parameters
    ----------
    rows : array of int
        Ads.
    kind : int
        Kind of task.
    team : str
        Group.
    enqueued, ready : array of int
        When they come, and when their turn is.
    cited : array of int
        Policy named, by task.
    chance : float
        Chance of being drawn, NaN when nobody drew.

    Returns
    -------
    Draft
        The tasks.
    """
    none = np.full(len(rows), -1, dtype=np.int64)
    kinds = np.full(len(rows), kind, dtype=np.int64)
    drawn = np.full(len(rows), chance)
    return Draft(rows, kinds, _desk(rows, team), enqueued, ready, cited, drawn, none)


def work_queue(world: World, ads: Ads, rulings: Rulings) -> tuple[Tasks, Tasks]:
    """Let people work on what the machine queued in.

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
    final : Tasks
        For each ad queued in, the task that decides: the first, or the second where the first was
        unclear.
    others : Tasks
        First reviews that were unclear, and quality checks of a random sample.
    """
    rows = np.flatnonzero(rulings.action == REVIEW)
    at, cited = rulings.at[rows], rulings.policy[rows]
    ready = world.plan.ready(queue_of(ads.market[rows], ads.language[rows]), at)
    kind = np.where(rulings.rule[rows] >= 0, BY_RULE, BY_MODEL)
    sure, none = np.ones(len(rows)), np.full(len(rows), -1, dtype=np.int64)
    team = _teams(world, ads, rows)
    first = assign(world, ads, Draft(rows, kind, team, at, ready, cited, sure, none))
    unclear = first.verdict == UNCLEAR
    again = first.take(unclear)
    wait = (6 * HOUR * world.dice.uniform("escalated", again.key)).astype(np.int64)
    second = assign(
        world,
        ads,
        desk_draft(
            again.row,
            kind=SECOND,
            team="escalations",
            enqueued=again.decided,
            ready=again.decided + wait,
            cited=cited[unclear],
            chance=1.0,
        ),
    )
    checked = _quality_checks(world, ads, first, cited=cited)
    return concat_tasks([first.take(~unclear), second]), concat_tasks([again, checked])


def _quality_checks(world: World, ads: Ads, first: Tasks, *, cited: Ints) -> Tasks:
    drawn = world.dice.flips("checked", first.key, chance=_QA_SHARE)
    some = first.take(drawn)
    wait = (2 * DAY * world.dice.uniform("check", some.key)).astype(np.int64) + DAY // 2
    draft = desk_draft(
        some.row,
        kind=QA,
        team="escalations",
        enqueued=some.decided,
        ready=some.decided + wait,
        cited=cited[drawn],
        chance=_QA_SHARE,
    )
    return assign(world, ads, draft)


def reviewers(world: World, tasks: Tasks) -> Ints:
    """Give the number of the reviewer within the group; larger platforms have larger groups."""
    people = max(6, int(world.ads * 0.03 / world.seasons.days / _PEOPLE_EACH * 8))
    chosen: Ints = (people * world.dice.uniform("reviewer", tasks.key) ** 1.4).astype(np.int64)
    return chosen
