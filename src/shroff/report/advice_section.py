"""The sections that answer: what to do first, and did what was done work?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from shroff.advise.advice_plan import signed_number, sure_text
from shroff.advise.outcome_ledger import Ledger
from shroff.domain.messages import Message, number
from shroff.report.document import Align, Block, Column, Mark, Paragraph, Row, Section, Table, Tone
from shroff.report.wording import Bilingual, Plain, Sayable
from shroff.store.catalog_advice import Advice

__all__ = ["ADVICE", "OUTCOMES", "Remembered", "advice_section", "outcome_section", "sections_of"]

ADVICE, OUTCOMES = "advice", "outcomes"
"""Ids of the sections, which are for those inside only."""

_MOST = 10
_TONES = {
    "accepted": Tone.GOOD,
    "open": Tone.UNSURE,
    "waiting": Tone.UNSURE,
    "done": Tone.GOOD,
    "rejected": Tone.QUIET,
}


@dataclass(frozen=True, slots=True)
class Remembered:
    """What a workspace remembers of advice.

    Parameters
    ----------
    advice : tuple of Advice
        What was recommended when a plan was last asked for, and what is accepted.
    ledger : Ledger
        What came of changes.
    """

    advice: tuple[Advice, ...]
    ledger: Ledger


def advice_section(told: Remembered) -> Section | None:
    """Build the section on what to do first.

    Parameters
    ----------
    told : Remembered
        What is remembered.

    Returns
    -------
    Section or None
        None where no plan was asked for, or nothing is left to do.
    """
    left = [each for each in told.advice if each.state in {"open", "waiting", "accepted"}]
    bring = [each for each in left if each.state == "accepted" or _adds(each) > 0]
    if not bring:
        return None
    bring.sort(key=lambda each: (each.state != "accepted", -_adds(each), each.id))
    names = ("do", "adds", "sure", "hours", "owner", "due", "state")
    columns = tuple(
        Column(
            Message(f"advice.column.{name}"),
            Align.END if name in {"adds", "sure", "hours"} else Align.START,
        )
        for name in names
    )
    unit = str(bring[0].detail.get("unit_text", "|"))
    blocks: tuple[Block, ...] = (
        Table(columns, tuple(_row(each) for each in bring[:_MOST])),
        Paragraph(Message("advice.section.how", {"unit": unit}), Tone.QUIET),
    )
    lead = Message("advice.section.lead", {"steps": len(bring), "looked": len(left)})
    return Section(ADVICE, Message("advice.title"), lead, blocks)


def _adds(advice: Advice) -> float:
    return float((advice.detail.get("adds") or {}).get("value", 0.0))


def _row(advice: Advice) -> Row:
    told: dict[str, Any] = dict(advice.detail)
    adds = told.get("adds")
    worth: Sayable = Message("advice.not_valued")
    if adds:
        ends = f"{signed_number(adds['low'])} … {signed_number(adds['high'])}"
        worth = Plain(f"{signed_number(adds['value'])} ({ends})")
    return Row(
        (
            Bilingual(told["do"]["en"], told["do"]["zh"]),
            worth,
            Plain(sure_text(adds["chance_positive"]) if adds else "–"),
            Plain(number(told["hours"])),
            Plain(str(told["owner"])),
            Plain(str(told["due"])),
            Mark(Message(f"advice.state.{advice.state}"), _TONES[advice.state]),
        )
    )


def outcome_section(ledger: Ledger) -> Section | None:
    """Build the section on what came of changes.

    Parameters
    ----------
    ledger : Ledger
        Changes that were looked at.

    Returns
    -------
    Section or None
        None before the first.
    """
    if not ledger.lines:
        return None
    names = ("change", "metric", "on", "method", "forecast", "observed", "kept")
    columns = tuple(Column(Message(f"outcome.column.{name}")) for name in names)
    rows: list[Row] = []
    for line in reversed(ledger.lines[-_MOST:]):
        scored = line.scored
        kept: Sayable | Mark = Plain("–")
        if scored is not None:
            key = "outcome.yes" if scored.kept else "outcome.no"
            kept = Mark(Message(key), Tone.GOOD if scored.kept else Tone.BAD)
        cells: tuple[Sayable | Mark, ...] = (
            Plain(line.subject),
            Plain(line.metric),
            Plain(line.on),
            Message(f"outcome.method.{line.method.replace(' ', '_')}"),
            Plain(line.forecast.text if line.forecast else "–"),
            Plain(line.observed_text),
            kept,
        )
        rows.append(Row(cells))
    track = ledger.track
    lead = Message(
        "outcome.section.lead",
        {
            "looked": len(ledger.lines),
            "kept": track.kept if track else 0,
            "tried": track.tried if track else 0,
        },
    )
    notes = (*ledger.remarks(), Message("outcome.section.how"))
    blocks: tuple[Block, ...] = (
        Table(columns, tuple(rows)),
        *(Paragraph(note, Tone.QUIET) for note in notes),
    )
    return Section(OUTCOMES, Message("outcome.title"), lead, blocks)


def sections_of(told: Remembered) -> tuple[Section, ...]:
    """Build those sections that have something to say."""
    made = (advice_section(told), outcome_section(told.ledger))
    return tuple(section for section in made if section is not None)
