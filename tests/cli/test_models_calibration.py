"""`shroff models calibration` and `shroff models recalibrate` on the demo."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

Cli = Callable[..., Any]
PAGE = Path(__file__).parents[2] / "docs" / "reference" / "json.md"
RISK = ("--period", "all", "--model", "ads_risk", "--version", "v2")


def documented(command: str) -> set[str]:
    pattern = rf"^\| `shroff {command}` \| (.+) \|$"
    told = re.search(pattern, PAGE.read_text("utf-8"), re.MULTILINE)
    assert told
    return set(re.findall(r"`(\w+)`", told[1]))


def test_calibration_is_shown_by_bin_and_week(demo: Path, cli: Cli) -> None:
    told = cli("models", "calibration", "-w", demo, *RISK)
    assert told.code == 0, told.err
    assert "Calibration error" in told.out
    assert "Week from" in told.out
    record = cli("models", "calibration", "-w", demo, *RISK, "--json").record()
    assert set(record) == documented("models calibration")
    rows = list(
        csv.DictReader(
            io.StringIO(cli("models", "calibration", "-w", demo, *RISK, "--csv", "-").out)
        )
    )
    assert len(rows) == len(record["scores"][0]["bins"])


def test_chances_are_kept_once_and_written(own_demo: Path, cli: Cli) -> None:
    first = cli("models", "recalibrate", "-w", own_demo, *RISK)
    assert first.code == 0, first.err
    assert "version 1" in first.out
    record = cli("models", "recalibrate", "-w", own_demo, *RISK, "--json").record()
    assert set(record) == documented("models recalibrate")
    assert (record["version"], record["new"]) == ("1", False)
    told = cli("models", "recalibrate", "-w", own_demo, *RISK, "--csv", "-")
    rows = list(csv.DictReader(io.StringIO(told.out)))
    assert len(rows) > 100
    assert all(0 < float(row["calibrated"]) < 1 for row in rows)


def test_a_model_that_is_not_there_is_told(demo: Path, cli: Cli) -> None:
    told = cli("models", "recalibrate", "-w", demo, "--model", "x", "--version", "1", "--json")
    assert told.code == 2
    assert told.fault()["hint"]
