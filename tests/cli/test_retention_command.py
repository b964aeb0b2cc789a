from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

Cli = Callable[..., Any]


def test_old_rows_go(own_demo: Path, cli: Cli) -> None:
    settings = own_demo / "shroff.toml"
    text = settings.read_text(encoding="utf-8")
    assert "No table has a limit" in cli("retention", "apply", "-w", own_demo).out
    settings.write_text(text + "\n[retention]\nreports = 7\nappeals = 36500\n", encoding="utf-8")
    outcome = cli("retention", "apply", "-w", own_demo, "--json")
    assert outcome.code == 0
    removed = outcome.record()["removed"]
    assert removed["reports"] > 0
    assert removed["appeals"] == 0
    assert "reports: 0 rows removed" in cli("retention", "apply", "-w", own_demo).out
