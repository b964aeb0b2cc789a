"""What a walk of a term along a text goes over, and where it takes its notes."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from shroff.text.characters import LATIN, SIGN
from shroff.text.evasion import Evasion
from shroff.text.kernel_cache import kernel
from shroff.text.letter_faults import MASK
from shroff.text.plain_kernel import Cells, Codes, Place, decoded

__all__ = [
    "BEGUN",
    "BITS",
    "CHOICES",
    "COMMONS",
    "EXACT",
    "FREE",
    "GAPS",
    "GAP_KIND",
    "GENERICS",
    "HANS",
    "HARD",
    "HOMOPHONES",
    "KINDS",
    "LEETS",
    "LETTERS",
    "LINES",
    "LIVING",
    "LOOKALIKES",
    "MIXED",
    "NOTES",
    "PAIRS",
    "PARTED",
    "PINYINS",
    "PINYIN_LETTERS",
    "REPEATS",
    "SPACED",
    "SPACES",
    "SPELLED",
    "SPLITS",
    "UNEVEN",
    "WIDEST",
    "WIDTH",
    "WORD_GAPS",
    "WORD_PAIRS",
    "Ground",
    "Notes",
    "cell_at",
    "class_at_point",
    "folded_point",
    "how_at",
    "is_term_letter",
    "letters_of_term",
    "note_original",
    "original_at",
]  # fmt: skip

# Places in the notes: how the characters of the term are written,
BITS, HANS, EXACT, LOOKALIKES, HOMOPHONES, PINYINS, PINYIN_LETTERS, SPLITS = range(8)
LETTERS, LEETS, LIVING, REPEATS, COMMONS, GENERICS, CHOICES = range(8, 15)
# what stands between them,
PAIRS, GAPS, SPACES, LINES, HARD, WIDEST, MIXED, PARTED, SPELLED, UNEVEN = range(15, 25)
SPACED = 25
# and what is only kept until the next character.
GAP_KIND, BEGUN, WIDTH, KINDS, FREE, WORD_PAIRS, WORD_GAPS = range(26, 33)
NOTES = 33

Notes = NDArray[np.int64]

_POINT = np.uint64(0x1FFFFF)
_HOMOGLYPH = int(Evasion.HOMOGLYPH)
_LIVING_FIRST, _LIVING_LAST = 0x370, 0x52F
_REGIONAL = 0x1F1E6
_MASK = ord(MASK)


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
    term_dropped: Codes
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
def folded_point(ground: Ground, point: np.uint32) -> np.uint32:
    """Give the folded code point of a plain one."""
    cell = cell_at(ground.page, ground.cell, point)
    return np.uint32((cell >> np.uint64(21)) & _POINT) or point


@kernel
def original_at(ground: Ground, text: Place, place: Place) -> np.uint32:
    """Decode the original code point that a plain one comes from."""
    at = ground.offsets[text] + ground.byte[place]
    point, _ = decoded(ground.data, at, ground.offsets[text + 1])
    return point


@kernel
def how_at(ground: Ground, point: np.uint32) -> Place:
    """Give the disguises that an original code point can be."""
    page = np.uint32(ground.page[point >> np.uint32(8)]) << np.uint32(8)
    return np.int64(ground.how[page | point & np.uint32(255)])


@kernel
def note_original(ground: Ground, notes: Notes, text: Place, place: Place, of: Place) -> None:
    """Note the disguises of one character, seen against the term's own (at `of`, or -1)."""
    point = original_at(ground, text, place)
    how = how_at(ground, point)
    if of >= 0:
        if point == ground.term_original[of]:
            return
        own = np.int64(ground.term_how[of])
        how = how ^ own if how != own else how
    notes[BITS] |= how
    if how & _HOMOGLYPH and _LIVING_FIRST <= point <= _LIVING_LAST:
        notes[LIVING] += 1


@kernel
def is_term_letter(ground: Ground, of: Place, low: Place, high: Place) -> bool:
    """Say whether a code point of a term is one of its letters: no sign, or a sign for a letter."""
    kind = class_at_point(ground.page, ground.cell, ground.term[of])
    if kind != SIGN:
        return bool(kind < SIGN or ground.term[of] == _MASK)
    if ground.term[of] >= _REGIONAL:
        return True
    for step in (-1, 1):
        at = of + step
        while low <= at < high and (at - of) * step < 4:
            beside = class_at_point(ground.page, ground.cell, ground.term[at])
            if beside == LATIN:
                return True
            if beside != SIGN:
                break
            at += step
    return False


@kernel
def letters_of_term(ground: Ground, form: Place) -> tuple[Place, Place]:
    """Find where the letters of a form begin and end, without the signs at its edges."""
    low, high = np.int64(ground.term_at[form]), np.int64(ground.term_at[form + 1])
    first, after = low, high
    while first < after and not is_term_letter(ground, first, low, high):
        first += 1
    while after > first and not is_term_letter(ground, after - 1, low, high):
        after -= 1
    return first, after
