"""The scorecard as a whole: worked by hand, against row-by-row counting, and where it must not know."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from shroff.domain.labels import Basis, DesignKind
from shroff.domain.metric_catalogue import CATALOGUE
from shroff.domain.metrics import Needs
from shroff.domain.slices import Period
from shroff.errors import ConfigError
from shroff.measure.brief import Brief, Design
from shroff.measure.scorecard import Scorecard, scorecard
from shroff.stats.estimate import Estimate, Status
from shroff.store.duckdb import DuckDBEngine

if TYPE_CHECKING:
    from conftest import Story

Ask = Callable[..., Brief]
CENSUS = Design(id="worked", kind=DesignKind.CENSUS, basis=Basis.CERTAIN, queues=("live",))
AUDIT = Design(id="audit")


def _figure(card: Scorecard, metric: str, **where: str | None) -> Estimate:
    figure = card.figure(metric, **where)
    assert figure is not None, (metric, where)
    return figure.estimate


HAND = {
    # metric: numerator, denominator, labels in the denominator
    "reject_precision": (30, 40, 40),
    "right_policy_precision": (20, 40, 40),
    "leakage": (20, 940, 94),
    "recall_any": (50, 70, 52),
    "recall_reject": (30, 70, 52),
    "miss_rate": (20, 70, 52),
    "fpr": (10, 930, 102),
    "fdr": (10, 40, 40),
    "specificity": (920, 930, 102),
    "npv": (920, 940, 94),
    "violating_ad_share": (70, 1000, 154),
    "queue_in_precision": (20, 20, 20),
    "queue_in_rate": (20, 1000, 1000),
    "reject_rate": (40, 1000, 1000),
    "approve_rate": (940, 1000, 1000),
    "automation_rate": (980, 1000, 1000),
    "rule_share": (0, 60, 60),
}


@pytest.fixture(scope="module")
def worked(biased_review_sample: DuckDBEngine, ask_may: Ask) -> Scorecard:
    by = (("market",), ("policy",), ("policy", "market"), ("week", "action"))
    return scorecard(biased_review_sample, ask_may(by=by, designs=(AUDIT, CENSUS)))


@pytest.mark.parametrize("metric", HAND)
def test_every_figure_is_what_it_is_by_hand(metric: str, worked: Scorecard) -> None:
    above, below, labels = HAND[metric]
    figure = _figure(worked, metric)
    assert figure.value == pytest.approx(above / below)
    assert figure.numerator == pytest.approx(above)
    assert figure.denominator == pytest.approx(below)
    assert figure.n == labels
    assert figure.low is not None
    assert figure.high is not None
    assert figure.low <= figure.value <= figure.high


def test_what_is_counted_has_no_doubt_and_what_is_sampled_has(worked: Scorecard) -> None:
    for metric in HAND:
        figure = _figure(worked, metric)
        sampled = CATALOGUE[metric].needs is Needs.TRUTH
        assert figure.status is (Status.ESTIMATE if sampled else Status.COUNT), metric
        # rejects and queued ads were all labelled: only what touches approved ads is in doubt
        approved = metric not in {"reject_precision", "right_policy_precision", "fdr"}
        assert (figure.width > 0) is (sampled and approved), metric


def test_labels_mostly_of_what_was_flagged_do_not_flatter_recall(worked: Scorecard) -> None:
    naive = 50 / 52
    figure = _figure(worked, "recall_any")
    assert figure.high < naive
    assert figure.value == pytest.approx(50 / 70)


def test_slices_of_a_dimension_add_up_to_everything(worked: Scorecard) -> None:
    for metric in ("leakage", "recall_any", "violating_ad_share", "queue_in_rate"):
        block = worked.block(metric, "market")
        assert block is not None
        for side in ("numerator", "denominator", "n"):
            total = sum(getattr(figure.estimate, side) for figure in block)
            assert total == pytest.approx(getattr(_figure(worked, metric), side)), (metric, side)


def test_one_policy_in_scope_counts_what_violates_or_cites_it(worked: Scorecard) -> None:
    drugs = {"recall_any": (40, 60), "leakage": (20, 940), "reject_precision": (30, 40)}
    drugs |= {"violating_ad_share": (60, 1000), "fpr": (10, 930), "queue_in_rate": (20, 1000)}
    weapons = {"recall_any": (10, 10), "leakage": (0, 940), "violating_ad_share": (10, 1000)}
    weapons |= {"fpr": (0, 930), "npv": (940, 940)}
    for policy, expected in (("drugs", drugs), ("weapons", weapons)):
        for metric, (above, below) in expected.items():
            if policy == "weapons" and metric == "queue_in_rate":
                continue
            figure = _figure(worked, metric, policy=policy)
            assert (figure.numerator, figure.denominator) == pytest.approx((above, below)), (
                policy,
                metric,
            )


def test_a_policy_nobody_cites_has_no_precision(worked: Scorecard) -> None:
    figure = _figure(worked, "reject_precision", policy="weapons")
    assert (figure.value, figure.status, figure.n) == (None, Status.UNKNOWN, 0)


def test_logs_that_are_missing_make_figures_unknown_not_zero(worked: Scorecard) -> None:
    missing = {
        "machine_coverage": "scores",
        "proactive_rate": "reports",
        "reported_leak_floor": "reports",
        "violating_impression_share": "impressions",
        "violating_spend_share": "impressions",
        "leaked_impression_share": "impressions",
        "appeal_rate": "appeals",
        "overturns_per_appeal": "appeals",
        "appeal_error_floor": "appeals",
        "occupancy": "staffing",
    }
    for metric, table in missing.items():
        figure = _figure(worked, metric)
        assert (figure.status, figure.value, figure.low) == (Status.UNKNOWN, None, None), metric
        assert [c.id for c in figure.caveats] == ["scorecard.no_log"], metric
        assert figure.caveats[0].params["table"] == table


def test_every_metric_of_the_catalogue_is_on_the_scorecard(worked: Scorecard) -> None:
    measured = {figure.metric for figure in worked if not figure.slice.terms}
    assert measured == set(CATALOGUE) - {"first_review_overturn_rate"}  # nothing was re-reviewed


def test_figures_are_found_whatever_the_order_of_dimensions(worked: Scorecard) -> None:
    one = worked.figure("leakage", policy="drugs", market="US")
    other = worked.figure("leakage", market="US", policy="drugs")
    assert one is not None
    assert one == other
    assert worked.figure("leakage", market="nowhere") is None
    assert worked.figure("leakage", industry="x") is None


def test_the_order_is_slicing_by_slicing_as_the_catalogue_goes(worked: Scorecard) -> None:
    places = list(CATALOGUE)
    whole = [places.index(block.metric) for block in worked.blocks if not block.dimensions]
    assert whole == sorted(whole)
    assert [len(b.dimensions) for b in worked.blocks] == sorted(
        len(b.dimensions) for b in worked.blocks
    )


def test_the_record_is_json_and_holds_every_figure(worked: Scorecard) -> None:
    record = json.loads(json.dumps(worked.record(), ensure_ascii=False, allow_nan=False))
    assert len(record["figures"]) == len(worked) == len(list(worked))
    assert record["labels"] == 154
    assert record["design"] == "audit (poisson, logged) + worked (census, certain)"
    leak = next(f for f in record["figures"] if f["metric"] == "leakage" and not f["slice"])
    assert (leak["numerator"], leak["denominator"], leak["n"]) == (20, 940, 94)
    assert all(q["sql"].lstrip().upper().startswith(("SELECT", "WITH")) for q in record["queries"])


def test_the_sql_shown_runs_and_gives_the_labels(
    worked: Scorecard, biased_review_sample: DuckDBEngine
) -> None:
    for query in worked.queries:
        biased_review_sample.query(query.sql)
    frame = next(q for q in worked.queries if q.title == "label frame by ads")
    assert len(biased_review_sample.query(frame.sql)) == worked.frame.labels


def test_the_scorecard_converts_to_arrow_pandas_and_polars(worked: Scorecard) -> None:
    arrow = worked.to_arrow()
    pandas, polars = worked.to_pandas(), worked.to_polars()
    assert len(arrow) == len(pandas) == len(polars) == len(worked)
    row = pandas[(pandas.metric == "leakage") & (pandas.slicing == "market")].set_index("market")
    assert row.loc["JP", "denominator"] == pytest.approx(940)
    assert set(pandas.status) <= set(Status)
    assert polars["metric"].n_unique() == len({f.metric for f in worked})


def test_a_dimension_that_does_not_exist_is_refused_with_a_guess(
    biased_review_sample: DuckDBEngine, ask_may: Ask
) -> None:
    with pytest.raises(ConfigError, match="did you mean 'market'") as caught:
        scorecard(biased_review_sample, ask_may(by=(("markt",),)))
    assert "markt" in caught.value.cause


def test_a_metric_that_does_not_exist_is_refused_with_a_guess(
    biased_review_sample: DuckDBEngine, ask_may: Ask
) -> None:
    with pytest.raises(ConfigError, match="did you mean 'leakage'"):
        scorecard(biased_review_sample, ask_may(wanted=("leekage",)))


def test_only_the_metrics_wanted_are_measured(
    biased_review_sample: DuckDBEngine, ask_may: Ask
) -> None:
    card = scorecard(biased_review_sample, ask_may(wanted=("npv", "leakage")))
    assert [figure.metric for figure in card] == ["leakage", "npv"]


# What was never sampled


def _recalled_by_hand(bad_queued: int) -> float:
    return (30 + bad_queued) / (50 + bad_queued)


def test_an_action_never_sampled_leaves_bounds_that_hold_the_truth(
    biased_review_sample: DuckDBEngine, ask_may: Ask
) -> None:
    card = scorecard(biased_review_sample, ask_may(designs=(AUDIT,)))
    truths = {
        "recall_any": [_recalled_by_hand(bad) for bad in range(21)],
        "violating_ad_share": [(50 + bad) / 1000 for bad in range(21)],
        "fpr": [10 / (950 - bad) for bad in range(21)],
    }
    for metric, possible in truths.items():
        figure = _figure(card, metric)
        assert (figure.status, figure.value) == (Status.BOUNDS, None)
        assert figure.low <= min(possible)
        assert max(possible) <= figure.high
        caveats = {c.id: c.params for c in figure.caveats}
        assert caveats["scorecard.never_sampled"]["actions"] == "review"
    assert _figure(card, "leakage").status is Status.ESTIMATE
    assert _figure(card, "reject_precision").status is Status.ESTIMATE


def test_approvals_never_sampled_leave_leakage_wide_open(
    worked_queue: DuckDBEngine, ask_may: Ask
) -> None:
    card = scorecard(worked_queue, ask_may(designs=(CENSUS,)))
    leak = _figure(card, "leakage")
    assert (leak.status, leak.low, leak.high) == (Status.BOUNDS, 0.0, 1.0)
    share = _figure(card, "violating_ad_share")
    # 6 of 20 are known to violate, 2 not to; two open tasks and ten approvals may go either way
    assert (share.status, share.low, share.high) == (Status.BOUNDS, 6 / 20, 18 / 20)
    queue = _figure(card, "queue_in_precision")
    assert (queue.status, queue.value, queue.low, queue.high) == (Status.COUNT, 0.75, 0.6, 0.8)
    assert card.audit is not None


def test_without_any_probability_figures_are_proxies_and_counts_come_first(
    no_probability: DuckDBEngine, ask_may: Ask
) -> None:
    card = scorecard(no_probability, ask_may())
    for metric in ("leakage", "reject_precision", "recall_any"):
        figure = _figure(card, metric)
        assert figure.status is Status.PROXY
        assert [c.id for c in figure.caveats] == ["scorecard.found"]
    assert _figure(card, "reject_precision").value == 0.75
    assert _figure(card, "reject_rate").status is Status.COUNT
    assert card.blocks[0].status == (Status.COUNT,)
    assert card.audit is not None
    assert {s.action for s in card.audit.strata} == {"approve", "reject"}


# Where there is little or nothing


def test_no_reviews_at_all_leaves_counts_and_unknowns(
    tell: Callable[[], Story], ask_may: Ask
) -> None:
    story = tell()
    for number in range(5):
        story.decided(f"a{number}", "approve" if number else "reject", policy_id="drugs")
    card = scorecard(story.opened(), ask_may(by=(("policy",), ("market",), ("policy", "market"))))
    assert _figure(card, "reject_rate").value == pytest.approx(0.2)
    assert _figure(card, "leakage").status is Status.UNKNOWN
    assert _figure(card, "automation_rate").status is Status.UNKNOWN
    assert card.audit is not None


@pytest.mark.parametrize("cluster", ["", "advertiser_id"])
def test_a_period_without_decisions_gives_no_figure_and_no_fault(
    cluster: str, biased_review_sample: DuckDBEngine, ask_may: Ask
) -> None:
    empty = Period(date(2026, 7, 1), date(2026, 8, 1))
    brief = ask_may(
        period=empty,
        by=(("market",), ("policy",), ("policy", "market"), ("week",)),
        designs=(replace(AUDIT, cluster=cluster), CENSUS),
    )
    card = scorecard(biased_review_sample, brief)
    assert {f.estimate.value for f in card} <= {None}
    assert {f.estimate.status for f in card} == {Status.UNKNOWN}
    json.dumps(card.record(), allow_nan=False)


@pytest.mark.parametrize("verdict", ["violating", "compliant"])
def test_one_label_says_something_but_not_much(
    verdict: str, tell: Callable[[], Story], ask_may: Ask
) -> None:
    story = tell()
    for number in range(50):
        story.decided(f"a{number}", "approve")
    story.reviewed("a0", verdict, sampling_prob=0.02)
    leak = _figure(scorecard(story.opened(), ask_may()), "leakage")
    assert leak.value == (1.0 if verdict == "violating" else 0.0)
    assert leak.n == 1
    assert leak.width > 0.7


@pytest.mark.parametrize("verdict", ["violating", "compliant"])
def test_labels_all_of_one_kind_do_not_make_certainty(
    verdict: str, tell: Callable[[], Story], ask_may: Ask
) -> None:
    story = tell()
    for number in range(200):
        story.decided(f"a{number}", "approve")
        if number % 2:
            story.reviewed(f"a{number}", verdict, sampling_prob=0.5)
    card = scorecard(story.opened(), ask_may())
    leak, recall = _figure(card, "leakage"), _figure(card, "recall_any")
    if verdict == "compliant":
        assert (leak.value, leak.low) == (0.0, 0.0)
        assert 0.01 < leak.high < 0.06
        assert recall.status is Status.UNKNOWN
    else:
        assert (leak.value, leak.high) == (1.0, 1.0)
        assert 0.94 < leak.low < 0.99
        assert recall.value == 0.0
        assert _figure(card, "fpr").status is Status.UNKNOWN


def test_an_ad_in_two_markets_is_measured_in_each(two_markets: DuckDBEngine, ask_may: Ask) -> None:
    card = scorecard(two_markets, ask_may(by=(("market",),)))
    assert _figure(card, "leakage", market="US").value == 1.0
    assert _figure(card, "reject_precision", market="JP").value == 1.0
    assert _figure(card, "leaked_impression_share").denominator == pytest.approx(2000)
    assert _figure(card, "recall_any").value == 0.5
