"""SQL that settings give: one expression over the columns of a row, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from functools import lru_cache
from typing import cast

import duckdb

from shroff.errors import ConfigError

__all__ = ["expression_fault", "require_expression"]

_PLACE = "SELECT CAST(({sql}) AS VARCHAR)"
_QUERIES = frozenset({"SUBQUERY", "STAR", "PARAMETER", "DEFAULT", "POSITIONAL_REFERENCE"})
_MULTIPLY = frozenset(
    {"unnest", "generate_series", "generate_subscripts", "json_each", "json_tree"}
)
_OUTSIDE = frozenset(
    {"getenv", "getvariable", "current_setting", "glob", "query", "query_table", "write_log"}
    | {
        "nextval",
        "currval",
        "setseed",
        "current_query",
        "pg_read_file",
        "json_execute_serialized_sql",
    }
)
_OUTSIDE_PREFIXES = (
    "read_",
    "parquet_",
    "sniff_",
    "duckdb_",
    "pragma_",
    "delta_",
    "sqlite_",
    "copy_",
)


def require_expression(sql: str, *, where: str) -> str:
    """Make sure that a text is one SQL expression over the columns of a row.

    Parameters
    ----------
    sql : str
        What a setting gives.
    where : str
        The setting.

    Returns
    -------
    str
        The same text.

    Raises
    ------
    ConfigError
        If it is not SQL, not one value, or reaches for anything but the row.
    """
    fault = expression_fault(sql)
    if fault:
        raise ConfigError(
            fault,
            where=where,
            hint="write one SQL expression over columns, such as \"market = 'US' AND score > 0.5\"",
        )
    return sql


@lru_cache(maxsize=1024)
def expression_fault(sql: str) -> str:
    """Say why a text is not one SQL expression over the columns of a row.

    Parameters
    ----------
    sql : str
        What a setting gives.

    Returns
    -------
    str
        The fault in words; empty when there is none.
    """
    if not sql.strip() or "\0" in sql:
        return "there is no SQL expression"
    with closing(duckdb.connect(":memory:")) as connection:
        told, plain = (_parsed(connection, _PLACE.format(sql=each)) for each in (sql, "1"))
    if told.get("error"):
        return f"this is not one SQL expression: {told.get('error_message')}"
    if _frame(told) != _frame(plain):
        return "this is more than one SQL expression"
    (item,) = cast("list[dict[str, object]]", _node(told)["select_list"])
    child = item.get("child")
    if item.get("class") != "CAST" or not isinstance(child, dict):
        return "this is more than one SQL expression"
    if cast("dict[str, object]", child).get("function_name") == "row":
        return "one row must give one value"
    return next(filter(None, map(_reach, _parts(child))), "")


def _parsed(connection: duckdb.DuckDBPyConnection, query: str) -> dict[str, object]:
    """Take a query apart without running or binding it."""
    row = connection.execute("SELECT json_serialize_sql(?)", [query]).fetchone()
    parsed: dict[str, object] = json.loads(str(row[0])) if row else {"error": True}
    return parsed


def _node(parsed: dict[str, object]) -> dict[str, object]:
    (statement,) = cast("list[dict[str, dict[str, object]]]", parsed["statements"])
    return statement["node"]


def _frame(parsed: dict[str, object]) -> tuple[int, dict[str, object]]:
    """Give what stands around the selected items: equal unless the text breaks out of its place."""
    statements = cast("list[dict[str, dict[str, object]]]", parsed["statements"])
    node = statements[0]["node"]
    items = node.get("select_list")
    size = len(cast("list[object]", items)) if isinstance(items, list) else 0
    return len(statements) * 1000 + size, {**node, "select_list": None}


def _parts(node: object) -> Iterator[dict[str, object]]:
    if isinstance(node, dict):
        known = cast("dict[str, object]", node)
        yield known
        for value in known.values():
            yield from _parts(value)
    elif isinstance(node, list):
        for value in cast("list[object]", node):
            yield from _parts(value)


def _reach(part: dict[str, object]) -> str:
    if part.get("class") in _QUERIES or "from_table" in part:
        return "an expression speaks of one row: no query, no * and no placeholder in it"
    name = str(part.get("function_name", "")).lower()
    if name in _MULTIPLY:
        return "one row must give one value"
    if name in _OUTSIDE or name.startswith(_OUTSIDE_PREFIXES):
        return f"an expression cannot call {name}: it reaches beyond the row"
    return ""
