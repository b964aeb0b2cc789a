"""Who appealed, and who won: by the cohort of the action, with open windows censored."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from shroff.domain.messages import Message
from shroff.domain.metrics import Metric
from shroff.measure.blocks import Block
from shroff.measure.brief import Brief
from shroff.measure.counts import Cube, count
from shroff.measure.flow import counted
from shroff.measure.ground import ROWS, Ground
from shroff.stats.estimate import Estimates, Status
from shroff.stats.survival import Durations, cumulative_incidence
from shroff.store.engine import Engine
from shroff.store.sql import ident, literal

__all__ = ["appeals", "settled_sql"]

_APPEALED = """
  SELECT decision_id, COUNT(*) AS filed,
         SUM(CASE WHEN outcome IS NOT NULL THEN 1 ELSE 0 END) AS decided,
         SUM(CASE WHEN outcome IS NOT NULL AND NOT COALESCE(edited_resubmit, FALSE)
                  THEN 1 ELSE 0 END) AS clean,
         SUM(CASE WHEN outcome IN ('reversed', 'partly_reversed')
                   AND NOT COALESCE(edited_resubmit, FALSE) THEN 1 ELSE 0 END) AS won,
         SUM(CASE WHEN COALESCE(edited_resubmit, FALSE) THEN 1 ELSE 0 END) AS edited,
         MIN(wait_days) AS wait_days
  FROM (
    SELECT own.decision_id, ap.outcome, ap.edited_resubmit,
           CASE WHEN ap.filed_at < own.decided_at THEN 0
                ELSE DATE_DIFF('day', own.decided_at, ap.filed_at) END AS wait_days
    FROM (
      SELECT x.ad_id, x.filed_at, x.outcome, x.edited_resubmit,
             COALESCE(x.decision_id, y.decision_id) AS decision_id
      FROM appeals AS x
      LEFT JOIN (SELECT ad_id, ad_version, MIN(decision_id) AS decision_id
                 FROM {rows} WHERE action IN ('reject', 'restrict')
                 GROUP BY ad_id, ad_version) AS y
        ON x.ad_id = y.ad_id AND COALESCE(x.ad_version, 1) = y.ad_version
    ) AS ap
    JOIN {rows} AS own ON ap.decision_id = own.decision_id AND ap.ad_id = own.ad_id
  ) AS matched
  GROUP BY decision_id"""
"""Appeals by the decision they are against; one that names none is against the first of its ad."""

_OPEN = """CASE WHEN DATE_DIFF('day', p.decided_at, {now}) < {window}
              THEN DATE_DIFF('day', p.decided_at, {now}) ELSE {window} END"""
_SINGLE = """
  SELECT {columns}, {sign} AS n, a.filed, a.decided, a.clean, a.won, a.edited,
         CASE WHEN a.wait_days < {window} THEN 1 ELSE 0 END AS event,
         CASE WHEN a.wait_days < {window} THEN a.wait_days
              ELSE {open} END AS waited
  FROM {rows} AS p
  {join} ON p.decision_id = a.decision_id
  WHERE p.in_period AND p.action IN ('reject', 'restrict')"""
_COUNTED = """
  SELECT {columns}, {sign} AS n, 0 AS filed, 0 AS decided, 0 AS clean, 0 AS won, 0 AS edited,
         0 AS event, {open} AS waited
  FROM {source} AS p
  WHERE p.in_period AND p.action IN ('reject', 'restrict')"""

_SUMS = {
    "actions": "SUM(n)",
    "filed": "SUM(COALESCE(filed, 0))",
    "settled": "SUM(COALESCE(decided, 0))",
    "edited": "SUM(COALESCE(edited, 0))",
    "clean": "SUM(COALESCE(clean, 0))",
    "won": "SUM(COALESCE(won, 0))",
    "wrong": "SUM(CASE WHEN won > 0 THEN 1 ELSE 0 END)",
}


def appeals(
    engine: Engine,
    brief: Brief,
    metrics: Sequence[Metric],
    *,
    slicings: Sequence[tuple[str, ...]],
    ground: Ground = ROWS,
) -> tuple[list[Block], list[str]]:
    """Measure appeals against the machine's rejects and restrictions of the period.

    Parameters
    ----------
    engine : Engine
        Where the table ``population`` is.
    brief : Brief
        End of the logs and appeal window.
    metrics : sequence of Metric
        Appeal metrics wanted.
    slicings : sequence of tuple of str
        Sets of dimensions.
    ground : Ground
        What the population is counted on.

    Returns
    -------
    list of Block, list of str
        The figures and the query that gave them.
    """
    source = _source(brief, slicings, ground=ground)
    keys = ("event", "waited")
    cube = _occurring(
        count(engine, source, slicings=slicings, keys=keys, sums=_SUMS, ground=ground)
    )
    wanted = {metric.id for metric in metrics}
    blocks = _counted_blocks(cube, brief, wanted)
    if "appeal_rate" in wanted and len(cube.group):
        blocks += _rates(cube, brief)
    return blocks, [cube.query]


def _source(brief: Brief, slicings: Sequence[tuple[str, ...]], *, ground: Ground) -> str:
    """Write the query of the actions of the period, one by one or those alike together."""
    window = brief.appeal_window_days
    waits = _OPEN.format(window=window, now=literal(brief.as_of))
    names = dict.fromkeys(n for s in slicings for n in s if n != "policy")
    columns = ", ".join([*(f"p.{ident(name)}" for name in names), "p.policy_id AS policy"])
    shared = {"window": window, "open": waits, "rows": ground.rows}
    appealed = f"({_APPEALED.format(rows=ground.rows)}) AS a"
    if not ground.cuts:
        single = _SINGLE.format(columns=columns, sign=1, join=f"LEFT JOIN {appealed}", **shared)
        return f"({single}) AS cohort"
    # all as if nobody had appealed; then those who did once less so, and once as they are
    columns += ", p._cut"
    every = ", ".join(f"({cut})" for cut in ground.cuts.values())
    spread = f"(SELECT * FROM {ground.rows} CROSS JOIN (VALUES {every}) AS every_(_cut))"
    shared["rows"] = spread
    known = f"(SELECT * FROM {spread} AS r WHERE r.decision_id IN (SELECT decision_id FROM {appealed}))"
    parts = [
        _COUNTED.format(columns=columns, sign="p.ads", source="population", open=waits),
        _COUNTED.format(columns=columns, sign=-1, source=known, open=waits),
        _SINGLE.format(columns=columns, sign=1, join=f"JOIN {appealed}", **shared),
    ]
    return f"({' UNION ALL '.join(parts)}) AS cohort"


def settled_sql(brief: Brief, columns: Iterable[str], *, ground: Ground = ROWS) -> str:
    """Write the query of the settled appeals against the actions of the period.

    Parameters
    ----------
    brief : Brief
        End of the logs and appeal window.
    columns : iterable of str
        Columns of single ads.
    ground : Ground
        What the population is counted on.

    Returns
    -------
    str
        A query in parentheses with an alias: those columns, ``lost`` (1 where the machine was
        overturned, else 0) and ``settled``, how many appeals of the ad ended so. An ad that was edited
        for its appeal does not count.
    """
    single = _SINGLE.format(
        columns=", ".join(f"p.{ident(name)}" for name in columns),
        sign=1,
        window=brief.appeal_window_days,
        open=0,
        rows=ground.rows,
        join=f"JOIN ({_APPEALED.format(rows=ground.rows)}) AS a",
    )
    return f"""(
SELECT cohort.*, 1 AS lost, won AS settled FROM ({single}) AS cohort
UNION ALL
SELECT cohort.*, 0 AS lost, clean - won AS settled FROM ({single}) AS cohort) AS ended"""


def _occurring(cube: Cube) -> Cube:
    kept = cube.columns["actions"] > 0
    columns = {name: values[kept] for name, values in cube.columns.items()}
    return replace(cube, group=cube.group[kept], columns=columns)


def _totals(cube: Cube) -> dict[str, np.ndarray]:
    size = len(cube.slices)
    return {
        name: np.bincount(cube.group, weights=cube.columns[name], minlength=size) for name in _SUMS
    }


def _counted_blocks(cube: Cube, brief: Brief, wanted: set[str]) -> list[Block]:
    sums = _totals(cube)
    pairs = {
        "overturns_per_appeal": (sums["won"], sums["clean"]),
        "appeal_error_floor": (sums["wrong"], sums["actions"]),
    }
    notes = {place: _notes(sums, place) for place in range(len(cube.slices))}
    return [
        Block(
            metric=metric,
            dimensions=slicing,
            slices=cube.slices[first:last],
            estimates=counted(above, below, level=brief.level).part(first, last),
            status=(Status.COUNT,) * (last - first),
            design="every appeal against the actions of the period",
            notes={place - first: notes[place] for place in range(first, last) if notes[place]},
        )
        for metric, (above, below) in pairs.items()
        if metric in wanted
        for slicing, (first, last) in cube.spans.items()
    ]


def _notes(sums: dict[str, np.ndarray], place: int) -> tuple[Message, ...]:
    filed, settled, edited = (int(sums[name][place]) for name in ("filed", "settled", "edited"))
    notes = []
    if settled < filed:
        notes.append(Message("scorecard.appeal_open", {"open": filed - settled, "filed": filed}))
    if edited:
        notes.append(Message("scorecard.appeal_edited", {"edited": edited}))
    return tuple(notes)


def _rates(cube: Cube, brief: Brief) -> list[Block]:
    """Estimate the share appealed when the window closes, young actions censored."""
    waited = cube.columns["waited"]
    followed = min(int(waited.max(initial=0)), brief.appeal_window_days)
    young = np.where(
        (cube.columns["event"] <= 0) & (waited < brief.appeal_window_days),
        cube.columns["actions"],
        0.0,
    )
    open_windows = np.bincount(cube.group, weights=young, minlength=len(cube.slices))
    figures = _incidence(cube, brief, followed=followed)
    figures = replace(
        figures,
        low=np.where(open_windows > 0, figures.low, figures.value),
        high=np.where(open_windows > 0, figures.high, figures.value),
    )
    short = followed < brief.appeal_window_days
    unsure = Status.PROXY if short else Status.ESTIMATE
    status = [unsure if n else Status.COUNT for n in open_windows]
    notes = _window_notes(cube, brief, open_windows=open_windows)
    return [
        Block(
            metric="appeal_rate",
            dimensions=slicing,
            slices=cube.slices[first:last],
            estimates=figures.part(first, last),
            status=tuple(status[first:last]),
            design="every action of the period, open windows censored",
            caveats=(_short_note(followed, brief),) if short else (),
            notes={p - first: note for p, note in notes.items() if first <= p < last},
        )
        for slicing, (first, last) in cube.spans.items()
    ]


def _incidence(cube: Cube, brief: Brief, *, followed: int) -> Estimates:
    event, actions = cube.columns["event"] > 0, cube.columns["actions"]
    durations = Durations(
        group=cube.group,
        value=cube.columns["waited"],
        ended=np.where(event, actions, 0.0),
        censored=np.where(event, 0.0, actions),
    )
    return cumulative_incidence(
        durations, horizon=float(followed), groups=len(cube.slices), level=brief.level
    )


def _window_notes(
    cube: Cube, brief: Brief, *, open_windows: np.ndarray
) -> dict[int, tuple[Message, ...]]:
    """Say, slice by slice, how many actions could still be appealed."""
    total = np.bincount(cube.group, weights=cube.columns["actions"], minlength=len(cube.slices))
    days = brief.appeal_window_days
    return {
        place: (
            Message(
                "scorecard.appeal_window",
                {"young": int(young), "actions": int(total[place]), "days": days},
            ),
        )
        for place, young in enumerate(open_windows)
        if young
    }


def _short_note(followed: int, brief: Brief) -> Message:
    return Message(
        "scorecard.appeal_short", {"followed": followed, "days": brief.appeal_window_days}
    )
