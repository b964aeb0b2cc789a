"""Figures of a scorecard: kept column by column, read one by one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from shroff.domain.messages import Message
from shroff.domain.slices import EVERYTHING, Slice
from shroff.stats.estimate import Estimate, Estimates, Status

__all__ = [
    "Block", "Figure", "blocks_to_arrow", "estimate_record", "pack", "record_of", "unknown",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Figure:
    """One metric of one slice.

    Parameters
    ----------
    metric : str
        Id of the metric.
    slice : Slice
        Which ads.
    estimate : Estimate
        The figure.
    """

    metric: str
    slice: Slice
    estimate: Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One metric over all slices of one slicing.

    Parameters
    ----------
    metric : str
        Id of the metric.
    dimensions : tuple of str
        The slicing; empty for everything.
    slices : tuple of Slice
        Its slices.
    estimates : Estimates
        One figure for each slice.
    status : tuple of Status
        What each is worth.
    design : str
        How the labels were drawn.
    caveats : tuple of Message
        What holds for all its figures.
    notes : mapping
        What holds for single slices, by index.
    """

    metric: str
    dimensions: tuple[str, ...]
    slices: tuple[Slice, ...]
    estimates: Estimates
    status: tuple[Status, ...]
    design: str = ""
    caveats: tuple[Message, ...] = ()
    notes: Mapping[int, tuple[Message, ...]] = field(
        default_factory=dict[int, tuple[Message, ...]]
    )

    def __len__(self) -> int:
        """Count the slices."""
        return len(self.slices)

    def at(self, index: int) -> Figure:
        """Give the figure of one slice."""
        status = self.status[index]
        estimate = self.estimates.at(
            index,
            status=status,
            design=self.design,
            caveats=(*self.caveats, *self.notes.get(index, ())),
        )
        if status is Status.BOUNDS:
            estimate = _without_point(estimate)
        return Figure(self.metric, self.slices[index], estimate)

    def __iter__(self) -> Iterator[Figure]:
        """Give the figures in order."""
        return (self.at(index) for index in range(len(self)))

    def find(self, wanted: Slice) -> Figure | None:
        """Find the figure of a slice."""
        for index, known in enumerate(self.slices):
            if known == wanted:
                return self.at(index)
        return None


def _without_point(estimate: Estimate) -> Estimate:
    low, high = estimate.low, estimate.high
    status = Status.UNKNOWN if low is None else Status.BOUNDS
    return Estimate(
        value=None,
        low=low,
        high=high,
        level=estimate.level,
        status=status,
        method="bounds",
        n=estimate.n,
        n_effective=estimate.n_effective,
        design_effect=estimate.design_effect,
        design=estimate.design,
        denominator=estimate.denominator,
        caveats=estimate.caveats,
    )


def _column(values: Sequence[float | None]) -> np.ndarray:
    return np.array([np.nan if v is None else v for v in values], dtype=np.float64)


def pack(
    metric: str,
    found: Sequence[tuple[Slice, Estimate]],
    *,
    dimensions: tuple[str, ...],
    level: float,
) -> Block:
    """Put single figures of one metric into a block.

    Parameters
    ----------
    metric : str
        Id of the metric.
    found : sequence of (Slice, Estimate)
        The figures; they share design and method.
    dimensions : tuple of str
        The slicing.
    level : float
        Coverage of their intervals.

    Returns
    -------
    Block
        The block.
    """
    figures = [estimate for _, estimate in found]
    columns = Estimates(
        value=_column([e.value for e in figures]),
        low=_column([e.low for e in figures]),
        high=_column([e.high for e in figures]),
        n=np.array([e.n for e in figures], dtype=np.int64),
        n_effective=_column([e.n_effective for e in figures]),
        design_effect=_column([e.design_effect for e in figures]),
        numerator=_column([e.numerator for e in figures]),
        denominator=_column([e.denominator for e in figures]),
        level=level,
        method=figures[0].method if figures else "count",
    )
    return Block(
        metric=metric,
        dimensions=dimensions,
        slices=tuple(part for part, _ in found),
        estimates=columns,
        status=tuple(e.status for e in figures),
        design=figures[0].design if figures else "",
        notes={i: e.caveats for i, e in enumerate(figures) if e.caveats},
    )


def unknown(metric: str, why: Message) -> Block:
    """Give the block of a metric that cannot be known, and why."""
    nothing = Estimate(
        value=None,
        low=None,
        high=None,
        level=0.95,
        status=Status.UNKNOWN,
        method="none",
        n=0,
        caveats=(why,),
    )
    return pack(metric, [(EVERYTHING, nothing)], dimensions=(), level=nothing.level)


_OWN_COLUMNS = frozenset(
    {
        "denominator",
        "design",
        "design_effect",
        "high",
        "level",
        "low",
        "method",
        "metric",
        "n",
        "n_effective",
        "numerator",
        "slicing",
        "status",
        "value",
    }
)
"""A dimension of that name gets a ``_`` behind."""


def _arrow_block(block: Block, names: Sequence[str]) -> pa.Table:
    known = [dict(part.terms) for part in block.slices]
    numbers = block.estimates
    bounded = np.array([s is Status.BOUNDS for s in block.status], dtype=bool)
    columns: dict[str, pa.Array] = {
        "metric": pa.array([block.metric] * len(block), pa.string()),
        "slicing": pa.array([",".join(block.dimensions)] * len(block), pa.string()),
    }
    for name in names:
        shown = f"{name}_" if name in _OWN_COLUMNS else name
        columns[shown] = pa.array([part.get(name) for part in known], pa.string())
    value = np.where(bounded, np.nan, numbers.value)
    floats = {
        "value": value,
        "low": numbers.low,
        "high": numbers.high,
        "n_effective": numbers.n_effective,
        "design_effect": numbers.design_effect,
        "numerator": numbers.numerator,
        "denominator": numbers.denominator,
    }
    for name, column in floats.items():
        columns[name] = pa.array(column, pa.float64(), from_pandas=True)
    columns["n"] = pa.array(numbers.n, pa.int64())
    status = [str(block.at(i).estimate.status) for i in range(len(block))]
    columns["status"] = pa.array(status, pa.string())
    columns["method"] = pa.array([numbers.method] * len(block), pa.string())
    columns["design"] = pa.array([block.design] * len(block), pa.string())
    columns["level"] = pa.array([numbers.level] * len(block), pa.float64())
    return pa.table(columns)


def blocks_to_arrow(blocks: Sequence[Block]) -> pa.Table:
    """Give all figures as one table: a row a figure, a column a dimension.

    Parameters
    ----------
    blocks : sequence of Block
        The figures.

    Returns
    -------
    pyarrow.Table
        metric, slicing, dimensions, value, low, high, status, n, ...; null where not applicable.
    """
    names = list(dict.fromkeys(name for block in blocks for name in block.dimensions))
    return pa.concat_tables([_arrow_block(block, names) for block in blocks])


def record_of(figure: Figure) -> dict[str, object]:
    """Give a figure as a JSON-ready record.

    Parameters
    ----------
    figure : Figure
        The figure.

    Returns
    -------
    dict
        Metric, slice and every field of the estimate.
    """
    return {
        "metric": figure.metric,
        "slice": figure.slice.record(),
        **estimate_record(figure.estimate),
    }


def estimate_record(e: Estimate) -> dict[str, object]:
    """Give an estimate as a JSON-ready record.

    Parameters
    ----------
    e : Estimate
        The estimate.

    Returns
    -------
    dict
        Every field of it.
    """
    return {
        "value": e.value,
        "low": e.low,
        "high": e.high,
        "level": e.level,
        "status": str(e.status),
        "method": e.method,
        "n": e.n,
        "n_effective": e.n_effective,
        "design_effect": e.design_effect,
        "design": e.design,
        "numerator": e.numerator,
        "denominator": e.denominator,
        "caveats": [caveat.record() for caveat in e.caveats],
    }
