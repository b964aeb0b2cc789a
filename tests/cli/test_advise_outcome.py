"""`shroff advise outcome`: one change, all changes, faults in words."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Cli

CHANGE = ("--metric", "automation_rate", "--on", "2026-06-12")


def test_a_roll_out_by_market_is_told_with_its_placebos(cli: Cli, own_demo: Path) -> None:
    words = (*CHANGE, "--rollout", "markets", "--in", "market=US", "--forecast", "-5%:-9%:-1%")
    told = cli("advise", "outcome", *words, "-w", own_demo)
    assert told.code == 0, told.err
    assert "forecast -5.0% (95% -9.0% … -1.0%), observed" in told.out
    assert "pretending the change was made elsewhere" in told.out
    every = cli("advise", "outcome", "-w", own_demo, "--json").record()
    assert every["track"]["tried"] == 1  # type: ignore[index]
    assert every["outcomes"][0]["metric"] == "automation_rate"  # type: ignore[index]


def test_csv_has_a_row_a_day(cli: Cli, own_demo: Path) -> None:
    told = cli("advise", "outcome", *CHANGE, "-w", own_demo, "--csv", "-")
    found = list(csv.DictReader(io.StringIO(told.out)))
    assert {row["day"] for row in found} >= {"2026-06-12"}
    assert all(float(row["value"]) > 0 for row in found)


def test_before_the_first_it_is_said_how_to_begin(cli: Cli, own_demo: Path) -> None:
    assert "No forecast has been scored yet" in cli("advise", "outcome", "-w", own_demo).out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--metric", "leekage", "--on", "2026-06-12"), "no metric 'leekage'"),
        (("--metric", "leakage", "--on", "soon"), "no day"),
        ((*CHANGE, "--rollout", "hash"), "key of the hash"),
        ((*CHANGE, "--rollout", "hash", "--key", "x", "--share", "0.5"), "not compared by hash"),
        ((*CHANGE, "--rollout", "markets"), "in which market"),
        ((*CHANGE, "--rollout", "markets", "--in", "market=XX"), "no market 'XX'"),
        ((*CHANGE, "--rollout", "markets", "--in", "a=b", "--in", "c=d"), "several columns"),
        (("--metric", "leakage", "--on", "2030-01-01"), "the logs end before"),
        (("zzz",), "no one recommendation"),
    ],
)
def test_a_mistake_is_told_in_words(
    cli: Cli, demo: Path, words: tuple[str, ...], said: str
) -> None:
    told = cli("advise", "outcome", *words, "-w", demo)
    assert told.code in {1, 2}
    assert said in told.err
