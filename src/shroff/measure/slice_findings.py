"""Slices that are worse than the rest, as values and as sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import pyarrow as pa

from shroff.domain.messages import Message, percent
from shroff.domain.metrics import Metric
from shroff.domain.slices import Period, Slice
from shroff.measure.families import Query
from shroff.measure.slice_labels import HeldOut, Split
from shroff.stats.estimate import Estimate

__all__ = ["NO_VALUE", "SliceFinding", "Standing", "WorseSlices", "named"]

NO_VALUE = "∅"
"""Stands for a value that was not logged, in every language."""


class Standing(StrEnum):
    """What the labels that were held out say of a slice that was found.

    ``CONFIRMED`` they say the same beyond doubt; ``OPEN`` they are too few to tell; ``FADED`` they
    say that it is better than it looked.
    """

    CONFIRMED = "confirmed"
    OPEN = "open"
    FADED = "faded"


def named(part: Slice) -> str:
    """Name a slice in words that every language shares, e.g. ``market = ID, format = video``."""
    return ", ".join(
        f"{name} = {NO_VALUE if value is None else value}" for name, value in part.terms
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SliceFinding:
    """One slice that is worse than the rest.

    Figures of ``later`` come from labels that were held out of the search: choosing the slice did
    not touch them. Those of ``searched`` chose it, and so look worse than it is.

    Parameters
    ----------
    slice : Slice
        Which ads.
    standing : Standing
        Whether held-out labels say the same.
    searched, later : Estimate
        The metric in it.
    elsewhere : Estimate
        The metric in all other ads, from held-out labels.
    pooled : float
        The metric in it as the search tells, drawn towards what the slices it is part of make
        of it: for ranking, without an interval.
    of_errors, of_base : Estimate
        Its share of all errors, and of the metric's denominator, from held-out labels.
    errors_searched : Estimate
        Its share of all errors among the labels searched.
    adjusted : float
        P-value of the search, adjusted for all slices looked at.
    confirmation : float or None
        P-value of the held-out labels, adjusted for all findings; None without such labels.
    explains : int
        Further slices found that are no longer worse without its labels.
    """

    slice: Slice
    standing: Standing
    searched: Estimate
    later: Estimate
    elsewhere: Estimate
    pooled: float
    of_errors: Estimate
    of_base: Estimate
    errors_searched: Estimate
    adjusted: float
    confirmation: float | None
    explains: int

    def text(self, metric: Metric) -> Message:
        """Say it in a sentence.

        Parameters
        ----------
        metric : Metric
            The metric searched.

        Returns
        -------
        Message
            English and Chinese, with the share of all errors.
        """
        if self.later.value is None:
            return Message("slices.unseen", self._params(metric))
        return Message(f"slices.{self.standing}", self._params(metric))

    def _params(self, metric: Metric) -> dict[str, str | int | float | None]:
        errors = self.of_errors if self.later.value is not None else self.errors_searched
        return {
            "metric": f"{metric.name_en}|{metric.name_zh}",
            "slice": named(self.slice),
            "value": _told(self.later),
            "elsewhere": _share(self.elsewhere.value),
            "errors": _told(errors),
            "base": _share(self.of_base.value),
            "searched": _told(self.searched),
            "labels": self.later.n,
        }

    def record(self, metric: Metric) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {
            "slice": self.slice.record(),
            "standing": self.standing.value,
            "later": _record(self.later),
            "elsewhere": _record(self.elsewhere),
            "share_of_errors": _record(self.of_errors),
            "share_of_base": _record(self.of_base),
            "searched": _record(self.searched),
            "searched_share_of_errors": _record(self.errors_searched),
            "pooled": self.pooled,
            "adjusted_p": self.adjusted,
            "confirmation_p": self.confirmation,
            "explains": self.explains,
            "sentence": self.text(metric).record(),
        }


def _share(value: float | None) -> str:
    return "–" if value is None else percent(value)


def _told(estimate: Estimate) -> str:
    """Write a share with its interval, the same in every language."""
    if estimate.low is None or estimate.high is None:
        return _share(estimate.value)
    return f"{_share(estimate.value)} ({percent(estimate.low)}–{percent(estimate.high)})"


def _record(estimate: Estimate) -> dict[str, object]:
    return {
        "value": estimate.value,
        "low": estimate.low,
        "high": estimate.high,
        "level": estimate.level,
        "status": estimate.status.value,
        "n": estimate.n,
        "n_effective": estimate.n_effective,
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class WorseSlices:
    """What a search over slices found.

    Parameters
    ----------
    metric : Metric
        The metric.
    period : Period
        Days searched, those held out included.
    columns : tuple of str
        Columns that made slices.
    depth : int
        Most columns of a slice.
    split : Split
        How labels were held out.
    everything : Estimate
        The metric over all labels.
    labels : tuple of int
        Labels in the denominator that were searched, and held out.
    least : int
        Fewest labels of a slice.
    looked_at : int
        Slices looked at.
    found : int
        Slices found to be worse.
    unlisted : int
        Of those, how many are neither listed nor explained by one that is.
    false_share : float
        Share of false ones among those found that is allowed, on average.
    findings : tuple of SliceFinding
        Slices that do not tell the same story twice, confirmed ones first.
    notes : tuple of Message
        What to know of them.
    queries : tuple of Query
        The SQL that was run.
    snapshot : mapping
        Version of the lake each table was read at.
    """

    metric: Metric
    period: Period
    columns: tuple[str, ...]
    depth: int
    split: Split
    everything: Estimate
    labels: tuple[int, int]
    least: int
    looked_at: int
    found: int
    unlisted: int
    false_share: float
    findings: tuple[SliceFinding, ...]
    notes: tuple[Message, ...]
    queries: tuple[Query, ...]
    snapshot: Mapping[str, int]

    def confirmed(self) -> tuple[SliceFinding, ...]:
        """List the findings that held-out labels confirm."""
        return tuple(f for f in self.findings if f.standing is Standing.CONFIRMED)

    def own_notes(self) -> tuple[Message, ...]:
        """Give the notes that are about slices, not about how labels were drawn."""
        return tuple(note for note in self.notes if note.id.startswith("slices."))

    def summary(self) -> Message:
        """Say in a sentence what was searched and found."""
        return Message(
            "slices.summary" if self.findings else "slices.none",
            {
                "looked_at": self.looked_at,
                "columns": len(self.columns),
                "depth": self.depth,
                "labels": self.labels[0],
                "found": self.found,
                "listed": len(self.findings),
                "confirmed": len(self.confirmed()),
            },
        )

    def rule(self) -> Message:
        """Say how false findings are held down."""
        return Message(
            "slices.rule",
            {
                "false_share": f"{100 * self.false_share:g}%",
                "least": self.least,
                "level": f"{100 * self.everything.level:g}%",
            },
        )

    def held_out(self) -> Message:
        """Say which labels were held out."""
        if self.split.kind is HeldOut.LATER:
            first = str(self.split.first)
            return Message("slices.later", {"first": first, "labels": self.labels[1]})
        return Message("slices.hash", {"labels": self.labels[1]})

    def record(self) -> dict[str, object]:
        """Give everything as a JSON-ready record."""
        return {
            "metric": self.metric.id,
            "period": {"start": str(self.period.start), "end": str(self.period.end)},
            "columns": list(self.columns),
            "depth": self.depth,
            "held_out": {
                "by": self.split.kind.value,
                "first": str(self.split.first) if self.split.first else None,
            },
            "labels_searched": self.labels[0],
            "labels_held_out": self.labels[1],
            "least_labels": self.least,
            "looked_at": self.looked_at,
            "found": self.found,
            "unlisted": self.unlisted,
            "false_share": self.false_share,
            "everything": _record(self.everything),
            "findings": [finding.record(self.metric) for finding in self.findings],
            "notes": [note.record() for note in self.notes],
            "snapshot": dict(self.snapshot),
            "queries": [{"title": each.title, "sql": each.sql} for each in self.queries],
        }

    def to_arrow(self) -> pa.Table:
        """Give the findings as an Arrow table, one row each."""
        columns = [f"slice_{n}" for n in range(1, self.depth + 1)]
        rows = [_row(finding, self.metric, columns) for finding in self.findings]
        texts = {"metric", "standing", "sentence_en", "sentence_zh", *columns}
        whole = {"labels", "searched_labels", "explains"}
        schema = pa.schema(
            [
                (
                    name,
                    pa.string()
                    if name in texts
                    else pa.int64()
                    if name in whole
                    else pa.float64(),
                )
                for name in ["metric", *columns, *_NUMBERS, "sentence_en", "sentence_zh"]
            ]
        )
        return pa.Table.from_pylist(rows, schema=schema)


_NUMBERS = (
    "standing", "value", "low", "high", "labels", "elsewhere", "share_of_errors",
    "share_of_errors_low", "share_of_errors_high", "share_of_base", "searched", "searched_labels",
    "pooled", "adjusted_p", "confirmation_p", "explains",
)  # fmt: skip


def _row(finding: SliceFinding, metric: Metric, columns: list[str]) -> dict[str, object]:
    terms = [
        f"{name}={NO_VALUE if value is None else value}" for name, value in finding.slice.terms
    ]
    sentence = finding.text(metric).record()
    return {
        "metric": metric.id,
        **dict(zip(columns, terms, strict=False)),
        "standing": finding.standing.value,
        "value": finding.later.value,
        "low": finding.later.low,
        "high": finding.later.high,
        "labels": finding.later.n,
        "elsewhere": finding.elsewhere.value,
        "share_of_errors": finding.of_errors.value,
        "share_of_errors_low": finding.of_errors.low,
        "share_of_errors_high": finding.of_errors.high,
        "share_of_base": finding.of_base.value,
        "searched": finding.searched.value,
        "searched_labels": finding.searched.n,
        "pooled": finding.pooled,
        "adjusted_p": finding.adjusted,
        "confirmation_p": finding.confirmation,
        "explains": finding.explains,
        "sentence_en": sentence["en"],
        "sentence_zh": sentence["zh"],
    }
