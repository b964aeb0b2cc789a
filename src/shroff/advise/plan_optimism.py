"""How much better a plan looks than it is, because it was chosen by what it is judged by."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from shroff.advise.label_sums import LabelErrors, LabelSums
from shroff.advise.line_limits import LineRoom, LinesAsked, problem_of
from shroff.advise.line_search import find_lines
from shroff.advise.strategy_outcome import expected_figures, shares_of_lines
from shroff.advise.violation_curves import ViolationCurves, learn_again

__all__ = ["NO_OPTIMISM", "Optimism", "optimism_of"]

Floats = npt.NDArray[np.float64]

_WORLDS = 8
_ROUGH = 0.01
_SEED = 20261125


@dataclass(frozen=True, slots=True, kw_only=True)
class Optimism:
    """What the best lines promise beyond what they keep.

    Parameters
    ----------
    precision : float
        Reject precision told less the true one; beside today's where today's is the bar.
    leakage : float
        True leakage less the one told.
    less : float
        By which share more is told to be saved than is.
    """

    precision: float
    leakage: float
    less: float


NO_OPTIMISM = Optimism(precision=0.0, leakage=0.0, less=0.0)
"""Lines that were not chosen by labels."""


def optimism_of(
    room: LineRoom, curves: ViolationCurves, asked: LinesAsked, *, aim: str
) -> Optimism:
    """Tell how much better the best lines look than they are.

    Parameters
    ----------
    room : LineRoom
        What lines are chosen by.
    curves : ViolationCurves
        Chances with doubt.
    asked : LinesAsked
        Objective and limits.
    aim : str
        Figure that is made small.

    Returns
    -------
    Optimism
        Means, none under 0.

    Notes
    -----
    In each of some worlds that the labels allow, labels are drawn again, chances learnt from them and
    lines chosen by them, as was done with the real ones; then it is known what is told of the lines
    and what is true.

    References
    ----------
    Efron, Journal of the American Statistical Association 81 (1986): the optimism of a rule, by the
    parametric bootstrap.
    """
    labels = room.cells.labels
    errors = room.cells.errors or LabelErrors.none(len(labels.cell))
    rng = np.random.default_rng(_SEED)
    today = room.today()
    fixed = asked.precision is not None or not room.cells.ads[2].sum()
    found = []
    for chances in curves.draws(_WORLDS, rng=rng):
        again = _drawn_again(labels, errors, chances, rng=rng)
        told = learn_again(curves, again, room.cells.factors(), errors=errors)
        there = replace(room, chances=told)
        plan = find_lines(problem_of(there, there.bars(asked)), good=_ROUGH)
        if not plan.feasible:
            continue
        mine = shares_of_lines(plan.review, plan.reject, bins=told.shape[1])
        sides = [_figures(room, (today, mine), each, aim=aim) for each in (told, chances)]
        before, after = sides[0] - sides[1]
        found.append(after - before * np.array([0.0 if fixed else 1.0, 0.0, 1.0]))
    if not found:
        return NO_OPTIMISM
    precision, leakage, left = (_mean(np.array(column)) for column in zip(*found, strict=True))
    return Optimism(
        precision=max(precision, 0.0), leakage=max(-leakage, 0.0), less=max(-left, 0.0)
    )


def _mean(values: Floats) -> float:
    """Give the mean of what is known; 0 where lines reject or approve nothing."""
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else 0.0


def _figures(
    room: LineRoom, strategies: tuple[Floats, Floats], chances: Floats, *, aim: str
) -> Floats:
    """Give precision, leakage and what is left of the aim, today and as planned."""
    told = [expected_figures(each, room.worth, chances, costs=room.costs) for each in strategies]
    whole = max(told[0][aim], 1e-12)
    return np.array([[x["reject_precision"], x["leakage"], x[aim] / whole] for x in told])


def _drawn_again(
    labels: LabelSums, errors: LabelErrors, chances: Floats, *, rng: np.random.Generator
) -> LabelSums:
    """Draw as many labels of the same ads as they would be if chances were so."""
    size, _ = labels.effective()
    floor = (1 - errors.specificity)[errors.kind]
    said = floor + errors.power[errors.kind] * chances[labels.cell, labels.bin]
    whole = np.maximum(np.rint(size), 1).astype(np.int64)
    share = rng.binomial(whole, np.clip(said, 0.0, 1.0)) / whole
    return LabelSums(
        cell=labels.cell, bin=labels.bin, hits=share * size, w=size, w2=size, n=labels.n
    )
