"""Laying a term beside the plain code points of a text, to say how each of them is disguised.

A walk goes through both at once and takes notes: which disguises, how many characters are what they
claim to be, what stands between them. It never goes back, so a candidate costs its own length.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from shroff.text.characters import (
    COMMA,
    DIGIT,
    EMOJI,
    HAN,
    LATIN,
    NEWLINE,
    SIGN,
    SPACE,
    STOP,
)  # fmt: skip
from shroff.text.evasion import Evasion
from shroff.text.kernel_cache import kernel
from shroff.text.letter_faults import MASK
from shroff.text.plain_kernel import Cells, Codes, Place, decoded
from shroff.text.view_kernel import split_whole

__all__ = [
    "BITS",
    "COMMONS",
    "EXACT",
    "GAPS",
    "GENERICS",
    "HANS",
    "HARD",
    "HOMOPHONES",
    "LEETS",
    "LETTERS",
    "LINES",
    "LIVING",
    "LONG",
    "LOOKALIKES",
    "NOTES",
    "PAIRS",
    "PINYINS",
    "PINYIN_LETTERS",
    "REPEATS",
    "SPACED",
    "SPACES",
    "SPLITS",
    "TRIPLES",
    "UNIFORM",
    "WIDEST",
    "Ground",
    "cell_at",
    "class_at_point",
    "close_gap",
    "note_original",
    "note_rarity",
    "note_repeat",
    "original_at",
    "skip",
    "tally",
    "walk_folded",
    "walk_plain",
]  # fmt: skip

# Places in the notes.
BITS, HANS, EXACT, LOOKALIKES, HOMOPHONES, PINYINS, PINYIN_LETTERS, SPLITS = range(8)
LETTERS, LEETS, LIVING, PAIRS, GAPS, SPACES, LINES, HARD, WIDEST, LONG = range(8, 18)
UNIFORM, _GAP_KIND, _PIECE, _WIDTH, _KINDS, _FREE = range(18, 24)
REPEATS, TRIPLES, COMMONS, GENERICS, SPACED = range(24, 29)
NOTES = 29

_POINT = np.uint64(0x1FFFFF)
_HOMOGLYPH, _LEET, _REPEAT = int(Evasion.HOMOGLYPH), int(Evasion.LEET), int(Evasion.REPEAT)
_SEPARATOR, _EMOJI, _HOMOPHONE = int(Evasion.SEPARATOR), int(Evasion.EMOJI), int(Evasion.HOMOPHONE)
_LOOKALIKE, _SPLIT, _PINYIN = int(Evasion.LOOKALIKE_HAN), int(Evasion.SPLIT), int(Evasion.PINYIN)
_NUMERALS = int(Evasion.NUMERALS)
_LATER = np.uint64(61)
_MAY_BE_LEFT_OUT = 1 << SPACE | 1 << NEWLINE | 1 << COMMA
_LIVING_FIRST, _LIVING_LAST = 0x370, 0x52F
_REGIONAL = 0x1F1E6
_MASK = ord(MASK)
_STAR, _HASH = ord("*"), ord("#")
_STANDS_FOR_LETTER = 1 << DIGIT | 1 << SIGN


class Ground(NamedTuple):
    """Arrays that a walk goes over: of the texts, of the tables, of the terms."""

    plain: Codes
    source: NDArray[np.int32]
    byte: NDArray[np.int32]
    data: NDArray[np.uint8]
    offsets: NDArray[np.int64]
    plain_at: NDArray[np.int64]
    view_plain: NDArray[np.int32]
    view_at: NDArray[np.int64]
    page: NDArray[np.uint16]
    cell: Cells
    how: Codes
    split_key: Cells
    split_whole: Codes
    term: Codes
    term_original: Codes
    term_how: Codes
    term_at: NDArray[np.int64]
    term_sound: NDArray[np.int32]
    term_sound_at: NDArray[np.int64]
    term_latin: NDArray[np.bool_]
    everyday: Cells


@kernel
def cell_at(page: NDArray[np.uint16], cells: Cells, point: np.uint32) -> np.uint64:
    """Look a plain code point up."""
    row = np.uint32(page[point >> np.uint32(8)]) << np.uint32(8)
    cell: np.uint64 = cells[row | point & np.uint32(255)]
    return cell


@kernel
def class_at_point(page: NDArray[np.uint16], cells: Cells, point: np.uint32) -> Place:
    """Give the class of a plain code point."""
    return np.int64(cell_at(page, cells, point) >> np.uint64(52)) & 15


@kernel
def _folded(page: NDArray[np.uint16], cells: Cells, point: np.uint32) -> np.uint32:
    folded = np.uint32((cell_at(page, cells, point) >> np.uint64(21)) & _POINT)
    return folded or point


@kernel
def original_at(ground: Ground, text: Place, place: Place) -> np.uint32:
    """Decode the original code point that a plain one comes from."""
    at = ground.offsets[text] + ground.byte[place]
    point, _ = decoded(ground.data, at, ground.offsets[text + 1])
    return point


@kernel
def note_original(
    ground: Ground, notes: NDArray[np.int64], text: Place, place: Place, of: Place
) -> None:
    """Note the disguises of one character, seen against the term's own (at `of`, or -1)."""
    point = original_at(ground, text, place)
    page = np.uint32(ground.page[point >> np.uint32(8)]) << np.uint32(8)
    how = np.int64(ground.how[page | point & np.uint32(255)])
    if of >= 0:
        if point == ground.term_original[of]:
            return
        own = np.int64(ground.term_how[of])
        how = how ^ own if how != own else how
    notes[BITS] |= how
    if how & _HOMOGLYPH and _LIVING_FIRST <= point <= _LIVING_LAST:
        notes[LIVING] += 1


@kernel
def close_gap(notes: NDArray[np.int64]) -> None:
    """Note that a character of the term follows what was skipped, or its neighbour."""
    if notes[_FREE]:
        notes[_FREE] = 0
        notes[_PIECE] = 0
    elif notes[_PIECE] or notes[_WIDTH]:
        notes[PAIRS] += 1
    if notes[_WIDTH]:
        notes[GAPS] += 1
        kinds = notes[_KINDS]
        notes[SPACES] += kinds == 1 << SPACE
        notes[SPACED] += (kinds >> SPACE) & 1
        notes[LINES] += (kinds >> NEWLINE) & 1
        notes[HARD] += ((kinds >> STOP) | (kinds >> COMMA) | (kinds >> SIGN)) & 1
        notes[WIDEST] = max(notes[WIDEST], notes[_WIDTH])
        notes[BITS] |= _EMOJI if (kinds >> EMOJI) & 1 else 0
        notes[BITS] |= _SEPARATOR if kinds & ~(1 << EMOJI) else 0
        notes[_PIECE] = 0
    notes[_WIDTH] = notes[_KINDS] = 0
    notes[_PIECE] += 1
    notes[LONG] += notes[_PIECE] == 2


@kernel
def skip(notes: NDArray[np.int64], point: np.uint32, kind: Place) -> None:
    """Note a character that stands between two of the term."""
    if notes[_FREE]:
        return
    if notes[_WIDTH] == 0:
        if notes[GAPS] and notes[_GAP_KIND] != np.int64(point):
            notes[UNIFORM] = 0
        notes[_GAP_KIND] = np.int64(point)
    notes[_WIDTH] += 1
    notes[_KINDS] |= 1 << kind


@kernel
def _likeness(
    kind: Place, wanted: Place, point: np.uint32, term: np.uint32, original: np.uint32
) -> Place:
    """Say by which disguise a character stands for one that folds alike; 0 if by none."""
    if wanted == LATIN:
        if (_STANDS_FOR_LETTER >> kind) & 1:
            return _HOMOGLYPH if point >= _REGIONAL else _LEET
        return _HOMOGLYPH if kind == LATIN and original != 0x69 else 0
    if wanted == DIGIT:
        nearly = kind == LATIN and term - 0x30 <= 1
        return _NUMERALS if kind == HAN else _LEET if nearly else 0
    if wanted == HAN and kind == DIGIT:
        return _NUMERALS
    return _LOOKALIKE if wanted == HAN and kind == HAN else 0


@kernel
def tally(notes: NDArray[np.int64], wanted: Place, bit: Place) -> None:
    """Count a character by what it is in the term and how it was told."""
    notes[BITS] |= bit
    if wanted == HAN:
        notes[HANS] += 1
        notes[EXACT] += bit == 0
        notes[LOOKALIKES] += (bit & _LOOKALIKE) != 0
    elif wanted == LATIN:
        notes[LETTERS] += 1
        notes[LEETS] += (bit & _LEET) != 0


@kernel
def _parts(ground: Ground, place: Place, stop: Place) -> tuple[np.uint32, Place]:
    """Find the split character that begins at a place: (whole or 0, place after it)."""
    plain, page, cells = ground.plain, ground.page, ground.cell
    key, count = np.uint64(plain[place]), 1
    found, after = np.uint32(0), place
    at = place + 1
    while at < stop and at < place + 9 and count < 3:
        cell = cell_at(page, cells, plain[at])
        if np.int64(cell >> np.uint64(52)) & 15 < SIGN:
            if not (cell >> _LATER) & np.uint64(1):
                break
            key = key << np.uint64(21) | np.uint64(plain[at])
            count += 1
            whole = split_whole(ground.split_key, ground.split_whole, key)
            if whole:
                found, after = whole, at + 1
        at += 1
    return found, after


@kernel
def note_repeat(ground: Ground, notes: NDArray[np.int64], place: Place) -> None:
    """Note a character that repeats the one before it, and whether three are alike by now."""
    plain = ground.plain
    notes[BITS] |= _REPEAT
    notes[REPEATS] += 1
    third = plain[place - 2] if place >= 2 else np.uint32(0)
    further = plain[place + 1] if place + 1 < len(plain) else np.uint32(0)
    notes[TRIPLES] += plain[place] == third or plain[place] == further


@kernel
def note_rarity(ground: Ground, notes: NDArray[np.int64], point: np.uint32, bit: Place) -> None:
    """Note whether a Han character is too common to be a disguise, or to tell a word."""
    cell = cell_at(ground.page, ground.cell, point)
    if bit & (_HOMOPHONE | _LOOKALIKE):
        notes[COMMONS] += np.int64((cell >> np.uint64(62)) & np.uint64(1))
    elif bit == 0:
        notes[GENERICS] += np.int64(cell >> np.uint64(63))


@kernel
def walk_plain(
    ground: Ground, notes: NDArray[np.int64], text: Place, start: Place, form: Place
) -> Place:
    """Lay a term over the plain code points that are its own; the last of them."""
    low, high = np.int64(ground.term_at[form]), np.int64(ground.term_at[form + 1])
    for of in range(low, high):
        note_original(ground, notes, text, start + of - low, of)
        tally(notes, class_at_point(ground.page, ground.cell, ground.term[of]), 0)
    return start + high - low - 1


@kernel
def walk_folded(  # noqa: C901, PLR0915  one branch a disguise
    ground: Ground, notes: NDArray[np.int64], text: Place, start: Place, stop: Place, form: Place
) -> Place:
    """Lay a term over plain code points from a place on; the last of them, or -1."""
    plain, page, cells, term = ground.plain, ground.page, ground.cell, ground.term
    of = ground.term_at[form]
    last: Place = np.int64(-1)
    at: Place = start
    while of < ground.term_at[form + 1]:
        wanted = class_at_point(page, cells, term[of])
        if at >= stop:
            return np.int64(-1)
        point = plain[at]
        kind = class_at_point(page, cells, point)
        bit: Place = 0
        if point == term[of] and kind < SIGN:
            note_original(ground, notes, text, at, of)
        elif (
            wanted < SIGN
            and kind <= SIGN
            and _folded(page, cells, point) == _folded(page, cells, term[of])
        ):
            bit = _likeness(kind, wanted, point, term[of], original_at(ground, text, at))
            note_original(ground, notes, text, at, -1)
            if bit == 0:
                return np.int64(-1)
        elif wanted >= SIGN:
            moved = _beside_separator(notes, kind, wanted, point, term[of])
            if moved < 0:
                return np.int64(-1)
            last = at if moved and point == term[of] else last
            at, of = at + moved, of + 1
            continue
        else:
            whole, after = _parts(ground, at, stop)
            if whole and (
                whole == term[of] or _folded(page, cells, whole) == _folded(page, cells, term[of])
            ):
                bit, at = _SPLIT, after - 1
                notes[SPLITS] += 1
            elif kind >= SIGN:
                skip(notes, point, kind)
                at += 1
                continue
            elif (
                last >= 0
                and kind != DIGIT
                and _folded(page, cells, point) == _folded(page, cells, plain[last])
            ):
                note_repeat(ground, notes, at)
                last, at = at, at + 1
                continue
            else:
                return np.int64(-1)
        close_gap(notes)
        tally(notes, wanted, bit)
        note_rarity(ground, notes, point, bit)
        last, at, of = at, at + 1, of + 1
    return last


@kernel
def _beside_separator(
    notes: NDArray[np.int64], kind: Place, wanted: Place, point: np.uint32, term: np.uint32
) -> Place:
    """Meet a separator of the term: how far to go in the text, or -1 where it must be there."""
    if term == _MASK:
        return 1 if kind == EMOJI or (point == _STAR) | (point == _HASH) else -1
    notes[_FREE] = 1
    if point == term:
        return 1
    easy = (_MAY_BE_LEFT_OUT >> wanted) & 1 or 0x2D <= term <= 0x2E  # - and .
    if not easy:
        return -1
    spaces = 1 << SPACE | 1 << NEWLINE
    if not ((spaces >> kind) & 1 and (spaces >> wanted) & 1):
        notes[BITS] |= _SEPARATOR
    return 1 if kind >= SIGN else 0
