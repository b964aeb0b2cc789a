from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Cli = Callable[..., Any]


def test_cubes_are_kept_by_measuring_and_shown(own_demo: Path, cli: Cli) -> None:
    again = cli("cubes", "-w", own_demo, "--rebuild", "--json").record()
    assert again["refreshed"]["why"] == "asked"
    assert again["current"] is True
    assert again["tables"]["cells"] > 0
    assert again["tables"]["frame"] > 0
    assert again["scores"] == []  # whoever counts did not ask for them
    shown = cli("cubes", "-w", own_demo, "--json").record()["scores"]
    assert sum(spread["scores"] for spread in shown) > 0
    assert cli("measure", "-w", own_demo, "--json").code == 0
    outcome = cli("cubes", "-w", own_demo)
    assert outcome.code == 0
    assert outcome.out.startswith("Cubes are up to date.")
    assert "frame" in outcome.out
    assert ("more: --json" in outcome.out) is (len(shown) > 40)


def test_nothing_is_kept_when_the_settings_say_so(own_demo: Path, cli: Cli) -> None:
    settings = own_demo / "shroff.toml"
    kept = cli("measure", "-w", own_demo, "--by", "market", "--json").record()
    with settings.open("a", encoding="utf-8") as stream:
        stream.write("\n[cubes]\nkeep = false\n")
    rows = cli("measure", "-w", own_demo, "--by", "market", "--json").record()
    assert _values(rows) == pytest.approx(_values(kept), rel=1e-12, nan_ok=True)
    assert "_cut" in kept["queries"][0]["sql"]
    assert "_cut" not in rows["queries"][0]["sql"]


def test_forgetting_somebody_drops_what_was_kept(own_demo: Path, cli: Cli) -> None:
    assert cli("cubes", "-w", own_demo, "--refresh").code == 0
    who = cli("sql", "-w", own_demo, "SELECT MIN(advertiser_id) AS who FROM ads", "--json")
    advertiser = who.record()["rows"][0]["who"]
    kept = own_demo / "lake" / "_cubes"
    assert list(kept.glob("*.parquet"))
    assert cli("forget", "advertiser", advertiser, "-w", own_demo, "--yes").code == 0
    assert not list(kept.glob("*.parquet"))
    assert cli("cubes", "-w", own_demo).out.startswith("No cubes are kept yet.")
    assert (
        cli("cubes", "-w", own_demo, "--refresh", "--json").record()["refreshed"]["why"] == "first"
    )


def _values(record: dict[str, Any]) -> list[float]:
    return [float("nan") if f["value"] is None else f["value"] for f in record["figures"]]
