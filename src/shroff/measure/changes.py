"""What changed between two periods, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass

from shroff.domain.slices import Slice
from shroff.measure.scorecard import Scorecard
from shroff.stats.compare import difference
from shroff.stats.estimate import Estimate

__all__ = ["Change", "changes"]


@dataclass(frozen=True, slots=True)
class Change:
    """One figure in two periods.

    Parameters
    ----------
    metric : str
        Id of the metric.
    slice : Slice
        Which ads.
    before, after : Estimate
        The figure in the earlier and in the later period.
    difference : Estimate
        After less before, with its interval.
    """

    metric: str
    slice: Slice
    before: Estimate
    after: Estimate
    difference: Estimate

    @property
    def clear(self) -> bool:
        """Whether the interval of the difference leaves out zero."""
        low, high = self.difference.low, self.difference.high
        return low is not None and high is not None and (low > 0 or high < 0)


def changes(before: Scorecard, after: Scorecard) -> tuple[Change, ...]:
    """Compare every figure that both scorecards have.

    Parameters
    ----------
    before, after : Scorecard
        Two periods that do not overlap, measured at the same level.

    Returns
    -------
    tuple of Change
        In the order of the later scorecard.

    Notes
    -----
    Takes the two periods' labels as independent: true for ads drawn each on their own.
    """
    known = {(figure.metric, figure.slice): figure.estimate for figure in before}
    return tuple(
        Change(f.metric, f.slice, past, f.estimate, difference(past, f.estimate))
        for f in after
        if (past := known.get((f.metric, f.slice))) is not None
    )
