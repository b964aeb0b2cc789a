"""How far reviewers agree: with each other blind, and with those who check them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from shroff.domain.labels import DesignKind
from shroff.domain.messages import Message
from shroff.domain.slices import EVERYTHING, Slice
from shroff.measure.blocks import Block
from shroff.measure.label_quality_answers import Answers, Named
from shroff.stats.agreement import Coefficient, Tallies, agreement, cohen
from shroff.stats.agreement_intervals import Items
from shroff.stats.estimate import Estimates, Status
from shroff.stats.linearise import Flags, Ints, add_up
from shroff.stats.proportions import Floats
from shroff.stats.sampling import Cells, Strata, kind_codes, ratios

__all__ = ["AGREEMENT", "Checks", "agreement_blocks", "check_blocks", "checks_of", "slices_of"]

AGREEMENT = {
    "blind_agreement": Coefficient.SHARE,
    "fleiss_kappa": Coefficient.KAPPA,
    "krippendorff_alpha": Coefficient.ALPHA,
    "gwet_ac1": Coefficient.AC1,
}
"""Coefficient of each figure of agreement."""


def slices_of(dimension: str, column: Named) -> tuple[Slice, ...]:
    """Give a slice for each name of a column; everything for no dimension."""
    if not dimension:
        return (EVERYTHING,)
    return tuple(Slice(((dimension, name or None),)) for name in column.names)


def agreement_blocks(answers: Answers, *, level: float) -> list[Block]:
    """Say how far reviewers who saw nothing of each other agree.

    Parameters
    ----------
    answers : Answers
        Answers.
    level : float
        Coverage wanted, in (0, 1).

    Returns
    -------
    list of Block
        By queue; and, in the queue with most ads judged twice, over all and by group, week and
        guideline. None where no ad was judged twice, blind.
    """
    blind = answers.independent & answers.inside
    pools = _tallies(answers, blind, answers.queue)
    twice = pools.tallies.items.n * (pools.tallies.votes.sum(axis=1) >= 2)
    if not twice.any():
        return []
    sizes = add_up(pools.tallies.items.group, twice, size=len(answers.queue.names))
    main = blind & (answers.queue.codes == int(np.argmax(sizes)))
    found = _agreed("queue", answers.queue, pools, level=level)
    every = Named(np.zeros(len(answers), dtype=np.intp), ("",))
    columns = (
        ("", every),
        ("group", answers.group),
        ("week", _of_item(answers, main, answers.week)),
        ("guideline", _of_item(answers, main, answers.guideline)),
    )
    for dimension, column in columns:
        if len(column.names) > 1 or not dimension:
            pool = _tallies(answers, main, column)
            found += _agreed(dimension, column, pool, level=level)
    return found


@dataclass(frozen=True, slots=True)
class _Pool:
    """Tallies by slice, and whether each slice's ads were all drawn with a logged chance."""

    tallies: Tallies
    drawn: Flags


def _tallies(answers: Answers, kept: Flags, column: Named) -> _Pool:
    """Count answers by ad and slice."""
    rows = np.flatnonzero(kept & (column.codes >= 0))
    size = len(column.names)
    pair, where = np.unique(answers.item[rows] * size + column.codes[rows], return_inverse=True)
    bad = add_up(where, answers.violating[rows].astype(np.float64), size=len(pair))
    total = add_up(where, np.ones(len(rows)), size=len(pair))
    chance = np.full(len(pair), np.nan)
    np.fmax.at(chance, where, answers.chance[rows])
    group = (pair % size).astype(np.intp)
    weight = np.where(chance > 0, 1 / np.where(chance > 0, chance, 1.0), 1.0)
    items = Items(group=group, n=np.ones(len(pair)), w=weight, w2=weight**2)
    unknown = add_up(group, (np.isnan(chance) & (total >= 2)).astype(np.float64), size=size)
    return _Pool(Tallies(items=items, votes=np.stack([total - bad, bad], axis=1)), unknown <= 0)


def _of_item(answers: Answers, kept: Flags, column: Named) -> Named:
    """Give each answer the name of the first answer on its ad, so that an ad is in one slice."""
    rows = np.flatnonzero(kept)
    first = np.full(int(answers.item.max(initial=-1)) + 1, -1, dtype=np.intp)
    first[answers.item[rows][::-1]] = column.codes[rows][::-1]
    return Named(first[answers.item], column.names)


def _agreed(dimension: str, column: Named, pool: _Pool, *, level: float) -> list[Block]:
    size = len(column.names)
    blocks = []
    for metric, kind in AGREEMENT.items():
        figures = agreement(pool.tallies, kind=kind, groups=size, level=level)
        blocks.append(
            _block(
                metric,
                dimension,
                slices_of(dimension, column),
                figures=figures,
                drawn=pool.drawn,
                design="ads judged twice or more, blind",
            )
        )
    return blocks


def _block(
    metric: str,
    dimension: str,
    slices: tuple[Slice, ...],
    *,
    figures: Estimates,
    drawn: Flags,
    design: str,
) -> Block:
    """Make a block of the slices that have labels."""
    kept = np.flatnonzero(figures.n > 0)
    status = tuple(Status.ESTIMATE if drawn[place] else Status.PROXY for place in kept)
    note = (Message("labels.quality.as_they_came"),)
    return Block(
        metric=metric,
        dimensions=(dimension,) if dimension else (),
        slices=tuple(slices[place] for place in kept),
        estimates=chosen(figures, kept),
        status=status,
        design=design,
        notes={i: note for i, worth in enumerate(status) if worth is Status.PROXY},
    )


def chosen(figures: Estimates, kept: Ints) -> Estimates:
    """Keep some of many figures.

    Parameters
    ----------
    figures : Estimates
        Figures.
    kept : array of int
        Which.

    Returns
    -------
    Estimates
        Those.
    """
    return Estimates(
        value=figures.value[kept],
        low=figures.low[kept],
        high=figures.high[kept],
        n=figures.n[kept],
        n_effective=figures.n_effective[kept],
        design_effect=figures.design_effect[kept],
        numerator=figures.numerator[kept],
        denominator=figures.denominator[kept],
        level=figures.level,
        method=figures.method,
    )


@dataclass(frozen=True, slots=True)
class Checks:
    """First answers and the answers of those who checked them, a row an ad.

    Parameters
    ----------
    row : array of int
        Place of the first answer among the answers.
    first, check : array of bool
        What the reviewer and the checker said was violating.
    chance : array
        Probability with which the ad was drawn to be checked; NaN where none is logged.
    """

    row: Ints
    first: Flags
    check: Flags
    chance: Floats

    @property
    def drawn(self) -> bool:
        """Whether all checks were drawn with a known chance."""
        return bool(np.all(self.chance > 0))

    @property
    def weight(self) -> Floats:
        """Weight of each checked ad."""
        return 1 / self.chance if self.drawn else np.ones(len(self.row))


def checks_of(answers: Answers) -> Checks:
    """Pair the first answers of queues with the last check of the same ad.

    Parameters
    ----------
    answers : Answers
        Answers, by ad and time.

    Returns
    -------
    Checks
        A row for each ad whose first answer somebody checked later.
    """
    check = answers.is_(answers.role, "QA") | answers.is_(answers.reason, "recheck")
    queue = answers.is_(answers.reason, "model", "rule") & ~check & answers.inside
    size = int(answers.item.max(initial=-1)) + 1
    first = np.full(size, -1, dtype=np.intp)
    last = np.full(size, -1, dtype=np.intp)
    at_first, at_check = np.flatnonzero(queue), np.flatnonzero(check)
    first[answers.item[at_first][::-1]] = at_first[::-1]
    last[answers.item[at_check]] = at_check
    both = np.flatnonzero((first >= 0) & (last > first))
    one, two = first[both], last[both]
    return Checks(one, answers.violating[one], answers.violating[two], answers.chance[two])


def check_blocks(answers: Answers, checks: Checks, *, level: float) -> list[Block]:
    """Say how often checkers say otherwise than the first reviewer.

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
        Share overturned and Cohen's kappa: over all, by queue, group, week and guideline.
    """
    if not len(checks.row):
        return []
    every = Named(np.zeros(len(answers), dtype=np.intp), ("",))
    columns = (
        ("", every),
        ("queue", answers.queue),
        ("group", answers.group),
        ("week", answers.week),
        ("guideline", answers.guideline),
    )
    found: list[Block] = []
    for dimension, column in columns:
        if len(column.names) > 1 or not dimension:
            found += _checked(dimension, column, checks, level=level)
    return found


def _checked(dimension: str, column: Named, checks: Checks, *, level: float) -> list[Block]:
    code = column.codes[checks.row]
    kept = code >= 0
    group, size, weight = code[kept], len(column.names), checks.weight[kept]
    items = Items(group=group, n=np.ones(len(group)), w=weight, w2=weight**2)
    first, check = checks.first[kept].astype(np.intp), checks.check[kept].astype(np.intp)
    figures: Sequence[tuple[str, Estimates]] = (
        ("check_overturn", overturned(items, first != check, groups=size, level=level)),
        ("cohen_kappa", cohen(items, first, check, classes=2, groups=size, level=level)),
    )
    drawn = np.full(size, checks.drawn)
    return [
        _block(
            metric,
            dimension,
            slices_of(dimension, column),
            figures=each,
            drawn=drawn,
            design="first answers that were checked",
        )
        for metric, each in figures
    ]


def overturned(items: Items, differ: Flags, *, groups: int, level: float) -> Estimates:
    """Estimate the share of answers that the check says otherwise, ads drawn one by one.

    Parameters
    ----------
    items : Items
        Ads, one a row.
    differ : array of bool
        Whether the two answers differ.
    groups : int
        Number of slices.
    level : float
        Coverage wanted, in (0, 1).

    Returns
    -------
    Estimates
        One share per slice.
    """
    cells = Cells(
        group=items.group,
        stratum=np.zeros(len(items), dtype=np.intp),
        cell=differ.astype(np.intp),
        n=items.n,
        w=items.w,
        w2=items.w2,
    )
    strata = Strata(
        kind=kind_codes([DesignKind.PPS]),
        population=np.array([np.nan]),
        labels=np.array([float(len(items))]),
    )
    below = np.array([True, True])
    return ratios(
        cells,
        strata,
        numerator=np.array([False, True]),
        denominator=below,
        groups=groups,
        level=level,
    )
