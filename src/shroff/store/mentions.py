"""Which files hold a word, whatever they are packed in."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from itertools import chain
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

__all__ = ["files_that_mention"]

_CHUNK_BYTES = 1 << 22
_PACKED = {".gz": "gzip", ".zst": "zstd", ".gzip": "gzip", ".zstd": "zstd", ".bz2": "bz2"}


@dataclass(frozen=True, slots=True)
class _Needles:
    pattern: re.Pattern[bytes]
    longest: int


def files_that_mention(
    folder: Path, words: Sequence[str], *, besides: Sequence[str] = ()
) -> tuple[list[Path], int]:
    """Search every file below a folder, inside compression and Parquet too.

    Parameters
    ----------
    folder : Path
        The folder; nothing is found when it is not there.
    words : sequence of str
        Texts to look for; each must stand alone, not within a longer word.
    besides : sequence of str
        Patterns of files not to search, as seen from the folder.

    Returns
    -------
    list of Path
        Files that hold one of them.
    int
        Files searched.
    """
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    paths = [path for path in paths if not _any_fits(path.relative_to(folder), besides)]
    needles = _needles(words)
    return [path for path in paths if _mentions(path, needles)], len(paths)


def _any_fits(path: Path, patterns: Sequence[str]) -> bool:
    return any(fnmatch(path.as_posix(), pattern) for pattern in patterns)


def _needles(words: Sequence[str]) -> _Needles:
    encoded = [word.encode() for word in words]
    joined = b"|".join(map(re.escape, encoded))
    pattern = re.compile(rb"[^0-9A-Za-z_](?:" + joined + rb")[^0-9A-Za-z_]")
    return _Needles(pattern, max(map(len, encoded), default=0))


def _mentions(path: Path, needles: _Needles) -> bool:
    if path.suffix in {".parquet", ".pq"}:
        try:
            return _in_parquet(path, needles)
        except (pa.ArrowInvalid, OSError):
            return _in_stream(_raw(path), needles)  # not Parquet after all, or cut short
    try:
        return _in_stream(_chunks(path), needles)
    except (OSError, EOFError, gzip.BadGzipFile):
        return _in_stream(_raw(path), needles)


def _raw(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK_BYTES):
            yield chunk


def _chunks(path: Path) -> Iterator[bytes]:
    packing = _PACKED.get(path.suffix)
    if packing is None:
        yield from _raw(path)
        return
    with pa.input_stream(str(path), compression=packing) as stream:
        while chunk := stream.read(_CHUNK_BYTES):
            yield chunk


def _in_stream(chunks: Iterator[bytes], needles: _Needles) -> bool:
    tail = b"\n"
    # a word at the very end stands alone too
    for chunk in chain(chunks, (b"\n",)):
        window = tail + chunk
        if needles.pattern.search(window):
            return True
        tail = window[-needles.longest - 1 :]
    return False


def _in_parquet(path: Path, needles: _Needles) -> bool:
    file = pq.ParquetFile(path)
    if _in_stream(iter([str(file.metadata.metadata).encode()]), needles):
        return True
    return any(
        _in_column(column, needles) for batch in file.iter_batches() for column in batch.columns
    )


def _in_column(column: pa.Array, needles: _Needles) -> bool:
    while pa.types.is_list(column.type) or pa.types.is_large_list(column.type):
        column = column.flatten()
    if pa.types.is_dictionary(column.type):
        column = column.dictionary
    if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)):
        return False
    values: list[str | None] = column.to_pylist()
    return _in_stream(iter(["\n".join(filter(None, values)).encode()]), needles)
