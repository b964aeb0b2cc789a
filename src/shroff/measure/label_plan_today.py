"""What is known today of the figures that labels are planned for."""

from __future__ import annotations

from collections.abc import Sequence

from shroff.domain.metrics import Weight
from shroff.domain.slices import EVERYTHING, Slice
from shroff.measure.frame import Frame
from shroff.measure.label_plan_goals import LabelGoal
from shroff.measure.quality import Outcomes, count_labels, estimate_figures
from shroff.stats.estimate import Estimate
from shroff.store.engine import Engine

__all__ = ["effective_labels", "figures_now"]


def figures_now(
    engine: Engine,
    frame: Frame,
    outcomes: Outcomes,
    *,
    goals: Sequence[LabelGoal],
    level: float,
) -> list[Estimate | None]:
    """Give today's figure of each goal.

    Parameters
    ----------
    engine : Engine
        Where the label frame is.
    frame : Frame
        The label frame by ads.
    outcomes : Outcomes
        What each metric counts.
    goals : sequence of LabelGoal
        The goals.
    level : float
        Coverage of the intervals.

    Returns
    -------
    list of Estimate or None
        None where no random label tells.
    """
    if not frame.any_probability():
        return [None] * len(goals)
    slices: dict[tuple[str, ...], list[Slice]] = {(): [EVERYTHING]}
    for goal in goals:
        known = slices.setdefault(goal.part.dimensions, [])
        if goal.part not in known:
            known.append(goal.part)
    counted = count_labels(engine, frame, slices=slices)
    figures = estimate_figures(
        counted.cells,
        counted.strata,
        weight=Weight.ADS,
        chosen=[outcomes.ratios[goal.metric] for goal in goals],
        groups=len(counted.slices),
        level=level,
    )
    found: list[Estimate | None] = []
    for goal, estimates in zip(goals, figures, strict=True):
        figure = estimates.at(counted.slices.index(goal.part))
        told = figure.value is not None and figure.low is not None
        found.append(figure if told and _covered(frame, outcomes, goal) else None)
    return found


def _covered(frame: Frame, outcomes: Outcomes, goal: LabelGoal) -> bool:
    return not set(frame.uncovered()) & set(outcomes.actions(goal.metric))


def effective_labels(engine: Engine, frame: Frame) -> dict[str, float]:
    """Count the labels in effect that each action has."""
    rows = engine.query(
        "SELECT action, SUM(w) * SUM(w) / SUM(w * w) AS effective"
        f" FROM {frame.table} WHERE in_period GROUP BY action"
    ).to_pylist()
    return {row["action"]: float(row["effective"]) for row in rows}
