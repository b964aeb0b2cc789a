"""What a regular expression is made of, with the place of each part in the pattern."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from shroff.rules.char_sets import CharSet

__all__ = [
    "Anchor",
    "Boundary",
    "Choice",
    "ClassItem",
    "Group",
    "Klass",
    "Literal",
    "Node",
    "OneOf",
    "Place",
    "Repeat",
    "Sequence",
    "inside",
    "nodes",
]

Place: TypeAlias = tuple[int, int]
"""First character of a part and one past its last, in the pattern."""

_NO_PLACE: Place = (0, 0)


@dataclass(frozen=True, slots=True)
class Literal:
    """One character."""

    character: str
    place: Place = field(default=_NO_PLACE, compare=False)


@dataclass(frozen=True, slots=True)
class ClassItem:
    r"""Part of a class.

    Parameters
    ----------
    chars : CharSet
        Characters of the name or range, before any inversion.
    inverted : bool
        Whether all others are meant, as in ``\D``.
    named : bool
        Whether it was written as a name (``\w``, ``\p{L}``), not as characters.
    """

    chars: CharSet
    inverted: bool = False
    named: bool = False


@dataclass(frozen=True, slots=True)
class Klass:
    r"""A class as it was written: ``[...]``, ``\w``, ``\p{L}`` or a full stop.

    Parameters
    ----------
    items : tuple of ClassItem
        Its parts.
    inverted : bool
        Whether characters of none of them are meant.
    place : Place
        Where it is.
    """

    items: tuple[ClassItem, ...]
    inverted: bool = False
    place: Place = field(default=_NO_PLACE, compare=False)


@dataclass(frozen=True, slots=True)
class OneOf:
    """One character of a set: what a class becomes once it is spelled out."""

    chars: CharSet
    place: Place = field(default=_NO_PLACE, compare=False)


@dataclass(frozen=True, slots=True)
class Anchor:
    """The start or the end of the field."""

    at_end: bool
    place: Place = field(default=_NO_PLACE, compare=False)


@dataclass(frozen=True, slots=True)
class Boundary:
    r"""A place between a word character and another; ``inverted`` for ``\B``."""

    inverted: bool = False
    place: Place = field(default=_NO_PLACE, compare=False)


@dataclass(frozen=True, slots=True)
class Group:
    """What stands in parentheses."""

    part: Node
    place: Place = field(default=_NO_PLACE, compare=False)


@dataclass(frozen=True, slots=True)
class Sequence:
    """Parts one after another; none for the empty text."""

    parts: tuple[Node, ...] = ()
    place: Place = field(default=_NO_PLACE, compare=False)


@dataclass(frozen=True, slots=True)
class Choice:
    """The first part that fits; none for what never fits."""

    parts: tuple[Node, ...] = ()
    place: Place = field(default=_NO_PLACE, compare=False)


@dataclass(frozen=True, slots=True)
class Repeat:
    """A part again and again.

    Parameters
    ----------
    part : Node
        What is repeated.
    low : int
        Least times.
    high : int or None
        Most times; None for any number.
    lazy : bool
        Whether few times are tried first.
    place : Place
        Where it is.
    """

    part: Node
    low: int
    high: int | None
    lazy: bool = False
    place: Place = field(default=_NO_PLACE, compare=False)


Node: TypeAlias = Literal | Klass | OneOf | Anchor | Boundary | Group | Sequence | Choice | Repeat


def inside(node: Node) -> tuple[Node, ...]:
    """Give the parts of a node."""
    if isinstance(node, Sequence | Choice):
        return node.parts
    if isinstance(node, Group | Repeat):
        return (node.part,)
    return ()


def nodes(node: Node) -> Iterator[Node]:
    """Give a node and all its parts, in the order of the pattern."""
    yield node
    for part in inside(node):
        yield from nodes(part)
