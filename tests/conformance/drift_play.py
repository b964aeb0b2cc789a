"""Two periods compared, as a user does: odd columns, scores, words, reviewers, labels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shroff.domain.slices import Period
from shroff.measure.briefing import brief_of
from shroff.watch.drift import drift

if TYPE_CHECKING:
    from shroff.workspace import Workspace

__all__ = ["compare_periods"]

_COLUMNS = ("market", "language", "类别", "it's", "huge")


def compare_periods(workspace: Workspace) -> object:
    """Hold the later half of the logs against the earlier."""
    with workspace.engine() as engine:
        brief = brief_of(workspace.settings, engine, by=(), period="all")
        whole = brief.period
        earlier = Period(whole.start, whole.start + (whole.end - whole.start) / 2)
        found = drift(engine, brief, background=earlier, columns=_COLUMNS)
    shifts = sorted((each.kind.value, each.name, each.effect.n) for each in found.shifts)
    links = sorted((each.share, each.by, each.labels) for each in found.links)
    return f"{shifts} {links}"
