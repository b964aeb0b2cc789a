"""A user's own query: one SELECT on the canonical tables, and nothing else."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

import duckdb

from shroff.errors import ConfigError

if TYPE_CHECKING:
    import pyarrow as pa

    from shroff.store.engine import Engine

__all__ = ["checked_select", "select"]


def checked_select(query: str) -> str:
    """Make sure that a text is one SELECT.

    Parameters
    ----------
    query : str
        SQL.

    Returns
    -------
    str
        The query, without a semicolon at its end.

    Raises
    ------
    ConfigError
        If it is not SQL, not one statement, or does anything but select.
    """
    try:
        statements = duckdb.extract_statements(query)
    except duckdb.Error as error:
        lines = str(error).splitlines()
        raise ConfigError(
            f"this is not SQL: {lines[0].removeprefix('Parser Error: ')}",
            hint="tables: ads, decisions, reviews, ...; see shroff status",
        ) from None
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        raise ConfigError(
            "only one SELECT is run: logs are never changed by a query",
            hint="change logs by shroff ingest, shroff forget and shroff retention",
        )
    return statements[0].query.strip().removesuffix(";")


def select(
    engine: Engine, query: str, *, limit: int | None = None, hidden: Collection[str] = ()
) -> pa.Table:
    """Run a user's query; it can read the logs and no other file.

    Parameters
    ----------
    engine : Engine
        The logs; it is locked to them.
    query : str
        One ``SELECT``.
    limit : int, optional
        Rows wanted at most.
    hidden : collection of str
        Columns that are hidden from who asks: free SQL could read around what hides them.

    Returns
    -------
    Table
        The rows.

    Raises
    ------
    ConfigError
        If columns are hidden, or it is not one ``SELECT``.
    """
    if hidden:
        raise ConfigError(
            "your role does not see all columns, so it cannot ask in SQL", where="[web.hide]"
        )
    checked = checked_select(query)
    return engine.query(checked if limit is None else f"SELECT * FROM ({checked}\n) LIMIT {limit}")
