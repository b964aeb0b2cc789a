"""Figures of chosen slices and of the rest, from one window of labels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from shroff.domain.metrics import Weight
from shroff.measure.quality import estimate_figures, known_classes
from shroff.measure.slice_labels import Labels
from shroff.stats.clusters import LabelRows, clustered_ratios_many
from shroff.stats.dense import Flags, Ints, add_up
from shroff.stats.estimate import Estimates, joined
from shroff.stats.lattice import CodedLabels
from shroff.stats.proportions import Floats
from shroff.stats.sampling import Cells, ExposureSums, Ratio

__all__ = ["Reading", "Window", "figures_of"]

Terms = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How a metric reads outcomes.

    Parameters
    ----------
    ratio : Ratio
        Outcomes above and below the line.
    error : array of bool
        Outcomes that are errors: those above the line of a metric that should be low, those only
        below it of one that should be high.
    weight : Weight
        What an ad counts for.
    known : bool
        Whether outcomes are those of the label frame, of which the action is known beforehand.
    """

    ratio: Ratio
    error: Flags
    weight: Weight
    known: bool

    @property
    def low_is_good(self) -> bool:
        """Whether the metric is the share of errors, and not that of what is right."""
        return bool(np.array_equal(self.error, self.ratio.numerator))

    def as_metric(self, errors: Floats) -> Floats:
        """Turn shares of errors into the metric."""
        return errors if self.low_is_good else 1 - errors

    def coded(self, labels: Labels) -> CodedLabels:
        """Take the labels in the denominator."""
        return labels.coded(counted=self.ratio.denominator, error=self.error)


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Figures of one window of labels.

    Parameters
    ----------
    everything : Estimates
        The metric over all; one figure.
    inside, outside : Estimates
        The metric in each slice, and in the rest.
    of_errors, of_base : Estimates
        Which share of all errors, and of the denominator, each slice has.
    """

    everything: Estimates
    inside: Estimates
    outside: Estimates
    of_errors: Estimates
    of_base: Estimates


def figures_of(
    labels: Labels, reading: Reading, *, terms: Sequence[Terms], level: float
) -> Window:
    """Estimate the metric in some slices, and in the rest of the labels.

    Parameters
    ----------
    labels : Labels
        One window of labels.
    reading : Reading
        The metric.
    terms : sequence of tuples of (column, code)
        The slices.
    level : float
        Coverage wanted, in (0, 1).

    Returns
    -------
    Window
        One figure a slice in each column.
    """
    work = (
        _Counted(labels, reading, level)
        if labels.cluster is None
        else _Read(labels, reading, level)
    )
    masks = [labels.within(each) for each in terms]
    inside, outside, of_errors, of_base = work.pairs(masks)
    return Window(
        everything=work.everything(),
        inside=inside,
        outside=outside,
        of_errors=of_errors,
        of_base=of_base,
    )


@dataclass(frozen=True, slots=True)
class _Counted:
    """Labels drawn one by one: added up by stratum and outcome, then judged together."""

    labels: Labels
    reading: Reading
    level: float

    def everything(self) -> Estimates:
        return self._judged(self._sums(None)[:, None])

    def pairs(self, masks: Sequence[Flags]) -> tuple[Estimates, ...]:
        if not masks:
            return (_nothing(self.level),) * 4
        whole = self._sums(None)[:, None]
        inside = np.stack([self._sums(mask) for mask in masks], axis=1)
        outside = np.maximum(whole - inside, 0.0)
        both = self._judged(np.concatenate([inside, outside], axis=1))
        shares = [
            self._shared(inside, outside, among=among)
            for among in (self.reading.error, self.reading.ratio.denominator)
        ]
        return both.part(0, len(masks)), both.part(len(masks), 2 * len(masks)), *shares

    def _sums(self, mask: Flags | None) -> Floats:
        """Add up by stratum and outcome: shape (sums, strata * outcomes)."""
        rows = slice(None) if mask is None else np.flatnonzero(mask)
        labels, outcomes = self.labels, len(self.reading.error)
        slot = labels.stratum[rows].astype(np.intp) * outcomes + labels.outcome[rows]
        size = len(labels.kinds) * outcomes
        found = [np.bincount(slot, minlength=size).astype(np.float64)]
        found += [add_up(slot, part, size=size) for part in _weights(labels, rows)]
        return np.array(found)

    def _judged(self, sums: Floats) -> Estimates:
        known = known_classes() if self.reading.known else None
        return self._estimated(sums, self.reading.ratio, known=known)

    def _shared(self, inside: Floats, outside: Floats, *, among: Flags) -> Estimates:
        """Estimate which share of some outcomes the slices have."""
        strata = len(self.labels.kinds)
        parts = [
            sums.reshape(*sums.shape[:2], strata, -1)[..., among].sum(axis=-1)
            for sums in (outside, inside)
        ]
        table = np.stack(parts, axis=-1).reshape(*inside.shape[:2], -1)
        return self._estimated(table, _INSIDE, known=None)

    def _estimated(self, sums: Floats, ratio: Ratio, *, known: np.ndarray | None) -> Estimates:
        outcomes, groups = len(ratio.numerator), sums.shape[1]
        group, slot = np.nonzero(sums[0] > 0.5)
        rows = sums[:, group, slot]
        cells = Cells(
            group=group,
            stratum=slot // outcomes,
            cell=slot % outcomes,
            n=rows[0],
            w=rows[1],
            w2=rows[2],
            known=known,
            exposure=ExposureSums(wm=rows[3], wm2=rows[4], w2m2=rows[5])
            if len(rows) > 3
            else None,
        )
        return estimate_figures(
            cells,
            self.labels.strata(),
            weight=self.reading.weight,
            chosen=[ratio],
            groups=groups,
            level=self.level,
        )[0]


def _weights(labels: Labels, rows: Ints | slice) -> Iterator[Floats]:
    """Give what is added up, one after the other: together they would be large."""
    w = labels.w[rows]
    yield w
    yield w**2
    if labels.m is not None:
        m = labels.m[rows]
        yield w * m
        yield w * m**2
        yield (w * m) ** 2


_INSIDE = Ratio(numerator=np.array([False, True]), denominator=np.array([True, True]))
_INSIDE_OF_SOME = Ratio(
    numerator=np.array([False, True, False]), denominator=np.array([True, True, False])
)


@dataclass(frozen=True, slots=True)
class _Read:
    """Labels drawn in clusters, judged one by one."""

    labels: Labels
    reading: Reading
    level: float

    def everything(self) -> Estimates:
        return self._judged(np.zeros(len(self.labels), np.intp), groups=1)

    def pairs(self, masks: Sequence[Flags]) -> tuple[Estimates, ...]:
        if not masks:
            return (_nothing(self.level),) * 4
        both = [self._judged(np.where(mask, 0, 1), groups=2) for mask in masks]
        shares = [
            [self._shared(mask, among=among) for mask in masks]
            for among in (self.reading.error, self.reading.ratio.denominator)
        ]
        inside, outside = ([each.part(at, at + 1) for each in both] for at in (0, 1))
        return tuple(_joined(column) for column in (inside, outside, *shares))

    def _judged(self, group: np.ndarray, *, groups: int) -> Estimates:
        known = known_classes() if self.reading.known else None
        rows = replace(self._rows(self.labels.outcome.astype(np.intp)), group=group, known=known)
        return self._estimated(rows, self.reading.ratio, groups=groups)

    def _shared(self, mask: Flags, *, among: Flags) -> Estimates:
        counted = among[self.labels.outcome]
        return self._estimated(
            self._rows(np.where(counted, mask.astype(np.intp), 2)), _INSIDE_OF_SOME, groups=1
        )

    def _rows(self, cell: np.ndarray) -> LabelRows:
        labels = self.labels
        assert labels.cluster is not None  # noqa: S101 - that is what it is for
        return LabelRows(
            group=np.zeros(len(labels), np.intp),
            stratum=labels.stratum.astype(np.intp),
            cluster=labels.cluster,
            cell=cell,
            w=labels.w,
            m=labels.m,
        )

    def _estimated(self, rows: LabelRows, ratio: Ratio, *, groups: int) -> Estimates:
        return clustered_ratios_many(
            rows, self.labels.strata(), metrics=[ratio], groups=groups, level=self.level
        )[0]


def _joined(parts: Sequence[Estimates]) -> Estimates:
    return joined(parts, level=parts[0].level, method=parts[0].method)


def _nothing(level: float) -> Estimates:
    return joined([], level=level, method="")
