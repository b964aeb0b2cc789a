from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from shroff.errors import ConfigError
from shroff.workspace import Workspace


def test_a_workspace_is_found_from_inside_it(tmp_path: Path) -> None:
    made = Workspace.create(tmp_path / "广告 平台")
    (made.root / "reports" / "deep").mkdir(parents=True)
    assert Workspace.open(made.root / "reports" / "deep").root == made.root
    assert made.name == "广告 平台"


def test_a_folder_without_settings_is_no_workspace(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no workspace here"):
        Workspace.open(tmp_path)


def test_a_workspace_is_never_written_over(tmp_path: Path) -> None:
    Workspace.create(tmp_path, name="first")
    with pytest.raises(ConfigError, match="already"):
        Workspace.create(tmp_path, name="second")
    assert Workspace.open(tmp_path).name == "first"


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(ConfigError, match="cannot write here"):
        Workspace.create(tmp_path / "file" / "w")


def test_opening_loads_nothing_heavy(tmp_path: Path) -> None:
    Workspace.create(tmp_path)
    code = (
        f"import sys; from shroff.workspace import Workspace; Workspace.open({str(tmp_path)!r});"
        "print([m for m in ('numpy', 'pyarrow', 'duckdb', 'deltalake') if m in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


def test_an_ingest_is_remembered_with_what_became_of_the_rows(tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path / "w")
    file = tmp_path / "ads.csv"
    file.write_text("ad_id,created_at\na,2026-05-01T00:00:00Z\n", encoding="utf-8")
    report = workspace.ingest("ads", [file])
    assert report.inserted == 1
    (run,) = workspace.catalog.runs()
    assert (run.command, run.status) == ("ingest", "done")
    assert workspace.sql("SELECT ad_id FROM ads").to_pylist() == [{"ad_id": "a"}]


def test_a_failed_ingest_is_remembered_too(tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path / "w")
    with pytest.raises(ConfigError, match="no log file"):
        workspace.ingest("ads", [tmp_path / "gone.csv"])
    assert workspace.catalog.runs()[0].status == "failed"


@pytest.mark.parametrize(("kind", "identity"), [("viewer", "x"), ("advertiser", " ")])
def test_forgetting_needs_somebody(kind: str, identity: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="whom to forget"):
        Workspace.create(tmp_path).forget(kind, identity)


def test_a_workspace_without_logs_can_be_checked(tmp_path: Path) -> None:
    health = Workspace.create(tmp_path).check()
    assert health.broken
    assert {finding.code for finding in health.findings} == {"no_rows"}
