"""Thresholds as a user asks for them: over odd cells, by cost, with limits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shroff.advise.line_limits import LinesAsked
from shroff.errors import ShroffError

if TYPE_CHECKING:
    from shroff.workspace import Workspace

__all__ = ["draw_lines"]


def draw_lines(workspace: Workspace) -> object:
    """Draw the best lines by a column with odd values, by cost, and where none can be drawn."""
    told = []
    for asked in (
        LinesAsked(by=("market", "类别"), by_cost=True, precision=0.3),
        LinesAsked(by=("policy", "market"), precision=0.999, leakage=0.001, rejects=1.0),
        LinesAsked(by=("nothing of the sort",)),
    ):
        try:
            plan = workspace.adviser.thresholds(asked, period="all")
        except ShroffError as fault:
            told.append(fault.cause)
            continue
        lines = plan.plan.lines if plan.plan is not None else ()
        cells = sorted((str(each.where), each.ads, each.labels) for each in lines)
        told.append(f"{plan.chosen} {plan.labels} {cells} {len(plan.relaxations)}")
    return str(told)
