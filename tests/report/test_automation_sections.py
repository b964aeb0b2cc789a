"""The sections on reject lines that are sure, and on where automation can grow."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from shroff.advise.grow_result import Candidate, Grow, Limits
from shroff.advise.grow_slices import GrowSlice
from shroff.advise.guarantee_result import Guarantee, GuaranteedLine, Outlook
from shroff.domain.messages import Language, Message
from shroff.domain.slices import Period, Slice
from shroff.measure.score_labels import ScoreKey
from shroff.report import grow_section, guarantee_section
from shroff.report.document import Document, Section
from shroff.report.render_markdown import render_markdown
from shroff.report.wording import Plain
from shroff.stats.estimate import Estimate, Status
from shroff.stats.sure_lines import LineNeed

DAYS = Period(date(2026, 6, 1), date(2026, 6, 29))
KEY = ScoreKey("risk", "v2", None)
LINE = GuaranteedLine(
    key=KEY,
    scored=5000,
    labels=400,
    rejected=800,
    review_from=500,
    today=None,
    sure=Outlook(at=700, ads=912, labels=120, violating=115, precision=0.96, low=0.92),
    empirical=None,
    risk=0.05,
    tested=40,
    need=LineNeed(at=650, precision=0.95, labels=300, have=120.4, chance=0.25),
    covered=True,
)
SURE = Guarantee(
    period=DAYS,
    score=KEY,
    floor=0.9,
    delta=0.05,
    floor_from="asked",
    lowest=500,
    lines=(LINE,),
    way="counted",
    design="audit",
    notes=(Message("guarantee.future"),),
    queries=(),
)
PART = Candidate(
    slice=GrowSlice(terms=(("market", "ID"),), action="review", band=(500, 600)),
    then="approve",
    ads=3000,
    labels=600,
    violating=4,
    hours=100.0,
    wrong=0.01,
    wrong_low=0.001,
    wrong_high=0.03,
    per_wrong=3.3,
    per_wrong_low=1.1,
    people=0.02,
)
GROWN = Grow(
    period=DAYS,
    score=KEY,
    level=0.95,
    limits=Limits(leakage=0.05, precision=0.9, leakage_from="goal", precision_from="today"),
    minutes=Estimate(
        value=2.0, low=1.9, high=2.1, level=0.95, status=Status.PROXY, method="mean", n=9
    ),
    asked_minutes=None,
    hours=400.0,
    found_per_hour=12.0,
    safe=(PART,),
    unsafe=(replace(PART, then="review"),),
    nearly=(replace(PART, more=77, people=None),),
    looked_at=9,
    cut=30,
    design="audit",
    notes=(),
    queries=(),
)


def _text(section: Section | None, language: Language) -> str:
    assert section is not None
    page = Document(Plain("t"), Plain("p"), Plain("h"), (), (section,))
    return render_markdown(page, language=language)


@pytest.mark.parametrize("language", list(Language))
def test_sure_lines_are_told_with_what_a_lower_one_takes(language: Language) -> None:
    cells = tuple(
        replace(LINE, key=replace(KEY, slice=Slice((("market", name),))), sure=sure)
        for name, sure in (("ID", LINE.sure), ("MY", None))
    )
    text = _text(guarantee_section.section_of([SURE, replace(SURE, lines=cells)]), language)
    for figure in ("0.700", "912", "96.0% (≥92.0%)", "180", "0.650", "market=ID", "market=MY"):
        assert figure in text
    assert guarantee_section.section_of([]) is None


@pytest.mark.parametrize("language", list(Language))
def test_growth_is_told_with_bounds(language: Language) -> None:
    text = _text(grow_section.section_of(GROWN), language)
    for figure in (
        "market=ID",
        "0.5–0.6",
        "3,000",
        "1.0% (0.10%–3.0%)",
        "3.3 (≥1.1)",
        "77",
        "25.0%",
    ):
        assert figure in text
    nothing = _text(
        grow_section.section_of(
            replace(GROWN, safe=(), unsafe=(), nearly=(), found_per_hour=None)
        ),
        language,
    )
    assert "|" not in nothing
