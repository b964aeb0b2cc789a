"""`shroff watch advertisers`: on a terminal, as JSON, as CSV; faults in words."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from shroff.workspace import Workspace

if TYPE_CHECKING:
    from conftest import Cli

WORDS = ("watch", "advertisers", "--period", "all")


@pytest.mark.parametrize("by", ["violations", "leaks", "overturns", "reviews"])
def test_each_drive_is_told_with_its_share_of_everything(cli: Cli, demo: Path, by: str) -> None:
    record = cli(*WORDS, "-w", demo, "--by", by, "--most", "7", "--json").record()
    rows = record["advertisers"]
    assert isinstance(rows, list)
    assert 0 < len(rows) <= 7
    assert record["by"] == by
    for row in rows:
        assert 0 <= row["low"] <= row["share"] <= row["high"] <= 1
        assert row["expected_low"] <= row["expected"] <= row["expected_high"]
        assert 0 <= row["of_all"] <= 1
    expected = [row["expected"] for row in rows]
    assert expected == sorted(expected, reverse=True)
    held = record["held_by_ten"]
    assert isinstance(held, dict)
    assert 0 < held[by] <= 1


def test_by_rate_the_order_is_that_of_shrunken_shares(cli: Cli, demo: Path) -> None:
    told = cli(*WORDS, "-w", demo, "--order", "rate", "--csv", "-").out
    rows = list(csv.DictReader(io.StringIO(told)))
    shares = [float(row["share"]) for row in rows]
    assert shares == sorted(shares, reverse=True)
    assert {row["lead"] for row in rows} == {"lead, not verdict"}


def test_it_tells_new_from_old_and_who_does_it_again(cli: Cli, demo: Path) -> None:
    out = cli(*WORDS, "-w", demo).out
    assert "a lead for people to look at, not a verdict" in out
    assert "within 30 days of the first ad" in out
    record = cli(*WORDS, "-w", demo, "--json").record()
    tenures = record["tenures"]
    assert isinstance(tenures, list)
    assert sum(each["ads"] for each in tenures) > 1_400
    assert {each["tenure"] for each in tenures} <= {"new", "old", "unknown"}


def test_accounts_worse_than_all_are_kept_until_they_are_forgotten(
    cli: Cli, own_demo: Path
) -> None:
    record = cli(*WORDS, "-w", own_demo, "--most", "50", "--json").record()
    rows, usual = record["advertisers"], record["usual_share"]
    assert isinstance(rows, list)
    worse = {row["advertiser_id"] for row in rows if row["low"] > usual}
    assert worse
    kept = _kept(own_demo)
    assert worse <= kept
    gone = min(worse)
    assert cli("forget", "advertiser", gone, "-w", own_demo, "--yes").code == 0
    assert _kept(own_demo) == kept - {gone}


def _kept(root: Path) -> set[str]:
    """Name the accounts kept as findings; other tests of the same demo may have kept more."""
    book = Workspace.open(root).catalog.findings
    return {each.subject for each in book.findings("advertiser_violations")}


def test_it_speaks_chinese(cli: Cli, own_demo: Path) -> None:
    file = own_demo / "shroff.toml"
    text = file.read_text(encoding="utf-8").replace('language = "en"', 'language = "zh"')
    file.write_text(text, encoding="utf-8")
    told = cli(*WORDS, "-w", own_demo).out
    assert "线索，并非结论" in told
    assert "个账户" in told.splitlines()[0]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--by", "clicks"), "'clicks' is not one of"),
        (("--most", "0"), "0 is not in the range"),
        (("--level", "1.5"), "1.5"),
        (("--period", "2031-01"), "there is no machine decision"),
    ],
)
def test_a_mistake_is_told_in_words(
    cli: Cli, demo: Path, words: tuple[str, ...], said: str
) -> None:
    told = cli("watch", "advertisers", "-w", demo, *words)
    assert told.code != 0
    assert said in told.err
    assert "Traceback" not in told.err
