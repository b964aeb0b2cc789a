"""What went wrong on the demo platform: five planted stories, drawn anew for each seed."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace

import numpy as np

from shroff.synthetic.advertisers import ABUSIVE, Advertisers
from shroff.synthetic.companions import prevalences
from shroff.synthetic.dice import Dice, Flags, Floats, Ints
from shroff.synthetic.markets import LANGUAGES, MARKETS
from shroff.synthetic.seasons import Seasons
from shroff.synthetic.taxonomy import families, policies

__all__ = ["CHAPTERS", "GROUPS", "Stories", "Story", "plot"]

GROUPS = ("harbour", "valley", "meadow", "summit", "island")
"""Reviewer groups of the main queues; the last two read Chinese."""

CHAPTERS = ("ABCK", "DEFG", "HIJL")
"""Families of the three chapters of the reviewers' guideline."""

_PROMINENT, _MOSTLY_MAIN = (0.75, 2.0), 0.5
_MISSED = 0.29
_WAVE, _CAMPAIGN = (3.5, 4.5), (2.2, 3.0)
"""How many times as frequent a policy becomes, from least to most."""
_LAUNCH_MARKETS = ("US", "CN", "GB")
_CAMPAIGN_MARKETS = ("US", "CN")
_SHIFT_MARKETS = ("PH", "MY")


@dataclass(frozen=True, slots=True)
class Story:
    """One planted story, as the truth file tells it.

    Parameters
    ----------
    id : str
        Short name.
    kind : str
        evasion_wave, model_launch, guideline_misread, near_duplicates or mix_shift.
    measure : str
        The share that grows.
    size : float
        How many times what it was.
    first_day, last_day : str
        First and last day, ISO dates.
    slice : dict of str to str
        Where.
    """

    id: str
    kind: str
    measure: str
    size: float
    first_day: str
    last_day: str
    slice: dict[str, str]


@dataclass(frozen=True, slots=True)
class Stories:
    """The five stories as the generator needs them; places and days are numbers.

    Parameters
    ----------
    told : tuple of Story
        As the truth file tells them.
    wave_language, wave_policy, wave_first, wave_last : int
        Evasion wave.
    wave_extra : float
        Chance that an ad of the slice joins it.
    launch_market, launch_day : int
        Model launch that hurts one market.
    launch_lost : float
        Chance that a violating ad there is no longer recognised.
    misread_group, misread_day : int
        Guideline misread.
    misread_families : tuple of int
        Families of the chapter misread.
    misread_factor : float
        How many times as many mistakes; all the more are violating ads that pass.
    campaign_market, campaign_policy, campaign_first, campaign_last : int
        Near-duplicates.
    campaign_extra : float
        Chance that an ad of the slice is one of them.
    campaign_advertisers : array of int
        Who runs them.
    shift_market, shift_day : int
        Mix shift.
    shift_factor : float
        How many times the market's share of ads.
    """

    told: tuple[Story, ...]
    wave_language: int
    wave_policy: int
    wave_first: int
    wave_last: int
    wave_extra: float
    launch_market: int
    launch_day: int
    launch_lost: float
    misread_group: int
    misread_day: int
    misread_families: tuple[int, ...]
    misread_factor: float
    campaign_market: int
    campaign_policy: int
    campaign_first: int
    campaign_last: int
    campaign_extra: float
    campaign_advertisers: Ints
    shift_market: int
    shift_day: int
    shift_factor: float

    def tilt(self, people: Advertisers, *, day: int) -> Floats:
        """Give the factor on each advertiser's volume on a day, which makes the mix shift."""
        share = MARKETS[self.shift_market].share
        odds = self.shift_factor * (1 - share) / (1 - self.shift_factor * share)
        shifted = (people.market == self.shift_market) & (day >= self.shift_day)
        tilt: Floats = np.where(shifted, odds, 1.0)
        return tilt

    def untold(self) -> Stories:
        """Give the same days without any story: nothing is planted, and the truth file is empty."""
        return replace(
            self,
            told=(),
            wave_extra=0.0,
            launch_lost=0.0,
            misread_factor=1.0,
            campaign_extra=0.0,
            shift_factor=1.0,
        )

    def to_json(self) -> str:
        """Tell the stories as JSON."""
        return json.dumps([asdict(story) for story in self.told], indent=2, ensure_ascii=False)


_KINDS = {
    "wave": ("evasion_wave", "violating ads of the policy / ads in the language"),
    "launch": ("model_launch", "violating ads approved by the machine / violating ads"),
    "misread": ("guideline_misread", "first reviews against the truth / first reviews"),
    "campaign": ("near_duplicates", "violating ads of the policy / ads in the market"),
    "shift": ("mix_shift", "ads of the market / all ads"),
}


@dataclass(frozen=True, slots=True)
class _Plan:
    """One story while it is drawn: how large, from which day to which, where."""

    size: float
    first: int
    last: int
    places: tuple[int, int]


def _size(rng: np.random.Generator, low: float, high: float) -> float:
    return round(float(rng.uniform(low, high)), 2)


def _day(rng: np.random.Generator, days: int, *, low: float, high: float) -> int:
    return int(days * rng.uniform(low, high))


def _passing(
    rng: np.random.Generator,
    days: int,
    *,
    size: tuple[float, float],
    low: float,
    high: float,
    places: tuple[int, int],
) -> _Plan:
    first = _day(rng, days, low=low, high=high)
    last = min(first + int(rng.integers(16, 25)), days) - 1
    return _Plan(_size(rng, *size), first, last, places)


def _place(rng: np.random.Generator, codes: tuple[str, ...]) -> int:
    code = str(rng.choice(codes))
    return [market.code for market in MARKETS].index(code)


def _plans(rng: np.random.Generator, days: int) -> dict[str, _Plan]:
    prominent = [
        place
        for place, policy in enumerate(policies())
        if _PROMINENT[0] <= policy.prevalence <= _PROMINENT[1] and policy.main >= _MOSTLY_MAIN
    ]
    dodged, copied = (int(p) for p in rng.choice(prominent, 2, replace=False))
    hurt = _place(rng, _LAUNCH_MARKETS)
    flooded = _place(rng, tuple(c for c in _CAMPAIGN_MARKETS if c != MARKETS[hurt].code))
    language = int(rng.integers(len(LANGUAGES)))
    group, chapter = int(rng.integers(len(GROUPS))), int(rng.integers(len(CHAPTERS)))
    last = days - 1
    return {
        "wave": _passing(rng, days, size=_WAVE, low=0.55, high=0.78, places=(language, dodged)),
        "launch": _Plan(
            _size(rng, 1.6, 2.0), _day(rng, days, low=0.42, high=0.6), last, (hurt, -1)
        ),
        "misread": _Plan(
            _size(rng, 4.0, 5.0), _day(rng, days, low=0.4, high=0.6), last, (group, chapter)
        ),
        "campaign": _passing(
            rng, days, size=_CAMPAIGN, low=0.3, high=0.6, places=(flooded, copied)
        ),
        "shift": _Plan(
            _size(rng, 2.0, 2.8),
            _day(rng, days, low=0.58, high=0.76),
            last,
            (_place(rng, _SHIFT_MARKETS), -1),
        ),
    }


def _slice(name: str, places: tuple[int, int]) -> dict[str, str]:
    if name == "misread":
        return {"reviewer_group": GROUPS[places[0]], "families": CHAPTERS[places[1]]}
    where = (
        {"language": LANGUAGES[places[0]]}
        if name == "wave"
        else {"market": MARKETS[places[0]].code}
    )
    return where if places[1] < 0 else {**where, "policy_id": policies()[places[1]].id}


def _told(plans: dict[str, _Plan], seasons: Seasons) -> tuple[Story, ...]:
    return tuple(
        Story(
            name,
            *_KINDS[name],
            plan.size,
            seasons.date_of(plan.first).isoformat(),
            seasons.date_of(plan.last).isoformat(),
            _slice(name, plan.places),
        )
        for name, plan in plans.items()
    )


def _extra(people: Advertisers, within: Flags, *, plan: _Plan, bond: Floats) -> float:
    """Give the extra chance that makes a policy so many times as frequent in a slice."""
    main = people.expected(within, first=0, last=plan.first - 1)
    usual = float(prevalences(main, bond)[plan.places[1]])
    return usual * (plan.size - 1) / (1 - usual)


def _culprits(people: Advertisers, plan: _Plan) -> Ints:
    """Choose the abusive advertisers behind the near-duplicates: back under new ids if any."""
    bad = np.flatnonzero((people.conduct == ABUSIVE) & (people.market == plan.places[0]))
    if not len(bad):
        bad = np.flatnonzero(people.market == plan.places[0])
    back_first = bad[np.argsort(people.previous[bad] < 0, kind="stable")]
    return back_first[:4]


def plot(dice: Dice, people: Advertisers, *, seasons: Seasons, bond: Floats) -> Stories:
    """Draw where, when and how large the stories are.

    Parameters
    ----------
    dice : Dice
        Chance.
    people : Advertisers
        Who advertises.
    seasons : Seasons
        Days of the logs.
    bond : array of float, main policies by others
        Chance that an ad breaks each policy beside its main one.

    Returns
    -------
    Stories
        What the generator plants.
    """
    plans = _plans(dice.generator("stories"), seasons.days)
    wave, launch, misread = plans["wave"], plans["launch"], plans["misread"]
    campaign, shift = plans["campaign"], plans["shift"]
    letters = [family.id for family in families()]
    return Stories(
        told=_told(plans, seasons),
        wave_language=wave.places[0],
        wave_policy=wave.places[1],
        wave_first=wave.first,
        wave_last=wave.last,
        wave_extra=_extra(people, people.language == wave.places[0], plan=wave, bond=bond),
        launch_market=launch.places[0],
        launch_day=launch.first,
        launch_lost=min(_MISSED * (launch.size - 1) / (1 - _MISSED), 1.0),
        misread_group=misread.places[0],
        misread_day=misread.first,
        misread_families=tuple(letters.index(x) for x in CHAPTERS[misread.places[1]]),
        misread_factor=misread.size,
        campaign_market=campaign.places[0],
        campaign_policy=campaign.places[1],
        campaign_first=campaign.first,
        campaign_last=campaign.last,
        campaign_extra=_extra(
            people, people.market == campaign.places[0], plan=campaign, bond=bond
        ),
        campaign_advertisers=_culprits(people, campaign),
        shift_market=shift.places[0],
        shift_day=shift.first,
        shift_factor=shift.size,
    )
