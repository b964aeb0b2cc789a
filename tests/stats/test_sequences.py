"""Looking every day must not raise false alarms: sequences hold at all looks together."""

from __future__ import annotations

import numpy as np
import pytest
from benchmarks.monitoring import CASES, Case, run
from scipy.special import ndtri

from shroff.domain.labels import DesignKind
from shroff.errors import DesignError
from shroff.stats.sampling import Cells, ExposureSums, Ratio, kind_codes
from shroff.stats.sequences import confidence_sequence, sequence_levels

SHARE = Ratio(numerator=np.array([False, True]), denominator=np.array([True, True]))
POISSON = kind_codes([DesignKind.POISSON])


def cells(*rows: tuple[int, int, float], exposure: float = 0.0) -> Cells:
    """Make labels of (look, outcome, weight)."""
    look, outcome, weight = (np.array(column) for column in zip(*rows, strict=True))
    w = weight.astype(np.float64)
    m = np.full(len(w), exposure)
    return Cells(
        group=look,
        stratum=np.zeros(len(rows), dtype=np.intp),
        cell=outcome,
        n=np.ones(len(rows)),
        w=w,
        w2=w * w,
        exposure=ExposureSums(wm=w * m, wm2=w * m * m, w2m2=w * w * m * m) if exposure else None,
    )


def test_a_quantile_is_robbins_mixture_and_smallest_where_asked() -> None:
    effective = np.array([10.0, 100.0, 300.0, 1e3, 1e6])
    levels = sequence_levels(effective, level=0.95, tight_at=300)
    quantiles = -ndtri((1 - levels) / 2)
    ratio = 300.0
    for _ in range(100):  # r that makes the boundary smallest at 300, by bisection on its slope
        ratio = 300 / (2 * np.log(20) + np.log1p(300 / ratio))
    boundary = (effective + ratio) * np.log((effective + ratio) / (ratio * 0.05**2))
    assert quantiles == pytest.approx(np.sqrt(boundary / effective), rel=1e-6)
    assert quantiles[2] == min(quantiles)
    assert 2.9 < quantiles[2] < 3.1


def test_a_sequence_narrows_with_labels() -> None:
    rng = np.random.default_rng(5)
    rows = [(day, int(rng.random() < 0.2), 3.0) for day in range(40) for _ in range(20)]
    found = confidence_sequence(cells(*rows), kind=POISSON, metric=SHARE, looks=40)
    assert len(found) == 40
    assert np.all(np.diff(found.n) == 20)
    width = found.high - found.low
    assert width[39] < width[10] < width[1]


def test_looks_before_the_first_label_are_not_known() -> None:
    rows = [(2, 0, 2.0), (2, 1, 2.0), (3, 0, 2.0)]
    found = confidence_sequence(cells(*rows), kind=POISSON, metric=SHARE, looks=5)
    assert np.isnan(found.value[:2]).all()
    assert found.n.tolist() == [0, 0, 2, 3, 3]
    assert found.value[3] == pytest.approx(1 / 3)
    assert found.low[4] == found.low[3]


def test_no_label_at_all_and_no_look_at_all() -> None:
    nothing = Cells(group=np.zeros(0, dtype=np.intp), stratum=np.zeros(0, dtype=np.intp),
                    cell=np.zeros(0, dtype=np.intp), n=np.zeros(0), w=np.zeros(0), w2=np.zeros(0))  # fmt: skip
    assert np.isnan(confidence_sequence(nothing, kind=POISSON, metric=SHARE, looks=3).low).all()
    assert len(confidence_sequence(nothing, kind=POISSON, metric=SHARE, looks=0)) == 0


def test_exposure_is_weighed_where_there_is_any() -> None:
    heavy, light = cells((0, 1, 2.0), exposure=9.0), cells((0, 0, 2.0), exposure=1.0)
    assert heavy.exposure is not None
    assert light.exposure is not None
    both = Cells(
        group=np.zeros(2, dtype=np.intp),
        stratum=np.zeros(2, dtype=np.intp),
        cell=np.array([1, 0]),
        n=np.ones(2),
        w=np.full(2, 2.0),
        w2=np.full(2, 4.0),
        exposure=ExposureSums(
            wm=np.concatenate([heavy.exposure.wm, light.exposure.wm]),
            wm2=np.concatenate([heavy.exposure.wm2, light.exposure.wm2]),
            w2m2=np.concatenate([heavy.exposure.w2m2, light.exposure.w2m2]),
        ),
    )
    found = confidence_sequence(both, kind=POISSON, metric=SHARE, looks=1)
    assert found.value[0] == pytest.approx(0.9)


def test_a_sequence_must_be_narrowest_somewhere() -> None:
    with pytest.raises(DesignError):
        sequence_levels(np.array([10.0]), tight_at=0)


@pytest.mark.parametrize("case", CASES[1::6], ids=lambda c: f"{c.name} {c.share}")
def test_daily_looks_mislead_rarely_with_a_sequence_and_often_without(case: Case) -> None:
    outcome = run(case, repetitions=25)
    assert outcome.sequence <= 0.05 + 3 * (0.05 * 0.95 / 25) ** 0.5
    assert outcome.daily > outcome.sequence


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c.name} {c.share} {c.labels}")
def test_some_day_misleads_in_at_most_seven_of_a_hundred(case: Case) -> None:
    outcome = run(case, repetitions=800)
    assert outcome.sequence <= 0.07
