"""How often is a slice that was found no worse than the rest, and do intervals of findings cover?

::

    python -m benchmarks.slice_discoveries                    # writes the table, some minutes
    python -m benchmarks.slice_discoveries --repetitions 100  # a look

Labels of one metric with four columns (6, 5, 4 and 3 values, up to some 460 slices of up to three
columns). Without a planted slice every slice found is false, and the share of repetitions with a
finding is the false-discovery rate. With planted slices, those found are held against their true
share.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from shroff.domain.labels import DesignKind
from shroff.domain.metrics import Weight
from shroff.measure.slice_findings import Standing
from shroff.measure.slice_hunt import hunt
from shroff.measure.slice_labels import Labels
from shroff.measure.slice_windows import Reading
from shroff.stats.compare import benjamini_hochberg
from shroff.stats.lattice import CodedLabels
from shroff.stats.sampling import Ratio
from shroff.stats.slice_search import search

__all__ = ["CASES", "PLANTS", "Case", "Nulls", "Planted", "nulls", "planted"]

RESULTS = Path(__file__).parent / "results" / "slice_discoveries.md"
SIZES = (6, 5, 4, 3)
LEAST, FALSE_SHARE = 20, 0.05
SHARE = Ratio(numerator=np.array([False, True]), denominator=np.array([True, True]))
READING = Reading(ratio=SHARE, error=SHARE.numerator, weight=Weight.ADS, known=False)
Floats = NDArray[np.float64]
Ints = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Drawn:
    """Labels and the true share of errors of each, given its slice and what it was drawn by."""

    values: tuple[Ints, ...]
    share: Floats
    w: Floats
    cluster: Ints | None = None


Drawer = Callable[[np.random.Generator, "Case"], Drawn]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One way labels come.

    Parameters
    ----------
    name : str
        What is special.
    draw : Drawer
        Draws labels of which no slice is worse.
    labels : int
        Labels.
    share : float
        Share of errors.
    """

    name: str
    draw: Drawer
    labels: int = 3000
    share: float = 0.02


def _columns(rng: np.random.Generator, labels: int) -> tuple[Ints, ...]:
    return tuple(rng.integers(0, size, labels) for size in SIZES)


def plain(rng: np.random.Generator, case: Case) -> Drawn:
    """Draw every ad with the same chance."""
    shape = case.labels
    return Drawn(_columns(rng, shape), np.full(shape, case.share), np.full(shape, 20.0))


def heavy(rng: np.random.Generator, case: Case) -> Drawn:
    """Draw ads with very unequal weights."""
    w = 1 + 10 * rng.pareto(1.2, case.labels)
    return Drawn(_columns(rng, case.labels), np.full(case.labels, case.share), w)


def uneven(rng: np.random.Generator, case: Case) -> Drawn:
    """Draw ads with unequal weights."""
    w = 1 + 10 * rng.pareto(2.5, case.labels)
    return Drawn(_columns(rng, case.labels), np.full(case.labels, case.share), w)


def banded(rng: np.random.Generator, case: Case) -> Drawn:
    """Draw half the labels from the risky hundredth of the ads, where errors are fifty times as many."""
    low = rng.random(case.labels) < 0.5
    share = np.where(low, case.share * 0.67, case.share * 33)
    return Drawn(_columns(rng, case.labels), np.minimum(share, 0.9), np.where(low, 1000.0, 10.0))


def mixed(rng: np.random.Generator, case: Case) -> Drawn:
    """Draw slices in different ways, so that weights differ by slice and errors do not."""
    values = _columns(rng, case.labels)
    often = np.where(values[0] < 3, 0.9, 0.1)
    w = np.where(rng.random(case.labels) < often, 10.0, 400.0)
    return Drawn(values, np.full(case.labels, case.share), w)


def traded(rng: np.random.Generator, case: Case) -> Drawn:
    """Draw slices that differ in their strata, and yet have the same share of errors in all."""
    # in slices of the first kind more ads are of the risky stratum, which is less risky there
    values = _columns(rng, case.labels)
    first = values[0] < 3
    risky = rng.random(case.labels) < np.where(first, 0.5, 0.25)
    share = np.where(risky, np.where(first, 1.5, 2.5), 0.5) * case.share
    return Drawn(values, share, np.full(case.labels, 20.0))


def clustered(rng: np.random.Generator, case: Case) -> Drawn:
    """Draw advertisers whole: ten ads each, which err together; slices cut through them."""
    advertisers = case.labels // 10
    cluster = np.sort(rng.integers(0, advertisers, case.labels))
    bad = rng.beta(2 * case.share, 2 * (1 - case.share), advertisers)
    values = _columns(rng, case.labels)
    own = rng.integers(0, SIZES[0], advertisers)  # an advertiser has one market
    return Drawn((own[cluster], *values[1:]), bad[cluster], np.full(case.labels, 20.0), cluster)


CASES = (
    Case(name="equal weights", draw=plain),
    Case(name="rare errors, 0.3%", draw=plain, share=0.003),
    Case(name="frequent errors, 40%", draw=plain, share=0.4),
    Case(name="nearly all errors, 95%", draw=plain, share=0.95),
    Case(name="heavy-tailed weights", draw=heavy),
    Case(name="heavy-tailed weights, rare errors", draw=heavy, share=0.005),
    Case(name="strata by risk, weights 1000 and 10", draw=banded, share=0.02),
    Case(name="weights differ by slice", draw=mixed, share=0.05),
    Case(name="strata differ by slice, shares do not", draw=traded, share=0.05),
    Case(name="advertisers drawn whole", draw=clustered, share=0.05),
    Case(name="few labels, 300", draw=plain, labels=300, share=0.1),
)


@dataclass(frozen=True, slots=True)
class Nulls:
    """What came of a case without a planted slice.

    Parameters
    ----------
    case : Case
        The case.
    repetitions : int
        Times it was drawn.
    slices : float
        Slices looked at, on average.
    false : float
        Share of repetitions with a finding.
    uncorrected, independent : float
        Findings a repetition at 5% without correction; share of repetitions with a finding by
        Benjamini-Hochberg's rule.
    """

    case: Case
    repetitions: int
    slices: float
    false: float
    uncorrected: float
    independent: float


def nulls(case: Case, *, repetitions: int, seed: int = 1) -> Nulls:
    """Search labels in which no slice is worse."""
    rng = np.random.default_rng(seed)
    found = np.zeros((repetitions, 4))
    for each in found:
        drawn = case.draw(rng, case)
        labels = CodedLabels(
            values=drawn.values,
            error=rng.random(case.labels) < drawn.share,
            w=drawn.w,
            cluster=drawn.cluster,
        )
        if not labels.error.any():
            continue
        result = search(labels, depth=3, least=LEAST, false_share=FALSE_SHARE)
        p = np.where(np.isfinite(result.adjusted), np.exp(result.log_p), np.nan)
        independent = benjamini_hochberg(p) <= FALSE_SHARE
        each[:] = (
            result.looked_at,
            len(result.found()) > 0,
            np.sum(p <= FALSE_SHARE),
            independent.any(),
        )
    mean = found.mean(axis=0)
    return Nulls(case, repetitions, *(float(number) for number in mean))


PLANTS: tuple[tuple[dict[int, int], float], ...] = (
    ({0: 1, 2: 2}, 4.0),
    ({1: 3}, 2.0),
    ({0: 4, 1: 2, 3: 0}, 6.0),
)
"""Slices that are worse, as values by column, and how many times the errors of the rest."""


@dataclass(frozen=True, slots=True)
class Planted:
    """What came of a case with planted slices.

    Parameters
    ----------
    case : Case
        The case.
    repetitions : int
        Times it was drawn.
    caught : tuple of float
        For each planted slice, share of repetitions in which a slice found has it or is part of
        it.
    false_share : float
        Mean share of slices listed whose true share of errors is no larger than the rest's.
    listed : float
        Slices listed a repetition.
    confirmed : float
        Share of those listed that held-out labels confirmed.
    searched, later : float
        Coverage of the 95% intervals of the slices listed: from the labels searched, from held-out
        labels.
    bias, pooled_bias : float
        Mean of the share of slices listed over their true share, less one: as the search has it,
        and drawn towards expectation.
    """

    case: Case
    repetitions: int
    caught: tuple[float, ...]
    false_share: float
    listed: float
    confirmed: float
    searched: float
    later: float
    bias: float
    pooled_bias: float


def planted(case: Case, *, repetitions: int, seed: int = 2) -> Planted:
    """Search labels in which some slices are worse, and hold figures against the truth."""
    rng = np.random.default_rng(seed)
    caught = np.zeros((repetitions, len(PLANTS)))
    wrong, listed, confirmed = [], 0, 0
    told = np.zeros(4)
    for each in caught:
        drawn = _with_plants(case.draw(rng, case))
        labels = _labels(rng, drawn)
        result = hunt(labels, READING, depth=3, false_share=FALSE_SHARE, level=0.95).caught
        if result is None:
            wrong.append(0.0)
            continue
        inside = [labels.within(terms) for terms in result.terms]
        truth = np.array([_mean(drawn, mask) for mask in inside])
        rest = np.array([_mean(drawn, ~mask) for mask in inside])
        wrong.append(float(np.mean(truth <= rest)))
        listed += len(truth)
        confirmed += sum(standing is Standing.CONFIRMED for standing in result.standing)
        later, searched = result.later.inside, result.searched.inside
        low, high = np.nan_to_num(later.low), np.nan_to_num(later.high, nan=1.0)
        told += (
            np.sum((searched.low <= truth) & (truth <= searched.high)),
            np.sum((low <= truth) & (truth <= high)),
            np.sum(searched.value / truth - 1),
            np.sum(result.pooled / truth - 1),
        )
        each[:] = [_hit(plant, result.terms) for plant, _ in PLANTS]
    return Planted(
        case,
        repetitions,
        tuple(float(share) for share in caught.mean(axis=0)),
        float(np.mean(wrong)),
        listed / repetitions,
        confirmed / max(listed, 1),
        *(float(share) for share in told / max(listed, 1)),
    )


def _with_plants(drawn: Drawn) -> Drawn:
    share = drawn.share.copy()
    for plant, times in PLANTS:
        inside = np.logical_and.reduce([drawn.values[c] == v for c, v in plant.items()])
        share[inside] = np.minimum(share[inside] * times, 0.95)
    return Drawn(drawn.values, share, drawn.w, drawn.cluster)


def _labels(rng: np.random.Generator, drawn: Drawn) -> Labels:
    size = len(drawn.w)
    weights, stratum = np.unique(drawn.w, return_inverse=True)
    stratum = stratum if len(weights) < 10 else np.zeros(size, np.intp)
    return Labels(
        names=tuple("abcd"),
        words=tuple(tuple(map(str, range(n))) for n in SIZES),
        values=drawn.values,
        stratum=stratum,
        outcome=(rng.random(size) < drawn.share).astype(np.uint8),
        w=drawn.w,
        m=None,
        cluster=drawn.cluster,
        held=np.sort(rng.random(size) < 1 / 3),  # rows come in no order
        kinds=(DesignKind.PPS,) * (int(stratum.max()) + 1),
        query="",
    )


def _mean(drawn: Drawn, inside: NDArray[np.bool_]) -> float:
    return float(np.average(drawn.share[inside], weights=drawn.w[inside]))


def _hit(plant: dict[int, int], found: Sequence[tuple[tuple[int, int], ...]]) -> bool:
    sought = set(plant.items())
    return any(set(terms) <= sought or sought <= set(terms) for terms in found)


POWER = (
    Case(name="equal weights, 6,000 labels", draw=plain, labels=6000, share=0.03),
    Case(name="equal weights, 20,000 labels", draw=plain, labels=20_000, share=0.03),
    Case(name="uneven weights, 20,000 labels", draw=uneven, labels=20_000, share=0.03),
    Case(name="strata by risk, 20,000 labels", draw=banded, labels=20_000, share=0.01),
    Case(name="advertisers drawn whole, 20,000 labels", draw=clustered, labels=20_000, share=0.05),
)


def _null_table(found: Sequence[Nulls]) -> list[str]:
    lines = [
        "| case | slices | repetitions | false discoveries | Benjamini-Hochberg | slices below 5%,"
        " uncorrected |",
        "|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {n.case.name} | {n.slices:.0f} | {n.repetitions} | {n.false:.2%} |"
        f" {n.independent:.2%} | {n.uncorrected:.1f} |"
        for n in found
    ]
    return lines


def _planted_table(found: Sequence[Planted]) -> list[str]:
    lines = [
        "| case | repetitions | pair, 4 times | single, 2 times | triple, 6 times | listed | false |"
        " confirmed | covers: labels searched | covers: held-out | too high: searched | pooled |",
        "|---|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {p.case.name} | {p.repetitions} | {p.caught[0]:.0%} | {p.caught[1]:.0%} |"
        f" {p.caught[2]:.0%} | {p.listed:.1f} | {p.false_share:.2%} | {p.confirmed:.0%} |"
        f" {p.searched:.1%} | {p.later:.1%} | {p.bias:+.0%} | {p.pooled_bias:+.0%} |"
        for p in found
    ]
    return lines


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--repetitions", type=int, default=0)
    asked = parser.parse_args()
    started = time.process_time()
    none = [nulls(case, repetitions=asked.repetitions or 1000) for case in CASES]
    some = [planted(case, repetitions=asked.repetitions or 200) for case in POWER]
    text = "\n".join(
        [
            "# Slices that are found, and are not worse",
            "",
            "`python -m benchmarks.slice_discoveries`. Nominal: 5% of the slices found. Where no"
            " slice is worse, the share of repetitions in which any was found:",
            "",
            *_null_table(none),
            "",
            "With three planted slices, two thirds of the labels searched, the rest held out. *False*"
            " is the mean share of slices listed that are truly no worse than the rest. The 95%"
            " intervals of slices listed, from the labels that chose them, cover too seldom; those"
            " from held-out labels are what is shown.",
            "",
            *_planted_table(some),
            "",
        ]
    )
    print(text)
    print(f"{time.process_time() - started:.0f} CPU s")
    if not asked.repetitions:
        RESULTS.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
