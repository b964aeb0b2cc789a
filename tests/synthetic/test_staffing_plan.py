"""Do tasks wait for people, first come first served?"""

from __future__ import annotations

from datetime import date

import numpy as np

from shroff.synthetic.seasons import Seasons
from shroff.synthetic.staffing_plan import MAIN_QUEUES, roster

SEASONS = Seasons(date(2026, 6, 28), 60)


def test_no_task_is_ready_before_it_came_and_order_is_kept() -> None:
    plan = roster(SEASONS, ads=50_000)
    at = np.arange(SEASONS.opens, SEASONS.closes, 997)
    for queue in range(len(MAIN_QUEUES)):
        ready = plan.ready(np.full(len(at), queue), at)
        assert (ready >= at).all()
        assert (np.diff(ready) >= 0).all()


def test_waiting_grows_with_volume_and_falls_when_people_are_hired() -> None:
    plan = roster(SEASONS, ads=50_000)
    at = np.arange(SEASONS.opens, SEASONS.closes, 997)
    wait = plan.ready(np.zeros(len(at), dtype=np.int64), at) - at
    early, late = wait[at < SEASONS.opens + 10 * 86_400], wait[at < plan.hired][-500:]
    after = wait[at > plan.hired + 7 * 86_400]
    assert late.mean() > 1.5 * early.mean()
    assert after.mean() < late.mean()


def test_no_more_work_is_done_than_there_are_hours_for() -> None:
    plan = roster(SEASONS, ads=50_000)
    worked = np.diff(plan.done, axis=1)
    assert (worked <= plan.capacity[:, 1:] + 1e-6).all()
    assert (plan.done <= plan.arrived + 1e-3).all()
