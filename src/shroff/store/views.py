"""Rows as readers see them: the latest version of each, at no cost where nothing was corrected."""

from __future__ import annotations

from shroff.store.connection import Connection, records
from shroff.store.schema import BOOKKEEPING, Table
from shroff.store.snapshot import Snapshot, scan
from shroff.store.sql import ident, idents

__all__ = [
    "empty",
    "files_with_superseded",
    "latest",
    "latest_stored",
    "superseded",
    "visible",
]


def visible(contract: Table, state: Snapshot | None) -> dict[str, str]:
    """Name the columns that readers see: the canonical ones, then extra ones.

    Parameters
    ----------
    contract : Table
        Canonical table.
    state : Snapshot or None
        Its state.

    Returns
    -------
    dict of str
        SQL type by column name.
    """
    columns = {column.name: str(column.kind) for column in contract.columns}
    stored = state.columns if state else {}
    extra = {
        name: kind
        for name, kind in stored.items()
        if name not in columns and name not in BOOKKEEPING
    }
    return {**columns, **extra}


def empty(contract: Table) -> str:
    """Write the query for a table that no log came in for: typed, without a row."""
    return scan(visible(contract, None), ())


def latest(contract: Table, state: Snapshot) -> str:
    """Write the query for the latest version of each row, bookkeeping hidden.

    Parameters
    ----------
    contract : Table
        Canonical table.
    state : Snapshot
        Its state.

    Returns
    -------
    str
        A ``SELECT``.
    """
    columns = visible(contract, state)
    return f"SELECT {idents(columns)} FROM ({_current(contract, state, columns)}) AS kept"


def latest_stored(contract: Table, state: Snapshot, *, only: frozenset[str]) -> str:
    """Write the query for the latest rows of some files, bookkeeping included."""
    part = Snapshot(
        state.version, tuple(file for file in state.files if file.path in only), state.columns
    )
    rows = scan(state.columns, part.files)
    if not state.corrected:
        return f"SELECT {idents(state.columns)} FROM ({rows}) AS log"
    return (
        f"SELECT {idents(state.columns)} FROM ({rows}) AS log ANTI JOIN {_newer(contract, state)}"
    )


def superseded(contract: Table, state: Snapshot, *, history: Snapshot | None) -> str:
    """Write the query for rows that a correction replaced and that the history lacks."""
    rows = scan(state.columns, state.files)
    shown = ", ".join(f"log.{ident(name)}" for name in state.columns)
    query = f"SELECT {shown} FROM ({rows}) AS log SEMI JOIN {_newer(contract, state)}"
    if history is None or not history.files:
        return query
    same = _same_key(contract, "old", "log")
    return (
        f"{query} ANTI JOIN ({scan(history.columns, history.files)}) AS old "
        f"ON {same} AND old._version = log._version"
    )


def files_with_superseded(
    contract: Table, state: Snapshot, *, connection: Connection
) -> list[str]:
    """Name the files that hold a row which a correction replaced."""
    if not state.corrected:
        return []
    rows = scan(state.columns, state.files, extra=", filename=true")
    query = f"SELECT DISTINCT filename FROM ({rows}) AS log SEMI JOIN {_newer(contract, state)}"
    return [str(row["filename"]) for row in records(connection, query)]


def _current(contract: Table, state: Snapshot, columns: dict[str, str]) -> str:
    if not state.corrected:
        return scan(columns, state.files)
    stored = {**columns, "_version": "BIGINT"}
    rows = scan(stored, state.files)
    return f"SELECT {idents(columns)} FROM ({rows}) AS log ANTI JOIN {_newer(contract, state)}"


def _newer(contract: Table, state: Snapshot) -> str:
    """Write what ``log`` is joined with to find newer versions of its rows."""
    # an explicit join: DuckDB plans NOT EXISTS with an inequality as several passes over the log
    keys = {name: state.columns[name] for name in contract.key}
    corrections = scan({**keys, "_version": "BIGINT"}, state.corrected)
    return (
        f"(SELECT {idents(keys)}, _version FROM ({corrections}) AS every_ "
        f"WHERE _version > 1) AS newer "
        f"ON {_same_key(contract, 'newer', 'log')} AND newer._version > log._version"
    )


def _same_key(contract: Table, left: str, right: str) -> str:
    optional = {column.name for column in contract.columns if not column.required}
    return " AND ".join(
        f"{left}.{ident(name)} "
        f"{'IS NOT DISTINCT FROM' if name in optional else '='} {right}.{ident(name)}"
        for name in contract.key
    )
