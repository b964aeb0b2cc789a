"""A number with its doubt: value, interval, labels, method, caveat."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from shroff.domain.messages import Message

__all__ = ["Estimate", "Estimates", "Status", "joined"]


class Status(StrEnum):
    """What a figure is worth.

    ``ESTIMATE`` comes from a probability sample, ``PROXY`` from queues, appeals or reports,
    ``BOUNDS`` is what is left when a stratum was never sampled, ``COUNT`` is counted in full,
    ``SUPPRESSED`` is withheld from publication because it is too uncertain, and ``UNKNOWN`` has
    nothing in its denominator. ``MODELLED`` is what scores alone expect: no label says whether they
    are right, and it has no interval.
    """

    ESTIMATE = "estimate"
    PROXY = "proxy"
    BOUNDS = "bounds"
    COUNT = "count"
    SUPPRESSED = "suppressed"
    UNKNOWN = "unknown"
    MODELLED = "modelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """One figure as a user sees it.

    Parameters
    ----------
    value : float or None
        Point estimate; None for bounds, suppressed and unknown figures.
    low, high : float or None
        Ends of the interval; None when unknown or suppressed, or when
        the data set no bound on that side. A count has low = high = value.
    level : float
        Coverage the interval aims at, in (0, 1).
    status : Status
        What the figure is worth.
    method : str
        Name of the interval method, e.g. ``"korn-graubard"``.
    n : int
        Labels in the denominator (for a count: units counted).
    n_effective : float or None
        Labels of a simple random sample that would know as much; None for a count.
    design_effect : float or None
        Variance under the design over that of a simple random sample of the same size.
    design : str
        How the labels were drawn, e.g. ``"audit (poisson, logged) + queue (census)"``.
    numerator, denominator : float or None
        The (estimated) totals whose ratio this is, in the metric's unit.
    caveats : tuple of Message
        What the reader must know.
    """

    value: float | None
    low: float | None
    high: float | None
    level: float
    status: Status
    method: str
    n: int
    n_effective: float | None = None
    design_effect: float | None = None
    design: str = ""
    numerator: float | None = None
    denominator: float | None = None
    caveats: tuple[Message, ...] = ()

    @property
    def width(self) -> float | None:
        """Width of the interval, or None when there is none."""
        if self.low is None or self.high is None:
            return None
        return self.high - self.low


def _known(number: float) -> float | None:
    return float(number) if np.isfinite(number) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimates:
    """Many figures of one kind, column by column; ``at`` gives one as an `Estimate`.

    Every array has shape (groups,). Where a group has no label in its denominator, ``value`` and
    both ends are NaN and the group's `Estimate` has the status ``UNKNOWN``. Where only the value is
    NaN, the ends are ``BOUNDS``; an infinite end becomes None.
    """

    value: np.ndarray
    low: np.ndarray
    high: np.ndarray
    n: np.ndarray
    n_effective: np.ndarray
    design_effect: np.ndarray
    numerator: np.ndarray
    denominator: np.ndarray
    level: float
    method: str

    def __len__(self) -> int:
        """Count the groups."""
        return len(self.value)

    def part(self, first: int, last: int) -> Estimates:
        """Cut out the groups from ``first`` to the one before ``last``."""
        return Estimates(
            value=self.value[first:last],
            low=self.low[first:last],
            high=self.high[first:last],
            n=self.n[first:last],
            n_effective=self.n_effective[first:last],
            design_effect=self.design_effect[first:last],
            numerator=self.numerator[first:last],
            denominator=self.denominator[first:last],
            level=self.level,
            method=self.method,
        )

    def taken(self, places: np.ndarray) -> Estimates:
        """Take the groups at some places, in that order."""
        columns = {
            field.name: getattr(self, field.name)[places]
            for field in fields(self)
            if field.name not in {"level", "method"}
        }
        return replace(self, **columns)

    def __iter__(self) -> Iterator[Estimate]:
        """Give each group's figure in order."""
        return (self.at(group) for group in range(len(self)))

    def at(
        self,
        group: int,
        *,
        status: Status = Status.ESTIMATE,
        design: str = "",
        caveats: tuple[Message, ...] = (),
    ) -> Estimate:
        """Give one group's figure.

        Parameters
        ----------
        group : int
            Index of the group.
        status : Status
            What its labels make it worth; overridden by ``BOUNDS`` where there are only ends, and
            by ``UNKNOWN`` where there is no label.
        design : str
            How the labels were drawn.
        caveats : tuple of Message
            What the reader must know.

        Returns
        -------
        Estimate
            The figure.
        """
        value = _known(self.value[group])
        low, high = _known(self.low[group]), _known(self.high[group])
        if value is None:
            status = Status.UNKNOWN if low is high is None else Status.BOUNDS
        return Estimate(
            value=value,
            low=low,
            high=high,
            level=self.level,
            status=status,
            method=self.method,
            n=int(self.n[group]),
            n_effective=_known(self.n_effective[group]),
            design_effect=_known(self.design_effect[group]),
            design=design,
            numerator=_known(self.numerator[group]),
            denominator=_known(self.denominator[group]),
            caveats=caveats,
        )


def joined(parts: Sequence[Estimates], *, level: float, method: str) -> Estimates:
    """Put columns of figures one below the other.

    Parameters
    ----------
    parts : sequence of Estimates
        Figures.
    level : float
        Level to state for all of them.
    method : str
        Method to name for all of them.

    Returns
    -------
    Estimates
        All figures in order.
    """

    def column(name: str) -> np.ndarray:
        return np.concatenate([getattr(part, name) for part in parts] or [np.zeros(0)])

    return Estimates(
        value=column("value"),
        low=column("low"),
        high=column("high"),
        n=column("n"),
        n_effective=column("n_effective"),
        design_effect=column("design_effect"),
        numerator=column("numerator"),
        denominator=column("denominator"),
        level=level,
        method=method,
    )
