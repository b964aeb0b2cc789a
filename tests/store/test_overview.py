from __future__ import annotations

from pathlib import Path

import pytest

from shroff.errors import ConfigError
from shroff.store.duckdb import DuckDBEngine
from shroff.store.ingest import ingest
from shroff.store.lake import Lake
from shroff.store.overview import rejected, table_states
from shroff.store.readonly import select


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    lake = Lake(tmp_path / "lake")
    path = tmp_path / "ads.csv"
    path.write_text(
        "ad_id,created_at\na,2026-05-01T00:00:00Z\nb,2026-05-03T00:00:00Z\nc,never\n",
        encoding="utf-8",
    )
    ingest(lake, "ads", [path])
    return lake


def test_each_table_tells_its_rows_and_days(lake: Lake) -> None:
    with DuckDBEngine(lake, spill=lake.root / "spill") as engine:
        states = {state.table: state for state in table_states(engine)}
    assert (states["ads"].rows, states["ads"].first, states["ads"].last) == (
        2,
        "2026-05-01",
        "2026-05-03",
    )
    assert states["ads"].version is not None
    assert (states["reviews"].rows, states["reviews"].first, states["reviews"].version) == (
        0,
        "",
        None,
    )


def test_rejected_rows_are_listed_by_table(lake: Lake) -> None:
    with DuckDBEngine(lake, spill=lake.root / "spill") as engine:
        (row,) = rejected(engine, lake).to_pylist()
        assert (row["table"], row["line"], row["value"]) == ("ads", 4, "never")
        assert rejected(engine, lake, table="ads", limit=1).num_rows == 1
        assert rejected(engine, lake, table="reviews").num_rows == 0
        with pytest.raises(ConfigError, match="no table 'adz'"):
            rejected(engine, lake, table="adz")


def test_a_lake_without_quarantine_has_no_rejected_rows(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    with DuckDBEngine(lake, spill=tmp_path / "spill") as engine:
        assert rejected(engine, lake).num_rows == 0


def test_an_engine_that_ran_a_users_query_reads_nothing_but_the_lake(lake: Lake) -> None:
    other = lake.root.parent / "secret.csv"
    other.write_text("a\n1\n", encoding="utf-8")
    with DuckDBEngine(lake, spill=lake.root / "spill") as engine:
        assert select(engine, "SELECT ad_id FROM ads ORDER BY 1;").num_rows == 2
        assert engine.query("SELECT * FROM ads").num_rows == 2
        for query in (f"SELECT * FROM read_csv('{other}')", "SELECT * FROM glob('/*')"):
            with pytest.raises(Exception, match="Permission"):
                engine.query(query)


@pytest.mark.parametrize("limit", [1, 5])
def test_a_limit_holds_for_any_query(limit: int, lake: Lake) -> None:
    query = "WITH x AS (SELECT range AS n FROM range(10)) SELECT n FROM x ORDER BY n -- all"
    with DuckDBEngine(lake, spill=lake.root / "spill") as engine:
        assert select(engine, query, limit=limit).num_rows == limit
