"""Where do words and expressions stand in a column of texts? Views, kernels and checks together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from shroff.rules.atom_hits import AtomHits, settled, together
from shroff.rules.border_texts import border_hits, border_terms
from shroff.rules.compiled import Compiled
from shroff.rules.exact_kernel import plain_starts, worth_hearing
from shroff.rules.reading_back import read_back
from shroff.rules.regex_gate import suspected
from shroff.rules.regex_scan import RegexScan, ready, scanned
from shroff.rules.term_kernel import Places, occurrences
from shroff.rules.view_terms import TermsOfView, some_of
from shroff.text.alignment import verified
from shroff.text.evasion import Evasion
from shroff.text.reading_tables import reading_tables
from shroff.text.text_views import ViewReader, Views, pieces
from shroff.text.verifying_kernel import Candidates

__all__ = ["AtomScan", "atom_hits"]

_REGEX = 3
_CASE = int(Evasion.CASE)
_PIECE = 1 << 18  # bytes: its views stay in the processor's cache

Column = NDArray[np.int32]


class Needed(NamedTuple):
    """Which texts hold which parts of the matches of expressions."""

    text: Column
    factor: Column


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
    unfolded : TermsOfView
        Forms that only ``plain`` shows.
    over : AtomScan or None
        Terms that may be spread over fields, where there are any.
    """

    compiled: Compiled
    regexes: RegexScan
    reader: ViewReader
    unfolded: TermsOfView
    over: AtomScan | None = None

    @classmethod
    def of(cls, compiled: Compiled) -> AtomScan:
        """Make a compiled pack usable in this thread."""
        over = border_terms(compiled)
        return cls(
            compiled,
            ready(compiled.regexes),
            ViewReader(),
            _unfolded(compiled),
            cls(over, ready(over.regexes), ViewReader(), _unfolded(over)) if over else None,
        )


def _unfolded(compiled: Compiled) -> TermsOfView:
    """Index the forms that are looked for in ``plain`` and not in ``folded``."""
    alone = np.ones(len(compiled.form_atom), np.bool_)
    for folded in (compiled.views[1], compiled.views[3]):
        members = folded.forms.members
        alone[members[members < len(alone)]] = False
    return some_of(compiled.views[0], alone)


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
    found = [
        hits
        for number, column in enumerate(texts)
        for hits in _of_column(scan, column, field=number)
    ]
    over = scan.over
    if over is not None and len(texts) > 1:
        found.append(border_hits(texts, lambda joined: list(_of_column(over, joined, field=0))))
    return settled(together(found))


def _of_column(scan: AtomScan, column: pa.Array, *, field: int) -> Iterator[AtomHits]:
    for row, piece in pieces(column, size=_PIECE):
        yield from (hits.further(row) for hits in _of_piece(scan, piece, field=field))


def _of_piece(scan: AtomScan, texts: pa.Array, *, field: int) -> Iterator[AtomHits]:
    compiled, views = scan.compiled, scan.reader.views(texts)
    folded, needed = _folded_candidates(compiled, views)
    start, alone = _plain_starts(compiled, views, folded)
    here = start >= 0
    plain, more = _plain_candidates(scan, views, _taken(folded, here), start=start[here])
    hits, kept = _verified(compiled, views, plain, view=0, field=field)
    yield hits.take(kept)
    settled_there = here.copy()
    settled_there[here] = kept[: int(here.sum())] | alone[here]
    yield _disguised(compiled, views, _taken(folded, ~settled_there), view=1, field=field)
    yield _disguised(compiled, views, _heard(compiled, views), view=2, field=field)
    yield _expressions(scan, views, (*needed, more), field=field)


def _plain_starts(
    compiled: Compiled, views: Views, folded: Candidates
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Find where candidates of ``folded`` begin in ``plain``, and which of them say no more there."""
    tables, forms = reading_tables(), compiled.forms
    start = np.empty(len(folded.text), np.int64)
    alone = np.empty(len(folded.text), np.bool_)
    plain_starts(
        views.plain,
        views.plain_at,
        views.folded_plain,
        views.folded_at,
        forms.plain,
        forms.at,
        tables.page,
        tables.cell,
        folded.text,
        folded.form,
        folded.start,
        start,
        alone,
    )
    return start, alone


def _folded_candidates(
    compiled: Compiled, views: Views
) -> tuple[Candidates, tuple[Needed, Needed]]:
    """Find what stands in ``folded``: forms, and what expressions need."""
    among = (views.starts, views.starts_at)
    first, needed = _candidates(compiled, compiled.views[1], views, view=1, among=among)
    within, further = _candidates(compiled, compiled.views[3], views, view=1)
    both = _joined((first, within)) if len(within.text) else first
    return both, (needed, further)


def _plain_candidates(
    scan: AtomScan, views: Views, here: Candidates, *, start: NDArray[np.int64]
) -> tuple[Candidates, Needed]:
    """Put together where forms stand in ``plain``: first those that ``folded`` has shown already."""
    compiled, at = scan.compiled, scan.compiled.forms.at
    shown = here._replace(start=start, end=start + at[here.form + 1] - at[here.form])
    # what it cannot show: forms that are too short for it, any form where it merges characters
    unfolded, _ = _candidates(compiled, scan.unfolded, views, view=0)
    texts = np.flatnonzero(views.merged)
    merged, needed = _candidates(compiled, compiled.views[0], views, view=0, texts=texts)
    return _joined((shown, unfolded, merged)), needed


def _heard(compiled: Compiled, views: Views) -> Candidates:
    """Find what sounds like a form and may be it."""
    found, _ = _candidates(compiled, compiled.views[2], views, view=2)
    worth, forms = np.empty(len(found.text), np.bool_), compiled.forms
    worth_hearing(
        views.plain,
        views.sound_plain,
        forms.plain,
        forms.sound_plain,
        forms.sound_at,
        forms.at,
        found.form,
        found.start,
        worth,
    )
    return _taken(found, worth)


def _disguised(
    compiled: Compiled, views: Views, candidates: Candidates, *, view: int, field: int
) -> AtomHits:
    hits, kept = _verified(compiled, views, candidates, view=view, field=field)
    return hits.take(kept)


def _joined(parts: Sequence[Candidates]) -> Candidates:
    columns: Any = zip(*parts, strict=True)
    return Candidates(*(np.concatenate(column) for column in columns))


def _taken(candidates: Candidates, which: NDArray[np.bool_]) -> Candidates:
    columns: Any = candidates
    return Candidates(*(column[which] for column in columns))


def _candidates(
    compiled: Compiled,
    terms: TermsOfView,
    views: Views,
    *,
    view: int,
    texts: NDArray[np.int64] | None = None,
    among: Places | None = None,
) -> tuple[Candidates, Needed]:
    """Find the places where forms may stand, and the texts that hold what expressions need."""
    codes = (views.plain, views.folded, views.sound)[view]
    bounds = (views.plain_at, views.folded_at, views.sound_at)[view]
    hits = occurrences(terms.index, codes, bounds=bounds, texts=texts, among=among)
    entry, form = terms.forms.of(hits.term)
    factor = form - len(compiled.form_atom)
    asked = factor >= 0
    needed = Needed(hits.text[entry[asked]], factor[asked])
    if len(needed.text):
        entry, form = entry[~asked], form[~asked]
    atom = compiled.form_atom[form]
    found = Candidates(
        text=hits.text[entry],
        form=form,
        start=hits.start[entry],
        end=hits.end[entry],
        word=compiled.kinds[atom],
        allowed=compiled.evasion[atom],
    )
    return found, needed


def _verified(
    compiled: Compiled, views: Views, candidates: Candidates, *, view: int, field: int
) -> tuple[AtomHits, NDArray[np.bool_]]:
    verdicts = verified(views, compiled.forms, view=view, candidates=candidates)
    bits = verdicts.bits | compiled.form_bits[candidates.form]
    atom = compiled.form_atom[candidates.form]
    hits = _columns(
        candidates.text, atom, verdicts.start, verdicts.end, bits, field=field, view=view
    )
    return hits, verdicts.plausible


def _expressions(
    scan: AtomScan, views: Views, needed: Sequence[Needed], *, field: int
) -> AtomHits:
    """Find expressions in the plain view, and keep those that need only what they may."""
    text, factor = (np.concatenate(column) for column in zip(*needed, strict=True))
    suspects = suspected(
        scan.compiled.gate, text, factor, plain=views.plain, bounds=views.plain_at
    )
    hits = scanned(scan.regexes, views.plain, bounds=views.plain_at, suspects=suspects)
    entry, atom = scan.compiled.regex_atoms.of(hits.term)
    start, end, bits = read_back(views, hits.text, start=hits.start, end=hits.end)
    # a pattern is folded as texts are, so it cannot say which case it wants
    allowed = bits[entry] & ~(scan.compiled.evasion[atom] | _CASE) == 0
    return _columns(
        hits.text[entry], atom, start[entry], end[entry], bits[entry], field=field, view=_REGEX
    ).take(allowed)


def _columns(
    text: Column, atom: Column, start: Column, end: Column, bits: Column, *, field: int, view: int
) -> AtomHits:
    fields, views = (np.full(len(text), number, np.int32) for number in (field, view))
    return AtomHits(text, fields, atom, start, end, bits, views)
