"""Where terms may stand: the stretches of a text that a bit table of their anchors marks."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from shroff.text.kernel_cache import kernel

__all__ = [
    "ANYWHERE",
    "FIRSTS",
    "LONGEST",
    "OPENING",
    "WIDE",
    "WITHIN",
    "Codes",
    "TermIndex",
    "hash_of",
    "shift_of",
    "suspects_among",
    "suspects_in",
]

Codes = NDArray[np.uint32]

WIDE = 0x2E80
"""From this code point on two say as much as four letters."""
LONGEST = 6
"""Most code points of an anchor."""
FIRSTS = 4096
"""Entries of the table of first code points."""

ANYWHERE, OPENING, WITHIN = 0, 1, 2
"""Any place of a term; its first or a wide code point; a wide code point only."""

_K1 = np.uint64(0x9E3779B97F4A7C15)
_K2 = np.uint64(0xC2B2AE3D27D4EB4F)
_K3 = np.uint64(0x165667B19E3779F9)
_K4 = np.uint64(0xD6E8FEB86659FD93)
_K5, _K6 = np.uint64(0xA0761D6478BD642F), np.uint64(0xE7037ED1A0B428DB)
_S1, _S3, _S4 = (
    np.uint64(0x5851F42D4C957F2D),
    np.uint64(0x14057B7EF767814F),
    np.uint64(0x8EBC6AF09C88C6E3),
)
_LOW = np.uint32(FIRSTS - 1)
_ONE, _TWO, _THREE, _FIVE = np.uint64(1), np.uint64(2), np.uint64(3), np.uint64(5)
_SEVEN = np.uint64(7)


class TermIndex(NamedTuple):
    """Terms made ready for `occurrences`.

    Parameters
    ----------
    codes : array of uint32
        Code points of all terms, one term after the other.
    bounds : array of int64, shape (terms + 1,)
        Where each term begins in `codes`.
    marks : array of uint8
        Bit table of anchors.
    heads : array of uint8
        Bit table of as much of each anchor as is looked up first: three letters, two Han.
    buckets : array of int32
        First entry of each bucket.
    entries : array of int64, shape (entries, 5)
        By bucket: the bits of the anchor's hash, the term, where in it the anchor begins, and where
        the term begins and ends in `codes`.
    firsts : array of bool, shape (4096,)
        For the low bits of a code point whether an anchor may begin with it; all, where many may.
    lengths : array of bool, shape (2, 7)
        Which lengths of anchors occur, of those that begin with a letter and with a wide code point.
    anchoring : array of uint8, shape (terms,)
        Where the anchor of each term may begin: `ANYWHERE`, `OPENING` or `WITHIN`.
    """

    codes: Codes
    bounds: NDArray[np.int64]
    marks: NDArray[np.uint8]
    heads: NDArray[np.uint8]
    buckets: NDArray[np.int32]
    entries: NDArray[np.int64]
    firsts: NDArray[np.bool_]
    lengths: NDArray[np.bool_]
    anchoring: NDArray[np.uint8]

    @property
    def terms(self) -> int:
        """How many terms there are, empty ones counted."""
        return len(self.bounds) - 1


@kernel
def hash_of(codes: Codes, at: np.int64, size: np.int64) -> np.uint64:
    """Hash an anchor."""
    hashed = np.uint64(codes[at]) * _K1
    if size == 1:
        return np.uint64(hashed + _S1) * _K2
    hashed += np.uint64(codes[at + 1]) * _K2
    if size == 2:
        return hashed
    hashed += np.uint64(codes[at + 2]) * _K3
    if size == 3:
        return hashed + _S3
    hashed += np.uint64(codes[at + 3]) * _K4
    if size == 4:
        return hashed + _S4
    return hashed + np.uint64(codes[at + 4]) * _K5 + np.uint64(codes[at + 5]) * _K6


@kernel
def shift_of(size: int) -> np.uint64:
    """Give how many low bits of a hash are left out to choose one of so many."""
    shift = np.uint64(64)
    while (1 << (np.uint64(64) - shift)) < size:
        shift -= np.uint64(1)
    return shift


@kernel
def _bit(table: NDArray[np.uint8], top: np.uint64) -> np.uint64:
    return np.uint64((table[top >> _THREE] >> (top & _SEVEN)) & 1)


@kernel
def _note(
    index: TermIndex,
    top: np.uint64,
    here: np.uint32,
    suspects: NDArray[np.uint32],
    count: np.uint64,
) -> np.uint64:
    """Write a suspect down, and keep it if it is marked: no branch hangs on what is found."""
    suspects[count] = here
    return count + _bit(index.marks, top)


@kernel
def _at_han(
    index: TermIndex,
    codes: Codes,
    place: np.uint64,
    left: np.uint64,
    shift: np.uint64,
    suspects: NDArray[np.uint32],
    count: np.uint64,
) -> np.uint64:
    """Note the anchors that may begin with a Han character; how many suspects there are then."""
    sizes, here = index.lengths[1], np.uint32(place << _THREE)
    hashed = np.uint64(codes[place]) * _K1
    if sizes[1]:
        top = ((hashed + _S1) * _K2) >> shift
        count = _note(index, top, here | np.uint32(1), suspects, count)
    if left < _TWO:
        return count
    hashed += np.uint64(codes[place + _ONE]) * _K2
    if not _bit(index.heads, hashed >> shift):
        return count
    if sizes[2]:
        count = _note(index, hashed >> shift, here | np.uint32(2), suspects, count)
    if sizes[3] and left > _TWO:
        hashed += np.uint64(codes[place + _TWO]) * _K3
        count = _note(index, (hashed + _S3) >> shift, here | np.uint32(3), suspects, count)
    return count


@kernel
def _at_letter(
    index: TermIndex,
    codes: Codes,
    place: np.uint64,
    left: np.uint64,
    shift: np.uint64,
    suspects: NDArray[np.uint32],
    count: np.uint64,
) -> np.uint64:
    """Note the anchors that may begin with a letter; how many suspects there are then."""
    sizes, here = index.lengths[0], np.uint32(place << _THREE)
    hashed = np.uint64(codes[place]) * _K1
    if sizes[1]:
        top = ((hashed + _S1) * _K2) >> shift
        count = _note(index, top, here | np.uint32(1), suspects, count)
    if left < _TWO:
        return count
    hashed += np.uint64(codes[place + _ONE]) * _K2
    if sizes[2]:
        count = _note(index, hashed >> shift, here | np.uint32(2), suspects, count)
    if left < _THREE:
        return count
    hashed += np.uint64(codes[place + _TWO]) * _K3
    top = (hashed + _S3) >> shift
    if not _bit(index.heads, top):
        return count
    if sizes[3]:
        count = _note(index, top, here | np.uint32(3), suspects, count)
    if left == _THREE:
        return count
    hashed += np.uint64(codes[place + _THREE]) * _K4
    if sizes[4]:
        count = _note(index, (hashed + _S4) >> shift, here | np.uint32(4), suspects, count)
    if sizes[6] and left > _FIVE:
        hashed += np.uint64(codes[place + np.uint64(4)]) * _K5
        hashed += np.uint64(codes[place + _FIVE]) * _K6
        count = _note(index, hashed >> shift, here | np.uint32(6), suspects, count)
    return count


@kernel
def suspects_in(
    index: TermIndex,
    codes: Codes,
    bounds: NDArray[np.int64],
    texts: NDArray[np.int64],
    suspects: NDArray[np.uint32],
) -> np.int64:
    """Write down where a marked stretch begins and how long it is (in the three lowest bits).

    Returns
    -------
    int
        How many there are, -1 if there is no room for all.
    """
    shift, firsts = shift_of(len(index.marks) * 8), index.firsts
    count = np.uint64(0)
    room = np.uint64(max(len(suspects) - 8, 0))
    for text in texts:
        high = np.uint64(bounds[text + 1])
        place = np.uint64(bounds[text])
        while place < high:
            if count >= room:
                return np.int64(-1)
            first = codes[place]
            if firsts[first & _LOW]:
                if first >= WIDE:
                    count = _at_han(index, codes, place, high - place, shift, suspects, count)
                else:
                    count = _at_letter(index, codes, place, high - place, shift, suspects, count)
            place += _ONE
    return np.int64(count)


@kernel
def suspects_among(
    index: TermIndex,
    codes: Codes,
    bounds: NDArray[np.int64],
    places: NDArray[np.int32],
    places_at: NDArray[np.int64],
    suspects: NDArray[np.uint32],
) -> np.int64:
    """Do the same at some places of each text only; they are in order."""
    shift, firsts = shift_of(len(index.marks) * 8), index.firsts
    count = np.uint64(0)
    room = np.uint64(max(len(suspects) - 8, 0))
    for text in range(len(bounds) - 1):
        high = np.uint64(bounds[text + 1])
        for nth in range(np.uint64(places_at[text]), np.uint64(places_at[text + 1])):
            if count >= room:
                return np.int64(-1)
            place = np.uint64(places[nth])
            first = codes[place]
            if firsts[first & _LOW]:
                if first >= WIDE:
                    count = _at_han(index, codes, place, high - place, shift, suspects, count)
                else:
                    count = _at_letter(index, codes, place, high - place, shift, suspects, count)
    return np.int64(count)
