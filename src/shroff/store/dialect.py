"""Our SQL in the words of another engine: the only place that translates."""

from __future__ import annotations

from functools import lru_cache

import sqlglot
from sqlglot import exp

from shroff.errors import EngineError

__all__ = ["to_spark"]


@lru_cache(maxsize=512)
def to_spark(sql: str) -> str:
    """Translate a query into Spark SQL."""
    tree = sqlglot.parse_one(sql, read="duckdb")
    tree = tree.transform(_rewritten)
    return tree.sql("spark", pretty=True)


def _rewritten(node: exp.Expr) -> exp.Expr:
    if isinstance(node, exp.Literal) and not node.is_string and not node.is_int:
        return (
            exp.cast(exp.Literal(this=node.this, is_string=False), "DOUBLE")
            if not isinstance(node.parent, exp.Cast)
            else node
        )
    if isinstance(node, exp.DateDiff):
        return _difference(node)
    return node


_SECONDS = {"SECOND": 1, "MINUTE": 60, "HOUR": 3600}


def _difference(node: exp.DateDiff) -> exp.Expr:
    """Count the boundaries between two times, as DuckDB does: Spark counts whole units."""
    unit, until, since = node.text("unit").upper(), node.this, node.expression
    if unit in _SECONDS:
        ends = [
            _call("UNIX_SECONDS", _call("DATE_TRUNC", exp.Literal.string(unit), each))
            for each in (until, since)
        ]
        gap = exp.paren(exp.Sub(this=ends[0], expression=ends[1]), copy=False)
        return exp.IntDiv(this=gap, expression=exp.Literal.number(_SECONDS[unit]))
    if unit == "DAY":
        ends = [exp.cast(each, "DATE") for each in (until, since)]
        return exp.cast(exp.Anonymous(this="DATE_DIFF", expressions=ends), "BIGINT")
    raise EngineError(f"DATE_DIFF('{unit.lower()}', ...) is not translated")


def _call(name: str, *args: exp.Expr) -> exp.Expr:
    return exp.Anonymous(this=name, expressions=list(args))
