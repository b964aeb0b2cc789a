"""Our SQL in the words of another engine: the only place that translates.

Queries are written once, for DuckDB. What is known to give the same in Spark is passed on, what is
known to differ is written in another way, and anything else is refused: an answer that might be
another number is no answer.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from functools import lru_cache

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from shroff.errors import EngineError
from shroff.store.dialect_kinds import Sort, Sorts, tell_sorts
from shroff.store.dialect_parts import refuse
from shroff.store.dialect_rewrites import FUNCTIONS, NAMED, STRUCTURE, rewritten

__all__ = ["to_spark", "to_spark_expression"]

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def to_spark(
    sql: str, *, columns: Sorts | None = None, tables: Collection[str] | None = None
) -> str:
    """Translate a query into Spark SQL.

    Parameters
    ----------
    sql : str
        A query as DuckDB understands it.
    columns : mapping, optional
        What the columns of the tables hold, by name in lower case; without it, parts whose writing
        depends on that decide when they run.
    tables : collection of str, optional
        Tables the query may read; any when absent.

    Returns
    -------
    str
        The query as Spark understands it.

    Raises
    ------
    EngineError
        If a part of it is not known to give the same in Spark.
    """
    known = frozenset((columns or {}).items())
    readable = None if tables is None else frozenset(name.lower() for name in tables)
    return _translated(sql, known, readable)


def to_spark_expression(sql: str, *, columns: Sorts) -> str:
    """Translate one expression over the columns of a row into Spark SQL.

    Parameters
    ----------
    sql : str
        The expression.
    columns : mapping
        What the columns hold, by name in lower case.

    Returns
    -------
    str
        The expression as Spark understands it.
    """
    tree = _parsed(f"SELECT {sql} AS value_")
    _rewrite(tree, columns)
    (shown,) = tree.expressions
    text: str = shown.this.sql("spark")
    return text


@lru_cache(maxsize=512)
def _translated(
    sql: str, columns: frozenset[tuple[str, frozenset[Sort]]], tables: frozenset[str] | None
) -> str:
    tree = _parsed(sql)
    if tables is not None:
        _require_tables(tree, tables)
    _rewrite(tree, dict(columns))
    return tree.sql("spark", pretty=True)


def _parsed(sql: str) -> exp.Expr:
    try:
        tree = sqlglot.parse_one(sql, read="duckdb")
    except SqlglotError as error:
        cause = str(error).splitlines()[0]
        raise EngineError(f"this cannot be read as SQL: {cause}") from None
    for node in tree.walk():
        _require_known(node)
    return tree


def _rewrite(tree: exp.Expr, columns: Sorts) -> None:
    tell_sorts(tree, columns)
    for node in reversed(list(tree.walk(bfs=True))):
        new = rewritten(node)
        if new is not node:
            node.replace(new)
    for name in tree.find_all(exp.Identifier):
        if not _PLAIN.fullmatch(name.name):
            name.set("quoted", True)  # noqa: FBT003 - sqlglot's own way


def _require_known(node: exp.Expr) -> None:
    if isinstance(node, exp.Anonymous):
        known = node.name.upper() in NAMED
    else:
        known = isinstance(node, (*FUNCTIONS, *STRUCTURE))
    if not known:
        refuse(node)


def _require_tables(tree: exp.Expr, tables: frozenset[str]) -> None:
    own = {cte.alias.lower() for cte in tree.find_all(exp.CTE)}
    for table in tree.find_all(exp.Table):
        if table.args.get("db") is not None or table.name.lower() not in tables | own:
            raise EngineError(
                f"there is no table {table.sql('duckdb')}",
                hint="tables: " + ", ".join(_shown(tables)),
            )


def _shown(tables: Iterable[str]) -> list[str]:
    return sorted(name for name in tables if not name.startswith("_"))
