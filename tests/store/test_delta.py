"""Commits: all of it or nothing, refusals in words."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from deltalake import DeltaTable

from shroff.errors import EngineError
from shroff.store import delta
from shroff.store.delta import NewFile
from shroff.store.snapshot import pin

COLUMNS = {"x": "VARCHAR", "_version": "BIGINT"}


def _file(folder: Path, name: str, newest: int = 1) -> NewFile:
    path = folder / name
    pq.write_table(pa.table({"x": [name], "_version": [newest]}), path)
    return NewFile(path, 1, newest)


def test_files_are_added_in_one_commit_with_their_newest_version(tmp_path: Path) -> None:
    delta.create(tmp_path, COLUMNS)
    version = delta.add(tmp_path, [_file(tmp_path, "a.parquet"), _file(tmp_path, "b.parquet", 3)])
    state = pin(tmp_path)
    assert state is not None
    assert (state.version, state.rows) == (version, 2)
    assert [file.newest for file in state.files] == [1, 3]
    assert [Path(file.path).name for file in state.corrected] == ["b.parquet"]


def test_files_are_swapped_in_one_commit(tmp_path: Path) -> None:
    delta.create(tmp_path, COLUMNS)
    before = delta.add(tmp_path, [_file(tmp_path, "a.parquet"), _file(tmp_path, "b.parquet")])
    after = delta.replace(tmp_path, old=["a.parquet"], new=[_file(tmp_path, "c.parquet")])
    state = pin(tmp_path)
    assert state is not None
    assert after == before + 1
    assert [Path(file.path).name for file in state.files] == ["b.parquet", "c.parquet"]
    assert (tmp_path / "a.parquet").exists()


def test_making_a_table_again_leaves_it_as_it_is(tmp_path: Path) -> None:
    delta.create(tmp_path, COLUMNS)
    delta.create(tmp_path, {"y": "VARCHAR"})
    state = pin(tmp_path)
    assert state is not None
    assert state.columns == COLUMNS


def test_a_table_is_widened_only_by_what_it_lacks(tmp_path: Path) -> None:
    delta.create(tmp_path, COLUMNS)
    delta.widen(tmp_path, COLUMNS)
    assert DeltaTable(str(tmp_path)).version() == 0
    delta.widen(tmp_path, {**COLUMNS, "tags": "VARCHAR[]", "at": "TIMESTAMPTZ", "day": "DATE"})
    state = pin(tmp_path)
    assert state is not None
    assert state.columns == {
        **COLUMNS, "tags": "VARCHAR[]", "at": "TIMESTAMPTZ", "day": "DATE",
    }  # fmt: skip


def test_a_commit_to_no_table_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(EngineError) as caught:
        delta.add(tmp_path, [_file(tmp_path, "a.parquet")])
    assert caught.value.hint
