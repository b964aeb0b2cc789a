"""One pass over UTF-8 bytes that writes the three views of each text, and where each comes from.

A text is decoded to ``plain``; ``folded`` and ``sound`` are made of its plain code points while
they are still in the processor's cache. Nothing here allocates; a text that does not fit asks for
more room.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from shroff.text.characters import DIGIT, HAN, LATIN, NEWLINE, OTHER, SIGN, STOP
from shroff.text.kernel_cache import kernel
from shroff.text.plain_kernel import Bytes, Cells, Place, Room, cell_of, class_at, write_plain
from shroff.text.reading_tables import ReadingTables

__all__ = [
    "BREAK",
    "LETTER_SOUND",
    "SYLLABLE_SOUND",
    "folded_of",
    "is_letter_sign",
    "next_kept",
    "split_at",
    "split_whole",
    "write_views",
]

SYLLABLE_SOUND = 0xE000
"""Added to the code of a syllable in ``sound``, which there is a code point of private use."""

LETTER_SOUND = 0xE800
"""Added to a letter or digit that is not part of a syllable in ``sound``."""

BREAK = 0xFFFF
"""In ``sound``: something that no term goes across."""

_POINT = np.uint64(0x1FFFFF)
_REGIONAL = np.uint64(0x1F1E6)
_FEW_LETTERS = 3
_LONG_RUN = 60
_BREAKS = 1 << OTHER | 1 << STOP | 1 << NEWLINE


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
def split_whole(tables: ReadingTables, key: np.uint64) -> np.uint32:
    """Find the character that parts make, or 0."""
    low, high = 0, len(tables.split_key)
    while low < high:
        middle = (low + high) >> 1
        if tables.split_key[middle] < key:
            low = middle + 1
        else:
            high = middle
    if low < len(tables.split_key) and tables.split_key[low] == key:
        whole: np.uint32 = tables.split_whole[low]
        return whole
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
def split_at(
    tables: ReadingTables, room: Room, place: Place, begin: Place, end: Place
) -> tuple[np.uint32, Place]:
    """Find the character that parts from a place on make: (whole or 0, place after the parts)."""
    later = np.uint64(1) << np.uint64(61)
    second = next_kept(room.cells, place + 1, begin, end)
    if second >= end or not room.cells[second] & later:
        return np.uint32(0), place
    key = np.uint64(room.plain[place]) << np.uint64(21) | np.uint64(room.plain[second])
    third = next_kept(room.cells, second + 1, begin, end)
    if third < end and room.cells[third] & later:
        whole = split_whole(tables, key << np.uint64(21) | np.uint64(room.plain[third]))
        if whole:
            return whole, third + 1
    return split_whole(tables, key), second + 1


@kernel
def folded_of(cell: np.uint64, point: np.uint32) -> np.uint32:
    """Give the folded code point of a plain one."""
    folded = np.uint32((cell >> np.uint64(21)) & _POINT)
    return folded or point


@kernel
def _write_folded(
    tables: ReadingTables, room: Room, begin: Place, end: Place, place: Place
) -> Place:
    """Write the folded view of one text; where it ends."""
    was = np.uint32(0)
    index = begin
    while index < end:
        cell = room.cells[index]
        here = index
        index += 1
        kind = class_at(cell)
        if kind >= SIGN and (kind > SIGN or not is_letter_sign(room.cells, here, begin, end)):
            continue
        folded = folded_of(cell, room.plain[here])
        if (cell >> np.uint64(60)) & np.uint64(1):
            whole, after = split_at(tables, room, here, begin, end)
            if whole:
                folded = folded_of(cell_of(tables, whole), whole)
                index = after
        if folded != was:
            room.folded[place] = folded
            room.folded_plain[place] = here
            place += 1
            was = folded
    return place


@kernel
def _sound_of_letters(
    tables: ReadingTables, room: Room, begin: Place, end: Place, place: Place
) -> Place:
    """Write the sound of a run of letters: syllables, a few letters, or a break; where it ends."""
    state = np.int64(0 if end - begin > _LONG_RUN else 1)
    for index in range(begin, end):
        if state == 0:
            break
        state = np.int64(tables.step[state * 26 + np.int64(room.plain[index]) - 97])
    if tables.accept[state]:
        return _cut(tables, room, begin, end, place)
    if end - begin <= _FEW_LETTERS:
        for index in range(begin, end):
            place = _emit(room, place, room.plain[index] + np.uint32(LETTER_SOUND), index)
        return place
    return _emit(room, place, np.uint32(BREAK), begin)


@kernel
def _emit(room: Room, place: Place, sound: np.uint32, index: Place) -> Place:
    room.sound[place] = sound
    room.sound_plain[place] = index
    return place + 1


@kernel
def _cut(tables: ReadingTables, room: Room, begin: Place, end: Place, place: Place) -> Place:
    """Cut letters into syllables, each as long as the rest allows."""
    at = begin
    while at < end:
        node = np.int64(0)
        best = at
        code = np.uint32(0)
        for index in range(at, min(end, at + 6)):
            node = np.int64(tables.tree[node * 26 + np.int64(room.plain[index]) - 97])
            if node == 0:
                break
            if tables.code[node] and _cuts_on(tables, room, index + 1, end):
                best, code = index + 1, np.uint32(tables.code[node])
        place = _emit(room, place, code + np.uint32(SYLLABLE_SOUND), at)
        at = best
    return place


@kernel
def _cuts_on(tables: ReadingTables, room: Room, begin: Place, end: Place) -> bool:
    """Say whether letters are wholly syllables; none are."""
    state = np.int64(1)
    for index in range(begin, end):
        state = np.int64(tables.step[state * 26 + np.int64(room.plain[index]) - 97])
    return bool(tables.accept[state])


@kernel
def _write_sound(
    tables: ReadingTables, room: Room, begin: Place, end: Place, place: Place
) -> Place:
    """Write the sound view of one text; where it ends."""
    start = place
    index = begin
    while index < end:
        cell = room.cells[index]
        kind = class_at(cell)
        here = index
        index += 1
        if kind == HAN:
            code = np.uint32((cell >> np.uint64(42)) & np.uint64(1023))
            sound = code + np.uint32(SYLLABLE_SOUND) if code else np.uint32(BREAK)
            place = _emit(room, place, sound, here)
        elif kind == LATIN:
            while index < end and class_at(room.cells[index]) == LATIN:
                index += 1
            place = _sound_of_letters(tables, room, here, index, place)
        elif kind == DIGIT:
            place = _emit(room, place, room.plain[here] + np.uint32(LETTER_SOUND), here)
        elif (_BREAKS >> kind) & 1:
            place = _emit(room, place, np.uint32(BREAK), here)
        if (
            place - 2 >= start
            and room.sound[place - 1] == BREAK
            and room.sound[place - 2] == BREAK
        ):
            place -= 1
    return place


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
        How many texts were written; fewer than there are where the room did not do.
    """
    plain: Place = np.int64(0)
    folded: Place = np.int64(0)
    sound: Place = np.int64(0)
    room.plain_at[0], room.folded_at[0], room.sound_at[0] = 0, 0, 0
    for text in range(len(offsets) - 1):
        end: Place = plain
        if len(valid) == 0 or valid[text]:
            first, last = np.int64(offsets[text]), np.int64(offsets[text + 1])
            end = write_plain(tables, room, data, first, last, plain)
            if end < 0:
                return text
        folded = _write_folded(tables, room, plain, end, folded)
        sound = _write_sound(tables, room, plain, end, sound)
        plain = end
        room.plain_at[text + 1] = plain
        room.folded_at[text + 1] = folded
        room.sound_at[text + 1] = sound
    return len(offsets) - 1
