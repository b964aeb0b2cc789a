"""What two periods are compared on: ads by value and score, labels, reviewers, words; by day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from shroff.domain.slices import Period
from shroff.errors import DesignError
from shroff.measure.frame import Frame
from shroff.measure.scored import Scorer, choose_scorer
from shroff.stats.proportions import Floats
from shroff.store.engine import Engine
from shroff.store.rows import rows
from shroff.store.sql import ident, literal
from shroff.watch.token_stream import TokenReader

__all__ = [
    "BINS", "NO_VALUE", "DayTable", "LabelColumns", "read_labels_of_days", "read_reviewers",
    "read_scores_of_days", "read_values", "read_words", "scorer_of",
]  # fmt: skip

BINS = 20
NO_VALUE, OTHERS = "∅", "…"
_MOST_VALUES, _MOST_WORDS, _MOST_ADS = 50, 300, 40_000
_TEXTS = ("title", "body", "ocr_text", "asr_text")


@dataclass(frozen=True, slots=True, kw_only=True)
class DayTable:
    """Sums by day and value.

    Parameters
    ----------
    values : tuple of str
        Values, the most frequent first.
    before, after : array of shape (days, values) or (days, values, 2)
        Sums of each day of the two periods.
    """

    values: tuple[str, ...]
    before: Floats
    after: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelColumns:
    """Labels one by one.

    Parameters
    ----------
    day : array of int
        Days since 1970.
    violating : array of bool
        Whether the ad violates.
    action : tuple of str
        What the machine did with each.
    weight : array
        What each stands for.
    bin : array of int
        Bin of its score; -1 without one.
    columns : mapping of str to tuple of str
        Its values.
    """

    day: NDArray[np.int64]
    violating: NDArray[np.bool_]
    action: NDArray[np.str_]
    weight: Floats
    bin: NDArray[np.int64]
    columns: Mapping[str, Sequence[str]]


def _day(number: date) -> int:
    return number.toordinal() - date(1970, 1, 1).toordinal()


def table_of(
    day: NDArray[np.int64],
    value: Sequence[str],
    sums: Floats,
    *,
    periods: tuple[Period, Period],
) -> DayTable:
    """Add up by day and value.

    Parameters
    ----------
    day : array of int, shape (rows,)
        Days since 1970.
    value : sequence of str
        Value of each row.
    sums : array of shape (rows,) or (rows, k)
        What is added up.
    periods : tuple of Period
        The earlier and the later period.

    Returns
    -------
    DayTable
        The sums.
    """
    names, code = np.unique(np.asarray(value, np.str_), return_inverse=True)
    wide = sums.reshape(len(day), -1)
    order = np.argsort(-np.bincount(code, wide[:, -1], minlength=len(names)), kind="stable")
    place = np.empty(len(names), np.intp)
    place[order] = np.arange(len(names))
    sides = []
    for period in periods:
        first = _day(period.start)
        inside = (day >= first) & (day < _day(period.end))
        found = np.zeros((period.days, len(names), wide.shape[1]))
        np.add.at(found, (day[inside] - first, place[code[inside]]), wide[inside])
        sides.append(found if sums.ndim > 1 else found[:, :, 0])
    return DayTable(values=tuple(str(names[at]) for at in order), before=sides[0], after=sides[1])


def _columns(engine: Engine, sql: str) -> pa.Table:
    batches = list(rows(engine, sql))
    return pa.Table.from_batches(batches) if batches else pa.table({})


def _days(table: pa.Table) -> NDArray[np.int64]:
    found = pc.cast(pc.cast(table.column("day").cast(pa.string()), pa.date32()), pa.int32())
    return np.asarray(found.to_numpy(), np.int64)


def read_values(engine: Engine, column: str, *, periods: tuple[Period, Period]) -> DayTable | None:
    """Count ads by day and value of a column; the session's ``population`` must stand.

    Parameters
    ----------
    engine : Engine
        Where the logs are.
    column : str
        Column of the population.
    periods : tuple of Period
        The earlier and the later period.

    Returns
    -------
    DayTable or None
        The fifty most frequent values, and all others as one; None where there is no ad.
    """
    value = f"COALESCE(CAST(p.{ident(column)} AS VARCHAR), {literal(NO_VALUE)})"
    sql = f"""
WITH usual AS (
  SELECT {value} AS value FROM population AS p WHERE p.in_period
  GROUP BY {value} ORDER BY COUNT(*) DESC, {value} LIMIT {_MOST_VALUES}
)
SELECT CAST(p.decision_day AS VARCHAR) AS day, COALESCE(u.value, {literal(OTHERS)}) AS value,
       COUNT(*) AS ads
FROM population AS p LEFT JOIN usual AS u ON {value} = u.value
WHERE p.in_period
GROUP BY CAST(p.decision_day AS VARCHAR), COALESCE(u.value, {literal(OTHERS)})"""
    table = _columns(engine, sql)
    if not table.num_rows:
        return None
    ads = np.asarray(table.column("ads").to_numpy(), np.float64)
    return table_of(_days(table), table.column("value").to_pylist(), ads, periods=periods)


def scorer_of(engine: Engine) -> Scorer | None:
    """Find the model with most scores; None where nothing is scored."""
    try:
        found = choose_scorer(engine)
    except DesignError:
        return None
    return None if found.constant else found


def _scores_sql(scorer: Scorer) -> str:
    return (
        "SELECT ad_id, COALESCE(ad_version, 1) AS ad_version, MAX(score) AS score FROM scores"
        f" WHERE model = {literal(scorer.model)} GROUP BY ad_id, COALESCE(ad_version, 1)"
    )


def _bin_sql(scorer: Scorer) -> str:
    low, high = scorer.ends
    place = f"CAST(FLOOR((s.score - {low!r}) / {high - low!r} * {BINS}) AS BIGINT)"
    return (
        f"CASE WHEN s.score IS NULL THEN -1 WHEN {place} >= {BINS} THEN {BINS - 1}"
        f" WHEN {place} < 0 THEN 0 ELSE {place} END"
    )


def read_scores_of_days(
    engine: Engine, scorer: Scorer, *, periods: tuple[Period, Period]
) -> DayTable | None:
    """Count ads by day and bin of their score; values are in the order of the bins."""
    at = _bin_sql(scorer)
    sql = f"""
SELECT CAST(p.decision_day AS VARCHAR) AS day, {at} AS place, COUNT(*) AS ads
FROM population AS p
JOIN ({_scores_sql(scorer)}) AS s ON p.ad_id = s.ad_id AND p.ad_version = s.ad_version
WHERE p.in_period
GROUP BY CAST(p.decision_day AS VARCHAR), {at}"""
    table = _columns(engine, sql)
    if not table.num_rows:
        return None
    day, place = _days(table), np.asarray(table.column("place").to_numpy(), np.intp)
    ads = np.asarray(table.column("ads").to_numpy(), np.float64)
    sides = []
    for period in periods:
        first = _day(period.start)
        inside = (day >= first) & (day < _day(period.end))
        found = np.zeros((period.days, BINS))
        np.add.at(found, (day[inside] - first, place[inside]), ads[inside])
        sides.append(found)
    return DayTable(values=tuple(str(at) for at in range(BINS)), before=sides[0], after=sides[1])


def read_labels_of_days(
    engine: Engine, frame: Frame, columns: Sequence[str], *, scorer: Scorer | None
) -> LabelColumns | None:
    """Read labels with weight, score and values; None where there are none."""
    named = "".join(
        f", COALESCE(CAST(f.{ident(name)} AS VARCHAR), {literal(NO_VALUE)}) AS {ident('_' + name)}"
        for name in columns
    )
    place, joined = "-1", ""
    if scorer is not None:
        place = _bin_sql(scorer)
        joined = (
            f" LEFT JOIN ({_scores_sql(scorer)}) AS s"
            " ON f.ad_id = s.ad_id AND f.ad_version = s.ad_version"
        )
    sql = f"""
SELECT CAST(f.decision_day AS VARCHAR) AS day, f.action, CAST(f.w AS DOUBLE) AS w,
       CASE WHEN f.any_violating THEN 1 ELSE 0 END AS violating, {place} AS place{named}
FROM {frame.table} AS f{joined}
WHERE f.in_period AND f.w > 0"""
    table = _columns(engine, sql)
    if not table.num_rows:
        return None
    return LabelColumns(
        day=_days(table),
        violating=np.asarray(table.column("violating").to_numpy(), np.int64) > 0,
        action=np.asarray(table.column("action").to_pylist(), np.str_),
        weight=np.asarray(table.column("w").to_numpy(), np.float64),
        bin=np.asarray(table.column("place").to_numpy(), np.int64),
        columns={name: table.column("_" + name).to_pylist() for name in columns},
    )


def read_reviewers(engine: Engine, *, periods: tuple[Period, Period]) -> DayTable | None:
    """Count verdicts, and those that say violating, by day and group of reviewers."""
    if "reviewer_group" not in engine.columns("reviews"):
        return None
    group = f"COALESCE(r.reviewer_group, {literal(NO_VALUE)})"
    sql = f"""
SELECT CAST(CAST(r.decided_at AS DATE) AS VARCHAR) AS day, {group} AS value,
       SUM(CASE WHEN r.verdict = 'violating' THEN 1 ELSE 0 END) AS above, COUNT(*) AS below
FROM reviews AS r
WHERE r.verdict IN ('violating', 'compliant') AND r.decided_at IS NOT NULL
  AND COALESCE(r.role, 'L1') <> 'LLM'
  AND COALESCE(r.queue_reason, 'model') NOT IN ('appeal', 'report')
GROUP BY CAST(CAST(r.decided_at AS DATE) AS VARCHAR), {group}"""
    table = _columns(engine, sql)
    if not table.num_rows:
        return None
    sums = np.stack(
        [np.asarray(table.column(name).to_numpy(), np.float64) for name in ("above", "below")],
        axis=1,
    )
    return table_of(_days(table), table.column("value").to_pylist(), sums, periods=periods)


def read_words(engine: Engine, *, periods: tuple[Period, Period]) -> DayTable | None:
    """Count the most frequent words and characters of ads by day, in a sample of forty thousand."""
    known = engine.columns("ads")
    texts = [name for name in _TEXTS if name in known]
    if not texts:
        return None
    day = "CAST(a.created_at AS DATE)"
    inside = " OR ".join(
        f"({day} >= {literal(each.start)} AND {day} < {literal(each.end)})" for each in periods
    )
    (row,) = engine.query(f"SELECT COUNT(*) AS n FROM ads AS a WHERE {inside}").to_pylist()
    part = min(255, max(0, 256 * _MOST_ADS // max(row["n"], 1) - 1))
    sql = f"""
SELECT CAST({day} AS VARCHAR) AS day, {", ".join(f"a.{ident(name)}" for name in texts)}
FROM ads AS a
WHERE ({inside}) AND SUBSTR(MD5(a.ad_id), 1, 2) <= {literal(f"{part:02x}")}"""
    table = _columns(engine, sql)
    if not table.num_rows:
        return None
    reader = TokenReader()
    columns = [table.column(name).cast(pa.large_string()) for name in texts]
    joined = pc.call_function(
        "binary_join_element_wise",
        [*columns, pa.scalar("\n", pa.large_string())],
        pc.JoinOptions(null_handling="skip"),
    )
    reader.add(joined)
    stream = reader.stream()
    return _word_table(stream.tokens & ~np.uint64(1), np.diff(stream.at), _days(table), periods)


def _word_table(
    tokens: NDArray[np.uint64],
    sizes: NDArray[np.int64],
    day: NDArray[np.int64],
    periods: tuple[Period, Period],
) -> DayTable | None:
    words, code, counts = np.unique(tokens, return_inverse=True, return_counts=True)
    if not len(words):
        return None
    usual = np.argsort(-counts, kind="stable")[:_MOST_WORDS]
    place = np.full(len(words), len(usual))
    place[usual] = np.arange(len(usual))
    names = np.char.add("w", place[code].astype(np.str_))
    return table_of(np.repeat(day, sizes), names.tolist(), np.ones(len(tokens)), periods=periods)
