"""Tables that Spark has, seen as canonical logs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from deltalake import write_deltalake

from shroff.errors import ConfigError, EngineError, ShroffError
from shroff.store.lake import Lake
from shroff.store.mapping import MappingSpec
from shroff.store.opening import open_engine
from shroff.store.settings import parse_settings
from shroff.store.spark import MappedTable, SparkEngine
from shroff.store.spark_session import SparkOptions
from shroff.workspace import Workspace

LOCAL = dt.datetime(2026, 3, 29, 9, 30)  # noqa: DTZ001 - a time that states no zone
ROWS = pa.table(
    {
        "id": ["d1", "d2"],
        "ad": [17, 18],
        "ver": [1, None],
        "Country": ["CN", "US"],
        "ts": pa.array([LOCAL, LOCAL], pa.timestamp("us")),
        "verdict": ["PASS", "拒绝"],
        "score_text": ["0.5", "1"],
        "secret": ["x", "y"],
    }
)
SPEC: dict[str, object] = {
    "time_zone": "Asia/Shanghai",
    "columns": {
        "decision_id": "id",
        "ad_id": "ad",
        "ad_version": "ver",
        "market": "country",
        "decided_at": "ts",
        "action": "verdict",
    },
    "expressions": {"policy_id": "CASE WHEN verdict = 'PASS' THEN NULL ELSE 'spam' END"},
    "constants": {"source": "model"},
    "values": {"action": {"PASS": "approve", "拒绝": "reject"}},
    "leave_out": ["secret"],
}
Decisions = Callable[..., SparkEngine]


@pytest.fixture
def decisions(tmp_path: Path, spark_up: SparkOptions) -> Decisions:
    """Give a way to open an engine with decisions mapped onto a folder of Parquet."""

    def opened(rows: pa.Table = ROWS, *, place: str = "", **changed: object) -> SparkEngine:
        folder = tmp_path / "theirs"
        folder.mkdir(exist_ok=True)
        pq.write_table(rows, folder / "p.parquet")
        table = MappedTable(place or str(folder), MappingSpec.model_validate(SPEC | changed))
        return SparkEngine(Lake(tmp_path / "lake"), spark_up, tables={"decisions": table})

    return opened


def refused(fault: type[ShroffError], ask: Callable[[], object]) -> ShroffError:
    with pytest.raises(fault) as caught:
        ask()
    assert "org.apache" not in str(caught.value)
    return caught.value


def test_columns_values_times_and_constants_are_mapped(decisions: Decisions) -> None:
    with decisions() as engine:
        first, second = engine.query("SELECT * FROM decisions ORDER BY decision_id").to_pylist()
        kinds = engine.columns("decisions")
        assert engine.snapshot["decisions"] > 1_700_000_000
    assert first["decided_at"] == dt.datetime(2026, 3, 29, 1, 30, tzinfo=dt.UTC)
    assert (first["ad_id"], first["market"], first["action"]) == ("17", "CN", "approve")
    assert (second["ad_version"], second["shadow"], second["policy_id"]) == (1, False, "spam")
    assert (second["action"], second["source"], second["detector"]) == ("reject", "model", None)
    assert kinds["score_text"] == "VARCHAR"
    assert not {"secret", "id", "Country"} & set(kinds)


def test_a_value_that_nobody_translated_stops_the_query(decisions: Decisions) -> None:
    with decisions(values={"action": {"PASS": "approve"}}) as engine:
        fault = refused(EngineError, lambda: engine.query("SELECT action FROM decisions"))
        assert engine.query("SELECT COUNT(market) AS n FROM decisions").to_pylist() == [{"n": 2}]
    assert "拒绝" in fault.cause
    assert fault.where == "[mapping.decisions]"


def test_a_column_that_the_table_has_not_is_named_with_the_one_meant(decisions: Decisions) -> None:
    columns = {**SPEC["columns"], "decision_id": "idd"}  # type: ignore[dict-item]
    fault = refused(ConfigError, lambda: decisions(columns=columns))
    assert fault.cause == "the table has no column 'idd'; did you mean 'id'?"
    assert fault.where == "[mapping.decisions.columns] decision_id"


def test_a_needed_column_that_nothing_gives_is_named(decisions: Decisions) -> None:
    fault = refused(ConfigError, lambda: decisions(constants={}))
    assert "decisions.source" in fault.cause


def test_an_expression_over_a_column_that_is_not_there_is_named(decisions: Decisions) -> None:
    fault = refused(ConfigError, lambda: decisions(expressions={"policy_id": "verdikt || 'x'"}))
    assert "verdikt" in fault.cause
    assert "policy_id" in fault.where


def test_a_number_is_no_time(decisions: Decisions) -> None:
    rows = ROWS.set_column(4, "ts", pa.array([1, 2]))
    assert "BIGINT" in refused(ConfigError, lambda: decisions(rows)).cause


@pytest.mark.parametrize("place", ["no_such_table", "/no/such/folder"])
def test_a_table_that_is_not_there_is_named(decisions: Decisions, place: str) -> None:
    fault = refused(EngineError, lambda: decisions(place=place))
    assert place in fault.cause
    assert "[engine.tables] decisions" in fault.where


def test_a_delta_folder_counts_by_its_own_version(tmp_path: Path, spark_up: SparkOptions) -> None:
    folder = tmp_path / "delta"
    table = pa.table(
        {"advertiser": ["a"], "ad_id": ["1"], "created_at": ["2026-01-01T08:00:00+08:00"]}
    )
    write_deltalake(str(folder), table)
    write_deltalake(str(folder), table, mode="append")
    ads = MappedTable(str(folder), MappingSpec.model_validate({}))
    with SparkEngine(Lake(tmp_path / "lake"), spark_up, tables={"ads": ads}) as engine:
        assert dict(engine.snapshot) == {"ads": 1}
        rows = engine.query("SELECT created_at, advertiser FROM ads").to_pylist()
    assert rows == [{"created_at": dt.datetime(2026, 1, 1, tzinfo=dt.UTC), "advertiser": "a"}] * 2


def test_a_mapped_table_is_not_ingested_into_nor_read_by_duckdb(tmp_path: Path) -> None:
    settings = parse_settings('[engine.tables]\ndecisions = "prod.decisions"\n')
    workspace = Workspace(tmp_path, settings)
    fault = refused(ConfigError, lambda: workspace.ingest("decisions", [tmp_path / "x.csv"]))
    assert "prod.decisions" in fault.cause

    def ask() -> None:
        with open_engine(Lake(tmp_path / "lake"), settings, folder=tmp_path):
            pass

    assert "--engine spark" in refused(ConfigError, ask).hint


def test_another_engine_can_be_asked_for_and_only_one_that_is_there() -> None:
    assert parse_settings("").asking("spark").engine.name == "spark"
    fault = refused(ConfigError, lambda: parse_settings("").asking("sparc"))
    assert "did you mean 'spark'?" in fault.cause
