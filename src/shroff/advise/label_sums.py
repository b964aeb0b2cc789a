"""Labels by cell and score, and how often labels of each kind are right."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["LEAST_POWER", "LabelErrors", "LabelSums"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

LEAST_POWER = 0.1
"""Labels whose sensitivity and specificity add up to less than this over one tell nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelSums:
    """Labels by cell and bin of the score.

    Parameters
    ----------
    cell, bin : array of int, shape (k,)
        Where they are.
    hits, w, w2 : array of shape (k,)
        Weight of the violating ones, of all, and sum of squared weights.
    n : array of shape (k,)
        Labels.
    """

    cell: Ints
    bin: Ints
    hits: Floats
    w: Floats
    w2: Floats
    n: Floats

    def effective(self) -> tuple[Floats, Floats]:
        """Give labels in effect, and how many of them violate."""
        some = self.w2 > 0
        size = np.divide(self.w**2, self.w2, out=np.zeros(len(self.w)), where=some)
        share = np.divide(self.hits, self.w, out=np.zeros(len(self.w)), where=self.w > 0)
        return size, size * share


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelErrors:
    """How often labels are right, by their kind.

    Parameters
    ----------
    kind : array of int, shape (k,)
        Kind of the labels of each cell and bin.
    sensitivity, specificity : array of shape (kinds,)
        Share of violating ads labelled violating, and of compliant ads labelled compliant.
    sensitivity_doubt, specificity_doubt : array of shape (kinds,)
        Their standard errors; 0 where they are taken as known.
    """

    kind: Ints
    sensitivity: Floats
    specificity: Floats
    sensitivity_doubt: Floats
    specificity_doubt: Floats

    @staticmethod
    def none(count: int) -> LabelErrors:
        """Take labels to be always right."""
        one, nothing = np.ones(1), np.zeros(1)
        return LabelErrors(
            kind=np.zeros(count, dtype=np.int64),
            sensitivity=one,
            specificity=one,
            sensitivity_doubt=nothing,
            specificity_doubt=nothing,
        )

    @property
    def power(self) -> Floats:
        """Give what labels tell of truth, by kind: 1 all, 0 nothing."""
        return self.sensitivity + self.specificity - 1
