"""What ads of a queue were shown while they waited, beside minutes counted one by one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pytest

from shroff.advise.queue_worth import read_exposure
from shroff.measure.tasks import build_tasks

if TYPE_CHECKING:
    from conftest import Story
    from shroff.measure.brief import Brief

FIRST = datetime(2026, 5, 1, tzinfo=UTC)
NOW = datetime(2026, 6, 1, tzinfo=UTC)


def _minutes(since: datetime, until: datetime, shown: dict[int, int]) -> float:
    """Count impressions minute by minute."""
    total = 0.0
    for day, impressions in shown.items():
        start = FIRST + timedelta(days=day)
        each = [start + timedelta(minutes=minute) for minute in range(1440)]
        total += impressions / 1440 * sum(since <= at < until for at in each)
    return total


def test_impressions_are_those_of_the_minutes_of_waiting(
    tell: Callable[[], Story], ask_may: Callable[..., Brief]
) -> None:
    dice = np.random.default_rng(5)
    story = tell()
    story.decided("a0", "review")
    wanted: dict[str, np.ndarray] = {}
    for number in range(24):
        ad, advertiser = f"a{number}", f"adv{number % 7}"
        verdict = "violating" if number % 3 else "compliant"
        since = FIRST + timedelta(minutes=int(dice.integers(0, 8 * 1440)))
        until = since + timedelta(minutes=int(dice.integers(1, 4 * 1440)))
        late = until + (until - since) > NOW
        shown = {int(day): int(dice.integers(1, 500)) for day in dice.integers(0, 20, 6)}
        story.ad(ad, advertiser_id=advertiser)
        story.queued(
            ad, verdict, queue="recheck",
            enqueued_at=since.isoformat(), decided_at=until.isoformat(),
        )  # fmt: skip
        for day, impressions in shown.items():
            story.shown(ad, str((FIRST + timedelta(days=day)).date()), impressions)
        before = _minutes(since, until, shown)
        after = _minutes(until, until + (until - since), shown)
        place = 0 if verdict == "violating" else 2
        row = wanted.setdefault(advertiser, np.zeros(4))
        if not late:
            row[place : place + 2] += before, after
    engine = story.opened()
    brief = ask_may()
    build_tasks(engine, brief.period, as_of=brief.as_of, week_starts=brief.week_starts)
    found = read_exposure(engine, "recheck", as_of=NOW)
    got = sorted(np.column_stack(found.columns()).round(6).tolist())
    assert got == pytest.approx(np.array(sorted(row.round(6).tolist() for row in wanted.values())))
