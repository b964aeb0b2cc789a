"""The plan: what to do first, what each step adds, who does it, when it is checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa

from shroff.advise.goal_closing import Closing
from shroff.advise.outcome_ledger import Ledger
from shroff.advise.recommendation import Placed, Worth
from shroff.domain.messages import Message, number, percent
from shroff.domain.slices import Period
from shroff.store.catalog_advice import Advice

__all__ = ["Plan", "signed_number", "sure_text", "worth_text"]

_SURE = 0.995


def worth_text(worth: Worth) -> str:
    """Write what something is worth a week, with its interval."""
    if not worth.known:
        return "–"
    low, high = worth.ends
    return f"{signed_number(worth.mean)} ({signed_number(low)} … {signed_number(high)})"


def sure_text(chance: float) -> str:
    """Write a chance that draws tell, which are never quite sure."""
    return ">99%" if chance >= _SURE else "<1%" if chance <= 1 - _SURE else percent(chance)


def signed_number(value: float) -> str:
    """Write a value with its sign."""
    shown = f"{abs(value):,.0f}" if abs(value) >= 100 else number(abs(value))
    return f"+{shown}" if value > 0 else f"−{shown}" if value < 0 else "0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is recommended.

    Parameters
    ----------
    period : Period
        Days it rests on.
    unit : str
        ``impressions`` (violating ones prevented a week), or a currency.
    labels : int
        Labelled ads that changes were tried on.
    steps : tuple of Placed
        What is accepted, then the rest in order of what each adds.
    closing : tuple of Closing
        For each goal that is missed or unsure, which steps would reach it.
    ledger : Ledger
        How past forecasts did.
    notes : tuple of Message
        What prices rest on, and which sources had nothing to say.
    """

    period: Period
    unit: str
    labels: int
    steps: tuple[Placed, ...]
    closing: tuple[Closing, ...]
    ledger: Ledger
    notes: tuple[Message, ...] = ()

    @property
    def open(self) -> tuple[Placed, ...]:
        """List the steps that bring something more than those before them, or cannot be told."""
        return tuple(e for e in self.steps if not e.adds.known or e.adds.mean > 0)

    def lead(self) -> Message:
        """Say it in a sentence."""
        first = next((each for each in self.open if each.adds.known), None)
        told: dict[str, Any] = {
            "steps": len(self.open),
            "looked": len(self.steps),
            "period": self.period.label(),
        }
        if first is None:
            return Message("advice.nothing", told)
        return Message(
            "advice.lead",
            {
                **told,
                "worth": worth_text(first.adds),
                "unit": self.unit_text,
                "sure": sure_text(first.adds.sure),
                "labels": self.labels,
            },
        )

    @property
    def unit_text(self) -> str:
        """Name the unit in both languages, with a bar between."""
        if self.unit == "impressions":
            return "violating impressions a week|次违规展示/周"
        return f"{self.unit} a week|{self.unit}/周"

    def remarks(self) -> tuple[Message, ...]:
        """Say what it rests on."""
        rivals = {
            frozenset((each.what.id, other)) for each in self.steps for other in each.instead_of
        }
        said = [
            Message("advice.conflict", {"one": min(pair), "other": max(pair)})
            for pair in sorted(rivals, key=sorted)
        ]
        bare = sum(not each.adds.known for each in self.open)
        if bare:
            said.append(Message("advice.not_valued_why", {"many": bare}))
        return (
            *(each.text() for each in self.closing),
            *said,
            *self.notes,
            *self.ledger.remarks(),
        )

    def record(self) -> dict[str, object]:
        """Give everything as a JSON-ready record."""
        return {
            "period": {"start": str(self.period.start), "end": str(self.period.end)},
            "unit": self.unit,
            "labels": self.labels,
            "recommendations": [each.record() for each in self.steps],
            "goals": [each.record() for each in self.closing],
            "track": self.ledger.record()["track"],
            "lead": self.lead().record(),
            "notes": [note.record() for note in self.remarks()],
        }

    def advice(self) -> list[Advice]:
        """Give the steps as the catalog keeps them."""
        made = [each.advice() for each in self.steps]
        return [replace(a, detail={**a.detail, "unit_text": self.unit_text}) for a in made]

    def to_arrow(self) -> pa.Table:
        """Give a row for each recommendation."""
        return table_of(self.steps)


def table_of(steps: Sequence[Placed]) -> pa.Table:
    """Lay steps out as a table."""
    text, figure = pa.string(), pa.float64()
    kinds: list[tuple[str, pa.DataType]] = [
        ("id", text), ("kind", text), ("do_en", text), ("do_zh", text), ("adds", figure),
        ("low", figure), ("high", figure), ("chance_positive", figure), ("alone", figure),
        ("shared", figure), ("hours", figure), ("risk", text), ("owner", text),
        ("due", pa.date32()), ("check", pa.date32()), ("state", text), ("evidence", text),
    ]  # fmt: skip
    rows = []
    for each in steps:
        said, known = each.what.text().record(), each.adds.known
        low, high = each.adds.ends
        rows.append(
            {
                "id": each.what.id,
                "kind": each.what.kind,
                "do_en": said["en"],
                "do_zh": said["zh"],
                "adds": each.adds.mean if known else None,
                "low": low if known else None,
                "high": high if known else None,
                "chance_positive": each.adds.sure if known else None,
                "alone": each.what.worth.mean if each.what.worth.known else None,
                "shared": each.shared,
                "hours": each.what.hours,
                "risk": each.what.risk,
                "owner": each.owner,
                "due": each.due,
                "check": each.check,
                "state": each.state,
                "evidence": each.what.evidence,
            }
        )
    return pa.Table.from_pylist(rows, schema=pa.schema(kinds))
