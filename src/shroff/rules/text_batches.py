"""Texts of files and of a stream, batch by batch: CSV, Parquet, JSON lines, plain lines."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import IO

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from shroff.errors import DataError

__all__ = ["LINE", "Faults", "batches_of", "json_batches", "records"]

LINE = "_line"
"""Column that tells the row of a file, from 1."""

_ROWS = 32_768
_FEW = 5
_READERS = {
    ".csv": "csv", ".tsv": "csv", ".parquet": "parquet", ".pq": "parquet", ".jsonl": "json",
    ".ndjson": "json", ".json": "json", ".txt": "lines",
}  # fmt: skip


@dataclass(slots=True)
class Faults:
    """Lines that could not be read: how many, and the first few.

    Parameters
    ----------
    count : int
        How many.
    first : list of str
        Place and cause of the first ones.
    """

    count: int = 0
    first: list[str] = field(default_factory=list[str])

    def add(self, where: str, cause: str) -> None:
        """Note one more."""
        self.count += 1
        if len(self.first) < _FEW:
            self.first.append(f"{where}: {cause}")


def batches_of(path: Path, *, faults: Faults) -> Iterator[pa.RecordBatch]:
    """Read a file.

    Parameters
    ----------
    path : Path
        A file whose name ends in .csv, .tsv, .parquet, .jsonl or .txt (one text a line, as the
        column ``text``).
    faults : Faults
        Told of lines of JSON that cannot be read; they are left out.

    Yields
    ------
    RecordBatch
        Rows with all columns of the file, and ``_line``.

    Raises
    ------
    DataError
        If the file is not there, of no known kind, or cannot be read.
    """
    kind = _READERS.get(path.suffix.lower())
    if not path.is_file():
        raise DataError("there is no such file", where=str(path))
    if kind is None:
        raise DataError(
            f"a file named *{path.suffix} cannot be read", where=str(path),
            hint="give .csv, .tsv, .parquet, .jsonl or .txt",
        )  # fmt: skip
    try:
        yield from {"csv": _csv, "parquet": _parquet, "json": _json, "lines": _lines}[kind](
            path, faults
        )
    except (pa.ArrowInvalid, UnicodeDecodeError, OSError) as fault:
        raise DataError(
            f"the file cannot be read: {str(fault).splitlines()[0]}", where=str(path)
        ) from fault


def json_batches(
    lines: Iterable[str], *, where: str, faults: Faults, rows: int = _ROWS
) -> Iterator[pa.RecordBatch]:
    """Read lines of JSON: an object each, or a bare text, which becomes the column ``text``.

    Parameters
    ----------
    lines : iterable of str
        The lines; empty ones are skipped.
    where : str
        Where they come from.
    faults : Faults
        Told of lines that cannot be read; they are left out.
    rows : int
        Most rows in a batch.

    Yields
    ------
    RecordBatch
        Rows with the columns of their objects, and ``_line``.
    """
    numbered = enumerate(lines, start=1)
    while piece := list(islice(numbered, rows)):
        found = [
            {**row, LINE: number}
            for number, line in piece
            if line.strip()
            for row in [_object(line, f"{where}:{number}", faults)]
            if row is not None
        ]
        if found:
            yield records(found)


def _object(line: str, where: str, faults: Faults) -> dict[str, object] | None:
    try:
        value = json.loads(line)
    except ValueError as fault:
        faults.add(where, f"this is not JSON: {fault}")
        return None
    if isinstance(value, str):
        return {"text": value}
    if isinstance(value, dict):
        return value
    faults.add(where, "neither an object nor a text")
    return None


def records(rows: Sequence[Mapping[str, object]]) -> pa.RecordBatch:
    """Put objects into columns; what one lacks is null, mixed values are read as they are written.

    Parameters
    ----------
    rows : sequence of mapping
        Objects, one or more names in all.

    Returns
    -------
    RecordBatch
        A column a name.
    """
    names = dict.fromkeys(name for row in rows for name in row)
    arrays = {name: _column([row.get(name) for row in rows]) for name in names}
    return pa.RecordBatch.from_pydict(arrays)


def _column(values: list[object]) -> pa.Array:
    try:
        return pa.array(values)
    except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError):
        # mixed values: each is read as it is written
        return pa.array([v if v is None or isinstance(v, str) else json.dumps(v) for v in values])


def _json(path: Path, faults: Faults) -> Iterator[pa.RecordBatch]:
    with path.open(encoding="utf-8-sig", errors="replace") as lines:
        yield from json_batches(lines, where=str(path), faults=faults)


def _lines(path: Path, _: Faults) -> Iterator[pa.RecordBatch]:
    with path.open(encoding="utf-8-sig", errors="replace", newline="\n") as lines:
        texts = enumerate((line.rstrip("\r\n") for line in lines), start=1)
        while piece := list(islice(texts, _ROWS)):
            numbers, found = zip(*piece, strict=True)
            yield pa.RecordBatch.from_pydict({"text": list(found), LINE: list(numbers)})


def _csv(path: Path, _: Faults) -> Iterator[pa.RecordBatch]:
    tab = "\t" if path.suffix.lower() == ".tsv" else ","
    with path.open(encoding="utf-8-sig", newline="") as stream:
        names = next(csv.reader(_one_record(stream), delimiter=tab), [])
    reader = pyarrow.csv.open_csv(
        path,
        parse_options=pyarrow.csv.ParseOptions(delimiter=tab, newlines_in_values=True),
        convert_options=pyarrow.csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=True
        ),
    )
    yield from _numbered(iter(reader))


def _one_record(stream: IO[str]) -> Iterator[str]:
    yield from stream


def _parquet(path: Path, _: Faults) -> Iterator[pa.RecordBatch]:
    with pq.ParquetFile(path) as file:
        yield from _numbered(file.iter_batches(batch_size=_ROWS))


def _numbered(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    done = 0
    for batch in batches:
        numbers = pa.array(range(done + 1, done + batch.num_rows + 1), pa.int64())
        yield batch.append_column(LINE, numbers)
        done += batch.num_rows
