from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

Cli = Callable[..., Any]


def test_figures_come_with_interval_and_labels(demo: Path, cli: Cli) -> None:
    outcome = cli("measure", "-w", demo, "--metric", "leakage", "--by", "market", "--json")
    assert outcome.code == 0, outcome.err
    figures = outcome.record()["figures"]
    assert {figure["metric"] for figure in figures} == {"leakage"}
    (whole,) = [figure for figure in figures if not figure["slice"]]
    assert whole["low"] <= whole["value"] <= whole["high"]
    assert whole["n"] > 0
    assert {figure["slice"].get("market") for figure in figures} >= {"US", "CN"}


def test_figures_are_shown_as_tables(demo: Path, cli: Cli) -> None:
    outcome = cli("measure", "-w", demo, "--metric", "leakage", "--by", "market,language")
    assert outcome.code == 0
    assert "Approve leakage (leakage)" in outcome.out
    assert "95% interval" in outcome.out


def test_what_to_know_of_a_figure_is_said_below_it(demo: Path, cli: Cli) -> None:
    outcome = cli("measure", "-w", demo, "--metric", "queue_in_precision")
    assert "As reviewers judged; their own errors are not in the interval." in outcome.out


def test_figures_are_written_as_csv(demo: Path, tmp_path: Path, cli: Cli) -> None:
    file = tmp_path / "figures.csv"
    outcome = cli("measure", "-w", demo, "--metric", "leakage", "--csv", file)
    assert outcome.code == 0
    with file.open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert rows[0]["metric"] == "leakage"
    assert cli("measure", "-w", demo, "--csv", tmp_path / "no" / "f.csv").code == 2


def test_what_cannot_be_measured_is_told(demo: Path, cli: Cli) -> None:
    for words, told in (
        (("--metric", "leakge"), "did you mean 'leakage'?"),
        (("--by", "markte"), "did you mean 'market'?"),
        (("--period", "soon"), "is not a period"),
        (("--level", "95"), "between 0 and 1"),
    ):
        outcome = cli("measure", "-w", demo, *words)
        assert outcome.code == 2
        assert told in outcome.err


def test_a_workspace_without_decisions_cannot_be_measured(tmp_path: Path, cli: Cli) -> None:
    cli("init", tmp_path)
    outcome = cli("measure", "-w", tmp_path, "--json")
    assert outcome.code == 2
    assert outcome.fault()["hint"]
