"""From a Delta table to files: every trap that was met, once."""

from __future__ import annotations

import multiprocessing
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from deltalake import DeltaTable, write_deltalake

from shroff.errors import EngineError
from shroff.store.connection import connect, records
from shroff.store.duckdb import DuckDBEngine
from shroff.store.ingest import ingest
from shroff.store.lake import Lake
from shroff.store.snapshot import pin, scan

BODY = "change_id,at\nc1,2026-01-01\n"


def _lake(folder: Path, body: str = BODY) -> Lake:
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / "log.csv"
    log.write_text(body, encoding="utf-8")
    lake = Lake(folder / "lake")
    ingest(lake, "changes", [log], threads=1)
    return lake


def _columns(lake: Lake) -> dict[str, str]:
    with DuckDBEngine(lake, spill=lake.root / "spill", threads=1) as engine:
        return engine.columns("changes")


def _rows_in(root: str) -> int:
    return Lake(Path(root)).rows("changes")


def test_a_path_with_spaces_and_chinese_is_read(tmp_path: Path) -> None:
    lake = _lake(tmp_path / "审核 logs 100%")
    (path,) = lake.files("changes")
    assert "审核 logs 100%" in path
    assert Path(path).exists()
    assert lake.rows("changes") == 1


def test_a_path_that_looks_encoded_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="encoded"):
        Lake(tmp_path / "logs%20here")


def test_a_folder_named_like_a_partition_adds_no_column(tmp_path: Path) -> None:
    lake = _lake(tmp_path / "run=2026-01-01")
    assert "run" not in _columns(lake)


def test_a_column_added_later_is_null_in_older_rows(tmp_path: Path) -> None:
    lake = _lake(tmp_path)
    lake = _lake(tmp_path, "change_id,at,team\nc0,2026-01-02,red\n")
    with DuckDBEngine(lake, spill=tmp_path / "spill", threads=1) as engine:
        found = engine.query("SELECT change_id, team FROM changes ORDER BY 1").to_pylist()
    assert found == [{"change_id": "c0", "team": "red"}, {"change_id": "c1", "team": None}]


def test_a_text_that_looks_like_a_day_stays_text(tmp_path: Path) -> None:
    lake = _lake(tmp_path, "change_id,at,scope,batch\nc1,2026-01-01,2026-01-01,2026-01-01\n")
    columns = _columns(lake)
    assert (columns["scope"], columns["batch"]) == ("VARCHAR", "VARCHAR")


def test_a_table_with_partitions_is_refused(tmp_path: Path) -> None:
    rows = pa.table({"change_id": ["c1"], "day": ["2026-01-01"]})
    write_deltalake(str(tmp_path / "changes"), rows, partition_by=["day"])
    with pytest.raises(EngineError, match="partition columns"):
        pin(tmp_path / "changes")


def test_a_table_without_files_reads_as_typed_and_empty(tmp_path: Path) -> None:
    schema = pa.schema([("change_id", pa.string())])
    DeltaTable.create(str(tmp_path / "changes"), schema)
    with DuckDBEngine(Lake(tmp_path), spill=tmp_path / "spill", threads=1) as engine:
        assert engine.query('SELECT "at" FROM changes').num_rows == 0
        assert engine.columns("changes")["at"] == "TIMESTAMPTZ"


def test_deletion_vectors_are_refused(tmp_path: Path) -> None:
    rows = pa.table({"change_id": ["c1"]})
    settings = {"delta.enableDeletionVectors": "true"}
    write_deltalake(str(tmp_path / "changes"), rows, configuration=settings)
    with pytest.raises(EngineError, match="deletion vectors"):
        pin(tmp_path / "changes")


def test_column_mapping_is_refused(tmp_path: Path) -> None:
    lake = _lake(tmp_path)
    log = lake.root / "changes" / "_delta_log"
    first = log / f"{0:020}.json"
    text = first.read_text(encoding="utf-8")
    mapped = text.replace(
        '"configuration":{', '"configuration":{"delta.columnMapping.mode":"name"'
    )
    assert mapped != text
    first.write_text(mapped, encoding="utf-8")
    with pytest.raises(EngineError, match="column mapping"):
        pin(lake.root / "changes")


def test_a_spawned_process_reads_the_lake(tmp_path: Path) -> None:
    lake = _lake(tmp_path)
    # forked, the Delta library would panic: its threads do not come along
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        assert pool.apply(_rows_in, [str(lake.root)]) == 1


def test_an_old_state_can_be_pinned(tmp_path: Path) -> None:
    lake = _lake(tmp_path)
    before = lake.snapshot()["changes"]
    _lake(tmp_path, "change_id,at\nc2,2026-01-02\n")
    old = pin(lake.root / "changes", version=before)
    assert old is not None
    assert (old.rows, lake.rows("changes")) == (1, 2)


def test_a_state_that_never_was_is_an_error(tmp_path: Path) -> None:
    lake = _lake(tmp_path)
    with pytest.raises(EngineError) as caught:
        pin(lake.root / "changes", version=99)
    assert "changes@99" in caught.value.where


def test_there_is_no_table_where_no_log_came(tmp_path: Path) -> None:
    assert pin(tmp_path / "changes") is None


def test_a_column_that_no_file_has_reads_as_null(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"x": [1]}), path)
    write_deltalake(str(tmp_path / "t"), pa.table({"x": [1]}))
    state = pin(tmp_path / "t")
    assert state is not None
    connection = connect(spill=tmp_path / "spill")
    query = scan({"x": "BIGINT", "y": "VARCHAR"}, state.files)
    assert records(connection, f"SELECT x, y FROM ({query})") == [{"x": 1, "y": None}]
    connection.close()
