from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from shroff.errors import EngineError
from shroff.store.catalog import Catalog


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    return Catalog(tmp_path / "catalog.sqlite")


def test_a_run_that_ends_is_done(catalog: Catalog) -> None:
    with catalog.run("measure", args={"by": ["market"]}, snapshot={"ads": 3}):
        assert catalog.runs()[0].status == "running"
    (run,) = catalog.runs()
    assert (run.command, run.status) == ("measure", "done")
    assert json.loads(run.snapshot) == {"ads": 3}
    assert run.finished >= run.started


@pytest.mark.parametrize(
    ("fault", "status"), [(ValueError, "failed"), (KeyboardInterrupt, "stopped")]
)
def test_a_run_that_breaks_says_so(
    catalog: Catalog, fault: type[BaseException], status: str
) -> None:
    with pytest.raises(fault), catalog.run("measure", args={}, snapshot={}):
        raise fault
    assert catalog.runs()[0].status == status


def test_no_transaction_is_open_while_a_run_computes(catalog: Catalog) -> None:
    other = Catalog(catalog.path)
    with catalog.run("measure", args={}, snapshot={}):
        other.add_audit("retention", subject="ads", detail={"rows": 1})
    assert len(catalog.audits()) == 1


def test_ingests_and_reports_are_remembered(catalog: Catalog) -> None:
    catalog.add_ingest("i1", table="ads", summary={"read": 2})
    catalog.add_ingest("i1", table="ads", summary={"read": 2})
    with catalog.run("report", args={}, snapshot={}) as run:
        catalog.add_report(Path("r.html"), period="2026-W20", run=run)
    with sqlite3.connect(catalog.path) as connection:
        assert connection.execute("SELECT COUNT(*) FROM ingests").fetchone() == (1,)
    connection.close()
    assert catalog.reports() == ("r.html",)


def test_opening_twice_keeps_what_was_written(catalog: Catalog) -> None:
    catalog.add_audit("retention", subject="ads", detail={})
    assert len(Catalog(catalog.path).audits()) == 1


def test_a_catalog_of_a_newer_shroff_is_refused(catalog: Catalog) -> None:
    connection = sqlite3.connect(catalog.path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(EngineError, match="version 99"):
        Catalog(catalog.path)


def test_a_file_that_is_no_catalog_is_told(tmp_path: Path) -> None:
    path = tmp_path / "catalog.sqlite"
    path.write_text("hello " * 1000)
    with pytest.raises(EngineError, match="cannot be used"):
        Catalog(path)


def test_a_run_whose_process_is_gone_was_interrupted(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = subprocess.run(
        [sys.executable, "-c", "import os; print(os.getpid())"],
        capture_output=True,
        text=True,
        check=True,
    )
    monkeypatch.setattr("os.getpid", lambda: int(gone.stdout))
    with catalog.run("measure", args={}, snapshot={}):
        assert catalog.runs()[0].status == "interrupted"
    assert catalog.runs()[0].status == "done"


def refuse_writing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.access", lambda *_: False)


def test_a_catalog_that_cannot_be_written_is_read(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with catalog.run("ingest", args={}, snapshot={}):
        pass
    refuse_writing(monkeypatch)
    bound = Catalog(catalog.path)
    with bound.noted("measure", args={}, snapshot={}) as run:
        bound.add_report(Path("r.html"), period="all", run=run)
    assert [each.command for each in bound.runs()] == ["ingest"]
    assert "this run is not recorded" in caplog.text


def test_writing_where_nothing_can_be_written_names_the_cause(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse_writing(monkeypatch)
    catalog = Catalog(tmp_path / "catalog.sqlite")
    assert catalog.runs() == ()
    with pytest.raises(EngineError, match="read-only for this user"):
        catalog.add_audit("retention", subject="ads", detail={})
    assert not catalog.path.exists()
