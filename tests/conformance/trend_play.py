"""Lines by day, as a user draws them: every kind of metric, by columns, by policy, by detector."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unittest.mock import patch

from tests.conformance.hostile_logs import write_teams

from shroff.measure.briefing import brief_of
from shroff.watch.trend_lines import TrendQuestion
from shroff.watch.watched_slices import WATCHED_FOR_CHANGES, asked_for_changes

if TYPE_CHECKING:
    from shroff.workspace import Workspace

__all__ = ["draw_trends"]

METRICS = ("acted_rate", "reported_leak_floor", "leakage", "violating_impression_share")


def draw_trends(workspace: Workspace) -> object:
    """Draw everything; of one column, only the most frequent value."""
    workspace.ingest("reviews", [write_teams(workspace.root / "more")])
    every = tuple(sorted(WATCHED_FOR_CHANGES))
    drawn = []
    for metrics, by in (
        (every, ()),
        (METRICS, ("policy", "market")),
        (("leakage",), ("language",)),
        (("queue_inflow", "first_review_contradicted_rate"), ("queue", "policy_family")),
        (("hit_rate",), ("detector",)),
    ):
        question = TrendQuestion(metrics=metrics, by=by, within={}, ahead=0)
        drawn.append(workspace.lookout.trends(question, period="all"))
    with patch("shroff.watch.daily_flow.MOST_VALUES", 1):
        question = TrendQuestion(metrics=("reject_rate",), by=("market",), within={}, ahead=0)
        drawn.append(workspace.lookout.trends(question, period="all"))
    with workspace.engine() as engine:
        asked = asked_for_changes(engine, brief_of(workspace.settings, engine))
    found = workspace.lookout.changes(period="all")
    lines = [sorted((x.metric.id, str(x.series.slice)) for x in each.lines) for each in drawn]
    return f"{lines} {asked} {found.series}"
