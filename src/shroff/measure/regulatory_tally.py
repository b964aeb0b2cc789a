"""Counts of what operations know, by language, initiative and action."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shroff.domain.slices import EVERYTHING, Slice
from shroff.measure.bounded import unlabelled_sql
from shroff.measure.frame import ACTIONS, Frame
from shroff.measure.regulatory_facts import sums_sql
from shroff.store.engine import Engine

__all__ = ["COLUMNS", "Tally", "tally"]

COLUMNS: Mapping[str, str] = {"language": "spoken", "initiative": "initiative"}
"""Column of the facts that each dimension is."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of ads, a row for each language, initiative and action.

    Parameters
    ----------
    rows : tuple of mapping
        ``spoken``, ``initiative``, ``action`` and the counts.
    query : str
        The query that counted.
    level : float
        Level that figures beside it have.
    """

    rows: tuple[Mapping[str, object], ...]
    query: str
    level: float = 0.95

    def sum(self, name: str, part: Slice, *, action: str = "") -> int:
        """Add up one count.

        Parameters
        ----------
        name : str
            Which.
        part : Slice
            Everything, a language or an initiative.
        action : str
            Only of one action of the machine; of all when empty.

        Returns
        -------
        int
            Ads.
        """
        return sum(
            _whole(row[name])
            for row in self.rows
            if action in {"", row["action"]}
            and all(row[COLUMNS[dimension]] == value for dimension, value in part.terms)
        )

    def unlabelled(self, parts: Sequence[Slice]) -> list[list[int]]:
        """Count ads without a chance of a label: for each action in turn, by slice."""
        return [[self.sum("unlabelled", part, action=name) for part in parts] for name in ACTIONS]

    def slices(self, dimension: str) -> list[Slice]:
        """List the values of a dimension that occur, the most frequent first."""
        values = dict.fromkeys(row[COLUMNS[dimension]] for row in self.rows)
        parts = [Slice(((dimension, None if v is None else str(v)),)) for v in values]
        return sorted(parts, key=self._rank)

    def _rank(self, part: Slice) -> tuple[int, str]:
        return -self.sum("ads", part), str(part.terms[0][1] or "")

    def languages(self) -> tuple[str | None, ...]:
        """List the languages, the most frequent first."""
        return tuple(part.terms[0][1] for part in self.slices("language"))

    def parts(self) -> dict[tuple[str, ...], list[Slice]]:
        """List the slices that figures are given for."""
        return {
            (): [EVERYTHING],
            ("language",): self.slices("language"),
            ("initiative",): self.slices("initiative"),
        }


def _whole(value: object) -> int:
    return int(str(value))


def tally(engine: Engine, frame: Frame, *, level: float = 0.95) -> Tally:
    """Count the facts; their table must stand.

    Parameters
    ----------
    engine : Engine
        Where it is.
    frame : Frame
        The label frame by ads.
    level : float
        Level that figures beside it have.

    Returns
    -------
    Tally
        The counts.
    """
    query = sums_sql(unlabelled=unlabelled_sql(frame))
    rows = engine.query(query).to_pylist()
    return Tally(tuple(rows), query, level)
