"""Shares of violating ads by range of the score, with their intervals."""

from __future__ import annotations

import numpy as np

from shroff.stats.clusters import LabelRows, clustered_ratios_many
from shroff.stats.dense import Ints, add_up
from shroff.stats.estimate import Estimates
from shroff.stats.proportions import Floats
from shroff.stats.sampling import Cells, ExposureSums, Ratio, Strata, exposure_ratios_many
from shroff.stats.score_cells import ScoreCells

__all__ = ["bins_of", "shares_of_parts"]

_FEWEST = 20  # labels of a bin
_SHARE = Ratio(numerator=np.array([False, True]), denominator=np.array([True, True]))


def shares_of_parts(
    cells: ScoreCells, strata: Strata, *, part: Ints, parts: int, level: float
) -> Estimates:
    """Say which share of each part of the labels is violating.

    Parameters
    ----------
    cells : ScoreCells
        Labels.
    strata : Strata
        How they were drawn.
    part : array of int, shape (k,)
        Part 0..parts-1 of each row.
    parts : int
        Number of parts.
    level : float
        Coverage wanted, in (0, 1).

    Returns
    -------
    Estimates
        One figure a part.
    """
    truth = cells.violating.astype(np.intp)
    if cells.cluster is not None:
        rows = LabelRows(
            group=part, stratum=cells.stratum, cluster=cells.cluster, cell=truth, w=cells.w
        )
        return clustered_ratios_many(rows, strata, metrics=(_SHARE,), groups=parts, level=level)[0]
    made = Cells(
        group=part,
        stratum=cells.stratum,
        cell=truth,
        n=cells.n,
        w=cells.w,
        w2=cells.w2,
        exposure=ExposureSums(wm=cells.w, wm2=cells.w, w2m2=cells.w2),
    )
    return exposure_ratios_many(made, strata, metrics=(_SHARE,), groups=parts, level=level)[0]


def bins_of(said: Floats, labels: Floats, *, bins: int) -> Ints:
    """Put rows into bins of about equally many labels, rows of one score together.

    Parameters
    ----------
    said : array of shape (k,)
        Score of each row.
    labels : array of shape (k,)
        Labels of each row.
    bins : int
        Most bins; each has 20 labels at least.

    Returns
    -------
    array of int, shape (k,)
        Bin of each row, from 0.
    """
    values, which = np.unique(said, return_inverse=True)
    count = add_up(which, labels, size=len(values))
    wanted = int(np.clip(labels.sum() // _FEWEST, 1, bins))
    before = np.cumsum(count) - count / 2
    bin_of_value = np.minimum((before / labels.sum() * wanted).astype(np.intp), wanted - 1)
    _, dense = np.unique(bin_of_value, return_inverse=True)
    found: Ints = dense[which]
    return found
