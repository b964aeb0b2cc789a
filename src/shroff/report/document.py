"""A report as data: sections, cards, tables and charts, the same for every language and format."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import ClassVar

from shroff.domain.slices import Slice
from shroff.report.compared import Compared
from shroff.report.figures import Figure, Form
from shroff.report.line_charts import LineChart
from shroff.report.wording import Plain, Sayable

__all__ = [
    "Align",
    "Block",
    "Callout",
    "Cards",
    "Cell",
    "Charts",
    "CodeBlock",
    "Column",
    "Definition",
    "Definitions",
    "Details",
    "Document",
    "DotChart",
    "DotRow",
    "Event",
    "FigureCard",
    "Goal",
    "Mark",
    "Paragraph",
    "Printing",
    "Row",
    "Section",
    "Standing",
    "Table",
    "Tone",
    "TrendChart",
    "TrendPoint",
]

_NOTHING = Plain("")


class Tone(StrEnum):
    """How a text asks for attention."""

    PLAIN = "plain"
    QUIET = "quiet"
    GOOD = "good"
    BAD = "bad"
    UNSURE = "unsure"


class Align(StrEnum):
    """Where a column's cells stand."""

    START = "start"
    END = "end"


class Standing(StrEnum):
    """Where a figure stands against its goal, judged by the whole interval."""

    MET = "met"
    MISSED = "missed"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Goal:
    """What was asked for, and whether it was reached.

    Parameters
    ----------
    text : Sayable
        The goal, e.g. "at most 1%".
    standing : Standing
        Met or missed only when the whole interval says so.
    """

    text: Sayable
    standing: Standing


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph."""

    text: Sayable
    tone: Tone = Tone.PLAIN
    kind: ClassVar[str] = "paragraph"


@dataclass(frozen=True, slots=True)
class FigureCard:
    """One figure that matters, large.

    Parameters
    ----------
    label : Sayable
        What it is.
    figure : Figure
        The figure.
    basis : Sayable
        What it rests on, e.g. "412 labelled ads".
    change : Figure or None
        Difference from what it is compared with.
    goal : Goal or None
        What was asked for.
    compared : Compared
        What it is compared with.
    """

    label: Sayable
    figure: Figure
    basis: Sayable = _NOTHING
    change: Figure | None = None
    goal: Goal | None = None
    compared: Compared = field(default_factory=Compared)


@dataclass(frozen=True, slots=True)
class Cards:
    """Figures side by side."""

    cards: tuple[FigureCard, ...]
    kind: ClassVar[str] = "cards"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table."""

    title: Sayable
    align: Align = Align.START


@dataclass(frozen=True, slots=True)
class Mark:
    """A short verdict, told by its words and a shape as well as by its colour."""

    text: Sayable
    tone: Tone = Tone.QUIET


Cell = Sayable | Figure | Goal | Mark | None
"""What a cell holds; None is an empty cell."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table; its first cell names it.

    Parameters
    ----------
    cells : tuple of Cell
        As many as there are columns.
    group : bool
        The row is a heading for those that follow; only its first cell is shown.
    part : Slice or None
        Which ads it is about, where that can be asked for again.
    """

    cells: tuple[Cell, ...]
    group: bool = False
    part: Slice | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A table, with a note under it."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    note: Sayable = _NOTHING
    kind: ClassVar[str] = "table"


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """One period of a time series.

    Parameters
    ----------
    at : date
        First day of the period.
    figure : Figure
        The figure.
    complete : bool
        False for a period whose logs or labels are still coming in.
    """

    at: date
    figure: Figure
    complete: bool = True


@dataclass(frozen=True, slots=True)
class Event:
    """Something that changed on a day, drawn across a time series."""

    at: date
    what: Sayable


@dataclass(frozen=True, slots=True)
class TrendChart:
    """A figure over time, with its interval.

    Parameters
    ----------
    id : str
        Unique in the document; letters, digits and hyphens.
    title : Sayable
        What is drawn.
    points : tuple of TrendPoint
        In order of time.
    form : Form
        How the axis is written.
    events : tuple of Event
        Policy, model and rule changes.
    goal : float or None
        Drawn as a line.
    ahead : tuple of TrendPoint
        What is expected after the last point; drawn broken, with its band.
    """

    id: str
    title: Sayable
    points: tuple[TrendPoint, ...]
    form: Form = Form.SHARE
    events: tuple[Event, ...] = ()
    goal: float | None = None
    ahead: tuple[TrendPoint, ...] = ()


@dataclass(frozen=True, slots=True)
class DotRow:
    """One dot with its interval, named at its left; ``part`` says which ads it is about."""

    label: Sayable
    figure: Figure
    part: Slice | None = None


@dataclass(frozen=True, slots=True)
class DotChart:
    """Figures of several slices under one another, each with its interval.

    Parameters
    ----------
    id : str
        Unique in the document; letters, digits and hyphens.
    title : Sayable
        What is drawn.
    rows : tuple of DotRow
        In the order drawn.
    form : Form
        How the axis is written.
    reference : Figure or None
        Figure of the whole, drawn as a thin line.
    goal : float or None
        Drawn as a dashed line.
    """

    id: str
    title: Sayable
    rows: tuple[DotRow, ...]
    form: Form = Form.SHARE
    reference: Figure | None = None
    goal: float | None = None


@dataclass(frozen=True, slots=True)
class Charts:
    """One chart across the page, or several in a grid, and what to know in reading them."""

    charts: tuple[TrendChart | DotChart | LineChart, ...]
    note: Sayable = _NOTHING
    kind: ClassVar[str] = "charts"


@dataclass(frozen=True, slots=True)
class Callout:
    """A box that stands out."""

    title: Sayable
    text: Sayable
    tone: Tone = Tone.QUIET
    kind: ClassVar[str] = "callout"


@dataclass(frozen=True, slots=True)
class CodeBlock:
    """Text to be copied, such as SQL."""

    code: str
    language: str = "sql"
    kind: ClassVar[str] = "code"


@dataclass(frozen=True, slots=True)
class Definition:
    """A term and what it means; ``notes`` follow in small print."""

    term: Sayable
    meaning: Sayable
    notes: tuple[Sayable, ...] = ()


@dataclass(frozen=True, slots=True)
class Definitions:
    """Terms and their meanings."""

    items: tuple[Definition, ...]
    kind: ClassVar[str] = "definitions"


class Printing(StrEnum):
    """What paper does with blocks that open on demand."""

    LEFT_OUT = "left-out"
    SHOWN = "shown"


@dataclass(frozen=True, slots=True)
class Details:
    """What opens on demand; in Markdown it is always open.

    Parameters
    ----------
    summary : Sayable
        What is inside.
    blocks : tuple of Block
        The inside.
    printing : Printing
        Whether it is printed.
    """

    summary: Sayable
    blocks: tuple[Block, ...]
    printing: Printing = Printing.LEFT_OUT
    kind: ClassVar[str] = "details"


Block = Paragraph | Cards | Table | Charts | Callout | CodeBlock | Definitions | Details
"""What a section is made of."""


@dataclass(frozen=True, slots=True)
class Section:
    """A question and its answer.

    Parameters
    ----------
    id : str
        Unique in the document; the anchor of its permalink.
    title : Sayable
        The question.
    lead : Sayable
        The answer in a sentence or two.
    blocks : tuple of Block
        What the answer rests on.
    """

    id: str
    title: Sayable
    lead: Sayable
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A report.

    Parameters
    ----------
    title, period : Sayable
        What kind of report, of what; and the days it covers.
    headline : Sayable
        The one sentence to remember.
    support : tuple of Sayable
        Up to three sentences that complete it.
    sections : tuple of Section
        Questions and answers, most important first.
    meta : tuple of Definition
        Where it comes from: snapshot, settings, versions, time of writing.
    """

    title: Sayable
    period: Sayable
    headline: Sayable
    support: tuple[Sayable, ...]
    sections: tuple[Section, ...]
    meta: tuple[Definition, ...] = ()
