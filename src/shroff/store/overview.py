"""What is in the lake: rows and days of each table, and what was rejected."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from shroff.store.lake import QUARANTINE
from shroff.store.quarantine import QUARANTINE_COLUMNS
from shroff.store.schema import TABLES, table
from shroff.store.sql import ident, idents, literal

if TYPE_CHECKING:
    import pyarrow as pa

    from shroff.store.engine import Engine
    from shroff.store.lake import Lake

__all__ = ["TableState", "rejected", "table_states"]


_SHOWN = ("table", "file", "line", "column", "value", "reason", "raw", "at")


@dataclass(frozen=True, slots=True, kw_only=True)
class TableState:
    """What a canonical table holds.

    Parameters
    ----------
    table : str
        Table.
    rows : int
        Rows, each in its latest version.
    first, last : str
        First and last day, empty when there is no row.
    version : int or None
        Version of the lake; None when no log came in yet.
    """

    table: str
    rows: int
    first: str
    last: str
    version: int | None


def table_states(engine: Engine) -> tuple[TableState, ...]:
    """Tell what each canonical table holds.

    Parameters
    ----------
    engine : Engine
        The logs.

    Returns
    -------
    tuple of TableState
        In the order of the schema.
    """
    parts = " UNION ALL ".join(
        f"SELECT {literal(each.name)} AS name, COUNT(*) AS n,"
        f" CAST(CAST(MIN({ident(each.time)}) AS DATE) AS VARCHAR) AS first,"
        f" CAST(CAST(MAX({ident(each.time)}) AS DATE) AS VARCHAR) AS last FROM {ident(each.name)}"
        for each in TABLES.values()
    )
    records = {row["name"]: row for row in engine.query(parts).to_pylist()}
    return tuple(
        TableState(
            table=name,
            rows=records[name]["n"],
            first=records[name]["first"] or "",
            last=records[name]["last"] or "",
            version=engine.snapshot.get(name),
        )
        for name in TABLES
    )


def rejected(
    engine: Engine, lake: Lake, *, table: str | None = None, limit: int | None = None
) -> pa.Table:
    """List the rows that were rejected, the newest first.

    Parameters
    ----------
    engine : Engine
        Where to query.
    lake : Lake
        The logs.
    table : str, optional
        Only those meant for this table.
    limit : int, optional
        Rows at most.

    Returns
    -------
    Table
        Table, file, line, column, value, reason, raw and at.
    """
    state = lake.state(QUARANTINE)
    files = [file.path for file in state.files] if state else []
    engine.attach("_rejected", files, QUARANTINE_COLUMNS)
    where = f'WHERE "table" = {literal(_known(table))}' if table else ""
    bound = f"LIMIT {limit}" if limit is not None else ""
    return engine.query(
        f"SELECT {idents(_SHOWN)} FROM _rejected {where}"
        f' ORDER BY "at" DESC, "file", "line" {bound}'
    )


def _known(name: str) -> str:
    return table(name).name
