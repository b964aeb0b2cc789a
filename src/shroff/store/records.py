"""The careful reader: every record of a broken text file, one by one, with its true line.

It is much slower than DuckDB and used only where DuckDB gives up, or to find again the few records
that were refused. A quote that never closes would swallow the rest of the file: such a record is
blamed on its first line, and reading goes on with the next.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from shroff.store.reasons import Reason

__all__ = [
    "LONGEST", "Record", "csv_records", "find_csv", "header_of", "json_records", "mend_csv",
    "stage",
]  # fmt: skip

LONGEST = 10_000_000
_SPAN = 2_000
_RAW = 10_000
_BATCH = 5_000
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Record:
    """One record of a text file.

    Parameters
    ----------
    line : int
        Physical line it starts on, from 1.
    raw : bytes
        Its bytes.
    fields : sequence of str
        Its fields, empty when it could not be read.
    fault : Reason or None
        Why it could not.
    """

    line: int
    raw: bytes
    fields: Sequence[str] = ()
    fault: Reason | None = None


def header_of(path: Path, delimiter: str) -> tuple[Record | None, int]:
    """Read the first record of a CSV file that is not blank.

    Parameters
    ----------
    path : Path
        Plain text file.
    delimiter : str
        Delimiter.

    Returns
    -------
    record : Record or None
        The header, None when the file has no record.
    line : int
        Line that the header ends on.
    """
    for record, end in _csv(path, delimiter, fits=lambda _: True):
        return record, end
    return None, 0


Skim = Callable[[int, bytes], bool]
"""Takes the number and bytes of a line; true when that was all there is to do with it."""


def csv_records(
    path: Path, delimiter: str, *, width: int, skim: Skim | None = None
) -> Iterator[Record]:
    """Read the records of a CSV file below its header.

    Parameters
    ----------
    path : Path
        Plain text file.
    delimiter : str
        Delimiter.
    width : int
        Fields of the header.
    skim : callable, optional
        Sees each line first; those it takes are not given.

    Yields
    ------
    Record
        A record, good or bad.
    """
    _, start = header_of(path, delimiter)

    def fits(fields: Sequence[str]) -> bool:
        # a delimiter at the end of a line is no further field; DuckDB reads it so too
        return len(fields) == width or (len(fields) == width + 1 and not fields[-1])

    for record, _ in _csv(path, delimiter, fits=fits, skip=start, skim=skim):
        yield record


def find_csv(
    path: Path, delimiter: str, *, names: Sequence[str], wanted: set[int], target: Path
) -> int | None:
    """Stage some records of a sound CSV file, by their number from 0.

    Parameters
    ----------
    path : Path
        Plain text file.
    delimiter : str
        Delimiter.
    names : sequence of str
        Names of its fields.
    wanted : set of int
        Numbers of the records wanted.
    target : Path
        File to write.

    Returns
    -------
    int or None
        Records seen; None when one of them is faulty, so that numbers mean nothing.
    """
    plain, seen, sound = delimiter.encode(), 0, True

    def skim(_: int, raw: bytes) -> bool:
        nonlocal seen
        if seen in wanted or not _regular(raw, plain, len(names)):
            return False
        seen += 1
        return True

    def found() -> Iterator[Record]:
        nonlocal seen, sound
        for record in csv_records(path, delimiter, width=len(names), skim=skim):
            sound = sound and record.fault is None
            if seen in wanted:
                yield record
            seen += 1

    stage(found(), target, names=names)
    return seen if sound else None


def mend_csv(
    path: Path, delimiter: str, *, names: Sequence[str], clean: Path, broken: Path
) -> None:
    """Part the sound records of a CSV file from the others.

    Parameters
    ----------
    path : Path
        Plain text file.
    delimiter : str
        Delimiter.
    names : sequence of str
        Names of its fields.
    clean : Path
        File for the sound records, each after its line number; the first line is a header.
    broken : Path
        File for the others, staged.
    """
    plain = delimiter.encode()
    with clean.open("wb") as out:

        def keep(line: int, raw: bytes) -> bool:
            out.write(b"%d%b%b\n" % (line, plain, raw.rstrip(b"\r\n")))
            return True

        def skim(line: int, raw: bytes) -> bool:
            return _regular(raw, plain, len(names)) and keep(line, raw)

        out.write(plain.join([b"_line", *(name.encode() for name in names)]) + b"\n")
        every = csv_records(path, delimiter, width=len(names), skim=skim)
        stage((r for r in every if r.fault or not keep(r.line, r.raw)), broken, names=names)


def _regular(raw: bytes, delimiter: bytes, width: int) -> bool:
    return (
        raw.count(delimiter) == width - 1
        and b'"' not in raw
        and b"\0" not in raw
        and (raw.isascii() or _odd(raw) is None)
    )


def json_records(path: Path) -> Iterator[Record]:
    """Read the lines of a JSON Lines file; whether each is JSON is seen later."""
    for line, raw, long in _lines(path):
        if not raw.strip():
            continue
        fault = Reason.LINE_TOO_LONG if long else _odd(raw)
        text = () if fault else (raw.decode().rstrip("\r\n"),)
        yield Record(line, raw, text, fault)


def _lines(path: Path) -> Iterator[tuple[int, bytes, bool]]:
    """Give physical lines with number and end; one that is too long is cut and marked."""
    number = 0
    with path.open("rb") as stream:
        if stream.read(3) != _BOM:
            stream.seek(0)
        while line := stream.readline(LONGEST + 1):
            if len(line) > LONGEST:
                number += 1
                yield number, line[:_RAW], True
                while line and not line.endswith(b"\n"):
                    line = stream.readline(LONGEST)
            elif b"\r" in line:
                for piece in line.splitlines(keepends=True):
                    number += 1
                    yield number, piece, False
            else:
                number += 1
                yield number, line, False


def _csv(
    path: Path,
    delimiter: str,
    *,
    fits: Callable[[Sequence[str]], bool],
    skip: int = 0,
    skim: Skim | None = None,
) -> Iterator[tuple[Record, int]]:
    csv.field_size_limit(max(csv.field_size_limit(), 2 * LONGEST))
    lines = _lines(path)
    ahead: deque[tuple[int, bytes, bool]] = deque()
    while ahead or _more(lines, ahead):
        line, raw, long = ahead.popleft()
        if line <= skip or not raw.strip(b"\r\n"):
            continue
        if long:
            yield Record(line, raw, (), Reason.LINE_TOO_LONG), line
            continue
        if skim is not None and skim(line, raw):
            continue
        record = _parsed(line, raw, delimiter, fits)
        if record.fault and raw.count(b'"') % 2:
            joined, used = _join(raw, lines, ahead)
            whole = _parsed(line, joined, delimiter, fits) if used else None
            if whole and not (whole.fault and whole.fault in _STRUCTURAL):
                for _ in range(used):
                    ahead.popleft()
                yield whole, line + used
                continue
            record = Record(line, raw, (), Reason.UNBALANCED_QUOTE)
        yield record, line


def _more(lines: Iterator[tuple[int, bytes, bool]], ahead: deque[tuple[int, bytes, bool]]) -> bool:
    found = next(lines, None)
    if found is not None:
        ahead.append(found)
    return found is not None


def _join(
    raw: bytes,
    lines: Iterator[tuple[int, bytes, bool]],
    ahead: deque[tuple[int, bytes, bool]],
) -> tuple[bytes, int]:
    """Add the lines up to the one that closes the quote; 0 lines when none does."""
    pieces, size, used = [raw], len(raw), 0
    while size < LONGEST and used < _SPAN:
        if used == len(ahead) and not _more(lines, ahead):
            break
        _, piece, long = ahead[used]
        if long:
            break
        used += 1
        size += len(piece)
        pieces.append(piece)
        if piece.count(b'"') % 2:
            return b"".join(pieces), used
    return raw, 0


_STRUCTURAL = {Reason.WRONG_FIELDS, Reason.UNBALANCED_QUOTE}


def _parsed(
    line: int, raw: bytes, delimiter: str, fits: Callable[[Sequence[str]], bool]
) -> Record:
    text = raw.decode("utf-8", "surrogateescape").rstrip("\r\n")
    try:
        rows = list(
            csv.reader(text.splitlines(keepends=True) or [text], delimiter=delimiter, strict=True)
            if '"' in text
            else [text.split(delimiter)]
        )
    except csv.Error:
        return Record(line, raw, (), Reason.UNBALANCED_QUOTE)
    if len(rows) != 1 or not fits(rows[0]):
        return Record(line, raw, (), Reason.WRONG_FIELDS)
    fault = _odd(raw)
    return Record(line, raw, () if fault else rows[0], fault)


def _odd(raw: bytes) -> Reason | None:
    if b"\0" in raw:
        return Reason.NUL_BYTE
    try:
        raw.decode()
    except UnicodeDecodeError:
        return Reason.BAD_ENCODING
    return None


def stage(
    records: Iterator[Record],
    target: Path,
    *,
    names: Sequence[str],
    only: Container[int] | None = None,
) -> tuple[int, int]:
    """Write records to a Parquet file of texts with ``_line``, ``_raw`` and ``_fault``.

    Parameters
    ----------
    records : iterator of Record
        Records.
    target : Path
        File to write.
    names : sequence of str
        Names of the fields.
    only : container of int, optional
        Numbers (from 0) of the records wanted; all when absent.

    Returns
    -------
    seen : int
        Records read.
    faulty : int
        How many of them could not be read.
    """
    kinds = [*((name, pa.string()) for name in names), ("_line", pa.int64())]
    schema = pa.schema([*kinds, ("_raw", pa.string()), ("_fault", pa.string())])
    seen = faulty = 0
    batch: list[Record] = []
    with pq.ParquetWriter(target, schema) as writer:
        for seen, record in enumerate(records, start=1):
            faulty += record.fault is not None
            if only is None or seen - 1 in only:
                batch.append(record)
            if len(batch) == _BATCH:
                writer.write_batch(_arrow(batch, schema))
                batch = []
        writer.write_batch(_arrow(batch, schema))
    return seen, faulty


def _arrow(batch: list[Record], schema: pa.Schema) -> pa.RecordBatch:
    width = len(schema) - 3
    columns: list[list[str | int | None]] = [
        [(record.fields[place] or None) if record.fields else None for record in batch]
        for place in range(width)
    ]
    columns.append([record.line for record in batch])
    columns.append([_shown(record.raw) for record in batch])
    columns.append([record.fault for record in batch])
    arrays = [pa.array(each, field.type) for each, field in zip(columns, schema, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def _shown(raw: bytes) -> str:
    text = raw[:_RAW].decode("utf-8", "replace").rstrip("\r\n")
    return text.replace("\0", "\N{SYMBOL FOR NULL}")
