"""Metrics of the user's own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from shroff.domain.labels import Basis, DesignKind
from shroff.domain.metric_catalogue import CATALOGUE
from shroff.domain.metrics import Direction, Metric, Needs, Weight
from shroff.errors import ConfigError
from shroff.measure.brief import Brief, Design
from shroff.measure.scorecard import scorecard
from shroff.stats.estimate import Estimate, Status
from shroff.store.duckdb import DuckDBEngine

if TYPE_CHECKING:
    from conftest import Story

Ask = Callable[..., Brief]
DESIGNS = (
    Design(id="audit"),
    Design(id="worked", kind=DesignKind.CENSUS, basis=Basis.CERTAIN, queues=("live",)),
)


def _own(numerator: str, denominator: str, *, weight: Weight = Weight.ADS) -> Metric:
    return Metric(
        id="own",
        name_en="Own",
        name_zh="自定义",
        definition_en="",
        definition_zh="",
        numerator=numerator,
        denominator=denominator,
        needs=Needs.TRUTH,
        direction=Direction.NEUTRAL,
        weight=weight,
        custom=True,
    )


def _figure(
    engine: DuckDBEngine, ask_may: Ask, metric: Metric, *, same_as: str = "", **where: str
) -> tuple[Estimate, Estimate | None]:
    """Give the figure of a metric, and of the built-in one it should equal."""
    by = (("market",),)
    wanted = tuple(name for name in ("own", same_as) if name)
    brief = ask_may(metrics={**CATALOGUE, "own": metric}, wanted=wanted, by=by, designs=DESIGNS)
    card = scorecard(engine, brief)
    figure, twin = card.figure("own", **where), card.figure(same_as, **where) if same_as else None
    assert figure is not None
    return figure.estimate, twin.estimate if twin else None


@pytest.mark.parametrize("market", ["", "JP"])
@pytest.mark.parametrize(
    "name",
    ["leakage", "reject_precision", "right_policy_precision", "recall_any", "violating_ad_share"],
)
def test_a_metric_written_like_a_built_in_one_gives_the_same_figure(
    name: str, market: str, biased_review_sample: DuckDBEngine, ask_may: Ask
) -> None:
    metric = _own(CATALOGUE[name].numerator, CATALOGUE[name].denominator)
    where = {"market": market} if market else {}
    own, twin = _figure(biased_review_sample, ask_may, metric, same_as=name, **where)
    assert twin is not None
    for part in ("value", "numerator", "denominator", "n", "status"):
        assert getattr(own, part) == pytest.approx(getattr(twin, part)), part


def test_conditions_without_labels_are_counted_in_full(
    biased_review_sample: DuckDBEngine, ask_may: Ask
) -> None:
    metric = _own("policy_id = 'drugs'", "action <> 'approve'")
    figure, _ = _figure(biased_review_sample, ask_may, metric)
    assert (figure.numerator, figure.denominator, figure.status) == (60, 60, Status.COUNT)


def test_a_condition_that_is_not_sql_is_refused_with_its_place(
    biased_review_sample: DuckDBEngine, ask_may: Ask
) -> None:
    with pytest.raises(ConfigError, match=r"\[metrics\.own\]") as caught:
        _figure(biased_review_sample, ask_may, _own("violatng", "true"))
    assert "violatng" in caught.value.cause


def test_a_condition_with_an_or_keeps_its_meaning(
    biased_review_sample: DuckDBEngine, ask_may: Ask
) -> None:
    metric = _own("violating or action = 'reject'", "action = 'reject' or action = 'review'")
    figure, _ = _figure(biased_review_sample, ask_may, metric)
    assert (figure.numerator, figure.denominator, figure.value) == (60, 60, 1.0)


def test_exposure_weighs_each_ad_by_what_it_showed(
    tell: Callable[[], Story], ask_may: Ask
) -> None:
    story = tell()
    for number in range(20):
        name = f"a{number}"
        story.decided(name, "approve")
        story.shown(name, "2026-05-06", 900 if number < 2 else 100, spend=number)
        if number % 2 == 0:
            verdict = "violating" if number == 0 else "compliant"
            story.reviewed(name, verdict, sampling_prob=0.5)
    engine = story.opened()
    metric = _own("violating", "true", weight=Weight.IMPRESSIONS)
    figure, twin = _figure(engine, ask_may, metric, same_as="violating_impression_share")
    assert twin is not None
    assert figure.value == twin.value == pytest.approx(900 / 1800)
    spent, twin = _figure(
        engine,
        ask_may,
        _own("violating", "true", weight=Weight.SPEND),
        same_as="violating_spend_share",
    )
    assert spent.value == 0.0  # the violating ad spent nothing
    assert twin is not None
    assert (spent.n, spent.denominator) == (twin.n, twin.denominator)


def test_an_action_never_sampled_leaves_bounds_for_a_metric_of_the_users_too(
    worked_queue: DuckDBEngine, ask_may: Ask
) -> None:
    own, twin = _figure(
        worked_queue, ask_may, _own("violating", "true"), same_as="violating_ad_share"
    )
    assert twin is not None
    assert (own.status, own.value) == (Status.BOUNDS, None)
    assert (own.low, own.high) == (twin.low, twin.high)


def test_a_condition_on_what_only_labels_have_leaves_the_unlabelled_open(
    worked_queue: DuckDBEngine, ask_may: Ask
) -> None:
    own, _ = _figure(worked_queue, ask_may, _own("violating", "tier >= 1"))
    # the ten approvals and two open tasks may be in it or not, violating or not
    assert (own.status, own.low, own.high) == (Status.BOUNDS, 6 / 20, 18 / 20)


def test_a_metric_that_cannot_hold_the_action_never_sampled_is_an_estimate(
    biased_review_sample: DuckDBEngine, ask_may: Ask
) -> None:
    metric = _own("violating", "action = 'approve' and market = 'JP'")
    brief = ask_may(metrics={**CATALOGUE, "own": metric}, wanted=("own",), designs=DESIGNS[:1])
    figure = scorecard(biased_review_sample, brief).figure("own")
    assert figure is not None
    assert figure.estimate.status is Status.ESTIMATE


def test_labels_that_happened_to_be_there_make_a_proxy(
    no_probability: DuckDBEngine, ask_may: Ask
) -> None:
    figure, _ = _figure(no_probability, ask_may, _own("violating", "action = 'reject'"))
    assert (figure.value, figure.status) == (0.75, Status.PROXY)
    assert [note.id for note in figure.caveats] == ["scorecard.found"]


def test_where_ads_err_by_advertiser_it_does_too(
    biased_review_sample: DuckDBEngine, ask_may: Ask
) -> None:
    metric = _own(CATALOGUE["leakage"].numerator, CATALOGUE["leakage"].denominator)
    reach = {}
    for cluster in ("", "advertiser_id"):
        designs = tuple(replace(design, cluster=cluster) for design in DESIGNS)
        brief = ask_may(
            metrics={**CATALOGUE, "own": metric}, wanted=("own", "leakage"), designs=designs
        )
        card = scorecard(biased_review_sample, brief)
        own, twin = card.figure("own"), card.figure("leakage")
        assert own is not None
        assert twin is not None
        assert own.estimate.value == pytest.approx(twin.estimate.value)
        reach[cluster] = own.estimate.n_effective
    assert reach[""] != reach["advertiser_id"]
