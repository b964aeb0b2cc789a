"""Names and values inside SQL, quoted: the only place that composes them."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import UTC, date, datetime

from shroff.errors import EngineError

__all__ = ["ident", "idents", "literal", "literals"]

Value = str | int | float | bool | date | datetime | None


def ident(name: str) -> str:
    """Quote a name.

    Parameters
    ----------
    name : str
        Name of a column, table or view.

    Returns
    -------
    str
        The name in double quotes.

    Raises
    ------
    EngineError
        If it is empty or holds a NUL character, which no engine takes.

    Examples
    --------
    >>> ident('a"b')
    '"a""b"'
    """
    if not name or "\0" in name:
        raise EngineError(f"{name!r} cannot be the name of a column or table")
    return '"' + name.replace('"', '""') + '"'


def idents(names: Iterable[str]) -> str:
    """Quote names and join them with commas."""
    return ", ".join(ident(name) for name in names)


def literal(value: Value) -> str:
    """Write a value as SQL.

    Parameters
    ----------
    value : str, int, float, bool, date, datetime or None
        The value; a datetime without zone is read as UTC.

    Returns
    -------
    str
        The literal.

    Notes
    -----
    A text with a NUL character is an `EngineError`: no engine takes it.

    Examples
    --------
    >>> literal("it's"), literal(None), literal(True), literal(0.5)
    ("'it''s'", 'NULL', 'TRUE', 'CAST(0.5 AS DOUBLE)')
    """
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, datetime):
        moment = value if value.tzinfo else value.replace(tzinfo=UTC)
        return f"CAST('{moment.astimezone(UTC).isoformat(sep=' ')}' AS TIMESTAMPTZ)"
    if isinstance(value, date):
        return f"CAST('{value.isoformat()}' AS DATE)"
    return _plain(value)


def _text(value: str) -> str:
    if "\0" in value:
        raise EngineError("a text with a NUL character cannot be put into SQL")
    return "'" + value.replace("'", "''") + "'"


def _plain(value: float | bool | None) -> str:  # noqa: FBT001 - a value, not a switch
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int):
        return str(value)
    shown = repr(value) if math.isfinite(value) else f"'{value}'"
    return f"CAST({shown} AS DOUBLE)"


def literals(values: Iterable[Value]) -> str:
    """Write values as SQL and join them with commas."""
    return ", ".join(literal(value) for value in values)
