"""From rows of two periods to cells with an expectation each, and to the slices that moved."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shroff.stats.dense import Ints
from shroff.stats.proportions import Floats
from shroff.watch.cause_factor import common_factor
from shroff.watch.cause_search import Cells, Explanation, find_shifts
from shroff.watch.why_findings import Moved
from shroff.watch.why_logs import Codes, TwoPeriods

__all__ = ["Searched", "cells_of", "search_counts", "search_ratio"]

_PRIOR = 10.0
"""Typical ads or labels that a cell's own ratio is held against."""
_SWEEPS = 4

Terms = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Searched:
    """Slices that moved.

    Parameters
    ----------
    factor : float
        By what everything moved alike; of a ratio, the ratio.
    found : tuple
        For each, its terms, what moved, and the gain.
    slices : int
        Slices looked at.
    """

    factor: float
    found: tuple[tuple[Terms, Moved, float], ...]
    slices: int


@dataclass(frozen=True, slots=True)
class _Cells:
    """Sums of each cell, by period: shape (2, cells)."""

    codes: Codes
    above: Floats
    below: Floats
    square: Floats


def cells_of(periods: TwoPeriods) -> tuple[Codes, Ints]:
    """Give each combination of values that occurs a number.

    Parameters
    ----------
    periods : TwoPeriods
        Rows.

    Returns
    -------
    array of shape (cells, dimensions), array of shape (rows,)
        Codes of each cell, and the cell of each row.
    """
    place = np.zeros(len(periods.codes), np.int64)
    for column in periods.codes.T:
        own = int(column.max(initial=0)) + 1
        _, place = np.unique(place * own + column, return_inverse=True)
    _, first, place = np.unique(place, return_index=True, return_inverse=True)
    return periods.codes[first], place.astype(np.intp)


def _summed(periods: TwoPeriods) -> _Cells:
    codes, cell = cells_of(periods)
    seen = periods.observed
    at = seen.later * len(codes) + cell

    def by_period(values: Floats) -> Floats:
        found: Floats = np.bincount(at, values, minlength=2 * len(codes)).astype(np.float64)
        return found.reshape(2, len(codes))

    return _Cells(
        codes,
        by_period(seen.total * seen.above),
        by_period(seen.total),
        by_period(seen.total * seen.weight),
    )


def search_counts(periods: TwoPeriods, *, length: float, depth: int | None) -> Searched:
    """Search for the slices whose count moved otherwise than the rest.

    Parameters
    ----------
    periods : TwoPeriods
        What was counted.
    length : float
        Days of the later period over days of the earlier.
    depth : int or None
        Most dimensions of a slice.

    Returns
    -------
    Searched
        The slices.
    """
    cells = _summed(periods)
    factor = common_factor(cells.codes, cells.above[1], length * cells.above[0])
    scale = length * factor
    found = find_shifts(
        Cells(
            codes=cells.codes,
            actual=cells.above[1],
            expected=scale * cells.above[0],
            variance=cells.square[1] + scale**2 * cells.square[0],
        ),
        depth=depth,
    )
    return Searched(factor=factor, found=_told(found, Moved.COUNT), slices=found.slices)


def _told(found: Explanation, moved: Moved) -> tuple[tuple[Terms, Moved, float], ...]:
    return tuple((shift.terms, moved, shift.gain) for shift in found.shifts)


def search_ratio(periods: TwoPeriods, *, depth: int | None) -> Searched:
    """Search for the slices whose ratio, or whose share of all, moved.

    Parameters
    ----------
    periods : TwoPeriods
        What is above and below the line.
    depth : int or None
        Most dimensions of a slice.

    Returns
    -------
    Searched
        The slices, the surest first.

    Notes
    -----
    A cell is expected to have above the line what it has below it now, times its ratio before:
    its own, drawn towards what its values make of it one by one (iterative proportional fitting)
    as far as ten ads or labels would. The search for shares expects of each cell what it had
    before, times by what most cells grew.
    """
    cells = _summed(periods)
    rates, factor, looked = _rates(cells, depth)
    unit = float(cells.square.sum() / cells.below.sum())
    growth = common_factor(cells.codes, cells.below[1] / unit, cells.below[0] / unit)
    if growth == 1.0:
        growth = float(cells.below[1].sum() / cells.below[0].sum())
    volumes = find_shifts(
        Cells(
            codes=cells.codes,
            actual=cells.below[1],
            expected=growth * cells.below[0],
            variance=cells.square[1] + growth**2 * cells.square[0],
        ),
        depth=depth,
    )
    joined = {terms: (moved, gain) for terms, moved, gain in _told(volumes, Moved.VOLUME)}
    for terms, moved, gain in rates:
        both = joined.get(terms)
        joined[terms] = (Moved.BOTH, gain + both[1]) if both else (moved, gain)
    order = sorted(joined.items(), key=lambda each: -each[1][1])
    found = tuple((terms, moved, gain) for terms, (moved, gain) in order)
    return Searched(factor=factor, found=found, slices=looked)


def _rates(
    cells: _Cells, depth: int | None
) -> tuple[tuple[tuple[Terms, Moved, float], ...], float, int]:
    unit = np.divide(
        cells.square, cells.below, out=np.zeros(cells.below.shape), where=cells.below > 0
    )
    typical = float(cells.square.sum() / cells.below.sum())
    prior = _PRIOR * typical
    expected = _expected_ratio(cells, prior)
    now = cells.below[1]
    factor = common_factor(cells.codes, cells.above[1] / typical, now * expected / typical)
    rate = np.clip(expected * factor, 0, 1)
    seen = cells.above.sum(axis=0) + prior * rate + typical / 2
    both = seen / (cells.below.sum(axis=0) + prior + typical)
    spread = both * np.maximum(1 - both, 0)
    doubt = now * unit[1] + now**2 * np.maximum(unit[0], typical) / (cells.below[0] + prior)
    found = find_shifts(
        Cells(
            codes=cells.codes,
            actual=cells.above[1],
            expected=now * rate,
            variance=np.where(now > 0, spread * doubt, 1.0),
        ),
        depth=depth,
    )
    return _told(found, Moved.RATE), factor, found.slices


def _expected_ratio(cells: _Cells, prior: float) -> Floats:
    """Give each cell's ratio before, drawn towards what its values make of it."""
    above, below = cells.above[0], cells.below[0]
    fitted = np.full(len(below), above.sum() / below.sum())
    least = float(cells.square.sum() / cells.below.sum())
    for _ in range(_SWEEPS if cells.codes.shape[1] > 1 else 1):
        for column in cells.codes.T:
            wanted, had = (np.bincount(column, values) for values in (above, below * fitted))
            fitted = np.minimum(fitted * ((wanted + least) / (had + least))[column], 1.0)
    own: Floats = (above + prior * fitted) / (below + prior)
    return own
