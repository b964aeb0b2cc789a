"""Latin words with a letter masked, dropped or exchanged with its neighbour."""

from __future__ import annotations

import re
from collections.abc import Iterator

from shroff.text.everyday_latin import EVERYDAY

__all__ = ["MASK", "masked_forms", "misspelled_forms"]

MASK = "\ufffc"
"""In a form: a sign or an emoji must be here, in place of a letter."""

_WORD = re.compile(r"[A-Za-z]+")
_LATIN_ONLY = re.compile(r"[A-Za-z' -]+")
_MASKED_LEAST = 4
_DROPPED_LEAST = 5
_EXCHANGED_LEAST = 4
_LONGEST = 40


def masked_forms(term: str) -> Iterator[str]:
    """Mask one inner letter of a word of four or more.

    Parameters
    ----------
    term : str
        A word or phrase in Latin letters; others have no such forms.

    Yields
    ------
    str
        Such as ``f\ufffcee`` and ``fr\ufffce`` of ``free``.
    """
    for low, high in _words(term, least=_MASKED_LEAST):
        for place in range(low + 1, high - 1):
            yield term[:place] + MASK + term[place + 1 :]


def misspelled_forms(term: str) -> Iterator[str]:
    """Drop an inner letter of a word of five or more, or exchange two of four or more.

    Parameters
    ----------
    term : str
        A word or phrase in Latin letters; others have no such forms.

    Yields
    ------
    str
        Such as ``casno`` and ``caisno`` of ``casino``; the first letter stays, and no word becomes
        another that everyone writes.
    """
    for low, high in _words(term, least=_EXCHANGED_LEAST):
        for word in dict.fromkeys(_faults(term[low:high])):
            if word.casefold() not in EVERYDAY and word != term[low:high]:
                yield term[:low] + word + term[high:]


def _faults(word: str) -> Iterator[str]:
    if len(word) >= _DROPPED_LEAST:
        yield from (word[:place] + word[place + 1 :] for place in range(1, len(word) - 1))
    for place in range(1, len(word) - 1):
        yield word[:place] + word[place + 1] + word[place] + word[place + 2 :]


def _words(term: str, *, least: int) -> Iterator[tuple[int, int]]:
    """Find the words that are long enough: where each begins and ends."""
    if len(term) > _LONGEST or not _LATIN_ONLY.fullmatch(term):
        return
    for word in _WORD.finditer(term):
        if word.end() - word.start() >= least:
            yield word.start(), word.end()
