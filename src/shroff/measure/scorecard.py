"""How good is the machine? Every metric of every slice, with its doubt."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from importlib.util import find_spec
from typing import TYPE_CHECKING

import pyarrow as pa

from shroff.domain.messages import Message
from shroff.domain.metrics import Weight
from shroff.domain.slices import Slice
from shroff.errors import ConfigError
from shroff.measure.audit import AuditPlan, plan_audit
from shroff.measure.blocks import Block, Figure, blocks_to_arrow, record_of
from shroff.measure.brief import Brief
from shroff.measure.families import Families, Query
from shroff.measure.frame import Frame, build_frames
from shroff.measure.ground import ROWS, Ground
from shroff.measure.policies import policies_of
from shroff.measure.population import build_population
from shroff.measure.recalling import Kept
from shroff.measure.scoping import asked_of_policy, of_policy, require_policy
from shroff.measure.slicings import slicings_of
from shroff.measure.tasks import build_tasks
from shroff.stats.estimate import Status
from shroff.store.engine import Engine

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

__all__ = ["Query", "Scorecard", "scorecard"]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
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
    ground : Ground
        What the population was counted on.
    """

    brief: Brief
    snapshot: Mapping[str, int]
    blocks: tuple[Block, ...]
    frames: Mapping[Weight, Frame]
    queries: tuple[Query, ...]
    caveats: tuple[Message, ...] = ()
    audit: AuditPlan | None = None
    ground: Ground = ROWS

    @property
    def frame(self) -> Frame:
        """Give the labels as ads count."""
        return self.frames[Weight.ADS]

    def __iter__(self) -> Iterator[Figure]:
        """Give every figure."""
        return (figure for block in self.blocks for figure in block)

    def __repr__(self) -> str:
        """Say what it is in a line; a notebook draws the table."""
        days = self.brief.period.label()
        return f"<Scorecard {days}: {len(self)} figures, {self.frame.text()}>"

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

    def stand_rows(self, engine: Engine) -> None:
        """Make ``population`` of single ads, where it was counted on kept cubes."""
        if self.ground.cuts:
            build_population(
                engine,
                self.brief.period,
                derived=self.brief.derived,
                week_starts=self.brief.week_starts,
            )

    def to_arrow(self) -> pa.Table:
        """Give all figures as an Arrow table."""
        return blocks_to_arrow(self.blocks)

    def to_pandas(self) -> pd.DataFrame:
        """Give all figures as a pandas frame (needs pandas)."""
        _require("pandas")
        return self.to_arrow().to_pandas()

    def to_polars(self) -> pl.DataFrame:
        """Give all figures as a polars frame (needs polars)."""
        _require("polars")
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


def _require(package: str) -> None:
    if find_spec(package) is None:
        raise ConfigError(
            f"{package} is not installed",
            hint=f"pip install 'shroff[{package}]', or use to_arrow()",
        )


def scorecard(engine: Engine, brief: Brief, *, kept: Kept | None = None) -> Scorecard:
    """Measure the machine.

    Parameters
    ----------
    engine : Engine
        Where the logs are.
    brief : Brief
        Period, slices, designs, goals.
    kept : Kept or None
        Cubes that are up to date; without them, and for what they do not hold, every row is
        counted.

    Returns
    -------
    Scorecard
        Every metric of every slice asked for, with its interval and what it is worth.

    Raises
    ------
    ConfigError
        If a dimension, metric or policy in scope is not known.
    """
    _require_metrics(brief)
    asked, brief = brief, asked_of_policy(brief)
    ground, population_query = _stand(engine, brief, kept)
    queries = [Query("population", population_query)]
    task_query = build_tasks(
        engine, brief.period, as_of=brief.as_of, week_starts=brief.week_starts
    )
    slicings = slicings_of(engine, brief)
    frames = build_frames(engine, brief.designs, weights=_weights(engine, brief), ground=ground)
    if brief.policy:
        require_policy(brief.policy, policies_of(engine, frames[Weight.ADS]))
    queries += [Query(f"label frame by {weight}", f.query) for weight, f in frames.items()]
    queries.append(Query("review tasks", task_query))
    work = Families(engine, brief, frames, slicings, queries, [], ground)
    work.run()
    blocks = _ordered(of_policy(work.blocks, brief.policy), brief, frames[Weight.ADS])
    return Scorecard(
        brief=asked,
        snapshot=dict(engine.snapshot),
        blocks=blocks,
        frames=frames,
        queries=tuple(replace(each, sql=engine.text(each.sql)) for each in work.queries),
        caveats=frames[Weight.ADS].caveats(),
        audit=plan_audit(frames[Weight.ADS], brief),
        ground=ground,
    )


def _stand(engine: Engine, brief: Brief, kept: Kept | None) -> tuple[Ground, str]:
    """Make the tables that are counted on, from kept cubes where they hold what is asked."""
    stands = kept.stand(engine, brief) if kept is not None else None
    if stands is not None:
        return stands
    query = build_population(
        engine, brief.period, derived=brief.derived, week_starts=brief.week_starts
    )
    return ROWS, query


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
