"""Conditions as plain lists of numbers and texts: what a compiled pack keeps and evaluates.

A node is a list whose first entry says what it is::

    ["atom", number]  ["any", nodes]  ["all", nodes]  ["not", node]
    ["near", nodes, within, unit, ordered]  ["count", node, at_least]
    ["fields", node, names]  ["column", name, test, values, missing]

It survives JSON, so a compiled pack can be kept in a file that is safe to read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

from shroff.rules.clauses import (
    AllOf,
    AnyOf,
    Atom,
    Column,
    Condition,
    Count,
    InFields,
    Near,
    Not,
    Regex,
    Term,
)

__all__ = ["Code", "atoms_of", "coded", "fields_of", "needs", "plain_atoms"]

Code: TypeAlias = list[Any]


def coded(condition: Condition, number: Callable[[Atom], int]) -> Code:
    """Write a condition as a node.

    Parameters
    ----------
    condition : Condition
        What a rule asks for.
    number : callable
        Gives each atom its number.

    Returns
    -------
    list
        The node.
    """
    if isinstance(condition, Term | Regex):
        return ["atom", number(condition)]
    if isinstance(condition, AnyOf):
        return ["any", [coded(part, number) for part in condition.parts]]
    if isinstance(condition, AllOf):
        return ["all", [coded(part, number) for part in condition.parts]]
    if isinstance(condition, Near):
        parts = [coded(part, number) for part in condition.parts]
        return ["near", parts, condition.within, str(condition.unit), condition.ordered]
    return _wrapped(condition, number)


def _wrapped(condition: Not | Count | InFields | Column, number: Callable[[Atom], int]) -> Code:
    if isinstance(condition, Column):
        test, values = str(condition.test), list(condition.values)
        return ["column", condition.name, test, values, condition.missing]
    part = coded(condition.part, number)
    if isinstance(condition, Count):
        return ["count", part, condition.at_least]
    if isinstance(condition, InFields):
        return ["fields", part, list(condition.fields)]
    return ["not", part]


def below(code: Code) -> list[Code]:
    """Give the nodes directly inside a node."""
    kind = code[0]
    if kind in {"any", "all", "near"}:
        return list(code[1])
    return [code[1]] if kind in {"not", "count", "fields"} else []


def walk_code(code: Code) -> Iterator[Code]:
    """Give a node and all inside it."""
    yield code
    for part in below(code):
        yield from walk_code(part)


def atoms_of(code: Code) -> frozenset[int]:
    """Collect the numbers of the atoms of a node."""
    return frozenset(node[1] for node in walk_code(code) if node[0] == "atom")


def fields_of(code: Code) -> tuple[str, ...]:
    """Collect the fields that a node names."""
    named = [name for node in walk_code(code) if node[0] == "fields" for name in node[2]]
    return tuple(dict.fromkeys(named))


def plain_atoms(code: Code) -> frozenset[int] | None:
    """Give the atoms of a node that is nothing but "any of these"; None for every other node."""
    if code[0] == "atom":
        return frozenset({code[1]})
    kinds = {node[0] for node in walk_code(code)}
    return atoms_of(code) if kinds <= {"atom", "any"} else None


def needs(code: Code) -> list[frozenset[int]]:
    """Give sets of atoms of each of which one must hit for the node to hold.

    Parameters
    ----------
    code : list
        A node.

    Returns
    -------
    list of frozenset of int
        Empty if the node can hold where nothing hits.
    """
    kind = code[0]
    if kind == "atom":
        return [frozenset({code[1]})]
    if kind in {"all", "near"}:
        return [group for part in code[1] for group in needs(part)]
    if kind in {"count", "fields"}:
        return needs(code[1])
    if kind == "any":
        groups = [needs(part) for part in code[1]]
        if groups and all(groups):
            return [frozenset().union(*(min(group, key=len) for group in groups))]
    return []
