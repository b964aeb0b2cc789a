"""The section on labels: what it says, and what it never shows."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import numpy as np
import pytest

from shroff.domain.messages import Language, Message
from shroff.domain.slices import EVERYTHING, Period, Slice
from shroff.measure.blocks import Block, Figure
from shroff.measure.brief import Brief
from shroff.measure.label_quality import LabelQuality, Supply
from shroff.measure.label_quality_change import Drift
from shroff.report.document import Charts, Section, Table
from shroff.report.label_quality_section import section_of
from shroff.stats.estimate import Estimate, Estimates, Status

BRIEF = Brief(
    period=Period(date(2026, 5, 4), date(2026, 6, 1)), as_of=datetime(2026, 6, 10, tzinfo=UTC)
)
SUPPLY = Supply(twice=400, checked=90, seeded=0, seeds=0, settled=0)


def block(
    metric: str, dimension: str = "", *names: str, n: int = 200, value: float = 0.9
) -> Block:
    slices = tuple(Slice(((dimension, name),)) for name in names) or (EVERYTHING,)
    column = np.full(len(slices), value)
    estimates = Estimates(
        value=column,
        low=column - 0.02,
        high=column + 0.02,
        n=np.full(len(slices), n),
        n_effective=np.full(len(slices), float(n)),
        design_effect=column,
        numerator=column,
        denominator=column,
        level=0.95,
        method="test",
    )
    dimensions = (dimension,) if dimension else ()
    status = (Status.ESTIMATE,) * len(slices)
    return Block(
        metric=metric, dimensions=dimensions, slices=slices, estimates=estimates, status=status
    )


def quality(*blocks: Block, **more: object) -> LabelQuality:
    found = LabelQuality(
        brief=BRIEF,
        blocks=blocks,
        measured=(),
        drifts=(),
        supply=SUPPLY,
        findings=(),
        notes=(),
        queries=(),
    )
    return replace(found, **more)  # type: ignore[arg-type]


def titles(section: Section) -> list[list[str]]:
    return [
        [column.title.text() for column in part.columns]
        for part in section.blocks
        if isinstance(part, Table)
    ]


def test_nothing_to_judge_labels_by_is_no_section() -> None:
    assert section_of(quality()) is None


@pytest.mark.parametrize("language", Language)
def test_the_lead_says_agreement_with_its_interval(language: Language) -> None:
    section = section_of(quality(block("blind_agreement"), block("krippendorff_alpha", value=0.7)))
    assert section is not None
    said = section.lead.text(language)
    assert "90.0%" in said
    assert "88.0–92.0%" in said
    assert "0.70" in said


def test_groups_and_queues_stand_in_tables() -> None:
    found = quality(
        block("blind_agreement", "queue", "audit", "views"),
        block("gwet_ac1", "queue", "audit", "views"),
        block("queue_sensitivity", "group", "north"),
        block("queue_specificity", "group", "north"),
    )
    section = section_of(found)
    assert section is not None
    agreement, rates = titles(section)
    assert agreement == ["Queue or group", "Ads", "Agree", "Gwet's AC1"]
    assert rates[2:] == ["Violating ads labelled violating", "Compliant ads labelled compliant"]


def test_groups_of_few_answers_are_left_to_the_json() -> None:
    section = section_of(quality(block("check_overturn", "group", "tiny", n=9)))
    assert section is not None
    assert not titles(section)


def test_corrected_figures_stand_beside_the_measured_ones() -> None:
    measured = Estimate(
        value=0.031, low=0.02, high=0.045, level=0.95, status=Status.ESTIMATE, method="m", n=300
    )
    found = quality(
        block("corrected_leakage", value=0.028),
        measured=(Figure("leakage", EVERYTHING, measured),),
    )
    section = section_of(found)
    assert section is not None
    table = next(part for part in section.blocks if isinstance(part, Table))
    cells = table.rows[0].cells
    assert cells[0].text() == "Leakage"  # type: ignore[union-attr]
    assert "3.1" in cells[1].text()  # type: ignore[union-attr]
    assert "2.8" in cells[2].text()  # type: ignore[union-attr]
    assert "does not replace" in table.note.text()


def test_weeks_are_drawn_when_there_are_two() -> None:
    one = section_of(quality(block("check_overturn", "week", "2026-05-04")))
    two = section_of(quality(block("check_overturn", "week", "2026-05-04", "2026-05-11")))
    assert one is not None
    assert two is not None
    assert not [part for part in one.blocks if isinstance(part, Charts)]
    assert len([part for part in two.blocks if isinstance(part, Charts)]) == 1


def test_what_stands_out_comes_first() -> None:
    finding = Message("labels.quality.drifted", {"group": "north", "weeks": 4})
    section = section_of(quality(block("check_overturn"), findings=(finding,)))
    assert section is not None
    assert "north" in section.blocks[0].text.text()  # type: ignore[union-attr]
    assert "No group" not in section.lead.text()


def test_steadiness_is_said_only_of_groups_that_were_looked_at() -> None:
    looked = quality(block("check_overturn"), drifts=(Drift("north", 4, 80, 0.6),))
    section, unlooked = section_of(looked), section_of(quality(block("check_overturn")))
    assert section is not None
    assert unlooked is not None
    assert "No group is overturned" in section.lead.text()
    assert "No group is overturned" not in unlooked.lead.text()


def test_it_says_that_people_are_not_shown() -> None:
    section = section_of(quality(block("check_overturn")))
    assert section is not None
    assert "single reviewers are not shown" in section.blocks[-1].text.text()  # type: ignore[union-attr]
