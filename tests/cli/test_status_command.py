from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

Cli = Callable[..., Any]


def test_status_tells_tables_and_runs(own_demo: Path, cli: Cli) -> None:
    record = cli("status", "-w", own_demo, "--json").record()
    tables = {table["table"]: table for table in record["tables"]}
    assert tables["decisions"]["rows"] > 1000
    assert tables["decisions"]["last"] >= "2026-06-28"
    assert cli("measure", "-w", own_demo, "--json").code == 0
    runs = cli("status", "-w", own_demo, "--json").record()["runs"]
    assert (runs[0]["command"], runs[0]["status"]) == ("measure", "done")
    assert "decisions" in cli("status", "-w", own_demo).out


def test_a_new_workspace_is_empty(tmp_path: Path, cli: Cli) -> None:
    cli("init", tmp_path)
    record = cli("status", "-w", tmp_path, "--json").record()
    assert all(table["rows"] == 0 for table in record["tables"])
    told = cli("status", "-w", tmp_path).out
    assert "None" not in told
    assert "–" in told
