"""Laying a term beside what sounds like it, element by element."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from shroff.text.alignment_kernel import note_rarity, tally
from shroff.text.characters import HAN, LATIN
from shroff.text.evasion import Evasion
from shroff.text.gap_kernel import close_gap, meet_signs, skip
from shroff.text.ground_kernel import (
    HOMOPHONES,
    PINYIN_LETTERS,
    PINYINS,
    Ground,
    class_at_point,
    is_term_letter,
    letters_of_term,
    note_original,
)  # fmt: skip
from shroff.text.kernel_cache import kernel
from shroff.text.plain_kernel import Place

__all__ = ["walk_sound"]

_HOMOPHONE, _PINYIN = int(Evasion.HOMOPHONE), int(Evasion.PINYIN)


@kernel
def walk_sound(
    ground: Ground, notes: NDArray[np.int64], text: Place, start: Place, end: Place, form: Place
) -> Place:
    """Lay a term over what sounds like it; the last plain code point, or -1."""
    plain, page, cells = ground.plain, ground.page, ground.cell
    low, begin = ground.term_sound_at[form], ground.term_at[form]
    high, first = ground.term_at[form + 1], letters_of_term(ground, form)[0]
    at: Place = np.int64(ground.view_plain[start])
    last: Place = np.int64(-1)
    limit = ground.plain_at[text + 1]
    for element in range(start, end):
        here = np.int64(ground.view_plain[element])
        of = np.int64(ground.term_sound[low + element - start])
        signs = of
        while signs > first and not is_term_letter(ground, signs - 1, begin, high):
            signs -= 1
        if signs < of:
            if not meet_signs(ground, notes, signs, of, at, here):
                return np.int64(-1)
            at = here
        while at < here:
            skip(notes, plain[at], class_at_point(page, cells, plain[at]))
            at += 1
        after = (
            limit
            if element + 1 >= ground.view_at[text + 1]
            else np.int64(ground.view_plain[element + 1])
        )
        close_gap(notes)
        at = _sound_element(ground, notes, text, here, after, of)
        if at < 0:
            return np.int64(-1)
        last = at - 1
    return last


@kernel
def _sound_element(
    ground: Ground, notes: NDArray[np.int64], text: Place, here: Place, after: Place, of: Place
) -> Place:
    """Compare one element of sound with the term's; the place after it, or -1."""
    page, cells, plain = ground.page, ground.cell, ground.plain
    kind = class_at_point(page, cells, plain[here])
    wanted = class_at_point(page, cells, ground.term[of])
    if plain[here] == ground.term[of] and kind == wanted and kind != LATIN:
        note_original(ground, notes, text, here, of)
        tally(notes, wanted, 0)
        note_rarity(ground, notes, plain[here], 0)
        return here + 1
    if wanted == HAN and kind == HAN:
        note_original(ground, notes, text, here, -1)
        tally(notes, wanted, _HOMOPHONE)
        notes[HOMOPHONES] += 1
        note_rarity(ground, notes, plain[here], _HOMOPHONE)
        return here + 1
    if kind != LATIN:
        return np.int64(-1)
    at = here
    while at < after and class_at_point(page, cells, plain[at]) == LATIN:
        if wanted == LATIN and plain[at] != ground.term[of + at - here]:
            return np.int64(-1)
        note_original(ground, notes, text, at, of + at - here if wanted == LATIN else -1)
        at += 1
    if wanted == HAN:
        notes[PINYINS] += 1
        notes[PINYIN_LETTERS] += at - here
        tally(notes, wanted, _PINYIN)
    elif wanted != LATIN:
        return np.int64(-1)
    return at
