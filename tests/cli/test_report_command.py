from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.cli.test_json_output import DOCUMENTED

Cli = Callable[..., Any]


def test_a_report_is_written_in_both_languages(demo: Path, tmp_path: Path, cli: Cli) -> None:
    outcome = cli("report", "-w", demo, "--out", tmp_path / "r", "--json")
    assert outcome.code == 0, outcome.err
    record = outcome.record()
    assert [Path(page).name for page in record["pages"]] == ["report.en.html", "report.zh.html"]
    for page in (*record["pages"], *record["texts"]):
        assert Path(page).read_text(encoding="utf-8")
    figures = json.loads(Path(record["figures"]).read_text(encoding="utf-8"))
    assert any(figure["metric"] == "leakage" for figure in figures["figures"])
    assert record["headline"]


def test_a_published_report_stands_beside_the_working_one(
    demo: Path, tmp_path: Path, cli: Cli
) -> None:
    outcome = cli("report", "-w", demo, "--out", tmp_path, "--publish", "--lang", "zh")
    assert outcome.code == 0, outcome.err
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "published.summary.json",
        "published.zh.html",
        "published.zh.md",
    ]


def test_a_folder_that_cannot_be_written_is_told(demo: Path, tmp_path: Path, cli: Cli) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    outcome = cli("report", "-w", demo, "--out", tmp_path / "file", "--lang", "en")
    assert outcome.code == 2
    assert "cannot be written" in outcome.err


def test_a_report_is_written_for_its_readers_in_their_kinds_of_files(
    own_demo: Path, cli: Cli
) -> None:
    words = ["--audience", "executive", "--format", "xlsx", "--format", "pptx", "--lang", "en"]
    outcome = cli("report", "-w", own_demo, *words, "--where", "market=US", "--json")
    assert outcome.code == 0, outcome.err
    record = outcome.record()
    assert set(record) == DOCUMENTED["report"]
    assert [Path(each).name for each in record["others"]] == [
        "executive.en.pptx",
        "executive.en.xlsx",
    ]
    assert record["pages"] == record["texts"] == []
    listed = cli("report", "list", "-w", own_demo, "--json").record()
    assert set(listed) == DOCUMENTED["report list"]
    newest = listed["reports"][0]
    assert (newest["run"], newest["audience"]) == (record["run"], "executive")
    assert all(Path(each).is_file() for each in newest["files"])
    assert cli("report", "-w", own_demo, "--where", "market").code == 2


def test_a_scheduled_report_is_written_once_when_it_is_due(own_demo: Path, cli: Cli) -> None:
    words = ["--when", "* * * * *", "--format", "md", "--lang", "zh", "--audience", "operations"]
    made = cli("report", "schedule", "-w", own_demo, *words, "--who", "ann", "--json").record()
    assert set(made) == DOCUMENTED["report schedule"]
    assert cli("report", "run-due", "-w", own_demo, "--json").record() == {"reports": []}
    _back(own_demo, made["id"])
    due = cli("report", "run-due", "-w", own_demo, "--json")
    assert due.code == 0, due.err
    (written,) = due.record()["reports"]
    assert (written["schedule"], written["state"]) == (made["id"], "done")
    assert [Path(each).name for each in written["texts"]] == ["operations.zh.md"]
    told = cli("report", "schedules", "-w", own_demo, "--json").record()
    assert set(told) == DOCUMENTED["report schedules"]
    assert [(each["schedule"], each["state"]) for each in told["turns"]] == [(made["id"], "done")]
    gone = cli("report", "unschedule", made["id"], "-w", own_demo, "--json").record()
    assert gone == {"removed": made["id"]}
    assert set(gone) == DOCUMENTED["report unschedule"]
    assert cli("report", "unschedule", made["id"], "-w", own_demo).code == 2


def _back(root: Path, schedule: str) -> None:
    """Have a schedule believe that it was last looked at some minutes ago."""
    since = (datetime.now(UTC) - timedelta(minutes=3)).isoformat(timespec="seconds")
    with closing(sqlite3.connect(root / "catalog.sqlite")) as catalog, catalog:
        catalog.execute(
            "UPDATE report_schedules SET until = ? WHERE schedule_id = ?", (since, schedule)
        )


def test_nobody_is_told_where_no_webhook_is_set(own_demo: Path, cli: Cli) -> None:
    outcome = cli("report", "send", "99999", "-w", own_demo)
    assert outcome.code == 2
    assert "there is no report 99999" in outcome.err
    words = ["--when", "0 8 * * 1", "--send"]
    assert "no webhook is set" in cli("report", "schedule", "-w", own_demo, *words).err
