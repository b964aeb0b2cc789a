"""What a figure rests on, what it is worth, and why one is not known."""

from __future__ import annotations

from shroff.domain.messages import Message
from shroff.domain.metrics import Needs
from shroff.report.weekly_results import WeeklyResults
from shroff.report.wording import Sayable
from shroff.stats.estimate import Estimate, Status

__all__ = ["basis", "reason", "worth"]

_REASONS = {"scorecard.no_log", "scorecard.no_policies", "scorecard.no_goals"}


def basis(results: WeeklyResults, metric: str, estimate: Estimate) -> Sayable:
    """Say in plain words what a figure rests on."""
    record = results.metrics.get(metric)
    unit = record.needs if record else Needs.TRUTH
    if estimate.status is Status.COUNT and unit is Needs.TRUTH:
        unit = Needs.POPULATION
    return Message(f"report.basis.{unit}", {"n": estimate.n})


def reason(results: WeeklyResults, metric: str, estimate: Estimate) -> Sayable:
    """Say what a figure rests on or, when it is not known, why."""
    if estimate.status is not Status.UNKNOWN:
        return basis(results, metric, estimate)
    stated = [note for note in estimate.caveats if note.id in _REASONS]
    if stated:
        return stated[0]
    record = results.metrics.get(metric)
    if estimate.caveats and record and record.needs is not Needs.TRUTH:
        return estimate.caveats[0]
    return worth(estimate)


def worth(estimate: Estimate) -> Sayable:
    """Say in plain words what a figure is worth."""
    if estimate.status is Status.COUNT and estimate.width:
        return Message("report.worth.backlog")
    return Message(f"report.worth.{estimate.status}")
