"""From logs to series by day: whatever is asked for, counted once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from shroff.domain.metrics import Metric, Needs, Weight
from shroff.domain.slices import Period
from shroff.measure.brief import Brief
from shroff.measure.families import Query
from shroff.measure.frame import Frame, build_frames
from shroff.measure.ground import ROWS, Ground
from shroff.measure.periods import Covered
from shroff.measure.population import ad_columns, build_population
from shroff.measure.quality import outcomes_of
from shroff.measure.recalling import Kept
from shroff.measure.tasks import build_tasks, task_dimensions
from shroff.store.engine import Engine
from shroff.watch.daily_flow import daily_flow
from shroff.watch.daily_labels import daily_exposure, daily_labels
from shroff.watch.daily_lateness import (
    label_completeness,
    overturn_completeness,
    report_completeness,
)
from shroff.watch.daily_series import DailyBlock, Floats, complete_days
from shroff.watch.daily_work import (
    daily_appeals,
    daily_hits,
    daily_inflow,
    daily_overturns,
    daily_verdicts,
)
from shroff.watch.watched_metrics import (
    ACTED,
    ADS,
    APPEALS_FILED,
    APPEALS_WON,
    FIRST_REVIEWED,
    HITS,
    INFLOW,
    OVERTURNED,
    TRAFFIC,
    WATCHED,
)

__all__ = ["Daily", "DailyAsked", "gather_daily"]

_FAMILY = "policy_family"
_LATE = "reported_leak_floor"


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyAsked:
    """Which series are wanted.

    Parameters
    ----------
    metrics : frozenset of str
        Ids of metrics; empty for all.
    ads, labels, tasks : tuple of tuple of str
        Slicings of decisions, of figures that rest on labels, and of review tasks.
    """

    metrics: frozenset[str] = frozenset()
    ads: tuple[tuple[str, ...], ...] = ((),)
    labels: tuple[tuple[str, ...], ...] = ((),)
    tasks: tuple[tuple[str, ...], ...] = ((),)

    def wants(self, *metrics: str) -> bool:
        """Tell whether one of some metrics is wanted."""
        return not self.metrics or not self.metrics.isdisjoint(metrics)


@dataclass(frozen=True, slots=True, kw_only=True)
class Daily:
    """Series by day.

    Parameters
    ----------
    period : Period
        Their days.
    blocks : tuple of DailyBlock
        The series.
    queries : tuple of Query
        The SQL that was run.
    ground : Ground
        What stands as ``population`` in the session they were counted in.
    """

    period: Period
    blocks: tuple[DailyBlock, ...]
    queries: tuple[Query, ...]
    ground: Ground = ROWS


@dataclass(slots=True)
class _Work:
    engine: Engine
    brief: Brief
    asked: DailyAsked
    known: Covered
    ground: Ground = ROWS
    blocks: list[DailyBlock] = field(default_factory=list[DailyBlock])
    queries: list[Query] = field(default_factory=list[Query])

    @property
    def period(self) -> Period:
        return self.brief.period

    @property
    def after(self) -> int:
        """Days that the logs run on after the last one."""
        return max((self.known.as_of.date() - self.period.end).days + 1, 0)

    @property
    def whole(self) -> Floats:
        return complete_days(self.period, until=self.known.complete_until)

    def keep(self, title: str, found: tuple[list[DailyBlock], list[str]]) -> None:
        self.blocks += found[0]
        self.queries += [Query(title, self.engine.text(sql)) for sql in found[1]]

    def has(self, *logs: str) -> bool:
        return all(log in self.engine.snapshot for log in logs)

    def metrics(self, needs: Needs) -> list[Metric]:
        return [
            m
            for m in self.brief.metrics.values()
            if m.needs is needs and not m.custom and self.asked.wants(m.id) and self.has(*m.logs)
        ]


def gather_daily(
    engine: Engine,
    brief: Brief,
    asked: DailyAsked,
    *,
    known: Covered,
    kept: Kept | None = None,
) -> Daily:
    """Count and estimate series by day.

    Parameters
    ----------
    engine : Engine
        Where the logs are.
    brief : Brief
        Period, designs, metrics.
    asked : DailyAsked
        What is wanted.
    known : Covered
        Which days the logs cover.
    kept : Kept or None
        Cubes that are up to date.

    Returns
    -------
    Daily
        The series: no metric without the logs it needs.
    """
    brief = replace(brief, by=tuple(dict.fromkeys((*asked.ads, *asked.labels))))
    work = _Work(engine, brief, asked, known)
    _stand(work, kept)
    _flow(work)
    _labels(work)
    _tasks(work)
    _appeals(work)
    _hits(work)
    return Daily(
        period=brief.period,
        blocks=tuple(work.blocks),
        queries=tuple(work.queries),
        ground=work.ground,
    )


def _stand(work: _Work, kept: Kept | None) -> None:
    stands = kept.stand(work.engine, work.brief) if kept is not None else None
    if stands is not None:
        work.ground = stands[0]
        return
    build_population(
        work.engine,
        work.period,
        derived=work.brief.derived,
        week_starts=work.brief.week_starts,
    )


def _flow(work: _Work) -> None:
    metrics = work.metrics(Needs.POPULATION)
    if work.asked.wants(ACTED):
        metrics.append(WATCHED[ACTED])
    if not metrics and not work.asked.wants(ADS, TRAFFIC, HITS):
        return
    found, queries = daily_flow(
        work.engine,
        metrics,
        slicings=tuple(
            dict.fromkeys((*([()] if work.asked.wants(HITS) else []), *work.asked.ads))
        ),
        period=work.period,
        complete=work.whole,
        ground=work.ground,
    )
    if any(block.metric == _LATE for block in found):
        late = report_completeness(work.engine, period=work.period, known=work.after)
        late = late * work.whole
        found = [replace(b, complete=late) if b.metric == _LATE else b for b in found]
    work.keep("what the machine did, by day", (found, queries))


def _labels(work: _Work) -> None:
    metrics = work.metrics(Needs.TRUTH)
    if not metrics:
        return
    outcomes = outcomes_of(work.engine, metrics)
    weights = list(dict.fromkeys((Weight.ADS, *(m.weight for m in metrics))))
    frames = build_frames(work.engine, work.brief.designs, weights=weights, ground=work.ground)
    for weight in weights:
        chosen = [m for m in metrics if m.weight is weight]
        frame = frames[weight]
        if not chosen or weight is Weight.SPEND or not frame.any_probability():
            continue
        estimate = daily_labels if weight is Weight.ADS else daily_exposure
        found = estimate(
            work.engine,
            frame,
            outcomes,
            metrics=chosen,
            slicings=work.asked.labels,
            period=work.period,
            complete=_labelled(work, frame),
            ground=work.ground,
        )
        work.keep(f"labels by day, counted by {weight}", found)


def _labelled(work: _Work, frame: Frame) -> Floats:
    late = label_completeness(work.engine, frame, period=work.period, known=work.after)
    return late * work.whole


def _tasks(work: _Work) -> None:
    if not work.has("reviews") or not work.asked.wants(INFLOW, FIRST_REVIEWED, OVERTURNED):
        return
    engine, brief, period = work.engine, work.brief, work.period
    build_tasks(engine, period, as_of=brief.as_of, week_starts=brief.week_starts)
    known = {*task_dimensions(engine)}
    plain = tuple(s for s in work.asked.tasks if set(s) <= known)
    shared = {"period": period, "complete": work.whole}
    if work.asked.wants(INFLOW) and plain:
        found = daily_inflow(engine, slicings=plain, **shared)  # type: ignore[arg-type]
        work.keep("queue inflow by day", found)
    said = tuple(s for s in work.asked.tasks if set(s) <= known | {_FAMILY})
    if not work.has("policies"):
        said = plain
    rows = {"slicings": said, "rows": work.ground.rows, "period": period}
    if work.asked.wants(FIRST_REVIEWED) and said:
        found = daily_verdicts(engine, complete=work.whole, **rows)  # type: ignore[arg-type]
        work.keep("first reviews by day", found)
    if work.asked.wants(OVERTURNED) and said:
        late = overturn_completeness(engine, period=period, known=work.after) * work.whole
        found = daily_overturns(engine, complete=late, **rows)  # type: ignore[arg-type]
        work.keep("second looks at first reviews, by day", found)


def _appeals(work: _Work) -> None:
    if not work.has("appeals", "ads") or not work.asked.wants(APPEALS_FILED, APPEALS_WON):
        return
    own = {"market": "market", **ad_columns(work.engine, "ads")}
    slicings = [s for s in work.asked.ads if set(s) <= set(own)]
    names: Sequence[str] = sorted({name for s in slicings for name in s})
    found = daily_appeals(
        work.engine,
        columns={name: own[name] for name in names},
        slicings=slicings,
        period=work.period,
        complete=work.whole,
    )
    work.keep("appeals by day", found)


def _hits(work: _Work) -> None:
    if not work.has("hits") or not work.asked.wants(HITS):
        return
    everything = next(b for b in work.blocks if b.metric == ADS and not b.dimensions)
    found = daily_hits(
        work.engine, ads=everything.above[0], period=work.period, complete=work.whole
    )
    work.keep("hits by day and detector", found)
