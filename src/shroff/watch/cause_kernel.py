"""Compiled loops of the search for causes: numbering slices, adding cells up, taking them away."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from shroff.stats.dense import Flags
from shroff.stats.proportions import Floats
from shroff.text.kernel_cache import kernel

__all__ = [
    "add_cells",
    "calmer_spread",
    "count_held",
    "gaussian",
    "largest_of_sides",
    "number_pairs",
    "place_by_size",
    "refresh",
    "take_cells",
]

Codes = NDArray[np.int32]
Places = NDArray[np.int64]

_ODD = np.int64(-7046029254386353131)
_HALF = 0.6744897501960817
"""Median of the absolute value of a standard normal variable."""


@kernel
def number_pairs(
    first: Codes, second: Codes, width: int, table: Codes, keys: Places, out: Codes
) -> int:
    """Give each pair of codes a number, in order of first appearance.

    Parameters
    ----------
    first, second : array of shape (n,)
        Codes of each cell.
    width : int
        Number of codes of the second.
    table : array of shape (m,)
        Room for a hash table, all -1; m is a power of two above n.
    keys : array of shape (n,)
        Room for the pairs seen.
    out : array of shape (n,)
        Set to the number of each cell's pair.

    Returns
    -------
    int
        Distinct pairs.
    """
    mask = len(table) - 1
    count = 0
    for i in range(len(first)):
        key = np.int64(first[i]) * width + second[i]
        at = ((key * _ODD) >> 17) & mask
        while table[at] >= 0 and keys[table[at]] != key:
            at = (at + 1) & mask
        if table[at] < 0:
            table[at] = count
            keys[count] = key
            count += 1
        out[i] = table[at]
    return count


@kernel
def add_cells(ids: Codes, offset: int, z: Floats, u: Floats, sums: Floats) -> None:
    """Add all cells to the slices of one combination of dimensions.

    Parameters
    ----------
    ids : array of shape (n,)
        Slice of each cell.
    offset : int
        Place of the combination's first slice.
    z, u : array of shape (n,)
        Deviation in units of noise, and one over that noise.
    sums : array of shape (slices, 3)
        Sums of z*u, of u*u, and cells; added to.
    """
    for i in range(len(ids)):
        at = offset + ids[i]
        sums[at, 0] += z[i] * u[i]
        sums[at, 1] += u[i] * u[i]
        sums[at, 2] += 1.0


@kernel
def take_cells(
    ids: Codes, offset: int, rows: Places, z: Floats, u: Floats, sums: Floats, stale: Places
) -> int:
    """Take cells away again, and list the slices they were in.

    Parameters
    ----------
    ids, offset, z, u, sums
        As for `add_cells`.
    rows : array
        Cells to take away.
    stale : array of shape (rows,)
        Set to the slices touched, each once in a row of equal ones.

    Returns
    -------
    int
        Places of ``stale`` that were set.
    """
    count = 0
    for j in range(len(rows)):
        i = rows[j]
        at = offset + ids[i]
        sums[at, 0] -= z[i] * u[i]
        sums[at, 1] -= u[i] * u[i]
        sums[at, 2] -= 1.0
        if count == 0 or stale[count - 1] != at:
            stale[count] = at
            count += 1
    return count


@kernel
def refresh(places: Places, sums: Floats, price: Floats, gains: Floats) -> None:
    """Say how much a shift of each slice could explain at most, its price paid.

    Parameters
    ----------
    places : array
        Slices to look at.
    sums : array of shape (slices, 3)
        Of `add_cells`.
    price : array of shape (slices,)
        Nats it costs to name the slice.
    gains : array of shape (slices,)
        Set to log-likelihood ratio less price; to -inf where no cell is left.
    """
    for j in range(len(places)):
        at = places[j]
        if sums[at, 2] < 0.5 or sums[at, 1] <= 0.0:
            gains[at] = -math.inf
        else:
            explained = 0.5 * sums[at, 0] * sums[at, 0] / sums[at, 1]
            gains[at] = explained - price[at] - 0.5 * math.log(sums[at, 2])


@kernel
def gaussian(z: Floats, tail: float, out: Floats) -> None:
    """Give values with heavy tails the tails of a normal distribution.

    Parameters
    ----------
    z : array of shape (n,)
        Values in units of their noise.
    tail : float
        h of Tukey's h distribution, ``z = g exp(h g^2 / 2)``; 0 leaves them as they are.
    out : array of shape (n,)
        Set to the g of each.
    """
    for i in range(len(z)):
        size = abs(z[i])
        if tail * size * size < 1e-6:
            out[i] = z[i]
            continue
        g = size / (1.0 + 0.5 * tail * size * size)
        if tail * size * size > 0.5:
            g = max(g, math.sqrt(2.0 * math.log1p(0.3 * size) / tail) * 0.5)
        wanted = math.log(size)
        for _ in range(30):
            step = (math.log(g) + 0.5 * tail * g * g - wanted) / (1.0 / g + tail * g)
            g = max(g - step, 0.1 * g)
            if abs(step) < 1e-6 * g:
                break
        out[i] = g if z[i] > 0 else -g


@kernel
def count_held(ids: Codes, seen: Flags) -> int:
    """Count the slices that hold a cell.

    Parameters
    ----------
    ids : array of shape (n,)
        Slice of each cell.
    seen : array of bool, shape (slices,)
        Room, all False.

    Returns
    -------
    int
        Distinct slices.
    """
    count = 0
    for i in range(len(ids)):
        if not seen[ids[i]]:
            seen[ids[i]] = True
            count += 1
    return count


@kernel
def place_by_size(values: Floats, first: int, count: int, at: int) -> float:
    """Find what would be at a place if values were in order: Hoare's selection.

    Parameters
    ----------
    values : array
        Values; those looked at change places.
    first, count : int
        Where those looked at begin, and how many they are; at least 1.
    at : int
        The place among them, from 0.

    Returns
    -------
    float
        The value.
    """
    low, high, wanted = first, first + count - 1, first + at
    while low < high:
        a, b, c = values[low], values[(low + high) // 2], values[high]
        pivot = max(min(a, b), min(max(a, b), c))
        i, j = low, high
        while i <= j:
            while values[i] < pivot:
                i += 1
            while values[j] > pivot:
                j -= 1
            if i <= j:
                values[i], values[j] = values[j], values[i]
                i += 1
                j -= 1
        if wanted <= j:
            high = j
        elif wanted >= i:
            low = i
        else:
            break
    return float(values[wanted])


@kernel
def calmer_spread(d: Floats, enough: float, room: Floats) -> float:
    """Give the standard deviation of the side of zero that has the smaller one.

    Parameters
    ----------
    d : array of shape (n,)
        Deviations.
    enough : float
        Fewest values of a side, other than 0, that can tell.
    room : array of shape (n,)
        Room.

    Returns
    -------
    float
        The smaller of the sides' scaled medians and root mean squares; 0 where neither side has
        enough. Half of the values that are 0, as counts often are, are on each side.
    """
    up, down = 0, 0
    squares_up, squares_down = 0.0, 0.0
    for i in range(len(d)):
        if d[i] > 0:
            room[up] = d[i]
            squares_up += d[i] * d[i]
            up += 1
        elif d[i] < 0:
            down += 1
            room[len(d) - down] = -d[i]
            squares_down += d[i] * d[i]
    still = (len(d) - up - down) // 2
    found = math.inf
    for side in range(2):
        count = up if side == 0 else down
        if count < enough:
            continue
        spread = math.sqrt((squares_up if side == 0 else squares_down) / (count + still))
        at = (count + still) // 2 - still
        if at >= 0:
            first = 0 if side == 0 else len(d) - down
            spread = min(spread, place_by_size(room, first, count, at) / _HALF)
        found = min(found, spread)
    return float(found) if found < math.inf else 0.0


@kernel
def largest_of_sides(z: Floats, top: Floats) -> int:
    """Find the largest values of either side of zero.

    Parameters
    ----------
    z : array of shape (n,)
        Values.
    top : array of shape (2, rank)
        Set to the largest positive values, and the largest sizes of negative ones, rising; 0
        where there are fewer.

    Returns
    -------
    int
        Positive values; the negative ones are those that are left but for those that are 0.
    """
    rank = top.shape[1]
    top[:] = 0.0
    up = 0
    for i in range(len(z)):
        if z[i] > 0:
            up += 1
        side = 0 if z[i] > 0 else 1
        size = abs(z[i])
        if size <= top[side, 0]:
            continue
        at = 0
        while at + 1 < rank and top[side, at + 1] < size:
            top[side, at] = top[side, at + 1]
            at += 1
        top[side, at] = size
    return up
