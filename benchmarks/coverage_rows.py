"""One row of the coverage table, and how it is counted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from benchmarks.coverage_designs import KNOWN

from shroff.stats.dense import Ints, add_up
from shroff.stats.estimate import Estimates
from shroff.stats.proportions import Floats
from shroff.stats.sampling import Ratio

ENOUGH = 5.0
LEAST, MOST = 0.93, 0.97


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
    effective: float  # as how many of equal weight those count
    repetitions: int

    @property
    def enough(self) -> bool:
        return ENOUGH <= self.effective < np.inf  # infinite where everything was labelled

    @property
    def passes(self) -> bool:
        return LEAST <= round(self.coverage, 3) <= (MOST if self.enough else 1.0)

    @property
    def error(self) -> float:
        """The standard error that the number of repetitions leaves."""
        return float((self.coverage * (1 - self.coverage) / self.repetitions) ** 0.5)


@dataclass(frozen=True, slots=True)
class Thinness:
    """What one draw is expected to give, where not everything is labelled."""

    expected: Floats  # (3, strata, outcomes) labels, their weighted exposures, and the squares

    def labels(self, metric: Ratio, share: float) -> float:
        """Find the outcome, possible in a stratum, of which the fewest labels are expected."""
        return min((share * found[0] for found in self._sides(metric)), default=float("inf"))

    def effective(self, metric: Ratio, share: float) -> float:
        """The same in labels of equal weight that would leave as much doubt (Kish)."""
        found = [
            share * total**2 / square if square > 0 else 0.0
            for _, total, square in self._sides(metric)
        ]
        return min(found, default=float("inf"))

    def _sides(self, metric: Ratio) -> Iterator[tuple[float, float, float]]:
        for known in range(3):
            able = known == KNOWN
            there = self.expected[0][:, able].sum(axis=1) > 0
            for side in (metric.numerator & able, metric.denominator & ~metric.numerator & able):
                if side.any():
                    sums = self.expected[:, there][:, :, side].sum(axis=2)
                    yield from ((float(n), float(u), float(u2)) for n, u, u2 in sums.T)


def sums_and_squares(slot: Ints, size: Floats, *, slots: int) -> Floats:
    """Count labels by slot, and add up their weighted exposures and the squares."""
    weights = (np.ones(len(size)), size, size**2)
    return np.stack([add_up(slot, part, size=slots) for part in weights])


def row(
    figures: Estimates,
    *,
    case: str,
    metric: str,
    part: str,
    truth: float,
    thinnest: float,
    effective: float,
) -> Row:
    """Hold one interval a repetition against the truth; an end without bound holds."""
    known = np.isfinite(figures.low)
    low, high = figures.low[known], figures.high[known]
    return Row(
        case=case,
        metric=metric,
        part=part,
        truth=truth,
        coverage=float(((low <= truth) & (truth <= high)).mean()),
        below=float((high < truth).mean()),
        above=float((low > truth).mean()),
        width=_mean_width(high - low),
        thinnest=thinnest,
        effective=effective,
        repetitions=int(known.sum()),
    )


def _mean_width(widths: Floats) -> float:
    bounded = widths[np.isfinite(widths)]
    return float(bounded.mean()) if len(bounded) else float("inf")
