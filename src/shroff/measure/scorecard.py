"""How good is the machine? Every metric of every slice, with its doubt."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import TYPE_CHECKING

import pyarrow as pa

from shroff.domain.messages import Message
from shroff.domain.metrics import Metric, Needs, Weight
from shroff.domain.slices import Slice
from shroff.errors import ConfigError
from shroff.measure.appeals import appeals
from shroff.measure.audit import AuditPlan, plan_audit
from shroff.measure.automation import safe_automation
from shroff.measure.blocks import Block, Figure, blocks_to_arrow, record_of, unknown
from shroff.measure.bounded import bound_uncovered
from shroff.measure.brief import Brief
from shroff.measure.clustered import clustered_blocks
from shroff.measure.counts import count
from shroff.measure.custom import custom_blocks, needs_labels
from shroff.measure.flow import flow
from shroff.measure.frame import Frame, build_frames
from shroff.measure.policies import count_policy_labels, policies_of
from shroff.measure.population import build_population
from shroff.measure.quality import Outcomes, count_labels, estimate_blocks, outcomes_of
from shroff.measure.queues import queue_precision, rechecks
from shroff.measure.slicings import Slicings, slicings_of
from shroff.measure.tasks import build_tasks
from shroff.measure.turnaround import reviewing
from shroff.stats.estimate import Status
from shroff.store.engine import Engine

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

__all__ = ["Query", "Scorecard", "scorecard"]


@dataclass(frozen=True, slots=True)
class Query:
    """A query that was run.

    Parameters
    ----------
    title : str
        What it counts.
    sql : str
        The text as executed.
    """

    title: str
    sql: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Scorecard:
    """All figures of a period.

    Parameters
    ----------
    brief : Brief
        What was asked.
    snapshot : mapping
        Version of the lake each table was read at.
    blocks : tuple of Block
        The figures.
    frames : mapping
        For each weight, where the labels come from.
    queries : tuple of Query
        The SQL that was run.
    caveats : tuple of Message
        What holds for the whole.
    audit : AuditPlan or None
        The smallest batch of labels that would answer leakage and reject precision, when no design
        drew any.
    """

    brief: Brief
    snapshot: Mapping[str, int]
    blocks: tuple[Block, ...]
    frames: Mapping[Weight, Frame]
    queries: tuple[Query, ...]
    caveats: tuple[Message, ...] = ()
    audit: AuditPlan | None = None

    @property
    def frame(self) -> Frame:
        """Give the labels as ads count."""
        return self.frames[Weight.ADS]

    def __iter__(self) -> Iterator[Figure]:
        """Give every figure."""
        return (figure for block in self.blocks for figure in block)

    def __len__(self) -> int:
        """Count the figures."""
        return sum(len(block) for block in self.blocks)

    def figure(self, metric: str, **slice_values: str | None) -> Figure | None:
        """Find one figure.

        Parameters
        ----------
        metric : str
            Id of the metric.
        **slice_values : str or None
            Value of each dimension; none for everything.

        Returns
        -------
        Figure or None
            The figure, or None when it was not measured.
        """
        block = self.block(metric, *slice_values)
        if block is None:
            return None
        wanted = Slice(tuple((name, slice_values[name]) for name in block.dimensions))
        return block.find(wanted)

    def block(self, metric: str, *by: str) -> Block | None:
        """Find the figures of a metric in one slicing, whatever the order of its dimensions."""
        for block in self.blocks:
            if block.metric == metric and set(block.dimensions) == set(by):
                return block
        return None

    def to_arrow(self) -> pa.Table:
        """Give all figures as an Arrow table."""
        return blocks_to_arrow(self.blocks)

    def to_pandas(self) -> pd.DataFrame:
        """Give all figures as a pandas frame (needs pandas)."""
        return self.to_arrow().to_pandas()

    def to_polars(self) -> pl.DataFrame:
        """Give all figures as a polars frame (needs polars)."""
        import polars  # noqa: ICN001, PLC0415  (an extra)

        return polars.DataFrame(self.to_arrow())

    def record(self) -> dict[str, object]:
        """Give everything as a JSON-ready record."""
        return {
            "period": {"start": str(self.brief.period.start), "end": str(self.brief.period.end)},
            "as_of": self.brief.as_of.isoformat(),
            "level": self.brief.level,
            "snapshot": dict(self.snapshot),
            "design": self.frame.text(),
            "labels": self.frame.labels,
            "caveats": [caveat.record() for caveat in self.caveats],
            "audit": self.audit.record() if self.audit else None,
            "figures": [record_of(figure) for figure in self],
            "queries": [{"title": q.title, "sql": q.sql} for q in self.queries],
        }

    def _repr_html_(self) -> str:
        """Show the figures over everything, as a notebook does."""
        from shroff.measure.notebook import html_table  # noqa: PLC0415  (only notebooks ask)

        return html_table(self.blocks, self.brief)


def scorecard(engine: Engine, brief: Brief) -> Scorecard:
    """Measure the machine.

    Parameters
    ----------
    engine : Engine
        Where the logs are.
    brief : Brief
        Period, slices, designs, goals.

    Returns
    -------
    Scorecard
        Every metric of every slice asked for, with its interval and what it is worth.

    Raises
    ------
    ConfigError
        If a dimension or metric is not known.
    """
    _require_metrics(brief)
    population_query = build_population(
        engine, brief.period, derived=brief.derived, week_starts=brief.week_starts
    )
    queries = [Query("population", population_query)]
    task_query = build_tasks(
        engine, brief.period, as_of=brief.as_of, week_starts=brief.week_starts
    )
    slicings = slicings_of(engine, brief)
    frames = build_frames(engine, brief.designs, weights=_weights(engine, brief))
    queries += [Query(f"label frame by {weight}", f.query) for weight, f in frames.items()]
    queries.append(Query("review tasks", task_query))
    work = _Work(engine, brief, frames, slicings, queries, [])
    work.run()
    blocks = _ordered(work.blocks, brief, frames[Weight.ADS])
    return Scorecard(
        brief=brief,
        snapshot=dict(engine.snapshot),
        blocks=blocks,
        frames=frames,
        queries=tuple(work.queries),
        caveats=frames[Weight.ADS].caveats(),
        audit=plan_audit(frames[Weight.ADS], brief),
    )


def _ordered(blocks: Sequence[Block], brief: Brief, frame: Frame) -> tuple[Block, ...]:
    """Order by slicing, then as the catalogue does; without a random label, counts come first."""
    order = {metric: place for place, metric in enumerate(brief.metrics)}
    random = frame.any_probability()

    def place(block: Block) -> tuple[int, tuple[str, ...], bool, int]:
        later = not random and Status.PROXY in block.status
        return len(block.dimensions), block.dimensions, later, order[block.metric]

    return tuple(sorted(blocks, key=place))


def _weights(engine: Engine, brief: Brief) -> list[Weight]:
    """List what ads are weighed by; exposure only where it is logged."""
    exposed = "impressions" in engine.snapshot
    asked = {metric.weight for metric in brief.measured()} if exposed else set[Weight]()
    return [weight for weight in Weight if weight is Weight.ADS or weight in asked]


def _require_metrics(brief: Brief) -> None:
    unknown = [name for name in brief.wanted if name not in brief.metrics]
    if unknown:
        close = get_close_matches(unknown[0], list(brief.metrics), n=1)
        hint = f"did you mean {close[0]!r}? " if close else ""
        raise ConfigError(
            f"there is no metric {unknown[0]!r}", hint=f"{hint}shroff metrics lists them"
        )


@dataclass(frozen=True, slots=True)
class _Work:
    """One measurement under way."""

    engine: Engine
    brief: Brief
    frames: Mapping[Weight, Frame]
    slicings: Slicings
    queries: list[Query]
    blocks: list[Block]

    def run(self) -> None:
        """Measure family by family."""
        self._unlogged()
        self._flow()
        self._queue()
        self._truth()
        self._custom()
        self._recheck()
        self._appeals()
        self._reviewing()
        self._safe()

    def _wanted(self, *needs: Needs) -> list[Metric]:
        return [
            m
            for m in self.brief.measured()
            if m.needs in needs and not m.custom and not self._missing(m)
        ]

    def _own(self) -> list[Metric]:
        return [m for m in self.brief.measured() if m.custom and not self._missing(m)]

    def _missing(self, metric: Metric) -> str | None:
        """Name a log without which the metric would be a silent zero."""
        return next((log for log in metric.logs if log not in self.engine.snapshot), None)

    def _unlogged(self) -> None:
        for metric in self.brief.measured():
            log = self._missing(metric)
            if log:
                self.blocks.append(unknown(metric.id, Message("scorecard.no_log", {"table": log})))

    def _keep(self, title: str, found: tuple[Sequence[Block], Sequence[str]]) -> None:
        blocks, queries = found
        self.blocks.extend(blocks)
        self.queries.extend(Query(title, sql) for sql in queries)

    def _flow(self) -> None:
        own = [m for m in self._own() if not needs_labels(self.engine, m)]
        metrics = [*self._wanted(Needs.POPULATION), *own]
        found = flow(self.engine, metrics, slicings=self.slicings.ads, level=self.brief.level)
        self._keep("rates counted in full", found)

    def _queue(self) -> None:
        if self._wanted(Needs.QUEUE):
            found = queue_precision(
                self.engine, slicings=self.slicings.ads, level=self.brief.level
            )
            self._keep("queue outcomes", found)

    def _truth(self) -> None:
        metrics = self._wanted(Needs.TRUTH)
        if not metrics:
            return
        outcomes = outcomes_of(self.engine, metrics)
        for weight in Weight:
            chosen = [metric for metric in metrics if metric.weight is weight]
            if chosen:
                self._estimate(chosen, outcomes, weight)

    def _estimate(self, metrics: Sequence[Metric], outcomes: Outcomes, weight: Weight) -> None:
        slices = self._wanted_slices(weight)
        frame = self.frames[weight]
        if frame.clustered:
            blocks, queries = clustered_blocks(
                self.engine,
                frame,
                outcomes,
                metrics=metrics,
                slices=slices,
                level=self.brief.level,
            )
        else:
            blocks, queries = self._counted(metrics, outcomes, frame, slices)
        blocks = bound_uncovered(self.engine, frame, outcomes, blocks=blocks)
        self._keep(f"labels, counted by {weight}", (blocks, queries))

    def _counted(
        self,
        metrics: Sequence[Metric],
        outcomes: Outcomes,
        frame: Frame,
        slices: Mapping[tuple[str, ...], Sequence[Slice]],
    ) -> tuple[list[Block], list[str]]:
        plain = {slicing: parts for slicing, parts in slices.items() if "policy" not in slicing}
        cuts = [count_labels(self.engine, frame, slices=plain)]
        cuts += [
            count_policy_labels(
                self.engine,
                frame,
                rest=tuple(name for name in slicing if name != "policy"),
                slices=parts,
            )
            for slicing, parts in slices.items()
            if "policy" in slicing and parts
        ]
        blocks = [
            block
            for cut in cuts
            for block in estimate_blocks(
                cut, frame, outcomes, metrics=metrics, level=self.brief.level
            )
        ]
        return blocks, [cut.query for cut in cuts]

    def _wanted_slices(self, weight: Weight) -> dict[tuple[str, ...], list[Slice]]:
        """List the slices that occur, also those without a label, for each slicing."""
        rests = [tuple(n for n in s if n != "policy") for s in self.slicings.by_policy]
        cube = count(
            self.engine,
            "population",
            slicings=list(dict.fromkeys((*self.slicings.plain, *rests))),
            sums={"n": "COUNT(*)"},
            where="in_period" if weight is Weight.ADS else f"{weight} > 0",
        )
        parts = {slicing: list(cube.slices[a:b]) for slicing, (a, b) in cube.spans.items()}
        found = {slicing: parts[slicing] for slicing in self.slicings.plain}
        policies = policies_of(self.engine, self.frames[weight]) if rests else []
        for slicing, rest in zip(self.slicings.by_policy, rests, strict=True):
            found[slicing] = [
                _with_policy(part, policy, slicing) for policy in policies for part in parts[rest]
            ]
        return found

    def _custom(self) -> None:
        own = [m for m in self._own() if needs_labels(self.engine, m)]
        for metric in own:
            found = custom_blocks(
                self.engine,
                self.frames[metric.weight],
                metric,
                slicings=self.slicings.plain,
                level=self.brief.level,
            )
            self._keep(metric.id, found)

    def _recheck(self) -> None:
        if self._wanted(Needs.RECHECK):
            found = rechecks(self.engine, slicings=self.slicings.tasks, level=self.brief.level)
            self._keep("re-reviews", found)

    def _appeals(self) -> None:
        metrics = self._wanted(Needs.APPEALS)
        if metrics:
            found = appeals(self.engine, self.brief, metrics, slicings=self.slicings.ads)
            self._keep("appeals by cohort of the action", found)

    def _reviewing(self) -> None:
        metrics = self._wanted(Needs.TASKS, Needs.STAFFING)
        if metrics:
            found = reviewing(self.engine, self.brief, metrics, slicings=self.slicings.tasks)
            self._keep("reviewing", found)

    def _safe(self) -> None:
        if self._wanted(Needs.SLICES):
            by_ads = replace(self.brief, by=self.slicings.ads)
            found = safe_automation(self.engine, self.frames[Weight.ADS], by_ads)
            self._keep("safe automation", found)


def _with_policy(part: Slice, policy: str, slicing: tuple[str, ...]) -> Slice:
    values = {**dict(part.terms), "policy": policy}
    return Slice(tuple((name, values[name]) for name in slicing))
