"""Lines by day: what was seen, what is to be expected, and what belongs beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import pyarrow as pa

from shroff.domain.messages import Message
from shroff.domain.metrics import Metric
from shroff.domain.slices import Period, Slice
from shroff.measure.families import Query
from shroff.watch.daily_series import SETTLED, DailySeries, Floats
from shroff.watch.forecasting import Forecast
from shroff.watch.holidays import Holiday
from shroff.watch.largest_changes import LargeChange
from shroff.watch.logged_changes import LoggedChange

__all__ = ["TREND_METRICS", "Trend", "TrendQuestion", "Trends", "slice_text"]

TREND_METRICS = ("violating_ad_share", "reject_rate", "queue_in_rate", "approve_rate", "leakage")
"""What is shown when no metric is named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendQuestion:
    """Which trends are wanted.

    Parameters
    ----------
    metrics : tuple of str
        Ids of metrics.
    by : tuple of str
        Columns whose values are drawn as lines of their own; empty for everything together.
    within : mapping
        Column and value that narrow it down.
    ahead : int
        Days to forecast, 0 to 60.
    level : float
        Coverage of the forecast's intervals, in (0, 1).
    """

    metrics: tuple[str, ...] = TREND_METRICS
    by: tuple[str, ...] = ()
    within: Mapping[str, str]
    ahead: int = 14
    level: float = 0.9

    @property
    def slicing(self) -> tuple[str, ...]:
        """Name every column that takes part."""
        return tuple(dict.fromkeys((*self.within, *self.by)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """One line: what was seen, and what is to be expected.

    Parameters
    ----------
    metric : Metric
        The metric.
    series : DailySeries
        Day by day.
    ahead : Forecast or None
        The coming days; None where too little is known, or none were asked for.
    largest : tuple of LargeChange
        Up to three stretches of days that stand out; told of a line over everything.
    """

    metric: Metric
    series: DailySeries
    ahead: Forecast | None
    largest: tuple[LargeChange, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Trends:
    """Lines, and what belongs beside them.

    Parameters
    ----------
    period : Period
        Their days.
    question : TrendQuestion
        What was asked.
    lines : tuple of Trend
        By metric, the slices with the most events first.
    logged : tuple of LoggedChange
        Changes of the log in these days.
    holidays : tuple of Holiday
        Holidays in these days and those forecast.
    notes : tuple of Message
        What was left out, and why.
    queries : tuple of Query
        The SQL that was run.
    """

    period: Period
    question: TrendQuestion
    lines: tuple[Trend, ...]
    logged: tuple[LoggedChange, ...]
    holidays: tuple[Holiday, ...]
    notes: tuple[Message, ...]
    queries: tuple[Query, ...]

    def lead(self) -> Message:
        """Say how much is drawn."""
        open_days = max((int((~each.series.settled).sum()) for each in self.lines), default=0)
        return Message(
            "trends.lead",
            {
                "lines": len(self.lines),
                "days": self.period.days,
                "period": self.period.label(),
                "open": open_days,
            },
        )

    def largest(self) -> tuple[tuple[Trend, int, LargeChange], ...]:
        """Give the largest changes: the line, the place within it, the change."""
        return tuple(
            (line, place + 1, each)
            for line in self.lines
            for place, each in enumerate(line.largest)
        )

    def parts(self) -> tuple[Message, ...]:
        """Say which of the largest changes are held against a part of their line only."""
        return tuple(note for _, _, each in self.largest() if (note := each.part()) is not None)

    def remarks(self) -> tuple[Message, ...]:
        """Say what to know of the lines: what was left out, open days, what changed, holidays."""
        said = [*self.notes]
        if any(not each.series.settled.all() for each in self.lines):
            said.append(Message("trends.hollow", {"share": f"{100 * SETTLED:g}%"}))
        said += [
            Message("trends.changed", {"day": str(each.day), "what": each.text})
            for each in self.logged
        ]
        if self.holidays:
            said.append(Message("trends.holidays", {"listed": _named(self.holidays)}))
        return tuple(said)

    def to_arrow(self) -> pa.Table:
        """Give a row for each day of each line, those foreseen after those seen."""
        rows = [row for line in self.lines for row in _rows(line)]
        kinds = {
            "metric": pa.string(),
            "slice": pa.string(),
            "day": pa.date32(),
            "kind": pa.string(),
            **dict.fromkeys(
                ("value", "low", "high", "numerator", "denominator", "complete"), pa.float64()
            ),
        }
        return pa.Table.from_pylist(rows, schema=pa.schema(list(kinds.items())))

    def record(self) -> dict[str, object]:
        """Give everything as a JSON-ready record."""
        return {
            "period": {"start": str(self.period.start), "end": str(self.period.end)},
            "metrics": list(self.question.metrics),
            "by": list(self.question.by),
            "within": dict(self.question.within),
            "level": self.question.level,
            "lines": [_line(line) for line in self.lines],
            "changes": [each.record() for each in self.logged],
            "holidays": [each.record() for each in self.holidays],
            "notes": [note.record() for note in self.notes],
            "queries": [{"title": q.title, "sql": q.sql} for q in self.queries],
        }


def slice_text(part: Slice) -> str:
    """Write a slice as ``market=US, language=en``; empty for everything."""
    return ", ".join(f"{n}={'∅' if v is None else v}" for n, v in part.terms)


def _named(holidays: tuple[Holiday, ...]) -> str:
    """Name holidays in both languages, one after the other."""
    return "|".join(
        "; ".join(f"{each.name(language)} {each.first} – {each.last}" for each in holidays)
        for language in ("en", "zh")
    )


def _line(line: Trend) -> dict[str, object]:
    return {
        "metric": line.metric.id,
        "slice": line.series.slice.record(),
        "dispersion": None if line.ahead is None else line.ahead.dispersion,
        "largest": [each.record() for each in line.largest],
        "days": [
            {
                **{name: value for name, value in row.items() if name not in {"metric", "slice"}},
                "day": str(row["day"]),
            }
            for row in _rows(line)
        ],
    }


def _rows(line: Trend) -> list[dict[str, object]]:
    series = line.series
    whose = {"metric": line.metric.id, "slice": slice_text(series.slice)}
    value = series.value
    rows: list[dict[str, object]] = [
        {
            **whose,
            "day": day,
            "kind": "seen" if series.settled[n] else "incomplete",
            "value": _known(value, n),
            "low": _known(series.low, n),
            "high": _known(series.high, n),
            "numerator": float(series.above[n]),
            "denominator": _known(series.below, n),
            "complete": float(series.complete[n]),
        }
        for n, day in enumerate(series.days)
    ]
    if line.ahead is None:
        return rows
    after = series.days[-1]
    return rows + [
        {
            **whose,
            "day": after + timedelta(days=n + 1),
            "kind": "foreseen",
            "value": float(line.ahead.value[n]),
            "low": float(line.ahead.low[n]),
            "high": float(line.ahead.high[n]),
            "numerator": None,
            "denominator": None,
            "complete": None,
        }
        for n in range(len(line.ahead.value))
    ]


def _known(values: Floats | None, place: int) -> float | None:
    if values is None or not np.isfinite(values[place]):
        return None
    return float(values[place])
