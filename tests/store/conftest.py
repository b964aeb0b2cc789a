"""A small workspace to put logs into."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pytest

from shroff.store.duckdb import DuckDBEngine
from shroff.store.ingest import IngestReport, ingest
from shroff.store.lake import QUARANTINE, Lake
from shroff.store.mapping import MappingSpec
from shroff.store.spark_session import SparkOptions, open_session
from shroff.store.sql import literals

HEADER = b"change_id,at,kind,what\n"


@dataclass(frozen=True)
class Bench:
    folder: Path
    lake: Lake

    def put(self, body: bytes, *, name: str = "log.csv") -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
        return path

    def take(
        self, body: bytes, *, name: str = "log.csv", table: str = "changes", **mapping: object
    ) -> IngestReport:
        spec = MappingSpec.model_validate(mapping)
        return ingest(self.lake, table, [self.put(body, name=name)], mapping=spec, threads=1)

    def engine(self) -> DuckDBEngine:
        return DuckDBEngine(self.lake, spill=self.folder / "spill", threads=1)

    def rows(self, sql: str) -> list[dict[str, object]]:
        with self.engine() as engine:
            return engine.query(sql).to_pylist()

    def refused(self) -> list[dict[str, object]]:
        files = self.lake.files(QUARANTINE)
        if not files:
            return []
        return self.rows(f"SELECT * FROM read_parquet([{literals(files)}]) ORDER BY file, line")

    def stored(self, table: str) -> pa.Table:
        files = self.lake.files(table)
        with self.engine() as engine:
            return engine.query(
                f"SELECT * FROM read_parquet([{literals(files)}], union_by_name=true)"
            )


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path, Lake(tmp_path / "lake"))


@pytest.fixture(scope="session")
def spark_up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkOptions]:
    """Keep one Spark up for the session: starting Java takes longer than all tests of it."""
    if not (os.environ.get("JAVA_HOME") or shutil.which("java")):
        pytest.skip("Spark needs Java: apt-get install openjdk-17-jre-headless")
    quick = {
        "spark.sql.shuffle.partitions": "2",
        "spark.default.parallelism": "2",
        "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    }
    log = tmp_path_factory.mktemp("spark") / "spark.log"
    options = SparkOptions(master="local[2]", conf=quick, log=log)
    opened = open_session(options)
    yield options
    if opened.ours:
        opened.session.stop()
