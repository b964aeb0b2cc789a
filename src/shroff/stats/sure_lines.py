"""Reject lines that keep precision above a floor in all cells together, as surely as is asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from shroff.errors import DesignError
from shroff.stats.dense import Ints, add_up
from shroff.stats.planning import labels_to_show_below
from shroff.stats.precision_tests import DrawDesign, LineLabels, floor_pvalues
from shroff.stats.proportions import Floats
from shroff.stats.score_cells import BINS

__all__ = [
    "LineCell",
    "LineNeed",
    "SureLine",
    "fallback",
    "labels_for_line",
    "lines_to_test",
    "precision_from",
    "sure_lines",
]

_STARTS = ((1.0, 0.5), (1.6, 0.25), (2.6, 0.25))
_STEP = 1.02
_FIRST_SHARE = 0.05
_EASY = 0.25  # of the errors allowed: what precision the first test is planned for
_POWER = 0.8
_LEANING = 20.0
_NOTHING = (np.zeros(0, dtype=np.intp), np.zeros(0))


@dataclass(frozen=True, slots=True, kw_only=True)
class LineCell:
    """What is known of one cell.

    Parameters
    ----------
    labels : LineLabels
        Its labels.
    ads : array of shape (1000,)
        Its ads from each threshold up that could have been drawn.
    unseen : array of shape (1000,)
        Those that no draw could reach; they are counted as compliant.
    """

    labels: LineLabels
    ads: Floats
    unseen: Floats = field(default_factory=lambda: np.zeros(BINS))

    def floor(self, floor: float) -> Floats:
        """Say which precision the ads that could be drawn need, for all to have the floor."""
        needed: Floats = floor * (1 + self.unseen / np.maximum(self.ads, 1.0))
        return needed


@dataclass(frozen=True, slots=True, kw_only=True)
class LineNeed:
    """Labels that would make a lower line sure.

    Parameters
    ----------
    at : int
        Threshold in thousandths from which to draw, each ad with the same chance.
    precision : float
        Precision there as the labels so far suggest.
    labels : int
        Labels from there up that show it in eight of ten cases, those there are included.
    have : float
        Labels drawn evenly that today's will be worth.
    chance : float
        Chance with which each ad is to be drawn; 1 for all of them.
    """

    at: int
    precision: float
    labels: int
    have: float
    chance: float

    @property
    def ask(self) -> int:
        """Count the labels to add."""
        return max(int(np.ceil(self.labels - self.have)), 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class SureLine:
    """The lowest line of a cell that is sure.

    Parameters
    ----------
    at : int or None
        Threshold in thousandths; None where none is sure.
    level : float
        Part of the risk that the cell was tested with first; 0 where it has too few labels.
    tested : tuple of int
        Thresholds tested, highest first.
    pvalues : tuple of float
        Their p-values.
    need : LineNeed or None
        What a lower line would take; None where precision seems to allow none.
    """

    at: int | None
    level: float
    tested: tuple[int, ...] = ()
    pvalues: tuple[float, ...] = ()
    need: LineNeed | None = None


def sure_lines(
    cells: Sequence[LineCell], design: DrawDesign, *, floor: float, delta: float, lowest: int = 500
) -> tuple[SureLine, ...]:
    """Find, in each cell, the lowest line whose precision is surely not under the floor.

    Parameters
    ----------
    cells : sequence of LineCell
        Cells that share no ad.
    design : DrawDesign
        How labels of all cells were drawn.
    floor : float
        Least precision, in (0, 1).
    delta : float
        Risk that the line of any cell has a precision under the floor, in (0, 0.25].
    lowest : int
        Lowest threshold looked at, in thousandths.

    Returns
    -------
    tuple of SureLine
        One a cell.

    Raises
    ------
    DesignError
        If the floor, the risk or the lowest threshold is out of range.

    Notes
    -----
    Which thresholds are tested, in which order and at which level depends on the number of ads
    by score and on the design: nothing that the labels say. In a cell thresholds are tested from
    high to low by the fallback procedure: half of the cell's risk enters at the first, a quarter
    each at two lower ones; a test that is passed hands its level on to the next. Cells share the
    risk evenly, those left out in which the labels could not show even a precision far above the
    floor; a cell whose lowest threshold is passed hands its risk to the others. So the chance
    that any threshold is passed wrongly is at most ``delta`` over all cells, however the tests
    depend on each other.

    References
    ----------
    Wiens and Dmitrienko, Journal of Biopharmaceutical Statistics 15 (2005); Bretz, Maurer,
    Brannath and Posch, Statistics in Medicine 28 (2009); Angelopoulos, Bates, Candes, Jordan and
    Lei, Learn then Test (2021).
    """
    _require(floor, delta, lowest)
    worth = [design.worth(cell.ads) for cell in cells]
    level, able = _shared([each[lowest] for each in worth], floor=floor, delta=delta)
    plans = [
        lines_to_test(each, level=level, floor=floor, lowest=lowest) if can else _NOTHING
        for each, can in zip(worth, able, strict=True)
    ]
    tests = [
        floor_pvalues(
            cell.labels, design, at=at, ads=cell.ads, floor=cell.floor(floor), level=level
        )
        for cell, (at, _) in zip(cells, plans, strict=True)
    ]
    shares = [share for _, share in plans]
    last = fallback(list(zip(tests, shares, strict=True)), level=level)
    return tuple(
        SureLine(
            at=int(at[end]) if end >= 0 else None,
            level=level if len(at) else 0.0,
            tested=tuple(at.tolist()),
            pvalues=tuple(test.tolist()),
        )
        for (at, _), test, end in zip(plans, tests, last, strict=True)
    )


def _require(floor: float, delta: float, lowest: int) -> None:
    if not 0 < floor < 1:
        raise DesignError(f"a floor of {floor:g} is outside 0 to 1", hint="0.9 means 90%")
    if not 0 < delta <= 0.25:
        raise DesignError(f"a risk of {delta:g} is outside 0 to 0.25", hint="0.05 means 5%")
    if not 0 <= lowest < BINS:
        raise DesignError("the lowest line is no score from 0 to 0.999")


def _shared(worth: Sequence[float], *, floor: float, delta: float) -> tuple[float, list[bool]]:
    """Share the risk among as many cells as have labels enough to use their part."""
    order = sorted(worth, reverse=True)
    for size in range(len(order), 0, -1):
        need = first_labels(floor, delta / size)
        if order[size - 1] >= need:
            return delta / size, [each >= order[size - 1] for each in worth]
    return delta / max(len(order), 1), [False] * len(order)


@lru_cache(maxsize=512)
def first_labels(floor: float, level: float) -> int:
    """Count the labels of the first test: enough for a precision far above the floor."""
    return labels_to_show_below(1 - floor, _EASY * (1 - floor), level=1 - 2 * level, power=_POWER)


def lines_to_test(
    worth: Floats, *, level: float, floor: float, lowest: int
) -> tuple[Ints, Floats]:
    """Choose which thresholds of a cell are tested, and where its risk enters.

    Parameters
    ----------
    worth : array of shape (1000,)
        Labels from each threshold up, as drawn evenly.
    level : float
        The cell's part of the risk.
    floor : float
        Least precision.
    lowest : int
        Lowest threshold, in thousandths.

    Returns
    -------
    array of int, shape (k,)
        Thresholds, high to low.
    array of shape (k,)
        Part of the cell's risk that enters at each.
    """
    whole = float(worth[lowest])
    first = min(max(first_labels(floor, level), _FIRST_SHARE * whole), whole)
    steps = int(np.ceil(np.log(max(whole / first, 1.0)) / np.log(_STEP))) + 1
    wanted = np.minimum(first * _STEP ** np.arange(steps), whole)
    rising = worth[lowest:][::-1]
    above = np.searchsorted(rising, wanted - 1e-9)
    places, index = np.unique(above, return_index=True)
    at = BINS - 1 - places
    sizes = wanted[index]
    shares = np.zeros(len(at))
    for times, share in _STARTS:
        place = int(np.searchsorted(sizes, times * first - 1e-9))
        shares[place if place < len(at) else 0] += share
    return at, shares


def fallback(cells: Sequence[tuple[Floats, Floats]], *, level: float) -> tuple[int, ...]:
    """Pass tests in order, each with the risk that enters there and what the last handed on.

    Parameters
    ----------
    cells : sequence of (array, array)
        For each cell its p-values in order, and the part of its risk that enters at each; a cell
        without tests has no risk.
    level : float
        Risk of each other cell.

    Returns
    -------
    tuple of int
        For each cell the last test that is passed; -1 for none.
    """
    waiting, risk = [k for k, (tests, _) in enumerate(cells) if len(tests)], level
    last = [-1] * len(cells)
    while waiting:
        through: list[int] = []
        for k in waiting:
            last[k], whole = _passed(*cells[k], level=risk)
            through += [k] * whole
        if not through or len(through) == len(waiting):
            break
        # a cell without a failure ends with all its risk, and hands it on
        risk *= len(waiting) / (len(waiting) - len(through))
        waiting = [k for k in waiting if k not in through]
    return tuple(last)


def _passed(pvalues: Floats, shares: Floats, *, level: float) -> tuple[int, bool]:
    """Give the last test passed, and whether all were."""
    carried, last, failed = 0.0, -1, False
    for place, (pvalue, share) in enumerate(zip(pvalues, shares, strict=True)):
        carried += share * level
        if pvalue <= carried and carried > 0:
            last = place
        else:
            carried, failed = 0.0, True
    return last, not failed


def labels_for_line(
    cell: LineCell,
    design: DrawDesign,
    *,
    pooled: Floats,
    floor: float,
    level: float,
    lowest: int,
    line: int | None,
) -> LineNeed | None:
    """Count the labels that would make the lowest line sure that precision seems to allow.

    Parameters
    ----------
    cell : LineCell
        The cell.
    design : DrawDesign
        How its labels were drawn.
    pooled : array of shape (1000,)
        Precision from each threshold up in all cells together, which few labels lean on.
    floor, level, lowest
        As for `sure_lines`; the level is the cell's.
    line : int or None
        The line that is sure already.

    Returns
    -------
    LineNeed or None
        None where no threshold below that line seems to be a quarter of the way above the floor.
    """
    suggested = precision_from(cell.labels, leaning_on=pooled)
    good = suggested >= np.maximum(cell.floor(floor), floor + _EASY * (1 - floor))
    good[:lowest] = False
    good &= (cell.ads > 0) & (cell.floor(floor) < 1 - 1e-3)
    if not good.any() or (line is not None and int(np.argmax(good)) >= line):
        return None
    at = int(np.argmax(good))
    allowed = 1 - float(cell.floor(floor)[at])
    misses = min(1 - float(suggested[at]), allowed * (1 - _EASY))
    labels = labels_to_show_below(allowed, max(misses, 0.0), level=1 - 2 * level, power=_POWER)
    ads = float(cell.ads[at])
    return LineNeed(
        at=at,
        precision=float(suggested[at]),
        labels=min(labels, int(ads)),
        have=float(design.worth(cell.ads)[at]),
        chance=min(labels / ads, 1.0),
    )


def precision_from(labels: LineLabels, *, leaning_on: Floats | None = None) -> Floats:
    """Estimate precision from each threshold up.

    Parameters
    ----------
    labels : LineLabels
        Labels.
    leaning_on : array of shape (1000,), optional
        What few labels lean on, as if 20 more were like it.

    Returns
    -------
    array of shape (1000,)
        Hajek ratios; NaN where there is no label and nothing to lean on.
    """
    size = BINS + 2

    def up(values: Floats) -> Floats:
        sums: Floats = np.cumsum(add_up(labels.place, values, size=size)[::-1])[::-1]
        return sums[1 : BINS + 1]

    hits, total, squares = (
        up(labels.weight * labels.violating),
        up(labels.weight),
        up(labels.weight**2),
    )
    share: Floats = np.divide(hits, total, out=np.full(BINS, np.nan), where=total > 0)
    if leaning_on is None:
        return share
    known = np.divide(total**2, squares, out=np.zeros(BINS), where=squares > 0)
    towards = np.nan_to_num(leaning_on)
    mixed: Floats = (known * np.nan_to_num(share) + _LEANING * towards) / (known + _LEANING)
    return mixed
