"""Many words at once in many texts: where each of up to 100,000 terms stands, exactly.

Texts and terms are code points. Of each term one *anchor* of up to six neighbouring code points (three,
where they are Han) is marked in a bit table small enough for the processor's cache.
A text is walked once: where the bit of the code points that begin here is set, the terms of that
bucket are compared code point by code point. The cost hardly grows with the number of terms, and
nothing is called back. Terms of one code point are found the same way; being common in texts they
cost what their hits cost.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from shroff.rules.suspect_kernel import (
    ANYWHERE,
    FIRSTS,
    LONGEST,
    OPENING,
    WIDE,
    Codes,
    TermIndex,
    hash_of,
    shift_of,
    suspects_among,
    suspects_in,
)
from shroff.text.kernel_cache import allocating_kernel, kernel

__all__ = ["Places", "TermHits", "code_points", "index_of_terms", "occurrences"]

Places: TypeAlias = tuple[NDArray[np.int32], NDArray[np.int64]]

_LEAST_BITS, _MOST_BITS = 12, 23
_MANY_FIRSTS = 0.02


@dataclass(frozen=True, slots=True)
class TermHits:
    """Where terms stand: one entry an occurrence, overlapping ones too, in the order of the texts.

    Parameters
    ----------
    text, term : arrays of int32
        Which text, which term.
    start, end : arrays of int64
        Place in the code points of all texts, end exclusive.
    """

    text: NDArray[np.int32]
    term: NDArray[np.int32]
    start: NDArray[np.int64]
    end: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.text)


def index_of_terms(
    codes: Codes, bounds: NDArray[np.int64], *, anchoring: NDArray[np.uint8] | None = None
) -> TermIndex:
    """Make terms ready to be looked for.

    Parameters
    ----------
    codes : array of uint32
        Code points of all terms, one term after the other.
    bounds : array of int64, shape (terms + 1,)
        Where each term begins. A term without code points is never found.
    anchoring : array of uint8, shape (terms,), optional
        Where the anchor of each may begin; anywhere unless said.

    Returns
    -------
    TermIndex
        The terms, in the same order.
    """
    terms = len(bounds) - 1
    bits = int(np.clip(np.ceil(np.log2(max(terms, 1) * 64)), _LEAST_BITS, _MOST_BITS))
    bucket_bits = max(bits - 5, 8)
    if anchoring is None:
        anchoring = np.full(terms, ANYWHERE, np.uint8)
    at, size, hashed = _anchors(codes, bounds, anchoring)
    kept = np.flatnonzero(size)
    order = kept[np.argsort(hashed[kept], kind="stable")]
    marks, heads = (
        _marked(hashed[order], bits),
        _marked(_heads(codes, bounds, at, size)[order], bits),
    )
    home = (hashed[order] >> np.uint64(64 - bucket_bits)).astype(np.int64)
    counts = np.bincount(home, minlength=1 << bucket_bits)
    first = codes[(bounds[:-1] + at)[order]] if len(order) else codes[:0]
    wide = first >= WIDE
    lengths = np.zeros((2, LONGEST + 1), np.bool_)
    lengths[wide.astype(np.int64), size[order]] = True
    firsts = np.zeros(FIRSTS, np.bool_)
    firsts[first & np.uint32(FIRSTS - 1)] = True
    firsts |= firsts.mean() > _MANY_FIRSTS
    return TermIndex(
        codes=codes,
        bounds=bounds,
        marks=marks,
        heads=heads,
        buckets=np.concatenate([[0], np.cumsum(counts)]).astype(np.int32),
        entries=np.column_stack(
            [hashed[order].view(np.int64), order, at[order], bounds[:-1][order], bounds[1:][order]]
        ),
        firsts=firsts,
        lengths=lengths,
        anchoring=anchoring,
    )


def _marked(hashed: NDArray[np.uint64], bits: int) -> NDArray[np.uint8]:
    """Set the bits of hashes in a table of so many bits, as a power of two."""
    marks = np.zeros(1 << (bits - 3), np.uint8)
    top = (hashed >> np.uint64(64 - bits)).astype(np.int64)
    np.bitwise_or.at(marks, top >> 3, (1 << (top & 7)).astype(np.uint8))
    return marks


def occurrences(
    index: TermIndex,
    codes: Codes,
    *,
    bounds: NDArray[np.int64],
    texts: NDArray[np.int64] | None = None,
    among: Places | None = None,
) -> TermHits:
    """Find every term wherever it stands.

    Parameters
    ----------
    index : TermIndex
        The terms.
    codes : array of uint32
        Code points of all texts, one text after the other.
    bounds : array of int64, shape (texts + 1,)
        Where each text begins.
    texts : array of int64, optional
        Texts to look at, in ascending order; all of them where none are named.
    among : tuple of arrays, optional
        Places where an anchor may begin, in order, and where those of each text begin in them; all
        places of `texts` where none are given.

    Returns
    -------
    TermHits
        Every occurrence.
    """
    texts = np.arange(len(bounds) - 1) if texts is None else texts
    if not len(index.entries) or not len(texts):
        none = np.zeros(0, np.int32)
        return TermHits(none, none, none.astype(np.int64), none.astype(np.int64))
    suspects = _suspected(index, codes, bounds, texts=texts, among=among)
    found, count = _compare(index, suspects, codes, bounds)
    found = found[:count]
    term = found[:, 1].astype(np.int32)
    length = index.bounds[1:] - index.bounds[:-1]
    return TermHits(found[:, 0].astype(np.int32), term, found[:, 2], found[:, 2] + length[term])


def _suspected(
    index: TermIndex,
    codes: Codes,
    bounds: NDArray[np.int64],
    *,
    texts: NDArray[np.int64],
    among: Places | None,
) -> NDArray[np.uint32]:
    room = len(codes) // 2 + 64
    while True:
        suspects = np.empty(room, np.uint32)
        if among is not None:
            count = suspects_among(index, codes, bounds, *among, suspects)
        else:
            count = suspects_in(index, codes, bounds, texts, suspects)
        if count >= 0:
            return suspects[:count]
        room *= 2


def code_points(terms: Sequence[str]) -> tuple[Codes, NDArray[np.int64]]:
    """Write texts as code points, one after the other, with where each begins."""
    codes = np.frombuffer("".join(terms).encode("utf-32-le", "surrogatepass"), np.uint32)
    return codes, np.concatenate([[0], np.cumsum([len(term) for term in terms])]).astype(np.int64)


@kernel
def _anchor_size(first: np.uint32, left: int) -> int:
    """Give the longest anchor of so many code points: six letters, four or fewer; three Han."""
    if first >= WIDE:
        return min(left, 3)
    return 6 if left >= 6 else min(left, 4)


@kernel
def _commonness(code: int) -> float:
    """Guess how often a code point stands in texts; only speed hangs on it."""
    if code == 32:
        return 0.18
    if 97 <= code <= 122:
        return 0.06 if code in (97, 101, 105, 110, 111, 114, 115, 116) else 0.02
    if code < 128:
        return 0.01
    return 0.004


@kernel
def _may_anchor(first: np.uint32, nth: int, anchoring: int) -> bool:
    """Say whether the anchor of a term may begin with its nth code point."""
    if anchoring == ANYWHERE or first >= WIDE:
        return True
    return anchoring == OPENING and nth == 0


@kernel
def _commonness_of(codes: Codes, place: int, size: int) -> float:
    common = 1.0
    for further in range(place, place + size):
        common *= _commonness(codes[further])
    return common


@allocating_kernel
def _anchors(
    codes: Codes, bounds: NDArray[np.int64], anchoring: NDArray[np.uint8]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.uint64]]:
    """Choose for each term the rarest of the longest stretches."""
    terms = len(bounds) - 1
    at = np.zeros(terms, np.int64)
    size = np.zeros(terms, np.int64)
    hashed = np.zeros(terms, np.uint64)
    for term in range(terms):
        low, high = bounds[term], bounds[term + 1]
        best, whole = 2.0, False
        for place in range(low, high):
            if not _may_anchor(codes[place], place - low, anchoring[term]):
                continue
            length = _anchor_size(codes[place], high - place)
            full = length == _anchor_size(codes[place], high - low)
            common = _commonness_of(codes, place, length)
            if (full and not whole) or (full == whole and common < best):
                best, whole = common, full
                at[term], size[term] = place - low, length
        if size[term]:
            hashed[term] = hash_of(codes, low + at[term], size[term])
    return at, size, hashed


@allocating_kernel
def _heads(
    codes: Codes, bounds: NDArray[np.int64], at: NDArray[np.int64], size: NDArray[np.int64]
) -> NDArray[np.uint64]:
    """Hash the beginnings of anchors: what `_suspects` looks up before it looks closer."""
    hashed = np.zeros(len(at), np.uint64)
    for term in range(len(at)):
        if size[term]:
            low = bounds[term] + at[term]
            most = 2 if codes[low] >= WIDE else 3
            hashed[term] = hash_of(codes, low, size[term] if size[term] < most else np.int64(most))
    return hashed


@kernel
def _stands(codes: Codes, at: int, terms: Codes, low: int, high: int) -> bool:
    place = low
    while place < high and codes[at + place - low] == terms[place]:
        place += 1
    return place == high


@allocating_kernel
def _compare(
    index: TermIndex, suspects: NDArray[np.uint32], codes: Codes, bounds: NDArray[np.int64]
) -> tuple[NDArray[np.int64], int]:
    """Compare the terms of each suspect's bucket with the text around it."""
    terms, buckets, entries = index.codes, index.buckets, index.entries
    found = np.empty((len(suspects) + 16, 3), np.int64)
    count, text = 0, 0
    shift = shift_of(len(buckets) - 1)
    for suspect in suspects:
        place = np.int64(suspect >> np.uint32(3))
        while bounds[text + 1] <= place:
            text += 1
        hashed = hash_of(codes, place, np.int64(suspect & np.uint32(7)))
        home = np.uint64(hashed >> shift)
        for entry in range(np.uint64(buckets[home]), np.uint64(buckets[home + np.uint64(1)])):
            if np.uint64(entries[entry, 0]) != hashed:
                continue
            low, high = entries[entry, 3], entries[entry, 4]
            start = place - entries[entry, 2]
            if start < bounds[text] or start + high - low > bounds[text + 1]:
                continue
            if _stands(codes, start, terms, low, high):
                if count == len(found):
                    larger = np.empty((2 * count, 3), np.int64)
                    larger[:count] = found
                    found = larger
                found[count, 0], found[count, 1], found[count, 2] = text, entries[entry, 1], start
                count += 1
    return found, count
