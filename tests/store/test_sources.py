from __future__ import annotations

from pathlib import Path

import pytest

from shroff.errors import ConfigError
from shroff.store.sources import sources_of


@pytest.fixture
def export(tmp_path: Path) -> Path:
    for name in ("b.csv", "a.csv.gz", "deep/c.jsonl.zst", "notes.md", "广 告.parquet"):
        path = tmp_path / "export" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    return tmp_path


def names(found: dict[str, list[Path]]) -> dict[str, list[str]]:
    return {table: [path.name for path in files] for table, files in found.items()}


def test_sources_come_from_the_settings_in_order_of_ingest(export: Path) -> None:
    found = sources_of({"decisions": ["export/b.csv"], "ads": ["export/*.gz"]}, root=export)
    assert list(found) == ["ads", "decisions"]
    assert names(found) == {"ads": ["a.csv.gz"], "decisions": ["b.csv"]}


def test_a_folder_means_the_log_files_below_it(export: Path) -> None:
    found = names(sources_of({"ads": ["export"]}, root=export))
    assert found["ads"] == ["a.csv.gz", "b.csv", "c.jsonl.zst", "广 告.parquet"]


def test_without_settings_sources_come_from_the_logs_folder(export: Path) -> None:
    (export / "logs/appeals").mkdir(parents=True)
    with pytest.raises(ConfigError, match="nothing to ingest"):
        sources_of({}, root=export)
    (export / "logs/reviews").mkdir(parents=True)
    (export / "logs/reviews/r.csv").write_bytes(b"x")
    assert names(sources_of({}, root=export)) == {"reviews": ["r.csv"]}


def test_a_source_that_is_not_there_is_told(export: Path) -> None:
    with pytest.raises(ConfigError, match="gone"):
        sources_of({"ads": ["gone.csv"]}, root=export)
