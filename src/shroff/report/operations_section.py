"""The section that answers: how do the LLM judges run?"""

from __future__ import annotations

from dataclasses import dataclass

from shroff.advise.operation_changes import operation_changes
from shroff.advise.operation_words import (
    BESIDE_COLUMNS,
    CALL_COLUMNS,
    DRIFT_COLUMNS,
    beside_words,
    call_words,
    change_words,
    drift_words,
)
from shroff.domain.messages import Language, Message
from shroff.errors import ShroffError
from shroff.measure.scorecard import Scorecard
from shroff.models.operations import operations
from shroff.models.operations_result import RATES, CallDay, Operations
from shroff.report.document import (
    Align,
    Block,
    Charts,
    Column,
    Paragraph,
    Row,
    Section,
    Table,
    TrendChart,
    TrendPoint,
)
from shroff.report.figures import Figure, Form
from shroff.report.wording import Bilingual, Plain
from shroff.stats.proportions import wilson
from shroff.store.engine import Engine

__all__ = ["OPERATIONS", "operations_section", "told_operations"]

OPERATIONS = "operations"
"""Name of the section; it does not leave the team."""

_DRAWN = ("error_rate", "refusal_rate", "violating_rate")
_CALLS = (
    "version",
    "calls",
    "error_rate",
    "refusal_rate",
    "violating_rate",
    "latency",
    "cost_1000",
)
_BESIDE = ("version", "beside", "apart", "labels")
_MOST_VERSIONS = 2
_FEWEST_DAYS = 5


def operations_section(engine: Engine, card: Scorecard) -> Section | None:
    """Build the section: calls, who says otherwise, drift, and what changed by day.

    Parameters
    ----------
    engine : Engine
        Where the logs are; the scorecard's session tables are made anew.
    card : Scorecard
        The scorecard of the report's period.

    Returns
    -------
    Section or None
        None where no ad of the period was judged.
    """
    try:
        found = operations(engine, card.brief)
    except ShroffError:  # no judgements: nothing to tell
        return None
    return told_operations(found)


def told_operations(found: Operations) -> Section:
    """Tell how judges ran.

    Parameters
    ----------
    found : Operations
        Calls by version and day.

    Returns
    -------
    Section
        Tables, charts by day, and changes beyond chance.
    """
    blocks: list[Block] = [Paragraph(each) for each in change_words(operation_changes(found))]
    rows = [
        _Both(*(call_words(each, language) for language in Language)) for each in found.versions
    ]
    blocks.append(_table(_CALLS, [each.only(CALL_COLUMNS, _CALLS) for each in rows], left=1))
    charts = _charts(found)
    if charts:
        blocks.append(Charts(charts))
    beside = [each for each in found.beside if not each.cut]
    if beside:
        rows = [_Both(*(beside_words(each, language) for language in Language)) for each in beside]
        blocks += [
            Paragraph(Message("operations.beside_title")),
            _table(_BESIDE, [each.only(BESIDE_COLUMNS, _BESIDE) for each in rows], left=2),
        ]
    if found.drifts:
        rows = [_Both(drift_words(each), drift_words(each)) for each in found.drifts]
        blocks += [
            Paragraph(Message("operations.drift_title")),
            _table(DRIFT_COLUMNS, rows, left=1),
        ]
    return Section(OPERATIONS, Message("operations.title"), found.summary(), tuple(blocks))


@dataclass(frozen=True, slots=True)
class _Both:
    """The cells of a row in both languages."""

    english: tuple[str, ...]
    chinese: tuple[str, ...]

    def only(self, every: tuple[str, ...], names: tuple[str, ...]) -> _Both:
        """Keep some of the columns."""
        places = [every.index(name) for name in names]
        return _Both(
            tuple(self.english[place] for place in places),
            tuple(self.chinese[place] for place in places),
        )

    def row(self) -> Row:
        pairs = zip(self.english, self.chinese, strict=True)
        return Row(tuple(Plain(a) if a == b else Bilingual(a, b) for a, b in pairs))


def _table(names: tuple[str, ...], rows: list[_Both], *, left: int) -> Table:
    columns = tuple(
        Column(Message(f"operations.column.{name}"), Align.START if n < left else Align.END)
        for n, name in enumerate(names)
    )
    return Table(columns, tuple(each.row() for each in rows))


def _charts(found: Operations) -> tuple[TrendChart, ...]:
    """Draw the shares of the versions that were asked most."""
    shown = sorted(found.versions, key=lambda each: -each.calls)[:_MOST_VERSIONS]
    charts = []
    for number, version in enumerate(shown):
        days = [
            day
            for day in found.days
            if (day.model, day.version) == (version.model, version.version) and day.counts["calls"]
        ]
        if len(days) < _FEWEST_DAYS:
            continue
        for rate in _DRAWN:
            english, chinese = (
                f"{version.model} {version.version}: "
                + Message(f"operations.chart.{rate}").text(language)
                for language in Language
            )
            charts.append(
                TrendChart(
                    id=f"operations-{number}-{rate.replace('_', '-')}",
                    title=Bilingual(english, chinese),
                    points=tuple(_point(day, rate) for day in days),
                    form=Form.SHARE,
                )
            )
    return tuple(charts)


def _point(day: CallDay, rate: str) -> TrendPoint:
    hits = sum(int(day.counts[name]) for name in RATES[rate])
    return TrendPoint(day.day, Figure(wilson(hits, int(day.counts["calls"])), Form.SHARE))
