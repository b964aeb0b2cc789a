r"""Sets of characters, as ranges of code points: every engine is told the same ones.

A class such as ``\w`` or ``\p{L}`` is spelled out before an engine sees it, so that no engine's
own idea of a word character, of a letter or of Unicode's version can change what a rule means.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache

__all__ = [
    "DIGIT",
    "EVERYTHING",
    "NOTHING",
    "SPACE",
    "UNICODE_CLASSES",
    "WORD",
    "CharSet",
    "posix",
    "unicode_class",
]

_LAST = 0x10FFFF
_SURROGATES = (0xD800, 0xDFFF)
_PLANES = ((0, 0xD7FF), (0xE000, 0x3FFFF), (0xE0000, 0xE0FFF), (0xF0000, _LAST))
_ONE_CATEGORY = (0xF0000, _LAST)
_UNASSIGNED = ((0x40000, 0xDFFFF), (0xE1000, 0xEFFFF))

Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class CharSet:
    """A set of characters.

    Parameters
    ----------
    ranges : tuple of (int, int)
        First and last code point of each run; sorted, apart, without surrogates.
    """

    ranges: tuple[Range, ...]

    def __contains__(self, character: str) -> bool:
        """Tell whether a character is one of the set."""
        code = ord(character)
        return any(low <= code <= high for low, high in self.ranges)

    def __or__(self, other: CharSet) -> CharSet:
        """Give the characters of either."""
        return CharSet.of((*self.ranges, *other.ranges))

    def __and__(self, other: CharSet) -> CharSet:
        """Give the characters of both."""
        found: list[Range] = []
        left, right = 0, 0
        while left < len(self.ranges) and right < len(other.ranges):
            mine, theirs = self.ranges[left], other.ranges[right]
            low, high = max(mine[0], theirs[0]), min(mine[1], theirs[1])
            if low <= high:
                found.append((low, high))
            left, right = left + (mine[1] <= theirs[1]), right + (theirs[1] <= mine[1])
        return CharSet(tuple(found))

    def __sub__(self, other: CharSet) -> CharSet:
        """Give the characters that the other has not."""
        return self & ~other

    def __invert__(self) -> CharSet:
        """Give all other characters."""
        gaps: list[Range] = []
        start = 0
        for low, high in (*self.ranges, (_LAST + 1, _LAST + 1)):
            if start < low:
                gaps += _without_surrogates((start, low - 1))
            start = high + 1
        return CharSet(tuple(gaps))

    def __bool__(self) -> bool:
        """Tell whether there is a character in it."""
        return bool(self.ranges)

    def __len__(self) -> int:
        """Count its characters."""
        return sum(high - low + 1 for low, high in self.ranges)

    def first(self, most: int) -> str:
        """Give its characters, the first ones if there are more than ``most``."""
        found: list[str] = []
        for low, high in self.ranges:
            found += [chr(code) for code in range(low, min(high, low + most) + 1)]
        return "".join(found[:most])

    @staticmethod
    def of(ranges: Iterable[Range]) -> CharSet:
        """Make a set of ranges in any order.

        Parameters
        ----------
        ranges : iterable of (int, int)
            First and last code point; empty where the last comes before the first.

        Returns
        -------
        CharSet
            The set, without surrogates, which no text holds.
        """
        parts = sorted(part for given in ranges for part in _without_surrogates(given))
        joined: list[Range] = []
        for low, high in parts:
            if joined and low <= joined[-1][1] + 1:
                joined[-1] = (joined[-1][0], max(joined[-1][1], high))
            else:
                joined.append((low, high))
        return CharSet(tuple(joined))

    @staticmethod
    def listed(characters: Iterable[str]) -> CharSet:
        """Make a set of single characters."""
        return CharSet.of((ord(character), ord(character)) for character in characters)


def _without_surrogates(given: Range) -> list[Range]:
    low, high = given
    first, last = _SURROGATES
    if high < first or last < low:
        return [given] if low <= high else []
    halves = [(low, min(high, first - 1)), (max(low, last + 1), high)]
    return sorted({half for half in halves if half[0] <= half[1]})


NOTHING = CharSet(())
EVERYTHING = ~NOTHING
DIGIT = CharSet.of([(48, 57)])
WORD = CharSet.of([(48, 57), (65, 90), (95, 95), (97, 122)])
SPACE = CharSet.of([(9, 13), (32, 32)])

_POSIX = {
    "alnum": [(48, 57), (65, 90), (97, 122)],
    "alpha": [(65, 90), (97, 122)],
    "ascii": [(0, 127)],
    "blank": [(9, 9), (32, 32)],
    "cntrl": [(0, 31), (127, 127)],
    "digit": [(48, 57)],
    "graph": [(33, 126)],
    "lower": [(97, 122)],
    "print": [(32, 126)],
    "punct": [(33, 47), (58, 64), (91, 96), (123, 126)],
    "space": [(9, 13), (32, 32)],
    "upper": [(65, 90)],
    "word": [(48, 57), (65, 90), (95, 95), (97, 122)],
    "xdigit": [(48, 57), (65, 70), (97, 102)],
}

_HAN = [
    (0x2E80, 0x2E99), (0x2E9B, 0x2EF3), (0x2F00, 0x2FD5), (0x3005, 0x3005), (0x3007, 0x3007),
    (0x3021, 0x3029), (0x3038, 0x303B), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFA6D),
    (0xFA70, 0xFAD9), (0x16FE2, 0x16FE3), (0x16FF0, 0x16FF1), (0x20000, 0x2A6DF),
    (0x2A700, 0x2EE5D), (0x2F800, 0x2FA1D), (0x30000, 0x323AF),
]  # fmt: skip
_NAMED_SCRIPTS = {
    "Arabic": "ARABIC ",
    "Armenian": "ARMENIAN ",
    "Bengali": "BENGALI ",
    "Cyrillic": "CYRILLIC ",
    "Devanagari": "DEVANAGARI ",
    "Georgian": "GEORGIAN ",
    "Greek": "GREEK ",
    "Hangul": "HANGUL ",
    "Hebrew": "HEBREW ",
    "Hiragana": "HIRAGANA ",
    "Katakana": "KATAKANA ",
    "Khmer": "KHMER ",
    "Latin": "LATIN ",
    "Thai": "THAI ",
}
_CATEGORIES = (
    "Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Pc", "Pd", "Ps", "Pe",
    "Pi", "Pf", "Po", "Sm", "Sc", "Sk", "So", "Zs", "Zl", "Zp", "Cc", "Cf", "Co", "Cn",
)  # fmt: skip
_GROUPS = ("L", "M", "N", "P", "S", "Z", "C")
UNICODE_CLASSES = (*_GROUPS, *_CATEGORIES, "Han", *_NAMED_SCRIPTS)
r"""Names that ``\p{...}`` knows."""


def posix(name: str) -> CharSet | None:
    """Give the characters of ``[:name:]``, all of them ASCII; None if there is no such name."""
    return CharSet.of(_POSIX[name]) if name in _POSIX else None


@cache
def unicode_class(name: str) -> CharSet | None:
    r"""Give the characters of ``\p{name}``.

    Parameters
    ----------
    name : str
        General category (``L``, ``Lu``) or script (``Han``), as Unicode writes it.

    Returns
    -------
    CharSet or None
        The set; None if there is no such name.

    Notes
    -----
    Scripts other than Han are the letters and signs whose names begin with the script's: close to
    Unicode's own property, and the same for every engine.
    """
    if name == "Han":
        return CharSet.of(_HAN)
    if name in _NAMED_SCRIPTS:
        begin = _NAMED_SCRIPTS[name]
        return _where(lambda sign: _name(sign).startswith(begin))
    if name in _GROUPS:
        parts = [unicode_class(full) for full in _CATEGORIES if full[0] == name]
        return CharSet.of(span for part in parts if part for span in part.ranges)
    return _by_category().get(name)


@cache
def _by_category() -> dict[str, CharSet]:
    found: dict[str, list[Range]] = {name: [] for name in _CATEGORIES}
    found["Cn"] += _UNASSIGNED
    for first, last in _PLANES:
        start, kind = first, _category(first)
        for code in range(first + 1, last + 1) if (first, last) != _ONE_CATEGORY else ():
            if (now := _category(code)) != kind:
                found[kind].append((start, code - 1))
                start, kind = code, now
        found[kind].append((start, last))
    return {name: CharSet.of(ranges) for name, ranges in found.items()}


def _name(sign: str) -> str:
    return unicodedata.name(sign, "").removeprefix("FULLWIDTH ").removeprefix("HALFWIDTH ")


def _category(code: int) -> str:
    return unicodedata.category(chr(code))


def _where(holds: Callable[[str], bool]) -> CharSet:
    """Collect the characters of the planes that have letters."""
    return CharSet.of(
        (code, code) for first, last in _PLANES[:2] for code in range(first, last + 1)
        if holds(chr(code))
    )  # fmt: skip
