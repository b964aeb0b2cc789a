"""Where words and numbers end: at the edges of a term, and of letters that are written apart."""

from __future__ import annotations

import numpy as np

from shroff.text.characters import DIGIT, HAN, LATIN, OTHER
from shroff.text.ground_kernel import Ground, class_at_point
from shroff.text.kernel_cache import kernel
from shroff.text.plain_kernel import Place

__all__ = ["AUTO", "PART", "WHOLE", "beside_other", "edges_hold", "goes_on", "is_word"]

AUTO, WHOLE, PART = 0, 1, 2

_UNDERSCORE = 0x5F
_WORDY = 1 << LATIN | 1 << DIGIT
_LETTERS = _WORDY | 1 << HAN | 1 << OTHER


@kernel
def is_word(ground: Ground, place: Place, text: Place) -> bool:
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
def _is_of_words(ground: Ground, point: np.uint32, word: Place) -> bool:
    """Say whether words are made of a code point: of ASCII's, or of all letters where they count."""
    if point == _UNDERSCORE:
        return True
    kind = class_at_point(ground.page, ground.cell, point)
    return bool(((_LETTERS if word == WHOLE else _WORDY) >> kind) & 1)


@kernel
def _goes_beyond(ground: Ground, text: Place, place: Place, word: Place) -> bool:
    """Say whether the word that ends at a place of a text goes on there."""
    if place < ground.plain_at[text] or place >= ground.plain_at[text + 1]:
        return False
    return _is_of_words(ground, ground.plain[place], word)


@kernel
def edges_hold(
    ground: Ground, text: Place, first: Place, last: Place, form: Place, word: Place
) -> bool:
    """Say whether the word ends where the term does."""
    if word == PART:
        return True
    if _cuts_number(ground, text, first, -1) or _cuts_number(ground, text, last, 1):
        return False
    opens = ground.term[ground.term_at[form]]
    closes = ground.term[ground.term_at[form + 1] - 1]
    if _is_of_words(ground, opens, word) and _goes_beyond(ground, text, first - 1, word):
        return False
    return not (_is_of_words(ground, closes, word) and _goes_beyond(ground, text, last + 1, word))


@kernel
def _stands_alone(ground: Ground, text: Place, place: Place, step: Place) -> bool:
    """Say whether a letter at a place has no word character further on."""
    return is_word(ground, place, text) and not is_word(ground, place + step, text)


@kernel
def goes_on(ground: Ground, text: Place, first: Place, last: Place) -> bool:
    """Say whether letters written apart go on beyond the term, as in ``c l a s s``."""
    gap = ground.plain[last + 1] if last + 1 < ground.plain_at[text + 1] else np.uint32(0)
    if gap and not is_word(ground, last - 1, text) and _stands_alone(ground, text, last + 2, 1):
        after = ground.plain[last + 2]
        return not (_is_word_alone(after) and not _stands_alone(ground, text, last + 4, 1))
    if is_word(ground, first + 1, text) or first - 1 < ground.plain_at[text]:
        return False
    if not _stands_alone(ground, text, first - 2, -1):
        return False
    return not _is_word_alone(ground.plain[first - 2])


@kernel
def _is_word_alone(point: np.uint32) -> bool:
    """Say whether a single letter is a word: a, i, or a digit."""
    return bool(point <= 0x61 or point - 0x69 == 0)


@kernel
def beside_other(ground: Ground, text: Place, place: Place) -> bool:
    """Say whether a place is beyond a text, or no Han character stands there."""
    if place < ground.plain_at[text] or place >= ground.plain_at[text + 1]:
        return True
    return class_at_point(ground.page, ground.cell, ground.plain[place]) != HAN
