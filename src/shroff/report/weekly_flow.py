"""Sections on people and logs: appeals, reviewing by queue, data health, what to label next."""

from __future__ import annotations

from collections.abc import Mapping

from shroff.domain.messages import Message
from shroff.domain.slices import Slice
from shroff.report.document import (
    Align,
    Callout,
    Cards,
    Column,
    FigureCard,
    Mark,
    Row,
    Section,
    Table,
    Tone,
)
from shroff.report.figures import Figure, Form
from shroff.report.grounds import basis, reason
from shroff.report.judging import form_of
from shroff.report.weekly_quality import detail
from shroff.report.weekly_results import Measured, WeeklyResults
from shroff.report.wording import Plain, Sayable, Sentence
from shroff.stats.estimate import Estimate, Status

__all__ = ["appeals_section", "health_section", "next_section", "reviewing_section"]

_APPEALS = ("appeal_rate", "overturns_per_appeal", "appeal_error_floor")
_REVIEWING = (
    "turnaround_p50", "turnaround_p90", "turnaround_p95", "backlog_share", "handle_minutes",
    "occupancy",
)  # fmt: skip
_QUEUE = ("queue",)


def _figure(results: WeeklyResults, metric: str) -> Figure:
    return Figure(results.now[metric], form_of(results.metrics.get(metric)))


def appeals_section(results: WeeklyResults) -> Section | None:
    """Answer: which rejects did advertisers win back?

    Parameters
    ----------
    results : WeeklyResults
        What was measured.

    Returns
    -------
    Section or None
        Appeal figures with the warning they need; None without appeals.
    """
    known = tuple(metric for metric in _APPEALS if metric in results.now)
    if not known:
        return None
    cards = Cards(
        tuple(
            FigureCard(
                results.name(m),
                _figure(results, m),
                reason(results, m, results.now[m]),
                _change(results, m),
            )
            for m in known
        )
    )
    warning = Callout(Message("report.appeals.warning"), Message("report.appeals.selection"))
    floor = results.now.get("appeal_error_floor")
    lead: Sayable = Message("report.appeals.lead_plain")
    if floor is not None and floor.value is not None:
        lead = Sentence("report.appeals.lead", {"floor": _figure(results, "appeal_error_floor")})
    blocks = (cards, warning, detail(results, known))
    return Section("appeals", Message("report.appeals.title"), lead, blocks)


def _change(results: WeeklyResults, metric: str) -> Figure | None:
    change = results.change.get(metric)
    return Figure(change, Form.POINTS) if change else None


def reviewing_section(results: WeeklyResults) -> Section | None:
    """Answer: how long do ads wait for people? Queues only, never a person.

    Parameters
    ----------
    results : WeeklyResults
        What was measured.

    Returns
    -------
    Section or None
        Turnaround, backlog and load by queue; None without review tasks.
    """
    known = tuple(metric for metric in _REVIEWING if metric in results.now)
    if not known:
        return None
    live = tuple(metric for metric in _REVIEWING if results.of(metric, _QUEUE))
    table = _by_queue(results, live) if live else _table_of_all(results, known)
    note = Table(table.columns, table.rows, Message("report.reviewing.note"))
    blocks = (note, detail(results, known))
    return Section("reviewing", Message("report.reviewing.title"), _waits(results), blocks)


def _waits(results: WeeklyResults) -> Sayable:
    """Name the quickest and the slowest queue."""
    known = [p for p in results.of("turnaround_p90", _QUEUE) if p.estimate.value is not None]
    known.sort(key=lambda part: part.estimate.value or 0.0)
    if len(known) < 2:
        return Message("report.reviewing.lead_plain")
    form = form_of(results.metrics.get("turnaround_p90"))
    quick, slow = known[0], known[-1]
    slots: dict[str, Sayable] = {
        "quick": results.value(*quick.slice.terms[0]),
        "slow": results.value(*slow.slice.terms[0]),
        "quick_wait": Figure(quick.estimate, form),
        "slow_wait": Figure(slow.estimate, form),
    }
    return Sentence("report.reviewing.lead", slots)


def _by_queue(results: WeeklyResults, metrics: tuple[str, ...]) -> Table:
    """Lay out the queues that ads wait in; others are only staffed."""
    by_queue = {m: {part.slice: part for part in results.of(m, _QUEUE)} for m in metrics}
    rows = tuple(
        Row(
            (
                results.value(*queue.terms[0]),
                *[_of_queue(results, by_queue[m], queue) for m in metrics],
            )
        )
        for queue in sorted(by_queue[metrics[0]], key=_terms)
    )
    columns = (
        Column(Message("report.dimension.queue")),
        *[Column(results.name(metric), Align.END) for metric in metrics],
    )
    return Table(columns, rows)


def _terms(part: Slice) -> str:
    return str(part.terms)  # a missing value does not compare with text


def _of_queue(
    results: WeeklyResults, parts: Mapping[Slice, Measured], queue: Slice
) -> Figure | None:
    part = parts.get(queue)
    return Figure(part.estimate, form_of(results.metrics.get(part.metric))) if part else None


def _table_of_all(results: WeeklyResults, known: tuple[str, ...]) -> Table:
    columns = (
        Column(Message("report.column.metric")),
        Column(Message("report.column.now"), Align.END),
        Column(Message("report.column.basis")),
    )
    rows = tuple(
        Row((results.name(m), _figure(results, m), basis(results, m, results.now[m])))
        for m in known
    )
    return Table(columns, rows)


def health_section(results: WeeklyResults) -> Section:
    """Answer: can the logs be trusted?

    Parameters
    ----------
    results : WeeklyResults
        What was measured.

    Returns
    -------
    Section
        Each finding and what it does to the figures.
    """
    title = Message("report.health.title")
    bad = sum(1 for note in results.health if note.tone is Tone.BAD)
    if not results.health:
        return Section("health", title, Message("report.health.lead_none"))
    columns = (
        Column(Message("report.column.severity")),
        Column(Message("report.column.finding")),
        Column(Message("report.column.effect")),
    )
    rows = tuple(
        Row((Mark(Message(f"report.severity.{n.tone}"), n.tone), n.finding, n.effect))
        for n in results.health
    )
    lead = Message("report.health.lead", {"findings": len(results.health), "bad": bad})
    return Section("health", title, lead, (Table(columns, rows),))


def next_section(results: WeeklyResults) -> Section:
    """Answer: what would tell us more?

    Parameters
    ----------
    results : WeeklyResults
        What was measured.

    Returns
    -------
    Section
        The smallest audit that would answer what is unknown.
    """
    title = Message("report.next.title")
    if not results.needs:
        return Section("next", title, Message("report.next.lead_none"))
    columns = (
        Column(Message("report.column.label")),
        Column(Message("report.column.labels"), Align.END),
        Column(Message("report.column.answers")),
    )
    rows = tuple(Row((need.what, _count(need.labels), need.answers)) for need in results.needs)
    lead = Message("report.next.lead", {"labels": results.needs[0].labels})
    return Section("next", title, lead, (Table(columns, rows, Message("report.next.note")),))


def _count(number: int) -> Sayable:
    exact = Estimate(
        value=number, low=number, high=number, level=0.95, status=Status.COUNT, method="count", n=0
    )
    return Plain(Figure(exact, Form.COUNT).text())
