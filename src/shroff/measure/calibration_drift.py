"""Does a score still mean what it said last week?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from scipy.special import chdtrc, ndtri

from shroff.stats.calibration import middles
from shroff.stats.estimate import Estimate, Status
from shroff.stats.sampling import Strata
from shroff.stats.score_cells import ScoreCells
from shroff.stats.score_ranking import design_squares, design_variance

__all__ = ["Week", "drift_of"]

_FEWEST = 20  # labels of a week


@dataclass(frozen=True, slots=True)
class Week:
    """One week's calibration.

    Parameters
    ----------
    start : date
        Its first day.
    mean_score : float
        Weighted mean score.
    share : float
        Weighted share of violating ads.
    gap : Estimate
        Share less mean score.
    """

    start: date
    mean_score: float
    share: float
    gap: Estimate


def drift_of(
    cells: ScoreCells, strata: Strata, weeks: np.ndarray, *, level: float
) -> tuple[tuple[Week, ...], float | None]:
    """Give the gap of each week, and test whether the weeks have the same.

    Parameters
    ----------
    cells : ScoreCells
        Labels by score and truth.
    strata : Strata
        How they were drawn.
    weeks : array of str, shape (k,)
        First day of the week of each row.
    level : float
        Coverage wanted, in (0, 1).

    Returns
    -------
    tuple of Week, float or None
        Weeks with 20 labels or more, and the chance of such differences, were there none.
    """
    said, squares = middles(cells.place), design_squares(cells, strata)
    found: list[Week] = []
    spreads: list[float] = []
    reach = float(-ndtri((1 - level) / 2))
    for name in sorted({str(each) for each in weeks if each}):
        mine = weeks == name
        labels, mass = float(cells.n[mine].sum()), float(cells.w[mine].sum())
        if labels < _FEWEST or mass <= 0:
            continue
        share = float(cells.w[mine] @ cells.violating[mine]) / mass
        mean = float(cells.w[mine] @ said[mine]) / mass
        off = np.where(mine, (cells.violating - said - (share - mean)) / mass, 0.0)
        even = (share * labels + 0.5) / (labels + 1)
        least = even * (1 - even) * float(squares[mine].sum()) / mass**2
        spread = max(design_variance(cells, strata, residuals=off), least)
        gap = Estimate(
            value=share - mean,
            low=share - mean - reach * spread**0.5,
            high=share - mean + reach * spread**0.5,
            level=level,
            status=Status.ESTIMATE,
            method="linearised",
            n=round(labels),
        )
        found.append(Week(date.fromisoformat(name), mean, share, gap))
        spreads.append(spread)
    return tuple(found), _p_steady([week.gap.value or 0.0 for week in found], spreads)


def _p_steady(gaps: list[float], spreads: list[float]) -> float | None:
    """Test whether gaps are the same, given their variances."""
    if len(gaps) < 2 or min(spreads) <= 0:
        return None
    pull = 1 / np.array(spreads)
    middle = float(pull @ np.array(gaps) / pull.sum())
    apart = float(pull @ (np.array(gaps) - middle) ** 2)
    return float(chdtrc(len(gaps) - 1, apart))
