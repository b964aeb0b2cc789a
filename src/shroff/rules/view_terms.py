"""Terms as a view shows them: the distinct sequences of their code points, and whose each is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from shroff.rules.atom_hits import Shares, shares_of
from shroff.rules.suspect_kernel import ANYWHERE, OPENING, WIDE, WITHIN, TermIndex
from shroff.rules.term_kernel import index_of_terms
from shroff.text.alignment import FormTable
from shroff.text.characters import DIGIT, LATIN, OTHER
from shroff.text.edge_kernel import PART
from shroff.text.reading_tables import reading_tables
from shroff.text.text_views import Views

__all__ = ["TermsOfView", "indexed", "indexed_by_start", "opens_words", "some_of"]

_UNDERSCORE = 0x5F

Codes = NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class TermsOfView:
    """Terms as one view shows them.

    Parameters
    ----------
    index : TermIndex
        Distinct sequences of code points.
    forms : Shares
        Forms of each sequence; those beyond the last form are what expressions need.
    """

    index: TermIndex
    forms: Shares


def indexed(codes: Codes, bounds: NDArray[np.int64], forms: NDArray[np.int64]) -> TermsOfView:
    """Index the distinct sequences among forms.

    Parameters
    ----------
    codes : array of uint32
        Code points of all forms in the view.
    bounds : array of int64, shape (forms + 1,)
        Where each form begins.
    forms : array of int64
        Those to be looked for.

    Returns
    -------
    TermsOfView
        Their sequences; an empty one is left out.
    """
    return _terms(_owners(codes, bounds, forms), ANYWHERE)


def indexed_by_start(
    codes: Codes,
    bounds: NDArray[np.int64],
    forms: NDArray[np.int64],
    *,
    opening: NDArray[np.bool_],
) -> tuple[TermsOfView, TermsOfView]:
    """Index sequences apart by whether they can be found by where terms may begin in a text.

    Parameters
    ----------
    codes, bounds, forms : arrays
        As for `indexed`.
    opening : array of bool
        Forms that stand only where terms may begin; see `opens_words`.

    Returns
    -------
    TermsOfView
        Sequences with an anchor at such a place.
    TermsOfView
        All others, to be looked for everywhere.
    """
    groups: dict[int, dict[bytes, list[int]]] = {OPENING: {}, WITHIN: {}, ANYWHERE: {}}
    for sequence, members in _owners(codes, bounds, forms).items():
        points = np.frombuffer(sequence, np.uint32)
        kind = OPENING if opening[members].all() else ANYWHERE
        if kind == ANYWHERE and (points[:-1] >= WIDE).any():
            kind = WITHIN
        groups[kind][sequence] = members
    starting = {**groups[OPENING], **groups[WITHIN]}
    anchoring = [OPENING] * len(groups[OPENING]) + [WITHIN] * len(groups[WITHIN])
    return _terms(starting, anchoring), _terms(groups[ANYWHERE], ANYWHERE)


def _owners(
    codes: Codes, bounds: NDArray[np.int64], forms: NDArray[np.int64]
) -> dict[bytes, list[int]]:
    owners: dict[bytes, list[int]] = defaultdict(list)
    for form in forms.tolist():
        owners[codes[bounds[form] : bounds[form + 1]].tobytes()].append(form)
    owners.pop(b"", None)
    return owners


def _terms(owners: dict[bytes, list[int]], anchoring: int | Sequence[int]) -> TermsOfView:
    codes = np.frombuffer(b"".join(owners), np.uint32)
    ends = np.cumsum([0, *(len(sequence) // 4 for sequence in owners)]).astype(np.int64)
    where = np.broadcast_to(np.asarray(anchoring, np.uint8), len(owners)).copy()
    return TermsOfView(
        index_of_terms(codes, ends, anchoring=where), shares_of(list(owners.values()))
    )


def opens_words(table: FormTable, views: Views, kinds: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Say which forms can only begin where `shroff.text.text_views.Views.starts` says.

    Parameters
    ----------
    table : FormTable
        The forms.
    views : Views
        Their views, more texts perhaps after them.
    kinds : array of uint8
        Of each form whether it may be part of a word; see `shroff.text.edge_kernel`.

    Returns
    -------
    array of bool
        False where a form may begin within a word, or has no code point in ``folded``.
    """
    many = len(kinds)
    begins, ends = views.folded_at[:many], views.folded_at[1 : many + 1]
    some = np.flatnonzero(begins < ends)
    first = views.plain[views.folded_plain[begins[some]]]
    opens = table.plain[table.at[:-1][some]]
    in_words = np.isin(_classes(opens), (LATIN, DIGIT)) | (opens == _UNDERSCORE)
    second = views.folded[np.minimum(begins[some] + 1, ends[some] - 1)]
    wide = (views.folded[begins[some]] >= WIDE) | (second >= WIDE)
    always = wide | (_classes(first) == OTHER)
    bounded = in_words & np.isin(_classes(first), (LATIN, DIGIT)) & (kinds[some] != PART)
    found = np.zeros(many, np.bool_)
    found[some] = always | bounded
    return found


def _classes(points: Codes) -> NDArray[np.uint64]:
    tables = reading_tables()
    cells = tables.cell[(tables.page[points >> 8].astype(np.int64) << 8) | (points & 255)]
    classes: NDArray[np.uint64] = (cells >> np.uint64(52)) & np.uint64(15)
    return classes


def some_of(terms: TermsOfView, wanted: NDArray[np.bool_]) -> TermsOfView:
    """Keep the sequences of some forms.

    Parameters
    ----------
    terms : TermsOfView
        All of a view.
    wanted : array of bool, shape (forms,)
        Forms to keep; what expressions need is not kept.

    Returns
    -------
    TermsOfView
        Those of one of them at least.
    """
    index, forms = terms.index, terms.forms
    owner = np.repeat(np.arange(index.terms), np.diff(forms.bounds))
    chosen = forms.members < len(wanted)
    chosen[chosen] = wanted[forms.members[chosen]]
    counts = np.bincount(owner[chosen], minlength=index.terms)
    kept, sizes = counts > 0, np.diff(index.bounds)
    some = index_of_terms(
        index.codes[np.repeat(kept, sizes)],
        _bounds(sizes[kept]),
        anchoring=index.anchoring[kept],
    )
    return TermsOfView(some, Shares(_bounds(counts[kept]), forms.members[chosen]))


def _bounds(sizes: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
