from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

Cli = Callable[..., Any]


def test_figures_stand_beside_those_of_labels_alone(demo: Path, cli: Cli) -> None:
    found = cli("fewer-labels", "-w", demo, "--period", "all", "--json").record()
    by_metric = {figure["metric"]: figure for figure in found["figures"]}
    card = cli("measure", "-w", demo, "--period", "all", "--metric", "leakage", "--json").record()
    (leakage,) = [f for f in card["figures"] if f["metric"] == "leakage" and not f["slice"]]
    assert by_metric["leakage"] == leakage
    assert by_metric["leakage_labels_worth"]["value"] >= leakage["n"]
    assert by_metric["leakage_modelled"]["status"] == "modelled"
    assert by_metric["leakage_modelled"]["low"] is None
    assert found["model"] == "ads_risk"
    shown = cli("fewer-labels", "-w", demo, "--period", "all").out
    assert "Labels and scores" in shown
    assert "Expected by scores alone" in shown


def test_slices_go_to_a_csv_file(demo: Path, cli: Cli) -> None:
    asked = ("--metric", "violating_ad_share", "--by", "language", "--csv", "-")
    text = cli("fewer-labels", "-w", demo, "--period", "all", *asked).out
    rows = list(csv.DictReader(text.splitlines()))
    assert {row["language"] for row in rows} == {"", "en", "zh"}
    assert {row["metric"] for row in rows} == {
        "violating_ad_share",
        "violating_ad_share_with_scores",
        "violating_ad_share_labels_worth",
        "violating_ad_share_modelled",
    }


def test_a_model_that_is_not_there_is_a_wrong_use(demo: Path, cli: Cli) -> None:
    outcome = cli("fewer-labels", "-w", demo, "--model", "ads_rsk", "--json")
    assert outcome.code == 2
    assert "ads_risk" in outcome.fault()["hint"]
