"""What a rule asks for: terms and regular expressions, and how they are combined.

Everything here is frozen, compares by value (places in files apart) and can be pickled.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from shroff.domain.places import NOWHERE, Where
from shroff.text.evasion import DEFAULT, Evasion

__all__ = [
    "AllOf",
    "AnyOf",
    "Atom",
    "Column",
    "ColumnTest",
    "Condition",
    "Count",
    "InFields",
    "Near",
    "Not",
    "Regex",
    "Term",
    "Unit",
    "Unless",
    "Value",
    "Word",
    "atoms",
    "columns",
    "parts_of",
    "walk",
]

Value: TypeAlias = str | int | float | bool
"""A value of a column, as a rule or an example writes it."""


class Word(StrEnum):
    """Whether a term must stand as a word of its own.

    ``auto``: where a term begins or ends with one of ``[0-9A-Za-z_]``, no such character may
    stand next to it; Han and other scripts match anywhere. ``whole``: as ``auto``, but letters of
    every script count. ``part``: anywhere.
    """

    AUTO = "auto"
    WHOLE = "whole"
    PART = "part"


class Unit(StrEnum):
    """What a distance is counted in; a word is a run of ``[0-9A-Za-z_]`` or one other letter."""

    CHARACTERS = "characters"
    WORDS = "words"


class ColumnTest(StrEnum):
    """How the value of a column is judged."""

    IS_IN = "in"
    NOT_IN = "not_in"
    BELOW = "below"
    ABOVE = "above"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"


@dataclass(frozen=True, slots=True)
class Term:
    """A word or phrase.

    Parameters
    ----------
    text : str
        As it is written in the pack.
    word : Word
        Whether it must stand alone.
    evasion : Evasion
        Disguises that are seen through: the rule's switches and the term's own changes to them.
    where : Where
        Its place.
    """

    text: str
    word: Word = Word.AUTO
    evasion: Evasion = DEFAULT
    where: Where = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Regex:
    """A regular expression of the dialect of `syntax`; it is matched on the plain view.

    Parameters
    ----------
    pattern : str
        As it is written in the pack.
    evasion : Evasion
        Disguises that are seen through; only those which the plain view undoes count.
    where : Where
        Its place: that of the first character of the pattern where the file writes it literally.
    """

    pattern: str
    evasion: Evasion = DEFAULT
    where: Where = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one part holds.

    Parameters
    ----------
    parts : tuple of Condition
        One or more.
    name : str
        Name of the list of the pack it stands for (``$name``); else empty.
    where : Where
        Its place.
    """

    parts: tuple[Condition, ...]
    name: str = ""
    where: Where = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every part holds."""

    parts: tuple[Condition, ...]
    where: Where = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: Condition
    where: Where = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Near:
    """One hit of each part, all in one field and none overlapping another, close together.

    Parameters
    ----------
    parts : tuple of Condition
        Two or more; each a term, a regular expression, a list or an `AnyOf` of these.
    within : int
        Most characters (words) that stand between one hit and the next, in the original text.
    unit : Unit
        What is counted.
    ordered : bool
        Whether the hits must come in the order of the parts.
    where : Where
        Its place.
    """

    parts: tuple[Condition, ...]
    within: int
    unit: Unit = Unit.CHARACTERS
    ordered: bool = False
    where: Where = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Count:
    """The part hits at least so many times, hits that overlap counted once.

    Parameters
    ----------
    part : Condition
        As a part of `Near`.
    at_least : int
        Hits wanted, 1 or more.
    where : Where
        Its place.
    """

    part: Condition
    at_least: int
    where: Where = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class InFields:
    """The part, looked for in these fields only."""

    part: Condition
    fields: tuple[str, ...]
    where: Where = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Column:
    """A test of a column of the ad.

    Parameters
    ----------
    name : str
        Column of ``ads`` or one given beside it.
    test : ColumnTest
        How it is judged; texts are compared without regard to case.
    values : tuple of Value
        One value; several for ``in`` and ``not_in``.
    missing : bool or None
        What counts where the value or the whole column is missing. None: a missing value does not
        hold, a missing column is an error.
    where : Where
        Its place.
    """

    name: str
    test: ColumnTest
    values: tuple[Value, ...]
    missing: bool | None = None
    where: Where = field(default=NOWHERE, compare=False, repr=False)


Atom: TypeAlias = Term | Regex
Condition: TypeAlias = Term | Regex | AnyOf | AllOf | Not | Near | Count | InFields | Column


@dataclass(frozen=True, slots=True)
class Unless:
    """The second stage: what takes hits back.

    Parameters
    ----------
    part : Condition
        Where it holds, the rule does not fire.
    within : int or None
        Then only hits of the rule with a hit of the part so near are taken back, and the rule
        fires if it holds without them. None: anywhere in the ad.
    unit : Unit
        What the distance is counted in.
    where : Where
        Its place.
    """

    part: Condition
    within: int | None = None
    unit: Unit = Unit.CHARACTERS
    where: Where = field(default=NOWHERE, compare=False, repr=False)


def parts_of(condition: Condition) -> tuple[Condition, ...]:
    """Give what a condition is directly made of.

    Parameters
    ----------
    condition : Condition
        Any.

    Returns
    -------
    tuple of Condition
        Empty for terms, regular expressions and columns.
    """
    if isinstance(condition, AnyOf | AllOf | Near):
        return condition.parts
    if isinstance(condition, Not | Count | InFields):
        return (condition.part,)
    return ()


def walk(condition: Condition) -> Iterator[Condition]:
    """Give a condition and all that it is made of, in the order of the file."""
    yield condition
    for part in parts_of(condition):
        yield from walk(part)


def atoms(condition: Condition) -> Iterator[Atom]:
    """Give the terms and regular expressions of a condition, in the order of the file."""
    return (part for part in walk(condition) if isinstance(part, Term | Regex))


def columns(condition: Condition) -> Iterator[Column]:
    """Give the tests of columns of a condition, in the order of the file."""
    return (part for part in walk(condition) if isinstance(part, Column))
