"""What lint says of a rule as a whole, and of rules beside one another."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Generator, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from difflib import get_close_matches

from shroff.domain.findings import Finding
from shroff.domain.messages import Message
from shroff.domain.places import NOWHERE
from shroff.rules.clauses import (
    AllOf,
    AnyOf,
    Atom,
    Column,
    Condition,
    Count,
    InFields,
    Near,
    Not,
    Regex,
    Term,
    atoms,
    walk,
)
from shroff.rules.finding_catalogue import finding
from shroff.rules.plain_folding import plain_text
from shroff.rules.rule import Pack, Rule
from shroff.rules.written import condition_text

__all__ = ["beside_findings", "rule_findings"]

_SOON = timedelta(days=30)
_ALIKE = 0.8
_FEWEST_SHARED = 3
_EVERYWHERE = 50


def rule_findings(
    rule: Rule, *, policies: Collection[str] | None, today: date
) -> Iterator[Finding]:
    """Look at a rule by itself.

    Parameters
    ----------
    rule : Rule
        The rule.
    policies : collection of str or None
        Policies there are; None if that is not known.
    today : date
        Day of the look.

    Yields
    ------
    Finding
        R303, R304 and R308 to R313.
    """
    if not rule.must_match:
        yield finding("R303", rule.where, rule=rule.id)
    if not rule.must_not_match:
        yield finding("R304", rule.where, rule=rule.id)
    if rule.expires and rule.expires < today + _SOON:
        code = "R308" if rule.expires < today else "R309"
        yield finding(code, rule.where, rule=rule.id, date=rule.expires.isoformat())
    yield from _policy(rule, policies)
    yield from _logic(rule)


def _policy(rule: Rule, policies: Collection[str] | None) -> Iterator[Finding]:
    if not rule.policy:
        yield finding("R311", rule.where, rule=rule.id)
    elif policies is not None and rule.policy not in policies:
        close = get_close_matches(rule.policy, policies, n=1, cutoff=0.5)
        params = {"policy": rule.policy, "close": "".join(close)}
        message = Message("rules.r310.close" if close else "rules.r310", params)
        yield finding("R310", rule.where, message=message, rule=rule.id)


def _logic(rule: Rule) -> Iterator[Finding]:
    if _holds_of_nothing(rule.match):
        excludes = any(isinstance(part, Not) for part in walk(rule.match))
        message = Message("rules.r312" if excludes else "rules.r312.columns")
        yield finding("R312", rule.match.where, message=message, rule=rule.id)
    for part in walk(rule.match):
        if isinstance(part, AllOf) and (both := _contradiction(part)) is not None:
            said = condition_text(both)
            yield finding("R313", part.where, rule=rule.id, part=said)


def _holds_of_nothing(condition: Condition) -> bool:
    """Tell whether a condition can hold for an ad that has none of its words."""
    if isinstance(condition, Not):
        return not _holds_of_nothing(condition.part) or _asks_columns_only(condition.part)
    if isinstance(condition, AnyOf):
        return any(_holds_of_nothing(part) for part in condition.parts)
    if isinstance(condition, AllOf):
        return all(_holds_of_nothing(part) for part in condition.parts)
    if isinstance(condition, InFields):
        return _holds_of_nothing(condition.part)
    return isinstance(condition, Column)


def _asks_columns_only(condition: Condition) -> bool:
    leaves = [part for part in walk(condition) if isinstance(part, Term | Regex | Column)]
    return all(isinstance(part, Column) for part in leaves)


def _contradiction(condition: AllOf) -> Condition | None:
    """Find a part that is wanted and excluded."""
    excluded: set[Condition] = set()
    for part in condition.parts:
        if isinstance(part, Not):
            inner = part.part
            excluded |= {_normal(one) for one in (inner, *_choices(inner))}
    wanted = (part for part in condition.parts if not isinstance(part, Not))
    return next((part for part in wanted if _normal(part) in excluded), None)


def _choices(condition: Condition) -> tuple[Condition, ...]:
    return condition.parts if isinstance(condition, AnyOf) else ()


def _normal(condition: Condition) -> Condition:
    """Give a condition as it is matched: terms folded, parts in one order, no place."""
    if isinstance(condition, Term):
        return replace(condition, text=plain_text(condition.text), where=NOWHERE)
    if isinstance(condition, AnyOf | AllOf):
        parts = sorted({_normal(part) for part in condition.parts}, key=repr)
        return parts[0] if len(parts) == 1 else type(condition)(tuple(parts))
    if isinstance(condition, Near):
        return replace(condition, parts=tuple(_normal(part) for part in condition.parts))
    if isinstance(condition, Not | Count | InFields):
        return replace(condition, part=_normal(condition.part))
    return condition


def beside_findings(packs: Sequence[Pack]) -> Iterator[Finding]:
    """Look at all rules beside one another.

    Parameters
    ----------
    packs : sequence of Pack
        All packs that are judged.

    Yields
    ------
    Finding
        R010 for ids used by several packs, R301 and R302 for rules that are alike.
    """
    rules = [rule for pack in packs for rule in pack.rules]
    ids: dict[str, Rule] = {}
    for rule in rules:
        first = ids.setdefault(rule.id, rule)
        if first is not rule and first.where.path != rule.where.path:
            other = str(first.where)
            yield finding("R010", rule.where, rule=rule.id, id=rule.id, other=other)
    same = yield from _same(rules)
    yield from _alike([rule for rule in rules if id(rule) not in same])


def _same(rules: Sequence[Rule]) -> Generator[Finding, None, set[int]]:
    first: dict[object, Rule] = {}
    twice: set[int] = set()
    for rule in rules:
        # "any" and "all" of a market and of all markets are not the same rule
        scope = (rule.fields, rule.markets, rule.languages, rule.across_fields, rule.evasion)
        stages = (rule.unless, frozenset(_normal(term) for term in rule.allow))
        other = first.setdefault((_normal(rule.match), scope, stages), rule)
        if other is not rule:
            twice.add(id(rule))
            yield finding("R301", rule.where, rule=rule.id, other=_named(other))
    return twice


def _named(rule: Rule) -> str:
    return f"{rule.id} ({rule.where})"


def _alike(rules: Sequence[Rule]) -> Iterator[Finding]:
    """Compare rules by the words they share, each with those it shares a rare word with."""
    words = [_words(rule) for rule in rules]
    users: dict[Condition, list[int]] = defaultdict(list)
    for number, own in enumerate(words):
        for word in own:
            users[word].append(number)
    for number, own in enumerate(words):
        shared = Counter(
            other
            for word in own
            if len(users[word]) <= _EVERYWHERE
            for other in users[word]
            if other < number
        )
        for other, count in shared.items():
            share = count / len(own | words[other])
            if count >= _FEWEST_SHARED and share >= _ALIKE and _meet(rules[number], rules[other]):
                yield finding(
                    "R302", rules[number].where, rule=rules[number].id, share=share,
                    other=_named(rules[other]),
                )  # fmt: skip


def _words(rule: Rule) -> frozenset[Condition]:
    return frozenset(_normal(_bare(atom)) for atom in atoms(rule.match))


def _bare(atom: Atom) -> Atom:
    return Term(atom.text) if isinstance(atom, Term) else Regex(atom.pattern)


def _meet(one: Rule, two: Rule) -> bool:
    """Tell whether two rules can see the same ad."""
    pairs = ((one.markets, two.markets), (one.languages, two.languages), (one.fields, two.fields))
    return all(not left or not right or set(left) & set(right) for left, right in pairs)
