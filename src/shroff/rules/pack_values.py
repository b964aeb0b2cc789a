"""Values of a pack: texts, numbers, dates, choices; each fault is noted and reading goes on."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from enum import StrEnum
from typing import TypeVar

from shroff.domain.findings import Edit, Finding
from shroff.domain.messages import Message
from shroff.domain.places import Where
from shroff.rules.clauses import Value
from shroff.rules.finding_catalogue import finding
from shroff.rules.rule import Bilingual
from shroff.rules.yaml_nodes import Items, Mapping, Scalar, YamlNode

__all__ = ["Keys", "Notes", "choice", "column_value", "flag", "names", "number", "text", "texts"]

Chosen = TypeVar("Chosen", bound=StrEnum)

_ID = re.compile(r"[\w][\w.\-]{0,99}\Z")
_INTEGER = re.compile(r"[-+]?\d{1,15}\Z")
_NUMBER = re.compile(r"[-+]?(\d{1,15}\.\d{1,15}|\d{1,15})\Z")
_YES = frozenset({"on", "yes", "true"})
_NO = frozenset({"off", "no", "false"})


@dataclass(slots=True)
class Notes:
    """What was found wrong so far, and the file it is in."""

    lines: list[str]
    found: list[Finding] = field(default_factory=list[Finding])
    rule: str = ""

    def add(
        self,
        code: str,
        where: Where,
        *,
        message: Message | None = None,
        fix: Iterable[Edit] = (),
        **params: str | int | float | None,
    ) -> None:
        """Note a fault."""
        self.found.append(
            finding(code, where, message=message, rule=self.rule, fix=tuple(fix), **params)
        )

    def wrong(self, where: Where, *, wanted: str, key: str) -> None:
        """Note a value of the wrong kind."""
        self.add("R004", where, message=Message(f"rules.r004.{wanted}", {"key": key}))

    def impossible(self, scalar: Scalar, *, key: str, choices: Collection[str]) -> None:
        """Note a value that is not one of those possible."""
        close = get_close_matches(scalar.text, choices, n=1)
        params = {"value": scalar.text, "key": key}
        if close:
            fix = [Edit(scalar.where, close[0])]
            message = Message("rules.r006.close", {**params, "close": close[0]})
            self.add("R006", scalar.where, message=message, fix=fix)
        else:
            message = Message("rules.r006", {**params, "choices": ", ".join(choices)})
            self.add("R006", scalar.where, message=message)


class Keys:
    """A mapping whose keys are asked for one by one.

    Parameters
    ----------
    node : Mapping
        The mapping.
    known : collection of str
        Keys that may stand there.
    notes : Notes
        Where faults go.
    """

    def __init__(self, node: Mapping, known: Collection[str], *, notes: Notes) -> None:
        self.where = node.where
        self.notes = notes
        self.found: dict[str, tuple[Scalar, YamlNode]] = {}
        for key, value in node.entries:
            self._take(key, value, known)

    def _take(self, key: Scalar, value: YamlNode, known: Collection[str]) -> None:
        if first := self.found.get(key.text):
            self.notes.add("R003", key.where, key=key.text, line=first[0].where.line)
        elif key.text not in known:
            self._unknown(key, known)
        else:
            self.found[key.text] = (key, value)

    def _unknown(self, key: Scalar, known: Collection[str]) -> None:
        free = [name for name in known if name not in self.found]
        close = get_close_matches(key.text.lower(), free, n=1, cutoff=0.7)
        if not close:
            self.notes.add("R002", key.where, key=key.text)
            return
        message = Message("rules.r002.close", {"key": key.text, "close": close[0]})
        self.notes.add("R002", key.where, message=message, fix=[Edit(key.where, close[0])])

    def __contains__(self, key: str) -> bool:
        return key in self.found

    def get(self, key: str) -> YamlNode | None:
        """Give the value of a key, None if it is not there."""
        return self.found[key][1] if key in self.found else None

    def place(self, key: str) -> Where:
        """Give the place of a key, or of the mapping where it is missing."""
        return self.found[key][0].where if key in self.found else _start(self.where)

    def need(self, key: str) -> YamlNode | None:
        """Give the value of a key that must be there."""
        if key not in self.found:
            self.notes.add("R005", _start(self.where), key=key)
        return self.get(key)

    def text(self, key: str, default: str = "") -> str:
        """Give a text."""
        node = self.get(key)
        return default if node is None else text(node, key=key, notes=self.notes) or default

    def texts(self, key: str) -> tuple[str, ...] | None:
        """Give a list of texts; one text stands for a list of it."""
        node = self.get(key)
        return None if node is None else texts(node, key=key, notes=self.notes)

    def number(self, key: str, default: int, *, low: int, high: int) -> int:
        """Give a whole number."""
        node = self.get(key)
        if node is None:
            return default
        found = number(node, key=key, low=low, high=high, notes=self.notes)
        return default if found is None else found

    def flag(self, key: str, default: bool | None) -> bool | None:  # noqa: FBT001 - a value
        """Give on or off."""
        node = self.get(key)
        return default if node is None else flag(node, key=key, notes=self.notes)

    def choice(self, key: str, default: Chosen) -> Chosen:
        """Give one of an enum."""
        node = self.get(key)
        return default if node is None else choice(node, default, key=key, notes=self.notes)

    def date(self, key: str) -> date | None:
        """Give a date."""
        node = self.get(key)
        if node is None:
            return None
        try:
            return date.fromisoformat(node.text if isinstance(node, Scalar) else "")
        except ValueError:
            self.notes.wrong(node.where, wanted="date", key=key)
            return None

    def bilingual(self, key: str) -> Bilingual:
        """Give a text in both languages; one text stands for both."""
        node = self.get(key)
        if isinstance(node, Mapping):
            both = Keys(node, ("en", "zh"), notes=self.notes)
            return Bilingual(both.text("en"), both.text("zh"))
        said = "" if node is None else text(node, key=key, notes=self.notes)
        return Bilingual(said, said)

    def name(self, key: str) -> str:
        """Give a name that must be there, made of letters, digits and ``. - _``."""
        node = self.need(key)
        if node is None:
            return ""
        said = text(node, key=key, notes=self.notes)
        if said and not _ID.match(said):
            message = Message("rules.r006.id", {"value": said})
            self.notes.add("R006", node.where, message=message)
        return said


def _start(where: Where) -> Where:
    return Where(where.path, where.line, where.column, where.line, where.column + 1)


def text(node: YamlNode, *, key: str, notes: Notes) -> str:
    """Read a text that is not empty."""
    if isinstance(node, Scalar) and node.text:
        return node.text
    notes.wrong(node.where, wanted="text", key=key)
    return ""


def texts(node: YamlNode, *, key: str, notes: Notes) -> tuple[str, ...]:
    """Read a list of texts."""
    if isinstance(node, Scalar):
        return (text(node, key=key, notes=notes),)
    if isinstance(node, Mapping):
        notes.wrong(node.where, wanted="texts", key=key)
        return ()
    found = (text(item, key=key, notes=notes) for item in node.items)
    return tuple(dict.fromkeys(said for said in found if said))


def names(node: YamlNode, *, key: str, notes: Notes) -> Items | None:
    """Read a list of anything."""
    if isinstance(node, Items):
        return node
    notes.wrong(node.where, wanted="list", key=key)
    return None


def number(node: YamlNode, *, key: str, low: int, high: int, notes: Notes) -> int | None:
    """Read a whole number from ``low`` to ``high``."""
    if not isinstance(node, Scalar) or not _INTEGER.match(node.text):
        notes.wrong(node.where, wanted="number", key=key)
        return None
    value = int(node.text)
    if low <= value <= high:
        return value
    message = Message("rules.r006.range", {"key": key, "low": low, "high": high})
    notes.add("R006", node.where, message=message)
    return None


def flag(node: YamlNode, *, key: str, notes: Notes) -> bool | None:
    """Read on or off."""
    said = node.text.lower() if isinstance(node, Scalar) else ""
    if said in _YES or said in _NO:
        return said in _YES
    notes.wrong(node.where, wanted="flag", key=key)
    return None


def choice(node: YamlNode, default: Chosen, *, key: str, notes: Notes) -> Chosen:
    """Read one of the values of an enum."""
    kind = type(default)
    values = [str(value) for value in kind]
    if not isinstance(node, Scalar):
        notes.wrong(node.where, wanted="text", key=key)
        return default
    if node.text not in values:
        notes.impossible(node, key=key, choices=values)
        return default
    return kind(node.text)


def column_value(node: YamlNode, *, notes: Notes) -> Value | None:
    """Read a value of a column: quoted it is a text, else a number, a flag or a text."""
    if not isinstance(node, Scalar) or not (node.text or node.style):
        notes.wrong(node.where, wanted="value", key="")
        return None
    if not node.style and node.text in {"true", "false"}:
        return node.text == "true"
    if not node.style and _NUMBER.match(node.text):
        return int(node.text) if _INTEGER.match(node.text) else float(node.text)
    return node.text
