"""Do 95% intervals cover the truth 95% of the time? A table, by design and metric.

::

    python -m benchmarks.coverage                    # 2,000 repetitions, writes the table
    python -m benchmarks.coverage --repetitions 200  # a look, writes nothing
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from benchmarks.coverage_designs import (
    METRICS,
    SLICES,
    Draw,
    Population,
    Sample,
    advertisers,
    bought,
    cube,
    draw,
    draw_clusters,
    platform,
)
from benchmarks.coverage_flow import batches, every, flow_cases, joined
from benchmarks.coverage_report import AGAIN, table
from benchmarks.coverage_rows import Row, Thinness, row, sums_and_squares

from shroff.domain.labels import DesignKind
from shroff.stats.clusters import LabelRows, clustered_ratios_many
from shroff.stats.compare import differences
from shroff.stats.estimate import Estimates
from shroff.stats.proportions import Floats
from shroff.stats.sampling import exposure_ratios_many, ratios_many

RESULTS = Path(__file__).parent / "results" / "coverage.md"
ENOUGH_RUNS = 2000


BANDS, PURE, VIEWS = "score bands", "score bands by action", "by impressions"
DESIGNS = (
    (BANDS, DesignKind.STRATIFIED),
    (BANDS, DesignKind.POISSON),
    (BANDS, DesignKind.PPS),
    (PURE, DesignKind.STRATIFIED),
    (PURE, DesignKind.CENSUS),  # of the queue; approvals stratified, rejects Poisson
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A design to try; ``labels`` is what each sampled stratum gets."""

    strata: str
    kind: DesignKind
    labels: int
    prevalence: float
    weight: str = "ads"

    @property
    def drawn(self) -> str:
        kind = "census of the queue, audit" if self.kind is DesignKind.CENSUS else self.kind
        return f"{kind}, {self.strata}, {self.labels} each"

    @property
    def title(self) -> str:
        return f"{self.drawn}, {self.weight}, {self.prevalence:.1%}"


def cases() -> Iterator[Case]:
    """List all designs, at 5% and at 0.5%, thin and with enough positives."""
    for prevalence, labels in ((0.05, 300), (0.05, 1200), (0.005, 300), (0.005, 1250)):
        for strata, kind in DESIGNS:
            yield Case(strata=strata, kind=kind, labels=labels, prevalence=prevalence)
    for prevalence, labels in ((0.05, 300), (0.05, 1200), (0.005, 1250)):
        for strata, kind in (*DESIGNS[:3], DESIGNS[-1]):
            yield Case(
                strata=strata,
                kind=kind,
                labels=labels,
                prevalence=prevalence,
                weight="impressions",
            )
    yield from _spend_cases()


def _spend_cases() -> Iterator[Case]:
    for prevalence, labels in ((0.05, 1200), (0.05, 4000), (0.005, 1250), (0.005, 4000)):
        yield Case(
            strata=VIEWS,
            kind=DesignKind.POISSON,
            labels=labels,
            prevalence=prevalence,
            weight="spend",
        )
    for prevalence, labels in ((0.05, 300), (0.05, 1200), (0.005, 1250)):
        yield Case(
            strata=BANDS,
            kind=DesignKind.STRATIFIED,
            labels=labels,
            prevalence=prevalence,
            weight="spend",
        )


def run(case: Case, *, repetitions: int, seed: int = 20261122) -> list[Row]:
    """Draw a design many times and count how often each interval covers."""
    exposed = case.weight != "ads"
    rng = np.random.default_rng([seed, case.labels, int(1e4 * case.prevalence), exposed])
    population = platform(prevalence=case.prevalence, rng=rng, pure=case.strata == PURE)
    if case.weight == "spend":
        population = bought(population, rng=rng, by_views=case.strata == VIEWS)
    design = _design(case, population)
    estimate = exposure_ratios_many if exposed else ratios_many
    metrics = list(METRICS.values())
    found: list[Sequence[Estimates]] = []
    counted = np.zeros((3, 9 * len(design)))
    for size in batches(repetitions):
        sample = draw(population, design, repetitions=size, rng=rng)
        cells = cube(population, sample)
        found.append(estimate(cells, sample.strata, metrics=metrics, groups=len(SLICES) * size))
        counted += _counted(population, sample, strata=len(design), exposed=exposed)
    census = np.array([plan.kind is DesignKind.CENSUS for plan in design])
    thin = Thinness(counted.reshape(3, -1, 9)[:, ~census] / repetitions)
    return _rows(case.title, [population], _joined(found), exposed=exposed, thin=thin)


def run_change(
    prevalence: tuple[float, float], labels: int, *, repetitions: int, seed: int = 20261122
) -> list[Row]:
    """The same for the difference of two periods, each with its own ads and its own sample."""
    case = Case(strata=PURE, kind=DesignKind.STRATIFIED, labels=labels, prevalence=prevalence[0])
    rng = np.random.default_rng([seed, labels, *(int(1e4 * share) for share in prevalence)])
    periods = [platform(prevalence=share, rng=rng) for share in prevalence]
    found: list[Sequence[Estimates]] = []
    strata = [len(_design(case, period)) for period in periods]
    counted = [np.zeros((3, 9 * size)) for size in strata]
    for size in batches(repetitions):
        pair = []
        for number, period in enumerate(periods):
            sample = draw(period, _design(case, period), repetitions=size, rng=rng)
            pair.append(
                ratios_many(
                    cube(period, sample),
                    sample.strata,
                    metrics=list(METRICS.values()),
                    groups=len(SLICES) * size,
                )
            )
            counted[number] += _counted(period, sample, strata=strata[number], exposed=False)
        found.append([differences(first, second) for first, second in zip(*pair, strict=True)])
    thin = Thinness(np.concatenate(counted, axis=1).reshape(3, -1, 9) / repetitions)
    title = f"change from {prevalence[0]:.1%} to {prevalence[1]:.1%}, {case.drawn}"
    return _rows(title, periods, _joined(found), exposed=False, thin=thin)


def _joined(parts: Sequence[Sequence[Estimates]]) -> list[Estimates]:
    return [joined([part[number] for part in parts]) for number in range(len(METRICS))]


def run_clusters(
    prevalence: float, clusters: int, *, exposed: bool, repetitions: int, seed: int = 20261122
) -> list[Row]:
    """The same for advertisers drawn whole."""
    rng = np.random.default_rng([seed, clusters, int(1e4 * prevalence), exposed])
    population = advertisers(prevalence=prevalence, rng=rng)
    found: list[Sequence[Estimates]] = []
    counted = np.zeros((3, 9 * 3))
    for size in batches(repetitions):
        rows, strata = draw_clusters(population, clusters, repetitions=size, rng=rng)
        rows = rows if exposed else replace(rows, m=None)
        groups = len(SLICES) * size
        metrics = list(METRICS.values())
        found.append(clustered_ratios_many(rows, strata, metrics=metrics, groups=groups))
        counted += _counted_clusters(rows)
    title = (
        f"{clusters} advertisers a tier, {'by impressions, ' if exposed else ''}{prevalence:.1%}"
    )
    thin = Thinness(counted.reshape(3, 3, 9) / repetitions)
    return _rows(title, [population], _joined(found), exposed=exposed, thin=thin)


def _counted(population: Population, sample: Sample, *, strata: int, exposed: bool) -> Floats:
    """Add up labels, their weighted exposures and the squares, by stratum and outcome."""
    slot = 9 * population.stratum[sample.ad] + population.cell[sample.ad]
    size = sample.weight * (population.exposure[sample.ad] if exposed else 1.0)
    return sums_and_squares(slot, size, slots=9 * strata)


def _counted_clusters(rows: LabelRows) -> Floats:
    """The same of advertisers, each with the total of its ads, by tier and outcome."""
    whole = rows.group % len(SLICES) == 0
    outcome = 9 * (rows.stratum % 3) + rows.cell
    keys, where = np.unique(
        np.stack([rows.group, rows.cluster, outcome])[:, whole], axis=1, return_inverse=True
    )
    weight = rows.w if rows.m is None else rows.w * rows.m
    return sums_and_squares(keys[2], np.bincount(where, weights=weight[whole]), slots=27)


def _design(case: Case, population: Population) -> list[Draw]:
    strata = int(population.stratum.max()) + 1
    if case.kind is not DesignKind.CENSUS:
        return [Draw(case.kind, case.labels)] * strata
    action = [
        int(population.cell[np.argmax(population.stratum == number)]) // 3
        for number in range(strata)
    ]
    kinds = (DesignKind.STRATIFIED, DesignKind.CENSUS, DesignKind.POISSON)
    return [Draw(kinds[number], case.labels) for number in action]


def _rows(
    case: str,
    periods: Sequence[Population],
    found: Sequence[Estimates],
    *,
    exposed: bool,
    thin: Thinness,
) -> list[Row]:
    rows: list[Row] = []
    for number, part in enumerate(SLICES):
        share = 1.0 if number == 0 else float((periods[-1].slice == number).mean())
        for (name, metric), figures in zip(METRICS.items(), found, strict=True):
            truths = [period.truth(metric, part=number, exposed=exposed) for period in periods]
            rows.append(
                row(
                    every(figures, number),
                    case=case,
                    metric=name,
                    part=part,
                    truth=truths[0] if len(truths) == 1 else truths[1] - truths[0],
                    thinnest=thin.labels(metric, share),
                    effective=thin.effective(metric, share),
                )
            )
    return rows


def designs() -> Iterator[Callable[[int], list[Row]]]:
    """List all that is to be run, each waiting for its number of repetitions."""
    for case in cases():
        yield lambda n, case=case: run(case, repetitions=n)
    for prevalence, exposed in ((0.05, False), (0.05, True), (0.005, False)):
        yield lambda n, prevalence=prevalence, exposed=exposed: run_clusters(
            prevalence, 150, exposed=exposed, repetitions=n
        )
    for pair, labels in (((0.05, 0.06), 300), ((0.05, 0.06), 1200), ((0.005, 0.008), 1250)):
        yield lambda n, pair=pair, labels=labels: run_change(pair, labels, repetitions=n)
    yield from flow_cases()


def everything(*, repetitions: int, tell: Callable[[str], None]) -> tuple[list[Row], list[Row]]:
    """Run all designs, and again for longer where an interval covers too little or too much.

    Returns
    -------
    list of Row, list of Row
        All rows, and those looked at again, as they were at first.
    """
    rows: list[Row] = []
    doubted: list[Row] = []
    for design in designs():
        found = design(repetitions)
        unsure = [one for one in found if not one.passes]
        if unsure and repetitions >= ENOUGH_RUNS:
            doubted += unsure
            found = _looked_again(found, design(AGAIN))
        rows += found
        tell(_progress(rows, found[0].case))
    return rows, doubted


def _looked_again(rows: Sequence[Row], longer: Sequence[Row]) -> list[Row]:
    """Take the longer run's figures for the rows that covered too little or too much."""
    return [one if one.passes else again for one, again in zip(rows, longer, strict=True)]


def _progress(rows: Sequence[Row], title: str) -> str:
    mine = [one for one in rows if one.case == title]
    lowest = min(one.coverage for one in mine)
    return f"{title}: lowest coverage {lowest:.3f}, outside: {sum(not one.passes for one in mine)}"


def main() -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--repetitions", type=int, default=2000)
    chosen = parser.parse_args()
    start = time.process_time()
    rows, doubted = everything(repetitions=chosen.repetitions, tell=print)
    seconds = time.process_time() - start
    text = table(rows, doubted=doubted, repetitions=chosen.repetitions, seconds=seconds)
    print(text.split("## ", maxsplit=1)[0])
    if chosen.repetitions >= ENOUGH_RUNS:
        RESULTS.parent.mkdir(exist_ok=True)
        RESULTS.write_text(text, encoding="utf-8")
        print(f"written to {RESULTS}")


if __name__ == "__main__":
    main()
