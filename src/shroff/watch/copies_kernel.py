"""Which sets of shingles are near-copies: minimum hashes in bands, every pair verified."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from shroff.text.kernel_cache import kernel
from shroff.text.plain_kernel import Place

__all__ = ["BANDS", "HASHES", "Books", "jaccard_of", "join_copies", "root_of", "write_signatures"]

ROWS = 3
BANDS = 21
HASHES = ROWS * BANDS
_LEADERS = 8
_DOUBT = 12  # three standard errors of what minimum hashes say of a similarity of one half
_EMPTY = np.uint64(0xFFFFFFFFFFFFFFFF)
_MIX = np.uint64(0x9E3779B97F4A7C15)
_SHIFT = np.uint64(32)
_HALF = np.uint64(29)
_LOW = np.uint64(0xFFFFFFFF)
_MOST = np.uint32(0xFFFFFFFF)


class Books(NamedTuple):
    """Sets of shingles, no two alike.

    Attributes
    ----------
    shingle : array of uint32
        Shingles, those of each set sorted.
    begin, end : arrays of int64, shape (sets,)
        Where the shingles of each set are.
    """

    shingle: NDArray[np.uint32]
    begin: NDArray[np.int64]
    end: NDArray[np.int64]


@kernel
def write_signatures(
    books: Books, factors: NDArray[np.uint32], shifts: NDArray[np.uint32],
    signature: NDArray[np.uint32],
) -> None:  # fmt: skip
    """Write the minimum hashes of each set, an array of shape (sets, hashes)."""
    shingle = books.shingle
    for book in range(len(books.begin)):
        row = signature[book]
        for which in range(len(factors)):
            row[which] = _MOST
        for at in range(books.begin[book], books.end[book]):
            value = shingle[at]
            for which in range(len(factors)):
                row[which] = min(row[which], np.uint32(value * factors[which] + shifts[which]))


@kernel
def jaccard_of(books: Books, one: Place, other: Place) -> float:
    """Give the exact Jaccard similarity of two sets of shingles; 1 of two empty ones."""
    shingle = books.shingle
    first, second = books.begin[one], books.begin[other]
    first_end, second_end = books.end[one], books.end[other]
    total, both = (first_end - first) + (second_end - second), 0
    while first < first_end and second < second_end:
        left, right = shingle[first], shingle[second]
        both += left == right
        first += left <= right
        second += right <= left
    return 1.0 if total == 0 else both / (total - both)


@kernel
def _agree(signature: NDArray[np.uint32], one: Place, other: Place) -> int:
    """Count the minimum hashes that two sets share."""
    mine, theirs, same = signature[one], signature[other], 0
    for which in range(HASHES):
        same += mine[which] == theirs[which]
    return same


@kernel
def root_of(parent: NDArray[np.int32], book: Place) -> np.int32:
    """Find the set that stands for another, shortening the way."""
    at = np.int32(book)
    while parent[at] != at:
        parent[at] = parent[parent[at]]
        at = parent[at]
    return at


@kernel
def _band_key(signature: NDArray[np.uint32], book: Place, band: int) -> np.uint64:
    key = np.uint64(band)
    for row in range(ROWS):
        key = (key ^ np.uint64(signature[book, band * ROWS + row])) * _MIX
        key ^= key >> _HALF
    return key


@kernel
def _similar(
    books: Books, signature: NDArray[np.uint32], one: Place, other: Place, least: float
) -> bool:
    sizes = books.end[one] - books.begin[one], books.end[other] - books.begin[other]
    small, large = min(sizes), max(sizes)
    if small < least * large or _agree(signature, one, other) < HASHES * least - _DOUBT:
        return False
    return bool(jaccard_of(books, one, other) >= least)


@kernel
def join_copies(
    books: Books, signature: NDArray[np.uint32], least: float, exact_below: int,
    table: NDArray[np.uint64], parent: NDArray[np.int32],
) -> int:  # fmt: skip
    """Join the sets that are near-copies.

    Parameters
    ----------
    books : Books
        The sets.
    signature : array of uint32, shape (sets, hashes)
        Their minimum hashes.
    least : float
        Least Jaccard similarity, in (0, 1].
    exact_below : int
        Sets with fewer shingles than this are joined with none: too little to be like another.
    table : array of uint64
        Scratch; its length a power of two above the number of sets.
    parent : array of int32, shape (sets,)
        Each set's own place at first; then leads to the one that stands for it (`root_of`).

    Returns
    -------
    int
        Pairs verified.

    Notes
    -----
    Of the sets with one band key, the first stands for all that are like it; up to eight that are
    not like one another are kept, so that a crowded bucket costs what its size costs.
    """
    mask = np.uint64(len(table) - 1)
    verified = 0
    for band in range(BANDS):
        for place in range(len(table)):
            table[place] = _EMPTY
        for book in range(len(parent)):
            if books.end[book] - books.begin[book] < exact_below:
                continue
            key = _band_key(signature, book, band)
            slot, mark, met = key & mask, key & ~_LOW, 0
            while met < _LEADERS:
                entry = table[slot]
                if entry == _EMPTY:
                    table[slot] = mark | np.uint64(book)
                    break
                if entry & ~_LOW == mark:
                    leader = np.int64(entry & _LOW)
                    mine, theirs = root_of(parent, book), root_of(parent, leader)
                    if mine == theirs:
                        break
                    verified += 1
                    if _similar(books, signature, book, leader, least):
                        parent[max(mine, theirs)] = min(mine, theirs)
                        break
                    met += 1
                slot = (slot + np.uint64(1)) & mask
    return verified
