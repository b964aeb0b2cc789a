"""`shroff watch why`: on a terminal in both languages, as JSON, as CSV; faults in words."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Cli

LONG = ("--period", "last-14-days", "--by", "market,language")


def test_the_change_is_told_with_its_interval_and_parts(cli: Cli, demo: Path) -> None:
    told = cli("watch", "why", "reject_rate", "-w", demo, *LONG)
    assert told.code == 0
    assert "Reject rate went from" in told.out
    assert "By market: rates within its values add" in told.out
    assert "By language" in told.out
    assert "counted in full" in told.out


def test_it_speaks_chinese_with_the_same_figures(cli: Cli, own_demo: Path) -> None:
    english = cli("watch", "why", "reject_rate", "-w", own_demo, *LONG).out
    settings = own_demo / "shroff.toml"
    text = settings.read_text("utf-8").replace('language = "en"', 'language = "zh"', 1)
    settings.write_text(text, "utf-8")
    chinese = cli("watch", "why", "reject_rate", "-w", own_demo, *LONG).out
    assert "机审拒绝率从" in chinese
    assert "取值构成变化贡献" in chinese
    figures = [word for word in english.replace(",", " ").split() if word.endswith("%")]
    assert all(figure in chinese for figure in figures)


def test_sql_is_shown_on_request(cli: Cli, demo: Path) -> None:
    told = cli("watch", "why", "ads_decided", "-w", demo, *LONG, "--sql")
    assert "-- ads_decided in both periods" in told.out
    assert "GROUP BY" in told.out


def test_json_sums_to_the_change(cli: Cli, demo: Path) -> None:
    record = cli("watch", "why", "leakage", "-w", demo, *LONG, "--json").record()
    change = record["change"]["value"]  # type: ignore[index,call-overload]
    for split in record["splits"]:  # type: ignore[attr-defined]
        assert sum(part["total"]["value"] for part in split["parts"]) == pytest.approx(change)
    assert record["sampled"] is True


def test_csv_has_a_row_a_value(cli: Cli, demo: Path) -> None:
    told = cli("watch", "why", "reject_rate", "-w", demo, *LONG, "--csv", "-")
    rows = list(csv.DictReader(io.StringIO(told.out)))
    assert {row["dimension"] for row in rows if row["kind"] == "split"} == {"market", "language"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("leekage",), "did you mean 'leakage'"),
        (("leakage", "--by", "markt"), "did you mean 'market'?"),
        (("leakage", "--depth", "0"), "0 is not in the range"),
        (("leakage", "--against", "yesterday"), "is not a period"),
        (("reject_rate", "--level", "2"), "not between 0 and 1"),
    ],
)
def test_a_mistake_is_told_in_words(
    cli: Cli, demo: Path, words: tuple[str, ...], said: str
) -> None:
    told = cli("watch", "why", *words, "-w", demo)
    assert told.code == 2
    assert said in told.err
