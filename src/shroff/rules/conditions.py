"""Does a rule hold for an ad? Its condition over the hits of its atoms in that ad.

A condition holds or not, and if it does it points at hits: those of the parts that hold. What holds
because something is *not* there, or because of a column, points at nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from shroff.rules.condition_code import Code
from shroff.rules.nearness import Gap, Hit, chained, characters_between, distance, words_between

__all__ = ["Ad", "Demand", "Verdict", "judged"]


@dataclass(frozen=True, slots=True)
class Ad:
    """What is known of one ad.

    Parameters
    ----------
    hits : mapping of int to sequence of Hit
        Hits of each atom.
    text : callable
        Gives the text of a field by its number.
    values : mapping
        Values of its columns; None where unknown.
    """

    hits: Mapping[int, Sequence[Hit]]
    text: Callable[[int], str]
    values: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True)
class Demand:
    """What a rule asks for, with fields as numbers.

    Parameters
    ----------
    match : list
        Condition, see `condition_code`.
    fields : frozenset of int
        Fields it reads.
    numbers : mapping of str to int
        Number of each field there is.
    allow : frozenset of int
        Atoms whose hits take back every hit inside them.
    unless : list or None
        Condition of the second stage.
    unless_within : int or None
        How near a hit must be to be taken back; None if the whole ad is.
    unless_unit : str
        What that is counted in.
    across_fields : bool
        Whether the fields are read together.
    """

    match: Code
    fields: frozenset[int]
    numbers: Mapping[str, int]
    allow: frozenset[int] = frozenset()
    unless: Code | None = None
    unless_within: int | None = None
    unless_unit: str = "characters"
    across_fields: bool = True


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of a rule on an ad.

    Parameters
    ----------
    holds : bool
        Whether it fires.
    hits : frozenset of Hit
        What made it fire; can be empty for a rule that looks at what is missing.
    """

    holds: bool
    hits: frozenset[Hit] = frozenset()


_NO = Verdict(holds=False)
_YES = Verdict(holds=True)


def judged(demand: Demand, ad: Ad) -> Verdict:
    """Judge a rule on an ad.

    Parameters
    ----------
    demand : Demand
        What the rule asks for.
    ad : Ad
        The ad.

    Returns
    -------
    Verdict
        Whether it fires and because of what.
    """
    allowed = [hit for atom in demand.allow for hit in ad.hits.get(atom, ())]
    first = _whole(demand, ad, gone=lambda hit: any(_inside(hit, other) for other in allowed))
    if not first.holds or demand.unless is None:
        return first
    reading = _Reading(ad, demand.fields, demand.numbers)
    against = reading.holds(demand.unless)
    if not against.holds:
        return first
    if demand.unless_within is None:
        return _NO
    return _apart(demand, ad, allowed=allowed, against=against.hits)


def _apart(demand: Demand, ad: Ad, *, allowed: Sequence[Hit], against: frozenset[Hit]) -> Verdict:
    """Judge without the hits that stand near one of these."""
    measures = {hit.field: _gap(ad, hit.field, demand.unless_unit) for hit in against}
    within = demand.unless_within or 0

    def gone(hit: Hit) -> bool:
        return any(_inside(hit, other) for other in allowed) or any(
            other.field == hit.field and distance(hit, other, gap=measures[hit.field]) <= within
            for other in against
        )

    return _whole(demand, ad, gone=gone)


def _whole(demand: Demand, ad: Ad, *, gone: Callable[[Hit], bool]) -> Verdict:
    if demand.across_fields:
        return _Reading(ad, demand.fields, demand.numbers, gone).holds(demand.match)
    # one field must do by itself, also one that only a part of the condition names
    single = [
        _Reading(ad, demand.fields, demand.numbers, gone, only=number).holds(demand.match)
        for number in sorted(demand.numbers.values())
    ]
    return _joined([verdict for verdict in single if verdict.holds])


def _inside(hit: Hit, other: Hit) -> bool:
    return other.field == hit.field and other.start <= hit.start and hit.end <= other.end


def _gap(ad: Ad, number: int, unit: str) -> Gap:
    return words_between(ad.text(number)) if unit == "words" else characters_between


def _joined(verdicts: Sequence[Verdict]) -> Verdict:
    if not verdicts:
        return _NO
    return Verdict(holds=True, hits=frozenset().union(*(verdict.hits for verdict in verdicts)))


@dataclass(frozen=True, slots=True)
class _Reading:
    """An ad as one part of a condition sees it."""

    ad: Ad
    fields: frozenset[int]
    numbers: Mapping[str, int]
    gone: Callable[[Hit], bool] | None = None
    only: int | None = None

    def holds(self, code: Code) -> Verdict:
        kind = code[0]
        if kind == "atom":
            return self.atom(code[1])
        if kind == "any":
            return _joined([found for part in code[1] if (found := self.holds(part)).holds])
        if kind == "all":
            return self.every(code[1])
        if kind == "not":
            return _NO if self.holds(code[1]).holds else _YES
        if kind == "near":
            return self.near(code)
        return self.counted(code) if kind == "count" else self.narrowed(code)

    def atom(self, number: int) -> Verdict:
        seen = frozenset(hit for hit in self.ad.hits.get(number, ()) if self.sees(hit))
        return Verdict(holds=True, hits=seen) if seen else _NO

    def sees(self, hit: Hit) -> bool:
        if hit.field not in self.fields or (self.only is not None and hit.field != self.only):
            return False
        return self.gone is None or not self.gone(hit)

    def every(self, parts: Sequence[Code]) -> Verdict:
        found: list[Verdict] = []
        for part in parts:
            found.append(self.holds(part))
            if not found[-1].holds:
                return _NO
        return _joined(found)

    def near(self, code: Code) -> Verdict:
        _, parts, within, unit, ordered = code
        each = [self.holds(part).hits for part in parts]
        good: set[Hit] = set()
        for number in sorted({hit.field for hit in each[0]}):
            here = [[hit for hit in hits if hit.field == number] for hits in each]
            if all(here):
                gap = _gap(self.ad, number, unit)
                good |= chained(here, within=within, gap=gap, ordered=ordered)
        return Verdict(holds=bool(good), hits=frozenset(good))

    def counted(self, code: Code) -> Verdict:
        _, part, at_least = code
        hits = self.holds(part).hits
        count, number, end = 0, -1, 0
        for hit in sorted(hits, key=lambda hit: (hit.field, hit.end, hit.start)):
            if hit.field != number or hit.start >= end:
                count, number, end = count + 1, hit.field, hit.end
        return Verdict(holds=True, hits=hits) if count >= at_least else _NO

    def narrowed(self, code: Code) -> Verdict:
        if code[0] == "column":
            return _YES if _passes(self.ad.values.get(code[1]), code) else _NO
        named = frozenset(self.numbers[name] for name in code[2] if name in self.numbers)
        if self.only is not None and self.only not in named:
            return _NO
        return replace(self, fields=named).holds(code[1])


def _passes(value: object, code: Code) -> bool:
    """Test a value of a column; what is unknown passes only if the rule says so."""
    _, _, test, values, missing = code
    if value is None or value != value:  # noqa: PLR0124 - not a number is unknown, too
        return bool(missing)
    if test in {"in", "not_in"}:
        known = any(_same(value, other) for other in values)
        return bool(known == (test == "in"))
    limit, number = values[0], value
    if isinstance(limit, str) or isinstance(value, str):
        limit, number = str(limit).casefold(), str(value).casefold()
    return _compared(number, limit, test)


def _compared(number: Any, limit: Any, test: str) -> bool:  # noqa: ANN401 - values of any column
    if test == "below":
        return bool(number < limit)
    if test == "above":
        return bool(number > limit)
    return bool(number >= limit if test == "at_least" else number <= limit)


def _same(value: object, other: object) -> bool:
    if isinstance(value, bool) or isinstance(other, bool):
        return value is other
    if isinstance(value, str) or isinstance(other, str):
        return str(value).casefold() == str(other).casefold()
    return bool(value == other)
