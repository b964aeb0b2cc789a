"""What the population of a session is counted on: its rows, or cubes that were kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from shroff.store.sql import ident

__all__ = [
    "KEYS", "ROWS", "SCENES", "Ground", "Reading", "bits_sql", "cut_of", "own_column",
    "supposed_sql",
]  # fmt: skip

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


class Reading(StrEnum):
    """How the conditions of a metric of the user's own are read where nobody labelled an ad.

    ``COUNTED`` as they are; ``SCENES`` once for each way an ad can turn out; ``ANYTHING`` not at
    all: they speak of what only a label has.
    """

    COUNTED = "counted"
    SCENES = "scenes"
    ANYTHING = "anything"


SCENES: Mapping[Reading, tuple[Mapping[str, str], ...]] = {
    Reading.COUNTED: ({"cited": "TRUE"}, {"cited": "FALSE"}),
    Reading.SCENES: tuple(
        {"violating": bad, "any_violating": bad, "right_policy": right, "cited": "TRUE"}
        for bad, right in (("FALSE", "FALSE"), ("TRUE", "FALSE"), ("TRUE", "TRUE"))
    ),
    Reading.ANYTHING: (),
}
"""What is supposed of an ad, one supposition after the other."""


def own_column(metric: str, scene: int) -> str:
    """Name the column of cells that tells how a metric's conditions read in a scene."""
    return f"_own_{metric}_{scene}"


def bits_sql(numerator: str, denominator: str) -> str:
    """Write how two conditions read: 1 in the denominator, 3 in both, 0 in neither."""
    return (
        f"CASE WHEN {denominator} THEN 1 ELSE 0 END"
        f" + CASE WHEN ({denominator}) AND ({numerator}) THEN 2 ELSE 0 END"
    )


def supposed_sql(
    source: str, columns: Sequence[str], *, scene: Mapping[str, str], read: Mapping[str, str]
) -> str:
    """Write the query that supposes something of each ad and reads conditions under it.

    Parameters
    ----------
    source : str
        Table, or query in parentheses, with the alias ``p``.
    columns : sequence of str
        Its columns.
    scene : mapping
        What is supposed: column and value.
    read : mapping
        Columns to add, as SQL over the others and what is supposed.

    Returns
    -------
    str
        A query in parentheses with the alias ``p``: its columns and those read, without what is
        supposed.
    """
    given = ", ".join(f"{value} AS {name}" for name, value in scene.items())
    own = ", ".join(f"p.{ident(name)}" for name in columns)
    told = ", ".join(f"{sql} AS {ident(name)}" for name, sql in read.items())
    return f"(SELECT {own}, {told} FROM (SELECT p.*, {given} FROM {source}) AS p) AS p"


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
    own : mapping
        For each metric of the user's own that cells can tell of, how its conditions were read.
    """

    rows: str = "population"
    cuts: Mapping[tuple[str, ...], int] = field(default_factory=dict[tuple[str, ...], int])
    own: Mapping[str, Reading] = field(default_factory=dict[str, "Reading"])

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
