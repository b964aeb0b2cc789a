"""Compiled rules as columns: ten thousand of them are read back in a few hundredths of a second.

What most rules share (pack, policy, scope, ...) is written once and numbered; a rule that is nothing
but "any of these atoms" needs no condition of its own.
"""

from __future__ import annotations

import gc
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shroff.rules.atom_hits import shares_of
from shroff.rules.condition_code import Code

__all__ = ["CompiledRule", "read_rules", "uncollected", "write_rules"]


@dataclass(frozen=True, slots=True)
class CompiledRule:
    """What scanning needs to know of a rule.

    Parameters
    ----------
    id, version : str, int
        As in the pack.
    where : str
        Its place, as ``file:line:column``.
    simple : bool
        Whether it is nothing but "any of these atoms", so that no condition is to be evaluated.
    match : list
        Its condition; see `condition_code`.
    pack, policy, action : str
        As in the pack.
    fields, markets, languages : tuple of str
        Its scope; empty markets or languages mean all.
    expires : str
        Last day it applies, as ``YYYY-MM-DD``, or empty.
    across_fields : bool
        Whether its condition reads the fields together.
    allow : list of int
        Atoms whose hits take back what lies inside them.
    unless : list or None
        Condition of the second stage.
    unless_within : int or None
        How near a hit must be to be taken back.
    unless_unit : str
        What that is counted in.
    """

    id: str
    version: int
    where: str
    simple: bool
    match: Code
    pack: str
    policy: str
    action: str
    fields: tuple[str, ...]
    markets: tuple[str, ...]
    languages: tuple[str, ...]
    expires: str
    across_fields: bool
    allow: tuple[int, ...]
    unless: Code | None
    unless_within: int | None
    unless_unit: str


_SHARED = tuple(one.name for one in fields(CompiledRule))[5:]
_TUPLES = tuple(_SHARED.index(name) for name in ("fields", "markets", "languages", "allow"))


def write_rules(rules: Sequence[CompiledRule]) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """Write rules.

    Parameters
    ----------
    rules : sequence of CompiledRule
        The rules.

    Returns
    -------
    dict
        What JSON takes.
    dict of str to array
        The rest, by name.
    """
    shared: dict[str, int] = {}
    values: list[list[Any]] = []
    profile: list[int] = []
    for rule in rules:
        mine = [getattr(rule, name) for name in _SHARED]
        number = shared.setdefault(repr(mine), len(shared))
        if number == len(values):
            values.append(mine)
        profile.append(number)
    plain = [_atoms_alone(rule) for rule in rules]
    shares = shares_of(plain)
    told = {
        "ids": [rule.id for rule in rules],
        "where": [rule.where for rule in rules],
        "shared": values,
        "codes": [rule.match for rule, atoms in zip(rules, plain, strict=True) if not atoms],
    }
    arrays = {
        "rule.version": np.array([rule.version for rule in rules], np.int64),
        "rule.simple": np.array([rule.simple for rule in rules], np.bool_),
        "rule.profile": np.array(profile, np.int32),
        "rule.atoms.shares": shares.bounds,
        "rule.atoms.members": shares.members,
    }
    return told, arrays


def _atoms_alone(rule: CompiledRule) -> list[int]:
    """Give the atoms of a condition that can be written as nothing but these; else none."""
    kind, *rest = rule.match
    if kind == "atom":
        return [int(rest[0])]
    if kind == "any" and len(rest[0]) > 1 and all(part[0] == "atom" for part in rest[0]):
        return [int(part[1]) for part in rest[0]]
    return []


def read_rules(
    told: Mapping[str, Any], held: Mapping[str, NDArray[Any]]
) -> tuple[CompiledRule, ...]:
    """Read what `write_rules` wrote.

    Parameters
    ----------
    told : mapping
        Of JSON.
    held : mapping of str to array
        The rest.

    Returns
    -------
    tuple of CompiledRule
        The rules.
    """
    for values in told["shared"]:
        for place in _TUPLES:
            values[place] = tuple(values[place])
    codes = iter(told["codes"])
    bounds, members = (held[f"rule.atoms.{name}"].tolist() for name in ("shares", "members"))
    columns = (held[f"rule.{name}"].tolist() for name in ("version", "simple", "profile"))
    rules = zip(told["ids"], told["where"], *columns, bounds[:-1], bounds[1:], strict=True)
    found: list[CompiledRule] = []
    for name, where, version, simple, profile, low, high in rules:
        atoms: list[Code] = [["atom", atom] for atom in members[low:high]]
        match = (["any", atoms] if high - low > 1 else atoms[0]) if atoms else next(codes)
        found.append(CompiledRule(name, version, where, simple, match, *told["shared"][profile]))
    return tuple(found)


@contextmanager
def uncollected() -> Generator[None]:
    """Make many lists at once without looking for garbage among them."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
