"""Figures from labels on few ads and scores on all, from logs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pytest

from shroff.domain.labels import DesignKind
from shroff.domain.slices import EVERYTHING, Period, Slice
from shroff.errors import ConfigError, DesignError
from shroff.measure.brief import Brief, Design
from shroff.measure.fewer_labels import fewer_labels, sides_of
from shroff.measure.quality import outcomes_of
from shroff.measure.scorecard import scorecard
from shroff.measure.scored import choose_scorer
from shroff.stats.estimate import Status
from shroff.store.duckdb import DuckDBEngine

if TYPE_CHECKING:
    from conftest import Story

Ask = Callable[..., Brief]
METRICS = ("leakage", "reject_precision", "recall_any", "violating_ad_share")


def _told(
    story: Story, *, ads: int = 1200, score: Callable[[np.random.Generator, float], float | None]
) -> Story:
    """Tell of ads whose truth is known to us: a third of each action is audited."""
    rng = np.random.default_rng(5)
    for number in range(ads):
        risk = float(rng.beta(0.4, 1.6))
        bad = bool(rng.random() < risk)
        action = "reject" if risk > 0.6 else "approve"
        name = f"a{number:04d}"
        story.ad(name, market="US" if number % 3 else "JP", advertiser_id=f"v{number % 150}")
        story.decided(name, action, decision_id=name, policy_id="drugs")
        value = score(rng, risk)
        if value is not None:
            story.put("scores", ad_id=name, model="risk", version="1", score=value)
        if rng.random() < 0.3:
            story.reviewed(
                name,
                "violating" if bad else "compliant",
                sampling_prob=0.3,
                stratum=action,
                design_id="audit",
            )
    return story


@pytest.fixture(scope="module")
def useful(tell: Callable[[], Story]) -> DuckDBEngine:
    """Scores that are the ads' very risk."""
    return _told(tell(), score=lambda _, risk: risk).opened()


def test_the_plain_figures_are_the_scorecards(useful: DuckDBEngine, ask_may: Ask) -> None:
    brief = ask_may(wanted=METRICS, by=((), ("market",)))
    found = fewer_labels(useful, brief)
    card = scorecard(useful, brief)
    for each in found.powered:
        figure = card.figure(each.metric, **dict(each.slice.terms))
        assert figure is not None
        assert each.plain == figure.estimate
    assert {each.slice for each in found.powered} == {
        EVERYTHING, Slice((("market", "JP"),)), Slice((("market", "US"),)),
    }  # fmt: skip


def test_useful_scores_narrow_figures_and_tell_what_they_are_worth(
    useful: DuckDBEngine, ask_may: Ask
) -> None:
    found = fewer_labels(useful, ask_may(wanted=METRICS))
    share = found.find("violating_ad_share")
    assert share is not None
    assert share.used
    assert share.scored.status is Status.ESTIMATE
    assert share.scored.width is not None
    assert share.plain.width is not None
    assert share.scored.width < 0.9 * share.plain.width
    assert share.worth.value is not None
    assert share.worth.value > 1.2 * share.plain.n
    assert share.saved == pytest.approx(share.worth.value - share.plain.n)
    assert share.scored.n == share.plain.n
    assert 0 < share.trust["approve"] <= 1
    assert found.scored_share == 1.0


def test_what_scores_alone_expect_has_a_status_of_its_own(
    useful: DuckDBEngine, ask_may: Ask
) -> None:
    found = fewer_labels(useful, ask_may(wanted=METRICS))
    for each in found.powered:
        assert each.modelled.status is Status.MODELLED
        assert each.modelled.low is each.modelled.high is None
        assert each.modelled.n == 0
        assert each.modelled.caveats[0].id == "fewer.modelled"
    records = {f["metric"]: f for f in found.record()["figures"]}  # type: ignore[attr-defined]
    assert records["leakage_modelled"]["status"] == "modelled"
    assert records["leakage_with_scores"]["status"] == "estimate"
    statuses = found.to_arrow().column("status").to_pylist()
    assert statuses.count("modelled") == len(METRICS)


def test_without_random_labels_scores_make_no_estimate(
    tell: Callable[[], Story], ask_may: Ask
) -> None:
    story = tell()
    for number in range(50):
        name = f"a{number:02d}"
        story.ad(name, market="US")
        story.decided(name, "approve" if number < 40 else "reject", decision_id=name)
        story.put(
            "scores", ad_id=name, model="risk", version="1", score=0.02 if number < 40 else 0.9
        )
    story.queued("a00", "violating")
    found = fewer_labels(story.opened(), ask_may(wanted=("leakage",)))
    each = found.find("leakage")
    assert each is not None
    assert each.plain.status is not Status.ESTIMATE
    assert each.scored.status is Status.UNKNOWN
    assert each.scored.caveats[0].id == "fewer.no_random_labels"
    # scores believed at their word: the middle of the bin that 0.02 is in
    assert each.modelled.value == pytest.approx(0.0205)
    assert each.modelled.status is Status.MODELLED


def test_an_action_nobody_sampled_leaves_bounds_whatever_the_scores_say(
    tell: Callable[[], Story], ask_may: Ask
) -> None:
    story = _told(tell(), ads=300, score=lambda _, risk: risk)
    for number in range(30):
        story.decided(f"r{number}", "restrict", decision_id=f"r{number}")
    found = fewer_labels(story.opened(), ask_may(wanted=("leakage", "violating_ad_share")))
    share, leakage = found.find("violating_ad_share"), found.find("leakage")
    assert share is not None
    assert leakage is not None
    assert share.plain.status is Status.BOUNDS
    assert share.scored.status is Status.UNKNOWN
    assert not share.used
    assert leakage.scored.status is Status.ESTIMATE


def test_the_same_score_for_all_is_said_to_tell_nothing(
    tell: Callable[[], Story], ask_may: Ask
) -> None:
    engine = _told(tell(), ads=400, score=lambda *_: 0.5).opened()
    found = fewer_labels(engine, ask_may(wanted=("leakage",)))
    each = found.find("leakage")
    assert each is not None
    assert "fewer.constant" in {note.id for note in found.notes}
    assert each.scored.value == pytest.approx(each.plain.value)
    assert each.scored.width == pytest.approx(each.plain.width, rel=1e-3)


def test_scores_outside_0_and_1_are_used_for_their_order_and_never_believed(
    tell: Callable[[], Story], ask_may: Ask
) -> None:
    inside = _told(tell(), score=lambda _, risk: risk).opened()
    outside = _told(tell(), score=lambda _, risk: 60 * risk - 20).opened()
    brief = ask_may(wanted=("violating_ad_share",))
    first, second = (fewer_labels(each, brief) for each in (inside, outside))
    a, b = (each.find("violating_ad_share") for each in (first, second))
    assert a is not None
    assert b is not None
    assert b.scored.value == pytest.approx(a.scored.value, abs=0.003)
    assert b.worth.value == pytest.approx(a.worth.value, rel=0.05)
    assert "fewer.not_chances" in {note.id for note in second.notes}


def test_ads_without_a_score_are_counted_and_said(tell: Callable[[], Story], ask_may: Ask) -> None:
    engine = _told(tell(), score=lambda rng, risk: risk if rng.random() < 0.5 else None).opened()
    found = fewer_labels(engine, ask_may(wanted=("violating_ad_share",)))
    each = found.find("violating_ad_share")
    assert 0.4 < found.scored_share < 0.6
    assert "fewer.unscored" in {note.id for note in found.notes}
    assert each is not None
    assert each.scored.numerator is not None


def test_not_a_number_counts_as_no_score(tell: Callable[[], Story], ask_may: Ask) -> None:
    story = _told(tell(), ads=300, score=lambda _, risk: risk)
    engine = story.opened()
    engine.materialise(
        "scores",
        "SELECT ad_id, ad_version, model, version, policy_id, shadow,"
        " CASE WHEN ad_id < 'a0100' THEN CAST('NaN' AS DOUBLE)"
        " WHEN ad_id < 'a0150' THEN CAST('inf' AS DOUBLE) ELSE score END AS score FROM scores",
    )
    found = fewer_labels(engine, ask_may(wanted=("leakage",)))
    each = found.find("leakage")
    assert found.scored_share == pytest.approx(0.5)
    assert each is not None
    assert each.scored.value is not None
    assert np.isfinite(each.scored.value)


def test_ads_of_an_advertiser_drawn_together_share_a_fold_and_err_together(
    useful: DuckDBEngine, ask_may: Ask
) -> None:
    audit = Design(id="audit", kind=DesignKind.POISSON, cluster="advertiser_id")
    brief = ask_may(wanted=("violating_ad_share",), designs=(audit,))
    found = fewer_labels(useful, brief)
    each = found.find("violating_ad_share")
    assert each is not None
    assert each.scored.status is Status.ESTIMATE
    folds = useful.query(
        "SELECT MAX(n) AS most FROM (SELECT p.advertiser_id, COUNT(DISTINCT s.hash_code) AS n"
        " FROM scored_ads AS s JOIN population AS p ON s.decision_id = p.decision_id"
        " GROUP BY p.advertiser_id) AS each"
    )
    assert folds.column("most")[0].as_py() == 1


def test_impressions_weigh_ads(tell: Callable[[], Story], ask_may: Ask) -> None:
    story = _told(tell(), ads=600, score=lambda _, risk: risk)
    for number in range(600):
        story.shown(f"a{number:04d}", "2026-05-06", 10 + number % 90)
    found = fewer_labels(story.opened(), ask_may(wanted=("violating_impression_share",)))
    each = found.find("violating_impression_share")
    assert each is not None
    assert each.scored.status is Status.ESTIMATE
    assert each.scored.low is not None
    assert each.scored.value is not None
    assert each.scored.low < each.scored.value


def test_no_score_at_all_is_refused_with_a_hint(
    biased_review_sample: DuckDBEngine, ask_may: Ask
) -> None:
    with pytest.raises(DesignError) as refused:
        fewer_labels(biased_review_sample, ask_may(wanted=("leakage",)))
    assert "scores" in str(refused.value.hint)


def test_a_model_that_is_not_there_is_refused_and_the_near_one_named(useful: DuckDBEngine) -> None:
    with pytest.raises(ConfigError) as refused:
        choose_scorer(useful, model="rsk")
    assert "risk" in str(refused.value.hint)


@pytest.mark.parametrize("metric", ["approve_rate", "right_policy_precision", "appeal_rate"])
def test_a_metric_that_scores_cannot_help_is_refused(
    useful: DuckDBEngine, ask_may: Ask, metric: str
) -> None:
    with pytest.raises(ConfigError, match="cannot help"):
        fewer_labels(useful, ask_may(wanted=(metric,)))


@pytest.mark.parametrize("column", ["policy", "queue"])
def test_what_is_no_column_of_ads_cannot_be_sliced_by(
    useful: DuckDBEngine, ask_may: Ask, column: str
) -> None:
    with pytest.raises(ConfigError, match="ads have no column") as refused:
        fewer_labels(useful, ask_may(wanted=("leakage",), by=((), (column,))))
    assert "market" in str(refused.value.hint)


def test_a_period_without_decisions_is_refused(useful: DuckDBEngine, ask_may: Ask) -> None:
    january = Period(date(2026, 1, 1), date(2026, 1, 8))
    with pytest.raises(DesignError) as refused:
        fewer_labels(useful, ask_may(wanted=("leakage",), period=january))
    assert "--period" in str(refused.value.hint)


def test_ratios_of_the_frame_read_by_action_and_truth(useful: DuckDBEngine, ask_may: Ask) -> None:
    brief = ask_may()
    found = outcomes_of(useful, [brief.metrics["recall_any"], brief.metrics["leakage"]])
    recall = sides_of(found.ratios["recall_any"])
    assert recall.above.tolist() == [[False, False], *[[False, True]] * 3]
    assert recall.rest.tolist() == [[False, True], *[[False, False]] * 3]
    leakage = sides_of(found.ratios["leakage"])
    assert leakage.above[0].tolist() == [False, True]
    assert leakage.rest[0].tolist() == [True, False]
    assert not leakage.above[1:].any()


def test_the_usual_metrics_are_estimated_when_none_is_asked_for(
    useful: DuckDBEngine, ask_may: Ask
) -> None:
    found = fewer_labels(useful, replace(ask_may(), wanted=()))
    assert [each.metric for each in found.powered] == list(METRICS)
