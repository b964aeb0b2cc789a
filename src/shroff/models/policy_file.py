"""Reading a policy file: front matter, headings, examples; every fault with its place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

from shroff.domain.findings import Finding, Level, in_order, lines_of, rendered
from shroff.domain.messages import Language
from shroff.domain.places import Where
from shroff.errors import PolicyError
from shroff.models.policy_findings import finding
from shroff.models.policy_text import HEADINGS, Example, Part, PolicyText, Section, part_of

__all__ = ["inspect_policy", "load_policy", "policy_source", "read_policy"]

MOST_CHARACTERS = 200_000
_KEYS = ("policy", "version", "owner", "exemptions")
_KEY = re.compile(r"(\w+)\s*:\s*(.*)")
_HEADING = re.compile(r"(#{1,6})\s+(.*?)\s*#*\s*$")
_ITEM = re.compile(r"\s*[-*+]\s+(.*)")
_QUOTED = re.compile(r"[\"“「](.+?)[\"”」]\s*(.*)", re.DOTALL)
_ARROW = re.compile(r"(?:→|->|=>)\s*(.*)", re.DOTALL)
_WHY = re.compile(r"[:：—–-]+\s*")
_NO = ("does not violate", "not violating", "allowed", "compliant", "不违规", "合规")
_YES = ("violates", "violating", "violation", "违规")
_WITH_EXAMPLES = {Part.VIOLATES: True, Part.ALLOWED: False, Part.EDGE_CASES: None}
_HAN = re.compile(r"[\u3400-\u9fff]")


def load_policy(path: Path) -> PolicyText:
    """Read a policy from its file.

    Parameters
    ----------
    path : Path
        A Markdown file in UTF-8.

    Returns
    -------
    PolicyText
        The policy.

    Raises
    ------
    PolicyError
        If it cannot be read, or is not a policy; all faults at once, each with its place.
    """
    return read_policy(policy_source(path), path=str(path))


def policy_source(path: Path) -> str:
    """Read the text of a policy file.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    str
        Its text.

    Raises
    ------
    PolicyError
        If it cannot be read, is too large or is not UTF-8.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise PolicyError(
            f"the file cannot be read: {error.strerror}", where=str(path), hint="look at its path"
        ) from None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise PolicyError(
            f"the file is not UTF-8: byte {error.start + 1}",
            where=str(path),
            hint="save it as UTF-8",
        ) from None
    if len(text) > MOST_CHARACTERS:
        raise PolicyError(
            f"the file has {len(text):,} characters, more than {MOST_CHARACTERS:,}",
            where=str(path),
            hint="one file holds one policy; a prompt of more is not read well by any model",
        )
    return text


def read_policy(text: str, *, path: str = "") -> PolicyText:
    """Read a policy.

    Parameters
    ----------
    text : str
        Markdown.
    path : str
        Name of the file, for messages.

    Returns
    -------
    PolicyText
        The policy.

    Raises
    ------
    PolicyError
        If it is not a policy; all faults at once, each with its place.
    """
    policy, findings = inspect_policy(text, path=path)
    faults = [each for each in findings if each.level is Level.ERROR]
    if policy is None or faults:
        lines = lines_of(text)
        told = "\n".join(rendered(each, lines) for each in faults)
        raise PolicyError(
            f"this policy has {len(faults)} fault{'s' if len(faults) > 1 else ''}\n{told}",
            hint="shroff models prompt lint tells all there is to say about a policy",
        )
    return policy


def inspect_policy(text: str, *, path: str = "") -> tuple[PolicyText | None, tuple[Finding, ...]]:
    """Read a policy as far as that goes.

    Parameters
    ----------
    text : str
        Markdown.
    path : str
        Name of the file.

    Returns
    -------
    PolicyText or None
        None where its head cannot be read.
    tuple of Finding
        What is wrong with its form, in order of place.
    """
    reading = _Reading(path, lines_of(text))
    policy = reading.read()
    return policy, in_order(reading.findings)


@dataclass(slots=True)
class _Open:
    """A section that is being read."""

    part: Part
    language: Language
    where: Where
    prose: list[str] = field(default_factory=list)
    items: list[tuple[list[str], Where]] = field(default_factory=list)


class _Reading:
    """One pass over the lines of a file."""

    def __init__(self, path: str, lines: Sequence[str]) -> None:
        self._path, self._lines = path, lines
        self.findings: list[Finding] = []
        self._sections: list[Section] = []
        self._titles: dict[Language, str] = {}
        self._told = False  # that text outside sections is lost

    def read(self) -> PolicyText | None:
        end = self._end_of_head()
        if end is None:
            return None
        head = self._head(end)
        self._body(end + 1)
        if any(key not in head for key in ("policy", "version")):
            return None
        names = head.get("exemptions", "")
        return PolicyText(
            policy=head["policy"],
            version=int(head["version"]),
            owner=head.get("owner", ""),
            exemptions=tuple(n.strip() for n in re.split(r"[,，、]", names) if n.strip()),
            titles=tuple(self._titles.items()),
            sections=tuple(self._sections),
        )

    def _say(self, code: str, at: int, **params: str | int) -> None:
        line = self._lines[at] if at < len(self._lines) else ""
        start = len(line) - len(line.lstrip()) + 1
        where = Where(self._path, at + 1, start, at + 1, len(line.rstrip()) + 1)
        self.findings.append(finding(code, where, **params))

    def _end_of_head(self) -> int | None:
        if not self._lines or self._lines[0].strip() != "---":
            self._say("P001", 0)
            return None
        for at, line in enumerate(self._lines[1:], start=1):
            if line.strip() == "---":
                return at
        self._say("P001.open", 0)
        return None

    def _head(self, end: int) -> dict[str, str]:
        found: dict[str, str] = {}
        for at in range(1, end):
            line = self._lines[at].strip()
            if not line or line.startswith("#"):
                continue
            match = _KEY.fullmatch(line)
            if match is None:
                self._say("P002.line", at)
            elif match[1] not in _KEYS:
                self._unknown(match[1], at)
            elif match[1] in found:
                self._say("P003.twice", at, key=match[1])
            else:
                self._keep(found, match[1], value=match[2].strip().strip("\"'"), at=at)
        for key in ("policy", "version"):
            if key not in found and not any(key in str(f.message.params) for f in self.findings):
                self._say("P003", 0, key=key)
        return found

    def _keep(self, found: dict[str, str], key: str, *, value: str, at: int) -> None:
        if key == "version" and not re.fullmatch(r"[1-9]\d{0,8}", value):
            self._say("P004", at, key=key)
        elif not value and key != "exemptions":
            self._say("P004.empty", at, key=key)
        else:
            found[key] = value

    def _unknown(self, key: str, at: int) -> None:
        close = get_close_matches(key, _KEYS, n=1)
        if close:
            self._say("P002.close", at, key=key, close=close[0])
        else:
            self._say("P002", at, key=key, keys=", ".join(_KEYS))

    def _body(self, start: int) -> None:
        section: _Open | None = None
        for at in range(start, len(self._lines)):
            line = self._lines[at]
            heading = _HEADING.fullmatch(line)
            if heading is not None:
                self._close(section)
                section = self._heading(len(heading[1]), heading[2], at)
            elif section is not None:
                self._line(section, line, at)
            elif line.strip() and not self._told:
                self._say("P007", at)
                self._told = True
        self._close(section)

    def _heading(self, depth: int, words: str, at: int) -> _Open | None:
        known = part_of(words)
        self._told = False
        if known is None and depth == 1:
            self._titles.setdefault(Language.ZH if _HAN.search(words) else Language.EN, words)
            return None
        if known is None:
            self._unknown_heading(words, at)
            self._told = True
            return None
        language, part = known
        if any(s.part is part and s.language is language for s in self._sections):
            self._say("P006", at, heading=words)
            self._told = True
            return None
        line = self._lines[at]
        return _Open(part, language, Where(self._path, at + 1, 1, at + 1, len(line) + 1))

    def _unknown_heading(self, words: str, at: int) -> None:
        language = Language.ZH if _HAN.search(words) else Language.EN
        usual = [names[0] for names in HEADINGS[language].values()]
        self._say("P005", at, heading=words, known=", ".join(usual))

    def _line(self, section: _Open, line: str, at: int) -> None:
        item = _ITEM.fullmatch(line)
        where = Where(self._path, at + 1, 1, at + 1, len(line) + 1)
        if item is not None and section.part in _WITH_EXAMPLES:
            section.items.append(([item[1]], where))
        elif section.items and line.startswith((" ", "\t")) and line.strip():
            section.items[-1][0].append(line.strip())
        elif line.strip() or section.prose:
            section.prose.append(line.rstrip())

    def _close(self, section: _Open | None) -> None:
        if section is None:
            return
        examples = tuple(
            _example(" ".join(lines), part=section.part, where=where)
            for lines, where in section.items
        )
        self._sections.append(
            Section(
                section.part,
                section.language,
                "\n".join(section.prose).strip(),
                examples,
                section.where,
            )
        )


def _example(told: str, *, part: Part, where: Where) -> Example:
    """Read ``"text" → violates: why``; quotes, verdict and reason may be left out."""
    quoted = _QUOTED.match(told)
    if quoted is not None:
        text, rest = quoted[1].strip(), quoted[2].strip()
    else:
        text, sign, rest = told.partition("→")
        text, rest = text.strip(), sign + rest
    violates = _WITH_EXAMPLES[part]
    arrow = _ARROW.match(rest)
    if arrow is not None:
        rest = arrow[1]
        verdict, rest = _verdict(rest)
        violates = verdict if part is Part.EDGE_CASES else violates
    why = rest[match.end() :] if (match := _WHY.match(rest)) else rest
    return Example(text, why.strip(), violates, where)


def _verdict(told: str) -> tuple[bool | None, str]:
    """Read a verdict and what follows it."""
    lower = told.casefold()
    for words, verdict in ((_NO, False), (_YES, True)):
        for word in words:
            if lower.startswith(word):
                return verdict, told[len(word) :].strip()
    return None, told
