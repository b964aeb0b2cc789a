"""One page that opens offline, prints well and fits a phone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from shroff.domain.messages import Language, say
from shroff.domain.slices import Slice
from shroff.report.abridging import Abridged, unturned
from shroff.report.chart_tables import chart_table, events_drawn
from shroff.report.document import (
    Cell,
    Charts,
    Document,
    DotChart,
    Event,
    Goal,
    Mark,
    Standing,
    Table,
    Tone,
    TrendChart,
)
from shroff.report.figures import Figure, Weight
from shroff.report.line_charts import LineChart
from shroff.report.svg import svg
from shroff.report.wording import Quote, Sayable
from shroff.stats.estimate import Status

__all__ = ["PageWords", "render_html"]

_WIDE, _NARROW, _SMALL = 820, 350, 440
_RANGE = re.compile(r"(?<=\d)–(?=\d)")
_MINUS = re.compile(r"(?<![A-Za-z0-9_.\-/=#&?%)])-(?=\d)")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_SHAPES = {Tone.GOOD: "✓", Tone.BAD: "✗", Tone.UNSURE: "?"}
_TONES = {Standing.MET: Tone.GOOD, Standing.MISSED: Tone.BAD, Standing.UNSURE: Tone.UNSURE}
_TAGS = {Language.EN: "en", Language.ZH: "zh-CN"}


def render_html(document: Document, *, language: Language = Language.EN) -> str:
    """Write a report as one self-contained HTML file.

    Parameters
    ----------
    document : Document
        The report.
    language : Language
        Language wanted.

    Returns
    -------
    str
        A page without scripts or external requests; everything users wrote is escaped.
    """
    page = _environment().get_template("page.html.j2")
    words = PageWords(language)
    return page.render(
        document=document,
        lang=_TAGS[language],
        css=Markup(_stylesheet()),  # noqa: S704 - our own file
        w=words,
    )


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("shroff.report", "templates"),
        autoescape=True,
        finalize=unturned,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _stylesheet() -> str:
    return files("shroff.report").joinpath("templates", "page.css").read_text(encoding="utf-8")


def _columns(table: Table) -> Iterator[tuple[Cell, ...]]:
    return zip(*(row.cells for row in table.rows if not row.group), strict=True)


def _has_interval(cell: Cell) -> bool:
    return isinstance(cell, Figure) and cell.has_interval


class PageWords:
    """What the templates may ask for, all in one language."""

    def __init__(self, language: Language) -> None:
        self._language = language

    def say(self, thing: Sayable) -> str:
        """Say anything sayable, numbers in good type; what users wrote keeps its signs."""
        said = thing.text(self._language)
        if isinstance(thing, Abridged):  # a quote too
            return _RANGE.sub("\u2060–\u2060", said)
        return _RANGE.sub("\u2060–\u2060", _MINUS.sub("−", said))

    def unbroken(self, thing: Sayable) -> Markup:
        """Say anything sayable for a narrow cell, with no line break inside a date."""
        said = str(escape(self.say(thing)))
        return Markup(_DAY.sub(r'<span class="day">\g<0></span>', said))  # noqa: S704 - escaped

    def whole(self, thing: Sayable) -> str:
        """Give all of what is said shortened, "" where nothing was left out."""
        whole = thing.whole(self._language) if isinstance(thing, Abridged) else ""
        return "" if whole == thing.text(self._language) else whole

    def phrase(self, key: str, **slots: str) -> str:
        """Say a phrase of the page itself."""
        return say(f"report.page.{key}", self._language, slots)

    def shown(self, cell: object) -> str:
        """Name the template of a cell."""
        kinds = ((Figure, "figure"), (Goal, "goal"), (Mark, "mark"), (Sayable, "text"))
        return next((name for kind, name in kinds if isinstance(cell, kind)), "empty")

    def value(self, figure: Figure) -> str:
        """Write a point estimate."""
        return figure.value(self._language)

    def interval(self, figure: Figure) -> str:
        """Write an interval."""
        return figure.interval(self._language)

    def flag(self, figure: Figure) -> str:
        """Name the status where the reader must know it: proxy, bounds, withheld, unknown."""
        status = figure.estimate.status
        if status in {Status.ESTIMATE, Status.COUNT}:
            return ""
        return say(f"report.status.{status}", self._language)

    def faint(self, figure: Figure) -> bool:
        """Whether a figure is greyed."""
        return figure.weight is Weight.FAINT

    def bare(self, table: Table) -> list[bool]:
        """Tell which columns hold no interval, so that no room is kept for one."""
        return [not any(_has_interval(cell) for cell in cells) for cells in _columns(table)]

    def tip(self, figure: Figure) -> Markup:  # noqa: ARG002 - a dashboard says more
        """Give attributes that tell about a figure; paper has none."""
        return Markup("")

    def about(self, part: Slice | None) -> Markup:  # noqa: ARG002
        """Give attributes that say which ads a row is about; paper leads nowhere."""
        return Markup("")

    def exports(self, block: object) -> Markup:  # noqa: ARG002
        """Offer a table or a chart as a file; a report is one already."""
        return Markup("")

    def quoted(self, thing: object) -> bool:
        """Tell whether these are words of an ad, which may offend."""
        return isinstance(thing, Quote)

    def around(self, quote: Quote) -> tuple[str, str, str]:
        """Give what we say before words of an ad, those words, and what we say after them."""
        said = self.say(quote)
        if quote.words not in {"", said} and quote.words in said:
            before, words, after = said.partition(quote.words)
            return before, words, after
        return "", said, ""

    def standing(self, goal: Goal) -> str:
        """Say where a figure stands against its goal."""
        return say(f"report.goal.{goal.standing}", self._language)

    def tone(self, goal: Goal) -> Tone:
        """Give the tone of a goal's standing."""
        return _TONES[goal.standing]

    def shape(self, tone: Tone) -> str:
        """Give the shape that tells a tone without colour."""
        return _SHAPES.get(tone, "")

    def pictures(
        self, block: Charts
    ) -> list[tuple[TrendChart | DotChart | LineChart, list[Markup]]]:
        """Draw the charts of a block: in a grid once, alone in a wide and a narrow form."""
        alone = len(block.charts) == 1
        widths = (_WIDE, _NARROW) if alone else (_SMALL,)
        return [(chart, [self._draw(chart, width) for width in widths]) for chart in block.charts]

    def _draw(self, chart: TrendChart | DotChart | LineChart, width: int) -> Markup:
        drawn = svg(chart, language=self._language, width=width)
        return Markup(drawn)  # noqa: S704 - the renderer escapes every text in it

    def numbers(self, chart: TrendChart | DotChart | LineChart) -> object:
        """Give the numbers of a chart as a table."""
        return chart_table(chart)

    def events(
        self, charts: Sequence[TrendChart | DotChart | LineChart]
    ) -> list[tuple[int, Event]]:
        """Give the events drawn, numbered as on the charts."""
        trends = [chart for chart in charts if isinstance(chart, TrendChart)]
        drawn = dict(pair for chart in trends for pair in events_drawn(chart))
        return [(number, drawn[number]) for number in sorted(drawn)]
