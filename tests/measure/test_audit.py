"""The smallest batch that would answer, and how it is drawn."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable
from dataclasses import fields
from io import StringIO
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shroff.domain.messages import Message
from shroff.domain.metrics import Weight
from shroff.measure.audit import (
    AuditPlan,
    AuditStratum,
    Drawn,
    batch_csv,
    draw,
    is_drawn,
    plan_audit,
)
from shroff.measure.brief import Brief, Goal
from shroff.measure.frame import build_frames
from shroff.measure.population import build_population
from shroff.stats.planning import labels_for_width, labels_to_show_below
from shroff.store.duckdb import DuckDBEngine

if TYPE_CHECKING:
    from conftest import Story

Ask = Callable[..., Brief]


def _plan(engine: DuckDBEngine, brief: Brief) -> AuditPlan | None:
    build_population(engine, brief.period, derived={})
    return plan_audit(build_frames(engine, (), weights=[Weight.ADS])[Weight.ADS], brief)


@pytest.fixture(scope="module")
def unlabelled(tell: Callable[[], Story]) -> DuckDBEngine:
    """3,000 approved and 500 rejected ads of May, nobody's labels."""
    story = tell()
    for number in range(3500):
        story.decided(f"a{number}", "approve" if number < 3000 else "reject", policy_id="drugs")
    story.decided("queued", "review")
    story.decided("later", "approve", decided_at="2026-06-02 10:00:00")
    return story.opened()


def test_a_plan_asks_for_labels_of_approvals_and_rejects(
    unlabelled: DuckDBEngine, ask_may: Ask
) -> None:
    plan = _plan(unlabelled, ask_may())
    assert plan is not None
    assert {s.action: s.ads for s in plan.strata} == {"approve": 3000, "reject": 500}
    wanted = {s.action: s.labels for s in plan.strata}
    assert wanted["approve"] == labels_for_width(0.02, 0.02)
    assert wanted["reject"] == labels_for_width(0.9, 0.05)
    assert plan.labels == sum(min(s.labels, s.ads) for s in plan.strata)
    assert plan.why.params["ads"] == plan.labels


def test_a_goal_asks_for_enough_labels_to_show_that_it_is_met(
    unlabelled: DuckDBEngine, ask_may: Ask
) -> None:
    goals = (Goal("leakage", at_most=0.01), Goal("reject_precision", at_least=0.8))
    plan = _plan(unlabelled, ask_may(goals=goals))
    assert plan is not None
    wanted = {s.action: s.labels for s in plan.strata}
    assert wanted["approve"] == labels_to_show_below(0.01, 0.005)
    assert wanted["reject"] == labels_to_show_below(0.2, 0.1)


def test_nothing_is_planned_where_labels_already_answer(
    biased_review_sample: DuckDBEngine, ask_may: Ask
) -> None:
    assert _plan(biased_review_sample, ask_may()) is None


def test_a_batch_as_large_as_the_stratum_draws_everything(
    unlabelled: DuckDBEngine, ask_may: Ask
) -> None:
    plan = _plan(unlabelled, ask_may())
    assert plan is not None
    drawn = list(draw(unlabelled, plan))
    rejected = [d for d in drawn if int(d.ad_id[1:]) >= 3000]
    assert len(rejected) == 500
    assert {d.sampling_prob for d in rejected} == {1.0}
    approved = [d for d in drawn if int(d.ad_id[1:]) < 3000]
    chance = labels_for_width(0.02, 0.02) / 3000
    assert {d.sampling_prob for d in approved} == {chance}
    spread = (3000 * chance * (1 - chance)) ** 0.5
    assert abs(len(approved) - 3000 * chance) < 4 * spread
    assert {d.ad_id for d in drawn} & {"queued", "later"} == set()


def test_the_same_plan_draws_the_same_ads(unlabelled: DuckDBEngine, ask_may: Ask) -> None:
    plan = _plan(unlabelled, ask_may())
    assert plan is not None
    assert list(draw(unlabelled, plan)) == list(draw(unlabelled, plan))


def test_nothing_in_the_batch_names_the_action(unlabelled: DuckDBEngine, ask_may: Ask) -> None:
    plan = _plan(unlabelled, ask_may())
    assert plan is not None
    rows = list(csv.DictReader(StringIO(batch_csv(unlabelled, plan))))
    assert set(rows[0]) == {column.name for column in fields(Drawn)}
    assert not {"action", "policy_id", "score"} & set(rows[0])
    text = " ".join(f"{row['stratum']} {row['design_id']}" for row in rows)
    assert not any(word in text for word in ("approve", "reject", "drugs"))
    assert {row["stratum"] for row in rows} == {s.code for s in plan.strata}


def test_a_labelled_batch_gives_estimates_when_it_comes_back(
    tell: Callable[[], Story], ask_may: Ask
) -> None:
    story = tell()
    for number in range(200):
        story.decided(f"a{number}", "approve" if number < 150 else "reject")
    strata = (AuditStratum("approve", "s1", 150, 60), AuditStratum("reject", "s2", 50, 25))
    plan = AuditPlan("audit-may", strata, Message("audit.why", {"ads": 85}))
    build_population(engine := story.opened(), ask_may().period, derived={})
    batch = list(draw(engine, plan))
    for row in batch:
        story.reviewed(
            row.ad_id,
            "compliant",
            design_id=row.design_id,
            stratum=row.stratum,
            sampling_prob=row.sampling_prob,
        )
    del story.rows["decisions"]
    again = story.opened()
    build_population(again, ask_may().period, derived={})
    frame = build_frames(again, (), weights=[Weight.ADS])[Weight.ADS]
    assert frame.uncovered() == ()
    assert frame.labels == len(batch)
    assert frame.text() == "audit-may (poisson, logged)"


@pytest.mark.parametrize("chance", [0.01, 0.1, 0.5, 0.9])
def test_ads_are_drawn_as_often_as_the_plan_says(chance: float) -> None:
    many = 20_000
    drawn = sum(is_drawn(f"ad{number}/1", "audit", chance) for number in range(many))
    spread = (many * chance * (1 - chance)) ** 0.5
    assert abs(drawn - many * chance) < 4 * spread


def test_two_designs_draw_independently() -> None:
    many = 20_000
    both = Counter(
        (is_drawn(f"ad{n}/1", "one", 0.3), is_drawn(f"ad{n}/1", "other", 0.3)) for n in range(many)
    )
    assert abs(both[True, True] / many - 0.09) < 4 * (0.09 * 0.91 / many) ** 0.5


@given(st.text(), st.text(), st.floats(0, 1), st.floats(0, 1))
def test_a_higher_chance_draws_all_that_a_lower_one_draws(
    key: str, design: str, one: float, other: float
) -> None:
    low, high = sorted((one, other))
    assert is_drawn(key, design, high) or not is_drawn(key, design, low)
    assert is_drawn(key, design, 1.0)
    assert not is_drawn(key, design, 0.0)
