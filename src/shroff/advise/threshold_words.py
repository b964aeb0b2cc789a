"""Figures and lines of a threshold plan as they are written, in any language."""

from __future__ import annotations

from shroff.advise.threshold_plan import CellLines, Strategy, ThresholdPlan
from shroff.domain.messages import count, number, percent
from shroff.stats.estimate import Estimate

__all__ = ["cell_words", "figure_words"]


def figure_words(plan: ThresholdPlan, each: Strategy) -> dict[str, str]:
    """Write the figures of a strategy, with intervals where they are not counted.

    Parameters
    ----------
    plan : ThresholdPlan
        The plan; its days.
    each : Strategy
        The strategy.

    Returns
    -------
    dict of str to str
        By figure; amounts a day.
    """
    figures, days = each.outcome.figures, plan.days
    today = each.name == "today"
    return {
        "violating_impressions": _amount(figures["violating_impressions"], days),
        "cost": _amount(figures["cost"], days, unit=plan.currency) if "cost" in figures else "–",
        "less": "–" if today else _share(each.less),
        "reject_precision": _share(figures["reject_precision"]),
        "leakage": _share(figures["leakage"]),
        "review_hours": f"{each.outcome.value('review_hours') / days:,.1f}",
        "reject_ads": count(each.outcome.value("reject_ads") / days),
        "kept": "–" if today else percent(each.kept["precision"]),
    }


def _amount(figure: Estimate, days: int, *, unit: str = "") -> str:
    if figure.value is None or figure.low is None or figure.high is None:
        return "–"
    told = [each / days for each in (figure.value, figure.low, figure.high)]
    words = [number(each) if abs(each) < 1000 else count(each) for each in told]
    behind = f" {unit}" if unit else ""
    return f"{words[0]}{behind} ({words[1]} – {words[2]})"


def _share(figure: Estimate) -> str:
    if figure.value is None or figure.low is None or figure.high is None:
        return "–"
    return f"{percent(figure.value)} ({percent(figure.low)} – {percent(figure.high)})"


def cell_words(each: CellLines, *, never: str) -> tuple[tuple[str, str], tuple[str, str]]:
    """Write the lines of a cell, review and reject, each today and as planned."""
    pairs = (each.review_now, each.review_from), (each.reject_now, each.reject_from)
    review, reject = ((_line(now, never), _line(then, never)) for now, then in pairs)
    return review, reject


def _line(score: float, never: str) -> str:
    return never if score > 1 else f"{score:.2f}"
