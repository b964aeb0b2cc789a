"""Why figures changed, as the report tells it: causes, Simpson cases, parts, in both languages."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from shroff.domain.messages import Language, Message
from shroff.domain.metric_catalogue import CATALOGUE
from shroff.domain.slices import Period, Slice
from shroff.report.document import Callout, Document, Paragraph, Table
from shroff.report.publication import PublishRule, for_work
from shroff.report.render_html import render_html
from shroff.report.why_section import why_of
from shroff.report.wording import Plain
from shroff.watch.logged_changes import LoggedChange
from shroff.watch.why_findings import Cause, Contribution, Moved, Split, SplitPart, Why

PART = SplitPart(
    value=None, others=0, before=0.1, after=0.2, share_before=0.3, share_after=0.4, n_before=300,
    n_after=400, rate=Contribution(0.03, 0.02, 0.04), mix=Contribution(0.01, 0.0, 0.02),
    total=Contribution(0.04, 0.02, 0.06),
)  # fmt: skip
CAUSE = Cause(
    slice=Slice((("market", "ID"), ("format", None))), moved=Moved.BOTH, before=0.1, after=0.4,
    share_before=0.1, share_after=0.2, n_before=100, n_after=200,
    rate=Contribution(0.03, 0.02, 0.04), mix=Contribution(0.01, 0.0, 0.02),
    total=Contribution(0.04, 0.02, 0.06), share=0.8, gain=40, since=date(2026, 5, 6),
    suspect=LoggedChange(id="1", day=date(2026, 5, 5), kind="rule", what="pack 12"),
)  # fmt: skip
FOUND = Why(
    metric=CATALOGUE["reject_rate"],
    period=Period(date(2026, 5, 4), date(2026, 5, 11)),
    against=Period(date(2026, 4, 27), date(2026, 5, 4)),
    before=0.10, after=0.15, change=Contribution(0.05, 0.03, 0.07), n_before=1000, n_after=1100,
    sampled=False, proxy=False, level=0.95,
    splits=(Split(dimension="market", within=Contribution(-0.02, -0.03, -0.01), parts=(PART,),
                  reversed=True),),
    factor=1.0, causes=(CAUSE,), unlisted=2, slices=500, suspect=None,
    notes=(Message("why.counted"),), queries=(), snapshot={},
)  # fmt: skip


def said(found: Why, language: Language = Language.EN) -> str:
    section = why_of([found])
    assert section is not None
    page = Document(
        title=Plain("t"), period=Plain("p"), headline=Plain("h"), support=(), sections=(section,)
    )
    return render_html(for_work(page, PublishRule()), language=language)


def test_a_cause_is_told_with_what_it_adds_when_and_a_suspect() -> None:
    text = said(FOUND)
    assert "market = ID, format = ∅" in text
    assert "+4.0 points" in text
    assert "80% of the change" in text
    assert "since 2026-05-06" in text
    assert "2026-05-05, rule: pack 12. A suspect, no proof." in text


def test_a_simpson_case_stands_out() -> None:
    section = why_of([FOUND])
    assert section is not None
    assert [type(b) for b in section.blocks if isinstance(b, Callout | Table)] == [Callout, Table]
    assert "the mix deceives (Simpson)" in said(FOUND)


def test_chinese_has_the_same_figures() -> None:
    text = said(FOUND, Language.ZH)
    assert "辛普森悖论" in text
    assert all(
        figure in text for figure in ("+4.0 个百分点", "80%", "10.0%", "15.0%", "2026-05-06")
    )


def test_nothing_found_is_said_and_no_answer_is_no_section() -> None:
    quiet = replace(
        FOUND, causes=(), unlisted=0, splits=(), change=Contribution(0.01, -0.01, 0.03)
    )
    section = why_of([quiet])
    assert section is not None
    assert "None of 500 slices moved otherwise" in said(quiet)
    assert not [b for b in section.blocks if isinstance(b, Table)]
    assert isinstance(section.blocks[0], Paragraph)
    assert why_of([]) is None
