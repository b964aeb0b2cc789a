"""Texts as tokens: what words, phrases and shapes of numbers are counted by.

A run of letters is one token, a run of digits one, each Han (or other unspaced) character one, a
sign of money one. Numbers have two further names: that of any number, and that of any number of so
many digits; phrases made of these are what generalised regular expressions grow from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from unicodedata import category

import numba
import numpy as np
from numpy.typing import NDArray

from shroff.text.text_views import views_of_texts

__all__ = ["LETTERS", "MONEY", "NUMBER", "UNSPACED", "Tokens", "tokens_of"]

Codes = NDArray[np.uint32]

_SPACE, LETTERS, NUMBER, UNSPACED, MONEY, _BREAK, _SIGN = range(7)
_TABLE = 0x40000
_BREAKS = frozenset('.!?,;:\n\r。！？，；：、…()（）[]【】「」“”"|/\\<>《》')
_MULTIPLY = np.uint64(0x9E3779B97F4A7C15)
_SHIFT = np.uint64(29)
_START = np.uint64(0xCBF29CE484222325)
_ANY_NUMBER = np.uint64(0x51ED270B76A1F3C5)
_LONGEST_NUMBER = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """Tokens of some texts, one after the other.

    Parameters
    ----------
    codes : array of uint32
        Code points of all texts, folded.
    row : array of int32, shape (tokens,)
        Text of each token, from 0.
    start, end : array of int32, shape (tokens,)
        Its place in ``codes``.
    kind : array of uint8, shape (tokens,)
        ``LETTERS``, ``NUMBER``, ``UNSPACED`` or ``MONEY``.
    glued : array of bool, shape (tokens,)
        Whether it is in the middle of a word: nothing stands between it and the one before, and
        both are letters or digits.
    apart : array of bool, shape (tokens,)
        Whether a text, a sentence or a clause begins with it.
    name, any_name, sized_name : array of uint64, shape (tokens,)
        Hash of what it says, with numbers as they are, as any number, and as any number of so many
        digits.
    """

    codes: Codes
    row: NDArray[np.int32]
    start: NDArray[np.int32]
    end: NDArray[np.int32]
    kind: NDArray[np.uint8]
    glued: NDArray[np.bool_]
    apart: NDArray[np.bool_]
    name: NDArray[np.uint64]
    any_name: NDArray[np.uint64]
    sized_name: NDArray[np.uint64]

    def __len__(self) -> int:
        """Count the tokens."""
        return len(self.row)

    def text(self, first: int, last: int) -> str:
        """Give the text from one token to another, both included, with single spaces."""
        codes = self.codes[self.start[first] : self.end[last]]
        return " ".join(codes.astype("<u4").tobytes().decode("utf-32-le").split())


def tokens_of(texts: Sequence[str]) -> Tokens:
    """Cut texts into tokens.

    Parameters
    ----------
    texts : list of str
        Texts, as they were written.

    Returns
    -------
    Tokens
        Their tokens on folded text: compatibility forms, case, look-alike letters, hidden
        characters and traditional characters do not tell texts apart.
    """
    views = views_of_texts(texts)
    place, flags, names = _cut(views.plain, views.plain_at, _classes())
    return Tokens(
        codes=views.plain,
        row=place[0],
        start=place[1],
        end=place[2],
        kind=place[3].astype(np.uint8),
        glued=flags[0],
        apart=flags[1],
        name=names[0],
        any_name=names[1],
        sized_name=names[2],
    )


@cache
def _classes() -> NDArray[np.uint8]:
    """Tell of every code point what it does in a text."""
    found = np.full(_TABLE, _SIGN, np.uint8)
    for code in range(0x30000):
        sign = chr(code)
        kind = category(sign)
        if sign in _BREAKS:
            found[code] = _BREAK
        elif kind[0] == "Z" or sign.isspace():
            found[code] = _SPACE
        elif kind == "Nd":
            found[code] = NUMBER
        elif kind == "Sc":
            found[code] = MONEY
        elif kind[0] in "LM" or sign == "_":
            found[code] = UNSPACED if _unspaced(code) else LETTERS
    return found


def _unspaced(code: int) -> bool:
    """Tell scripts that are written without spaces between words."""
    return (
        0x2E80 <= code <= 0x31FF
        or 0x3400 <= code <= 0x9FFF
        or 0xF900 <= code <= 0xFAFF
        or code >= 0x20000
        or 0x0E00 <= code <= 0x0EFF  # Thai and Lao
        or 0x1780 <= code <= 0x17FF  # Khmer
    )


@numba.njit(cache=True, nogil=True)
def _mixed(hashed: np.uint64, value: np.uint64) -> np.uint64:
    hashed = (hashed ^ value) * _MULTIPLY
    return hashed ^ (hashed >> _SHIFT)


@numba.njit(cache=True, nogil=True)
def _class_of(code: np.uint32, classes: NDArray[np.uint8]) -> np.uint8:
    return classes[code] if code < _TABLE else np.uint8(_SIGN)


@numba.njit(cache=True, nogil=True)
def _run(
    codes: Codes, at: int, stop: int, classes: NDArray[np.uint8]
) -> tuple[int, np.uint64, bool]:
    """Follow a token from its first code point: where it ends, its hash, if it is a 1,000."""
    of = _class_of(codes[at], classes)
    hashed, parted, first = _START, False, at
    while at < stop:
        code = codes[at]
        same = _class_of(code, classes) == of and (at == first or of in (LETTERS, NUMBER))
        inside = of == NUMBER and code in (0x2C, 0x2E) and at + 1 < stop
        if not same and inside and _class_of(codes[at + 1], classes) == NUMBER:
            same = parted = True
        if not same:
            break
        hashed = _mixed(hashed, np.uint64(code))
        at += 1
    return at, hashed, parted


@numba.njit(cache=True, nogil=True)
def _cut(
    codes: Codes, bounds: NDArray[np.int64], classes: NDArray[np.uint8]
) -> tuple[NDArray[np.int32], NDArray[np.bool_], NDArray[np.uint64]]:
    """Give text, start, end and kind; glued and apart; and the three names of each token."""
    size = len(codes)
    place = np.empty((4, size), np.int32)
    flags = np.empty((2, size), np.bool_)
    names = np.empty((3, size), np.uint64)
    count = 0
    for text in range(len(bounds) - 1):
        at, stop = bounds[text], bounds[text + 1]
        fresh = True
        while at < stop:
            of = _class_of(codes[at], classes)
            if of in (_SPACE, _BREAK, _SIGN):
                fresh = fresh or of == _BREAK
                at += 1
                continue
            first = at
            at, hashed, parted = _run(codes, at, stop, classes)
            place[0, count], place[1, count] = text, first
            place[2, count], place[3, count] = at, of
            flags[0, count] = (
                not fresh
                and place[2, count - 1] == first
                and place[3, count - 1] in (LETTERS, NUMBER)
                and of in (LETTERS, NUMBER)
            )
            flags[1, count] = fresh
            names[:, count] = hashed
            if of == NUMBER:
                names[1, count] = _ANY_NUMBER
                if not parted:
                    names[2, count] = _ANY_NUMBER + np.uint64(min(at - first, _LONGEST_NUMBER))
            count += 1
            fresh = False
    return place[:, :count].copy(), flags[:, :count].copy(), names[:, :count].copy()
