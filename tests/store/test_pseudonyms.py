"""Ids of people."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from shroff.store.connection import connect, records
from shroff.store.pseudonyms import give_key, is_person, pseudonym


def _of(workspace: Path, name: str | None) -> object:
    connection = connect(spill=workspace / "spill")
    give_key(connection, workspace / "lake")
    shown = "CAST(NULL AS VARCHAR)" if name is None else f"'{name}'"
    (row,) = records(connection, f"SELECT {pseudonym('id')} AS x FROM (SELECT {shown} AS id)")
    connection.close()
    return row["x"]


def test_one_id_has_one_pseudonym_in_a_workspace(tmp_path: Path) -> None:
    assert _of(tmp_path, "alice") == _of(tmp_path, "alice")
    assert _of(tmp_path, "alice") != _of(tmp_path, "bob")


def test_another_workspace_has_other_pseudonyms(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    assert _of(tmp_path / "one", "alice") != _of(tmp_path / "two", "alice")


def test_a_pseudonym_stays_as_it_is(tmp_path: Path) -> None:
    first = _of(tmp_path, "alice")
    assert _of(tmp_path, str(first)) == first
    assert _of(tmp_path, None) is None


def test_the_key_is_for_its_owner_only(tmp_path: Path) -> None:
    _of(tmp_path, "alice")
    key = tmp_path / ".shroff-key"
    assert key.stat().st_mode & 0o777 == 0o600
    assert len(key.read_text()) == 64


def test_no_fault_shows_the_key(tmp_path: Path) -> None:
    connection = connect(spill=tmp_path / "spill")
    give_key(connection, tmp_path / "lake")
    with pytest.raises(duckdb.Error) as caught:
        connection.execute(f"SELECT {pseudonym('nowhere')}")
    assert (tmp_path / ".shroff-key").read_text() not in str(caught.value)
    connection.close()


def test_only_reviewers_are_people_in_the_logs() -> None:
    assert is_person("reviewer_id")
    assert not is_person("ad_id")


def test_a_reviewer_named_in_another_log_is_one_of_them_too() -> None:
    assert is_person("Reviewer_ID")
