"""Review tasks of the period: their table, and which columns they can be sliced by."""

from __future__ import annotations

from datetime import datetime

from shroff.domain.slices import Period
from shroff.measure.population import kept_columns, week_sql
from shroff.store.engine import Engine
from shroff.store.sql import literal

__all__ = ["build_tasks", "task_dimensions", "tasks_sql"]

_NOT_SLICES = frozenset(
    {
        "policies",
        "title",
        "body",
        "ocr_text",
        "asr_text",
        "landing_url",
        "landing_final_url",
        "media_ref",
        "thumbnail_ref",
        "reviewer_id",
    }
)
_KEYS = frozenset({"review_id", "ad_id", "ad_version", "active_ms", "sampling_prob"})
_OURS = frozenset({"capped_ms", "done", "done_code", "entered", "left_queue", "minutes", "week"})
"""Columns that tasks add: a column of the user's of that name gets a ``_`` behind."""
IDLE_CAP_MS = 30 * 60 * 1000
"""Active time of one task is capped here: an idle tab is not work."""


def task_dimensions(engine: Engine) -> tuple[str, ...]:
    """Name the columns that review tasks can be sliced by; never the reviewer."""
    names = [
        name
        for table in ("reviews", "ads")
        for types in [engine.columns(table)]
        for name, theirs in _taken(engine, table).items()
        if theirs not in _KEYS and not types[theirs].startswith("TIMESTAMP")
    ]
    return tuple(dict.fromkeys((*names, "week")))


def _taken(engine: Engine, table: str) -> dict[str, str]:
    """Give the columns that tasks keep: the name each has here, and its own."""
    return {
        f"{name}_" if name.lower() in _OURS else name: name
        for name in engine.columns(table)
        if name not in _NOT_SLICES
    }


def tasks_sql(engine: Engine, period: Period, *, as_of: datetime, week_starts: str) -> str:
    """Write the query for the review tasks that entered a queue in the period.

    Parameters
    ----------
    engine : Engine
        Where the logs are.
    period : Period
        Days in which tasks entered a queue, or were decided.
    as_of : datetime
        When the logs end; a task that is open then has lasted at least so long.
    week_starts : str
        First day of a week.

    Returns
    -------
    str
        A SELECT with one row a task.
    """
    reviews, ads = _taken(engine, "reviews"), _taken(engine, "ads")
    new = {name: theirs for name, theirs in ads.items() if name not in reviews}
    columns = [
        *kept_columns(engine, "reviews", alias="r", columns=reviews),
        *kept_columns(engine, "ads", alias="a", columns=new),
    ]
    start, end, now = literal(_midnight(period, 0)), literal(_midnight(period, 1)), literal(as_of)
    # epoch() differs between engines; a difference of timestamps in minutes is taken as text once
    minutes = "DATE_DIFF('minute', {since}, {until})"
    waited = minutes.format(since="r.enqueued_at", until=f"COALESCE(r.decided_at, {now})")
    return f"""
SELECT {", ".join(columns)},
       {week_sql("r.enqueued_at", week_starts)} AS week,
       r.decided_at IS NOT NULL AS done,
       CASE WHEN {waited} < 0 THEN 0 ELSE {waited} END AS minutes,
       CASE WHEN r.active_ms > {IDLE_CAP_MS} THEN {IDLE_CAP_MS} ELSE r.active_ms END AS capped_ms,
       COALESCE(r.enqueued_at >= {start} AND r.enqueued_at < {end}, FALSE) AS entered,
       COALESCE(r.decided_at >= {start} AND r.decided_at < {end}, FALSE) AS left_queue
FROM reviews AS r
LEFT JOIN ads AS a ON r.ad_id = a.ad_id AND COALESCE(r.ad_version, 1) = a.ad_version
WHERE COALESCE(r.role, 'L1') <> 'LLM'
  AND ((r.enqueued_at >= {start} AND r.enqueued_at < {end})
       OR (r.decided_at >= {start} AND r.decided_at < {end}))
"""


def _midnight(period: Period, end: int) -> datetime:
    day = period.end if end else period.start
    return datetime(day.year, day.month, day.day)  # noqa: DTZ001  (literal() reads it as UTC)


def build_tasks(engine: Engine, period: Period, *, as_of: datetime, week_starts: str) -> str:
    """Make the table ``tasks`` for this session.

    Parameters
    ----------
    engine : Engine
        Where the logs are.
    period : Period
        Days measured.
    as_of : datetime
        When the logs end.
    week_starts : str
        First day of a week.

    Returns
    -------
    str
        The query that made it.
    """
    query = tasks_sql(engine, period, as_of=as_of, week_starts=week_starts)
    engine.materialise("tasks", query)
    return query
