"""Compiled loops over all pairs of lines of all cells; each takes arrays and writes into arrays."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from shroff.text.kernel_cache import kernel

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

__all__ = ["best_lines", "better_lines", "near_lines", "used_by"]


@kernel
def best_lines(
    first: Floats,
    second: Floats,
    weights: Floats,
    allowed: Flags,
    low: Ints,
    high: Ints,
    worth: Floats,
) -> None:
    """Find the pair of lines of each cell that costs least at given prices.

    ``first[c, k, r] + second[c, k, j]`` is what lines r <= j of cell c use of k.
    """
    cells, kinds, places = first.shape
    for cell in range(cells):
        least, at, best = 1e300, 0, 1e300
        for place in range(places):
            below, above = 0.0, 0.0
            for kind in range(kinds):
                below += weights[kind] * first[cell, kind, place]
                above += weights[kind] * second[cell, kind, place]
            if below < least:
                least, at = below, place
            if allowed[cell, place] and least + above < best:
                best = least + above
                low[cell], high[cell] = at, place
        worth[cell] = best


@kernel
def used_by(first: Floats, second: Floats, low: Ints, high: Ints, used: Floats) -> None:
    """Add up what the chosen lines use of each kind."""
    cells, kinds, _ = first.shape
    used[:] = 0.0
    for cell in range(cells):
        for kind in range(kinds):
            used[kind] += first[cell, kind, low[cell]] + second[cell, kind, high[cell]]


@kernel
def _fits(
    first: Floats, second: Floats, left: Floats, r: int, j: int, low: int, high: int
) -> bool:
    """Say whether lines can move from r and j to other places without passing a limit."""
    for kind in range(1, first.shape[0]):
        change = first[kind, low] + second[kind, high] - first[kind, r] - second[kind, j]
        if change > 0 and change > left[kind]:
            return False
    return True


@kernel
def _price(first: Floats, second: Floats, weights: Floats, low: int, high: int) -> float:
    """Give the price of a pair of lines."""
    price = 0.0
    for kind in range(len(weights)):
        price += weights[kind] * (first[kind, low] + second[kind, high])
    return price


@kernel
def better_lines(
    first: Floats,
    second: Floats,
    weights: Floats,
    allowed: Flags,
    most: Floats,
    low: Ints,
    high: Ints,
    left: Floats,
) -> int:
    """Move the lines of one cell after the other to the cheapest pair that keeps every limit.

    Kind 0 is what is made small; ``left`` holds what is left of the limits. Pairs whose price at
    ``weights`` is over ``most[cell]`` are left out: they use up limits for too little.

    Returns
    -------
    int
        Cells whose lines were moved.
    """
    cells, kinds, places = first.shape
    moved = 0
    for cell in range(cells):
        mine, other = first[cell], second[cell]
        r, j = low[cell], high[cell]
        now = mine[0, r] + other[0, j]
        best, at_r, at_j = now - 1e-12 * abs(now), r, j
        for place in range(places):
            if not allowed[cell, place]:
                continue
            for below in range(place + 1):
                if mine[0, below] + other[0, place] >= best:
                    continue
                if _price(mine, other, weights, below, place) > most[cell]:
                    continue
                if _fits(mine, other, left, r, j, below, place):
                    best, at_r, at_j = mine[0, below] + other[0, place], below, place
        if at_r != r or at_j != j:
            for kind in range(kinds):
                left[kind] += mine[kind, r] + other[kind, j] - mine[kind, at_r] - other[kind, at_j]
            low[cell], high[cell] = at_r, at_j
            moved += 1
    return moved


@kernel
def near_lines(
    first: Floats,
    second: Floats,
    weights: Floats,
    allowed: Flags,
    worth: Floats,
    slack: float,
    found: Ints,
) -> int:
    """List the pairs of lines whose price exceeds their cell's least by at most ``slack``.

    ``found`` takes rows of cell, review line and reject line.

    Returns
    -------
    int
        How many there are, which may be more than it holds.
    """
    cells, kinds, places = first.shape
    count = 0
    for cell in range(cells):
        for place in range(places):
            if not allowed[cell, place]:
                continue
            above = 0.0
            for kind in range(kinds):
                above += weights[kind] * second[cell, kind, place]
            for other in range(place + 1):
                price = above
                for kind in range(kinds):
                    price += weights[kind] * first[cell, kind, other]
                if price - worth[cell] <= slack:
                    if count < found.shape[0]:
                        found[count, 0], found[count, 1], found[count, 2] = cell, other, place
                    count += 1
    return count
