"""Has the way people judge changed: over the weeks, and with a new guideline?"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from shroff.domain.messages import Message
from shroff.domain.slices import Slice
from shroff.measure.blocks import Block
from shroff.measure.label_quality_agreement import Checks, chosen, overturned
from shroff.measure.label_quality_answers import Answers, Named
from shroff.stats.agreement_change import Pairs, adjusted_difference, homogeneity
from shroff.stats.agreement_intervals import Items
from shroff.stats.compare import benjamini_yekutieli
from shroff.stats.estimate import Estimates, Status
from shroff.stats.linearise import Flags

__all__ = ["Drift", "drift_of", "drifts", "guideline_blocks", "mix_of"]

_FEWEST = 20


@dataclass(frozen=True, slots=True)
class Drift:
    """Whether the weeks of one group differ by more than chance.

    Parameters
    ----------
    group : str
        The group; "" for all together.
    weeks : int
        Weeks with checked answers.
    checks : int
        Checked answers.
    p : float
        Chance of weeks that differ so if nothing changed, adjusted for looking at all groups.
    """

    group: str
    weeks: int
    checks: int
    p: float

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {"group": self.group, "weeks": self.weeks, "checks": self.checks, "p": self.p}


def drifts(answers: Answers, checks: Checks, *, level: float) -> tuple[Drift, ...]:
    """Test, group by group, whether checkers overturn as much in every week.

    Parameters
    ----------
    answers : Answers
        Answers.
    checks : Checks
        First answers and checks.
    level : float
        Coverage of the figures compared, in (0, 1).

    Returns
    -------
    tuple of Drift
        Groups with 20 checked answers or more, in two weeks or more.
    """
    found: list[tuple[str, int, int, float]] = []
    for code, name in [(-1, ""), *enumerate(answers.group.names)]:
        mine = checks.row >= 0 if code < 0 else answers.group.codes[checks.row] == code
        if np.count_nonzero(mine) < _FEWEST or (code >= 0 and not name):
            continue
        weeks, p = drift_of(answers, checks, mine, level=level)
        if np.isfinite(p):
            found.append((name, weeks, int(np.count_nonzero(mine)), p))
    adjusted = benjamini_yekutieli(np.array([each[3] for each in found]))
    return tuple(
        Drift(name, weeks, n, float(p))
        for (name, weeks, n, _), p in zip(found, adjusted, strict=True)
    )


def drift_of(answers: Answers, checks: Checks, mine: Flags, *, level: float) -> tuple[int, float]:
    """Test whether checkers overturn as much in every week.

    Parameters
    ----------
    answers, checks
        As in `drifts`.
    mine : array of bool
        Checks to look at.
    level : float
        Coverage of the figures compared, in (0, 1).

    Returns
    -------
    int, float
        Weeks, and the p-value.
    """
    codes = answers.week.codes[checks.row][mine]
    weight = checks.weight[mine]
    items = Items(group=codes, n=np.ones(len(codes)), w=weight, w2=weight**2)
    differ = (checks.first != checks.check)[mine]
    figures = overturned(items, differ, groups=len(answers.week.names), level=level)
    return int(np.count_nonzero(figures.n)), homogeneity(figures)


def mix_of(answers: Answers) -> Named:
    """Name the mix that comparisons are adjusted to: queue, and policy the machine cited."""
    size = max(len(answers.policy.names), 1)
    return Named(answers.queue.codes * size + answers.policy.codes, ())


def guideline_blocks(answers: Answers, checks: Checks, *, level: float) -> list[Block]:
    """Say how much more checkers overturn under a guideline than under the one before.

    Parameters
    ----------
    answers : Answers
        Answers.
    checks : Checks
        First answers and checks.
    level : float
        Coverage wanted, in (0, 1).

    Returns
    -------
    list of Block
        Differences for each guideline, over all and by group, on the same mix of queues and
        policies; none with one guideline.
    """
    order = _in_time(answers, checks)
    if len(order) < 2 or not len(checks.row):
        return []
    found: list[Block] = []
    for before, after in pairwise(order):
        found += _compared(answers, checks, before, after, level=level)
    return found


def _in_time(answers: Answers, checks: Checks) -> list[int]:
    """Order the guidelines by the week in which half of their answers were given."""
    codes, weeks = answers.guideline.codes[checks.row], answers.week.codes[checks.row]
    used = [code for code in np.unique(codes).tolist() if answers.guideline.names[code]]
    return sorted(used, key=lambda code: (float(np.median(weeks[codes == code])), code))


def _compared(
    answers: Answers, checks: Checks, before: int, after: int, *, level: float
) -> list[Block]:
    guideline = answers.guideline.codes[checks.row]
    rows = np.flatnonzero(np.isin(guideline, (before, after)))
    later, differ = guideline[rows] == after, (checks.first != checks.check)[rows]
    mix = mix_of(answers).codes[checks.row[rows]]
    names = answers.guideline.names
    found: list[Block] = []
    for dimension, column in (("", None), ("group", answers.group)):
        codes = np.zeros(len(rows), dtype=np.intp)
        size = 1
        labels: tuple[str, ...] = ("",)
        if column is not None:
            codes, size, labels = column.codes[checks.row[rows]], len(column.names), column.names
        pairs = _pairs(codes, mix, later=later, differ=differ)
        figures = adjusted_difference(pairs, groups=size, level=level)
        slices = tuple(
            Slice((("guideline", names[after]), *(((dimension, label),) if dimension else ())))
            for label in labels
        )
        found.append(_block(figures, slices, drawn=checks.drawn, before=names[before]))
    return found


def _pairs(codes: np.ndarray, mix: np.ndarray, *, later: Flags, differ: Flags) -> Pairs:
    keys, where = np.unique(np.column_stack([codes, mix]), axis=0, return_inverse=True)
    where = where.reshape(-1)

    def up(kept: Flags) -> np.ndarray:
        return np.bincount(where, weights=kept, minlength=len(keys)).astype(np.float64)

    return Pairs(
        group=keys[:, 0].astype(np.intp),
        first_hits=up(~later & differ),
        first=up(~later),
        second_hits=up(later & differ),
        second=up(later),
    )


def _block(figures: Estimates, slices: tuple[Slice, ...], *, drawn: bool, before: str) -> Block:
    kept = np.flatnonzero(np.isfinite(figures.value) & (figures.n >= _FEWEST))
    status = Status.ESTIMATE if drawn else Status.PROXY
    return Block(
        metric="guideline_effect",
        dimensions=slices[0].dimensions,
        slices=tuple(slices[place] for place in kept),
        estimates=chosen(figures, kept),
        status=(status,) * len(kept),
        design="first answers that were checked, same mix of queues and policies",
        caveats=(Message("labels.quality.guideline", {"before": before}),),
    )
