"""Types of Arrow columns by DuckDB's names."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from shroff.errors import EngineError

__all__ = ["arrow_schema"]

_TYPES = {
    "VARCHAR": pa.string(),
    "BIGINT": pa.int64(),
    "INTEGER": pa.int32(),
    "DOUBLE": pa.float64(),
    "BOOLEAN": pa.bool_(),
    "TIMESTAMPTZ": pa.timestamp("us", "UTC"),
    "DATE": pa.date32(),
}


def arrow_schema(columns: Mapping[str, str]) -> pa.Schema:
    """Give the Arrow schema of columns.

    Parameters
    ----------
    columns : mapping
        DuckDB type of each column.

    Returns
    -------
    Schema
        The schema; everything may be NULL.

    Raises
    ------
    EngineError
        If a type is none that logs have.
    """
    return pa.schema([(name, _type(name, kind)) for name, kind in columns.items()])


def _type(name: str, kind: str) -> pa.DataType:
    if kind.endswith("[]"):
        return pa.list_(_type(name, kind[:-2]))
    if kind not in _TYPES:
        raise EngineError(
            f"{name} cannot be a {kind}", hint="types: " + ", ".join((*_TYPES, "VARCHAR[]"))
        )
    return _TYPES[kind]
