"""Complaints and notices of a period, counted in full."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from shroff.domain.messages import Message
from shroff.domain.slices import EVERYTHING
from shroff.measure.blocks import Block, pack, unknown
from shroff.measure.brief import Brief
from shroff.measure.regulatory_facts import complaints_sql, notices_sql
from shroff.stats.estimate import Estimate, Status
from shroff.store.engine import Engine

__all__ = ["OUTCOMES", "complaint_blocks", "median_of", "notice_blocks"]

OUTCOMES = ("upheld", "partly_reversed", "reversed", "omitted")
"""How complaints end."""

Row = Mapping[str, object]


def complaint_blocks(engine: Engine, brief: Brief) -> tuple[list[Block], str]:
    """Count complaints filed in the period, and the outcomes of those decided in it.

    Parameters
    ----------
    engine : Engine
        Where the logs are.
    brief : Brief
        Period and end of the logs.

    Returns
    -------
    list of Block, str
        ``complaints_...`` for all, ``visibility_...`` for those against a rejection or
        restriction; the query. Filed and decided are two cohorts and do not add up.
    """
    if "appeals" not in engine.snapshot:
        why = Message("scorecard.no_log", {"table": "appeals"})
        return [unknown(f"complaints_{name}", why) for name in ("filed", *OUTCOMES)], ""
    query = complaints_sql(brief)
    rows = engine.query(query).to_pylist()
    shown = [row for row in rows if row["kind"] == "visibility"]
    return [*_blocks("complaints", rows, brief), *_blocks("visibility", shown, brief)], query


def _blocks(name: str, rows: Sequence[Row], brief: Brief) -> list[Block]:
    done = [row for row in rows if row["decided"] and row["outcome"] != "open"]
    edited = _total(row for row in done if row["edited"])
    notes = (Message("scorecard.appeal_edited", {"edited": edited}),) if edited else ()
    counts = {"filed": _total(row for row in rows if row["filed"])}
    counts |= {
        outcome: _total(r for r in done if r["outcome"] == outcome and not r["edited"])
        for outcome in OUTCOMES
    }
    blocks = [
        pack(
            f"{name}_{key}",
            [(EVERYTHING, _counted(number, brief, caveats=notes if key != "filed" else ()))],
            dimensions=(),
            level=brief.level,
        )
        for key, number in counts.items()
    ]
    median = pack(
        f"{name}_median_hours",
        [(EVERYTHING, _median(done, brief))],
        dimensions=(),
        level=brief.level,
    )
    return [*blocks, median]


def _total(rows: Iterable[Row]) -> int:
    return sum(int(str(row["appeals"])) for row in rows)


def _counted(number: int, brief: Brief, *, caveats: tuple[Message, ...] = ()) -> Estimate:
    value = float(number)
    return Estimate(
        value=value,
        low=value,
        high=value,
        level=brief.level,
        status=Status.COUNT,
        method="count",
        n=number,
        design="every complaint",
        caveats=caveats,
    )


def _median(done: Sequence[Row], brief: Brief) -> Estimate:
    timed = [row for row in done if row["minutes"] is not None]
    minutes = np.array([int(str(row["minutes"])) for row in timed], dtype=np.float64)
    times = np.array([int(str(row["appeals"])) for row in timed], dtype=np.int64)
    if not len(minutes):
        return Estimate(
            value=None,
            low=None,
            high=None,
            level=brief.level,
            status=Status.UNKNOWN,
            method="median",
            n=0,
            caveats=(Message("regulatory.none_decided"),),
        )
    hours = median_of(minutes, times) / 60
    return Estimate(
        value=hours,
        low=hours,
        high=hours,
        level=brief.level,
        status=Status.COUNT,
        method="median",
        n=int(times.sum()),
        design="every complaint decided in the period",
    )


def median_of(values: np.ndarray, times: np.ndarray) -> float:
    """Find the median of values that occur several times.

    Parameters
    ----------
    values : array of shape (k,)
        Values.
    times : array of int, shape (k,)
        How often each occurs; at least one in all.

    Returns
    -------
    float
        The middle value, or the mean of the two in the middle.

    Examples
    --------
    >>> median_of(np.array([5.0, 1.0, 2.0]), np.array([1, 2, 1]))
    1.5
    """
    order = np.argsort(values)
    upto = np.cumsum(times[order])
    total = int(upto[-1])
    ends = np.searchsorted(upto, [(total - 1) // 2, total // 2], side="right")
    return float(values[order][ends].mean())


def notice_blocks(engine: Engine, brief: Brief) -> tuple[list[Block], str]:
    """Count notices of the period that a person looked at.

    Parameters
    ----------
    engine : Engine
        Where the logs are.
    brief : Brief
        Period and end of the logs.

    Returns
    -------
    list of Block, str
        ``notices_...`` for all, ``trusted_notices_...`` for trusted flaggers'; the query. Whether
        the others were processed by automation alone the logs do not tell.
    """
    if "reports" not in engine.snapshot:
        why = Message("scorecard.no_log", {"table": "reports"})
        return [unknown("notices_filed", why)], ""
    query = notices_sql(brief)
    rows = engine.query(query).to_pylist()
    trusted = [row for row in rows if row["source"] == "trusted_flagger"]
    blocks = [
        pack(
            f"{name}_{key}",
            [(EVERYTHING, _counted(sum(int(row[key]) for row in chosen), brief))],
            dimensions=(),
            level=brief.level,
        )
        for name, chosen in (("notices", rows), ("trusted_notices", trusted))
        for key in ("filed", "with_people")
    ]
    return blocks, query
