"""Ads as they are submitted, with the truth about each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import TypeAlias

import numpy as np

from shroff.synthetic.dice import Flags, Floats, Ints, Keys, joined
from shroff.synthetic.markets import FORMAT_SHARES
from shroff.synthetic.taxonomy import policies, policy_shares
from shroff.synthetic.world import World

__all__ = ["ALIKE", "BENIGN", "PLAIN", "SEED", "Ads", "concat", "resubmit", "submit", "take"]

BENIGN, ALIKE, SEED, PLAIN = 0, 1, 2, 3
"""Forms of an ad: harmless, harmless but alike, with a seed phrase, violating without one."""

_PLACES = (0.22, 0.5, 0.16, 0.12)
_COPIED = 0.03
_ALIKE = 0.1
_SEEDED = 0.64
_BLATANT = (0.0, 0.0, 0.74, 0.48)
_DISGUISED = (0.0, 0.0, 0.2, 0.06)
_CLEANED, _DODGED = 0.55, 0.25


@dataclass(frozen=True, slots=True)
class Ads:
    """Ad versions and the truth about them, one place in each array.

    Parameters
    ----------
    number, version : array of int
        Which ad, which version of it.
    unit, content : array of uint64
        Keys of chance: one for each version, one for each creative (equal for copies).
    at : array of int
        Second of submission since 1970.
    advertiser, market, language, industry, format : array of int
        Places in the lists.
    policy : array of int
        Policy it breaks, the main one if several, -1 for none.
    beside : array of bool, ads by policies
        Other policies that it breaks.
    alike : array of int
        Policy that a harmless ad looks like, -1 for none.
    form : array of int
        Harmless, alike, with a seed phrase, or violating without one.
    place : array of int
        Field that holds the risky sentence.
    blatant, disguised, wave, campaign : array of bool
        Easy to see; hidden from a plain search; part of a planted story.
    """

    number: Ints
    version: Ints
    unit: Keys
    content: Keys
    at: Ints
    advertiser: Ints
    market: Ints
    language: Ints
    industry: Ints
    format: Ints
    policy: Ints
    beside: Flags
    alike: Ints
    form: Ints
    place: Ints
    blatant: Flags
    disguised: Flags
    wave: Flags
    campaign: Flags

    def __len__(self) -> int:
        """Count them."""
        return len(self.number)

    @property
    def violating(self) -> Flags:
        """Say which break a policy."""
        flags: Flags = self.policy >= 0
        return flags


def take(ads: Ads, rows: Ints | Flags) -> Ads:
    """Choose some of the ads."""
    return Ads(**{field.name: getattr(ads, field.name)[rows] for field in fields(Ads)})


def concat(parts: Sequence[Ads]) -> Ads:
    """Put ads together."""
    return Ads(
        **{
            field.name: np.concatenate([getattr(part, field.name) for part in parts])
            for field in fields(Ads)
        }
    )


def _who(world: World, unit: Keys, days: Ints) -> Ints:
    """Draw the advertiser of each ad among those active on its day."""
    drawn = np.empty(len(unit), dtype=np.int64)
    people = world.people
    for day in np.unique(days).tolist():
        here = days == day
        volume = people.weight * people.active(day) * world.stories.tilt(people, day=day)
        drawn[here] = world.dice.pick("advertiser", unit[here], weights=volume)
    return drawn


def _joins_campaign(world: World, unit: Keys, *, market: Ints, days: Ints) -> Flags:
    story = world.stories
    within = (days >= story.campaign_first) & (days <= story.campaign_last)
    here = within & (market == story.campaign_market)
    joins: Flags = here & world.dice.flips("campaign", unit, chance=story.campaign_extra)
    return joins


def _joins_wave(world: World, unit: Keys, *, language: Ints, days: Ints) -> Flags:
    story = world.stories
    within = (days >= story.wave_first) & (days <= story.wave_last)
    here = within & (language == story.wave_language)
    joins: Flags = here & world.dice.flips("wave", unit, chance=story.wave_extra)
    return joins


def _broken(world: World, content: Keys, advertiser: Ints) -> Ints:
    """Draw the policy each ad breaks, -1 for none."""
    dice, people = world.dice, world.people
    usual = dice.flips("leaning", content, chance=people.leaning()[advertiser])
    other = dice.pick("policy", content, weights=policy_shares())
    policy = np.where(usual, people.favourite[advertiser], other)
    violating = dice.flips("violates", content, chance=people.chance[advertiser])
    return np.where(violating, policy, -1)


def _beside(world: World, content: Keys, policy: Ints) -> Flags:
    """Draw which policies each violating ad breaks beside its main one."""
    beside = np.zeros((len(policy), len(policies())), dtype=np.bool_)
    rows = np.flatnonzero(policy >= 0)
    keys = joined(content[rows][:, None], np.arange(len(policies()))[None, :])
    beside[rows] = world.dice.flips("beside", keys, chance=world.bonds[policy[rows]])
    return beside


_Looks: TypeAlias = dict[str, Ints | Flags]


def _looks(world: World, content: Keys, policy: Ints) -> _Looks:
    """Draw how each ad is worded, given the policy it breaks."""
    dice = world.dice
    violating = policy >= 0
    seeded = dice.flips("seeded", content, chance=_SEEDED)
    alike = ~violating & dice.flips("looks alike", content, chance=_ALIKE)
    form = np.where(violating, np.where(seeded, SEED, PLAIN), np.where(alike, ALIKE, BENIGN))
    model = dice.pick("alike", content, weights=policy_shares())
    return {
        "policy": policy,
        "beside": _beside(world, content, policy),
        "alike": np.where(alike, model, -1),
        "form": form,
        "place": dice.pick("place", content, weights=_PLACES),
        "blatant": dice.flips("blatant", content, chance=np.array(_BLATANT)[form]),
        "disguised": dice.flips("disguised", content, chance=np.array(_DISGUISED)[form]),
    }


def submit(world: World, *, first_day: int, last_day: int) -> Ads:
    """Draw the ads submitted on some days.

    Parameters
    ----------
    world : World
        The platform.
    first_day, last_day : int
        Days counted from 0, both included.

    Returns
    -------
    Ads
        First versions, in the order of their days.
    """
    dice, people = world.dice, world.people
    before = int(world.counts[:first_day].sum())
    days = np.repeat(np.arange(first_day, last_day + 1), world.counts[first_day : last_day + 1])
    number = before + np.arange(len(days), dtype=np.int64)
    unit = joined(number.astype(np.uint64), np.ones_like(number))
    advertiser = _who(world, unit, days)
    campaign = _joins_campaign(world, unit, market=people.market[advertiser], days=days)
    culprits = world.stories.campaign_advertisers
    culprit = culprits[dice.whole("culprit", unit, below=len(culprits))]
    advertiser = np.where(campaign, culprit, advertiser)
    wave = ~campaign & _joins_wave(world, unit, language=people.language[advertiser], days=days)
    copied = ~campaign & ~wave & dice.flips("copied", unit, chance=_COPIED)
    library = joined(advertiser.astype(np.uint64), dice.whole("creative", unit, below=3) + 77)
    content = np.where(copied, library, unit)
    policy = _broken(world, content, advertiser)
    policy = np.where(wave, world.stories.wave_policy, policy)
    policy = np.where(campaign, world.stories.campaign_policy, policy)
    ads = Ads(
        number=number,
        version=np.ones_like(number),
        unit=unit,
        content=content,
        at=world.seasons.moments(days, dice.uniform("moment", unit)),
        advertiser=advertiser,
        market=people.market[advertiser],
        language=people.language[advertiser],
        industry=people.industry[advertiser],
        format=dice.pick("format", content, weights=FORMAT_SHARES),
        wave=wave,
        campaign=campaign,
        **_looks(world, content, policy),  # type: ignore[arg-type]  # arrays by name
    )
    return _planted(world, ads)


def _planted(world: World, ads: Ads) -> Ads:
    """Word the ads of the planted stories: disguised seeds, and one plain sentence over and over."""
    form = np.where(ads.wave, SEED, np.where(ads.campaign, PLAIN, ads.form))
    text_only = ads.format == len(FORMAT_SHARES) - 1
    return replace(
        ads,
        form=form,
        disguised=(ads.disguised | ads.wave) & ~ads.campaign,
        place=np.where(text_only | ads.campaign, np.minimum(ads.place, 1), ads.place),
        blatant=np.where(
            ads.wave | ads.campaign, world.dice.flips("bold", ads.unit, chance=0.5), ads.blatant
        ),
        beside=ads.beside & ~ads.campaign[:, None],
    )


def resubmit(world: World, ads: Ads, at: Ints) -> Ads:
    """Draw the next version of some ads.

    Parameters
    ----------
    world : World
        The platform.
    ads : Ads
        Versions that are edited.
    at : array of int
        When the new versions come.

    Returns
    -------
    Ads
        New versions: more than half of the violating ones are put right, some only hide better.
    """
    dice = world.dice
    unit = joined(ads.number.astype(np.uint64), ads.version + 1)
    fate: Floats = dice.uniform("edit", unit)
    cleaned = fate < _CLEANED
    policy = np.where(cleaned, -1, ads.policy)
    looks = _looks(world, unit, policy)
    hidden = (policy >= 0) & (fate < _CLEANED + _DODGED)
    edited = replace(
        ads,
        version=ads.version + 1,
        unit=unit,
        content=unit,
        at=at,
        wave=ads.wave & (policy >= 0),
        campaign=np.zeros_like(ads.campaign),
        **looks,  # type: ignore[arg-type]  # arrays by name
    )
    return replace(
        edited, disguised=edited.disguised | hidden, form=np.where(hidden, SEED, edited.form)
    )
