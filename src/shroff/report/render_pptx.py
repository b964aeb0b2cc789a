"""A report as slides: a question a slide, its answer above, figures and charts that can be edited."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING, Any, TypeAlias

from shroff.domain.messages import Language, say
from shroff.errors import ConfigError
from shroff.report.abridging import visible
from shroff.report.document import (
    Align,
    Block,
    Callout,
    Cards,
    Cell,
    Charts,
    Details,
    Document,
    DotChart,
    FigureCard,
    Goal,
    Mark,
    Paragraph,
    Section,
    Table,
    TrendChart,
)
from shroff.report.figures import Figure
from shroff.report.line_charts import LineChart
from shroff.report.slide_charts import draw
from shroff.report.wording import Sayable
from shroff.stats.estimate import Status

if TYPE_CHECKING:
    from pptx.presentation import Presentation as Deck
    from pptx.slide import Slide

__all__ = ["render_pptx"]

_WIDE, _HIGH, _EDGE = 13.333, 7.5, 0.55
_TITLE, _LEAD, _BODY, _SMALL = 26, 16, 13, 10.5
_ROWS, _LINES, _CARDS, _COLUMNS = 11, 7, 4, 7
_INK, _MUTED = "1F2933", "5A6675"
_BLANK = 6
_Untyped: TypeAlias = Any
_Part: TypeAlias = tuple[FigureCard, ...] | Table | TrendChart | DotChart | LineChart
"""What a slide shows."""


def render_pptx(document: Document, *, language: Language = Language.EN) -> bytes:
    """Write a report as slides.

    Parameters
    ----------
    document : Document
        The report.
    language : Language
        Language wanted.

    Returns
    -------
    bytes
        The file. What does not fit on a slide goes on on the next; what opens on demand, such as
        definitions and queries, is left to the page.

    Raises
    ------
    ConfigError
        If what writes slides is not installed.
    """
    try:
        from pptx import Presentation  # noqa: PLC0415  (an extra)
        from pptx.util import Inches  # noqa: PLC0415
    except ImportError:
        raise ConfigError(
            "slides need python-pptx", where="pptx", hint="pip install 'shroff[pptx]'"
        ) from None
    deck = Presentation()
    deck.slide_width, deck.slide_height = Inches(_WIDE), Inches(_HIGH)
    _Slides(deck, language).document(document)
    file = BytesIO()
    deck.save(file)
    return file.getvalue()


class _Slides:
    """Writes slides, all in one language."""

    def __init__(self, deck: Deck, language: Language) -> None:
        from pptx.dml.color import RGBColor  # noqa: PLC0415  (an extra)
        from pptx.util import Inches, Pt  # noqa: PLC0415

        self._deck, self._language = deck, language
        self._inch, self._point = Inches, Pt
        self._colour: _Untyped = RGBColor
        self._foot = ""

    def document(self, document: Document) -> None:
        """Write all of them."""
        title, period = self._say(document.title), self._say(document.period)
        self._foot = f"{title} · {period}"
        slide = self._slide(self._say(document.headline))
        lines = [f"• {self._say(each)}" for each in document.support]
        self._texts(slide, lines, top=2.6, size=_LEAD)
        terms = [f"{self._say(each.term)}: {self._say(each.meaning)}" for each in document.meta]
        self._texts(slide, terms, top=4.9, size=_SMALL, colour=_MUTED)
        for section in document.sections:
            self._section(section)

    def _section(self, section: Section) -> None:
        title, lead = self._say(section.title), self._say(section.lead)
        told = [each for each in section.blocks if not isinstance(each, Details)]
        lines = [line for block in told for line in self._lines(block)]
        shown = [part for block in told for part in self._parts(block)]
        if lines or not shown:
            for start in range(0, max(1, len(lines)), _LINES):
                slide = self._slide(title, lead)
                self._texts(slide, lines[start : start + _LINES], top=2.4, size=_BODY)
        for part in shown:
            self._show(self._slide(title, lead), part)

    def _lines(self, block: Block) -> Iterator[str]:
        if isinstance(block, Paragraph):
            yield self._say(block.text)
        elif isinstance(block, Callout):
            yield f"{self._say(block.title)} {self._say(block.text)}"
        elif isinstance(block, Table | Charts) and (note := self._say(block.note)):
            yield note

    def _parts(self, block: Block) -> Iterator[_Part]:
        if isinstance(block, Cards):
            for start in range(0, len(block.cards), _CARDS):
                yield block.cards[start : start + _CARDS]
        elif isinstance(block, Table):
            for start in range(0, len(block.rows), _ROWS):
                yield Table(block.columns, block.rows[start : start + _ROWS])
        elif isinstance(block, Charts):
            yield from block.charts

    def _show(self, slide: Slide, part: _Part) -> None:
        if isinstance(part, Table):
            self._table(slide, part)
        elif isinstance(part, tuple):
            self._cards(slide, part)
        else:
            self._texts(slide, [self._say(part.title)], top=2.2, size=_BODY)
            box = (_EDGE, 2.6, _WIDE - 2 * _EDGE, 4.3)
            left, top, width, height = (self._inch(each) for each in box)
            draw(slide, part, language=self._language, box=(left, top, width, height))

    def _slide(self, title: str, lead: str = "") -> Slide:
        slide: Slide = self._deck.slides.add_slide(self._deck.slide_layouts[_BLANK])
        self._texts(slide, [title], top=0.4, size=_TITLE, bold=True)
        if lead:
            self._texts(slide, [lead], top=1.2, size=_LEAD, colour=_MUTED)
        self._texts(slide, [self._foot], top=7.02, size=_SMALL, colour=_MUTED)
        return slide

    def _texts(
        self,
        slide: Slide,
        lines: list[str],
        *,
        top: float,
        size: float,
        colour: str = _INK,
        bold: bool = False,
    ) -> None:
        if not lines:
            return
        box = slide.shapes.add_textbox(
            self._inch(_EDGE), self._inch(top), self._inch(_WIDE - 2 * _EDGE), self._inch(0.4)
        )
        frame = box.text_frame
        frame.word_wrap = True
        for number, line in enumerate(lines):
            paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
            self._write(paragraph, line, size=size, colour=colour, bold=bold)

    def _write(
        self,
        paragraph: _Untyped,
        text: str,
        *,
        size: float,
        colour: str = _INK,
        bold: bool = False,
    ) -> None:
        run = paragraph.add_run()
        run.text = visible(text)
        run.font.size, run.font.bold = self._point(size), bold
        run.font.color.rgb = self._colour(*bytes.fromhex(colour))

    def _cards(self, slide: Slide, cards: tuple[FigureCard, ...]) -> None:
        width = (_WIDE - 2 * _EDGE) / _CARDS
        for place, card in enumerate(cards):
            box = slide.shapes.add_textbox(
                self._inch(_EDGE + place * width), self._inch(2.6), self._inch(width - 0.2),
                self._inch(3),
            )  # fmt: skip
            frame = box.text_frame
            frame.word_wrap = True
            value, ends = card.figure.value(self._language), card.figure.interval(self._language)
            self._write(frame.paragraphs[0], self._say(card.label), size=_BODY, colour=_MUTED)
            big = value if card.figure.has_value else self._figure(card.figure)
            self._write(frame.add_paragraph(), big, size=_TITLE, bold=True)
            rest = [ends if card.figure.has_value else "", self._say(card.basis)]
            if card.change:
                change = {"change": self._say(card.change), "other": self._say(card.compared.said)}
                rest.append(say("report.page.change", self._language, change))
            if card.goal:
                rest.append(self._cell(card.goal))
            for line in filter(None, rest):
                self._write(frame.add_paragraph(), line, size=_SMALL + 1)

    def _table(self, slide: Slide, table: Table) -> None:
        rows, columns = len(table.rows) + 1, len(table.columns)
        shape = slide.shapes.add_table(
            rows, columns, self._inch(_EDGE), self._inch(2.2), self._inch(_WIDE - 2 * _EDGE),
            self._inch(0.36 * rows),
        )  # fmt: skip
        size = _SMALL if columns <= _COLUMNS else _SMALL - 2
        for place, column in enumerate(table.columns):
            cell = shape.table.cell(0, place)
            self._write(
                cell.text_frame.paragraphs[0], self._say(column.title), size=size, colour="FFFFFF"
            )
        for number, row in enumerate(table.rows, 1):
            for place, item in enumerate(row.cells[:1] if row.group else row.cells):
                paragraph = shape.table.cell(number, place).text_frame.paragraphs[0]
                if table.columns[place].align is Align.END:
                    paragraph.alignment = _right()
                self._write(paragraph, self._cell(item), size=size, bold=row.group)

    def _cell(self, cell: Cell) -> str:
        if cell is None:
            return ""
        if isinstance(cell, Figure):
            return self._figure(cell)
        if isinstance(cell, Goal):
            return (
                f"{self._say(cell.text)} ({say(f'report.goal.{cell.standing}', self._language)})"
            )
        return self._say(cell.text if isinstance(cell, Mark) else cell)

    def _figure(self, figure: Figure) -> str:
        said = figure.text(self._language)
        if figure.estimate.status in {Status.PROXY, Status.MODELLED}:
            return f"{said} [{say(f'report.status.{figure.estimate.status}', self._language)}]"
        return said

    def _say(self, thing: Sayable) -> str:
        return thing.text(self._language)


def _right() -> _Untyped:
    from pptx.enum.text import PP_ALIGN  # noqa: PLC0415  (an extra)

    return PP_ALIGN.RIGHT
