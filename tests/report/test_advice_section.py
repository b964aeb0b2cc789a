"""What was recommended and what came of it, as a report tells it."""

from __future__ import annotations

from typing import Any

from shroff.advise.outcome_ledger import Ledger, Line
from shroff.advise.outcome_question import Forecast
from shroff.domain.messages import Language
from shroff.report.advice_section import (
    ADVICE,
    OUTCOMES,
    Remembered,
    advice_section,
    outcome_section,
    sections_of,
)
from shroff.report.document import Mark
from shroff.report.weekly import INSIDE
from shroff.stats.forecast_record import track_record
from shroff.store.catalog_advice import Advice

NOTHING = Ledger(lines=(), track=None)


def advice(name: str, adds: float | None, state: str = "open") -> Advice:
    worth: dict[str, Any] | None = None
    if adds is not None:
        worth = {"value": adds, "low": adds - 5, "high": adds + 5, "chance_positive": 0.9}
    return Advice(
        id=name,
        kind="rule_retire",
        subject=name,
        state=state,
        detail={
            "do": {"en": f"do {name}", "zh": f"做 {name}"},
            "adds": worth,
            "hours": 1.0,
            "owner": "rules",
            "due": "2026-07-05",
            "unit_text": "USD a week|USD/周",
        },
    )


def line(observed: tuple[float, float, float]) -> Line:
    return Line(
        id="o",
        subject="leakage",
        metric="leakage",
        on="2026-06-01",
        method="synthetic control",
        forecast=Forecast(value=-0.18, low=-0.26, high=-0.1),
        observed=observed,
        level=0.95,
    )


def words(section: object, language: Language) -> list[str]:
    table = section.blocks[0]  # type: ignore[attr-defined] # a section
    cells = [cell for row in table.rows for cell in row.cells]
    said = [cell.text if isinstance(cell, Mark) else cell for cell in cells]
    return [each.text(language) for each in said]


def test_what_is_accepted_comes_first_then_what_adds_most() -> None:
    every = (
        advice("a", 10),
        advice("b", 30),
        advice("c", -1),
        advice("d", 1, state="accepted"),
        advice("e", None),
        advice("f", 99, state="rejected"),
    )
    section = advice_section(Remembered(every, NOTHING))
    assert section is not None
    told = words(section, Language.EN)
    assert [each for each in told if each.startswith("do ")] == ["do d", "do b", "do a"]
    assert "做 b" in words(section, Language.ZH)
    assert section.lead.text(Language.EN).startswith("Recommendations that bring more")


def test_nothing_remembered_is_no_section() -> None:
    assert advice_section(Remembered((), NOTHING)) is None
    assert advice_section(Remembered((advice("a", -5),), NOTHING)) is None
    assert outcome_section(NOTHING) is None
    assert sections_of(Remembered((), NOTHING)) == ()


def test_forecasts_stand_beside_what_came() -> None:
    lines = (line((-0.14, -0.22, -0.05)),)
    scored = [each.scored for each in lines if each.scored]
    ledger = Ledger(lines=lines, track=track_record(scored))
    section = outcome_section(ledger)
    assert section is not None
    told = words(section, Language.EN)
    assert "-14% (-22% … -5.0%)" in told
    assert "-18% (95% -26% … -10%)" in told
    assert "yes" in told
    assert "合成控制" in words(section, Language.ZH)


def test_both_are_for_those_inside() -> None:
    assert {ADVICE, OUTCOMES} <= INSIDE
