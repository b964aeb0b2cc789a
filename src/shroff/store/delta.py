"""Commits to a Delta table of Parquet files that are already written: all of it or nothing."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from deltalake import CommitProperties, DataType, DeltaTable, Field, Schema, Transaction
from deltalake.exceptions import DeltaError
from deltalake.schema import ArrayType, PrimitiveType
from deltalake.transaction import AddAction, RemoveAction

from shroff.errors import EngineError

__all__ = [
    "NewFile",
    "add",
    "commit_number",
    "create",
    "forget_replaced",
    "rearrange",
    "replace",
    "widen",
]

_APP = "shroff"

_DELTA_TYPES = {
    "VARCHAR": "string",
    "BIGINT": "long",
    "DOUBLE": "double",
    "BOOLEAN": "boolean",
    "TIMESTAMPTZ": "timestamp",
    "DATE": "date",
}


@dataclass(frozen=True, slots=True)
class NewFile:
    """A Parquet file in the table's folder, not yet part of the table.

    Parameters
    ----------
    path : Path
        Where it is.
    rows : int
        Rows in it.
    newest : int
        Highest row version in it.
    """

    path: Path
    rows: int
    newest: int


def _type(kind: str) -> DataType:
    if kind == "VARCHAR[]":
        return ArrayType(PrimitiveType("string"), contains_null=True)
    return PrimitiveType(_DELTA_TYPES[kind])


def _fields(columns: dict[str, str]) -> list[Field]:
    return [Field(name, _type(kind), nullable=True) for name, kind in columns.items()]


def create(folder: Path, columns: dict[str, str]) -> None:
    """Make an empty table, unless there is one.

    Parameters
    ----------
    folder : Path
        Its folder.
    columns : dict of str
        SQL type by column name.
    """
    with _committing(folder):
        if DeltaTable.is_deltatable(folder.as_uri()):
            return
        DeltaTable.create(folder.as_uri(), Schema(_fields(columns)), mode="ignore")


def widen(folder: Path, columns: dict[str, str]) -> None:
    """Add the columns that a table does not have yet; old rows read as NULL there.

    Parameters
    ----------
    folder : Path
        Folder of the table.
    columns : dict of str
        SQL type by column name.
    """
    with _committing(folder):
        table = DeltaTable(folder.as_uri())
        known = {field.name for field in table.schema().fields}
        fresh = {name: kind for name, kind in columns.items() if name not in known}
        if fresh:
            table.alter.add_columns(_fields(fresh))


def add(folder: Path, files: Sequence[NewFile]) -> int:
    """Add files to a table in one commit.

    Parameters
    ----------
    folder : Path
        Folder of the table.
    files : sequence of NewFile
        Files to add; at least one.

    Returns
    -------
    int
        Version of the table after it.
    """
    return _commit(folder, [_added(folder, file) for file in files])


def rearrange(folder: Path, *, old: Sequence[str], new: Sequence[NewFile]) -> int:
    """Swap files of a table for others with the same rows in one commit.

    Readers see what they saw before, and the commit says so.

    Parameters
    ----------
    folder : Path
        Folder of the table.
    old : sequence of str
        Names of the files that go.
    new : sequence of NewFile
        Files that come.

    Returns
    -------
    int
        Version of the table after it.
    """
    return _commit(folder, _swapped(folder, old=old, new=new, changed=False))


def replace(folder: Path, *, old: Sequence[str], new: Sequence[NewFile]) -> int:
    """Swap files of a table for others in one commit.

    Parameters
    ----------
    folder : Path
        Folder of the table.
    old : sequence of str
        Names of the files that go.
    new : sequence of NewFile
        Files that come.

    Returns
    -------
    int
        Version of the table after it.
    """
    return _commit(folder, _swapped(folder, old=old, new=new, changed=True))


def _swapped(
    folder: Path, *, old: Sequence[str], new: Sequence[NewFile], changed: bool
) -> list[AddAction | RemoveAction]:
    now = int(time.time() * 1000)
    removed = [RemoveAction(name, data_change=changed, deletion_timestamp=now) for name in old]
    return [*removed, *(_added(folder, file, changed=changed) for file in new)]


def forget_replaced(folder: Path, *, hours: int) -> None:
    """Delete files that were replaced longer ago than readers may need them.

    Parameters
    ----------
    folder : Path
        Folder of the table.
    hours : int
        Hours since they were replaced, at least 168.
    """
    DeltaTable(folder.as_uri()).vacuum(retention_hours=hours, dry_run=False)


def _added(folder: Path, file: NewFile, *, changed: bool = True) -> AddAction:
    with file.path.open("rb") as stream:
        os.fsync(stream.fileno())
    facts = file.path.stat()
    # no smallest or largest value of any other column: the log must not remember forgotten ids
    stats: dict[str, object] = {"numRecords": file.rows}
    if file.newest:
        stats |= {
            "minValues": {"_version": 1},
            "maxValues": {"_version": file.newest},
            "nullCount": {"_version": 0},
        }
    return AddAction(
        path=file.path.relative_to(folder).as_posix(),
        size=facts.st_size,
        partition_values={},
        modification_time=int(facts.st_mtime * 1000),
        data_change=changed,
        stats=json.dumps(stats),
    )


def commit_number(table: DeltaTable) -> CommitProperties:
    """Give a commit its number: two writers that read the same state cannot both commit the same one.

    Parameters
    ----------
    table : DeltaTable
        The table as it was read.

    Returns
    -------
    CommitProperties
        Properties that carry the number.
    """
    number = (table.transaction_version(_APP) or 0) + 1
    return CommitProperties(app_transactions=[Transaction(_APP, number)])


def _commit(folder: Path, actions: list[AddAction | RemoveAction]) -> int:
    with _committing(folder):
        table = DeltaTable(folder.as_uri())
        table.create_write_transaction(
            actions, mode="append", schema=table.schema(), commit_properties=commit_number(table)
        )
        table.update_incremental()
        return table.version()


@contextmanager
def _committing(folder: Path) -> Generator[None]:
    try:
        yield
    except DeltaError as error:
        raise EngineError(
            f"the lake did not take the change: {str(error).splitlines()[0]}",
            where=folder.name,
            hint="run the command again; what was there before is unharmed",
        ) from error
