"""Policies of the demo platform, and how often they are broken."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from shroff.synthetic.dice import Floats, Ints

__all__ = ["Family", "Policy", "families", "family_places", "policies", "policy_shares"]


@dataclass(frozen=True, slots=True)
class Family:
    """Policies that one model scores together.

    Parameters
    ----------
    id : str
        One letter.
    name_en, name_zh : str
        Names.
    """

    id: str
    name_en: str
    name_zh: str


@dataclass(frozen=True, slots=True)
class Policy:
    """One policy.

    Parameters
    ----------
    id : str
        Family letter and number.
    family : str
        Its family.
    key : str
        Short upper-case name.
    name_en, name_zh : str
        Names.
    level : str
        P prohibited, R restricted, Q quality.
    severity : int
        1 to 5.
    prevalence : float
        Share of ads that break it, percent, before markets and advertisers.
    """

    id: str
    family: str
    key: str
    name_en: str
    name_zh: str
    level: str
    severity: int
    prevalence: float


def _read() -> dict[str, list[dict[str, str]]]:
    text = files("shroff.synthetic").joinpath("taxonomy.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def families() -> tuple[Family, ...]:
    """List the families in order of their letters."""
    return tuple(Family(**entry) for entry in _read()["family"])


@cache
def policies() -> tuple[Policy, ...]:
    """List the policies in order of their ids."""
    return tuple(
        Policy(
            id=entry["id"],
            family=entry["family"],
            key=entry["key"],
            name_en=entry["name_en"],
            name_zh=entry["name_zh"],
            level=entry["level"],
            severity=int(entry["severity"]),
            prevalence=float(entry["prevalence"]),
        )
        for entry in _read()["policy"]
    )


def policy_shares() -> Floats:
    """Give each policy's share of all violations."""
    weights = np.array([policy.prevalence for policy in policies()])
    shares: Floats = weights / weights.sum()
    return shares


def family_places() -> Ints:
    """Give the place of each policy's family in the list of families."""
    place = {family.id: number for number, family in enumerate(families())}
    return np.array([place[policy.family] for policy in policies()], dtype=np.int64)
