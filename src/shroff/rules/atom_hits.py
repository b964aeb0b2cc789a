"""Hits of atoms in texts, as columns: put together, made unambiguous, shared out to who asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shroff.text.kernel_cache import allocating_kernel

__all__ = ["AtomHits", "Shares", "no_hits", "settled", "shares_of", "sorted_by", "together"]

Column = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class AtomHits:
    """Where atoms hit: one entry a hit.

    Parameters
    ----------
    row : array of int32
        Ad, or text.
    field : array of int32
        Number of the field.
    atom : array of int32
        Number of the atom.
    start, end : array of int32
        Place in the original text, in code points, end exclusive.
    bits : array of int32
        Disguises seen through, bits of `shroff.text.evasion.Evasion`.
    view : array of int32
        View it was found in: 0 plain, 1 folded, 2 sound, 3 plain by a regular expression.
    """

    row: Column
    field: Column
    atom: Column
    start: Column
    end: Column
    bits: Column
    view: Column

    def __len__(self) -> int:
        return len(self.row)

    def columns(self) -> tuple[Column, ...]:
        """Give the columns in their order."""
        return (self.row, self.field, self.atom, self.start, self.end, self.bits, self.view)

    def further(self, rows: int) -> AtomHits:
        """Move all entries on by some rows."""
        return replace(self, row=self.row + np.int32(rows)) if rows else self

    def take(self, which: NDArray[np.bool_] | NDArray[np.int64]) -> AtomHits:
        """Keep some entries, by a mask or by their numbers."""
        return AtomHits(*(column[which] for column in self.columns()))


@dataclass(frozen=True, slots=True)
class Shares:
    """What belongs to each of many: to a term its atoms, to an atom its rules.

    Parameters
    ----------
    bounds : array of int64, shape (many + 1,)
        Where in `members` those of each begin.
    members : array of int32
        All members, one owner after the other.
    """

    bounds: NDArray[np.int64]
    members: Column

    def of(self, owners: NDArray[np.int32]) -> tuple[NDArray[np.int64], Column]:
        """Give each owner's members.

        Parameters
        ----------
        owners : array of int32
            Owners, in any order, repeated or not.

        Returns
        -------
        array of int64
            For each member given, which entry of `owners` it is for.
        array of int32
            The members.
        """
        starts = self.bounds[owners]
        counts = self.bounds[owners + 1] - starts
        if (counts == 1).all():
            return np.arange(len(owners)), self.members[starts]
        entry = np.repeat(np.arange(len(owners)), counts)
        first = np.cumsum(counts) - counts
        inside = np.arange(len(entry)) - first[entry]
        return entry, self.members[starts[entry] + inside]


def shares_of(owned: Sequence[Sequence[int]]) -> Shares:
    """Write lists of members as arrays."""
    bounds = np.concatenate([[0], np.cumsum([len(members) for members in owned])])
    flat = [member for members in owned for member in members]
    return Shares(bounds.astype(np.int64), np.array(flat, np.int32))


def no_hits() -> AtomHits:
    """Give a table without entries."""
    return AtomHits(*(np.zeros(0, np.int32) for _ in range(7)))


def together(parts: Sequence[AtomHits]) -> AtomHits:
    """Put tables one after the other."""
    if not parts:
        return no_hits()
    if len(parts) == 1:
        return parts[0]
    every = zip(*(part.columns() for part in parts), strict=True)
    return AtomHits(*(np.concatenate(columns) for columns in every))


def settled(hits: AtomHits) -> AtomHits:
    """Leave of the overlapping hits of one atom in one field the first of the plainest view.

    Parameters
    ----------
    hits : AtomHits
        Any.

    Returns
    -------
    AtomHits
        Hits of which none overlaps another of its atom, ordered by row, field and atom; those of
        one atom by view and place.
    """
    if not len(hits):
        return hits
    fields, atoms = int(hits.field.max()) + 1, int(hits.atom.max()) + 1
    group = (hits.row.astype(np.int64) * fields + hits.field) * atoms + hits.atom
    order = sorted_by(group, hits.view, hits.start, hits.end)
    ordered = hits.take(order)
    return ordered.take(_first(group[order], ordered.start, ordered.end))


def sorted_by(*keys: NDArray[np.integer[Any]]) -> NDArray[np.int64]:
    """Order entries by some keys, the first of which counts most.

    Parameters
    ----------
    *keys : array of int
        None below 0.

    Returns
    -------
    array of int64
        Numbers of the entries in their order; equal ones stay as they are.
    """
    if not len(keys[0]):
        return np.zeros(0, np.int64)
    tops = [int(key.max()) + 1 for key in keys]
    if prod(tops) >= 1 << 63:
        return np.lexsort(keys[::-1])
    whole = keys[0].astype(np.int64)
    for key, top in zip(keys[1:], tops[1:], strict=True):
        whole = whole * top + key
    return np.argsort(whole, kind="stable")  # quick, as most come in their order


@allocating_kernel
def _first(group: NDArray[np.int64], start: Column, end: Column) -> NDArray[np.bool_]:
    kept = np.ones(len(group), np.bool_)
    taken = np.zeros(end.max(), np.int32)  # by which group a character was taken last
    number = 0
    for hit in range(len(group)):
        if hit == 0 or group[hit] != group[hit - 1]:
            number += 1
            alone = hit + 1 == len(group) or group[hit + 1] != group[hit]
            if alone:
                continue
        for place in range(start[hit], end[hit]):
            if taken[place] == number:
                kept[hit] = False
                break
        if kept[hit]:
            taken[start[hit] : end[hit]] = number
    return kept
