"""From goals to labels: where they go, what they add to, and what cannot be planned."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from shroff.domain.labels import Basis, DesignKind
from shroff.domain.metric_catalogue import CATALOGUE
from shroff.errors import ConfigError, DesignError
from shroff.measure.brief import Brief, Design
from shroff.measure.label_batch import draw
from shroff.measure.label_plan import LabelPlan
from shroff.measure.label_plan_goals import parse_costs, parse_goal
from shroff.measure.label_plan_work import Asked, plan_labels
from shroff.measure.scorecard import scorecard
from shroff.store.duckdb import DuckDBEngine

if TYPE_CHECKING:
    from conftest import Story

Ask = Callable[..., Brief]
ADS = 4000


def violates(number: int) -> bool:
    return random.Random(number).random() < (0.12 if number % 4 == 0 else 0.05)


def platform(story: Story, *, pilot: bool = True, uneven: bool = False) -> None:
    """Tell 4,000 ads, a quarter of them in ID; every fifth one is labelled."""
    for number in range(ADS):
        name, rejected = f"a{number}", number % 25 == 7
        story.ad(name, market="ID" if number % 4 == 0 else "US", language=f"l{number % 3}")
        story.decided(name, "reject" if rejected else "approve", policy_id="drugs")
        bad = number % 10 != 7 or number % 50 == 7 if rejected else violates(number)
        if pilot and number % 5 == 2:
            story.reviewed(
                name,
                "violating" if bad else "compliant",
                policies=["drugs"] if bad else [],
                design_id="audit",
                stratum="all",
                sampling_prob=0.25 if uneven and number % 2 else 0.2,
            )


@pytest.fixture(scope="module")
def engine(tell: Callable[[], Story]) -> DuckDBEngine:
    platform(story := tell())
    return story.opened()


@pytest.fixture(scope="module")
def unlabelled(tell: Callable[[], Story]) -> DuckDBEngine:
    platform(story := tell(), pilot=False)
    return story.opened()


def plan_of(engine: DuckDBEngine, brief: Brief, *goals: str, **more: object) -> LabelPlan:
    read = tuple(parse_goal(goal, metrics=CATALOGUE) for goal in goals)
    return plan_labels(engine, brief, Asked(goals=read, **more))  # type: ignore[arg-type]


def asked(plan: LabelPlan) -> dict[tuple[str, ...], int]:
    return {stratum.values[:2]: stratum.ask for stratum in plan.strata if stratum.ask}


def test_labels_for_one_market_are_drawn_in_that_market_only(
    engine: DuckDBEngine, ask_may: Ask
) -> None:
    plan = plan_of(engine, ask_may(), "leakage@market=ID:0.08")
    assert set(asked(plan)) == {("approve", "ID")}
    (goal,) = plan.goals
    assert goal.expected <= goal.wanted == 0.08
    assert goal.low <= goal.expected <= goal.high
    assert plan.labels_low <= plan.labels <= plan.labels_high
    assert plan.cost == plan.labels


def test_half_is_half_of_what_the_scorecard_tells(engine: DuckDBEngine, ask_may: Ask) -> None:
    (goal,) = plan_of(engine, ask_may(), "leakage@market=ID:half").goals
    card = scorecard(engine, ask_may(by=((), ("market",)), wanted=("leakage",)))
    figure = card.figure("leakage", market="ID")
    assert figure is not None
    assert goal.now is not None
    assert (goal.now.low, goal.now.high) == (figure.estimate.low, figure.estimate.high)
    assert goal.wanted == pytest.approx((figure.estimate.width or 0) / 2)


def test_two_goals_cost_no_more_than_each_on_its_own(engine: DuckDBEngine, ask_may: Ask) -> None:
    goals = ("leakage:0.02", "leakage@market=ID:0.06")
    both = plan_of(engine, ask_may(), *goals)
    alone = [plan_of(engine, ask_may(), goal).labels for goal in goals]
    assert alone[1] <= both.labels < sum(alone)
    assert all(goal.expected <= goal.wanted for goal in both.goals)


def test_what_is_known_already_needs_no_label(engine: DuckDBEngine, ask_may: Ask) -> None:
    plan = plan_of(engine, ask_may(), "leakage:0.5", floor=1)
    assert plan.labels == 0
    assert plan.text().id == "labels.none_needed"
    assert draw(engine, ask_may(), plan.drawing()).drawn == ()


def test_labels_are_added_to_the_design_there_is(engine: DuckDBEngine, ask_may: Ask) -> None:
    plan = plan_of(engine, ask_may(), "leakage@market=ID:half")
    assert {stratum.design_id for stratum in plan.strata} == {"audit"}
    drawn = next(s for s in plan.strata if s.values[:2] == ("approve", "ID"))
    assert drawn.base == 0.2
    assert drawn.drawn == 160
    assert drawn.labels == drawn.drawn + drawn.ask
    assert [note.id for note in plan.notes] == ["labels.adds"]


def test_a_design_with_unequal_chances_is_not_added_to(
    tell: Callable[[], Story], ask_may: Ask
) -> None:
    platform(story := tell(), uneven=True)
    plan = plan_of(story.opened(), ask_may(), "leakage@market=ID:half")
    assert {stratum.design_id for stratum in plan.strata} == {"labels-2026-05-01"}
    assert [note.id for note in plan.notes] == ["labels.stands_alone"]
    # it must know more of all approvals than the old one, or the scorecard would not take it
    ads = sum(s.ads for s in plan.strata)
    known = ads**2 / sum(s.ads**2 / s.labels for s in plan.strata)
    assert known > 640  # as many labels as the old one has


@pytest.mark.parametrize(
    "design",
    [
        Design(id="audit", kind=DesignKind.STRATIFIED),
        Design(id="audit", basis=Basis.DECLARED, by="bo", sampling_prob=0.2),
        Design(id="audit", cluster="advertiser_id"),
    ],
)
def test_other_kinds_of_design_are_not_added_to(
    engine: DuckDBEngine, ask_may: Ask, design: Design
) -> None:
    plan = plan_of(engine, ask_may(designs=(design,)), "leakage:0.03")
    assert {stratum.design_id for stratum in plan.strata} == {"labels-2026-05-01"}


def test_the_old_design_s_strata_stay_apart(engine: DuckDBEngine, ask_may: Ask) -> None:
    design = Design(id="audit", stratum="action || '/' || language")
    plan = plan_of(engine, ask_may(designs=(design,)), "leakage@market=ID:half")
    assert {s.values for s in plan.strata} == {
        ("approve", market, f"approve/l{n}") for market in ("ID", "*") for n in range(3)
    }


def test_more_columns_make_more_strata(engine: DuckDBEngine, ask_may: Ask) -> None:
    plan = plan_of(engine, ask_may(), "leakage:0.03", by=("language",))
    assert {s.values[1] for s in plan.strata} == {"l0", "l1", "l2"}


def test_an_action_that_no_goal_counts_is_left_alone(engine: DuckDBEngine, ask_may: Ask) -> None:
    plan = plan_of(engine, ask_may(), "reject_precision@market=ID:0.3")
    assert {s.values[0] for s in plan.strata} == {"reject"}


def test_a_queue_worked_in_full_is_not_drawn_from(tell: Callable[[], Story], ask_may: Ask) -> None:
    platform(story := tell())
    for number in range(50):
        story.decided(f"q{number}", "review", policy_id="drugs")
        story.queued(f"q{number}", "violating" if number % 2 else "compliant")
    queue = Design(id="queue", kind=DesignKind.CENSUS, basis=Basis.CERTAIN, queues=("live",))
    brief = ask_may(designs=(Design(id="audit"), queue))
    plan = plan_of(story.opened(), brief, "recall_any:0.08")
    assert {s.values[0] for s in plan.strata} == {"approve", "reject"}
    assert plan.goals[0].expected <= 0.08


def test_dearer_labels_are_fewer(engine: DuckDBEngine, ask_may: Ask) -> None:
    even = plan_of(engine, ask_may(), "leakage:0.02", by=("market",))
    dear = plan_of(
        engine, ask_may(), "leakage:0.02", by=("market",), costs=parse_costs(["1", "market=ID:9"])
    )
    assert asked(dear).get(("approve", "ID"), 0) < asked(even)["approve", "ID"]
    assert dear.cost > dear.labels


def test_a_budget_is_kept_and_what_it_buys_is_said(engine: DuckDBEngine, ask_may: Ask) -> None:
    full = plan_of(engine, ask_may(), "leakage@market=ID:0.04")
    plan = plan_of(engine, ask_may(), "leakage@market=ID:0.04", budget=60.0)
    assert plan.cost <= 60 < full.cost
    assert plan.goals[0].expected > 0.04
    assert "labels.budget" in [note.id for note in plan.notes]


def test_a_budget_under_the_floor_says_what_the_floor_costs(
    unlabelled: DuckDBEngine, ask_may: Ask
) -> None:
    with pytest.raises(DesignError, match="budget of 5 does not pay for the floor of 30") as fault:
        plan_of(unlabelled, ask_may(), "leakage:0.02", budget=5.0)
    assert fault.value.hint


def test_without_a_pilot_a_width_is_planned_on_a_guess_that_is_said(
    unlabelled: DuckDBEngine, ask_may: Ask
) -> None:
    plan = plan_of(unlabelled, ask_may(), "leakage:0.03")
    assert plan.goals[0].now is None
    assert plan.goals[0].expected <= 0.03
    assert {s.design_id for s in plan.strata} == {"labels-2026-05-01"}
    assert [(n.id, n.params["share"]) for n in plan.notes] == [("labels.guessed", 0.02)]
    assert plan.goals[0].text().id == "labels.goal_new"


def test_without_a_pilot_there_is_nothing_to_halve(unlabelled: DuckDBEngine, ask_may: Ask) -> None:
    with pytest.raises(DesignError, match="no interval to narrow") as fault:
        plan_of(unlabelled, ask_may(), "leakage:half")
    assert "leakage:0.03" in fault.value.hint


def test_a_slice_without_ads_names_those_that_have_some(
    engine: DuckDBEngine, ask_may: Ask
) -> None:
    with pytest.raises(DesignError, match="no ad of the period is in market=JP") as fault:
        plan_of(engine, ask_may(), "leakage@market=JP:half")
    assert "US, ID" in fault.value.hint


def test_an_unknown_column_names_the_nearest(engine: DuckDBEngine, ask_may: Ask) -> None:
    with pytest.raises(ConfigError, match="no column 'markt'") as fault:
        plan_of(engine, ask_may(), "leakage@markt=ID:half")
    assert "'market'" in fault.value.hint
    with pytest.raises(ConfigError, match="does not draw by"):
        plan_of(engine, ask_may(), "leakage:half", costs=parse_costs(["format=x:2"]))


def test_fewer_ads_than_the_width_takes_are_all_labelled(
    tell: Callable[[], Story], ask_may: Ask
) -> None:
    story = tell()
    for number in range(60):
        story.decided(f"a{number}", "approve")
        if number < 20:
            story.reviewed(f"a{number}", "violating" if number % 4 == 0 else "compliant",
                           design_id="audit", sampling_prob=1 / 3)  # fmt: skip
    plan = plan_of(story.opened(), ask_may(), "leakage:0.0001")
    (stratum,) = plan.strata
    assert (stratum.labels, stratum.ask, stratum.chance) == (60, 40, 1.0)
    assert "labels.everything" in [note.id for note in plan.notes]


def test_labels_without_one_violation_are_not_taken_for_certainty(
    tell: Callable[[], Story], ask_may: Ask
) -> None:
    story = tell()
    for number in range(1000):
        story.decided(f"a{number}", "approve")
        if number % 20 == 0:
            story.reviewed(f"a{number}", "compliant", design_id="audit", sampling_prob=0.05)
    plan = plan_of(story.opened(), ask_may(), "leakage:half")
    assert plan.labels > 30
    assert 0 < plan.goals[0].expected <= plan.goals[0].wanted


def test_the_same_goals_on_the_same_logs_are_the_same_plan(
    engine: DuckDBEngine, ask_may: Ask
) -> None:
    first, second = (plan_of(engine, ask_may(), "leakage@market=ID:half") for _ in range(2))
    assert first == second
    assert first.id == second.id
    assert first.to_arrow().num_rows == len(first.strata)
    assert first.record()["plan_id"] == first.id


def test_no_goal_at_all_is_refused(engine: DuckDBEngine, ask_may: Ask) -> None:
    with pytest.raises(ConfigError, match="known better"):
        plan_labels(engine, ask_may(), Asked(goals=()))
