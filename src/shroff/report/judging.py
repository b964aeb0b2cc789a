"""Better, worse, or could be chance? Reading figures by their intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

from shroff.domain.messages import Message
from shroff.domain.metrics import Direction, Metric
from shroff.report.document import Goal, Mark, Standing, Tone
from shroff.report.figures import Figure, Form
from shroff.report.weekly_results import Measured, Target
from shroff.report.wording import Plain, Sayable, Sentence
from shroff.stats.estimate import Estimate, Status

__all__ = ["Reading", "against", "form_of", "is_clear", "read_change", "widened", "worst_first"]

_UNITS = {
    "share": Form.SHARE,
    "hours": Form.HOURS,
    "minutes": Form.MINUTES,
    "tasks": Form.COUNT,
}


def form_of(metric: Metric | None) -> Form:
    """Choose how a metric's figures are written."""
    return _UNITS.get(metric.unit, Form.NUMBER) if metric else Form.SHARE


@dataclass(frozen=True, slots=True)
class Reading:
    """What a change means.

    Parameters
    ----------
    clear : bool
        More than chance, after allowing for all changes looked at.
    mark : Mark
        The same in a word.
    """

    clear: bool
    mark: Mark


def widened(estimate: Estimate, *, looks: int) -> tuple[float, float] | None:
    """Widen an interval so that it holds for many figures looked at together.

    Parameters
    ----------
    estimate : Estimate
        One of them.
    looks : int
        How many are looked at.

    Returns
    -------
    (float, float) or None
        Both ends after Bonferroni's correction; None when there is no interval.

    Notes
    -----
    Each side is stretched by the ratio of normal quantiles, which keeps its asymmetry.
    """
    low, high = estimate.low, estimate.high
    if low is None or high is None:
        return None
    if estimate.value is None:
        return low, high
    tail = (1 - estimate.level) / 2
    normal = NormalDist()
    stretch = normal.inv_cdf(tail / max(1, looks)) / normal.inv_cdf(tail)
    value = estimate.value
    return value - stretch * (value - low), value + stretch * (high - value)


def is_clear(change: Estimate | None, *, looks: int) -> bool:
    """Say whether a difference is more than chance, after allowing for the looks taken."""
    ends = widened(change, looks=looks) if change else None
    return ends is not None and (ends[0] > 0 or ends[1] < 0)


def read_change(change: Estimate | None, *, metric: Metric | None, looks: int) -> Reading | None:
    """Put a change into a word.

    Parameters
    ----------
    change : Estimate or None
        Difference from the period before.
    metric : Metric or None
        Tells which way is better.
    looks : int
        How many changes are looked at together.

    Returns
    -------
    Reading or None
        None when there is no difference to read, or only that of proxies.
    """
    if change is None or change.value is None or change.status is Status.PROXY:
        return None
    rises = change.value > 0
    direction = metric.direction if metric else Direction.NEUTRAL
    judged = direction is not Direction.NEUTRAL and change.status is not Status.COUNT
    good = rises is (direction is Direction.UP_GOOD)
    if is_clear(change, looks=looks):
        if not judged:
            return Reading(clear=True, mark=_mark("up" if rises else "down", Tone.QUIET))
        tone, word = (Tone.GOOD, "better") if good else (Tone.BAD, "worse")
        return Reading(clear=True, mark=_mark(word, tone))
    if judged and is_clear(change, looks=1):
        word = "perhaps_better" if good else "perhaps_worse"
        return Reading(clear=False, mark=_mark(word, Tone.UNSURE))
    return Reading(clear=False, mark=_mark("chance", Tone.QUIET))


def _mark(word: str, tone: Tone) -> Mark:
    return Mark(Message(f"report.reading.{word}"), tone)


def against(estimate: Estimate | None, target: Target | None, *, form: Form) -> Goal | None:
    """Hold a figure against its goal: met or missed only when the whole interval says so.

    Parameters
    ----------
    estimate : Estimate or None
        The figure.
    target : Target or None
        The goal.
    form : Form
        How the goal is written.

    Returns
    -------
    Goal or None
        None when no goal is set.
    """
    if target is None or target.bar is None:
        return None
    sign = "≤" if target.at_most is not None else "≥"
    text = Sentence("report.goal.bar", {"sign": Plain(sign), "bar": _bar(target.bar, form)})
    return Goal(text, _standing(estimate, target))


def _bar(bar: float, form: Form) -> Sayable:
    if form is Form.SHARE:
        return Plain(f"{100 * bar:.4g}%")
    exact = Estimate(
        value=bar, low=bar, high=bar, level=0.95, status=Status.COUNT, method="goal", n=0
    )
    return Figure(exact, form)


def _standing(estimate: Estimate | None, target: Target) -> Standing:
    if estimate is None or estimate.low is None or estimate.high is None:
        return Standing.UNSURE
    if target.at_most is not None:
        low, high, bar = estimate.low, estimate.high, target.at_most
    else:
        low, high, bar = -estimate.high, -estimate.low, -(target.at_least or 0)
    if estimate.status is Status.PROXY:
        return Standing.UNSURE
    if high <= bar:
        return Standing.MET
    return Standing.MISSED if low > bar else Standing.UNSURE


def worst_first(parts: Sequence[Measured], *, metric: Metric | None) -> tuple[Measured, ...]:
    """Rank slices by how bad they are at least: by the end of the interval nearest to good.

    Parameters
    ----------
    parts : sequence of Measured
        Figures of slices.
    metric : Metric or None
        Tells which way is better.

    Returns
    -------
    tuple of Measured
        Worst first; slices without an interval are left out.
    """
    down = metric is None or metric.direction is not Direction.UP_GOOD
    sign = 1 if down else -1

    def badness(part: Measured) -> tuple[float, float]:
        e = part.estimate
        surely = e.low if down else e.high
        return -sign * (surely or 0.0), -sign * (e.value if e.value is not None else surely or 0.0)

    known = [part for part in parts if part.estimate.low is not None]
    return tuple(sorted(known, key=lambda part: (*badness(part), str(part.slice.terms))))
