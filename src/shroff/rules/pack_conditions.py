"""Conditions of a pack: what stands under ``match``, ``allow`` and ``unless``."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import TypeAlias

from shroff.domain.findings import Edit
from shroff.domain.messages import Message
from shroff.domain.places import Where
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
    Unless,
    Value,
    Word,
    parts_of,
)
from shroff.rules.pack_values import (
    Keys,
    Notes,
    column_value,
    flag,
    number,
    text,
    texts,
)
from shroff.rules.regex_faults import RegexFault
from shroff.rules.syntax import inspect_regex
from shroff.rules.yaml_nodes import Items, Mapping, Scalar, YamlNode, inside_scalar
from shroff.text.evasion import DEFAULT, KINDS, Evasion, evasion_of

__all__ = ["HEADS", "LONGEST_TERM", "ListReader", "Reading", "evasion", "fits_near"]

LONGEST_TERM = 200
_FARTHEST = 10_000
_LIST = re.compile(r"\$([^\W\d][\w.\-]*)\Z")
_TESTS = tuple(str(test) for test in ColumnTest)
HEADS: dict[str, tuple[str, ...]] = {
    "term": ("word", "evasion"),
    "regex": ("evasion",),
    "any": (),
    "all": (),
    "not": (),
    "near": ("within", "words", "ordered"),
    "count": ("at_least",),
    "fields": ("match",),
    "column": (*_TESTS, "missing"),
}
"""What a condition can be, each with the keys that go with it."""

_BESIDE = frozenset({"any", "all", "not"})
ListReader: TypeAlias = Callable[[str, "Reading"], tuple[Atom, ...] | None]


@dataclass(frozen=True, slots=True)
class Reading:
    """What holds for the conditions that are read.

    Parameters
    ----------
    notes : Notes
        Where faults go.
    lists : callable
        Gives the atoms of a list; None if there is no such list.
    list_names : tuple of str
        Lists there are.
    evasion : Evasion
        Switches of the rule.
    word : Word
        Whether its terms stand alone.
    """

    notes: Notes
    lists: ListReader
    list_names: tuple[str, ...] = ()
    evasion: Evasion = DEFAULT
    word: Word = Word.AUTO
    _readers: dict[str, Callable[[Keys], Condition | None]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Tie each kind of condition to what reads it."""
        readers = {
            "term": self._term, "regex": self._regex, "any": self._any, "all": self._all,
            "not": self._not, "near": self._near, "count": self._count, "fields": self._fields,
            "column": self._column,
        }  # fmt: skip
        object.__setattr__(self, "_readers", readers)

    def condition(self, node: YamlNode) -> Condition | None:
        """Read a condition; None where it cannot be told."""
        if isinstance(node, Scalar):
            return self.scalar(node)
        if isinstance(node, Items):
            parts = self.parts(node, key="any")
            return AnyOf(parts, where=node.where) if parts else None
        return self._mapping(node)

    def scalar(self, node: Scalar) -> Condition | None:
        """Read a term or the name of a list."""
        found = _LIST.match(node.text)
        if found and node.style in {"", "'", '"'}:
            return self._list(found[1], node.where)
        return self.term(node, word=self.word, switches=self.evasion)

    def _list(self, name: str, where: Where) -> Condition | None:
        atoms = self.lists(name, self)
        if atoms is not None:
            return AnyOf(atoms, name=name, where=where) if atoms else None
        close = get_close_matches(name, self.list_names, n=1)
        params = {"name": name, "close": "".join(close)}
        message = Message("rules.r009.close" if close else "rules.r009", params)
        self.notes.add("R009", where, message=message)
        return None

    def term(self, node: Scalar, *, word: Word, switches: Evasion) -> Term | None:
        """Read a word or phrase."""
        if not node.text.strip():
            self.notes.add("R011", node.where)
            return None
        if len(node.text) > LONGEST_TERM:
            message = Message("rules.r008.term", {"most": LONGEST_TERM})
            self.notes.add("R008", node.where, message=message)
            return None
        return Term(node.text, word, switches, node.where)

    def _mapping(self, node: Mapping) -> Condition | None:
        heads = [key for key, _ in node.entries if key.text in HEADS]
        several = len(heads) > 1 and not {key.text for key in heads} <= _BESIDE
        allowed = [*HEADS, *(extra for key in heads for extra in HEADS[key.text])]
        keys = Keys(node, allowed, notes=self.notes)
        if not heads:
            message = Message("rules.r012.none", {"choices": ", ".join(HEADS)})
            self.notes.add("R012", keys.place(""), message=message)
            return None
        if several:
            params = {"first": heads[0].text, "second": heads[1].text}
            message = Message("rules.r012.several", params)
            self.notes.add("R012", heads[1].where, message=message)
        parts = [self._readers[head.text](keys) for head in dict.fromkeys(heads)]
        if several or len(parts) == 1:
            return None if several else parts[0]
        kept = tuple(part for part in parts if part is not None)
        return AllOf(kept, where=node.where) if len(kept) == len(parts) else None

    def parts(self, node: YamlNode, *, key: str) -> tuple[Condition, ...]:
        """Read the parts of a condition; a single one stands for a list of one."""
        items = node.items if isinstance(node, Items) else (node,)
        if not items:
            self.notes.add("R012", node.where, message=Message("rules.r012.empty", {"key": key}))
        found = [self.condition(item) for item in items]
        return tuple(part for part in found if part is not None)

    def _switches(self, keys: Keys) -> Evasion:
        node = keys.get("evasion")
        return self.evasion if node is None else evasion(node, self.evasion, notes=self.notes)

    def _term(self, keys: Keys) -> Condition | None:
        node = keys.get("term")
        word, switches = keys.choice("word", self.word), self._switches(keys)
        if isinstance(node, Scalar):
            return self.term(node, word=word, switches=switches)
        self.notes.wrong(keys.place("term"), wanted="text", key="term")
        return None

    def _regex(self, keys: Keys) -> Condition | None:
        node, switches = keys.get("regex"), self._switches(keys)
        if not isinstance(node, Scalar) or not node.text:
            self.notes.wrong(keys.place("regex"), wanted="text", key="regex")
            return None
        faults = inspect_regex(node.text)[1]
        if faults and any(fault.fix is None for fault in faults):
            faults = _fixed_whole(faults, node.text)
        for fault in faults:
            self._regex_fault(fault, node)
        place = inside_scalar(node, 0, end=len(node.text), lines=self.notes.lines)
        return Regex(node.text, switches, place)

    def _regex_fault(self, fault: RegexFault, node: Scalar) -> None:
        start, end = fault.place
        where = inside_scalar(node, start, end=max(end, start), lines=self.notes.lines)
        fix: list[Edit] = []
        if fault.fix is not None and where != node.where:
            stretch = inside_scalar(node, 0, end=len(node.text), lines=self.notes.lines)
            fix = [Edit(stretch if fault.whole else where, _quoted(fault.fix, node.style))]
        self.notes.add("R101", where, message=fault.message(), fix=fix)

    def _any(self, keys: Keys) -> Condition | None:
        parts = self.parts(keys.found["any"][1], key="any")
        return AnyOf(parts, where=keys.where) if parts else None

    def _all(self, keys: Keys) -> Condition | None:
        parts = self.parts(keys.found["all"][1], key="all")
        return AllOf(parts, where=keys.where) if parts else None

    def _not(self, keys: Keys) -> Condition | None:
        part = self.condition(keys.found["not"][1])
        return None if part is None else Not(part, keys.where)

    def _near(self, keys: Keys) -> Condition | None:
        parts = self.parts(keys.found["near"][1], key="near")
        if ("within" in keys) == ("words" in keys):
            self.notes.add("R012", keys.place("near"), message=Message("rules.r012.within"))
        unit = Unit.WORDS if "words" in keys else Unit.CHARACTERS
        key = "words" if unit is Unit.WORDS else "within"
        within = keys.number(key, 20, low=0, high=_FARTHEST)
        ordered = keys.flag("ordered", default=False) or False
        if len(parts) < 2 or not all(fits_near(part) for part in parts):
            self.notes.add("R012", keys.place("near"), message=Message("rules.r012.near"))
            return None
        return Near(parts, within, unit, ordered, keys.where)

    def _count(self, keys: Keys) -> Condition | None:
        part = self.condition(keys.found["count"][1])
        if keys.need("at_least") is None or part is None:
            return None
        if not fits_near(part):
            self.notes.add("R012", keys.place("count"), message=Message("rules.r012.count"))
            return None
        return Count(part, keys.number("at_least", 1, low=1, high=_FARTHEST), keys.where)

    def _fields(self, keys: Keys) -> Condition | None:
        fields = texts(keys.found["fields"][1], key="fields", notes=self.notes)
        node = keys.need("match")
        part = None if node is None else self.condition(node)
        return None if part is None or not fields else InFields(part, fields, keys.where)

    def _column(self, keys: Keys) -> Condition | None:
        name = text(keys.found["column"][1], key="column", notes=self.notes)
        tests = [test for test in ColumnTest if str(test) in keys]
        if len(tests) != 1:
            message = Message("rules.r012.test", {"choices": ", ".join(_TESTS)})
            self.notes.add("R012", keys.place("column"), message=message)
            return None
        values = self._values(keys.found[str(tests[0])][1], several=_several(tests[0]))
        missing = keys.flag("missing", default=None)
        if not values or not name:
            return None
        return Column(name, tests[0], values, missing, keys.where)

    def _values(self, node: YamlNode, *, several: bool) -> tuple[Value, ...]:
        if isinstance(node, Items) and several:
            values = [column_value(item, notes=self.notes) for item in node.items]
        else:
            values = [column_value(node, notes=self.notes)]
        return tuple(value for value in values if value is not None)

    def unless(self, node: YamlNode) -> Unless | None:
        """Read the second stage: a condition, or ``match`` with ``within`` or ``words``."""
        named = {key.text for key, _ in node.entries} if isinstance(node, Mapping) else set[str]()
        if not isinstance(node, Mapping) or "match" not in named or "fields" in named:
            part = self.condition(node)
            return None if part is None else Unless(part, where=node.where)
        keys = Keys(node, ("match", "within", "words"), notes=self.notes)
        part = self.condition(keys.found["match"][1])
        key = "words" if "words" in keys else "within"
        unit = Unit.WORDS if "words" in keys else Unit.CHARACTERS
        near = keys.get(key)
        within = None
        if near is not None:
            within = number(near, key=key, low=0, high=_FARTHEST, notes=self.notes)
        return None if part is None else Unless(part, within, unit, node.where)

    def allowed(self, node: YamlNode) -> tuple[Term, ...]:
        """Read the phrases that win."""
        items = node.items if isinstance(node, Items) else (node,)
        found: list[Term] = []
        for item in items:
            part = self.condition(item)
            atoms = parts_of(part) if isinstance(part, AnyOf) and part.name else (part,)
            for atom in atoms:
                if isinstance(atom, Term):
                    found.append(atom)
                elif atom is not None:
                    self.notes.wrong(item.where, wanted="texts", key="allow")
                    break
        return tuple(found)


def _fixed_whole(faults: tuple[RegexFault, ...], pattern: str) -> tuple[RegexFault, ...]:
    """Let the first fault put the whole pattern right, where that can be done; else as they are."""
    from shroff.rules.regex_convert import convert  # noqa: PLC0415 - only after a fault

    found = convert(pattern)
    if found.left or found.wider:
        return faults
    whole = replace(faults[0], fix=found.pattern, whole=True)
    return (whole, *(replace(fault, fix=None) for fault in faults[1:]))


def _several(test: ColumnTest) -> bool:
    return test in {ColumnTest.IS_IN, ColumnTest.NOT_IN}


def _quoted(new: str, style: str) -> str:
    """Write a stretch of a value as it must stand inside its quotes."""
    if style == "'":
        return new.replace("'", "''")
    return new.replace("\\", "\\\\").replace('"', '\\"') if style == '"' else new


def fits_near(part: Condition) -> bool:
    """Tell whether `near` and `count` can take a part: words, patterns, or any of them."""
    if isinstance(part, AnyOf):
        return all(fits_near(inner) for inner in part.parts)
    return isinstance(part, Term | Regex)


def evasion(node: YamlNode, today: Evasion, *, notes: Notes) -> Evasion:
    """Read the switches of evasion.

    Parameters
    ----------
    node : YamlNode
        ``none``, ``all``, ``default``, a list of kinds (these only), or kinds with on and off
        (changes).
    today : Evasion
        What holds without it.
    notes : Notes
        Where faults go.

    Returns
    -------
    Evasion
        What holds with it.
    """
    whole = {"none": Evasion.NONE, "all": _every(), "default": DEFAULT}
    if isinstance(node, Mapping):
        keys = Keys(node, [kind.id for kind in KINDS], notes=notes)
        for name, (_, value) in keys.found.items():
            on = flag(value, key=name, notes=notes)
            today = today | evasion_of(name) if on else today & ~evasion_of(name)
        return today
    if isinstance(node, Scalar):
        if node.text in whole:
            return whole[node.text]
        notes.impossible(node, key="evasion", choices=list(whole))
        return today
    return _listed(node, notes=notes)


def _listed(node: Items, *, notes: Notes) -> Evasion:
    found = Evasion.NONE
    for item in node.items:
        kind = evasion_of(item.text) if isinstance(item, Scalar) else Evasion.NONE
        if not kind and isinstance(item, Scalar):
            notes.impossible(item, key="evasion", choices=[kind.id for kind in KINDS])
        elif not kind:
            notes.wrong(item.where, wanted="text", key="evasion")
        found |= kind
    return found


def _every() -> Evasion:
    found = Evasion.NONE
    for kind in KINDS:
        found |= kind.flag
    return found
