"""From how much each item adds to a coefficient of agreement, to an interval for it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit

from shroff.stats.checks import require_index, require_sums
from shroff.stats.estimate import Estimates
from shroff.stats.linearise import Ints, add_up, divide
from shroff.stats.proportions import Floats, beta_ends, require_level

__all__ = ["MOST", "Items", "Parts", "coefficient", "require_items"]

MOST = 2.0
"""Most that disagreement over expected disagreement can be, with two categories or more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Items:
    """Items that were judged alike, counted: the item is the unit, however many judged it.

    Parameters
    ----------
    group : array of int, shape (k,)
        Slice 0..G-1; slices may overlap.
    n, w, w2 : array of shape (k,)
        Items, sum of their weights, sum of their squared weights; a weight is
        1 / inclusion probability, and 1 each where items were drawn alike.
    """

    group: Ints
    n: Floats
    w: Floats
    w2: Floats

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.group)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """A coefficient ``1 - observed / expected`` and what each item adds to it.

    Parameters
    ----------
    observed, expected : array of shape (groups,)
        Disagreement seen, and disagreement that chance would give.
    influence : array of shape (k,)
        How much one item of unit weight moves the ratio, by row of `Items`.
    most : float
        Most that the ratio can be.
    """

    observed: Floats
    expected: Floats
    influence: Floats
    most: float = MOST


def require_items(items: Items, *, groups: int) -> None:
    """Refuse items of no slice, and counts that are negative or missing.

    Parameters
    ----------
    items : Items
        Items.
    groups : int
        Number of slices.
    """
    require_index("group", items.group, size=groups, where="items")
    for name, values in (("count", items.n), ("weight", items.w), ("squared weight", items.w2)):
        require_sums(name, values, where="items", hint="leave out items without a probability")


def coefficient(
    items: Items, parts: Parts, *, smooth: Parts, groups: int, level: float, method: str
) -> Estimates:
    """Turn a coefficient and its influences into figures with intervals.

    Parameters
    ----------
    items : Items
        Items judged.
    parts : Parts
        The coefficient.
    smooth : Parts
        The same with half an item more of each way to agree and to differ; its ``influence``
        holds the variance of the ratio, by slice.
    groups : int
        Number of slices.
    level : float
        Coverage wanted, in (0, 1).
    method : str
        Name of the coefficient.

    Returns
    -------
    Estimates
        One figure per slice; NaN where no item was judged twice, or where all answers are the
        same and chance alone would agree: then agreement beyond chance is not defined.

    Notes
    -----
    Items are taken as drawn with replacement in proportion to their chances: the figure is about
    how these reviewers judge items of this kind, so nothing is taken off for having judged many
    of them. The ratio of disagreements, as a share of the most it can be, gets Korn and
    Graubard's interval with the items that a simple sample would need for the same variance.
    """
    require_level(level)
    n, most = add_up(items.group, items.n, size=groups), parts.most
    ratio = divide(parts.observed, parts.expected)
    base = np.clip(divide(smooth.observed, smooth.expected) / most, 1e-9, 1 - 1e-9)
    effective = divide(base * (1 - base), smooth.influence / most**2) * _few(n, level=level)
    share = np.clip(ratio / most, 0.0, 1.0)
    known = np.isfinite(share)
    hits = np.where(known, share * effective, np.nan)
    low, high = beta_ends(hits, np.where(known, effective, 0.0), level=level)
    weight = add_up(items.group, items.w, size=groups)
    return Estimates(
        value=1 - ratio,
        low=1 - most * high,
        high=1 - most * low,
        n=n.astype(np.int64),
        n_effective=np.where(known, effective, np.nan),
        design_effect=divide(add_up(items.group, items.w2, size=groups) * n, weight**2),
        numerator=parts.observed,
        denominator=parts.expected,
        level=level,
        method=method,
    )


def _few(n: Floats, *, level: float) -> Floats:
    """Shrink the effective items where few items must tell their own variance."""
    tail = (1 - level) / 2
    freedom = np.maximum(n - 1, 1.0)
    shrunk: Floats = (stdtrit(1e9, tail) / stdtrit(freedom, tail)) ** 2
    return shrunk
