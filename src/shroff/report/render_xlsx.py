"""A report as a workbook: a sheet a section, numbers that can be counted with, charts with their doubt."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any, TypeAlias

from shroff.domain.messages import Language, Message, say
from shroff.errors import ConfigError
from shroff.report.chart_tables import chart_table
from shroff.report.document import (
    Block,
    Callout,
    Cards,
    Charts,
    CodeBlock,
    Column,
    Definitions,
    Details,
    Document,
    DotChart,
    Paragraph,
    Row,
    Section,
    Table,
    TrendChart,
)
from shroff.report.figures import Form
from shroff.report.line_charts import LineChart
from shroff.report.spreading import Spread, spread
from shroff.report.wording import Sayable

__all__ = ["render_xlsx"]

_Untyped: TypeAlias = Any
"""What XlsxWriter gives: it has no types."""

_FORBIDDEN = re.compile(r"[\[\]:*?/\\'\x00-\x1f]")
_NAME_LENGTH, _CELL_LENGTH = 31, 32_000
_FIRST, _OTHERS = 46, 15
_CHART_ROWS = 17
_CARD_COLUMNS = (
    Column(Message("report.column.metric")),
    Column(Message("report.column.now")),
    Column(Message("report.column.basis")),
)
_COLOURS = ("#1f5f99", "#b45309")
_NUMBERS = {
    Form.SHARE: "0.0##%",
    Form.POINTS: "+0.0##;-0.0##;0",
    Form.COUNT: "#,##0",
    Form.NUMBER: "#,##0.0##",
    Form.HOURS: "#,##0.0#",
    Form.MINUTES: "#,##0.0#",
}


def render_xlsx(document: Document, *, language: Language = Language.EN) -> bytes:
    """Write a report as a workbook.

    Parameters
    ----------
    document : Document
        The report.
    language : Language
        Language wanted.

    Returns
    -------
    bytes
        The file; no text in it is taken for a formula or an address.

    Raises
    ------
    ConfigError
        If what writes workbooks is not installed.
    """
    try:
        import xlsxwriter  # type: ignore[import-untyped] # noqa: PLC0415  (an extra, untyped)
    except ImportError:
        raise ConfigError(
            "workbooks need XlsxWriter", where="xlsx", hint="pip install 'shroff[xlsx]'"
        ) from None
    file = BytesIO()
    inert = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, inert) as book:
        _Book(book, language).document(document)
    return file.getvalue()


class _Book:
    """Writes sheets, all in one language."""

    def __init__(self, book: _Untyped, language: Language) -> None:
        self._book, self._language = book, language
        self._taken: set[str] = set()
        self.title = book.add_format({"bold": True, "font_size": 15})
        self.text = book.add_format({"text_wrap": True, "valign": "top"})
        self.head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        self.group = book.add_format({"bold": True})
        self._numbers = {
            form: book.add_format({"num_format": code}) for form, code in _NUMBERS.items()
        }

    def document(self, document: Document) -> None:
        sheet = _Sheet(self, self._named(say("report.sheet.summary", self._language)))
        sheet.line(document.title, self.title)
        sheet.line(document.period, self.text)
        sheet.line(document.headline, self.group)
        for sentence in document.support:
            sheet.line(sentence, self.text)
        sheet.row += 1
        sheet.block(Definitions(document.meta))
        for section in document.sections:
            self._section(section)

    def _section(self, section: Section) -> None:
        sheet = _Sheet(self, self._named(section.title.text(self._language)))
        sheet.line(section.title, self.title)
        sheet.line(section.lead, self.text)
        for block in section.blocks:
            sheet.block(block)

    def _named(self, title: str) -> _Untyped:
        plain = _FORBIDDEN.sub(" ", title).strip() or "-"
        name, tries = plain[:_NAME_LENGTH], 1
        while name.lower() in self._taken:
            tries += 1
            name = f"{plain[: _NAME_LENGTH - 3]} {tries}"
        self._taken.add(name.lower())
        sheet = self._book.add_worksheet(name)
        sheet.set_column(0, 0, _FIRST)
        sheet.set_column(1, 60, _OTHERS)
        sheet.hide_gridlines(2)
        return sheet

    def say(self, thing: Sayable) -> str:
        """Say something, in a length that a cell holds."""
        return thing.text(self._language)[:_CELL_LENGTH]

    def spread(self, table: Table) -> Spread:
        """Lay a table out."""
        return spread(table, self._language)

    def number(self, form: Form) -> _Untyped:
        """Give how a number is written."""
        return self._numbers[form]

    def chart(self, kind: dict[str, str]) -> _Untyped:
        """Begin a chart."""
        return self._book.add_chart(kind)


class _Sheet:
    """One sheet, written from above."""

    def __init__(self, book: _Book, sheet: _Untyped) -> None:
        self._book, self._sheet = book, sheet
        self.row = 0

    def line(self, thing: Sayable, style: _Untyped) -> None:
        """Write a sentence."""
        if said := self._book.say(thing):
            self._sheet.write_string(self.row, 0, said, style)
            self.row += 1

    def block(self, block: Block) -> None:
        """Write a block, and leave a row free under it."""
        match block:
            case Paragraph():
                self.line(block.text, self._book.text)
            case Callout():
                self.line(block.title, self._book.group)
                self.line(block.text, self._book.text)
            case CodeBlock():
                self._code(block)
            case Cards():
                self._cards(block)
            case Table():
                self._table(block)
            case Charts():
                self._charts(block)
            case Definitions():
                self._terms(block)
            case Details():
                self.line(block.summary, self._book.group)
                for each in block.blocks:
                    self.block(each)
        self.row += 1

    def _code(self, block: CodeBlock) -> None:
        for line in block.code.splitlines():
            self._sheet.write_string(self.row, 0, line[:_CELL_LENGTH])
            self.row += 1

    def _cards(self, block: Cards) -> None:
        rows = tuple(Row((card.label, card.figure, card.basis)) for card in block.cards)
        self._table(Table(_CARD_COLUMNS, rows))

    def _table(self, table: Table) -> tuple[int, Spread]:
        """Write a table; give its first row of numbers, and what was written."""
        laid = self._book.spread(table)
        for place, title in enumerate(laid.titles):
            self._sheet.write_string(self.row, place, title, self._book.head)
        self.row += 1
        first = self.row
        for number, entries in enumerate(laid.rows):
            style = self._book.group if number in laid.groups else None
            for place, entry in enumerate(entries):
                if isinstance(entry.value, str):
                    self._sheet.write_string(self.row, place, entry.value[:_CELL_LENGTH], style)
                elif entry.value is not None and entry.form is not None:
                    form = self._book.number(entry.form)
                    self._sheet.write_number(self.row, place, entry.value, form)
            self.row += 1
        self.line(table.note, self._book.text)
        return first, laid

    def _terms(self, block: Definitions) -> None:
        for item in block.items:
            self._sheet.write_string(self.row, 0, self._book.say(item.term), self._book.group)
            said = " ".join(self._book.say(each) for each in (item.meaning, *item.notes))
            self._sheet.write_string(self.row, 1, said[:_CELL_LENGTH])
            self.row += 1

    def _charts(self, block: Charts) -> None:
        for chart in block.charts:
            self.line(chart.title, self._book.group)
            first, laid = self._table(chart_table(chart))
            if laid.rows:
                self._draw(chart, first, laid)
        self.line(block.note, self._book.text)

    def _draw(self, chart: TrendChart | DotChart | LineChart, first: int, laid: Spread) -> None:
        drawn = self._book.chart(_KINDS[type(chart)])
        names = (
            [line.name for line in chart.lines] if isinstance(chart, LineChart) else [chart.title]
        )
        for place, name in enumerate(names):
            drawn.add_series(self._series(self._book.say(name), first, laid, at=1 + 5 * place))
        drawn.set_title({"name": self._book.say(chart.title), "name_font": {"size": 11}})
        drawn.set_legend({"none": len(names) == 1, "position": "bottom"})
        axis = {"num_format": _NUMBERS[chart.form], "major_gridlines": {"visible": True}}
        if isinstance(chart, DotChart):
            drawn.set_x_axis(axis)
            drawn.set_y_axis({"reverse": True})
        else:
            drawn.set_y_axis(axis)
        drawn.set_size({"width": 720, "height": 320})
        self._sheet.insert_chart(self.row, 0, drawn)
        self.row += _CHART_ROWS

    def _series(self, name: str, first: int, laid: Spread, *, at: int) -> dict[str, Any]:
        """Give a series; its bars of doubt reach to the ends in the two columns beside it."""
        colour, sheet = _COLOURS[at // 5 % len(_COLOURS)], self._sheet.get_name()
        last = first + len(laid.rows) - 1
        below, above = _reaches(laid, at)
        return {
            "name": name,
            "categories": [sheet, first, 0, last, 0],
            "values": [sheet, first, at, last, at],
            "marker": {"type": "circle", "size": 5, "fill": {"color": colour}},
            "line": {"color": colour, "width": 1.5},
            "fill": {"color": colour},
            "y_error_bars": {
                "type": "custom",
                "plus_values": above,
                "minus_values": below,
                "line": {"color": "#5a6675"},
            },
        }


def _reaches(laid: Spread, at: int) -> tuple[list[float], list[float]]:
    """Tell how far below and above each value its interval reaches."""
    below: list[float] = []
    above: list[float] = []
    for entries in laid.rows:
        value, low, high = (each.number for each in entries[at : at + 3])
        below.append(0.0 if value is None or low is None else value - low)
        above.append(0.0 if value is None or high is None else high - value)
    return below, above


_KINDS: dict[type, dict[str, str]] = {
    TrendChart: {"type": "line"},
    DotChart: {"type": "bar"},
    LineChart: {"type": "scatter", "subtype": "straight_with_markers"},
}
