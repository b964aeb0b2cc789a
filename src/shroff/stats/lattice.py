"""Every slice that some columns make together, to a depth, and sums over its labels."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from shroff.errors import DesignError
from shroff.stats.checks import require_sums
from shroff.stats.dense import Flags, Ints, add_up
from shroff.stats.proportions import Floats

__all__ = ["CodedLabels", "Lattice", "SliceSums", "grow", "sums_of"]

Columns: TypeAlias = tuple[int, ...]
_Chooser: TypeAlias = Callable[[Columns, Ints, int], Ints]


@dataclass(frozen=True, slots=True, kw_only=True)
class CodedLabels:
    """Labels in one metric's denominator, as codes.

    Parameters
    ----------
    values : tuple of array of int, shape (k,)
        For each column, the code of each label's value, from 0.
    error : array of bool, shape (k,)
        Whether the label counts as an error.
    w : array of shape (k,)
        What it stands for: one over its chance, times its exposure.
    cluster : array of int, shape (k,), optional
        What it was drawn, or errs, together with: from 0.
    """

    values: tuple[NDArray[np.integer], ...]
    error: Flags
    w: Floats
    cluster: Ints | None = None

    def __len__(self) -> int:
        """Count the labels."""
        return len(self.w)

    def taken(self, rows: Flags | Ints) -> CodedLabels:
        """Take some labels."""
        return CodedLabels(
            values=tuple(column[rows] for column in self.values),
            error=self.error[rows],
            w=self.w[rows],
            cluster=None if self.cluster is None else self.cluster[rows],
        )

    def within(self, terms: Sequence[tuple[int, int]]) -> Flags:
        """Tell which labels have some values, given as pairs of column and code."""
        inside: Flags = np.ones(len(self), bool)
        for column, value in terms:
            inside &= self.values[column] == value
        return inside


@dataclass(frozen=True, slots=True, kw_only=True)
class SliceSums:
    """Sums over the labels of each slice, arrays of shape (slices,).

    Parameters
    ----------
    labels : array
        Labels.
    weight, errors : array
        What they stand for, and the part of it that is errors.
    own_weight2, own_errors2 : array
        Their squares, label by label.
    weight2, cross, errors2 : array
        Squares and products of the totals of clusters; of labels where each is its own cluster.
    """

    labels: Floats
    weight: Floats
    errors: Floats
    own_weight2: Floats
    own_errors2: Floats
    weight2: Floats
    cross: Floats
    errors2: Floats

    def less(self, other: SliceSums) -> SliceSums:
        """Take away the sums of some of the labels."""
        return SliceSums(
            **{
                each.name: np.maximum(getattr(self, each.name) - getattr(other, each.name), 0.0)
                for each in fields(self)
            }
        )

    def at(self, places: Ints | Flags) -> SliceSums:
        """Take some slices."""
        return SliceSums(**{each.name: getattr(self, each.name)[places] for each in fields(self)})

    @property
    def share(self) -> Floats:
        """Share of errors; 0 where nothing is weighed."""
        found: Floats = np.divide(
            self.errors, self.weight, out=np.zeros(len(self.weight)), where=self.weight > 0
        )
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Lattice:
    """The slices that have enough labels.

    Parameters
    ----------
    sets : tuple of tuple of int
        Sets of columns, each after the one it extends.
    slots : tuple of array of int
        For each set, where its slices are in the table of the slices it extends by the common
        values of its last column.
    start : array of int, shape (sets + 1,)
        First slice of each set.
    values : array of int, shape (slices, depth)
        Codes of each slice's values, -1 where it has fewer columns.
    parents : array of int, shape (slices, depth)
        Slices with one column less, -1 where there are fewer.
    common : tuple of array of int
        For each column, the codes that have enough labels.
    """

    sets: tuple[Columns, ...]
    slots: tuple[Ints, ...]
    start: Ints
    values: Ints
    parents: Ints
    common: tuple[Ints, ...]

    def __len__(self) -> int:
        """Count the slices."""
        return len(self.values)

    @property
    def depth(self) -> Ints:
        """Count the columns of each slice."""
        found: Ints = (self.values >= 0).sum(axis=1)
        return found

    def terms(self, place: int) -> tuple[tuple[int, int], ...]:
        """Give a slice as pairs of column and code."""
        columns = self.sets[int(np.searchsorted(self.start, place, side="right")) - 1]
        codes = [int(code) for code in self.values[place, : len(columns)]]
        return tuple(zip(columns, codes, strict=True))


def grow(labels: CodedLabels, *, depth: int, least: int) -> tuple[Lattice, SliceSums]:
    """List the slices with enough labels, and add their labels up.

    Parameters
    ----------
    labels : CodedLabels
        Labels.
    depth : int
        Most columns of a slice, at least 1.
    least : int
        Fewest labels of a slice, at least 1.

    Returns
    -------
    Lattice, SliceSums
        Every slice of at most that many columns with at least so many labels. A slice has no more
        labels than those it is part of, so none is missed by extending only slices that have
        enough.

    Raises
    ------
    DesignError
        If a weight is negative or missing.
    """
    if depth < 1 or least < 1:
        raise DesignError("a slice needs at least one column and one label", where="depth, least")
    require_sums("weight", labels.w, where="labels", hint="leave out labels without a probability")
    common = tuple(np.flatnonzero(np.bincount(column) >= least) for column in labels.values)
    adder = _Adder.of(labels)
    found: dict[Columns, Ints] = {}
    parts: list[Floats] = []

    def enough(columns: Columns, here: Ints, size: int) -> Ints:
        width = len(common[columns[-1]]) + 1
        counts = np.bincount(here, minlength=size).reshape(-1, width)
        counts[:, -1] = 0
        counts[len(counts) - (len(columns) > 1) :] = 0  # labels of no slice that is extended
        slots = np.flatnonzero(counts.ravel() >= least)
        if len(slots):
            found[columns] = slots
            parts.append(adder.table(here, size=size, slots=slots))
        return slots

    _walk(labels, common, depth=depth, choose=enough)
    return _assembled(found, common, depth=depth), _sums(parts)


def _walk(labels: CodedLabels, common: Sequence[Ints], *, depth: int, choose: _Chooser) -> None:
    """Go through the sets of columns, with each label's slot in the table of each.

    Labels without a common value share the last slot of a row, those of no chosen slice the last
    row.
    """
    codes = [_recoded(c, kept) for c, kept in zip(labels.values, common, strict=True)]

    def visit(before: Columns, row: Ints | None, rows: int) -> None:
        for column in range(before[-1] + 1 if before else 0, len(codes)):
            width = len(common[column]) + 1
            here = (
                row * width + codes[column] if row is not None else codes[column].astype(np.intp)
            )
            columns, size = (*before, column), rows * width
            chosen = choose(columns, here, size)
            if len(columns) < depth and len(chosen) and column + 1 < len(codes):
                place = np.full(size, len(chosen), np.intp)
                place[chosen] = np.arange(len(chosen))
                visit(columns, place[here], len(chosen) + 1)

    visit((), None, 1)


def _recoded(column: NDArray[np.integer], kept: Ints) -> NDArray[np.integer]:
    kind = np.uint8 if len(kept) < 256 else np.int32
    place = np.full(int(column.max(initial=0)) + 1, len(kept), kind)
    here = kept < len(place)
    place[kept[here]] = np.flatnonzero(here)
    found: NDArray[np.integer] = place[column]
    return found


def _assembled(slots: dict[Columns, Ints], common: tuple[Ints, ...], *, depth: int) -> Lattice:
    """Decode the slots into values, and find the slices with one column less."""
    start = np.cumsum([0, *(len(each) for each in slots.values())]).astype(np.intp)
    at = {columns: slice(a, b) for columns, a, b in zip(slots, start[:-1], start[1:], strict=True)}
    values = np.full((int(start[-1]), depth), -1, np.intp)
    parents = np.full((int(start[-1]), depth), -1, np.intp)
    for columns, each in slots.items():
        before, last = columns[:-1], columns[-1]
        row, value = np.divmod(each, len(common[last]) + 1)
        if before:
            values[at[columns]] = values[at[before]][row]
        values[at[columns], len(before)] = common[last][value]
    spans = [int(kept.max(initial=0)) + 1 for kept in common]
    keys = {columns: _keys(values[at[columns]], columns, spans) for columns in slots}
    for columns in slots:
        for out in range(len(columns) if len(columns) > 1 else 0):
            rest = (*columns[:out], *columns[out + 1 :])
            sought = _keys(np.delete(values[at[columns]], out, axis=1), rest, spans)
            parents[at[columns], out] = np.searchsorted(keys[rest], sought) + at[rest].start
    return Lattice(
        sets=tuple(slots),
        slots=tuple(slots.values()),
        start=start,
        values=values,
        parents=parents,
        common=common,
    )


def _keys(values: Ints, columns: Columns, spans: Sequence[int]) -> Ints:
    """Give each slice of a set a number that rises as its slot does."""
    key: Ints = np.zeros(len(values), np.intp)
    for place, column in enumerate(columns):
        key = key * spans[column] + values[:, place]
    return key


def sums_of(lattice: Lattice, labels: CodedLabels) -> SliceSums:
    """Add up labels slice by slice.

    Parameters
    ----------
    lattice : Lattice
        The slices.
    labels : CodedLabels
        The labels it was grown from, or some of them.

    Returns
    -------
    SliceSums
        Sums by slice.
    """
    slots = dict(zip(lattice.sets, lattice.slots, strict=True))
    none = np.zeros(0, np.intp)
    adder = _Adder.of(labels)
    parts: list[Floats] = []

    def known(columns: Columns, here: Ints, size: int) -> Ints:
        if columns not in slots:
            return none
        parts.append(adder.table(here, size=size, slots=slots[columns]))
        return slots[columns]

    _walk(labels, lattice.common, depth=lattice.values.shape[1], choose=known)
    return _sums(parts)


def _sums(parts: Sequence[Floats]) -> SliceSums:
    table = np.concatenate([np.zeros((len(fields(SliceSums)), 0)), *parts], axis=1)
    return SliceSums(
        **{each.name: row for each, row in zip(fields(SliceSums), table, strict=True)}
    )


@dataclass(frozen=True, slots=True)
class _Adder:
    """Labels ready to be added up by slot again and again; few of them are errors."""

    w: Floats
    w2: Floats
    wrong: Ints
    cluster: Ints | None

    @staticmethod
    def of(labels: CodedLabels) -> _Adder:
        return _Adder(labels.w, labels.w**2, np.flatnonzero(labels.error), labels.cluster)

    def table(self, here: Ints, *, size: int, slots: Ints) -> Floats:
        """Add up, in the order of `SliceSums`."""
        bad = here[self.wrong]
        own = add_up(here, self.w2, size=size)
        wrong = add_up(bad, self.w2[self.wrong], size=size)
        squares = (own, wrong, wrong)  # an error's weight is all its own
        if self.cluster is not None:
            squares = self._clustered(here, self.cluster, size=size)
        return np.array(
            [
                np.bincount(here, minlength=size).astype(np.float64),
                add_up(here, self.w, size=size),
                add_up(bad, self.w[self.wrong], size=size),
                own,
                wrong,
                *squares,
            ]
        )[:, slots]

    def _clustered(self, here: Ints, cluster: Ints, *, size: int) -> tuple[Floats, Floats, Floats]:
        pairs, which = np.unique(cluster * size + here, return_inverse=True)
        weight = add_up(which, self.w, size=len(pairs))
        errors = add_up(which[self.wrong], self.w[self.wrong], size=len(pairs))
        slot = pairs % size
        return (
            add_up(slot, weight**2, size=size),
            add_up(slot, weight * errors, size=size),
            add_up(slot, errors**2, size=size),
        )
