"""Which recommendations would bring a metric to its goal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from shroff.advise.advice_effects import Effects
from shroff.advise.advice_ranking import merged
from shroff.advise.recommendation import Placed
from shroff.domain.messages import Message, number, percent
from shroff.domain.metrics import Metric
from shroff.measure.brief import Goal

__all__ = ["Closing", "closing_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """What it takes to reach a goal.

    Parameters
    ----------
    goal : Goal
        The goal.
    metric : Metric
        Its metric.
    now : float
        The metric on the labelled ads.
    then : float
        The same after the steps.
    chance : float
        Chance that the goal is reached then, by draws of the labels.
    steps : tuple of str
        Ids of the steps, in the order in which they bring it nearer.
    """

    goal: Goal
    metric: Metric
    now: float
    then: float
    chance: float
    steps: tuple[str, ...]

    @property
    def reached(self) -> bool:
        """Whether the goal would be reached, on average."""
        return _met(self.then, self.goal)

    def text(self) -> Message:
        """Say it."""
        key = "closed" if self.steps and self.reached else "nearer" if self.steps else "open"
        if _met(self.now, self.goal) and not self.steps:
            key = "met"
        bar = self.goal.at_most if self.goal.at_most is not None else self.goal.at_least
        sign = "≤" if self.goal.at_most is not None else "≥"
        return Message(
            f"advice.goal.{key}",
            {
                "metric": "|".join(self._named(name) for name in _names(self.metric)),
                "bar": f"{sign} {self._shown(bar or 0.0)}",
                "now": self._shown(self.now),
                "then": self._shown(self.then),
                "chance": self.chance,
                "steps": ", ".join(each[:6] for each in self.steps),
            },
        )

    def _named(self, name: str) -> str:
        inside = ", ".join(value for _, value in self.goal.where)
        return f"{name} ({inside})" if inside else name

    def _shown(self, value: float) -> str:
        return percent(value) if self.metric.unit == "share" else number(value)

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {
            "goal": self.goal.known_as,
            "metric": self.goal.metric,
            "where": dict(self.goal.where),
            "owner": self.goal.owner,
            "due": str(self.goal.due) if self.goal.due else None,
            "at_most": self.goal.at_most,
            "at_least": self.goal.at_least,
            "now": self.now,
            "then": self.then,
            "chance": self.chance,
            "reached": self.reached,
            "steps": list(self.steps),
            "sentence": self.text().record(),
        }


def _names(metric: Metric) -> tuple[str, str]:
    return metric.name_en, metric.name_zh


def _met(value: float, goal: Goal) -> bool:
    if goal.at_most is not None:
        return value <= goal.at_most
    return goal.at_least is not None and value >= goal.at_least


def closing_of(
    goal: Goal, metric: Metric, *, steps: Sequence[Placed], effects: Effects
) -> Closing | None:
    """Find the steps that bring a metric to its goal.

    Parameters
    ----------
    goal, metric
        The goal and its metric.
    steps : sequence of Placed
        The plan; steps that add nothing, or were rejected, are passed over.
    effects : Effects
        What changes of actions do to metrics.

    Returns
    -------
    Closing or None
        At each step the one that brings the metric nearest, until the goal is reached or none
        helps any more. None where labelled ads do not tell the metric.
    """
    now = effects.values(goal.metric, effects.deck.action, where=goal.where)
    if now is None:
        return None
    down = goal.at_most is not None
    left = [e for e in steps if e.what.actions is not None and e.adds.mean > 0]
    state, taken, value = effects.deck.action, [], now[0]
    while left and not _met(value, goal):
        tried = [merged(effects.deck.action, state, _actions(each)) for each in left]
        values = [effects.values(goal.metric, each, where=goal.where) for each in tried]
        figures = [each[0] if each else value for each in values]
        best = int(np.argmin(figures) if down else np.argmax(figures))
        if not (figures[best] < value if down else figures[best] > value):
            break
        state, value = tried[best], figures[best]
        taken.append(left.pop(best).what.id)
    then = effects.values(goal.metric, state, where=goal.where)
    draws = then[1] if then else now[1]
    return Closing(
        goal=goal,
        metric=metric,
        now=now[0],
        then=value,
        chance=float(np.mean([_met(float(each), goal) for each in draws])),
        steps=tuple(taken),
    )


def _actions(placed: Placed) -> np.ndarray:
    assert placed.what.actions is not None  # noqa: S101 - chosen so
    return placed.what.actions
