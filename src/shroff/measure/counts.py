"""Cubes: counts of the population and of the label frame, slice by slice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from shroff.domain.slices import Slice
from shroff.measure.ground import ROWS, Ground
from shroff.store.engine import Engine
from shroff.store.sql import ident

__all__ = ["Cube", "count", "cube_sql", "group_rows"]

_KEY = "_k"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cube:
    """Aggregates by slice, all slicings one below the other.

    Parameters
    ----------
    slices : tuple of Slice
        Every slice that occurs, slicing by slice.
    spans : mapping
        For each slicing, its first slice and the one after its last.
    group : array of int, shape (rows,)
        Slice of each row.
    columns : mapping
        Each aggregate or further key, shape (rows,).
    query : str
        The query that made it.
    """

    slices: tuple[Slice, ...]
    spans: Mapping[tuple[str, ...], tuple[int, int]]
    group: np.ndarray
    columns: Mapping[str, np.ndarray]
    query: str


def cube_sql(
    source: str,
    *,
    slicings: Sequence[tuple[str, ...]],
    keys: Sequence[str],
    sums: Mapping[str, str],
    where: str = "TRUE",
    ground: Ground = ROWS,
) -> str:
    """Write the query of a cube: a plain GROUP BY for each slicing, one below the other.

    Parameters
    ----------
    source : str
        Table, or query in parentheses with an alias.
    slicings : sequence of tuple of str
        Sets of dimensions; the empty one for everything.
    keys : sequence of str
        Integer columns kept apart within a slice.
    sums : mapping
        Aggregates as SQL, by name.
    where : str
        Condition on the rows.
    ground : Ground
        Where the population is counted; leave out for any other source.

    Returns
    -------
    str
        The query.
    """
    width = max((len(slicing) for slicing in slicings), default=0)
    parts = [
        _part(
            source,
            place,
            slicing,
            width=width,
            keys=keys,
            sums=sums,
            where=ground.within(where, slicing),
        )
        for place, slicing in enumerate(slicings)
    ]
    return "\nUNION ALL\n".join(parts)


def _part(
    source: str,
    place: int,
    slicing: tuple[str, ...],
    *,
    width: int,
    keys: Sequence[str],
    sums: Mapping[str, str],
    where: str,
) -> str:
    shown = [f"CAST({ident(name)} AS VARCHAR) AS {_KEY}{i}" for i, name in enumerate(slicing)]
    shown += [f"CAST(NULL AS VARCHAR) AS {_KEY}{i}" for i in range(len(slicing), width)]
    chosen = [f"{place} AS _slicing", *shown, *keys]
    chosen += [f"{expression} AS {ident(name)}" for name, expression in sums.items()]
    grouped = [ident(name) for name in slicing] + list(keys)
    tail = f"\nGROUP BY {', '.join(grouped)}" if grouped else ""
    return f"SELECT {', '.join(chosen)}\nFROM {source}\nWHERE {where}{tail}"


def count(
    engine: Engine,
    source: str,
    *,
    slicings: Sequence[tuple[str, ...]],
    keys: Sequence[str] = (),
    sums: Mapping[str, str],
    where: str = "TRUE",
    ground: Ground = ROWS,
) -> Cube:
    """Count in the engine and give the cube.

    Parameters
    ----------
    engine : Engine
        Where the logs are.
    source : str
        Table, or query in parentheses with an alias.
    slicings : sequence of tuple of str
        Sets of dimensions; the empty one for everything.
    keys : sequence of str
        Integer columns kept apart within a slice.
    sums : mapping
        Aggregates as SQL, by name.
    where : str
        Condition on the rows.
    ground : Ground
        Where the population is counted; leave out for any other source.

    Returns
    -------
    Cube
        The aggregates.
    """
    query = cube_sql(source, slicings=slicings, keys=keys, sums=sums, where=where, ground=ground)
    return _cube(engine.query(query), slicings, names=[*keys, *sums], query=query)


def _cube(
    rows: pa.Table, slicings: Sequence[tuple[str, ...]], *, names: Sequence[str], query: str
) -> Cube:
    place = rows.column("_slicing").to_numpy()
    group = np.zeros(len(rows), dtype=np.intp)
    slices: list[Slice] = []
    spans: dict[tuple[str, ...], tuple[int, int]] = {}
    for number, slicing in enumerate(slicings):
        mine = np.flatnonzero(place == number)
        values = [rows.column(f"{_KEY}{i}").take(pa.array(mine)) for i in range(len(slicing))]
        found, where = group_rows(slicing, values, size=len(mine))
        spans[slicing] = (len(slices), len(slices) + len(found))
        group[mine] = where + len(slices)
        slices += found
    columns = {name: _numbers(rows.column(name)) for name in names}
    return Cube(slices=tuple(slices), spans=spans, group=group, columns=columns, query=query)


def _numbers(column: pa.ChunkedArray) -> np.ndarray:
    numbers: np.ndarray = column.cast(pa.float64()).fill_null(0.0).to_numpy()
    return numbers


def group_rows(
    slicing: tuple[str, ...], values: Sequence[pa.ChunkedArray], *, size: int
) -> tuple[list[Slice], np.ndarray]:
    """List the slices of one slicing, sorted, and the place of each row among them.

    Parameters
    ----------
    slicing : tuple of str
        Dimensions.
    values : sequence of ChunkedArray
        For each dimension, the text value of each row.
    size : int
        Rows.

    Returns
    -------
    list of Slice, array of int
        The slices that occur, and for each row its slice.
    """
    if not slicing:
        return ([Slice()], np.zeros(size, dtype=np.intp)) if size else ([], np.zeros(0, np.intp))
    codes = np.zeros(size, dtype=np.int64)
    words: list[list[str | None]] = []
    for column in values:
        coded = column.combine_chunks().dictionary_encode(null_encoding="encode")
        known = coded.dictionary.to_pylist()
        order = sorted(range(len(known)), key=lambda i: (known[i] is None, known[i] or ""))
        rank = np.empty(len(known), dtype=np.int64)
        rank[order] = np.arange(len(known))
        words.append([known[i] for i in order])
        codes = codes * max(len(known), 1) + rank[coded.indices.to_numpy()]
    present, where = np.unique(codes, return_inverse=True)
    return [_slice(slicing, words, int(code)) for code in present], where.astype(np.intp)


def _slice(slicing: tuple[str, ...], words: Sequence[list[str | None]], code: int) -> Slice:
    terms: list[tuple[str, str | None]] = []
    for name, known in zip(reversed(slicing), reversed(words), strict=True):
        code, place = divmod(code, len(known))
        terms.append((name, known[place]))
    return Slice(tuple(reversed(terms)))
