"""Slices that are worse than the rest, as the report tells it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from shroff.domain.messages import Language
from shroff.domain.metric_catalogue import CATALOGUE
from shroff.domain.slices import Period, Slice
from shroff.measure.slice_findings import SliceFinding, Standing, WorseSlices
from shroff.measure.slice_labels import HeldOut, Split
from shroff.report.document import Document, Paragraph, Table
from shroff.report.publication import PublishRule, for_publication
from shroff.report.slices_section import section_of
from shroff.report.wording import Plain
from shroff.stats.estimate import Estimate, Status


def share(value: float | None, low: float, high: float, n: int = 400) -> Estimate:
    return Estimate(
        value=value, low=low, high=high, level=0.95, status=Status.ESTIMATE, method="x", n=n
    )


FINDING = SliceFinding(
    slice=Slice((("market", "ID"), ("format", None))),
    standing=Standing.CONFIRMED,
    searched=share(0.061, 0.05, 0.075),
    later=share(0.052, 0.04, 0.066),
    elsewhere=share(0.011, 0.009, 0.013),
    pooled=0.058,
    of_errors=share(0.31, 0.26, 0.36),
    of_base=share(0.08, 0.07, 0.09),
    errors_searched=share(0.33, 0.28, 0.38),
    adjusted=0.0001,
    confirmation=0.002,
    explains=4,
)


def found(*findings: SliceFinding, looked_at: int = 120) -> WorseSlices:
    return WorseSlices(
        metric=CATALOGUE["leakage"],
        period=Period(date(2026, 5, 1), date(2026, 6, 1)),
        columns=("market", "format"),
        depth=2,
        split=Split(HeldOut.LATER, date(2026, 5, 20)),
        everything=share(0.015, 0.012, 0.018),
        labels=(4000, 2000),
        least=20,
        looked_at=looked_at,
        found=5 * len(findings),
        unlisted=0,
        false_share=0.05,
        findings=findings,
        notes=(),
        queries=(),
        snapshot={},
    )


@pytest.mark.parametrize(
    ("language", "lead", "sentence"),
    [
        (
            Language.EN,
            "Approve leakage: of 120 slices 5 are worse than the rest, told in 1, of which"
            " held-out labels confirm 1.",
            "where market = ID, format = ∅, against",
        ),
        (
            Language.ZH,
            "漏放率：120 个切片中有 5 个比其余部分更差，合并为 1 个，其中 1 个经留出标注确认。",
            "漏放率在 market = ID, format = ∅ 为",
        ),
    ],
)
def test_the_answer_leads_and_each_finding_is_a_sentence(
    language: Language, lead: str, sentence: str
) -> None:
    section = section_of([found(FINDING)])
    assert section is not None
    assert section.lead.text(language) == lead
    first = section.blocks[0]
    assert isinstance(first, Paragraph)
    assert sentence in first.text.text(language)
    assert "31" in first.text.text(language)


def test_the_table_has_a_row_a_finding_under_its_metric() -> None:
    section = section_of([found(FINDING, replace(FINDING, standing=Standing.OPEN))])
    assert section is not None
    (table,) = [block for block in section.blocks if isinstance(block, Table)]
    assert [row.group for row in table.rows] == [True, False, False]


def test_a_finding_without_held_out_labels_tells_of_the_search() -> None:
    none = Estimate(
        value=None, low=None, high=None, level=0.95, status=Status.UNKNOWN, method="x", n=0
    )
    section = section_of([found(replace(FINDING, standing=Standing.OPEN, later=none))])
    assert section is not None
    assert isinstance(section.blocks[0], Paragraph)
    text = section.blocks[0].text.text()
    assert "no held-out label is there" in text
    assert "33" in text


def test_nothing_worse_is_said_so() -> None:
    section = section_of([found()])
    assert section is not None
    assert section.lead.text() == (
        "Approve leakage: none of 120 slices is worse than the rest beyond chance."
    )


def test_nothing_looked_at_is_no_section() -> None:
    assert section_of([found(looked_at=0)]) is None
    assert section_of([]) is None


def test_publication_withholds_what_is_too_uncertain_in_sentences_too() -> None:
    section = section_of([found(FINDING)])
    assert section is not None
    document = Document(Plain("t"), Plain("p"), Plain("h"), (), (section,))
    strict = for_publication(document, PublishRule(max_width=0.01))
    first = strict.sections[0].blocks[0]
    assert isinstance(first, Paragraph)
    assert "5.2" not in first.text.text()
    assert "31" not in first.text.text()
