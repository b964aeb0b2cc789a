"""The two periods of a question why: counted in the engine, or read from labels, cell by cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from shroff.domain.labels import DesignKind
from shroff.domain.slices import Period
from shroff.measure.counts import cube_sql
from shroff.measure.ground import ROWS, Ground
from shroff.measure.slice_labels import HeldOut, Labels, Split, read_labels
from shroff.measure.slice_sources import SliceSource
from shroff.stats.dense import Flags, Ints
from shroff.stats.proportions import Floats
from shroff.store.engine import Engine
from shroff.store.sql import ident, literal
from shroff.watch.decomposition import Observed

__all__ = ["Counting", "TwoPeriods", "count_by_day", "count_periods", "join_labels", "read_period"]

Codes = NDArray[np.int32]
Words = tuple[tuple[str | None, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counting:
    """Where something is counted.

    Parameters
    ----------
    source : str
        Table, or query in parentheses with an alias.
    day : str
        Its date or time.
    above : str
        What is counted above the line, as SQL, or what is counted at all.
    below : str
        What is counted below it; empty for a count.
    where : str
        Which rows count.
    ground : Ground
        Where the population is counted; as it is for any other source.
    """

    source: str
    day: str
    above: str
    below: str = ""
    where: str = "TRUE"
    ground: Ground = ROWS


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoPeriods:
    """What two periods are made of.

    Parameters
    ----------
    columns : tuple of str
        Dimensions.
    words : tuple of tuple
        For each, the value of each code; None where none was logged.
    codes : array of int32, shape (rows, dimensions)
        Value of each dimension.
    observed : Observed
        Ads or labels of each row; of a count all are above the line.
    query : str
        The query that read them.
    """

    columns: tuple[str, ...]
    words: Words
    codes: Codes
    observed: Observed
    query: str


def _within(day: str, period: Period) -> str:
    return f"{day} >= {literal(period.start)} AND {day} < {literal(period.end)}"


def _windowed(counting: Counting, period: Period, against: Period) -> tuple[str, str]:
    day = "windowed._day"
    source = (
        f"(SELECT d.*, CASE WHEN {_within('d._day', period)} THEN 1 ELSE 0 END AS later"
        f" FROM (SELECT s.*, CAST(s.{ident(counting.day)} AS DATE) AS _day"
        f" FROM (SELECT * FROM {counting.source}) AS s) AS d) AS windowed"
    )
    both = f"(({_within(day, period)}) OR ({_within(day, against)}))"
    return source, f"({counting.where}) AND {both}"


def count_periods(
    engine: Engine,
    counting: Counting,
    *,
    columns: tuple[str, ...],
    period: Period,
    against: Period,
) -> TwoPeriods:
    """Count both periods by all columns at once.

    Parameters
    ----------
    engine : Engine
        Where the logs are.
    counting : Counting
        What is counted.
    columns : tuple of str
        Dimensions.
    period, against : Period
        The later and the earlier period.

    Returns
    -------
    TwoPeriods
        One or two rows a cell and period: what is above the line, and what is not.
    """
    source, where = _windowed(counting, period, against)
    sums = {"above": counting.above, **({"below": counting.below} if counting.below else {})}
    query = cube_sql(
        source, slicings=[columns], keys=("later",), sums=sums, where=where, ground=counting.ground
    )
    found = engine.query(query)
    coded = [_coded(found.column(f"_k{place}")) for place in range(len(columns))]
    codes = np.stack([each for each, _ in coded], axis=1) if coded else _no_codes(len(found))
    order = np.lexsort((_numbers(found.column("later")), *codes.T))
    found, codes = found.take(order), codes[order]
    later = _numbers(found.column("later")) > 0
    above = _numbers(found.column("above"))
    rest = _numbers(found.column("below")) - above if counting.below else np.zeros(len(above))
    rows = np.concatenate([np.flatnonzero(above > 0), np.flatnonzero(rest > 0)])
    hits = int(np.count_nonzero(above > 0))
    count = np.concatenate([above[above > 0], rest[rest > 0]])
    observed = Observed(
        later=later[rows],
        above=np.arange(len(rows)) < hits,
        weight=np.ones(len(rows)),
        count=count,
    )
    return TwoPeriods(
        columns=columns,
        words=tuple(words for _, words in coded),
        codes=codes[rows],
        observed=observed,
        query=query,
    )


def count_by_day(
    engine: Engine,
    counting: Counting,
    *,
    columns: tuple[str, ...],
    terms: Sequence[tuple[str, str | None]],
    period: Period,
    against: Period,
) -> tuple[list[object], Floats, Floats]:
    """Count one slice by day over both periods.

    Parameters
    ----------
    engine, counting, columns, period, against
        As for `count_periods`.
    terms : sequence of (column, value)
        The slice.

    Returns
    -------
    (list of date, array, array)
        Days in order, what is above the line, and what is below it.
    """
    source, where = _windowed(counting, period, against)
    tests = [
        f"{ident(name)} IS NULL"
        if value is None
        else f"CAST({ident(name)} AS VARCHAR) = {literal(value)}"
        for name, value in terms
    ]
    inside = counting.ground.within(" AND ".join([where, *tests]), columns)
    found = engine.query(
        f"SELECT _day AS day, {counting.above} AS above, {counting.below or counting.above} AS below"
        f" FROM {source} WHERE {inside} GROUP BY _day ORDER BY _day"
    )
    days = found.column("day").to_pylist()
    return days, _numbers(found.column("above")), _numbers(found.column("below"))


def _no_codes(rows: int) -> Codes:
    return np.zeros((rows, 0), np.int32)


def _numbers(column: pa.ChunkedArray) -> Floats:
    numbers: Floats = column.cast(pa.float64()).fill_null(0.0).to_numpy()
    return numbers


def _coded(column: pa.ChunkedArray) -> tuple[Codes, tuple[str | None, ...]]:
    joined = column.combine_chunks()
    coded = joined.dictionary_encode(null_encoding="encode")
    known = coded.dictionary.to_pylist()
    order = sorted(range(len(known)), key=lambda at: (known[at] is None, known[at] or ""))
    rank = np.empty(len(known), np.int32)
    rank[order] = np.arange(len(known))
    codes: Codes = rank[coded.indices.to_numpy(zero_copy_only=False)]
    return codes, tuple(known[at] for at in order)


def read_period(engine: Engine, found: SliceSource, *, columns: tuple[str, ...]) -> Labels:
    """Read the labels of one period, while the tables of its scorecard stand.

    Parameters
    ----------
    engine : Engine
        Where the labels are.
    found : SliceSource
        Which they are.
    columns : tuple of str
        Dimensions.

    Returns
    -------
    Labels
        One row a label.
    """
    return read_labels(engine, found.source, columns=columns, split=Split(HeldOut.HASH))


def join_labels(
    labels: tuple[Labels, Labels], found: tuple[SliceSource, SliceSource]
) -> TwoPeriods:
    """Put the labels of two periods together.

    Parameters
    ----------
    labels : tuple of Labels
        Those of the earlier period, and of the later.
    found : tuple of SliceSource
        How each is read.

    Returns
    -------
    TwoPeriods
        One row a label below the line.
    """
    kept = [_below(each, how) for each, how in zip(labels, found, strict=True)]
    words, codes = _joined(labels, [rows for rows, _ in kept])
    sizes = [len(rows) for rows, _ in kept]
    strata = len(labels[0].kinds)
    first, last = (each.stratum[rows] for each, (rows, _) in zip(labels, kept, strict=True))
    observed = Observed(
        later=np.repeat([False, True], sizes),
        above=np.concatenate([above for _, above in kept]),
        weight=np.concatenate(
            [_weights(each)[rows] for each, (rows, _) in zip(labels, kept, strict=True)]
        ),
        count=np.ones(sum(sizes)),
        unit=_units(labels, [rows for rows, _ in kept]),
        stratum=np.concatenate([first.astype(np.intp), last.astype(np.intp) + strata]),
        certain=np.array([k is DesignKind.CENSUS for each in labels for k in each.kinds], bool),
    )
    return TwoPeriods(
        columns=labels[0].names, words=words, codes=codes, observed=observed, query=labels[1].query
    )


def _below(labels: Labels, found: SliceSource) -> tuple[Ints, Flags]:
    rows = np.flatnonzero(found.reading.ratio.denominator[labels.outcome] & (_weights(labels) > 0))
    above: Flags = found.reading.ratio.numerator[labels.outcome[rows]]
    return rows, above


def _weights(labels: Labels) -> Floats:
    return labels.w if labels.m is None else labels.w * labels.m


def _units(labels: tuple[Labels, Labels], rows: list[Ints]) -> Ints | None:
    if any(each.cluster is None for each in labels):
        return None
    return np.concatenate(
        [
            each.cluster[mine]
            for each, mine in zip(labels, rows, strict=True)
            if each.cluster is not None
        ]
    ).astype(np.intp)


def _joined(labels: tuple[Labels, Labels], rows: list[Ints]) -> tuple[Words, Codes]:
    """Give both periods the same codes."""
    words: list[tuple[str | None, ...]] = []
    columns: list[Codes] = []
    for place in range(len(labels[0].names)):
        known: dict[str | None, int] = {}
        parts = []
        for each, mine in zip(labels, rows, strict=True):
            to = np.array([known.setdefault(w, len(known)) for w in each.words[place]], np.int32)
            parts.append(to[each.values[place][mine]] if len(to) else np.zeros(0, np.int32))
        words.append(tuple(known))
        columns.append(np.concatenate(parts))
    count = sum(len(mine) for mine in rows)
    return tuple(words), np.stack(columns, axis=1) if columns else _no_codes(count)
