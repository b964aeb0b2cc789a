"""Which candidates are the term: laid beside it, judged for plausibility, spanned exactly."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from shroff.text.alignment_kernel import (
    BITS,
    COMMONS,
    EXACT,
    GAPS,
    GENERICS,
    HANS,
    HARD,
    HOMOPHONES,
    LEETS,
    LETTERS,
    LINES,
    LIVING,
    LOOKALIKES,
    PAIRS,
    PINYIN_LETTERS,
    PINYINS,
    REPEATS,
    SPACED,
    SPACES,
    SPLITS,
    TRIPLES,
    UNIFORM,
    WIDEST,
    Ground,
    cell_at,
    class_at_point,
    note_repeat,
    walk_folded,
    walk_plain,
)  # fmt: skip
from shroff.text.characters import DIGIT, HAN, LATIN, ONE, SEVERAL, SIGN
from shroff.text.evasion import Evasion
from shroff.text.kernel_cache import kernel
from shroff.text.plain_kernel import Place, decoded
from shroff.text.sense_kernel import form_plausible
from shroff.text.sound_walk_kernel import walk_sound

__all__ = [
    "AUTO",
    "FOLDED",
    "PART",
    "PLAIN",
    "SOUND",
    "WHOLE",
    "Candidates",
    "source_end",
    "verify_all",
]

PLAIN, FOLDED, SOUND = 0, 1, 2
AUTO, WHOLE, PART = 0, 1, 2

_HIDDEN, _MARKS = int(Evasion.HIDDEN), int(Evasion.MARKS)
_ATTEMPTS = 8
_WIDE_GAP = 6
_FAR = 24
_UNDERSCORE = 0x5F
_GIVES_SOME = 1 << ONE | 1 << SEVERAL
_WORDY = 1 << LATIN | 1 << DIGIT
_LIVING_FIRST, _LIVING_LAST = 0x370, 0x52F

Notes = NDArray[np.int64]


class Candidates(NamedTuple):
    """Places where a term may stand; all arrays have one entry a candidate.

    Attributes
    ----------
    text, form : arrays of int32
        Row of the text, and of the form of a term.
    start, end : arrays of int64
        Place in the view it was found in, of the whole batch, end exclusive.
    word : array of uint8
        0 or 1 where Latin edges of the term must be edges of words, 2 where it may be part of one.
    allowed : array of int32
        Disguises that may be seen through, bits of `Evasion`.
    """

    text: NDArray[np.int32]
    form: NDArray[np.int32]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    word: NDArray[np.uint8]
    allowed: NDArray[np.int32]


@kernel
def _is_word(ground: Ground, place: Place, text: Place) -> bool:
    """Say whether there is an ASCII letter, digit or underscore at a place of a text."""
    if place < ground.plain_at[text] or place >= ground.plain_at[text + 1]:
        return False
    point = ground.plain[place]
    if point >= 0x80:
        return False
    kind = class_at_point(ground.page, ground.cell, point)
    return bool((_WORDY >> kind) & 1 or point == _UNDERSCORE)


@kernel
def _cuts_number(ground: Ground, text: Place, place: Place, step: Place) -> bool:
    """Say whether digits at an edge go on: 第1 is not in 第10."""
    beside = place + step
    if beside < ground.plain_at[text] or beside >= ground.plain_at[text + 1]:
        return False
    return _is_digit(ground.plain[place]) and _is_digit(ground.plain[beside])


@kernel
def _is_digit(point: np.uint32) -> bool:
    return bool(0x30 <= point <= 0x39)


@kernel
def _edges_hold(
    ground: Ground, text: Place, first: Place, last: Place, form: Place, word: Place
) -> bool:
    """Say whether the word ends where the term does; Han characters are no part of words."""
    if word == PART:
        return True
    if _cuts_number(ground, text, first, -1) or _cuts_number(ground, text, last, 1):
        return False
    low, high = ground.term_at[form], ground.term_at[form + 1]
    opens = class_at_point(ground.page, ground.cell, ground.term[low])
    closes = class_at_point(ground.page, ground.cell, ground.term[high - 1])
    if (_WORDY >> opens) & 1 and _is_word(ground, first - 1, text):
        return False
    return not ((_WORDY >> closes) & 1 and _is_word(ground, last + 1, text))


@kernel
def _stands_alone(ground: Ground, text: Place, place: Place, step: Place) -> bool:
    """Say whether a letter at a place has no word character further on."""
    return _is_word(ground, place, text) and not _is_word(ground, place + step, text)


@kernel
def _goes_on(ground: Ground, text: Place, first: Place, last: Place) -> bool:
    """Say whether letters written apart go on beyond the term, as in ``c l a s s``."""
    gap = ground.plain[last + 1] if last + 1 < ground.plain_at[text + 1] else np.uint32(0)
    if gap and _stands_alone(ground, text, last + 2, 1):
        after = ground.plain[last + 2]
        return not (_is_word_alone(after) and not _stands_alone(ground, text, last + 4, 1))
    if first - 1 < ground.plain_at[text] or not _stands_alone(ground, text, first - 2, -1):
        return False
    return not _is_word_alone(ground.plain[first - 2])


@kernel
def _is_word_alone(point: np.uint32) -> bool:
    """Say whether a single letter is a word: a, i, or a digit."""
    return bool(point <= 0x61 or point - 0x69 == 0)


@kernel
def _at_edge(ground: Ground, text: Place, place: Place) -> bool:
    if place < ground.plain_at[text] or place >= ground.plain_at[text + 1]:
        return True
    return class_at_point(ground.page, ground.cell, ground.plain[place]) != HAN


@kernel
def _gaps_plausible(  # noqa: PLR0911  one guard a line
    ground: Ground, notes: Notes, text: Place, first: Place, last: Place
) -> bool:
    """Say whether what stands between the characters of the term hides it rather than parts it."""
    gaps, pairs = notes[GAPS], notes[PAIRS]
    if gaps == 0:
        return True
    latin = notes[HANS] == 0
    if latin and notes[SPACED] and _goes_on(ground, text, first, last):
        return False
    if gaps == pairs and notes[UNIFORM] and pairs >= 2:
        return True
    if notes[LINES] or notes[HARD] or notes[WIDEST] > _WIDE_GAP:
        return False
    if latin:
        return bool(
            notes[SPACED] == 0
            or (gaps == pairs and pairs >= 2)
            or (pairs >= 4 and gaps >= pairs - 1)
        )
    if pairs == 1 and notes[SPACES]:
        return _at_edge(ground, text, first - 1) or _at_edge(ground, text, last + 1)
    return True


@kernel
def _letters_plausible(
    ground: Ground, notes: Notes, text: Place, first: Place, last: Place
) -> bool:
    """Say whether enough letters are letters, and whether they are not words of another script."""
    letters, leets = notes[LETTERS], notes[LEETS]
    if letters and notes[REPEATS] == 1 and notes[TRIPLES] == 0:
        return False  # beet is not bet
    if leets and (2 * leets > letters or (letters <= 3 and letters - leets < 2)):
        return False
    if notes[LIVING] == 0 or notes[LIVING] < letters:
        return True
    low = max(ground.plain_at[text], first - _FAR)
    high = min(ground.plain_at[text + 1], last + _FAR)
    for place in range(low, high):
        if _LIVING_FIRST <= ground.plain[place] <= _LIVING_LAST:
            return False
    return True


@kernel
def _han_plausible(notes: Notes) -> bool:
    """Say whether enough Han characters are what they claim to be."""
    hans, exact = notes[HANS], notes[EXACT]
    if notes[HOMOPHONES] or notes[LOOKALIKES]:
        if hans < 2 or (hans <= 3 and exact == 0):
            return False
        if (hans <= 3 and notes[COMMONS]) or (hans == 2 and (notes[GAPS] or notes[PINYINS])):
            return False
        if hans == 2 and notes[HOMOPHONES] and notes[GENERICS]:
            return False
    return not (notes[SPLITS] and hans < 2)


@kernel
def _pinyin_plausible(
    ground: Ground, notes: Notes, text: Place, first: Place, last: Place, form: Place
) -> bool:
    """Say whether letters are meant as pinyin: whole runs, and enough of them."""
    count, letters = notes[PINYINS], notes[PINYIN_LETTERS]
    if count == 0:
        return True
    if _is_word(ground, first - 1, text) or _is_word(ground, last + 1, text):
        opens, closes = ground.plain[first], ground.plain[last]
        if (opens < 0x80 and _is_word(ground, first - 1, text)) or (
            closes < 0x80 and _is_word(ground, last + 1, text)
        ):
            return False
    if count < notes[HANS]:
        return bool(letters >= 2 * count and notes[EXACT] > 0)
    if not ground.term_latin[form] or letters < 5:
        return False
    return bool(notes[GAPS] == 0 or letters >= 7)


@kernel
def _hidden_between(ground: Ground, text: Place, first: Place, last: Place) -> tuple[Place, Place]:
    """Find what was dropped inside a span, and its end with the marks on its last character."""
    begin, stop = ground.offsets[text] + ground.byte[first], ground.offsets[text + 1]
    end = np.int64(ground.source[last]) + 1
    point, size = decoded(ground.data, ground.offsets[text] + ground.byte[last], stop)
    at = ground.offsets[text] + ground.byte[last] + size
    while at < stop:
        point, size = decoded(ground.data, at, stop)
        kind = np.int64(cell_at(ground.page, ground.cell, point) >> np.uint64(56)) & 15
        if _GIVES_SOME >> kind & 1 or not _how(ground, point) & _MARKS:
            break
        at += size
        end += 1
    bits = np.int64(0)
    if end - ground.source[first] > last + 1 - first:
        at, end_at = begin, at
        while at < end_at:
            point, size = decoded(ground.data, at, stop)
            bits |= _how(ground, point) & (_HIDDEN | _MARKS)
            at += size
    return bits, end


@kernel
def _how(ground: Ground, point: np.uint32) -> Place:
    page = np.uint32(ground.page[point >> np.uint32(8)]) << np.uint32(8)
    return np.int64(ground.how[page | point & np.uint32(255)])


@kernel
def source_end(ground: Ground, text: Place, place: Place) -> Place:
    """Give the original code point after a plain one and the marks on it."""
    _, end = _hidden_between(ground, text, place, place)
    return end


@kernel
def _stretch(
    ground: Ground, notes: Notes, text: Place, first: Place, last: Place
) -> tuple[Place, Place]:
    """Take in letters repeated at either end."""
    low, high, plain = ground.plain_at[text], ground.plain_at[text + 1], ground.plain
    if class_at_point(ground.page, ground.cell, plain[last]) == LATIN:
        while last + 1 < high and plain[last + 1] == plain[last]:
            last += 1
            note_repeat(ground, notes, last)
    if class_at_point(ground.page, ground.cell, plain[first]) == LATIN:
        while first > low and plain[first - 1] == plain[first]:
            note_repeat(ground, notes, first)
            first -= 1
    return first, last


@kernel
def _plausible(
    ground: Ground, notes: Notes, text: Place, first: Place, last: Place, form: Place, word: Place
) -> bool:
    return (
        _edges_hold(ground, text, first, last, form, word)
        and _gaps_plausible(ground, notes, text, first, last)
        and _letters_plausible(ground, notes, text, first, last)
        and _han_plausible(notes)
        and form_plausible(ground, notes, first, last, form)
        and _pinyin_plausible(ground, notes, text, first, last, form)
    )


@kernel
def _place_in_folded(
    ground: Ground, notes: Notes, text: Place, start: Place, end: Place, form: Place, word: Place
) -> tuple[Place, Place]:
    """Find the term among plain code points whose folded ones are its own: (first, last) or (0, -1)."""
    view_end, stop = ground.view_at[text + 1], ground.plain_at[text + 1]
    low = np.int64(ground.view_plain[start])
    if end < view_end:
        stop = np.int64(ground.view_plain[end])
    after = np.int64(ground.view_plain[start + 1]) if start + 1 < view_end else stop
    tried = 0
    at = min(after, stop) - 1
    while at >= low and tried < _ATTEMPTS:
        kind = class_at_point(ground.page, ground.cell, ground.plain[at])
        if kind <= SIGN or at == low:
            notes[:] = 0
            notes[UNIFORM] = 1
            last = walk_folded(ground, notes, text, at, stop, form)
            if last >= 0:
                return (at, last) if word == PART else _stretch(ground, notes, text, at, last)
            tried += 1
        at -= 1
    return np.int64(0), np.int64(-1)


@kernel
def verify_all(
    ground: Ground, view: int, these: Candidates, found: NDArray[np.int64], notes: Notes
) -> None:
    """Judge candidates; each row of `found` becomes bits, start and end, or bits of -1."""
    texts, forms, words, allowed = these.text, these.form, these.word, these.allowed
    for nth in range(len(texts)):
        text, form, word = np.int64(texts[nth]), np.int64(forms[nth]), np.int64(words[nth])
        start, end = these.start[nth], these.end[nth]
        notes[:] = 0
        notes[UNIFORM] = 1
        if view == FOLDED:
            first, last = _place_in_folded(ground, notes, text, start, end, form, word)
        elif view == SOUND:
            first = np.int64(ground.view_plain[start])
            last = walk_sound(ground, notes, text, start, end, form)
        else:
            first = start
            last = walk_plain(ground, notes, text, first, form)
        found[nth, 0] = -1
        if last < 0 or not _plausible(ground, notes, text, first, last, form, word):
            continue
        dropped, stop = _hidden_between(ground, text, first, last)
        bits = notes[BITS] | dropped
        if not bits & ~np.int64(allowed[nth]):
            found[nth, 0], found[nth, 1], found[nth, 2] = bits, ground.source[first], stop
