"""What stands behind a figure or a row, for whoever points at it; and notes on charts of time."""

from __future__ import annotations

import json
from collections.abc import Container, Iterator, Sequence
from dataclasses import replace

from markupsafe import Markup

from shroff.domain.messages import Language, say
from shroff.domain.slices import Slice
from shroff.report.document import DotChart, Event, TrendChart
from shroff.report.figures import Figure, Part
from shroff.report.line_charts import LineChart
from shroff.report.provenance import Provenance
from shroff.report.wording import Plain, Sentence
from shroff.stats.estimate import Status
from shroff.store.view_book import Note
from shroff.web.viewing import SLICE

__all__ = ["annotated", "part_terms", "tip_lines", "tip_mark"]

_SAID = "web.habits.tip"
_CAVEATS = 3


def tip_lines(figure: Figure, language: Language) -> Iterator[str]:
    """Say how many labels a figure rests on, how sure it is, and how it was measured.

    Parameters
    ----------
    figure : Figure
        The figure.
    language : Language
        Language wanted.

    Yields
    ------
    str
        One fact a line.
    """
    estimate = figure.estimate
    yield replace(figure, part=Part.WHOLE).text(language)
    if estimate.n or estimate.status not in {Status.UNKNOWN, Status.SUPPRESSED}:
        yield say(f"{_SAID}.n", language, {"n": estimate.n})
    if estimate.n_effective is not None and round(estimate.n_effective) != estimate.n:
        yield say(f"{_SAID}.effective", language, {"n": round(estimate.n_effective)})
    yield _interval(figure, language)
    yield say(
        f"{_SAID}.status", language, {"status": say(f"report.status.{estimate.status}", language)}
    )
    if estimate.method:
        yield say(
            f"{_SAID}.method", language, {"method": Provenance(estimate.method).text(language)}
        )
    if estimate.design:
        yield say(
            f"{_SAID}.design", language, {"design": Provenance(estimate.design).text(language)}
        )
    for caveat in estimate.caveats[:_CAVEATS]:
        yield caveat.text(language)


def _interval(figure: Figure, language: Language) -> str:
    estimate = figure.estimate
    if figure.has_interval:
        slots = {"level": f"{estimate.level:.0%}", "interval": figure.interval(language)}
        return say(f"{_SAID}.interval", language, slots)
    counted = estimate.status is Status.COUNT
    return say(f"{_SAID}.no_interval" if counted else f"{_SAID}.unsure", language)


def tip_mark(figure: Figure, language: Language) -> Markup:
    """Give the attributes that make a figure tell about itself when it is pointed at."""
    return Markup(' tabindex="-1" role="button" aria-haspopup="dialog" data-tip="{}"').format(
        "\n".join(tip_lines(figure, language))
    )


def part_terms(part: Slice | None, columns: Container[str]) -> str:
    """Write which ads a row is about, as names and values of an address.

    Parameters
    ----------
    part : Slice or None
        The slice.
    columns : container of str
        Columns that pages can be filtered by.

    Returns
    -------
    str
        JSON; empty for all ads, and where a page cannot be filtered by the slice.
    """
    if part is None or not part.terms or any(name not in columns for name in part.dimensions):
        return ""
    return json.dumps(
        {SLICE + name: value or "" for name, value in part.terms}, ensure_ascii=False
    )


def annotated(
    chart: TrendChart | DotChart | LineChart, notes: Sequence[Note]
) -> TrendChart | DotChart | LineChart:
    """Draw notes on a chart of time, beside the changes that the logs tell of.

    Parameters
    ----------
    chart : TrendChart, DotChart or LineChart
        The chart.
    notes : sequence of Note
        What people wrote down.

    Returns
    -------
    TrendChart, DotChart or LineChart
        A chart of time with the notes on its days; any other as it is.
    """
    if not isinstance(chart, TrendChart) or not chart.points:
        return chart
    first, last = chart.points[0].at, (*chart.points, *chart.ahead)[-1].at
    if len(chart.points) > 1:  # a note on the last days of the last period is drawn too
        last += chart.points[-1].at - chart.points[-2].at
    told = tuple(
        Event(note.day, Sentence(
            "web.habits.notes.said", {"text": Plain(note.text), "who": Plain(note.who)}
        ))
        for note in notes
        if first <= note.day <= last
    )  # fmt: skip
    return replace(chart, events=(*chart.events, *told)) if told else chart
