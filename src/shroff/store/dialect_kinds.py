"""What kind of value each part of a query gives, as far as names and functions tell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

from sqlglot import exp

__all__ = ["SORT", "Sort", "Sorts", "sort_of", "sort_of_type", "tell_sorts"]

SORT = "sort"
"""Where a part of a query keeps what it gives."""


class Sort(StrEnum):
    """Kinds of values that engines write, divide or round in different ways."""

    INTEGER = "integer"
    FLOAT = "float"
    DECIMAL = "decimal"
    TEXT = "text"
    FLAG = "flag"
    DAY = "day"
    TIME = "time"
    LOCAL = "local"
    LIST = "list"
    UNKNOWN = "unknown"


Sorts = Mapping[str, frozenset[Sort]]
"""For each column name in lower case, what columns of that name hold."""

_BY_TYPE = {
    "VARCHAR": Sort.TEXT,
    "TEXT": Sort.TEXT,
    "BIGINT": Sort.INTEGER,
    "INTEGER": Sort.INTEGER,
    "INT": Sort.INTEGER,
    "SMALLINT": Sort.INTEGER,
    "TINYINT": Sort.INTEGER,
    "DOUBLE": Sort.FLOAT,
    "FLOAT": Sort.FLOAT,
    "BOOLEAN": Sort.FLAG,
    "DATE": Sort.DAY,
    "TIMESTAMPTZ": Sort.TIME,
    "TIMESTAMP": Sort.LOCAL,
    "TIMESTAMPNTZ": Sort.LOCAL,
}
_FLAGS = (
    exp.Predicate,
    exp.Not,
    exp.And,
    exp.Or,
    exp.Boolean,
    exp.LogicalOr,
    exp.LogicalAnd,
    exp.ArrayContains,
    exp.StartsWith,
    exp.EndsWith,
    exp.Contains,
    exp.RegexpLike,
    exp.IsNan,
)
_INTEGERS = (
    exp.Count,
    exp.CountIf,
    exp.RowNumber,
    exp.Rank,
    exp.DenseRank,
    exp.Ntile,
    exp.DateDiff,
    exp.Length,
    exp.StrPosition,
    exp.ArraySize,
    exp.Year,
    exp.Month,
    exp.Day,
    exp.Hour,
    exp.Minute,
    exp.DayOfWeek,
)
_FLOATS = (
    exp.Avg,
    exp.Div,
    exp.Sqrt,
    exp.Ln,
    exp.Exp,
    exp.Pow,
    exp.Stddev,
    exp.StddevSamp,
    exp.StddevPop,
    exp.Variance,
    exp.VariancePop,
    exp.Median,
    exp.PercentileCont,
    exp.PercentRank,
    exp.CumeDist,
)
_TEXTS = (
    exp.Lower,
    exp.Upper,
    exp.Trim,
    exp.Substring,
    exp.Left,
    exp.Right,
    exp.Concat,
    exp.ConcatWs,
    exp.DPipe,
    exp.Replace,
    exp.TimeToStr,
    exp.MD5,
)
_LISTS = (exp.Array,)
_OF_FIRST = (
    exp.Paren,
    exp.Neg,
    exp.Abs,
    exp.Sum,
    exp.Min,
    exp.Max,
    exp.AnyValue,
    exp.ArgMax,
    exp.ArgMin,
    exp.FirstValue,
    exp.LastValue,
    exp.Filter,
    exp.Window,
    exp.IgnoreNulls,
    exp.Nullif,
    exp.Alias,
    exp.Distinct,
    exp.Round,
)
_OF_ALL = (exp.Coalesce, exp.Greatest, exp.Least, exp.Lag, exp.Lead)
_ARITHMETIC = (exp.Add, exp.Sub, exp.Mul, exp.Mod)


def sort_of_type(kind: str) -> Sort:
    """Tell what a column holds from its DuckDB type.

    Parameters
    ----------
    kind : str
        Type as DuckDB names it.

    Returns
    -------
    Sort
        What it holds.
    """
    if kind.endswith("[]"):
        return Sort.LIST
    return Sort.DECIMAL if kind.startswith("DECIMAL") else _BY_TYPE.get(kind, Sort.UNKNOWN)


def sort_of(part: exp.Expr) -> Sort:
    """Tell what a part of a query gives, once `tell_sorts` has seen it."""
    sort: Sort = part.meta.get(SORT, Sort.UNKNOWN)
    return sort


def tell_sorts(tree: exp.Expr, columns: Sorts) -> None:
    """Tell what each part of a query gives.

    Parameters
    ----------
    tree : Expr
        The query.
    columns : mapping
        What the columns of the tables hold, by name: one name may mean several columns, and is
        only told where all of them hold the same.

    Notes
    -----
    Names are not traced to their tables: a name means every column of that name, of the tables and
    of the query itself. That can only make a part unknown, never wrong.
    """
    nodes = list(tree.walk(bfs=True))
    nodes.reverse()
    names: dict[str, set[Sort]] = {}
    while True:
        known = {name: names.get(name, set()) | set(sorts) for name, sorts in columns.items()}
        told = _told(nodes, {**names, **known})
        found = _named(nodes, told)
        grown = {name: names.get(name, set()) | sorts for name, sorts in found.items()}
        if grown == names:
            for node in nodes:
                node.meta[SORT] = told[id(node)] or Sort.UNKNOWN
            return
        names = grown


def _told(nodes: Iterable[exp.Expr], names: Mapping[str, set[Sort]]) -> dict[int, Sort | None]:
    """Tell each part from its own parts; None where nothing is known yet, or it is only NULL."""
    told: dict[int, Sort | None] = {}
    for node in nodes:
        told[id(node)] = _sort(node, told, names)
    return told


def _sort(
    node: exp.Expr, told: Mapping[int, Sort | None], names: Mapping[str, set[Sort]]
) -> Sort | None:
    if isinstance(node, exp.Column):
        return _single(names.get(node.name.lower(), set()))
    if isinstance(node, exp.Literal):
        return Sort.TEXT if node.is_string else Sort.INTEGER if node.is_int else _fraction(node)
    if isinstance(node, (exp.Cast, exp.TryCast)):
        return sort_of_type(node.to.sql("duckdb"))
    if isinstance(node, exp.Null):
        return None
    if (simple := _simple(node)) is not None:
        return simple
    return _from_parts(node, told)


def _fraction(node: exp.Expr) -> Sort:
    return Sort.FLOAT if "e" in node.name.lower() else Sort.DECIMAL


def _simple(node: exp.Expr) -> Sort | None:
    for kinds, sort in (
        (_INTEGERS, Sort.INTEGER),
        (_FLOATS, Sort.FLOAT),
        (_TEXTS, Sort.TEXT),
        (_FLAGS, Sort.FLAG),
        (_LISTS, Sort.LIST),
    ):
        if isinstance(node, kinds):
            return sort
    if isinstance(node, exp.Anonymous):
        return Sort.INTEGER
    if isinstance(node, exp.Extract):
        return Sort.FLOAT if node.name.upper() == "EPOCH" else Sort.INTEGER
    return None


def _from_parts(node: exp.Expr, told: Mapping[int, Sort | None]) -> Sort | None:
    """Tell what a part gives that takes after its own parts."""

    def of(*parts: exp.Expr | None) -> list[Sort | None]:
        return [told.get(id(part)) for part in parts if part is not None]

    found: Sort | None = Sort.UNKNOWN
    if isinstance(node, exp.If):
        found = _coerced(of(node.args.get("true"), node.args.get("false")))
    elif isinstance(node, exp.Case):
        found = _coerced(of(*node.args["ifs"], node.args.get("default")))
    elif isinstance(node, _OF_ALL):
        found = _coerced(of(node.this, *node.expressions, node.args.get("default")))
    elif isinstance(node, (exp.TimestampTrunc, exp.DateTrunc)):
        inner = told.get(id(node.this))
        found = Sort.LOCAL if inner is Sort.DAY else inner
    elif isinstance(node, _ARITHMETIC):
        found = _calculated(node, of(node.left, node.right))
    elif isinstance(node, (exp.Floor, exp.Ceil)):
        found = _floored(told.get(id(node.this)))
    elif isinstance(node, _OF_FIRST):
        found = told.get(id(node.this))
    elif isinstance(node, exp.Subquery) and isinstance(node.this, exp.Select):
        chosen = node.this.expressions
        found = told.get(id(chosen[0])) if len(chosen) == 1 else Sort.UNKNOWN
    return found


def _floored(sort: Sort | None) -> Sort | None:
    return Sort.FLOAT if sort is Sort.INTEGER else sort


def _calculated(node: exp.Expr, sides: list[Sort | None]) -> Sort | None:
    numbers = {Sort.INTEGER, Sort.FLOAT, Sort.DECIMAL, None}
    if set(sides) <= numbers:
        return _coerced(sides)
    if sides == [Sort.DAY, Sort.DAY] and isinstance(node, exp.Sub):
        return Sort.INTEGER
    return Sort.UNKNOWN


def _coerced(sorts: Iterable[Sort | None]) -> Sort | None:
    known = {sort for sort in sorts if sort is not None}
    if len(known) > 1 and known <= {Sort.INTEGER, Sort.FLOAT, Sort.DECIMAL}:
        return Sort.FLOAT if Sort.FLOAT in known else Sort.DECIMAL
    return _single(known)


def _single(known: set[Sort]) -> Sort | None:
    if not known:
        return None
    return next(iter(known)) if len(known) == 1 else Sort.UNKNOWN


def _named(nodes: Iterable[exp.Expr], told: Mapping[int, Sort | None]) -> dict[str, set[Sort]]:
    """Collect what the query's own names hold."""
    names: dict[str, set[Sort]] = {}

    def note(name: str, sort: Sort | None) -> None:
        held = names.setdefault(name.lower(), set())
        if sort is not None:
            held.add(sort)

    for node in nodes:
        if isinstance(node, exp.Alias):
            note(node.alias, told[id(node)])
        elif isinstance(node, exp.TableAlias) and node.columns:
            for place, column in enumerate(node.columns):
                note(column.name, _listed(node.parent, place, told))
        elif isinstance(node, exp.SetOperation):
            for name, part in _positions(node):
                note(name, told[id(part)])
    return names


def _listed(parent: exp.Expr | None, place: int, told: Mapping[int, Sort | None]) -> Sort | None:
    values = parent.this if isinstance(parent, exp.Subquery) else parent
    if not isinstance(values, exp.Values):
        return Sort.UNKNOWN
    rows = [row.expressions for row in values.expressions if isinstance(row, exp.Tuple)]
    return _coerced([told.get(id(row[place])) for row in rows if place < len(row)])


def _positions(union: exp.SetOperation) -> Iterable[tuple[str, exp.Expr]]:
    """Pair the names of the first part with what the second gives in the same places."""
    first, second = union.left, union.right
    while isinstance(first, (exp.SetOperation, exp.Subquery)):
        first = first.left if isinstance(first, exp.SetOperation) else first.this
    while isinstance(second, exp.Subquery):
        second = second.this
    if isinstance(first, exp.Select) and isinstance(second, exp.Select):
        names = [part.alias_or_name for part in first.expressions]
        yield from zip(names, second.expressions, strict=False)
