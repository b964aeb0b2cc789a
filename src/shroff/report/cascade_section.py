"""The section that answers: what would a cascade of score, LLM and people do?"""

from __future__ import annotations

from shroff.advise.cascade import CascadeAsked, cascade
from shroff.advise.cascade_plan import CascadeFound, CascadeOutcome
from shroff.advise.cascade_words import cascade_words
from shroff.domain.messages import Message
from shroff.errors import ShroffError
from shroff.measure.scorecard import Scorecard
from shroff.report.document import Align, Block, Column, Paragraph, Row, Section, Table, Tone
from shroff.report.wording import Plain
from shroff.store.engine import Engine
from shroff.store.settings import CostSettings

__all__ = ["CASCADE", "cascade_section", "told_cascade"]

CASCADE = "cascade"
"""Name of the section; it does not leave the team."""

_FIGURES = ("violating_impressions", "less", "recall", "money", "review_hours", "delay")
_FRONTIER = ("limit", "money", "less", "recall", "violating_impressions")


def cascade_section(engine: Engine, card: Scorecard) -> Section | None:
    """Build the section: the best cascade within today's review hours and precision.

    Parameters
    ----------
    engine : Engine
        Where the logs are; the scorecard's session tables are made anew.
    card : Scorecard
        The scorecard of the report's period.

    Returns
    -------
    Section or None
        None where no LLM judged, or labels cannot tell.
    """
    try:
        found = cascade(
            engine, card.brief, CascadeAsked(by=("market",), others=()), costs=CostSettings()
        )
    except ShroffError:  # no judgements, scores or labels: other sections say so
        return None
    return told_cascade(found)


def told_cascade(found: CascadeFound) -> Section:
    """Tell a cascade beside other strategies, and what other money would give.

    Parameters
    ----------
    found : CascadeFound
        The cascade.

    Returns
    -------
    Section
        Two tables and what to know.
    """
    names = [Message(f"cascade.strategy.{each.name}") for each in found.strategies()]
    blocks: list[Block] = [
        Table(
            _columns(("strategy", *_FIGURES), left=1),
            tuple(
                Row((name, *_cells(found, each, _FIGURES)))
                for name, each in zip(names, found.strategies(), strict=True)
            ),
        ),
    ]
    if found.frontier:
        rows = tuple(Row(_cells(found, each, _FRONTIER)) for each in found.frontier)
        blocks += [
            Paragraph(Message("cascade.frontier")),
            Table(_columns(_FRONTIER, left=0), rows),
        ]
    notes = [note for note in found.notes if note.id != "cascade.no_hour"]  # no cost is shown
    blocks += [Paragraph(note, Tone.QUIET) for note in notes]
    return Section(CASCADE, Message("cascade.title"), found.summary(), tuple(blocks))


def _columns(names: tuple[str, ...], *, left: int) -> tuple[Column, ...]:
    return tuple(
        Column(Message(f"cascade.column.{name}"), Align.START if n < left else Align.END)
        for n, name in enumerate(names)
    )


def _cells(found: CascadeFound, each: CascadeOutcome, names: tuple[str, ...]) -> tuple[Plain, ...]:
    told = cascade_words(found, each)
    return tuple(Plain(told[name]) for name in names)
