"""A problem of lines, and its answer: costs, limits that all cells share, lines with a bound."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

__all__ = ["APPROVE", "LINES", "REJECT", "REVIEW", "Limit", "LinePlan", "LineProblem"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

APPROVE, REVIEW, REJECT = range(3)
"""Actions that bins get."""

LINES = 3
"""Action of a limit that counts lines which differ from today's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """One limit that the lines of all cells share.

    Parameters
    ----------
    name : str
        What it is.
    top : float
        Most that may be used.
    action : int
        0 approve, 1 review, 2 reject: whose bins use it; 3 counts lines that differ from today's.
    unit : array of shape (cells, bins)
        What each bin uses of it; empty for lines.
    middle : array of shape (cells, bins)
        What a reviewed bin uses of it besides, where another stage decides part of it; else empty.
    """

    name: str
    top: float
    action: int
    unit: Floats = field(default_factory=lambda: np.zeros((0, 0)))
    middle: Floats = field(default_factory=lambda: np.zeros((0, 0)))


@dataclass(frozen=True, slots=True, kw_only=True)
class LineProblem:
    """Where lines may lie, what each action costs, and what is limited.

    Parameters
    ----------
    cost : array of shape (3, cells, bins)
        Cost of approving, reviewing, rejecting the ads of each bin.
    limits : tuple of Limit
        Limits that all cells share.
    allowed : array of bool, shape (cells, bins + 1)
        Where the reject line of each cell may lie; ``bins`` rejects nothing.
    review, reject : array of int, shape (cells,)
        Today's lines; of two plans that cost the same, the one that keeps them is taken.
    """

    cost: Floats
    limits: tuple[Limit, ...]
    allowed: npt.NDArray[np.bool_]
    review: Ints
    reject: Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class LinePlan:
    """Lines, and how good they are proven to be.

    Parameters
    ----------
    review, reject : array of int, shape (cells,)
        First bin that is reviewed, and first that is rejected.
    cost : float
        What they cost.
    bound : float
        No lines within the limits cost less.
    used : array of shape (limits,)
        What they use of each limit.
    prices : array of shape (limits,)
        What one more unit of each limit is worth, at the margin.
    feasible : bool
        Whether every limit is kept. Where it is False and `bound` is infinite, no lines can.
    """

    review: Ints
    reject: Ints
    cost: float
    bound: float
    used: Floats
    prices: Floats
    feasible: bool

    @property
    def gap(self) -> float:
        """Give how far it may be above the best, as a share of its cost."""
        return max(self.cost - self.bound, 0.0) / max(abs(self.cost), 1e-12)
