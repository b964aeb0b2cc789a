"""Which labels would answer what is not known yet?"""

from __future__ import annotations

from math import ceil

from shroff.domain.messages import Message
from shroff.measure.audit import AuditPlan
from shroff.measure.brief import Goal
from shroff.measure.scorecard import Scorecard
from shroff.report.figures import Figure
from shroff.report.publication import PublishRule, is_publishable
from shroff.report.weekly_results import AuditNeed
from shroff.report.wording import Bilingual, Sayable, Sentence
from shroff.stats.estimate import Estimate, Status
from shroff.stats.planning import labels_for_width, labels_to_show_below

__all__ = ["labels_wanted"]

_ASKED = {"leakage": "approve", "reject_precision": "reject"}
_WIDEST, _NARROWEST = 0.05, 0.001
_DEFAULT = PublishRule()


def labels_wanted(
    card: Scorecard, *, plan: AuditPlan | None, rule: PublishRule = _DEFAULT
) -> tuple[AuditNeed, ...]:
    """List the labels that would answer what the scorecard leaves open.

    Parameters
    ----------
    card : Scorecard
        What was measured.
    plan : AuditPlan or None
        The smallest batch for what was never sampled.
    rule : PublishRule
        How certain a published figure must be.

    Returns
    -------
    tuple of AuditNeed
        First what was never sampled, then what is too uncertain to publish, then goals that are
        not decided yet.
    """
    never = [
        AuditNeed(_ads(s.action), min(s.labels, s.ads), Message("report.next.never_sampled"))
        for s in (plan.strata if plan else ())
    ]
    more = [need for metric in _ASKED for need in _more(card, metric, rule=rule)]
    return (*never, *more)


def _ads(action: str) -> Sayable:
    return Message(f"report.next.ads_{action}")


def _more(card: Scorecard, metric: str, *, rule: PublishRule) -> list[AuditNeed]:
    found = card.figure(metric)
    if found is None or found.estimate.status is not Status.ESTIMATE:
        return []
    estimate = found.estimate
    wanted = [_to_publish(card, metric, estimate, rule), _to_decide(card, metric, estimate)]
    return [need for need in wanted if need is not None]


def _to_publish(
    card: Scorecard, metric: str, estimate: Estimate, rule: PublishRule
) -> AuditNeed | None:
    value = estimate.value
    if value is None or is_publishable(Figure(estimate), rule):
        return None
    # a rare share must not be vaguer than itself
    width = min(rule.max_width, max(value, _NARROWEST)) if rule.relative else rule.max_width
    labels = labels_for_width(value, width, level=estimate.level, design_effect=_effect(estimate))
    return _need(card, metric, estimate, labels=labels, answer="publish")


def _to_decide(card: Scorecard, metric: str, estimate: Estimate) -> AuditNeed | None:
    goal = card.brief.goal(metric)
    errors = _errors(goal, estimate)
    if errors is None:
        return None
    share, limit = errors
    needed = labels_to_show_below(limit, share, level=estimate.level)
    labels = ceil(needed * _effect(estimate))
    return _need(card, metric, estimate, labels=labels, answer="decide")


def _errors(goal: Goal | None, estimate: Estimate) -> tuple[float, float] | None:
    """Give share and limit of errors where a goal may be met but is not shown to be."""
    value, low, high = estimate.value, estimate.low, estimate.high
    if goal is None or value is None or low is None or high is None:
        return None
    if goal.at_most is not None:
        share, limit, is_open = value, goal.at_most, low <= goal.at_most < high
    else:
        bar = goal.at_least or 0.0
        share, limit, is_open = 1 - value, 1 - bar, low < bar <= high
    return (share, limit) if is_open and 0 <= share < limit < 1 else None


def _effect(estimate: Estimate) -> float:
    return max(1.0, estimate.design_effect or 1.0)


def _need(
    card: Scorecard, metric: str, estimate: Estimate, *, labels: int, answer: str
) -> AuditNeed | None:
    action = _ASKED[metric]
    ads = next((source.ads for source in card.frame.sources if source.action == action), 0)
    more = min(labels, ads) - estimate.n  # all ads labelled is a census, and certain
    if more <= 0:
        return None
    record = card.brief.metrics[metric]
    name = Bilingual(record.name_en, record.name_zh)
    return AuditNeed(_ads(action), more, Sentence(f"report.next.{answer}", {"metric": name}))
