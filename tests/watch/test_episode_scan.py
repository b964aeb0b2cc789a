"""A scan over stretches of days: what it finds, when, and how seldom it finds what is not there."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from shroff.watch.episode_scan import Parted, scan

DAYS = 98


def parted(
    rng: np.random.Generator,
    *,
    series: int = 1,
    mean: float = 20.0,
    dispersion: float = 1.0,
    times: float = 1.0,
    first: int = 60,
    last: int = 80,
    moved: float = 1.0,
) -> Parted:
    """Series with a week; the first slice is ``times`` as frequent for some days, all are ``moved``."""
    week = 1 + 0.2 * np.sin(np.arange(DAYS) * 2 * np.pi / 7)
    whole = np.where(np.arange(DAYS) >= 40, moved, 1.0) * week
    centre = np.tile(mean * whole, (series, 1))
    centre[0, first:last] *= times
    if dispersion > 1:
        centre = rng.gamma(centre / (dispersion - 1), dispersion - 1)
    rest = np.tile(5 * mean * whole, (series, 1))
    return Parted(
        above=rng.poisson(centre).astype(float),
        below=np.tile(50 * mean * week, (series, 1)),
        rest_above=rng.poisson(rest).astype(float),
        rest_below=np.tile(250 * mean * week, (series, 1)),
        settled=np.ones(DAYS, bool),
    )


def test_a_planted_stretch_is_found_and_dated() -> None:
    rng = np.random.default_rng(1)
    near, lasted = [], []
    for _ in range(20):
        (best, *_) = scan(parted(rng, times=1.6))
        assert best.p < 1e-3
        near.append(abs(best.first - 60) <= 2)
        lasted.append(abs(best.last - 79) <= 2)
        assert best.ratio_low < 1.6 < best.ratio_high + 0.3
    assert np.mean(near) >= 0.9
    assert np.mean(lasted) >= 0.9


def test_a_level_that_stays_goes_on() -> None:
    (best, *_) = scan(parted(np.random.default_rng(2), times=1.5, last=DAYS))
    assert best.ongoing
    assert best.first_low <= 60 <= best.first_high


def test_a_fall_is_found_too() -> None:
    (best, *_) = scan(parted(np.random.default_rng(3), times=0.5))
    assert best.z < -4
    assert best.ratio < 0.7


def test_what_moves_everything_moves_no_slice() -> None:
    found = scan(parted(np.random.default_rng(4), series=40, moved=1.8))
    assert all(each.p > 1e-3 for each in found)


@pytest.mark.parametrize(
    ("mean", "dispersion"), [(2.0, 1.0), (20.0, 1.0), (20.0, 3.0), (200.0, 8.0)]
)
def test_quiet_series_seldom_show_anything(mean: float, dispersion: float) -> None:
    rng = np.random.default_rng(5)
    found = scan(parted(rng, series=150, mean=mean, dispersion=dispersion), most=1)
    assert np.mean([each.p < 0.05 for each in found]) * len(found) / 150 <= 0.09
    assert not [each for each in found if each.p < 1e-5]


def shares(rng: np.random.Generator, share: float, *, series: int, times: float = 1.0) -> Parted:
    """Shares of reviews: the first slice's is ``times`` as high from day 55 on."""
    base = rng.poisson(15.0, (series, DAYS))
    part = np.full((series, DAYS), share)
    part[0, 55:] *= times
    rest = rng.poisson(60.0, (series, DAYS))
    return Parted(
        above=rng.binomial(base, part).astype(float),
        below=base.astype(float),
        rest_above=rng.binomial(rest, share).astype(float),
        rest_below=rest.astype(float),
        settled=np.ones(DAYS, bool),
        marked=(55,),
        shares=True,
    )


@pytest.mark.parametrize("share", [0.05, 0.45, 0.8])
def test_quiet_shares_seldom_show_anything(share: float) -> None:
    rng = np.random.default_rng(6)
    quiet = shares(rng, share, series=400)
    known = scan(quiet, searched=False)
    assert sum(each.p < 0.01 for each in known) <= 400 * 0.01 + 3 * np.sqrt(4)
    assert sum(each.p < 0.01 for each in scan(quiet)) <= 2 * (400 * 0.01 + 3 * np.sqrt(4))


def test_a_share_is_told_from_its_noise_better_than_a_count_would_be() -> None:
    rng = np.random.default_rng(7)
    told = shares(rng, 0.45, series=1, times=0.75)
    (share,) = scan(told, searched=False)
    count = scan(replace(told, shares=False), searched=False)
    assert share.z < -4
    assert all(abs(each.z) < abs(share.z) for each in count)
    assert share.ratio_low < 0.75 < share.ratio_high


def test_days_after_a_known_change_are_not_paid_for_by_a_search() -> None:
    quiet = parted(np.random.default_rng(6), times=1.22, last=DAYS)
    marked = Parted(
        above=quiet.above,
        below=quiet.below,
        rest_above=quiet.rest_above,
        rest_below=quiet.rest_below,
        settled=quiet.settled,
        marked=(60,),
    )
    (best, *_) = scan(marked)
    assert best.marked
    assert (best.first, best.first_low, best.first_high) == (60, 60, 60)
    assert best.p < min((each.p for each in scan(quiet)), default=1.0)


def test_incomplete_days_are_not_looked_at() -> None:
    full = parted(np.random.default_rng(7))
    above = full.above.copy()
    above[:, -8:] = 0
    settled = np.arange(DAYS) < DAYS - 8
    cut = Parted(
        above=above,
        below=full.below,
        rest_above=full.rest_above,
        rest_below=full.rest_below,
        settled=settled,
    )
    assert all(each.p > 1e-3 and each.last < DAYS - 8 for each in scan(cut))


@pytest.mark.parametrize("shape", [(0, 60), (3, 0), (3, 1), (3, 10)])
def test_too_little_shows_nothing(shape: tuple[int, int]) -> None:
    table = np.ones(shape)
    nothing = Parted(
        above=table,
        below=2 * table,
        rest_above=None,
        rest_below=None,
        settled=np.ones(shape[1], bool),
    )
    assert scan(nothing) == ()


@pytest.mark.parametrize("value", [0.0, 7.0])
def test_a_constant_series_shows_nothing(value: float) -> None:
    table = np.full((2, DAYS), value)
    flat = Parted(
        above=table,
        below=np.full((2, DAYS), 100.0),
        rest_above=None,
        rest_below=None,
        settled=np.ones(DAYS, bool),
    )
    assert scan(flat) == ()
