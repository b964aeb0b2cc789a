"""How many labels would halve the doubt, as the report tells it."""

from __future__ import annotations

import pytest

from shroff.domain.messages import Language
from shroff.domain.slices import EVERYTHING, Slice
from shroff.measure.label_plan import LabelPlan, PlannedGoal, PlannedStratum
from shroff.measure.label_plan_goals import LabelGoal
from shroff.measure.label_plan_strata import Key
from shroff.report.document import Table
from shroff.report.label_plan_section import Halved, section_of
from shroff.report.wording import Bilingual
from shroff.stats.estimate import Estimate, Status


def halved(part: Slice) -> Halved:
    now = Estimate(
        value=0.02, low=0.01, high=0.05, level=0.95, status=Status.ESTIMATE, method="x", n=90
    )
    goal = PlannedGoal(
        goal=LabelGoal("leakage", part, times=0.5),
        now=now,
        wanted=0.02,
        expected=0.0199,
        low=0.015,
        high=0.025,
    )
    stratum = PlannedStratum(
        code="z1", values=("approve",), design_id="audit", ads=9000, drawn=90, labels=1590,
        chance=0.18, base=0.01, cost=1.0,
    )  # fmt: skip
    plan = LabelPlan(
        period="2026-05-01/2026-06-01",
        keys=(Key("action", "action"),),
        strata=(stratum,),
        goals=(goal,),
        labels_low=1200,
        labels_high=1900,
        level=0.95,
    )
    return Halved(Bilingual("Approve leakage", "漏放率"), part, plan)


@pytest.mark.parametrize(
    ("language", "lead"),
    [
        (Language.EN, "1,500 more labels would halve the interval of Approve leakage, over everything."),
        (Language.ZH, "再标注 1,500 条，可将漏放率（整体）的区间缩小一半。"),
    ],
)  # fmt: skip
def test_the_answer_leads_and_the_table_names_each_figure(language: Language, lead: str) -> None:
    section = section_of([halved(EVERYTHING), halved(Slice((("market", "ID"),)))])
    assert section is not None
    assert section.lead.text(language) == lead
    (table,) = section.blocks
    assert isinstance(table, Table)
    cells = [
        [cell.text(language) for cell in row.cells if hasattr(cell, "text")] for row in table.rows
    ]
    assert cells[0][2:] == ["4", "1.99", "1,500", "1,200–1,900"]
    assert cells[1][1] == "market ID"


def test_without_a_plan_there_is_no_section() -> None:
    assert section_of([]) is None
