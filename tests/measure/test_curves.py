"""Curves from logs: labels joined to scores, volumes counted, families of policies, faults."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import pytest

from shroff.errors import ConfigError, DesignError
from shroff.measure.brief import Brief
from shroff.measure.curves import Curves, CurvesAsked, curves
from shroff.measure.score_queries import Chosen
from shroff.stats.estimate import Status
from shroff.store.duckdb import DuckDBEngine

if TYPE_CHECKING:
    from conftest import Story

Ask = Callable[..., Brief]


def told_story(story: Story) -> DuckDBEngine:
    """100 approved ads, audited one in two, and 20 rejected, all audited; two versions score them.

    v1 gives every violating ad 0.9 or 0.7 and every other 0.2 or, one in ten, 0.7.
    """
    for number in range(120):
        reject = number >= 100
        name, bad = f"a{number:03d}", reject or number % 10 == 0
        story.ad(name, market="US" if number % 2 else "JP")
        story.decided(
            name, "reject" if reject else "approve", policy_id="fake" if reject else None
        )
        near = number % 20 == 10 or number % 10 == 1
        score = 0.7 if near else (0.9 if bad else 0.2)
        story.put("scores", ad_id=name, model="risk", version="v1", score=score)
        story.put("scores", ad_id=name, model="risk", version="v2", score=0.5, shadow=True)
        if reject or number % 2 == 0 or number % 10 == 1:
            story.put(
                "scores", ad_id=name, model="drugs", version="v1", policy_id="drugs", score=score
            )
        if reject or number % 4 < 2:
            story.reviewed(
                name,
                "violating" if bad else "compliant",
                policies=["drugs/pills" if number % 20 else "fake"] if bad else [],
                sampling_prob=1.0 if reject else 0.5,
                stratum="reject" if reject else "approve",
                design_id="audit",
            )
    story.put("policies", policy_id="drugs", version="1")
    story.put("policies", policy_id="drugs/pills", version="1", parent="drugs")
    story.put("scores", ad_id="a000", model="odd", version="v1", score=3.5)
    story.put("scores", ad_id="a003", model="unseen", version="v1", score=0.5)
    return story.opened()


@pytest.fixture(scope="module")
def engine(tell: Callable[[], Story]) -> DuckDBEngine:
    return told_story(tell())


def found(engine: DuckDBEngine, ask_may: Ask, **more: object) -> Curves:
    return curves(engine, ask_may(), asked=CurvesAsked(**more))  # type: ignore[arg-type]


def test_labels_are_weighed_by_their_chance(engine: DuckDBEngine, ask_may: Ask) -> None:
    (curve,) = found(engine, ask_may, chosen=Chosen(model="risk", version="v1"))
    # approved: of each block of four the first two are labelled, at weight two
    labelled = [n for n in range(100) if n % 4 < 2]
    bad = [n for n in labelled if n % 10 == 0]
    near = [n for n in labelled if n % 10 == 1]
    assert curve.labels == len(labelled) + 20
    assert curve.violating == len(bad) + 20
    caught = 2 * len(bad) + 20
    wrong = 2 * len([n for n in near if n not in bad])
    assert curve.thresholds.precision.value[700] == pytest.approx(caught / (caught + wrong))
    assert curve.thresholds.recall.value[699] == pytest.approx(1)


def test_all_scored_ads_are_counted_by_what_the_machine_did(
    engine: DuckDBEngine, ask_may: Ask
) -> None:
    (curve,) = found(engine, ask_may, chosen=Chosen(model="risk", version="v1"))
    assert curve.scored == 120
    approve, review, reject, restrict = curve.volume[:, 0]
    assert (approve, review, reject, restrict) == (100, 0, 20, 0)
    assert curve.flagged[901] == 0
    assert np.all(np.diff(curve.flagged) <= 0)


def test_ads_over_the_reject_line_are_rejected_and_the_rest_reviewed(
    engine: DuckDBEngine, ask_may: Ask
) -> None:
    (curve,) = found(engine, ask_may, chosen=Chosen(model="risk", version="v1"), reject_at=0.8)
    assert curve.rejected()[0] == curve.flagged[800]
    assert curve.rejected()[850] == curve.flagged[850]
    for point in curve.points:
        assert point.review + point.reject == point.ads


def test_a_policy_takes_in_those_under_it(engine: DuckDBEngine, ask_may: Ask) -> None:
    (curve,) = found(engine, ask_may, chosen=Chosen(model="drugs"))
    assert curve.key.policy == "drugs"
    whole = found(engine, ask_may, chosen=Chosen(model="risk", version="v1")).curves[0]
    assert 0 < curve.violating < whole.violating


def test_slices_have_their_own_curves_and_add_up(engine: DuckDBEngine, ask_may: Ask) -> None:
    chosen = Chosen(model="risk", version="v1")
    parts = found(engine, ask_may, chosen=chosen, by=("market",))
    (whole,) = found(engine, ask_may, chosen=chosen)
    assert {curve.key.slice.terms[0][1] for curve in parts} == {"US", "JP"}
    assert sum(curve.labels for curve in parts) == whole.labels
    assert sum(curve.flagged for curve in parts).tolist() == whole.flagged.tolist()


def test_constant_scores_are_named(engine: DuckDBEngine, ask_may: Ask) -> None:
    (curve,) = found(engine, ask_may, chosen=Chosen(version="v2"))
    assert [note.id for note in curve.notes] == ["curves.constant"]
    assert curve.ranking.auc.value == pytest.approx(0.5)


def test_scores_outside_are_named_and_leave_no_nan(engine: DuckDBEngine, ask_may: Ask) -> None:
    (curve,) = found(engine, ask_may, chosen=Chosen(model="odd"))
    assert {note.id for note in curve.notes} == {
        "curves.outside", "curves.all_violating", "curves.constant",
    }  # fmt: skip
    assert curve.ranking.auc.status is Status.UNKNOWN
    assert "NaN" not in str(curve.record())
    assert "nan" not in str(curve.record()["curve"])


def test_scores_of_ads_without_labels_are_listed(engine: DuckDBEngine, ask_may: Ask) -> None:
    assert [key.model for key in found(engine, ask_may).unlabelled] == ["unseen"]
    with pytest.raises(DesignError, match=r"no ad of .* is labelled") as fault:
        found(engine, ask_may, chosen=Chosen(model="unseen"))
    assert fault.value.hint


def test_a_model_that_is_not_there_is_refused(engine: DuckDBEngine, ask_may: Ask) -> None:
    with pytest.raises(ConfigError, match=r"no ad of .* has such a score"):
        found(engine, ask_may, chosen=Chosen(model="nobody"))


def test_a_column_that_is_not_there_is_refused(engine: DuckDBEngine, ask_may: Ask) -> None:
    with pytest.raises(ConfigError, match="no dimension 'moon'"):
        found(engine, ask_may, by=("moon",))


def test_a_bar_in_per_cent_is_refused(engine: DuckDBEngine, ask_may: Ask) -> None:
    with pytest.raises(ConfigError, match="not between 0 and 1") as fault:
        found(engine, ask_may, precision=(90.0,))
    assert fault.value.hint == "write 0.9"


def test_ten_thousand_slices_are_refused_with_a_hint(
    tell: Callable[[], Story], ask_may: Ask
) -> None:
    story = tell()
    for number in range(10_000):
        name = f"a{number:05d}"
        story.ad(name, advertiser_id=name)
        story.decided(name, "approve")
        story.put("scores", ad_id=name, model="risk", version="v1", score=0.5)
        story.reviewed(name, "compliant", sampling_prob=0.5, design_id="audit")
    with pytest.raises(DesignError, match="10,000 curves") as fault:
        curves(story.opened(), ask_may(), asked=CurvesAsked(by=("advertiser_id",)))
    assert "fewer values" in fault.value.hint


def test_labels_that_nobody_drew_make_a_proxy(tell: Callable[[], Story], ask_may: Ask) -> None:
    story = tell()
    for number in range(30):
        story.ad(f"a{number:02d}")
        story.decided(f"a{number:02d}", "approve")
        story.put("scores", ad_id=f"a{number:02d}", model="m", version="1", score=number / 30)
        if number % 3 == 0:
            story.queued(f"a{number:02d}", "violating" if number > 20 else "compliant")
    result = curves(story.opened(), ask_may())
    assert result.curves[0].ranking.auc.status is Status.PROXY
    assert [caveat.id for caveat in result.caveats] == ["scorecard.found"]


def test_the_points_say_whether_the_band_meets_the_bar(engine: DuckDBEngine, ask_may: Ask) -> None:
    (curve,) = found(engine, ask_may, chosen=Chosen(model="risk", version="v1"))
    for point in curve.points:
        if point.sure_at is not None and "precision" in point.name.id:
            assert point.threshold is not None
            assert point.sure_at >= point.threshold
    table = curve.to_arrow()
    assert table.num_rows == 1000
    assert table.column("ads")[0].as_py() == 120
