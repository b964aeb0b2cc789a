"""Rows of ads that changed are looked for where their ids lie, and all are found."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shroff.measure.touching import near_sql
from shroff.store.duckdb import DuckDBEngine
from shroff.store.lake import Lake
from shroff.store.sql import literal

IDS = st.one_of(
    st.integers(min_value=0, max_value=10**19).map(str),
    st.integers(min_value=0, max_value=3000).map(lambda n: f"ad{n}"),
    st.text(st.sampled_from("ab广告😀' %_"), min_size=1, max_size=8),
)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DuckDBEngine]:
    folder = tmp_path_factory.mktemp("touching")
    with DuckDBEngine(Lake(folder / "lake"), spill=folder / "spill") as engine:
        yield engine


def _near(engine: DuckDBEngine, ids: list[str]) -> str:
    values = ", ".join(f"({literal(each)})" for each in ids) or "(NULL)"
    engine.materialise(
        "kept_ids", f"SELECT CAST(ad_id AS VARCHAR) AS ad_id FROM (VALUES {values}) AS v(ad_id)"
    )
    return near_sql(engine)


@given(ids=st.lists(IDS, max_size=60))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_ad_that_changed_is_looked_for(engine: DuckDBEngine, ids: list[str]) -> None:
    near = _near(engine, ids)
    found = engine.query(f"SELECT ad_id FROM kept_ids AS x WHERE ad_id IS NOT NULL AND {near}")
    assert sorted(found.column("ad_id").to_pylist()) == sorted(ids)


def test_ads_of_one_day_and_a_few_old_ones_are_looked_for_apart(engine: DuckDBEngine) -> None:
    today = [str(1_700_000_900_000 + n) for n in range(500)]
    near = _near(engine, [*today, "1700000012345"])
    logs = "SELECT CAST(1700000000000 + n AS VARCHAR) AS ad_id FROM range(0, 1000000, 10) AS r(n)"
    found = engine.query(f"SELECT COUNT(*) AS n FROM ({logs}) AS x WHERE {near}")
    assert found.column("n")[0].as_py() < 100


def test_without_a_change_nothing_is_left_out(engine: DuckDBEngine) -> None:
    assert _near(engine, []) == "TRUE"
