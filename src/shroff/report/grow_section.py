"""The section that answers: where can automation grow, and where should it shrink?"""

from __future__ import annotations

from collections.abc import Sequence

from shroff.advise.grow import GrowAsked, grow_of
from shroff.advise.grow_result import Candidate, Grow
from shroff.domain.messages import Message, count, number, percent
from shroff.errors import ConfigError, DesignError
from shroff.measure.scorecard import Scorecard
from shroff.report.abridging import Value as Shown
from shroff.report.document import Align, Block, Column, Paragraph, Row, Section, Table, Tone
from shroff.report.left_out import Heavy
from shroff.report.wording import Plain, Sayable, Sentence, Sentences
from shroff.stats.score_cells import BINS
from shroff.store.engine import Engine

__all__ = ["grow_section", "section_of"]

_HEAVY = Heavy(
    id="automation-growth",
    title=Message("grow.title"),
    command="shroff advise grow",
    most=5_000_000,
)
_SHARED = ("ads", "hours", "labels", "wrong")
_MOST = 6


def grow_section(engine: Engine, card: Scorecard) -> Section | None:
    """Build the section.

    Parameters
    ----------
    engine : Engine
        Where the logs and the scorecard's session tables are.
    card : Scorecard
        The scorecard of the report's period.

    Returns
    -------
    Section or None
        None where nothing is scored, labelled at random or reviewed.
    """
    if (left_out := _HEAVY.left_out(card)) is not None:
        return left_out
    card.stand_rows(engine)
    try:
        return section_of(grow_of(engine, card, GrowAsked(most=_MOST)))
    except (ConfigError, DesignError):  # nothing scored, labelled or reviewed: nothing to say
        return None


def section_of(found: Grow) -> Section:
    """Tell it.

    Parameters
    ----------
    found : Grow
        What was found.

    Returns
    -------
    Section
        Up to three tables.
    """
    lead: tuple[Sayable, ...] = (found.text(), *found.told())
    blocks: list[Block] = []
    for name, rows in (("safe", found.safe), ("unsafe", found.unsafe), ("nearly", found.nearly)):
        if rows:
            blocks += [Paragraph(Message(f"grow.{name}")), _table(name, rows)]
    blocks += [Paragraph(note, Tone.QUIET) for note in found.notes[:2]]
    return Section(_HEAVY.id, _HEAVY.title, Sentences(lead), tuple(blocks))


def _table(name: str, rows: Sequence[Candidate]) -> Table:
    last = ("per_hour",) if name == "unsafe" else ("per_wrong", "people")
    names = (*_SHARED, *last, *(("more",) if name == "nearly" else ()))
    columns = (
        *(Column(Message(f"grow.column.{column}")) for column in ("where", "band", "change")),
        *(Column(Message(f"grow.column.{column}"), Align.END) for column in names),
    )
    return Table(columns, tuple(_row(each, name) for each in rows), Message("grow.table_note"))


def _row(each: Candidate, name: str) -> Row:
    low, high = (edge / BINS for edge in each.slice.band)
    where = each.slice.where
    shown: Sayable = Shown(Plain(where)) if where else Message("guarantee.everything")
    change = Sentence(
        "grow.change",
        {"now": Message(f"action.{each.slice.action}"), "then": Message(f"action.{each.then}")},
    )
    people = Plain("–") if each.people is None else Plain(percent(each.people))
    wrong = f"{percent(each.wrong)} ({percent(each.wrong_low)}–{percent(each.wrong_high)})"
    cells: list[Sayable | None] = [
        shown,
        Plain(f"{low:g}–{high:g}"),
        change,
        Plain(count(each.ads)),
        Plain(number(each.hours)),
        Plain(count(each.labels)),
        Plain(wrong),
        Plain(f"{number(each.per_wrong)} (≥{number(each.per_wrong_low)})"),
    ]
    cells += [people] * (name != "unsafe")
    cells += [Plain(count(each.more))] * (name == "nearly")
    return Row(tuple(cells))
