"""The lake: states, compaction, removal for good."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from deltalake import DeltaTable

from shroff.errors import EngineError
from shroff.store import delta
from shroff.store.lake import QUARANTINE, Lake, new_ingest_id

if TYPE_CHECKING:
    from conftest import Bench

FIRST = b"change_id,at,what\n" + b"".join(b"c%d,2026-01-01,old\n" % n for n in range(5))
SECOND = b"change_id,at,what\nc0,2026-01-01,new\nc1,2026-01-01,new\n"
SECRET = b"change_id,at,what\ns1,2026-01-01,Zebedee-Quartz-77\n"


def _holding(folder: Path, words: bytes) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and words in path.read_bytes()]


def _corrected(bench: Bench) -> None:
    bench.take(FIRST)
    bench.take(SECOND)


def test_ids_of_work_sort_by_time() -> None:
    ids = [new_ingest_id() for _ in range(5)]
    assert [each[:21] for each in ids] == sorted(each[:21] for each in ids)
    assert len(set(ids)) == 5


def test_rows_are_counted_once_however_often_corrected(bench: Bench) -> None:
    _corrected(bench)
    assert bench.lake.rows("changes") == 5
    assert bench.stored("changes").num_rows == 7


def test_an_empty_lake_has_no_state(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    assert lake.snapshot() == {}
    assert lake.files("ads") == []
    assert lake.rows("ads") == 0


def test_compaction_moves_what_was_replaced_and_changes_nothing_readers_see(
    bench: Bench,
) -> None:
    _corrected(bench)
    before = bench.rows("SELECT * FROM changes ORDER BY change_id")
    assert bench.lake.compact("changes") == 2
    assert bench.rows("SELECT * FROM changes ORDER BY change_id") == before
    assert bench.stored("changes").num_rows == 5
    old = bench.stored("changes_history")
    assert set(old.column("what").to_pylist()) == {"old"}
    assert bench.lake.compact("changes") == 0


def test_compaction_joins_small_files(bench: Bench) -> None:
    for number in range(3):
        bench.take(b"change_id,at\nc%d,2026-01-01\n" % number)
    assert len(bench.lake.files("changes")) == 3
    bench.lake.compact("changes")
    assert len(bench.lake.files("changes")) == 1
    assert bench.lake.rows("changes") == 3


def test_compaction_leaves_the_files_of_pinned_readers(bench: Bench) -> None:
    _corrected(bench)
    with bench.engine() as engine:
        bench.lake.compact("changes")
        assert engine.query("SELECT * FROM changes").num_rows == 5


def test_a_compaction_killed_half_way_loses_nothing_and_repeats_nothing(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    _corrected(bench)

    def killed(*_: object, **__: object) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(delta, "rearrange", killed)
        with pytest.raises(KeyboardInterrupt):
            bench.lake.compact("changes")
    assert bench.lake.rows("changes") == 5
    assert bench.lake.compact("changes") == 0
    assert bench.stored("changes_history").num_rows == 2
    assert bench.stored("changes").num_rows == 5


def test_a_correction_after_compaction_is_the_next_version(bench: Bench) -> None:
    _corrected(bench)
    bench.lake.compact("changes")
    report = bench.take(FIRST)
    assert (report.corrected, report.unchanged) == (2, 3)
    (row,) = bench.rows("SELECT what FROM changes WHERE change_id = 'c0'")
    assert row == {"what": "old"}
    assert bench.stored("changes").column("_version").to_pylist().count(3) == 2


def test_purge_removes_rows_from_every_state_down_to_the_bytes(bench: Bench) -> None:
    bench.take(SECRET + b"s2,2026-01-01,other\n")
    bench.take(SECRET.replace(b"-77", b"-78"))
    bench.lake.compact("changes")
    bench.take(SECRET.replace(b"-77", b"-79"))
    bench.put(b"gone", name="log.csv")
    assert _holding(bench.lake.root, b"Zebedee-Quartz")
    assert bench.lake.purge("changes", "change_id = 's1'") == 3
    assert not _holding(bench.folder, b"Zebedee-Quartz")
    assert bench.rows("SELECT change_id FROM changes") == [{"change_id": "s2"}]


def test_purge_reaches_the_quarantine(bench: Bench) -> None:
    bench.take(b"change_id,at,what\nc1,never,Zebedee-Quartz-77\nc2,never,other\n")
    bench.put(b"gone", name="log.csv")
    assert bench.lake.purge(QUARANTINE, "raw LIKE '%Zebedee%'") == 1
    assert [row["raw"] for row in bench.refused()] == ["c2,never,other"]
    assert not _holding(bench.folder, b"Zebedee-Quartz")


def test_purge_of_nothing_leaves_the_table_as_it_is(bench: Bench) -> None:
    bench.take(FIRST)
    before = bench.lake.snapshot()
    assert bench.lake.purge("changes", "change_id = 'nobody'") == 0
    assert bench.lake.purge("ads", "ad_id = 'nobody'") == 0
    assert bench.lake.snapshot() == before


def test_purge_with_a_condition_that_is_no_sql_is_an_error(bench: Bench) -> None:
    bench.take(FIRST)
    with pytest.raises(EngineError):
        bench.lake.purge("changes", "no_such_column = 1")
    assert bench.lake.rows("changes") == 5


def test_the_log_of_commits_holds_no_value_of_a_row(bench: Bench) -> None:
    bench.take(SECRET)
    assert not _holding(bench.lake.root / "changes" / "_delta_log", b"Zebedee")


def test_two_writers_with_one_state_cannot_both_commit(bench: Bench) -> None:
    bench.take(FIRST)
    stale = DeltaTable(str(bench.lake.root / "changes"))
    bench.take(SECOND)
    with pytest.raises(Exception, match=r"(?i)transaction|conflict|concurrent"):
        stale.create_write_transaction(
            [],
            mode="append",
            schema=stale.schema(),
            commit_properties=delta.commit_number(stale),
        )


def test_files_of_a_dead_writer_are_cleaned_up(bench: Bench) -> None:
    bench.take(FIRST)
    left = bench.lake.root / "_staging" / "20260101T000000-dead"
    left.mkdir(parents=True)
    (left / "000000.parquet").write_bytes(b"half")
    orphan = bench.lake.root / "changes" / f"part-{left.name}-00000.parquet"
    orphan.write_bytes(b"half")
    with bench.lake.lock():
        assert not left.exists()
        assert not orphan.exists()
    assert bench.lake.rows("changes") == 5


def test_the_lake_can_be_read_by_the_delta_library_alone(bench: Bench) -> None:
    bench.take(FIRST)
    table = DeltaTable(str(bench.lake.root / "changes")).to_pyarrow_table()
    assert table.num_rows == 5
    assert str(table.schema.field("at").type) == "timestamp[us, tz=UTC]"
