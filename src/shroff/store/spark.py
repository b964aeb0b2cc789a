"""Spark over the same logs: the Parquet files of a pinned state of the lake, or tables it has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Self

import pyarrow as pa

from shroff.domain.detectors import Detector
from shroff.errors import EngineError
from shroff.store import views
from shroff.store.arrow_types import arrow_schema
from shroff.store.detecting import named
from shroff.store.dialect import to_spark
from shroff.store.dialect_kinds import Sort, sort_of_type
from shroff.store.lake import Lake
from shroff.store.mapping import MappingSpec
from shroff.store.schema import TABLES, Table
from shroff.store.spark_batches import batches_of, detecting
from shroff.store.spark_faults import explained
from shroff.store.spark_mapping import mapped
from shroff.store.spark_scratch import Scratch
from shroff.store.spark_session import SparkOptions, open_session
from shroff.store.spark_types import columns_of, spark_ident, typed_arrow
from shroff.store.spark_views import attached, latest, opened_source

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

__all__ = ["MappedTable", "SparkEngine", "SparkOptions"]


@dataclass(frozen=True, slots=True)
class MappedTable:
    """A canonical table that is read from somewhere else.

    Parameters
    ----------
    place : str
        Name of a Spark table, or path of a Parquet or Delta folder.
    spec : MappingSpec
        How its columns become canonical ones.
    """

    place: str
    spec: MappingSpec


class SparkEngine:
    """Spark, one view a canonical table, pinned when opened.

    Parameters
    ----------
    lake : Lake
        Logs; the workers must see its files under the same path.
    options : SparkOptions
        How to reach Spark.
    snapshot : mapping, optional
        Version of the lake to pin each table at; the latest when absent. With a mapping, a table
        it does not name is empty.
    tables : mapping, optional
        Canonical tables that are read from somewhere else than the lake.

    Notes
    -----
    In `snapshot`, a Delta folder of the user's counts by its own version, and any other table by
    the second it was opened in, since 1970: it has no versions, and cannot be pinned.
    """

    name = "spark"

    def __init__(
        self,
        lake: Lake,
        options: SparkOptions,
        *,
        snapshot: Mapping[str, int] | None = None,
        tables: Mapping[str, MappedTable] | None = None,
    ) -> None:
        self._opened = open_session(options)
        self._session = self._opened.session
        self._scratch = Scratch(self._session, options.scratch) if options.scratch else None
        self._kept: dict[str, DataFrame] = {}
        self._columns: dict[str, dict[str, str]] = {}
        try:
            pinned = self._pinned(lake, snapshot, tables or {})
            self.snapshot: Mapping[str, int] = MappingProxyType(pinned)
        except BaseException:
            self.close()
            raise

    def _pinned(
        self, lake: Lake, snapshot: Mapping[str, int] | None, tables: Mapping[str, MappedTable]
    ) -> dict[str, int]:
        versions: dict[str, int] = {}
        for name, contract in TABLES.items():
            if name in tables:
                versions[name] = self._map(contract, tables[name])
                continue
            state = None
            if snapshot is None or name in snapshot:
                state = lake.state(name, version=snapshot[name] if snapshot else None)
            columns = views.visible(contract, state)
            with explained():
                if state is None:
                    frame = attached(self._session, (), columns)
                else:
                    frame = latest(self._session, contract, state)
                    versions[name] = state.version
                self._show(name, frame, columns)
        return versions

    def _map(self, contract: Table, table: MappedTable) -> int:
        with explained(where=f"[engine.tables] {contract.name} = {table.place!r}"):
            source, version = opened_source(self._session, table.place)
        with explained(where=f"[mapping.{contract.name}]"):
            self._show(contract.name, mapped(source, contract, table.spec))
        return version

    def _show(self, name: str, frame: DataFrame, columns: Mapping[str, str] | None = None) -> None:
        self._columns[name] = dict(columns_of(frame.schema) if columns is None else columns)
        # replacing a view lets go of all that was kept from one of its name; dropping it does not
        self._session.catalog.dropTempView(name)
        frame.createOrReplaceTempView(spark_ident(name))

    def restrict(self, table: str, condition: str) -> None:
        """Show only rows of a canonical table that meet a condition."""
        text = self.text(f"SELECT * FROM {table} WHERE {condition}")
        with explained():
            self._show(table, self._session.sql(text), self._columns[table])

    def query(self, sql: str) -> pa.Table:
        """Run a query whose result fits in memory."""
        text = self.text(sql)
        with explained():
            return typed_arrow(self._session.sql(text).toArrow())

    def stream(self, sql: str, *, rows: int = 65536) -> Iterator[pa.RecordBatch]:
        """Run a query and give its result batch by batch, in its order."""
        text = self.text(sql)
        with explained():
            for batch in batches_of(self._session.sql(text), rows=rows):
                yield from typed_arrow(pa.Table.from_batches([batch])).to_batches()

    def detect(
        self, sql: str, detector: Detector, *, rows: int = 65536
    ) -> Iterator[pa.RecordBatch]:
        """Run a detector over the rows of a query, in the workers."""
        text, schema = self.text(sql), arrow_schema(detector.columns)
        with explained(blamed=named(detector)):
            frame = self._session.sql(text)
            findings = detecting(frame, detector, columns=detector.columns, rows=rows)
            for batch in batches_of(findings, rows=rows):
                yield from pa.Table.from_batches([batch]).cast(schema).to_batches()

    def materialise(self, name: str, sql: str, *, compact: bool = False) -> None:  # noqa: ARG002
        """Keep the result of a query, which Spark compresses in any case, for this session."""
        text = self.text(sql)
        with explained():
            frame = self._session.sql(text)
            kept = self._scratch.keep(frame) if self._scratch else _cached(frame)
            self._show(name, kept if self._scratch else _cut(kept))
            if (old := self._kept.pop(name, None)) is not None:
                old.unpersist()
        self._kept[name] = kept

    def attach(self, name: str, files: Sequence[str], columns: Mapping[str, str]) -> None:
        """Read Parquet files as a view of this session, replacing a view of that name."""
        with explained():
            self._show(name, attached(self._session, files, columns), columns)

    def text(self, sql: str) -> str:
        """Give a query in the words this engine runs: translated into Spark SQL."""
        return to_spark(sql, columns=self._sorts(), tables=self._columns)

    def _sorts(self) -> dict[str, frozenset[Sort]]:
        """Tell what columns hold, by name: of all tables together."""
        found: dict[str, set[Sort]] = {}
        for columns in self._columns.values():
            for name, kind in columns.items():
                found.setdefault(name.lower(), set()).add(sort_of_type(kind))
        return {name: frozenset(sorts) for name, sorts in found.items()}

    def columns(self, table: str) -> dict[str, str]:
        """Name the columns of a table, view or temporary table, with their SQL types."""
        if table not in self._columns:
            raise EngineError(f"there is no table {table}", hint="see shroff status")
        return dict(self._columns[table])

    def close(self) -> None:
        """Let go of what is kept; stop Spark where it was started for this engine."""
        with explained():
            for frame in self._kept.values():
                frame.unpersist()
            for name in self._columns:
                self._session.catalog.dropTempView(name)
            if self._scratch:
                self._scratch.clear()
            if self._opened.ours:
                self._session.stop()
        self._kept.clear()
        self._columns.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _cut(kept: DataFrame) -> DataFrame:
    """Read what is kept without the plan it was made by.

    A table's plan stands in the plan of every query that names it, as often as it is named: of
    tables made from tables made from tables no driver could hold it. The rows know how to be made
    again, should a worker be lost.

    Returns
    -------
    DataFrame
        The same rows.
    """
    frame: Any = kept.select("*")
    plain = frame._jdf  # noqa: SLF001 - the public ways would lose rows with their worker
    session: Any = kept.sparkSession
    rows = plain.queryExecution().toRdd()
    java = session._jsparkSession.internalCreateDataFrame(rows, plain.schema(), False)  # noqa: FBT003, SLF001
    cut: DataFrame = type(kept)(java, session)
    return cut


def _cached(frame: DataFrame) -> DataFrame:
    """Compute a relation once and keep it in the workers."""
    kept = frame.persist()
    kept.count()
    return kept
