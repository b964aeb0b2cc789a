"""The one sentence to remember, and the few that complete it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from shroff.domain.messages import Message
from shroff.report.compared import Comparison
from shroff.report.document import Standing, Tone
from shroff.report.figures import Figure, Form, Part
from shroff.report.grounds import reason
from shroff.report.judging import Reading, against, form_of, read_change
from shroff.report.publication import MayShow
from shroff.report.weekly_results import WeeklyResults
from shroff.report.wording import Listed, Sayable, Sentence, Sentences
from shroff.stats.estimate import Status

__all__ = ["Tale", "goals_tally", "headline", "support", "tales"]


@dataclass(frozen=True, slots=True)
class Tale:
    """One metric and what happened to it.

    Parameters
    ----------
    metric : str
        Its id.
    now : Figure
        The figure of the period.
    change : Figure or None
        Difference from the period before.
    reading : Reading or None
        What the difference means.
    standing : Standing or None
        Against its goal; None when no goal is set.
    """

    metric: str
    now: Figure
    change: Figure | None
    reading: Reading | None
    standing: Standing | None

    @property
    def tone(self) -> Tone:
        """Whether it got better or worse, clearly."""
        return self.reading.mark.tone if self.reading and self.reading.clear else Tone.QUIET


def tales(results: WeeklyResults) -> tuple[Tale, ...]:
    """Tell what happened to the figures that matter: the headline's and those with goals.

    Parameters
    ----------
    results : WeeklyResults
        What was measured.

    Returns
    -------
    tuple of Tale
        In the headline's order, then the goals'.
    """
    wanted = dict.fromkeys([*results.lead, *results.targets])
    looked = [metric for metric in wanted if metric in results.now]
    return tuple(_tale(results, metric, looks=len(looked)) for metric in looked)


def _tale(results: WeeklyResults, metric: str, *, looks: int) -> Tale:
    record = results.metrics.get(metric)
    now, change = results.now[metric], results.change.get(metric)
    form = form_of(record)
    goal = against(now, results.targets.get(metric), form=form)
    return Tale(
        metric=metric,
        now=Figure(now, form),
        change=Figure(change, Form.POINTS if form is Form.SHARE else form) if change else None,
        reading=read_change(change, metric=record, looks=looks),
        standing=goal.standing if goal else None,
    )


def headline(results: WeeklyResults, *, may_show: MayShow) -> Sayable:
    """Say the one thing to remember: the clearest bad news, else the good, else where we stand.

    Parameters
    ----------
    results : WeeklyResults
        What was measured.
    may_show : callable
        Whether a figure is certain enough to stand in the headline.

    Returns
    -------
    Sayable
        One sentence with number, direction and interval.
    """
    main = _main(results, may_show=may_show)
    vague = tuple(
        results.name(tale.metric)
        for tale in tales(results)
        if tale.standing is Standing.MISSED and not (_is_known(tale) and may_show(tale.now))
    )
    if not vague:
        return main
    return Sentences((main, Sentence("report.headline.vague_miss", {"metrics": Listed(vague)})))


def _main(results: WeeklyResults, *, may_show: MayShow) -> Sayable:
    told = [tale for tale in tales(results) if _is_known(tale) and may_show(tale.now)]
    for tone in (Tone.BAD, Tone.GOOD):
        moved = [t for t in told if t.tone is tone and t.change and may_show(t.change)]
        if moved:
            return _moved(results, moved[0])
    missed = [tale for tale in told if tale.standing is Standing.MISSED]
    if missed or told:
        return _stands(results, (missed or told)[0])
    automation, wanted = results.now.get("automation_rate"), sum(n.labels for n in results.needs)
    if automation is None or automation.value is None or not wanted:
        return Message("report.headline.unknown", {"labels": _labels(results)})
    alone = Figure(automation, part=Part.VALUE)
    return Sentence("report.headline.counts", {"automation": alone, "labels": wanted})


def _is_known(tale: Tale) -> bool:
    estimate = tale.now.estimate
    return estimate.value is not None and estimate.status in {Status.ESTIMATE, Status.COUNT}


def _labels(results: WeeklyResults) -> int:
    return max((e.n for e in results.now.values() if e.status is not Status.COUNT), default=0)


def _moved(results: WeeklyResults, tale: Tale) -> Sayable:
    value = tale.change.estimate.value if tale.change else None
    words = ("higher", "lower") if results.compared.kind is Comparison.ADS else ("rose", "fell")
    word = words[0] if value is not None and value > 0 else words[1]
    slots = {"metric": results.name(tale.metric), "now": tale.now, "change": tale.change,
             "other": results.compared.said}  # fmt: skip
    return Sentence(f"report.headline.{word}", {k: v for k, v in slots.items() if v})


def _stands(results: WeeklyResults, tale: Tale) -> Sayable:
    ending = tale.standing if tale.standing in {Standing.MET, Standing.MISSED} else "is"
    slots = {"metric": results.name(tale.metric), "now": tale.now}
    main = Sentence(f"report.headline.{ending}", slots)
    readings = [other.reading for other in tales(results)]
    still = all(reading is not None and not reading.clear for reading in readings)
    alike = "alike" if results.compared.kind is Comparison.ADS else "still"
    slots = {"main": main, "other": results.compared.said}
    return Sentence(f"report.headline.{alike if still else 'alone'}", slots)


def support(results: WeeklyResults, *, may_show: MayShow) -> tuple[Sayable, ...]:
    """Complete the headline: other clear changes, goals, and what is not known.

    Parameters
    ----------
    results : WeeklyResults
        What was measured.
    may_show : callable
        Whether a figure is certain enough to be shown.

    Returns
    -------
    tuple of Sayable
        Up to three sentences.
    """
    told = tales(results)
    first = _main(results, may_show=may_show)
    moved = [
        sentence
        for tale in told
        if tale.tone in {Tone.BAD, Tone.GOOD} and may_show(tale.now)
        if tale.change is not None and may_show(tale.change)
        if (sentence := _moved(results, tale)) != first
    ]
    return tuple([*moved[:1], *_goal_sentence(results), *_not_to_quote(results, told)][:3])


def goals_tally(results: WeeklyResults) -> tuple[int, int, int]:
    """Count goals met, missed and not yet known.

    Parameters
    ----------
    results : WeeklyResults
        What was measured.

    Returns
    -------
    (int, int, int)
        Met, missed, not yet known.
    """
    standings = [
        goal.standing
        for metric, target in results.targets.items()
        if (goal := against(results.now.get(metric), target, form=Form.SHARE))
    ]
    return (
        standings.count(Standing.MET),
        standings.count(Standing.MISSED),
        standings.count(Standing.UNSURE),
    )


def _goal_sentence(results: WeeklyResults) -> list[Sayable]:
    met, missed, unsure = goals_tally(results)
    if not met + missed + unsure:
        return []
    slots = {"met": met, "missed": missed, "unsure": unsure, "goals": met + missed + unsure}
    return [Message("report.change.goals", slots)]


def _not_to_quote(results: WeeklyResults, told: tuple[Tale, ...]) -> list[Sayable]:
    weak = {Status.BOUNDS, Status.PROXY}
    names = tuple(results.name(t.metric) for t in told if t.now.estimate.status in weak)
    said = [Sentence("report.change.weak", {"metrics": Listed(names)})] if names else []
    sentences = (*said, *_unknowns(results, told))
    return [Sentences(sentences)] if sentences else []


def _unknowns(results: WeeklyResults, told: tuple[Tale, ...]) -> Iterator[Sayable]:
    """Name what is not known, together where the reason is the same."""
    by_reason: dict[str, tuple[Sayable, list[Sayable]]] = {}
    for tale in told:
        if tale.now.estimate.status is Status.UNKNOWN:
            why = reason(results, tale.metric, tale.now.estimate)
            by_reason.setdefault(why.text(), (why, []))[1].append(results.name(tale.metric))
    for why, names in by_reason.values():
        key = "stated" if why.text().endswith(".") else "unknown"
        slots = {"metrics": Listed(tuple(names)), "reason": why}
        yield Sentence(f"report.change.{key}", slots)
