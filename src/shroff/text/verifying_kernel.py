"""Which candidates are the term: laid beside it, judged for plausibility, spanned exactly."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from shroff.text.alignment_kernel import note_repeat, walk_folded, walk_plain
from shroff.text.characters import LATIN, ONE, SEVERAL, SIGN
from shroff.text.edge_kernel import PART, beside_other, edges_hold, goes_on, is_word
from shroff.text.evasion import Evasion
from shroff.text.gap_kernel import WIDE_GAP, close_word, with_signs
from shroff.text.ground_kernel import (
    BITS,
    CHOICES,
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
    MIXED,
    PAIRS,
    PARTED,
    PINYIN_LETTERS,
    PINYINS,
    REPEATS,
    SPACED,
    SPACES,
    SPELLED,
    SPLITS,
    UNEVEN,
    WIDEST,
    Ground,
    Notes,
    cell_at,
    class_at_point,
    how_at,
)  # fmt: skip
from shroff.text.kernel_cache import kernel
from shroff.text.plain_kernel import Place, decoded
from shroff.text.sense_kernel import form_plausible
from shroff.text.sound_walk_kernel import walk_sound

__all__ = [
    "FOLDED",
    "PLAIN",
    "SOUND",
    "Candidates",
    "source_end",
    "verify_all",
]

PLAIN, FOLDED, SOUND = 0, 1, 2
_FEW_HAN = 3
_FIRST_MARK, _HAN_FIRST, _HAN_LAST = 0xCC, 0xE4, 0xE9  # bytes that UTF-8 begins with

_HIDDEN, _MARKS = int(Evasion.HIDDEN), int(Evasion.MARKS)
_ATTEMPTS = 64
_MOST_CHOICES = 4
_FAR = 24
_GIVES_SOME = 1 << ONE | 1 << SEVERAL
_LIVING_FIRST, _LIVING_LAST = 0x370, 0x52F

Found = NDArray[np.int64]


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
def _gaps_plausible(  # noqa: PLR0911  one guard a line
    ground: Ground, notes: Notes, text: Place, first: Place, last: Place
) -> bool:
    """Say whether what stands between the characters of the term hides it rather than parts it."""
    gaps, pairs = notes[GAPS], notes[PAIRS]
    if notes[PARTED]:
        return False
    if gaps == 0:
        return True
    latin = notes[HANS] == 0
    if latin and notes[SPACED] and goes_on(ground, text, first, last):
        return False
    if gaps == pairs and not notes[MIXED] and pairs >= 2:
        return True
    if notes[LINES] or notes[HARD] or notes[WIDEST] > WIDE_GAP:
        return False
    if latin:
        apart = notes[UNEVEN] == 0 and notes[SPELLED] >= 2
        mostly = pairs >= 4 and gaps >= pairs - 1
        return bool(notes[SPACED] == 0 or (gaps == pairs and pairs >= 2) or mostly or apart)
    if pairs == 1 and notes[SPACES]:
        return beside_other(ground, text, first - 1) or beside_other(ground, text, last + 1)
    return True


@kernel
def _has_triple(ground: Ground, first: Place, last: Place) -> bool:
    """Say whether a letter is written three times, signs in between or not."""
    was, run = np.uint32(0), 0
    for place in range(first, last + 1):
        point = ground.plain[place]
        if class_at_point(ground.page, ground.cell, point) < SIGN:
            run = run + 1 if point == was else 1
            was = point
            if run == 3:
                return True
    return False


@kernel
def _letters_plausible(
    ground: Ground, notes: Notes, text: Place, first: Place, last: Place
) -> bool:
    """Say whether enough letters are letters, and whether they are not words of another script."""
    letters, leets = notes[LETTERS], notes[LEETS]
    if letters and notes[REPEATS] == 1 and not _has_triple(ground, first, last):
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
        if hans < 2 or (hans <= _FEW_HAN and exact == 0):
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
    if is_word(ground, first - 1, text) or is_word(ground, last + 1, text):
        opens, closes = ground.plain[first], ground.plain[last]
        if (opens < 0x80 and is_word(ground, first - 1, text)) or (
            closes < 0x80 and is_word(ground, last + 1, text)
        ):
            return False
    if count < notes[HANS]:
        return bool(letters >= 2 * count and notes[EXACT] > 0)
    if not ground.term_latin[form] or letters < 5:
        return False
    return bool(notes[GAPS] == 0 or letters >= 7)


@kernel
def _gives_none(ground: Ground, point: np.uint32) -> bool:
    """Say whether an original code point was dropped, or went into the one before."""
    kind = np.int64(cell_at(ground.page, ground.cell, point) >> np.uint64(56)) & 15
    return not (_GIVES_SOME >> kind) & 1


@kernel
def _end_with_marks(ground: Ground, text: Place, last: Place) -> tuple[Place, Place]:
    """Give the original code point after a plain one and the marks on it, and its byte."""
    end, stop = np.int64(ground.source[last]) + 1, ground.offsets[text + 1]
    at = ground.offsets[text] + ground.byte[last]
    _, size = decoded(ground.data, at, stop)
    at += size
    while at < stop:
        point, size = decoded(ground.data, at, stop)
        if not _gives_none(ground, point) or not how_at(ground, point) & _MARKS:
            break
        at += size
        end += 1
    return end, at


@kernel
def _hidden_between(ground: Ground, text: Place, first: Place, last: Place) -> tuple[Place, Place]:
    """Find what was dropped inside a span, and its end with the marks on its last character."""
    end, stop = _end_with_marks(ground, text, last)
    begin = ground.offsets[text] + ground.byte[first]
    bits, count = np.int64(0), last + 1 - first
    if stop - begin == count and end - ground.source[first] == count:  # ASCII, nothing dropped
        return bits, end
    at = begin
    while at < stop:
        point, size = decoded(ground.data, at, stop)
        if _gives_none(ground, point):
            bits |= how_at(ground, point) & (_HIDDEN | _MARKS)
        at += size
    return bits, end


@kernel
def source_end(ground: Ground, text: Place, place: Place) -> Place:
    """Give the original code point after a plain one and the marks on it."""
    end, _ = _end_with_marks(ground, text, place)
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
            note_repeat(notes)
    if class_at_point(ground.page, ground.cell, plain[first]) == LATIN:
        while first > low and plain[first - 1] == plain[first]:
            note_repeat(notes)
            first -= 1
    return first, last


@kernel
def _plausible(
    ground: Ground, notes: Notes, text: Place, first: Place, last: Place, form: Place, word: Place
) -> bool:
    return (
        edges_hold(ground, text, first, last, form, word)
        and _gaps_plausible(ground, notes, text, first, last)
        and _letters_plausible(ground, notes, text, first, last)
        and _han_plausible(notes)
        and form_plausible(ground, notes, text, first, last, form)
        and _pinyin_plausible(ground, notes, text, first, last, form)
    )


@kernel
def _judge(
    ground: Ground, notes: Notes, nth: Place, these: Candidates, place: tuple[Place, Place], found: Found
) -> bool:  # fmt: skip
    """Judge a term as it was laid, from the first to the last of its letters."""
    text, form, word = np.int64(these.text[nth]), np.int64(these.form[nth]), these.word[nth]
    close_word(notes)
    first, last = place
    if last < 0 or not _plausible(ground, notes, text, first, last, form, word):
        return False
    dropped, stop = _hidden_between(ground, text, first, last)
    bits = notes[BITS] | (dropped ^ np.int64(ground.term_dropped[form]))
    if bits & ~np.int64(these.allowed[nth]):
        return False
    found[nth, 0], found[nth, 1], found[nth, 2] = bits, ground.source[first], stop
    return True


@kernel
def _judge_folded(
    ground: Ground, notes: Notes, nth: Place, these: Candidates, found: Found
) -> bool:
    """Lay a term over plain code points whose folded ones are its own, in every way there is."""
    text, form, word = np.int64(these.text[nth]), np.int64(these.form[nth]), these.word[nth]
    start, end = these.start[nth], these.end[nth]
    view_end, stop = ground.view_at[text + 1], ground.plain_at[text + 1]
    low = np.int64(ground.view_plain[start])
    if end < view_end:
        stop = np.int64(ground.view_plain[end])
    after = np.int64(ground.view_plain[start + 1]) if start + 1 < view_end else stop
    tried = 0
    at = min(after, stop) - 1
    while at >= low and tried < _ATTEMPTS:
        choice, ways = 0, 1
        if class_at_point(ground.page, ground.cell, ground.plain[at]) > SIGN:
            choice = ways
        while choice < ways:
            notes[:] = 0
            first, last = at, walk_folded(ground, notes, text, at, stop, form, choice)
            ways = max(ways, 1 << min(notes[CHOICES], _MOST_CHOICES))
            choice += 1
            tried += 1
            if last < 0:
                continue
            if word != PART:
                first, last = _stretch(ground, notes, text, first, last)
            place = with_signs(ground, text, first, last, form)
            if _judge(ground, notes, nth, these, place, found):
                return True
        at -= 1
    return False


@kernel
def _verbatim_end(ground: Ground, text: Place, first: Place, form: Place) -> Place:
    """Give the original code point after a term that stands as it is written; else -1."""
    low, high = ground.term_at[form], ground.term_at[form + 1]
    data, stop = ground.data, ground.offsets[text + 1]
    at = ground.offsets[text] + np.int64(ground.byte[first])
    if ground.term_dropped[form]:
        return np.int64(-1)
    for of in range(low, high):
        if at >= stop:
            return np.int64(-1)
        point = np.uint32(data[at])
        size: Place = np.int64(1)
        if point >= 0x80:
            point, size = decoded(data, at, stop)
        if point != ground.term_original[of]:
            return np.int64(-1)
        at += size
    if at < stop and data[at] >= _FIRST_MARK and not _HAN_FIRST <= data[at] <= _HAN_LAST:
        return np.int64(-1)  # a mark may follow
    after: Place = np.int64(ground.source[first]) + high - low
    return after


@kernel
def verify_all(ground: Ground, view: int, these: Candidates, found: Found, notes: Notes) -> None:
    """Judge candidates; each row of `found` becomes bits, start and end, or bits of -1."""
    for nth in range(len(these.text)):
        found[nth, 0] = -1
        if view == FOLDED:
            _judge_folded(ground, notes, nth, these, found)
            continue
        text, form = np.int64(these.text[nth]), np.int64(these.form[nth])
        start, end = these.start[nth], these.end[nth]
        after = _verbatim_end(ground, text, start, form) if view == PLAIN else np.int64(-1)
        if after >= 0:  # then there is nothing to weigh but its edges
            if edges_hold(ground, text, start, end - 1, form, these.word[nth]):
                found[nth, 0], found[nth, 1], found[nth, 2] = 0, ground.source[start], after
            continue
        first: Place = start
        last: Place = start
        notes[:] = 0
        if view == SOUND:
            first = np.int64(ground.view_plain[start])
            last = walk_sound(ground, notes, text, start, end, form)
            if last >= 0:
                first, last = with_signs(ground, text, first, last, form)
        else:
            last = walk_plain(ground, notes, text, first, form)
        _judge(ground, notes, nth, these, (first, last), found)
