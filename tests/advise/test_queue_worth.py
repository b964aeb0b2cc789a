"""What a faster queue is worth, on queues whose truth is known."""

from __future__ import annotations

import numpy as np
import pytest

from shroff.advise.queue_worth import Exposure

_ADVERTISERS, _DRAWS, _SAVED = 300, 400, 0.4


def _seen(rng: np.random.Generator, share: float, *, goes_on: float) -> tuple[np.ndarray, ...]:
    """Draw impressions of each advertiser's ads while they wait, and afterwards."""
    ads = rng.poisson(share, _ADVERTISERS)
    before = np.array([rng.lognormal(6, 0.8, n).sum() for n in ads])
    after = before * goes_on * rng.lognormal(-0.02, 0.2, _ADVERTISERS)
    return before, after


def _queue(rng: np.random.Generator, *, ended: float, pace: float = 0.7) -> Exposure:
    bad = _seen(rng, 0.2, goes_on=pace * (1 - ended))
    return Exposure(*bad, *_seen(rng, 0.8, goes_on=pace))


def _truth(ended: float) -> float:
    return _SAVED * _ADVERTISERS * 0.2 * float(np.exp(6 + 0.8**2 / 2)) * ended


@pytest.mark.parametrize("ended", [0.5, 1.0])
def test_intervals_hold_what_speed_would_have_prevented(ended: float) -> None:
    rng = np.random.default_rng(3)
    held = []
    for _ in range(400):
        found = _queue(rng, ended=ended).prevented(_SAVED, draws=_DRAWS, dice=rng)
        low, high = np.quantile(found, [0.025, 0.975]) if len(found) else (0.0, 0.0)
        held.append(low <= _truth(ended) <= high)
    assert 0.92 <= np.mean(held) <= 0.985


def test_verdicts_that_end_nothing_are_worth_nothing() -> None:
    rng = np.random.default_rng(4)
    told = [
        len(_queue(rng, ended=0.0).prevented(_SAVED, draws=_DRAWS, dice=rng)) > 0
        for _ in range(300)
    ]
    assert np.mean(told) <= 0.06


def test_ads_that_are_not_shown_while_they_wait_are_not_valued() -> None:
    none = np.zeros(50)
    shown = Exposure(none, none + 9.0, none + 4.0, none + 4.0)
    assert len(shown.prevented(0.5, draws=100, dice=np.random.default_rng(1))) == 0
