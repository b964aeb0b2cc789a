"""Automation as a user asks about it: reject lines that are sure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shroff.advise.guarantee import GuaranteeAsked

if TYPE_CHECKING:
    from shroff.workspace import Workspace

__all__ = ["find_sure_lines"]


def find_sure_lines(workspace: Workspace) -> object:
    """Find them over everything, and by a column with odd values."""
    whole = GuaranteeAsked(floor=0.3, delta=0.2, lowest=0.0)
    cells = GuaranteeAsked(by=("market",), floor=0.2, delta=0.2, lowest=0.0)
    told = []
    for asked in (whole, cells):
        found = workspace.adviser.guarantee(asked, period="all")
        lines = (
            (
                each.where,
                each.scored,
                each.labels,
                each.rejected,
                each.sure.score if each.sure else None,
                f"{each.today.precision:.9f}" if each.today and each.today.precision else None,
            )
            for each in found
        )
        told.append(f"{found.way} {found.floor} {sorted(map(str, lines))}")
    return str(told)
