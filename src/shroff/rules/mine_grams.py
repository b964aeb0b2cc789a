"""Every phrase of a text, as hashes: which occur often among ads that violate, and where."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numba
import numpy as np
from numpy.typing import NDArray

from shroff.rules.mine_tokens import LETTERS, MONEY, NUMBER, UNSPACED, Tokens, tokens_of

__all__ = ["ANY", "EXACT", "SIZED", "Grams", "Tally", "blocks", "grams_of", "tally_grams"]

EXACT, ANY, SIZED = 0, 1, 2
"""Whether numbers of a phrase stand for themselves, for any number, or for any of so many digits."""

_BUDGET = 12  # six Han characters, four words
_COST_UNSPACED, _COST_WORD = 2, 3
_MOST_TOKENS = 6
_BLOCK = 4_096
_START = np.uint64(0x8422_2325_CBF2_9CE4)
_MULTIPLY = np.uint64(0xD6E8FEB86659FD93)
_SHIFT = np.uint64(31)
_LEAST_BITS, _MOST_BITS = 16, 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Grams:
    """Occurrences of phrases in a block of texts.

    Parameters
    ----------
    name : array of uint64, shape (occurrences,)
        Hash of the phrase.
    form : array of uint8, shape (occurrences,)
        ``EXACT``, ``ANY`` or ``SIZED``.
    first, last : array of int32, shape (occurrences,)
        Its tokens, both included.
    tokens : Tokens
        The tokens of the block.
    """

    name: NDArray[np.uint64]
    form: NDArray[np.uint8]
    first: NDArray[np.int32]
    last: NDArray[np.int32]
    tokens: Tokens

    @property
    def row(self) -> NDArray[np.int32]:
        """Text of each occurrence, counted from the first of the block."""
        return self.tokens.row[self.first]


def grams_of(texts: Sequence[str]) -> Grams:
    """List every phrase of up to four words or six Han characters.

    Parameters
    ----------
    texts : sequence of str
        Texts as they were written.

    Returns
    -------
    Grams
        Occurrences, text by text. No phrase begins or ends within a word or goes over the end of
        a clause.
    """
    tokens = tokens_of(texts)
    room = len(tokens) * _MOST_TOKENS * 3
    name, place = _walk(
        tokens.kind,
        tokens.glued,
        tokens.apart,
        np.stack([tokens.name, tokens.any_name, tokens.sized_name]),
        room,
    )
    return Grams(
        name=name,
        form=place[0].astype(np.uint8),
        first=place[1],
        last=place[2],
        tokens=tokens,
    )


def blocks(
    texts: Sequence[str], rows: NDArray[np.intp]
) -> Iterator[tuple[NDArray[np.intp], Grams]]:
    """Give the phrases of chosen texts, a few thousand texts at a time.

    Parameters
    ----------
    texts : sequence of str
        All texts.
    rows : array of int
        Which, in the order wanted.

    Yields
    ------
    array of int, Grams
        The texts of a block, and their phrases.
    """
    for begin in range(0, len(rows), _BLOCK):
        part = rows[begin : begin + _BLOCK]
        yield part, grams_of([texts[int(row)] for row in part])


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """In how many texts phrases occur, by the lower bits of their hashes.

    Parameters
    ----------
    violating, other : array of int32, shape (2**bits,)
        Texts that violate, and others.
    groups : array of int32, shape (2**bits,)
        Groups of texts that violate, where texts came group by group.
    """

    violating: NDArray[np.int32]
    other: NDArray[np.int32]
    groups: NDArray[np.int32]

    def place(self, name: NDArray[np.uint64]) -> NDArray[np.intp]:
        """Find the bucket of each phrase."""
        return (name & np.uint64(len(self.violating) - 1)).astype(np.intp)


def tally_grams(
    texts: Sequence[str],
    rows: NDArray[np.intp],
    *,
    violating: NDArray[np.bool_],
    group: NDArray[np.intp],
) -> Tally:
    """Count in how many texts each phrase occurs, in memory that the texts do not change.

    Parameters
    ----------
    texts : sequence of str
        All texts.
    rows : array of int
        Which to count, those of a group together.
    violating : array of bool, shape (texts,)
        Which texts violate.
    group : array of int, shape (texts,)
        Whose each text is.

    Returns
    -------
    Tally
        Counts; phrases whose hashes share their lower bits are counted together.
    """
    bits = int(np.clip(np.ceil(np.log2(max(len(rows), 1) * 64)), _LEAST_BITS, _MOST_BITS))
    size = 1 << bits
    counts = np.zeros((3, size), np.int32)
    seen = np.full((2, size), -1, np.int32)
    for part, grams in blocks(texts, rows):
        _count(grams.name, grams.row, part, violating[part], group[part], counts, seen)
    return Tally(violating=counts[0], other=counts[1], groups=counts[2])


@numba.njit(cache=True, nogil=True)
def _count(
    name: NDArray[np.uint64],
    row: NDArray[np.int32],
    part: NDArray[np.intp],
    violating: NDArray[np.bool_],
    group: NDArray[np.intp],
    counts: NDArray[np.int32],
    seen: NDArray[np.int32],
) -> None:
    mask = np.uint64(counts.shape[1] - 1)
    for at in range(len(name)):
        bucket, text = np.int64(name[at] & mask), part[row[at]]
        if seen[0, bucket] == text:
            continue
        seen[0, bucket] = text
        if not violating[row[at]]:
            counts[1, bucket] += 1
            continue
        counts[0, bucket] += 1
        if seen[1, bucket] != group[row[at]]:
            seen[1, bucket] = group[row[at]]
            counts[2, bucket] += 1


@numba.njit(cache=True, nogil=True)
def _longer(hashed: np.uint64, name: np.uint64) -> np.uint64:
    hashed = (hashed ^ name) * _MULTIPLY
    return hashed ^ (hashed >> _SHIFT)


@numba.njit(cache=True, nogil=True)
def _meant(form: int, numbers: int, money: int, words: int) -> bool:
    """Tell whether a phrase is worth a name of this form."""
    if form == EXACT:
        return money == 0
    return numbers > 0 and (form == SIZED or words + money > 0)


@numba.njit(cache=True, nogil=True)
def _walk(
    kind: NDArray[np.uint8],
    glued: NDArray[np.bool_],
    apart: NDArray[np.bool_],
    names: NDArray[np.uint64],
    room: int,
) -> tuple[NDArray[np.uint64], NDArray[np.int32]]:
    """Give the name of each occurrence, and its form, first and last token."""
    found = np.empty(room, np.uint64)
    place = np.empty((3, room), np.int32)
    hashed = np.empty(3, np.uint64)
    count, size = 0, len(kind)
    for begin in range(size):
        if glued[begin]:
            continue
        for form in range(3):
            hashed[form] = _START + np.uint64(form)
        spent, numbers, money, words = 0, 0, 0, 0
        for at in range(begin, size):
            spent += _COST_UNSPACED if kind[at] == UNSPACED else _COST_WORD
            if spent > _BUDGET or (at > begin and apart[at]):
                break
            numbers += kind[at] == NUMBER
            money += kind[at] == MONEY
            words += kind[at] in (LETTERS, UNSPACED)
            for form in range(3):
                hashed[form] = _longer(hashed[form], names[form, at])
            if at + 1 < size and glued[at + 1]:
                continue
            for form in range(3):
                if not _meant(form, numbers, money, words):
                    continue
                found[count] = hashed[form]
                place[0, count], place[1, count], place[2, count] = form, begin, at
                count += 1
    return found[:count].copy(), place[:, :count].copy()
