from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from shroff.workspace import Workspace

Cli = Callable[..., Any]


def test_the_metrics_are_told_outside_of_a_workspace(
    tmp_path: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert "reject_precision" in cli("metrics").out
    assert len(cli("metrics", "--json").record()["metrics"]) > 20


def test_one_metric_is_told_whole_in_both_languages(tmp_path: Path, cli: Cli) -> None:
    Workspace.create(tmp_path)
    english, chinese = (
        cli("metrics", "leakage", "--language", language, "-w", tmp_path).out
        for language in ("en", "zh")
    )
    assert "denominator" in english
    assert "漏放率" in chinese


def test_your_own_metric_is_listed(tmp_path: Path, cli: Cli) -> None:
    workspace = Workspace.create(tmp_path)
    own = '\n[metrics.mine]\nname_en = "Mine"\nnumerator = "violating"\ndenominator = "true"\n'
    path = workspace.root / "shroff.toml"
    path.write_text(path.read_text(encoding="utf-8") + own, encoding="utf-8")
    assert cli("metrics", "mine", "-w", tmp_path, "--json").record()["metrics"][0]["custom"]


def test_a_wrong_id_is_told_with_the_nearest(tmp_path: Path, cli: Cli) -> None:
    Workspace.create(tmp_path)
    outcome = cli("metrics", "leakge", "-w", tmp_path)
    assert outcome.code == 2
    assert "did you mean leakage" in outcome.err
