"""`shroff slices`: findings on a terminal, as JSON, as CSV; faults in words."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Cli


def test_the_answer_leads_and_says_what_was_held_out(cli: Cli, demo: Path) -> None:
    told = cli("slices", "-w", demo, "--period", "all", "--metric", "fdr")
    assert told.code == 0
    assert "slices of up to 3 of" in told.out.splitlines()[0]
    assert "held-out" in told.out or "the search did not see" in told.out
    assert "Benjamini-Yekutieli" in told.out


def test_json_holds_what_was_searched(cli: Cli, demo: Path) -> None:
    words = ("--by", "market,format", "--by", "language", "--depth", "2", "--json")
    record = cli("slices", "-w", demo, "--period", "all", *words).record()
    assert record["columns"] == ["market", "format", "language"]
    assert record["depth"] == 2
    assert record["metric"] == "leakage"
    assert record["false_share"] == 0.05
    assert isinstance(record["findings"], list)
    assert isinstance(record["looked_at"], int)


def test_csv_has_a_row_a_finding(cli: Cli, demo: Path) -> None:
    told = cli("slices", "-w", demo, "--period", "all", "--csv", "-")
    rows = list(csv.reader(io.StringIO(told.out)))
    assert rows[0][:4] == ["metric", "slice_1", "slice_2", "slice_3"]
    assert rows[0][-2:] == ["sentence_en", "sentence_zh"]


def test_it_is_noted_in_the_catalog(cli: Cli, own_demo: Path) -> None:
    assert cli("slices", "-w", own_demo, "--held-out", "hash").code == 0
    assert "slices" in cli("status", "-w", own_demo).out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--metric", "approve_rate"), "cannot be searched"),
        (("--metric", "leekage"), "leakage"),
        (("--by", "markt"), "did you mean 'market'?"),
        (("--false-share", "2"), "not between 0 and 1"),
        (("--depth", "4"), "4 is not in the range"),
        (("--held-out", "never"), "'never' is not one of"),
    ],
)
def test_a_mistake_is_told_in_words(
    cli: Cli, demo: Path, words: tuple[str, ...], said: str
) -> None:
    told = cli("slices", "-w", demo, *words)
    assert told.code == 2
    assert said in told.err
    assert "Traceback" not in told.err
