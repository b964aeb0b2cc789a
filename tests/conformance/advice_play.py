"""A plan of what to do, as a user asks for it: every source, on hostile logs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shroff.errors import ShroffError

if TYPE_CHECKING:
    from shroff.workspace import Workspace

__all__ = ["ask_for_advice"]


def ask_for_advice(workspace: Workspace) -> object:
    """Ask every source alone and all together; hostile logs leave most of them silent."""
    said: list[object] = []
    for sources in (
        ("rules",),
        ("campaigns",),
        ("guidelines",),
        ("lint", "incidents"),
        ("staffing",),
    ):
        try:
            plan = workspace.adviser.plan(sources, period="all")
            said.append([each.what.subject for each in plan.steps])
        except ShroffError as error:
            said.append(error.cause)
    return said
