"""The tables that the kernels read, built once: from Unicode, OpenCC, pypinyin and our own lists."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from shroff.text import characters as chars
from shroff.text.common_han import COMMON, GENERIC
from shroff.text.evasion import Evasion
from shroff.text.han_lookalikes import GROUPS
from shroff.text.han_parts import PARTS
from shroff.text.lookalike_letters import SIGN_LETTERS
from shroff.text.pinyin_automaton import pinyin_automaton
from shroff.text.syllables import SYLLABLES, plain_syllable

__all__ = ["VERSION", "ReadingTables", "reading_tables", "simplified_characters"]

VERSION = 5
"""Raised when what the tables say changes: packs compiled with others are compiled anew."""

_PAGES = 0x110000 >> 8
_OWN_SIMPLE = {"妳": "你", "牠": "它", "祂": "他"}
_HAN_PAGES = ((0x3400, 0x9FFF), (0x20000, 0x323FF))
_TAGS = 0xE0000
_TWINS = frozenset("己已巳未末日曰土士")  # hardly told apart, however common
_MIXED_PAGE = 0x4D00  # hexagrams follow the ideographs
_QUIET = frozenset(("Lo", "So", "Sm", "Sc", "Sk", "Po", "Pd", "Ps", "Pe", "Pc"))


class ReadingTables(NamedTuple):
    """What the kernels read; arrays only, so that a compiled pack can hold them.

    Attributes
    ----------
    page : array of uint16, shape (4352,)
        Page of each block of 256 code points.
    cell : array of uint64, shape (pages * 256,)
        What `characters` says, packed.
    how : array of uint32, shape (pages * 256,)
        Disguises (bits of `Evasion`) that each original code point can be.
    several : array of uint32
        Count, then plain code points, of those that give several.
    split_key : array of uint64, sorted
        Two or three plain code points, 21 bits each, that are a split character.
    split_whole : array of uint32
        The character that they make.
    step, accept, tree, code : arrays
        See `PinyinAutomaton`.
    """

    page: NDArray[np.uint16]
    cell: NDArray[np.uint64]
    how: NDArray[np.uint32]
    several: NDArray[np.uint32]
    split_key: NDArray[np.uint64]
    split_whole: NDArray[np.uint32]
    step: NDArray[np.uint16]
    accept: NDArray[np.uint8]
    tree: NDArray[np.uint16]
    code: NDArray[np.uint16]


@cache
def simplified_characters() -> dict[str, str]:
    """Read OpenCC's single characters: each traditional one with its simplified one.

    Returns
    -------
    dict of str to str
        Only those that change, about 4,000.
    """
    import opencc  # noqa: PLC0415

    points = [*range(0x3400, 0xA000), *range(0x20000, 0x2A6E0)]
    shown = "\n".join(map(chr, points))
    pairs = zip(shown.split("\n"), opencc.OpenCC("t2s").convert(shown).split("\n"), strict=True)
    return {old: new for old, new in pairs if old != new and len(new) == 1} | _OWN_SIMPLE


@cache
def han_readings() -> dict[str, tuple[int, ...]]:
    """Read the syllables of each Han character, the most common first.

    Returns
    -------
    dict of str to tuple of int
        Codes of toneless syllables, from 1.
    """
    from pypinyin.pinyin_dict import pinyin_dict  # noqa: PLC0415

    codes = {one: place for place, one in enumerate(SYLLABLES, start=1)}
    seen: dict[str, tuple[int, ...]] = {}
    found: dict[str, tuple[int, ...]] = {}
    for point, toned in pinyin_dict.items():
        if toned not in seen:
            spelled = (plain_syllable(one) for one in chars.readings(toned))
            seen[toned] = tuple(dict.fromkeys(codes[one] for one in spelled if one in codes))
        if seen[toned]:
            found[chr(point)] = seen[toned]
    return found


@cache
def folded_han() -> dict[str, str]:
    """Give the one that stands for each Han character in ``folded``.

    Returns
    -------
    dict of str to str
        Of look-alikes the first of their group; of numerals the letter their digit is read as.
    """
    simple = simplified_characters()
    stands = {han: chars.LEET[digit] for han, digit in chars.NUMERALS.items()}
    for group in GROUPS:
        plain = [simple.get(han, han) for han in group]
        ruler = next((stands[han] for han in plain if han in stands), plain[0])
        stands.update({han: ruler for han in plain if han not in stands})
    return stands


@cache
def reading_tables() -> ReadingTables:
    """Build the tables, once a process.

    Returns
    -------
    ReadingTables
        Built in a fraction of a second.
    """
    build = _Build()
    build.han()
    for first in _pages_worth_reading():
        build.read_page(first)
    keys, wholes = build.splits()
    return ReadingTables(
        build.page,
        np.concatenate(build.cells),
        np.concatenate(build.hows),
        np.array(build.several, np.uint32),
        keys,
        wholes,
        *pinyin_automaton(),
    )


def _pages_worth_reading() -> Iterator[int]:
    drawn = chars.drawn_letters()
    for first in range(0, 0x110000, 256):
        if not chars.worth_reading(first, first + 255):
            continue
        page = "".join(map(chr, range(first, first + 256)))
        still = unicodedata.normalize("NFKC", page).casefold() == page
        still = still and not any(one in drawn or chars.is_hidden(ord(one)) for one in page)
        if first >= _TAGS or not (
            still and all(unicodedata.category(one) in {"Lo", "Cn"} for one in page)
        ):
            yield first


class _Build:
    """The tables while they are being filled: page 0 says OTHER, page 1 HAN, both stay as they are."""

    def __init__(self) -> None:
        self.page = np.zeros(_PAGES, np.uint16)
        self.cells = [np.zeros(256, np.uint64), np.full(256, chars.HAN << 52, np.uint64)]
        self.hows = [np.zeros(256, np.uint32), np.zeros(256, np.uint32)]
        self.several: list[int] = [0]
        self.simple = simplified_characters()
        self.drawn = chars.drawn_letters()
        self.folded = folded_han()
        self.sounds = han_readings()
        first = {way[0] for ways in PARTS.values() for way in ways}
        later = {part for ways in PARTS.values() for way in ways for part in way[1:]}
        self.first_parts = {self.simple.get(one, one) for one in first}
        self.later_parts = {self.simple.get(one, one) for one in later}

    def meaning(self, plain: str) -> int:
        """Pack what a plain code point is to folded and sound."""
        kind = chars.class_of(plain)
        folded = (
            self.folded.get(plain) or chars.LEET.get(plain) or SIGN_LETTERS.get(plain) or plain
        )
        folded = chars.LEET.get(folded, folded)
        sound = self.sounds[plain][0] if kind == chars.HAN and plain in self.sounds else 0
        packed = ord(plain) | ord(folded) << 21 | sound << 42 | kind << 52
        return packed | (plain in self.first_parts) << 60 | (plain in self.later_parts) << 61

    def han_meaning(self, plain: str) -> int:
        """Pack the same of what is known to be a Han character."""
        point = ord(plain)
        folded = self.folded.get(plain)
        sound = self.sounds.get(plain, (0,))[0]
        packed = point | (ord(folded) if folded else point) << 21 | sound << 42 | chars.HAN << 52
        packed |= (plain in COMMON and plain not in _TWINS) << 62 | (plain in GENERIC) << 63
        return packed | (plain in self.first_parts) << 60 | (plain in self.later_parts) << 61

    def add_page(self, first: int, cells: NDArray[np.uint64], how: NDArray[np.uint32]) -> None:
        self.page[first >> 8] = len(self.cells)
        self.cells.append(cells)
        self.hows.append(how)

    def han(self) -> None:
        """Fill the pages of ideographs; those that nothing is known of share one."""
        for low, high in _HAN_PAGES:
            for first in range(low, high + 1, 256):
                page = [chr(point) for point in range(first, first + 256)]
                if any(one in self.sounds or one in self.simple for one in page):
                    pack = self.meaning if first == _MIXED_PAGE else self.han_meaning
                    cells = [pack(self.simple.get(one, one)) for one in page]
                    trad = [Evasion.TRAD.value * (one in self.simple) for one in page]
                    self.add_page(first, np.array(cells, np.uint64), np.array(trad, np.uint32))
                else:
                    self.page[first >> 8] = 1

    def read_page(self, first: int) -> None:
        cells, hows = np.zeros(256, np.uint64), np.zeros(256, np.uint32)
        if first >= _TAGS:
            cells[:], hows[:] = chars.DROP << 56, Evasion.HIDDEN.value
        for place in range(256 if first < _TAGS else 0):
            cells[place], hows[place] = self.read(chr(first + place))
        self.add_page(first, cells, hows)

    def read(self, letter: str) -> tuple[int, int]:
        category = unicodedata.category(letter)
        if category == "Cn" and ord(letter) < _TAGS:
            return 0, 0
        if category in _QUIET and letter not in self.drawn and _stays(letter):
            return self.meaning(letter), 0
        plain, how = chars.letters_of(letter, self.simple)
        if not plain:
            return chars.DROP << 56, how.value
        if len(plain) > 1:
            place = len(self.several)
            self.several.extend((len(plain), *map(ord, plain)))
            return place | chars.SEVERAL << 56, how.value
        kind = chars.JOIN if chars.joins(ord(plain)) else chars.ONE
        if kind == chars.ONE and unicodedata.category(plain) == "Mn":
            kind = chars.STRANGE
        return self.meaning(plain) | kind << 56, how.value

    def splits(self) -> tuple[NDArray[np.uint64], NDArray[np.uint32]]:
        whole_of: dict[int, int] = {}
        for whole, ways in PARTS.items():
            for way in ways:
                key = 0
                for part in way:
                    key = key << 21 | ord(self.simple.get(part, part))
                whole_of.setdefault(key, ord(self.simple.get(whole, whole)))
        keys = sorted(whole_of)
        wholes = [whole_of[key] for key in keys]
        return np.array(keys, np.uint64), np.array(wholes, np.uint32)


def _stays(letter: str) -> bool:
    """Say whether a sign or a letter without case is read as it is."""
    still = unicodedata.normalize("NFKC", letter) == letter
    marked = unicodedata.category(letter) == "Lo" and unicodedata.decomposition(letter)
    return (
        still and not marked and not chars.joins(ord(letter)) and not chars.is_hidden(ord(letter))
    )
