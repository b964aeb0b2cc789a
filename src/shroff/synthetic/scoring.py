"""What the demo platform's models say of each ad: two versions, useful and imperfectly calibrated."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shroff.synthetic.dice import Flags, Floats, Ints, joined
from shroff.synthetic.submissions import ALIKE, SEED, Ads
from shroff.synthetic.taxonomy import families, family_places, policy_shares
from shroff.synthetic.world import World

__all__ = ["QUEUE_AT", "REJECT_AT", "VERSIONS", "Scores", "live_version", "score"]

VERSIONS = ("v1", "v2")
QUEUE_AT, REJECT_AT = 0.5, 0.8
"""Risk at which an ad goes before people, and at which it is rejected."""

_PLAIN_TO_SEE, _SUBTLE = 3.75, 1.6
_SHIFTS = {"seed": 0.3, "disguise": -1.3, "chinese": -0.15, "alike": 1.0, "lost": -2.6}
_RISK = ((1.7, 2.5), (1.95, 2.56))
_NAMED_RIGHT = 0.88


@dataclass(frozen=True, slots=True)
class Scores:
    """Scores of some ads by one version of the models.

    Parameters
    ----------
    risk : array of float, one an ad
        Score over all policies, the one that decides.
    family : array of float, ads by families
        Score of each family's model.
    top : array of int
        Family with the strongest evidence.
    policy : array of int
        Policy that the models name.
    """

    risk: Floats
    family: Floats
    top: Ints
    policy: Ints


def _lost(world: World, ads: Ads, *, version: int) -> Flags:
    """Say which ads a launch made unrecognisable."""
    hurt = (ads.market == world.stories.launch_market) & (version == 1)
    lost: Flags = hurt & world.dice.flips("lost", ads.unit, chance=world.stories.launch_lost)
    return lost


def _evidence(ads: Ads, lost: Flags) -> Floats:
    """Give what the evidence for its main policy is worth in each ad that breaks one."""
    strength = np.where(ads.blatant, _PLAIN_TO_SEE, _SUBTLE)
    strength = strength + _SHIFTS["seed"] * ((ads.form == SEED) & ~ads.disguised)
    strength = strength + _SHIFTS["disguise"] * ads.disguised
    strength = strength + _SHIFTS["chinese"] * (ads.language == 1)
    kept: Floats = np.where(lost, np.minimum(strength + _SHIFTS["lost"], 0.0), strength)
    return kept


def _skills(world: World, *, version: int) -> Floats:
    """Give how well each family's model sees."""
    rng = world.dice.generator("skills")
    first = rng.permutation(np.linspace(0.84, 1.12, len(families())))
    better = rng.uniform(0.99, 1.1, len(families()))
    return first * better if version else first


def _raw(world: World, ads: Ads, *, version: int) -> Floats:
    """Give the evidence that each family's model sees in each ad, noise included."""
    dice, family = world.dice, family_places()
    skills = _skills(world, version=version)
    lost = _lost(world, ads, version=version)
    evidence, aside = _evidence(ads, lost), np.where(lost, 0.0, _SUBTLE)
    raw = np.empty((len(ads), len(skills)))
    for place, skill in enumerate(skills):
        shared = dice.normal(f"noise/{place}", ads.content)
        own = dice.normal(f"noise/{place}/{version}", ads.content)
        raw[:, place] = np.sqrt(0.6) * shared + np.sqrt(0.4) * own
        mine = (ads.policy >= 0) & (family[ads.policy] == place)
        beside = ads.beside[:, family == place].any(axis=1) & ~mine
        alike = (ads.form == ALIKE) & (family[ads.alike] == place)
        raw[:, place] += skill * (evidence * mine + aside * beside + _SHIFTS["alike"] * alike)
    return raw


def _named(world: World, ads: Ads, top: Ints) -> Ints:
    """Draw the policy named: mostly the right one of the right family."""
    dice, family = world.dice, family_places()
    drawn = np.empty(len(ads), dtype=np.int64)
    for place in range(len(families())):
        here = top == place
        weights = policy_shares() * (family == place)
        drawn[here] = dice.pick("named", ads.content[here], weights=weights)
    hint = np.where(ads.policy >= 0, ads.policy, ads.alike)
    here = ads.beside & (family[None, :] == top[:, None])
    aside = here.any(axis=1) & (family[hint] != top)
    hint = np.where(aside, np.argmax(here, axis=1), hint)
    right = (hint >= 0) & (family[hint] == top)
    return np.where(right & dice.flips("right", ads.content, chance=_NAMED_RIGHT), hint, drawn)


def _squashed(raw: Floats, *, slope: Floats | float, middle: Floats | float) -> Floats:
    squashed: Floats = np.round(1 / (1 + np.exp(-slope * (raw - middle))), 4)
    return squashed


def score(world: World, ads: Ads, *, version: int) -> Scores:
    """Score ads with one version of the models.

    Parameters
    ----------
    world : World
        The platform.
    ads : Ads
        The ads.
    version : int
        0 for the first version, 1 for the second.

    Returns
    -------
    Scores
        Scores of all of them.
    """
    raw = _raw(world, ads, version=version)
    rng = world.dice.generator(f"calibration/{version}")
    slopes, middles = rng.uniform(0.8, 1.7, raw.shape[1]), rng.uniform(2.1, 3.2, raw.shape[1])
    top = np.argmax(raw, axis=1)
    slope, middle = _RISK[version]
    strongest = raw[np.arange(len(ads)), top]
    jitter = world.dice.uniform(f"jitter/{version}", joined(ads.unit, top)) - 0.5
    return Scores(
        risk=_squashed(strongest + 0.02 * jitter, slope=slope, middle=middle),
        family=_squashed(raw, slope=slopes, middle=middles),
        top=top,
        policy=_named(world, ads, top),
    )


def live_version(world: World, at: Ints) -> Flags:
    """Say which moments fall under the second version."""
    launch = world.seasons.moments(np.array([world.stories.launch_day]), np.array([0.0]))[0]
    live: Flags = at >= launch
    return live
