"""The life of a rule: which steps there are, what speaks against them, who is in a canary."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from shroff.errors import ConfigError
from shroff.rules.clauses import Term
from shroff.rules.forecast import RuleForecast
from shroff.rules.lifecycle import (
    RuleState,
    Standing,
    Step,
    in_canary,
    objections,
    standing_of,
    step,
)
from shroff.rules.rule import Rule, RuleAction
from shroff.store.catalog_rules import RuleEvent

NOW = datetime(2026, 6, 1, tzinfo=UTC)
TODAY = date(2026, 6, 1)
RULE = Rule(id="R1", match=Term("casino"), version=2)
FORECAST = RuleForecast(
    rule_id="R1", version=2, hits_per_day=3, hits_low=0, hits_high=9, precision=0.9,
    precision_low=0.8, precision_high=0.95, status="estimate", reviews_per_day=3,
)  # fmt: skip


def event(state: str, **more: object) -> RuleEvent:
    usual = {
        "at": "2026-05-01T00:00:00+00:00", "rule_id": "R1", "version": 2, "state": state,
        "share": None, "who": "me", "why": "tests", "detail": {"action": "review"},
    }  # fmt: skip
    return RuleEvent(**{**usual, **more})  # type: ignore[arg-type]


def asked(to: str, share: float | None = None, why: str = "tests") -> Step:
    return Step(rule=RULE, to=RuleState(to), share=share, who="me", why=why)


def test_a_rule_of_which_nothing_is_known_is_a_draft() -> None:
    assert standing_of(RULE, [], today=TODAY) == Standing()
    other = event("live", rule_id="R2")
    assert standing_of(RULE, [other], today=TODAY).state is RuleState.DRAFT


def test_the_last_step_tells_where_a_rule_stands() -> None:
    events = [event("shadow"), event("canary", share=0.1)]
    standing = standing_of(RULE, events, today=TODAY)
    assert (standing.state, standing.share, standing.queued) == (RuleState.CANARY, 0.1, True)


def test_a_rule_whose_last_day_is_over_is_expired() -> None:
    old = replace(RULE, expires=date(2026, 5, 31))
    assert standing_of(old, [event("live")], today=TODAY).state is RuleState.EXPIRED
    last = replace(RULE, expires=TODAY)
    assert standing_of(last, [event("live")], today=TODAY).state is RuleState.LIVE


def test_a_draft_goes_into_shadow_first() -> None:
    with pytest.raises(ConfigError, match="draft"):
        step(asked("live"), Standing(), at=NOW)
    noted = step(asked("shadow"), Standing(), at=NOW)
    assert (noted.state, noted.version, noted.at) == ("shadow", 2, "2026-06-01T00:00:00+00:00")


def test_a_step_needs_a_reason() -> None:
    with pytest.raises(ConfigError, match="reason"):
        step(asked("shadow", why="  "), Standing(), at=NOW)


@pytest.mark.parametrize("share", [None, 0.0, 1.0, 1.5])
def test_a_canary_needs_a_share_of_ads(share: float | None) -> None:
    with pytest.raises(ConfigError, match="share"):
        step(asked("canary", share), Standing(RuleState.SHADOW), at=NOW)


def test_the_share_of_a_canary_only_grows() -> None:
    there = Standing(RuleState.CANARY, share=0.2)
    with pytest.raises(ConfigError, match="already"):
        step(asked("canary", 0.1), there, at=NOW)
    assert step(asked("canary", 0.5), there, at=NOW).share == 0.5


def test_a_larger_canary_holds_all_ads_of_a_smaller_one() -> None:
    ads = [f"ad{number}" for number in range(2000)]
    small = {ad for ad in ads if in_canary("R1", ad, 0.1)}
    large = {ad for ad in ads if in_canary("R1", ad, 0.3)}
    assert small < large
    assert 0.07 < len(small) / len(ads) < 0.13
    assert {ad for ad in ads if in_canary("R2", ad, 0.1)} != small


def test_a_rule_acts_only_after_a_forecast_of_its_version_was_kept() -> None:
    shadow = Standing(RuleState.SHADOW)
    for forecast in (None, replace(FORECAST, version=1)):
        (why,) = objections(asked("live"), shadow, tried=None, forecast=forecast, bar=0.9)
        assert why.id == "life.no_forecast"
    assert not objections(asked("live"), shadow, tried=None, forecast=FORECAST, bar=0.9)
    assert not objections(asked("shadow"), Standing(), tried=None, forecast=None, bar=0.9)


def test_a_rule_that_rejects_must_have_queued_ads_and_clear_the_bar() -> None:
    wanted = replace(asked("live"), rule=replace(RULE, action=RuleAction.REJECT))
    shadow = Standing(RuleState.SHADOW)
    found = objections(wanted, shadow, tried=None, forecast=FORECAST, bar=0.9)
    assert [each.id for each in found] == ["life.queue_first", "life.below_bar"]
