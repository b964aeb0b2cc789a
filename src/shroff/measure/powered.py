"""Figures with and without scores, side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shroff.domain.messages import Message
from shroff.domain.slices import EVERYTHING, Slice
from shroff.measure.blocks import Figure, blocks_to_arrow, pack, record_of
from shroff.measure.brief import Brief
from shroff.measure.families import Query
from shroff.measure.scored import Scorer
from shroff.stats.estimate import Estimate

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["FewerLabels", "Powered"]

_SUFFIXES = ("", "_with_scores", "_labels_worth", "_modelled")


@dataclass(frozen=True, slots=True, kw_only=True)
class Powered:
    """One metric of one slice, by labels alone and by labels and scores.

    Parameters
    ----------
    metric : str
        Id of the metric.
    slice : Slice
        Which ads.
    plain, scored : Estimate
        From labels alone, as in the scorecard; from labels and scores. UNKNOWN where random labels
        do not give an estimate.
    worth : Estimate
        Labels that would tell as much without scores.
    modelled : Estimate
        What scores alone expect: status MODELLED, or UNKNOWN.
    used : bool
        Whether scores were used.
    trust : mapping
        How far the scores of each action's ads were followed, 0 to 1.
    """

    metric: str
    slice: Slice
    plain: Estimate
    scored: Estimate
    worth: Estimate
    modelled: Estimate
    used: bool
    trust: Mapping[str, float]

    @property
    def saved(self) -> float:
        """Labels that scores save: those worth, less those there are."""
        return max((self.worth.value or 0.0) - self.plain.n, 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class FewerLabels:
    """Figures of a period from few labels and the scores of all ads.

    Parameters
    ----------
    brief : Brief
        What was asked.
    scorer : Scorer
        Whose scores.
    scored_share : float
        Share of ads that have one.
    powered : tuple of Powered
        The figures, everything first.
    notes : tuple of Message
        What to know.
    queries : tuple of Query
        What was executed.
    """

    brief: Brief
    scorer: Scorer
    scored_share: float
    powered: tuple[Powered, ...]
    notes: tuple[Message, ...]
    queries: tuple[Query, ...]

    def __iter__(self) -> Iterator[Figure]:
        """Give all figures: plain, with scores, labels worth, by scores alone."""
        for each in self.powered:
            four = (each.plain, each.scored, each.worth, each.modelled)
            for suffix, estimate in zip(_SUFFIXES, four, strict=True):
                yield Figure(f"{each.metric}{suffix}", each.slice, estimate)

    def find(self, metric: str, part: Slice = EVERYTHING) -> Powered | None:
        """Find a metric of a slice."""
        known = (each for each in self.powered if (each.metric, each.slice) == (metric, part))
        return next(known, None)

    def to_arrow(self) -> pa.Table:
        """Give all figures as an Arrow table."""
        level = self.brief.level
        return blocks_to_arrow(
            [
                pack(
                    figure.metric,
                    [(figure.slice, figure.estimate)],
                    dimensions=tuple(name for name, _ in figure.slice.terms),
                    level=level,
                )
                for figure in self
            ]
        )

    def record(self) -> dict[str, object]:
        """Give everything as a JSON-ready record."""
        period = self.brief.period
        return {
            "period": {"start": str(period.start), "end": str(period.end)},
            "level": self.brief.level,
            "model": self.scorer.model,
            "scored_share": self.scored_share,
            "figures": [record_of(figure) for figure in self],
            "trust": [
                {"metric": each.metric, "slice": each.slice.record(), "used": each.used}
                | {"by_action": dict(each.trust)}
                for each in self.powered
            ],
            "notes": [note.record() for note in self.notes],
            "queries": [{"title": query.title, "sql": query.sql} for query in self.queries],
        }
