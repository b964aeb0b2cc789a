"""Drift, as the report tells it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.watch.term_story import NOW, write_term_story

from shroff.domain.messages import Language
from shroff.measure.briefing import brief_of
from shroff.measure.scorecard import scorecard
from shroff.report.document import Table
from shroff.report.drift_section import drift_section
from shroff.workspace import Workspace


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return write_term_story(tmp_path_factory.mktemp("drift") / "story")


@pytest.mark.parametrize("language", list(Language))
def test_a_row_for_each_thing_compared(story: Workspace, language: Language) -> None:
    with story.engine() as engine:
        brief = brief_of(story.settings, engine, by=["market", "language"], period=NOW)
        section = drift_section(engine, scorecard(engine, brief))
    assert section is not None
    (table,) = [block for block in section.blocks if isinstance(block, Table)]
    names = {row.cells[0].text(language) for row in table.rows}
    assert {"market", "language", "text"} <= names
    assert str(NOW.start) in section.lead.text(language)


def test_too_few_days_are_no_section(story: Workspace) -> None:
    with story.engine() as engine:
        brief = brief_of(story.settings, engine, by=["market"], period=NOW)
        card = scorecard(engine, brief)
        early = replace(card, brief=replace(brief, period=NOW.before()))
        assert drift_section(engine, early) is None
