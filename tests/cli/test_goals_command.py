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


def test_a_goal_of_some_ads_has_an_owner_and_an_outlook(cli: Cli, own_demo: Path) -> None:
    settings = own_demo / "shroff.toml"
    told = '\n[goals.us]\nmetric = "leakage"\nwhere = { market = "US" }\nat_most = 0.5\n'
    more = 'owner = "Mei"\ndue = 2026-12-31\n'
    settings.write_text(settings.read_text("utf-8") + told + more, encoding="utf-8")
    goals = cli("goals", "-w", own_demo, "--json").record()["goals"]
    whole, part = ([g for g in goals if g["goal"] == name][0] for name in ("leakage", "us"))  # type: ignore[union-attr,index]  # noqa: RUF015
    assert part["where"] == {"market": "US"}
    assert (part["owner"], part["due"]) == ("Mei", "2026-12-31")
    assert 0 < part["looks"][-1]["n"] < whole["looks"][-1]["n"]
    assert part["outlook"] is None or 0 <= part["outlook"]["chance"] <= 1


def test_a_goal_may_be_set_for_one_policy(cli: Cli, own_demo: Path) -> None:
    settings = own_demo / "shroff.toml"
    told = '\n[goals.one]\nmetric = "leakage"\nwhere = { policy = "I1" }\nat_most = 0.5\n'
    settings.write_text(settings.read_text("utf-8") + told, encoding="utf-8")
    goals = {g["goal"]: g for g in cli("goals", "-w", own_demo, "--json").record()["goals"]}  # type: ignore[union-attr,index]
    whole, one = goals["leakage"]["looks"][-1], goals["one"]["looks"][-1]
    assert 0 < one["value"] < whole["value"]  # what violates another policy does not count
    assert one["n"] == whole["n"]


def test_a_metric_of_ones_own_has_no_goal_for_one_policy(cli: Cli, own_demo: Path) -> None:
    settings = own_demo / "shroff.toml"
    told = (
        '\n[goals.one]\nmetric = "confident_leakage"\nwhere = { policy = "I1" }\nat_most = 0.5\n'
    )
    settings.write_text(settings.read_text("utf-8") + told, encoding="utf-8")
    assert "cannot be told for one policy" in cli("goals", "-w", own_demo).err
