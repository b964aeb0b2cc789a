"""In how many ads, of how many advertisers, does each phrase occur: now, and in a background?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shroff.watch.gram_kernel import (
    CountTable,
    Sums,
    Texts,
    count_level,
    find_grams,
    mark_level,
    put_keys,
    rehash,
    tally,
)
from shroff.watch.token_stream import TokenStream

__all__ = ["GramTable", "Occurrences", "frequent_grams", "gram_table", "occurrences"]

Names = NDArray[np.uint64]

LONGEST = 6
_LEAST_BITS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class GramTable:
    """Counts of phrases.

    Parameters
    ----------
    name : array of uint64, shape (phrases,)
        Hash of each.
    size : array of uint8, shape (phrases,)
        Its tokens.
    texts : array of int32, shape (phrases, groups)
        Texts of each group with the phrase.
    owners : array of int32, shape (phrases, groups)
        Advertisers of these texts.
    squares : array, shape (phrases, groups)
        Sum of the squares of each advertiser's texts with the phrase.
    expected : array, shape (phrases, comparisons)
        Sum, over texts with the phrase, of a text's chance of being of the first group.
    """

    name: Names
    size: NDArray[np.uint8]
    texts: NDArray[np.int32]
    owners: NDArray[np.int32]
    squares: NDArray[np.float64]
    expected: NDArray[np.float64]

    def __len__(self) -> int:
        """Count the phrases."""
        return len(self.name)


def frequent_grams(
    stream: TokenStream, rows: NDArray[np.intp], *, least: int
) -> tuple[Names, NDArray[np.uint8]]:
    """Find the phrases that occur in enough of some texts.

    Parameters
    ----------
    stream : TokenStream
        All texts.
    rows : array of int
        Which texts count.
    least : int
        Texts that a phrase must be in, at least 1.

    Returns
    -------
    tuple of arrays
        Name of each phrase and how many tokens it has: up to six characters of a script without
        spaces, four words, or as much of both. None goes over the end of a clause.

    Notes
    -----
    Level by level: a phrase can only be in that many texts where the phrases of one token less are,
    at its beginning and at its end (Agrawal and Srikant, VLDB 1994).
    """
    order = np.asarray(rows, np.int64)
    longest = np.zeros(len(stream.tokens), np.uint8)
    names: list[Names] = []
    sizes: list[NDArray[np.uint8]] = []
    for level in range(1, LONGEST + 1):
        keys, counts = _counted(stream, order, longest, level)
        kept = (counts >= least) & (keys != 0)
        names.append(keys[kept])
        sizes.append(np.full(len(names[-1]), level, np.uint8))
        if not mark_level(stream.tokens, stream.at, order, longest, level, least, keys, counts):
            break
    return np.concatenate(names), np.concatenate(sizes)


def _counted(
    stream: TokenStream, order: NDArray[np.int64], longest: NDArray[np.uint8], level: int
) -> tuple[Names, NDArray[np.int32]]:
    """Count one level in a table that grows."""
    most = int(np.diff(stream.at)[order].max(initial=0)) if len(order) else 0
    size = 1 << max(_LEAST_BITS, (4 * most).bit_length())
    table, done = _empty(size), np.zeros(2, np.int64)
    while count_level(stream.tokens, stream.at, order, done, longest, level, table) < len(order):
        size *= 4
        larger = _empty(size)
        rehash(table, larger)
        table = larger
    return table.keys, table.counts


def _empty(size: int) -> CountTable:
    return CountTable(
        np.zeros(size, np.uint64), np.zeros(size, np.int32), np.full(size, -1, np.int32)
    )


def _numbered(name: Names, number: NDArray[np.int32]) -> tuple[Names, NDArray[np.int32]]:
    """Make a table that gives the number of each name."""
    size = 1 << max(_LEAST_BITS, (2 * len(name)).bit_length())
    keys, places = np.zeros(size, np.uint64), np.zeros(size, np.int32)
    put_keys(name, keys, places)
    return keys, np.append(number, np.int32(-1))[places]


def gram_table(
    stream: TokenStream,
    *,
    group: NDArray[np.uint8],
    owner: NDArray[np.int32],
    chance: NDArray[np.float64],
    least: int,
    groups: int = 2,
) -> GramTable:
    """Count every phrase that occurs in enough texts of the first group.

    Parameters
    ----------
    stream : TokenStream
        Texts.
    group : array of uint8, shape (texts,)
        Group of each, from 0.
    owner : array of int32, shape (texts,)
        Whose it is, from 0.
    chance : array, shape (texts, comparisons)
        Chance that a text of its kind is of the first group, for each comparison; 0 where it does
        not take part.
    least : int
        Texts of the first group that a phrase must be in.
    groups : int
        Groups that there are.

    Returns
    -------
    GramTable
        The counts.
    """
    order = np.argsort(owner, kind="stable").astype(np.int64)
    name, size = frequent_grams(stream, order[group[order] == 0], least=least)
    keys, number = _numbered(name, np.arange(len(name), dtype=np.int32))
    shape = len(name), groups
    table = GramTable(
        name=name,
        size=size,
        texts=np.zeros(shape, np.int32),
        owners=np.zeros(shape, np.int32),
        squares=np.zeros(shape),
        expected=np.zeros((len(name), chance.shape[1])),
    )
    seen = np.full((len(name), 1 + 2 * groups), -1, np.int32)
    ads = Texts(stream.tokens, stream.at, group, owner, np.ascontiguousarray(chance))
    sums = Sums(seen, table.texts, table.owners, table.squares, table.expected)
    tally(ads, order, keys, number, sums)
    return table


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrences:
    """Where phrases occur first in each text.

    Parameters
    ----------
    gram, text, first, size : arrays of int32, shape (occurrences,)
        Phrase, text, its first token counted from the text's, its tokens.
    before, after : array of uint64, shape (occurrences,)
        Tokens beside it; 0 at the end of a clause.
    """

    gram: NDArray[np.int32]
    text: NDArray[np.int32]
    first: NDArray[np.int32]
    size: NDArray[np.int32]
    before: Names
    after: Names


def occurrences(
    stream: TokenStream, table: GramTable, chosen: NDArray[np.intp], *, rows: NDArray[np.intp]
) -> Occurrences:
    """Find chosen phrases of a table again.

    Parameters
    ----------
    stream : TokenStream
        The texts that were counted.
    table : GramTable
        Their phrases.
    chosen : array of int
        Which phrases.
    rows : array of int
        In which texts.

    Returns
    -------
    Occurrences
        The first occurrence of each in each text, in the order of ``rows``.
    """
    number = np.full(len(table), -1, np.int32)
    number[chosen] = np.arange(len(chosen), dtype=np.int32)
    keys, numbers = _numbered(table.name, number)
    most = int(table.texts[chosen].sum())
    found, beside = np.empty((most, 4), np.int32), np.empty((most, 2), np.uint64)
    seen = np.full(len(chosen), -1, np.int32)
    many = find_grams(
        stream.tokens, stream.at, np.asarray(rows, np.int64), keys, numbers, seen, found, beside
    )
    return Occurrences(
        gram=found[:many, 0],
        text=found[:many, 1],
        first=found[:many, 2],
        size=found[:many, 3],
        before=beside[:many, 0],
        after=beside[:many, 1],
    )
