"""Are the goals met? Judged so that looking every day does not raise false alarms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

import numpy as np

from shroff.domain.messages import Message
from shroff.domain.metrics import Metric, Needs
from shroff.domain.slices import EVERYTHING, Period
from shroff.measure.brief import Brief, Goal
from shroff.measure.clustered import clustered_shares
from shroff.measure.counts import Cube, count
from shroff.measure.custom import OWN_OUTCOMES, judged_sql, needs_labels
from shroff.measure.frame import Frame
from shroff.measure.goal_outlook import Outlook, inside_sql, outlook_of, told_of
from shroff.measure.policies import in_scope
from shroff.measure.quality import counts_in, known_classes, label_sums, outcomes_of
from shroff.measure.recalling import Kept
from shroff.measure.scorecard import Scorecard, scorecard
from shroff.stats.estimate import Estimate, Estimates, Status, joined
from shroff.stats.sampling import Cells, ExposureSums, Ratio, kind_codes
from shroff.stats.sequences import METHOD, confidence_sequence, sequence_levels
from shroff.store.engine import Engine
from shroff.store.sql import literal

__all__ = ["Look", "Progress", "Verdict", "goal_periods", "judge", "monitor", "progress_of"]

_CLUSTERED_LOOKS = 13
_DAY = timedelta(days=1)


class Verdict(StrEnum):
    """Where a goal stands, as far as the labels can tell."""

    MET = "met"
    MISSED = "missed"
    UNKNOWN = "not_yet_known"


@dataclass(frozen=True, slots=True)
class Look:
    """What was known after one day.

    Parameters
    ----------
    day : date
        The day.
    estimate : Estimate
        The share from the goal's start to that day; its interval holds for all looks together.
    verdict : Verdict
        What it says of the goal.
    """

    day: date
    estimate: Estimate
    verdict: Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How a goal is doing.

    Parameters
    ----------
    goal : Goal
        The goal.
    metric : Metric
        Its metric.
    period : Period
        From the goal's start to the last complete day.
    figure : Estimate
        The metric over that time, with the interval of one look.
    looks : tuple of Look
        Day by day; empty where the metric does not rest on sampled labels, or they cannot tell.
    note : Message or None
        Why there are no looks.
    outlook : Outlook or None
        Where it will be on the day it is due; None without such a day ahead, or without looks.
    """

    goal: Goal
    metric: Metric
    period: Period
    figure: Estimate
    looks: tuple[Look, ...] = ()
    note: Message | None = None
    outlook: Outlook | None = None

    @property
    def verdict(self) -> Verdict:
        """Say where the goal stands now."""
        if self.looks:
            return self.looks[-1].verdict
        if self.figure.status is not Status.COUNT:
            return Verdict.UNKNOWN
        return judge(self.figure, self.goal)

    @property
    def known_since(self) -> date | None:
        """Name the day from which the labels have said so; None while it is not known."""
        if not self.looks or self.verdict is Verdict.UNKNOWN:
            return None
        since = self.looks[-1].day
        for look in reversed(self.looks):
            if look.verdict is not self.verdict:
                break
            since = look.day
        return since

    def record(self) -> dict[str, object]:
        """Give everything as a JSON-ready record."""
        since = self.known_since
        return {
            "goal": self.goal.known_as,
            "metric": self.goal.metric,
            "where": dict(self.goal.where),
            "owner": self.goal.owner,
            "due": str(self.goal.due) if self.goal.due else None,
            "outlook": self.outlook.record() if self.outlook else None,
            "at_most": self.goal.at_most,
            "at_least": self.goal.at_least,
            "start": str(self.period.start),
            "until": str(self.period.end - _DAY),
            "verdict": self.verdict.value,
            "known_since": str(since) if since else None,
            "figure": told_of(self.figure),
            "looks": [
                {"day": str(look.day), "verdict": look.verdict.value, **told_of(look.estimate)}
                for look in self.looks
            ],
            "note": self.note.record() if self.note else None,
        }


def judge(estimate: Estimate, goal: Goal) -> Verdict:
    """Hold a figure against a goal by its whole interval.

    Parameters
    ----------
    estimate : Estimate
        The figure; one that was counted in full may have no interval.
    goal : Goal
        The goal.

    Returns
    -------
    Verdict
        Met or missed only where no value in the interval says otherwise.
    """
    low = estimate.low if estimate.low is not None else estimate.value
    high = estimate.high if estimate.high is not None else estimate.value
    if low is None or high is None:
        return Verdict.UNKNOWN
    if goal.at_most is not None:
        met, missed = high <= goal.at_most, low > goal.at_most
    else:
        bar = goal.at_least if goal.at_least is not None else -np.inf
        met, missed = low >= bar, high < bar
    return Verdict.MET if met else Verdict.MISSED if missed else Verdict.UNKNOWN


def goal_periods(goals: Sequence[Goal], *, first: date, until: date) -> dict[Period, list[Goal]]:
    """Say from when to when each goal is judged.

    Parameters
    ----------
    goals : sequence of Goal
        The goals.
    first, until : date
        First day of the logs, and the day after their last complete one.

    Returns
    -------
    dict of list of Goal
        Goals by period: from their own start, or the quarter's, on; a goal that starts later is
        left out.
    """
    last = until - _DAY
    quarter = date(last.year, 3 * ((last.month - 1) // 3) + 1, 1)
    found: dict[Period, list[Goal]] = {}
    for goal in goals:
        start = max(goal.since or quarter, first)
        if start < until:
            found.setdefault(Period(start, until), []).append(goal)
    return found


def monitor(
    engine: Engine, brief: Brief, *, first: date, until: date, kept: Kept | None = None
) -> tuple[Progress, ...]:
    """Judge every goal, each from its own start.

    Parameters
    ----------
    engine : Engine
        Where the logs are.
    brief : Brief
        Goals, designs, metrics.
    first, until : date
        First day of the logs, and the day after their last complete one.
    kept : Kept or None
        Cubes that are up to date.

    Returns
    -------
    tuple of Progress
        One a goal, in the order of the settings.
    """
    found: dict[str, Progress] = {}
    for period, goals in goal_periods(brief.goals, first=first, until=until).items():
        wanted = tuple(dict.fromkeys(goal.metric for goal in goals))
        by = dict.fromkeys(((), *(tuple(n for n, _ in goal.where) for goal in goals)))
        asked = replace(brief, period=period, by=tuple(by), wanted=wanted, goals=tuple(goals))
        card = scorecard(engine, asked, kept=kept)
        found.update((each.goal.known_as, each) for each in progress_of(engine, card))
    return tuple(found[goal.known_as] for goal in brief.goals if goal.known_as in found)


def progress_of(engine: Engine, card: Scorecard) -> tuple[Progress, ...]:
    """Judge the goals of a scorecard over its period, while its session tables stand.

    Parameters
    ----------
    engine : Engine
        Where the tables of the scorecard are.
    card : Scorecard
        The figures over everything.

    Returns
    -------
    tuple of Progress
        One for each goal whose metric was measured.
    """
    return tuple(
        _progress(engine, card, goal, card.brief.metrics[goal.metric])
        for goal in card.brief.goals
        if card.figure(goal.metric, **dict(goal.where)) is not None
    )


def _progress(engine: Engine, card: Scorecard, goal: Goal, metric: Metric) -> Progress:
    figure = card.figure(goal.metric, **dict(goal.where))
    assert figure is not None  # noqa: S101 - asked before
    plain = Progress(goal=goal, metric=metric, period=card.brief.period, figure=figure.estimate)
    note = _why_not(engine, card, metric, figure.estimate)
    if note is not None:
        return replace(plain, note=note)
    frame = card.frames[metric.weight]
    work = _by_look if frame.clustered else _by_day
    days, estimates = work(engine, frame, metric, brief=card.brief, goal=goal)
    looks = [
        Look(day, found, judge(found, goal))
        for place, day in enumerate(days)
        for found in (estimates.at(place, design=frame.text()),)
    ]
    outlook = outlook_of(goal, [(look.day, look.estimate) for look in looks], card.brief.period)
    return replace(plain, looks=tuple(looks), outlook=outlook)


def _why_not(engine: Engine, card: Scorecard, metric: Metric, figure: Estimate) -> Message | None:
    """Tell why a metric has no sequence; None when it has one."""
    if figure.status is Status.COUNT:
        return Message("goals.counted")
    sampled = metric.needs is Needs.TRUTH and (
        not metric.custom or needs_labels(engine, metric, card.ground)
    )
    if not sampled:
        return Message("goals.not_daily")
    if figure.status is not Status.ESTIMATE:
        return Message("goals.cannot_tell")
    return None


def _days(period: Period) -> list[date]:
    return [period.start + _DAY * n for n in range((period.end - period.start).days)]


def _source(engine: Engine, frame: Frame, metric: Metric, *, goal: Goal) -> tuple[str, str, Ratio]:
    """Name where a metric's labels are, the column of their outcomes, and what it counts."""
    if metric.custom:
        return judged_sql(frame, metric), "bits", OWN_OUTCOMES
    source, outcome = in_scope(frame.table, dict(goal.where).get("policy"))
    return source, outcome, outcomes_of(engine, [metric]).ratios[metric.id]


def _known(metric: Metric) -> np.ndarray | None:
    return None if metric.custom else known_classes()


def _by_day(
    engine: Engine, frame: Frame, metric: Metric, *, brief: Brief, goal: Goal
) -> tuple[list[date], Estimates]:
    """Look after each day."""
    source, outcome, ratio = _source(engine, frame, metric, goal=goal)
    cube = count(
        engine,
        source,
        slicings=[("decision_day",)],
        keys=("stratum_code", outcome),
        sums=label_sums(metric.weight),
        where=f"{counts_in(metric.weight)} AND {inside_sql(goal)}",
    )
    days = _days(brief.period)
    estimates = confidence_sequence(
        _cells(cube, outcome, start=brief.period.start, known=_known(metric)),
        kind=kind_codes([stratum.kind for stratum in frame.strata]),
        metric=ratio,
        looks=len(days),
        level=brief.level,
    )
    return days, estimates


def _cells(cube: Cube, outcome: str, *, start: date, known: np.ndarray | None) -> Cells:
    """Give each label the look it is first known at; ads of before the start count at once."""
    place = [max((_day_of(part.terms[0][1]) - start).days, 0) for part in cube.slices]
    columns = cube.columns
    exposure = None
    if "wm" in columns:
        exposure = ExposureSums(wm=columns["wm"], wm2=columns["wm2"], w2m2=columns["w2m2"])
    return Cells(
        group=np.array(place, dtype=np.intp)[cube.group] if place else cube.group,
        stratum=columns["stratum_code"].astype(np.intp),
        cell=columns[outcome].astype(np.intp),
        n=columns["n"],
        w=columns["w"],
        w2=columns["w2"],
        known=known,
        exposure=exposure,
    )


def _day_of(text: str | None) -> date:
    return date.fromisoformat(text or "0001-01-01")


def _by_look(
    engine: Engine, frame: Frame, metric: Metric, *, brief: Brief, goal: Goal
) -> tuple[list[date], Estimates]:
    """Look a few times, reading the labels one by one: ads err together."""
    source, outcome, ratio = _source(engine, frame, metric, goal=goal)
    every = _days(brief.period)
    step = max(1, -(-len(every) // _CLUSTERED_LOOKS))
    days = every[::-1][::step][::-1]
    part = f"(SELECT * FROM {source} WHERE {inside_sql(goal)}) AS inside" if goal.where else source
    looked = _Looked(engine, frame, metric, source=part, outcome=outcome, ratio=ratio)
    found = [looked.until(day, level=brief.level) for day in days]
    return days, joined(found, level=brief.level, method=METHOD)


@dataclass(frozen=True, slots=True)
class _Looked:
    """Labels that are read one by one, up to a day."""

    engine: Engine
    frame: Frame
    metric: Metric
    source: str
    outcome: str
    ratio: Ratio

    def until(self, day: date, *, level: float) -> Estimates:
        """Estimate from the labels of ads decided until a day, for all looks together."""
        plain = self._at(day, level=level)
        effective = np.array([np.nan]) if plain is None else plain.n_effective
        adjusted = float(sequence_levels(effective, level=level)[0])
        found = self._at(day, level=adjusted)
        return _nothing(level) if found is None else found

    def _at(self, day: date, *, level: float) -> Estimates | None:
        until = f"decision_day <= {literal(day)}"
        return clustered_shares(
            self.engine,
            self.frame,
            source=f"(SELECT * FROM {self.source} WHERE {until}) AS so_far",
            outcome=self.outcome,
            ratio=self.ratio,
            slices={(): [EVERYTHING]},
            level=level,
            known=_known(self.metric),
        )


def _nothing(level: float) -> Estimates:
    none = np.array([np.nan])
    return Estimates(
        value=none, low=none, high=none, n=np.array([0]), n_effective=none, design_effect=none,
        numerator=none, denominator=none, level=level, method=METHOD,
    )  # fmt: skip
