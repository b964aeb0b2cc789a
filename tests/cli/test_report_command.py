from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

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
        "published.zh.html",
        "published.zh.md",
    ]


def test_a_folder_that_cannot_be_written_is_told(demo: Path, tmp_path: Path, cli: Cli) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    outcome = cli("report", "-w", demo, "--out", tmp_path / "file", "--lang", "en")
    assert outcome.code == 2
    assert "cannot be written" in outcome.err
