"""Slices share ads: an event is told by the one that changed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np
import pytest

from shroff.domain.slices import Slice
from shroff.measure.brief import Brief
from shroff.measure.briefing import brief_of
from shroff.measure.ground import ROWS
from shroff.measure.population import build_population
from shroff.measure.tasks import build_tasks
from shroff.store.engine import Engine
from shroff.watch.change_candidates import Candidate
from shroff.watch.incident_grouping import Event
from shroff.watch.telling_slice import retold, told_by_best
from shroff.workspace import Workspace

DAY = date(2026, 5, 20)


def change(z: float, *, metric: str = "reject_rate", day: date = DAY, **where: str) -> Candidate:
    return Candidate(
        metric=metric, slice=Slice(tuple(where.items())), kind="level_shift", onset=day,
        onset_low=day, onset_high=day, last=None, ratio=1.3, ratio_low=1.1, ratio_high=1.6,
        observed=130.0, expected=100.0, z=z, p=1e-6, by="scan", against="rest",
    )  # fmt: skip


def overlaps(factors: dict[tuple[bool, bool], float], seed: int = 1) -> list[dict[str, object]]:
    """Count what happened in four overlaps of two slices, each changed by its own factor."""
    rng = np.random.default_rng(seed)
    rows: list[dict[str, object]] = []
    sizes = {(True, True): 9000, (True, False): 6000, (False, True): 3000, (False, False): 20000}
    for (one, other), factor in factors.items():
        for since in (0, 1):
            many = sizes[one, other]
            rate = 0.08 * (factor if since else 1.0)
            rows.append(
                {
                    "held": one + 2 * other,
                    "since": since,
                    "above": float(rng.binomial(many, rate)),
                    "below": float(many),
                }
            )
    return rows


BOTH, FIRST, SECOND, NONE = (True, True), (True, False), (False, True), (False, False)
CHINESE, MAINLAND = change(-6.0, language="zh"), change(-5.0, market="CN")
EVENT = Event(head=CHINESE, members=(CHINESE, MAINLAND))


@pytest.mark.parametrize(
    ("factors", "named"),
    [
        ({BOTH: 0.7, FIRST: 0.7, SECOND: 1.0, NONE: 1.0}, CHINESE),
        ({BOTH: 0.7, FIRST: 1.0, SECOND: 0.7, NONE: 1.0}, MAINLAND),
        ({BOTH: 1.0, FIRST: 1.0, SECOND: 1.0, NONE: 1.0}, CHINESE),
    ],
)
def test_the_slice_whose_overlaps_changed_is_named(
    factors: dict[tuple[bool, bool], float], named: Candidate
) -> None:
    for seed in range(5):
        told = told_by_best(EVENT, EVENT.members, overlaps(factors, seed))
        assert told.head is named
        assert told.members == EVENT.members


def test_all_of_it_going_another_way_is_no_matter_of_a_slice() -> None:
    factors = {BOTH: 0.5, FIRST: 0.8, SECOND: 0.5, NONE: 0.8}
    assert told_by_best(EVENT, EVENT.members, overlaps(factors)).head is MAINLAND


def test_of_a_slice_and_its_complement_that_is_named_which_changed() -> None:
    risen, fallen = change(6.0, language="en"), change(-5.5, language="zh")
    event = Event(head=risen, members=(risen, fallen))
    rows = [
        {"held": held, "since": since, "above": above, "below": 10_000.0}
        for held, since, above in ((1, 0, 800), (1, 1, 805), (2, 0, 800), (2, 1, 560))
    ]
    assert told_by_best(event, [risen, fallen], rows).head is fallen
    rows[1]["above"], rows[3]["above"] = 1100, 801
    assert told_by_best(event, [risen, fallen], rows).head is risen


@pytest.fixture(scope="module")
def stage(platform: Workspace) -> Iterator[tuple[Engine, Brief]]:
    with platform.engine() as engine:
        brief = brief_of(platform.settings, engine, period="all")
        for build in (build_population, build_tasks):
            more = {"as_of": brief.as_of} if build is build_tasks else {"derived": brief.derived}
            build(engine, brief.period, week_starts=brief.week_starts, **more)  # type: ignore[operator]
        yield engine, brief


def test_overlaps_are_counted_as_plain_sql_does(stage: tuple[Engine, Brief]) -> None:
    engine, brief = stage
    onset = brief.period.start + timedelta(days=brief.period.days // 2)
    one = change(-6.0, day=onset, language="zh")
    other = change(-5.0, day=onset, market="CN")
    counted: list[dict[str, object]] = []
    original = engine.query

    def spy(sql: str) -> object:
        found = original(sql)
        counted.extend(found.to_pylist())
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "query", spy)
        retold(engine, brief, [Event(head=one, members=(one, other))], ground=ROWS)
    plain = original(
        "SELECT (CASE WHEN language = 'zh' THEN 1 ELSE 0 END)"
        " + (CASE WHEN market = 'CN' THEN 2 ELSE 0 END) AS held,"
        f" CASE WHEN decision_day >= DATE '{onset}' THEN 1 ELSE 0 END AS since,"
        " CAST(SUM(CASE WHEN action = 'reject' THEN 1 ELSE 0 END) AS DOUBLE) AS above,"
        " CAST(COUNT(*) AS DOUBLE) AS below FROM population WHERE in_period GROUP BY 1, 2"
    ).to_pylist()
    keys = ("held", "since", "above", "below")
    assert sorted(tuple(r[k] for k in keys) for r in counted) == sorted(
        tuple(r[k] for k in keys) for r in plain
    )


def test_what_cannot_be_counted_by_ads_is_left_as_it_is(stage: tuple[Engine, Brief]) -> None:
    engine, brief = stage
    events = [
        Event(head=one, members=(one, change(-5.0, market="CN")))
        for one in (
            change(6.0, metric="ads_decided", language="zh"),
            change(6.0, policy="A1", language="zh"),
            change(6.0),
        )
    ]
    assert retold(engine, brief, events, ground=ROWS) == (tuple(events), ())
    assert retold(engine, brief, [], ground=ROWS) == ((), ())


def test_reviews_are_told_by_group_and_families(stage: tuple[Engine, Brief]) -> None:
    engine, brief = stage
    onset = brief.period.start + timedelta(days=brief.period.days // 2)
    metric = "first_review_violating_share"
    one = change(-6.0, metric=metric, day=onset, language="en")
    other = change(-5.0, metric=metric, day=onset, reviewer_group="x", policy_family="A, B")
    told, queries = retold(engine, brief, [Event(head=one, members=(one, other))], ground=ROWS)
    assert told[0].head is one
    assert "IN ('A', 'B')" in queries[0].sql
