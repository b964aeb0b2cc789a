"""A proposal as text of shroff.toml: what is sure is set, what is not is a comment."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from shroff.domain.messages import Language, Message

if TYPE_CHECKING:
    from shroff.store.propose import Proposal, TableProposal
    from shroff.store.propose_designs import DesignGuess

__all__ = ["proposal_toml"]


def proposal_toml(proposal: Proposal, *, language: Language) -> str:
    """Write a proposal as TOML.

    Parameters
    ----------
    proposal : Proposal
        The proposal.
    language : Language
        Language of the comments.

    Returns
    -------
    str
        TOML.
    """
    lines = [*_sources(proposal)]
    lines += [_question(message, language) for message in proposal.strangers]
    for table in proposal.tables:
        lines += ["", *_mapping(table, language)]
    for table in proposal.tables:
        lines += _designs(table, language)
    return "\n".join(lines) + "\n"


def _sources(proposal: Proposal) -> Iterator[str]:
    yield "# Files that `shroff ingest --all` reads; folders and globs will do too."
    yield "[sources]"
    for table in proposal.tables:
        yield f"{table.table} = [{', '.join(_text(str(path)) for path in table.files)}]"


def _mapping(table: TableProposal, language: Language) -> Iterator[str]:
    yield f"[mapping.{table.table}]"
    yield from (_question(doubt, language) for doubt in table.doubts)
    yield from _reading(table)
    if table.spec.columns or table.perhaps or table.needed:
        yield ""
        yield f"[mapping.{table.table}.columns]"
    else:
        yield "# every column has the name that Shroff gives it"
    yield from _pairs(table.spec.columns)
    yield from (f"# {guess.column} = {_text(guess.name)}" for guess in table.perhaps)
    yield from (f'# {need.column} = "?"' for need in table.needed)
    if table.spec.constants:
        yield ""
        yield f"[mapping.{table.table}.constants]"
        yield from _pairs({name: str(value) for name, value in table.spec.constants.items()})
    for found in table.translations:
        yield ""
        yield f"[mapping.{table.table}.values.{found.column}]"
        yield from _pairs(found.sure)
        for value, meaning in found.likely.items():
            yield f"# {_text(value)} = {_text(meaning or '?')}"


def _reading(table: TableProposal) -> Iterator[str]:
    spec = table.spec
    if spec.encoding != "utf-8":
        yield f"encoding = {_text(spec.encoding)}"
    if spec.list_separator != ",":
        yield f"list_separator = {_text(spec.list_separator)}"
    if spec.time_formats:
        yield f"time_formats = [{', '.join(map(_text, spec.time_formats))}]"
    if spec.time_zone != "UTC":
        yield f"time_zone = {_text(spec.time_zone)}"
    for pattern in table.times.either:
        yield f"# time_formats = [{', '.join(map(_text, [*spec.time_formats, pattern]))}]"
    if table.times.zone:
        yield f"# time_zone = {_text(table.times.zone)}"
    yield from (_comment(need.example) for need in table.needed if need.example)


def _designs(table: TableProposal, language: Language) -> Iterator[str]:
    for design in table.designs:
        mark = "# " if design.basis == "declared" else ""
        yield ""
        yield _question(design.doubt, language)
        for line in _design_lines(design):
            yield mark + line


def _design_lines(design: DesignGuess) -> Iterator[str]:
    yield f"[designs.{design.key}]"
    yield f"kind = {_text(design.kind)}"
    yield f"basis = {_text(design.basis)}"
    if design.basis == "declared":
        yield 'by = "NAME"'
    if design.design_id and design.design_id != design.key:
        yield f"design_id = {_text(design.design_id)}"
    if design.queue:
        yield f"queues = [{_text(design.queue)}]"
    if design.reason:
        yield f"queue_reasons = [{_text(design.reason)}]"


def _pairs(entries: Mapping[str, str]) -> Iterator[str]:
    for key, value in entries.items():
        yield f"{_text(key) if not _is_bare(key) else key} = {_text(value)}"


def _is_bare(key: str) -> bool:
    return key.isascii() and key.replace("_", "").replace("-", "").isalnum()


def _question(message: Message, language: Language) -> str:
    return _comment("? " + " ".join(message.text(language).split()))


def _comment(text: str) -> str:
    # TOML allows no control character in a comment
    return "# " + "".join(sign if sign.isprintable() else "�" for sign in text)


def _text(value: str) -> str:
    """Write a TOML string; JSON's escapes are TOML's, but for DEL."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")
