"""What scores add to the labels, as the report tells it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from shroff.domain.messages import Language, Message
from shroff.domain.slices import EVERYTHING, Period
from shroff.measure.brief import Brief
from shroff.measure.powered import FewerLabels, Powered
from shroff.measure.scored import Scorer
from shroff.report.document import Details, Table
from shroff.report.fewer_labels_section import section_of
from shroff.stats.estimate import Estimate, Status

BRIEF = Brief(
    period=Period(date(2026, 5, 1), date(2026, 6, 1)), as_of=datetime(2026, 6, 20, tzinfo=UTC)
)
PLAIN = Estimate(
    value=0.08, low=0.06, high=0.1, level=0.95, status=Status.ESTIMATE, method="x", n=900
)
LEAKAGE = Powered(
    metric="leakage",
    slice=EVERYTHING,
    plain=PLAIN,
    scored=replace(PLAIN, low=0.07, high=0.09),
    worth=replace(PLAIN, value=2100.0, low=1500.0, high=2900.0),
    modelled=replace(PLAIN, value=0.05, low=None, high=None, status=Status.MODELLED),
    used=True,
    trust={"approve": 0.9},
)


def _found(*powered: Powered) -> FewerLabels:
    return FewerLabels(
        brief=BRIEF,
        scorer=Scorer("risk", 0.0, 1.0),
        scored_share=0.9,
        powered=powered,
        notes=(Message("fewer.unscored", {"share": 0.1}),),
        queries=(),
    )


@pytest.mark.parametrize(
    ("language", "lead"),
    [
        (
            Language.EN,
            "With scores of risk, 900 labels tell as much of Approve leakage as 2,100 would alone:"
            " 8.0% (7.0–9.0%) instead of 8.0% (6.0–10.0%).",
        ),
        (
            Language.ZH,
            "借助 risk 的分数，900 条标注对漏放率的信息量相当于单独使用 2,100 条：8.0%（7.0–9.0%），"
            "仅用标注时为 8.0%（6.0–10.0%）。",
        ),
    ],
)
def test_the_lead_tells_what_scores_are_worth_most(language: Language, lead: str) -> None:
    section = section_of(_found(LEAKAGE))
    assert section is not None
    assert section.lead.text(language) == lead


def test_what_scores_alone_expect_stands_apart_and_says_what_it_is() -> None:
    section = section_of(_found(LEAKAGE))
    assert section is not None
    first, second = section.blocks[:2]
    assert isinstance(first, Table)
    said = [cell.text() for cell in first.rows[0].cells if hasattr(cell, "text")]
    assert "5.0%" not in " ".join(said)
    assert said[-3:] == ["900", "2,100", "1,200"]
    assert isinstance(second, Details)
    assert "is no estimate and has no interval" in second.blocks[0].note.text()  # type: ignore[union-attr]


def test_scores_that_add_nothing_are_said_to_add_nothing() -> None:
    section = section_of(_found(replace(LEAKAGE, used=False, scored=PLAIN)))
    assert section is not None
    assert "add nothing" in section.lead.text()


def test_without_an_estimate_there_is_no_section() -> None:
    nothing = replace(PLAIN, value=None, low=None, high=None, status=Status.UNKNOWN)
    assert section_of(_found(replace(LEAKAGE, scored=nothing, used=False))) is None
