"""The simulated queue against Erlang's formulas, Pollaczek-Khinchine, Cobham, and a slow oracle."""

from __future__ import annotations

import heapq

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shroff.advise.queue_simulation import WorkedOff, simulate_queue
from shroff.errors import DesignError
from shroff.stats.erlang import one_server_wait, settled

_HOURS = 20_000


def _random(rng: np.random.Generator, rate: float, hours: int = _HOURS) -> np.ndarray:
    return np.sort(rng.uniform(0, hours, rng.poisson(rate * hours)))


def _off(values: np.ndarray, batches: int = 40) -> tuple[float, float]:
    """Give the mean and its standard error from means of stretches of time."""
    means = np.array([part.mean() for part in np.array_split(values, batches)])
    return float(means.mean()), float(means.std(ddof=1) / np.sqrt(batches))


def _near(simulated: np.ndarray, told: float) -> None:
    mean, error = _off(simulated)
    assert abs(mean - told) < 4 * error
    assert error < 0.1 * told


@pytest.mark.parametrize(("rate", "servers"), [(7.0, 1), (26.0, 3), (110.0, 12)])
def test_waits_are_erlangs(rate: float, servers: int) -> None:
    rng = np.random.default_rng(servers)
    arrival = _random(rng, rate)
    found = simulate_queue(
        arrival, rng.exponential(0.1, len(arrival)), capacity=np.full(_HOURS + 50, float(servers))
    )
    told = settled(rate, work_hours=0.1, servers=servers)
    _near(found.waits, told.mean_hours)
    _near((found.waits > 1e-9).astype(float), told.waits)
    _near((found.waits > 0.1).astype(float), 1 - told.within(0.1))


@pytest.mark.parametrize("spread", [0.0, 0.6, 1.0])
def test_one_reviewer_waits_as_pollaczek_and_khinchine_say(spread: float) -> None:
    rng = np.random.default_rng(3)
    arrival = _random(rng, 7.0)
    work = 0.1 * np.exp(spread * rng.standard_normal(len(arrival)))
    mean, sd = (
        0.1 * np.exp(spread**2 / 2),
        0.1 * np.sqrt((np.exp(spread**2) - 1) * np.exp(spread**2)),
    )
    rate = 7.0 if spread < 1 else 5.0
    if spread == 1:
        arrival = _random(rng, rate)
        work = work[: len(arrival)]
    found = simulate_queue(arrival, work, capacity=np.ones(_HOURS + 50))
    _near(found.waits, one_server_wait(rate, work_hours=mean, work_sd=sd))


def test_priorities_wait_as_cobham_says() -> None:
    rng = np.random.default_rng(8)
    arrival = _random(rng, 7.0)
    priority = (rng.random(len(arrival)) < 0.6).astype(np.int64)
    work = rng.exponential(0.1, len(arrival))
    found = simulate_queue(arrival, work, capacity=np.ones(_HOURS + 50), priority=priority)
    residual, first = 7.0 * 2 * 0.01 / 2, 0.4 * 0.7
    _near(found.waits[priority == 0], residual / (1 - first))
    _near(found.waits[priority == 1], residual / ((1 - first) * (1 - 0.7)))


def test_half_a_reviewer_takes_twice_as_long() -> None:
    rng = np.random.default_rng(5)
    arrival = _random(rng, 3.0)
    found = simulate_queue(
        arrival, rng.exponential(0.1, len(arrival)), capacity=np.full(_HOURS + 50, 0.5)
    )
    _near(found.waits, settled(3.0, work_hours=0.2, servers=1).mean_hours)


def test_nobody_on_duty_does_nothing_and_shifts_are_kept() -> None:
    found = simulate_queue(
        np.array([0.5, 0.6]), np.array([0.25, 0.25]), capacity=np.array([0.0, 0.0, 1.0, 0.0])
    )
    assert found.start.tolist() == [2.0, 2.25]
    assert found.finish.tolist() == [2.25, 2.5]
    assert found.backlog().tolist() == [2, 2, 0, 0]
    assert found.within(1.75) == 0.5


def test_work_is_shared_when_some_go_home() -> None:
    found = simulate_queue(
        np.array([0.0, 0.0]), np.array([1.5, 1.5]), capacity=np.array([2.0, 1.0, 1.0])
    )
    assert found.finish.tolist() == [2.0, 2.0]


def test_what_is_not_done_in_time_stays_open() -> None:
    found = simulate_queue(np.array([0.0, 0.1]), np.array([5.0, 1.0]), capacity=np.ones(2))
    assert np.isinf(found.finish).all()
    assert found.backlog().tolist() == [2, 2]


def _oracle(arrival: list[float], work: list[float], servers: int, until: float) -> list[float]:
    free = [0.0] * servers
    finish = []
    for came, takes in zip(arrival, work, strict=True):
        begin = max(came, heapq.heappop(free))
        end = begin + takes
        heapq.heappush(free, end)
        finish.append(end if end <= until else np.inf)
    return finish


@settings(max_examples=100)
@given(st.lists(st.tuples(st.floats(0, 20), st.floats(0.001, 3)), max_size=40), st.integers(1, 5))
def test_it_agrees_with_the_slow_oracle(tasks: list[tuple[float, float]], servers: int) -> None:
    tasks.sort()
    arrival, work = [each[0] for each in tasks], [each[1] for each in tasks]
    found = simulate_queue(
        np.array(arrival), np.array(work), capacity=np.full(200, float(servers))
    )
    assert found.finish.tolist() == pytest.approx(_oracle(arrival, work, servers, 200.0))


def test_no_task_is_no_queue() -> None:
    found = simulate_queue(np.zeros(0), np.zeros(0), capacity=np.ones(3))
    assert isinstance(found, WorkedOff)
    assert found.backlog().tolist() == [0, 0, 0]
    assert np.isnan(found.within(1))


@pytest.mark.parametrize(
    ("arrival", "work", "capacity"),
    [([1.0, 0.5], [1.0, 1.0], [1.0]), ([0.0], [-1.0], [1.0]), ([0.0], [1.0], [np.nan])],
)
def test_what_no_queue_can_be_is_refused(
    arrival: list[float], work: list[float], capacity: list[float]
) -> None:
    with pytest.raises(DesignError):
        simulate_queue(np.array(arrival), np.array(work), capacity=np.array(capacity))
