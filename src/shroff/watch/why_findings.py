"""Why a figure changed, as values: its parts by dimension, and the slices that explain it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from shroff.domain.messages import Message
from shroff.domain.metrics import Metric
from shroff.domain.slices import Period, Slice
from shroff.measure.families import Query
from shroff.watch.logged_changes import LoggedChange

__all__ = ["Cause", "Contribution", "Moved", "Split", "SplitPart", "Why", "WhyQuestion"]


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyQuestion:
    """What is to be explained.

    Parameters
    ----------
    metric : str
        Id of a metric of the catalogue, or of one that is watched.
    by : tuple of str
        Dimensions to look at; those of the settings when empty.
    depth : int or None
        Most dimensions of a slice that is searched for; as many as there is room for when None.
    level : float
        Coverage of the intervals, in (0, 1).
    """

    metric: str
    by: tuple[str, ...] = ()
    depth: int | None = None
    level: float = 0.95


class Moved(StrEnum):
    """What moved in a slice.

    ``COUNT`` what is counted; of a ratio, ``RATE`` the ratio itself, ``VOLUME`` how much of all
    is in the slice, or ``BOTH``.
    """

    COUNT = "count"
    RATE = "rate"
    VOLUME = "volume"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Contribution:
    """What something adds to a change, in the unit of the metric.

    Parameters
    ----------
    value : float
        The contribution.
    low, high : float
        Its interval.
    """

    value: float
    low: float
    high: float

    @property
    def sure(self) -> bool:
        """Say whether the interval leaves 0 out."""
        return self.low > 0 or self.high < 0

    def record(self) -> dict[str, float]:
        """Give it as a JSON-ready record."""
        return {"value": self.value, "low": self.low, "high": self.high}


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitPart:
    """One value of a dimension, or all rarer ones together.

    Parameters
    ----------
    value : str or None
        The value; None where none was logged.
    others : int
        Values that are told together here; 0 for a value of its own.
    before, after : float or None
        The figure in the two periods; None where a ratio has nothing below its line.
    share_before, share_after : float
        Share of all that is below the line; of a count, share of all that is counted.
    n_before, n_after : int
        Ads or labels.
    rate, mix : Contribution or None
        What its own ratio, and its share, add; None for a count.
    total : Contribution
        What it adds to the change.
    """

    value: str | None
    others: int
    before: float | None
    after: float | None
    share_before: float
    share_after: float
    n_before: int
    n_after: int
    rate: Contribution | None
    mix: Contribution | None
    total: Contribution

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {
            "value": self.value,
            "others": self.others,
            "before": self.before,
            "after": self.after,
            "share_before": self.share_before,
            "share_after": self.share_after,
            "n_before": self.n_before,
            "n_after": self.n_after,
            "rate": self.rate.record() if self.rate else None,
            "mix": self.mix.record() if self.mix else None,
            "total": self.total.record(),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """A change, split over the values of one dimension.

    Parameters
    ----------
    dimension : str
        The dimension.
    within : Contribution or None
        What the ratios of its values add up to; the rest of the change is mix. None for a count.
    parts : tuple of SplitPart
        Its values, the largest contribution first; they sum to the change.
    reversed : bool
        Whether its values' ratios went one way and the whole the other (Simpson).
    """

    dimension: str
    within: Contribution | None
    parts: tuple[SplitPart, ...]
    reversed: bool

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {
            "dimension": self.dimension,
            "within": self.within.record() if self.within else None,
            "reversed": self.reversed,
            "parts": [part.record() for part in self.parts],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """A slice that moved otherwise than the rest.

    Parameters
    ----------
    slice : Slice
        Which ads; what a slice before it holds is not counted again.
    moved : Moved
        What moved.
    before, after : float or None
        The figure in it; None where a ratio has nothing below its line.
    share_before, share_after : float
        Its share of all that is below the line; of a count, of all that is counted.
    n_before, n_after : int
        Ads or labels.
    rate, mix : Contribution or None
        What its ratio, and its share of all, add; None for a count.
    total : Contribution
        What it adds to the change; of a count, beyond what everything moved by.
    share : float
        Of the whole change; above 1 where other slices made up for it.
    gain : float
        Log-likelihood ratio to the slice not having moved, less the price of naming it.
    since : date or None
        Day from which it moved, as far as its days tell.
    suspect : LoggedChange or None
        The nearest entry of the log of changes: a lead, no proof.
    """

    slice: Slice
    moved: Moved
    before: float | None
    after: float | None
    share_before: float
    share_after: float
    n_before: int
    n_after: int
    rate: Contribution | None
    mix: Contribution | None
    total: Contribution
    share: float
    gain: float
    since: date | None = None
    suspect: LoggedChange | None = None

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {
            "slice": self.slice.record(),
            "moved": self.moved.value,
            "before": self.before,
            "after": self.after,
            "share_before": self.share_before,
            "share_after": self.share_after,
            "n_before": self.n_before,
            "n_after": self.n_after,
            "rate": self.rate.record() if self.rate else None,
            "mix": self.mix.record() if self.mix else None,
            "total": self.total.record(),
            "share_of_change": self.share,
            "gain": self.gain,
            "since": str(self.since) if self.since else None,
            "suspect": self.suspect.record() if self.suspect else None,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """Why a figure changed from one period to another.

    Parameters
    ----------
    metric : Metric
        The metric.
    period, against : Period
        The later and the earlier period.
    before, after : float
        The figure; a count of an earlier period of other length is put to the later one's length.
    change : Contribution
        By how much it changed.
    n_before, n_after : int
        Ads or labels.
    sampled : bool
        Whether the figure rests on labels that were drawn; else it is counted in full, and
        intervals tell what chance alone may do.
    proxy : bool
        Whether the labels were drawn at random.
    level : float
        Coverage of the intervals.
    splits : tuple of Split
        The change by each dimension.
    factor : float
        By what everything moved alike; 1 where it did not.
    causes : tuple of Cause
        The smallest set of slices that explains the rest, the largest contribution first.
    unlisted : int
        Further slices that moved, but add too little to be told.
    slices : int
        Slices looked at.
    suspect : LoggedChange or None
        The entry of the log of changes nearest to the beginning of the later period.
    notes : tuple of Message
        What to know.
    queries : tuple of Query
        The SQL that was run.
    snapshot : mapping
        Version of the lake each table was read at.
    """

    metric: Metric
    period: Period
    against: Period
    before: float
    after: float
    change: Contribution
    n_before: int
    n_after: int
    sampled: bool
    proxy: bool
    level: float
    splits: tuple[Split, ...]
    factor: float
    causes: tuple[Cause, ...]
    unlisted: int
    slices: int
    suspect: LoggedChange | None
    notes: tuple[Message, ...]
    queries: tuple[Query, ...]
    snapshot: Mapping[str, int]

    @property
    def is_count(self) -> bool:
        """Say whether the metric counts, and is no ratio."""
        return self.metric.unit == "per_day"

    @property
    def explained(self) -> float:
        """Give the share of the change that the causes told explain."""
        return sum(cause.share for cause in self.causes)

    def record(self) -> dict[str, object]:
        """Give everything as a JSON-ready record."""
        return {
            "metric": self.metric.id,
            "period": {"start": str(self.period.start), "end": str(self.period.end)},
            "against": {"start": str(self.against.start), "end": str(self.against.end)},
            "before": self.before,
            "after": self.after,
            "change": self.change.record(),
            "n_before": self.n_before,
            "n_after": self.n_after,
            "sampled": self.sampled,
            "proxy": self.proxy,
            "level": self.level,
            "everywhere": self.factor,
            "causes": [cause.record() for cause in self.causes],
            "unlisted": self.unlisted,
            "slices": self.slices,
            "splits": [split.record() for split in self.splits],
            "suspect": self.suspect.record() if self.suspect else None,
            "notes": [note.record() for note in self.notes],
            "snapshot": dict(self.snapshot),
            "queries": [{"title": each.title, "sql": each.sql} for each in self.queries],
        }
