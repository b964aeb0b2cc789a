"""Proposals as files: YAML or JSON, with the place of every fault."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from shroff.advise.proposal import (
    CascadeChange,
    PackChange,
    Proposal,
    Route,
    Shift,
    Staffing,
    ThresholdChange,
    hour_of,
    terms_of,
)
from shroff.domain.messages import Language
from shroff.errors import ConfigError
from shroff.rules.yaml_nodes import Items, Scalar, YamlNode, read_yaml
from shroff.rules.yaml_nodes import Mapping as Keys
from shroff.store.mapping_faults import suggestion

__all__ = ["FORMS", "Form", "parse_proposal", "read_proposal", "write_proposal"]

_MOST_BYTES = 20_000_000
_PROMPTS = (
    "what a prompt would answer cannot be told from the log: there are no scores of it"
)  # fmt: skip
_PROMPTS_HINT = (
    "score the ads of the period with it, ingest the scores under a version of their own,"
    " and propose that version under versions"
)


@dataclass(frozen=True, slots=True)
class Form:
    """What a mapping of a proposal may say.

    Parameters
    ----------
    make : callable
        Makes the object of its values, by the names of the keys.
    keys : mapping
        Keys and what their values are: ``text``, ``line``, ``number``, ``hour``, ``texts``,
        ``terms`` or the name of a form, of which there is a list.
    needed : tuple of str
        Keys that must be there.
    """

    make: Callable[..., Any]
    keys: Mapping[str, str]
    needed: tuple[str, ...] = ()


def _shift(**told: Any) -> Shift:  # noqa: ANN401 - values of a form
    return Shift(
        days=told["days"], start=told["from"], end=told["to"], reviewers=told["reviewers"]
    )


FORMS: dict[str, Form] = {
    "proposal": Form(
        Proposal,
        {
            "kind": "text",
            "name": "text",
            "note": "text",
            "thresholds": "threshold",
            "packs": "pack",
            "versions": "terms",
            "routing": "route",
            "staffing": "staff",
            "cascades": "cascade",
        },
    ),
    "threshold": Form(
        ThresholdChange,
        {
            "model": "text",
            "version": "text",
            "policy": "text",
            "where": "terms",
            "review_from": "line",
            "reject_from": "line",
        },
        needed=("model", "review_from", "reject_from"),
    ),
    "cascade": Form(
        CascadeChange,
        {
            "model": "text",
            "version": "text",
            "policy": "text",
            "llm": "text",
            "llm_version": "text",
            "where": "terms",
            "ask_from": "line",
            "reject_from": "line",
            "people_from": "line",
            "llm_reject_from": "line",
            "fallback": "text",
        },
        needed=("model", "ask_from", "reject_from"),
    ),
    "pack": Form(PackChange, {"path": "text", "replaces": "text"}, needed=("path",)),
    "route": Form(Route, {"where": "terms", "queue": "text"}, needed=("where", "queue")),
    "staff": Form(Staffing, {"queue": "text", "shifts": "shift"}, needed=("queue", "shifts")),
    "shift": Form(
        _shift,
        {"days": "texts", "from": "hour", "to": "hour", "reviewers": "number"},
        needed=("days", "from", "to", "reviewers"),
    ),
}
"""Every mapping that a proposal may hold."""

_Read: TypeAlias = Callable[[YamlNode, str], Any]


def read_proposal(path: Path) -> Proposal:
    """Read a proposal.

    Parameters
    ----------
    path : Path
        YAML or JSON file.

    Returns
    -------
    Proposal
        It; paths of packs are as they stand in the file.

    Raises
    ------
    ConfigError
        If it cannot be read, or is none; all faults are named at once, with their places.
    """
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise ConfigError("the file is too large for a proposal", where=str(path))
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise ConfigError("the file is not UTF-8 text", where=str(path)) from None
    except OSError as fault:
        raise ConfigError(
            f"the proposal cannot be read: {fault.strerror}",
            where=str(path),
            hint="give the path of a YAML or JSON file",
        ) from None
    return parse_proposal(text, name=str(path))


def parse_proposal(text: str, *, name: str = "proposal") -> Proposal:
    """Understand the text of a proposal.

    Parameters
    ----------
    text : str
        YAML or JSON.
    name : str
        Name of the file, for faults.

    Returns
    -------
    Proposal
        What it proposes.

    Raises
    ------
    ConfigError
        If it is none; all faults are named at once, with their places.
    """
    if text.lstrip().startswith("{"):
        text = text.replace("\t", " ")  # JSON may be indented by tabs, YAML may not
    root, findings = read_yaml(text, path=name)
    reader = _Reader()
    reader.faults += [
        (f.where.line, f"{name}:{f.where.line}:{f.where.column}", f.message.text(Language.EN), "")
        for f in findings
    ]
    if root is None and not findings:
        raise ConfigError("the file is empty", where=name, hint="see docs/reference/proposals.md")
    found = reader.form(root, "proposal") if root is not None and not findings else None
    if reader.faults or not isinstance(found, Proposal):
        cause, where, hint = _told(reader.faults)
        raise ConfigError(cause, where=where, hint=hint)
    return found


def write_proposal(proposal: Proposal, path: Path) -> None:
    """Write a proposal as a JSON file, which is YAML too; `read_proposal` gives it back."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(proposal.to_json(), encoding="utf-8")


_Fault: TypeAlias = tuple[int, str, str, str]
"""Line, place, what is wrong, what to do."""


def _told(faults: list[_Fault]) -> tuple[str, str, str]:
    """Put faults into words: what is wrong, where, what to do."""
    faults = sorted(faults)
    if len(faults) == 1:
        _, where, cause, hint = faults[0]
        return cause, where, hint
    listed = [
        f"\n  {where}: {cause}" + (f" ({hint})" if hint else "")
        for _, where, cause, hint in faults
    ]
    return f"{len(faults)} faults in the proposal{''.join(listed)}", "", ""


@dataclass(slots=True)
class _Reader:
    """Makes objects of nodes, and notes what is wrong."""

    faults: list[_Fault] = field(default_factory=list[_Fault])

    def wrong(self, node: YamlNode, cause: str, hint: str = "") -> None:
        where = node.where
        self.faults.append((where.line, f"{where.path}:{where.line}:{where.column}", cause, hint))

    def form(self, node: YamlNode, kind: str) -> Any:  # noqa: ANN401
        """Read a mapping; None where it is wrong."""
        form = FORMS[kind]
        if not isinstance(node, Keys):
            self.wrong(node, f"a {kind} is a mapping", "keys: " + ", ".join(form.keys))
            return None
        before = len(self.faults)
        told = self.values(node, form, kind)
        for key in form.needed:
            if key not in told and len(self.faults) == before:
                self.wrong(node, f"a {kind} needs {key}", "keys: " + ", ".join(form.keys))
        kind_said = told.pop("kind", None)
        if len(self.faults) > before:
            return None
        try:
            made = form.make(**told)
        except ConfigError as fault:
            self.wrong(node, fault.cause, fault.hint)
            return None
        if kind_said is not None and kind_said != made.kind:
            self.wrong(node, f"kind is {kind_said}, but it changes: {', '.join(made.parts)}")
        return made

    def values(self, node: Keys, form: Form, kind: str) -> dict[str, Any]:
        told: dict[str, Any] = {}
        for key, value in node.entries:
            if kind == "proposal" and key.text in {"prompt", "prompts"}:
                self.wrong(key, _PROMPTS, _PROMPTS_HINT)
            elif key.text not in form.keys:
                known = tuple(form.keys)
                self.wrong(key, f"unknown key {key.text!r}{suggestion(key.text, known)}")
            elif key.text in told:
                self.wrong(key, f"{key.text} stands there twice")
            elif not (_nothing(value) and form.keys[key.text] != "line"):
                told[key.text] = self.value(value, form.keys[key.text], key.text)
        return told

    def value(self, node: YamlNode, kind: str, key: str) -> Any:  # noqa: ANN401
        if kind in FORMS:
            if not isinstance(node, Items):
                self.wrong(node, f"{key} is a list", f"one {kind} a line, after a dash")
                return ()
            made = [self.form(item, kind) for item in node.items]
            return tuple(each for each in made if each is not None)
        read: _Read = getattr(self, kind)
        return read(node, key)

    def text(self, node: YamlNode, key: str) -> str:
        if isinstance(node, Scalar) and node.text.strip():
            return node.text
        self.wrong(node, f"{key} is a text")
        return ""

    def number(self, node: YamlNode, key: str) -> float:
        try:
            return float(node.text if isinstance(node, Scalar) else "")
        except ValueError:
            self.wrong(node, f"{key} is a number")
            return 0.0

    def line(self, node: YamlNode, key: str) -> float:
        return float("inf") if _nothing(node) else self.number(node, key)

    def hour(self, node: YamlNode, key: str) -> float:
        try:
            return hour_of(self.text(node, key))
        except ConfigError as fault:
            self.wrong(node, fault.cause, fault.hint)
            return 0.0

    def texts(self, node: YamlNode, key: str) -> tuple[str, ...]:
        if isinstance(node, Items):
            return tuple(self.text(item, key) for item in node.items)
        return (self.text(node, key),)

    def terms(self, node: YamlNode, key: str) -> tuple[tuple[str, str], ...]:
        if not isinstance(node, Keys):
            self.wrong(node, f"{key} is a mapping", "column: value")
            return ()
        told: dict[str, str] = {}
        for name, value in node.entries:
            if not isinstance(value, Scalar):
                self.wrong(value, f"{name.text} of {key} is one value")
            elif name.text in told:
                self.wrong(name, f"{name.text} stands there twice")
            else:
                told[name.text] = value.text
        return terms_of(told)


def _nothing(node: YamlNode) -> bool:
    return isinstance(node, Scalar) and not node.style and node.text in {"", "~", "null"}
