"""Where a term stands in a text, disguised or not, in plain Python: slow, and written from the words.

A text is read as `plain_reading` reads it. A term stands where its plain characters do, or where it
can be laid along what folds or sounds alike (`disguise_layings`) and a reader would see it there
(`disguise_guards`). Nothing is taken from the kernels but the tables that they read, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from tests.rules.disguise_guards import seen
from tests.rules.disguise_layings import E, Laid, Read, folded, how, plain, sounding

from shroff.rules.clauses import Term
from shroff.text.evasion import Evasion
from shroff.text.forms import Form, forms_of
from shroff.text.sound_kernel import BREAK, LETTER_SOUND

__all__ = ["Found", "places_of"]

FOLDING = (
    E.LEET | E.REPEAT | E.SEPARATOR | E.EMOJI | E.LOOKALIKE_HAN | E.SPLIT | E.NUMERALS
    | E.MASKED | E.TYPO
)  # fmt: skip


@dataclass(frozen=True, order=True)
class Found:
    """A place where a term stands: view, span in the original, disguises."""

    view: int
    start: int
    end: int
    bits: int


def places_of(term: Term, text: Read) -> list[Found]:
    """Find where a term stands: none overlaps another, plainer ones first."""
    kept: list[Found] = []
    taken: set[int] = set()
    for found in sorted(set(_everywhere(term, text))):
        own = range(found.start, found.end)
        if taken.isdisjoint(own):
            kept.append(found)
            taken.update(own)
    return kept


def _everywhere(term: Term, text: Read) -> Iterator[Found]:
    for form in _forms(term.text, term.evasion):
        own = _read(form.text)
        ways: list[tuple[int, Iterable[list[Laid]]]] = []
        if not form.bits & (E.MASKED | E.TYPO):
            ways.append((0, plain(own, text, term.word)))
        if term.evasion & FOLDING and _enough_to_fold(own):
            ways.append((1, folded(own, text, term.word)))
        if term.evasion & (E.HOMOPHONE | E.PINYIN) and not form.bits & ~E.TRAD and _enough(own):
            ways.append((2, sounding(own, text, term.word)))
        for view, candidates in ways:
            for candidate in candidates:
                found = next((one for way in candidate if (one := _judged(way, term))), None)
                if found:
                    start, end, bits = found
                    yield Found(view, start, end, int(bits | form.bits))


@cache
def _forms(text: str, evasion: Evasion) -> tuple[Form, ...]:
    return forms_of([text], evasion=evasion)[0]


@cache
def _read(text: str) -> Read:
    return Read(text)


def _enough_to_fold(own: Read) -> bool:
    """Two characters, of letters alone three."""
    wide = any(ord(one) >= 0x2E80 for one in own.plain)
    return len(own.folded) >= 2 and (wide or len(own.plain) >= 3)


def _enough(own: Read) -> bool:
    """Two Han characters and nothing whose sound is not known."""
    han = [c for c, at in own.sound if ord(own.plain[at]) >= 0x2E80 and c < LETTER_SOUND]
    return len(han) >= 2 and all(code != BREAK for code, _ in own.sound)


def _judged(way: Laid, term: Term) -> tuple[int, int, Evasion] | None:
    """Judge a term as it was laid: its span and disguises, if a reader sees it and the rule may."""
    bits = seen(way)
    if bits is None:
        return None
    text, own = way.text, way.term
    start, end = text.source[way.first], text.source[way.last] + 1
    while end < len(text.text) and end not in text.shown and how(text.text[end]) & E.MARKS:
        end += 1
    bits |= text.dropped(start, end) ^ own.dropped(0, len(own.text))
    return None if bits & ~term.evasion else (start, end, bits)
