"""The section that answers: how do the figures move from day to day?"""

from __future__ import annotations

from datetime import timedelta

import numpy as np

from shroff.domain.messages import Message
from shroff.report.document import (
    Align,
    Block,
    Charts,
    Column,
    Event,
    Paragraph,
    Row,
    Section,
    Table,
    Tone,
    TrendChart,
    TrendPoint,
)
from shroff.report.figures import Figure, Form
from shroff.report.wording import Bilingual, Plain, Sayable
from shroff.stats.estimate import Estimate, Status
from shroff.watch.daily_series import DailySeries
from shroff.watch.logged_changes import LoggedChange
from shroff.watch.trend_lines import Trend, Trends
from shroff.watch.trend_summary import expected

__all__ = ["trends_section"]

_LARGEST = ("place", "first", "between", "last", "inside", "outside", "ratio")
_FIGURES = 5


def trends_section(found: Trends) -> Section | None:
    """Draw the lines, each with its interval, open days, changes of the log and a forecast.

    Parameters
    ----------
    found : Trends
        The lines.

    Returns
    -------
    Section or None
        None where there is no line.
    """
    if not found.lines:
        return None
    marks = tuple(_event(each) for each in found.logged)
    charts = tuple(_chart(line, marks) for line in found.lines)
    blocks: list[Block] = [Charts(charts)]
    level = f"{100 * found.question.level:g}%"
    notes = [Message("trends.band", {"level": level}), *_notes(found)]
    if found.largest():
        blocks += [Paragraph(Message("trends.largest")), _largest(found)]
        blocks += [Paragraph(note, Tone.QUIET) for note in found.parts()]
    blocks += [Paragraph(note, Tone.QUIET) for note in notes]
    return Section("trends", Message("trends.title"), found.lead(), tuple(blocks))


def _largest(found: Trends) -> Table:
    """List the largest changes of each line, the clearest first."""
    names = [Message(f"trends.largest.column.{name}") for name in _LARGEST]
    titles = [names[0], Message("trends.column.metric"), *names[1:]]
    columns = tuple(
        Column(title, Align.END if n >= _FIGURES else Align.START)
        for n, title in enumerate(titles)
    )
    rows = tuple(
        Row(
            (
                Plain(str(place)),
                Bilingual(line.metric.name_en, line.metric.name_zh),
                *(Plain(cell) for cell in each.cells(line.metric)),
            )
        )
        for line, place, each in found.largest()
    )
    return Table(columns, rows)


def _notes(found: Trends) -> list[Message]:
    """Say what to know; changes of the log are told under the charts."""
    said = [note for note in found.remarks() if note.id != "trends.changed"]
    for line in found.lines:
        ahead = expected(line)
        if ahead is not None:
            named = {"metric": f"{line.metric.name_en}|{line.metric.name_zh}"}
            said.append(Message("trends.expected_of", {**named, **ahead.params}))
    return said


def _event(each: LoggedChange) -> Event:
    return Event(each.day, Plain(each.text))


def _chart(line: Trend, marks: tuple[Event, ...]) -> TrendChart:
    form = Form.COUNT if line.metric.unit == "per_day" else Form.SHARE
    title: Sayable = Bilingual(line.metric.name_en, line.metric.name_zh)
    return TrendChart(
        id=f"trend-{line.metric.id.replace('_', '-')}",
        title=title,
        points=tuple(
            TrendPoint(day, Figure(_estimate(line.series, place), form), bool(settled))
            for place, (day, settled) in enumerate(
                zip(line.series.days, line.series.settled, strict=True)
            )
        ),
        form=form,
        events=marks,
        ahead=_ahead(line, form),
    )


def _estimate(series: DailySeries, place: int) -> Estimate:
    value = float(series.value[place])
    counted = series.low is None
    low = value if series.low is None else float(series.low[place])
    high = value if series.high is None else float(series.high[place])
    known = bool(np.isfinite(value))
    base = series.above if series.below is None else series.below
    return Estimate(
        value=value if known else None,
        low=low if known else None,
        high=high if known else None,
        level=0.95,
        status=(Status.COUNT if counted else Status.ESTIMATE) if known else Status.UNKNOWN,
        method="count" if counted else "korn-graubard",
        n=round(float(base[place])),
    )


def _ahead(line: Trend, form: Form) -> tuple[TrendPoint, ...]:
    if line.ahead is None:
        return ()
    last = line.series.days[-1]
    return tuple(
        TrendPoint(
            last + timedelta(days=n + 1),
            Figure(
                Estimate(
                    value=float(line.ahead.value[n]),
                    low=float(line.ahead.low[n]),
                    high=float(line.ahead.high[n]),
                    level=line.ahead.level,
                    status=Status.ESTIMATE,
                    method="forecast",
                    n=0,
                ),
                form,
            ),
            complete=False,
        )
        for n in range(len(line.ahead.value))
    )
