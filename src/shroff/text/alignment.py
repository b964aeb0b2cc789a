"""Candidates verified against what the text really says: which disguises, and the exact span.

A place where a term stands in ``folded`` or ``sound`` only suggests it. Here it is laid beside the
plain code points: every character must be the term's, by disguises that are allowed, and what is
skipped between them must hide the term rather than end a word or a sentence. Hits in ``plain`` go
the same way, for their disguises, the edges of words and their span.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from shroff.text.evasion import Evasion
from shroff.text.everyday_han import everyday_words, word_key
from shroff.text.ground_kernel import NOTES, Ground
from shroff.text.reading_tables import ReadingTables, reading_tables
from shroff.text.sound_kernel import BREAK, LETTER_SOUND, SYLLABLE_SOUND
from shroff.text.syllables import ENGLISH_IN_PINYIN, SYLLABLES
from shroff.text.text_views import Views, views_of_texts
from shroff.text.verifying_kernel import Candidates, verify_all

__all__ = ["Candidates", "FormTable", "Verdicts", "form_table", "ground_of", "verified"]

_WIDE = 0x2E80
_PAIR = 2
_DROPPED = np.uint32(Evasion.HIDDEN | Evasion.MARKS)


class FormTable(NamedTuple):
    """Forms of terms made ready to be compared with; arrays only, one row a form.

    Attributes
    ----------
    plain : array of uint32
        Plain code points of all forms.
    original : array of uint32
        For each of them the code point as it is written in the form.
    how : array of uint32
        Disguises that it wears there.
    at : array of int64, shape (forms + 1,)
        Where each form begins.
    sound_plain : array of int32
        For each element of sound of all forms the place in `plain` where it begins.
    sound_at : array of int64, shape (forms + 1,)
        Where those of each form begin.
    latin : array of bool, shape (forms,)
        Whether the form may be written wholly in letters: False where that is an English word.
    dropped : array of uint32, shape (forms,)
        Disguises of the characters of the form that have no plain code point: hidden ones, marks.
    by_fold, by_sound : arrays of bool, shape (forms,)
        Whether the form says enough to be sought in ``folded`` and in ``sound``.
    everyday : array of uint64, sorted
        Keys of everyday words that fold or sound like a form, and of all of two characters: they
        are meant as they are.
    """

    plain: NDArray[np.uint32]
    original: NDArray[np.uint32]
    how: NDArray[np.uint32]
    at: NDArray[np.int64]
    sound_plain: NDArray[np.int32]
    sound_at: NDArray[np.int64]
    latin: NDArray[np.bool_]
    dropped: NDArray[np.uint32]
    by_fold: NDArray[np.bool_]
    by_sound: NDArray[np.bool_]
    everyday: NDArray[np.uint64]


class Verdicts(NamedTuple):
    """What became of candidates, one entry each.

    Attributes
    ----------
    plausible : array of bool
        Whether the term stands there, by allowed disguises only; elsewhere the rest is 0.
    bits : array of int32
        Disguises seen through, bits of `Evasion`; 0 where the term is written as in the rule.
    start, end : array of int32
        Span in the text, in original code points, end exclusive: from the first to the last that
        belong to the term, with the combining marks on the last.
    """

    plausible: NDArray[np.bool_]
    bits: NDArray[np.int32]
    start: NDArray[np.int32]
    end: NDArray[np.int32]


def form_table(forms: Sequence[str], *, tables: ReadingTables | None = None) -> FormTable:
    """Make forms of terms ready to be compared with.

    Parameters
    ----------
    forms : sequence of str
        Terms, or their variants (`shroff.text.forms`).
    tables : ReadingTables, optional
        Tables to read by.

    Returns
    -------
    FormTable
        One row a form, in the same order.
    """
    tables = reading_tables() if tables is None else tables
    views = views_of_texts(forms, tables=tables)
    points = np.array([ord(one) for form in forms for one in form], np.uint32)
    counts = np.array([len(form) for form in forms], np.int64)
    first = np.concatenate([[0], np.cumsum(counts)])[:-1]
    kept = np.repeat(first, np.diff(views.plain_at)) + views.source
    how = _how(points, tables)
    gone = np.where(np.bincount(kept, minlength=len(points)) > 0, 0, how) & _DROPPED
    return FormTable(
        plain=views.plain,
        original=points[kept],
        how=how[kept],
        at=views.plain_at,
        sound_plain=views.sound_plain,
        sound_at=views.sound_at,
        latin=np.array([_may_be_latin(views, row) for row in range(len(forms))], np.bool_),
        dropped=_united(gone, counts),
        by_fold=_enough_to_fold(views),
        by_sound=_enough_to_sound(views),
        everyday=_everyday(views, tables=tables),
    )


def _everyday(views: Views, *, tables: ReadingTables) -> NDArray[np.uint64]:
    """Find the everyday words that someone might take for one of the forms, or cut for one."""
    wanted = _sequences(views, range(len(views.plain_at) - 1))
    if not (views.plain >= _WIDE).any():
        return np.zeros(0, np.uint64)
    words = everyday_words()
    said = views_of_texts(words, tables=tables)
    alike = [
        row
        for row, word in enumerate(words)
        if len(word) == _PAIR or wanted & _sequences(said, [row])
    ]
    return np.array(sorted({word_key(words[row]) for row in alike}), np.uint64)


def _sequences(views: Views, rows: Iterable[int]) -> set[bytes]:
    """Give what rows are in ``folded`` and in ``sound``; the two share no code points."""
    found: set[bytes] = set()
    for row in rows:
        for codes, at in ((views.folded, views.folded_at), (views.sound, views.sound_at)):
            found.add(codes[at[row] : at[row + 1]].tobytes())
    return found


def _how(points: NDArray[np.uint32], tables: ReadingTables) -> NDArray[np.uint32]:
    """Look up the disguises that original code points can be."""
    page = tables.page[points >> 8].astype(np.int64) << 8
    how: NDArray[np.uint32] = tables.how[page | (points & 255)]
    return how


def _united(bits: NDArray[np.uint32], counts: NDArray[np.int64]) -> NDArray[np.uint32]:
    """Unite the bits of each stretch."""
    united = np.zeros(len(counts), np.uint32)
    np.bitwise_or.at(united, np.repeat(np.arange(len(counts)), counts), bits)
    return united


def _enough_to_fold(views: Views) -> NDArray[np.bool_]:
    """Two elements, of letters alone three: a shorter one is sought as it looks only."""
    wide = np.concatenate([[0], np.cumsum(views.plain >= _WIDE)])
    has_wide = np.diff(wide[views.plain_at]) > 0
    elements, points = np.diff(views.folded_at), np.diff(views.plain_at)
    enough: NDArray[np.bool_] = (elements >= 2) & (has_wide | (points >= 3))
    return enough


def _enough_to_sound(views: Views) -> NDArray[np.bool_]:
    """Two Han characters, and nothing whose sound is not known."""
    han = views.plain[views.sound_plain] >= _WIDE
    hans = np.concatenate([[0], np.cumsum(han & (views.sound < LETTER_SOUND))])
    breaks = np.concatenate([[0], np.cumsum(views.sound == BREAK)])
    hans_of, breaks_of = np.diff(hans[views.sound_at]), np.diff(breaks[views.sound_at])
    enough: NDArray[np.bool_] = (hans_of >= 2) & (breaks_of == 0)
    return enough


def _may_be_latin(views: Views, row: int) -> bool:
    """Say whether the pinyin of a form is no English word."""
    codes = views.sound[views.sound_at[row] : views.sound_at[row + 1]].astype(np.int64)
    places = codes - SYLLABLE_SOUND - 1
    if not len(places) or places.min() < 0 or places.max() >= len(SYLLABLES):
        return False
    return "".join(SYLLABLES[place] for place in places) not in ENGLISH_IN_PINYIN


def verified(
    views: Views,
    forms: FormTable,
    *,
    view: int,
    candidates: Candidates,
    tables: ReadingTables | None = None,
) -> Verdicts:
    """Verify the candidates of one view.

    Parameters
    ----------
    views : Views
        The texts.
    forms : FormTable
        The terms.
    view : int
        View in which the code points of the form were found: 0 plain, 1 folded, 2 sound.
    candidates : Candidates
        Where.
    tables : ReadingTables, optional
        Tables that both were read by.

    Returns
    -------
    Verdicts
        One entry a candidate, in the same order.
    """
    tables = reading_tables() if tables is None else tables
    found = np.zeros((len(candidates.text), 3), np.int64)
    ground = ground_of(views, forms, tables=tables, view=view)
    verify_all(ground, view, candidates, found, np.zeros(NOTES, np.int64))
    plausible = found[:, 0] >= 0
    found[~plausible] = 0
    bits, first, last = (found[:, column].astype(np.int32) for column in range(3))
    return Verdicts(plausible, bits, first, last)


def ground_of(
    views: Views, forms: FormTable | None, *, tables: ReadingTables, view: int
) -> Ground:
    """Put together what the kernels go over.

    Parameters
    ----------
    views : Views
        The texts.
    forms : FormTable or None
        The terms, where there are any.
    tables : ReadingTables
        What both were read by.
    view : int
        0 plain, 1 folded, 2 sound.

    Returns
    -------
    Ground
        Their arrays.
    """
    forms = form_table([], tables=tables) if forms is None else forms
    nowhere = np.zeros(0, np.int32)
    places = (nowhere, views.folded_plain, views.sound_plain)[view]
    bounds = (views.plain_at, views.folded_at, views.sound_at)[view]
    return Ground(
        views.plain,
        views.source,
        views.byte,
        views.data,
        views.offsets,
        views.plain_at,
        places,
        bounds,
        tables.page,
        tables.cell,
        tables.how,
        tables.split_key,
        tables.split_whole,
        forms.plain,
        forms.original,
        forms.how,
        forms.at,
        forms.sound_plain,
        forms.sound_at,
        forms.latin,
        forms.dropped,
        forms.everyday,
    )
