"""Which texts are near-copies of one another, whatever their disguises and numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from shroff.errors import ConfigError, DataError
from shroff.text.text_views import ViewReader, pieces
from shroff.watch.copies_kernel import HASHES, Books, join_copies, write_signatures
from shroff.watch.passage_kernel import PASSAGE, WHOLE, Passages, Shelf, write_passages

__all__ = [
    "EXACT_BELOW",
    "LEAST_ALIKE",
    "CopyIndex",
    "NearCopies",
    "grouped_texts",
    "near_copies",
]

LEAST_ALIKE = 0.5
"""Jaccard similarity of shingles from which texts are near-copies."""

EXACT_BELOW = 8
"""Texts with fewer shingles are copies only of texts that say exactly the same."""

_SALT = np.random.default_rng(20_261_123)
_FACTORS = _SALT.integers(1, 2**31, HASHES, dtype=np.uint32) * np.uint32(2) + np.uint32(1)
_SHIFTS = _SALT.integers(0, 2**32, HASHES, dtype=np.uint32)
_MOST_PASSAGES = 2**31 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class NearCopies:
    """Texts, or their passages, in sets of near-copies.

    Parameters
    ----------
    row : array of int64, shape (passages,)
        Text of each passage, counted over all batches.
    group : array of int32, shape (passages,)
        Set of near-copies it belongs to, from 0.
    wording : array of int32, shape (passages,)
        Number of what it says: equal where folded texts are equal.
    first, last : arrays of int32, shape (passages,)
        First and last code point of the passage in the plain view of its text.
    key : array of uint64, shape (wordings,)
        Hash of each wording, the same in every run.
    wordings, groups : int
        How many there are.
    verified : int
        Pairs of wordings whose similarity was computed.
    """

    row: NDArray[np.int64]
    group: NDArray[np.int32]
    wording: NDArray[np.int32]
    first: NDArray[np.int32]
    last: NDArray[np.int32]
    key: NDArray[np.uint64]
    wordings: int
    groups: int
    verified: int

    def __len__(self) -> int:
        """Count the passages."""
        return len(self.row)


@dataclass(slots=True)
class CopyIndex:
    """Takes texts batch by batch and then tells which are near-copies.

    Parameters
    ----------
    least : float
        Jaccard similarity from which two texts are near-copies, in (0, 1].
    passages : bool
        Whether texts are cut at the ends of sentences first.

    Notes
    -----
    A text is read in its folded view, so that disguises change nothing; a number is read as any
    number. Its shingles are four letters, or two Han characters and what follows each. A few bytes
    a shingle are kept of each wording; texts that say the same within a batch are kept once.
    """

    least: float = LEAST_ALIKE
    passages: bool = False
    _reader: ViewReader = field(default_factory=ViewReader)
    _texts: int = 0
    _parts: list[_Part] = field(default_factory=list["_Part"])
    _shingles: list[NDArray[np.uint32]] = field(default_factory=list[NDArray[np.uint32]])

    def __post_init__(self) -> None:
        if not 0 < self.least <= 1:
            raise ConfigError(
                f"a similarity of {self.least}", where="least", hint="more than 0, at most 1"
            )

    def add(self, texts: pa.Array | pa.ChunkedArray) -> None:
        """Read more texts.

        Parameters
        ----------
        texts : pyarrow.Array or ChunkedArray
            Strings; a missing one has no passage.
        """
        for row, piece in pieces(texts):
            self._parts.append(self._read(piece, self._texts + row))
        self._texts += len(texts)

    def _read(self, texts: pa.Array, row: int) -> _Part:
        views = self._reader.views(texts)
        longest = int(np.diff(views.folded_at).max(initial=0))
        many, size = (
            len(texts) + (len(views.plain) // 8 if self.passages else 0),
            len(views.folded),
        )
        shelf = Shelf(
            np.empty(size + many, np.uint32),
            np.empty(many + 1, np.int32),
            np.empty(many + 1, np.uint64),
            np.zeros(many + 2, np.int64),
            np.empty(many + 1, np.int32),
            np.empty(many + 1, np.int32),
        )
        seen = Passages(
            views.plain, views.folded, views.plain_at, views.folded_at, views.folded_plain
        )
        cut = PASSAGE if self.passages else WHOLE
        found = write_passages(seen, cut, np.empty(longest + 1, np.uint32), shelf)
        part, shingles = _part(shelf, found, row=row, plain_at=views.plain_at)
        self._shingles.append(shingles)
        return part

    def copies(self) -> NearCopies:
        """Tell which texts are near-copies; the texts are let go of, and more can be added anew.

        Returns
        -------
        NearCopies
            Every passage with its set.

        Raises
        ------
        DataError
            If there are more than 2**31 passages.
        """
        parts, self._parts, self._texts = self._parts or [_nothing()], [], 0
        keys = np.concatenate([part.keys for part in parts])
        if len(keys) > _MOST_PASSAGES:
            raise DataError(f"{len(keys)} passages", hint="take a shorter period")
        _, kept, wording_of = np.unique(keys, return_index=True, return_inverse=True)
        books = _books(parts, self._shingles, kept)
        parent = np.arange(len(kept), dtype=np.int32)
        signature = np.empty((len(kept), HASHES), np.uint32)
        write_signatures(books, _FACTORS, _SHIFTS, signature)
        table = np.empty(1 << int(2 * len(kept) + 2).bit_length(), np.uint64)
        verified = join_copies(books, signature, self.least, EXACT_BELOW, table, parent)
        roots, group = np.unique(_roots(parent), return_inverse=True)
        starts = np.cumsum([0] + [len(part.keys) for part in parts])[:-1]
        wording = np.concatenate(
            [wording_of[at + part.which] for at, part in zip(starts, parts, strict=True)]
        )
        return NearCopies(
            row=np.concatenate([part.row for part in parts]),
            group=group[wording].astype(np.int32),
            wording=wording.astype(np.int32),
            first=np.concatenate([part.first for part in parts]),
            last=np.concatenate([part.last for part in parts]),
            key=keys[kept],
            wordings=len(kept),
            groups=len(roots),
            verified=int(verified),
        )


@dataclass(frozen=True, slots=True)
class _Part:
    """What is kept of a batch: its passages, and the shingles of what it says, each once."""

    row: NDArray[np.int64]
    which: NDArray[np.intp]  # wording of each passage within the batch
    first: NDArray[np.int32]
    last: NDArray[np.int32]
    keys: NDArray[np.uint64]  # of each wording
    at: NDArray[np.int64]  # where the shingles of each wording begin


def _nothing() -> _Part:
    none, empty = np.zeros(0, np.int32), np.zeros(0, np.int64)
    keys = np.zeros(0, np.uint64)
    return _Part(empty, empty.astype(np.intp), none, none, keys, np.zeros(1, np.int64))


def _part(
    shelf: Shelf, found: int, *, row: int, plain_at: NDArray[np.int64]
) -> tuple[_Part, NDArray[np.uint32]]:
    keys, first_seen, which = np.unique(shelf.key[:found], return_index=True, return_inverse=True)
    sizes = np.diff(shelf.at[: found + 1])[first_seen]
    text = shelf.text[:found]
    begin = plain_at[text]
    part = _Part(
        row=text.astype(np.int64) + row,
        which=which,
        first=(shelf.first[:found] - begin).astype(np.int32),
        last=(shelf.last[:found] - begin).astype(np.int32),
        keys=keys,
        at=np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
    )
    return part, _taken(shelf.shingle, shelf.at[first_seen], sizes)


def _taken(
    values: NDArray[np.uint32], begin: NDArray[np.int64], sizes: NDArray[np.int64]
) -> NDArray[np.uint32]:
    """Copy stretches one after the other."""
    ends = np.cumsum(sizes)
    total = int(ends[-1]) if len(ends) else 0
    places = np.arange(total) + np.repeat(begin - (ends - sizes), sizes)
    found: NDArray[np.uint32] = values[places]
    return found


def _books(
    parts: list[_Part], shingles: list[NDArray[np.uint32]], kept: NDArray[np.intp]
) -> Books:
    """Put the shingles of all batches together, letting go of each batch at once."""
    sizes = [int(part.at[-1]) for part in parts]
    starts = np.cumsum([0, *sizes])[:-1]
    begins = [part.at[:-1] + start for part, start in zip(parts, starts, strict=True)]
    ends = [part.at[1:] + start for part, start in zip(parts, starts, strict=True)]
    together = np.empty(sum(sizes), np.uint32)
    shingles.reverse()
    for start, size in zip(starts, sizes, strict=True):
        together[start : start + size] = shingles.pop() if shingles else 0
    return Books(together, np.concatenate(begins)[kept], np.concatenate(ends)[kept])


def _roots(parent: NDArray[np.int32]) -> NDArray[np.int32]:
    """Follow every way to its end."""
    while True:
        shorter = parent[parent]
        if np.array_equal(shorter, parent):
            return parent
        parent = shorter


def near_copies(
    batches: Iterable[pa.Array], *, least: float = LEAST_ALIKE, passages: bool = False
) -> NearCopies:
    """Find the near-copies among texts.

    Parameters
    ----------
    batches : iterable of pyarrow.Array
        Texts, batch by batch.
    least : float
        Jaccard similarity from which two texts are near-copies, in (0, 1].
    passages : bool
        Whether texts are cut at the ends of sentences first.

    Returns
    -------
    NearCopies
        Every text, or passage, with its set.

    Raises
    ------
    ConfigError
        If the similarity is out of range.
    DataError
        If a batch holds no texts.

    Notes
    -----
    63 minimum hashes in 21 bands of 3, and the exact Jaccard similarity of each pair that meets in
    a band: two texts with a similarity of 0.5 meet with a probability of 0.94, of 0.6 of 0.99, and
    what does not reach ``least`` is never joined. Sets are connected: who is joined with the same
    text is joined. Shingles and wordings are told apart by hashes of 32 and 64 bits.

    References
    ----------
    Broder, Compression and Complexity of Sequences (1997); Leskovec, Rajaraman and Ullman, Mining
    of Massive Datasets, ch. 3.
    """
    index = CopyIndex(least=least, passages=passages)
    for batch in batches:
        index.add(batch)
    return index.copies()


def grouped_texts(
    batches: Iterable[Sequence[str | None]], *, least: float = LEAST_ALIKE
) -> NDArray[np.int64]:
    """Put whole texts into sets of near-copies.

    Parameters
    ----------
    batches : iterable of sequence of str or None
        Texts, batch by batch.
    least : float
        Jaccard similarity from which two texts are near-copies, in (0, 1].

    Returns
    -------
    array of int, shape (texts,)
        Set of each, from 0; -1 of a text that says nothing.
    """
    index, many = CopyIndex(least=least), 0
    for batch in batches:
        index.add(pa.array(batch, pa.large_string()))
        many += len(batch)
    copies = index.copies()
    group = np.full(many, -1, np.int64)
    group[copies.row] = copies.group
    return group
