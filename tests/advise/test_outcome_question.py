"""Forecasts and roll-outs as people write them."""

from __future__ import annotations

from datetime import date

import pytest

from shroff.advise.outcome_question import (
    Forecast,
    OutcomeQuestion,
    Rollout,
    columns_of,
    parse_day,
    parse_forecast,
    signed,
)
from shroff.errors import ConfigError


def test_a_forecast_is_read_in_per_cent_or_as_a_share() -> None:
    assert parse_forecast("-18%:-26%:-10%") == Forecast(value=-0.18, low=-0.26, high=-0.10)
    assert parse_forecast("-0.18").value == pytest.approx(-0.18)
    assert parse_forecast("−18%").value == pytest.approx(-0.18)


@pytest.mark.parametrize("text", ["", "much", "-18%:-10%", "-18%:-10%:-5%", "1:2:3:4", "nan"])
def test_what_is_no_forecast_is_refused_in_words(text: str) -> None:
    with pytest.raises(ConfigError, match="forecast"):
        parse_forecast(text)


def test_a_forecast_survives_json() -> None:
    forecast = Forecast(value=-0.18, low=-0.3, high=0.1, level=0.9)
    assert Forecast.of(forecast.record()) == forecast


def test_small_changes_are_written_with_more_figures() -> None:
    assert [signed(each) for each in (-0.18, -0.014, 0.0)] == ["-18%", "-1.4%", "+0%"]


def test_a_roll_out_must_be_told_in_full() -> None:
    with pytest.raises(ConfigError, match="key of the hash"):
        OutcomeQuestion(metric="leakage", on=date(2026, 1, 1), rollout=Rollout.HASH, key="x")
    with pytest.raises(ConfigError, match="in which market"):
        OutcomeQuestion(metric="leakage", on=date(2026, 1, 1), rollout=Rollout.MARKETS)


def test_the_same_question_has_the_same_name_whatever_the_order() -> None:
    one, other = (
        OutcomeQuestion(
            metric="leakage",
            on=date(2026, 1, 1),
            rollout=Rollout.MARKETS,
            values=values,
            within=(("language", "en"),),
        )
        for values in (("ID", "MX"), ("MX", "ID"))
    )
    assert one.subject == other.subject
    assert columns_of(one) == ["language", "market"]


def test_what_is_no_day_is_refused() -> None:
    with pytest.raises(ConfigError, match="no day"):
        parse_day("soon", where="--on")
