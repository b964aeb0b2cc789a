"""What the machine did, day by day: ads decided, and every rate that is counted in full."""

from __future__ import annotations

from collections.abc import Sequence

from shroff.domain.metrics import Metric
from shroff.domain.slices import Period, Slice
from shroff.measure.counts import Cube, count
from shroff.measure.flow import scoped, scoped_source, sums_of
from shroff.measure.ground import Ground
from shroff.store.engine import Engine
from shroff.store.sql import ident, literal, literals
from shroff.watch.daily_series import DailyBlock, Floats, aligned, spread
from shroff.watch.watched_metrics import ADS, TRAFFIC

__all__ = ["MOST_VALUES", "common_values", "daily_flow", "dated"]

MOST_VALUES = 200
"""Values of one column that are followed; the rarer ones are left out, and it is said."""


def dated(source: str, column: str, *, period: Period) -> str:
    """Add the number of the day to a source: 0 on the first day of the period.

    Parameters
    ----------
    source : str
        Table, or query in parentheses with an alias.
    column : str
        Its date or time.
    period : Period
        The days.

    Returns
    -------
    str
        A query in parentheses with an alias.
    """
    day = f"DATE_DIFF('day', {literal(period.start)}, CAST(s.{ident(column)} AS DATE))"
    return f"(SELECT s.*, {day} AS day_number FROM (SELECT * FROM {source}) AS s) AS daily"


def common_values(
    engine: Engine, columns: Sequence[str], *, ground: Ground
) -> tuple[str, dict[str, int]]:
    """Find the values of columns that are frequent enough to be followed.

    Parameters
    ----------
    engine : Engine
        Where ``population`` stands.
    columns : sequence of str
        Columns of ads.
    ground : Ground
        What the population is counted on.

    Returns
    -------
    str, dict of int
        Condition that keeps those values, and how many values of each column it leaves out.
    """
    tests, left = ["TRUE"], dict[str, int]()
    for name in columns:
        own = ident("policy_id" if name == "policy" else name)
        where = ground.within("in_period", () if name == "policy" else (name,))
        values = f"SELECT CAST({own} AS VARCHAR) AS v, SUM(ads) AS n FROM population"
        grouped = f"{values} WHERE {where} GROUP BY CAST({own} AS VARCHAR)"
        known = engine.query(f"SELECT COUNT(*) AS n FROM ({grouped}) AS g").column("n")[0].as_py()
        if known <= MOST_VALUES:
            continue
        found = engine.query(f"{grouped} ORDER BY n DESC, v LIMIT {MOST_VALUES}")
        kept = [v for v in found.column("v").to_pylist() if v is not None]
        tests.append(f"CAST({own} AS VARCHAR) IN ({literals(kept)})" if kept else "FALSE")
        left[name] = int(known) - len(kept)
    return " AND ".join(tests), left


def daily_flow(
    engine: Engine,
    metrics: Sequence[Metric],
    *,
    slicings: Sequence[tuple[str, ...]],
    period: Period,
    complete: Floats,
    ground: Ground,
) -> tuple[list[DailyBlock], list[str]]:
    """Count ads decided, and every rate that needs no label, by day; ``population`` must stand.

    Parameters
    ----------
    engine : Engine
        Where the logs are.
    metrics : sequence of Metric
        Metrics whose predicates speak of the population.
    slicings : sequence of tuple of str
        Sets of dimensions.
    period : Period
        Days.
    complete : array, shape (T,)
        How complete each day is.
    ground : Ground
        What the population is counted on.

    Returns
    -------
    list of DailyBlock, list of str
        A block for each metric and slicing, `ADS` and `TRAFFIC` among them, and the queries; by
        policy, only metrics that speak of the policy cited.
    """
    sums = {"ads": "SUM(ads)", **sums_of(metrics, ground)}
    blocks: list[DailyBlock] = []
    everything = _plain(engine, (), sums=sums, period=period, ground=ground)
    queries = [everything.query]
    for slicing in slicings:
        counted = _by_policy if "policy" in slicing else _plain
        found = everything
        if slicing:
            found = counted(engine, slicing, sums=sums, period=period, ground=ground)
            queries.append(found.query)
        blocks += [
            found.block(metric.id, f"a{n}", f"b{n}", complete=complete, period=period)
            for n, metric in enumerate(metrics)
            if "policy" not in slicing or "cited" in metric.numerator
        ]
        blocks += _traffic(found, everything, slicing, period=period, complete=complete)
    return blocks, queries


class _Counted:
    """Sums of one slicing, laid out by slice and day."""

    def __init__(self, slicing: tuple[str, ...], slices: Sequence[Slice], *, query: str) -> None:
        self.slicing, self.slices, self.query = slicing, tuple(slices), query
        self.sums: dict[str, Floats] = {}

    def block(
        self, metric: str, above: str, below: str, *, complete: Floats, period: Period
    ) -> DailyBlock:
        return DailyBlock(
            metric=metric,
            dimensions=self.slicing,
            slices=self.slices,
            first=period.start,
            above=self.sums[above],
            below=self.sums[below],
            complete=complete,
        )


def _traffic(
    found: _Counted,
    everything: _Counted,
    slicing: tuple[str, ...],
    *,
    period: Period,
    complete: Floats,
) -> list[DailyBlock]:
    """Tell how many ads there were, and which share of all; a policy is no traffic."""
    if "policy" in slicing:
        return []
    shared = {
        "dimensions": slicing,
        "slices": found.slices,
        "first": period.start,
        "complete": complete,
    }
    ads = found.sums["ads"]
    blocks = [DailyBlock(metric=ADS, above=ads, below=None, **shared)]  # type: ignore[arg-type]
    if slicing and len(everything.slices):
        whole = ads * 0 + everything.sums["ads"]
        blocks.append(DailyBlock(metric=TRAFFIC, above=ads, below=whole, **shared))  # type: ignore[arg-type]
    return blocks


def _cube(
    engine: Engine,
    source: str,
    slicing: tuple[str, ...],
    *,
    sums: dict[str, str],
    period: Period,
    ground: Ground,
    where: str,
) -> Cube:
    return count(
        engine,
        dated(source, "decision_day", period=period),
        slicings=[slicing],
        keys=("day_number",),
        sums=sums,
        where=where,
        ground=ground,
    )


def _plain(
    engine: Engine,
    slicing: tuple[str, ...],
    *,
    sums: dict[str, str],
    period: Period,
    ground: Ground,
) -> _Counted:
    kept, _ = common_values(engine, slicing, ground=ground)
    where = f"in_period AND {kept}"
    source = scoped_source(cited="TRUE")
    cube = _cube(engine, source, slicing, sums=sums, period=period, ground=ground, where=where)
    found = _Counted(slicing, cube.slices, query=cube.query)
    span = cube.spans[slicing]
    found.sums = {name: spread(cube, span, name, days=period.days) for name in sums}
    return found


def _by_policy(
    engine: Engine,
    slicing: tuple[str, ...],
    *,
    sums: dict[str, str],
    period: Period,
    ground: Ground,
) -> _Counted:
    """Count what names a policy, plus everything else read as not naming it."""
    rest = scoped(slicing)
    kept, _ = common_values(engine, rest, ground=ground)
    where = f"in_period AND {kept}"
    by_policy = ("policy", *rest)
    yes, no = scoped_source(cited="TRUE"), scoped_source(cited="FALSE")
    how = {"sums": sums, "period": period, "ground": ground, "where": where}
    cited = _cube(engine, yes, by_policy, **how)  # type: ignore[arg-type]
    other = _cube(engine, no, by_policy, **how)  # type: ignore[arg-type]
    whole = _cube(engine, no, rest, **how)  # type: ignore[arg-type]
    slices = [part for part in cited.slices if part.terms[0][1] is not None]
    rests = [Slice(part.terms[1:]) for part in slices]
    named = [_ordered(part, slicing) for part in slices]
    found = _Counted(slicing, named, query=cited.query)
    for name in sums:
        tables = [
            aligned(spread(cube, cube.spans[cut], name, days=period.days), own, wanted=wanted)
            for cube, cut, own, wanted in (
                (cited, by_policy, cited.slices, slices),
                (whole, rest, whole.slices, rests),
                (other, by_policy, other.slices, slices),
            )
        ]
        found.sums[name] = tables[0] + tables[1] - tables[2]
    return found


def _ordered(part: Slice, slicing: tuple[str, ...]) -> Slice:
    values = dict(part.terms)
    return Slice(tuple((name, values[name]) for name in slicing))
