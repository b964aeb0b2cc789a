"""Erlang's formulas: against sums by hand, published values, and each other."""

from math import exp, factorial, inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shroff.errors import DesignError
from shroff.stats.erlang import erlang_b, erlang_c, one_server_wait, servers_needed, settled


def _lost_by_sums(offered: float, servers: int) -> float:
    terms = [offered**k / factorial(k) for k in range(servers + 1)]
    return terms[-1] / sum(terms)


@given(st.floats(0.01, 30), st.integers(0, 40))
def test_erlang_b_is_the_ratio_of_its_sums(offered: float, servers: int) -> None:
    assert erlang_b(offered, servers) == pytest.approx(_lost_by_sums(offered, servers))


@given(st.floats(0.01, 20), st.integers(1, 40))
def test_erlang_c_is_the_chance_to_find_all_busy(offered: float, servers: int) -> None:
    if offered >= servers:
        assert erlang_c(offered, servers) == 1
        return
    busy = [offered**k / factorial(k) for k in range(servers)]
    full = offered**servers / factorial(servers) * servers / (servers - offered)
    assert erlang_c(offered, servers) == pytest.approx(full / (sum(busy) + full))


def test_ten_erlangs_and_fourteen_servers_as_in_the_tables() -> None:
    assert erlang_b(10, 14) == pytest.approx(0.0568, abs=1e-4)
    assert erlang_c(10, 14) == pytest.approx(0.1741, abs=1e-4)


def test_one_exponential_server_is_both_formulas() -> None:
    queue = settled(8.0, work_hours=0.1, servers=1)
    assert queue.mean_hours == pytest.approx(one_server_wait(8.0, work_hours=0.1, work_sd=0.1))
    assert queue.waits == pytest.approx(0.8)
    assert queue.within(0.5) == pytest.approx(1 - 0.8 * exp(-2 * 0.5))
    assert queue.within(queue.percentile(0.9)) == pytest.approx(0.9)


def test_constant_work_waits_half_as_long() -> None:
    random = one_server_wait(8.0, work_hours=0.1, work_sd=0.1)
    assert one_server_wait(8.0, work_hours=0.1, work_sd=0.0) == pytest.approx(random / 2)


def test_more_than_can_be_done_waits_for_ever() -> None:
    queue = settled(30.0, work_hours=0.1, servers=3)
    assert queue.mean_hours == inf
    assert queue.within(1000) == 0
    assert queue.percentile(0.5) == inf
    assert one_server_wait(10, work_hours=0.1, work_sd=0.1) == inf


@given(st.floats(0.1, 500), st.floats(0.005, 0.5), st.floats(0.5, 0.99), st.floats(0, 24))
def test_the_fewest_servers_are_enough_and_one_less_is_not(
    arrivals: float, work: float, share: float, within: float
) -> None:
    need = servers_needed(arrivals, work_hours=work, share=share, within=within)
    assert settled(arrivals, work_hours=work, servers=need).within(within) >= share - 1e-9
    fewer = settled(arrivals, work_hours=work, servers=need - 1)
    assert fewer.within(within) < share or need == int(arrivals * work) + 1


def test_nothing_to_do_needs_one_who_waits() -> None:
    assert servers_needed(0.0, work_hours=0.1, share=0.9, within=1.0) == 1
    assert settled(0.0, work_hours=0.1, servers=1).within(0) == 1


@pytest.mark.parametrize(
    "told", [{"share": 1.0}, {"share": 0.0}, {"within": -1.0}, {"work_hours": 1e9}]
)
def test_what_cannot_be_asked_is_refused(told: dict[str, float]) -> None:
    usual = {"work_hours": 0.1, "share": 0.9, "within": 1.0}
    with pytest.raises(DesignError):
        servers_needed(10.0, **(usual | told))


def test_negative_work_is_refused() -> None:
    with pytest.raises(DesignError):
        erlang_b(-1, 3)
    with pytest.raises(DesignError):
        erlang_b(1, -3)
