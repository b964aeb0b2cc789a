"""Parts of a query, built one from another: none is shared between two places."""

from __future__ import annotations

from typing import NoReturn

from sqlglot import exp

from shroff.errors import EngineError

__all__ = ["call", "cast", "choose", "number", "refuse", "text", "together"]


def refuse(node: exp.Expr, *, hint: str = "") -> NoReturn:
    """Say which part of a query is not translated.

    Parameters
    ----------
    node : Expr
        The part.
    hint : str
        What to write in its place.

    Raises
    ------
    EngineError
        Always.
    """
    part = node.sql("duckdb")
    shown = part if len(part) <= 120 else part[:117] + "..."
    raise EngineError(
        f"Spark is not known to answer this as DuckDB does: {shown}",
        hint=hint or "write it in another way, or ask the engine duckdb",
    )


def call(name: str, *args: exp.Expr) -> exp.Expr:
    """Call a function of Spark."""
    return exp.Anonymous(this=name, expressions=[arg.copy() for arg in args])


def cast(part: exp.Expr, kind: str) -> exp.Expr:
    """Cast a part to a type as Spark names it."""
    return exp.Cast(this=part.copy(), to=exp.DataType.build(kind, dialect="spark"))


def text(value: str) -> exp.Expr:
    """Write a text."""
    return exp.Literal.string(value)


def number(value: int) -> exp.Expr:
    """Write a whole number."""
    return exp.Literal.number(value)


def together(part: exp.Expr) -> exp.Expr:
    """Put a part in parentheses, so that it stays together."""
    alone = (exp.Column, exp.Literal, exp.Paren, exp.Func)
    return part.copy() if isinstance(part, alone) else exp.Paren(this=part.copy())


def choose(*branches: tuple[exp.Expr, exp.Expr], default: exp.Expr) -> exp.Expr:
    """Write a CASE of tests and values."""
    ifs = [exp.If(this=test, true=value.copy()) for test, value in branches]
    return exp.Case(ifs=ifs, default=default.copy())
