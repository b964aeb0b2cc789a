"""`shroff models operations`, `shadow`, `kill` and `revive` on the demo."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Cli = Callable[..., Any]
ALL = ("--period", "all")


def test_calls_and_cost_are_those_of_the_log(demo: Path, cli: Cli) -> None:
    record = cli("models", "operations", *ALL, "-w", demo, "--json").record()
    rows = cli(
        "sql",
        "SELECT version, COUNT(*) AS n, SUM(cost) AS cost FROM judgements"
        " WHERE copy_of IS NULL GROUP BY version ORDER BY version",
        "-w", demo, "--json",
    ).record()["rows"]  # fmt: skip
    found = {each["version"]: each for each in record["versions"]}
    for row in rows:
        told = found[row["version"]]
        assert told["calls"] == row["n"]
        assert abs(told["cost"] - row["cost"]) < 1e-9
    days = list(csv.DictReader(io.StringIO(
        cli("models", "operations", *ALL, "-w", demo, "--csv", "-").out
    )))  # fmt: skip
    assert sum(int(day["calls"]) for day in days) == sum(row["n"] for row in rows)


def test_the_page_names_who_says_otherwise_in_both_languages(own_demo: Path, cli: Cli) -> None:
    told = cli("models", "operations", *ALL, "--by", "language", "-w", own_demo).out
    assert "people (drawn labels)" in told
    settings = own_demo / "shroff.toml"
    settings.write_text(settings.read_text().replace('language = "en"', 'language = "zh"', 1))
    assert "拒答率" in cli("models", "operations", *ALL, "-w", own_demo).out


def test_the_shadow_is_held_beside_the_version_that_decides(demo: Path, cli: Cli) -> None:
    record = cli("models", "shadow", *ALL, "-w", demo, "--json").record()
    versions = json.loads((demo / "truth" / "judge.json").read_text())["versions"]
    assert [record["champion"], record["shadow"]] == [each["version"] for each in versions]
    whole = record["whole"]
    apart = whole["newly_violating"] + whole["no_longer_violating"]
    assert whole["agree"]["value"] == pytest.approx(1 - apart / whole["agree"]["n"])
    assert cli("models", "shadow", *ALL, "-w", demo).code == 0
    fault = cli("models", "shadow", "nobody", *ALL, "-w", demo, "--json")
    assert fault.code != 0
    assert fault.fault()["cause"].endswith("judged by nobody")
    assert "policy_judge" in fault.fault()["hint"]


def test_a_model_is_switched_off_listed_and_revived(own_demo: Path, cli: Cli) -> None:
    assert cli("models", "kill", "policy_judge", "-w", own_demo).code == 2  # no reason
    turned = cli("models", "kill", "policy_judge/p2", "--reason", "slow", "--who", "lin",
                 "-w", own_demo, "--json").record()  # fmt: skip
    assert (turned["version"], turned["who"], turned["off"]) == ("p2", "lin", True)
    off = cli("models", "kill", "-w", own_demo, "--json").record()["off"]
    assert [each["why"] for each in off] == ["slow"]
    assert "slow" in cli("models", "operations", *ALL, "-w", own_demo).out
    back = cli("models", "revive", "policy_judge", "--reason", "fixed", "-w", own_demo, "--json")
    assert back.record()["off"] is False
    assert cli("models", "kill", "-w", own_demo).out.strip() == "No model is switched off."
    assert cli("models", "revive", "policy_judge", "--reason", "x", "-w", own_demo).code == 2


def test_a_log_without_judgements_says_so(tmp_path: Path, cli: Cli) -> None:
    assert cli("init", tmp_path / "empty").code == 0
    told = cli("models", "operations", "-w", tmp_path / "empty", "--json")
    assert told.code != 0
    assert told.fault()["cause"]
