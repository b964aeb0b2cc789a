"""Two versions on the same ads: how often do intervals hold, and how often does a test cry wolf?

::

    python -m benchmarks.model_comparison                    # writes the table, some minutes
    python -m benchmarks.model_comparison --repetitions 50   # a look

A platform of 50,000 ads is scored by two versions; labels are drawn from it again and again. In the
rows about level the versions are made equal: as many violating, and as many compliant, ads of each
slice are gained as lost.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from shroff.domain.labels import DesignKind
from shroff.stats.compare import holm
from shroff.stats.estimate import Estimates
from shroff.stats.paired import METRICS, compare_paired
from shroff.stats.paired_auc import compare_auc
from shroff.stats.paired_doubt import PairedLabels
from shroff.stats.paired_merging import merged
from shroff.stats.paired_trade import Match, match_precision, same_precision
from shroff.stats.sampling import kind_codes

__all__ = ["CASES", "Case", "Coverage", "covered", "falsely_named"]

RESULTS = Path(__file__).parent / "results" / "model_comparison.md"
ADS, SLICES = 50_000, 20
Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.intp]
Flags: TypeAlias = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One platform and one way to draw labels.

    Parameters
    ----------
    name : str
        What is special.
    violating : float
        Share of violating ads.
    labels : int
        Labels expected.
    acts : float
        Share of ads that each version acts on.
    kind : DesignKind
        How labels are drawn within bands of the first version's score.
    spread : float
        Standard deviation of the logarithm of chances within a band.
    clusters : int
        Advertisers, if they are drawn as a whole; 0 for ads on their own.
    """

    name: str
    violating: float = 0.05
    labels: int = 1500
    acts: float = 0.05
    kind: DesignKind = DesignKind.POISSON
    spread: float = 0.0
    clusters: int = 0


CASES = (
    Case(name="bands, Poisson"),
    Case(name="bands, simple random", kind=DesignKind.STRATIFIED),
    Case(name="few labels", labels=400),
    Case(name="rare positives", violating=0.005),
    Case(name="rare positives, few labels", violating=0.005, labels=400),
    Case(name="heavy-tailed weights", violating=0.03, spread=1.0),
    Case(name="advertisers drawn whole", labels=3000, clusters=2500),
    Case(name="precise versions", acts=0.01, labels=3000),
)


@dataclass(frozen=True, slots=True)
class Platform:
    """Ads with truth, both scores, slice, band and advertiser."""

    bad: Flags
    first: Floats
    second: Floats
    part: Ints
    band: Ints
    chance: Floats
    owner: Ints


def platform(case: Case, rng: np.random.Generator) -> Platform:
    """Make a platform."""
    owner = rng.integers(0, max(case.clusters, 1), ADS)
    shared = rng.normal(size=max(case.clusters, 1))[owner] * (case.clusters > 0)
    bad = rng.random(ADS) < np.clip(
        case.violating * np.exp(shared - 0.5 * (case.clusters > 0)), 0, 1
    )
    noise = np.sqrt(0.5) * (shared if case.clusters else rng.normal(size=ADS))
    first, second = (
        noise + np.sqrt(0.5) * rng.normal(size=ADS) + skill * bad for skill in (1.8, 2.1)
    )
    band = np.digitize(first, np.quantile(first, [0.5, 0.8, 0.95])).astype(np.intp)
    wanted = np.array([0.25, 0.2, 0.25, 0.3]) * case.labels
    chance = (wanted / np.bincount(band))[band]
    if case.spread:
        chance = chance * np.exp(case.spread * rng.normal(size=ADS) - case.spread**2 / 2)
    return Platform(
        bad, first, second, rng.integers(0, SLICES, ADS), band, np.clip(chance, 1e-5, 1.0), owner
    )


def drawn(case: Case, ads: Platform, rng: np.random.Generator) -> tuple[Ints, PairedLabels]:
    """Draw labels."""
    if case.clusters:
        chance = case.labels / ADS
        rows = np.flatnonzero((rng.random(case.clusters) < chance)[ads.owner])
        stratum, w = np.zeros(len(rows), np.intp), np.full(len(rows), 1 / chance)
    elif case.kind is DesignKind.STRATIFIED:
        sizes = np.array([0.25, 0.2, 0.25, 0.3]) * case.labels
        rows = np.concatenate(
            [
                rng.choice(np.flatnonzero(ads.band == band), int(size), replace=False)
                for band, size in enumerate(sizes)
            ]
        )
        stratum = ads.band[rows]
        w = (np.bincount(ads.band) / sizes.astype(int))[stratum]
    else:
        rows = np.flatnonzero(rng.random(ADS) < ads.chance)
        stratum, w = ads.band[rows], 1 / ads.chance[rows]
    labels = PairedLabels(
        stratum=stratum,
        w=w,
        bad=ads.bad[rows],
        kind=kind_codes([case.kind] * 4),
        cluster=ads.owner[rows] if case.clusters else None,
    )
    return rows, labels


def disagreeing(
    ads: Platform, acts: tuple[Flags, Flags], rng: np.random.Generator
) -> tuple[Ints, PairedLabels]:
    """Draw a second batch: most of it ads on which the versions disagree."""
    pair = 2 * acts[0] + acts[1]
    differ = int((acts[0] != acts[1]).sum())
    sizes = np.bincount(pair, minlength=4)
    chance = np.minimum(np.array([50 / sizes[0], 200 / differ, 200 / differ, 50 / sizes[3]]), 1.0)
    rows = np.flatnonzero(rng.random(ADS) < chance[pair])
    kind = kind_codes([DesignKind.POISSON] * 4)
    stratum = pair[rows].astype(np.intp)
    return rows, PairedLabels(stratum=stratum, w=1 / chance[stratum], bad=ads.bad[rows], kind=kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """How often one interval held.

    Parameters
    ----------
    what : str
        The figure.
    held : float
        Share of draws whose interval holds the truth, of those with an answer.
    width : float
        Mean width.
    truth : float
        The truth.
    answered : float
        Share of draws with an answer.
    """

    what: str
    held: float
    width: float
    truth: float
    answered: float


class _Tally:
    def __init__(self) -> None:
        self.seen: dict[str, list[tuple[float, float, float]]] = {}
        self.draws = 0

    def add(self, what: str, found: Estimates | None, truth: float) -> None:
        held = self.seen.setdefault(what, [])
        if found is not None and np.isfinite(found.value[0]):
            held.append((float(found.low[0]), float(found.high[0]), truth))

    def told(self) -> Iterator[Coverage]:
        for what, ends in self.seen.items():
            low, high, truth = np.array(ends).T
            yield Coverage(
                what=what,
                held=float(np.mean((low <= truth + 1e-12) & (truth <= high + 1e-12))),
                width=float(np.mean(high - low)),
                truth=float(truth[0]),
                answered=len(ends) / self.draws,
            )


def covered(case: Case, *, repetitions: int, seed: int) -> tuple[Coverage, ...]:
    """Count how often intervals hold."""
    rng = np.random.default_rng(seed)
    ads = platform(case, rng)
    at = [float(np.quantile(score, 1 - case.acts)) for score in (ads.first, ads.second)]
    acts = (ads.first >= at[0], ads.second >= at[1])
    truth = _truth(ads, acts)
    tally = _Tally()
    for _ in range(repetitions):
        tally.draws += 1
        rows, labels = drawn(case, ads, rng)
        one = np.zeros(len(rows), np.intp)
        found = compare_paired(
            labels, first=acts[0][rows], second=acts[1][rows], group=one, groups=1
        )
        for each in found:
            tally.add(f"{each.metric}, same volume", each.difference, truth[each.metric])
        match = match_precision(labels, first=acts[0][rows], score=ads.second[rows])
        trade = None
        if isinstance(match, Match):
            trade = same_precision(
                labels, first=acts[0][rows], score=ads.second[rows], match=match
            )
        tally.add("recall, same precision", trade, truth["trade"])
        ranks = compare_auc(
            labels, first=ads.first[rows], second=ads.second[rows], group=one, groups=1
        )
        tally.add("AUC, difference", ranks.difference, truth["auc"])
        tally.add("AUC of one version", ranks.first, truth["auc of one"])
        again, more = disagreeing(ads, acts, rng)
        pair = 2 * acts[0] + acts[1]
        together = merged([labels, more], [pair[rows], pair[again]])
        every = np.concatenate([rows, again])
        both = compare_paired(
            together,
            first=acts[0][every],
            second=acts[1][every],
            group=np.zeros(len(every), np.intp),
            groups=1,
        )
        tally.add("recall, with 500 more by disagreement", both[0].difference, truth["recall"])
    return tuple(tally.told())


def _truth(ads: Platform, acts: tuple[Flags, Flags]) -> dict[str, float]:
    one = np.zeros(ADS, np.intp)
    everything = PairedLabels(
        stratum=one, w=np.ones(ADS), bad=ads.bad, kind=kind_codes([DesignKind.CENSUS])
    )
    found = compare_paired(everything, first=acts[0], second=acts[1], group=one, groups=1)
    told = {each.metric: float(each.difference.value[0]) for each in found}
    match = match_precision(everything, first=acts[0], score=ads.second)
    told["trade"] = np.nan
    if isinstance(match, Match):
        second = (ads.second >= match.threshold) & ads.bad
        told["trade"] = float((second.sum() - (acts[0] & ads.bad).sum()) / ads.bad.sum())
    ranks = compare_auc(everything, first=ads.first, second=ads.second, group=one, groups=1)
    told["auc"] = float(ranks.difference.value[0])
    told["auc of one"] = float(ranks.first.value[0])
    return told


def equal(ads: Platform, acts: tuple[Flags, Flags]) -> tuple[Flags, Flags]:
    """Make both versions equally good in every slice: as many ads are gained as are lost."""
    first, second = acts[0].copy(), acts[1].copy()
    for part in range(SLICES):
        for truth in (True, False):
            differ = np.flatnonzero((ads.part == part) & (ads.bad == truth) & (first != second))
            half = len(differ) // 2
            first[differ[:half]], second[differ[:half]] = True, False
            first[differ[half : 2 * half]], second[differ[half : 2 * half]] = False, True
            first[differ[2 * half :]] = second[differ[2 * half :]] = True
    return first, second


@dataclass(frozen=True, slots=True)
class Level:
    """How often equal versions were told apart.

    Parameters
    ----------
    alone : mapping
        For each metric, the share of draws with p at most 5%.
    slices : float
        Share of draws in which any of 20 slices and two metrics was named, after adjusting.
    """

    alone: dict[str, float]
    slices: float


def falsely_named(case: Case, *, repetitions: int, seed: int) -> Level:
    """Count how often equal versions are told apart, over all and in any slice."""
    rng = np.random.default_rng(seed)
    ads = platform(case, rng)
    at = [float(np.quantile(score, 1 - case.acts)) for score in (ads.first, ads.second)]
    acts = equal(ads, (ads.first >= at[0], ads.second >= at[1]))
    wrong: dict[str, int] = dict.fromkeys(METRICS, 0)
    named = 0
    for _ in range(repetitions):
        rows, labels = drawn(case, ads, rng)
        first, second, one = acts[0][rows], acts[1][rows], np.zeros(len(rows), np.intp)
        for each in compare_paired(labels, first=first, second=second, group=one, groups=1):
            wrong[each.metric] += bool(each.p[0] <= 0.05)
        found = compare_paired(
            labels, first=first, second=second, group=ads.part[rows], groups=SLICES
        )
        p = holm(np.concatenate([each.p for each in found if each.metric != "fpr"]))
        named += bool(np.nanmin(p) <= 0.05)
    shares = {metric: count / repetitions for metric, count in wrong.items()}
    return Level(shares, named / repetitions)


def main() -> None:
    """Write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repetitions", type=int, default=400)
    parser.add_argument("--out", type=Path, default=RESULTS)
    given = parser.parse_args()
    began = time.process_time()
    reps = given.repetitions
    cover = [(case, covered(case, repetitions=reps, seed=1)) for case in CASES]
    level = [(case, falsely_named(case, repetitions=reps, seed=2)) for case in CASES]
    spent = time.process_time() - began
    error = np.sqrt(0.95 * 0.05 / reps)
    lines = [
        "# Two versions on the same ads",
        "",
        f"Made by `python -m benchmarks.model_comparison`: {reps} draws a row from a platform of"
        f" {ADS:,} ads, level 95%; {spent:.0f} CPU s. Monte-Carlo error of a share of 95%:"
        f" {error:.1%}.",
        "",
        "| labels | violating | drawn | difference of | truth, points | held | width, points | answered |",
        "| --- | ---: | ---: | --- | ---: | ---: | ---: | ---: |",
    ]
    for case, found in cover:
        lines += [
            f"| {case.name} | {case.violating:.1%} | {case.labels:,} | {each.what} |"
            f" {100 * each.truth:+.1f} | {each.held:.1%} | {100 * each.width:.1f} |"
            f" {each.answered:.0%} |"
            for each in found
        ]
    lines += [
        "",
        "## Equal versions",
        "",
        "As many ads of every slice are gained as lost. A test at 5% may tell them apart in 5% of"
        " draws; with slices, any of 20 slices and two metrics (Holm).",
        "",
        "| labels | violating | drawn | recall | precision | false-positive rate | any slice |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for case, one in level:
        shares = " | ".join(f"{one.alone[metric]:.1%}" for metric in METRICS)
        lines.append(
            f"| {case.name} | {case.violating:.1%} | {case.labels:,} | {shares} | {one.slices:.1%} |"
        )
    given.out.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
