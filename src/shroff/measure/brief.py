"""What to measure: the period, the slices, how labels were drawn, the goals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from shroff.domain.labels import Basis, DesignKind
from shroff.domain.metric_catalogue import CATALOGUE
from shroff.domain.metrics import Metric
from shroff.domain.slices import Period

__all__ = ["Brief", "Design", "Goal"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """How one set of labels was drawn.

    Parameters
    ----------
    id : str
        The ``design_id`` of its reviews.
    kind : DesignKind
        How ads were drawn.
    basis : Basis
        Why the probabilities are believed.
    by : str
        Who declares it; named in the caveat of every figure that rests on it.
    queues, reasons : tuple of str
        Reviews that belong to it, beside those that carry its id.
    stratum : str
        SQL expression over the columns of the population, so that ads that were not drawn have a
        stratum too; empty for the stratum as logged.
    cluster : str
        Column whose ads were drawn or err together, e.g. ``advertiser_id``; empty for none.
    sampling_prob : float or None
        Declared probability; None for the one logged, or n/N in each stratum and week.
    """

    id: str
    kind: DesignKind = DesignKind.POISSON
    basis: Basis = Basis.LOGGED
    by: str = ""
    queues: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    stratum: str = ""
    cluster: str = ""
    sampling_prob: float | None = None


@dataclass(frozen=True, slots=True)
class Goal:
    """What a figure should stay above or below.

    Parameters
    ----------
    metric : str
        Id of the metric.
    at_most, at_least : float or None
        The bar, in the metric's unit.
    since : date or None
        First day it is judged by; the quarter's when None.
    name : str
        Name in the settings; the metric where a goal has no name of its own.
    where : tuple of (str, str)
        Column and value: of which ads; empty for all.
    owner : str
        Who answers for it.
    due : date or None
        Day by which it is to be reached.
    """

    metric: str
    at_most: float | None = None
    at_least: float | None = None
    since: date | None = None
    name: str = ""
    where: tuple[tuple[str, str], ...] = ()
    owner: str = ""
    due: date | None = None

    @property
    def known_as(self) -> str:
        """Give its name; the metric's where it has none of its own."""
        return self.name or self.metric


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """Everything a measurement depends on beside the logs.

    Parameters
    ----------
    period : Period
        Days measured.
    as_of : datetime
        When the logs end: open tasks and appeals are censored there. Never the wall clock.
    by : tuple of tuple of str
        Slicings: each a set of dimensions, the empty one for everything.
    derived : mapping
        Dimensions of the user's own, as SQL expressions over the population's columns.
    designs : tuple of Design
        How labels were drawn, in order of preference.
    metrics : mapping
        The catalogue with the user's own metrics.
    wanted : tuple of str
        Metrics to measure; empty for all.
    goals : tuple of Goal
        Bars for the figures.
    appeal_window_days : int
        Days an advertiser has to appeal.
    week_starts : str
        First day of a week: monday, sunday or saturday.
    level : float
        Coverage of the intervals, in (0, 1).
    policy : str
        The one policy that figures are about: what else is violated or cited counts as nothing;
        empty for any.
    """

    period: Period
    as_of: datetime
    by: tuple[tuple[str, ...], ...] = ((),)
    derived: Mapping[str, str] = field(default_factory=dict[str, str])
    designs: tuple[Design, ...] = ()
    metrics: Mapping[str, Metric] = field(default_factory=lambda: CATALOGUE)
    wanted: tuple[str, ...] = ()
    goals: tuple[Goal, ...] = ()
    appeal_window_days: int = 30
    week_starts: str = "monday"
    level: float = 0.95
    policy: str = ""

    def measured(self) -> tuple[Metric, ...]:
        """List the metrics to measure, in catalogue order."""
        return tuple(m for m in self.metrics.values() if not self.wanted or m.id in self.wanted)

    def goal(self, metric: str) -> Goal | None:
        """Find the goal set for a metric over all ads."""
        return next((g for g in self.goals if g.metric == metric and not g.where), None)
