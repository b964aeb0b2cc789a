"""Looking every day: how often is some day's interval wrong, with one look's and with a sequence's?

::

    python -m benchmarks.monitoring                    # writes the table, about ten minutes
    python -m benchmarks.monitoring --repetitions 50   # a look

Each repetition draws labels day after day and looks after each day. Truth is the share among all
ads so far. A row counts the repetitions in which any of the looks missed it.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from shroff.domain.labels import DesignKind
from shroff.stats.sampling import Cells, Ratio, Strata, kind_codes, ratios_many
from shroff.stats.sequences import confidence_sequence

__all__ = ["CASES", "Case", "Outcome", "run"]

RESULTS = Path(__file__).parent / "results" / "monitoring.md"
SHARE = Ratio(numerator=np.array([False, True]), denominator=np.array([True, True]))
_STRATA = 2
Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Draw:
    """Labels of all days, and the true share of all ads up to each.

    Parameters
    ----------
    day, stratum, hit : array of int, shape (labels,)
        Day, stratum and truth (0 or 1) of each label.
    weight : array of shape (labels,)
        One over the chance of each.
    truth : array of shape (days,)
        Share among all ads up to each day.
    """

    day: Ints
    stratum: Ints
    hit: Ints
    weight: Floats
    truth: Floats


Drawer = Callable[[np.random.Generator, "Case"], Draw]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One way to audit.

    Parameters
    ----------
    name : str
        Design.
    kind : DesignKind
        Kind of its strata.
    draw : Drawer
        Draws the labels.
    share : float
        Expected share.
    labels, days : int
        Labels a day, and days.
    """

    name: str
    kind: DesignKind
    draw: Drawer
    share: float
    labels: int
    days: int = 60


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a case went.

    Parameters
    ----------
    case : Case
        The case.
    repetitions : int
        Times it was drawn.
    sequence, daily, last : float
        Share of repetitions in which some day's interval missed: of the sequence, of intervals
        for one look; and in which the sequence's last missed.
    width, plain : float
        Mean width at the end, of the sequence and of the interval for one look.
    """

    case: Case
    repetitions: int
    sequence: float
    daily: float
    last: float
    width: float
    plain: float


def simple(rng: np.random.Generator, case: Case) -> Draw:
    """Draw each ad with the same chance, one in twenty."""
    ads = case.labels * 20
    truth = rng.random((case.days, ads)) < case.share
    taken = rng.random((case.days, ads)) < 1 / 20
    return _drawn(truth, taken, np.full(truth.shape, 20.0), totals=np.cumsum(truth.sum(axis=1)))


def heavy(rng: np.random.Generator, case: Case) -> Draw:
    """Draw ads by heavy-tailed exposure, with a floor."""
    ads = case.labels * 8
    seen = rng.pareto(1.5, size=(case.days, ads)) + 0.2
    chance = np.clip(case.labels * seen / seen.sum(axis=1, keepdims=True), 0.01, 1.0)
    truth = rng.random((case.days, ads)) < case.share
    taken = rng.random((case.days, ads)) < chance
    return _drawn(truth, taken, 1 / chance, totals=np.cumsum(truth.sum(axis=1)))


def banded(rng: np.random.Generator, case: Case) -> Draw:
    """Draw half the labels from the risky twentieth, where half of what violates is."""
    half = case.labels // 2
    sizes, shares = (case.labels * 20, case.labels), (case.share * 0.5, case.share * 10.5)
    truths = [rng.random((case.days, n)) < min(p, 1.0) for n, p in zip(sizes, shares, strict=True)]
    taken = [truth[:, :half] for truth in truths]
    day = np.concatenate([np.repeat(np.arange(case.days), half)] * 2)
    stratum = np.repeat(np.arange(2), case.days * half)
    weight = np.repeat([sizes[0] / half, sizes[1] / half], case.days * half)
    hit = np.concatenate([part.ravel() for part in taken]).astype(np.intp)
    totals = np.cumsum(sum(truth.sum(axis=1) for truth in truths))
    ads = np.arange(1, case.days + 1) * sum(sizes)
    return Draw(day, stratum, hit, weight, totals / ads)


def _drawn(
    truth: NDArray[np.bool_], taken: NDArray[np.bool_], weight: Floats, *, totals: Ints
) -> Draw:
    days, ads = truth.shape
    day = np.repeat(np.arange(days), ads).reshape(days, ads)[taken]
    hit = truth[taken].astype(np.intp)
    share = totals / (np.arange(1, days + 1) * ads)
    return Draw(day, np.zeros(len(day), dtype=np.intp), hit, weight[taken], share)


CASES: tuple[Case, ...] = tuple(
    Case(name=name, kind=kind, draw=draw, share=share, labels=labels)
    for name, kind, draw in (
        ("one in twenty", DesignKind.POISSON, simple),
        ("by exposure", DesignKind.POISSON, heavy),
        ("two bands", DesignKind.STRATIFIED, banded),
    )
    for share in (0.3, 0.05, 0.005)
    for labels in (20, 100)
)
"""Designs, shares and sizes."""


def run(case: Case, *, repetitions: int, seed: int = 1) -> Outcome:
    """Draw a case many times.

    Parameters
    ----------
    case : Case
        The case.
    repetitions : int
        Times.
    seed : int
        Same seed, same result.

    Returns
    -------
    Outcome
        How often looking every day misled.
    """
    rng = np.random.default_rng(seed)
    kind = kind_codes([case.kind] * _STRATA)
    rows = [_once(case.draw(rng, case), kind, days=case.days) for _ in range(repetitions)]
    means = np.array(rows, dtype=np.float64).mean(axis=0)
    return Outcome(case, repetitions, *(float(mean) for mean in means))


def _once(draw: Draw, kind: Ints, *, days: int) -> tuple[float, ...]:
    cells = _cells(draw)
    found = confidence_sequence(cells, kind=kind, metric=SHARE, looks=days)
    ends = [
        _plain(cells, kind, day=day) for day in np.unique(np.linspace(0, days - 1, 20).astype(int))
    ]
    missed = (draw.truth < found.low) | (draw.truth > found.high)
    naive = any(not low <= draw.truth[day] <= high for day, low, high in ends)
    width = found.high[-1] - found.low[-1]
    return (
        float(missed.any()),
        float(naive),
        float(missed[-1]),
        float(width),
        ends[-1][2] - ends[-1][1],
    )


def _plain(cells: Cells, kind: Ints, *, day: int) -> tuple[int, float, float]:
    """Take the interval for one look; twenty looks of sixty are enough to see it fail."""
    rows = cells.group <= day
    part = Cells(
        group=np.zeros(int(rows.sum()), dtype=np.intp),
        stratum=cells.stratum[rows],
        cell=cells.cell[rows],
        n=cells.n[rows],
        w=cells.w[rows],
        w2=cells.w2[rows],
    )
    labels = np.bincount(part.stratum, weights=part.n, minlength=_STRATA).astype(np.float64)
    strata = Strata(kind=kind, population=np.full(_STRATA, np.nan), labels=labels)
    found = ratios_many(part, strata, metrics=(SHARE,), groups=1)[0]
    return day, float(np.nan_to_num(found.low[0])), float(np.nan_to_num(found.high[0], nan=1.0))


def _cells(draw: Draw) -> Cells:
    keys, where = np.unique(
        (draw.day * _STRATA + draw.stratum) * 2 + draw.hit, return_inverse=True
    )
    return Cells(
        group=keys // (2 * _STRATA),
        stratum=keys // 2 % _STRATA,
        cell=keys % 2,
        n=np.bincount(where).astype(np.float64),
        w=np.bincount(where, weights=draw.weight).astype(np.float64),
        w2=np.bincount(where, weights=draw.weight**2).astype(np.float64),
    )


def _table(outcomes: Sequence[Outcome]) -> str:
    lines = [
        "| design | share | labels a day | days | sequence missed some day | 20 looks of one-look"
        " intervals missed | sequence missed the last day | width at the end | of one look |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for o in outcomes:
        c = o.case
        lines.append(
            f"| {c.name} | {c.share:.1%} | {c.labels} | {c.days} | {o.sequence:.1%} |"
            f" {o.daily:.1%} | {o.last:.1%} | {o.width:.4f} | {o.plain:.4f} |"
        )
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run all cases and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repetitions", type=int, default=1000)
    asked = parser.parse_args(arguments)
    start = time.process_time()
    outcomes = [run(case, repetitions=asked.repetitions) for case in CASES]
    worst = max(o.sequence for o in outcomes)
    text = f"""# Looking every day

Made by `python -m benchmarks.monitoring`: {asked.repetitions:,} repetitions a row, looks after
each of 60 days, level 95%; {time.process_time() - start:,.0f} CPU s. Monte-Carlo error of a 5%
miss: {(0.05 * 0.95 / asked.repetitions) ** 0.5:.1%}.

{_table(outcomes)}

The sequence's worst row misses on some day in {worst:.1%} of repetitions. Intervals meant for one
look, looked at twenty times, mislead in {min(o.daily for o in outcomes):.0%} to
{max(o.daily for o in outcomes):.0%}. What the sequence costs is width.
"""
    if asked.repetitions >= 400:
        RESULTS.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
