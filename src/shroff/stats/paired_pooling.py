"""One answer from several independent draws of labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from shroff.stats.dense import Flags, Ints, add_up, divide
from shroff.stats.estimate import Estimates
from shroff.stats.paired import Comparison, read_off
from shroff.stats.paired_doubt import PairedLabels
from shroff.stats.proportions import Floats

__all__ = ["pool_comparisons", "pool_estimates", "worth"]

_LITTLE = 1e-3


def worth(labels: PairedLabels, differ: Flags, *, group: Ints, groups: int) -> Floats:
    """Say how much a draw tells of a difference, before anybody labels it.

    Parameters
    ----------
    labels : PairedLabels
        The draw.
    differ : array of bool, shape (k,)
        The versions do different things with the ad.
    group : array of int, shape (k,)
        Slice of each label; -1 outside.
    groups : int
        Number of slices.

    Returns
    -------
    array of shape (groups,)
        Labels that differ, as equally weighted ones, and a little for the others.
    """
    inside = group >= 0
    found = np.zeros(groups)
    for share, mine in ((1.0, differ), (_LITTLE, ~differ)):
        w, where = labels.w[inside & mine], group[inside & mine]
        total, squares = (add_up(where, v, size=groups) for v in (w, w**2))
        found += share * np.nan_to_num(divide(total**2, squares))
    return found


def pool_estimates(parts: Sequence[Estimates], shares: Sequence[Floats]) -> Estimates:
    """Average figures of independent draws.

    Parameters
    ----------
    parts : sequence of Estimates
        Figures of the same slices; a draw without labels has NaN.
    shares : sequence of array of shape (groups,)
        What each draw is worth, chosen without looking at its labels.

    Returns
    -------
    Estimates
        The averages, with the draws' doubts added in squares.
    """
    if len(parts) == 1:
        return parts[0]
    known = [np.isfinite(part.value) for part in parts]
    given = [np.where(there, share, 0.0) for there, share in zip(known, shares, strict=True)]
    whole = np.sum(given, axis=0)
    # where no draw is worth anything, whichever has a figure counts the same
    given = [np.where(whole > 0, g, k.astype(float)) for g, k in zip(given, known, strict=True)]
    whole = np.sum(given, axis=0)
    part_of = [np.nan_to_num(divide(g, whole)) for g in given]

    def mean(columns: Sequence[Floats]) -> Floats:
        added = [
            np.where(p > 0, p * np.nan_to_num(c), 0.0)
            for p, c in zip(part_of, columns, strict=True)
        ]
        return np.where(whole > 0, np.sum(added, axis=0), np.nan)

    def joint(reaches: Sequence[Floats]) -> Floats:
        squares = [
            np.where(p > 0, (p * np.nan_to_num(r)) ** 2, 0.0)
            for p, r in zip(part_of, reaches, strict=True)
        ]
        found: Floats = np.sqrt(np.sum(squares, axis=0))
        return found

    value = mean([part.value for part in parts])
    return replace(
        parts[0],
        value=value,
        low=value - joint([part.value - part.low for part in parts]),
        high=value + joint([part.high - part.value for part in parts]),
        n=np.sum([part.n for part in parts], axis=0),
        n_effective=np.nansum([part.n_effective for part in parts], axis=0),
        design_effect=np.full(len(value), np.nan),
        numerator=np.full(len(value), np.nan),
        denominator=np.full(len(value), np.nan),
    )


def pool_comparisons(parts: Sequence[Comparison], shares: Sequence[Floats]) -> Comparison:
    """Average comparisons of independent draws; see `pool_estimates`.

    Parameters
    ----------
    parts : sequence of Comparison
        The same metric and slices.
    shares : sequence of array of shape (groups,)
        As in `pool_estimates`.

    Returns
    -------
    Comparison
        The averages; p-values are read off the joint intervals.
    """
    if len(parts) == 1:
        return parts[0]
    found = pool_estimates([part.difference for part in parts], shares)
    return Comparison(
        metric=parts[0].metric,
        first=pool_estimates([part.first for part in parts], shares),
        second=pool_estimates([part.second for part in parts], shares),
        difference=found,
        p=read_off(found),
        exact=np.zeros(len(found), dtype=bool),
    )
