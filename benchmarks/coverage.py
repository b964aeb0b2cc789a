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
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from benchmarks.coverage_designs import (
    KNOWN,
    METRICS,
    SLICES,
    Draw,
    Population,
    advertisers,
    cube,
    draw,
    draw_clusters,
    platform,
)

from shroff.domain.labels import DesignKind
from shroff.stats.clusters import clustered_ratios_many
from shroff.stats.estimate import Estimates
from shroff.stats.proportions import Floats
from shroff.stats.sampling import Ratio, exposure_ratios_many, ratios_many

RESULTS = Path(__file__).parent / "results" / "coverage.md"
ENOUGH = 5.0
BATCH = 100


BANDS, PURE = "score bands", "score bands by action"
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
    def title(self) -> str:
        drawn = "census of the queue, audit" if self.kind is DesignKind.CENSUS else self.kind
        return f"{drawn}, {self.strata}, {self.labels} each, {self.weight}, {self.prevalence:.1%}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """How one metric's intervals did in one slice under one design."""

    case: str
    metric: str
    part: str
    truth: float
    coverage: float
    below: float  # share of intervals that lie below the truth
    above: float
    width: float
    thinnest: float  # labels expected of the rarer outcome in the thinnest stratum

    @property
    def passes(self) -> bool:
        enough = ENOUGH <= self.thinnest < np.inf  # infinite where everything was labelled
        highest = 0.97 if enough else 1.0
        return 0.93 <= round(self.coverage, 3) <= highest


def cases() -> Iterator[Case]:
    """List all designs, at 5% and at 0.5%, thin and with enough positives."""
    for prevalence, labels in ((0.05, 300), (0.05, 1200), (0.005, 300), (0.005, 1250)):
        for strata, kind in DESIGNS:
            yield Case(strata=strata, kind=kind, labels=labels, prevalence=prevalence)
    for prevalence, labels in ((0.05, 300), (0.05, 1200), (0.005, 1250)):
        for strata, kind in DESIGNS[:3]:
            yield Case(
                strata=strata,
                kind=kind,
                labels=labels,
                prevalence=prevalence,
                weight="impressions",
            )


def run(case: Case, *, repetitions: int, seed: int = 20261122) -> list[Row]:
    """Draw a design many times and count how often each interval covers."""
    exposed = case.weight != "ads"
    rng = np.random.default_rng([seed, case.labels, int(1e4 * case.prevalence), exposed])
    population = platform(prevalence=case.prevalence, rng=rng, pure=case.strata == PURE)
    design = _design(case, population)
    estimate = exposure_ratios_many if exposed else ratios_many
    metrics = list(METRICS.values())
    found: list[Sequence[Estimates]] = []
    counted = np.zeros(9 * len(design))
    for size in _batches(repetitions):
        sample = draw(population, design, repetitions=size, rng=rng)
        cells = cube(population, sample)
        found.append(estimate(cells, sample.strata, metrics=metrics, groups=len(SLICES) * size))
        slot = 9 * population.stratum[sample.ad] + population.cell[sample.ad]
        counted += np.bincount(slot, minlength=9 * len(design))
    census = np.array([plan.kind is DesignKind.CENSUS for plan in design])
    thin = _Thinness(counted.reshape(-1, 9)[~census] / repetitions)
    return _rows(case.title, population, _joined(found), exposed=exposed, thin=thin)


def _batches(repetitions: int) -> list[int]:
    """Split repetitions so that the labels of a batch fit in memory."""
    return [min(BATCH, repetitions - done) for done in range(0, repetitions, BATCH)]


def _joined(batches: Sequence[Sequence[Estimates]]) -> list[Estimates]:
    return [_join([batch[number] for batch in batches]) for number in range(len(METRICS))]


def run_clusters(
    prevalence: float, clusters: int, *, exposed: bool, repetitions: int, seed: int = 20261122
) -> list[Row]:
    """The same for advertisers drawn whole."""
    rng = np.random.default_rng([seed, clusters, int(1e4 * prevalence), exposed])
    population = advertisers(prevalence=prevalence, rng=rng)
    found: list[Sequence[Estimates]] = []
    counted = np.zeros(9 * 3)
    for size in _batches(repetitions):
        rows, strata = draw_clusters(population, clusters, repetitions=size, rng=rng)
        rows = rows if exposed else replace(rows, m=None)
        groups = len(SLICES) * size
        metrics = list(METRICS.values())
        found.append(clustered_ratios_many(rows, strata, metrics=metrics, groups=groups))
        counted += _positive_clusters(rows.cluster, rows.stratum % 3, rows.cell, rows.group)
    title = (
        f"{clusters} advertisers a tier, {'by impressions, ' if exposed else ''}{prevalence:.1%}"
    )
    thin = _Thinness(counted.reshape(3, 9) / repetitions)
    return _rows(title, population, _joined(found), exposed=exposed, thin=thin)


def _positive_clusters(cluster: Floats, tier: Floats, cell: Floats, group: Floats) -> Floats:
    """Count the (repetition, advertiser) pairs that show an outcome, by tier and outcome."""
    whole = group % len(SLICES) == 0
    keys = np.unique(
        np.stack([group[whole], cluster[whole], 9 * tier[whole] + cell[whole]]), axis=1
    )
    return np.bincount(keys[2], minlength=27).astype(float)


def _join(parts: Sequence[Estimates]) -> Estimates:
    return replace(
        parts[0],
        value=np.concatenate([part.value for part in parts]),
        low=np.concatenate([part.low for part in parts]),
        high=np.concatenate([part.high for part in parts]),
    )


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


@dataclass(frozen=True, slots=True)
class _Thinness:
    expected: Floats  # (strata, outcomes) labels expected, where not everything is labelled

    def of(self, metric: Ratio, share: float) -> float:
        """Find the outcome, possible in a stratum, of which the fewest labels are expected."""
        least = float("inf")
        for known in range(3):
            able = known == KNOWN
            for side in (metric.numerator & able, metric.denominator & ~metric.numerator & able):
                if not side.any():
                    continue
                there = self.expected[:, able].sum(axis=1) > 0
                least = min([least, *(share * self.expected[there][:, side].sum(axis=1))])
        return least


def _rows(
    case: str,
    population: Population,
    found: Sequence[Estimates],
    *,
    exposed: bool,
    thin: _Thinness,
) -> list[Row]:
    rows: list[Row] = []
    for number, part in enumerate(SLICES):
        share = 1.0 if number == 0 else float((population.slice == number).mean())
        for (name, metric), figures in zip(METRICS.items(), found, strict=True):
            truth = population.truth(metric, part=number, exposed=exposed)
            low, high = figures.low[number :: len(SLICES)], figures.high[number :: len(SLICES)]
            known = np.isfinite(low)
            low, high = low[known], high[known]
            rows.append(
                Row(
                    case=case,
                    metric=name,
                    part=part,
                    truth=truth,
                    coverage=float(((low <= truth) & (truth <= high)).mean()),
                    below=float((high < truth).mean()),
                    above=float((low > truth).mean()),
                    width=float((high - low).mean()),
                    thinnest=thin.of(metric, share),
                )
            )
    return rows


def everything(*, repetitions: int, tell: Callable[[str], None]) -> list[Row]:
    """Run all designs."""
    rows: list[Row] = []
    for case in cases():
        rows += run(case, repetitions=repetitions)
        tell(_progress(rows, case.title))
    for prevalence, exposed in ((0.05, False), (0.05, True), (0.005, False)):
        found = run_clusters(prevalence, 150, exposed=exposed, repetitions=repetitions)
        rows += found
        tell(_progress(rows, found[0].case))
    return rows


def _progress(rows: Sequence[Row], title: str) -> str:
    mine = [row for row in rows if row.case == title]
    lowest = min(row.coverage for row in mine)
    return f"{title}: lowest coverage {lowest:.3f}, outside: {sum(not row.passes for row in mine)}"


def table(rows: Sequence[Row], *, repetitions: int, seconds: float) -> str:
    """Write the result as Markdown."""
    enough = [row for row in rows if ENOUGH <= row.thinnest < np.inf]
    thin = [row for row in rows if row.thinnest < ENOUGH]
    outside = [row for row in rows if not row.passes]
    head = [
        "# Coverage of 95% intervals",
        "",
        f"`python -m benchmarks.coverage --repetitions {repetitions}`, "
        f"{datetime.now(UTC):%Y-%m-%d}, {seconds:.0f} CPU s.",
        "",
        f"{len(rows)} intervals (design x metric x slice), {repetitions} repetitions each; one run "
        "of 2,000 has a standard error of 0.5 points at 95%.",
        "",
        f"* At least {ENOUGH:.0f} labels of the rarer outcome expected in the thinnest stratum: "
        + _span(enough)
        + " (asked: 93-97%).",
        "* Fewer: " + _span(thin) + " (asked: at least 93%; wide is the price of few labels).",
        f"* Outside what is asked: {len(outside)}"
        + "".join(f"; {row.case}, {row.metric}, {row.part}: {row.coverage:.3f}" for row in outside)
        + ".",
        "",
        "`below` and `above` are the shares of intervals that lie wholly below or above the truth.",
        "",
    ]
    return "\n".join(head + _tables(rows)) + "\n"


def _span(rows: Sequence[Row]) -> str:
    if not rows:
        return "none"
    found = [row.coverage for row in rows]
    return f"{len(rows)} intervals cover {min(found):.1%} to {max(found):.1%}, mean {np.mean(found):.1%}"


def _tables(rows: Sequence[Row]) -> list[str]:
    lines: list[str] = []
    for case in dict.fromkeys(row.case for row in rows):
        lines += [f"## {case}", ""]
        lines += ["| metric | slice | truth | coverage | below | above | width | thinnest |"]
        lines += ["|---|---|---|---|---|---|---|---|"]
        lines += [
            f"| {row.metric} | {row.part} | {row.truth:.4f} | {row.coverage:.3f} | {row.below:.3f} "
            f"| {row.above:.3f} | {row.width:.4f} | {row.thinnest:.1f} |"
            for row in rows
            if row.case == case
        ]
        lines.append("")
    return lines


def main() -> None:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--repetitions", type=int, default=2000)
    chosen = parser.parse_args()
    start = time.process_time()
    rows = everything(repetitions=chosen.repetitions, tell=print)
    text = table(rows, repetitions=chosen.repetitions, seconds=time.process_time() - start)
    print(text.split("## ", maxsplit=1)[0])
    if chosen.repetitions >= 2000:
        RESULTS.parent.mkdir(exist_ok=True)
        RESULTS.write_text(text, encoding="utf-8")
        print(f"written to {RESULTS}")


if __name__ == "__main__":
    main()
