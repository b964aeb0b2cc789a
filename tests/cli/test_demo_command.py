from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

Cli = Callable[..., Any]


def test_a_demo_has_logs_a_lake_and_a_report(demo: Path) -> None:
    assert (demo / "lake" / "decisions").is_dir()
    assert list((demo / "reports").glob("*/report.zh.html"))


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path, cli: Cli) -> None:
    (tmp_path / "thesis.txt").write_text("x", encoding="utf-8")
    outcome = cli("demo", tmp_path, "--ads", "1000")
    assert outcome.code == 2
    assert "not empty" in outcome.err
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_the_truth_of_an_old_demo_can_be_revealed(demo: Path, cli: Cli) -> None:
    record = cli("demo", demo, "--reveal", "--json").record()
    truth = record["truth"]
    assert len(truth["stories"]) == 5
    figures = {figure["metric"]: figure for figure in truth["figures"]}
    assert 0 < figures["leakage"]["truth"] < 1
    shown = cli("demo", demo, "--reveal").out
    assert "mix_shift" in shown
    assert "truth" in shown


def test_only_a_demo_can_be_revealed(tmp_path: Path, cli: Cli) -> None:
    cli("init", tmp_path)
    (tmp_path / "truth").mkdir()
    outcome = cli("demo", tmp_path, "--reveal")
    assert outcome.code == 2
    assert "only a demo has a truth" in outcome.err
