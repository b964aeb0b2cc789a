"""A YAML file as plain nodes with exact places; what a pack has no use for is refused.

Values stay texts until somebody asks for a number or a date, so that ``NO`` is a market and
``on`` a word. Anchors, aliases, tags and several documents in one file are faults: nothing in a
file can grow when it is read.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from shroff.domain.findings import Finding
from shroff.domain.messages import Message
from shroff.domain.places import Where
from shroff.rules.finding_catalogue import finding

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

__all__ = ["Items", "Mapping", "Scalar", "YamlNode", "inside_scalar", "read_yaml"]

MOST_CHARACTERS = 50_000_000
_DEEPEST = 40
_ESCAPED = {"x": 2, "u": 4, "U": 8}


@dataclass(frozen=True, slots=True)
class Scalar:
    """A value.

    Parameters
    ----------
    text : str
        Its text.
    style : str
        Empty for a plain one; else its sign: ``'``, ``"``, ``|`` or ``>``.
    where : Where
        Its place, quotes included.
    """

    text: str
    style: str
    where: Where


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    items: tuple[YamlNode, ...]
    where: Where


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys with what they have; a key may stand there twice."""

    entries: tuple[tuple[Scalar, YamlNode], ...]
    where: Where


YamlNode: TypeAlias = Scalar | Items | Mapping


def read_yaml(text: str, *, path: str = "") -> tuple[YamlNode | None, list[Finding]]:
    """Read a YAML file.

    Parameters
    ----------
    text : str
        The file.
    path : str
        Its name, for the places.

    Returns
    -------
    YamlNode or None
        What is in it; None if it is empty or cannot be read.
    list of Finding
        What is wrong with it.
    """
    if len(text) > MOST_CHARACTERS:
        return None, [finding("R008", Where(path, 1, 1, 1, 1), most=MOST_CHARACTERS)]
    import yaml  # noqa: PLC0415 - not for those who never read a pack

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    builder = _Builder(path)
    try:
        builder.document(iter(yaml.parse(text, Loader=loader)))
    except yaml.MarkedYAMLError as fault:
        builder.broken(fault, text)
    except yaml.reader.ReaderError as fault:
        builder.unreadable(fault, text)
    except _TooDeepError:
        pass
    return builder.root, builder.findings


class _TooDeepError(Exception):
    """The nodes stand too deep inside one another."""


@dataclass(slots=True)
class _Builder:
    path: str
    root: YamlNode | None = None
    findings: list[Finding] = field(default_factory=list[Finding])

    def where(self, event: Any) -> Where:  # noqa: ANN401 - PyYAML has no types
        start, end = event.start_mark, event.end_mark
        return Where(self.path, start.line + 1, start.column + 1, end.line + 1, end.column + 1)

    def document(self, events: Iterator[Any]) -> None:
        documents = 0
        for event in events:
            kind = type(event).__name__
            if kind == "DocumentStartEvent":
                documents += 1
                if documents == 2:
                    self.refuse("documents", event)
            elif kind.endswith("StartEvent") or kind in {"ScalarEvent", "AliasEvent"}:
                if kind == "StreamStartEvent":
                    continue
                node = self.node(event, events, depth=1)
                self.root = self.root or node

    def node(self, event: Any, events: Iterator[Any], *, depth: int) -> YamlNode:  # noqa: ANN401
        kind = type(event).__name__
        if depth > _DEEPEST:
            self.findings.append(
                finding(
                    "R008",
                    self.where(event),
                    message=Message("rules.r008.deep", {"most": _DEEPEST}),
                )
            )
            raise _TooDeepError
        self.judge(event, kind)
        if kind == "SequenceStartEvent":
            return self.items(event, events, depth=depth)
        if kind == "MappingStartEvent":
            return self.mapping(event, events, depth=depth)
        text = f"*{event.anchor}" if kind == "AliasEvent" else event.value
        style = "" if kind == "AliasEvent" else event.style or ""
        return Scalar(text, style, self.where(event))

    def judge(self, event: Any, kind: str) -> None:  # noqa: ANN401
        if kind == "AliasEvent":
            self.refuse("alias", event)
        elif event.anchor:
            self.refuse("anchor", event)
        elif event.tag and event.tag != "!":
            self.refuse("tag", event)

    def refuse(self, what: str, event: Any) -> None:  # noqa: ANN401
        self.findings.append(
            finding("R007", self.where(event), message=Message(f"rules.r007.{what}"))
        )

    def items(self, start: Any, events: Iterator[Any], *, depth: int) -> Items:  # noqa: ANN401
        found: list[YamlNode] = []
        for event in events:
            if type(event).__name__ == "SequenceEndEvent":
                return Items(tuple(found), self.spanning(start, event))
            found.append(self.node(event, events, depth=depth + 1))
        return Items(tuple(found), self.where(start))

    def mapping(self, start: Any, events: Iterator[Any], *, depth: int) -> Mapping:  # noqa: ANN401
        entries: list[tuple[Scalar, YamlNode]] = []
        for event in events:
            if type(event).__name__ == "MappingEndEvent":
                return Mapping(tuple(entries), self.spanning(start, event))
            key = self.node(event, events, depth=depth + 1)
            value = self.node(next(events), events, depth=depth + 1)
            if isinstance(key, Scalar):
                entries.append((key, value))
            else:
                self.findings.append(finding("R004", key.where, message=Message("rules.r004.key")))
        return Mapping(tuple(entries), self.where(start))

    def spanning(self, start: Any, end: Any) -> Where:  # noqa: ANN401
        first, last = self.where(start), self.where(end)
        return Where(self.path, first.line, first.column, last.end_line, last.end_column)

    def broken(self, fault: Any, text: str) -> None:  # noqa: ANN401
        mark = fault.problem_mark or fault.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        where = Where(self.path, line, column, line, column + 1)
        tab = "\t" in _line(text, line)[:column]
        problem = " ".join(part for part in (fault.context, fault.problem) if part)
        message = Message("rules.r001.tab" if tab else "rules.r001", {"problem": problem})
        self.findings.append(finding("R001", where, message=message))

    def unreadable(self, fault: Any, text: str) -> None:  # noqa: ANN401
        at = max(0, min(int(fault.position), len(text) - 1))
        before = text[:at]
        line, column = before.count("\n") + 1, at - (before.rfind("\n") + 1) + 1
        sign = text[at] if text else ""
        message = Message("rules.r001.character", {"code": f"U+{ord(sign or ' '):04X}"})
        where = Where(self.path, line, column, line, column + 1)
        self.findings.append(finding("R001", where, message=message))


def _line(text: str, number: int) -> str:
    from shroff.domain.findings import lines_of  # noqa: PLC0415 - only after a fault

    lines = lines_of(text)
    return lines[number - 1] if number <= len(lines) else ""


def inside_scalar(scalar: Scalar, start: int, *, end: int, lines: list[str]) -> Where:
    """Find a stretch of a value's text in the file.

    Parameters
    ----------
    scalar : Scalar
        The value.
    start, end : int
        First character of its text and one past the last.
    lines : list of str
        The file, by line.

    Returns
    -------
    Where
        Its place; the whole value's if it is folded over lines.
    """
    where = scalar.where
    if where.line != where.end_line or scalar.style in {"|", ">"} or where.line > len(lines):
        return where
    written = lines[where.line - 1][where.column - 1 : where.end_column - 1]
    offsets = _offsets(written, scalar.style)
    if len(offsets) != len(scalar.text) + 1:
        return where
    first, last = offsets[min(start, len(scalar.text))], offsets[min(end, len(scalar.text))]
    return Where(
        where.path, where.line, where.column + first, where.line, where.column + max(last, first)
    )


def _offsets(written: str, style: str) -> list[int]:
    """Give the place in the file of each character of a value, and of its end."""
    if style not in {"'", '"'}:
        return list(range(len(written) + 1))
    places: list[int] = []
    at = 1
    while at < len(written) - 1:
        places.append(at)
        at += _step(written, at, style)
    return [*places, len(written) - 1]


def _step(written: str, at: int, style: str) -> int:
    if style == "'":
        return 2 if written[at] == "'" else 1
    if written[at] != "\\":
        return 1
    return 2 + _ESCAPED.get(written[at + 1 : at + 2], 0)
