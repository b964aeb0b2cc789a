"""Columns that hold personal data, read as pseudonyms by who must not see them."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from shroff.store.pseudonyms import keyed_hash
from shroff.store.sql import ident

__all__ = ["MARK", "is_hidden", "with_hidden"]

MARK = "hidden_"
"""What stands before a pseudonym: the same text has the same one, so counts and joins hold."""

_TEXT = "VARCHAR"


def is_hidden(table: str, column: str, hidden: Collection[str]) -> bool:
    """Tell whether a column of a table is among those that are hidden.

    Parameters
    ----------
    table, column : str
        The column.
    hidden : collection of str
        Columns, or table.column.

    Returns
    -------
    bool
        True where it is named, whatever its letters' case: SQL does not mind it either.
    """
    known = {name.lower() for name in hidden}
    return column.lower() in known or f"{table}.{column}".lower() in known


def with_hidden(
    query: str, *, table: str, columns: Mapping[str, str], hidden: Collection[str]
) -> str:
    """Write a query that gives pseudonyms for texts of hidden columns, and nothing for the rest.

    Parameters
    ----------
    query : str
        The query that reads a table.
    table : str
        The table.
    columns : mapping
        Its columns and their types.
    hidden : collection of str
        Columns, or table.column, to hide.

    Returns
    -------
    str
        The query; as it was where the table has no such column.
    """
    parts = [
        f"{_pseudonym(name, kind)} AS {ident(name)}"
        for name, kind in columns.items()
        if is_hidden(table, name, hidden)
    ]
    if not parts:
        return query
    return f"SELECT * REPLACE ({', '.join(parts)}) FROM ({query}) AS logged"


def _pseudonym(name: str, kind: str) -> str:
    if kind.upper() == _TEXT:
        return keyed_hash(ident(name), mark=MARK)
    return f"CAST(NULL AS {kind})"
