"""The small logs of the demo: policies, changes and who was on duty."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from shroff.synthetic.log_tables import moments
from shroff.synthetic.seasons import DAY, HOUR
from shroff.synthetic.staffing_plan import MAIN_QUEUES
from shroff.synthetic.taxonomy import families, policies
from shroff.synthetic.world import World

__all__ = ["changes_table", "policies_table", "staffing_table"]

_SMALL_DESKS = (
    ("audit", 0.066),
    ("views", 0.05),
    ("qa", 0.007),
    ("recheck", 0.03),
    ("appeals", 0.024),
)
_HOURS_EACH = 90 / HOUR
_COSTS = {1: 2.0, 2: 5.0, 3: 15.0, 4: 60.0, 5: 200.0}


def policies_table(world: World) -> pa.Table:
    """Write the platform's policy tree: families, then policies."""
    opens = world.seasons.opens
    rows = [
        {
            "policy_id": family.id,
            "version": "2026-01",
            "parent": "",
            "name_en": family.name_en,
            "name_zh": family.name_zh,
            "severity": None,
            "cost_missed": None,
            "cost_wrong_reject": None,
        }
        for family in families()
    ] + [
        {
            "policy_id": policy.id,
            "version": "2026-01",
            "parent": policy.family,
            "name_en": policy.name_en,
            "name_zh": policy.name_zh,
            "severity": policy.severity,
            "cost_missed": _COSTS[policy.severity],
            "cost_wrong_reject": 12.0,
        }
        for policy in policies()
    ]
    table = pa.Table.from_pylist(rows)
    since = moments(np.full(len(rows), opens - 120 * DAY))
    return table.append_column("effective_from", since)


def _chapter(world: World) -> str:
    """Name the policy families of the chapter that is edited; who misreads it no log says."""
    letters = [family.id for family in families()]
    return ", ".join(letters[place] for place in world.stories.misread_families)


def changes_table(world: World) -> pa.Table:
    """Write what changed on the platform, as its change log would: causes, not consequences."""
    seasons, story = world.seasons, world.stories
    launch = seasons.opens + story.launch_day * DAY
    read = seasons.opens + story.misread_day * DAY
    rules = seasons.opens + int(0.27 * seasons.days) * DAY
    rows = [
        ("rule", rules, "rule pack demo 12", "all", "Phrases reviewed; broad rules log only"),
        ("policy", rules + 9 * DAY, "I3", "all", "Wording of the price policy clarified"),
        ("model", launch, "ads_risk v2", "all", "Second version of all models goes live"),
        ("guideline", read, "g4", _chapter(world), "New edition of a chapter of the guideline"),
        ("staffing", world.plan.hired, "main queues", "all", "More reviewers on duty"),
    ]
    rows.sort(key=lambda row: row[1])
    return pa.table(
        {
            "change_id": [f"ch{place + 1:03d}" for place in range(len(rows))],
            "at": [f"{np.datetime64(int(row[1]), 's')}Z" for row in rows],
            "kind": [row[0] for row in rows],
            "what": [row[2] for row in rows],
            "scope": [row[3] for row in rows],
            "note": [row[4] for row in rows],
        }
    )


def staffing_table(world: World) -> pa.Table:
    """Write the hours on duty of each queue."""
    hours = world.seasons.days * 24
    clock = world.seasons.opens + np.arange(hours) * HOUR
    parts = [
        pa.table(
            {
                "queue": [name] * hours,
                "language": [name[:2]] * hours,
                "hour": moments(clock),
                "reviewer_hours": np.round(world.plan.hours(place)[:hours], 3),
            }
        )
        for place, name in enumerate(MAIN_QUEUES)
    ]
    hourly = np.repeat(world.counts, 24) / 24 * _HOURS_EACH
    parts += [
        pa.table(
            {
                "queue": [name] * hours,
                "language": ["all"] * hours,
                "hour": moments(clock),
                "reviewer_hours": np.round(hourly * share, 3),
            }
        )
        for name, share in _SMALL_DESKS
    ]
    return pa.concat_tables(parts)
