"""The section that answers: what would the proposals of this workspace have done?"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from shroff.advise.simulation import Simulation
from shroff.advise.simulation_table import figure_texts, hour_rows, hour_titles
from shroff.domain.messages import Message
from shroff.measure.brief import Brief
from shroff.report.document import Align, Column, Row, Section, Table
from shroff.report.wording import Plain, Sentence
from shroff.store.engine import Engine

__all__ = ["SIMULATIONS", "Simulates", "simulation_section"]

SIMULATIONS = "simulations"
"""Id of the section, which is for those inside only."""

Simulates = Callable[[Engine, Brief], Sequence[Simulation]]
"""Replays the proposals of a workspace over a report's period."""


def simulation_section(found: Sequence[Simulation]) -> Section | None:
    """Build the section.

    Parameters
    ----------
    found : sequence of Simulation
        The proposals of the workspace, replayed.

    Returns
    -------
    Section or None
        None without proposals.
    """
    if not found:
        return None
    first = found[0]
    return Section(
        SIMULATIONS,
        Message("simulate.section.title"),
        Sentence(
            "simulate.section.answer",
            {"name": _name(first), "flipped": first.flipped, "ads": first.ads},
        ),
        tuple(block for each in found for block in _blocks(each)),
    )


def _blocks(found: Simulation) -> tuple[Table, ...]:
    hours = hour_rows(found.queues)
    if not hours:
        return (_table(found),)
    columns = (
        Column(Message("simulate.column.queue")),
        *(Column(Plain(title), Align.END) for title in hour_titles()),
    )
    rows = tuple(Row(tuple(map(Plain, row))) for row in hours)
    return _table(found), Table(columns, rows, Message("simulate.by_hour"))


def _name(found: Simulation) -> str:
    return found.proposal.name or found.proposal.id


def _table(found: Simulation) -> Table:
    columns = (
        Column(Plain(_name(found))),
        *(
            Column(Message(f"simulate.column.{name}"), Align.END)
            for name in ("before", "after", "change")
        ),
    )
    rows = tuple(
        Row((Message(f"simulate.figure.{each.name}"), *map(Plain, figure_texts(each))))
        for each in found.figures
    )
    return Table(columns, rows, Message("simulate.section.note"))
