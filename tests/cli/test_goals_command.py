from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from shroff.workspace import Workspace

Cli = Callable[..., Any]


def test_goals_are_judged_with_the_day_it_became_known(demo: Path, cli: Cli) -> None:
    found = cli("goals", "-w", demo, "--json").record()
    by_metric = {goal["metric"]: goal for goal in found["goals"]}
    assert set(by_metric) == {"leakage", "reject_precision"}
    leakage = by_metric["leakage"]
    assert leakage["at_most"] is not None
    assert leakage["looks"][-1]["n"] == leakage["figure"]["n"]
    assert (leakage["known_since"] is None) == (leakage["verdict"] == "not_yet_known")
    shown = cli("goals", "-w", demo).out
    assert "Approve leakage" in shown
    assert "hold on all days together" in shown


def test_a_workspace_without_goals_says_how_to_set_one(tmp_path: Path, cli: Cli) -> None:
    Workspace.create(tmp_path)
    outcome = cli("goals", "-w", tmp_path, "--json")
    assert outcome.code == 2
    assert "[goals" in outcome.fault()["hint"]
