"""Packs and rules as YAML: what was found or mined becomes a file that people can read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

from shroff.domain.excerpts import columns_of
from shroff.rules.clauses import (
    AllOf,
    AnyOf,
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
    Unless,
    Value,
    Word,
)
from shroff.rules.rule import FIELDS, Bilingual, Example, Pack, Rule, RuleAction, TermList
from shroff.text.evasion import DEFAULT, KINDS, Evasion

__all__ = ["condition_text", "write_pack", "write_rule"]

_Plain: TypeAlias = "_Said | Mapping[str, _Plain] | Sequence[_Plain]"
_WIDEST = 96
_BARE = re.compile(r"[^\W\d_](?:[\w.\-]| (?=[^\W]))*\Z")
_READ_OTHERWISE = frozenset({"yes", "no", "on", "off", "true", "false", "null", "y", "n", "none"})
_LIST = re.compile(r"\$[^\W\d][\w.\-]*\Z")
_HIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
_SHORT = {"\n": "\\n", "\t": "\\t", '"': '\\"', "\\": "\\\\"}


class _Said(str):
    """A value as it stands in the file."""

    __slots__ = ()


def write_pack(pack: Pack) -> str:
    """Write a pack.

    Parameters
    ----------
    pack : Pack
        The pack.

    Returns
    -------
    str
        YAML that reads back as the same pack.
    """
    head: dict[str, _Plain] = {"pack": _text(pack.id), "version": _Said(str(pack.version))}
    head |= _named("owner", pack.owner) | _both("description", pack.description)
    if pack.lists:
        known = {one.id: one for one in pack.lists}
        lists = {one.id: [_atom(part, DEFAULT) for part in one.parts] for one in pack.lists}
        head["lists"] = lists
    else:
        known = {}
    rules = [_Writer(rule, known).rule(pack) for rule in pack.rules]
    return "\n".join([*_block(head), *_rules(rules)]) + "\n"


def write_rule(rule: Rule) -> str:
    """Write a rule as an entry of ``rules``.

    Parameters
    ----------
    rule : Rule
        The rule.

    Returns
    -------
    str
        YAML to be put under ``rules:``; shared lists are written out.
    """
    return "\n".join(_rules([_Writer(rule, {}).rule(None)])[1:]) + "\n"


def condition_text(condition: Condition, *, evasion: Evasion = DEFAULT) -> str:
    """Write a condition on one line, as it stands in a rule that sees through some disguises."""
    return _flow(_Writer(Rule("", condition, evasion=evasion), {}).condition(condition))


class _Writer:
    """Writes one rule.

    Parameters
    ----------
    rule : Rule
        The rule.
    lists : mapping
        Lists of the pack that it may name.
    """

    def __init__(self, rule: Rule, lists: Mapping[str, TermList]) -> None:
        self.told = rule
        self.lists = lists

    def rule(self, pack: Pack | None) -> dict[str, _Plain]:
        """Give the keys of the rule, without those that say what holds anyway."""
        rule = self.told
        version, owner = (pack.version, pack.owner) if pack else (1, "")
        keys: dict[str, _Plain] = {"id": _text(rule.id)}
        if rule.version != version:
            keys["version"] = _Said(str(rule.version))
        keys |= _both("name", rule.name) | _named("policy", rule.policy)
        keys |= _texts("markets", rule.markets) | _texts("languages", rule.languages)
        if rule.action is not RuleAction.REVIEW:
            keys["action"] = _Said(rule.action)
        keys["severity"] = _Said(str(rule.severity))
        keys |= _named("owner", "" if rule.owner == owner else rule.owner)
        if rule.expires:
            keys["expires"] = _Said(rule.expires.isoformat())
        keys |= _named("legal", rule.legal) | self._scope()
        keys["match"] = self.condition(rule.match)
        if rule.allow:
            keys["allow"] = [_atom(term, rule.evasion) for term in rule.allow]
        if rule.unless:
            keys["unless"] = self._unless(rule.unless)
        return keys | self._examples()

    def _scope(self) -> dict[str, _Plain]:
        rule = self.told
        keys: dict[str, _Plain] = {}
        if rule.offensive:
            keys["offensive"] = _Said("on")
        if rule.fields != FIELDS:
            keys["fields"] = [_text(name) for name in rule.fields]
        if not rule.across_fields:
            keys["across_fields"] = _Said("off")
        if rule.evasion != DEFAULT:
            keys["evasion"] = _switches(rule.evasion, DEFAULT)
        return keys

    def _unless(self, unless: Unless) -> _Plain:
        part = self.condition(unless.part)
        if unless.within is None:
            return part
        key = "words" if unless.unit is Unit.WORDS else "within"
        return {"match": part, key: _Said(str(unless.within))}

    def _examples(self) -> dict[str, _Plain]:
        rule = self.told
        both = {"match": rule.must_match, "no_match": rule.must_not_match}
        keys: dict[str, _Plain] = {
            key: [_example(one, rule.fields) for one in given]
            for key, given in both.items()
            if given
        }
        return {"examples": keys} if keys else {}

    def condition(self, part: Condition) -> _Plain:
        """Give a condition."""
        if isinstance(part, Term | Regex):
            return _atom(part, self.told.evasion)
        if isinstance(part, AnyOf) and self._is_list(part):
            return _Said(f"${part.name}")
        if isinstance(part, AnyOf | AllOf):
            key = "any" if isinstance(part, AnyOf) else "all"
            return {key: [self.condition(inner) for inner in part.parts]}
        if isinstance(part, Not):
            return {"not": self.condition(part.part)}
        return self._measured(part)

    def _measured(self, part: Near | Count | InFields | Column) -> _Plain:
        if isinstance(part, Column):
            return _column(part)
        if isinstance(part, Count):
            return {"count": self.condition(part.part), "at_least": _Said(str(part.at_least))}
        if isinstance(part, InFields):
            fields = [_text(name) for name in part.fields]
            return {"fields": fields, "match": self.condition(part.part)}
        key = "words" if part.unit is Unit.WORDS else "within"
        near: dict[str, _Plain] = {
            "near": [self.condition(inner) for inner in part.parts],
            key: _Said(str(part.within)),
        }
        return near | ({"ordered": _Said("on")} if part.ordered else {})

    def _is_list(self, part: AnyOf) -> bool:
        """Tell whether the list of the pack still means these parts."""
        known = self.lists.get(part.name)
        if known is None or len(known.parts) != len(part.parts):
            return False
        return all(
            _atom(mine, self.told.evasion) == _atom(theirs, DEFAULT)
            for mine, theirs in zip(part.parts, known.parts, strict=True)
            if isinstance(mine, Term | Regex)
        )


def _atom(atom: Term | Regex, today: Evasion) -> _Plain:
    switches = {} if atom.evasion == today else {"evasion": _switches(atom.evasion, today)}
    if isinstance(atom, Regex):
        return {"regex": _quoted(atom.pattern), **switches}
    if atom.word is not Word.AUTO or switches or _LIST.match(atom.text):
        word = {} if atom.word is Word.AUTO else {"word": _Said(atom.word)}
        return {"term": _text(atom.text), **word, **switches}
    return _text(atom.text)


def _switches(evasion: Evasion, today: Evasion) -> _Plain:
    if not evasion:
        return _Said("none")
    return {
        kind.id: _Said("on" if kind.flag & evasion else "off")
        for kind in KINDS
        if kind.flag & (evasion ^ today)
    }


def _column(part: Column) -> _Plain:
    values = [_value(value) for value in part.values]
    several = part.test in {ColumnTest.IS_IN, ColumnTest.NOT_IN}
    keys: dict[str, _Plain] = {"column": _text(part.name)}
    keys[str(part.test)] = values if several else values[0]
    if part.missing is not None:
        keys["missing"] = _Said("yes" if part.missing else "no")
    return keys


def _value(value: Value) -> _Said:
    if isinstance(value, bool):
        return _Said("true" if value else "false")
    return _text(value) if isinstance(value, str) else _Said(str(value))


def _example(example: Example, fields: Sequence[str]) -> _Plain:
    single = len(example.texts) == 1 and example.texts[0][0] == fields[0]
    extra = example.columns or example.spans or example.note
    if single and not extra:
        return _text(example.texts[0][1])
    keys: dict[str, _Plain] = {name: _text(text) for name, text in example.texts}
    if single:
        keys = {"text": _text(example.texts[0][1])}
    if example.columns:
        keys["columns"] = {name: _value(value) for name, value in example.columns}
    if example.spans:
        keys |= _spans(example)
    return keys | _named("note", example.note)


def _spans(example: Example) -> dict[str, _Plain]:
    by_field: dict[str, list[_Plain]] = {}
    for span in example.spans:
        ends = [_Said(str(span.start)), _Said(str(span.end))]
        by_field.setdefault(span.field, []).append(ends)
    if len(example.texts) == 1 and len(example.spans) == 1:
        return {"span": by_field[example.spans[0].field][0]}
    return {"spans": by_field}


def _named(key: str, text: str) -> dict[str, _Plain]:
    return {key: _text(text)} if text else {}


def _texts(key: str, texts: Iterable[str]) -> dict[str, _Plain]:
    found = [_text(text) for text in texts]
    return {key: found} if found else {}


def _both(key: str, text: Bilingual) -> dict[str, _Plain]:
    if text.en == text.zh:
        return _named(key, text.en)
    return {key: _named("en", text.en) | _named("zh", text.zh)}


def _text(text: str) -> _Said:
    """Write a text bare where every YAML reader takes it for one, else in quotes."""
    if _BARE.match(text) and text.lower() not in _READ_OTHERWISE:
        return _Said(text)
    return _quoted(text)


def _quoted(text: str) -> _Said:
    if not _HIDDEN.search(text) and all(sign.isprintable() for sign in text):
        return _Said("'" + text.replace("'", "''") + "'")
    return _Said('"' + "".join(_escaped(sign) for sign in text) + '"')


def _escaped(sign: str) -> str:
    if sign in _SHORT:
        return _SHORT[sign]
    if sign == " " or (sign.isprintable() and not _HIDDEN.match(sign)):
        return sign
    return f"\\U{ord(sign):08X}" if ord(sign) > 0xFFFF else f"\\u{ord(sign):04X}"


def _flow(node: _Plain) -> str:
    if isinstance(node, _Said):
        return node
    if isinstance(node, Mapping):
        return (
            "{" + ", ".join(f"{_text(key)}: {_flow(value)}" for key, value in node.items()) + "}"
        )
    return "[" + ", ".join(_flow(value) for value in node) + "]"


def _block(node: Mapping[str, _Plain], indent: str = "") -> list[str]:
    """Write keys on lines; what is short stays on its line."""
    lines: list[str] = []
    for key, value in node.items():
        lines += _entry(f"{indent}{_text(key)}:", value, indent=indent)
    return lines


def _entry(head: str, value: _Plain, *, indent: str) -> list[str]:
    flow = f"{head} {_flow(value)}"
    if isinstance(value, _Said) or columns_of(flow) <= _WIDEST or not value:
        return [flow]
    if isinstance(value, Mapping):
        return [head, *_block(value, indent + "  ")]
    return [head, *(line for item in value for line in _item(item, indent + "  "))]


def _item(item: _Plain, indent: str) -> list[str]:
    flow = f"{indent}- {_flow(item)}"
    if not isinstance(item, Mapping) or columns_of(flow) <= _WIDEST:
        return [flow]
    lines = _block(item, indent + "  ")
    return [f"{indent}- {lines[0].lstrip()}", *lines[1:]]


def _rules(rules: Sequence[Mapping[str, _Plain]]) -> list[str]:
    """Write rules, each key on a line of its own."""
    if not rules:
        return ["rules: []"]
    lines = ["rules:"]
    for rule in rules:
        block = _block(rule, "    ")
        lines += [f"  - {block[0].lstrip()}", *block[1:]]
    return lines
