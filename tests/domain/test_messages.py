"""Sentences in two languages from one message."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shroff.domain.messages import Language, Message, count, number, percent, points, say

SHARE = st.floats(0, 1, allow_nan=False)


def test_a_message_says_the_same_numbers_in_both_languages() -> None:
    message = Message("scorecard.backlog", {"open": 1234, "queued": 56789})
    assert message.text() == (
        "1,234 of 56,789 queued ads are still open; the interval lets them go either way."
    )
    assert "1,234" in message.text(Language.ZH)
    assert "56,789" in message.text(Language.ZH)


def test_a_record_spells_out_both_languages() -> None:
    record = json.loads(json.dumps(Message("scorecard.no_log", {"table": "appeals"}).record()))
    assert record["id"] == "scorecard.no_log"
    assert record["params"] == {"table": "appeals"}
    assert "appeals" in record["en"]
    assert "appeals" in record["zh"]
    assert record["en"] != record["zh"]


def test_actions_are_named_in_the_language() -> None:
    params = {"actions": "approve, review, other"}
    message = Message("scorecard.never_sampled", params)
    assert "approve, review, other" in message.text()
    assert "通过、召回进审、other" in message.text(Language.ZH)


def test_braces_in_a_value_are_left_alone() -> None:
    text = say("scorecard.no_log", Language.EN, {"table": "{table:count} {x}"})
    assert "{table:count} {x}" in text


def test_a_value_that_is_missing_is_a_dash() -> None:
    assert "–" in say("scorecard.no_log", Language.EN, {"table": None})


def test_a_text_is_said_as_it_is_whatever_the_form() -> None:
    text = say("scorecard.backlog", Language.EN, {"open": "many", "queued": 10})
    assert text.startswith("many of 10")


@pytest.mark.parametrize("params", [{}, {"open": 1}])
def test_a_slot_without_a_value_is_a_fault_of_ours(params: dict[str, int]) -> None:
    with pytest.raises(KeyError):
        say("scorecard.backlog", Language.EN, params)


def test_an_unknown_phrase_is_a_fault_of_ours() -> None:
    with pytest.raises(KeyError):
        Message("scorecard.nothing").text()


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0.0, "0%"),
        (1.0, "100%"),
        (0.5, "50.0%"),
        (0.0099, "0.99%"),
        (0.00012, "0.012%"),
        (-0.031, "-3.1%"),
    ],
)
def test_a_percentage_has_as_many_digits_as_it_needs(share: float, text: str) -> None:
    assert percent(share) == text


@given(SHARE)
def test_a_percentage_is_close_to_its_share(share: float) -> None:
    shown = float(percent(share).rstrip("%")) / 100
    assert shown == pytest.approx(share, abs=0.00051)
    if share > 0:
        assert shown > 0


@given(st.floats(-1, 1, allow_nan=False))
def test_points_carry_their_sign(difference: float) -> None:
    assert points(difference)[0] in "+-"
    assert float(points(difference)) == pytest.approx(100 * difference, abs=0.051)


@given(st.integers(0, 10**12))
def test_a_count_can_be_read_back(many: int) -> None:
    assert int(count(many).replace(",", "")) == many


@given(st.floats(0.001, 10**9))
def test_a_number_has_about_three_figures(value: float) -> None:
    assert float(number(value).replace(",", "")) == pytest.approx(value, rel=0.006)


def test_a_name_in_both_languages_is_said_in_the_one_asked_for() -> None:
    params = {"metric": "Approve leakage|漏放率", "looked_at": 40}
    assert say("slices.lead_none", Language.EN, params).startswith("Approve leakage: none of 40")
    assert say("slices.lead_none", Language.ZH, params).startswith("漏放率：40 个切片中")
