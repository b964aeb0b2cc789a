"""What values and slices add to a change sums to it, and says what moved."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from shroff.watch.cause_factor import common_factor
from shroff.watch.decomposition import Observed
from shroff.watch.why_cells import search_counts, search_ratio
from shroff.watch.why_findings import Moved
from shroff.watch.why_logs import TwoPeriods
from shroff.watch.why_splits import causes_of, splits_of, totals_of

MARKETS, FORMATS, LANGUAGES = 6, 4, 3
RATIO: dict[str, Any] = {"ratio": True, "length": 1.0, "level": 0.95}
COUNT: dict[str, Any] = {"ratio": False, "length": 1.0, "level": 0.95}


def grid() -> np.ndarray:
    sizes = (MARKETS, FORMATS, LANGUAGES)
    return np.stack([g.ravel() for g in np.indices(sizes)], axis=1).astype(np.int32)


def periods(below: np.ndarray, above: np.ndarray | None = None) -> TwoPeriods:
    """Rows of cells of both periods, arrays of shape (2, cells)."""
    codes = np.concatenate([grid()] * 4)
    hits = below if above is None else above
    rest = below - hits
    cells = below.shape[1]
    return TwoPeriods(
        columns=("market", "format", "language"),
        words=tuple(
            tuple(f"{name}{n}" for n in range(size))
            for name, size in (("m", MARKETS), ("f", FORMATS), ("l", LANGUAGES))
        ),
        codes=codes,
        observed=Observed(
            later=np.tile(np.repeat([False, True], cells), 2),
            above=np.repeat([True, False], 2 * cells),
            weight=np.ones(4 * cells),
            count=np.concatenate([hits.ravel(), rest.ravel()]).astype(float),
        ),
        query="",
    )


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(20)


def test_a_rate_that_rose_in_one_slice_is_found_with_what_it_adds(
    rng: np.random.Generator,
) -> None:
    codes = grid()
    below = rng.poisson(400, (2, len(codes)))
    rate = np.full((2, len(codes)), 0.1)
    inside = (codes[:, 0] == 2) & (codes[:, 1] == 1)
    rate[1, inside] = 0.4
    seen = periods(below, rng.binomial(below, rate))
    totals = totals_of(seen, **RATIO)
    causes, unlisted = causes_of(seen, search_ratio(seen, depth=None), totals, **RATIO)
    assert [cause.slice.record() for cause in causes] == [{"market": "m2", "format": "f1"}]
    (cause,) = causes
    assert cause.moved is Moved.RATE
    assert cause.rate is not None
    assert cause.rate.low < 0.3 / (MARKETS * FORMATS) < cause.rate.high
    assert cause.share == pytest.approx(1, abs=0.25)
    assert unlisted == 0


def test_a_mix_that_shifted_is_told_as_volume(rng: np.random.Generator) -> None:
    codes = grid()
    mean = np.full((2, len(codes)), 400.0)
    mean[1, codes[:, 0] == 4] *= 2.5
    rate = np.where(codes[:, 0] == 4, 0.4, 0.1)
    below = rng.poisson(mean)
    seen = periods(below, rng.binomial(below, rate))
    totals = totals_of(seen, **RATIO)
    (cause,), _ = causes_of(seen, search_ratio(seen, depth=None), totals, **RATIO)
    assert cause.slice.record() == {"market": "m4"}
    assert cause.moved is Moved.VOLUME
    assert cause.mix is not None
    assert cause.rate is not None
    assert cause.mix.value > 10 * abs(cause.rate.value)


def test_rates_that_fall_under_a_rising_whole_are_called_simpson(rng: np.random.Generator) -> None:
    codes = grid()
    mean = np.full((2, len(codes)), 2000.0)
    mean[1, codes[:, 0] == 0] *= 6
    low = np.where(codes[:, 0] == 0, 0.5, 0.1)
    below = rng.poisson(mean)
    seen = periods(below, rng.binomial(below, np.stack([low, low - 0.03])))
    totals = totals_of(seen, **RATIO)
    market, form, _ = splits_of(seen, totals, **RATIO)
    assert totals.change.low > 0
    assert market.reversed
    assert market.within is not None
    assert market.within.value == pytest.approx(-0.03, abs=0.005)
    assert not form.reversed


def test_parts_of_a_split_sum_to_the_change_with_rare_values_together(
    rng: np.random.Generator,
) -> None:
    codes = rng.integers(0, 60, (5000, 1)).astype(np.int32)
    later = rng.random(5000) < 0.5
    seen = TwoPeriods(
        columns=("advertiser",),
        words=(tuple(map(str, range(60))),),
        codes=codes,
        observed=Observed(
            later=later, above=rng.random(5000) < 0.2, weight=np.ones(5000), count=np.ones(5000)
        ),
        query="",
    )
    totals = totals_of(seen, **RATIO)
    (split,) = splits_of(seen, totals, **RATIO)
    assert [part.others for part in split.parts] == [0] * 11 + [49]
    assert sum(part.total.value for part in split.parts) == pytest.approx(totals.change.value)


def test_a_count_that_grew_everywhere_and_more_in_one_slice(rng: np.random.Generator) -> None:
    codes = grid()
    mean = np.full((2, len(codes)), 300.0)
    mean[1] *= 1.3
    mean[1, codes[:, 2] == 1] *= 0.4
    seen = periods(rng.poisson(mean))
    totals = totals_of(seen, **COUNT)
    found = search_counts(seen, length=1.0, depth=None)
    causes, _ = causes_of(seen, found, totals, **COUNT)
    assert found.factor == pytest.approx(1.3, abs=0.03)
    assert [cause.slice.record() for cause in causes] == [{"language": "l1"}]
    assert causes[0].total.value == pytest.approx(-0.6 * 1.3 * 300 * 24, rel=0.05)


def test_intervals_of_counts_cover_what_chance_does(rng: np.random.Generator) -> None:
    hits = runs = 0
    mean = np.full((2, len(grid())), 20.0)
    mean[1] *= 1.2
    for _ in range(200):
        seen = periods(rng.poisson(mean))
        (split, *_) = splits_of(seen, totals_of(seen, **COUNT), **COUNT)
        for part in split.parts:
            hits += part.total.low <= 0.2 * 20 * FORMATS * LANGUAGES <= part.total.high
            runs += 1
    assert 0.93 <= hits / runs <= 0.99


def test_no_factor_is_common_where_cells_are_few_or_agree_on_none(
    rng: np.random.Generator,
) -> None:
    codes = grid()
    expected = np.full(len(codes), 500.0)
    assert common_factor(codes[:5], expected[:5] * 2, expected[:5]) == 1.0
    assert common_factor(codes, expected, expected) == 1.0
    assert common_factor(codes, expected * 1.5, expected) == pytest.approx(1.5)
    scattered = rng.poisson(expected * np.exp(rng.normal(0, 1.5, len(codes)))).astype(float)
    assert common_factor(codes, scattered, expected) == 1.0
