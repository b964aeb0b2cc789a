"""Where do words and expressions stand in a column of texts? Views, kernels and checks together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from shroff.rules.atom_hits import AtomHits, settled, together
from shroff.rules.compiled import Compiled
from shroff.rules.reading_back import read_back
from shroff.rules.regex_scan import RegexScan, ready, scanned
from shroff.rules.term_kernel import occurrences
from shroff.text.alignment import verified
from shroff.text.text_views import ViewReader, Views, pieces
from shroff.text.verifying_kernel import Candidates

__all__ = ["AtomScan", "atom_hits"]

_REGEX = 3
_PIECE = 1 << 20  # bytes: its views stay in the processor's cache

Column = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class AtomScan:
    """A compiled pack in use in one thread.

    Parameters
    ----------
    compiled : Compiled
        The rules.
    regexes : RegexScan
        Its expressions.
    reader : ViewReader
        What texts are read into.
    """

    compiled: Compiled
    regexes: RegexScan
    reader: ViewReader = field(default_factory=ViewReader)  # one thread's

    @classmethod
    def of(cls, compiled: Compiled) -> AtomScan:
        """Make a compiled pack usable in this thread."""
        return cls(compiled, ready(compiled.regexes))


def atom_hits(scan: AtomScan, texts: Sequence[pa.Array]) -> AtomHits:
    """Find all atoms in all fields.

    Parameters
    ----------
    scan : AtomScan
        The rules.
    texts : sequence of Array
        Texts of each field, of type ``string``.

    Returns
    -------
    AtomHits
        Settled; see `shroff.rules.atom_hits.settled`.
    """
    found: list[AtomHits] = []
    for number, column in enumerate(texts):
        for row, piece in pieces(column, size=_PIECE):
            found += [hits.further(row) for hits in _of_piece(scan, piece, field=number)]
    return settled(together(found))


def _of_piece(scan: AtomScan, texts: pa.Array, *, field: int) -> Iterator[AtomHits]:
    views = scan.reader.views(texts)
    plain, there = _plain_terms(scan.compiled, views, field=field)
    yield plain
    for view in (1, 2):
        yield _other_terms(scan.compiled, views, view=view, field=field, there=there)
    yield _expressions(scan, views, field=field)


def _plain_terms(
    compiled: Compiled, views: Views, *, field: int
) -> tuple[AtomHits, NDArray[np.int64]]:
    """Find terms in the plain view; also where each form stands, as sorted keys."""
    candidates, atom = _candidates(compiled, views, view=0)
    hits, kept = _verified(compiled, views, candidates, atom=atom, view=0, field=field)
    where = _keys(compiled, candidates.start[kept], candidates.form[kept])
    return hits.take(kept), np.sort(where)


def _other_terms(
    compiled: Compiled, views: Views, *, view: int, field: int, there: NDArray[np.int64]
) -> AtomHits:
    """Find terms in another view, those left out that are plainly there."""
    candidates, atom = _candidates(compiled, views, view=view)
    places = (views.folded_plain, views.sound_plain)[view - 1]
    where = _keys(compiled, places[candidates.start].astype(np.int64), candidates.form)
    nth = np.minimum(np.searchsorted(there, where), max(len(there) - 1, 0))
    new = there[nth] != where if len(there) else np.ones(len(where), np.bool_)
    candidates = Candidates(
        text=candidates.text[new],
        form=candidates.form[new],
        start=candidates.start[new],
        end=candidates.end[new],
        word=candidates.word[new],
        allowed=candidates.allowed[new],
    )
    hits, kept = _verified(compiled, views, candidates, atom=atom[new], view=view, field=field)
    return hits.take(kept)


def _keys(
    compiled: Compiled, place: NDArray[np.int64], form: NDArray[np.int32]
) -> NDArray[np.int64]:
    return place * (len(compiled.form_atom) + 1) + form


def _candidates(compiled: Compiled, views: Views, *, view: int) -> tuple[Candidates, Column]:
    """Find the places where forms may stand, with the atom of each."""
    here = compiled.views[view]
    codes = (views.plain, views.folded, views.sound)[view]
    bounds = (views.plain_at, views.folded_at, views.sound_at)[view]
    hits = occurrences(here.index, codes, bounds=bounds)
    entry, form = here.forms.of(hits.term)
    atom = compiled.form_atom[form]
    candidates = Candidates(
        text=hits.text[entry],
        form=form,
        start=hits.start[entry],
        end=hits.end[entry],
        word=compiled.kinds[atom],
        allowed=compiled.evasion[atom],
    )
    return candidates, atom


def _verified(
    compiled: Compiled,
    views: Views,
    candidates: Candidates,
    *,
    atom: Column,
    view: int,
    field: int,
) -> tuple[AtomHits, NDArray[np.bool_]]:
    verdicts = verified(views, compiled.forms, view=view, candidates=candidates)
    bits = verdicts.bits | compiled.form_bits[candidates.form]
    hits = _columns(
        candidates.text, atom, verdicts.start, verdicts.end, bits, field=field, view=view
    )
    return hits, verdicts.plausible


def _expressions(scan: AtomScan, views: Views, *, field: int) -> AtomHits:
    """Find expressions in the plain view, and keep those that need only what they may."""
    hits = scanned(scan.regexes, views.plain, bounds=views.plain_at)
    entry, atom = scan.compiled.regex_atoms.of(hits.term)
    start, end, bits = read_back(views, hits.text, start=hits.start, end=hits.end)
    allowed = bits[entry] & ~scan.compiled.evasion[atom] == 0
    return _columns(
        hits.text[entry], atom, start[entry], end[entry], bits[entry], field=field, view=_REGEX
    ).take(allowed)


def _columns(
    text: Column, atom: Column, start: Column, end: Column, bits: Column, *, field: int, view: int
) -> AtomHits:
    fields, views = (np.full(len(text), number, np.int32) for number in (field, view))
    return AtomHits(text, fields, atom, start, end, bits, views)
