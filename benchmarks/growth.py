"""Is what is told to be safe to automate safe, although it was picked for looking best?

::

    python -m benchmarks.growth --write     # 1,000 runs a case, writes the table
    python -m benchmarks.growth --runs 50   # a look

Each run draws labels anew from slices whose truth is known and picks those that are surely within the
limit, as `shroff advise grow` does. Beside it on the same labels: slices whose own 95% interval is within
the limit, and slices whose share of wrong labels is.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

import numpy as np
from benchmarks.case_runs import run_cases
from numpy.typing import NDArray

from shroff.domain.labels import DesignKind
from shroff.stats.sampling import Cells, Ratio, Strata, kind_codes, ratios_many
from shroff.stats.simultaneous import SliceLabels, affordable, even_labels, many_shares

__all__ = ["CASES", "Case", "Outcome", "run", "table"]

RESULTS = Path(__file__).parent / "results" / "growth.md"
LEVEL, LIMIT, ADS = 0.95, 0.05, 4_000
WAYS = ("bounds for all", "own interval", "share")
Floats: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One way to slice and to label.

    Parameters
    ----------
    name : str
        What it is.
    slices : int
        Slices.
    chance : float
        Chance of a label, on average.
    uneven : float
        Chance of ads in one half of each slice over that in the other, which errs half as often.
    """

    name: str
    slices: int = 100
    chance: float = 0.1
    uneven: float = 1.0


CASES = (
    Case(name="100 slices, evenly"),
    Case(name="1,000 slices, evenly", slices=1_000),
    Case(name="100 slices, few labels", chance=0.03),
    Case(name="100 slices, chances 1 to 5", uneven=5.0),
)


@dataclass(slots=True)
class Outcome:
    """What came of a case."""

    case: Case
    runs: int = 0
    missed: int = 0
    oracle: float = 0.0
    failed: dict[str, int] = field(default_factory=lambda: dict.fromkeys(WAYS, 0))
    picked: dict[str, float] = field(default_factory=lambda: dict.fromkeys(WAYS, 0.0))
    surprise: dict[str, list[float]] = field(
        default_factory=lambda: {"expected": [], "plain": [], "bound": []}
    )
    seconds: float = 0.0


def run(case: Case, *, runs: int, seed: int = 20261123) -> Outcome:
    """Draw and pick again and again.

    Parameters
    ----------
    case : Case
        Slices and labels.
    runs : int
        How often.
    seed : int
        Seed of truth and draws.

    Returns
    -------
    Outcome
        How often a bound missed, how often something unsafe was picked, and how much was.
    """
    rng = np.random.default_rng(seed)
    share = rng.beta(1.2, 14, case.slices)
    halves = np.stack([share * 4 / 3, share * 2 / 3])
    hits = rng.binomial(ADS // 2, np.clip(halves, 0, 1))
    truth = hits.sum(axis=0) / ADS
    chance = np.array([1.0, case.uneven]) * 2 * case.chance / (1 + case.uneven)
    found = Outcome(case, oracle=float(np.mean(truth <= LIMIT)))
    for _ in range(runs):
        got = rng.binomial(hits, chance[:, None]), rng.binomial(ADS // 2 - hits, chance[:, None])
        _one(found, *got, truth=truth, chance=chance)
        found.runs += 1
    return found


def _one(
    found: Outcome,
    hits: NDArray[np.int64],
    misses: NDArray[np.int64],
    *,
    truth: Floats,
    chance: Floats,
) -> None:
    size = len(truth)
    n = np.stack([hits, misses]).astype(float)  # (truth, half, slice)
    weight = np.broadcast_to((1 / chance)[None, :, None], n.shape)
    kept = n > 0
    labels = SliceLabels(
        group=np.broadcast_to(np.arange(size), n.shape)[kept],
        stratum=np.zeros(int(kept.sum()), dtype=np.intp),
        hit=np.broadcast_to(np.array([True, False])[:, None, None], n.shape)[kept],
        n=n[kept],
        w=(n * weight)[kept],
        w2=(n * weight**2)[kept],
    )
    strata = Strata(
        kind=kind_codes([DesignKind.POISSON]),
        population=np.full(1, np.nan),
        labels=np.array([n.sum()]),
    )
    began = time.process_time()
    alike = np.zeros(size, dtype=np.intp)
    even = even_labels(labels, strata, alike)
    looked_at = affordable(even.count(size), np.full(size, LIMIT), level=LEVEL)
    every = many_shares(labels, strata, alike=alike, looked_at=looked_at, level=LEVEL)
    found.seconds += time.process_time() - began
    # as if the level were not shared: what each slice's own interval says
    own = _own(labels, strata, size)
    missed = looked_at & ((truth < every.low - 1e-12) | (truth > every.high + 1e-12))
    found.missed += bool(missed.any())
    picks = {
        "bounds for all": every.high <= LIMIT,
        "own interval": own <= LIMIT,
        "share": np.nan_to_num(every.share, nan=1.0) <= LIMIT,
    }
    for way, picked in picks.items():
        found.failed[way] += bool((truth[picked] > LIMIT).any())
        found.picked[way] += float(picked.mean())
    best = int(np.argmin(every.shrunken))
    raw = int(np.nanargmin(every.share))
    found.surprise["expected"].append(float(truth[best] - every.shrunken[best]))
    found.surprise["plain"].append(float(truth[raw] - every.share[raw]))


def _own(labels: SliceLabels, strata: Strata, size: int) -> Floats:
    cells = Cells(
        group=labels.group,
        stratum=labels.stratum,
        cell=np.where(labels.hit, 0, 1),
        n=labels.n,
        w=labels.w,
        w2=labels.w2,
    )
    ratio = Ratio(numerator=np.array([True, False]), denominator=np.array([True, True]))
    found = ratios_many(cells, strata, metrics=(ratio,), groups=size, level=LEVEL)[0]
    return np.nan_to_num(found.high, nan=1.0)


HEAD = """# Is what is told to be safe, safe?

`python -m benchmarks.growth --write`: {runs:,} runs a case, slices of {ads:,} ads whose truth is known (their wrong shares
differ as a beta distribution with mean 8%), limit 5%, level 95%. *A bound missed*: share of runs in which any of
the bounds of `shroff advise grow` did not hold, 5% is allowed. *Unsafe picked*: share of runs in which a slice over
the limit was told to be safe. *Picked*: slices told to be safe, of all; the oracle knows the truth. *Own interval* takes
each slice's own 95% interval, *share* its weighted share of wrong labels. *Surprise of the
best*: true wrong share of the slice that looks best, less what was expected of it.

| case | a bound missed | unsafe picked | picked | oracle | own interval: unsafe | picked | share: unsafe | picked | surprise of the best: expected | as labels say | CPU ms |
|---|---|---|---|---|---|---|---|---|---|---|---|
"""


def table(found: list[Outcome]) -> str:
    """Write the table.

    Parameters
    ----------
    found : list of Outcome
        The cases.

    Returns
    -------
    str
        Markdown.
    """
    lines = [HEAD.format(runs=found[0].runs, ads=ADS)]
    for each in found:
        runs = each.runs
        told = {way: (each.failed[way] / runs, each.picked[way] / runs) for way in WAYS}
        all_, own, share = (told[way] for way in WAYS)
        surprise = [100 * float(np.mean(each.surprise[name])) for name in ("expected", "plain")]
        lines.append(
            f"| {each.case.name} | {100 * each.missed / runs:.1f}% | {100 * all_[0]:.1f}% |"
            f" {100 * all_[1]:.1f}% | {100 * each.oracle:.0f}% | {100 * own[0]:.1f}% | {100 * own[1]:.1f}% |"
            f" {100 * share[0]:.1f}% | {100 * share[1]:.1f}% | {surprise[0]:+.2f} points |"
            f" {surprise[1]:+.2f} points | {1000 * each.seconds / runs:.1f} |\n"
        )
    return "".join(lines)


def main() -> None:
    """Run the cases."""
    run_cases(CASES, run, table=table, results=RESULTS, about=__doc__ or "")


if __name__ == "__main__":
    main()
