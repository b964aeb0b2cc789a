"""Casts and texts: what is written and matched otherwise in Spark."""

from __future__ import annotations

from sqlglot import exp

from shroff.store.dialect_kinds import Sort, sort_of
from shroff.store.dialect_parts import call, cast, choose, number, refuse, text

__all__ = [
    "concatenated",
    "converted",
    "joined",
    "length",
    "like",
    "matched",
    "substring",
    "trimmed",
]

_WHOLE = ("INTEGER", "INT", "BIGINT", "SMALLINT", "TINYINT")
_TYPES = ("BOOLEAN", "DATE", "DOUBLE", "TEXT", "TIMESTAMP", "TIMESTAMPTZ", "TIMESTAMPNTZ")
_UNLIKELY = "\x01"


def converted(node: exp.Expr) -> exp.Expr:
    """Cast as DuckDB does, to the types that both engines share."""
    part, kind = node.args["this"], node.args["to"].sql("duckdb")
    if kind == "TEXT":
        return _as_text(part)
    if kind in _WHOLE and isinstance(node, exp.Cast):
        return _as_whole(node)
    if kind.removesuffix("[]") not in (*_TYPES, *_WHOLE):
        refuse(node, hint="use BIGINT, DOUBLE, VARCHAR, BOOLEAN, DATE or TIMESTAMPTZ")
    return node


def _as_whole(node: exp.Expr) -> exp.Expr:
    """Round to the nearest even as DuckDB does; Spark would cut the fraction off."""
    part, kind = node.args["this"], node.args["to"]
    sort = sort_of(part)
    if sort in (Sort.INTEGER, Sort.FLAG, Sort.TEXT):
        return node
    if sort is Sort.DECIMAL:
        return exp.Cast(this=call("ROUND", part), to=kind.copy())
    near = exp.Cast(this=call("RINT", part), to=kind.copy())
    if sort is Sort.FLOAT:
        return near
    number = cast(cast(part, "STRING"), "DOUBLE")
    near = exp.Cast(this=call("RINT", number), to=kind.copy())
    return _by_type(part, near, other=node)


def _by_type(part: exp.Expr, value: exp.Expr, *, other: exp.Expr) -> exp.Expr:
    """Decide by the type that a part turns out to have; Spark does so before it runs."""
    fraction = exp.EQ(this=call("TYPEOF", part), expression=text("double"))
    return choose((fraction, value), default=other)


def _as_text(part: exp.Expr) -> exp.Expr:
    """Write a value as text in DuckDB's way."""
    sort, plain = sort_of(part), cast(part, "STRING")
    if sort in (Sort.TEXT, Sort.INTEGER, Sort.FLAG, Sort.DAY, Sort.LOCAL):
        return plain
    zoned = exp.DPipe(this=plain, expression=text("+00"))
    if sort is Sort.TIME:
        return exp.Paren(this=zoned)
    if sort is Sort.FLOAT:
        return _number_text(part)
    if sort in (Sort.LIST, Sort.DECIMAL):
        refuse(part, hint="its text differs: cast to DOUBLE first, or leave lists out")
    number = _number_text(exp.TryCast(this=plain.copy(), to=exp.DataType.build("DOUBLE")))
    kind = call("TYPEOF", part)
    return choose(
        (exp.EQ(this=kind, expression=text("double")), number),
        (exp.EQ(this=kind.copy(), expression=text("timestamp")), zoned),
        default=plain,
    )


def _number_text(part: exp.Expr) -> exp.Expr:
    """Write a fraction in DuckDB's way: Spark has other exponents and names of what is infinite."""
    plain, size = cast(part, "STRING"), exp.Abs(this=part.copy())
    plainly = exp.Not(this=exp.Like(this=plain.copy(), expression=text("%E%")))
    middling = exp.And(
        this=exp.GTE(this=size.copy(), expression=_double("0.0001")),
        expression=exp.LT(this=size.copy(), expression=_double("1e16")),
    )
    return choose(
        (plainly, _named_text(plain)),
        (middling, _pointed(cast(cast(part, "DECIMAL(38,21)"), "STRING"))),
        default=_powered(plain),
    )


def _double(number: str) -> exp.Expr:
    return cast(exp.Literal.number(number), "DOUBLE")


def _powered(plain: exp.Expr) -> exp.Expr:
    """Write 1.0E20 as 1e+20, and the least number there is with as few digits as it takes."""
    plain = call("REPLACE", plain, text("4.9E-324"), text("5E-324"))
    digits = call("REGEXP_EXTRACT", plain, text("^(-?[0-9.]*?)(\\.0)?E"), number(1))
    power = cast(call("REGEXP_EXTRACT", plain, text("E(-?[0-9]+)$"), number(1)), "INT")
    below = exp.LT(this=power.copy(), expression=number(0))
    sign = choose((below, text("e-")), default=text("e+"))
    padded = call("FORMAT_STRING", text("%02d"), exp.Abs(this=power))
    return call("CONCAT", digits, sign, padded)


def _named_text(plain: exp.Expr) -> exp.Expr:
    return call(
        "REPLACE",
        call("REPLACE", plain, text("NaN"), text("nan")),
        text("Infinity"),
        text("inf"),
    )


def _pointed(shown: exp.Expr) -> exp.Expr:
    """Leave out zeros at the end, but one after the point."""
    return call("REGEXP_REPLACE", call("RTRIM", text("0"), shown), text("\\.$"), text(".0"))


def joined(node: exp.Expr) -> exp.Expr:
    """Write what is joined to a text in DuckDB's way."""
    sides = [node.args["this"], node.args["expression"]]
    if all(_plain_text(side) for side in sides):
        return node
    return exp.DPipe(
        this=exp.Paren(this=_as_text(sides[0])),
        expression=exp.Paren(this=_as_text(sides[1])),
    )


def _plain_text(part: exp.Expr) -> bool:
    known = sort_of(part) in (Sort.TEXT, Sort.INTEGER, Sort.FLAG, Sort.DAY)
    return known or isinstance(part, exp.Null)


def concatenated(node: exp.Expr) -> exp.Expr:
    """Refuse to join what is written differently."""
    parts = [part for part in node.args["expressions"] if not _plain_text(part)]
    if parts:
        refuse(node, hint="cast each part to VARCHAR")
    return node


def like(node: exp.Expr) -> exp.Expr:
    r"""Read \ as a character of its own, as DuckDB does; in Spark it escapes the next."""
    pattern = node.args["expression"]
    if isinstance(node.parent, exp.Escape):
        return node
    if isinstance(pattern, exp.Literal) and "\\" not in pattern.name:
        return node
    return exp.Escape(this=node.copy(), expression=text(_UNLIKELY))


def trimmed(node: exp.Expr) -> exp.Expr:
    """Refuse to trim by a collation."""
    if node.args.get("collation") is not None:
        refuse(node)
    return node


def substring(node: exp.Expr) -> exp.Expr:
    """Count characters from 1: from 0 engines differ."""
    start = node.args.get("start")
    if not isinstance(start, exp.Literal) or start.name == "0":
        refuse(node, hint="give the first character as a number from 1")
    return node


def matched(node: exp.Expr) -> exp.Expr:
    """Match a plain pattern: options are written differently."""
    flag = node.args.get("flag")
    if flag is not None or not isinstance(node.args["expression"], exp.Literal):
        refuse(node, hint="give the pattern as a text, without options")
    return node


def length(node: exp.Expr) -> exp.Expr:
    """Count the characters of a text or the values of a list."""
    part = node.args["this"]
    if sort_of(part) is Sort.LIST:
        return cast(call("SIZE", part), "BIGINT")
    return node
