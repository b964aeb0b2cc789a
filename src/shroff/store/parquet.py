"""Parquet files as the lake wants them, written by DuckDB."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from shroff.store.connection import Connection, records
from shroff.store.delta import NewFile
from shroff.store.sql import literal

__all__ = ["keeps_order", "move_in", "write_many", "write_one"]

_VERSION = '"_version"'


def write_one(connection: Connection, sql: str, *, target: Path) -> NewFile:
    """Write the rows of a query to one file, in their order.

    Parameters
    ----------
    connection : DuckDBPyConnection
        Where to run it.
    sql : str
        Query.
    target : Path
        File to write.

    Returns
    -------
    NewFile
        The file; without rows it is there all the same.
    """
    (file,) = _copy(connection, sql, target, "")
    return file


def keeps_order(connection: Connection, sql: str) -> bool:
    """Say whether `write_one` would write the rows of a query in their order.

    DuckDB keeps it unless a join is among the steps; a long ``IN`` list is one.

    Parameters
    ----------
    connection : DuckDBPyConnection
        Where to ask.
    sql : str
        Query.

    Returns
    -------
    bool
        Whether the order is kept.
    """
    steps = records(connection, f"EXPLAIN COPY ({sql}) TO 'unused.parquet' (FORMAT parquet)")
    return any("Batch Copy" in str(step["explain_value"]) for step in steps)


def write_many(
    connection: Connection, sql: str, *, folder: Path, megabytes: int = 256
) -> list[NewFile]:
    """Write the rows of a query, in any order, to files of a given size.

    Parameters
    ----------
    connection : DuckDBPyConnection
        Where to run it.
    sql : str
        Query.
    folder : Path
        Folder for the files; made when absent.
    megabytes : int
        Size to start a new file at.

    Returns
    -------
    list of NewFile
        The files that hold a row.
    """
    options = f", FILE_SIZE_BYTES '{megabytes}MB', FILENAME_PATTERN 'part-{{i}}'"
    return [file for file in _copy(connection, sql, folder, options) if file.rows]


def _copy(connection: Connection, sql: str, target: Path, options: str) -> list[NewFile]:
    written = records(
        connection,
        f"COPY ({sql}) TO {literal(str(target))} (FORMAT parquet, RETURN_STATS{options})",
    )
    return [_file(row) for row in written]


def _file(row: dict[str, object]) -> NewFile:
    statistics = row["column_statistics"]
    newest = 0
    if isinstance(statistics, list):  # Arrow gives a map as a list of pairs
        for name, facts in statistics:
            if name == _VERSION:
                newest = int(dict(facts).get("max", 0))
    return NewFile(Path(str(row["filename"])), int(str(row["count"])), newest)


def move_in(files: Sequence[NewFile], folder: Path, *, name: str) -> list[NewFile]:
    """Move files into a table's folder, where a commit can name them.

    Parameters
    ----------
    files : sequence of NewFile
        Files on the same disk.
    folder : Path
        Folder of the table.
    name : str
        Start of their new names; ties them to the work that wrote them.

    Returns
    -------
    list of NewFile
        The files where they are now.
    """
    moved: list[NewFile] = []
    for number, file in enumerate(files):
        target = folder / f"part-{name}-{number:05}.parquet"
        os.replace(file.path, target)  # noqa: PTH105 - the atomic move is the point
        moved.append(NewFile(target, file.rows, file.newest))
    return moved
