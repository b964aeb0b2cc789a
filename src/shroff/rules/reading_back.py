"""From stretches of the plain view back to the original text: where, and what was seen through."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from shroff.text.kernel_cache import kernel
from shroff.text.plain_kernel import decoded
from shroff.text.reading_tables import ReadingTables, reading_tables
from shroff.text.text_views import Views

__all__ = ["read_back"]

Column = NDArray[np.int32]


def read_back(
    views: Views, text: Column, *, start: NDArray[np.int64], end: NDArray[np.int64]
) -> tuple[Column, Column, Column]:
    """Find what stretches of the plain view were in the original.

    Parameters
    ----------
    views : Views
        The texts.
    text : array of int32
        Text of each stretch.
    start, end : arrays of int64
        Its place in the plain view of the batch, end exclusive; not empty.

    Returns
    -------
    start, end : arrays of int32
        Place in the original, in code points, end exclusive: what is hidden after the last one does
        not count.
    bits : array of int32
        Disguises that were seen through.
    """
    found = np.zeros((3, len(text)), np.int32)
    _read_back(views, reading_tables(), text, start, end, found)
    return found[0], found[1], found[2]


@kernel
def _read_back(
    views: Views,
    tables: ReadingTables,
    text: Column,
    start: NDArray[np.int64],
    end: NDArray[np.int64],
    found: NDArray[np.int32],
) -> None:
    for nth in range(len(text)):
        row, first, last = text[nth], start[nth], end[nth] - 1
        found[0, nth] = views.source[first]
        found[1, nth] = views.source[last] + 1
        at = views.offsets[row] + np.int64(views.byte[first])
        stop = views.offsets[row + 1]
        bits = np.uint32(0)
        for _ in range(found[0, nth], found[1, nth]):
            point, size = decoded(views.data, at, stop)
            page = np.uint32(tables.page[point >> np.uint32(8)]) << np.uint32(8)
            bits |= tables.how[page | point & np.uint32(255)]
            at += size
        found[2, nth] = np.int32(bits)
