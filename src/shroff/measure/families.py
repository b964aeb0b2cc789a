"""The families of metrics, each measured in its own way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from shroff.domain.messages import Message
from shroff.domain.metrics import Metric, Needs, Weight
from shroff.domain.slices import Slice
from shroff.measure.appeals import appeals
from shroff.measure.automation import safe_automation
from shroff.measure.blocks import Block, unknown
from shroff.measure.bounded import bound_uncovered
from shroff.measure.brief import Brief
from shroff.measure.clustered import clustered_blocks
from shroff.measure.counts import count
from shroff.measure.custom import custom_blocks, needs_labels
from shroff.measure.flow import flow
from shroff.measure.frame import Frame
from shroff.measure.ground import ROWS, Ground
from shroff.measure.policies import count_policy_labels, policies_of
from shroff.measure.policy_names import heed_policy_names
from shroff.measure.quality import Outcomes, count_labels, estimate_blocks, outcomes_of
from shroff.measure.queues import queue_precision, rechecks
from shroff.measure.slicings import Slicings
from shroff.measure.turnaround import reviewing
from shroff.store.engine import Engine

__all__ = ["Families", "Query"]


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


@dataclass(frozen=True, slots=True)
class Families:
    """One measurement under way, family of metrics by family.

    Parameters
    ----------
    engine : Engine
        Where ``population``, ``tasks`` and the label frames are.
    brief : Brief
        What is asked.
    frames : mapping
        For each weight, where the labels come from.
    slicings : Slicings
        What to slice by.
    queries : list of Query
        The SQL run so far; grows.
    blocks : list of Block
        The figures so far; grows.
    ground : Ground
        What the population is counted on.
    """

    engine: Engine
    brief: Brief
    frames: Mapping[Weight, Frame]
    slicings: Slicings
    queries: list[Query]
    blocks: list[Block]
    ground: Ground = ROWS

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

    def _labelled(self, metric: Metric) -> bool:
        return needs_labels(self.engine, metric, self.ground)

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
        own = [m for m in self._own() if not self._labelled(m)]
        metrics = [*self._wanted(Needs.POPULATION), *own]
        found = flow(
            self.engine,
            metrics,
            slicings=self.slicings.ads,
            level=self.brief.level,
            ground=self.ground,
        )
        self._keep("rates counted in full", found)

    def _queue(self) -> None:
        if self._wanted(Needs.QUEUE):
            found = queue_precision(
                self.engine,
                slicings=self.slicings.ads,
                level=self.brief.level,
                ground=self.ground,
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
        blocks = bound_uncovered(self.engine, frame, outcomes, blocks=blocks, ground=self.ground)
        blocks = heed_policy_names(self.engine, frame, blocks=blocks)
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
            ground=self.ground,
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
        own = [m for m in self._own() if self._labelled(m)]
        for metric in own:
            found = custom_blocks(
                self.engine,
                self.frames[metric.weight],
                metric,
                slicings=self.slicings.plain,
                level=self.brief.level,
                ground=self.ground,
            )
            self._keep(metric.id, found)

    def _recheck(self) -> None:
        if self._wanted(Needs.RECHECK):
            found = rechecks(self.engine, slicings=self.slicings.tasks, level=self.brief.level)
            self._keep("re-reviews", found)

    def _appeals(self) -> None:
        metrics = self._wanted(Needs.APPEALS)
        if metrics:
            found = appeals(
                self.engine,
                self.brief,
                metrics,
                slicings=self.slicings.ads,
                ground=self.ground,
            )
            self._keep("appeals by cohort of the action", found)

    def _reviewing(self) -> None:
        metrics = self._wanted(Needs.TASKS, Needs.STAFFING)
        if metrics:
            found = reviewing(self.engine, self.brief, metrics, slicings=self.slicings.tasks)
            self._keep("reviewing", found)

    def _safe(self) -> None:
        if self._wanted(Needs.SLICES):
            by_ads = replace(self.brief, by=self.slicings.ads)
            found = safe_automation(
                self.engine, self.frames[Weight.ADS], by_ads, ground=self.ground
            )
            self._keep("safe automation", found)


def _with_policy(part: Slice, policy: str, slicing: tuple[str, ...]) -> Slice:
    values = {**dict(part.terms), "policy": policy}
    return Slice(tuple((name, values[name]) for name in slicing))
