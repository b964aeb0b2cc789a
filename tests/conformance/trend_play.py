"""Lines by day, as a user draws them: every kind of metric, by columns, by policy, by detector."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from unittest.mock import patch

from tests.conformance.hostile_logs import write_teams

from shroff.domain.slices import Slice
from shroff.measure.briefing import brief_of
from shroff.measure.ground import ROWS
from shroff.measure.population import build_population
from shroff.measure.tasks import build_tasks
from shroff.watch.account_led import told_apart
from shroff.watch.change_candidates import Candidate
from shroff.watch.incident_grouping import Event
from shroff.watch.telling_slice import retold
from shroff.watch.trend_lines import TrendQuestion
from shroff.watch.watched_slices import WATCHED_FOR_CHANGES, asked_for_changes

if TYPE_CHECKING:
    from datetime import date

    from shroff.measure.brief import Brief
    from shroff.store.engine import Engine
    from shroff.workspace import Workspace

__all__ = ["draw_trends"]

CHANGES = (
    ("ads_decided", {"market": "US"}),
    ("traffic_share", {"market": "US"}),
    ("reject_rate", {"language": "en"}),
    ("acted_rate", {"policy": "A1", "market": "US"}),
    ("hit_rate", {"detector": "A1-en"}),
)
RIVALS = (
    ("reject_rate", {"language": "en"}, {"market": "US"}),
    ("first_review_violating_share", {"language": "en"}, {"policy_family": "A, B"}),
    ("first_review_contradicted_rate", {"market": "US"}, {"reviewer_group": "east"}),
)
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
        accounts = _accounts(engine, brief_of(workspace.settings, engine, period="all"))
        slices = _slices(engine, brief_of(workspace.settings, engine, period="all"))
    found = workspace.lookout.changes(period="all")
    lines = [sorted((x.metric.id, str(x.series.slice)) for x in each.lines) for each in drawn]
    return f"{lines} {asked} {found.series} {accounts} {slices}"


def _accounts(engine: Engine, brief: Brief) -> list[str]:
    """Ask which changes are one account's: of a volume, a share, a rate, a policy and a rule."""
    build_population(engine, brief.period, derived=brief.derived, week_starts=brief.week_starts)
    onset = brief.period.start + timedelta(days=brief.period.days // 2)
    _, led, _ = told_apart(
        engine, brief, [_change(metric, onset, where) for metric, where in CHANGES], ground=ROWS
    )
    return sorted(f"{each.account} {each.share:.6f}" for each in led)


def _slices(engine: Engine, brief: Brief) -> list[str]:
    """Ask which of two slices that share ads changed: of what the machine does, and reviewers."""
    build_tasks(engine, brief.period, as_of=brief.as_of, week_starts=brief.week_starts)
    onset = brief.period.start + timedelta(days=brief.period.days // 2)
    events = []
    for metric, one, other in RIVALS:
        both = (_change(metric, onset, one), _change(metric, onset, other))
        events.append(Event(head=both[0], members=both))
    told, _ = retold(engine, brief, events, ground=ROWS)
    return [str(each.head.slice) for each in told]


def _change(metric: str, onset: date, where: dict[str, str]) -> Candidate:
    return Candidate(
        metric=metric, slice=Slice(tuple(where.items())), kind="passing", onset=onset,
        onset_low=onset, onset_high=onset, last=None, ratio=1.4, ratio_low=1.2, ratio_high=1.6,
        observed=140.0, expected=100.0, z=4.5, p=1e-6, by="scan", against="rest",
    )  # fmt: skip
