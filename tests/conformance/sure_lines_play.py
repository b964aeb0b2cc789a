"""Automation as a user asks about it: reject lines that are sure, and where it can grow."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from shroff.advise.grow import GrowAsked
from shroff.advise.guarantee import GuaranteeAsked
from shroff.errors import DesignError

if TYPE_CHECKING:
    from shroff.workspace import Workspace

__all__ = ["find_sure_lines", "rank_growth"]


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
    with suppress(DesignError):  # no score of a single policy has a highest one
        workspace.adviser.guarantee(GuaranteeAsked(by=("policy",), floor=0.3), period="all")
    return str(told)


def rank_growth(workspace: Workspace) -> object:
    """Rank slices by a column with odd values."""
    asked = GrowAsked(by=("market",), band=0.5, leakage=0.9, precision=0.2, minutes=2.0)
    found = workspace.adviser.grow(asked, period="all", level=0.5)
    with suppress(DesignError):
        workspace.adviser.grow(replace(asked, by=("policy", "market")), period="all")
    parts = (found.safe, found.unsafe, found.nearly)
    told = [
        (each.slice.where, each.slice.band, each.then, each.ads, each.labels, f"{each.wrong:.6f}")
        for part in parts
        for each in part
    ]
    return f"{found.cut} {found.looked_at} {told}"
