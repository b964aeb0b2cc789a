"""`shroff models curves` on the demo."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

Cli = Callable[..., Any]
PAGE = Path(__file__).parents[2] / "docs" / "reference" / "json.md"
ALL = ("--period", "all", "--model", "ads_risk")


def test_curves_are_shown_with_areas_and_operating_points(demo: Path, cli: Cli) -> None:
    told = cli("models", "curves", "-w", demo, *ALL)
    assert told.code == 0, told.err
    assert "ads_risk · v2" in told.out
    assert "precision ≥ 90%" in told.out
    assert "hold at all thresholds together" in told.out


def test_json_has_the_keys_that_are_documented(demo: Path, cli: Cli) -> None:
    record = cli("models", "curves", "-w", demo, *ALL, "--json").record()
    told = re.search(
        r"^\| `shroff models curves` \| (.+) \|$", PAGE.read_text("utf-8"), re.MULTILINE
    )
    assert told
    assert set(record) == set(re.findall(r"`(\w+)`", told[1]))
    (first, *_) = record["curves"]
    assert len(first["curve"]) == 100
    assert first["auc"]["low"] < first["auc"]["value"] < first["auc"]["high"]
    assert first["curve"][0]["recall"] == 1


def test_csv_has_every_threshold(demo: Path, cli: Cli) -> None:
    told = cli("models", "curves", "-w", demo, *ALL, "--version", "v2", "--csv", "-")
    rows = list(csv.DictReader(io.StringIO(told.out)))
    assert len(rows) == 1000
    assert rows[0]["threshold"] == "0.0"
    assert int(rows[0]["ads"]) == int(rows[0]["review_ads"]) + int(rows[0]["reject_ads"])


def test_a_wrong_model_is_told_with_a_hint(demo: Path, cli: Cli) -> None:
    told = cli("models", "curves", "-w", demo, "--model", "nobody", "--json")
    assert told.code == 2
    assert "shroff sql" in told.fault()["hint"]
