"""Are two answers the same? Exact columns to the letter, doubles to 1e-9, NaN equal to NaN."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import pyarrow as pa

__all__ = ["differences", "kind_of", "near", "rows_of"]

Row = tuple[object, ...]
CLOSE = 1e-9
WIDTHS = {"INTEGER": "BIGINT", "HUGEINT": "BIGINT"}
"""Whole numbers are whole numbers, however wide."""


def kind_of(kind: pa.DataType) -> str:
    """Name the type of a column, however wide an engine makes it; a decimal is a number."""
    if pa.types.is_integer(kind) or (pa.types.is_decimal(kind) and kind.scale == 0):
        return "integer"
    if pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return "number"
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return "text"
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return f"list of {kind_of(kind.value_type)}"
    if pa.types.is_timestamp(kind):
        return f"time in {kind.tz}"
    return str(kind)


def rows_of(table: pa.Table, *, ordered: bool) -> list[Row]:
    """Give the rows; in an order of their own unless the query orders them."""
    rows = list(zip(*(_values(column) for column in table.columns), strict=True))
    return rows if ordered else sorted(rows, key=_place)


def _values(column: pa.ChunkedArray) -> list[object]:
    if kind_of(column.type) == "integer":
        return [None if value is None else int(value) for value in column.to_pylist()]
    if kind_of(column.type) == "number":
        return [None if value is None else float(value) for value in column.to_pylist()]
    values: list[object] = column.to_pylist()
    return values


def _place(row: Row) -> tuple[object, ...]:
    exact = tuple((v is not None, str(v)) for v in row if not isinstance(v, float))
    rough = tuple(f"{v + 0.0:.6g}" for v in row if isinstance(v, float))
    return (*exact, *rough)


def near(one: object, other: object) -> bool:
    """Tell whether two values are the same; a zero may have either sign."""
    if isinstance(one, float) and isinstance(other, float):
        if math.isnan(one) or math.isnan(other):
            return math.isnan(one) and math.isnan(other)
        return math.isclose(one, other, rel_tol=CLOSE, abs_tol=CLOSE)
    return type(one) is type(other) and one == other


def differences(
    one: pa.Table | Mapping[str, str] | str,
    other: pa.Table | Mapping[str, str] | str,
    *,
    ordered: bool,
) -> list[str]:
    """Say in which ways two answers differ.

    Parameters
    ----------
    one, other : Table, mapping or str
        Rows, types by column, or "refused".
    ordered : bool
        Whether the order of the rows counts.

    Returns
    -------
    list of str
        What differs, at most three rows; empty when nothing does.
    """
    if not isinstance(one, pa.Table) or not isinstance(other, pa.Table):
        same = type(one) is type(other) and _narrow(one) == _narrow(other)
        return [] if same else [f"{_short(one)} against {_short(other)}"]
    if not one.num_columns and not one.num_rows and not other.num_rows:
        return []  # a stream without a batch tells no columns
    shapes = [
        [(field.name, kind_of(field.type)) for field in table.schema] for table in (one, other)
    ]
    if shapes[0] != shapes[1]:
        odd = [pair for pair in zip(*shapes, strict=False) if pair[0] != pair[1]]
        return [f"columns {odd or [len(shape) for shape in shapes]}"]
    if len(one) != len(other):
        return [f"{len(one)} rows against {len(other)}"]
    return _row_differences(one, other, ordered=ordered)


def _narrow(answer: pa.Table | Mapping[str, str] | str) -> object:
    if isinstance(answer, Mapping):
        return {name: WIDTHS.get(kind, kind) for name, kind in answer.items()}
    return answer


def _row_differences(one: pa.Table, other: pa.Table, *, ordered: bool) -> list[str]:
    found: list[str] = []
    pairs = zip(rows_of(one, ordered=ordered), rows_of(other, ordered=ordered), strict=True)
    for number, (mine, theirs) in enumerate(pairs):
        odd = [
            f"{name}: {a!r} against {b!r}"
            for name, a, b in zip(one.column_names, mine, theirs, strict=True)
            if not near(a, b)
        ]
        if odd:
            found.append(f"row {number}: {'; '.join(odd[:4])}")
    return found[:3]


def _short(answer: pa.Table | Mapping[str, str] | str | Sequence[object]) -> str:
    if isinstance(answer, pa.Table):
        return f"{len(answer)} rows"
    return str(answer)[:300]
