r"""Escapes and classes of a regular expression: ``\d``, ``\p{Han}``, ``[^a-z]``."""

from __future__ import annotations

import re
from difflib import get_close_matches
from types import MappingProxyType
from typing import Protocol

from shroff.rules.char_sets import (
    DIGIT,
    SPACE,
    UNICODE_CLASSES,
    WORD,
    CharSet,
    posix,
    unicode_class,
)
from shroff.rules.regex_tree import Boundary, ClassItem, Klass, Literal, Node, Place

__all__ = ["BRACES", "FLAGS", "NAMED_GROUP", "NEW_LINE", "Reader", "bracket", "escape"]

BRACES = re.compile(r"\{(?P<low>\d{0,9})(?:,(?P<high>\d{0,9}))?(?<!\{)(?<!\{,)\}")
NAMED_GROUP = re.compile(r"\?P?<[A-Za-z_]\w*>")
FLAGS = re.compile(r"\?(?P<flags>[a-zA-Z]*-?[a-zA-Z]+)(?P<end>[:)])")
NEW_LINE = (ClassItem(CharSet.of([(10, 10)])),)

_CONTROL = MappingProxyType({"n": "\n", "t": "\t", "r": "\r", "f": "\f", "v": "\v"})
_SHORT = MappingProxyType({"d": DIGIT, "w": WORD, "s": SPACE})
_SAME = MappingProxyType({
    "A": "^", "Z": "$", "z": "$", "a": r"\x07", "e": r"\x1b", "h": r"[ \t]", "0": r"\x00",
})  # fmt: skip
_HEX = re.compile(r"x\{([0-9A-Fa-f]{1,6})\}|x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})")
_PROPERTY = re.compile(r"[pP](?:\{(\^?)(\w+)\}|(\w))")
_POSIX = re.compile(r"\[:(\^?)(\w*):\]")


class Reader(Protocol):
    """What reads the pattern, as far as escapes and classes need it."""

    text: str
    at: int

    def fault(
        self, kind: str, place: Place, *, fix: str | None = None, **params: str | int
    ) -> None:
        """Note a fault."""
        ...

    def take(self, ahead: str) -> bool:
        """Read a text if it comes next."""
        ...


def escape(reader: Reader, start: int) -> Node:
    """Read what follows a backslash outside a class.

    Parameters
    ----------
    reader : Reader
        Stands behind the backslash.
    start : int
        Place of the backslash.

    Returns
    -------
    Node
        A literal, a class or a boundary.
    """
    sign = reader.text[reader.at : reader.at + 1]
    if sign and sign in "bB":
        reader.at += 1
        return Boundary(sign == "B", (start, reader.at))
    if sign.isdigit() and sign != "0":
        reader.at += 1
        reader.fault("back_reference", (start, reader.at))
        return Literal(sign, (start, reader.at))
    found = _escaped(reader, start)
    place = (start, reader.at)
    return Literal(found, place) if isinstance(found, str) else Klass((found,), place=place)


def _escaped(reader: Reader, start: int) -> str | ClassItem:
    """Read what means the same inside a class and outside."""
    sign = reader.text[reader.at : reader.at + 1]
    if not sign:
        reader.fault("lone_backslash", (start, start + 1), fix="\\\\")
        return "\\"
    if code := _HEX.match(reader.text, reader.at):
        return _coded(reader, code, start=start)
    if sign in "pP":
        return _property(reader, start)
    reader.at += 1
    if sign in _CONTROL:
        return _CONTROL[sign]
    if sign.lower() in _SHORT:
        return ClassItem(_SHORT[sign.lower()], inverted=sign.isupper(), named=True)
    if sign.isascii() and sign.isalnum():
        reader.fault("unknown_escape", (start, reader.at), fix=_SAME.get(sign), sign="\\" + sign)
    return sign


def _coded(reader: Reader, code: re.Match[str], *, start: int) -> str:
    reader.at = code.end()
    number = int(next(part for part in code.groups() if part), 16)
    if number > 0x10FFFF or 0xD800 <= number <= 0xDFFF:
        reader.fault("no_such_character", (start, reader.at))
        return "x"
    return chr(number)


def _property(reader: Reader, start: int) -> ClassItem:
    r"""Read ``\p{name}``, ``\P{name}`` or ``\pL``."""
    inverted = reader.text[reader.at] == "P"
    found = _PROPERTY.match(reader.text, reader.at)
    reader.at = found.end() if found else reader.at + 1
    name = (found[2] or found[3]) if found else ""
    if found and found[1]:
        inverted = not inverted
    chars = unicode_class(name)
    if chars is None:
        close = get_close_matches(name, UNICODE_CLASSES, n=1, cutoff=0.5)
        reader.fault(
            "unknown_property", (start, reader.at), name=name or "?", close="".join(close)
        )
        return ClassItem(CharSet(()), named=True)
    return ClassItem(chars, inverted=inverted, named=True)


def bracket(reader: Reader, start: int) -> Node:
    """Read a class.

    Parameters
    ----------
    reader : Reader
        Stands behind ``[``.
    start : int
        Place of ``[``.

    Returns
    -------
    Node
        The class.
    """
    inverted = reader.take("^")
    items: list[ClassItem] = []
    if reader.text.startswith("]", reader.at):
        reader.fault("bracket_first", (reader.at, reader.at + 1), fix="\\]")
        reader.at += 1
        items.append(_single("]"))
    while not reader.take("]"):
        if reader.at >= len(reader.text):
            reader.fault("open_bracket", (start, start + 1))
            break
        items.append(_item(reader))
    return Klass(tuple(items), inverted, (start, reader.at))


def _item(reader: Reader) -> ClassItem:
    start = reader.at
    low = _class_part(reader)
    if not _range_follows(reader):
        return _single(low) if isinstance(low, str) else low
    reader.at += 1
    high = _class_part(reader)
    place = (start, reader.at)
    if not (isinstance(low, str) and isinstance(high, str)):
        reader.fault("range_of_class", place)
        return low if isinstance(low, ClassItem) else _single(low)
    if low > high:
        reader.fault("range_reversed", place, fix=_swapped(reader.text[slice(*place)]))
        low, high = high, low
    return ClassItem(CharSet.of([(ord(low), ord(high))]))


def _swapped(written: str) -> str | None:
    """Turn a range around if it is plainly two characters."""
    return f"{written[2]}-{written[0]}" if len(written) == 3 else None


def _range_follows(reader: Reader) -> bool:
    """Tell whether a hyphen stands between two characters; at the end of a class it is itself."""
    text, at = reader.text, reader.at
    return text.startswith("-", at) and not text.startswith("]", at + 1) and at + 1 < len(text)


def _class_part(reader: Reader) -> str | ClassItem:
    start, sign = reader.at, reader.text[reader.at]
    if sign == "[":
        return _inner(reader)
    reader.at += 1
    if sign != "\\":
        return sign
    if reader.text.startswith("b", reader.at):
        reader.at += 1
        reader.fault("boundary_in_class", (start, reader.at), fix=r"\x08")
        return "\b"
    return _escaped(reader, start)


def _inner(reader: Reader) -> str | ClassItem:
    """Read ``[:alpha:]``, or say that a bracket in a class needs a backslash."""
    start = reader.at
    found = _POSIX.match(reader.text, reader.at)
    if not found:
        reader.at += 1
        reader.fault("bracket_in_class", (start, reader.at), fix="\\[")
        return "["
    reader.at = found.end()
    chars = posix(found[2])
    if chars is None:
        reader.fault("unknown_posix", (start, reader.at), name=found[2])
        return ClassItem(CharSet(()), named=True)
    return ClassItem(chars, inverted=bool(found[1]), named=True)


def _single(character: str) -> ClassItem:
    code = ord(character)
    return ClassItem(CharSet.of([(code, code)]))
