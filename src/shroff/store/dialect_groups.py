"""Lists and aggregates: what is found, counted and ranked otherwise in Spark."""

from __future__ import annotations

from sqlglot import exp

from shroff.store.dialect_parts import call, choose, refuse, together

__all__ = ["best", "contains", "distinct", "quantile", "within"]


def contains(node: exp.Expr) -> exp.Expr:
    """Say no where a list has NULLs and not the value, as DuckDB does; Spark says NULL."""
    values, wanted = node.args["this"], node.args["expression"]
    unknown = exp.Or(
        this=exp.Is(this=together(values), expression=exp.Null()),
        expression=exp.Is(this=together(wanted), expression=exp.Null()),
    )
    return choose(
        (unknown, exp.Null()),
        default=exp.Coalesce(
            this=call("ARRAY_CONTAINS", values, wanted), expressions=[exp.false()]
        ),
    )


def quantile(node: exp.Expr) -> exp.Expr:
    """Give the exact percentile: what the parser's own dialect writes would be approximate."""
    share = node.args.get("expression")
    if share is None:  # WITHIN GROUP around it is rewritten as a whole
        return node
    return _percentile(type(node), node.args["this"], share)


def within(node: exp.Expr) -> exp.Expr:
    """Give the exact percentile of a group."""
    order, inner = node.args["expression"].expressions, node.args["this"]
    if not isinstance(inner, (exp.PercentileCont, exp.PercentileDisc)) or len(order) > 1:
        refuse(node)
    (by,) = order
    if by.args.get("desc"):
        refuse(node, hint="order upwards, and take one less the share")
    return _percentile(type(inner), by.this, inner.this)


def _percentile(kind: type[exp.Expr], part: exp.Expr, share: exp.Expr) -> exp.Expr:
    if kind is exp.PercentileCont:
        return call("PERCENTILE", part, _plain_share(share))
    order = exp.Order(expressions=[exp.Ordered(this=part.copy(), nulls_first=True)])
    exact = call("PERCENTILE_DISC", _plain_share(share))
    return exp.WithinGroup(this=exact, expression=order)


def _plain_share(share: exp.Expr) -> exp.Expr:
    inner = share.this if isinstance(share, exp.Cast) else share
    if not isinstance(inner, exp.Literal):
        refuse(share, hint="give the share as a number")
    return inner.copy()


def best(node: exp.Expr) -> exp.Expr:
    """Pass over rows without a value, as DuckDB does."""
    if node.args.get("count") is not None:
        refuse(node)
    there = exp.Not(this=exp.Is(this=together(node.args["this"]), expression=exp.Null()))
    return exp.Filter(this=node.copy(), expression=exp.Where(this=there))


def distinct(node: exp.Expr) -> exp.Expr:
    """Refuse DISTINCT ON, which keeps any row."""
    if node.args.get("on") is not None or len(node.expressions) > 1:
        refuse(node)
    return node
