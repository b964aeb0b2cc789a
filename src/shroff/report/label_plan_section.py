"""The section that answers: how many labels would halve the doubt?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from shroff.domain.messages import Message, Value, count, number
from shroff.domain.metrics import Weight
from shroff.domain.slices import EVERYTHING, Slice
from shroff.errors import DesignError
from shroff.measure.ground import ROWS
from shroff.measure.label_plan import LabelPlan
from shroff.measure.label_plan_goals import LabelGoal
from shroff.measure.label_plan_work import Asked, plan_on, stand
from shroff.measure.scorecard import Scorecard
from shroff.report.document import Align, Column, Row, Section, Table
from shroff.report.left_out import Heavy
from shroff.report.wording import Bilingual, Plain, Sayable, Sentence
from shroff.stats.estimate import Status
from shroff.store.engine import Engine

__all__ = ["Halved", "label_plan_section", "section_of"]

_METRICS = ("leakage", "reject_precision")
_NOT_DRAWN_BY = frozenset({"policy", "queue", "week"})
_SLICES = 3
_FEWEST = 10
_HEAVY = Heavy(
    id="more-labels",
    title=Message("labels.section.title"),
    command="shroff labels plan",
    most=5_000_000,
)


@dataclass(frozen=True, slots=True)
class Halved:
    """What it takes to halve one interval.

    Parameters
    ----------
    name : Sayable
        The metric.
    part : Slice
        The ads it speaks of.
    plan : LabelPlan
        The labels.
    """

    name: Sayable
    part: Slice
    plan: LabelPlan


def label_plan_section(engine: Engine, card: Scorecard) -> Section | None:
    """Build the section.

    Parameters
    ----------
    engine : Engine
        Where the logs and the scorecard's session tables are.
    card : Scorecard
        The scorecard of the report's period.

    Returns
    -------
    Section or None
        None where no interval rests on random labels.
    """
    goals = _goals(card)
    if not goals:
        return None
    if (left_out := _HEAVY.left_out(card)) is not None:
        return left_out
    frame = card.frames[Weight.ADS] if card.ground == ROWS else stand(engine, card.brief)
    found: list[Halved] = []
    for goal in goals:
        try:
            plan = plan_on(engine, card.brief, Asked(goals=(goal,)), frame=frame)
        except DesignError:  # every ad is labelled, say: nothing to halve
            continue
        metric = card.brief.metrics[goal.metric]
        if plan.labels:
            found.append(Halved(Bilingual(metric.name_en, metric.name_zh), goal.part, plan))
    return section_of(found)


def _goals(card: Scorecard) -> list[LabelGoal]:
    """Choose the figures over everything, and the slices of the most uncertain leakage."""
    whole = [
        LabelGoal(metric, times=0.5)
        for metric in _METRICS
        if (figure := card.figure(metric)) is not None
        and figure.estimate.status is Status.ESTIMATE
    ]
    return [*whole, *(LabelGoal("leakage", part, times=0.5) for part in _widest(card))]


def _widest(card: Scorecard) -> list[Slice]:
    for dimensions in card.brief.by:
        block = card.block("leakage", *dimensions)
        if block is None or len(dimensions) != 1 or dimensions[0] in _NOT_DRAWN_BY:
            continue
        known = [
            (figure.estimate.width or 0.0, figure.slice)
            for figure in block
            if figure.estimate.status is Status.ESTIMATE
            and figure.estimate.n >= _FEWEST
            and figure.slice.terms[0][1]
        ]
        return [part for _, part in sorted(known, key=_width, reverse=True)[:_SLICES]]
    return []


def _width(pair: tuple[float, Slice]) -> float:
    return pair[0]


def section_of(found: Sequence[Halved]) -> Section | None:
    """Tell what it takes.

    Parameters
    ----------
    found : sequence of Halved
        The plans, the most important figure first.

    Returns
    -------
    Section or None
        None where there is none.
    """
    if not found:
        return None
    first = found[0]
    told: dict[str, Value | Sayable] = {
        "labels": first.plan.labels,
        "metric": first.name,
        "part": _part(first.part),
    }
    columns = (
        Column(Message("labels.section.figure")),
        Column(Message("labels.section.part")),
        *(
            Column(Message(f"labels.section.{name}"), Align.END)
            for name in ("now", "then", "labels", "range")
        ),
    )
    rows = tuple(Row(_cells(each)) for each in found)
    table = Table(columns, rows, Message("labels.section.note"))
    return Section(_HEAVY.id, _HEAVY.title, Sentence("labels.section.lead", told), (table,))


def _part(part: Slice) -> Sayable:
    if part == EVERYTHING:
        return Message("labels.section.whole")
    return Plain(", ".join(f"{name} {value}" for name, value in part.terms))


def _cells(halved: Halved) -> tuple[Sayable, ...]:
    plan, goal = halved.plan, halved.plan.goals[0]
    now = goal.now.width if goal.now is not None else None
    return (
        halved.name,
        _part(halved.part),
        Plain("–" if now is None else number(100 * now)),
        Plain(number(100 * goal.expected)),
        Plain(count(plan.labels)),
        Plain(f"{count(plan.labels_low)}–{count(plan.labels_high)}"),
    )
