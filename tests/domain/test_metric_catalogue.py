"""The built-in metrics: complete in both languages, and true to their own predicates."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from shroff.domain.metric_catalogue import CATALOGUE, HEADLINE
from shroff.domain.metrics import Direction, Metric, Needs, Weight
from shroff.measure.quality import CELLS, Outcomes, outcomes_of
from shroff.store.duckdb import DuckDBEngine
from shroff.store.lake import Lake
from shroff.store.schema import TABLES

CHINESE = re.compile(r"[\u4e00-\u9fff]")
METRICS = list(CATALOGUE.values())
ALL = pytest.mark.parametrize("metric", METRICS, ids=list(CATALOGUE))


def test_the_issue_asks_for_these_metrics_and_they_are_there() -> None:
    asked = {
        *("queue_in_precision", "queue_in_rate", "reject_precision", "right_policy_precision"),
        *("fpr", "fdr", "leakage", "recall_any", "recall_reject", "miss_rate"),
        *("automation_rate", "safe_automation_rate", "first_review_overturn_rate"),
        *("violating_ad_share", "violating_impression_share", "violating_spend_share"),
        *("appeal_rate", "overturns_per_appeal", "turnaround_p50", "turnaround_p90"),
        *("turnaround_p95", "occupancy"),
    }
    assert asked <= set(CATALOGUE)
    assert set(HEADLINE) <= set(CATALOGUE)


@ALL
def test_a_metric_is_found_under_its_own_id(metric: Metric) -> None:
    assert CATALOGUE[metric.id] is metric
    assert re.fullmatch(r"[a-z][a-z0-9_]*", metric.id)


@ALL
def test_a_metric_is_named_defined_and_warned_of_in_both_languages(metric: Metric) -> None:
    for english, chinese in (
        (metric.name("en"), metric.name("zh")),
        (metric.definition("en"), metric.definition("zh")),
        (metric.pitfalls("en"), metric.pitfalls("zh")),
    ):
        assert english
        assert not CHINESE.search(english)
        assert CHINESE.search(chinese)


@ALL
def test_a_definition_is_a_sentence_that_says_what_is_divided_by_what(metric: Metric) -> None:
    assert metric.definition_en.endswith(".")
    assert metric.definition_zh.endswith("。")
    if metric.unit == "share" or metric.id in {"handle_minutes", "occupancy"}:
        assert " / " in metric.definition_en
        assert " / " in metric.definition_zh
    assert metric.numerator
    assert metric.denominator


@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_two_metrics_share_a_name(language: str) -> None:
    names = [metric.name(language).lower() for metric in METRICS]
    assert len(set(names)) == len(names)


def test_recall_the_statistic_is_never_a_bare_word_beside_queue_in() -> None:
    for metric in METRICS:
        assert metric.name_en.lower() not in {"recall", "recall rate"}
        if "recall" in metric.id:
            assert "sensitivity" in metric.name_en
            assert "查全率" in metric.name_zh
        assert metric.name_zh not in {"召回", "召回率"}


@ALL
def test_the_logs_a_metric_needs_are_tables(metric: Metric) -> None:
    assert set(metric.logs) <= set(TABLES)
    assert metric.logs
    exposed = "impressions" in metric.logs
    assert exposed is (metric.weight is not Weight.ADS)
    assert (metric.cohort == "impression") is exposed


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outcomes]:
    folder: Path = tmp_path_factory.mktemp("outcomes")
    with DuckDBEngine(Lake(folder / "lake"), spill=folder / "spill", threads=1) as engine:
        yield outcomes_of(engine, [m for m in METRICS if m.needs is Needs.TRUTH])


def _possible(code: int) -> bool:
    """Tell whether an outcome can be: any policy where one is violated, and a right one cited."""
    any_violating, violating, right = bool(code & 8), bool(code & 4), bool(code & 1)
    return any_violating or not (violating or right)


def test_what_is_counted_above_the_line_is_counted_below_it(outcomes: Outcomes) -> None:
    for name, ratio in outcomes.ratios.items():
        assert ratio.numerator.any(), name
        assert not (ratio.numerator & ~ratio.denominator).any(), name


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("leakage", "npv"),
        ("reject_precision", "fdr"),
        ("recall_any", "miss_rate"),
    ],
)
def test_complements_share_the_line_and_nothing_above_it(
    one: str, other: str, outcomes: Outcomes
) -> None:
    first, second = outcomes.ratios[one], outcomes.ratios[other]
    for code in filter(_possible, range(CELLS)):
        assert first.denominator[code] == second.denominator[code]
        if first.denominator[code]:
            assert first.numerator[code] != second.numerator[code]
    directions = {CATALOGUE[one].direction, CATALOGUE[other].direction}
    assert directions == {Direction.UP_GOOD, Direction.DOWN_GOOD}


def test_metrics_that_contain_one_another_do_so(outcomes: Outcomes) -> None:
    ratios = outcomes.ratios
    for part, whole in (
        ("recall_reject", "recall_any"),
        ("right_policy_precision", "reject_precision"),
    ):
        assert (ratios[part].denominator == ratios[whole].denominator).all()
        possible = [code for code in range(CELLS) if _possible(code)]
        assert all(ratios[whole].numerator[c] for c in possible if ratios[part].numerator[c])
