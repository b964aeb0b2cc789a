"""How far published indicators are off, as the report tells it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from shroff.domain.messages import Language
from shroff.domain.slices import EVERYTHING, Period
from shroff.domain.transparency import Profile, Quality
from shroff.measure.blocks import pack
from shroff.measure.brief import Brief
from shroff.measure.regulatory import TRUTH, Regulatory, gap_id, proxy_id
from shroff.report.document import Table
from shroff.report.regulatory_section import section_of
from shroff.stats.estimate import Estimate, Status
from shroff.stats.gap import gap

BRIEF = Brief(
    period=Period(date(2026, 5, 1), date(2026, 6, 1)), as_of=datetime(2026, 6, 20, tzinfo=UTC)
)


def _found(truth: Estimate) -> Regulatory:
    proxy = Estimate(
        value=0.95, low=None, high=None, level=0.95, status=Status.PROXY, method="count", n=900
    )
    figures = {proxy_id(Profile.META, Quality.RECALL): proxy, TRUTH[Quality.RECALL]: truth}
    figures[gap_id(Profile.META, Quality.RECALL)] = gap(proxy, truth)
    blocks = tuple(
        pack(name, [(EVERYTHING, each)], dimensions=(), level=0.95)
        for name, each in figures.items()
    )
    return Regulatory(brief=BRIEF, blocks=blocks, languages=(), notes=(), queries=())


KNOWN = Estimate(
    value=0.48, low=0.44, high=0.52, level=0.95, status=Status.ESTIMATE, method="x", n=918
)


@pytest.mark.parametrize(
    ("language", "parts"),
    [
        (Language.EN, ("95", "48.0% (44.0–52.0%)", "+47.0 points", "Meta")),
        (Language.ZH, ("95", "48.0%（44.0–52.0%）", "+47.0 个百分点", "Meta")),
    ],
)
def test_the_widest_sure_gap_leads(language: Language, parts: tuple[str, ...]) -> None:
    section = section_of(_found(KNOWN))
    assert section is not None
    lead = section.lead.text(language)
    for part in parts:
        assert part in lead
    table = section.blocks[0]
    assert isinstance(table, Table)
    assert [row.group for row in table.rows] == [True, False]


def test_a_gap_that_may_be_nothing_is_not_claimed() -> None:
    section = section_of(_found(replace(KNOWN, high=0.99)))
    assert section is not None
    assert "No published definition is surely off" in section.lead.text(Language.EN)


def test_without_random_labels_nobody_can_say_how_far_off() -> None:
    section = section_of(_found(replace(KNOWN, status=Status.PROXY)))
    assert section is not None
    assert "nobody can say" in section.lead.text(Language.EN)


def test_without_anything_counted_there_is_no_section() -> None:
    empty = Regulatory(brief=BRIEF, blocks=(), languages=(), notes=(), queries=())
    assert section_of(empty) is None
