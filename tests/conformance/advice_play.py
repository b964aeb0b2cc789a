"""A plan of what to do, as a user asks for it: every source, on hostile logs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shroff.advise.queue_worth import read_exposure
from shroff.errors import ShroffError
from shroff.measure.briefing import brief_of
from shroff.measure.tasks import build_tasks

if TYPE_CHECKING:
    from shroff.workspace import Workspace

__all__ = ["ask_for_advice", "ask_for_staff"]


def ask_for_advice(workspace: Workspace) -> object:
    """Ask sources one by one; hostile logs leave most of them silent."""
    return _said(workspace, ("rules",), ("campaigns",), ("guidelines",), ("lint", "incidents"))


def ask_for_staff(workspace: Workspace) -> object:
    """Ask which queues are too slow, and what ads were shown that waited in them."""
    told = _said(workspace, ("staffing",))
    with workspace.engine() as engine:
        brief = brief_of(workspace.settings, engine, by=(), period="all")
        build_tasks(engine, brief.period, as_of=brief.as_of, week_starts=brief.week_starts)
        for queue in ("live", "audit", "抽查"):
            shown = read_exposure(engine, queue, as_of=brief.as_of)
            told.append([round(float(each.sum()), 3) for each in shown.columns()])
    return told


def _said(workspace: Workspace, *sources: tuple[str, ...]) -> list[object]:
    said: list[object] = []
    for each in sources:
        try:
            plan = workspace.adviser.plan(each, period="all")
            said.append([step.what.subject for step in plan.steps])
        except ShroffError as error:
            said.append(error.cause)
    return said
