"""What an LLM said of the ads that lines decide, what asking it costs, and how long people take."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from shroff.advise.cascade_answers import ANSWERS, answers_sql
from shroff.advise.decision_cells import DecisionCells
from shroff.advise.decision_queries import BINS, names_of
from shroff.advise.label_sums import LabelSums
from shroff.domain.labels import DesignKind
from shroff.errors import DataError
from shroff.measure.brief import Brief
from shroff.store.engine import Engine
from shroff.store.rows import rows
from shroff.store.sql import ident, literal
from shroff.watch.campaign_ads import TEXTS, texts_of
from shroff.watch.near_copies import NearCopies, near_copies

__all__ = ["LlmReading", "Waits", "read_llm"]

Floats = npt.NDArray[np.float64]

_LIKE_CALLS = 20.0
_LLMS = """
SELECT j.model, j.version, COUNT(*) AS calls, MAX(j.judged_at) AS last_at,
       MIN(CASE WHEN COALESCE(j.shadow, FALSE) THEN 1 ELSE 0 END) AS only_shadow,
       MAX(CASE WHEN a.ad_id IS NULL THEN 0 ELSE 1 END) AS on_lines
FROM judgements AS j
JOIN (SELECT DISTINCT ad_id, ad_version FROM population WHERE in_period) AS p
  ON j.ad_id = p.ad_id AND COALESCE(j.ad_version, 1) = p.ad_version
LEFT JOIN (SELECT DISTINCT ad_id, ad_version FROM advised WHERE lane = 'model') AS a
  ON j.ad_id = a.ad_id AND COALESCE(j.ad_version, 1) = a.ad_version
GROUP BY j.model, j.version
ORDER BY j.model, j.version
"""
_WAITS = """
SELECT QUANTILE_CONT(waited, 0.5) AS middle, QUANTILE_CONT(waited, 0.95) AS late,
       AVG(waited) AS mean, COUNT(*) AS n
FROM (SELECT CAST(DATE_DIFF('minute', r.enqueued_at, r.decided_at) AS DOUBLE) * 60 AS waited
      FROM reviews AS r
      JOIN advised AS a ON r.ad_id = a.ad_id AND COALESCE(r.ad_version, 1) = a.ad_version
      WHERE a.lane = 'model' AND a.action = 'review' AND r.decided_at >= r.enqueued_at
        AND COALESCE(r.role, 'L1') <> 'LLM'
        AND COALESCE(r.queue_reason, 'model') IN ('model', 'rule')) AS waits
"""


@dataclass(frozen=True, slots=True)
class Waits:
    """How long something took, in seconds; not a number where nothing tells.

    Parameters
    ----------
    mean, middle, late : float
        Mean, median, 95th percentile.
    n : int
        How often it was timed.
    """

    mean: float
    middle: float
    late: float
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LlmReading:
    """What is known of an LLM on the ads of a period.

    Parameters
    ----------
    model, version : str
        Which one.
    shadow : bool
        Whether it only ran in shadow.
    judged : array of shape (`ANSWERS` + 1, cells, bins)
        Ads by its answer; the last holds refusals, failures and answers that it cannot be told.
    labels : LabelSums
        Labels of judged ads; the cell counts answers before cells.
    calls : array of shape (cells, bins)
        Calls: ads of equal wording, or near-copies, are asked about once.
    price, seconds : array of shape (cells,)
        Of one call.
    currency : str
        Unit of the price.
    latency, turnaround : Waits
        Of one call, and of a review task.
    """

    model: str
    version: str
    shadow: bool
    judged: Floats
    labels: LabelSums
    calls: Floats
    price: Floats
    seconds: Floats
    currency: str
    latency: Waits
    turnaround: Waits


def _answered_sql(by: Sequence[str]) -> str:
    names = names_of(by)
    return f"""
SELECT a.bin, r.place{names}, COUNT(*) AS ads
FROM advised AS a
JOIN llm_answers AS r ON a.ad_id = r.ad_id AND a.ad_version = r.ad_version
WHERE a.lane = 'model'
GROUP BY a.bin, r.place{names}
ORDER BY a.bin, r.place{names}
"""


def _labelled_sql(by: Sequence[str], table: str) -> str:
    """Write the query for labels of judged ads: drawn ones, and a queue's own on the rest."""
    names = "".join(f", a.{ident('_' + name)}" for name in by)
    return f"""
SELECT a.bin, r.place{names}, COUNT(*) AS n, SUM(f.w) AS w, SUM(f.w * f.w) AS w2,
       SUM(CASE WHEN f.any_violating THEN f.w ELSE 0 END) AS hits
FROM {table} AS f
JOIN advised AS a ON f.ad_id = a.ad_id AND f.ad_version = a.ad_version
                 AND COALESCE(f.market, '') = a.in_market
JOIN llm_answers AS r ON a.ad_id = r.ad_id AND a.ad_version = r.ad_version
WHERE f.in_period AND a.lane = 'model'
GROUP BY a.bin, r.place{names}
ORDER BY a.bin, r.place{names}
"""


def _queued_sql(by: Sequence[str], table: str) -> str:
    names = "".join(f", a.{ident('_' + name)}" for name in by)
    return f"""
SELECT a.bin, r.place{names}, COUNT(*) AS n, CAST(COUNT(*) AS DOUBLE) AS w,
       CAST(COUNT(*) AS DOUBLE) AS w2,
       CAST(SUM(CASE WHEN a.queue_verdict = 'violating' THEN 1 ELSE 0 END) AS DOUBLE) AS hits
FROM advised AS a
JOIN llm_answers AS r ON a.ad_id = r.ad_id AND a.ad_version = r.ad_version
LEFT JOIN (SELECT DISTINCT ad_id, ad_version FROM {table} WHERE in_period) AS f
  ON a.ad_id = f.ad_id AND a.ad_version = f.ad_version
WHERE a.lane = 'model' AND a.action = 'review' AND a.queue_verdict IS NOT NULL
  AND f.ad_id IS NULL
GROUP BY a.bin, r.place{names}
ORDER BY a.bin, r.place{names}
"""


def _wordings_sql(by: Sequence[str]) -> str:
    """Write the query for the distinct creatives of each cell and bin, which are judged once."""
    names = "".join(f", a.{ident('_' + name)}" for name in by)
    return f"""
SELECT a.bin{names},
       COUNT(DISTINCT COALESCE(x.creative_hash, a.ad_id || '/' || CAST(a.ad_version AS VARCHAR)))
         AS wordings
FROM advised AS a
JOIN ads AS x ON a.ad_id = x.ad_id AND a.ad_version = COALESCE(x.ad_version, 1)
WHERE a.lane = 'model'
GROUP BY a.bin{names}
ORDER BY a.bin{names}
"""


def _texts_sql(by: Sequence[str]) -> str:
    """Write the query for what the ads of each cell and bin say."""
    names = "".join(f", a.{ident('_' + name)}" for name in by)
    texts = ", ".join(f"x.{name}" for name in TEXTS)
    return f"""
SELECT a.bin{names}, {texts}
FROM advised AS a
JOIN ads AS x ON a.ad_id = x.ad_id AND a.ad_version = COALESCE(x.ad_version, 1)
WHERE a.lane = 'model'
ORDER BY a.ad_id, a.ad_version, a.in_market
"""


def _calls_sql(by: Sequence[str], model: str, version: str) -> str:
    names = "".join(f", a.{ident('_' + name)}" for name in by)
    return f"""
SELECT MAX(j.currency) AS currency{names}, COUNT(*) AS calls, SUM(j.cost) AS cost,
       SUM(j.latency_ms) / 1000.0 AS seconds
FROM judgements AS j
JOIN advised AS a ON j.ad_id = a.ad_id AND COALESCE(j.ad_version, 1) = a.ad_version
WHERE j.copy_of IS NULL AND a.lane = 'model'
  AND j.model = {literal(model)} AND COALESCE(j.version, '') = {literal(version)}
{"GROUP BY " + names[2:] if names else ""}
ORDER BY {names[2:] or "calls"}
"""


def _latency_sql(model: str, version: str) -> str:
    return f"""
SELECT QUANTILE_CONT(seconds, 0.5) AS middle, QUANTILE_CONT(seconds, 0.95) AS late,
       AVG(seconds) AS mean, COUNT(*) AS n
FROM (SELECT CAST(j.latency_ms AS DOUBLE) / 1000 AS seconds
      FROM judgements AS j
      JOIN advised AS a ON j.ad_id = a.ad_id AND COALESCE(j.ad_version, 1) = a.ad_version
      WHERE j.copy_of IS NULL AND j.model = {literal(model)}
        AND COALESCE(j.version, '') = {literal(version)}) AS timed
"""


def read_llm(
    engine: Engine,
    brief: Brief,
    cells: DecisionCells,
    *,
    model: str = "",
    version: str = "",
    alike: float | None = None,
) -> LlmReading:
    """Read what an LLM said.

    Parameters
    ----------
    engine : Engine
        Where the logs are; the tables that `read_cells` made stand.
    brief : Brief
        Period.
    cells : DecisionCells
        Cells of the cheap score.
    model, version : str
        Which LLM; when empty, the one that judged last, shadow versions after live ones, and those
        that judged no ad that lines decide after all others.

    Returns
    -------
    LlmReading
        Answers, labels, prices, times.

    Raises
    ------
    DataError
        If no ad of the period was judged by it.
    """
    whose = _whose(engine, brief, model=model, version=version)
    name, told = str(whose["model"]), str(whose["version"] or "")
    engine.materialise("llm_answers", answers_sql(name, told))
    place = _Places(cells)
    labels = [engine.query(_labelled_sql(cells.by, cells.frame.table))]
    if any(design.kind is DesignKind.CENSUS for design in brief.designs):
        labels.append(engine.query(_queued_sql(cells.by, cells.frame.table)))
    judged = place.answered(engine.query(_answered_sql(cells.by)))
    spent = place.spent(engine.query(_calls_sql(cells.by, name, told)))
    found = LlmReading(
        model=name,
        version=told,
        shadow=bool(whose["only_shadow"]),
        judged=judged,
        labels=place.labelled(labels, cells.labels),
        calls=_calls(engine, cells, place, alike=alike),
        latency=_waits(engine.query(_latency_sql(name, told))),
        turnaround=_waits(engine.query(_WAITS)),
        **spent,
    )
    if not judged.sum():
        raise DataError(
            f"{name} {told} judged none of the ads that lines decide",
            hint="shroff models judge --shadow judges a sample of them",
        )
    return found


def _calls(engine: Engine, cells: DecisionCells, place: _Places, *, alike: float | None) -> Floats:
    """Count the calls of each cell and bin: wordings, or sets of near-copies."""
    ads = cells.ads.sum(axis=0)
    if alike is None:
        return place.wordings(engine.query(_wordings_sql(cells.by)), ads)
    held: list[pa.Table] = []

    def texts() -> Iterator[pa.Array]:
        for batch in rows(engine, _texts_sql(cells.by)):
            held.append(pa.Table.from_batches([batch]).drop_columns(list(TEXTS)))
            yield texts_of(batch)

    copies = near_copies(texts(), least=alike)
    return place.campaigns(held, copies, ads) if held else ads


def _whose(engine: Engine, brief: Brief, *, model: str, version: str) -> dict[str, Any]:
    rows = engine.query(_LLMS).to_pylist()
    told = [
        row
        for row in rows
        if model in {"", row["model"]} and version in {"", row["version"] or ""}
    ]
    if not told:
        known = ", ".join(f"{row['model']}/{row['version']}" for row in rows[:8])
        raise DataError(
            f"no ad of {brief.period.label()} was judged by such an LLM",
            where="--llm" if model else "",
            hint=f"judged by: {known}"
            if known
            else "ingest judgements, or shroff models judge --shadow judges a sample",
        )
    return max(
        told,
        key=lambda row: (row["on_lines"], not row["only_shadow"], row["last_at"], row["calls"]),
    )


def _waits(rows: pa.Table) -> Waits:
    row = rows.to_pylist()[0]
    if not row["n"]:
        return Waits(np.nan, np.nan, np.nan, 0)
    return Waits(float(row["mean"]), float(row["middle"]), float(row["late"]), int(row["n"]))


class _Places:
    """Puts rows of answers into arrays by cell."""

    def __init__(self, cells: DecisionCells) -> None:
        self.by, self.size = cells.by, len(cells)
        self.places = {key: place for place, key in enumerate(cells.keys)}

    def _cells(self, rows: pa.Table) -> npt.NDArray[np.int64]:
        if not self.by:
            return np.zeros(rows.num_rows, dtype=np.int64)
        keys = zip(*(rows.column("_" + name).to_pylist() for name in self.by), strict=True)
        return np.array([self.places.get(key, -1) for key in keys], dtype=np.int64)

    def answered(self, rows: pa.Table) -> Floats:
        found = np.zeros((ANSWERS + 1, self.size, BINS))
        cell = self._cells(rows)
        mine = cell >= 0
        np.add.at(
            found,
            (_whole(rows, "place")[mine], cell[mine], _whole(rows, "bin")[mine]),
            _numbers(rows, "ads")[mine],
        )
        return found

    def labelled(self, parts: Sequence[pa.Table], like: LabelSums) -> LabelSums:
        slots = (ANSWERS + 1) * self.size * BINS
        sums = np.zeros((4, slots))
        for part in parts:
            cell = self._cells(part)
            slot = (_whole(part, "place") * self.size + cell) * BINS + _whole(part, "bin")
            mine = cell >= 0
            for row, name in enumerate(("n", "w", "w2", "hits")):
                np.add.at(sums[row], slot[mine], _numbers(part, name)[mine])
        some = np.flatnonzero(sums[0])
        n, w, w2, hits = sums[:, some]
        return replace(like, cell=some // BINS, bin=some % BINS, n=n, w=w, w2=w2, hits=hits)

    def wordings(self, rows: pa.Table, ads: Floats) -> Floats:
        found = np.zeros(ads.shape)
        cell = self._cells(rows)
        mine = cell >= 0
        np.add.at(found, (cell[mine], _whole(rows, "bin")[mine]), _numbers(rows, "wordings")[mine])
        # decisions on ads that are in no log of ads are asked about one by one
        return np.where(found > 0, np.minimum(found, ads), ads)

    def campaigns(self, held: Sequence[pa.Table], copies: NearCopies, ads: Floats) -> Floats:
        """Share each set of near-copies among its ads; one that says nothing is its own."""
        rows = pa.concat_tables(held)
        cell = self._cells(rows)
        mine = cell >= 0
        group = copies.groups + np.arange(rows.num_rows)
        group[copies.row] = copies.group
        size = np.bincount(group[mine], minlength=int(group.max(initial=-1)) + 1)
        found = np.zeros(ads.shape)
        np.add.at(found, (cell[mine], _whole(rows, "bin")[mine]), 1 / size[group[mine]])
        return np.where(found > 0, np.minimum(found, ads), ads)

    def spent(self, rows: pa.Table) -> dict[str, Any]:
        cell = self._cells(rows)
        mine = cell >= 0
        calls, cost, seconds = np.zeros((3, self.size))
        for array, name in ((calls, "calls"), (cost, "cost"), (seconds, "seconds")):
            np.add.at(array, cell[mine], _numbers(rows, name)[mine])
        known = [text for text in rows.column("currency").to_pylist() if text]
        whole = max(calls.sum(), 1.0)
        return {
            "price": (cost + _LIKE_CALLS * cost.sum() / whole) / (calls + _LIKE_CALLS),
            "seconds": (seconds + _LIKE_CALLS * seconds.sum() / whole) / (calls + _LIKE_CALLS),
            "currency": known[0] if known else "",
        }


def _whole(rows: pa.Table, name: str) -> npt.NDArray[np.int64]:
    found: npt.NDArray[np.int64] = rows.column(name).to_numpy().astype(np.int64)
    return found


def _numbers(rows: pa.Table, name: str) -> Floats:
    found: Floats = rows.column(name).cast(pa.float64()).to_numpy()
    return np.nan_to_num(found)
