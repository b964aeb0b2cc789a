"""Hits that stand close together: in characters or in words, in order or not."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

__all__ = ["Gap", "Hit", "chained", "characters_between", "distance", "words_between"]

_WORD = re.compile(r"[0-9A-Za-z_]+|[^\W\d_]")

Gap = Callable[[int, int], int]
"""How much stands between two places of a field, the first not after the second."""


@dataclass(frozen=True, slots=True, order=True)
class Hit:
    """Where an atom stands.

    Parameters
    ----------
    field : int
        Which of the fields.
    start, end : int
        Place in the original text, in characters.
    place : int
        Number of the hit in its table.
    """

    field: int
    start: int
    end: int
    place: int


def characters_between(start: int, end: int) -> int:
    """Count the characters between two places of a text."""
    return end - start


def words_between(text: str) -> Gap:
    """Give what counts the words that begin between two places of this text.

    Parameters
    ----------
    text : str
        The field. A word is a run of ``[0-9A-Za-z_]`` or one other letter, so each Han character
        is one.

    Returns
    -------
    callable
        Words that begin at or after one place and before another.
    """
    starts = [match.start() for match in _WORD.finditer(text)]
    return lambda start, end: bisect_left(starts, end) - bisect_left(starts, start)


def distance(one: Hit, other: Hit, *, gap: Gap) -> int:
    """Measure what stands between two hits of a field; 0 where they touch or overlap."""
    first, second = sorted((one, other))
    return gap(first.end, second.start) if second.start > first.end else 0


def chained(parts: Sequence[Sequence[Hit]], *, within: int, gap: Gap, ordered: bool) -> set[Hit]:
    """Find the hits of one field that make up a chain with one hit of each part.

    Parameters
    ----------
    parts : sequence of sequences of Hit
        Hits of each part, all of one field.
    within : int
        Most that stands between one hit of the chain and the next.
    gap : callable
        What is counted.
    ordered : bool
        Whether the chain takes the parts in their order.

    Returns
    -------
    set of Hit
        Every hit that is in some chain; empty if there is none.
    """
    links = sorted((hit, number) for number, hits in enumerate(parts) for hit in hits)
    search = _Search(links, len(parts), within, gap, ordered=ordered)
    for nth, (_, number) in enumerate(links):
        if not ordered or number == 0:
            search.goes_on(nth, 1 << number)
    return {links[nth][0] for nth in search.good}


@dataclass(slots=True)
class _Search:
    links: list[tuple[Hit, int]]
    parts: int
    within: int
    gap: Gap
    ordered: bool
    known: dict[tuple[int, int], bool] = field(default_factory=dict[tuple[int, int], bool])
    good: set[int] = field(default_factory=set[int])

    def goes_on(self, nth: int, taken: int) -> bool:
        """Say whether a chain that has come to this link, with these parts, can be completed."""
        key = (nth, taken)
        if key not in self.known:
            self.known[key] = taken == (1 << self.parts) - 1 or self.further(nth, taken)
        if self.known[key]:
            self.good.add(nth)
        return self.known[key]

    def further(self, nth: int, taken: int) -> bool:
        hit, number = self.links[nth]
        found = False
        for later in range(nth + 1, len(self.links)):
            other, its = self.links[later]
            if other.start < hit.end:
                continue
            if self.gap(hit.end, other.start) > self.within:
                break
            fits = its == number + 1 if self.ordered else not taken >> its & 1
            if fits and self.goes_on(later, taken | 1 << its):
                found = True
        return found
