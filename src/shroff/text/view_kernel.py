"""One pass over UTF-8 bytes that writes the three views of each text, and where each comes from.

A text is decoded to ``plain``; ``folded`` and ``sound`` are made of its plain code points while
they are still in the processor's cache. Nothing here allocates; a text that does not fit asks for
more room.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from shroff.text.characters import DIGIT, LATIN, SIGN, SPACE
from shroff.text.kernel_cache import kernel
from shroff.text.plain_kernel import (
    Bytes,
    Cells,
    Codes,
    Place,
    Room,
    cell_of,
    class_at,
    write_plain,
)
from shroff.text.reading_tables import ReadingTables
from shroff.text.sound_kernel import write_sound

__all__ = [
    "SPLIT_MARKS",
    "folded_of",
    "is_letter_sign",
    "mark_splits",
    "next_kept",
    "split_whole",
    "write_views",
]

_POINT = np.uint64(0x1FFFFF)
_REGIONAL = np.uint64(0x1F1E6)
_SPREAD, _HOME_SHIFT = np.uint64(0x9E3779B97F4A7C15), np.uint64(50)
_WORDY = 1 << LATIN | 1 << DIGIT  # classes of what ASCII words are made of
_ONE, _CLASS, _SIGN, _LOW = np.uint64(1), np.uint64(15), np.uint64(SIGN), np.uint32(0x7F)
SPLIT_MARKS = 2048
"""Bytes of the bit table of parts."""

_FIRST, _LATER = np.uint64(60), np.uint64(61)


@kernel
def is_letter_sign(cells: Cells, place: Place, begin: Place, end: Place) -> bool:
    """Say whether a sign stands for a letter: it touches a letter, or signs that do, or is one."""
    if cells[place] & _POINT >= _REGIONAL:
        return True
    left = place - 1
    while left >= begin and left > place - 4 and class_at(cells[left]) == SIGN:
        left -= 1
    if left >= begin and class_at(cells[left]) == LATIN:
        return True
    right = place + 1
    while right < end and right < place + 4 and class_at(cells[right]) == SIGN:
        right += 1
    return bool(right < end and class_at(cells[right]) == LATIN)


@kernel
def split_whole(keys: Cells, wholes: Codes, key: np.uint64) -> np.uint32:
    """Find the character that parts make, or 0."""
    low, high = 0, len(keys)
    while low < high:
        middle = (low + high) >> 1
        if keys[middle] < key:
            low = middle + 1
        else:
            high = middle
    if low < len(keys) and keys[low] == key:
        whole: np.uint32 = wholes[low]
        return whole
    return np.uint32(0)


@kernel
def _home(key: np.uint64) -> np.uint64:
    return (key * _SPREAD) >> _HOME_SHIFT


@kernel
def mark_splits(keys: Cells, marks: NDArray[np.uint8]) -> None:
    """Mark the keys of parts, and of the first two of three, in a table of `SPLIT_MARKS` bytes."""
    marks[:] = 0
    for key in keys:
        _mark(marks, key)
        if key >> np.uint64(42):
            _mark(marks, key >> np.uint64(21))


@kernel
def _mark(marks: NDArray[np.uint8], key: np.uint64) -> None:
    home = _home(key)
    marks[home >> np.uint64(3)] |= np.uint8(1) << np.uint8(home & np.uint64(7))


@kernel
def _is_marked(marks: NDArray[np.uint8], key: np.uint64) -> bool:
    home = _home(key)
    return bool((marks[home >> np.uint64(3)] >> np.uint8(home & np.uint64(7))) & 1)


@kernel
def _marked_whole(
    marks: NDArray[np.uint8], keys: Cells, wholes: Codes, key: np.uint64
) -> np.uint32:
    """Find the character that parts make, or 0; hardly any parts have to be looked up."""
    return split_whole(keys, wholes, key) if _is_marked(marks, key) else np.uint32(0)


@kernel
def next_kept(cells: Cells, place: Place, begin: Place, end: Place) -> Place:
    """Find the first code point from a place on that ``folded`` keeps; `end` if there is none."""
    while place < end:
        kind = class_at(cells[place])
        if kind < SIGN or (kind == SIGN and is_letter_sign(cells, place, begin, end)):
            return place
        place += 1
    return place


@kernel
def _split_at(
    tables: ReadingTables, room: Room, place: Place, begin: Place, end: Place
) -> tuple[np.uint32, Place]:
    """Find the character that parts from a place on make: (whole or 0, place after the parts)."""
    keys, wholes, marks = tables.split_key, tables.split_whole, room.split_marks
    plain, cells = room.plain, room.cells
    second = next_kept(cells, place + 1, begin, end)
    if second >= end or not (cells[second] >> _LATER) & np.uint64(1):
        return np.uint32(0), place
    key = np.uint64(plain[place]) << np.uint64(21) | np.uint64(plain[second])
    third = next_kept(cells, second + 1, begin, end)
    if third < end and (cells[third] >> _LATER) & np.uint64(1):
        longer = key << np.uint64(21) | np.uint64(plain[third])
        whole = _marked_whole(marks, keys, wholes, longer)
        if whole:
            return whole, third + 1
    return _marked_whole(marks, keys, wholes, key), second + 1


@kernel
def _may_go_on(room: Room, place: Place, end: Place) -> bool:
    """Say whether what comes next could be a further part, or hides one."""
    if place >= end:
        return False
    cell = room.cells[place]
    if not (cell >> _LATER) & np.uint64(1):
        return bool(class_at(cell) >= SIGN)
    key = np.uint64(room.plain[place - 1]) << np.uint64(21) | np.uint64(room.plain[place])
    return _is_marked(room.split_marks, key)


@kernel
def folded_of(cell: np.uint64, point: np.uint32) -> np.uint32:
    """Give the folded code point of a plain one."""
    folded = np.uint32((cell >> np.uint64(21)) & _POINT)
    return folded or point


@kernel
def _fold(  # noqa: PLR0914  arrays are named once: each mention in a loop costs
    tables: ReadingTables, room: Room, span: tuple[Place, Place], at: tuple[Place, Place]
) -> tuple[Place, Place, bool]:
    """Write ``folded`` and where terms may begin in it.

    Returns
    -------
    tuple
        The places after both, and whether parts of a character were shown as the whole.
    """
    plain, cells, folded_view, starts = room.plain, room.cells, room.folded, room.starts
    folded_plain = room.folded_plain
    index, end = span
    begin, merged = index, False
    place: Place = at[0]
    listed: Place = at[1]
    was, word, lettered = np.uint32(0), np.int64(0), np.int64(0)
    while index < end:
        cell, here = cells[index], index
        kind, point = class_at(cell), plain[here]
        wordy = (_WORDY >> kind) & np.int64(point < 0x80)
        index += 1
        if kind == SIGN:
            kind = LATIN if is_letter_sign(cells, here, begin, end) else SPACE
        folded = folded_of(cell, point)
        if (cell >> _FIRST) & np.uint64(1) and _may_go_on(room, index, end):
            whole, after = _split_at(tables, room, here, begin, end)
            if whole:
                folded = folded_of(cell_of(tables, whole), whole)
                index, merged = after, True
        folded_view[place] = folded  # written always, kept by moving on: words end too often
        folded_plain[place] = here
        kept, lettery = np.int64(kind < SIGN), (_WORDY >> kind) & 1
        if kept > lettery and lettered:
            starts[listed] = place - 1  # a Han numeral reads as the digit or letter before it
            listed += 1
        place += kept & np.int64(folded != was)
        was = folded if kept else was
        lettered = np.int64(lettery) if kept else lettered
        starts[listed] = place - 1
        listed += kept & ~(lettery & word)
        word = wordy
    return place, listed, merged


@kernel
def _fold_ascii(
    room: Room, span: tuple[Place, Place], at: tuple[Place, Place]
) -> tuple[Place, Place]:
    """Write ``folded`` and where terms may begin in it: the places after both."""
    cells, starts = room.cells, room.starts
    folded_view, folded_plain = room.folded, room.folded_plain
    fold, start = np.uint64(at[0]), np.uint64(at[1])
    was, word = np.uint32(0), np.uint64(0)
    for place in range(np.uint64(span[0]), np.uint64(span[1])):
        cell = cells[place]
        folded = np.uint32(cell >> np.uint64(21)) & _LOW
        kind = (cell >> np.uint64(52)) & _CLASS
        wordy = np.uint64(_WORDY) >> kind
        folded_view[fold] = folded
        folded_plain[fold] = np.int32(place)
        kept = np.uint64(kind < _SIGN)
        if kind == _SIGN and is_letter_sign(cells, np.int64(place), span[0], span[1]):
            kept = _ONE
            starts[start] = np.int32(fold) - np.int32(folded == was)
            start += ~word & _ONE
        fold += kept & np.uint64(folded != was)
        was = folded if kept else was
        starts[start] = np.int32(fold - _ONE)
        start += wordy & ~word & _ONE
        word = wordy
    return np.int64(fold), np.int64(start)


@kernel
def write_folded(tables: ReadingTables, room: Room, texts: Place) -> None:
    """Write the folded view of a batch whose plain view is there."""
    plain_at, folded_at, starts_at = room.plain_at, room.folded_at, room.starts_at
    place: Place = np.int64(0)
    listed: Place = np.int64(0)
    folded_at[0] = starts_at[0] = 0
    for text in range(texts):
        span, merged = (plain_at[text], plain_at[text + 1]), False
        if room.easy[text]:
            place, listed = _fold_ascii(room, span, (place, listed))
        else:
            place, listed, merged = _fold(tables, room, span, (place, listed))
        room.merged[text] = merged
        folded_at[text + 1], starts_at[text + 1] = place, listed


@kernel
def write_views(
    tables: ReadingTables,
    room: Room,
    data: Bytes,
    offsets: NDArray[np.int64],
    valid: NDArray[np.bool_],
) -> Place:
    """Write the views of a batch.

    Parameters
    ----------
    tables : ReadingTables
        What code points are read as.
    room : Room
        Where to write.
    data : array of uint8
        Bytes of the texts.
    offsets : array of int32 or int64, shape (texts + 1,)
        Where in `data` each text begins.
    valid : array of bool, shape (texts,) or (0,)
        False for texts that are missing; none at all if no text is.

    Returns
    -------
    int
        How many texts were written: all, or fewer where the room did not do.
    """
    texts = write_plain(tables, room, data, offsets, valid)
    if texts == len(offsets) - 1:
        write_folded(tables, room, texts)
        write_sound(tables, room, texts)
    return texts
