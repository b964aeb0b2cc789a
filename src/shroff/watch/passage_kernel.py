"""From views of texts to passages: sentences as sets of hashed shingles, numbers left open."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from shroff.text.kernel_cache import kernel
from shroff.text.plain_kernel import Place

__all__ = ["PASSAGE", "WHOLE", "Passages", "Shelf", "write_passages"]

WHOLE = 0
"""A text is one passage."""

PASSAGE = 1
"""A text is cut at the ends of sentences; what is too short to tell anything is left out."""

_WIDE = 0x2E80
_NUMBER = np.uint64(1)
_LEAST_WEIGHT = 16
_LATIN_SHINGLE, _WIDE_SHINGLE = 4, 2
_MIX = np.uint64(0x9E3779B97F4A7C15)
_SHIFT = np.uint64(32)
_HALF = np.uint64(29)
_STOP, _BANG, _ASKS, _SEMICOLON, _FULL = 0x2E, 0x21, 0x3F, 0x3B, 0x3002
_COMMA, _SPACE, _NEWLINE = 0x2C, 0x20, 0x0A
_ZERO, _NINE, _A, _Z = 0x30, 0x39, 0x61, 0x7A


class Passages(NamedTuple):
    """Views of a batch of texts, as far as passages are read from them.

    Attributes
    ----------
    plain, folded : arrays of uint32
        The views, as code points.
    plain_at, folded_at : arrays of int64, shape (texts + 1,)
        Where each text begins.
    folded_plain : array of int32
        Place in `plain` of each element of `folded`.
    """

    plain: NDArray[np.uint32]
    folded: NDArray[np.uint32]
    plain_at: NDArray[np.int64]
    folded_at: NDArray[np.int64]
    folded_plain: NDArray[np.int32]


class Shelf(NamedTuple):
    """Arrays to be filled, one entry a passage unless said otherwise.

    Attributes
    ----------
    shingle : array of uint32
        Hashes of the shingles of all passages, each passage's sorted and each once.
    text : array of int32
        Text that the passage stands in.
    key : array of uint64
        Hash of what it says: passages with one key say the same.
    at : array of int64, shape (passages + 1,)
        Where its shingles begin.
    first, last : arrays of int32
        First and last plain code point, of the whole batch.
    """

    shingle: NDArray[np.uint32]
    text: NDArray[np.int32]
    key: NDArray[np.uint64]
    at: NDArray[np.int64]
    first: NDArray[np.int32]
    last: NDArray[np.int32]


@kernel
def _mixed(value: np.uint64) -> np.uint64:
    value *= _MIX
    value ^= value >> _HALF
    value *= _MIX
    return value ^ (value >> _SHIFT)


@kernel
def _is_digit(point: np.uint32) -> bool:
    return bool(_ZERO <= point <= _NINE)


@kernel
def _is_letter(point: np.uint32) -> bool:
    return bool(_A <= point <= _Z)


@kernel
def _ends_sentence(plain: NDArray[np.uint32], at: Place, end: Place) -> bool:
    """Say whether a sentence ends here: a full stop of a number or an address does not end it."""
    point = plain[at]
    if point in (_FULL, _NEWLINE):
        return True
    if point not in (_STOP, _BANG, _ASKS, _SEMICOLON):
        return False
    if at + 1 >= end:
        return True
    after = plain[at + 1]
    return bool(after in (_SPACE, _NEWLINE) or after >= _WIDE)


@kernel
def _number_end(plain: NDArray[np.uint32], at: Place, begin: Place, end: Place) -> Place:
    """Find where a number ends that begins here; ``at`` where digits stand for letters."""
    if not _is_digit(plain[at]) or (at > begin and _is_letter(plain[at - 1])):
        return at
    stop = at
    while stop < end and (_is_digit(plain[stop]) or plain[stop] in (_COMMA, _STOP)):
        stop += 1
    if stop < end and _is_letter(plain[stop]):
        return at
    while not _is_digit(plain[stop - 1]):
        stop -= 1
    return stop


@kernel
def _first_shown(plain: NDArray[np.uint32], opens: Place, place: Place) -> Place:
    """Go back to where a passage begins: a letter like the last before it is folded into that."""
    while opens < place and plain[opens] in (_SPACE, _NEWLINE):
        opens += 1
    return opens


@kernel
def _sort(values: NDArray[np.uint32], begin: int, end: int) -> int:
    """Sort a stretch in place, keep each value once, and give its new end."""
    size = end - begin
    gap = 1
    while gap < size // 3:
        gap = 3 * gap + 1
    while gap > 0:
        for at in range(begin + gap, end):
            value, back = values[at], at
            while back - gap >= begin and values[back - gap] > value:
                values[back] = values[back - gap]
                back -= gap
            values[back] = value
        gap //= 3
    kept = begin
    for at in range(begin, end):
        if at == begin or values[at] != values[kept - 1]:
            values[kept] = values[at]
            kept += 1
    return kept


@kernel
def _write_shingles(
    tokens: NDArray[np.uint32], size: int, shelf: Shelf, begin: int
) -> tuple[int, np.uint64]:
    """Hash all shingles of the tokens; give where they end and the hash of the whole."""
    at, whole = begin, np.uint64(size)
    for place in range(size):
        whole = _mixed(whole ^ np.uint64(tokens[place]))
        width = _WIDE_SHINGLE if tokens[place] >= _WIDE else _LATIN_SHINGLE
        if place + width > size and place > 0:
            continue
        hashed = np.uint64(0)
        for step in range(min(width, size - place)):
            hashed = _mixed(hashed ^ np.uint64(tokens[place + step]))
        shelf.shingle[at] = np.uint32(hashed >> _SHIFT)
        at += 1
    return _sort(shelf.shingle, begin, at), whole


@kernel
def write_passages(  # noqa: PLR0914  arrays are named once: each mention in a loop costs
    views: Passages, cut: int, tokens: NDArray[np.uint32], shelf: Shelf
) -> int:
    """Read the passages of a batch.

    Parameters
    ----------
    views : Passages
        The texts.
    cut : int
        `WHOLE` or `PASSAGE`.
    tokens : array of uint32
        Scratch, as long as the longest text.
    shelf : Shelf
        Filled; ``shelf.at`` begins with 0.

    Returns
    -------
    int
        Number of passages.
    """
    plain, folded, source = views.plain, views.folded, views.folded_plain
    many = 0
    for text in range(len(views.plain_at) - 1):
        begin, end = views.plain_at[text], views.plain_at[text + 1]
        size, weight, seen, number, first, last = 0, 0, begin, begin, begin, begin
        opens = begin
        for element in range(views.folded_at[text], views.folded_at[text + 1] + 1):
            over = element == views.folded_at[text + 1]
            place = end if over else np.int64(source[element])
            closes = over
            while cut == PASSAGE and seen < end and seen <= place:
                enough = weight >= _LEAST_WEIGHT or plain[seen] == _NEWLINE or size == 0
                if enough and _ends_sentence(plain, seen, end):
                    closes, opens = True, seen + 1
                seen += 1
            if closes and size > 0:
                if cut == WHOLE or weight >= _LEAST_WEIGHT:
                    stop, key = _write_shingles(tokens, size, shelf, shelf.at[many])
                    shelf.text[many], shelf.key[many] = text, key
                    shelf.first[many], shelf.last[many] = first, last
                    many += 1
                    shelf.at[many] = stop
                size, weight = 0, 0
            if over or place < number or _ends_sentence(plain, place, end):
                continue
            number = _number_end(plain, place, begin, end)
            if size == 0:
                first = _first_shown(plain, opens, place)
            last = place if number == place else number - 1
            wide = folded[element] >= _WIDE
            tokens[size] = np.uint32(_NUMBER) if number > place else folded[element]
            size += 1
            weight += 2 if wide else 1
    return many
