"""When many people judge an ad: is weighing them better than counting heads?"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from shroff.domain.messages import Message
from shroff.domain.slices import EVERYTHING
from shroff.measure.blocks import Block, pack
from shroff.measure.label_quality_answers import Answers
from shroff.stats.agreement_paired import credit, paired_difference
from shroff.stats.dawid_skene import Votes, dawid_skene, majority
from shroff.stats.estimate import Estimate
from shroff.stats.proportions import Floats, wilson

__all__ = ["pooling_blocks"]

_FEWEST = 30
_ANSWERS = 3
_DESIGN = "ads of known truth with three answers or more"


def pooling_blocks(answers: Answers, *, level: float) -> list[Block]:
    """Compare majority vote and weighing by Dawid and Skene with what experts said.

    Parameters
    ----------
    answers : Answers
        Answers.
    level : float
        Coverage wanted, in (0, 1).

    Returns
    -------
    list of Block
        Share of the settled ads that each gets right, and the paired difference; none where
        fewer than 30 ads of known truth have three answers or more. What experts said is kept
        from both.
    """
    kept = answers.inside & (answers.person.codes >= 0)
    size = int(answers.item.max(initial=-1)) + 1
    counts = np.bincount(answers.item[kept], minlength=size)
    kept &= counts[answers.item] >= _ANSWERS
    rows = np.flatnonzero(kept)
    items, first, place = np.unique(answers.item[rows], return_index=True, return_inverse=True)
    truth = answers.gold[rows][first]
    settled = np.flatnonzero((truth >= 0) & answers.known[rows][first])
    if len(settled) < _FEWEST:
        return []
    people, rater = np.unique(answers.person.codes[rows], return_inverse=True)
    votes = Votes(
        item=place.reshape(-1),
        rater=rater.reshape(-1),
        label=answers.violating[rows].astype(np.intp),
        items=len(items),
        raters=len(people),
        classes=2,
    )
    heads = credit(majority(votes)[settled], truth[settled])
    weighed = credit(dawid_skene(votes).posterior[settled], truth[settled])
    figures = {
        "majority_right": _share(heads, level=level),
        "dawid_skene_right": _share(weighed, level=level),
        "dawid_skene_gain": paired_difference(heads, weighed, level=level),
    }
    note = (Message("labels.quality.pooling", {"people": len(people)}),)
    return [
        pack(
            metric,
            [(EVERYTHING, replace(each, design=_DESIGN, caveats=note))],
            dimensions=(),
            level=level,
        )
        for metric, each in figures.items()
    ]


def _share(earned: Floats, *, level: float) -> Estimate:
    found = wilson(round(float(earned.sum())), len(earned), level=level)
    return replace(found, value=float(earned.mean()))
