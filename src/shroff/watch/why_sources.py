"""Where a metric's two periods are read from, and by which dimensions they can be cut."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Protocol

from shroff.domain.messages import Message
from shroff.domain.metrics import Direction, Metric, Needs
from shroff.domain.slices import Period
from shroff.errors import ConfigError, DesignError
from shroff.measure.brief import Brief
from shroff.measure.families import Query
from shroff.measure.flow import scoped_source, sums_of
from shroff.measure.ground import ROWS, Ground
from shroff.measure.population import ad_columns, build_population, dimensions
from shroff.measure.recalling import Kept
from shroff.measure.scorecard import scorecard
from shroff.measure.slice_labels import Labels
from shroff.measure.slice_sources import SliceSource, source_of
from shroff.measure.tasks import build_tasks, task_dimensions
from shroff.store.engine import Engine
from shroff.store.sql import ident
from shroff.watch.daily_work import APPEALED, FIRST_LOOKS, SECOND_LOOKS
from shroff.watch.watched_metrics import (
    ACTED,
    ADS,
    APPEALS_FILED,
    APPEALS_WON,
    FIRST_REVIEWED,
    INFLOW,
    OVERTURNED,
    WATCHED,
)
from shroff.watch.why_logs import Counting, TwoPeriods, count_periods, join_labels, read_period

__all__ = ["REPORTS_FILED", "Gathered", "Stands", "Windows", "explainable", "gather", "metric_of"]

REPORTS_FILED = Metric(
    id="reports_filed",
    name_en="Reports a day",
    name_zh="日举报数",
    definition_en="Reports by users, notices and trusted flaggers, by the day they were filed.",
    definition_zh="按提交日统计的用户举报、通知与可信举报。",
    numerator="reports",
    denominator="days",
    needs=Needs.TASKS,
    direction=Direction.NEUTRAL,
    unit="per_day",
)

_TIMES = frozenset({"week", "decided_at", "decision_day"})
_TASKS = frozenset({INFLOW, FIRST_REVIEWED, OVERTURNED})
_OF_ADS = frozenset({APPEALS_FILED, APPEALS_WON, REPORTS_FILED.id})
_LABELLED = "overturns_per_appeal"

_REPORTED = """(SELECT rp.filed_at, {columns}
  FROM reports AS rp
  LEFT JOIN (SELECT ads.*, ROW_NUMBER() OVER (PARTITION BY ad_id ORDER BY ad_version) AS _one
             FROM ads) AS a ON rp.ad_id = a.ad_id AND a._one = 1) AS reported"""


class Stands(Protocol):
    """Makes the table ``population`` for a question, if it can."""

    def stand(self, engine: Engine, brief: Brief) -> tuple[Ground, str] | None:
        """Make it, and say what is counted on, and by which query."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Windows:
    """The two periods, and how to ask of each.

    Parameters
    ----------
    before, after : Brief
        What to measure in the earlier and in the later period.
    kept : callable
        Gives the cubes, or another ground, that answer a brief, if any do.
    """

    before: Brief
    after: Brief
    kept: Callable[[Brief], Stands | None]

    @property
    def period(self) -> Period:
        """Give the later period."""
        return self.after.period

    @property
    def against(self) -> Period:
        """Give the earlier period."""
        return self.before.period

    @property
    def whole(self) -> Brief:
        """Ask of both periods, and what lies between."""
        start = min(self.against.start, self.period.start)
        return replace(self.after, period=Period(start, max(self.against.end, self.period.end)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """What two periods are made of, and how it was read.

    Parameters
    ----------
    periods : TwoPeriods
        The rows.
    counting : Counting or None
        Where it was counted; None where labels were read.
    proxy : bool
        Whether labels were not drawn at random.
    notes : tuple of Message
        What to know of them.
    queries : tuple of Query
        The SQL that was run.
    """

    periods: TwoPeriods
    counting: Counting | None
    proxy: bool
    notes: tuple[Message, ...]
    queries: tuple[Query, ...]


def explainable(metrics: Mapping[str, Metric]) -> dict[str, Metric]:
    """List the metrics whose change can be explained.

    Parameters
    ----------
    metrics : mapping
        Those of the catalogue and the user's own.

    Returns
    -------
    dict of Metric
        Shares that are counted or rest on labels, and what is counted by day.
    """
    fit = {
        name: metric
        for name, metric in metrics.items()
        if metric.unit == "share"
        and (metric.needs in {Needs.POPULATION, Needs.TRUTH} or name == _LABELLED)
    }
    watched = (ADS, ACTED, INFLOW, FIRST_REVIEWED, OVERTURNED, APPEALS_FILED, APPEALS_WON)
    return {**fit, **{n: WATCHED[n] for n in watched}, REPORTS_FILED.id: REPORTS_FILED}


def metric_of(name: str, metrics: Mapping[str, Metric]) -> Metric:
    """Find a metric whose change can be explained.

    Parameters
    ----------
    name : str
        Its id.
    metrics : mapping
        Those of the catalogue and the user's own.

    Returns
    -------
    Metric
        The metric.

    Raises
    ------
    ConfigError
        If there is none.
    """
    fit = explainable(metrics)
    if name in fit:
        return fit[name]
    close = get_close_matches(name, list(fit), n=1)
    raise ConfigError(
        f"a change of {name!r} cannot be explained",
        where="metric",
        hint=(f"did you mean {close[0]!r}? " if close else "")
        + "choose one of "
        + ", ".join(sorted(fit)),
    )


def gather(engine: Engine, windows: Windows, metric: Metric, *, by: Sequence[str]) -> Gathered:
    """Read both periods.

    Parameters
    ----------
    engine : Engine
        Where the logs are.
    windows : Windows
        The two periods.
    metric : Metric
        The metric.
    by : sequence of str
        Dimensions; those of the settings when empty.

    Returns
    -------
    Gathered
        The rows, cut by all dimensions at once.

    Raises
    ------
    ConfigError
        If a dimension is not known.
    DesignError
        If a log that the metric needs is empty.
    """
    _require_logs(engine, metric)
    columns = _columns(engine, windows, metric, by)
    if metric.needs is Needs.TRUTH or metric.id == _LABELLED:
        return _labelled(engine, windows, metric, columns)
    counting, made = _counting(engine, windows, metric, columns)
    periods = count_periods(
        engine, counting, columns=columns, period=windows.period, against=windows.against
    )
    queries = [*made, Query(f"{metric.id} in both periods", engine.text(periods.query))]
    return Gathered(
        periods=periods, counting=counting, proxy=False, notes=(), queries=tuple(queries)
    )


def _require_logs(engine: Engine, metric: Metric) -> None:
    own = {
        INFLOW: "reviews", FIRST_REVIEWED: "reviews", OVERTURNED: "reviews",
        APPEALS_FILED: "appeals", APPEALS_WON: "appeals", REPORTS_FILED.id: "reports",
    }.get(metric.id)  # fmt: skip
    for log in dict.fromkeys((*metric.logs, *([own] if own else []))):
        if log not in engine.snapshot:
            raise DesignError(
                f"{metric.id} needs the log of {log}, and there is none",
                hint=f"shroff ingest {log} FILES",
            )


_NO_PART = (
    "an ad has a policy only because of what was found on it, and may have several: policies are no"
    " parts that all ads divide into; each policy's share by day: shroff watch trends "
)


def _columns(
    engine: Engine, windows: Windows, metric: Metric, by: Sequence[str]
) -> tuple[str, ...]:
    known = _known(engine, windows, metric)
    brief = windows.after
    usual = [name for slicing in brief.by for name in slicing] + list(brief.derived)
    fit = [name for name in usual if name in known and name not in {"policy", *_TIMES}]
    wanted = tuple(dict.fromkeys(by or fit))
    for name in wanted:
        if name not in known or name == "policy" or name in _TIMES:
            close = get_close_matches(name, known, n=1)
            raise ConfigError(
                f"{metric.id} cannot be cut by {name!r}",
                where="by",
                hint=_NO_PART + metric.id + " --by policy"
                if name == "policy"
                else (f"did you mean {close[0]!r}? " if close and close[0] != name else "")
                + "dimensions: "
                + ", ".join(n for n in known if n != "policy" and n not in _TIMES),
            )
    if not wanted:
        raise ConfigError(
            "no dimension to look at",
            where="shroff.toml [slices] columns",
            hint="name some with --by: " + ", ".join(known),
        )
    return wanted


def _known(engine: Engine, windows: Windows, metric: Metric) -> Sequence[str]:
    if metric.id in _TASKS:
        return task_dimensions(engine)
    if metric.id in _OF_ADS:
        return tuple(_of_ads(engine))
    return dimensions(engine, windows.after.derived)


def _of_ads(engine: Engine) -> dict[str, str]:
    return {"market": "market", **ad_columns(engine, "ads")}


def _counting(
    engine: Engine, windows: Windows, metric: Metric, columns: tuple[str, ...]
) -> tuple[Counting, list[Query]]:
    if metric.id in _TASKS:
        return _of_tasks(engine, windows, metric)
    if metric.id in _OF_ADS:
        own = _of_ads(engine)
        shown = ", ".join(f"a.{ident(own[name])} AS {ident(name)}" for name in columns)
        return _of_cases(metric, shown), []
    whole = replace(windows.whole, by=(columns,))
    kept = windows.kept(whole)
    stands = kept.stand(engine, whole) if kept is not None else None
    if stands is None:
        made = build_population(
            engine, whole.period, derived=whole.derived, week_starts=whole.week_starts
        )
        stands = (ROWS, made)
    ground, query = stands
    sums = {"a0": "SUM(ads)"} if metric.id == ADS else sums_of([metric], ground)
    counting = Counting(
        source=scoped_source(cited="TRUE"),
        day="decision_day",
        above=sums["a0"],
        below=sums.get("b0", ""),
        where="in_period",
        ground=ground,
    )
    return counting, [Query("population", engine.text(query))]


def _of_tasks(engine: Engine, windows: Windows, metric: Metric) -> tuple[Counting, list[Query]]:
    whole = windows.whole
    made = build_tasks(engine, whole.period, as_of=whole.as_of, week_starts=whole.week_starts)
    queries = [Query("review tasks", engine.text(made))]
    if metric.id == INFLOW:
        counting = Counting(source="tasks", day="enqueued_at", above="COUNT(*)", where="entered")
        return counting, queries
    first = metric.id == FIRST_REVIEWED
    looks = FIRST_LOOKS if first else SECOND_LOOKS.format(first=FIRST_LOOKS)
    above = "SUM(CASE WHEN verdict = 'violating' THEN 1 ELSE 0 END)" if first else "SUM(changed)"
    counting = Counting(
        source=f"{looks} AS looks", day="decided_at", above=above, below="COUNT(*)"
    )
    return counting, queries


def _of_cases(metric: Metric, shown: str) -> Counting:
    if metric.id == REPORTS_FILED.id:
        source = _REPORTED.format(columns=shown)
        return Counting(source=source, day="filed_at", above="COUNT(*)")
    source = APPEALED.format(columns=shown)
    if metric.id == APPEALS_FILED:
        return Counting(source=source, day="filed_at", above="COUNT(*)")
    return Counting(source=source, day="decided_at", above="SUM(won)", below="SUM(settled)")


def _labelled(
    engine: Engine, windows: Windows, metric: Metric, columns: tuple[str, ...]
) -> Gathered:
    """Read labels period by period, each with the weights a scorecard of it has."""
    read: list[tuple[Labels, SliceSource]] = []
    for brief in (windows.before, windows.after):
        plain = replace(brief, by=((),), wanted=(metric.id,))
        kept = windows.kept(plain)
        card = scorecard(engine, plain, kept=kept if isinstance(kept, Kept) else None)
        found = source_of(engine, replace(card, brief=brief), metric.id, columns=columns)
        read.append((read_period(engine, found, columns=columns), found))
    (first, how), (last, how_now) = read
    periods = join_labels((first, last), (how, how_now))
    notes = {note.text(): note for each in (how, how_now) for note in each.notes}
    return Gathered(
        periods=periods,
        counting=None,
        proxy=how.proxy or how_now.proxy,
        notes=tuple(notes.values()),
        queries=(
            Query("labels of the earlier period", engine.text(first.query)),
            Query("labels of the later period", engine.text(last.query)),
        ),
    )
