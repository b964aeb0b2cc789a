"""Lines moved by hand have the figures that the same lines have in a plan."""

from __future__ import annotations

from dataclasses import replace
from math import inf

import pytest
from tests.advise.test_thresholds import BRIEF, made

from shroff.advise.line_limits import LinesAsked
from shroff.advise.proposal import terms_of
from shroff.advise.proposal_file import parse_proposal
from shroff.advise.thresholds import plan_of, standing_of
from shroff.advise.what_if import WhatIf
from shroff.advise.what_if_result import LineMove
from shroff.errors import ConfigError
from shroff.measure.brief import Goal
from shroff.store.settings import CostSettings


def tool() -> WhatIf:
    return WhatIf(standing_of(made(), LinesAsked(), costs=CostSettings()), BRIEF)


def test_the_lines_of_a_plan_have_the_figures_of_the_plan() -> None:
    plan = plan_of(made(), BRIEF, LinesAsked(), costs=CostSettings())
    assert plan.plan is not None
    moves = [
        LineMove(
            where=terms_of(each.where),
            review_from=each.review_from,
            reject_from=each.reject_from,
        )
        for each in plan.plan.lines
    ]
    tried = tool().tried(moves)
    assert dict(tried.before.figures) == dict(plan.today.outcome.figures)
    assert dict(tried.after.figures) == dict(plan.plan.outcome.figures)
    assert tried.kept["precision"] == plan.plan.kept["precision"]
    assert tried.cells == len(plan.plan.lines)
    assert tried.moved == pytest.approx(sum(each.moved for each in plan.plan.lines), abs=1)


def test_nothing_moved_changes_nothing_and_is_sure() -> None:
    tried = tool().tried([])
    assert (tried.moved, tried.cells) == (0, 0)
    for name, change in tried.change.items():
        assert (change.value, change.low, change.high) == (0.0, 0.0, 0.0), name
    assert tried.kept == {"precision": 1.0, "leakage": 1.0}


def test_a_lower_reject_line_rejects_more_and_less_precisely() -> None:
    tried = tool().tried([LineMove(review_from=0.5, reject_from=0.6)])
    change = tried.change
    assert (change["reject_ads"].value or 0) > 0
    assert (change["review_hours"].value or 0) < 0
    precision = change["reject_precision"]
    assert precision.low is not None
    assert precision.high is not None
    assert precision.value is not None
    assert precision.low < precision.value < precision.high < 0
    assert tried.kept["precision"] < 0.05
    west, east = tried.queues["west"], tried.queues["east"]
    hours = tried.before.value("review_hours"), tried.after.value("review_hours")
    assert (west[0] + east[0], west[1] + east[1]) == pytest.approx(hours)


def test_a_change_can_be_sure_where_both_sides_are_not() -> None:
    tried = tool().tried([LineMove(where=(("market", "m1"),), review_from=0.49, reject_from=0.8)])
    shown = "violating_impressions"
    change, after = tried.change[shown], tried.after.figures[shown]
    assert change.low is not None
    assert change.high is not None
    assert after.low is not None
    assert after.high is not None
    assert change.high - change.low < (after.high - after.low) / 3


def test_of_several_moves_that_fit_the_first_decides() -> None:
    tries = tool()
    narrow = LineMove(where=(("market", "m1"),), review_from=0.2, reject_from=0.9)
    wide = LineMove(review_from=0.5, reject_from=0.7)
    both = tries.tried([narrow, wide]).after.value("review_ads")
    assert both > tries.tried([wide]).after.value("review_ads")
    assert tries.tried([wide, narrow]).after.value("review_ads") == tries.tried(
        [wide]
    ).after.value("review_ads")


def test_a_goal_has_the_chance_that_lines_meet_it() -> None:
    brief = replace(BRIEF, goals=(Goal("leakage", at_most=0.15), Goal("fpr", at_most=0.1)))
    tries = WhatIf(tool().standing, brief)
    now, strict = tries.tried([]), tries.tried([LineMove(review_from=0.3, reject_from=0.8)])
    assert set(now.goals) == {"leakage"}  # of fpr lines cannot tell
    assert 0 <= now.goals["leakage"] < strict.goals["leakage"] <= 1


def test_what_rejects_nothing_has_no_precision_instead_of_none_wrong() -> None:
    tried = tool().tried([LineMove()])
    assert tried.after.figures["reject_precision"].value is None
    assert tried.change["reject_precision"].value is None
    assert tried.after.value("approve_ads") == tried.before.value("approve_ads") + tried.moved


def test_lines_become_a_proposal_that_can_be_read_back() -> None:
    moves = [
        LineMove(where=(("market", "m1"),), review_from=0.2, reject_from=inf),
        LineMove(review_from=0.5, reject_from=0.7),
    ]
    made_ = tool().proposal(moves, name="Bolder")
    read = parse_proposal(made_.to_json())
    assert read.id == made_.id
    assert [(each.review_from, each.reject_from) for each in read.thresholds] == [
        (0.2, inf),
        (0.5, 0.7),
    ]
    assert {each.model for each in read.thresholds} == {"risk"}


@pytest.mark.parametrize(
    ("review", "reject"), [(0.6, 0.5), (-0.1, 0.5), (0.5, 1.0), (0.123, 0.5), (float("nan"), 0.5)]
)
def test_lines_that_cannot_be_drawn_are_refused(review: float, reject: float) -> None:
    with pytest.raises(ConfigError):
        LineMove(review_from=review, reject_from=reject)


def test_a_column_that_cells_are_not_made_of_is_refused() -> None:
    with pytest.raises(ConfigError, match="colour"):
        tool().tried([LineMove(where=(("colour", "red"),), review_from=0.5, reject_from=0.7)])
