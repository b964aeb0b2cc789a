"""What the population of a session is counted on: its rows, or cubes that were kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["KEYS", "ROWS", "Ground", "cut_of"]

KEYS = (
    "action",
    "policy_id",
    "source",
    "human_touch",
    "scored",
    "reported_before",
    "report_confirmed",
    "queue_verdict",
)
"""Columns that every kept cube has, so that they can be sliced by in any of them."""


def cut_of(slicing: tuple[str, ...]) -> tuple[str, ...]:
    """Name the columns of a slicing that a kept cube must have beside its keys, sorted."""
    return tuple(sorted({name for name in slicing if name != "policy" and name not in KEYS}))


@dataclass(frozen=True, slots=True)
class Ground:
    """Where to count, and where to look at single ads.

    The table ``population`` either holds one row an ad version and market, ``ads`` being 1 when it
    was decided in the period, or cells of kept cubes, each with its number of ``ads``: the sums
    over both are the same.

    Parameters
    ----------
    rows : str
        Table of single ads: the whole population, or those of it that a person looked at or an
        advertiser appealed for.
    cuts : mapping
        Number of the cube that is cut by some columns (`cut_of`); empty when ``population`` holds
        rows.
    """

    rows: str = "population"
    cuts: Mapping[tuple[str, ...], int] = field(default_factory=dict[tuple[str, ...], int])

    def within(self, where: str, slicing: tuple[str, ...] = ()) -> str:
        """Restrict a condition on ``population`` to the cube that knows a slicing."""
        if not self.cuts:
            return where
        return f"({where}) AND _cut = {self.cuts[cut_of(slicing)]}"

    def knows(self, slicing: tuple[str, ...]) -> bool:
        """Tell whether a slicing can be counted."""
        return not self.cuts or cut_of(slicing) in self.cuts


ROWS = Ground()
"""Counting row by row."""
