"""How two copies differ: which characters are disguised, and which words are others."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

import numpy as np

from shroff.text.evasion import Evasion, kinds_in
from shroff.text.reading_tables import ReadingTables, reading_tables
from shroff.text.text_views import Views, views_of_texts

__all__ = ["CopyEdit", "edits_between"]

_NUMBER = re.compile(r"(?<![^\W\d_])\d(?:[\d,.]*\d)?(?![A-Za-z\d])")
_ANY_NUMBER = 1
_ENDS = "!?！？"
_QUIET = int(Evasion.CASE | Evasion.NUMERALS)


@dataclass(frozen=True, slots=True)
class CopyEdit:
    """One stretch in which a copy differs.

    Parameters
    ----------
    start, end : int
        Characters of the copy, end exclusive.
    kinds : tuple of str
        Disguises (ids of `shroff.text.evasion.KINDS`); empty where it says something else: another
        number, name or word.
    instead : str
        What the other text has there.
    """

    start: int
    end: int
    kinds: tuple[str, ...]
    instead: str

    def record(self) -> dict[str, object]:
        """Give it as JSON does."""
        return {
            "start": self.start,
            "end": self.end,
            "kinds": list(self.kinds),
            "instead": self.instead,
        }


def edits_between(model: str, copy: str) -> tuple[CopyEdit, ...]:
    """Tell in which stretches a copy differs from a model.

    Parameters
    ----------
    model, copy : str
        Two texts that say nearly the same.

    Returns
    -------
    tuple of CopyEdit
        In the order of the copy. Case and spacing between words are no difference; what the copy
        leaves out is an edit without length.

    Notes
    -----
    Both are laid beside one another in their folded views, where disguises are gone. Where they say
    the same there but not as they were written, the copy, or the model, is disguised; elsewhere
    they say something else.

    Examples
    --------
    >>> [(e.start, e.end, e.kinds) for e in edits_between("free cash", "fr33 cash")]
    [(2, 4, ('leet',))]
    >>> [(e.start, e.end, e.kinds, e.instead) for e in edits_between("从 $5 起", "从 $12 起")]
    [(3, 5, (), '5')]
    """
    tables = reading_tables()
    views = views_of_texts([model, copy], tables=tables)
    ours, theirs = _elements(views, 0, model), _elements(views, 1, copy)
    matcher = SequenceMatcher(
        None, [one.code for one in ours], [one.code for one in theirs], autojunk=False
    )
    found: list[CopyEdit] = []
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            found += _disguises(ours[a:b], theirs[c:d], model, copy, tables)
        else:
            found.append(_other(ours[a:b], theirs[c:d], model, copy, at=_place(theirs, c, copy)))
    return tuple(_united(found, copy))


@dataclass(frozen=True, slots=True)
class _Element:
    """One element of the folded view, the characters it was read from, and what follows them."""

    code: int
    start: int
    end: int
    until: int


def _elements(views: Views, text: int, written: str) -> list[_Element]:
    first, last = int(views.folded_at[text]), int(views.folded_at[text + 1])
    places = views.source[views.folded_plain[first:last]].tolist()
    codes = views.folded[first:last].tolist()
    numbers = {at: one.span() for one in _NUMBER.finditer(written) for at in range(*one.span())}
    found: list[_Element] = []
    for place, (code, start) in enumerate(zip(codes, places, strict=True)):
        if start in numbers:
            first, last = numbers[start]
            if not found or found[-1].start != first:
                found.append(_Element(_ANY_NUMBER, first, last, last))
            continue
        if written[start] in _ENDS and not written[start + 1 : start + 2].strip():
            continue  # a mark that ends a sentence, not a letter
        ends = place + 1 == len(places)
        until = len(written) if ends else max(places[place + 1], start + 1)
        end = _trimmed(written, start, until)
        found.append(_Element(code, start, end, end if ends else until))
    return found


def _trimmed(written: str, start: int, end: int) -> int:
    """Leave out spaces and punctuation behind a character, but not what is hidden there."""
    while end - 1 > start and not written[end - 1].isalnum() and written[end - 1].isprintable():
        end -= 1
    return end


def _disguises(
    ours: list[_Element], theirs: list[_Element], model: str, copy: str, tables: ReadingTables
) -> Iterator[CopyEdit]:
    for mine, other in zip(ours, theirs, strict=True):
        had, has = model[mine.start : mine.end], copy[other.start : other.end]
        if mine.code == _ANY_NUMBER:
            if had != has:
                yield CopyEdit(other.start, other.end, (), had)
            continue
        behind = copy[other.end : other.until]
        parts = behind if mine.until == mine.end and other is not theirs[-1] else ""
        if had.casefold() == has.casefold() and not parts:
            continue
        kinds = 0 if had.casefold() == has.casefold() else _kinds(has, had, tables)
        kinds |= _separators(parts)
        names = tuple(kind.id for kind in kinds_in(kinds))
        yield CopyEdit(other.start, other.end + len(parts), names, had)


def _separators(parts: str) -> int:
    if not parts:
        return 0
    drawn = any(unicodedata.category(sign) == "So" for sign in parts)
    return int(Evasion.EMOJI if drawn else Evasion.SEPARATOR)


def _kinds(has: str, had: str, tables: ReadingTables) -> int:
    """Tell which disguises the characters of one element are."""
    told = 0
    for written in (has, had):
        points = np.array([ord(sign) for sign in written], np.uint32)
        page = tables.page[points >> 8].astype(np.int64) << 8
        told |= int(np.bitwise_or.reduce(tables.how[page | (points & 255)], initial=0))
        told |= int(Evasion.LEET if written[:1].isascii() and written[:1].isdigit() else 0)
        runs = len(set(written.casefold())) == 1 and len(written) > min(len(has), len(had))
        told |= int(Evasion.REPEAT if runs else 0)
    told &= ~_QUIET
    parts = "".join(sign for sign in has if not sign.isalnum())
    if told or parts:
        return told or _separators(parts)
    return int(Evasion.LOOKALIKE_HAN if len(has) == len(had) else Evasion.SPLIT)


def _place(elements: list[_Element], at: int, written: str) -> int:
    return elements[at].start if at < len(elements) else len(written)


def _other(
    ours: list[_Element], theirs: list[_Element], model: str, copy: str, *, at: int
) -> CopyEdit:
    """Tell what stands for what, in whole words and numbers."""
    start, end = (theirs[0].start, theirs[-1].end) if theirs else (at, at)
    had = _widened(model, ours[0].start, ours[-1].end) if ours else (0, 0)
    has = _widened(copy, start, end) if theirs else (start, end)
    return CopyEdit(*has, (), model[slice(*had)])


def _widened(written: str, start: int, end: int) -> tuple[int, int]:
    while start > 0 and _is_inside(written, start - 1) and _is_inside(written, start):
        start -= 1
    while end < len(written) and _is_inside(written, end) and _is_inside(written, end - 1):
        end += 1
    return start, end


def _is_inside(written: str, at: int) -> bool:
    sign = written[at]
    if sign in ",." and 0 < at < len(written) - 1:
        return written[at - 1].isdigit() and written[at + 1].isdigit()
    return sign.isascii() and sign.isalnum()


def _united(edits: list[CopyEdit], copy: str) -> Iterator[CopyEdit]:
    """Put edits of one kind together where nothing but spaces is between them."""
    kept: CopyEdit | None = None
    for edit in edits:
        if kept is None:
            kept = edit
        elif edit.start < kept.end:  # both were widened to the same word
            kept = replace(kept, end=max(kept.end, edit.end), kinds=kept.kinds and edit.kinds)
        elif bool(kept.kinds) == bool(edit.kinds) and copy[kept.end : edit.start] in {"", " "}:
            between = copy[kept.end : edit.start]
            kinds = tuple(dict.fromkeys((*kept.kinds, *edit.kinds)))
            said = not edit.kinds and kept.instead.endswith(
                edit.instead
            )  # one word, widened twice
            instead = kept.instead if said else kept.instead + between + edit.instead
            kept = CopyEdit(kept.start, edit.end, kinds, instead)
        else:
            yield kept
            kept = edit
    if kept is not None:
        yield kept
