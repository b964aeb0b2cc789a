"""Did it work? A change judged by the way it was rolled out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import numpy as np

from shroff.advise.outcome_hash import sides_of
from shroff.advise.outcome_question import OutcomeQuestion, Rollout, columns_of
from shroff.advise.outcome_result import Came, Outcome, Point
from shroff.advise.outcome_series import Binned, binned
from shroff.domain.messages import Message
from shroff.domain.metrics import Metric
from shroff.domain.slices import Period
from shroff.errors import ConfigError, DataError, DesignError
from shroff.measure.brief import Brief
from shroff.measure.families import Query
from shroff.measure.periods import Covered
from shroff.measure.recalling import Kept
from shroff.stats.placebo import Placebo, over_markets, over_starts, over_times
from shroff.stats.rollout_panel import (
    Panel,
    Versus,
    difference_in_differences,
    synthetic_control,
)
from shroff.stats.step_series import Step, step_of
from shroff.stats.two_arms import compare_arms
from shroff.store.engine import Engine
from shroff.watch.daily_gathering import DailyAsked, gather_daily
from shroff.watch.daily_series import DailyBlock, Floats
from shroff.watch.logged_changes import LoggedChange, logged_changes
from shroff.watch.watched_metrics import WATCHED

__all__ = ["judge", "metric_of", "outcome", "period_of"]

_RIVALS = timedelta(days=7)
_ENOUGH_MARKETS, _ENOUGH_BEFORE = 5, 16


def metric_of(brief: Brief, name: str) -> Metric:
    """Find the metric asked for.

    Parameters
    ----------
    brief : Brief
        The catalogue.
    name : str
        Its id.

    Returns
    -------
    Metric
        The metric.

    Raises
    ------
    ConfigError
        If there is none.
    """
    found = brief.metrics.get(name) or WATCHED.get(name)
    if found is None:
        raise ConfigError(f"there is no metric {name!r}", hint="shroff metrics lists them")
    return found


def period_of(question: OutcomeQuestion, known: Covered) -> Period:
    """Say which days are looked at.

    Parameters
    ----------
    question : OutcomeQuestion
        What is asked.
    known : Covered
        Days of the logs.

    Returns
    -------
    Period
        Weeks before the change, and all complete days after it.

    Raises
    ------
    DataError
        If the logs end before the change or begin with it.
    """
    until = min(question.until or known.complete_until, known.complete_until)
    first = max(known.first, question.on - timedelta(weeks=question.weeks))
    if question.rollout is Rollout.HASH:
        first = max(known.first, question.on)
    if until <= question.on:
        raise DataError(
            f"the logs end before {question.on}: nothing can have come of it yet",
            hint=f"the last complete day is {known.last_complete}",
        )
    if first >= question.on and question.rollout is not Rollout.HASH:
        raise DataError(
            f"the logs begin on {known.first}: nothing is known from before {question.on}",
            hint="only a roll-out by hash can do without",
        )
    return Period(first, until)


def outcome(
    engine: Engine,
    brief: Brief,
    question: OutcomeQuestion,
    *,
    known: Covered,
    kept: Kept | None = None,
) -> Outcome:
    """Say what came of a change.

    Parameters
    ----------
    engine : Engine
        Where the logs are.
    brief : Brief
        Designs and metrics.
    question : OutcomeQuestion
        The change.
    known : Covered
        Days of the logs.
    kept : Kept or None
        Cubes that are up to date.

    Returns
    -------
    Outcome
        The effect with its interval, held against the forecast.

    Raises
    ------
    DataError
        If nothing is known of the metric before or after the change.
    """
    metric = metric_of(brief, question.metric)
    period = period_of(question, known)
    asked = replace(brief, period=period, level=question.level)
    if question.rollout is Rollout.HASH:
        came, queries = _by_hash(engine, asked, question, metric=metric)
    else:
        names = tuple(columns_of(question))
        wanted = DailyAsked(
            metrics=frozenset({metric.id}), ads=(names,), labels=(names,), tasks=(names,)
        )
        daily = gather_daily(engine, asked, wanted, known=known, kept=kept)
        came, queries = judge(_block(daily.blocks, metric, names), question), daily.queries
    near = Period(max(question.on - _RIVALS, period.start), question.on + _RIVALS)
    return Outcome(
        question=question,
        metric=metric,
        period=period,
        came=came,
        rivals=_rivals(engine, near, question),
        queries=tuple(queries),
    )


def _rivals(engine: Engine, near: Period, question: OutcomeQuestion) -> tuple[LoggedChange, ...]:
    """List what else may have moved the figure; a hash needs to fear nothing of the kind."""
    if question.rollout is Rollout.HASH or "changes" not in engine.snapshot:
        return ()
    return logged_changes(engine, near)


def _block(blocks: Sequence[DailyBlock], metric: Metric, names: tuple[str, ...]) -> DailyBlock:
    for block in blocks:
        if block.metric == metric.id and set(block.dimensions) == set(names):
            return block
    raise DataError(
        f"{metric.id} cannot be told by day" + (f" and {', '.join(names)}" if names else ""),
        hint="no label was drawn with a known chance, or its logs are missing;"
        " shroff check tells which",
    )


def judge(block: DailyBlock, question: OutcomeQuestion) -> Came:
    """Judge a change by series of days.

    Parameters
    ----------
    block : DailyBlock
        The metric by day, by market where it was rolled out by market.
    question : OutcomeQuestion
        The change.

    Returns
    -------
    Came
        The effect.
    """
    series = binned(block, question)
    if question.rollout is Rollout.ALL:
        return _at_once(series, question)
    return _by_market(series, question)


def _notes(series: Binned) -> tuple[Message, ...]:
    said: list[Message] = []
    if series.width > 1:
        said.append(Message("outcome.by_week"))
    if series.left_out:
        said.append(Message("outcome.not_settled", {"days": series.left_out}))
    return tuple(said)


def _at_once(series: Binned, question: OutcomeQuestion) -> Came:
    asked = series.step_series()
    step = step_of(asked, level=question.level)
    placebo = over_starts(asked, score=step.score)
    notes = (Message("outcome.weaker"), *_notes(series))
    value = series.value[0]
    without = value - step.effect * (np.arange(len(value)) >= series.start)
    return _came(
        series,
        step,
        method="interrupted series",
        shown=(value, without),
        placebos=(placebo,),
        notes=notes,
    )


def _by_market(series: Binned, question: OutcomeQuestion) -> Came:
    panel, gone = series.panel(question)

    def method(part: Panel) -> Versus:
        chosen = question.method or _fitting(panel)
        work = synthetic_control if chosen == "synthetic" else difference_in_differences
        return work(part, level=question.level)

    found = method(panel)
    notes = [*_notes(series)]
    if gone:
        notes.append(Message("outcome.left_out", {"names": ", ".join(gone)}))
    if found.method == "synthetic control":
        notes.append(_mix(series, gone, found))
    return _came(
        series,
        found.step,
        method=found.method,
        shown=(found.treated, found.expected),
        placebos=(over_markets(panel, found, method), over_times(panel, found, method)),
        notes=tuple(notes),
    )


def _fitting(panel: Panel) -> str:
    """Weigh markets only where there are enough of them, over long enough."""
    others = int((~panel.treated).sum())
    enough = others >= _ENOUGH_MARKETS and panel.start >= _ENOUGH_BEFORE
    return "synthetic" if enough else "difference"


def _mix(series: Binned, gone: tuple[str, ...], found: Versus) -> Message:
    names = [name for name in series.names if name not in gone]
    order = np.argsort(-found.weight)[:4]
    parts = [f"{names[n]} {found.weight[n]:.0%}" for n in order if found.weight[n] >= 0.01]
    return Message("outcome.mix", {"parts": ", ".join(parts), "fit": f"{max(found.fit, 0.0):.0%}"})


def _came(
    series: Binned,
    step: Step,
    *,
    method: str,
    shown: tuple[Floats, Floats],
    placebos: tuple[Placebo, ...],
    notes: tuple[Message, ...],
) -> Came:
    before, after = series.labels
    points = tuple(
        Point(day, _number(value), _number(expected))
        for day, value, expected in zip(series.days, *shown, strict=True)
    )
    return Came(
        method=method,
        effect=(step.effect, step.low, step.high),
        relative=step.relative,
        p=step.p,
        value=step.after,
        expected=step.after - step.effect,
        n_before=before,
        n_after=after,
        placebos=placebos,
        notes=notes,
        points=points,
    )


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _by_hash(
    engine: Engine, brief: Brief, question: OutcomeQuestion, *, metric: Metric
) -> tuple[Came, tuple[Query, ...]]:
    sides = sides_of(engine, brief, question, metric=metric)
    try:
        found = compare_arms(sides.rows, level=question.level)
    except DesignError as error:
        raise DataError(error.cause, where=question.key, hint=error.hint) from None
    came = Came(
        method="two sides",
        effect=(found.effect, found.low, found.high),
        relative=found.relative,
        p=found.p,
        value=found.treated,
        expected=found.control,
        n_before=found.n_control,
        n_after=found.n_treated,
        notes=(Message("outcome.clusters", {"advertisers": found.clusters}),),
    )
    return came, (Query("labelled ads of both sides", engine.text(sides.query)),)
