"""Figures and lines of a cascade as they are written, in any language."""

from __future__ import annotations

from math import inf, isnan

from shroff.advise.cascade_plan import CascadeCell, CascadeFound, CascadeOutcome, edge_score
from shroff.domain.messages import count, number, percent
from shroff.stats.estimate import Estimate

__all__ = ["cascade_cell_words", "cascade_words"]

_MINUTE, _HOUR, _DAY = 60, 3600, 86_400


def cascade_words(found: CascadeFound, each: CascadeOutcome) -> dict[str, str]:
    """Write the figures of a strategy, with intervals where they are not counted.

    Parameters
    ----------
    found : CascadeFound
        The cascade; its days and currency.
    each : CascadeOutcome
        The strategy.

    Returns
    -------
    dict of str to str
        By figure; amounts a day.
    """
    figures, days = each.figures, found.days
    told = {
        name: _amount(figures[name], days)
        for name in ("violating_impressions", "review_hours", "llm_hours", "calls", "money")
    }
    told |= {name: _share(figures[name]) for name in ("recall", "reject_precision", "leakage")}
    told["less"] = _share(each.less)
    told["money"] = f"{told['money']} {found.currency}".strip()
    told["cost_1000"] = _amount(each.cost_1000, 1)
    told["delay"] = f"{_time(each.delay.mean)}, {_time(each.delay.late)}"
    told["limit"] = "–" if each.money_limit == inf else number(each.money_limit)
    return told


def cascade_cell_words(each: CascadeCell, *, never: str) -> dict[str, str]:
    """Write the lines of a cell."""
    return {
        "ads": count(each.ads),
        "asked": count(each.asked),
        "ask": _line(each.ask_from, never),
        "reject": _line(each.reject_from, never),
        "people": _line(edge_score(each.edges.people), never),
        "llm_reject": _line(edge_score(each.edges.reject), never),
    }


def _amount(figure: Estimate, days: int) -> str:
    if figure.value is None or figure.low is None or figure.high is None:
        return "–"
    value, low, high = (_figure(each / days) for each in (figure.value, figure.low, figure.high))
    return value if low == high else f"{value} ({low} – {high})"


def _figure(value: float) -> str:
    return number(value) if abs(value) < 1000 else count(value)


def _share(figure: Estimate) -> str:
    if figure.value is None or figure.low is None or figure.high is None:
        return "–"
    return f"{percent(figure.value)} ({percent(figure.low)} – {percent(figure.high)})"


def _time(seconds: float) -> str:
    """Write a wait in the unit that suits it; units are the same in both languages."""
    if isnan(seconds):
        return "–"
    for size, unit in ((_DAY, "d"), (_HOUR, "h"), (_MINUTE, "min")):
        if seconds >= 2 * size:
            return f"{seconds / size:.1f} {unit}"
    return f"{seconds:.1f} s"


def _line(score: float, never: str) -> str:
    return never if score > 1 else f"{score:.2f}"
