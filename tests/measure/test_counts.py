"""Cubes equal what one would count by hand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shroff.domain.slices import Slice
from shroff.measure.counts import Cube, count, cube_sql
from shroff.store.duckdb import DuckDBEngine
from shroff.store.lake import Lake
from shroff.store.sql import ident, idents, literals

NAMES = ('a"b', "n", "中文", "group", "k 'x'", "_k0", "x")
SUMS = {"n": "COUNT(*)", 'sum of "x"': f"SUM({ident('number')})"}
words = st.sampled_from([None, "", " ", "a", "A", "美国", "it's", 'say "hi"', "NULL", "%", "a,b"])
rows_of = st.integers(1, 4).flatmap(
    lambda width: st.tuples(
        st.lists(st.sampled_from(NAMES), min_size=width, max_size=width, unique_by=str.lower),
        st.lists(
            st.tuples(
                st.tuples(*[words] * width), st.integers(0, 3), st.integers(-5, 1_000_000_000)
            ),
            max_size=25,
        ),
    )
)
Row = tuple[tuple[str | None, ...], int, int]


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DuckDBEngine]:
    folder: Path = tmp_path_factory.mktemp("counts")
    with DuckDBEngine(Lake(folder / "lake"), spill=folder / "spill", threads=1) as opened:
        yield opened


def _store(engine: DuckDBEngine, names: list[str], rows: list[Row]) -> None:
    columns = ", ".join(f"{ident(name)} VARCHAR" for name in names)
    engine.execute(f'CREATE OR REPLACE TEMP TABLE logs ({columns}, "key" BIGINT, "number" BIGINT)')
    if rows:
        values = ", ".join(f"({literals([*texts, key, n])})" for texts, key, n in rows)
        engine.execute(f"INSERT INTO logs ({idents([*names, 'key', 'number'])}) VALUES {values}")


def _by_hand(
    names: list[str], rows: list[Row], slicings: list[tuple[str, ...]]
) -> dict[tuple[Slice, int], tuple[int, int]]:
    found: dict[tuple[Slice, int], tuple[int, int]] = defaultdict(lambda: (0, 0))
    for texts, key, number in rows:
        if number == 0:
            continue
        values = dict(zip(names, texts, strict=True))
        for slicing in slicings:
            place = Slice(tuple((name, values[name]) for name in slicing)), key
            n, total = found[place]
            found[place] = n + 1, total + number
    return dict(found)


def _of_cube(cube: Cube) -> dict[tuple[Slice, int], tuple[int, int]]:
    columns = [cube.columns[name].astype(int).tolist() for name in ("key", *SUMS)]
    places = [cube.slices[group] for group in cube.group]
    found = {
        (place, key): (n, total) for place, key, n, total in zip(places, *columns, strict=True)
    }
    assert len(found) == len(places), "two rows of the cube for one slice and key"
    return found


@given(rows_of)
def test_a_cube_equals_counting_by_hand(
    engine: DuckDBEngine, made: tuple[list[str], list[Row]]
) -> None:
    names, rows = made
    _store(engine, names, rows)
    slicings = [part for size in range(3) for part in combinations(names, size)]
    cube = count(engine, "logs", slicings=slicings, keys=("key",), sums=SUMS, where="number <> 0")
    assert _of_cube(cube) == _by_hand(names, rows, slicings)


@given(rows_of)
def test_the_slices_of_a_slicing_stand_together_sorted_and_once(
    engine: DuckDBEngine, made: tuple[list[str], list[Row]]
) -> None:
    names, rows = made
    _store(engine, names, rows)
    slicings = [(), *((name,) for name in names)]
    cube = count(engine, "logs", slicings=slicings, sums={"rows": "COUNT(*)"})
    for slicing, (first, last) in cube.spans.items():
        part = cube.slices[first:last]
        assert {slice_.dimensions for slice_ in part} <= {slicing}
        values = [slice_.terms[0][1] if slicing else None for slice_ in part]
        assert values == sorted(set(values), key=lambda v: (v is None, v or ""))
        inside = (cube.group >= first) & (cube.group < last)
        assert cube.columns["rows"][inside].sum() == len(rows)


def test_numbers_days_and_flags_are_slices_by_their_text(engine: DuckDBEngine) -> None:
    engine.execute(
        "CREATE OR REPLACE TEMP TABLE logs AS SELECT * FROM (VALUES"
        " (1, DATE '2026-05-04', TRUE, 0.5), (1, DATE '2026-05-11', NULL, 1.5))"
        " AS v(whole, day, flag, part)"
    )
    slicings = [("whole",), ("day",), ("flag",), ("part",)]
    cube = count(engine, "logs", slicings=slicings, sums={"rows": "COUNT(*)"})
    assert [part.terms[0] for part in cube.slices] == [
        ("whole", "1"),
        ("day", "2026-05-04"),
        ("day", "2026-05-11"),
        ("flag", "true"),
        ("flag", None),
        ("part", "0.5"),
        ("part", "1.5"),
    ]


def test_no_row_makes_no_slice_but_everything_is_counted_as_none(engine: DuckDBEngine) -> None:
    _store(engine, ["x"], [])
    cube = count(engine, "logs", slicings=[(), ("x",)], sums=SUMS)
    assert cube.slices == (Slice(),)
    assert cube.spans == {(): (0, 1), ("x",): (1, 1)}
    assert np.array_equal(cube.columns["n"], [0.0])
    keyed = count(engine, "logs", slicings=[(), ("x",)], keys=("key",), sums=SUMS)
    assert keyed.slices == ()


def test_the_query_shown_is_the_query_run(engine: DuckDBEngine) -> None:
    _store(engine, ["x"], [(("a",), 1, 2), (("a",), 1, 3)])
    cube = count(engine, "logs", slicings=[("x",)], sums=SUMS)
    assert cube.query == cube_sql("logs", slicings=[("x",)], keys=(), sums=SUMS)
    assert engine.query(cube.query).column("n").to_pylist() == [2]
