"""Does a judge say the same when it is asked again?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shroff.domain.labels import DesignKind
from shroff.errors import DesignError
from shroff.stats.dense import Ints
from shroff.stats.estimate import Estimates
from shroff.stats.proportions import Floats
from shroff.stats.said_shares import spread
from shroff.stats.sampling import Cells, Strata, ratios

__all__ = ["Repeats", "mean_share", "repeats"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeats:
    """How answers to the same question differ.

    Parameters
    ----------
    same : Estimates
        Share of ads with the same answer each time.
    flips : Estimates
        Chance that two answers to the same ad differ.
    """

    same: Estimates
    flips: Estimates


def repeats(
    ad: Ints, answer: Ints, w: Floats, *, kinds: int, level: float = 0.95
) -> tuple[Repeats, Floats]:
    """Say how often a judge that is asked several times says the same.

    Parameters
    ----------
    ad : array of int, shape (k,)
        Ad of each answer, 0..n-1.
    answer : array of int, shape (k,)
        What was said, 0..kinds-1; a refusal is an answer.
    w : array of shape (n,)
        1 / inclusion probability of each ad.
    kinds : int
        Number of different answers.
    level : float
        Coverage wanted, in (0, 1).

    Returns
    -------
    Repeats
        Over ads with at least two answers.
    array of shape (n,)
        For each ad the share of pairs of its answers that differ; NaN with fewer than two.

    Raises
    ------
    DesignError
        If no ad was judged twice.
    """
    size = len(w)
    counts = np.zeros((size, kinds))
    np.add.at(counts, (ad, answer), 1.0)
    asked = counts.sum(axis=1)
    twice = asked >= 2
    if not twice.any():
        raise DesignError(
            "no ad was judged twice by this version",
            hint="judge the golden ads again, as a run of its own",
        )
    pairs = np.maximum(asked * (asked - 1), 1.0)
    differ = np.where(twice, 1 - (counts * (counts - 1)).sum(axis=1) / pairs, np.nan)
    same = np.where(differ[twice] <= 0, 1.0, 0.0)
    return (
        Repeats(
            same=mean_share(same, w[twice], level=level),
            flips=mean_share(differ[twice], w[twice], level=level),
        ),
        differ,
    )


def mean_share(share: Floats, w: Floats, *, level: float) -> Estimates:
    """Average shares of ads that were drawn one by one.

    Parameters
    ----------
    share : array of shape (n,)
        A share of each ad, in [0, 1].
    w : array of shape (n,)
        1 / inclusion probability.
    level : float
        Coverage wanted, in (0, 1).

    Returns
    -------
    Estimates
        One figure: the weighted mean.

    Notes
    -----
    Each ad counts in part above and in part below the line; what the judge says next time is left
    to chance even of ads that are all labelled. The interval is that of
    `shroff.stats.sampling.ratios`, over classes of alike weights.
    """
    stratum, weight, kinds = spread(w, drawn=w, kind=DesignKind.POISSON)
    part = np.concatenate([share, 1 - share])
    total = np.tile(weight, 2) * part
    cells = Cells(
        group=np.zeros(2 * len(w), dtype=np.intp),
        stratum=np.tile(stratum, 2),
        cell=np.repeat(np.arange(2), len(w)),
        n=part,
        w=total,
        w2=total**2 + total,  # no ad's own chance takes anything off its square
    )
    strata = Strata(
        kind=kinds,
        population=np.full(len(kinds), np.nan),
        labels=np.bincount(stratum, minlength=len(kinds)).astype(np.float64),
    )
    return ratios(
        cells,
        strata,
        numerator=np.array([True, False]),
        denominator=np.array([True, True]),
        groups=1,
        level=level,
    )
