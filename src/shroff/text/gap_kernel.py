"""What stands between the characters of a term: its own signs, or what hides it."""

from __future__ import annotations

import numpy as np

from shroff.text.characters import COMMA, EMOJI, NEWLINE, SIGN, SPACE, STOP
from shroff.text.evasion import Evasion
from shroff.text.ground_kernel import (
    BEGUN,
    BITS,
    FREE,
    GAP_KIND,
    GAPS,
    HARD,
    KINDS,
    LINES,
    MIXED,
    PAIRS,
    PARTED,
    SPACED,
    SPACES,
    SPELLED,
    UNEVEN,
    WIDEST,
    WIDTH,
    WORD_GAPS,
    WORD_PAIRS,
    Ground,
    Notes,
    class_at_point,
    letters_of_term,
)  # fmt: skip
from shroff.text.kernel_cache import kernel
from shroff.text.plain_kernel import Place

__all__ = ["WIDE_GAP", "close_gap", "close_word", "meet_signs", "skip", "with_signs"]

WIDE_GAP = 6
"""Most signs that may stand between two characters of a term."""

_SEPARATOR, _EMOJI = int(Evasion.SEPARATOR), int(Evasion.EMOJI)
_BLANKS = 1 << SPACE | 1 << NEWLINE
_MAY_BE_LEFT_OUT = _BLANKS | 1 << COMMA
_HYPHEN, _DOT = 0x2D, 0x2E


@kernel
def skip(notes: Notes, point: np.uint32, kind: Place) -> None:
    """Note a character that stands between two of the term."""
    if notes[WIDTH] == 0:
        if notes[GAPS] and notes[GAP_KIND] != np.int64(point):
            notes[MIXED] = 1
        notes[GAP_KIND] = np.int64(point)
    notes[WIDTH] += 1
    notes[KINDS] |= 1 << kind


@kernel
def close_gap(notes: Notes) -> None:
    """Note that a character of the term follows what was skipped, or its neighbour."""
    if notes[FREE]:
        close_word(notes)
        notes[FREE] = 0
    elif notes[BEGUN]:
        notes[PAIRS] += 1
        notes[WORD_PAIRS] += 1
        if notes[WIDTH]:
            kinds = notes[KINDS]
            notes[GAPS] += 1
            notes[WORD_GAPS] += 1
            notes[SPACES] += kinds == 1 << SPACE
            notes[SPACED] += (kinds >> SPACE) & 1
            notes[LINES] += (kinds >> NEWLINE) & 1
            notes[HARD] += ((kinds >> STOP) | (kinds >> COMMA) | (kinds >> SIGN)) & 1
            notes[WIDEST] = max(notes[WIDEST], notes[WIDTH])
            notes[BITS] |= _EMOJI if (kinds >> EMOJI) & 1 else 0
            notes[BITS] |= _SEPARATOR if kinds & ~(1 << EMOJI) else 0
    notes[BEGUN] = 1
    notes[WIDTH] = notes[KINDS] = 0


@kernel
def close_word(notes: Notes) -> None:
    """Note how a word of the term is written: together, letter by letter, or now so, now so."""
    if notes[WORD_GAPS] == notes[WORD_PAIRS]:
        notes[SPELLED] = max(notes[SPELLED], notes[WORD_PAIRS])
    elif notes[WORD_GAPS]:
        notes[UNEVEN] += 1
    notes[WORD_PAIRS] = notes[WORD_GAPS] = 0


@kernel
def _same_sign(ground: Ground, point: np.uint32, sign: np.uint32) -> bool:
    """Say whether a sign of the text is one of the term: blanks are all alike."""
    if point == sign:
        return True
    kind = class_at_point(ground.page, ground.cell, point)
    other = class_at_point(ground.page, ground.cell, sign)
    return bool((_BLANKS >> kind) & 1 and (_BLANKS >> other) & 1)


@kernel
def _left_out(
    ground: Ground, notes: Notes, signs: Place, after: Place, blanks: Place
) -> bool:  # fmt: skip
    """Note signs of the term that the text leaves out; False where one of them must be there."""
    for of in range(signs, after):
        sign = ground.term[of]
        kind = class_at_point(ground.page, ground.cell, sign)
        if not ((_MAY_BE_LEFT_OUT >> kind) & 1 or _HYPHEN <= sign <= _DOT):
            return False
        if not (blanks and (_BLANKS >> kind) & 1):
            notes[BITS] |= _SEPARATOR
    return True


@kernel
def _note_further(notes: Notes, kinds: Place, count: Place, lines: Place, ends: Place) -> None:
    """Note what the text has between two words of the term and the term has not."""
    if kinds:
        notes[BITS] |= _EMOJI if (kinds >> EMOJI) & 1 else 0
        notes[BITS] |= _SEPARATOR if kinds & ~(1 << EMOJI) else 0
        if lines or ends or count > WIDE_GAP or (kinds >> STOP) & 1:
            notes[PARTED] = 1


@kernel
def meet_signs(
    ground: Ground, notes: Notes, signs: Place, after: Place, at: Place, here: Place
) -> bool:
    """Lay the signs of a term between two letters over those of the text; False if one is missed."""
    # blanks and commas, hyphens and dots may be left out, others come in between, but no full stop
    notes[FREE] = 1
    kinds, count, lines = np.int64(0), np.int64(0), np.int64(0)
    blanks, ends, was_dot = np.int64(0), np.int64(0), np.int64(0)
    for place in range(at, here):
        kind = class_at_point(ground.page, ground.cell, ground.plain[place])
        blanks |= (_BLANKS >> kind) & 1
        lines |= kind == NEWLINE
    sign = signs
    for place in range(at, here):
        point = ground.plain[place]
        kind = class_at_point(ground.page, ground.cell, point)
        met = sign
        while met < after and not _same_sign(ground, point, ground.term[met]):
            met += 1
        ends |= was_dot & (_BLANKS >> kind) & 1
        was_dot = np.int64(0)
        if met < after:
            if not _left_out(ground, notes, sign, met, blanks):
                return False
            sign = met + 1
        elif not (_BLANKS >> kind) & 1:
            kinds |= 1 << kind
            count += 1
            was_dot = np.int64(point == _DOT)
    _note_further(notes, kinds, count, lines, ends)
    return _left_out(ground, notes, sign, after, blanks)


@kernel
def with_signs(
    ground: Ground, text: Place, first: Place, last: Place, form: Place
) -> tuple[Place, Place]:
    """Take in the signs at the edges of a term, which must be there; (0, -1) where they are not."""
    low, high = ground.plain_at[text], ground.plain_at[text + 1]
    begin, end = letters_of_term(ground, form)
    for of in range(begin - 1, ground.term_at[form] - 1, -1):
        first -= 1
        if first < low or not _same_sign(ground, ground.plain[first], ground.term[of]):
            return np.int64(0), np.int64(-1)
    for of in range(end, ground.term_at[form + 1]):
        last += 1
        if last >= high or not _same_sign(ground, ground.plain[last], ground.term[of]):
            return np.int64(0), np.int64(-1)
    return first, last
