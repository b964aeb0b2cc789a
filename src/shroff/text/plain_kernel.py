"""Decoding UTF-8 to the plain view of a text."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from shroff.text.characters import DIGIT, DROP, HAN, LATIN, SEVERAL, STRANGE
from shroff.text.kernel_cache import kernel
from shroff.text.reading_tables import ReadingTables

__all__ = [
    "Bytes",
    "Cells",
    "Codes",
    "Place",
    "Room",
    "cell_of",
    "class_at",
    "decoded",
    "write_plain",
]

Bytes = NDArray[np.uint8]
Cells = NDArray[np.uint64]
Codes = NDArray[np.uint32]
Place = int | np.int64

_POINT = np.uint64(0x1FFFFF)
_KIND = np.uint64(0x0F00000000000000)
_BAD = 0xFFFD
_TAKES_NO_STRANGER = 1 << LATIN | 1 << DIGIT | 1 << HAN


class Room(NamedTuple):
    """Arrays to be filled; places are of the whole batch, sources within their text.

    Attributes
    ----------
    plain, folded, sound : arrays of uint32
        The views.
    source : array of int32
        For each plain code point the original code point it comes from.
    byte : array of int32
        For each plain code point the byte where that begins, within its text.
    folded_plain, sound_plain : arrays of int32
        For each element of the view the plain code point where it begins, of the whole batch.
    plain_at, folded_at, sound_at : arrays of int64, shape (texts + 1,)
        Where each text begins.
    cells : array of uint64
        Scratch, as long as `plain`.
    easy : array of bool, shape (texts,)
        Texts that are all ASCII.
    starts : array of int32
        Elements of ``folded`` where a term may begin: all but letters and digits inside a word, and
        of these the one before what is neither.
    starts_at : array of int64, shape (texts + 1,)
        Where those of each text begin.
    merged : array of bool, shape (texts,)
        Whether ``folded`` shows parts of a character as the whole.
    split_marks : array of uint8
        Bit table of the parts that make characters.
    """

    plain: NDArray[np.uint32]
    folded: NDArray[np.uint32]
    sound: NDArray[np.uint32]
    source: NDArray[np.int32]
    byte: NDArray[np.int32]
    folded_plain: NDArray[np.int32]
    sound_plain: NDArray[np.int32]
    plain_at: NDArray[np.int64]
    folded_at: NDArray[np.int64]
    sound_at: NDArray[np.int64]
    cells: NDArray[np.uint64]
    easy: NDArray[np.bool_]
    starts: NDArray[np.int32]
    starts_at: NDArray[np.int64]
    merged: NDArray[np.bool_]
    split_marks: NDArray[np.uint8]


@kernel
def decoded(data: Bytes, at: Place, end: Place) -> tuple[np.uint32, Place]:  # noqa: C901, PLR0911  one branch a form of UTF-8
    """Decode one code point of UTF-8 at a byte: (code point, bytes); bad bytes as Python does."""
    first = np.uint32(data[at])
    if first < 0x80:
        return first, 1
    if first < 0xC2 or first > 0xF4 or at + 1 >= end:
        return np.uint32(_BAD), 1
    low, high = 0x80, 0xBF
    if first == 0xE0:
        low = 0xA0
    elif first == 0xED:
        high = 0x9F
    elif first == 0xF0:
        low = 0x90
    elif first == 0xF4:
        high = 0x8F
    second = np.uint32(data[at + 1])
    if second < low or second > high:
        return np.uint32(_BAD), 1
    if first < 0xE0:
        return (first & np.uint32(31)) << np.uint32(6) | second & np.uint32(63), 2
    if at + 2 >= end or (data[at + 2] & 0xC0) != 0x80:
        return np.uint32(_BAD), 2
    head = (first & np.uint32(15)) << np.uint32(12) | (second & np.uint32(63)) << np.uint32(6)
    point = head | np.uint32(data[at + 2]) & np.uint32(63)
    if first < 0xF0:
        return point, 3
    if at + 3 >= end or (data[at + 3] & 0xC0) != 0x80:
        return np.uint32(_BAD), 3
    point = (first & np.uint32(7)) << np.uint32(18) | (second & np.uint32(63)) << np.uint32(12)
    point |= (np.uint32(data[at + 2]) & np.uint32(63)) << np.uint32(6)
    return point | np.uint32(data[at + 3]) & np.uint32(63), 4


@kernel
def cell_of(tables: ReadingTables, point: np.uint32) -> np.uint64:
    """Look a code point up."""
    page = np.int64(tables.page[point >> np.uint32(8)])
    cell: np.uint64 = tables.cell[(page << 8) | np.int64(point & np.uint32(255))]
    return cell


@kernel
def class_at(cell: np.uint64) -> Place:
    """Give the class that a cell says."""
    return np.int64(cell >> np.uint64(52)) & 15


@kernel
def _put(
    room: Room, place: Place, point: np.uint32, cell: np.uint64, source: Place, byte: Place
) -> None:
    """Write one plain code point."""
    itself = np.uint32(cell & _POINT)
    room.plain[place] = itself or point
    room.source[place] = source
    room.byte[place] = byte
    room.cells[place] = cell


@kernel
def _composed(before: Place, mark: Place) -> np.uint32:  # noqa: PLR0911  one rule a line
    """Compose a kana and its voicing mark, or conjoining jamo; 0 where they do not compose."""
    if 0x3099 <= mark <= 0x309A:
        kana = before - 0x60 if before >= 0x30A0 else before
        step = mark - 0x3098
        if 0x306F <= kana <= 0x307B and (kana - 0x306F) % 3 == 0:
            return np.uint32(before + step)
        single = 0x304B <= kana <= 0x3062 and (kana & 1) == 1
        double = 0x3064 <= kana <= 0x3068 and (kana & 1) == 0
        if step == 1 and (single or double or kana == 0x309D):
            return np.uint32(before + 1)
        if step == 1 and 0x30EF <= before <= 0x30F2:
            return np.uint32(before + 8)
        return np.uint32(0x3094 + before - kana) if step == 1 and kana == 0x3046 else np.uint32(0)
    if 0x1161 <= mark <= 0x1175 and 0x1100 <= before <= 0x1112:
        return np.uint32(0xAC00 + ((before - 0x1100) * 21 + (mark - 0x1161)) * 28)
    if 0x11A8 <= mark <= 0x11C2 and 0xAC00 <= before <= 0xD7A3 and (before - 0xAC00) % 28 == 0:
        return np.uint32(before + mark - 0x11A7)
    return np.uint32(0)


@kernel
def _joined(
    tables: ReadingTables, room: Room, place: Place, begin: Place, cell: np.uint64
) -> bool:
    """Say whether a code point goes into the one before, and put it there."""
    if place == begin:
        return False
    if np.int64(cell >> np.uint64(56)) & 15 == STRANGE:
        return bool((_TAKES_NO_STRANGER >> class_at(room.cells[place - 1])) & 1)
    whole = _composed(np.int64(room.plain[place - 1]), np.int64(cell & _POINT))
    if whole:
        room.plain[place - 1] = whole
        room.cells[place - 1] = cell_of(tables, whole)
    return bool(whole)


@kernel
def _unusual(
    tables: ReadingTables,
    room: Room,
    at: np.uint64,
    begin: Place,
    cell: np.uint64,
    source: np.int32,
    point: np.uint32,
) -> Place:
    """Write a code point that gives none, several, or joins the one before; the next place."""
    # the byte where it begins is already noted at the place
    place, kind = np.int64(at), np.int64(cell >> np.uint64(56)) & 15
    byte = np.int64(room.byte[place])
    if kind == SEVERAL:
        several = np.int64(cell & _POINT)
        for further in range(several + 1, several + 1 + np.int64(tables.several[several])):
            part = tables.several[further]
            _put(room, place, part, cell_of(tables, part), np.int64(source), byte)
            place += 1
    elif kind != DROP and not _joined(tables, room, place, begin, cell):
        _put(room, place, point, cell & ~_KIND, np.int64(source), byte)
        place += 1
    return place


@kernel
def _next_point(data: Bytes, at: np.uint64, last: np.uint64) -> tuple[np.uint32, np.uint64]:
    """Decode one code point beyond ASCII: (code point, bytes); most are of three bytes."""
    first = np.uint32(data[at])
    if np.uint32(0xE1) <= first < np.uint32(0xED) and at + np.uint64(2) < last:
        second = np.uint32(data[at + np.uint64(1)]) ^ np.uint32(0x80)
        third = np.uint32(data[at + np.uint64(2)]) ^ np.uint32(0x80)
        if second | third < np.uint32(0x40):
            head = (first & np.uint32(15)) << np.uint32(12)
            return head | second << np.uint32(6) | third, np.uint64(3)
    point, size = decoded(data, np.int64(at), np.int64(last))
    return point, np.uint64(size)


@kernel
def _is_ascii(data: Bytes, first: np.uint64, last: np.uint64) -> bool:
    every = np.uint8(0)
    for at in range(first, last):
        every |= data[at]
    return bool(every < np.uint8(0x80))


@kernel
def _write_ascii(
    tables: ReadingTables, room: Room, data: Bytes, span: tuple[np.uint64, np.uint64], place: Place
) -> bool:
    """Write a text that is all ASCII; whether each of its characters gives one."""
    plain, source_of, byte_of = room.plain, room.source, room.byte
    cells = tables.cell[np.int64(tables.page[0]) << 8 :]
    every, to = np.uint64(0), np.uint64(place)
    for nth in range(span[1] - span[0]):
        source_of[to + nth] = np.int32(nth)
        byte_of[to + nth] = np.int32(nth)
    for nth in range(span[1] - span[0]):
        cell = cells[data[span[0] + nth]]
        every |= cell
        room.cells[to + nth] = cell
        plain[to + nth] = np.uint32(cell & _POINT)
    return not every & _KIND


@kernel
def _write_text(  # noqa: PLR0914  arrays are named once: each mention in a loop costs
    tables: ReadingTables, room: Room, data: Bytes, span: tuple[np.uint64, np.uint64], place: Place
) -> Place:
    """Write a text; where it ends, or -1 if the room is full."""
    page, cells_of, limit = tables.page, tables.cell, np.uint64(len(room.plain) - 8)
    plain, cells, source_of, byte_of = room.plain, room.cells, room.source, room.byte
    one = np.uint64(1)
    first, last = span
    begin, source, at = np.int64(place), np.int32(0), first
    to = np.uint64(place)  # unsigned: what may be negative is checked each time
    while at < last:
        if to >= limit:
            return np.int64(-1)
        point, size = np.uint32(data[at]), one
        if point >= np.uint32(0x80):
            point, size = _next_point(data, at, last)
        row = np.uint32(page[point >> np.uint32(8)]) << np.uint32(8)
        cell = cells_of[row | point & np.uint32(255)]
        if cell & _KIND:
            room.byte[to] = np.int32(at - first)
            to = np.uint64(_unusual(tables, room, to, begin, cell, source, point))
        else:
            itself = np.uint32(cell & _POINT)
            plain[to] = itself or point
            source_of[to] = source
            byte_of[to] = np.int32(at - first)
            cells[to] = cell
            to += one
        source += np.int32(1)
        at += size
    return np.int64(to)


@kernel
def write_plain(
    tables: ReadingTables,
    room: Room,
    data: Bytes,
    offsets: NDArray[np.int64],
    valid: NDArray[np.bool_],
) -> Place:
    """Write the plain view of a batch; how many texts it took before the room was full."""
    limit = np.int64(len(room.plain) - 8)
    place: Place = np.int64(0)
    room.plain_at[0] = 0
    for text in range(len(offsets) - 1):
        first = np.uint64(offsets[text])
        last = np.uint64(offsets[text + 1]) if len(valid) == 0 or valid[text] else first
        after: Place = place + np.int64(last - first)
        easy = after <= limit and _is_ascii(data, first, last)
        if not easy or not _write_ascii(tables, room, data, (first, last), place):
            easy, after = False, _write_text(tables, room, data, (first, last), place)
            if after < 0:
                return text
        room.easy[text] = easy
        room.plain_at[text + 1] = place = after
    return len(offsets) - 1
