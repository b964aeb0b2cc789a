"""Further analyses add their sections between the figures and the health of the data."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from shroff.domain.messages import Message
from shroff.measure.scorecard import Scorecard
from shroff.report.document import Section
from shroff.report.further import further_sections
from shroff.report.weekly import weekly_report
from shroff.report.weekly_results import WeeklyResults
from shroff.store.engine import Engine

SECTION = Section("more", Message("report.meta.level"), Message("report.meta.level"), ())


def test_a_builder_with_nothing_to_say_adds_nothing() -> None:
    engine, card = cast("Engine", None), cast("Scorecard", None)
    builders = [lambda *_: None, lambda *_: SECTION]
    assert further_sections(engine, card, builders=builders) == (SECTION,)


def test_further_sections_stand_before_the_health_of_the_data(results: WeeklyResults) -> None:
    document = weekly_report(replace(results, further=(SECTION,)))
    names = [section.id for section in document.sections]
    assert names.index("reviewing") < names.index("more") < names.index("health")
