"""All slices of some cells: those of one combination of dimensions stand in a row."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shroff.stats.dense import Ints
from shroff.watch.cause_kernel import count_held, number_pairs

__all__ = ["Lattice"]

_ROOM = 2**28


@dataclass(frozen=True, slots=True)
class Lattice:
    """All slices up to a depth: those of one combination of dimensions stand in a row.

    Parameters
    ----------
    combinations : tuple
        Dimensions of each combination, fewest first.
    ids : tuple of arrays of shape (cells,)
        Slice of each cell, from 0, for each combination.
    offsets : array
        Place of the first slice of each combination, and the number of places at the end.
    distinct : array
        Slices of each combination that hold a cell.
    depth : int
        Most dimensions of a slice.
    """

    combinations: tuple[tuple[int, ...], ...]
    ids: tuple[NDArray[np.int32], ...]
    offsets: Ints
    distinct: Ints
    depth: int

    @property
    def slices(self) -> int:
        """Say how many slices hold a cell."""
        return int(self.distinct.sum())

    @classmethod
    def over(cls, codes: NDArray[np.int32], depth: int | None) -> Lattice:
        """Give each cell the number of its slice in every combination.

        Parameters
        ----------
        codes : array of shape (cells, dimensions)
            Value of each dimension, from 0.
        depth : int or None
            Most dimensions of a slice; all that memory has room for when None.

        Returns
        -------
        Lattice
            All slices.
        """
        count, dims = codes.shape
        deepest = _deepest(count, dims) if depth is None else min(depth, dims)
        widths = [int(codes[:, d].max()) + 1 if count else 1 for d in range(dims)]
        chosen: list[tuple[int, ...]] = []
        ids: list[NDArray[np.int32]] = []
        sizes: list[int] = []
        place: dict[tuple[int, ...], int] = {}
        for combination in _combinations(dims, deepest):
            own, size = codes[:, combination[-1]], widths[combination[-1]]
            if len(combination) > 1:
                above = place[combination[:-1]]
                own, size = _paired(ids[above], own, widths=(sizes[above], size))
            place[combination] = len(ids)
            chosen.append(combination)
            ids.append(np.ascontiguousarray(own))
            sizes.append(size)
        offsets = np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)])
        distinct = [_held(each, size) for each, size in zip(ids, sizes, strict=True)]
        return cls(tuple(chosen), tuple(ids), offsets, np.array(distinct, np.int64), deepest)


def _held(ids: NDArray[np.int32], size: int) -> int:
    return int(count_held(ids, np.zeros(size, np.bool_)))


def _combinations(dims: int, deepest: int) -> Sequence[tuple[int, ...]]:
    layers = (itertools.combinations(range(dims), n) for n in range(1, deepest + 1))
    return list(itertools.chain.from_iterable(layers))


def _deepest(count: int, dims: int) -> int:
    """Choose the depth for which there is room to number the slices of each cell."""
    depth, combinations = 1, dims
    while depth < dims:
        combinations += math.comb(dims, depth + 1)
        if combinations * max(count, 1) > _ROOM:
            break
        depth += 1
    return depth


def _paired(
    first: NDArray[np.int32], second: NDArray[np.int32], *, widths: tuple[int, int]
) -> tuple[NDArray[np.int32], int]:
    """Give each pair of two codes a number, leaving gaps where that takes little room."""
    count = len(first)
    if widths[0] * widths[1] <= 2 * count + 1024:
        return first * np.int32(widths[1]) + second, widths[0] * widths[1]
    table = np.full(1 << (2 * count - 1).bit_length(), -1, np.int32)
    out = np.empty(count, np.int32)
    found = number_pairs(first, second, widths[1], table, np.empty(count, np.int64), out)
    return out, found
