"""Advertisers as the report tells them: leads first, the same numbers in both languages."""

from __future__ import annotations

import re
from datetime import date

import pytest

from shroff.domain.messages import Language
from shroff.domain.slices import Period
from shroff.report.abridging import Value
from shroff.report.advertisers_section import advertisers_of
from shroff.report.document import Paragraph, Section, Table
from shroff.report.figures import Figure
from shroff.stats.proportions import wilson
from shroff.watch.account_standing import Drive
from shroff.watch.account_survival import Repeats
from shroff.watch.account_tenure import Tenure
from shroff.watch.account_watch import AdvertiserQuestion, AdvertiserRow, Advertisers

USUAL = 0.2


def row(name: str, bad: int, ads: int) -> AdvertiserRow:
    share = wilson(bad, ads)
    return AdvertiserRow(
        advertiser_id=name, ads=ads, rejected=bad, reviewed=0, labels=ads, raw=bad / ads,
        share=share, total=share, of_all=0.031, lost=1, settled=3, tasks=2, hours=0.1,
    )  # fmt: skip


def found(*rows: AdvertiserRow, missing: tuple[Drive, ...] = ()) -> Advertisers:
    some = wilson(40, 200)
    followed = Repeats(
        accounts=90, repeaters=45, first=(some, some, some), again=(some, some, some),
        first_median=some, again_median=some,
    )  # fmt: skip
    new = Tenure(
        name="new", ads=100, accounts=9, rejected=5, reviewed=4, violating=some, leaking=some
    )
    return Advertisers(
        period=Period(date(2026, 4, 1), date(2026, 7, 1)), question=AdvertiserQuestion(),
        accounts=300, rows=rows, usual=USUAL, prior=(12.0,),
        held={Drive.VIOLATIONS: 0.102, Drive.OVERTURNS: None}, missing=missing,
        tenures=(new,), repeats=followed, queries=(), snapshot={},
    )  # fmt: skip


@pytest.fixture
def section() -> Section:
    return advertisers_of(
        found(row("adv1", 60, 100), row("adv2", 1, 4), missing=(Drive.OVERTURNS,))
    )


def test_it_says_that_these_are_leads_before_anything_else(section: Section) -> None:
    first = section.blocks[0]
    assert isinstance(first, Paragraph)
    assert "not a verdict" in first.text.text()


def test_each_account_is_a_row_with_its_interval(section: Section) -> None:
    (table,) = [block for block in section.blocks if isinstance(block, Table)]
    assert all(len(line.cells) == len(table.columns) for line in table.rows)
    names = [line.cells[0] for line in table.rows]
    assert [name.text() for name in names if isinstance(name, Value)] == ["adv1", "adv2"]
    shares = [line.cells[2] for line in table.rows]
    assert shares == [Figure(wilson(60, 100)), Figure(wilson(1, 4))]


def test_what_cannot_be_told_is_named(section: Section) -> None:
    paragraphs = [b.text.text() for b in section.blocks if isinstance(b, Paragraph)]
    assert "overturned rejects" in paragraphs[-1]
    without = advertisers_of(found(row("adv1", 60, 100)))
    assert len(without.blocks) == len(section.blocks) - 1


def test_both_languages_say_the_same_numbers(section: Section) -> None:
    for block in section.blocks:
        if isinstance(block, Paragraph):
            english = re.findall(r"\d[\d,.:%]*\d|\d", block.text.text(Language.EN))
            chinese = re.findall(r"\d[\d,.:%]*\d|\d", block.text.text(Language.ZH))
            assert sorted(english) == sorted(chinese)


def test_only_accounts_worse_than_all_beyond_doubt_are_findings() -> None:
    kept = found(row("adv1", 60, 100), row("adv2", 1, 4), row("adv3", 2, 100)).findings()
    assert [each.subject for each in kept] == ["adv1"]
    assert kept[0].kind == "advertiser_violations"
    assert kept[0].detail["usual_share"] == USUAL
