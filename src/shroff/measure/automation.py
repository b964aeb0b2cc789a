"""How much of the traffic is automated where the machine is known to be good enough."""

from __future__ import annotations

import numpy as np

from shroff.domain.messages import Message
from shroff.domain.metrics import Needs, Weight
from shroff.domain.slices import EVERYTHING
from shroff.measure.blocks import Block, pack
from shroff.measure.brief import Brief
from shroff.measure.clustered import clustered_shares
from shroff.measure.counts import Cube, count
from shroff.measure.frame import Frame
from shroff.measure.ground import ROWS, Ground
from shroff.measure.quality import (
    count_labels,
    estimate_figures,
    known_classes,
    outcomes_of,
)
from shroff.stats.estimate import Estimate, Estimates, Status
from shroff.store.engine import Engine

__all__ = ["safe_automation"]

_PAIR = ("leakage", "reject_precision")
_SUMS = {
    "n": "SUM(ads)",
    "approved": "SUM(CASE WHEN action = 'approve' AND NOT human_touch THEN ads ELSE 0 END)",
    "rejected": "SUM(CASE WHEN action = 'reject' AND NOT human_touch THEN ads ELSE 0 END)",
}


def _slicing(brief: Brief) -> tuple[str, ...]:
    """Take the first slicing asked for, or the market."""
    asked = (s for s in brief.by if s and "policy" not in s and "week" not in s)
    return next(asked, ("market",))


def safe_automation(
    engine: Engine, frame: Frame, brief: Brief, *, ground: Ground = ROWS
) -> tuple[list[Block], list[str]]:
    """Sum the ads automated by actions and slices that clear their goal with confidence.

    Parameters
    ----------
    engine : Engine
        Where ``population`` and ``frame`` are.
    frame : Frame
        The label frame.
    brief : Brief
        Goals and slices.
    ground : Ground
        What the population is counted on.

    Returns
    -------
    list of Block, list of str
        One figure over everything, and the queries that gave it. Its lower end counts the slices
        known to clear the goal, its upper end those not known to fail it.
    """
    slicing = _slicing(brief)
    wanted = count(
        engine,
        "population",
        slicings=[(), slicing],
        sums=_SUMS,
        where="in_period",
        ground=ground,
    )
    figure = _figure(engine, frame, brief, wanted=wanted, slicing=slicing)
    return [_pack(brief, figure)], [wanted.query]


def _figure(
    engine: Engine, frame: Frame, brief: Brief, *, wanted: Cube, slicing: tuple[str, ...]
) -> Estimate:
    if not wanted.columns["n"].sum():
        return _unset(wanted, brief, why=())
    leaks, rejects = _figures(engine, frame, brief, wanted)
    bars = tuple(brief.goal(name) for name in _PAIR)
    if any(bar is None for bar in bars):
        return _unset(wanted, brief, why=(Message("scorecard.no_goals"),))
    most = bars[0].at_most if bars[0] and bars[0].at_most is not None else 1.0
    least = bars[1].at_least if bars[1] and bars[1].at_least is not None else 0.0
    first, last = wanted.spans[slicing]
    clears = (leaks.high[first:last] <= most, rejects.low[first:last] >= least)
    stands = (~(leaks.low[first:last] > most), ~(rejects.high[first:last] < least))
    row = np.argsort(wanted.group)[first:last]
    approved, rejected = (wanted.columns[name][row] for name in ("approved", "rejected"))
    sure = float((approved * clears[0]).sum() + (rejected * clears[1]).sum())
    may = float((approved * stands[0]).sum() + (rejected * stands[1]).sum())
    total = float(wanted.columns["n"][row].sum())
    return Estimate(
        value=sure / total,
        low=sure / total,
        high=may / total,
        level=brief.level,
        status=Status.ESTIMATE if frame.any_probability() else Status.PROXY,
        method="slices that clear the goals",
        n=frame.labels,
        design=frame.text(),
        numerator=sure,
        denominator=total,
        caveats=(
            Message(
                "scorecard.safe",
                {"leakage": most, "precision": least, "slices": " × ".join(slicing)},
            ),
        ),
    )


def _figures(
    engine: Engine, frame: Frame, brief: Brief, wanted: Cube
) -> tuple[Estimates, Estimates]:
    metrics = [brief.metrics[name] for name in _PAIR]
    slices = {slicing: wanted.slices[a:b] for slicing, (a, b) in wanted.spans.items()}
    outcomes = outcomes_of(engine, metrics)
    chosen = [outcomes.ratios[name] for name in _PAIR]
    if frame.clustered:
        found = [
            clustered_shares(
                engine,
                frame,
                source=frame.table,
                outcome="outcome",
                ratio=ratio,
                slices=slices,
                level=brief.level,
                known=known_classes(),
            )
            for ratio in chosen
        ]
        if found[0] is not None and found[1] is not None:
            return found[0], found[1]
    cut = count_labels(engine, frame, slices=slices)
    counted = estimate_figures(
        cut.cells,
        cut.strata,
        weight=Weight.ADS,
        chosen=chosen,
        groups=len(cut.slices),
        level=brief.level,
    )
    return counted[0], counted[1]


def _unset(wanted: Cube, brief: Brief, *, why: tuple[Message, ...]) -> Estimate:
    return Estimate(
        value=None,
        low=None,
        high=None,
        level=brief.level,
        status=Status.UNKNOWN,
        method="slices that clear the goals",
        n=0,
        denominator=float(wanted.columns["n"][0]) if len(wanted.group) else 0.0,
        caveats=why,
    )


def _pack(brief: Brief, figure: Estimate) -> Block:
    metric = next(m.id for m in brief.metrics.values() if m.needs is Needs.SLICES)
    return pack(metric, [(EVERYTHING, figure)], dimensions=(), level=brief.level)
