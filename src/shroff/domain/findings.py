"""What is said about a pack: a code, a place, a sentence in two languages, perhaps a fix."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from shroff.domain.excerpts import underlined
from shroff.domain.messages import Language, Message
from shroff.domain.places import Where

__all__ = ["Code", "Edit", "Finding", "Level", "fixed", "in_order", "lines_of", "rendered"]

_BREAKS = re.compile(r"\r\n|[\n\r\x85\u2028\u2029]")


class Level(StrEnum):
    """How bad it is: an error keeps a pack from being used as it is meant."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Code:
    """One kind of finding.

    Parameters
    ----------
    code : str
        ``R101`` and so on.
    level : Level
        How bad it is.
    title : str
        What it is, in a few words.
    why : str
        What it means for what is judged by the file.
    todo : str
        What to do.
    fixable : bool
        Whether ``--fix`` can put it right, at least sometimes.
    """

    code: str
    level: Level
    title: str
    why: str
    todo: str
    fixable: bool = False


@dataclass(frozen=True, slots=True)
class Edit:
    """A change of the file.

    Parameters
    ----------
    where : Where
        What is replaced.
    text : str
        What stands there then.
    """

    where: Where
    text: str


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to be said about a pack.

    Parameters
    ----------
    code : str
        ``R101`` and so on; each has a section in the reference.
    level : Level
        How bad it is.
    where : Where
        Place in the file.
    message : Message
        The sentence.
    rule : str
        Rule it is about; empty for none.
    fix : tuple of Edit
        Changes that put it right and mean the same.
    params : mapping
        Figures behind the sentence, for programs.
    """

    code: str
    level: Level
    where: Where
    message: Message
    rule: str = ""
    fix: tuple[Edit, ...] = ()
    params: Mapping[str, str | int | float | None] = field(
        default_factory=lambda: MappingProxyType({})
    )

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {
            "code": self.code,
            "level": str(self.level),
            "path": self.where.path,
            "line": self.where.line,
            "column": self.where.column,
            "end_line": self.where.end_line,
            "end_column": self.where.end_column,
            "rule": self.rule,
            "message": self.message.record(),
            "fixable": bool(self.fix),
        }


def lines_of(text: str) -> list[str]:
    """Split a file into lines where YAML sees line breaks."""
    return _BREAKS.split(text)


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Sort findings by place, and drop what is said twice."""
    kept = {(finding.code, finding.where, finding.message.id, finding.rule): finding
            for finding in findings}  # fmt: skip
    return tuple(sorted(kept.values(), key=_place))


def _place(finding: Finding) -> tuple[str, int, int, str]:
    return (finding.where.path, finding.where.line, finding.where.column, finding.code)


def rendered(finding: Finding, lines: Sequence[str], *, language: Language = Language.EN) -> str:
    """Write a finding as a compiler would, with a caret under the place.

    Parameters
    ----------
    finding : Finding
        What is said.
    lines : sequence of str
        The file, by line.
    language : Language
        Language of the sentence.

    Returns
    -------
    str
        One line, and two more where the place is in the file.
    """
    where = finding.where
    head = f"{where}: {finding.level} {finding.code}: {finding.message.text(language)}"
    if not 0 < where.line <= len(lines):
        return head
    line = lines[where.line - 1]
    end = where.end_column - 1 if where.end_line == where.line else len(line)
    shown = underlined(line, start=where.column - 1, end=end, margin="    ")
    return f"{head}\n{shown}"


def fixed(text: str, findings: Iterable[Finding]) -> tuple[str, int]:
    """Apply the fixes of findings to the text of a file.

    Parameters
    ----------
    text : str
        The file.
    findings : iterable of Finding
        About this file.

    Returns
    -------
    text : str
        The file with the fixes; of fixes that overlap the first is applied.
    count : int
        Findings put right.
    """
    starts = _line_starts(text)
    taken: list[tuple[int, int, str]] = []
    count = 0
    for finding in findings:
        edits = [(*_offsets(edit.where, starts), edit.text) for edit in finding.fix]
        if edits and not any(_clash(edit, other) for edit in edits for other in taken):
            taken += edits
            count += 1
    for start, end, new in sorted(taken, reverse=True):
        text = text[:start] + new + text[end:]
    return text, count


def _line_starts(text: str) -> list[int]:
    return [0, *(found.end() for found in _BREAKS.finditer(text))]


def _offsets(where: Where, starts: Sequence[int]) -> tuple[int, int]:
    return (
        starts[where.line - 1] + where.column - 1,
        starts[min(where.end_line - 1, len(starts) - 1)] + where.end_column - 1,
    )


def _clash(one: tuple[int, int, str], other: tuple[int, int, str]) -> bool:
    return (one[0] < other[1] and other[0] < one[1]) or one[:2] == other[:2]
