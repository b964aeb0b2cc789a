"""How small a difference would be found: against simulation and the test itself."""

from __future__ import annotations

import numpy as np
import pytest

from shroff.errors import DesignError
from shroff.stats.detectable import detectable_difference, mcnemar_power
from shroff.stats.paired import mcnemar


def test_power_is_that_of_simulated_tests() -> None:
    rng = np.random.default_rng(1)
    n, differ, gap = 200, 0.2, 0.08
    gained = (differ + gap) / 2
    drawn = rng.multinomial(n, [gained, differ - gained, 1 - differ], size=20_000)
    found = float(np.mean(mcnemar(drawn[:, 0].astype(float), drawn[:, 1].astype(float)) <= 0.05))
    assert mcnemar_power(n, differ, gap) == pytest.approx(found, abs=0.012)


@pytest.mark.parametrize("labels", [5, 40, 300, 2000])
def test_without_a_difference_the_test_keeps_its_level(labels: int) -> None:
    assert mcnemar_power(labels, 0.3, 0.0) <= 0.05


def test_what_is_found_has_the_power_asked_for() -> None:
    found = detectable_difference(400, 0.15, power=0.9)
    assert found is not None
    assert mcnemar_power(400, 0.15, found) == pytest.approx(0.9, abs=1e-6)


def test_more_labels_find_smaller_differences() -> None:
    found = [detectable_difference(n, 0.2) for n in (100, 400, 1600, 40_000)]
    assert all(each is not None for each in found)
    assert found == sorted((each or 0.0 for each in found), reverse=True)


def test_too_few_labels_or_no_disagreement_find_nothing() -> None:
    assert detectable_difference(8, 0.5) is None
    assert detectable_difference(0, 0.5) is None
    assert detectable_difference(1000, 0.0) is None


@pytest.mark.parametrize(("differ", "power"), [(1.2, 0.8), (-0.1, 0.8), (0.2, 1.0), (0.2, 0.0)])
def test_shares_that_are_none_are_refused(differ: float, power: float) -> None:
    with pytest.raises(DesignError):
        detectable_difference(100, differ, power=power)
