"""One pass over UTF-8 bytes that writes the three views of each text, and where each comes from.

A text is decoded to ``plain``; ``folded`` and ``sound`` are made of its plain code points while
they are still in the processor's cache. Nothing here allocates; a text that does not fit asks for
more room.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from shroff.text.characters import LATIN, SIGN, SPACE
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
    """Mark the keys of parts in a bit table of `SPLIT_MARKS` bytes."""
    marks[:] = 0
    for key in keys:
        home = _home(key)
        marks[home >> np.uint64(3)] |= np.uint8(1) << np.uint8(home & np.uint64(7))


@kernel
def _marked_whole(
    marks: NDArray[np.uint8], keys: Cells, wholes: Codes, key: np.uint64
) -> np.uint32:
    """Find the character that parts make, or 0; hardly any parts have to be looked up."""
    home = _home(key)
    if (marks[home >> np.uint64(3)] >> np.uint8(home & np.uint64(7))) & 1:
        return split_whole(keys, wholes, key)
    return np.uint32(0)


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
def _may_go_on(cells: Cells, place: Place, end: Place) -> bool:
    """Say whether what comes next could be a further part, or hides one."""
    if place >= end:
        return False
    return bool((cells[place] >> _LATER) & np.uint64(1) or class_at(cells[place]) >= SIGN)


@kernel
def folded_of(cell: np.uint64, point: np.uint32) -> np.uint32:
    """Give the folded code point of a plain one."""
    folded = np.uint32((cell >> np.uint64(21)) & _POINT)
    return folded or point


@kernel
def write_folded(tables: ReadingTables, room: Room, texts: Place) -> None:
    """Write the folded view of a batch whose plain view is there."""
    plain, cells, plain_at = room.plain, room.cells, room.plain_at
    folded_view, folded_plain, folded_at = room.folded, room.folded_plain, room.folded_at
    merged = room.merged
    place = np.int64(0)
    folded_at[0] = 0
    for text in range(texts):
        begin, end = plain_at[text], plain_at[text + 1]
        index, was = begin, np.uint32(0)
        merged[text] = False
        while index < end:
            cell, here = cells[index], index
            kind = class_at(cell)
            index += 1
            if kind == SIGN:
                kind = LATIN if is_letter_sign(cells, here, begin, end) else SPACE
            folded = folded_of(cell, plain[here])
            if (cell >> _FIRST) & np.uint64(1) and _may_go_on(cells, index, end):
                whole, after = _split_at(tables, room, here, begin, end)
                if whole:
                    folded = folded_of(cell_of(tables, whole), whole)
                    index, merged[text] = after, True
            folded_view[place] = folded  # written always, kept by moving on: words end too often
            folded_plain[place] = here
            place += np.int64(kind < SIGN) & np.int64(folded != was)
            was = folded if kind < SIGN else was
        folded_at[text + 1] = place


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
