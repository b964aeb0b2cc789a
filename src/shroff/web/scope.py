"""Which sections follow a filter on one policy; the others say that they do not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from shroff.domain.messages import Message
from shroff.report.document import Paragraph, Section, Tone
from shroff.web.viewing import View

__all__ = ["heed_scope"]

_FOLLOW = frozenset(
    {"change", "scorecard", "slices", "weeks", "exposure", "appeals", "curves", "calibration",
     "model-compare", "tables", "all"}
)  # fmt: skip
"""Ids of sections whose figures are those of the policy in scope, or that speak of no policy."""


def heed_scope(sections: Iterable[Section], view: View) -> Sequence[Section]:
    """Say above each section that speaks of all policies that it does, where one was asked for.

    Parameters
    ----------
    sections : iterable of Section
        Sections of a page.
    view : View
        What the page is asked for.

    Returns
    -------
    sequence of Section
        The same sections, in order.
    """
    if not view.policy:
        return tuple(sections)
    said = Message("web.habits.whole_policy", {"policy": view.policy})
    above = Paragraph(said, Tone.QUIET)
    return tuple(
        each if each.id in _FOLLOW else replace(each, blocks=(above, *each.blocks))
        for each in sections
    )
