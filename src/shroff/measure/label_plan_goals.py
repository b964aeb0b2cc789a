"""What is to be known better: goals in words, such as ``leakage@market=ID:half``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from shroff.domain.metrics import Metric, Needs, Weight
from shroff.domain.slices import EVERYTHING, Slice
from shroff.errors import ConfigError

__all__ = ["Cost", "LabelGoal", "parse_costs", "parse_goal"]

_PARTS = {"half": 0.5, "third": 1 / 3, "quarter": 0.25}
_FORM = (
    "write METRIC[@COLUMN=VALUE[,COLUMN=VALUE]]:HOW, where HOW is half, third, quarter or a width"
)


@dataclass(frozen=True, slots=True)
class LabelGoal:
    """One figure that labels should make more certain.

    Parameters
    ----------
    metric : str
        Id of the metric.
    part : Slice
        The ads it speaks of.
    width : float or None
        Width wanted of the whole interval, in (0, 1).
    times : float or None
        Part of today's width that is wanted, in (0, 1), when no width is given.
    """

    metric: str
    part: Slice = EVERYTHING
    width: float | None = None
    times: float | None = None

    @property
    def where(self) -> str:
        """Name metric and slice as in a goal, e.g. ``leakage@market=ID``."""
        terms = ",".join(f"{name}={value}" for name, value in self.part.terms)
        return f"{self.metric}@{terms}" if terms else self.metric


@dataclass(frozen=True, slots=True)
class Cost:
    """What one label costs.

    Parameters
    ----------
    amount : float
        Cost, above 0.
    column, value : str
        Ads it holds for: those of an ``action``, or of a slice; empty for all others.
    """

    amount: float
    column: str = ""
    value: str = ""


def parse_goal(text: str, *, metrics: Mapping[str, Metric]) -> LabelGoal:
    """Read a goal.

    Parameters
    ----------
    text : str
        E.g. ``leakage@market=ID:half`` or ``reject_precision:0.02``.
    metrics : mapping
        Metrics by id.

    Returns
    -------
    LabelGoal
        The goal.

    Raises
    ------
    ConfigError
        If it cannot be read, or labels cannot make such a figure more certain.

    Examples
    --------
    >>> from shroff.domain.metric_catalogue import CATALOGUE
    >>> parse_goal("leakage@market=ID:half", metrics=CATALOGUE).times
    0.5
    """
    place = f"--goal {text}"
    head, colon, how = text.rpartition(":")
    if not colon or not head:
        raise ConfigError("a goal does not say how certain", where=place, hint=_FORM)
    name, _, terms = head.partition("@")
    _require_plannable(name.strip(), metrics, place=place)
    part = Slice(tuple(_term(term, place=place) for term in terms.split(",") if term.strip()))
    times = _PARTS.get(how.strip().lower())
    width = None if times else _width(how.strip(), place=place)
    return LabelGoal(name.strip(), part, width=width, times=times)


def _term(text: str, *, place: str) -> tuple[str, str]:
    column, equals, value = (side.strip() for side in text.partition("="))
    if not (column and equals and value):
        raise ConfigError(f"{text!r} is no slice", where=place, hint=_FORM)
    if column == "policy":
        raise ConfigError(
            "nobody knows which policy an ad violates before it is labelled",
            where=place,
            hint="plan for a market, a language or a score band that the policy is common in",
        )
    return column, value


def _width(text: str, *, place: str) -> float:
    number, scale = (text[:-1], 0.01) if text.endswith("%") else (text, 1.0)
    try:
        width = float(number) * scale
    except ValueError:
        raise ConfigError(f"{text!r} is no width", where=place, hint=_FORM) from None
    if not 0 < width < 1:
        raise ConfigError(
            f"a width of {text} is outside 0 to 1",
            where=place,
            hint="the width of the whole interval: 0.02 for 2 points from low to high",
        )
    return width


def _require_plannable(name: str, metrics: Mapping[str, Metric], *, place: str) -> None:
    if name not in metrics:
        close = get_close_matches(name, metrics, n=1)
        hint = f"did you mean {close[0]!r}? " if close else ""
        raise ConfigError(
            f"there is no metric {name!r}", where=place, hint=f"{hint}shroff metrics lists them"
        )
    metric = metrics[name]
    if metric.needs is not Needs.TRUTH:
        raise ConfigError(
            f"{name} does not rest on random labels, so no label makes it more certain",
            where=place,
            hint="choose one that does: leakage, reject_precision, recall_any, violating_ad_share, ...",
        )
    if metric.weight is not Weight.ADS or metric.custom:
        raise ConfigError(
            f"labels are planned for built-in metrics that count ads; {name} is not one",
            where=place,
            hint="plan for the one that counts ads: leakage, violating_ad_share, ...",
        )


def parse_costs(texts: Sequence[str]) -> tuple[Cost, ...]:
    """Read what labels cost: ``0.5``, ``reject:1.2`` or ``market=ID:2``.

    Parameters
    ----------
    texts : sequence of str
        Costs, the later ones overriding.

    Returns
    -------
    tuple of Cost
        The costs.

    Raises
    ------
    ConfigError
        If one cannot be read or is not above 0.
    """
    found: list[Cost] = []
    for text in texts:
        head, _, amount = text.rpartition(":")
        try:
            cost = float(amount)
        except ValueError:
            cost = 0.0
        if not 0 < cost < 1e12:
            raise ConfigError(
                f"{amount!r} is no cost",
                where=f"--cost {text}",
                hint="write 0.5, or reject:1.2, or market=ID:2; above 0",
            )
        column, equals, value = head.partition("=")
        found.append(Cost(cost, column if equals else "action" * bool(head), value or head))
    return tuple(found)
