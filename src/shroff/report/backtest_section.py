"""The section that answers: what would these rules have done, and how sure is that?"""

from __future__ import annotations

from shroff.domain.messages import Message, count, percent
from shroff.measure.slice_findings import named
from shroff.report.document import (
    Align,
    Block,
    Cell,
    Column,
    Paragraph,
    Row,
    Section,
    Table,
    Tone,
)
from shroff.report.figures import Figure, Form
from shroff.report.wording import Plain, Sentence
from shroff.rules.backtest_result import Backtest, RuleResult

__all__ = ["backtest_section"]

_COLUMNS = (
    "rule", "action", "hits", "new", "labels", "precision", "new_precision", "recall", "reviews",
    "advertiser", "impressions",
)  # fmt: skip
_WORDS = {"rule", "action"}
_PAIRS = 5


def backtest_section(tried: Backtest, *, name: str = "backtest") -> Section:
    """Build the section from a backtest.

    Parameters
    ----------
    tried : Backtest
        What rules would have done.
    name : str
        Id of the section.

    Returns
    -------
    Section
        What would have become of ads, the rules with their figures, wrong hits, overlap, notes.
    """
    blocks: list[Block] = [
        *(Paragraph(flip) for flip in tried.flips() or (Message("backtest.no_flip"),)),
        Paragraph(_load(tried), Tone.QUIET),
        _table(tried),
    ]
    if tried.slices:
        blocks.append(_wrong(tried))
    blocks += [
        Paragraph(
            Message("backtest.pair", {"first": one, "second": other, "ads": ads}), Tone.QUIET
        )
        for one, other, ads in tried.overlaps[:_PAIRS]
    ]
    notes = {note.text(): note for note in tried.notes}
    blocks += [Paragraph(note, Tone.QUIET) for note in notes.values()]
    return Section(name, Message("backtest.title"), tried.summary(), tuple(blocks))


def _load(tried: Backtest) -> Sentence:
    whole = tried.whole
    return Sentence(
        "backtest.load",
        {
            "reviews": _number(Figure(whole.reviews_per_day, Form.NUMBER)),
            "hours": _number(Figure(whole.hours_per_day, Form.NUMBER)),
            "wait": _number(Figure(tried.wait_hours, Form.NUMBER)),
        },
    )


def _number(figure: Figure) -> Plain:
    return Plain(figure.value())


def _table(tried: Backtest) -> Table:
    columns = tuple(
        Column(Message(f"backtest.column.{name}"), Align.START if name in _WORDS else Align.END)
        for name in _COLUMNS
    )
    return Table(columns, tuple(_row(each) for each in (*tried.rules, tried.whole)))


def _row(result: RuleResult) -> Row:
    counts = result.counts
    action: Cell = Message(f"backtest.action.{result.rule.action}") if result.rule else None
    cells: tuple[Cell, ...] = (
        Plain(result.id) if result.id else Message("backtest.all"),
        action,
        Plain(count(counts.hits)),
        Plain(count(counts.beyond)),
        Plain(count(result.labelled.n)),
        Figure(result.precision),
        Figure(result.new_precision),
        Figure(result.recall),
        Figure(result.reviews_per_day, Form.NUMBER),
        Plain(percent(counts.top_share)) if counts.hits else None,
        Plain(count(counts.impressions)),
    )
    return Row(cells)


def _wrong(tried: Backtest) -> Table:
    columns = (
        Column(Message("backtest.slices")),
        Column(Message("backtest.column.hits"), Align.END),
        Column(Message("backtest.column.wrong"), Align.END),
    )
    rows = [
        Row((Plain(named(each.slice)), Plain(count(each.hits)), Figure(each.wrong)))
        for each in tried.slices[:_PAIRS]
    ]
    return Table(columns, tuple(rows))
