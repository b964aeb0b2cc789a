"""Policies of the demo platform, how often they are broken, and which of them together."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TypeAlias

import numpy as np

from shroff.synthetic.dice import Floats, Ints

__all__ = [
    "Family",
    "Policy",
    "families",
    "family_places",
    "place_of",
    "policies",
    "policy_shares",
]

_Entry: TypeAlias = dict[str, str | int | float | list[str]]


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
        Share of ads that break it, percent, before planted stories.
    main : float
        In what part of these, about, it is what the ad mainly breaks.
    beside : tuple of str
        Policies that an ad which mainly breaks this one often breaks, too.
    """

    id: str
    family: str
    key: str
    name_en: str
    name_zh: str
    level: str
    severity: int
    prevalence: float
    main: float
    beside: tuple[str, ...]


def _read() -> dict[str, list[_Entry]]:
    text = files("shroff.synthetic").joinpath("taxonomy.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def families() -> tuple[Family, ...]:
    """List the families in order of their letters."""
    return tuple(
        Family(str(entry["id"]), str(entry["name_en"]), str(entry["name_zh"]))
        for entry in _read()["family"]
    )


def _policy(entry: _Entry) -> Policy:
    beside = entry["beside"]
    return Policy(
        id=str(entry["id"]),
        family=str(entry["family"]),
        key=str(entry["key"]),
        name_en=str(entry["name_en"]),
        name_zh=str(entry["name_zh"]),
        level=str(entry["level"]),
        severity=int(str(entry["severity"])),
        prevalence=float(str(entry["prevalence"])),
        main=float(str(entry["main"])),
        beside=tuple(beside) if isinstance(beside, list) else (),
    )


@cache
def policies() -> tuple[Policy, ...]:
    """List the policies in order of their ids."""
    return tuple(_policy(entry) for entry in _read()["policy"])


def place_of(policy: str) -> int:
    """Give the place of a policy in the list of policies."""
    return [each.id for each in policies()].index(policy)


def policy_shares() -> Floats:
    """Give the share of violating ads that mainly break each policy."""
    weights = np.array([policy.prevalence * policy.main for policy in policies()])
    shares: Floats = weights / weights.sum()
    return shares


def family_places() -> Ints:
    """Give the place of each policy's family in the list of families."""
    place = {family.id: number for number, family in enumerate(families())}
    return np.array([place[policy.family] for policy in policies()], dtype=np.int64)
