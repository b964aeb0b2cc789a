"""Numbers: what is read, divided and rounded otherwise in Spark."""

from __future__ import annotations

from sqlglot import exp

from shroff.store.dialect_kinds import Sort, sort_of
from shroff.store.dialect_parts import call, cast, choose, number, refuse, text, together

__all__ = [
    "divided",
    "less",
    "literal",
    "logarithm",
    "not_a_number",
    "rounded",
    "whole_divided",
]

_EXACT = 2**53


def literal(node: exp.Expr) -> exp.Expr:
    """Read 0.5 as DOUBLE: Spark would round averages and quotients of decimals to few digits."""
    if node.args.get("is_string") or node.name.isdigit() or isinstance(node.parent, exp.Cast):
        return node
    return cast(node, "DOUBLE")


def divided(node: exp.Expr) -> exp.Expr:
    """Divide by zero as DuckDB does: infinite, or not a number; Spark would stop."""
    above, below = node.args["this"], node.args["expression"]
    if isinstance(below, exp.Nullif) or _never_zero(below):
        return node
    if isinstance(above, exp.Paren):
        above = above.this
    # 1 / 0 and 1 / -0 are infinite on either side
    ends = call("POWER", below, exp.Neg(this=number(1)))
    infinite = exp.Mul(this=together(above), expression=ends)
    none = exp.EQ(this=below.copy(), expression=number(0))
    return exp.Paren(this=choose((none, infinite), default=node))


def _never_zero(part: exp.Expr) -> bool:
    inner = part.this if isinstance(part, (exp.Cast, exp.Paren)) else part
    return isinstance(inner, exp.Literal) and not inner.is_string and float(inner.name) != 0


def whole_divided(node: exp.Expr) -> exp.Expr:
    """Divide whole numbers; with fractions DuckDB keeps them."""
    sides = node.args["this"], node.args["expression"]
    if any(sort_of(side) is not Sort.INTEGER for side in sides):
        refuse(node, hint="// of numbers that may have a fraction differs: write FLOOR(a / b)")
    return node


def less(node: exp.Expr) -> exp.Expr:
    """Count days between two days as DuckDB does; Spark would give an interval."""
    sides = node.args["this"], node.args["expression"]
    known = [sort_of(side) for side in sides]
    if known == [Sort.DAY, Sort.DAY]:
        return cast(call("DATE_DIFF", *sides), "BIGINT")
    if known[0] in (Sort.TIME, Sort.LOCAL) and known[1] in (Sort.TIME, Sort.LOCAL, Sort.DAY):
        refuse(node, hint="write DATE_DIFF('minute', since, until)")
    return node


def not_a_number(node: exp.Expr) -> exp.Expr:
    """Leave NULL as it is: Spark would say that it is a number."""
    nothing = exp.Is(this=together(node.this), expression=exp.Null())
    return choose((nothing, exp.Null()), default=call("ISNAN", node.this))


def rounded(node: exp.Expr) -> exp.Expr:
    """Keep the floor of a fraction a fraction, and what is infinite or no number as it is."""
    part = node.args["this"]
    if sort_of(part) is Sort.INTEGER:
        return cast(node, "DOUBLE")
    if node.args.get("decimals") is not None:
        refuse(node)
    small = exp.LT(this=exp.Abs(this=part.copy()), expression=number(_EXACT))
    return choose((small, cast(node, "DOUBLE")), default=cast(part, "DOUBLE"))


def logarithm(node: exp.Expr) -> exp.Expr:
    """Give -infinity at zero and no number below it, as DuckDB does; Spark gives NULL."""
    part = node.args["this"]
    zero = number(0)
    return choose(
        (exp.EQ(this=part.copy(), expression=zero.copy()), cast(text("-Infinity"), "DOUBLE")),
        (exp.LT(this=part.copy(), expression=zero.copy()), cast(text("NaN"), "DOUBLE")),
        default=node,
    )
