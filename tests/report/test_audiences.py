"""Each audience reads its own questions, in its own order and words; nothing is left out silently."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shroff.domain.messages import Language, Message, say
from shroff.domain.metric_catalogue import CATALOGUE
from shroff.report.audiences import EDITIONS, Audience, for_audience
from shroff.report.document import CodeBlock, Details, Section, Table
from shroff.report.further import BUILDERS
from shroff.report.headline import tales
from shroff.report.weekly import INSIDE, published_report, weekly_report
from shroff.report.weekly_results import WeeklyResults
from shroff.report.wording import Plain

every = pytest.mark.parametrize("audience", list(Audience))
OTHERS = [audience for audience in Audience if audience is not Audience.TEAM]


def _further(results: WeeklyResults) -> WeeklyResults:
    names = [*BUILDERS, "goals", "rules", "changes", "trends", "advice", "outcomes"]
    said = tuple(Section(name, Plain(name), Plain(f"answer of {name}")) for name in names)
    return replace(results, further=said)


@every
def test_an_edition_names_sections_and_metrics_that_exist(
    results: WeeklyResults, audience: Audience
) -> None:
    edition = EDITIONS[audience]
    known = {section.id for section in weekly_report(_further(results)).sections}
    known |= {"simulations", "golden", "models"}
    assert set(edition.sections) <= known
    assert set(edition.lead) <= set(CATALOGUE)


@pytest.mark.parametrize("audience", OTHERS)
def test_sections_come_in_the_order_of_the_reader_and_the_rest_is_named(
    results: WeeklyResults, audience: Audience
) -> None:
    whole = weekly_report(_further(results))
    read = for_audience(whole, audience)
    wanted = EDITIONS[audience].sections
    places = [wanted.index(section.id) for section in read.sections]
    assert places == sorted(places)
    assert places
    left = {section.id for section in whole.sections} - set(wanted)
    (note,) = [m for m in read.meta if m.term == Message("report.audience.left_out")]
    for section in whole.sections:
        assert (section.title.text() in note.meaning.text()) >= (section.id in left)


def test_titles_are_the_readers_questions(results: WeeklyResults) -> None:
    for language in Language:
        read = for_audience(weekly_report(results), Audience.EXECUTIVE)
        (change,) = [section for section in read.sections if section.id == "change"]
        assert change.title.text(language) == say("report.audience.executive.change", language)


def test_who_wants_answers_only_gets_no_queries_and_short_tables(results: WeeklyResults) -> None:
    rows = tuple(results.health * 30)
    read = for_audience(weekly_report(replace(results, health=rows)), Audience.EXECUTIVE)
    blocks = [block for section in read.sections for block in section.blocks]
    assert not any(isinstance(block, Details | CodeBlock) for block in blocks)
    tables = [block for block in blocks if isinstance(block, Table)]
    assert max(len(table.rows) for table in tables) <= 10
    if len(rows) > 10:
        (health,) = [section for section in read.sections if section.id == "health"]
        (table,) = [block for block in health.blocks if isinstance(block, Table)]
        assert f"{len(rows) - 10} more rows" in table.note.text()


def test_what_is_for_those_inside_does_not_reach_sales(results: WeeklyResults) -> None:
    assert EDITIONS[Audience.SALES].leaves_team
    read = for_audience(published_report(_further(results)), Audience.SALES)
    assert not {section.id for section in read.sections} & INSIDE


def test_the_headline_leads_with_the_readers_metrics(results: WeeklyResults) -> None:
    led = replace(results, lead=("reject_precision", "leakage"))
    told = [tale.metric for tale in tales(led)]
    assert told[: len([m for m in led.lead if m in results.now])] == [
        metric for metric in led.lead if metric in results.now
    ]
