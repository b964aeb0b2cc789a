"""The section that answers: from which score is rejecting sure to be right?"""

from __future__ import annotations

from collections.abc import Sequence

from shroff.advise.guarantee import GuaranteeAsked, guarantee_of
from shroff.advise.guarantee_result import Guarantee, GuaranteedLine, Outlook
from shroff.domain.messages import Message, count, percent
from shroff.errors import ConfigError, DesignError
from shroff.measure.scorecard import Scorecard
from shroff.report.abridging import Value as Shown
from shroff.report.document import Align, Block, Column, Paragraph, Row, Section, Table, Tone
from shroff.report.left_out import Heavy
from shroff.report.wording import Plain, Sayable, Sentences
from shroff.stats.score_cells import BINS
from shroff.store.engine import Engine

__all__ = ["guarantee_section", "section_of"]

_HEAVY = Heavy(
    id="sure-lines",
    title=Message("guarantee.title"),
    command="shroff advise guarantee",
    most=5_000_000,
)
_ENDS = ("scored", "labels", "now", "line", "ads", "precision", "empirical", "more", "from")
_BY = "market"
_MOST = 12


def guarantee_section(engine: Engine, card: Scorecard) -> Section | None:
    """Build the section: one line over everything, and one for each market.

    Parameters
    ----------
    engine : Engine
        Where the logs and the scorecard's session tables are.
    card : Scorecard
        The scorecard of the report's period.

    Returns
    -------
    Section or None
        None where nothing is scored, or no label was drawn at random.
    """
    if (left_out := _HEAVY.left_out(card)) is not None:
        return left_out
    card.stand_rows(engine)
    found: list[Guarantee] = []
    for by in ((), (_BY,)):
        try:
            found.append(guarantee_of(engine, card, GuaranteeAsked(by=by)))
        except (ConfigError, DesignError):  # nothing scored or labelled: nothing to say
            break
    return section_of(found)


def section_of(found: Sequence[Guarantee]) -> Section | None:
    """Tell it.

    Parameters
    ----------
    found : sequence of Guarantee
        Over everything, then by cells.

    Returns
    -------
    Section or None
        None where there is none.
    """
    if not found:
        return None
    whole = found[0]
    lead: list[Sayable] = [whole.text()]
    told = whole.lines[0].needs() if len(whole) == 1 else None
    lead += [told] if told is not None else []
    shown = [each for each in found if len(each) > 1 or each is whole]
    blocks: list[Block] = [_table(each, last=each is shown[-1]) for each in shown]
    blocks += [Paragraph(note, Tone.QUIET) for note in whole.notes[:4]]
    return Section(_HEAVY.id, _HEAVY.title, Sentences(tuple(lead)), tuple(blocks))


def _table(found: Guarantee, *, last: bool) -> Table:
    columns = (
        Column(Message("guarantee.column.cell")),
        *(Column(Message(f"guarantee.column.{name}"), Align.END) for name in _ENDS),
    )
    scale = {"floor": found.floor, "delta": found.delta}
    rows = tuple(map(_row, found.lines[:_MOST]))
    note: Sayable = Message("guarantee.table_note", scale) if last else Plain("")
    return Table(columns, rows, note)


def _row(line: GuaranteedLine) -> Row:
    sure, need = line.sure, line.need
    where: Sayable = Shown(Plain(line.where)) if line.where else Message("guarantee.everything")
    none, nothing = Message("guarantee.none"), Plain("–")
    return Row(
        (
            where,
            Plain(count(line.scored)),
            Plain(count(line.labels)),
            Plain(count(line.rejected)),
            Plain(f"{sure.score:.3f}") if sure else none,
            Plain(count(sure.ads)) if sure else nothing,
            _precision(sure),
            Plain(f"{line.empirical.score:.3f}") if line.empirical else nothing,
            Plain(count(need.ask)) if need else nothing,
            Plain(f"{need.at / BINS:.3f}") if need else nothing,
        )
    )


def _precision(outlook: Outlook | None) -> Sayable:
    if outlook is None or outlook.precision is None or outlook.low is None:
        return Plain("–")
    return Plain(f"{percent(outlook.precision)} (≥{percent(outlook.low)})")
