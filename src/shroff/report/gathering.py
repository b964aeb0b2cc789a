"""From logs to everything a report is made of: the period, the one before, and the weeks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import partial
from importlib.metadata import version

from shroff.advise.adviser import Adviser
from shroff.advise.outcome_ledger import Ledger
from shroff.domain.messages import Message
from shroff.domain.slices import EVERYTHING, Period
from shroff.measure.audit import plan_audit
from shroff.measure.brief import Brief
from shroff.measure.changes import Change, changes
from shroff.measure.periods import covered
from shroff.measure.recalling import Kept
from shroff.measure.scorecard import Scorecard, scorecard
from shroff.models.golden_results import GoldenResults
from shroff.models.golden_standing import GoldenStanding
from shroff.models.modeller import Modeller
from shroff.models.registry import read_registry
from shroff.report.advice_section import ADVICE, Remembered, sections_of
from shroff.report.audiences import EDITIONS, Audience, Edition
from shroff.report.changelog import events, policy_names
from shroff.report.changes_section import CHANGES, changes_section
from shroff.report.compared import Compared
from shroff.report.document import Section, Tone
from shroff.report.further import BUILDERS, Builder, further_sections
from shroff.report.goals_section import goals_section
from shroff.report.golden_section import golden_section
from shroff.report.next_steps import labels_wanted
from shroff.report.provenance import Provenance
from shroff.report.publication import PublishRule
from shroff.report.registry_section import MODELS, Registers, registry_section
from shroff.report.rules_section import RULES, Watches, rules_section
from shroff.report.simulation_section import SIMULATIONS, Simulates, simulation_section
from shroff.report.trends_section import trends_section
from shroff.report.weekly_quality import CHARTED
from shroff.report.weekly_results import (
    HealthNote,
    Measured,
    Target,
    WeeklyResults,
    WeekPoint,
)
from shroff.report.wording import Plain, Sayable
from shroff.stats.estimate import Estimate, Status
from shroff.store.catalog_advice import Advice
from shroff.store.engine import Engine
from shroff.store.health_findings import Health, Severity
from shroff.watch.lookout import Lookout
from shroff.watch.told import Told

__all__ = ["Asked", "gather", "measured"]

_WEEKS = 13
_PARTS = 4
"""What is worked out after the builders: rules, what is watched, what was advised, goals."""
_STARTS = {"monday": 0, "saturday": 5, "sunday": 6}
_TONES = {Severity.BROKEN: Tone.BAD, Severity.WARN: Tone.UNSURE, Severity.INFO: Tone.QUIET}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a report is asked for.

    Parameters
    ----------
    workspace : str
        Name shown in the title.
    brief : Brief
        Period, designs, goals, and the slices to rank.
    health : Health or None
        What is wrong with the logs.
    rule : PublishRule
        How certain a published figure must be.
    rules : callable or None
        Watches the rules of the workspace.
    watched : callable or None
        Watches the logs.
    simulated : callable or None
        Replays the proposals of the workspace.
    advised : callable or None
        Tells what was recommended, decided and observed, by a day.
    judged : callable or None
        Holds judges against the newest golden set.
    registered : callable or None
        Tells what scores and judges.
    compared : Compared
        What the figures are compared with.
    beside : callable or None
        Measures the other ads that they are compared with.
    edition : Edition
        What its readers want; nothing else is worked out.
    tick : callable or None
        Told how many of how many parts are done.
    """

    workspace: str
    brief: Brief
    health: Health | None = None
    rule: PublishRule = field(default_factory=PublishRule)
    rules: Watches | None = None
    watched: Callable[[Engine, Brief], Told | None] | None = None
    simulated: Simulates | None = None
    advised: Callable[[date], tuple[tuple[Advice, ...], Ledger]] | None = None
    judged: Callable[[Engine], tuple[GoldenStanding, tuple[GoldenResults, ...]] | None] | None = (
        None
    )
    registered: Registers | None = None
    compared: Compared = field(default_factory=Compared)
    beside: Callable[[Brief], Scorecard] | None = None
    edition: Edition = EDITIONS[Audience.TEAM]
    tick: Callable[[int, int], None] | None = None

    def told_by(self, lookout: Lookout, adviser: Adviser, modeller: Modeller) -> Asked:
        """Ask those who watch, advise and judge too."""
        return replace(
            self,
            watched=lookout.told,
            simulated=adviser.simulated,
            advised=adviser.remembered,
            judged=modeller.judging.told,
            registered=partial(read_registry, catalog=lookout.catalog, root=lookout.root),
        )


def gather(engine: Engine, asked: Asked, *, kept: Kept | None = None) -> WeeklyResults:
    """Measure everything a report shows.

    Parameters
    ----------
    engine : Engine
        Where the logs are.
    asked : Asked
        What is wanted.
    kept : Kept or None
        Cubes that are up to date.

    Returns
    -------
    WeeklyResults
        The figures of the period and of the one before, the weeks, changes, findings.
    """
    steps = _Steps(asked)
    results, now = measured(engine, asked, kept=kept)
    steps.done()
    return replace(
        results,
        further=_further(engine, now, asked, steps=steps, kept=kept),
        lead=asked.edition.lead,
    )


class _Steps:
    """Counts what is done of a report: the figures, then each further part."""

    def __init__(self, asked: Asked) -> None:
        wanted = asked.edition.wants
        self.builders = [build for name, build in BUILDERS.items() if wanted(name)]
        self._tick, self._done = asked.tick, 0
        self._all = 1 + len(self.builders) + _PARTS

    def done(self) -> None:
        """Count one more."""
        self._done += 1
        if self._tick is not None:
            self._tick(self._done, self._all)

    def __iter__(self) -> Iterator[Builder]:
        """Give the builders; each counts once the next is asked for."""
        for build in self.builders:
            yield build
            self.done()


def measured(
    engine: Engine, asked: Asked, *, kept: Kept | None = None
) -> tuple[WeeklyResults, Scorecard]:
    """Measure the figures of a report, without what further analyses add.

    Parameters
    ----------
    engine : Engine
        Where the logs are.
    asked : Asked
        What is wanted.
    kept : Kept or None
        Cubes that are up to date.

    Returns
    -------
    WeeklyResults, Scorecard
        The figures; and the scorecard of the period, whose session tables stand.
    """
    brief = asked.brief
    before = asked.compared.days(brief.period)
    other = replace(brief, period=before, by=((),))
    past = asked.beside(other) if asked.beside else scorecard(engine, other, kept=kept)
    weekly = scorecard(engine, _weekly(brief), kept=kept)
    now = scorecard(engine, replace(brief, by=_slicings(asked)), kept=kept)
    drawn = Period(min(weekly.brief.period.start, brief.period.start), brief.period.end)
    results = WeeklyResults(
        workspace=asked.workspace,
        period=brief.period,
        before=before,
        as_of=brief.as_of,
        now=_whole(now),
        past=_whole(past),
        change={c.metric: moved for c in changes(past, now) if (moved := _moved(c)) is not None},
        parts=tuple(Measured(f.metric, f.slice, f.estimate) for f in now if f.slice.terms),
        weeks=_weeks(weekly, complete_until=covered(engine).complete_until),
        targets={
            goal.metric: Target(goal.at_most, goal.at_least)
            for goal in brief.goals
            if not goal.where
        },
        metrics=brief.metrics,
        policies=policy_names(engine),
        events=events(engine, drawn),
        health=_notes(asked.health),
        needs=labels_wanted(now, plan=plan_audit(now.frame, brief), rule=asked.rule),
        queries=_queries(now),
        facts=_facts(now, asked.rule, engine=engine.name),
        compared=asked.compared,
    )
    return results, now


def _further(
    engine: Engine, now: Scorecard, asked: Asked, *, steps: _Steps, kept: Kept | None
) -> tuple[Section, ...]:
    """Build the sections of further analyses; that on goals comes first and is made last."""
    others = further_sections(engine, now, builders=steps)
    wants, brief = asked.edition.wants, asked.brief
    if asked.rules is not None and wants(RULES):  # replaces the session's tables too
        others = (*others, *_some(rules_section(asked.rules(engine, brief), brief)))
    steps.done()
    if asked.watched is not None and (wants(CHANGES) or wants("trends")):
        seen = asked.watched(engine, brief)  # watching replaces the session's tables too
        if seen is not None:
            others = (changes_section(seen.changes), *_some(trends_section(seen.trends)), *others)
    steps.done()
    if asked.simulated is not None and wants(SIMULATIONS):
        others = (*others, *_some(simulation_section(asked.simulated(engine, brief))))
    if asked.registered is not None and wants(MODELS):
        others = (*others, *_some(registry_section(asked.registered(engine))))
    if asked.judged is not None and wants("golden"):
        held = asked.judged(engine)
        others = (*others, *_some(golden_section(*held) if held is not None else None))
    if asked.advised is not None and wants(ADVICE):
        others = (*sections_of(Remembered(*asked.advised(brief.as_of.date()))), *others)
    steps.done()
    if wants("goals"):  # replaces the session's tables
        others = (*_some(goals_section(engine, now.brief, kept=kept)), *others)
    steps.done()
    return others


def _some(section: Section | None) -> tuple[Section, ...]:
    return () if section is None else (section,)


def _moved(change: Change) -> Estimate | None:
    if change.difference.low is None:
        return None
    if change.before.status is change.after.status is Status.COUNT:
        return replace(change.difference, status=Status.COUNT)
    return change.difference


def _slicings(asked: Asked) -> tuple[tuple[str, ...], ...]:
    return tuple(dict.fromkeys(((), ("policy",), ("queue",), *asked.brief.by)))


def _weekly(brief: Brief) -> Brief:
    first = brief.period.end - timedelta(weeks=_WEEKS)
    back = (first.weekday() - _STARTS[brief.week_starts]) % 7
    period = Period(first - timedelta(days=back), brief.period.end)
    return replace(brief, period=period, by=((), ("week",)), wanted=CHARTED)


def _whole(card: Scorecard) -> dict[str, Estimate]:
    return {figure.metric: figure.estimate for figure in card if figure.slice == EVERYTHING}


def _weeks(card: Scorecard, *, complete_until: date) -> Mapping[str, tuple[WeekPoint, ...]]:
    period = card.brief.period
    found: dict[str, list[WeekPoint]] = {}
    for figure in card:
        if figure.slice.dimensions != ("week",) or not (week := figure.slice.terms[0][1]):
            continue
        start = date.fromisoformat(week)
        if start >= period.start:
            whole = start + timedelta(days=7) <= min(complete_until, period.end)
            found.setdefault(figure.metric, []).append(WeekPoint(start, figure.estimate, whole))
    return {metric: tuple(sorted(points, key=_day)) for metric, points in found.items()}


def _day(point: WeekPoint) -> date:
    return point.at


def _notes(health: Health | None) -> tuple[HealthNote, ...]:
    if health is None:
        return ()
    return tuple(
        HealthNote(_TONES[each.severity], each.what, each.effect) for each in health.findings
    )


def _queries(card: Scorecard) -> dict[str, str]:
    texts: dict[str, str] = {}
    for query in card.queries:
        sql = query.sql.strip()
        texts[query.title] = f"{texts[query.title]};\n\n{sql}" if query.title in texts else sql
    return texts


def _facts(
    card: Scorecard, rule: PublishRule, *, engine: str
) -> tuple[tuple[Sayable, Sayable], ...]:
    versions = " · ".join(f"{table}@{version}" for table, version in card.snapshot.items())
    return (
        (Message("report.meta.snapshot"), Plain(versions or "–")),
        (Message("report.meta.engine"), Plain(engine)),
        (Message("report.meta.designs"), Provenance(card.frame.text())),
        (Message("report.meta.level"), Plain(f"{card.brief.level:.0%}")),
        (Message("report.meta.publish"), _withheld_when(rule)),
        (Message("report.meta.version"), Plain(version("shroff"))),
    )


def _withheld_when(rule: PublishRule) -> Sayable:
    key = "report.publish.relative" if rule.relative else "report.publish.width"
    return Message(key, {"width": rule.max_width})
