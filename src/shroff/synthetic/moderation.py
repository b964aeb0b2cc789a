"""What the machine does with each ad: rules and models, one decision."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shroff.synthetic.copywriting import Copy
from shroff.synthetic.demo_pack import LOG_ONLY, Hits, find
from shroff.synthetic.dice import Flags, Floats, Ints
from shroff.synthetic.markets import MARKETS
from shroff.synthetic.scoring import QUEUE_AT, REJECT_AT, Scores, live_version, score
from shroff.synthetic.submissions import Ads
from shroff.synthetic.taxonomy import policies
from shroff.synthetic.world import World

__all__ = [
    "APPROVE",
    "BANDS",
    "REJECT",
    "RESTRICT",
    "REVIEW",
    "Rulings",
    "Shadow",
    "band",
    "judge",
    "log_only",
    "shadow",
]

APPROVE, REVIEW, RESTRICT, REJECT = 0, 1, 2, 3
BANDS = (0.1, 0.3, 0.5, 0.8)
"""Risk at which one score band ends and the next begins, as in the audit's strata."""

_RESTRICT_FROM = 0.66
_SHADOWED = 0.08


@dataclass(frozen=True, slots=True)
class Rulings:
    """The machine's decisions, one place for each ad.

    Parameters
    ----------
    at : array of int
        When, seconds since 1970.
    action : array of int
        Approve, review, restrict or reject.
    policy : array of int
        Policy cited, -1 for none.
    rule : array of int
        Rule that decided, -1 when a model did.
    second_version : array of bool
        The second model version was live.
    scores : Scores
        Scores of the live version.
    hits : Hits
        Rules that fired.
    deciding : array of bool
        For each hit: it made the decision.
    review_first : array of bool
        People see the ad before it is served.
    """

    at: Ints
    action: Ints
    policy: Ints
    rule: Ints
    second_version: Flags
    scores: Scores
    hits: Hits
    deciding: Flags
    review_first: Flags


@dataclass(frozen=True, slots=True)
class Shadow:
    """What the version that is not live makes of the ads, and would have done with a sample.

    Parameters
    ----------
    risk : array of float, one an ad
        Its score over all policies, of every ad.
    rows : array of int
        Places of the ads sampled.
    action : array of int
        What it would have done.
    scores : Scores
        Its scores of those sampled.
    """

    risk: Floats
    rows: Ints
    action: Ints
    scores: Scores


def _blend(first: Scores, second: Scores, *, later: Flags) -> Scores:
    return Scores(
        risk=np.where(later, second.risk, first.risk),
        family=np.where(later[:, None], second.family, first.family),
        top=np.where(later, second.top, first.top),
        policy=np.where(later, second.policy, first.policy),
    )


def _live(world: World, ads: Ads, *, later: Flags) -> Scores:
    if later.all() or not later.any():
        return score(world, ads, version=int(later.any()))
    return _blend(score(world, ads, version=0), score(world, ads, version=1), later=later)


def _by_model(scores: Scores) -> Ints:
    levels = np.array([policy.level for policy in policies()])
    restricted = (levels == "R")[scores.policy] & (scores.risk >= _RESTRICT_FROM)
    queued = np.where(restricted, RESTRICT, REVIEW)
    cleared = np.where(scores.risk >= QUEUE_AT, queued, APPROVE)
    return np.where(scores.risk >= REJECT_AT, REJECT, cleared)


def _by_rules(world: World, hits: Hits, *, ads: int) -> tuple[Ints, Ints]:
    """Give the strongest rule action on each ad, and the rule behind it (-1 for none)."""
    wanted = np.array([(APPROVE, REVIEW, REJECT)[rule.action] for rule in world.pack])
    action, rule = np.zeros(ads, dtype=np.int64), np.full(ads, -1, dtype=np.int64)
    strength = wanted[hits.rule]
    for place in np.argsort(strength, kind="stable").tolist():
        if strength[place] > action[hits.row[place]]:
            action[hits.row[place]] = strength[place]
            rule[hits.row[place]] = hits.rule[place]
    return action, rule


def judge(world: World, ads: Ads, texts: Copy) -> Rulings:
    """Run the rules and the live models over some ads.

    Parameters
    ----------
    world : World
        The platform.
    ads : Ads
        The ads.
    texts : Copy
        Their texts.

    Returns
    -------
    Rulings
        One decision for each ad.
    """
    fields = [
        [text or "" for text in field.tolist()]
        for field in (texts.title, texts.body, texts.ocr, texts.asr)
    ]
    hits = find(fields, world.pack)
    later = live_version(world, ads.at)
    scores = _live(world, ads, later=later)
    model = _by_model(scores)
    ruled, rule = _by_rules(world, hits, ads=len(ads))
    by_rule = ruled > model
    action = np.where(by_rule, ruled, model)
    about = np.array([rule.policy for rule in world.pack])
    cited = np.where(by_rule, about[rule], scores.policy)
    rule = np.where(by_rule, rule, -1)
    first = np.array([market.review_first for market in MARKETS])[ads.market]
    return Rulings(
        at=ads.at + 4 + world.dice.whole("latency", ads.unit, below=50),
        action=action,
        policy=np.where(action == APPROVE, -1, cited),
        rule=rule,
        second_version=later,
        scores=scores,
        hits=hits,
        deciding=rule[hits.row] == hits.rule,
        review_first=world.dice.flips("flow", ads.unit, chance=first),
    )


def shadow(world: World, ads: Ads, rulings: Rulings) -> Shadow:
    """Score ads with the version that is not live, and let it decide on a sample.

    Parameters
    ----------
    world : World
        The platform.
    ads : Ads
        The ads.
    rulings : Rulings
        What was decided.

    Returns
    -------
    Shadow
        What the other version would have done.
    """
    rows = np.flatnonzero(world.dice.flips("shadow", ads.unit, chance=_SHADOWED))
    scores = _live(world, ads, later=~rulings.second_version)
    sample = Scores(
        risk=scores.risk[rows],
        family=scores.family[rows],
        top=scores.top[rows],
        policy=scores.policy[rows],
    )
    return Shadow(scores.risk, rows, _by_model(sample), sample)


def band(risk: Floats) -> Ints:
    """Give the score band of each risk, 0 to 4."""
    bands: Ints = np.searchsorted(np.array(BANDS), risk, side="right")
    return bands


def log_only(world: World, hits: Hits) -> Flags:
    """Say which hits are of rules in log-only mode."""
    flags: Flags = np.array([rule.action == LOG_ONLY for rule in world.pack])[hits.rule]
    return flags
