"""Which groups and queues are so small that a figure about them is one about a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from shroff.measure.blocks import Block
from shroff.measure.label_quality_agreement import chosen
from shroff.measure.label_quality_answers import Answers

__all__ = ["LEAST_TEAM", "small_teams", "without_small_teams"]

LEAST_TEAM = 3
"""Fewest people in a group or queue before figures about it are shown."""


def small_teams(answers: Answers) -> dict[str, frozenset[str]]:
    """Name the groups and queues in which fewer than three people answered.

    Parameters
    ----------
    answers : Answers
        Answers; where no reviewer is named at all nobody can be told apart, and nothing is small.

    Returns
    -------
    dict of frozenset of str
        Names by dimension, ``group`` and ``queue``.
    """
    found: dict[str, frozenset[str]] = {}
    for dimension, column in (("group", answers.group), ("queue", answers.queue)):
        known = (column.codes >= 0) & (answers.person.codes >= 0)
        pairs = np.unique(np.column_stack([column.codes, answers.person.codes])[known], axis=0)
        people = np.bincount(pairs[:, 0], minlength=len(column.names))
        few = np.flatnonzero((people > 0) & (people < LEAST_TEAM))
        found[dimension] = frozenset(column.names[place] for place in few)
    return found


def without_small_teams(block: Block, few: Mapping[str, frozenset[str]]) -> Block:
    """Leave out the slices that are about a group or queue that is too small.

    Parameters
    ----------
    block : Block
        Figures of one metric.
    few : mapping
        Names by dimension, as `small_teams` gives them.

    Returns
    -------
    Block
        The figures that may be shown.
    """
    kept = [
        place
        for place, part in enumerate(block.slices)
        if not any(value in few.get(name, frozenset()) for name, value in part.terms)
    ]
    if len(kept) == len(block):
        return block
    return replace(
        block,
        slices=tuple(block.slices[place] for place in kept),
        estimates=chosen(block.estimates, np.array(kept, dtype=np.intp)),
        status=tuple(block.status[place] for place in kept),
        notes={new: block.notes[old] for new, old in enumerate(kept) if old in block.notes},
    )
