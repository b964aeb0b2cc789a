"""Which parts of a query Spark takes as they are, and how the others are written for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlglot import exp

from shroff.store import dialect_groups, dialect_numbers, dialect_texts, dialect_times
from shroff.store.dialect_kinds import SORT, sort_of
from shroff.store.dialect_parts import call, cast, refuse

__all__ = ["FUNCTIONS", "NAMED", "STRUCTURE", "rewritten"]

NAMED = frozenset({"CARDINALITY"})
"""Functions that the parser has no type for, and that are rewritten."""

STRUCTURE = (
    exp.Select, exp.From, exp.Where, exp.Group, exp.Having, exp.Order, exp.Ordered, exp.Limit,
    exp.Offset, exp.Join, exp.Table, exp.TableAlias, exp.Subquery, exp.CTE, exp.With, exp.Union,
    exp.Intersect, exp.Except, exp.Values, exp.Tuple, exp.Alias, exp.Column, exp.Identifier,
    exp.Star, exp.Paren, exp.Literal, exp.Boolean, exp.Null, exp.DataType, exp.In, exp.Between,
    exp.Is, exp.Not, exp.And, exp.Or, exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE,
    exp.NullSafeEQ, exp.NullSafeNEQ, exp.Add, exp.Sub, exp.Mul, exp.Div, exp.IntDiv, exp.Mod,
    exp.Neg, exp.DPipe, exp.Like, exp.ILike, exp.Escape, exp.Window, exp.WindowSpec, exp.Filter,
    exp.Interval, exp.Var, exp.Distinct, exp.Qualify, exp.WithinGroup, exp.GroupingSets, exp.Cube,
    exp.Rollup, exp.IgnoreNulls, exp.DataTypeParam, exp.Exists,
)  # fmt: skip
"""Parts of a query that mean the same in both engines, or are rewritten."""

FUNCTIONS = (
    exp.Cast, exp.TryCast, exp.Case, exp.If, exp.Exists,
    exp.Count, exp.CountIf, exp.Sum, exp.Avg, exp.Min, exp.Max, exp.ArgMax, exp.ArgMin,
    exp.LogicalOr, exp.LogicalAnd, exp.Stddev, exp.StddevSamp, exp.StddevPop, exp.Variance,
    exp.VariancePop, exp.Median, exp.PercentileCont, exp.PercentileDisc,
    exp.Coalesce, exp.Nullif, exp.Greatest, exp.Least, exp.Abs, exp.Round, exp.Floor, exp.Ceil,
    exp.IsNan, exp.Sqrt, exp.Ln, exp.Exp, exp.Pow, exp.RowNumber, exp.Rank, exp.DenseRank, exp.Ntile,
    exp.PercentRank, exp.CumeDist, exp.Lag, exp.Lead, exp.FirstValue, exp.LastValue,
    exp.Lower, exp.Upper, exp.Length, exp.Trim, exp.Substring, exp.Left, exp.Right, exp.Replace,
    exp.Concat, exp.ConcatWs, exp.StrPosition, exp.StartsWith, exp.EndsWith, exp.Contains,
    exp.RegexpLike, exp.MD5, exp.Array, exp.ArrayContains, exp.ArraySize,
    exp.DateDiff, exp.DateTrunc, exp.TimestampTrunc, exp.Extract, exp.Year, exp.Month, exp.Day,
    exp.Hour, exp.Minute, exp.DayOfWeek,
)  # fmt: skip
"""Functions that give the same in both engines, or are rewritten."""


def rewritten(node: exp.Expr) -> exp.Expr:
    """Write one part of a query for Spark; its own parts are written already.

    Parameters
    ----------
    node : Expr
        The part.

    Returns
    -------
    Expr
        The part itself where Spark takes it as it is.
    """
    write = _WRITERS.get(type(node))
    if write is None:
        return node
    new = write(node)
    new.meta[SORT] = sort_of(node)
    return new


def _named_call(node: exp.Expr) -> exp.Expr:
    return cast(call("SIZE", *node.expressions), "BIGINT")


def _star(node: exp.Expr) -> exp.Expr:
    if node.args.get("replace") or node.args.get("rename"):
        refuse(node)
    return node


def _united(node: exp.Expr) -> exp.Expr:
    if node.args.get("by_name"):
        refuse(node, hint="name the columns in the same order")
    return node


def _related(node: exp.Expr) -> exp.Expr:
    if node.args.get("method") or node.args.get("match_condition"):
        refuse(node, hint="join with ON or USING")
    return node


_WRITERS: Mapping[type[exp.Expr], Callable[[exp.Expr], exp.Expr]] = {
    exp.Literal: dialect_numbers.literal,
    exp.Div: dialect_numbers.divided,
    exp.IntDiv: dialect_numbers.whole_divided,
    exp.Sub: dialect_numbers.less,
    exp.Floor: dialect_numbers.rounded,
    exp.Ceil: dialect_numbers.rounded,
    exp.IsNan: dialect_numbers.not_a_number,
    exp.Ln: dialect_numbers.logarithm,
    exp.Cast: dialect_texts.converted,
    exp.TryCast: dialect_texts.converted,
    exp.DPipe: dialect_texts.joined,
    exp.Concat: dialect_texts.concatenated,
    exp.ConcatWs: dialect_texts.concatenated,
    exp.Like: dialect_texts.like,
    exp.ILike: dialect_texts.like,
    exp.Trim: dialect_texts.trimmed,
    exp.Substring: dialect_texts.substring,
    exp.RegexpLike: dialect_texts.matched,
    exp.Length: dialect_texts.length,
    exp.ArraySize: dialect_texts.length,
    exp.ArrayContains: dialect_groups.contains,
    exp.PercentileCont: dialect_groups.quantile,
    exp.PercentileDisc: dialect_groups.quantile,
    exp.WithinGroup: dialect_groups.within,
    exp.ArgMax: dialect_groups.best,
    exp.ArgMin: dialect_groups.best,
    exp.Distinct: dialect_groups.distinct,
    exp.DateDiff: dialect_times.difference,
    exp.TimestampTrunc: dialect_times.truncated,
    exp.DateTrunc: dialect_times.truncated,
    exp.Extract: dialect_times.extracted,
    exp.DayOfWeek: dialect_times.weekday,
    exp.Anonymous: _named_call,
    exp.Star: _star,
    exp.Union: _united,
    exp.Join: _related,
}
