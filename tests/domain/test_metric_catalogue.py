"""Each metric is whole: names, definitions and pitfalls in both languages, two counts."""

from __future__ import annotations

import re

import pytest

from shroff.domain.metric_catalogue import CATALOGUE, HEADLINE
from shroff.domain.metrics import Metric

METRICS = list(CATALOGUE.values())


def name(metric: Metric) -> str:
    return metric.id


@pytest.mark.parametrize("metric", METRICS, ids=name)
def test_a_metric_speaks_both_languages(metric: Metric) -> None:
    for chinese in (metric.name_zh, metric.definition_zh, metric.pitfalls_zh):
        assert re.search(r"[\u4e00-\u9fff]", chinese) or re.fullmatch(r"\w+", chinese)
    assert all((metric.name_en, metric.definition_en, metric.pitfalls_en))


@pytest.mark.parametrize("metric", METRICS, ids=name)
def test_a_metric_has_a_numerator_and_a_denominator(metric: Metric) -> None:
    assert metric.numerator
    assert metric.denominator


@pytest.mark.parametrize("metric", METRICS, ids=name)
def test_a_metric_is_never_called_recall_alone(metric: Metric) -> None:
    assert metric.name_en.casefold() != "recall"
    assert metric.name_zh != "召回"


def test_names_are_unique_in_both_languages() -> None:
    for names in ([m.name_en for m in METRICS], [m.name_zh for m in METRICS]):
        assert len(set(names)) == len(names)


def test_the_headline_speaks_of_metrics_there_are() -> None:
    assert set(HEADLINE) <= CATALOGUE.keys()
