"""Words spread over fields: the end of one field and the beginning of the next, read as one text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from shroff.rules.atom_hits import AtomHits, shares_of, together
from shroff.rules.compiled import Compiled
from shroff.rules.regex_gate import RegexGate
from shroff.rules.regex_scan import RegexIndex
from shroff.rules.view_terms import some_of
from shroff.text.evasion import Evasion

__all__ = ["border_hits", "border_terms"]

_NEAR = 64
"""Characters of a field that are read beside the next one."""

_ACROSS = int(Evasion.ACROSS_FIELDS)


def border_terms(compiled: Compiled) -> Compiled | None:
    """Keep of a pack the terms that may be spread over fields.

    Parameters
    ----------
    compiled : Compiled
        The rules.

    Returns
    -------
    Compiled or None
        Only those terms, with their numbers; None where there are none.
    """
    across = compiled.evasion[compiled.form_atom] & _ACROSS != 0
    if not across.any():
        return None
    views = tuple(some_of(view, across) for view in compiled.views)
    none = RegexGate(shares_of([]), np.zeros(0, np.uint8))
    return replace(
        compiled, views=views, regexes=RegexIndex(()), regex_atoms=shares_of([]), gate=none
    )


@dataclass(frozen=True, slots=True)
class _Border:
    """Rows where one field follows another, with the characters of the first and of its end."""

    fields: tuple[int, int]
    rows: NDArray[np.int64]
    texts: pa.Array
    length: NDArray[np.int64]
    end: NDArray[np.int64]


def border_hits(
    texts: Sequence[pa.Array], find: Callable[[pa.Array], Sequence[AtomHits]]
) -> AtomHits:
    """Find terms that begin in one field and end in the next that is not empty.

    Parameters
    ----------
    texts : sequence of Array
        Texts of each field, of type ``string``.
    find : callable
        Finds the terms in texts.

    Returns
    -------
    AtomHits
        Two entries a hit: what stands in each of the two fields.
    """
    return together(
        [part for border in _borders(texts) for part in _cut(border, together(find(border.texts)))]
    )


def _borders(texts: Sequence[pa.Array]) -> Iterator[_Border]:
    there = [
        np.asarray(
            pc.fill_null(pc.call_function("binary_length", [column]), 0).to_numpy(
                zero_copy_only=False
            )
        )
        > 0
        for column in texts
    ]
    for one in range(len(texts)):
        left = there[one].copy()
        for other in range(one + 1, len(texts)):
            rows = np.flatnonzero(left & there[other])
            left &= ~there[other]
            if len(rows):
                yield _border(texts[one].take(rows), texts[other].take(rows), (one, other), rows)


def _border(
    first: pa.Array, second: pa.Array, fields: tuple[int, int], rows: NDArray[np.int64]
) -> _Border:
    tail = pc.call_function("utf8_slice_codeunits", [first], pc.SliceOptions(-_NEAR))
    head = pc.call_function("utf8_slice_codeunits", [second], pc.SliceOptions(0, _NEAR))
    return _Border(
        fields,
        rows,
        pc.call_function("binary_join_element_wise", [tail, head, pa.scalar("")]),
        np.asarray(pc.call_function("utf8_length", [first]), np.int64),
        np.asarray(pc.call_function("utf8_length", [tail]), np.int64),
    )


def _cut(border: _Border, hits: AtomHits) -> Iterator[AtomHits]:
    """Cut what stands on both sides of the border in two."""
    end = border.end[hits.row]
    over = (hits.start < end) & (end < hits.end)
    hits, end = hits.take(over), end[over]
    length = border.length[hits.row]
    rows = border.rows[hits.row].astype(np.int32)
    nothing = np.zeros(len(rows), np.int32)
    spans = (
        ((hits.start + length - end).astype(np.int32), length.astype(np.int32)),
        (nothing, (hits.end - end).astype(np.int32)),
    )
    for field, (start, stop) in zip(border.fields, spans, strict=True):
        yield replace(
            hits,
            row=rows,
            field=np.full(len(rows), field, np.int32),
            start=start,
            end=stop,
            bits=hits.bits | np.int32(_ACROSS),
        )
