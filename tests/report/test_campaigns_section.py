"""Campaigns as the report tells them: leads first, the same numbers in both languages."""

from __future__ import annotations

import re

import numpy as np
import pyarrow as pa
from tests.watch.campaign_scene import START, Scene

from shroff.domain.messages import Language
from shroff.domain.slices import Period
from shroff.report.campaigns_section import campaigns_of
from shroff.report.document import Paragraph, Table
from shroff.report.render_html import PageWords
from shroff.report.wording import Plain, Quote
from shroff.stats.proportions import wilson
from shroff.watch.campaign_findings import Campaign, Copy, Count, Wave
from shroff.watch.campaign_result import Campaigns
from shroff.watch.campaign_story import outcomes_of, returns_of, summed

TEXT = "Put in $300, take out double after two weeks"


def campaign(*, wave: bool) -> Campaign:
    scene = Scene()
    for number in range(8):
        scene.add(TEXT, account=f"a{number % 3}", day=number, action=2 * (number % 2))
    ads = scene.ads()
    row = np.arange(8)
    back, since = returns_of(ads, row)
    share = wilson(4, 8)
    return Campaign(
        id="0123456789ab", text=TEXT, ads=8, accounts=3, days=8, first=START, last=START,
        by_account=(Count("a0", 3),), by_market=(Count("US", 8),), by_policy=(Count("B1", 4),),
        wave=Wave(
            market="US", first=START, last=START, times=share, strength=20.0, ads=8, accounts=3,
            by_account=(), by_policy=(),
        ) if wave else None,
        outcomes=outcomes_of(ads, row, np.zeros(8, np.int64)),
        returns=summed(ads, row, back=back, since=since),
        flagged=share, usual=0.1, impressions=4.0,
        copies=(Copy(ad_id="ad0", ad_version=1, text=TEXT, edits=()),),
    )  # fmt: skip


def found(*campaigns: Campaign) -> Campaigns:
    members = pa.table(
        {
            "campaign": ["0123456789ab"] * 2, "ad_id": ["x", "y"],
            "outcome": ["approved", "rejected"], "says_what_a_rejected_ad_says": [True, True],
        }
    )  # fmt: skip
    return Campaigns(
        period=_period(), campaigns=campaigns,
        members={each.id: members for each in campaigns},
        found=9, listed=len(campaigns), usual=2, ads=100, passages=250, least=5,
    )  # fmt: skip


def _period() -> Period:
    scene = Scene()
    scene.add("x")
    return scene.ads().period


def test_it_says_that_these_are_leads_before_anything_else() -> None:
    section = campaigns_of(found(campaign(wave=True), campaign(wave=False)))
    assert section is not None
    first = section.blocks[0]
    assert isinstance(first, Paragraph)
    assert "not a verdict" in first.text.text()
    (table,) = [block for block in section.blocks if isinstance(block, Table)]
    assert len(table.rows) == 2
    assert all(len(row.cells) == len(table.columns) for row in table.rows)


def test_both_languages_say_the_same_numbers() -> None:
    section = campaigns_of(found(campaign(wave=True)))
    assert section is not None
    for block in section.blocks:
        if isinstance(block, Paragraph):
            english = re.findall(r"\d[\d,.:%]*\d|\d", block.text.text(Language.EN))
            chinese = re.findall(r"\d[\d,.:%]*\d|\d", block.text.text(Language.ZH))
            assert sorted(english) == sorted(chinese)


def test_without_campaigns_there_is_no_section() -> None:
    assert campaigns_of(found()) is None


def test_only_what_an_ad_says_is_kept_from_eyes() -> None:
    section = campaigns_of(found(campaign(wave=True)))
    assert section is not None
    quote = next(
        block.text
        for block in section.blocks
        if isinstance(block, Paragraph) and isinstance(block.text, Quote)
    )
    for language in Language:
        before, words, after = PageWords(language).around(quote)
        assert words == TEXT
        assert TEXT not in before + after
        assert "8" in after
    assert PageWords(Language.EN).around(Quote(Plain(TEXT))) == ("", TEXT, "")
