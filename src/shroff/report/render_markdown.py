"""The same report as Markdown, for a chat, a wiki or a pull request."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby

from shroff.domain.messages import Language, say
from shroff.report.chart_tables import chart_table, events_drawn
from shroff.report.document import (
    Align,
    Block,
    Callout,
    Cards,
    Cell,
    Charts,
    CodeBlock,
    Definition,
    Definitions,
    Details,
    Document,
    FigureCard,
    Goal,
    Mark,
    Paragraph,
    Row,
    Table,
    TrendChart,
)
from shroff.report.figures import Figure
from shroff.report.wording import Sayable
from shroff.stats.estimate import Status

__all__ = ["render_markdown"]

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~$!&])")
_LINE_START = re.compile(r"^(\s*)([-+=]|\d+[.)])(?=\s|$)")
_LINK = re.compile(r"(https?|ftp|mailto|www)([:.])", re.IGNORECASE)
_SPACE = re.compile(r"\s+")


def render_markdown(document: Document, *, language: Language = Language.EN) -> str:
    """Write a report as Markdown; charts become tables of their numbers.

    Parameters
    ----------
    document : Document
        The report.
    language : Language
        Language wanted.

    Returns
    -------
    str
        The text; everything users wrote is escaped.
    """
    return "\n".join(_Writer(language).document(document)).rstrip() + "\n"


def _escaped(text: str) -> str:
    flat = _SPACE.sub(" ", text).strip()
    plain = _LINE_START.sub(r"\1\\\2", _SPECIAL.sub(r"\\\1", flat))
    return _LINK.sub(r"\1\\\2", plain)


class _Writer:
    """Writes blocks as lines, all in one language."""

    def __init__(self, language: Language) -> None:
        self._language = language

    def document(self, document: Document) -> Iterator[str]:
        yield from (f"# {self._say(document.headline)}", "")
        yield from (f"*{self._say(document.title)} · {self._say(document.period)}*", "")
        yield from (f"- {self._say(sentence)}" for sentence in document.support)
        yield ""
        for section in document.sections:
            yield from (f"## {self._say(section.title)}", "", self._say(section.lead), "")
            yield from self._blocks(section.blocks, depth=3)
        if document.meta:
            yield from (f"## {self._phrase('page.about')}", "")
            yield from self._terms(document.meta)

    def _blocks(self, blocks: Iterable[Block], *, depth: int) -> Iterator[str]:
        for block in blocks:
            yield from self._block(block, depth=depth)
            yield ""

    def _block(self, block: Block, *, depth: int) -> Iterator[str]:
        match block:
            case Paragraph():
                yield self._say(block.text)
            case Cards():
                yield from (self._card(card) for card in block.cards)
            case Table():
                yield from self._table(block)
            case Charts():
                yield from self._charts(block)
            case Callout():
                yield f"> **{self._say(block.title)}** {self._say(block.text)}"
            case CodeBlock():
                yield from _fenced(block)
            case Definitions():
                yield from self._terms(block.items)
            case Details():
                yield from (f"{'#' * depth} {self._say(block.summary)}", "")
                yield from self._blocks(block.blocks, depth=min(6, depth + 1))

    def _card(self, card: FigureCard) -> str:
        parts = [self._named(card.label, self._figure(card.figure)), self._say(card.basis)]
        if card.change:
            change, other = (x.text(self._language) for x in (card.change, card.compared.said))
            slots = {"change": change, "other": other}
            parts.append(_escaped(say("report.page.change", self._language, slots)))
        if card.goal:
            goal = card.goal.text.text(self._language)
            asked = _escaped(say("report.page.goal", self._language, {"goal": goal}))
            parts.append(f"{asked}: {self._phrase(f'goal.{card.goal.standing}')}")
        return "- " + " · ".join(part for part in parts if part)

    def _named(self, name: Sayable, text: str) -> str:
        colon = say("report.page.colon", self._language, {"name": name.text(self._language)})
        return f"**{_escaped(colon)}** {text}"

    def _table(self, table: Table) -> Iterator[str]:
        yield self._line(self._say(column.title) for column in table.columns)
        yield self._line("--:" if c.align is Align.END else ":--" for c in table.columns)
        for row in table.rows:
            yield self._line(self._cells(row, width=len(table.columns)))
        if note := self._say(table.note):
            yield from ("", note)

    def _cells(self, row: Row, *, width: int) -> list[str]:
        cells = [self._cell(cell) for cell in row.cells]
        if row.group:
            return [f"**{cells[0]}**", *[""] * (width - 1)]
        return cells

    def _line(self, cells: Iterable[str]) -> str:
        return f"| {' | '.join(cells)} |"

    def _cell(self, cell: Cell) -> str:
        match cell:
            case None:
                return ""
            case Figure():
                return self._figure(cell)
            case Goal():
                return f"{self._say(cell.text)} {self._phrase(f'goal.{cell.standing}')}"
            case Mark():
                return self._say(cell.text)
            case _:
                return self._say(cell)

    def _figure(self, figure: Figure) -> str:
        status = figure.estimate.status
        said = _escaped(figure.text(self._language))
        if status in {Status.PROXY, Status.MODELLED}:
            return f"{said} *{self._phrase(f'status.{status}')}*"
        return said

    def _charts(self, block: Charts) -> Iterator[str]:
        for chart in block.charts:
            yield from (f"**{self._say(chart.title)}**", "")
            yield from self._table(chart_table(chart))
            yield ""
        if note := self._say(block.note):
            yield from (note, "")
        drawn = [
            pair for c in block.charts if isinstance(c, TrendChart) for pair in events_drawn(c)
        ]
        ordered = sorted(drawn, key=lambda pair: pair[0])
        for number, group in groupby(ordered, key=lambda pair: pair[0]):
            event = next(group)[1]
            yield f"{number}. {event.at} {self._say(event.what)}"

    def _terms(self, items: Iterable[Definition]) -> Iterator[str]:
        for item in items:
            notes = "".join(f" {self._say(note)}" for note in item.notes)
            yield f"- {self._named(item.term, self._say(item.meaning))}{notes}"

    def _say(self, thing: Sayable) -> str:
        return _escaped(thing.text(self._language))

    def _phrase(self, key: str) -> str:
        return _escaped(say(f"report.{key}", self._language))


def _fenced(block: CodeBlock) -> Iterator[str]:
    longest = max((len(run) for run in re.findall(r"`+", block.code)), default=0)
    fence = "`" * max(3, longest + 1)
    yield from (f"{fence}{block.language}", block.code, fence)
