"""`shroff watch campaigns`: on a terminal, as JSON, as CSV, members, a list for re-review."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from shroff.workspace import Workspace

if TYPE_CHECKING:
    from conftest import Cli

WORDS = ("watch", "campaigns", "--period", "all", "--min-ads", "3")


def test_it_says_first_what_was_found_and_that_these_are_leads(cli: Cli, demo: Path) -> None:
    told = cli(*WORDS, "-w", demo)
    assert told.code == 0
    assert "sets of near-copies by several accounts" in told.out.splitlines()[0]
    assert "a lead for people to look at, not a verdict" in told.out


def test_it_speaks_chinese_with_the_same_numbers(cli: Cli, own_demo: Path) -> None:
    english = cli(*WORDS, "-w", own_demo).out.splitlines()
    file = own_demo / "shroff.toml"
    text = file.read_text(encoding="utf-8").replace('language = "en"', 'language = "zh"')
    file.write_text(text, encoding="utf-8")
    chinese = cli(*WORDS, "-w", own_demo).out
    assert "线索，并非结论" in chinese
    assert english[0].split()[0] in chinese.splitlines()[0]


def test_json_holds_each_campaign_and_csv_a_row_of_it(cli: Cli, demo: Path) -> None:
    record = cli(*WORDS, "-w", demo, "--json").record()
    found = record["campaigns"]
    assert isinstance(found, list)
    assert found
    assert "not a verdict" in str(record["note"])
    for each in found:
        outcomes = each["outcomes"]
        rows = sum(outcomes[name] for name in ("approved", "rejected", "restricted", "open"))
        assert rows >= each["ads"] >= 3
        assert each["accounts"] >= 2
        assert 0 <= each["flagged_share"] <= 1
    rows = list(csv.DictReader(io.StringIO(cli(*WORDS, "-w", demo, "--csv", "-").out)))
    assert [row["campaign"] for row in rows] == [each["id"] for each in found]
    assert {row["lead"] for row in rows} == {"lead, not verdict"}


def test_members_are_listed_with_their_outcome_and_what_differs(cli: Cli, demo: Path) -> None:
    record = cli(*WORDS, "-w", demo, "--json").record()
    chosen = record["campaigns"][0]  # type: ignore[index]
    told = cli(*WORDS, "-w", demo, "--members", chosen["id"], "--json").record()
    members = told["members"]
    assert isinstance(members, list)
    assert {row["ad_id"] for row in members} >= {copy["ad_id"] for copy in chosen["copies"]}
    assert len({row["ad_id"] for row in members}) == chosen["ads"]
    assert {row["lead"] for row in members} == {"lead, not verdict"}
    shown = cli(*WORDS, "-w", demo, "--members", chosen["id"][:8])
    assert chosen["copies"][0]["ad_id"] in shown.out


def test_the_review_list_holds_approved_copies_of_rejected_ads(
    cli: Cli, demo: Path, tmp_path: Path
) -> None:
    file = tmp_path / "again.csv"
    assert cli(*WORDS, "-w", demo, "--review-list", file).code == 0
    rows = list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8"))))
    assert rows
    assert {row["outcome"] for row in rows} == {"approved"}
    assert all(row["reason"].startswith("lead, not verdict") for row in rows)
    same = tmp_path / "again.json"
    assert cli(*WORDS, "-w", demo, "--review-list", same).code == 0
    told = json.loads(same.read_text(encoding="utf-8"))
    assert [each["ad_id"] for each in told] == [row["ad_id"] for row in rows]
    assert set(told[0]) == set(rows[0])
    assert "cannot write" in cli(*WORDS, "-w", demo, "--review-list", tmp_path / "no/x.json").err


def test_findings_are_kept_without_ads_and_accounts(cli: Cli, own_demo: Path) -> None:
    assert cli(*WORDS, "-w", own_demo).code == 0
    kept = Workspace.open(own_demo).catalog.findings.findings("shared_passage")
    assert kept
    assert not any("adv" in str(one.detail) for one in kept)
    assert cli(*WORDS, "-w", own_demo).code == 0
    assert len(Workspace.open(own_demo).catalog.findings.findings("shared_passage")) == len(kept)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--members", "no-such-campaign"), "there is no campaign 'no-such-campaign'"),
        (("--min-ads", "1"), "1 is not in the range"),
        (("--alike", "0"), "0"),
        (("--period", "2031-01"), "there is no machine decision"),
    ],
)
def test_a_mistake_is_told_in_words(
    cli: Cli, demo: Path, words: tuple[str, ...], said: str
) -> None:
    told = cli("watch", "campaigns", "-w", demo, *words)
    assert told.code != 0
    assert said in told.err
    assert "Traceback" not in told.err


def test_nothing_found_is_said(cli: Cli, demo: Path, tmp_path: Path) -> None:
    shutil.copytree(demo, tmp_path / "copy")
    told = cli("watch", "campaigns", "-w", tmp_path / "copy", "--min-ads", "100000")
    assert told.code == 0
    assert "No sentence is run by several accounts" in told.out
