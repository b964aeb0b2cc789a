"""Labels on which two versions of a model are compared, and how their errors go together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shroff.domain.labels import DesignKind
from shroff.errors import DesignError
from shroff.stats.checks import require_index, require_sums
from shroff.stats.dense import Flags, Ints, add_up
from shroff.stats.proportions import Floats
from shroff.stats.sampling import NO_PROBABILITY, kind_codes

__all__ = ["PairedLabels", "covariance"]

_CENSUS, _STRATIFIED, _POISSON, _PPS = kind_codes(list(DesignKind))


@dataclass(frozen=True, slots=True, kw_only=True)
class PairedLabels:
    """Labelled ads that both versions scored.

    Parameters
    ----------
    stratum : array of int, shape (k,)
        Stratum of the draw.
    w : array of shape (k,)
        1 / inclusion probability.
    bad : array of bool, shape (k,)
        The ad violates.
    kind : array of int, shape (strata,)
        How each stratum was drawn; codes from `shroff.stats.sampling.kind_codes`.
    cluster : array of int, shape (k,), optional
        What was drawn, or errs, together; any numbers, unique within a stratum.
    share : array of shape (k,), optional
        Part of its weight that a label counts with, where several draws speak of the same ads.

    Raises
    ------
    DesignError
        If no label weighs anything, or a weight or stratum is not one.
    """

    stratum: Ints
    w: Floats
    bad: Flags
    kind: Ints
    cluster: Ints | None = None
    share: Floats | None = None

    def __post_init__(self) -> None:
        require_index("stratum", self.stratum, size=len(self.kind), where="labels")
        require_sums("weight", self.w, where="labels", hint=NO_PROBABILITY)
        if not np.any(self.w > 0):
            raise DesignError(
                "no label counts for any ad: all weights are zero, or there is no label",
                hint="take labels that were drawn with a known probability",
            )

    def __len__(self) -> int:
        """Count the labels."""
        return len(self.w)

    @property
    def weight(self) -> Floats:
        """Give how many ads each label stands for."""
        return self.w if self.share is None else self.w * self.share

    @property
    def random(self) -> Flags:
        """Tell which labels are left to chance."""
        left: Flags = (self.kind != _CENSUS)[self.stratum]
        return left


def covariance(
    first: Floats, second: Floats, *, labels: PairedLabels, group: Ints, groups: int
) -> Floats:
    """Say how two weighted totals vary together under the design, in every slice.

    Parameters
    ----------
    first, second : array of shape (k,)
        What each label adds to the totals, its weight included; 0 where it adds nothing.
    labels : PairedLabels
        How they were drawn.
    group : array of int, shape (k,)
        Slice of each label; -1 outside.
    groups : int
        Number of slices.

    Returns
    -------
    array of shape (groups,)
        Covariances. A stratum with one label, or one cluster, counts its whole square.

    Notes
    -----
    Poisson: ``sum((1 - 1/w) x y)``. Simple random within strata, with replacement, and clusters:
    ``n / (n - 1)`` times the centred products, less the share of the stratum that was drawn.
    """
    inside = group >= 0
    x, y, where = first[inside], second[inside], group[inside]
    stratum = labels.stratum[inside]
    size = len(labels.kind)
    if labels.cluster is None:
        counted = np.bincount(labels.stratum, minlength=size).astype(np.float64)
    else:
        width = int(labels.cluster.max(initial=0)) + 1
        drawn = np.unique(labels.stratum * width + labels.cluster)
        counted = np.bincount(drawn // width, minlength=size).astype(np.float64)
        whole = (where * size + stratum) * width + labels.cluster[inside]
        codes, place = np.unique(whole, return_inverse=True)
        x, y = add_up(place, x, size=len(codes)), add_up(place, y, size=len(codes))
        where, stratum = codes // width // size, codes // width % size
    products = x * y * _factors(labels, counted, inside=inside, stratum=stratum)
    found = add_up(where, products, size=groups)
    return found - _centres(labels, counted, x=x, y=y, where=where, stratum=stratum, groups=groups)


def _shares(labels: PairedLabels, counted: Floats) -> Floats:
    """Say which part of a stratum is left to chance."""
    size = len(labels.kind)
    weight = np.bincount(labels.stratum, weights=labels.w, minlength=size)
    part = np.divide(counted, weight, out=np.zeros(size), where=weight > 0)
    simple = (labels.kind == _STRATIFIED) & (labels.cluster is None)
    left = np.where(simple, 1 - np.minimum(part, 1.0), 1.0)
    left[labels.kind == _CENSUS] = 0.0
    return left


def _centred(labels: PairedLabels, counted: Floats) -> Flags:
    fixed = np.isin(labels.kind, (_STRATIFIED, _PPS)) | (labels.cluster is not None)
    several: Flags = fixed & (labels.kind != _CENSUS) & (counted > 1)
    return several


def _factors(labels: PairedLabels, counted: Floats, *, inside: Flags, stratum: Ints) -> Floats:
    left = _shares(labels, counted)
    several = _centred(labels, counted)
    factor = np.where(several, left * counted / np.maximum(counted - 1, 1), left)[stratum]
    if labels.cluster is None:
        w = labels.w[inside]
        chance = np.divide(1.0, w, out=np.ones(len(w)), where=w > 0)
        poisson = (labels.kind == _POISSON)[stratum]
        factor = np.where(poisson, factor * (1 - np.minimum(chance, 1.0)), factor)
    return factor


def _centres(
    labels: PairedLabels,
    counted: Floats,
    *,
    x: Floats,
    y: Floats,
    where: Ints,
    stratum: Ints,
    groups: int,
) -> Floats:
    size = len(labels.kind)
    pairs, place = np.unique(where * size + stratum, return_inverse=True)
    centre = np.where(
        _centred(labels, counted), _shares(labels, counted) / np.maximum(counted - 1, 1), 0.0
    )[pairs % size]
    sums = add_up(place, x, size=len(pairs)) * add_up(place, y, size=len(pairs))
    return add_up(pairs // size, centre * sums, size=groups)
