"""`shroff watch trends`: on a terminal, as JSON, as CSV; faults in words."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Cli


def test_the_table_says_where_lines_stand_and_where_they_go(cli: Cli, demo: Path) -> None:
    told = cli("watch", "trends", "reject_rate", "leakage", "-w", demo, "--by", "language")
    assert told.code == 0
    assert "4 lines over 35 days" in told.out
    assert "language=en" in told.out
    assert "Hollow days are not complete" in told.out
    assert "model: ads_risk v2" in told.out


def test_json_tells_days_seen_incomplete_and_foreseen(cli: Cli, demo: Path) -> None:
    record = cli("watch", "trends", "violating_ad_share", "-w", demo, "--json").record()
    (line,) = record["lines"]  # type: ignore[misc]
    kinds = [day["kind"] for day in line["days"]]
    assert set(kinds) >= {"seen", "incomplete"}
    assert record["within"] == {}
    assert record["changes"]


def test_csv_has_a_row_a_day(cli: Cli, demo: Path) -> None:
    words = ("reject_rate", "--slice", "market=US", "--ahead", "5", "--csv", "-")
    told = cli("watch", "trends", *words, "-w", demo)
    rows = list(csv.DictReader(io.StringIO(told.out)))
    assert len(rows) == 35 + 5
    assert {row["slice"] for row in rows} == {"market=US"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("leekage",), "did you mean 'leakage'"),
        (("leakage", "--by", "markt"), "did you mean 'market'?"),
        (("leakage", "--slice", "market"), "write COLUMN=VALUE"),
        (("leakage", "--slice", "market=XX"), "no ad of the period"),
        (("leakage", "--ahead", "90"), "90 is not in the range"),
    ],
)
def test_a_mistake_is_told_in_words(
    cli: Cli, demo: Path, words: tuple[str, ...], said: str
) -> None:
    told = cli("watch", "trends", *words, "-w", demo)
    assert told.code == 2
    assert said in told.err
