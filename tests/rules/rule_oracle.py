"""Rules judged in plain Python, slowly and obviously: what the engine must agree with.

It shares nothing with the engine but the data model: conditions are read from the rule itself, `near`
tries every choice of hits, and hits of atoms come from a function that is given.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, product
from typing import Any

from shroff.rules.clauses import (
    AllOf,
    AnyOf,
    Atom,
    Column,
    ColumnTest,
    Condition,
    Count,
    InFields,
    Near,
    Not,
    Regex,
    Term,
    Unit,
)
from shroff.rules.rule import Rule

Place = tuple[str, int, int]
Spans = Callable[[str, Atom], Sequence[tuple[int, int]]]


@dataclass(frozen=True)
class Sight:
    """What is looked at: texts by field, columns, hits that do not count, and where to look."""

    texts: Mapping[str, str]
    columns: Mapping[str, Any]
    spans: Spans
    fields: frozenset[str]
    gone: Callable[[Place], bool]
    every_field: bool = False
    only: str | None = None

    def places(self, atom: Atom) -> set[Place]:
        found = {
            (name, start, end)
            for name in self.fields & set(self.texts)
            if self.only in {None, name}
            for start, end in self.spans(self.texts[name], atom)
        }
        return {place for place in found if not self.gone(place)}


def fired(
    rule: Rule, texts: Mapping[str, str], columns: Mapping[str, Any], *, spans: Spans
) -> set[Place] | None:
    """Say where a rule points at, None if it does not fire."""
    if not in_scope(rule, columns):
        return None
    every_field = set(texts) == {"text"}
    fields = frozenset({"text"} if every_field else rule.fields)
    sight = Sight(texts, columns, spans, fields, gone=lambda _: False, every_field=every_field)
    allowed = {place for term in rule.allow for place in _anywhere(sight).places(term)}

    def covered(place: Place) -> bool:
        return any(o[0] == place[0] and o[1] <= place[1] and place[2] <= o[2] for o in allowed)

    found = whole(rule, replace(sight, gone=covered))
    if found is None or rule.unless is None:
        return found
    against = holds(rule.unless.part, sight)
    if against is None:
        return found
    if rule.unless.within is None:
        return None
    unless = rule.unless

    def taken_back(place: Place) -> bool:
        return covered(place) or any(
            other[0] == place[0]
            and between(texts[place[0]], place, other, unless.unit) <= (unless.within or 0)
            for other in against
        )

    return whole(rule, replace(sight, gone=taken_back))


def _anywhere(sight: Sight) -> Sight:
    return replace(sight, fields=frozenset(sight.texts))


def in_scope(rule: Rule, columns: Mapping[str, Any]) -> bool:
    market, language = columns.get("market"), columns.get("language")
    if rule.markets and "market" in columns and market not in rule.markets:
        return False
    return not (rule.languages and "language" in columns and language not in rule.languages)


def whole(rule: Rule, sight: Sight) -> set[Place] | None:
    if rule.across_fields:
        return holds(rule.match, sight)
    single = [holds(rule.match, replace(sight, only=name)) for name in sight.texts]
    true = [found for found in single if found is not None]
    return set().union(*true) if true else None


def holds(condition: Condition, sight: Sight) -> set[Place] | None:  # noqa: C901, PLR0911 - one case a kind
    """Say where a condition that holds points at, None if it does not hold."""
    match condition:
        case Term() | Regex():
            return sight.places(condition) or None
        case AnyOf(parts=parts):
            true = [found for part in parts if (found := holds(part, sight)) is not None]
            return set().union(*true) if true else None
        case AllOf(parts=parts):
            each = [holds(part, sight) for part in parts]
            return None if None in each else set().union(*(found for found in each if found))
        case Not(part=part):
            return set() if holds(part, sight) is None else None
        case Count(part=part, at_least=at_least):
            found = holds(part, sight) or set()
            return found if apart(found) >= at_least else None
        case InFields(part=part, fields=fields):
            if sight.every_field:
                return holds(part, sight)
            if sight.only is not None and sight.only not in fields:
                return None
            return holds(part, replace(sight, fields=frozenset(fields)))
        case Column():
            return set() if passes(condition, sight.columns) else None
        case Near():
            return near(condition, sight) or None


def near(condition: Near, sight: Sight) -> set[Place]:
    each = [holds(part, sight) or set() for part in condition.parts]
    good: set[Place] = set()
    for chosen in product(*each):
        if len({place[0] for place in chosen}) != 1:
            continue
        in_order = sorted(chosen, key=lambda place: (place[1], place[2]))
        if condition.ordered and list(chosen) != in_order:
            continue
        steps = list(pairwise(in_order))
        if all(one[2] <= other[1] for one, other in steps) and all(
            between(sight.texts[one[0]], one, other, condition.unit) <= condition.within
            for one, other in steps
        ):
            good |= set(chosen)
    return good


def between(text: str, one: Place, other: Place, unit: Unit) -> int:
    first, second = sorted((one, other), key=lambda place: place[1:])
    if second[1] <= first[2]:
        return 0
    if unit is Unit.CHARACTERS:
        return second[1] - first[2]
    words = [found.start() for found in re.finditer(r"[0-9A-Za-z_]+|[^\W\d_]", text)]
    return sum(first[2] <= word < second[1] for word in words)


def apart(places: Iterable[Place]) -> int:
    """Count as many places as do not overlap."""
    count, last = 0, ("", 0)
    for name, start, end in sorted(places, key=lambda place: (place[0], place[2], place[1])):
        if name != last[0] or start >= last[1]:
            count, last = count + 1, (name, end)
    return count


def passes(column: Column, columns: Mapping[str, Any]) -> bool:  # noqa: PLR0911 - one case a test
    value = columns.get(column.name)
    if value is None:
        return bool(column.missing)
    match column.test:
        case ColumnTest.IS_IN:
            return value in column.values
        case ColumnTest.NOT_IN:
            return value not in column.values
        case ColumnTest.BELOW:
            return bool(value < column.values[0])
        case ColumnTest.ABOVE:
            return bool(value > column.values[0])
        case ColumnTest.AT_LEAST:
            return bool(value >= column.values[0])
        case ColumnTest.AT_MOST:
            return bool(value <= column.values[0])
