"""Where labels come from: the choice of a design for each action and weight."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from shroff.domain.labels import Basis, DesignKind
from shroff.domain.metrics import Weight
from shroff.domain.slices import Period
from shroff.measure.brief import Design
from shroff.measure.frame import Frame, build_frames
from shroff.measure.population import build_population
from shroff.store.duckdb import DuckDBEngine

if TYPE_CHECKING:
    from conftest import Story

MAY = Period(date(2026, 5, 1), date(2026, 6, 1))
CENSUS = Design(id="worked", kind=DesignKind.CENSUS, basis=Basis.CERTAIN, queues=("live",))


def _frames(
    engine: DuckDBEngine, *designs: Design, weights: Sequence[Weight] = (Weight.ADS,)
) -> dict[Weight, Frame]:
    build_population(engine, MAY, derived={})
    return build_frames(engine, designs, weights=weights)


def _frame(engine: DuckDBEngine, *designs: Design) -> Frame:
    return _frames(engine, *designs)[Weight.ADS]


def _rows(engine: DuckDBEngine, frame: Frame) -> list[dict[str, Any]]:
    return engine.query(f"SELECT * FROM {frame.table} ORDER BY ad_id").to_pylist()


def _chosen(frame: Frame) -> dict[str, str | None]:
    return {s.action: s.design.id if s.design else None for s in frame.sources}


def _notes(frame: Frame) -> list[str]:
    return [note.id for note in frame.caveats()]


def test_labels_with_a_probability_are_a_design_without_any_setting(
    biased_review_sample: DuckDBEngine,
) -> None:
    frame = _frame(biased_review_sample)
    assert _chosen(frame) == {"approve": "audit", "review": None, "reject": "audit"}
    assert frame.uncovered() == ("review",)
    approve, _, reject = frame.sources
    assert (approve.ads, approve.drawn, approve.labelled, approve.weight) == (940, 94, 94, 940)
    assert (reject.ads, reject.drawn, reject.labelled, reject.weight) == (40, 40, 40, 40)
    assert frame.labels == 134
    assert frame.text() == "audit (poisson, logged)"


def test_a_queue_worked_in_full_speaks_for_queued_ads_alone(
    biased_review_sample: DuckDBEngine,
) -> None:
    frame = _frame(biased_review_sample, CENSUS)
    assert _chosen(frame) == {"approve": "audit", "review": "worked", "reject": "audit"}
    assert frame.uncovered() == ()
    assert "scorecard.queue_truth" in _notes(frame)
    queued = [row for row in _rows(biased_review_sample, frame) if row["action"] == "review"]
    assert {(row["w"], row["stratum"], row["any_violating"]) for row in queued} == {
        (1.0, "queue", True)
    }
    assert len(queued) == 20


def test_open_tasks_are_not_labels_of_the_census(worked_queue: DuckDBEngine) -> None:
    frame = _frame(worked_queue, CENSUS)
    review = next(s for s in frame.sources if s.action == "review")
    assert (review.ads, review.labelled) == (10, 8)
    assert frame.uncovered() == ("approve",)


def test_without_any_probability_the_labels_found_are_taken(no_probability: DuckDBEngine) -> None:
    frame = _frame(no_probability)
    assert not frame.any_probability()
    assert frame.text() == "no probability sample"
    rows = _rows(no_probability, frame)
    assert [row["ad_id"] for row in rows] == ["a00", "a01", "a30", "a31", "a32", "a33"]
    assert {row["w"] for row in rows} == {1.0}


def test_no_label_at_all_makes_an_empty_frame(tell: Callable[[], Story]) -> None:
    story = tell()
    story.decided("a", "approve")
    frame = _frame(story.opened())
    assert (frame.labels, frame.strata, frame.uncovered()) == (0, (), ("approve",))


@pytest.fixture(scope="module")
def two_designs(tell: Callable[[], Story]) -> DuckDBEngine:
    """100 approved ads of a thousand impressions; `few` labels 20 by chance 0.2, `big` those shown.

    Ten ads have a million impressions; `big` labels all of them, and 9 others by chance 0.1.
    """
    story = tell()
    for number in range(100):
        name = f"a{number:02d}"
        story.decided(name, "approve")
        large = number >= 90
        story.shown(name, "2026-05-06", 1_000_000 if large else 1_000)
        if number % 5 == 0:
            story.reviewed(name, "compliant", design_id="few", sampling_prob=0.2)
        if large or number % 10 == 1:
            chance = 1.0 if large else 0.1
            story.reviewed(name, "compliant", design_id="big", sampling_prob=chance)
    return story.opened()


def test_the_design_that_knows_most_of_what_is_weighed_is_taken(
    two_designs: DuckDBEngine,
) -> None:
    frames = _frames(two_designs, weights=(Weight.ADS, Weight.IMPRESSIONS))
    assert _chosen(frames[Weight.ADS]) == {"approve": "few"}
    assert _chosen(frames[Weight.IMPRESSIONS]) == {"approve": "big"}
    assert frames[Weight.IMPRESSIONS].sources[0].total == 10 * 1_000_000 + 90 * 1_000


def test_an_ad_enters_the_frame_once_even_if_two_designs_drew_it(
    two_designs: DuckDBEngine,
) -> None:
    frame = _frame(two_designs)
    names = [row["ad_id"] for row in _rows(two_designs, frame)]
    assert len(names) == len(set(names)) == 20
    assert {row["design"] for row in _rows(two_designs, frame)} == {"few"}


def _sampled(story: Story, *, ads: int, every: int, chance: float | None, **more: object) -> None:
    for number in range(ads):
        name = f"a{number:03d}"
        story.ad(name, market="US" if number < ads // 2 else "JP")
        story.decided(name, "approve")
        if number % every == 0:
            story.reviewed(name, "compliant", sampling_prob=chance, **more)


def test_weights_that_do_not_add_up_are_said(tell: Callable[[], Story]) -> None:
    story = tell()
    _sampled(story, ads=400, every=4, chance=0.9, design_id="audit")
    frame = _frame(story.opened())
    (note,) = frame.caveats()
    assert note.id == "scorecard.unbalanced"
    assert note.params["share"] == pytest.approx(100 / 0.9 / 400)


def test_a_design_whose_weights_add_up_is_preferred_to_a_larger_one_whose_do_not(
    tell: Callable[[], Story],
) -> None:
    story = tell()
    _sampled(story, ads=400, every=2, chance=0.9, design_id="wrong")
    for number in range(0, 400, 10):
        story.reviewed(f"a{number:03d}", "compliant", design_id="right", sampling_prob=0.1)
    assert _chosen(_frame(story.opened())) == {"approve": "right"}


def test_drawn_ads_without_a_settled_label_are_said(tell: Callable[[], Story]) -> None:
    story = tell()
    _sampled(story, ads=40, every=2, chance=0.5, design_id="audit")
    story.reviewed("a000", "violating", design_id="audit", sampling_prob=0.5)  # they differ
    story.decided("late", "approve")
    story.reviewed("late", None, design_id="audit", sampling_prob=0.5)
    frame = _frame(story.opened())
    (note,) = frame.caveats()
    assert note.id == "scorecard.unanswered"
    assert (note.params["missing"], note.params["drawn"]) == (2, 21)
    assert frame.labels == 19


DECLARED = Design(
    id="monthly",
    kind=DesignKind.STRATIFIED,
    basis=Basis.DECLARED,
    by="Li",
    queues=("audit",),
    stratum="market",
)


def test_a_declared_design_counts_n_over_n_by_stratum_and_week(
    tell: Callable[[], Story],
) -> None:
    story = tell()
    plan = {
        ("US", "2026-05-04"): (8, 2),
        ("US", "2026-05-11"): (6, 3),
        ("JP", "2026-05-04"): (5, 1),
    }
    for (market, day), (ads, labels) in plan.items():
        for number in range(ads):
            name = f"{market} {day} {number}"
            story.ad(name, market=market)
            story.decided(name, "approve", decided_at=f"{day} 12:00:00")
            if number < labels:
                story.reviewed(name, "compliant")
    engine = story.opened()
    frame = _frame(engine, DECLARED)
    chances = {(row["market"], str(row["week"])): row["chance"] for row in _rows(engine, frame)}
    assert chances == {key: labels / ads for key, (ads, labels) in plan.items()}
    assert [(s.name, s.labels) for s in frame.strata] == [("JP", 1), ("US", 5)]
    assert _notes(frame) == ["scorecard.declared"]
    assert frame.caveats()[0].params["by"] == "Li"
    assert sum(row["w"] for row in _rows(engine, frame)) == pytest.approx(19)


def test_ads_whose_stratum_is_missing_are_a_stratum_of_their_own(
    tell: Callable[[], Story],
) -> None:
    story = tell()
    for number in range(10):
        story.ad(f"a{number}", market="US" if number < 6 else None)
        story.decided(f"a{number}", "approve")
        if number % 2 == 0:
            story.reviewed(f"a{number}", "compliant")
    frame = _frame(story.opened(), DECLARED)
    assert frame.sources[0].weight == pytest.approx(10)
    assert frame.labels == 5


def test_a_declared_design_without_strata_ignores_the_strata_logged(
    tell: Callable[[], Story],
) -> None:
    story = tell()
    _sampled(story, ads=40, every=4, chance=None, stratum="as logged")
    plain = Design(
        id="plain", kind=DesignKind.STRATIFIED, basis=Basis.DECLARED, by="Li", queues=("audit",)
    )
    frame = _frame(story.opened(), plain)
    assert (frame.labels, frame.sources[0].weight) == (10, pytest.approx(40))


def test_a_declared_probability_stands_for_the_one_logged(tell: Callable[[], Story]) -> None:
    story = tell()
    _sampled(story, ads=40, every=4, chance=None)
    told = Design(
        id="told", basis=Basis.DECLARED, by="Li", reasons=("random",), sampling_prob=0.25
    )
    engine = story.opened()
    frame = _frame(engine, told)
    assert {row["chance"] for row in _rows(engine, frame)} == {0.25}
    assert frame.sources[0].balanced


def test_a_stratum_written_in_the_settings_is_computed_for_each_ad(
    biased_review_sample: DuckDBEngine,
) -> None:
    design = Design(id="audit", stratum="action || '/' || market")
    frame = _frame(biased_review_sample, design)
    assert [s.name for s in frame.strata] == ["approve/JP", "reject/JP"]
    assert sum(s.labels for s in frame.strata) == frame.labels


def test_labels_of_language_models_and_of_impossible_probability_are_left_out(
    tell: Callable[[], Story],
) -> None:
    story = tell()
    for number in range(4):
        story.decided(f"a{number}", "approve")
    story.reviewed("a0", "compliant", sampling_prob=0.5, role="LLM")
    story.reviewed("a1", "compliant", sampling_prob=0.0)
    story.reviewed("a2", "compliant", sampling_prob=0.5)
    engine = story.opened()
    assert [row["ad_id"] for row in _rows(engine, _frame(engine))] == ["a2"]


def test_rechecks_with_a_probability_are_no_sample_of_decisions(
    tell: Callable[[], Story],
) -> None:
    story = tell()
    story.decided("a", "approve")
    story.reviewed("a", "compliant", sampling_prob=0.5, queue_reason="recheck")
    frame = _frame(story.opened())
    assert not frame.any_probability()


def test_columns_of_the_users_that_are_named_like_those_of_the_frame_do_not_disturb_them(
    tell: Callable[[], Story],
) -> None:
    story = tell()
    names = ("tier", "design", "stratum", "chance", "outcome", "w", "sampling_prob", "violating")
    story.ad("a", **dict.fromkeys(names, "theirs"))
    story.decided("a", "reject", policy_id="drugs")
    story.reviewed("a", "violating", policies=["drugs"], sampling_prob=0.5, stratum="s")
    engine = story.opened()
    (row,) = _rows(engine, _frame(engine))
    assert (row["w"], row["tier"], row["stratum"], row["outcome"]) == (2.0, 3, "s", 32 + 15)
    assert row["tier_"] == "theirs"
