"""Sections on quality: what changed, the weeks, the scorecard."""

from __future__ import annotations

from collections.abc import Callable

from shroff.domain.messages import Message, count, number
from shroff.report.document import (
    Align,
    Cards,
    Charts,
    Column,
    Details,
    FigureCard,
    Goal,
    Row,
    Section,
    Table,
    TrendChart,
    TrendPoint,
)
from shroff.report.figures import Figure
from shroff.report.grounds import basis, reason, worth
from shroff.report.headline import Tale, goals_tally, tales
from shroff.report.judging import against, form_of
from shroff.report.provenance import Provenance
from shroff.report.publication import MayShow
from shroff.report.weekly_results import WeeklyResults
from shroff.report.wording import Plain, Sayable, Sentence, Sentences

__all__ = [
    "CHARTED",
    "change_section",
    "detail",
    "scorecard_section",
    "weeks_section",
]

_GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("rejects", ("reject_rate", "reject_precision", "right_policy_precision", "fdr", "fpr")),
    ("approvals", ("approve_rate", "leakage")),
    ("queue", ("queue_in_rate", "queue_in_precision")),
    ("violations", ("recall_any", "recall_reject", "miss_rate")),
    ("automation", ("automation_rate", "safe_automation_rate")),
    ("overturns", ("first_review_overturn_rate", "overturns_per_appeal")),
)
_MORE = ("specificity", "npv", "f1", "machine_coverage", "rule_share", "proactive_rate",
         "reported_leak_floor")  # fmt: skip
CHARTED = ("leakage", "reject_precision", "violating_impression_share", "recall_any",
            "queue_in_precision", "automation_rate")  # fmt: skip


def change_section(results: WeeklyResults) -> Section:
    """Answer: what changed, and are we on target?

    Parameters
    ----------
    results : WeeklyResults
        What was measured.

    Returns
    -------
    Section
        Cards of the headline figures, then every figure with a goal beside the period before.
    """
    told = tales(results)
    cards = tuple(_card(results, tale) for tale in told if tale.metric in results.lead)
    rows = tuple(_change_row(results, tale) for tale in told)
    columns = (
        Column(Message("report.column.metric")),
        Column(Message("report.column.now"), Align.END),
        Column(results.compared.column, Align.END),
        Column(Message("report.column.change"), Align.END),
        Column(Message("report.column.reading")),
        Column(Message("report.column.goal")),
    )
    note = _told(results, "note", looks=len(told))
    return Section(
        "change",
        Message("report.change.title"),
        _change_lead(results, told),
        (Cards(cards), Table(columns, rows, note)),
    )


def _card(results: WeeklyResults, tale: Tale) -> FigureCard:
    return FigureCard(
        label=results.name(tale.metric),
        figure=tale.now,
        basis=reason(results, tale.metric, tale.now.estimate),
        change=tale.change,
        goal=_goal(results, tale.metric),
        compared=results.compared,
    )


def _told(results: WeeklyResults, key: str, **slots: float) -> Sayable:
    """Say a sentence that may name what the figures are compared with."""
    known = results.compared.told(key)
    return Sentence(
        known, {**slots, "other": results.compared.said, "before": results.before.label()}
    )


def _goal(results: WeeklyResults, metric: str) -> Goal | None:
    form = form_of(results.metrics.get(metric))
    return against(results.now.get(metric), results.targets.get(metric), form=form)


def _change_row(results: WeeklyResults, tale: Tale) -> Row:
    past = results.past.get(tale.metric)
    return Row(
        (
            results.name(tale.metric),
            tale.now,
            Figure(past, tale.now.form) if past else None,
            tale.change,
            tale.reading.mark if tale.reading else None,
            _goal(results, tale.metric),
        )
    )


def _change_lead(results: WeeklyResults, told: tuple[Tale, ...]) -> Sayable:
    met, missed, unsure = goals_tally(results)
    changes = _moves(results, told)
    slots = {"met": met, "missed": missed, "unsure": unsure, "goals": met + missed + unsure}
    goals = "report.change.goals" if slots["goals"] else "report.change.no_goals"
    return Sentence("report.two", {"first": changes, "second": Message(goals, slots)})


def _moves(results: WeeklyResults, told: tuple[Tale, ...]) -> Sayable:
    """Count clear changes among the figures that can be compared."""
    readings = [tale.reading for tale in told if tale.reading]
    if not readings:
        return _told(results, "incomparable")
    clear = sum(1 for reading in readings if reading.clear)
    rest = len(told) - len(readings)
    key = "lead_some" if rest else "lead"
    return _told(results, key, clear=clear, looks=len(readings), rest=rest)


def weeks_section(results: WeeklyResults, *, may_show: MayShow) -> Section | None:
    """Answer: how have the weeks moved?

    Parameters
    ----------
    results : WeeklyResults
        What was measured.
    may_show : callable
        Whether a figure may be shown.

    Returns
    -------
    Section or None
        A chart for each figure that has two weeks or more.
    """
    drawn = [_trend(results, metric) for metric in CHARTED if metric in results.weeks]
    charts = tuple(
        chart for chart in drawn if sum(may_show(point.figure) for point in chart.points) > 1
    )
    if not charts:
        return None
    weeks = max(len(chart.points) for chart in charts)
    lead = Message("report.weeks.lead", {"weeks": weeks})
    note = Message("report.weeks.note")
    return Section("weeks", Message("report.weeks.title"), lead, (Charts(charts, note),))


def _trend(results: WeeklyResults, metric: str) -> TrendChart:
    form = form_of(results.metrics.get(metric))
    target = results.targets.get(metric)
    points = tuple(
        TrendPoint(week.at, Figure(week.estimate, form), week.complete)
        for week in results.weeks[metric]
    )
    return TrendChart(
        id=f"weeks-{metric.replace('_', '-')}",
        title=results.name(metric),
        points=points,
        form=form,
        events=results.events,
        goal=target.bar if target else None,
    )


def scorecard_section(results: WeeklyResults) -> Section:
    """Answer: how good is each kind of decision?

    Parameters
    ----------
    results : WeeklyResults
        What was measured.

    Returns
    -------
    Section
        Every figure of quality and automation, what it rests on, and how sure it is.
    """
    known = {name for _, group in _GROUPS for name in group}
    own = tuple(m.id for m in results.metrics.values() if m.custom and m.id not in known)
    groups = [(key, _present(results, names)) for key, names in (*_GROUPS, ("own", own))]
    rows: list[Row] = []
    for key, names in groups:
        if names:
            rows.append(Row((Message(f"report.group.{key}"),), group=True))
            rows += [_score_row(results, name) for name in names]
    columns = (
        Column(Message("report.column.metric")),
        Column(Message("report.column.now"), Align.END),
        Column(Message("report.column.basis"), Align.END),
        Column(Message("report.column.worth")),
    )
    shown = tuple(name for _, names in groups for name in names)
    return Section(
        "scorecard",
        Message("report.scorecard.title"),
        Message("report.scorecard.lead"),
        (Table(columns, tuple(rows)), *_more(results, columns), detail(results, shown)),
    )


def _more(results: WeeklyResults, columns: tuple[Column, ...]) -> tuple[Details, ...]:
    names = _present(results, _MORE)
    if not names:
        return ()
    rows = tuple(_score_row(results, name) for name in names)
    return (Details(Message("report.scorecard.more"), (Table(columns, rows),)),)


def _present(results: WeeklyResults, names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in names if name in results.now)


def _score_row(results: WeeklyResults, metric: str) -> Row:
    estimate = results.now[metric]
    return Row(
        (
            results.name(metric),
            Figure(estimate, form_of(results.metrics.get(metric))),
            basis(results, metric, estimate),
            worth(estimate),
        )
    )


def detail(results: WeeklyResults, metrics: tuple[str, ...]) -> Details:
    """Tell how sure each figure is, for those who ask.

    Parameters
    ----------
    results : WeeklyResults
        What was measured.
    metrics : tuple of str
        Ids of the metrics.

    Returns
    -------
    Details
        n, effective n, design effect, method, design and caveats.
    """
    columns = (
        Column(Message("report.column.metric")),
        Column(Message("report.column.n"), Align.END),
        Column(Message("report.column.n_effective"), Align.END),
        Column(Message("report.column.design_effect"), Align.END),
        Column(Message("report.column.method")),
        Column(Message("report.column.caveats")),
    )
    rows = tuple(_detail_row(results, name) for name in metrics)
    return Details(
        Message("report.detail.summary"), (Table(columns, rows, Message("report.detail.note")),)
    )


def _detail_row(results: WeeklyResults, metric: str) -> Row:
    estimate = results.now[metric]
    design = (Sentence("report.detail.design", {"design": Provenance(estimate.design)}),)
    return Row(
        (
            results.name(metric),
            _number(estimate.n, count),
            _number(estimate.n_effective, count),
            _number(estimate.design_effect, number),
            Provenance(estimate.method),
            Sentences((*(design if estimate.design else ()), *estimate.caveats)),
        )
    )


def _number(value: float | None, write: Callable[[float], str]) -> Sayable | None:
    return None if value is None else Plain(write(value))
