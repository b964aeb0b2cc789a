"""Breakers: seldom wrong however often one looks, and quick where a rule goes wrong."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from shroff.rules.forecast import RuleForecast
from shroff.rules.rule_breaker import days_of, few_hits, low_precision, surge
from shroff.stats.estimate import Estimate, Status

START = date(2026, 5, 1)
DAYS = days_of(START, START + timedelta(days=91))


def forecast(mean: float, *, variance: float = 0.0, days: int = 28) -> RuleForecast:
    return RuleForecast(
        rule_id="R1",
        version=1,
        hits_per_day=mean,
        hits_low=0.0,
        hits_high=9 * mean + 9,
        precision=0.9,
        precision_low=0.8,
        precision_high=0.96,
        status="estimate",
        reviews_per_day=0.0,
        days=days,
        daily_variance=max(variance, mean),
        precision_labels=100.0,
    )


def share(value: float, n: float, *, status: Status = Status.ESTIMATE) -> Estimate:
    reach = 1.96 * (value * (1 - value) / n) ** 0.5
    return Estimate(
        value=value, low=max(value - reach, 0), high=min(value + reach, 1), level=0.95,
        status=status, method="korn-graubard", n=int(n), n_effective=n,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("mean", "variance"), [(0.3, 0.3), (4.0, 4.0), (4.0, 16.0), (60.0, 600.0)]
)
def test_daily_looks_raise_few_false_alarms(mean: float, variance: float) -> None:
    """Forecast from 28 days, then 91 days alike, each looked at: at most 5% are to breach."""
    rng, runs, alarms = np.random.default_rng(5), 400, 0
    shape = mean**2 / (variance - mean) if variance > mean else 0.0
    for _ in range(runs):
        rate = rng.gamma(shape, mean / shape, 28 + 91) if shape else np.full(28 + 91, mean)
        hits = rng.poisson(rate)
        past, now = hits[:28], hits[28:]
        made = forecast(float(past.mean()), variance=float(past.var(ddof=1)))
        by_day = {day: int(n) for day, n in zip(DAYS, now, strict=True) if n}
        found = surge("R1", by_day, forecast=made, days=DAYS)
        alarms += found is not None and found.p < 0.05
    assert alarms / runs < 0.05 + 2 * (0.05 * 0.95 / runs) ** 0.5


def test_a_day_far_above_the_forecast_is_named() -> None:
    by_day = dict.fromkeys(DAYS[:28], 4) | {DAYS[20]: 40}
    found = surge("R1", by_day, forecast=forecast(4.0), days=DAYS[:28])
    assert found is not None
    assert found.p < 1e-6
    assert found.message.id == "life.surge_day"
    assert str(DAYS[20]) in found.message.text()


def test_many_days_somewhat_above_the_forecast_are_named_together() -> None:
    by_day = dict.fromkeys(DAYS[:28], 8)
    found = surge("R1", by_day, forecast=forecast(4.0), days=DAYS[:28])
    assert found is not None
    assert (found.message.id, found.p < 1e-4) == ("life.surge", True)


def test_little_more_than_forecast_is_no_breach_however_sure() -> None:
    by_day = dict.fromkeys(DAYS, 1300)
    assert surge("R1", by_day, forecast=forecast(1000.0), days=DAYS) is None


def test_a_rule_that_never_hit_may_hit_once() -> None:
    found = surge("R1", {DAYS[3]: 1}, forecast=forecast(0.0), days=DAYS)
    assert found is None or found.p > 0.05
    burst = surge("R1", {DAYS[3]: 50}, forecast=forecast(0.0), days=DAYS)
    assert burst is not None
    assert burst.p < 1e-6


def test_no_hits_at_all_are_few_where_many_were_forecast() -> None:
    found = few_hits("R1", {}, forecast=forecast(5.0), days=DAYS[:14])
    assert found is not None
    assert found.p < 0.001
    assert (
        few_hits("R1", dict.fromkeys(DAYS[:14], 3), forecast=forecast(5.0), days=DAYS[:14]) is None
    )
    rare = few_hits("R1", {}, forecast=forecast(0.1), days=DAYS[:7])
    assert rare is None or rare.p > 0.05


def test_a_precision_that_is_surely_lower_is_named() -> None:
    found = low_precision("R1", share(0.4, 200), forecast=forecast(4.0), miss=0.005)
    assert found is not None
    assert "200" in found.message.text()


@pytest.mark.parametrize(
    "seen", [share(0.84, 200), share(0.5, 6), share(0.1, 300, status=Status.PROXY)]
)
def test_chance_and_proxies_name_nothing(seen: Estimate) -> None:
    assert low_precision("R1", seen, forecast=forecast(4.0), miss=0.005) is None


def test_a_forecast_from_no_random_label_names_nothing() -> None:
    weak = replace(forecast(4.0), status="proxy")
    assert low_precision("R1", share(0.1, 300), forecast=weak, miss=0.005) is None


def test_daily_looks_at_labels_raise_few_false_alarms() -> None:
    """Labels of the forecast and of a quarter have one precision: at most 5% are to breach."""
    rng, runs, alarms = np.random.default_rng(6), 150, 0
    for _ in range(runs):
        made = _counted(int(rng.binomial(40, 0.85)), 40)
        hits = np.cumsum(rng.binomial(2, 0.85, len(DAYS)))
        alarms += any(
            low_precision(
                "R1",
                share(float(hits[day]) / (2 * day + 2), 2.0 * day + 2),
                forecast=made,
                miss=0.05,
            )
            is not None
            for day in range(4, len(DAYS))
        )
    assert alarms / runs <= 0.05


def _counted(hits: int, labels: int) -> RuleForecast:
    seen = share(hits / labels, labels)
    return replace(
        forecast(4.0),
        precision=seen.value,
        precision_low=seen.low,
        precision_high=seen.high,
        precision_labels=float(labels),
    )
