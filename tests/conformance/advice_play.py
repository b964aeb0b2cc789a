"""A plan of what to do, as a user asks for it: every source, on hostile logs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shroff.errors import ShroffError

if TYPE_CHECKING:
    from shroff.workspace import Workspace

__all__ = ["ask_for_advice", "ask_for_staff"]


def ask_for_advice(workspace: Workspace) -> object:
    """Ask sources one by one; hostile logs leave most of them silent."""
    return _said(workspace, ("rules",), ("campaigns",), ("guidelines",), ("lint", "incidents"))


def ask_for_staff(workspace: Workspace) -> object:
    """Ask which queues are too slow; what is replayed for it has plays of its own."""
    return _said(workspace, ("staffing",))


def _said(workspace: Workspace, *sources: tuple[str, ...]) -> list[object]:
    said: list[object] = []
    for each in sources:
        try:
            plan = workspace.adviser.plan(each, period="all")
            said.append([step.what.subject for step in plan.steps])
        except ShroffError as error:
            said.append(error.cause)
    return said
