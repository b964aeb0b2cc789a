from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from shroff.workspace import Workspace

Cli = Callable[..., Any]


def test_a_demo_is_healthy_enough(demo: Path, cli: Cli) -> None:
    outcome = cli("check", "-w", demo, "--json")
    assert outcome.code == 0
    record = outcome.record()
    assert record["broken"] is False
    assert record["rows"]["ads"] > 1000


def test_broken_logs_stop_a_pipeline(tmp_path: Path, cli: Cli) -> None:
    Workspace.create(tmp_path / "w", language="zh")
    (tmp_path / "ads.csv").write_text(
        "ad_id,created_at\na1,2026-05-01T00:00:00Z\n", encoding="utf-8"
    )
    cli("ingest", "ads", tmp_path / "ads.csv", "-w", tmp_path / "w")
    outcome = cli("check", "-w", tmp_path / "w")
    assert outcome.code == 1
    assert "没有机审决策就无法计算任何指标" in outcome.out
    assert cli("check", "-w", tmp_path / "w", "--json").code == 1
