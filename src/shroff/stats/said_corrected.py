"""A share as a judge of known errors has it, corrected for them: Rogan and Gladen under a design."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.special import ndtri, stdtrit

from shroff.stats.clusters import LabelRows, clustered_ratios_many
from shroff.stats.crossfit import ScoredLabels, ScoreTotals
from shroff.stats.dense import Flags, add_up, divide
from shroff.stats.estimate import Estimates
from shroff.stats.label_error import Accuracy, rogan_gladen
from shroff.stats.proportions import require_level
from shroff.stats.sampling import Cells, Ratio, Strata, ratios_many

__all__ = ["FEWEST", "corrected_shares", "said_accuracy"]

FEWEST = 15
"""Violating, and compliant, labels with fewer of which a judge's errors are not known."""

_COUNTED = 1e9  # ads are counted in full: of what was said nothing is left to chance
_CODES = np.arange(4)
_BAD, _SAID = _CODES >= 2, _CODES % 2 == 1


def said_accuracy(
    labels: ScoredLabels,
    strata: Strata,
    *,
    said: Flags,
    among: Flags,
    groups: int,
    level: float = 0.95,
) -> Accuracy:
    """Say how often a judge is right on the ads of some known classes, slice by slice.

    Parameters
    ----------
    labels : ScoredLabels
        Labels by people; their bin is what the judge said.
    strata : Strata
        How they were drawn.
    said : array of bool, shape (bins + 1,)
        Whether a bin means that the judge called the ad violating.
    among : array of bool, shape (classes,)
        Known classes that count, such as approved ads.
    groups : int
        Number of slices.
    level : float
        Coverage wanted, in (0, 1).

    Returns
    -------
    Accuracy
        Sensitivity and specificity. An ad that was not judged, or got no answer, was not called
        violating: so it takes nothing to be alike about which ads were judged.
    """
    inside = (labels.group >= 0) & among[labels.known]
    cell = (2 * labels.violating + said[labels.bin]).astype(np.intp)
    wanted = (
        Ratio(numerator=_BAD & _SAID, denominator=_BAD),
        Ratio(numerator=~_BAD & ~_SAID, denominator=~_BAD),
    )
    if labels.cluster is not None:
        rows = LabelRows(
            group=np.where(inside, labels.group, -1),
            stratum=labels.stratum,
            cluster=labels.cluster,
            cell=cell,
            w=labels.w,
        )
        pair = clustered_ratios_many(rows, strata, metrics=wanted, groups=groups, level=level)
    else:
        cells = Cells(
            group=labels.group[inside],
            stratum=labels.stratum[inside],
            cell=cell[inside],
            n=np.ones(int(inside.sum())),
            w=labels.w[inside],
            w2=labels.w[inside] ** 2,
            known=_SAID.astype(np.intp),
        )
        pair = ratios_many(cells, strata, metrics=wanted, groups=groups, level=level)
    return Accuracy(sensitivity=_or_nothing(pair[0]), specificity=_or_nothing(pair[1]))


def _or_nothing(rate: Estimates) -> Estimates:
    """Say that a rate may be anything where too few labels tell it."""
    few = (rate.n < FEWEST) | np.isnan(rate.value)
    # how much few labels vary is itself known by few labels only: they count for less
    labels = np.maximum(np.nan_to_num(rate.n_effective, nan=1.0), 2.0)
    z = float(ndtri(0.5 + rate.level / 2))
    worth = (z / stdtrit(labels - 1, 0.5 + rate.level / 2)) ** 2
    return replace(
        rate,
        value=np.where(np.isnan(rate.value), 0.5, rate.value),
        low=np.where(few, 0.0, rate.low),
        high=np.where(few, 1.0, rate.high),
        n_effective=np.where(few, 1.0, labels * worth),
    )


def corrected_shares(
    totals: ScoreTotals,
    accuracy: Accuracy,
    *,
    said: Flags,
    among: Flags,
    groups: int,
    level: float = 0.95,
) -> tuple[Estimates, Estimates]:
    """Say which share of ads violates, from what a judge said of all and how often it is right.

    Parameters
    ----------
    totals : ScoreTotals
        All ads by slice, known class and bin.
    accuracy : Accuracy
        As of `said_accuracy`, of the same ads.
    said, among, groups, level
        As for `said_accuracy`.

    Returns
    -------
    said : Estimates
        The share that the judge calls violating: a count.
    corrected : Estimates
        The share that violates. Where the judge may be little better than chance, or too few
        labels tell, only what it can be.

    Notes
    -----
    `shroff.stats.label_error.rogan_gladen`. Sensitivity and specificity are of the very ads that
    are corrected, so that a judge may be better on what the machine rejects than on what it
    approves, and better at one policy than at another.
    """
    require_level(level)
    mine = among[totals.known]
    whole = add_up(totals.group[mine], totals.total[mine], size=groups)
    hit = mine & said[totals.bin]
    hits = add_up(totals.group[hit], totals.total[hit], size=groups)
    share = divide(hits, whole)
    observed = Estimates(
        value=share,
        low=share,
        high=share,
        n=np.round(whole).astype(np.int64),
        n_effective=np.full(groups, _COUNTED),
        design_effect=np.zeros(groups),
        numerator=hits,
        denominator=whole,
        level=level,
        method="count",
    )
    n = accuracy.sensitivity.n + accuracy.specificity.n
    found = rogan_gladen(observed, accuracy)
    return observed, replace(found, n=n)
