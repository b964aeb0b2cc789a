"""Ads that are held alike in a replay: what was done, who decided, what people said, bin of the score."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from shroff.measure.frame import ACTIONS
from shroff.stats.dense import Flags, Ints, add_up
from shroff.stats.proportions import Floats
from shroff.stats.score_cells import PLACES
from shroff.stats.share_draws import Along

__all__ = ["Sorted", "Sorts", "column", "lay_sorts"]

_LABELS_A_BIN, _MOST_BINS, _MOST_LINES = 15, 16, 8
_VERDICTS = 3
_STRETCHES = len(ACTIONS) * 2 * _VERDICTS * 2


def column(table: pa.Table, name: str) -> Floats:
    """Give a column as numbers; 0 where there is none."""
    numbers: NDArray[np.float64] = np.nan_to_num(
        np.asarray(table.column(name).to_numpy(zero_copy_only=False), dtype=np.float64)
    )
    return numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class Sorted:
    """Ads by sort.

    Parameters
    ----------
    cell : array of int, shape (rows,)
        Sort of each row.
    was, becomes : array of int, shape (cells,)
        Action, an index of `ACTIONS`.
    reviewed : array of bool, shape (cells,)
        Whether people said what the ads are.
    along : Along
        Where each sort lies along the score.
    """

    cell: Ints
    was: Ints
    becomes: Ints
    reviewed: Flags
    along: Along


@dataclass(frozen=True, slots=True)
class Sorts:
    """How ads are sorted.

    Parameters
    ----------
    edges : tuple of arrays
        Ends of bins of the score, by what was done, who decided and what people said: each of
        these stretches has a curve of its own.
    keys : array of int
        The sorts there are, ascending.
    """

    edges: tuple[Floats, ...]
    keys: Ints

    def find(self, table: pa.Table) -> Ints:
        """Give the sort of each row of a table; -1 where there is none like it."""
        asked = _keys(table, self.edges)
        if not len(self.keys):
            return np.full(len(asked), -1, dtype=np.intp)
        place = np.minimum(np.searchsorted(self.keys, asked), len(self.keys) - 1)
        return np.where(self.keys[place] == asked, place, -1).astype(np.intp)


def lay_sorts(ads: pa.Table, labels: pa.Table) -> tuple[Sorts, Sorted]:
    """Lay bins of the score so that labels are spread over them, and none straddles a line.

    Parameters
    ----------
    ads : Table
        Ads (``n``) by ``action``, ``becomes``, ``line``, ``ruled``, ``verdict`` and ``place``.
    labels : Table
        Labels, with the same columns.

    Returns
    -------
    Sorts, Sorted
        How ads are sorted, and those of the table.
    """
    mine, theirs = _stretches(ads), _stretches(labels)
    places = column(labels, "place")
    edges = tuple(
        np.union1d(_even(places[theirs == each]), _lines(ads, mine == each))
        if each % 2 == 0
        else np.zeros(0)
        for each in range(_STRETCHES)
    )
    keys, cell = np.unique(_keys(ads, edges), return_inverse=True)
    cell = cell.reshape(-1).astype(np.intp)
    return Sorts(edges, keys), _sorted(ads, cell, mine, size=len(keys))


def _sorted(ads: pa.Table, cell: Ints, stretch: Ints, *, size: int) -> Sorted:
    n = column(ads, "n")
    share = (np.clip(column(ads, "place"), 0, PLACES - 1) + 0.5) / PLACES
    at = add_up(cell, n * np.log(share / (1 - share)), size=size) / add_up(cell, n, size=size)
    was, becomes, curve, verdict = (np.zeros(size, dtype=np.intp) for _ in range(4))
    was[cell], becomes[cell] = _codes(ads, "action"), _codes(ads, "becomes")
    curve[cell], verdict[cell] = stretch, column(ads, "verdict").astype(np.intp)
    curve = np.unique(curve, return_inverse=True)[1].reshape(-1).astype(np.intp)
    along = Along(curve=curve, at=at, side=becomes)
    return Sorted(cell=cell, was=was, becomes=becomes, reviewed=verdict > 0, along=along)


def _codes(table: pa.Table, name: str) -> Ints:
    places = {action: place for place, action in enumerate(ACTIONS)}
    coded = table.column(name).combine_chunks().dictionary_encode()
    lookup = np.array([places.get(a, 3) for a in coded.dictionary.to_pylist()] or [0])
    codes: Ints = lookup[coded.indices.to_numpy(zero_copy_only=False)].astype(np.intp)
    return codes


def _stretches(table: pa.Table) -> Ints:
    """Give a number to what was done, who decided, what people said, and whether there is a score."""
    ruled, verdict = (column(table, name).astype(np.intp) for name in ("ruled", "verdict"))
    bare = (column(table, "place") < 0).astype(np.intp)
    stretches: Ints = ((_codes(table, "action") * 2 + ruled) * _VERDICTS + verdict) * 2 + bare
    return stretches


def _keys(table: pa.Table, edges: tuple[Floats, ...]) -> Ints:
    stretch, place = _stretches(table), column(table, "place")
    first = np.cumsum([0, *(len(each) + 1 for each in edges[:-1])])
    bins = first[stretch].astype(np.intp)
    for each in np.unique(stretch):
        mine = stretch == each
        bins[mine] += np.searchsorted(edges[each], place[mine], side="right")
    keys: Ints = (bins * len(ACTIONS) + _codes(table, "becomes")).astype(np.intp)
    return keys


def _even(place: Floats) -> Floats:
    """Part labels into bins of like size."""
    parts = int(np.clip(len(place) / _LABELS_A_BIN, 1, _MOST_BINS))
    # bins end halfway between labels: ends at labels would give the first bin ads without any
    order, after = np.sort(place), np.arange(1, parts) * len(place) // parts
    edges: Floats = np.ceil((order[after - 1] + order[after]) / 2)
    return edges


def _lines(ads: pa.Table, mine: Flags) -> Floats:
    """Find the places where what would be done changes; none where lines are many."""
    becomes, line = _codes(ads, "becomes")[mine], column(ads, "line")[mine]
    place = column(ads, "place")[mine]
    found: set[float] = set()
    for each in np.unique(line):
        some = line == each
        spans = sorted(
            (float(held.min()), float(held.max()))
            for action in np.unique(becomes[some])
            for held in [place[some & (becomes == action)]]
        )
        found |= {then[0] for last, then in pairwise(spans) if last[1] <= then[0]}
    return np.array(sorted(found)) if len(found) <= _MOST_LINES else np.zeros(0)
