"""The smallest batch that would answer, and how it is drawn."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from shroff.domain.messages import Message
from shroff.domain.metrics import Weight
from shroff.measure.audit import AuditPlan, AuditStratum, plan_audit
from shroff.measure.brief import Brief, Goal
from shroff.measure.frame import build_frames
from shroff.measure.label_batch import draw
from shroff.measure.label_batch_files import read_rows, write_batch
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
    drawn = draw(unlabelled, ask_may(), plan.drawing()).asked
    rejected = [d for d in drawn if int(d.ad_id[1:]) >= 3000]
    assert len(rejected) == 500
    assert {d.sampling_prob for d in rejected} == {1.0}
    approved = [d for d in drawn if int(d.ad_id[1:]) < 3000]
    chance = labels_for_width(0.02, 0.02) / 3000
    assert {d.sampling_prob for d in approved} == {chance}
    spread = (3000 * chance * (1 - chance)) ** 0.5
    assert abs(len(approved) - 3000 * chance) < 4 * spread
    assert {d.ad_id for d in drawn} & {"queued", "later"} == set()


def test_the_same_plan_draws_the_same_batch(unlabelled: DuckDBEngine, ask_may: Ask) -> None:
    plan = _plan(unlabelled, ask_may())
    assert plan is not None
    first, second = (draw(unlabelled, ask_may(), plan.drawing()) for _ in range(2))
    assert first == second
    assert first.id == second.id


def test_nothing_in_the_batch_names_the_action(
    unlabelled: DuckDBEngine, ask_may: Ask, tmp_path: Path
) -> None:
    plan = _plan(unlabelled, ask_may())
    assert plan is not None
    write_batch(draw(unlabelled, ask_may(), plan.drawing()), path := tmp_path / "batch.csv")
    rows = read_rows(path)
    assert not {"action", "policy_id", "score"} & set(rows[0])
    text = " ".join(value for row in rows for value in row.values())
    assert not any(word in text for word in ("approve", "reject", "drugs"))
    assert {row["stratum"] for row in rows} == {s.code for s in plan.strata}
    # neither does the order: rejected ads are all over the batch
    places = [place for place, row in enumerate(rows) if int(row["ad_id"][1:]) >= 3000]
    assert abs(sum(places) / len(places) / len(rows) - 0.5) < 0.05


def test_a_labelled_batch_gives_estimates_when_it_comes_back(
    tell: Callable[[], Story], ask_may: Ask
) -> None:
    story = tell()
    for number in range(200):
        story.decided(f"a{number}", "approve" if number < 150 else "reject")
    strata = (AuditStratum("approve", "s1", 150, 60), AuditStratum("reject", "s2", 50, 25))
    plan = AuditPlan("audit-may", strata, Message("audit.why", {"ads": 85}))
    build_population(engine := story.opened(), ask_may().period, derived={})
    batch = draw(engine, ask_may(), plan.drawing()).asked
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
