"""A message is one sentence in two languages with the same numbers."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shroff.domain import messages
from shroff.domain.messages import Language, Message, count, number, percent, points, say


@pytest.fixture
def greeting(monkeypatch: pytest.MonkeyPatch) -> str:
    phrases = (
        "{name} has {share:percent} of {ads:count}",
        "{name} 占 {ads:count} 的 {share:percent}",
    )
    monkeypatch.setitem(messages.PHRASEBOOK, "test.greeting", phrases)
    return "test.greeting"


def test_a_message_says_the_same_numbers_in_both_languages(greeting: str) -> None:
    message = Message(greeting, {"name": "US", "share": 0.123, "ads": 4567})
    assert message.text() == "US has 12.3% of 4,567"
    assert message.text(Language.ZH) == "US 占 4,567 的 12.3%"


def test_a_record_spells_out_both_languages(greeting: str) -> None:
    record = Message(greeting, {"name": "US", "share": 0.5, "ads": 2}).record()
    assert record["en"] == "US has 50.0% of 2"
    assert record["zh"] == "US 占 2 的 50.0%"
    assert record["params"] == {"name": "US", "share": 0.5, "ads": 2}


def test_a_value_that_is_missing_is_a_dash(greeting: str) -> None:
    assert say(greeting, Language.EN, {"name": None, "share": None, "ads": 1}) == "– has – of 1"


def test_an_unknown_key_or_slot_is_a_fault_of_ours(greeting: str) -> None:
    with pytest.raises(KeyError):
        say("test.nowhere", Language.EN)
    with pytest.raises(KeyError):
        say(greeting, Language.EN, {"name": "US"})


@given(st.floats(0, 1))
def test_a_percentage_reads_back_to_two_figures(share: float) -> None:
    read = float(percent(share).removesuffix("%")) / 100
    assert read == pytest.approx(share, rel=0.06)


@given(st.floats(-1, 1))
def test_points_always_carry_a_sign(difference: float) -> None:
    assert re.fullmatch(r"[+-]\d+\.\d+", points(difference))


@given(st.integers(0, 10**12))
def test_a_count_loses_nothing(value: int) -> None:
    assert int(count(value).replace(",", "")) == value


@given(st.floats(1e-6, 1e9))
def test_a_number_keeps_three_figures(value: float) -> None:
    assert float(number(value).replace(",", "")) == pytest.approx(value, rel=0.006)
