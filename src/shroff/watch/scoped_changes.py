"""A new edition for some policies: which group of reviewers judges these policies otherwise since?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from shroff.domain.slices import Slice
from shroff.watch.daily_series import DailyBlock, Floats
from shroff.watch.logged_changes import LoggedChange
from shroff.watch.watched_metrics import FIRST_REVIEWED, OVERTURNED

__all__ = ["ScopedBlock", "scoped_blocks"]

_FAMILY = "policy_family"
_APART = re.compile(r"[,;/|\s]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopedBlock:
    """What groups of reviewers say of the policies that a logged change is about.

    Parameters
    ----------
    block : DailyBlock
        By group, the policies taken together.
    change : LoggedChange
        The change.
    """

    block: DailyBlock
    change: LoggedChange


def scoped_blocks(
    blocks: Sequence[DailyBlock], logged: Sequence[LoggedChange]
) -> tuple[ScopedBlock, ...]:
    """Put together the policy families that a logged change names, for each group of reviewers.

    Parameters
    ----------
    blocks : sequence of DailyBlock
        Series by day; those of reviews by a group and a policy family are used.
    logged : sequence of LoggedChange
        The log of changes; those whose scope names policy families are used.

    Returns
    -------
    tuple of ScopedBlock
        One a change, metric and way of grouping. Who is hurt no log says: every group is looked at.
    """
    found = []
    for block in blocks:
        if block.metric not in {FIRST_REVIEWED, OVERTURNED} or block.below is None:
            continue
        if len(block.dimensions) != 2 or _FAMILY not in block.dimensions:
            continue
        known = {str(dict(part.terms)[_FAMILY]) for part in block.slices}
        for change in logged:
            named = tuple(n for n in dict.fromkeys(_APART.split(change.scope)) if n in known)
            if named and set(named) != known:
                found.append(ScopedBlock(block=_together(block, named), change=change))
    return tuple(found)


def _together(block: DailyBlock, named: tuple[str, ...]) -> DailyBlock:
    """Add up some policy families, by group."""
    (column,) = (name for name in block.dimensions if name != _FAMILY)
    rows: dict[str, list[int]] = {}
    for place, part in enumerate(block.slices):
        terms = dict(part.terms)
        if terms[_FAMILY] in named and terms[column] is not None:
            rows.setdefault(str(terms[column]), []).append(place)
    scope = ", ".join(named)
    slices = tuple(Slice(((column, group), (_FAMILY, scope))) for group in rows)
    return DailyBlock(
        metric=block.metric,
        dimensions=(column, _FAMILY),
        slices=slices,
        first=block.first,
        above=_added(block.above, rows),
        below=None if block.below is None else _added(block.below, rows),
        complete=block.complete,
    )


def _added(table: Floats, rows: dict[str, list[int]]) -> Floats:
    added: Floats = np.array([table[places].sum(axis=0) for places in rows.values()])
    return added.reshape(len(rows), table.shape[1])
