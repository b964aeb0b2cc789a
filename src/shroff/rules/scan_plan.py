"""Which rules could fire where: decided for all ads and rules of a batch at once.

A rule that is nothing but "any of these words" fires wherever one of its atoms hits. For the others
an ad is a *candidate* if of each set of atoms without which the rule cannot hold one hits; only
candidates are judged one by one. A rule that can hold without any hit, such as one that looks for
what is missing, has every ad of its scope as a candidate.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from shroff.rules.atom_hits import AtomHits, Shares, shares_of
from shroff.rules.compiled import Compiled, CompiledRule
from shroff.rules.condition_code import fields_of, needs, plain_atoms

__all__ = ["Plan", "Scope", "candidates", "plan_of", "scope_of", "simple_firings"]

_MOST_NEEDS = 62


@dataclass(frozen=True, slots=True)
class Plan:
    """How the rules of a pack are looked for.

    Parameters
    ----------
    simple : Shares
        Rules that each atom fires by itself.
    judged : array of int32
        Rules that must be judged.
    needed : Shares
        For each atom, what it fulfils: place in `judged` times 64 plus the number of the need.
    wanted : array of int64
        All needs of each judged rule, as bits.
    """

    simple: Shares
    judged: NDArray[np.int32]
    needed: Shares
    wanted: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Scope:
    """Which rules apply where, for one batch.

    Parameters
    ----------
    fields : array of int64, shape (rules,)
        Fields each rule reads, as bits.
    groups : array of int32, shape (rows,)
        Group of each ad: those of one market and language.
    applies : array of bool, shape (groups, rules)
        Whether a rule applies to the ads of a group.
    """

    fields: NDArray[np.int64]
    groups: NDArray[np.int32]
    applies: NDArray[np.bool_]


def plan_of(compiled: Compiled) -> Plan:
    """Decide how each rule is looked for.

    Parameters
    ----------
    compiled : Compiled
        The rules.

    Returns
    -------
    Plan
        For all of them.
    """
    atoms = len(compiled.labels)
    simple: list[list[int]] = [[] for _ in range(atoms)]
    needed: list[list[int]] = [[] for _ in range(atoms)]
    judged: list[int] = []
    wanted: list[int] = []
    for number, rule in enumerate(compiled.rules):
        if rule.simple:
            for atom in plain_atoms(rule.match) or ():
                simple[atom].append(number)
            continue
        groups = needs(rule.match)[:_MOST_NEEDS]
        for bit, group in enumerate(groups):
            for atom in group:
                needed[atom].append(len(judged) * 64 + bit)
        judged.append(number)
        wanted.append((1 << len(groups)) - 1)
    return Plan(
        shares_of(simple),
        np.array(judged, np.int32),
        shares_of(needed),
        np.array(wanted, np.int64),
    )


def scope_of(
    compiled: Compiled,
    names: Sequence[str],
    *,
    rows: int,
    columns: Mapping[str, pa.Array],
    today: date | None,
) -> Scope:
    """Decide which rules apply to which ads of a batch.

    Parameters
    ----------
    compiled : Compiled
        The rules.
    names : sequence of str
        Fields of the batch, in the order of their numbers; ``text`` alone is read by every rule.
    rows : int
        Ads of the batch.
    columns : mapping
        Columns ``market`` and ``language``, where the batch has them. A rule of some markets does
        not apply to an ad of unknown market; without the column it applies to all ads.
    today : date or None
        Rules that expired before it apply nowhere.

    Returns
    -------
    Scope
        For this batch.
    """
    rules = compiled.rules
    lasting = [today is None or not one.expires or one.expires >= str(today) for one in rules]
    alive = np.array(lasting, np.bool_)
    market, markets = _grouped(columns.get("market"), rows)
    language, languages = _grouped(columns.get("language"), rows)
    in_market = [_applying(value, "markets", rules) for value in markets]
    in_language = [_applying(value, "languages", rules) for value in languages]
    applies = [one & other & alive for one in in_market for other in in_language]
    return Scope(
        fields=np.array([_reads(rule, names) for rule in rules], np.int64),
        groups=(market * len(languages) + language).astype(np.int32),
        applies=np.array(applies, np.bool_).reshape(len(applies), len(rules)),
    )


def simple_firings(
    plan: Plan, hits: AtomHits, *, scope: Scope
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Fire the rules that need no judging.

    Parameters
    ----------
    plan : Plan
        How rules are looked for.
    hits : AtomHits
        Hits of atoms; rows within the batch.
    scope : Scope
        Which rules apply where.

    Returns
    -------
    array of int64
        Entries of `hits`.
    array of int32
        The rule that each of them fires.
    """
    entry, rule = plan.simple.of(hits.atom)
    read = (scope.fields[rule] >> hits.field[entry]) & 1 != 0
    applies = read & scope.applies[scope.groups[hits.row[entry]], rule]
    return entry[applies], rule[applies]


def candidates(
    plan: Plan, hits: AtomHits, *, scope: Scope
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Name the ads that rules must be judged on.

    Parameters
    ----------
    plan : Plan
        How rules are looked for.
    hits : AtomHits
        Hits of atoms; rows within the batch.
    scope : Scope
        Which rules apply where.

    Returns
    -------
    array of int64
        Rows.
    array of int32
        The rule to be judged on each of them.
    """
    rows = len(scope.groups)
    entry, need = plan.needed.of(hits.atom)
    key = hits.row[entry].astype(np.int64) * max(len(plan.judged), 1) + (need >> 6)
    order = np.argsort(key, kind="stable")
    key, bit = key[order], np.int64(1) << (need[order].astype(np.int64) & 63)
    first = np.flatnonzero(np.diff(key, prepend=-1))
    met = np.bitwise_or.reduceat(bit, first) if len(first) else bit
    row, judged = np.divmod(key[first], max(len(plan.judged), 1))
    full = met == plan.wanted[judged]
    free = np.flatnonzero(plan.wanted == 0)
    row = np.concatenate([row[full], np.repeat(np.arange(rows), len(free))])
    rule = plan.judged[np.concatenate([judged[full], np.tile(free, rows)])]
    applies = scope.applies[scope.groups[row], rule]
    return row[applies], rule[applies]


def _reads(rule: CompiledRule, names: Sequence[str]) -> int:
    if tuple(names) == ("text",):
        return 1
    wanted = {*rule.fields, *fields_of(rule.match)}
    if rule.unless is not None:
        wanted |= set(fields_of(rule.unless))
    return sum(1 << number for number, name in enumerate(names) if name in wanted)


def _grouped(column: pa.Array | None, rows: int) -> tuple[NDArray[np.int64], list[str | None]]:
    """Give each value of a column a number; without one, all rules suit all ads."""
    if column is None:
        return np.zeros(rows, np.int64), ["*"]
    shown = pc.fill_null(pc.cast(column, pa.string()), "\0").dictionary_encode()
    values = [None if value == "\0" else value for value in shown.dictionary.to_pylist()]
    return shown.indices.to_numpy().astype(np.int64), values or ["*"]


def _applying(value: str | None, scope: str, rules: Sequence[CompiledRule]) -> NDArray[np.bool_]:
    """Say which rules suit a market, or a language by its first part (``zh`` of ``zh-Hans``)."""
    if value == "*":
        return np.ones(len(rules), np.bool_)
    said = (value or "\0").casefold()
    head = said.replace("_", "-").split("-", maxsplit=1)[0] if scope == "languages" else said
    ways = {said, head}
    scopes = [getattr(rule, scope) for rule in rules]
    return np.array([not s or any(one.casefold() in ways for one in s) for s in scopes], np.bool_)
