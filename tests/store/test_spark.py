"""Spark over the same logs."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from shroff.errors import ConfigError, EngineError
from shroff.store.engine import Engine
from shroff.store.lake import Lake
from shroff.store.readonly import select
from shroff.store.rows import rows
from shroff.store.schema import TABLES
from shroff.store.spark import SparkEngine
from shroff.store.spark_session import SparkOptions

if TYPE_CHECKING:
    from conftest import Bench

LOG = b"change_id,at,kind,team\nc1,2026-01-01,rule,red\nc2,2026-01-02,model,\n"
CORRECTION = b"change_id,at,kind\nc1,2026-01-01,policy\n"


class Words:
    """Counts a word in titles."""

    kind, id, version, deterministic = "rule", "words", "1", True

    @property
    def columns(self) -> dict[str, str]:
        return {"ad_id": "VARCHAR", "n": "BIGINT"}

    def __init__(self, word: str, *, told: Path) -> None:
        self.word, self.told = word, told

    def set_up(self) -> None:
        with self.told.open("a") as stream:
            stream.write(f"{os.getpid()}\n")

    def run(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        counts = [str(title).split().count(self.word) for title in batch.column("title")]
        arrays = [batch.column("ad_id"), pa.array(counts, pa.int64())]
        return pa.RecordBatch.from_arrays(arrays, names=["ad_id", "n"])


class Broken(Words):
    """Fails at the first title."""

    def run(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        raise ValueError(f"cannot read {batch.column('title')[0]}")


@pytest.fixture
def engine(bench: Bench, spark_up: SparkOptions) -> Iterator[SparkEngine]:
    bench.take(LOG)
    with SparkEngine(bench.lake, spark_up) as opened:
        yield opened


def test_every_canonical_table_is_there_before_any_log(
    tmp_path: Path, spark_up: SparkOptions
) -> None:
    opened: Engine = SparkEngine(Lake(tmp_path / "lake"), spark_up)
    for name, contract in TABLES.items():
        expected = {column.name: str(column.kind) for column in contract.columns}
        assert opened.columns(name) == expected
    assert opened.query("SELECT * FROM reviews").num_rows == 0
    assert dict(opened.snapshot) == {}
    opened.close()


def test_types_are_those_that_duckdb_gives(engine: SparkEngine, bench: Bench) -> None:
    query = (
        'SELECT COUNT(*) AS n, AVG(1) AS a, MIN(kind) AS k, MAX("at") AS t, TRUE AS b,'
        ' CAST(MAX("at") AS DATE) AS d, CAST(NULL AS VARCHAR[]) AS l FROM changes'
    )
    with bench.engine() as default:
        expected = default.query(query)
    found = engine.query(query)
    assert found.schema == expected.schema
    assert found.to_pylist() == expected.to_pylist()


def test_readers_see_the_latest_version_of_a_row_and_of_old_states_the_old(
    bench: Bench, spark_up: SparkOptions
) -> None:
    bench.take(LOG)
    bench.take(CORRECTION, name="later.csv")
    query = "SELECT change_id, kind, team FROM changes ORDER BY change_id"
    with SparkEngine(bench.lake, spark_up) as now:
        kinds = [row["kind"] for row in now.query(query).to_pylist()]
        version = now.snapshot["changes"]
    assert kinds == ["policy", "model"]
    with SparkEngine(bench.lake, spark_up, snapshot={"changes": version - 1}) as before:
        assert [row["kind"] for row in before.query(query).to_pylist()] == ["rule", "model"]


def test_a_file_that_lacks_a_column_reads_as_null(bench: Bench, spark_up: SparkOptions) -> None:
    bench.take(b"change_id,at\nc0,2026-01-01\n", name="old.csv")
    bench.take(LOG)
    with SparkEngine(bench.lake, spark_up) as opened:
        found = opened.query("SELECT change_id, team FROM changes ORDER BY change_id")
    assert found.to_pylist()[0] == {"change_id": "c0", "team": None}


def test_paths_may_hold_what_spark_reads_as_a_pattern(
    tmp_path: Path, spark_up: SparkOptions
) -> None:
    folder = tmp_path / "a=1 {x,y} [z] 100% 日志"
    folder.mkdir()
    pq.write_table(pa.table({"n": [1, 2]}), folder / "p*.parquet")
    with SparkEngine(Lake(tmp_path / "lake"), spark_up) as opened:
        opened.attach("numbers", [str(folder / "p*.parquet")], {"n": "BIGINT", "m": "VARCHAR"})
        assert opened.query("SELECT SUM(n) AS n, COUNT(m) AS m FROM numbers").to_pylist() == [
            {"n": 3, "m": 0}
        ]


def test_a_stream_keeps_its_order_and_the_size_of_batches(engine: SparkEngine) -> None:
    query = "SELECT x.change_id, y.at FROM changes AS x CROSS JOIN changes AS y ORDER BY 1, 2"
    pieces = list(rows(engine, query, batch=3))
    assert max(piece.num_rows for piece in pieces) <= 3
    streamed = pa.Table.from_batches(pieces)
    assert streamed.equals(engine.query(query))


def test_a_kept_result_is_counted_once_and_replaced_by_another(
    engine: SparkEngine, tmp_path: Path
) -> None:
    file = tmp_path / "n.parquet"
    pq.write_table(pa.table({"n": [1, 2]}), file)
    engine.attach("numbers", [str(file)], {"n": "BIGINT"})
    engine.materialise("kept", "SELECT n, n / 2 AS half FROM numbers")
    file.unlink()
    assert engine.query("SELECT SUM(half) AS h FROM kept").to_pylist() == [{"h": 1.5}]
    assert engine.columns("kept") == {"n": "BIGINT", "half": "DOUBLE"}
    engine.materialise("kept", "SELECT COUNT(*) AS n FROM kept")
    assert engine.query("SELECT n FROM kept").to_pylist() == [{"n": 2}]


def test_a_shared_folder_keeps_results_until_the_engine_is_closed(
    bench: Bench, spark_up: SparkOptions, tmp_path: Path
) -> None:
    bench.take(LOG)
    shared = tmp_path / "shared"
    options = SparkOptions(master=spark_up.master, scratch=str(shared))
    with SparkEngine(bench.lake, options) as opened:
        opened.materialise("kept", "SELECT COUNT(*) AS n, NULL AS nothing FROM changes")
        assert opened.query("SELECT n FROM kept").to_pylist() == [{"n": 2}]
        assert list(shared.rglob("*.parquet"))
    assert list(shared.iterdir()) == []


def test_a_users_query_reads_the_logs_and_nothing_else(engine: SparkEngine) -> None:
    assert select(engine, "SELECT KIND FROM Changes ORDER BY 1", limit=1).num_rows == 1
    for query in ("SELECT * FROM parquet.`/etc/passwd`", "SELECT * FROM db.t", "SELECT * FROM t"):
        with pytest.raises((EngineError, ConfigError)):
            select(engine, query)


def test_a_column_that_is_not_there_is_named_without_a_stack_trace(engine: SparkEngine) -> None:
    with pytest.raises(EngineError) as caught:
        engine.query("SELECT knd FROM changes")
    assert caught.value.cause == "there is no column knd"
    assert "kind" in caught.value.hint
    assert "at org." not in str(caught.value)


def test_a_file_that_workers_cannot_read_is_named(bench: Bench, spark_up: SparkOptions) -> None:
    bench.take(LOG)
    with SparkEngine(bench.lake, spark_up) as opened:
        for file in bench.lake.files("changes"):
            Path(file).unlink()
        with pytest.raises(EngineError) as caught:
            opened.query("SELECT COUNT(kind) AS n FROM changes")
    assert "cannot read" in caught.value.cause
    assert "same path" in caught.value.hint
    assert len(str(caught.value)) < 600


def test_closing_leaves_a_spark_that_was_there_before(
    bench: Bench, spark_up: SparkOptions
) -> None:
    first = SparkEngine(bench.lake, spark_up)
    first.close()
    with SparkEngine(bench.lake, spark_up) as second:
        assert second.query("SELECT 1 AS x").to_pylist() == [{"x": 1}]


@pytest.fixture
def titles(tmp_path: Path) -> tuple[list[str], dict[str, str]]:
    words = ["free money", "free free", "", None, "免费 free"]
    table = pa.table({"ad_id": [f"a{i}" for i in range(200)], "title": words * 40})
    file = tmp_path / "lake" / "titles.parquet"
    file.parent.mkdir(exist_ok=True)
    pq.write_table(table, file, row_group_size=10)
    return [str(file)], {"ad_id": "VARCHAR", "title": "VARCHAR"}


def test_a_detector_finds_the_same_on_both_engines_and_is_set_up_once_a_process(
    bench: Bench,
    spark_up: SparkOptions,
    titles: tuple[list[str], dict[str, str]],
    tmp_path: Path,
) -> None:
    found = []
    for name, opened in (
        ("duckdb", bench.engine()),
        ("spark", SparkEngine(bench.lake, spark_up)),
    ):
        told = tmp_path / f"{name}.txt"
        with opened as engine:
            engine.attach("titles", *titles)
            query = "SELECT ad_id, title FROM titles"
            for _ in range(2):
                batches = list(engine.detect(query, Words("free", told=told), rows=10))
        assert len(batches) >= 20
        found.append(pa.Table.from_batches(batches).sort_by("ad_id"))
        if name == "spark":
            processes = told.read_text().split()
            assert 1 <= len(processes) <= 2
            assert len(set(processes)) == len(processes)
            assert str(os.getpid()) not in processes
    assert found[0].equals(found[1])
    assert sum(found[0].column("n").to_pylist()) == 160


@pytest.mark.parametrize("engine_name", ["duckdb", "spark"])
def test_a_detector_that_fails_is_blamed_by_name(
    engine_name: str,
    bench: Bench,
    spark_up: SparkOptions,
    titles: tuple[list[str], dict[str, str]],
    tmp_path: Path,
) -> None:
    opened = bench.engine() if engine_name == "duckdb" else SparkEngine(bench.lake, spark_up)
    with opened as engine:
        engine.attach("titles", *titles)
        detector = Broken("free", told=tmp_path / "told.txt")
        with pytest.raises(EngineError) as caught:
            list(engine.detect("SELECT ad_id, title FROM titles", detector))
    assert caught.value.cause == "the rule words 1 failed: ValueError: cannot read free money"


def test_times_are_of_utc_whatever_the_zone_of_the_machine(engine: SparkEngine) -> None:
    (row,) = engine.query(
        "SELECT TIMESTAMPTZ '2026-03-29 03:30:00+02:00' AS t,"
        " CAST(TIMESTAMPTZ '2026-03-29 03:30:00+02:00' AS VARCHAR) AS said"
    ).to_pylist()
    assert row["t"] == dt.datetime(2026, 3, 29, 1, 30, tzinfo=dt.UTC)
    assert row["said"] == "2026-03-29 01:30:00+00"
