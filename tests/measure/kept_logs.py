"""A lake that rows are put into one batch after the other, whatever they say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import strategies as st

from shroff.store.delta import NewFile
from shroff.store.duckdb import DuckDBEngine
from shroff.store.lake import Lake, new_ingest_id
from shroff.store.schema import TABLES, Kind

Row = Mapping[str, object]
Batch = tuple[tuple[str, Row], ...]

_ARROW = {
    Kind.TEXT: pa.string(),
    Kind.INTEGER: pa.int64(),
    Kind.NUMBER: pa.float64(),
    Kind.FLAG: pa.bool_(),
    Kind.TIME: pa.timestamp("us", tz="UTC"),
    Kind.DAY: pa.date32(),
    Kind.TEXTS: pa.list_(pa.string()),
}
_BOOKKEEPING = {"_version": "BIGINT", "_ingest": "VARCHAR"}


@dataclass
class LogBook:
    """A lake written to directly: a row whose key is known already is its next version."""

    folder: Path
    versions: dict[tuple[object, ...], int] = field(default_factory=dict)

    @property
    def lake(self) -> Lake:
        return Lake(self.folder / "lake")

    def engine(self) -> DuckDBEngine:
        return DuckDBEngine(self.lake, spill=self.folder / "spill", threads=1)

    def put(self, batch: Iterable[tuple[str, Row]]) -> None:
        told: dict[str, list[dict[str, object]]] = {}
        for table, row in batch:
            key = (table, *(row.get(name) for name in TABLES[table].key))
            self.versions[key] = self.versions.get(key, 0) + 1
            told.setdefault(table, []).append({**row, "_version": self.versions[key]})
        for table, rows in told.items():
            self._write(table, rows)

    def _write(self, table: str, rows: list[dict[str, object]]) -> None:
        columns = {column.name: column.kind for column in TABLES[table].columns}
        fields = [pa.field(name, _ARROW[kind]) for name, kind in columns.items()]
        fields += [pa.field("_version", pa.int64()), pa.field("_ingest", pa.string())]
        lake, work = self.lake, new_ingest_id()
        with lake.lock(), lake.staging(work) as folder:
            path = folder / "rows.parquet"
            pq.write_table(pa.Table.from_pylist(rows, schema=pa.schema(fields)), path)
            newest = max(int(str(row["_version"])) for row in rows)
            kinds = {**{name: str(kind) for name, kind in columns.items()}, **_BOOKKEEPING}
            lake.publish(table, [NewFile(path, len(rows), newest)], columns=kinds, work=work)


_DAYS = st.integers(1, 8)
_ADS = st.sampled_from(["a", "b", "c", "广告-d"])
_VERSIONS = st.sampled_from([1, 1, 2])
_MARKETS = st.sampled_from(["US", "JP", None])


@st.composite
def _moment(draw: st.DrawFn) -> datetime:
    return datetime(2026, 5, draw(_DAYS), draw(st.sampled_from([0, 9, 23])), tzinfo=UTC)


_DECISION = st.fixed_dictionaries(
    {
        "decision_id": st.sampled_from(["d1", "d2", "d3", "d4", "d5"]),
        "ad_id": _ADS,
        "ad_version": _VERSIONS,
        "market": _MARKETS,
        "decided_at": _moment(),
        "action": st.sampled_from(["approve", "review", "reject"]),
        "policy_id": st.sampled_from([None, "drugs"]),
        "source": st.sampled_from(["model", "rule", "human"]),
        "shadow": st.sampled_from([False, False, True, None]),
    }
)
_AD = st.fixed_dictionaries(
    {
        "ad_id": _ADS,
        "ad_version": _VERSIONS,
        "advertiser_id": st.sampled_from(["x", "y"]),
        "created_at": _moment(),
        "market": _MARKETS,
        "language": st.sampled_from(["en", "zh", "", None]),
    }
)
_IMPRESSIONS = st.fixed_dictionaries(
    {
        "ad_id": _ADS,
        "day": _DAYS.map(lambda day: date(2026, 5, day)),
        "impressions": st.sampled_from([None, 0, 1, 1000]),
        "spend": st.sampled_from([None, 0.0, 0.1, 0.2, 0.7, 1e6]),
    }
)
_REVIEW = st.fixed_dictionaries(
    {
        "review_id": st.sampled_from(["r1", "r2", "r3", "r4"]),
        "ad_id": _ADS,
        "ad_version": _VERSIONS,
        "queue_reason": st.sampled_from(["model", "random", "report", None]),
        "role": st.sampled_from(["L1", "SME", "LLM"]),
        "verdict": st.sampled_from(["violating", "compliant", None]),
        "policies": st.sampled_from([[], ["drugs"], None]),
        "sampling_prob": st.sampled_from([None, 0.5]),
        "enqueued_at": _moment(),
        "decided_at": st.one_of(st.none(), _moment()),
    }
)
_APPEAL = st.fixed_dictionaries(
    {
        "appeal_id": st.sampled_from(["p1", "p2"]),
        "ad_id": _ADS,
        "ad_version": _VERSIONS,
        "decision_id": st.sampled_from([None, "d1", "d2"]),
        "filed_at": _moment(),
        "outcome": st.sampled_from([None, "upheld", "reversed"]),
    }
)
_REPORT = st.fixed_dictionaries(
    {"report_id": st.sampled_from(["m1", "m2"]), "ad_id": _ADS, "filed_at": _moment()}
)
_SCORE = st.fixed_dictionaries(
    {
        "ad_id": _ADS,
        "ad_version": _VERSIONS,
        "model": st.just("m"),
        "version": st.sampled_from(["1", "2"]),
        "policy_id": st.sampled_from([None, "drugs"]),
        "score": st.sampled_from(
            [-0.5, -0.0, 0.0, 0.123, 0.9999, 1.0, 1.5, 1e300, float("inf"), float("nan")]
        ),
        "shadow": st.sampled_from([False, True, None]),
    }
)


def _told(
    table: str, rows: st.SearchStrategy[dict[str, Any]]
) -> st.SearchStrategy[tuple[str, Row]]:
    return rows.map(lambda row: (table, row))


_EVENT = st.one_of(
    _told("decisions", _DECISION),
    _told("decisions", _DECISION),
    _told("ads", _AD),
    _told("impressions", _IMPRESSIONS),
    _told("impressions", _IMPRESSIONS),
    _told("reviews", _REVIEW),
    _told("appeals", _APPEAL),
    _told("reports", _REPORT),
    _told("scores", _SCORE),
)
batches = st.lists(st.lists(_EVENT, min_size=1, max_size=10), min_size=2, max_size=4)
"""Batches of rows in any order: late, twice, corrected, moved to another ad."""
