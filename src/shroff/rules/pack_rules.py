"""One rule of a pack: its scope, its action, its condition and its examples."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from shroff.domain.messages import Message
from shroff.rules.clauses import Condition, Value, Word
from shroff.rules.pack_conditions import Reading, evasion
from shroff.rules.pack_values import Keys, Notes, column_value, names
from shroff.rules.rule import FIELDS, Example, Rule, Span
from shroff.rules.yaml_nodes import Items, Mapping, Scalar, YamlNode

__all__ = ["RULE_DEFAULTS", "RULE_KEYS", "PackDefaults", "read_defaults", "read_rule"]

RULE_DEFAULTS = (
    "policy", "severity", "action", "markets", "languages", "fields", "across_fields", "word",
    "evasion", "owner", "expires", "legal", "offensive",
)  # fmt: skip
"""Keys that a pack can set for all its rules."""

RULE_KEYS = ("id", "version", "name", *RULE_DEFAULTS, "match", "allow", "unless", "examples")
_EXAMPLE_KEYS = ("text", "columns", "span", "spans", "note")
_MOST_VERSION = 1_000_000_000


@dataclass(frozen=True, slots=True)
class PackDefaults:
    """What holds for the rules of a pack.

    Parameters
    ----------
    rule : Rule
        A rule with the defaults.
    word : Word
        Whether terms stand alone.
    """

    rule: Rule
    word: Word = Word.AUTO


def read_defaults(keys: Keys, today: PackDefaults) -> PackDefaults:
    """Read what a pack or a rule says about scope and action.

    Parameters
    ----------
    keys : Keys
        Of ``defaults`` or of a rule.
    today : PackDefaults
        What holds without it.

    Returns
    -------
    PackDefaults
        What holds with it.
    """
    rule = today.rule
    node = keys.get("evasion")
    across = keys.flag("across_fields", rule.across_fields)
    offensive = keys.flag("offensive", rule.offensive)
    told = replace(
        rule,
        policy=keys.text("policy", rule.policy),
        severity=keys.number("severity", rule.severity, low=1, high=5),
        action=keys.choice("action", rule.action),
        markets=_codes(keys, "markets", rule.markets, upper=True),
        languages=_codes(keys, "languages", rule.languages, upper=False),
        fields=keys.texts("fields") or rule.fields,
        across_fields=rule.across_fields if across is None else across,
        evasion=rule.evasion if node is None else evasion(node, rule.evasion, notes=keys.notes),
        owner=keys.text("owner", rule.owner),
        expires=keys.date("expires") or rule.expires,
        legal=keys.text("legal", rule.legal),
        offensive=rule.offensive if offensive is None else offensive,
    )
    return PackDefaults(told, keys.choice("word", today.word))


def _codes(keys: Keys, key: str, today: tuple[str, ...], *, upper: bool) -> tuple[str, ...]:
    """Read codes of markets or languages; their case does not matter."""
    found = keys.texts(key)
    if found is None:
        return today
    return tuple(code.upper() if upper else code.lower() for code in found)


def read_rule(node: Mapping, defaults: PackDefaults, *, reading: Reading) -> Rule | None:
    """Read a rule.

    Parameters
    ----------
    node : Mapping
        The rule.
    defaults : PackDefaults
        Of its pack.
    reading : Reading
        Notes and lists.

    Returns
    -------
    Rule or None
        None if it has no condition that can be read.
    """
    notes = reading.notes
    notes.rule = _id_of(node)
    keys = Keys(node, RULE_KEYS, notes=notes)
    told = read_defaults(keys, defaults)
    here = replace(reading, evasion=told.rule.evasion, word=told.word)
    wanted = keys.need("match")
    match = None if wanted is None else here.condition(wanted)
    rule = _whole(keys, told.rule, match, reading=here)
    notes.rule = ""
    return rule


def _whole(keys: Keys, told: Rule, match: Condition | None, *, reading: Reading) -> Rule | None:
    """Read all of a rule, so that its faults are told even where its condition has some."""
    allow, unless = keys.get("allow"), keys.get("unless")
    must, must_not = _examples(keys, told.fields)
    rule = replace(
        told,
        id=keys.name("id"),
        version=keys.number("version", told.version, low=1, high=_MOST_VERSION),
        name=keys.bilingual("name"),
        allow=() if allow is None else reading.allowed(allow),
        unless=None if unless is None else reading.unless(unless),
        must_match=must,
        must_not_match=must_not,
        where=keys.found["id"][1].where if "id" in keys else keys.place(""),
    )
    return None if match is None or not rule.id else replace(rule, match=match)


def _id_of(node: Mapping) -> str:
    said = [value.text for key, value in node.entries if key.text == "id"
            and isinstance(value, Scalar)]  # fmt: skip
    return said[0] if said else ""


def _examples(
    keys: Keys, fields: Sequence[str]
) -> tuple[tuple[Example, ...], tuple[Example, ...]]:
    node = keys.get("examples")
    if node is None:
        return (), ()
    if not isinstance(node, Mapping):
        keys.notes.wrong(node.where, wanted="mapping", key="examples")
        return (), ()
    both = Keys(node, ("match", "no_match"), notes=keys.notes)
    return _listed(both, "match", fields), _listed(both, "no_match", fields)


def _listed(keys: Keys, key: str, fields: Sequence[str]) -> tuple[Example, ...]:
    node = keys.get(key)
    items = None if node is None else names(node, key=key, notes=keys.notes)
    found = [_example(item, fields, notes=keys.notes) for item in (items.items if items else ())]
    return tuple(example for example in found if example is not None)


def _example(node: YamlNode, fields: Sequence[str], *, notes: Notes) -> Example | None:
    if isinstance(node, Scalar):
        return Example(((fields[0], node.text),), where=node.where)
    if isinstance(node, Items):
        notes.wrong(node.where, wanted="text", key="examples")
        return None
    known = dict.fromkeys([*_EXAMPLE_KEYS, *fields, *FIELDS])
    keys = Keys(node, known, notes=notes)
    named = [(fields[0] if name == "text" else name, keys.text(name))
             for name in keys.found if name == "text" or name not in _EXAMPLE_KEYS]  # fmt: skip
    if not named:
        notes.add("R005", node.where, key="text")
        return None
    written = tuple(named)
    columns = _columns(keys, notes=notes)
    return Example(written, columns, _spans(keys, written), keys.text("note"), node.where)


def _columns(keys: Keys, *, notes: Notes) -> tuple[tuple[str, Value], ...]:
    node = keys.get("columns")
    if node is None:
        return ()
    if not isinstance(node, Mapping):
        notes.wrong(node.where, wanted="mapping", key="columns")
        return ()
    values = [(key.text, column_value(value, notes=notes)) for key, value in node.entries]
    return tuple((name, value) for name, value in values if value is not None)


def _spans(keys: Keys, written: tuple[tuple[str, str], ...]) -> tuple[Span, ...]:
    """Read ``span: [0, 3]``, ``spans: [[0, 3], ...]`` or ``spans: {title: [[0, 3]]}``."""
    notes, first = keys.notes, written[0][0]
    found: list[Span | None] = []
    if one := keys.get("span"):
        found.append(_span(one, first, dict(written), notes=notes))
    several = keys.get("spans")
    if isinstance(several, Mapping):
        known = Keys(several, [name for name, _ in written], notes=notes)
        for name, (_, value) in known.found.items():
            found += _span_list(value, name, dict(written), notes=notes)
    elif several is not None:
        found += _span_list(several, first, dict(written), notes=notes)
    return tuple(span for span in found if span is not None)


def _span_list(
    node: YamlNode, name: str, written: dict[str, str], *, notes: Notes
) -> list[Span | None]:
    items = names(node, key="spans", notes=notes)
    return [_span(item, name, written, notes=notes) for item in (items.items if items else ())]


def _span(node: YamlNode, name: str, written: dict[str, str], *, notes: Notes) -> Span | None:
    ends = [item.text for item in node.items if isinstance(item, Scalar)] if isinstance(
        node, Items) else []  # fmt: skip
    if len(ends) != 2 or not all(end.isdecimal() and len(end) < 10 for end in ends):
        notes.wrong(node.where, wanted="span", key="span")
        return None
    start, end = int(ends[0]), int(ends[1])
    length = len(written.get(name, ""))
    if not start < end <= length:
        params = {"start": start, "end": end, "length": length}
        notes.add("R006", node.where, message=Message("rules.r006.span", params))
        return None
    return Span(name, start, end)
