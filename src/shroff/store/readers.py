"""Log files of any format as relations that DuckDB can query."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import duckdb

from shroff.errors import ConfigError
from shroff.store.connection import Connection, records
from shroff.store.csv_files import open_csv
from shroff.store.json_files import open_json
from shroff.store.mapping import MappingSpec
from shroff.store.opened import Fault, Format, Opened
from shroff.store.plain import plain
from shroff.store.reasons import Reason
from shroff.store.sql import literal, literals

__all__ = ["discover", "open_file"]

_ENDINGS = {
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "jsonl",
    ".parquet": "parquet",
    ".pq": "parquet",
}
_PACKED = {".gz", ".zst", ".zstd", ".gzip"}


def discover(sources: Sequence[Path]) -> list[tuple[Path, Format]]:
    """Find the log files that are meant.

    Parameters
    ----------
    sources : sequence of Path
        Files, folders (read with all below them) and globs.

    Returns
    -------
    list of (Path, str)
        Each file once, with its format, in the order given; files of a folder by name.

    Raises
    ------
    ConfigError
        If something named is not there, or no file is left.
    """
    found: dict[Path, Format] = {}
    absent: list[str] = []
    for source in sources:
        paths = _expand(Path(source))
        if not paths:
            absent.append(str(source))
        for path in paths:
            found.setdefault(path.resolve(), _format(path))
    if absent or not found:
        raise ConfigError(
            f"no log file at {', '.join(absent) or 'the place given'}",
            hint="give files, folders or globs of .csv, .tsv, .jsonl or .parquet "
            "(.gz and .zst of the text ones)",
        )
    return list(found.items())


def _expand(source: Path) -> list[Path]:
    if source.is_dir():
        inside = (path for path in sorted(source.rglob("*")) if path.is_file())
        return [path for path in inside if _ending(path) in _ENDINGS and not _hidden(path, source)]
    if source.exists():
        return [source]
    pattern = str(source)
    if not any(sign in pattern for sign in "*?["):
        return []
    root = Path(source.anchor) if source.is_absolute() else Path()
    relative = str(source.relative_to(source.anchor)) if source.is_absolute() else pattern
    return [path for path in sorted(root.glob(relative)) if path.is_file()]


def _hidden(path: Path, root: Path) -> bool:
    return any(part.startswith((".", "_")) for part in path.relative_to(root).parts)


def _ending(path: Path) -> str:
    bare = path.with_suffix("") if path.suffix.lower() in _PACKED else path
    return bare.suffix.lower()


def _format(path: Path) -> Format:
    return _ENDINGS.get(_ending(path), "csv")


def open_file(
    path: Path, kind: Format, *, connection: Connection, staging: Path, spec: MappingSpec
) -> Opened:
    """Open a log file.

    Parameters
    ----------
    path : Path
        The file.
    kind : str
        Its format.
    connection : DuckDBPyConnection
        Where it will be queried.
    staging : Path
        Folder for what has to be written first.
    spec : MappingSpec
        Encoding and delimiter.

    Returns
    -------
    Opened
        The file; with a fault and no relation when it cannot be read at all.
    """
    nothing = Opened(str(path), kind)
    try:
        with path.open("rb") as stream:
            magic = stream.read(4)
        if not magic:
            return replace(nothing, faults=(Fault(Reason.EMPTY_FILE),))
        if magic == b"PAR1":
            return _open_parquet(path, connection)
        if kind == "parquet" or magic.startswith(b"PK\x03\x04"):
            return replace(nothing, faults=(Fault(Reason.UNREADABLE),))
        text = plain(path, staging, encoding=spec.encoding)
        if kind == "jsonl":
            return open_json(path, text, connection=connection, staging=staging)
        tabbed = spec.delimiter is None and _ending(path) == ".tsv"
        chosen = spec.model_copy(update={"delimiter": "\t"}) if tabbed else spec
        return open_csv(path, text, staging=staging, spec=chosen)
    except OSError as error:
        fault = Fault(Reason.UNREADABLE, value=error.strerror or str(error))
        return replace(nothing, faults=(fault,))


def _open_parquet(path: Path, connection: Connection) -> Opened:
    reader = f"read_parquet({literal(str(path))}, hive_partitioning=false"
    try:
        described = records(connection, f"DESCRIBE SELECT * FROM {reader})")
    except duckdb.Error as error:
        fault = Fault(Reason.UNREADABLE, value=str(error).splitlines()[0])
        return Opened(str(path), "parquet", faults=(fault,))
    columns = {str(row["column_name"]): _short(str(row["column_type"])) for row in described}

    def find(wanted: set[int], *, among: int) -> str:
        del among
        # a long list would be a query of many megabytes; the diagnosis picks the rows anyway
        few = len(wanted) <= 1000
        chosen = f" WHERE file_row_number IN ({literals(sorted(wanted))})" if few else ""
        return (
            f"SELECT * EXCLUDE (file_row_number), file_row_number + 1 AS _line, "
            f"CAST(to_json(row_) AS VARCHAR) AS _raw, NULL AS _fault "
            f"FROM {reader}, file_row_number=true) AS row_{chosen}"
        )

    relation = f"SELECT *, CAST(NULL AS VARCHAR) AS _fault FROM {reader})"
    return Opened(str(path), "parquet", columns, relation, find=find)


def _short(kind: str) -> str:
    return kind.replace("TIMESTAMP WITH TIME ZONE", "TIMESTAMPTZ")
