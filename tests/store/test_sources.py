from __future__ import annotations

from pathlib import Path

import pytest

from shroff.errors import DataError
from shroff.store.sources import files_of, sources_of


@pytest.fixture
def export(tmp_path: Path) -> Path:
    for name in (
        "b.csv",
        "a.csv.gz",
        "deep/c.jsonl.zst",
        "notes.md",
        ".hidden.csv",
        "广 告.parquet",
    ):
        path = tmp_path / "export" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    return tmp_path


def names(files: list[Path]) -> list[str]:
    return [path.name for path in files]


def test_a_folder_means_the_log_files_below_it(export: Path) -> None:
    found = files_of(["export"], root=export)
    assert names(found) == ["a.csv.gz", "b.csv", "c.jsonl.zst", "广 告.parquet"]


def test_a_glob_means_what_it_matches_and_a_file_counts_once(export: Path) -> None:
    assert names(files_of(["export/b.csv", "export/*.csv*"], root=export)) == ["b.csv", "a.csv.gz"]
    assert names(files_of(["export/**/*.zst"], root=export)) == ["c.jsonl.zst"]


def test_a_named_file_is_taken_whatever_its_name(export: Path) -> None:
    assert names(files_of([export / "export/notes.md"])) == ["notes.md"]


def test_a_name_with_brackets_is_a_file_before_it_is_a_glob(tmp_path: Path) -> None:
    (tmp_path / "a[1].csv").write_bytes(b"x")
    assert names(files_of(["a[1].csv"], root=tmp_path)) == ["a[1].csv"]


@pytest.mark.parametrize("pattern", ["nothing.csv", "export/*.xlsx", "empty"])
def test_a_pattern_without_files_is_refused(export: Path, pattern: str) -> None:
    (export / "empty").mkdir()
    with pytest.raises(DataError, match="no such file"):
        files_of([pattern], root=export)


def test_sources_come_from_the_settings_in_order_of_ingest(export: Path) -> None:
    found = sources_of({"decisions": ["export/b.csv"], "ads": ["export/*.gz"]}, root=export)
    assert [(table, names(files)) for table, files in found.items()] == [
        ("ads", ["a.csv.gz"]),
        ("decisions", ["b.csv"]),
    ]


def test_without_settings_sources_come_from_the_logs_folder(export: Path) -> None:
    with pytest.raises(DataError, match="nothing to ingest"):
        sources_of({}, root=export)
    (export / "logs/reviews").mkdir(parents=True)
    (export / "logs/reviews/r.csv").write_bytes(b"x")
    assert list(sources_of({}, root=export)) == ["reviews"]
