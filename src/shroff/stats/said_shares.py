"""How often a judge is right on labelled ads, where no answer is an answer of its own kind."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shroff.domain.labels import DesignKind
from shroff.errors import DesignError
from shroff.stats.checks import require_index, require_sums
from shroff.stats.dense import Flags, Ints
from shroff.stats.estimate import Estimates
from shroff.stats.proportions import Floats
from shroff.stats.sampling import NO_PROBABILITY, Cells, Ratio, Strata, kind_codes, ratios_many

__all__ = ["CLEARED", "FLAGGED", "METRICS", "NO_ANSWER", "SaidLabels", "said_shares", "spread"]

CLEARED, FLAGGED, NO_ANSWER = range(3)
"""What a judge says of an ad; a refusal, or an answer that cannot be read, is ``NO_ANSWER``."""

METRICS = ("recall", "precision", "fpr", "specificity", "no_answer", "no_answer_violating")
"""What is told of a judge."""

_CODES = np.arange(6)
_BAD, _SAID = _CODES >= 3, _CODES % 3
_ALL = np.ones(6, dtype=bool)
_RATIOS = {
    "recall": (_BAD & (_SAID == FLAGGED), _BAD),
    "precision": (_BAD & (_SAID == FLAGGED), _SAID == FLAGGED),
    "fpr": (~_BAD & (_SAID == FLAGGED), ~_BAD),
    "specificity": (~_BAD & (_SAID != FLAGGED), ~_BAD),
    "no_answer": (_SAID == NO_ANSWER, _ALL),
    "no_answer_violating": (_BAD & (_SAID == NO_ANSWER), _BAD),
}
_STEP = 4.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidLabels:
    """Labelled ads with what a judge said of them.

    Parameters
    ----------
    stratum : array of int, shape (k,)
        Stratum of the draw.
    w : array of shape (k,)
        1 / inclusion probability.
    kind : array of int, shape (strata,)
        How each stratum was drawn; codes from `shroff.stats.sampling.kind_codes`.
    bad : array of bool, shape (k,)
        The ad violates.
    said : array of int, shape (k,)
        ``CLEARED``, ``FLAGGED`` or ``NO_ANSWER``.
    group : array of int, shape (k,)
        Slice of each label; an ad may stand in several rows, one a slice.
    """

    stratum: Ints
    w: Floats
    kind: Ints
    bad: Flags
    said: Ints
    group: Ints


def said_shares(labels: SaidLabels, *, groups: int, level: float = 0.95) -> dict[str, Estimates]:
    """Say how often a judge is right, in each slice.

    Parameters
    ----------
    labels : SaidLabels
        Labelled ads.
    groups : int
        Number of slices.
    level : float
        Coverage wanted, in (0, 1).

    Returns
    -------
    dict
        For each of `METRICS`, one figure a slice.

    Raises
    ------
    DesignError
        If a code or a weight is not one.

    Notes
    -----
    Who gets no answer has not been told that an ad violates: of the violating ads they are missed
    (recall), of the compliant ones not blamed (false-positive rate), and neither counts as called
    compliant anywhere. Intervals are those of `shroff.stats.sampling.ratios`: whatever
    a judge did not say of any ad here, it may say of the next.
    """
    require_index("answer", labels.said, size=3, where="labels")
    require_sums("weight", labels.w, where="labels", hint=NO_PROBABILITY)
    if not len(labels.w):
        raise DesignError("no labelled ad has been judged", hint="judge the golden ads first")
    cells = Cells(
        group=labels.group,
        stratum=labels.stratum,
        cell=(3 * labels.bad + labels.said).astype(np.intp),
        n=np.ones(len(labels.w)),
        w=labels.w,
        w2=labels.w**2,
    )
    size = len(labels.kind)
    strata = Strata(
        kind=labels.kind,
        population=np.full(size, np.nan),
        labels=np.bincount(labels.stratum, minlength=size).astype(np.float64),
    )
    wanted = [Ratio(numerator=above, denominator=below) for above, below in _RATIOS.values()]
    found = ratios_many(cells, strata, metrics=wanted, groups=groups, level=level)
    return dict(zip(_RATIOS, found, strict=True))


def spread(w: Floats, *, drawn: Floats, kind: DesignKind) -> tuple[Ints, Floats, Ints]:
    """Put labels of alike weight together, and let them speak for ads left open beside them.

    Parameters
    ----------
    w : array of shape (k,)
        1 / inclusion probability of the labels.
    drawn : array of shape (m,)
        The same of all ads drawn, settled or not.
    kind : DesignKind
        How ads were drawn.

    Returns
    -------
    stratum : array of int, shape (k,)
        Class of the weight: those of one class differ by less than a factor of four.
    weight : array of shape (k,)
        Weights, raised in each class by what was drawn over what is settled.
    kinds : array of int, shape (classes,)
        Kind of each class.

    Notes
    -----
    Ads drawn one by one owe nothing to strata: their variance is a sum over ads. Classes keep what
    did not turn up from being taken for impossible where weights are large. Ads that are open are
    taken to be like settled ones of their class.
    """
    place = np.floor(np.log(np.maximum(drawn, 1.0)) / np.log(_STEP) + 1e-9).astype(np.intp)
    mine = np.floor(np.log(np.maximum(w, 1.0)) / np.log(_STEP) + 1e-9).astype(np.intp)
    codes, stratum = np.unique(mine, return_inverse=True)
    size = int(place.max(initial=0)) + 1
    whole = np.bincount(place, weights=drawn, minlength=size)[codes]
    there = np.bincount(stratum, weights=w, minlength=len(codes))
    more: Floats = np.divide(whole, there, out=np.ones(len(codes)), where=there > 0)
    kinds = kind_codes([kind] * len(codes))
    return stratum.astype(np.intp), w * np.maximum(more, 1.0)[stratum], kinds
