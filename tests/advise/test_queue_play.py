"""Queues fitted to their log, played before and after, and the people they need."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import brentq

from shroff.advise.queue_need import need_of
from shroff.advise.queue_play import Fit, fit_queue, play_queue, priorities
from shroff.advise.queue_simulation import simulate_queue
from shroff.advise.review_load import QueueLoad
from shroff.errors import DesignError
from shroff.stats.erlang import settled

_HOURS = 24 * 28


def _load(rng: np.random.Generator, *, part: float, lag: float, staff: float = 3.0) -> QueueLoad:
    """Make the log of a queue whose people work a part of their time on tasks."""
    arrival = np.sort(rng.uniform(0, _HOURS - 24, 3000))
    work = rng.lognormal(np.log(0.2), 0.6, len(arrival))
    duty = np.where(np.arange(_HOURS) % 24 < 16, staff, 0.5)
    done = simulate_queue(arrival, work, capacity=duty * part).turnaround
    reason = np.where(rng.random(len(arrival)) < 0.2, "appeal", "model").astype(object)
    return QueueLoad(
        queue="q", hours=_HOURS, arrival=arrival, work=work, turnaround=done + lag, reason=reason,
        arrival_after=arrival, work_after=work, reason_after=reason, duty=duty, duty_after=duty,
        logged=True,
    )  # fmt: skip


def test_how_people_work_is_found_in_the_log() -> None:
    fit = fit_queue(_load(np.random.default_rng(1), part=0.62, lag=0.3))
    assert fit.fitted
    assert fit.part == pytest.approx(0.62, rel=0.03)
    assert fit.lag == pytest.approx(0.3, abs=0.1)


def _random(rng: np.random.Generator, rate: float) -> tuple[np.ndarray, np.ndarray]:
    """Draw arrivals and exponential work of 0.2 hours."""
    arrival = np.sort(rng.uniform(0, _HOURS, rng.poisson(rate * _HOURS)))
    return arrival, rng.exponential(0.2, len(arrival))


def _erlang_p90(rate: float, servers: int) -> float:
    """Give the hours within which nine of ten are done in M/M/c: wait and work together."""
    told, served = settled(rate, work_hours=0.2, servers=servers), 1 / 0.2

    def later(hours: float) -> float:
        work, wait = np.exp(-served * hours), np.exp(-told.decay * hours)
        both = (told.decay * work - served * wait) / (told.decay - served)
        return float((1 - told.waits) * work + told.waits * both)

    return float(brentq(lambda hours: later(hours) - 0.1, 1e-6, 500.0))


def _at_another_load(seed: int, *, servers: int = 3, lag: float = 0.2) -> tuple[bool, float]:
    """Log a queue at half load, foresee four fifths, and let that come true in another world."""
    rng = np.random.default_rng(seed)
    arrival, work = _random(rng, 7.5)
    more, theirs = _random(rng, 4.5)
    duty = np.full(_HOURS, float(servers))
    order = np.argsort(np.concatenate([arrival, more]), kind="stable")
    then = np.concatenate([arrival, more])[order]
    foreseen = np.concatenate([work, rng.choice(work, len(more))])[order]
    load = QueueLoad(
        queue="q", hours=_HOURS, arrival=arrival, work=work,
        turnaround=simulate_queue(arrival, work, capacity=duty).turnaround + lag,
        reason=np.full(len(arrival), "model", dtype=object), arrival_after=then,
        work_after=foreseen, reason_after=np.full(len(then), "model", dtype=object),
        duty=duty, duty_after=duty, logged=True,
    )  # fmt: skip
    told = play_queue(load, fit_queue(load), level=0.95, rng=rng).p90[1]
    real = np.concatenate([work, theirs])[order]
    came = simulate_queue(then, real, capacity=duty).turnaround + lag
    assert told.value is not None
    assert told.low is not None
    held = told.low <= float(np.quantile(came, 0.9)) <= (told.high or np.inf)
    return held, told.value - lag


def test_waits_foreseen_at_another_load_come_true_and_are_erlangs() -> None:
    found = [_at_another_load(seed) for seed in range(24)]
    assert np.mean([held for held, _ in found]) >= 0.85
    assert np.median([value for _, value in found]) == pytest.approx(_erlang_p90(12.0, 3), rel=0.1)


@pytest.mark.slow
def test_intervals_of_waits_at_another_load_hold() -> None:
    assert np.mean([_at_another_load(seed)[0] for seed in range(300)]) >= 0.93


def test_a_log_of_nothing_tells_nothing() -> None:
    load = _load(np.random.default_rng(1), part=0.6, lag=0.0)
    assert fit_queue(replace(load, duty=np.zeros(_HOURS))) == Fit()
    assert fit_queue(replace(load, turnaround=np.full(3000, np.inf))) == Fit()


def test_before_is_the_log_and_fewer_tasks_wait_less() -> None:
    rng = np.random.default_rng(2)
    load = _load(rng, part=0.6, lag=0.2)
    some = np.arange(0, 3000, 2)
    fewer = replace(
        load, arrival_after=load.arrival[some], work_after=load.work[some],
        reason_after=load.reason[some],
    )  # fmt: skip
    found = play_queue(fewer, fit_queue(load), level=0.95, rng=rng)
    assert found.tasks_after == 1500
    before, after = found.p90
    assert before.value == pytest.approx(found.logged_p90, rel=0.1)
    assert after.value is not None
    assert before.value is not None
    assert after.value < before.value
    assert before.low is not None
    assert before.low <= before.value
    assert found.by_hour.sum() == pytest.approx(load.work.sum(), rel=0.01)
    assert found.record()["tasks_after"] == 1500


def test_appeals_that_come_first_wait_less() -> None:
    load = _load(np.random.default_rng(3), part=0.55, lag=0.0)
    rank = priorities(load.reason, ["appeal"])
    assert rank is not None
    played = simulate_queue(
        load.arrival, load.work, capacity=load.duty * 0.55, priority=rank
    ).turnaround
    assert played[rank == 0].mean() < played[rank == 1].mean()
    assert priorities(load.reason, ()) is None


def test_a_queue_needs_as_many_as_reach_the_target_and_no_more() -> None:
    rng = np.random.default_rng(4)
    load = _load(rng, part=0.6, lag=0.1)
    need = need_of(load, share=0.9, within=6.0, rng=rng)
    assert need.reached_low >= 0.9
    capacity = load.duty * need.fit.part * need.needed / need.now
    reached = simulate_queue(load.arrival, load.work, capacity=capacity).within(6 - need.fit.lag)
    assert reached >= 0.9
    fewer = simulate_queue(load.arrival, load.work, capacity=capacity * 0.8).within(6.0)
    assert fewer < reached
    assert 0 < need.erlang < 24
    assert need.messages()[0].id == "staff.lead"


def test_what_people_cannot_reach_is_refused() -> None:
    rng = np.random.default_rng(5)
    load = _load(rng, part=0.6, lag=0.5)
    with pytest.raises(DesignError, match="before anybody could begin"):
        need_of(load, share=0.9, within=0.2, rng=rng)
    nobody = np.zeros(0)
    with pytest.raises(DesignError, match="no task came"):
        need_of(
            replace(load, arrival_after=nobody, work_after=nobody), share=0.9, within=4, rng=rng
        )
    day = np.where(np.arange(_HOURS) % 24 == 0, 1.0, 0.0)
    with pytest.raises(DesignError, match="however many"):
        need_of(replace(load, duty_after=day), share=0.95, within=1.0, rng=rng)
