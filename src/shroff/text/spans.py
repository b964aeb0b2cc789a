"""From a stretch of a view to the stretch of the original text that it says."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from shroff.text.alignment import ground_of
from shroff.text.characters import LATIN, SIGN
from shroff.text.ground_kernel import Ground, class_at_point
from shroff.text.kernel_cache import kernel
from shroff.text.plain_kernel import Place
from shroff.text.reading_tables import ReadingTables, reading_tables
from shroff.text.text_views import Views
from shroff.text.verifying_kernel import PLAIN, source_end

__all__ = ["original_spans"]

_REGIONAL = 0x1F1E6


@kernel
def _is_said(ground: Ground, text: Place, place: Place) -> bool:
    """Say whether ``folded`` keeps a plain code point: no separator, or a sign for a letter."""
    kind = class_at_point(ground.page, ground.cell, ground.plain[place])
    if kind != SIGN:
        return bool(kind < SIGN)
    if ground.plain[place] >= _REGIONAL:
        return True
    for step in (-1, 1):
        at = place + step
        while ground.plain_at[text] <= at < ground.plain_at[text + 1] and (at - place) * step < 4:
            beside = class_at_point(ground.page, ground.cell, ground.plain[at])
            if beside == LATIN:
                return True
            if beside != SIGN:
                break
            at += step
    return False


@kernel
def _write_spans(
    ground: Ground,
    view: int,
    texts: NDArray[np.int32],
    starts: NDArray[np.int64],
    ends: NDArray[np.int64],
    found: NDArray[np.int32],
) -> None:
    for nth in range(len(texts)):
        text, start, end = np.int64(texts[nth]), starts[nth], ends[nth]
        first, last = start, end - 1
        if view != PLAIN:
            first, least = np.int64(ground.view_plain[start]), np.int64(ground.view_plain[end - 1])
            last = ground.plain_at[text + 1] - 1
            if end < ground.view_at[text + 1]:
                last = np.int64(ground.view_plain[end]) - 1
            while last > least and not _is_said(ground, text, last):
                last -= 1
        found[nth, 0] = ground.source[first]
        found[nth, 1] = source_end(ground, text, last)


def original_spans(
    views: Views,
    *,
    view: int,
    text: NDArray[np.int32],
    start: NDArray[np.int64],
    end: NDArray[np.int64],
    tables: ReadingTables | None = None,
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Say where in the original texts stretches of a view come from.

    Parameters
    ----------
    views : Views
        The texts.
    view : int
        0 plain, 1 folded, 2 sound.
    text : array of int32
        Row of each stretch.
    start, end : arrays of int64
        Stretch in the view, of the whole batch, end exclusive and after the start.
    tables : ReadingTables, optional
        Tables that the texts were read by.

    Returns
    -------
    tuple of two arrays of int32
        First original code point, and the one after the last with the marks on it. Of a run that
        was folded into one all of it counts. Where a term is known `verified` is exact instead.
    """
    tables = reading_tables() if tables is None else tables
    found = np.zeros((len(text), 2), np.int32)
    _write_spans(ground_of(views, None, tables=tables, view=view), view, text, start, end, found)
    return found[:, 0], found[:, 1]
