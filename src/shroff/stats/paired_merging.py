"""One sample from several independent draws of the same ads."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from shroff.stats.dense import Ints, add_up, divide
from shroff.stats.paired_doubt import PairedLabels
from shroff.stats.proportions import Floats

__all__ = ["merged"]


def merged(draws: Sequence[PairedLabels], classes: Sequence[Ints]) -> PairedLabels:
    """Put the labels of several draws together, so that each ad is still counted once.

    Parameters
    ----------
    draws : sequence of PairedLabels
        Independent draws, each of which could have drawn any ad.
    classes : sequence of array of int
        Class of each label, known before anybody labels: which versions act on the ad.

    Returns
    -------
    PairedLabels
        All labels. In each class a draw counts by how many labels it has there, as equally
        weighted ones; where one draw has none, the others count in full.

    Notes
    -----
    A sum over a class is the mean of the draws' own estimates of it, weighed by what is known
    without the labels, and so as unbiased as they are. A batch of ads on which versions disagree
    then tells what was gained and lost, and an audit how many violating ads there are in all.
    """
    if len(draws) == 1:
        return draws[0]
    sizes = np.cumsum([0, *(len(draw.kind) for draw in draws)])[:-1]
    clusters = None
    if any(draw.cluster is not None for draw in draws):
        # ads that were drawn on their own are clusters of one
        clusters = np.concatenate(
            [np.arange(len(d)) if d.cluster is None else d.cluster for d in draws]
        )
    return PairedLabels(
        stratum=np.concatenate([d.stratum + s for d, s in zip(draws, sizes, strict=True)]),
        w=np.concatenate([draw.w for draw in draws]),
        bad=np.concatenate([draw.bad for draw in draws]),
        kind=np.concatenate([draw.kind for draw in draws]),
        cluster=clusters,
        share=np.concatenate(_shares(draws, classes)),
    )


def _shares(draws: Sequence[PairedLabels], classes: Sequence[Ints]) -> list[Floats]:
    size = 1 + max(int(found.max(initial=0)) for found in classes)
    worth: list[Floats] = []
    for draw, klass in zip(draws, classes, strict=True):
        total, squares = (add_up(klass, v, size=size) for v in (draw.w, draw.w**2))
        worth.append(np.nan_to_num(divide(total**2, squares)))
    whole = np.sum(worth, axis=0)
    return [
        np.nan_to_num(divide(mine, whole))[klass]
        for mine, klass in zip(worth, classes, strict=True)
    ]
