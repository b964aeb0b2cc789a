"""Where do words and expressions stand in a column of texts? Views, kernels and checks together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from shroff.rules.atom_hits import AtomHits, settled, together
from shroff.rules.compiled import Compiled
from shroff.rules.reading_back import read_back
from shroff.rules.regex_scan import RegexScan, ready, scanned
from shroff.rules.term_kernel import occurrences
from shroff.text.alignment import verified
from shroff.text.verifying_kernel import Candidates
from shroff.text.views import Views, views_of

__all__ = ["AtomScan", "atom_hits"]

_REGEX = 3

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
    """

    compiled: Compiled
    regexes: RegexScan

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
        views = views_of(column)
        found += [_terms(scan.compiled, views, view=view, field=number) for view in range(3)]
        found.append(_expressions(scan, views, field=number))
    return settled(together(found))


def _terms(compiled: Compiled, views: Views, *, view: int, field: int) -> AtomHits:
    """Find terms in one view, and keep those that really stand there."""
    here = compiled.views[view]
    codes = (views.plain, views.folded, views.sound)[view]
    bounds = (views.plain_at, views.folded_at, views.sound_at)[view]
    hits = occurrences(here.index, codes, bounds=bounds)
    entry, form = here.forms.of(hits.term)
    atom, text = compiled.form_atom[form], hits.text[entry]
    own = compiled.form_bits[form]
    candidates = Candidates(
        text=text,
        form=form,
        start=hits.start[entry],
        end=hits.end[entry],
        word=compiled.kinds[atom],
        allowed=compiled.evasion[atom],
    )
    verdicts = verified(views, compiled.forms, view=view, candidates=candidates)
    return _columns(
        text, atom, verdicts.start, verdicts.end, verdicts.bits | own, field=field, view=view
    ).take(verdicts.plausible)


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
