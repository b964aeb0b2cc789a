"""What users' logs hold fits a table, and nothing in it hides or turns the text around it."""

from __future__ import annotations

from shroff.domain.slices import Slice
from shroff.report.abridging import Value, visible
from shroff.report.weekly_results import Named
from shroff.report.wording import Plain


def test_an_ordinary_value_stays_as_it_is() -> None:
    assert Value(Plain("减肥产品 US")).text() == "减肥产品 US"


def test_a_long_value_is_cut_and_can_be_given_whole() -> None:
    value = Value(Plain("x" * 3_000))
    assert value.text() == "x" * 39 + "…"
    assert value.whole() == "x" * 3_000


def test_wide_characters_are_cut_sooner() -> None:
    assert len(Value(Plain("😀" * 100)).text()) <= 29


def test_controls_and_marks_of_direction_are_spelled_out() -> None:
    assert visible("US\u202egpj\n\x00") == r"US\u202egpj\u000a\u0000"


def test_a_slice_of_two_long_values_shows_the_start_of_both() -> None:
    named = Named(Slice((("market", "a" * 90), ("language", "b" * 90))))
    assert named.text() == f"Market {'a' * 39}… × Language {'b' * 39}…"
    assert named.whole() == f"Market {'a' * 90} × Language {'b' * 90}"
