"""Are days and hours counted right?"""

from __future__ import annotations

from datetime import UTC, date, datetime

import numpy as np

from shroff.synthetic.seasons import DAY, Seasons


def test_the_last_day_is_the_end() -> None:
    seasons = Seasons(date(2026, 6, 28), 28)
    assert seasons.first == date(2026, 6, 1)
    assert seasons.opens == datetime(2026, 6, 1, tzinfo=UTC).timestamp()
    assert seasons.closes - seasons.opens == 28 * DAY


def test_daily_counts_add_up_to_all_ads() -> None:
    assert Seasons(date(2026, 6, 28), 35).counts(12_345).sum() == 12_345


def test_moments_lie_within_their_day() -> None:
    seasons = Seasons(date(2026, 6, 28), 30)
    days, chance = np.arange(30), np.linspace(1e-12, 1 - 1e-12, 30)
    moments = seasons.moments(days, chance)
    assert ((moments - seasons.opens) // DAY == days).all()
