"""The default engine."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from shroff.errors import EngineError, TakenBackError
from shroff.store.duckdb import DuckDBEngine
from shroff.store.engine import Engine
from shroff.store.lake import Lake
from shroff.store.rows import rows
from shroff.store.schema import TABLES

if TYPE_CHECKING:
    from conftest import Bench

LOG = b"change_id,at,team\nc1,2026-01-01,red\nc2,2026-01-01,\n"


def test_every_canonical_table_is_there_before_any_log(tmp_path: Path) -> None:
    engine: Engine = DuckDBEngine(Lake(tmp_path / "lake"), spill=tmp_path / "spill", threads=1)
    for name, contract in TABLES.items():
        assert engine.query(f"SELECT * FROM {name}").num_rows == 0
        expected = {column.name: str(column.kind) for column in contract.columns}
        assert engine.columns(name) == expected
    assert dict(engine.snapshot) == {}
    engine.close()


def test_readers_see_canonical_then_extra_columns_and_no_bookkeeping(bench: Bench) -> None:
    bench.take(LOG)
    with bench.engine() as engine:
        names = list(engine.columns("changes"))
    assert names == [*(column.name for column in TABLES["changes"].columns), "team"]


def test_a_reader_sees_one_state_throughout(bench: Bench) -> None:
    bench.take(LOG)
    with bench.engine() as engine:
        bench.take(b"change_id,at\nc3,2026-01-02\n")
        bench.take(b"change_id,at,team\nc1,2026-01-09,blue\n")
        assert engine.query("SELECT team FROM changes WHERE change_id = 'c1'").to_pylist() == [
            {"team": "red"}
        ]
        assert engine.query("SELECT * FROM changes").num_rows == 2
        pinned = dict(engine.snapshot)
    with DuckDBEngine(
        bench.lake, snapshot=pinned, spill=bench.folder / "spill", threads=1
    ) as again:
        assert again.query("SELECT * FROM changes").num_rows == 2
        assert dict(again.snapshot) == pinned
    assert len(bench.rows("SELECT * FROM changes")) == 3


def test_a_table_that_a_snapshot_does_not_name_is_empty(bench: Bench) -> None:
    bench.take(LOG)
    with DuckDBEngine(bench.lake, snapshot={}, spill=bench.folder / "spill", threads=1) as engine:
        assert engine.query("SELECT * FROM changes").num_rows == 0


def test_a_table_without_corrections_is_read_without_a_join(bench: Bench) -> None:
    bench.take(LOG)
    with bench.engine() as engine:
        plain = str(engine.query("EXPLAIN SELECT * FROM changes").to_pylist())
    bench.take(b"change_id,at,team\nc1,2026-01-09,blue\n")
    with bench.engine() as engine:
        corrected = str(engine.query("EXPLAIN SELECT * FROM changes").to_pylist())
    assert "Join Type" not in plain
    assert "Join Type: ANTI" in corrected


def test_rows_come_batch_by_batch(bench: Bench) -> None:
    bench.take(b"change_id,at\n" + b"".join(b"c%d,2026-01-01\n" % n for n in range(5000)))
    with bench.engine() as engine:
        sizes = [batch.num_rows for batch in rows(engine, "SELECT * FROM changes", batch=2048)]
    assert sum(sizes) == 5000
    assert max(sizes) <= 2048


def test_no_row_is_no_batch(bench: Bench) -> None:
    with bench.engine() as engine:
        assert list(rows(engine, "SELECT * FROM changes")) == []


def test_a_temporary_table_can_be_made_and_asked(bench: Bench) -> None:
    bench.take(LOG)
    with bench.engine() as engine:
        engine.execute('CREATE TEMP TABLE found AS SELECT change_id, "at" FROM changes')
        assert engine.columns("found") == {"change_id": "VARCHAR", "at": "TIMESTAMPTZ"}
        assert engine.query("SELECT count(*) AS n FROM found").to_pylist() == [{"n": 2}]


@pytest.mark.parametrize(
    "sql", ["SELECT nothing FROM changes", "SELEC 1", "SELECT * FROM nowhere"]
)
def test_a_fault_in_the_query_is_told_in_one_line(bench: Bench, sql: str) -> None:
    with bench.engine() as engine:
        with pytest.raises(EngineError) as caught:
            engine.query(sql)
        assert "\n" not in caught.value.cause
        with pytest.raises(EngineError):
            list(engine.stream(sql))
        with pytest.raises(EngineError):
            engine.execute(sql)


def test_a_table_that_is_not_there_has_no_columns(bench: Bench) -> None:
    with bench.engine() as engine, pytest.raises(EngineError):
        engine.columns("nowhere")


def test_times_come_back_in_utc(bench: Bench) -> None:
    bench.take(b"change_id,at\nc1,2026-01-01T08:00:00+08:00\n")
    (row,) = bench.rows('SELECT CAST("at" AS VARCHAR) AS shown FROM changes')
    assert row == {"shown": "2026-01-01 00:00:00+00"}


def test_files_are_read_as_a_typed_view_whatever_columns_they_have(bench: Bench) -> None:
    folder = bench.lake.root / "own"
    folder.mkdir(parents=True)
    for number, cells in enumerate(({"a": [1], "b": ["x"]}, {"a": [2], "c": [True]})):
        pq.write_table(pa.table(cells), folder / f"{number}.parquet")
    files = [str(folder / f"{number}.parquet") for number in (0, 1)]
    kinds = {"a": "DOUBLE", "b": "VARCHAR", "day": "DATE"}
    with bench.engine() as engine:
        engine.attach("pair", files, kinds)
        assert engine.columns("pair") == kinds
        assert engine.query("SELECT * FROM pair ORDER BY a").to_pylist() == [
            {"a": 1.0, "b": "x", "day": None},
            {"a": 2.0, "b": None, "day": None},
        ]
        engine.attach("pair", [], kinds)
        assert engine.columns("pair") == kinds
        assert engine.query("SELECT * FROM pair").num_rows == 0


def test_a_compact_table_is_any_other_table(tmp_path: Path) -> None:
    spill = tmp_path / "spill"
    with DuckDBEngine(Lake(tmp_path / "lake"), spill=spill, threads=1) as engine:
        engine.materialise("kept", "SELECT i, 'x' || i % 3 AS s FROM range(9) r(i)", compact=True)
        engine.materialise("kept", "SELECT * FROM kept WHERE s <> 'x0'", compact=True)
        engine.materialise("copy", "SELECT * FROM kept")
        told = engine.query(
            "SELECT s, CAST(SUM(i) AS BIGINT) AS n FROM copy GROUP BY s ORDER BY s"
        )
        assert told.to_pylist() == [{"s": "x1", "n": 12}, {"s": "x2", "n": 15}]
        assert engine.columns("kept") == {"i": "BIGINT", "s": "VARCHAR"}
        assert not list(spill.iterdir())  # nothing is left even if we die here


def test_a_compact_table_is_in_memory_where_no_file_can_be(tmp_path: Path) -> None:
    (tmp_path / "spill").write_text("not a folder")
    spill = tmp_path / "spill" / "below"
    with DuckDBEngine(Lake(tmp_path / "lake"), spill=spill, threads=1) as engine:
        engine.materialise("kept", "SELECT 1 AS a", compact=True)
        assert engine.query("SELECT a FROM kept").to_pylist() == [{"a": 1}]


def test_a_question_is_taken_back_while_it_is_answered(tmp_path: Path) -> None:
    with DuckDBEngine(Lake(tmp_path / "lake"), spill=tmp_path / "spill") as engine:
        threading.Timer(0.2, engine.stop).start()
        with pytest.raises(TakenBackError):
            engine.query("SELECT SUM(a.range * b.range) FROM range(10000000) a, range(10000000) b")
        with pytest.raises(TakenBackError):
            engine.query("SELECT 1")


def test_rows_stop_coming_once_a_question_is_taken_back(tmp_path: Path) -> None:
    with DuckDBEngine(Lake(tmp_path / "lake"), spill=tmp_path / "spill") as engine:
        batches = engine.stream("SELECT * FROM range(1000000)", rows=1000)
        assert next(batches).num_rows == 1000
        engine.stop()
        with pytest.raises(TakenBackError):
            next(batches)


def test_rows_of_a_restricted_table_are_looked_for_once(bench: Bench) -> None:
    bench.take(LOG)
    with bench.engine() as engine:
        kinds = engine.columns("changes")
        engine.materialise("wanted", "SELECT 'c1' AS name")
        engine.restrict("changes", "change_id IN (SELECT name FROM wanted)")
        assert engine.columns("changes") == kinds
        assert engine.query("SELECT change_id FROM changes").column(0).to_pylist() == ["c1"]
        engine.materialise("wanted", "SELECT 'c2' AS name")
        assert engine.query("SELECT change_id FROM changes").column(0).to_pylist() == ["c1"]
        engine.restrict("changes", "change_id IN (SELECT name FROM wanted)")
        found = list(rows(engine, "SELECT c.change_id FROM changes AS c"))
        assert [batch.column(0).to_pylist() for batch in found] == [["c2"]]
