"""The state of a Delta table as plain Parquet files that any engine can read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

import pyarrow as pa
from deltalake import DeltaTable
from deltalake.exceptions import DeltaError, TableNotFoundError

from shroff.errors import EngineError
from shroff.store.sql import ident, literals

__all__ = ["DataFile", "Snapshot", "pin", "scan"]

_REFUSED = {
    "deletionVectors": "deletion vectors",
    "columnMapping": "column mapping",
    "v2Checkpoint": "version 2 checkpoints",
}

_SQL_TYPES = {
    "string": "VARCHAR",
    "long": "BIGINT",
    "integer": "BIGINT",
    "double": "DOUBLE",
    "boolean": "BOOLEAN",
    "timestamp": "TIMESTAMPTZ",
    "date": "DATE",
}


@dataclass(frozen=True, slots=True)
class DataFile:
    """One Parquet file of a table.

    Parameters
    ----------
    path : str
        Absolute path as the file system knows it (not percent-encoded).
    rows : int
        Rows in it.
    newest : int
        Highest row version in it; above 1 when it holds corrections.
    """

    path: str
    rows: int
    newest: int


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One state of one table.

    Parameters
    ----------
    version : int
        Version of the Delta table.
    files : tuple of DataFile
        Its files, oldest first.
    columns : dict of str
        SQL type by column name.
    """

    version: int
    files: tuple[DataFile, ...]
    columns: dict[str, str]

    @property
    def corrected(self) -> tuple[DataFile, ...]:
        """Files that hold a corrected row."""
        return tuple(file for file in self.files if file.newest > 1)

    @property
    def rows(self) -> int:
        """Rows stored, superseded ones included."""
        return sum(file.rows for file in self.files)


def pin(
    folder: Path, *, version: int | None = None, known: Mapping[int, Snapshot] | None = None
) -> Snapshot | None:
    """Read the state of a table.

    Parameters
    ----------
    folder : Path
        Folder of the Delta table.
    version : int, optional
        Version wanted; the latest when absent.
    known : mapping, optional
        States read before, by version: what a version holds never changes.

    Returns
    -------
    Snapshot or None
        None when there is no such table yet.

    Raises
    ------
    EngineError
        If the table or version cannot be read, or uses a feature that plain Parquet readers would
        get wrong.
    """
    try:
        table = DeltaTable(folder.as_uri(), version=version)
    except TableNotFoundError:
        return None
    except DeltaError as error:
        raise EngineError(
            f"the lake cannot be read: {str(error).splitlines()[0]}",
            where=f"{folder.name}@{version}" if version is not None else folder.name,
            hint="old states go after retention; take a newer one",
        ) from error
    if known and table.version() in known:
        return known[table.version()]
    _refuse(table, folder)
    return Snapshot(table.version(), _files(table, folder), _columns(table))


def _refuse(table: DeltaTable, folder: Path) -> None:
    protocol, metadata = table.protocol(), table.metadata()
    features = {*(protocol.reader_features or ()), *(protocol.writer_features or ())}
    found = [name for feature, name in _REFUSED.items() if feature in features]
    settings = metadata.configuration
    if settings.get("delta.enableDeletionVectors") == "true":
        found.append(_REFUSED["deletionVectors"])
    if settings.get("delta.columnMapping.mode", "none") != "none":
        found.append(_REFUSED["columnMapping"])
    if metadata.partition_columns:
        found.append("partition columns")
    if found:
        raise EngineError(
            f"the table uses {', '.join(dict.fromkeys(found))}, which would be read wrongly",
            where=folder.name,
            hint="another tool changed it: rewrite it as a plain Delta table",
        )


def _files(table: DeltaTable, folder: Path) -> tuple[DataFile, ...]:
    # not pa.table(...): where pandas is installed that imports it, a second for every command
    actions = pa.RecordBatchReader.from_stream(table.get_add_actions(flatten=True)).read_all()
    paths: list[str] = actions.column("path").to_pylist()
    counts = _statistic(actions, "num_records")
    newest = _statistic(actions, "max._version")
    whole = folder.resolve()
    files = [
        DataFile(str(whole / unquote(path)), count or 0, 2 if top is None else top)
        for path, count, top in zip(paths, counts, newest, strict=True)
    ]
    return tuple(sorted(files, key=lambda file: file.path))


def _statistic(actions: pa.Table, name: str) -> list[int | None]:
    if name not in actions.column_names:
        return [None] * actions.num_rows
    values: list[int | None] = actions.column(name).to_pylist()
    return values


def _columns(table: DeltaTable) -> dict[str, str]:
    types: dict[str, str] = {}
    for field in table.schema().fields:
        kind = getattr(field.type, "type", "")
        types[field.name] = "VARCHAR[]" if kind == "array" else _SQL_TYPES.get(kind, "VARCHAR")
    return types


def scan(columns: dict[str, str], files: tuple[DataFile, ...], *, extra: str = "") -> str:
    """Write the query that reads files as one relation.

    Parameters
    ----------
    columns : dict of str
        Columns wanted with their SQL types; one that no file has yet reads as NULL.
    files : tuple of DataFile
        Files; none at all gives an empty typed relation.
    extra : str
        Further arguments of ``read_parquet``.

    Returns
    -------
    str
        A ``SELECT``, to be used in parentheses.
    """
    typed = ", ".join(f"CAST(NULL AS {kind}) AS {ident(name)}" for name, kind in columns.items())
    empty = f"SELECT {typed} WHERE FALSE"
    if not files:
        return empty
    paths = literals(file.path for file in files)
    reader = f"read_parquet([{paths}], union_by_name=true, hive_partitioning=false{extra})"
    return f"{empty} UNION ALL BY NAME SELECT * FROM {reader}"
