"""What a report does not compute it names, with the command that does."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import pytest

from shroff.domain.messages import Language, Message
from shroff.measure.scorecard import Scorecard
from shroff.report.further import Builder
from shroff.report.left_out import Heavy
from shroff.report.model_compare_section import model_compare_section
from shroff.report.regulatory_section import regulatory_section
from shroff.store.engine import Engine

HEAVY = Heavy(id="one", title=Message("regulatory.title"), command="shroff regulatory", most=100)


def card(*ads: int) -> Scorecard:
    frame = SimpleNamespace(sources=[SimpleNamespace(ads=each) for each in ads])
    return cast("Scorecard", SimpleNamespace(frame=frame))


def test_a_section_stands_up_to_its_limit() -> None:
    assert HEAVY.left_out(card(60, 40)) is None


@pytest.mark.parametrize("language", Language)
def test_beyond_it_the_section_names_the_ads_and_the_command(language: Language) -> None:
    section = HEAVY.left_out(card(60, 4_000))
    assert section is not None
    assert (section.id, section.blocks) == ("one", ())
    said = section.lead.text(language)
    assert "4,060" in said
    assert "shroff regulatory" in said


@pytest.mark.parametrize(
    ("build", "command"),
    [(regulatory_section, "regulatory"), (model_compare_section, "models compare")],
)
def test_reports_on_very_many_ads_leave_nothing_out_in_silence(
    build: Builder, command: str
) -> None:
    engine = cast("Engine", SimpleNamespace(snapshot={"scores": 1, "appeals": 1}))
    section = build(engine, card(21_000_000))
    assert section is not None
    assert f"shroff {command}" in section.lead.text()
