"""How far labels can be trusted: stories whose truth is planted."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import pytest

from shroff.errors import ConfigError, DesignError
from shroff.measure.brief import Brief
from shroff.measure.label_quality import LabelQuality, label_quality
from shroff.measure.label_quality_reviewer import reviewer_quality
from shroff.stats.estimate import Status
from shroff.store.duckdb import DuckDBEngine

if TYPE_CHECKING:
    from conftest import Story

Tell = Callable[[], "Story"]
Ask = Callable[..., Brief]

SE, SP = 0.85, 0.96
VERDICT = ("compliant", "violating")


def said(rng: np.random.Generator, bad: bool, se: float = SE, sp: float = SP) -> str:
    right = rng.random() < (se if bad else sp)
    return VERDICT[int(bad if right else not bad)]


def person(number: int) -> str:
    return f"r_{number:016x}"


@pytest.fixture(scope="module")
def planted(tell: Tell) -> DuckDBEngine:
    """An audit judged twice and settled where it differs; checks; seeds; a guideline misread.

    1,500 approved ads of which 2% violate, 300 rejected of which 90% do, 600 queued of which half
    do. Group north errs twice as often from 18 May, when guideline g2 came.
    """
    story, rng = tell(), np.random.default_rng(5)
    for number in range(1500):
        _audited(story, rng, f"a{number:04d}", action="approve", bad=rng.random() < 0.02)
    for number in range(300):
        _audited(story, rng, f"x{number:04d}", action="reject", bad=rng.random() < 0.9)
    for number in range(600):
        _queued(story, rng, f"q{number:04d}", number=number)
    for number in range(120):
        _seeded(story, rng, f"s{number:04d}", bad=number % 2 == 0)
    return story.opened()


def _audited(story: Story, rng: np.random.Generator, name: str, *, action: str, bad: bool) -> None:
    story.ad(name, market="US")
    story.decided(name, action, policy_id=None if action == "approve" else "drugs")
    drawn = {"sampling_prob": 0.5, "stratum": action, "design_id": "audit"}
    if rng.random() > 0.5:
        return
    answers = [said(rng, bad) for _ in range(2)]
    for place, verdict in enumerate(answers):
        story.reviewed(
            name,
            verdict,
            reviewer_id=person(int(rng.integers(0, 3)) + 4 * place),
            reviewer_group="auditors",
            policies=["drugs"] if verdict == "violating" else [],
            **drawn,
        )
    if answers[0] != answers[1]:
        story.reviewed(
            name,
            VERDICT[bad],
            role="SME",
            blind=False,
            policies=["drugs"] if bad else [],
            decided_at="2026-05-09 12:00:00",
            **drawn,
        )


def _queued(story: Story, rng: np.random.Generator, name: str, *, number: int) -> None:
    bad, later, north = rng.random() < 0.5, number % 2 == 1, number % 4 < 2
    day = "2026-05-20" if later else "2026-05-06"
    wrong = 0.3 if north and later else 0.06
    story.ad(name, market="US")
    story.decided(name, "review", policy_id="drugs" if number % 3 else "scam")
    story.queued(
        name,
        said(rng, bad, 1 - wrong, 1 - wrong),
        reviewer_id=person(20 + number % 4 + 4 * (number // 4 % 3)),
        reviewer_group="north" if north else "south",
        guideline_version="g2" if later else "g1",
        decided_at=f"{day} 12:00:00",
        enqueued_at=f"{day} 10:00:00",
    )
    story.reviewed(
        name,
        said(rng, bad, 0.98, 0.98),
        role="QA",
        queue="qa",
        sampling_prob=0.9,
        design_id="qa",
        reviewer_id=person(60 + number % 5),
        reviewer_group="checkers",
        decided_at=f"{day} 18:00:00",
        enqueued_at=f"{day} 17:00:00",
    )


def _seeded(story: Story, rng: np.random.Generator, name: str, *, bad: bool) -> None:
    """Settle an ad long before, and let three auditors answer it as a test item."""
    story.reviewed(name, VERDICT[bad], role="SME", blind=False, decided_at="2026-04-01 12:00:00")
    for place in range(3):
        story.reviewed(
            name,
            said(rng, bad),
            queue="test",
            queue_reason="seeded",
            reviewer_id=person(place),
            reviewer_group="auditors",
            decided_at="2026-05-10 12:00:00",
        )


@pytest.fixture(scope="module")
def found(planted: DuckDBEngine, ask_may: Ask) -> LabelQuality:
    return label_quality(planted, ask_may())


def near(found: LabelQuality, metric: str, true: float, **values: str) -> None:
    estimate = found.figure(metric, **values).estimate  # type: ignore[union-attr]
    assert estimate.low <= true <= estimate.high, (metric, estimate)  # type: ignore[operator]


def test_agreement_is_about_ads_judged_twice_blind(found: LabelQuality) -> None:
    figure = found.figure("blind_agreement")
    assert figure is not None
    assert figure.estimate.status is Status.ESTIMATE
    assert figure.estimate.n == found.supply.twice - 120  # test items are another queue
    bad = (1500 * 0.02 + 300 * 0.9) / 1800
    near(found, "blind_agreement", 1 - 2 * (bad * SE * (1 - SE) + (1 - bad) * SP * (1 - SP)))
    for metric in ("krippendorff_alpha", "fleiss_kappa", "gwet_ac1"):
        assert 0.3 < (found.figure(metric).estimate.value or 0) < 1  # type: ignore[union-attr]


def test_test_items_tell_how_often_a_group_is_right(found: LabelQuality) -> None:
    near(found, "gold_sensitivity", SE, group="auditors")
    near(found, "gold_specificity", SP, group="auditors")
    estimate = found.figure("gold_sensitivity", queue="test").estimate  # type: ignore[union-attr]
    assert estimate.n == 180
    assert found.supply.seeded == 360
    assert found.supply.seeds == 120


def test_an_expert_asked_because_two_differ_is_no_test_of_them(found: LabelQuality) -> None:
    # were those ads taken as known truth, auditors would be right half of the time on them
    assert found.supply.settled == 0


def test_answers_on_the_same_ads_tell_it_too(found: LabelQuality) -> None:
    near(found, "audit_sensitivity", SE, group="auditors")
    near(found, "audit_specificity", SP, group="auditors")


def test_corrected_figures_hold_the_truth(found: LabelQuality, planted: DuckDBEngine) -> None:
    del planted
    near(found, "corrected_leakage", 0.02)
    near(found, "corrected_reject_precision", 0.9)
    near(found, "gold_corrected_leakage", 0.02)
    near(found, "gold_corrected_reject_precision", 0.9)
    measured = {figure.metric for figure in found.measured}
    assert {"leakage", "reject_precision"} <= measured


def test_a_guideline_that_one_group_misread_is_found(found: LabelQuality) -> None:
    said_of = [message for message in found.findings if message.id == "labels.quality.misread"]
    assert [message.params["group"] for message in said_of] == ["north"]
    assert said_of[0].params["guideline"] == "g2"
    near(found, "guideline_effect", 0.0, guideline="g2", group="south")
    effect = found.figure("guideline_effect", guideline="g2", group="north").estimate  # type: ignore[union-attr]
    assert effect.low is not None
    assert effect.low > 0.1


def test_weeks_that_differ_are_told_for_the_group_that_changed(found: LabelQuality) -> None:
    p = {each.group: each.p for each in found.drifts}
    assert p["north"] < 0.01
    assert p["south"] > 0.05


def test_no_figure_is_about_one_person(found: LabelQuality) -> None:
    text = json.dumps(found.record())
    assert "reviewer_id" not in {name for f in found for name in f.slice.dimensions}
    queries = [query.sql for query in found.queries]
    for sql in queries:
        text = text.replace(json.dumps(sql), "")
    assert "r_0000" not in text


def test_everything_converts(found: LabelQuality) -> None:
    table = found.to_arrow()
    assert table.num_rows == len(list(found))
    assert {"metric", "value", "low", "high"} <= set(table.column_names)
    assert "NaN" not in json.dumps(found.record())


@pytest.fixture(scope="module")
def lone_checker(tell: Tell) -> DuckDBEngine:
    """One person makes up a group, and checks of another have no logged chance."""
    story, rng = tell(), np.random.default_rng(9)
    for number in range(90):
        name, bad = f"q{number:03d}", bool(number % 2)
        story.decided(name, "review", policy_id="drugs")
        lone = number < 40
        story.queued(
            name,
            said(rng, bad),
            reviewer_id=person(1 if lone else 2 + number % 3),
            reviewer_group="lone" if lone else "team",
        )
        story.reviewed(
            name,
            VERDICT[bad],
            role="QA",
            queue="qa",
            reviewer_id=person(50 + number % 3),
            reviewer_group="checkers",
            decided_at="2026-05-06 12:00:00",
        )
    return story.opened()


def test_a_group_of_one_is_not_shown(lone_checker: DuckDBEngine, ask_may: Ask) -> None:
    found = label_quality(lone_checker, ask_may())
    block = found.block("check_overturn", "group")
    assert block is not None
    assert [part.terms[0][1] for part in block.slices] == ["team"]
    assert "lone" not in json.dumps([f.slice.record() for f in found])
    assert "labels.quality.small_team" in {note.id for note in found.notes}
    assert "lone" not in {each.group for each in found.drifts}


def test_checks_without_a_logged_chance_are_proxies(
    lone_checker: DuckDBEngine, ask_may: Ask
) -> None:
    found = label_quality(lone_checker, ask_may())
    estimate = found.figure("check_overturn").estimate  # type: ignore[union-attr]
    assert estimate.status is Status.PROXY
    assert [caveat.id for caveat in estimate.caveats] == ["labels.quality.as_they_came"]


def test_labels_that_nothing_can_judge_are_refused(tell: Tell, ask_may: Ask) -> None:
    story = tell()
    for number in range(5):
        story.decided(f"q{number}", "review", policy_id="drugs")
        story.queued(f"q{number}", "violating")
    with pytest.raises(DesignError, match="nothing tells how good") as fault:
        label_quality(story.opened(), ask_may())
    assert "seed" in fault.value.hint


def test_an_ad_settled_in_a_dispute_is_no_test_of_later_answers(tell: Tell, ask_may: Ask) -> None:
    story = tell()
    for number in range(40):
        name, early = f"a{number:03d}", "2026-05-05 12:00:00"
        story.decided(name, "approve")
        for place, verdict in enumerate(VERDICT if number < 20 else (VERDICT[1],)):
            story.reviewed(name, verdict, reviewer_id=person(place), decided_at=early)
        story.reviewed(name, "violating", role="SME", decided_at="2026-05-06 12:00:00")
        story.reviewed(name, "violating", reviewer_id=person(7), decided_at="2026-05-07 12:00:00")
    found = label_quality(story.opened(), ask_may())
    assert found.supply.settled == 20
    figure = found.figure("gold_sensitivity")
    assert figure is not None
    assert figure.estimate.n == 20


def test_answers_that_cannot_tell_who_errs_give_no_rates(tell: Tell, ask_may: Ask) -> None:
    story, rng = tell(), np.random.default_rng(3)
    for number in range(120):
        name = f"a{number:03d}"
        story.decided(name, "approve")
        for place in range(2):
            story.reviewed(
                name,
                said(rng, number % 5 == 0),
                sampling_prob=1.0,
                design_id="audit",
                reviewer_id=person(place * 3 + number % 3),
                reviewer_group="auditors",
            )
    found = label_quality(story.opened(), ask_may())
    figure = found.figure("audit_sensitivity", group="auditors")
    assert figure is not None
    assert figure.estimate.value is None
    assert figure.estimate.status is Status.UNKNOWN
    assert found.figure("corrected_leakage") is None
    assert "labels.quality.not_told" in {note.id for note in found.notes}


def test_only_quality_assurance_sees_a_reviewer(planted: DuckDBEngine, ask_may: Ask) -> None:
    with pytest.raises(ConfigError, match="quality assurance only"):
        reviewer_quality(planted, ask_may(), person(0), role="")
    with pytest.raises(ConfigError, match="quality assurance only"):
        reviewer_quality(planted, ask_may(), person(0), role="analyst")


@pytest.mark.parametrize("name", ["", "Ann", "r_1", "r_0000000000000000, r_0000000000000001"])
def test_a_reviewer_is_asked_for_by_one_pseudonym(
    planted: DuckDBEngine, ask_may: Ask, name: str
) -> None:
    with pytest.raises(ConfigError, match="pseudonym"):
        reviewer_quality(planted, ask_may(), name, role="qa")


def test_a_reviewer_of_few_answers_is_not_judged(planted: DuckDBEngine, ask_may: Ask) -> None:
    with pytest.raises(DesignError, match="50 are needed"):
        reviewer_quality(planted, ask_may(), person(999), role="qa")


def test_a_reviewer_is_compared_on_the_same_mix(planted: DuckDBEngine, ask_may: Ask) -> None:
    one = reviewer_quality(planted, ask_may(), person(20), role="qa")
    assert one.judged >= 50
    share, gap = one.figures["judged_otherwise"], one.figures["more_than_others"]
    assert share.low is not None
    assert share.low < (share.value or 0) < (share.high or 0)
    assert gap.method == "mantel-haenszel"
    assert json.dumps(one.record()).count(person(20)) == 1


def test_test_items_tell_of_one_reviewer_for_training(planted: DuckDBEngine, ask_may: Ask) -> None:
    one = reviewer_quality(planted, ask_may(), person(0), role="qa")
    gold, model = one.figures["gold_sensitivity"], one.figures["model_sensitivity"]
    assert gold.low <= SE <= gold.high  # type: ignore[operator]
    assert model.low <= SE <= model.high  # type: ignore[operator]
