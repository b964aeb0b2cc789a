"""Figures of designs whose ads were drawn, or err, together: advertiser by advertiser."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa

from shroff.domain.metrics import Metric, Weight
from shroff.domain.slices import Slice
from shroff.measure.blocks import Block
from shroff.measure.brief import Design
from shroff.measure.counts import group_rows
from shroff.measure.frame import Frame
from shroff.measure.quality import Outcomes, Slicing, blocks_of, counts_in, known_classes
from shroff.stats.clusters import LabelRows, clustered_ratios_many
from shroff.stats.estimate import Estimates, joined
from shroff.stats.sampling import Ratio, Strata, kind_codes
from shroff.store.engine import Engine
from shroff.store.rows import rows
from shroff.store.sql import ident, literal

__all__ = ["cluster_sql", "clustered_blocks", "clustered_shares"]


def cluster_sql(designs: Sequence[Design]) -> str:
    """Name the cluster of a label; one whose design has none is a cluster of its own."""
    if not any(design.cluster for design in designs):
        return "'ad ' || ad_id"
    whens = " ".join(
        f"WHEN design = {literal(d.id)} THEN CAST({ident(d.cluster)} AS VARCHAR)"
        for d in designs
        if d.cluster
    )
    return f"COALESCE(CASE {whens} END, 'ad ' || ad_id)"


def _query(source: str, outcome: str, frame: Frame, *, slicings: Sequence[tuple[str, ...]]) -> str:
    weight = frame.weight
    designs = [s.design for s in frame.sources if s.design is not None]
    names = {name for slicing in slicings for name in slicing if name != "policy"}
    shown = [f"CAST({ident(name)} AS VARCHAR) AS {ident('_' + name)}" for name in sorted(names)]
    measure = "CAST(1 AS DOUBLE)" if weight is Weight.ADS else f"CAST({weight} AS DOUBLE)"
    columns = [
        *shown,
        "stratum_code",
        f"{outcome} AS outcome",
        "w",
        "policy_id",
        "truth_policies",
        f"{measure} AS m",
        f"{cluster_sql(designs)} AS cluster",
    ]
    return f"SELECT {', '.join(columns)} FROM {source} WHERE {counts_in(weight)}"


def clustered_blocks(
    engine: Engine,
    frame: Frame,
    outcomes: Outcomes,
    *,
    metrics: Sequence[Metric],
    slices: Mapping[tuple[str, ...], Sequence[Slice]],
    level: float,
) -> tuple[list[Block], list[str]]:
    """Estimate from the labels one by one, with the cluster each was drawn with.

    Parameters
    ----------
    engine : Engine
        Where the frame is.
    frame : Frame
        The label frame.
    outcomes : Outcomes
        What each metric counts.
    metrics : sequence of Metric
        Metrics of one weight.
    slices : mapping
        For each slicing, the slices wanted.
    level : float
        Coverage wanted, in (0, 1).

    Returns
    -------
    list of Block, list of str
        The figures and the query that read the labels.
    """
    query = _query(frame.table, "outcome", frame, slicings=list(slices))
    batches = list(rows(engine, query))
    if not batches:
        return [], [query]
    labels = _Labels(frame, pa.Table.from_batches(batches), known=known_classes())
    chosen = [outcomes.ratios[metric.id] for metric in metrics]
    blocks: list[Block] = []
    for slicing, wanted in slices.items():
        if "policy" in slicing:
            figures = labels.by_policy(slicing, wanted, chosen=chosen, level=level)
        else:
            figures = labels.plainly(slicing, wanted, chosen=chosen, level=level)
        part = Slicing(slices=tuple(wanted), spans={slicing: (0, len(wanted))}, query=query)
        blocks += blocks_of(figures, part, frame, outcomes=outcomes, metrics=metrics)
    return blocks, [query]


def clustered_shares(
    engine: Engine,
    frame: Frame,
    *,
    source: str,
    outcome: str,
    ratio: Ratio,
    slices: Mapping[tuple[str, ...], Sequence[Slice]],
    level: float,
    known: np.ndarray | None = None,
) -> Estimates | None:
    """Estimate one share from labels read in another way, such as by a user's own conditions.

    Parameters
    ----------
    engine : Engine
        Where the frame is.
    frame : Frame
        The label frame.
    source : str
        The frame with a further column, as a table or a query with an alias.
    outcome : str
        That column: an integer code.
    ratio : Ratio
        Codes counted above and below the line.
    slices : mapping
        For each slicing, the slices wanted; none by policy.
    level : float
        Coverage wanted, in (0, 1).
    known : array of int, optional
        What is known of each code before anybody labels it; see `shroff.stats.sampling.Cells`.

    Returns
    -------
    Estimates or None
        One figure a slice, slicing after slicing; None without a label.
    """
    batches = list(rows(engine, _query(source, outcome, frame, slicings=list(slices))))
    if not batches:
        return None
    labels = _Labels(frame, pa.Table.from_batches(batches), known=known)
    parts = [
        labels.plainly(slicing, wanted, chosen=[ratio], level=level)[0]
        for slicing, wanted in slices.items()
    ]
    return _joined(parts)


class _Labels:
    """The labels one by one."""

    def __init__(self, frame: Frame, table: pa.Table, *, known: np.ndarray | None) -> None:
        self.known = known
        self.table = table
        self.stratum = table.column("stratum_code").to_numpy().astype(np.intp)
        self.outcome = table.column("outcome").to_numpy().astype(np.intp)
        self.w = table.column("w").to_numpy()
        self.m = table.column("m").to_numpy()
        coded = table.column("cluster").combine_chunks().dictionary_encode()
        self.cluster = coded.indices.to_numpy().astype(np.intp)
        self.cited = table.column("policy_id").to_numpy(zero_copy_only=False)
        size = len(frame.strata)
        self.strata = Strata(
            kind=kind_codes([s.kind for s in frame.strata]),
            population=np.full(size, np.nan),
            labels=np.bincount(self.stratum, minlength=size).astype(np.float64),
        )

    def _group(self, dimensions: tuple[str, ...], wanted: Sequence[Slice]) -> np.ndarray:
        """Place each label among the slices wanted; -1 outside."""
        values = [self.table.column("_" + name) for name in dimensions]
        found, where = group_rows(dimensions, values, size=len(self.table))
        places = {part: place for place, part in enumerate(wanted)}
        lookup = np.array([places.get(part, -1) for part in found], dtype=np.intp)
        group: np.ndarray = lookup[where]
        return group

    def _estimate(
        self,
        group: np.ndarray,
        outcome: np.ndarray,
        *,
        chosen: Sequence[Ratio],
        groups: int,
        level: float,
    ) -> tuple[Estimates, ...]:
        labels = LabelRows(
            group=group,
            stratum=self.stratum,
            cluster=self.cluster,
            cell=outcome,
            w=self.w,
            m=self.m,
            known=self.known,
        )
        return clustered_ratios_many(
            labels, self.strata, metrics=chosen, groups=groups, level=level
        )

    def plainly(
        self,
        slicing: tuple[str, ...],
        wanted: Sequence[Slice],
        *,
        chosen: Sequence[Ratio],
        level: float,
    ) -> tuple[Estimates, ...]:
        """Estimate with all policies in scope."""
        group = self._group(slicing, wanted)
        return self._estimate(group, self.outcome, chosen=chosen, groups=len(wanted), level=level)

    def by_policy(
        self,
        slicing: tuple[str, ...],
        wanted: Sequence[Slice],
        *,
        chosen: Sequence[Ratio],
        level: float,
    ) -> tuple[Estimates, ...]:
        """Estimate with one policy in scope after the other; slices come policy by policy."""
        rest = tuple(name for name in slicing if name != "policy")
        policies = list(dict.fromkeys(dict(part.terms)["policy"] for part in wanted))
        places = [_without_policy(part) for part in wanted[: len(wanted) // len(policies)]]
        group = self._group(rest, places)
        parts = [
            self._estimate(
                group, self._read_for(str(policy)), chosen=chosen, groups=len(places), level=level
            )
            for policy in policies
        ]
        return tuple(_joined(columns) for columns in zip(*parts, strict=True))

    def _read_for(self, policy: str) -> np.ndarray:
        """Read each outcome with one policy in scope."""
        cites = self.cited == policy
        lists = self.table.column("truth_policies").combine_chunks()
        hit = np.zeros(len(self.table), dtype=bool)
        parents = np.repeat(np.arange(len(lists)), np.diff(lists.offsets.to_numpy()))
        # offsets start where the slice starts; flatten() gives the values of this slice only
        hit[parents[lists.flatten().to_numpy(zero_copy_only=False) == policy]] = True
        scope = 4 * hit + 2 * cites.astype(np.intp)
        read: np.ndarray = (self.outcome & ~6) | scope
        return read


def _without_policy(part: Slice) -> Slice:
    return Slice(tuple(term for term in part.terms if term[0] != "policy"))


def _joined(parts: Sequence[Estimates]) -> Estimates:
    return joined(parts, level=parts[0].level, method=parts[0].method)
