"""What an LLM says of the demo's ads: two prompts of known quality, refusals, failures, an outage."""

from __future__ import annotations

import json
from dataclasses import dataclass

import numpy as np
from scipy.special import expit, ndtr

from shroff.synthetic.dice import Flags, Floats, Ints, Keys, joined
from shroff.synthetic.moderation import Rulings
from shroff.synthetic.seasons import DAY, HOUR
from shroff.synthetic.submissions import ALIKE, Ads, take
from shroff.synthetic.taxonomy import families, family_places
from shroff.synthetic.world import World

__all__ = [
    "MODEL",
    "OUTCOMES",
    "VERSIONS",
    "Answers",
    "answered",
    "asked",
    "judge_truth",
    "judging_days",
]

MODEL = "policy_judge"
VERSIONS = ("p1-4be07c21", "p2-9d35f6a8")
OUTCOMES = ("verdict", "refused", "filtered", "cut", "invalid", "failed")
"""How calls end, in the order in which chance is cut."""

_CHANCES = ((0.15, 0.1), (0.8, 0.6), (1.01, 0.2))
"""Up to which risk an ad is asked about with which chance."""

_BLATANT, _SUBTLE, _ALIKE, _HARMLESS = 2.0, 0.95, -1.1, -2.2
_DISGUISED = -0.3
_WEAK_FAMILY = "I"
_WEAK = (-1.0, 0.3)
_CHINESE = ((-0.1, 0.0), (-0.7, 0.45))
"""Shifts of the evidence in Chinese by version: in violating ads, in harmless ones."""

_UNCLEAR = 0.06
_SLOPE = 1.7
_SHY_FAMILY = "D"
_ENDS = (0.004, 0.001, 0.002, 0.007, 0.002)  # refused, filtered, cut, invalid, failed
_SHY_ENDS = (0.12, 0.04, 0.002, 0.007, 0.002)
_OUTAGE = 0.85
_STARTS, _SWITCHES, _SHADOWED = 0.1, 0.55, 14


@dataclass(frozen=True, slots=True)
class JudgingDays:
    """When the LLM runs, counted in days from 0.

    Parameters
    ----------
    first : int
        First day of the first prompt.
    shadow : int
        First day on which the second one runs beside it.
    switch : int
        First day of the second one alone; the number of days where there is none.
    outage : int
        Hour of the outage, counted in hours from the first day; -1 for none.
    """

    first: int
    shadow: int
    switch: int
    outage: int


@dataclass(frozen=True, slots=True)
class Answers:
    """Answers of one version on some ads.

    Parameters
    ----------
    row : array of int
        Places of the ads.
    version : int
        Place of the prompt's version.
    outcome : array of int
        Places in `OUTCOMES`.
    score : array of float
        Chance of the label, as the server gives it.
    unclear : array of bool
        The answer is that it cannot be told.
    attempts : array of int
        Requests sent.
    repaired : array of bool
        The first answer was no JSON.
    """

    row: Ints
    version: int
    outcome: Ints
    score: Floats
    unclear: Flags
    attempts: Ints
    repaired: Flags


def judging_days(world: World) -> JudgingDays:
    """Say when which prompt runs; without stories nothing changes and nothing fails for an hour."""
    days = world.seasons.days
    first = int(days * _STARTS)
    if not world.stories.told:
        return JudgingDays(first, days, days, -1)
    switch = int(days * _SWITCHES)
    rng = world.dice.generator("llm outage")
    hour = 24 * int(rng.integers(switch + 3, days - 3)) + int(rng.integers(8, 14))
    return JudgingDays(first, max(switch - _SHADOWED, first), switch, hour)


def asked(world: World, ads: Ads, rulings: Rulings, *, version: int) -> Ints:
    """Choose the ads that a version is asked about: copies with their original, grey ones more often."""
    days, day = judging_days(world), (ads.at - world.seasons.opens) // DAY
    chance = np.full(len(ads), 0.0)
    before = 0.0
    for top, share in _CHANCES:
        here = (rulings.scores.risk >= before) & (rulings.scores.risk < top)
        chance[here], before = share, top
    first, end = (days.shadow, world.seasons.days) if version else (days.first, days.switch)
    drawn = world.dice.flips("llm asked", ads.content, chance=chance)
    open_ = rulings.at + HOUR < world.seasons.closes
    return np.flatnonzero(drawn & (day >= first) & (day < end) & open_)


def _family(ads: Ads) -> Ints:
    """Give the family of what an ad breaks, or looks like; -1 for neither."""
    about = np.where(ads.policy >= 0, ads.policy, ads.alike)
    return np.where(about >= 0, family_places()[about], -1)


def _leaning(ads: Ads, *, version: int) -> Floats:
    """Give the evidence that a version sees on average, in standard deviations of its noise."""
    letters = [family.id for family in families()]
    violating, chinese = ads.violating, ads.language == 1
    seen = np.where(ads.blatant, _BLATANT, _SUBTLE) + _DISGUISED * ads.disguised
    seen = seen + _WEAK[version] * (_family(ads) == letters.index(_WEAK_FAMILY))
    harmless = np.where(ads.form == ALIKE, _ALIKE, _HARMLESS)
    bad, good = _CHINESE[version]
    shifts = np.where(violating, bad, good)
    leaning: Floats = np.where(violating, seen, harmless) + shifts * chinese
    return leaning


def _ended(world: World, ads: Ads, keys: Keys, at: Ints) -> Ints:
    """Draw how each call ended."""
    letters = [family.id for family in families()]
    shy = (_family(ads) == letters.index(_SHY_FAMILY)) & ads.violating
    ends = np.where(shy[:, None], np.cumsum(_SHY_ENDS), np.cumsum(_ENDS))
    luck = world.dice.uniform("llm outcome", keys)
    place = (luck[:, None] >= ends).sum(axis=1)
    outcome = np.where(place < ends.shape[1], place + 1, 0)
    down = judging_days(world).outage
    hour = (at - world.seasons.opens) // HOUR
    lost = (hour == down) & world.dice.flips("llm outage", keys, chance=_OUTAGE)
    return np.where(lost, OUTCOMES.index("failed"), outcome)


def answered(world: World, ads: Ads, row: Ints, *, version: int, at: Ints) -> Answers:
    """Ask a version about some ads; equal creatives get equal answers.

    Parameters
    ----------
    world : World
        The platform.
    ads : Ads
        All ads of the batch.
    row : array of int
        Places of those asked about.
    version : int
        Place in `VERSIONS`.
    at : array of int
        When each is asked about.

    Returns
    -------
    Answers
        What it says.
    """
    dice, mine = world.dice, take(ads, row)
    shared = dice.normal("llm noise", mine.content)
    own = dice.normal(f"llm noise/{version}", mine.content)
    seen = _leaning(mine, version=version) + np.sqrt(0.5) * shared + np.sqrt(0.5) * own
    keys = joined(mine.unit, np.full(len(row), version))
    outcome = _ended(world, mine, keys, at)
    retried = dice.whole("llm retries", keys, below=40)
    attempts = 1 + (retried == 0) + (outcome >= OUTCOMES.index("invalid"))
    attempts = np.where(outcome == OUTCOMES.index("failed"), 4, attempts)
    return Answers(
        row=row,
        version=version,
        outcome=outcome,
        score=np.round(expit(_SLOPE * seen), 4),
        unclear=np.abs(seen) < _UNCLEAR,
        attempts=attempts,
        repaired=(outcome == 0) & dice.flips("llm repaired", keys, chance=0.02),
    )


def judge_truth(world: World) -> str:
    """Tell as JSON how good each version is planted to be, when it runs, and when it was down."""
    days, seasons = judging_days(world), world.seasons
    quality: list[dict[str, object]] = []
    for version, name in enumerate(VERSIONS):
        for place, language in enumerate(("en", "zh")):
            for kind, mean in (
                ("blatant", _BLATANT),
                ("subtle", _SUBTLE),
                ("look_alike", _ALIKE),
                ("harmless", _HARMLESS),
            ):
                bad = mean > 0
                lean = mean + _CHINESE[version][0 if bad else 1] * place
                row = {"version": name, "language": language, "kind": kind}
                quality.append({**row, **_said(lean)})
                if bad:
                    quality.append({**row, "disguised": True, **_said(lean + _DISGUISED)})
                    weak = {"family": _WEAK_FAMILY, **_said(lean + _WEAK[version])}
                    quality.append({**row, **weak})
    told = {
        "model": MODEL,
        "versions": [
            {"version": VERSIONS[0], "first_day": str(seasons.date_of(days.first))},
            {
                "version": VERSIONS[1],
                "shadow_from": str(seasons.date_of(days.shadow)),
                "first_day": str(seasons.date_of(days.switch)),
            },
        ][: 2 if world.stories.told else 1],
        "outage": None
        if days.outage < 0
        else {"day": str(seasons.date_of(days.outage // 24)), "hour": days.outage % 24},
        "refusals": {"family": _SHY_FAMILY, "refused": _SHY_ENDS[0], "filtered": _SHY_ENDS[1]},
        "quality": [
            each for each in quality if world.stories.told or each["version"] == VERSIONS[0]
        ],
    }
    return json.dumps(told, indent=2, ensure_ascii=False)


def _said(leaning: float) -> dict[str, object]:
    """Give the chances of saying violating, and that it cannot be told."""
    violating, above = ndtr(leaning - _UNCLEAR), ndtr(leaning + _UNCLEAR)
    return {
        "says_violating": round(float(violating), 4),
        "says_unclear": round(float(above - violating), 4),
    }
