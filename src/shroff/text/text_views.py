"""Views of texts: what they say, what they say under disguise, and how they sound, with the way back."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from shroff.errors import DataError
from shroff.text.plain_kernel import Room
from shroff.text.reading_tables import ReadingTables, reading_tables
from shroff.text.view_kernel import SPLIT_MARKS, mark_splits, write_views

__all__ = ["VIEWS", "ViewReader", "Views", "pieces", "views_of", "views_of_texts"]

VIEWS = ("plain", "folded", "sound")
"""The views, in the order of their numbers."""

_MOST_BYTES = 1 << 29
_SLACK = 64
_SURROGATE = re.compile("[\ud800-\udfff]")


class Views(NamedTuple):
    """Three views of a batch of texts, as code points, and where each comes from.

    Text ``i`` of view ``v`` is ``v[v_at[i]:v_at[i + 1]]``. Places (``folded_plain``,
    ``sound_plain``) are of the whole batch; ``source`` and ``byte`` count from the beginning of
    their text. A missing text is empty.

    Attributes
    ----------
    plain : array of uint32
        NFKC, case folded, look-alike letters as ASCII, hidden characters and marks dropped,
        traditional Chinese simplified character by character.
    folded : array of uint32
        `plain` without separators, digits as letters (l is i), runs as one, look-alike Han as one,
        split characters whole.
    sound : array of uint32
        Syllables of Han characters and of pinyin (``SYLLABLE_SOUND`` + place in `SYLLABLES`), single
        letters and digits (``LETTER_SOUND`` + code point), and ``BREAK``.
    plain_at, folded_at, sound_at : arrays of int64, shape (texts + 1,)
        Where each text begins.
    source, byte : arrays of int32, as long as `plain`
        Original code point that it comes from, and the byte where that begins.
    folded_plain, sound_plain : arrays of int32
        Plain code point where an element of the view begins.
    starts : array of int32
        Elements of `folded` where a term may begin: all but letters and digits inside a word, and
        of these the one before what is neither. Some are given twice.
    starts_at : array of int64, shape (texts + 1,)
        Where those of each text begin.
    merged : array of bool, shape (texts,)
        Whether `folded` shows parts of a character as the whole; elsewhere what stands in `plain`
        stands there too, folded.
    data : array of uint8
        Bytes of the texts.
    offsets : array of int64, shape (texts + 1,)
        Where in `data` each text begins.
    """

    plain: NDArray[np.uint32]
    folded: NDArray[np.uint32]
    sound: NDArray[np.uint32]
    plain_at: NDArray[np.int64]
    folded_at: NDArray[np.int64]
    sound_at: NDArray[np.int64]
    source: NDArray[np.int32]
    byte: NDArray[np.int32]
    folded_plain: NDArray[np.int32]
    sound_plain: NDArray[np.int32]
    starts: NDArray[np.int32]
    starts_at: NDArray[np.int64]
    merged: NDArray[np.bool_]
    data: NDArray[np.uint8]
    offsets: NDArray[np.int64]


def views_of(texts: pa.Array, *, tables: ReadingTables | None = None) -> Views:
    """Read texts.

    Parameters
    ----------
    texts : pyarrow.Array
        Strings, large strings or binary (also large); sliced or not, nulls allowed. Bytes that are
        not UTF-8 are read as U+FFFD, as Python does.
    tables : ReadingTables, optional
        Tables to read by; those of this version if none are given.

    Returns
    -------
    Views
        The three views; arrays are of the size needed and own their memory, `data` is shared.

    Raises
    ------
    DataError
        If the array does not hold texts, or more than 512 MB of them (see `pieces`).
    """
    return ViewReader(tables).views(texts)


class ViewReader:
    """Reads batch after batch into the same arrays: views hold until the next are asked for.

    Parameters
    ----------
    tables : ReadingTables, optional
        Tables to read by; those of this version if none are given.
    """

    def __init__(self, tables: ReadingTables | None = None) -> None:
        self._tables = reading_tables() if tables is None else tables
        marks = np.empty(SPLIT_MARKS, np.uint8)
        mark_splits(self._tables.split_key, marks)
        self._room = _room(0, 0, marks=marks)

    def views(self, texts: pa.Array) -> Views:
        """Read texts, as `views_of` does."""
        data, offsets, valid = _buffers(texts)
        size, many = int(offsets[-1] - offsets[0]), len(offsets) - 1
        if size > _MOST_BYTES:
            raise DataError(f"{size} bytes of text in one batch", hint="give fewer rows at once")
        self._make_room(size + _SLACK, many)
        if write_views(self._tables, self._room, data, offsets, valid) < many:
            self._make_room(6 * size + _SLACK, many)
            write_views(self._tables, self._room, data, offsets, valid)
        return _trimmed(self._room, data, offsets)

    def _make_room(self, size: int, texts: int) -> None:
        room = self._room
        if len(room.plain) < size or len(room.plain_at) <= texts:
            more = max(size, len(room.plain)), max(texts, len(room.plain_at) - 1)
            self._room = _room(*more, marks=room.split_marks)


def views_of_texts(texts: Sequence[str], *, tables: ReadingTables | None = None) -> Views:
    """Read Python strings, such as the terms of a rule.

    Parameters
    ----------
    texts : sequence of str
        Texts; unpaired surrogates are read as U+FFFD.
    tables : ReadingTables, optional
        Tables to read by.

    Returns
    -------
    Views
        As of `views_of`.
    """
    rows = [_SURROGATE.sub("\ufffd", text).encode() for text in texts]
    return views_of(pa.array(rows, pa.binary()), tables=tables)


def pieces(
    texts: pa.Array | pa.ChunkedArray, *, size: int = 1 << 20
) -> Iterator[tuple[int, pa.Array]]:
    """Cut a column into slices whose views stay in the processor's cache.

    Parameters
    ----------
    texts : pyarrow.Array or pyarrow.ChunkedArray
        Texts.
    size : int
        Bytes that a slice should not exceed; a longer text is a slice of its own.

    Yields
    ------
    tuple of (int, pyarrow.Array)
        Row where the slice begins, and the slice.
    """
    row = 0
    for chunk in texts.chunks if isinstance(texts, pa.ChunkedArray) else [texts]:
        _, offsets, _ = _buffers(chunk)
        first = 0
        while first < len(chunk):
            reach = int(np.searchsorted(offsets, offsets[first] + size, side="right")) - 1
            last = min(max(reach, first + 1), len(chunk))
            yield row + first, chunk.slice(first, last - first)
            first = last
        row += len(chunk)


def _buffers(
    texts: pa.Array,
) -> tuple[NDArray[np.uint8], NDArray[np.int64], NDArray[np.bool_]]:
    """Look into an Arrow array: its bytes, where each text begins, which are there."""
    kind = texts.type
    if pa.types.is_dictionary(kind):
        return _buffers(texts.dictionary_decode())
    if pa.types.is_null(kind):
        return np.zeros(0, np.uint8), np.zeros(len(texts) + 1, np.int64), np.zeros(0, np.bool_)
    wide = pa.types.is_large_string(kind) or pa.types.is_large_binary(kind)
    if not wide and not pa.types.is_string(kind) and not pa.types.is_binary(kind):
        try:
            return _buffers(texts.cast(pa.large_string()))
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as fault:
            raise DataError(f"texts of type {kind}", hint="give a column of strings") from fault
    _, places, content = texts.buffers()
    data = np.zeros(0, np.uint8) if content is None else np.frombuffer(content, np.uint8)
    if places is None or len(texts) == 0:
        return data, np.zeros(len(texts) + 1, np.int64), np.zeros(0, np.bool_)
    offsets = np.frombuffer(places, np.int64 if wide else np.int32)
    window = offsets[texts.offset : texts.offset + len(texts) + 1].astype(np.int64)
    valid = np.zeros(0, np.bool_)
    if texts.null_count:
        valid = np.asarray(texts.is_valid().to_numpy(zero_copy_only=False), np.bool_)
    return data, window, valid


def _room(size: int, texts: int, *, marks: NDArray[np.uint8]) -> Room:
    views = (np.empty(size, np.uint32), np.empty(size, np.uint32), np.empty(size, np.uint32))
    sources = (np.empty(size, np.int32), np.empty(size, np.int32))
    places = (np.empty(size, np.int32), np.empty(size, np.int32))
    more = texts + 1
    bounds = (np.empty(more, np.int64), np.empty(more, np.int64), np.empty(more, np.int64))
    scratch = np.empty(size, np.uint64), np.empty(texts, np.bool_)
    starts, merged = (
        (np.empty(size, np.int32), np.empty(more, np.int64)),
        np.empty(texts, np.bool_),
    )
    return Room(*views, *sources, *places, *bounds, *scratch, *starts, merged, marks)


def _trimmed(room: Room, data: NDArray[np.uint8], offsets: NDArray[np.int64]) -> Views:
    many = len(offsets)
    ats = (room.plain_at[:many], room.folded_at[:many], room.sound_at[:many])
    plain, folded, sound = (int(at[-1]) for at in ats)
    return Views(
        plain=room.plain[:plain],
        folded=room.folded[:folded],
        sound=room.sound[:sound],
        plain_at=ats[0],
        folded_at=ats[1],
        sound_at=ats[2],
        source=room.source[:plain],
        byte=room.byte[:plain],
        folded_plain=room.folded_plain[:folded],
        sound_plain=room.sound_plain[:sound],
        starts=room.starts[: int(room.starts_at[many - 1])],
        starts_at=room.starts_at[:many],
        merged=room.merged[: many - 1],
        data=data,
        offsets=offsets,
    )
