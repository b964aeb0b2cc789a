"""Goals and costs in words."""

from __future__ import annotations

import pytest

from shroff.domain.metric_catalogue import CATALOGUE
from shroff.domain.slices import Slice
from shroff.errors import ConfigError
from shroff.measure.label_plan_goals import Cost, LabelGoal, parse_costs, parse_goal


@pytest.mark.parametrize(
    ("text", "goal"),
    [
        ("leakage:half", LabelGoal("leakage", times=0.5)),
        ("leakage: THIRD ", LabelGoal("leakage", times=1 / 3)),
        ("reject_precision:0.02", LabelGoal("reject_precision", width=0.02)),
        ("leakage:2%", LabelGoal("leakage", width=0.02)),
        (
            "leakage@market=ID,language=id:0.03",
            LabelGoal("leakage", Slice((("market", "ID"), ("language", "id"))), width=0.03),
        ),
        ("recall_any@campaign=a:b:half", LabelGoal("recall_any", Slice((("campaign", "a:b"),)), times=0.5)),
    ],
)  # fmt: skip
def test_a_goal_is_read(text: str, goal: LabelGoal) -> None:
    assert parse_goal(text, metrics=CATALOGUE) == goal


def test_a_goal_names_itself_as_it_was_written() -> None:
    goal = parse_goal("leakage@market=ID,language=id:half", metrics=CATALOGUE)
    assert goal.where == "leakage@market=ID,language=id"


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("leakage", "how certain"),
        (":half", "how certain"),
        ("leekage:half", "no metric 'leekage'"),
        ("leakage:nearly", "no width"),
        ("leakage:2", "outside 0 to 1"),
        ("leakage:nan", "outside 0 to 1"),
        ("leakage@market:half", "no slice"),
        ("leakage@policy=drugs:half", "which policy"),
        ("automation_rate:half", "does not rest on random labels"),
        ("leaked_impression_share:half", "count ads"),
    ],
)
def test_a_goal_that_cannot_be_planned_says_why(text: str, cause: str) -> None:
    with pytest.raises(ConfigError, match=cause) as fault:
        parse_goal(text, metrics=CATALOGUE)
    assert text in fault.value.where
    assert fault.value.hint


def test_costs_are_for_all_for_an_action_or_for_a_slice() -> None:
    assert parse_costs(["0.5", "reject:1.2", "market=ID:2"]) == (
        Cost(0.5),
        Cost(1.2, "action", "reject"),
        Cost(2.0, "market", "ID"),
    )


@pytest.mark.parametrize("text", ["", "0", "-1", "reject", "reject:cheap", "nan", "inf"])
def test_a_cost_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ConfigError, match="no cost"):
        parse_costs([text])
