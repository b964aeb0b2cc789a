"""New terms, as the report tells them."""

from __future__ import annotations

import pytest
from tests.watch.term_story import NOW, write_term_story

from shroff.domain.messages import Language
from shroff.measure.briefing import brief_of
from shroff.measure.scorecard import scorecard
from shroff.report.document import Paragraph, Table
from shroff.report.terms_section import terms_of, terms_section
from shroff.watch.new_terms import NewTerms, TermQuestion
from shroff.watch.term_watch import new_terms
from shroff.workspace import Workspace


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return write_term_story(tmp_path_factory.mktemp("terms") / "story")


@pytest.fixture(scope="module")
def found(story: Workspace) -> NewTerms:
    with story.engine() as engine:
        return new_terms(engine, NOW, TermQuestion(known=("加微信",)))


@pytest.mark.parametrize("language", list(Language))
def test_a_row_a_term_and_an_example_of_each(found: NewTerms, language: Language) -> None:
    section = terms_of(found)
    (table,) = [block for block in section.blocks if isinstance(block, Table)]
    names = [row.cells[0].text(language) for row in table.rows]
    assert names == [each.text for each in found.terms]
    told = [block.text.text(language) for block in section.blocks if isinstance(block, Paragraph)]
    assert sum("加薇信" in each for each in told) >= 1
    variants = " ".join(row.cells[-1].text(language) for row in table.rows)
    assert ("looks like" if language is Language.EN else "形似") in variants


def test_the_report_builds_it_for_its_period(story: Workspace) -> None:
    with story.engine() as engine:
        brief = brief_of(story.settings, engine, by=(), period=NOW)
        section = terms_section(engine, scorecard(engine, brief))
    assert section is not None
    assert "moon tokens" in str(section.blocks)


def test_without_earlier_ads_there_is_no_section(story: Workspace) -> None:
    with story.engine() as engine:
        brief = brief_of(story.settings, engine, by=(), period=NOW.before())
        assert terms_section(engine, scorecard(engine, brief)) is None
