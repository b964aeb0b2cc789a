"""Lines moved by hand, the cells they move in, and what they would do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf

from shroff.advise.decision_queries import BINS
from shroff.advise.proposal import Terms
from shroff.advise.strategy_outcome import Outcome
from shroff.errors import ConfigError
from shroff.stats.estimate import Estimate

__all__ = ["CellToday", "LineMove", "Tried"]

_NEARLY = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class LineMove:
    """Lines that some cells would have.

    Parameters
    ----------
    where : tuple of (str, str)
        Columns of cells and their values; empty for all cells. Of several moves that fit a cell
        the first decides.
    review_from, reject_from : float
        Scores from which ads are reviewed and rejected, in hundredths; infinite for never.
    """

    where: Terms = ()
    review_from: float = inf
    reject_from: float = inf

    def __post_init__(self) -> None:
        """Refuse lines that cannot be drawn."""
        for name in ("review_from", "reject_from"):
            score = getattr(self, name)
            fine = 0 <= score < 1 and abs(score * BINS - round(score * BINS)) < _NEARLY
            if not (fine or score == inf):
                raise ConfigError(
                    f"{name} is {score:g}",
                    hint="a score from 0 to 0.99 in hundredths; null: never",
                )
        if self.review_from > self.reject_from:
            raise ConfigError(
                f"review_from {self.review_from:g} is above reject_from {self.reject_from:g}",
                hint="ads are reviewed from review_from up to reject_from; the same: no review",
            )

    @property
    def places(self) -> tuple[int, int]:
        """Give the bins at which the lines lie."""
        ends = self.review_from, self.reject_from
        review, reject = (BINS if score == inf else round(score * BINS) for score in ends)
        return review, reject

    def fits(self, cell: Mapping[str, str]) -> bool:
        """Tell whether a cell gets these lines."""
        return all(cell[name] == value for name, value in self.where)


@dataclass(frozen=True, slots=True, kw_only=True)
class CellToday:
    """A cell and its lines as they are.

    Parameters
    ----------
    where : mapping
        Column and value.
    ads, labels : int
        Ads of the period that lines decide, and labels.
    review_from, reject_from : float
        Today's lines; infinite for never.
    """

    where: Mapping[str, str]
    ads: int
    labels: int
    review_from: float
    reject_from: float

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        lines = {"review_from": self.review_from, "reject_from": self.reject_from}
        return {
            "where": dict(self.where),
            "ads": self.ads,
            "labels": self.labels,
            **{name: None if score == inf else score for name, score in lines.items()},
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What lines would do beside what was done.

    Parameters
    ----------
    before, after : Outcome
        Figures over the period.
    change : mapping of str to Estimate
        After less before, of each figure; in the same worlds.
    kept : mapping of str to float
        Chance that precision is not lower and leakage not higher than today's.
    goals : mapping of str to float
        Chance that each goal of all ads is met, of those that are about these figures.
    queues : mapping of str to (float, float)
        Hours of review of each queue, before and after.
    moved : int
        Ads whose action changes.
    cells : int
        Cells whose lines move.
    """

    before: Outcome
    after: Outcome
    change: Mapping[str, Estimate]
    kept: Mapping[str, float]
    goals: Mapping[str, float]
    queues: Mapping[str, tuple[float, float]]
    moved: int
    cells: int

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        parts = {"before": self.before.figures, "after": self.after.figures, "change": self.change}
        return {
            "figures": {
                name: {
                    part: {
                        "value": told[name].value,
                        "low": told[name].low,
                        "high": told[name].high,
                        "status": str(told[name].status),
                        "n": told[name].n,
                    }
                    for part, told in parts.items()
                }
                for name in self.change
            },
            "kept": dict(self.kept),
            "goals": dict(self.goals),
            "queues": {name: list(hours) for name, hours in self.queues.items()},
            "moved": self.moved,
            "cells": self.cells,
        }
