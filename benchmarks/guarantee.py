"""Is the floor kept as surely as is said, under every design, and what does that cost in rejects?

::

    python -m benchmarks.guarantee --write     # 1,000 runs a case, writes the table
    python -m benchmarks.guarantee --runs 50   # a look

Each run draws labels anew from one finite platform whose truth is known, finds lines, and holds
them against the truth. A run fails when the true precision from the line of any cell up is under
the floor. Beside it on the same labels: the lowest line whose labels look good enough; the lowest
whose Clopper-Pearson bound does, as if it were the only one looked at; and a plain fixed sequence
from the first hundred labels down.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

import numpy as np
from benchmarks.case_runs import run_cases
from numpy.typing import NDArray

from shroff.stats.precision_tests import LineLabels, binomial_tails, design_of
from shroff.stats.score_cells import BINS
from shroff.stats.sure_lines import LineCell, precision_from, sure_lines

__all__ = ["CASES", "Case", "Outcome", "Platform", "platform", "run", "table"]

RESULTS = Path(__file__).parent / "results" / "guarantee.md"
FLOOR, DELTA, LOWEST, ADS = 0.9, 0.05, 500, 400_000
START = 100
Floats: TypeAlias = NDArray[np.float64]
WAYS = ("sure", "looks good", "one bound", "plain sequence")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One design.

    Parameters
    ----------
    name : str
        What it is.
    labels : int
        Labels expected.
    cells : int
        Cells; each has its own curve of precision.
    kind : str
        ``poisson``, ``fixed`` numbers in each part, or ``clusters`` of four ads of one advertiser.
    uneven : float
        Chance of ads of the worse part (30% of each score) over that of the others.
    above : float
        Chance from the lowest line up over that below.
    falling : bool
        Whether precision falls from the highest score on, and is nowhere far above the floor.
    """

    name: str
    labels: int
    cells: int = 1
    kind: str = "poisson"
    uneven: float = 1.0
    above: float = 1.0
    falling: bool = False


CASES = (
    Case(name="evenly", labels=4_000),
    Case(name="evenly", labels=16_000),
    Case(name="evenly, precision falling from the top", labels=4_000, falling=True),
    Case(name="evenly, precision falling from the top", labels=16_000, falling=True),
    Case(name="six times as often above 0.5", labels=4_000, above=6.0),
    Case(name="two chances, 1 to 3", labels=16_000, uneven=3.0),
    Case(name="two chances, 1 to 20", labels=16_000, uneven=20.0),
    Case(name="two chances, 20 to 1", labels=16_000, uneven=0.05),
    Case(name="fixed numbers in two parts, 1 to 3", labels=16_000, kind="fixed", uneven=3.0),
    Case(name="advertisers drawn, ads half alike", labels=16_000, kind="clusters"),
    Case(name="six cells, six times as often above 0.5", labels=16_000, cells=6, above=6.0),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """Ads of one cell.

    Parameters
    ----------
    counts : array of shape (2, 2, 1000)
        Ads by part, truth and thousandth of the score.
    clusters : array of shape (2, m) or None
        Thousandth and number of violating ads of each advertiser's four ads.
    """

    counts: NDArray[np.int64]
    clusters: NDArray[np.int64] | None = None

    @property
    def ads(self) -> Floats:
        """Count the ads from each threshold up."""
        return _up(self.counts.sum(axis=(0, 1))).astype(float)

    @property
    def precision(self) -> Floats:
        """Give the true precision from each threshold up."""
        return _up(self.counts[:, 1].sum(axis=0)) / np.maximum(self.ads, 1)


def _up(values: np.ndarray) -> np.ndarray:
    return np.cumsum(values[..., ::-1], axis=-1)[..., ::-1]


def platform(
    rng: np.random.Generator,
    *,
    ads: int,
    top: float = 0.985,
    kind: str = "",
    falling: bool = False,
) -> Platform:
    """Make a cell: precision is flat among its highest 3%, then falls steeply.

    Parameters
    ----------
    rng : Generator
        Chance.
    ads : int
        Ads.
    top : float
        Precision at the highest scores.
    kind : str
        ``clusters`` for advertisers of four ads at one score.
    falling : bool
        Whether it falls from the highest score on instead, more slowly.

    Returns
    -------
    Platform
        The cell.
    """
    rank = np.linspace(0, 1, BINS + 1) ** 2
    sizes = (np.diff(rank) * ads).round().astype(int)[::-1]
    middle = ((rank[1:] + rank[:-1]) / 2)[::-1]
    fall = 2.1 * middle if falling else 8.3 * np.maximum(0, middle - 0.03)
    share = np.clip(top - fall, 0.02, 1)
    apart = np.minimum(0.08, np.minimum(share, 1 - share))
    counts = np.zeros((2, 2, BINS), dtype=np.int64)
    if kind == "clusters":
        homes = np.repeat(np.arange(BINS), sizes // 4)
        whole = rng.random(len(homes)) < 0.5
        chance = share[homes]
        hits = np.where(whole, 4 * (rng.random(len(homes)) < chance), rng.binomial(4, chance))
        counts[0, 1] = np.bincount(homes, hits, minlength=BINS)
        counts[0, 0] = np.bincount(homes, 4 - hits, minlength=BINS)
        return Platform(counts=counts, clusters=np.stack([homes, hits]))
    for part, (size, drift) in enumerate(
        ((sizes - sizes * 3 // 10, 0.3), (sizes * 3 // 10, -0.7))
    ):
        counts[part, 1] = rng.binomial(size, np.clip(share + drift * apart, 0, 1))
        counts[part, 0] = size - counts[part, 1]
    return Platform(counts=counts)


@dataclass(frozen=True, slots=True)
class _Drawer:
    case: Case
    rng: np.random.Generator
    chance: Floats  # (2, BINS)

    def draw(self, cell: Platform) -> LineLabels:
        """Draw labels of a cell."""
        if cell.clusters is not None:
            return self._clusters(cell.clusters)
        places, truth, weight = [], [], []
        for part in (0, 1):
            got, weights = self._part(cell.counts[part], self.chance[part])
            for violating in (0, 1):
                places.append(np.repeat(np.arange(1, BINS + 1), got[violating]))
                truth.append(np.full(got[violating].sum(), violating == 1))
                weight.append(np.repeat(weights, got[violating]))
        return LineLabels(
            place=np.concatenate(places),
            violating=np.concatenate(truth),
            weight=np.concatenate(weight),
        )

    def _part(self, counts: np.ndarray, chance: Floats) -> tuple[np.ndarray, Floats]:
        if self.case.kind != "fixed":
            return self.rng.binomial(counts, chance), 1 / chance
        drawn = round(float((counts * chance).sum()))
        got = self.rng.multivariate_hypergeometric(counts.ravel(), drawn).reshape(2, BINS)
        return got, np.full(BINS, counts.sum() / drawn)

    def _clusters(self, clusters: np.ndarray) -> LineLabels:
        chance = float(self.chance[0, 0])
        mine = np.flatnonzero(self.rng.random(clusters.shape[1]) < chance)
        homes, hits = clusters[:, mine]
        return LineLabels(
            place=np.repeat(homes + 1, 4),
            violating=(np.arange(4)[None, :] < hits[:, None]).reshape(-1),
            weight=np.full(4 * len(mine), 1 / chance),
            cluster=np.repeat(mine, 4),
        )


def _chances(case: Case, cells: Sequence[Platform]) -> Floats:
    sums = sum(cell.counts.sum(axis=1) for cell in cells)
    wanted = np.ones((2, BINS))
    wanted[1] *= case.uneven
    wanted[:, LOWEST:] *= case.above
    found: Floats = wanted * case.labels / float((wanted * sums).sum())
    return np.minimum(found, 1.0)


@dataclass(slots=True)
class Outcome:
    """What came of a case."""

    case: Case
    oracle: float
    runs: int = 0
    failed: dict[str, int] = field(default_factory=lambda: dict.fromkeys(WAYS, 0))
    share: dict[str, float] = field(default_factory=lambda: dict.fromkeys(WAYS, 0.0))
    seconds: float = 0.0


def run(case: Case, *, runs: int, seed: int = 20261123) -> Outcome:
    """Draw and find lines again and again.

    Parameters
    ----------
    case : Case
        The design.
    runs : int
        How often.
    seed : int
        Seed of the platform and of the draws.

    Returns
    -------
    Outcome
        How often each way failed, and the share of ads that it rejects.
    """
    rng = np.random.default_rng(seed)
    tops = (
        np.linspace(0.995, 0.96, case.cells)
        if case.cells > 1
        else [0.97 + 0.015 * (not case.falling)]
    )
    how = {"ads": ADS // case.cells, "kind": case.kind, "falling": case.falling}
    cells = [platform(rng, top=float(top), **how) for top in tops]
    drawer = _Drawer(case, rng, _chances(case, cells))
    whole = sum(cell.ads[0] for cell in cells)
    best = sum(cell.ads[np.argmax(cell.precision >= FLOOR)] for cell in cells)
    found = Outcome(case, oracle=best / whole)
    for _ in range(runs):
        drawn = [drawer.draw(cell) for cell in cells]
        for way, lines in _lines(drawn, cells, found).items():
            told = [(cell, at) for cell, at in zip(cells, lines, strict=True) if at is not None]
            found.failed[way] += any(cell.precision[at] < FLOOR for cell, at in told)
            found.share[way] += sum(cell.ads[at] for cell, at in told) / whole / runs
        found.runs += 1
    return found


def _lines(
    drawn: Sequence[LineLabels], cells: Sequence[Platform], found: Outcome
) -> dict[str, list[int | None]]:
    began = time.process_time()
    clustered = found.case.kind == "clusters"
    joined = LineLabels(
        place=np.concatenate([each.place for each in drawn]),
        violating=np.concatenate([each.violating for each in drawn]),
        weight=np.concatenate([each.weight for each in drawn]),
        cluster=drawn[0].cluster if clustered else None,
    )
    design = design_of(
        joined,
        one_by_one=found.case.kind == "poisson",
        largest=np.full(BINS, 4.0) if clustered else None,
    )
    asked = [LineCell(labels=each, ads=cell.ads) for each, cell in zip(drawn, cells, strict=True)]
    sure = sure_lines(asked, design, floor=FLOOR, delta=DELTA, lowest=LOWEST)
    found.seconds += time.process_time() - began
    return {
        "sure": [line.at for line in sure],
        "looks good": [_lowest(each, lambda x, _: precision_from(x) >= FLOOR) for each in drawn],
        "one bound": [_lowest(each, _bounded) for each in drawn],
        "plain sequence": [_sequence(each) for each in drawn],
    }


def _lowest(labels: LineLabels, good: Callable[[LineLabels, float], np.ndarray]) -> int | None:
    places = np.flatnonzero(good(labels, DELTA))
    return int(places[0]) if len(places) else None


def _tails(labels: LineLabels) -> tuple[np.ndarray, np.ndarray]:
    """Test every threshold by itself, labels in effect taken for labels."""
    up = [
        _up(np.bincount(labels.place, values, minlength=BINS + 2))[1 : BINS + 1]
        for values in (labels.weight, labels.weight**2)
    ]
    worth = np.divide(up[0] ** 2, up[1], out=np.zeros(BINS), where=up[1] > 0)
    hits = worth * np.nan_to_num(precision_from(labels))
    return binomial_tails(hits, worth, floor=np.full(1, FLOOR)), worth


def _bounded(labels: LineLabels, level: float) -> np.ndarray:
    tails, _ = _tails(labels)
    return tails <= level


def _sequence(labels: LineLabels) -> int | None:
    tails, worth = _tails(labels)
    start = np.flatnonzero(worth >= START)
    if not len(start):
        return None
    failed = np.flatnonzero(tails[: start[-1] + 1] > DELTA)
    at = int(failed[-1]) + 1 if len(failed) else 0
    return at if at <= start[-1] else None


HEAD = """# Is the floor kept as surely as is said?

`python -m benchmarks.guarantee --write`: {runs:,} runs a case; a platform of 400,000 ads whose truth is known,
floor 90%, risk 5% over all cells together; precision is flat among the highest 3% of scores, then falls. *Failed*:
share of runs in which the true precision of a line was under the floor (standard error at 5%: {error:.1f} points).
*Rejects*: share of all ads above the lines, on average; the oracle knows the truth. *Looks good*: the lowest line at
which labels reach 90%. *One bound*: the lowest whose Clopper-Pearson bound does, as if nothing else were looked at;
nothing proves it. *Plain sequence*: tested from the first 100 labels down, stopped at the first failure. The last
two take labels in effect for labels where weights differ. The worse part is the 30% of ads at each score that
violate less; its chance comes second.

| labels drawn | labels | oracle rejects | sure: failed | rejects | looks good: failed | rejects | one bound: failed | rejects | plain sequence: failed | rejects | CPU ms |
|---|---|---|---|---|---|---|---|---|---|---|---|
"""


def table(found: Sequence[Outcome]) -> str:
    """Write the table.

    Parameters
    ----------
    found : sequence of Outcome
        The cases.

    Returns
    -------
    str
        Markdown.
    """
    runs = found[0].runs
    lines = [HEAD.format(runs=runs, error=100 * (DELTA * (1 - DELTA) / runs) ** 0.5)]
    for each in found:
        told = [
            f"{100 * each.failed[way] / runs:.1f}% | {100 * each.share[way]:.2f}%" for way in WAYS
        ]
        lines.append(
            f"| {each.case.name} | {each.case.labels:,} | {100 * each.oracle:.2f}% | "
            f"{' | '.join(told)} | {1000 * each.seconds / runs:.1f} |\n"
        )
    return "".join(lines)


def main() -> None:
    """Run the cases."""
    run_cases(CASES, run, table=table, results=RESULTS, about=__doc__ or "")


if __name__ == "__main__":
    main()
