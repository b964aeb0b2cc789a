"""One row of the coverage table, and how it is counted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shroff.stats.estimate import Estimates
from shroff.stats.proportions import Floats

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

    @property
    def passes(self) -> bool:
        enough = ENOUGH <= self.thinnest < np.inf  # infinite where everything was labelled
        highest = MOST if enough else 1.0
        return LEAST <= round(self.coverage, 3) <= highest


def row(
    figures: Estimates, *, case: str, metric: str, part: str, truth: float, thinnest: float
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
    )


def _mean_width(widths: Floats) -> float:
    bounded = widths[np.isfinite(widths)]
    return float(bounded.mean()) if len(bounded) else float("inf")
