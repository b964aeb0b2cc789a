"""`shroff advise grow` on the demo."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

Cli = Callable[..., Any]
CALL = ("advise", "grow", "--period", "all")


def test_slices_are_ranked_with_their_limits(demo: Path, cli: Cli) -> None:
    loose = ("--leakage", "0.6", "--precision", "0.3", "--by", "market")
    told = cli(*CALL, "-w", demo, *loose)
    assert told.code == 0, told.err
    assert "Safe to automate next" in told.out
    assert "leakage, as asked" in told.out
    record = cli(*CALL, "-w", demo, *loose, "--json").record()
    assert record["safe"]
    for each in record["safe"]:
        limit = 0.6 if each["then"] == "approve" else 0.7
        assert each["wrong_share"]["low"] <= each["wrong_share"]["value"]
        assert each["wrong_share"]["high"] <= limit
        assert each["action"] == "review"
    rates = [each["per_unit"]["low"] for each in record["safe"]]
    assert rates == sorted(rates, reverse=True)
    rows = list(csv.DictReader(io.StringIO(cli(*CALL, "-w", demo, *loose, "--csv", "-").out)))
    assert {row["verdict"] for row in rows} >= {"safe"}


def test_what_cannot_be_is_told_with_a_hint(demo: Path, cli: Cli) -> None:
    for words in (("--leakage", "2"), ("--band", "0"), ("--by", "nothing")):
        told = cli(*CALL, "-w", demo, *words, "--json")
        assert told.code == 2, words
        assert told.fault()["cause"], words
