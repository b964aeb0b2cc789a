"""The smallest set of slices that explains how cells differ from what was expected of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shroff.errors import DesignError
from shroff.stats.proportions import Floats
from shroff.watch.cause_lattice import Lattice
from shroff.watch.cause_noise import middle_of, noise_of
from shroff.watch.cause_peeling import Found, Peeling, drift_of

__all__ = ["Cells", "Explanation", "Shift", "find_shifts"]

_ROUNDS = 4
_LEAST = 1e-9
_SAMPLE, _DISTINCT, _NEAR, _FAR = 1000, 20, 20, 1e4


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """What happened in each cell, and what was expected.

    Parameters
    ----------
    codes : array of int32, shape (cells, dimensions)
        Value of each dimension, from 0; at most one cell of each combination.
    actual, expected : array of shape (cells,)
        What happened, and what was expected; at least 0.
    variance : array of shape (cells,), optional
        Variance of ``expected - actual`` that chance alone makes, as of counting; noise is then
        learned as a multiple of it.
    """

    codes: NDArray[np.int32]
    actual: Floats
    expected: Floats
    variance: Floats | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """A slice whose cells moved together.

    Parameters
    ----------
    terms : tuple
        The slice: pairs of dimension and code; empty for everything.
    cells : int
        Its cells that no shift before it explains.
    actual, expected : float
        Their sums.
    gain : float
        Log-likelihood ratio to nothing having happened there, less the price of naming the slice.
    """

    terms: tuple[tuple[int, int], ...]
    cells: int
    actual: float
    expected: float
    gain: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """What explains how cells differ from what was expected.

    Parameters
    ----------
    shifts : tuple of Shift
        Slices that moved, the surest first.
    cells : int
        Cells that hold anything.
    slices : int
        Slices looked at.
    depth : int
        Most dimensions of a slice.
    """

    shifts: tuple[Shift, ...]
    cells: int
    slices: int
    depth: int


def find_shifts(cells: Cells, *, depth: int | None = None, most: int = 40) -> Explanation:
    """Find the slices that moved.

    Parameters
    ----------
    cells : Cells
        What happened and what was expected.
    depth : int, optional
        Most dimensions of a slice; all that memory has room for when not given.
    most : int
        Most slices to find.

    Returns
    -------
    Explanation
        The slices, none of which is explained by the ones before it.

    Raises
    ------
    DesignError
        If values are negative or not numbers, or arrays differ in length.

    Notes
    -----
    A slice that moved takes all its cells along by the same share (the ripple effect: Sun et al.,
    HotSpot, 2018). So each cell's relative deviation ``2 (f - v) / (f + v)`` is put in units of
    the noise of cells of its size; sums over all slices then give, for each, the log-likelihood
    ratio of one shift of all its cells to none. From it is taken what the slice costs to name
    among all others, as in minimum description length, and half the log of its cells. The best
    slice is taken out with its cells, as RiskLoc does (Kalander, 2022), until none is worth its
    price. A slice is not taken where a few of its parts along one more dimension tell more, at
    the price of naming each; nor where it moved no more than slices do anyway. Noise and drift
    are then learned again from the cells left, and all is repeated until they stay as they are.
    """
    held = _held(cells)
    lattice = Lattice.over(held.codes, depth)
    found = _peeled(held, lattice, most) if len(held.actual) else []
    return Explanation(
        shifts=tuple(_shift(held, each) for each in found),
        cells=len(held.actual),
        slices=lattice.slices,
        depth=lattice.depth,
    )


@dataclass(frozen=True, slots=True)
class _Held:
    """The cells that hold anything."""

    codes: NDArray[np.int32]
    actual: Floats
    expected: Floats
    variance: Floats
    known: bool

    @property
    def size(self) -> Floats:
        return (self.actual + self.expected) / 2

    @property
    def deviation(self) -> Floats:
        deviation: Floats = (self.expected - self.actual) / self.size
        return deviation


def _held(cells: Cells) -> _Held:
    v = np.asarray(cells.actual, float)
    f = np.asarray(cells.expected, float)
    if cells.codes.ndim != 2 or not len(v) == len(f) == len(cells.codes):
        raise DesignError(
            f"{len(cells.codes)} cells, {len(v)} actual and {len(f)} expected values",
            hint="give one row of codes and one value of each kind a cell",
        )
    if not (np.isfinite(v).all() and np.isfinite(f).all() and (v >= 0).all() and (f >= 0).all()):
        raise DesignError(
            "a cell holds a value below 0, or none", hint="give counts or sums of what happened"
        )
    size = v + f
    order = np.argsort(size)
    some = order[np.searchsorted(size[order], 0.0, "right") :]
    given = np.zeros(len(v)) if cells.variance is None else np.asarray(cells.variance, float)
    grain = _grain(v, f)
    return _Held(
        codes=np.asfortranarray(cells.codes[some], dtype=np.int32),
        actual=v[some],
        expected=f[some],
        variance=np.maximum(given[some], grain**2),
        known=cells.variance is not None,
    )


def _grain(*values: Floats) -> float:
    """Say what values were rounded to, as far as a sample of them tells; 0 where they were not."""
    held = [x[x > 0] for x in values if (x > 0).any()]
    small = [np.partition(x, min(_SAMPLE, len(x)) - 1)[:_SAMPLE] for x in held]
    spread = [x[:: max(1, len(x) // _SAMPLE)] for x in held]
    distinct = np.unique(np.concatenate([np.zeros(1), *small, *spread]))
    if len(distinct) < _DISTINCT:
        return 0.0
    near = distinct[1:] < _NEAR * float(np.diff(distinct).min())
    step = middle_of(np.diff(distinct)[near]) if near.any() else float(np.diff(distinct).min())
    parts = distinct[distinct < step * _FAR] / step
    whole = np.abs(parts - np.round(parts)) < 0.01 + 1e-5 * parts
    return step if len(parts) >= _DISTINCT / 2 and bool(whole.all()) else 0.0


def _peeled(held: _Held, lattice: Lattice, most: int) -> list[Found]:
    """Peel with the noise of all cells, then with that of those left, until it stays."""
    deviation, log_size = held.deviation, np.log(held.size)
    least = np.maximum(np.sqrt(held.variance) / held.size, _LEAST)
    known = held.known
    noise = noise_of(
        deviation, log_size, least=least, calm=np.ones(len(deviation), bool), known=known
    )
    drift = 0.0
    found: list[Found] = []
    for _ in range(_ROUNDS):
        peeling = Peeling(lattice, codes=held.codes, deviation=deviation, noise=noise, drift=drift)
        found = peeling.peel(most)
        before = noise
        noise = noise_of(deviation, log_size, least=least, calm=peeling.left, known=known)
        drift = drift_of(lattice, peeling.sums)
        if noise.like(before) and all(each.outstanding(drift) for each in found):
            break
    return found


def _shift(held: _Held, found: Found) -> Shift:
    first = held.codes[found.rows[0]]
    return Shift(
        terms=tuple((d, int(first[d])) for d in found.combination),
        cells=len(found.rows),
        actual=float(held.actual[found.rows].sum()),
        expected=float(held.expected[found.rows].sum()),
        gain=found.gain,
    )
