"""The section that answers: what scores and judges here, and who answers for it?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from shroff.domain.messages import Message, count, number
from shroff.models.registry import Entry, Registry
from shroff.report.document import Align, Block, Column, Paragraph, Row, Section, Table, Tone
from shroff.report.wording import Plain, Sayable
from shroff.store.engine import Engine

__all__ = ["MODELS", "Registers", "every_model_section", "registry_section"]

MODELS = "models"
"""Name of the section; it does not leave the team."""

Registers: TypeAlias = "Callable[[Engine], Registry]"

_SHOWN, _STRANGERS = 25, 8
_WORDS = ("name", "version", "kind", "state", "owner", "policies", "thresholds", "last")
_NUMBERS = ("rows", "speed", "latency", "cost")
_ORDER = ("champion", "challenger", "shadow", "retired")


def registry_section(found: Registry) -> Section | None:
    """Build the section from the registry.

    Parameters
    ----------
    found : Registry
        What is registered, and what the logs show.

    Returns
    -------
    Section or None
        None where nothing is registered.
    """
    known = _known(found)
    if not known:
        return None
    blocks: list[Block] = [_table(known)]
    strangers = len(found.entries) - len(known)
    if strangers:
        blocks.append(
            Paragraph(Message("registry.unregistered", {"count": strangers}), Tone.QUIET)
        )
    return Section(MODELS, Message("registry.title"), _lead(known), tuple(blocks))


def every_model_section(found: Registry) -> Section | None:
    """Build the section from the registry, with what only the logs show.

    Parameters
    ----------
    found : Registry
        What is registered, and what the logs show.

    Returns
    -------
    Section or None
        None where nothing scores or judges.
    """
    known = _known(found)
    strangers = [each for each in found.entries if not each.registered]
    if not known and not strangers:
        return None
    strangers.sort(key=lambda each: (-_rows(each), each.model.name, each.model.version))
    shown = [*known, *strangers[:_STRANGERS]]
    blocks: list[Block] = [_table(shown)]
    left = len(found.entries) - min(len(shown), _SHOWN)
    if left > 0:
        blocks.append(Paragraph(Message("registry.more", {"count": left}), Tone.QUIET))
    if strangers:
        told = {"count": len(strangers)}
        blocks.append(Paragraph(Message("registry.unregistered", dict(told)), Tone.QUIET))
    return Section("registry", Message("registry.title"), _lead(known), tuple(blocks))


def _known(found: Registry) -> list[Entry]:
    known = [each for each in found.entries if each.registered]
    known.sort(key=lambda each: (_ORDER.index(each.model.state), each.model.name))
    return known


def _table(entries: Sequence[Entry]) -> Table:
    columns = (
        *(Column(Message(f"registry.column.{name}")) for name in _WORDS),
        *(Column(Message(f"registry.column.{name}"), Align.END) for name in _NUMBERS),
    )
    return Table(columns, tuple(_row(each) for each in entries[:_SHOWN]))


def _lead(known: Sequence[Entry]) -> Message:
    return Message(
        "registry.lead",
        {
            "models": len(known),
            "champions": sum(each.model.state == "champion" for each in known),
            "orphans": sum(not each.model.owner for each in known),
        },
    )


def _rows(entry: Entry) -> int:
    seen = entry.seen
    return seen.scores + seen.decisions + seen.judgements


def _row(entry: Entry) -> Row:
    model, seen = entry.model, entry.seen
    speed = entry.ads_per_second
    lines = ", ".join(f"{action} ≥ {at:g}" for action, at in model.thresholds.items())
    policies: Sayable = Plain(", ".join(entry.some_policies))
    if not entry.policies:
        policies = Message("registry.all")
    return Row((
        Plain(model.name),
        Plain(model.version),
        Message(f"registry.kind.{model.kind}"),
        Message(f"registry.state.{model.state}" if entry.registered else "registry.state.none"),
        Plain(model.owner or "–"),
        policies,
        Plain(lines or "–"),
        Plain(str(seen.last.date()) if seen.last else "–"),
        Plain(count(_rows(entry))),
        Plain(number(speed) if speed else "–"),
        Plain(number(seen.latency_ms) if seen.latency_ms else "–"),
        Plain(f"{seen.cost_per_1000:.2f} {seen.currency}" if seen.cost_per_1000 else "–"),
    ))  # fmt: skip
