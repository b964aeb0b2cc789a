"""What a plan believes of ads nobody labelled: shares of outcomes, from the labels there are."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from shroff.measure.frame import ACTIONS
from shroff.measure.label_plan_strata import Cell
from shroff.measure.quality import CELLS
from shroff.stats.proportions import Floats

__all__ = ["GUESSES", "shares_of"]

GUESSES = {"approve": 0.02, "review": 0.5, "reject": 0.9, "restrict": 0.7}
"""Share of violating ads taken where an action has no label at all."""

_COMPLIANT, _WRONG, _RIGHT = 2, 14, 15
_GROUP_LABELS = 2.0
_STRATUM_LABELS = 8.0
_GUESS_LABELS = 2.0


def shares_of(cells: Sequence[Cell]) -> tuple[Floats, Floats]:
    """Give the share of each outcome expected in each stratum, and the labels behind it.

    Parameters
    ----------
    cells : sequence of Cell
        The strata.

    Returns
    -------
    shares : array of shape (S, 64)
        Expected shares of the outcomes.
    doubt : array of shape (S,)
        Labels they rest on, in effect.

    Notes
    -----
    A stratum with few labels leans on those of its action and old stratum together, as if it had
    eight more labels that look like them, and these lean on the whole action, as if they had two;
    an action has half a label of each outcome more than it has. So a stratum without a violation
    is not taken for clean, and one with many labels speaks for itself.
    """
    counts = np.zeros((len(cells), CELLS))
    for row, cell in enumerate(cells):
        for code, labels in cell.outcomes.items():
            counts[row, code] += labels
    shares, doubt = np.zeros_like(counts), np.zeros(len(cells))
    for action in dict.fromkeys(cell.action for cell in cells):
        rows = [row for row, cell in enumerate(cells) if cell.action == action]
        ads = np.array([cells[row].ads for row in rows], dtype=np.float64)
        whole = _of_action(action, counts[rows], ads)
        for group in dict.fromkeys(cells[row].values[-1] for row in rows):
            mine = [row for row in rows if cells[row].values[-1] == group]
            near = _leaning(counts[mine].sum(axis=0), whole, labels=_GROUP_LABELS)
            firm = min(_STRATUM_LABELS, max(float(counts[mine].sum()), _GUESS_LABELS))
            for row in mine:
                shares[row] = _leaning(counts[row], near, labels=_STRATUM_LABELS)
                doubt[row] = counts[row].sum() + firm
    return shares, doubt


def _leaning(counts: Floats, towards: Floats, *, labels: float) -> Floats:
    found: Floats = (counts + labels * towards) / (counts.sum() + labels)
    return found


def _of_action(action: str, counts: Floats, ads: Floats) -> Floats:
    """Give the shares of a whole action, its strata weighed by their ads."""
    first = 16 * ACTIONS.index(action)
    labels = counts.sum(axis=1)
    if labels.sum() <= 0:
        guess = np.zeros(CELLS)
        violating = GUESSES[action]
        guess[first + _COMPLIANT] = 1 - violating
        right = 0.8 if action in {"reject", "restrict"} else 0.0
        guess[first + _RIGHT] = violating * right
        guess[first + _WRONG] = violating * (1 - right)
        return guess
    some = labels > 0
    weights = ads[some] / ads[some].sum()
    shares: Floats = weights @ (counts[some] / labels[some][:, None])
    half = np.zeros(CELLS)
    half[[first + _COMPLIANT, first + _WRONG, first + _RIGHT]] = 0.5
    if action == "approve":
        half[first + _RIGHT] = 0.0
    found: Floats = (shares * labels.sum() + half) / (labels.sum() + half.sum())
    return found
