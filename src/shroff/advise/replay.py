"""History under a proposal, counted: cells of ads by what was done and what would be, with labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from shroff.advise.decision_errors import KINDS, kinds_of
from shroff.advise.replay_bins import Sorts, column, lay_sorts
from shroff.domain.metrics import Weight
from shroff.measure.clustered import cluster_sql
from shroff.measure.families import Query
from shroff.measure.frame import ACTIONS, Frame
from shroff.stats.dense import Flags, Ints, add_up
from shroff.stats.proportions import Floats
from shroff.stats.share_draws import Along, CellLabels, cell_labels, spread_of_clusters
from shroff.store.engine import Engine
from shroff.store.rows import rows_table

__all__ = ["Replay", "Seen", "Shown", "read_replay"]

_MEANS_SQL = """
SELECT COALESCE(market, '') AS market, SUM(CAST(impressions AS DOUBLE)) / COUNT(*) AS usual
FROM strategy
WHERE in_period AND action = 'approve' AND becomes = 'approve'
GROUP BY COALESCE(market, '')
"""
_CELLS_SQL = f"""
SELECT x.action, x.becomes, x.line, x.ruled, x.verdict, x.place, COUNT(*) AS n,
       SUM(CAST(x.impressions AS DOUBLE)) AS impressions,
       SUM(CAST(x.impressions AS DOUBLE) * CAST(x.impressions AS DOUBLE)) AS squares,
       SUM(COALESCE(m.usual, 0)) AS usual
FROM strategy AS x
LEFT JOIN ({_MEANS_SQL}) AS m ON COALESCE(x.market, '') = m.market
WHERE x.in_period
GROUP BY x.action, x.becomes, x.line, x.ruled, x.verdict, x.place
ORDER BY 1, 2, 3, 4, 5, 6
"""
_SHOWN_SQL = """
SELECT action, COUNT(*) AS n, SUM(CAST(impressions AS DOUBLE)) AS total,
       SUM(CAST(impressions AS DOUBLE) * CAST(impressions AS DOUBLE)) AS squares
FROM strategy
WHERE in_period
GROUP BY action
ORDER BY action
"""
_ADVERTISERS_SQL = """
SELECT action, becomes, line, ruled, verdict, place, advertiser_id, COUNT(*) AS n
FROM strategy
WHERE in_period AND (action = 'reject' OR becomes = 'reject') AND advertiser_id IS NOT NULL
GROUP BY action, becomes, line, ruled, verdict, place, advertiser_id
"""
_APPEALS_SQL = """
SELECT COUNT(*) AS filed,
       COUNT(CASE WHEN a.outcome IN ('reversed', 'partly_reversed')
                   AND NOT COALESCE(a.edited_resubmit, FALSE) THEN 1 END) AS reversed
FROM (SELECT DISTINCT a.appeal_id, a.outcome, a.edited_resubmit
      FROM appeals AS a
      JOIN strategy AS x ON a.ad_id = x.ad_id AND COALESCE(a.ad_version, 1) = x.ad_version
      WHERE x.in_period AND x.action = 'reject') AS a
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """Labels of one weight, by cell.

    Parameters
    ----------
    cells : CellLabels
        What they say.
    counted : array of shape (cells,)
        Labels there are.
    kinds : array of shape (kinds, cells)
        Their weights, by how they came about (`shroff.advise.decision_errors.KINDS`).
    """

    cells: CellLabels
    counted: Floats
    kinds: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What ads that were treated alike were shown.

    Parameters
    ----------
    action : str
        What was done.
    n, total, squares : float
        Ads, impressions, and squares of impressions.
    """

    action: str
    n: float
    total: float
    squares: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """What was done, what would be, and what labels say of it.

    Parameters
    ----------
    was, becomes : array of int, shape (cells,)
        Action, an index of `ACTIONS`.
    reviewed : array of bool, shape (cells,)
        Whether people said what the ads are.
    ads, impressions, squares, usual : array of shape (cells,)
        Ads; what they were shown, and squares of it; what as many approved ads of their markets
        were.
    labels, viewed : Seen
        Labels as ads count, and as impressions do.
    shown : tuple of Shown
        Impressions of ads that were treated alike.
    members : array of int, shape (3, k)
        Cell, advertiser and ads, of ads that were or would be rejected.
    filed, reversed : int
        Appeals against rejects, and those that won.
    queries : tuple of Query
        What was run.
    """

    was: Ints
    becomes: Ints
    reviewed: Flags
    ads: Floats
    impressions: Floats
    squares: Floats
    usual: Floats
    labels: Seen
    viewed: Seen
    shown: tuple[Shown, ...]
    members: Ints
    filed: int
    reversed: int
    queries: tuple[Query, ...]

    def cells(self, *, was: Sequence[str] = ACTIONS, becomes: Sequence[str] = ACTIONS) -> Flags:
        """Say which cells were treated so, and would be treated so."""
        first = np.isin(self.was, [ACTIONS.index(each) for each in was])
        then = np.isin(self.becomes, [ACTIONS.index(each) for each in becomes])
        chosen: Flags = first & then
        return chosen

    @property
    def flips(self) -> Flags:
        """Say in which cells what is done would change."""
        flips: Flags = self.was != self.becomes
        return flips


def read_replay(engine: Engine, frames: dict[Weight, Frame]) -> Replay:
    """Count a replay; ``strategy`` and the label frames stand.

    Parameters
    ----------
    engine : Engine
        Where they stand.
    frames : dict of Frame
        Labels as ads count, and as impressions do.

    Returns
    -------
    Replay
        The counts.
    """
    table = engine.query(_CELLS_SQL)
    asked = [_labels_sql(frame) for frame in frames.values()]
    found = {weight: rows_table(engine, sql) for weight, sql in zip(frames, asked, strict=True)}
    sorts, ads = lay_sorts(table, found[Weight.ADS])
    size = len(ads.was)

    def seen(weight: Weight) -> Seen:
        return _seen(found[weight], sorts, along=ads.along)

    def summed(name: str) -> Floats:
        return add_up(ads.cell, column(table, name), size=size)

    counted = engine.query(_APPEALS_SQL).to_pylist()[0]
    return Replay(
        was=ads.was, becomes=ads.becomes, reviewed=ads.reviewed,
        ads=summed("n"), impressions=summed("impressions"), squares=summed("squares"),
        usual=summed("usual"),
        labels=seen(Weight.ADS), viewed=seen(Weight.IMPRESSIONS),
        shown=tuple(_shown(row) for row in engine.query(_SHOWN_SQL).to_pylist()),
        members=_members(engine, sorts),
        filed=int(counted["filed"] or 0), reversed=int(counted["reversed"] or 0),
        queries=(Query("ads by what was and would be done", _CELLS_SQL), Query("labels", asked[0])),
    )  # fmt: skip


def _shown(row: dict[str, Any]) -> Shown:
    return Shown(
        action=str(row["action"]),
        n=float(row["n"]),
        total=float(row["total"] or 0.0),
        squares=float(row["squares"] or 0.0),
    )


def _labels_sql(frame: Frame) -> str:
    designs = [s.design for s in frame.sources if s.design is not None]
    measure = "1" if frame.weight is Weight.ADS else "CAST(f.impressions AS DOUBLE)"
    return f"""
SELECT x.action, x.becomes, x.line, x.ruled, x.verdict, x.place, f.any_violating AS violating,
       f.w * {measure} AS w, f.cluster, f.tier
FROM (SELECT decision_id, any_violating, w, impressions, in_period, tier,
             {cluster_sql(designs)} AS cluster
      FROM {frame.table}) AS f
JOIN strategy AS x ON f.decision_id = x.decision_id
WHERE x.in_period AND f.w * {measure} > 0
"""


def _seen(labels: pa.Table, sorts: Sorts, *, along: Along) -> Seen:
    cell = sorts.find(labels)
    known = cell >= 0
    cell = cell[known]
    violating = column(labels, "violating")[known] > 0
    weight = column(labels, "w")[known]
    coded = labels.column("cluster").combine_chunks().dictionary_encode()
    cluster = coded.indices.to_numpy(zero_copy_only=False).astype(np.intp)[known]
    size = len(along.at)
    spread = spread_of_clusters(cell, violating, weight, cluster=cluster, cells=size)
    told = cell_labels(cell, violating, weight, along=along, spread=spread)
    queued = np.array(labels.column("action").to_pylist(), dtype=object)[known] == "review"
    kind = kinds_of(column(labels, "tier")[known].astype(np.int64), queued)
    kinds = np.bincount(kind * size + cell, weight, minlength=KINDS * size).astype(np.float64)
    return Seen(
        cells=told,
        counted=np.bincount(cell, minlength=size).astype(np.float64),
        kinds=kinds.reshape(KINDS, size),
    )


def _members(engine: Engine, sorts: Sorts) -> Ints:
    table = rows_table(engine, _ADVERTISERS_SQL)
    coded = table.column("advertiser_id").combine_chunks().dictionary_encode()
    members: Ints = np.stack(
        [
            sorts.find(table),
            coded.indices.to_numpy(zero_copy_only=False).astype(np.intp),
            column(table, "n").astype(np.intp),
        ]
    )
    return members[:, members[0] >= 0]
