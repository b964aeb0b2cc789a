"""What is in a file: its columns, and what their values look like."""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa

from shroff.store.connection import Connection, records
from shroff.store.mapping import MappingSpec
from shroff.store.opened import Opened
from shroff.store.readers import open_file
from shroff.store.sql import ident, idents, literal

__all__ = [
    "SAMPLE_ROWS",
    "ColumnProfile",
    "FileProfile",
    "encoding_of",
    "profile",
    "with_all_values",
]

SAMPLE_ROWS = 20_000
"""Rows of a file that are looked at: the first ones."""

_TOP = 40
_LOOK_BYTES = 1 << 20
_WHOLE_BYTES = 1 << 29
_PACKED = {".gz": "gzip", ".gzip": "gzip", ".zst": "zstd", ".zstd": "zstd"}

_CLOCK = r"[T ]\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?"
SHAPES: dict[str, str] = {
    "iso_zone": rf"\d{{4}}[-/]\d{{1,2}}[-/]\d{{1,2}}{_CLOCK} ?(Z|UTC|GMT|[+-]\d{{2}}:?(\d{{2}})?)",
    "iso": rf"\d{{4}}[-/]\d{{1,2}}[-/]\d{{1,2}}{_CLOCK}",
    "iso_day": r"\d{4}[-/]\d{1,2}[-/]\d{1,2}",
    "compact": r"(19|20)\d{6}([T ]?\d{6}Z?)?",
    "epoch": r"1\d{9}([.]\d+)?|1\d{12}",
    "slash": r"\d{1,2}/\d{1,2}/\d{4}",
    "slash_minute": r"\d{1,2}/\d{1,2}/\d{4} \d{1,2}:\d{2}",
    "slash_second": r"\d{1,2}/\d{1,2}/\d{4} \d{1,2}:\d{2}:\d{2}",
    "dot": r"\d{1,2}[.]\d{1,2}[.]\d{4}",
    "dot_minute": r"\d{1,2}[.]\d{1,2}[.]\d{4} \d{1,2}:\d{2}",
    "dot_second": r"\d{1,2}[.]\d{1,2}[.]\d{4} \d{1,2}:\d{2}:\d{2}",
    "chinese": r"\d{4}年\d{1,2}月\d{1,2}日",
    "chinese_minute": r"\d{4}年\d{1,2}月\d{1,2}日 ?\d{1,2}:\d{2}",
    "chinese_second": r"\d{4}年\d{1,2}月\d{1,2}日 ?\d{1,2}:\d{2}:\d{2}",
    "month_name": r"\d{1,2}[- ][A-Z][a-z]{2}[- ]\d{4} \d{1,2}:\d{2}:\d{2}",
}
"""Regular expressions of times, by a name for their shape."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnProfile:
    """One column of a file, as its first rows show it.

    Parameters
    ----------
    name : str
        Name in the file.
    kind : str
        SQL type in the file.
    filled, distinct : int
        Values that are there, and how many different ones.
    numeric : float
        Share that reads as a number.
    low, high : float or None
        Smallest and largest number.
    top : mapping
        The most frequent values and their counts.
    shapes : mapping
        Shapes of times and their counts.
    days_first, days_second : int
        Largest first and second number of dates such as 31/12/2026.
    """

    name: str
    kind: str
    filled: int
    distinct: int
    numeric: float
    low: float | None
    high: float | None
    top: Mapping[str, int]
    shapes: Mapping[str, int]
    days_first: int
    days_second: int

    @property
    def timely(self) -> float:
        """Share of values that look like times."""
        if self.kind.startswith(("TIMESTAMP", "DATE")):
            return 1.0
        return sum(self.shapes.values()) / self.filled if self.filled else 0.0

    @property
    def unique(self) -> float:
        """Share of different values among those that are there."""
        return self.distinct / self.filled if self.filled else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class FileProfile:
    """One file.

    Parameters
    ----------
    path : Path
        The file.
    opened : Opened
        The file as a relation.
    encoding : str
        Encoding it seems to have.
    rows : int
        Rows looked at.
    columns : tuple of ColumnProfile
        Its columns.
    """

    path: Path
    opened: Opened
    encoding: str
    rows: int
    columns: tuple[ColumnProfile, ...]

    @property
    def source(self) -> str:
        """All its rows as a relation; only those looked at when the file is large."""
        if self.path.stat().st_size > _WHOLE_BYTES:
            return "sample"
        return f"({self.opened.relation}) AS source"

    def column(self, name: str) -> ColumnProfile:
        """Find a column by its name in the file."""
        return next(each for each in self.columns if each.name == name)


def encoding_of(path: Path) -> str:
    """Guess the encoding of a text file from its first megabyte.

    Parameters
    ----------
    path : Path
        The file; may be packed.

    Returns
    -------
    str
        ``utf-8``, ``utf-16`` or ``gb18030``.
    """
    packing = _PACKED.get(path.suffix.lower())
    try:
        with pa.input_stream(str(path), compression=packing) as stream:
            start: bytes = stream.read(_LOOK_BYTES)
    except (OSError, pa.ArrowInvalid):
        return "utf-8"
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    for encoding in ("utf-8", "gb18030"):
        try:
            # the last character may be cut
            codecs.getincrementaldecoder(encoding)().decode(start, final=False)
        except UnicodeDecodeError:
            continue
        return encoding
    return "utf-8"


def profile(connection: Connection, path: Path, *, kind: str, staging: Path) -> FileProfile | None:
    """Look at the first rows of a file.

    Parameters
    ----------
    connection : DuckDBPyConnection
        Where to query it; the rows stay there as the table ``sample``.
    path : Path
        The file.
    kind : str
        Its format.
    staging : Path
        Folder for what has to be unpacked.

    Returns
    -------
    FileProfile or None
        None when it cannot be read or has no row.
    """
    encoding = "utf-8" if kind == "parquet" else encoding_of(path)
    spec = MappingSpec.model_validate({"encoding": encoding})
    opened = open_file(path, kind, connection=connection, staging=staging, spec=spec)
    if not opened.relation or not opened.columns:
        return None
    names = list(opened.columns)
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE sample AS SELECT {idents(names)}"
        f" FROM ({opened.relation}) AS source WHERE _fault IS NULL LIMIT {SAMPLE_ROWS}"
    )
    (counted,) = records(connection, "SELECT COUNT(*) AS n FROM sample")
    rows = int(str(counted["n"]))
    if not rows:
        return None
    columns = tuple(_column(connection, name, opened.columns[name]) for name in names)
    return FileProfile(path=path, opened=opened, encoding=encoding, rows=rows, columns=columns)


def _column(connection: Connection, name: str, kind: str) -> ColumnProfile:
    text = f"CAST({ident(name)} AS VARCHAR)"
    source = f"(SELECT trim({text}) AS v FROM sample WHERE {ident(name)} IS NOT NULL) AS given"
    cases = " ".join(
        f"WHEN regexp_full_match(v, {literal(shape)}) THEN {literal(label)}"
        for label, shape in SHAPES.items()
    )
    (facts,) = records(
        connection,
        f"""SELECT COUNT(*) AS filled, COUNT(DISTINCT v) AS different, COUNT(TRY_CAST(v AS DOUBLE)) AS numbers,
  MIN(TRY_CAST(v AS DOUBLE)) AS low, MAX(TRY_CAST(v AS DOUBLE)) AS high
FROM {source} WHERE v <> ''""",
    )
    top = records(
        connection,
        f"SELECT v, COUNT(*) AS n FROM {source} WHERE v <> '' GROUP BY v ORDER BY n DESC, v LIMIT {_TOP}",
    )
    shapes = records(
        connection,
        f"SELECT CASE {cases} END AS shape, COUNT(*) AS n, MIN(v) AS least, MAX(v) AS most"
        f" FROM {source} GROUP BY 1 HAVING shape IS NOT NULL",
    )
    filled = int(str(facts["filled"]))
    first, second = _largest_parts(connection, source) if _has_dates(shapes) else (0, 0)
    return ColumnProfile(
        name=name,
        kind=kind,
        filled=filled,
        distinct=int(str(facts["different"])),
        numeric=int(str(facts["numbers"])) / filled if filled else 0.0,
        low=_number(facts["low"]),
        high=_number(facts["high"]),
        top={str(row["v"]): int(str(row["n"])) for row in top},
        shapes={str(row["shape"]): int(str(row["n"])) for row in shapes},
        days_first=first,
        days_second=second,
    )


def _number(value: object) -> float | None:
    return None if value is None else float(str(value))


def _has_dates(shapes: list[dict[str, object]]) -> bool:
    return any(re.match("slash|dot", str(row["shape"])) for row in shapes)


def _largest_parts(connection: Connection, source: str) -> tuple[int, int]:
    part = r"^(\d{1,2})[/.](\d{1,2})[/.]\d{4}"
    (row,) = records(
        connection,
        f"""SELECT MAX(TRY_CAST(regexp_extract(v, {literal(part)}, 1) AS INTEGER)) AS first,
  MAX(TRY_CAST(regexp_extract(v, {literal(part)}, 2) AS INTEGER)) AS second FROM {source}""",
    )
    return int(str(row["first"] or 0)), int(str(row["second"] or 0))


def with_all_values(
    connection: Connection, seen: FileProfile, names: Sequence[str]
) -> FileProfile:
    """Look at all rows for the values of some columns: rare ones matter when they are translated.

    Parameters
    ----------
    connection : DuckDBPyConnection
        Where the file is open.
    seen : FileProfile
        The file.
    names : sequence of str
        Columns of the file.

    Returns
    -------
    FileProfile
        The file with all values of these columns.
    """
    columns: list[ColumnProfile] = []
    for column in seen.columns:
        if column.name not in names:
            columns.append(column)
            continue
        value = f"trim(CAST({ident(column.name)} AS VARCHAR))"
        rows = records(
            connection,
            f"SELECT {value} AS v, COUNT(*) AS n FROM {seen.source} WHERE {value} <> ''"
            f" GROUP BY 1 ORDER BY n DESC, v LIMIT {_TOP}",
        )
        columns.append(replace(column, top={str(r["v"]): int(str(r["n"])) for r in rows}))
    return replace(seen, columns=tuple(columns))
