"""Laying a term beside the plain code points of a text, to say how each of them is disguised.

A walk goes through both at once and takes notes: which disguises, how many characters are what they
claim to be, what stands between them. Where a character may be taken in two ways, for the term's next
one or as the first part of a split character that is, `choice` says which; the walk itself never goes
back, so a candidate costs its own length.
"""

from __future__ import annotations

import numpy as np

from shroff.text.characters import DIGIT, EMOJI, HAN, LATIN, SIGN
from shroff.text.evasion import Evasion
from shroff.text.gap_kernel import close_gap, meet_signs, skip
from shroff.text.ground_kernel import (
    BITS,
    CHOICES,
    COMMONS,
    EXACT,
    FREE,
    GENERICS,
    HANS,
    LEETS,
    LETTERS,
    LOOKALIKES,
    REPEATS,
    SPLITS,
    Ground,
    Notes,
    cell_at,
    class_at_point,
    folded_point,
    is_term_letter,
    letters_of_term,
    note_original,
    original_at,
)  # fmt: skip
from shroff.text.kernel_cache import kernel
from shroff.text.letter_faults import MASK
from shroff.text.plain_kernel import Place
from shroff.text.view_kernel import split_whole

__all__ = ["note_rarity", "note_repeat", "tally", "walk_folded", "walk_plain"]

_HOMOGLYPH, _LEET, _REPEAT = int(Evasion.HOMOGLYPH), int(Evasion.LEET), int(Evasion.REPEAT)
_LOOKALIKE, _SPLIT = int(Evasion.LOOKALIKE_HAN), int(Evasion.SPLIT)
_HOMOPHONE, _NUMERALS = int(Evasion.HOMOPHONE), int(Evasion.NUMERALS)
_FIRST, _LATER = np.uint64(60), np.uint64(61)
_REGIONAL = 0x1F1E6
_STANDS_FOR_LETTER = 1 << DIGIT | 1 << SIGN
_SMALL_I = 0x69
_MASK, _STAR, _HASH = ord(MASK), ord("*"), ord("#")


@kernel
def _likeness(  # noqa: PLR0911  one disguise a line
    ground: Ground, text: Place, at: Place, of: Place
) -> Place:
    """Say by which disguise a character stands for the term's: 0 if by none, -1 if it does not."""
    point, term = ground.plain[at], ground.term[of]
    kind = class_at_point(ground.page, ground.cell, point)
    wanted = class_at_point(ground.page, ground.cell, term)
    if point == term and (kind < SIGN or wanted == SIGN):
        return 0
    if term == _MASK:
        return 0 if kind == EMOJI or (point == _STAR) | (point == _HASH) else -1
    if kind > SIGN or folded_point(ground, point) != folded_point(ground, term):
        return -1
    if wanted == LATIN:
        if (_STANDS_FOR_LETTER >> kind) & 1:
            return _HOMOGLYPH if point >= _REGIONAL else _LEET
        drawn = kind == LATIN and original_at(ground, text, at) != _SMALL_I
        return _HOMOGLYPH if drawn else -1
    if wanted == DIGIT:
        nearly = kind == LATIN and term - 0x30 <= 1
        return _NUMERALS if kind == HAN else _LEET if nearly else -1
    if wanted == HAN and kind == DIGIT:
        return _NUMERALS
    return _LOOKALIKE if wanted == HAN and kind == HAN else -1


@kernel
def tally(notes: Notes, wanted: Place, bit: Place) -> None:
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
def _after_parts(ground: Ground, at: Place, stop: Place, of: Place) -> Place:
    """Find the end of the split character that begins here; 0 where none does, or not the term's."""
    plain, page, cells = ground.plain, ground.page, ground.cell
    if not (cell_at(page, cells, plain[at]) >> _FIRST) & np.uint64(1):
        return 0
    key, count = np.uint64(plain[at]), 1
    found = np.uint32(0)
    after: Place = np.int64(0)
    place = at + 1
    while place < stop and count < 3:
        cell = cell_at(page, cells, plain[place])
        if np.int64(cell >> np.uint64(52)) & 15 < SIGN:
            if not (cell >> _LATER) & np.uint64(1):
                break
            key = key << np.uint64(21) | np.uint64(plain[place])
            count += 1
            whole = split_whole(ground.split_key, ground.split_whole, key)
            if whole:
                found, after = whole, place + 1
        place += 1
    term = ground.term[of]
    same = found == term or folded_point(ground, found) == folded_point(ground, term)
    return after if found and same else np.int64(0)


@kernel
def note_repeat(notes: Notes) -> None:
    """Note a character that repeats the one before it."""
    notes[BITS] |= _REPEAT
    notes[REPEATS] += 1


@kernel
def note_rarity(ground: Ground, notes: Notes, point: np.uint32, bit: Place) -> None:
    """Note whether a Han character is too common to be a disguise, or to tell a word."""
    cell = cell_at(ground.page, ground.cell, point)
    if bit & (_HOMOPHONE | _LOOKALIKE):
        notes[COMMONS] += np.int64((cell >> np.uint64(62)) & np.uint64(1))
    elif bit == 0:
        notes[GENERICS] += np.int64(cell >> np.uint64(63))


@kernel
def walk_plain(ground: Ground, notes: Notes, text: Place, start: Place, form: Place) -> Place:
    """Lay a term over the plain code points that are its own; the last of them."""
    low, high = np.int64(ground.term_at[form]), np.int64(ground.term_at[form + 1])
    for of in range(low, high):
        note_original(ground, notes, text, start + of - low, of)
        tally(notes, class_at_point(ground.page, ground.cell, ground.term[of]), 0)
    return start + high - low - 1


@kernel
def _note_parts(ground: Ground, notes: Notes, text: Place, at: Place, after: Place) -> None:
    """Note the parts of a split character, and what stands between them."""
    notes[SPLITS] += 1
    for place in range(at, after):
        kind = class_at_point(ground.page, ground.cell, ground.plain[place])
        if kind >= SIGN:
            skip(notes, ground.plain[place], kind)
        else:
            close_gap(notes)
            note_original(ground, notes, text, place, -1)


@kernel
def _is_repeat(ground: Ground, notes: Notes, last: Place, at: Place) -> bool:
    """Say whether a character is the last one once more: of the same word, and no digit."""
    point = ground.plain[at]
    if last < 0 or point != ground.plain[last] or (notes[FREE] and at != last + 1):
        return False
    return class_at_point(ground.page, ground.cell, point) != DIGIT


@kernel
def walk_folded(  # noqa: C901, PLR0912, PLR0915  one branch a case
    ground: Ground,
    notes: Notes,
    text: Place,
    start: Place,
    stop: Place,
    form: Place,
    choice: Place,
) -> Place:
    """Lay the letters of a term over plain code points from a place on; the last of them, or -1."""
    plain, page, cells = ground.plain, ground.page, ground.cell
    low, high = ground.term_at[form], ground.term_at[form + 1]
    of, end = letters_of_term(ground, form)
    signs = of
    at: Place = start
    last: Place = np.int64(-1)
    while of < end:
        if not is_term_letter(ground, of, low, high):
            notes[FREE] = 1
            of += 1
            continue
        if at >= stop:
            return np.int64(-1)
        kind = class_at_point(page, cells, plain[at])
        bit, after = _likeness(ground, text, at, of), at + 1
        parts = _after_parts(ground, at, stop, of) if kind < SIGN else np.int64(0)
        if parts:
            split = bit < 0
            if bit >= 0:
                split = bool((choice >> notes[CHOICES]) & 1)
                notes[CHOICES] += 1
            if split:
                bit, after = _SPLIT, parts
        if bit < 0:
            if kind >= SIGN and last >= 0:
                if not notes[FREE]:
                    skip(notes, plain[at], kind)
            elif _is_repeat(ground, notes, last, at):
                note_repeat(notes)
                last = at
            else:
                return np.int64(-1)
            at += 1
            continue
        if notes[FREE] and not meet_signs(ground, notes, signs, of, last + 1, at):
            return np.int64(-1)
        if bit == _SPLIT:
            _note_parts(ground, notes, text, at, after)
        else:
            close_gap(notes)
            note_original(ground, notes, text, at, of if bit == 0 else -1)
        tally(notes, class_at_point(page, cells, ground.term[of]), bit)
        note_rarity(ground, notes, plain[at], bit)
        last, at, of = after - 1, after, of + 1
        signs = of
    return last
