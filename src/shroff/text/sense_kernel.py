"""What is too little to be a disguise, or means something itself."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from shroff.text.evasion import Evasion
from shroff.text.everyday_han import SPREAD
from shroff.text.ground_kernel import BITS, HANS, LETTERS, Ground
from shroff.text.kernel_cache import kernel
from shroff.text.plain_kernel import Place

__all__ = ["form_plausible"]

_NUMERALS, _TRAD, _SEPARATOR = int(Evasion.NUMERALS), int(Evasion.TRAD), int(Evasion.SEPARATOR)
_HOMOPHONE, _LOOKALIKE = int(Evasion.HOMOPHONE), int(Evasion.LOOKALIKE_HAN)
_SPREAD = np.uint64(SPREAD)


@kernel
def form_plausible(
    ground: Ground, notes: NDArray[np.int64], text: Place, first: Place, last: Place, form: Place
) -> bool:
    """Say whether so little a term, or so much of a word, can be meant by what is there."""
    low, bits = ground.term_at[form], notes[BITS]
    size = ground.term_at[form + 1] - low
    if size == 1:  # 干 is not 幹, 7 is not 七
        own = np.int64(ground.term_how[low])
        return not (bits & _NUMERALS or bits & own & _TRAD)
    if size <= 3 and notes[HANS] == 0 and notes[LETTERS] == 0 and bits & _SEPARATOR:
        return False  # 1.3 is not 13
    if bits & (_HOMOPHONE | _LOOKALIKE) == 0 or last + 1 - first != notes[HANS]:
        return True
    if size == 2 and _cuts_word(ground, text, first, last, low):
        return False  # 裸聊 is not in 网络聊天
    return not _is_everyday(ground, first, last)


@kernel
def _cuts_word(ground: Ground, text: Place, first: Place, last: Place, low: Place) -> bool:
    """Say whether what stands for a character of a term of two is half of a word beside it."""
    swapped = ground.plain[first] != ground.term[low]
    if swapped and first > ground.plain_at[text] and _is_everyday(ground, first - 1, first):
        return True
    beyond = last + 1 < ground.plain_at[text + 1]
    return bool(
        beyond
        and ground.plain[last] != ground.term[low + 1]
        and _is_everyday(ground, last, last + 1)
    )


@kernel
def _is_everyday(ground: Ground, first: Place, last: Place) -> bool:
    """Say whether Han characters are a word that everyone writes."""
    words, key = ground.everyday, np.uint64(0)
    for place in range(first, last + 1):
        key = key * _SPREAD + np.uint64(ground.plain[place])
    low, high = 0, len(words)
    while low < high:
        middle = (low + high) >> 1
        if words[middle] < key:
            low = middle + 1
        else:
            high = middle
    return bool(low < len(words) and words[low] == key)
