"""Which slices are worse than the rest, of all that some columns make; and which to read."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shroff.errors import DesignError
from shroff.stats.compare import benjamini_yekutieli
from shroff.stats.dense import Flags, Ints
from shroff.stats.lattice import CodedLabels, Lattice, SliceSums, grow, sums_of
from shroff.stats.proportions import Floats
from shroff.stats.slice_tests import Shuffle, log_p_values, shuffle_of

__all__ = ["Apart", "SliceSearch", "apart", "search"]

_MOST_READ = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class SliceSearch:
    """All slices with enough labels, and how surprising each is.

    Parameters
    ----------
    lattice : Lattice
        The slices.
    sums : SliceSums
        Their labels.
    shuffle : Shuffle
        All labels.
    log_p : array of shape (slices,)
        Natural logarithm of the p-value of each, 0 for one that is not worse.
    adjusted : array of shape (slices,)
        P-values adjusted for having looked at all; NaN for a slice that has the very labels of
        one it is part of, which is not looked at twice.
    false_share : float
        Share of false ones among the slices found that is allowed, on average.
    """

    lattice: Lattice
    sums: SliceSums
    shuffle: Shuffle
    log_p: Floats
    adjusted: Floats
    false_share: float

    @property
    def looked_at(self) -> int:
        """Count the slices that were tested."""
        return int(np.isfinite(self.adjusted).sum())

    def found(self) -> Ints:
        """List the slices that are worse, the most surprising first."""
        places = np.flatnonzero(np.nan_to_num(self.adjusted, nan=1.0) <= self.false_share)
        order = np.lexsort((self.lattice.depth[places], self.log_p[places]))
        found: Ints = places[order]
        return found


def search(labels: CodedLabels, *, depth: int, least: int, false_share: float) -> SliceSearch:
    """Look at every slice.

    Parameters
    ----------
    labels : CodedLabels
        Labels of the metric's denominator.
    depth : int
        Most columns of a slice.
    least : int
        Fewest labels of a slice.
    false_share : float
        Share of false ones among the slices found that is allowed, on average, in (0, 1).

    Returns
    -------
    SliceSearch
        The slices, and which are worse than the rest.

    Raises
    ------
    DesignError
        If there are no labels, none has a weight, or all share one cluster.

    Notes
    -----
    False discoveries are held by Benjamini and Yekutieli's rule: slices share labels, nested ones
    wholly, and disjoint ones pull against each other (a slice that is worse makes the others look
    better), so that nothing can be taken for granted of how their p-values hang together; this
    rule holds whatever that is. Which slices are looked at is decided by how many labels they
    have, not by their errors.

    References
    ----------
    Benjamini and Yekutieli, Ann. Statist. 29 (2001), theorem 1.3.
    """
    if not 0 < false_share < 1:
        raise DesignError(f"the share {false_share} is not between 0 and 1", where="false_share")
    _require_some(labels)
    shuffle = shuffle_of(labels)
    lattice, sums = grow(labels, depth=depth, least=least)
    log_p = log_p_values(sums, shuffle)
    looked_at = _tested(lattice, sums, labels=len(labels))
    adjusted = benjamini_yekutieli(np.where(looked_at, np.exp(log_p), np.nan))
    return SliceSearch(
        lattice=lattice,
        sums=sums,
        shuffle=shuffle,
        log_p=log_p,
        adjusted=adjusted,
        false_share=false_share,
    )


def _require_some(labels: CodedLabels) -> None:
    if not len(labels):
        raise DesignError("there is no label to search", hint="choose a longer period")
    if labels.cluster is not None and np.all(labels.cluster == labels.cluster[0]):
        raise DesignError(
            "all labels come from one cluster, so nothing tells chance from difference",
            where="labels",
            hint="label ads of more advertisers",
        )


def _tested(lattice: Lattice, sums: SliceSums, *, labels: int) -> Flags:
    """Leave out a slice that has all the labels there are, or all of one it is part of."""
    around = np.append(sums.labels, labels)  # -1, no parent, is everything
    found: Flags = np.all(sums.labels[:, None] < around[lattice.parents], axis=1)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Apart:
    """A slice worth reading.

    Parameters
    ----------
    place : int
        The slice.
    explains : int
        Further slices found that are no longer surprising without its labels.
    """

    place: int
    explains: int


def apart(found: SliceSearch, labels: CodedLabels, *, most: int = 20) -> tuple[list[Apart], int]:
    """Choose slices that do not tell the same story twice.

    Parameters
    ----------
    found : SliceSearch
        What was found.
    labels : CodedLabels
        The labels it was found in.
    most : int
        Longest list.

    Returns
    -------
    list of Apart, int
        The slices to read, the most surprising first, and how many of those found remain.

    Notes
    -----
    The most surprising slice is taken and its labels are put aside; what the others found say is
    judged anew on the labels that are left, against the same bar. Those that no longer pass were
    the same story. It makes a list readable; it is no further test.
    """
    places = found.found()[:_MOST_READ]
    bar = float(found.log_p[places].max(initial=-np.inf))
    chosen: list[Apart] = []
    left, sums, shuffle = labels, found.sums, found.shuffle
    while len(places) and len(chosen) < most:
        log_p = log_p_values(sums.at(places), shuffle)
        still = (log_p <= bar) & (sums.labels[places] > 0)
        if chosen:
            chosen[-1] = Apart(place=chosen[-1].place, explains=int((~still).sum()))
        places, log_p = places[still], log_p[still]
        if not len(places):
            break
        first = places[np.lexsort((found.lattice.depth[places], log_p))[0]]
        inside = left.within(found.lattice.terms(int(first)))
        chosen.append(Apart(place=int(first), explains=0))
        sums = sums.less(sums_of(found.lattice, left.taken(inside)))
        left, places = left.taken(~inside), places[places != first]
        if not left.w.sum() > 0:
            break
        shuffle = shuffle_of(left)
    return chosen, len(places)
