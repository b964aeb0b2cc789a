"""Files of the demo's logs: Parquet, CSV and JSON lines, written piece by piece."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

__all__ = ["CsvFile", "JsonLines", "LogFile", "ParquetFiles"]

_ROWS_A_GROUP = 100_000
_GROUPS_A_FILE = 40


class LogFile(Protocol):
    """Where the rows of one table go."""

    rows: int

    def add(self, table: pa.Table) -> None:
        """Add rows."""
        ...

    def close(self) -> None:
        """Write what is left and close."""
        ...


@dataclass(slots=True)
class ParquetFiles:
    """Parquet files in a folder, a new one every few million rows.

    Parameters
    ----------
    folder : Path
        Folder, made when missing.
    name : str
        What the files' names begin with.
    rows : int
        Rows added so far.
    """

    folder: Path
    name: str = "part"
    rows: int = 0
    _waiting: list[pa.Table] = field(default_factory=list[pa.Table])
    _writer: pq.ParquetWriter | None = None
    _groups: int = 0

    def add(self, table: pa.Table) -> None:
        """Add rows."""
        self.rows += table.num_rows
        self._waiting.append(table)
        if sum(part.num_rows for part in self._waiting) >= _ROWS_A_GROUP:
            self._flush()

    def _flush(self) -> None:
        whole = pa.concat_tables(self._waiting)
        if self._writer is None:
            self.folder.mkdir(parents=True, exist_ok=True)
            number = self._groups // _GROUPS_A_FILE
            name = f"{self.name}-{number:05d}.parquet" if number else f"{self.name}.parquet"
            self._writer = pq.ParquetWriter(
                self.folder / name, whole.schema, compression="zstd", compression_level=1
            )
        self._writer.write_table(whole)
        self._waiting = []
        self._groups += 1
        if self._groups % _GROUPS_A_FILE == 0:
            self._end()

    def _end(self) -> None:
        if self._writer is not None:
            self._writer.close()
            self._writer = None

    def close(self) -> None:
        """Write what is left and close."""
        if self._waiting:
            self._flush()
        self._end()


@dataclass(slots=True)
class CsvFile:
    """One CSV file, compressed when its name ends in .gz.

    Parameters
    ----------
    path : Path
        File; its folder is made when missing.
    rows : int
        Rows added so far.
    """

    path: Path
    rows: int = 0
    _writer: pa_csv.CSVWriter | None = None
    _stream: pa.NativeFile | None = None

    def add(self, table: pa.Table) -> None:
        """Add rows."""
        writer = self._writer
        if writer is None:
            self._stream = _opened(self.path)
            self._writer = writer = pa_csv.CSVWriter(self._stream, table.schema)
        writer.write_table(table)
        self.rows += table.num_rows

    def close(self) -> None:
        """Write what is left and close."""
        if self._writer is not None and self._stream is not None:
            self._writer.close()
            self._stream.close()
            self._writer = None


@dataclass(slots=True)
class JsonLines:
    """One file with a JSON object a line, compressed when its name ends in .gz.

    Parameters
    ----------
    path : Path
        File; its folder is made when missing.
    rows : int
        Rows added so far.
    """

    path: Path
    rows: int = 0
    _stream: pa.NativeFile | None = None

    def add(self, table: pa.Table) -> None:
        """Add rows; a missing value is left out."""
        stream = self._stream or _opened(self.path)
        for row in table.to_pylist():
            kept = {name: value for name, value in row.items() if value is not None}
            stream.write((json.dumps(kept, ensure_ascii=False) + "\n").encode())
        self._stream = stream
        self.rows += table.num_rows

    def close(self) -> None:
        """Write what is left and close."""
        if self._stream is not None:
            self._stream.close()
            self._stream = None


def _opened(path: Path) -> pa.NativeFile:
    """Open a text file for writing; a gz file carries no time, so that its bytes repeat."""
    path.parent.mkdir(parents=True, exist_ok=True)
    return pa.output_stream(str(path), compression="gzip" if path.suffix == ".gz" else None)
