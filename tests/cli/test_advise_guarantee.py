"""`shroff advise guarantee` on the demo."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

from shroff.advise.proposal_file import read_proposal

Cli = Callable[..., Any]
CALL = ("advise", "guarantee", "--period", "all")


def test_a_line_is_sure_and_written_as_a_proposal(demo: Path, tmp_path: Path, cli: Cli) -> None:
    file = tmp_path / "lines.yaml"
    told = cli(*CALL, "-w", demo, "--floor", "0.7", "--write", file)
    assert told.code == 0, told.err
    assert "Precision of rejects is at least 70.0% in 1 of 1 cells" in told.out
    assert "shroff advise simulate" in told.out
    (threshold,) = read_proposal(file).thresholds
    assert threshold.model == "ads_risk"
    assert 0.4 < threshold.review_from <= threshold.reject_from < 1
    record = cli(*CALL, "-w", demo, "--floor", "0.7", "--json").record()
    (line,) = record["lines"]
    assert line["sure"]["reject_from"] == threshold.reject_from
    assert record["proposal_id"] == read_proposal(file).id
    assert line["sure"]["precision_low"] < line["sure"]["precision"]


def test_where_nothing_is_sure_labels_are_asked_for(demo: Path, cli: Cli) -> None:
    told = cli(*CALL, "-w", demo, "--by", "market,language", "--floor", "0.95", "--delta", "0.01")
    assert told.code == 0, told.err
    assert "No line is sure" in told.out
    rows = cli(*CALL, "-w", demo, "--by", "market", "--floor", "0.95", "--csv", "-")
    table = list(csv.DictReader(io.StringIO(rows.out)))
    assert {row["rejects"] for row in table} == {"0"}
    assert any(int(row["more_labels"]) > 0 for row in table)


def test_a_stricter_floor_or_risk_never_lowers_the_line(demo: Path, cli: Cli) -> None:
    def line(*more: str) -> float:
        (told,) = cli(*CALL, "-w", demo, *more, "--json").record()["lines"]
        return told["sure"]["reject_from"] if told["sure"] else 1.0

    assert line("--floor", "0.5") <= line("--floor", "0.7") <= line("--floor", "0.9")
    assert line("--floor", "0.7") <= line("--floor", "0.7", "--delta", "0.0001")


def test_what_cannot_be_is_told_with_a_hint(demo: Path, cli: Cli) -> None:
    for words, cause in (
        (("--floor", "1.5"), "floor"),
        (("--delta", "0.9"), "risk"),
        (("--lowest", "2"), "lowest"),
        (("--model", "nobody"), "score"),
        (("--by", "nothing"), "nothing"),
    ):
        told = cli(*CALL, "-w", demo, *words, "--json")
        assert told.code == 2, words
        assert cause in told.fault()["cause"], words
