"""Logs that are narrowed speak of the ads that were chosen, and of no others."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest

from shroff.errors import ConfigError
from shroff.store.duckdb import DuckDBEngine
from shroff.store.ingest import ingest
from shroff.store.lake import Lake
from shroff.store.narrowing import POLICY, narrow, narrowing_columns

_ADS = """ad_id,ad_version,advertiser_id,created_at,market,language,industry,title
a1,1,v1,2026-05-01T00:00:00Z,BR,pt,games,one
a1,2,v1,2026-05-02T00:00:00Z,BR,en,games,one again
a2,1,v2,2026-05-01T00:00:00Z,US,en,,two
a3,1,v2,2026-05-01T00:00:00Z,,en,games,three
"""
_DECISIONS = """decision_id,ad_id,ad_version,market,decided_at,action,source
d1,a1,1,BR,2026-05-01T01:00:00Z,approve,model
d2,a1,2,BR,2026-05-02T01:00:00Z,reject,model
d3,a2,1,US,2026-05-01T01:00:00Z,review,model
d4,a2,1,BR,2026-05-01T01:00:00Z,review,model
d5,a3,1,,2026-05-01T01:00:00Z,approve,rule
d6,a3,1,,2026-05-02T01:00:00Z,restrict,rule
"""
_SCORES = """ad_id,ad_version,model,version,policy_id,score
a1,1,m,1,fraud,0.25
a1,1,m,1,,0.5
a1,1,m,1,medical,0.75
"""
_IMPRESSIONS = """ad_id,day,impressions
a1,2026-05-01,7
a1,2026-05-03,10
a2,2026-05-03,20
a3,2026-05-03,40
"""


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[DuckDBEngine]:
    lake = Lake(tmp_path / "lake")
    for table, text in (
        ("ads", _ADS),
        ("decisions", _DECISIONS),
        ("impressions", _IMPRESSIONS),
        ("scores", _SCORES),
    ):
        file = tmp_path / f"{table}.csv"
        file.write_text(text, encoding="utf-8")
        ingest(lake, table, [file])
    with DuckDBEngine(lake, spill=tmp_path / "tmp") as opened:
        yield opened


def _column(engine: DuckDBEngine, sql: str) -> list[object]:
    table: pa.Table = engine.query(sql)
    return table.column(0).to_pylist()


def test_nothing_wanted_leaves_the_logs_as_they_are(engine: DuckDBEngine) -> None:
    narrow(engine, {})
    assert _column(engine, "SELECT COUNT(*) FROM decisions") == [6]


def test_every_table_speaks_of_the_versions_chosen(engine: DuckDBEngine) -> None:
    narrow(engine, {"language": ["en"], "industry": ["games"]})
    assert _column(engine, "SELECT title FROM ads ORDER BY ad_id") == ["one again", "three"]
    assert _column(engine, "SELECT decision_id FROM decisions ORDER BY 1") == ["d2", "d5", "d6"]
    assert _column(engine, "SELECT SUM(impressions) FROM impressions") == [50]
    assert _column(engine, "SELECT COUNT(*) FROM reviews") == [0]


def test_a_market_is_that_of_the_ad_and_of_the_decision(engine: DuckDBEngine) -> None:
    narrow(engine, {"market": ["US"]})
    assert _column(engine, "SELECT decision_id FROM decisions") == ["d3"]


def test_an_ad_is_chosen_by_its_decision_of_record(engine: DuckDBEngine) -> None:
    narrow(engine, {"action": ["review"]})
    assert _column(engine, "SELECT decision_id FROM decisions ORDER BY 1") == ["d3", "d4"]
    assert _column(engine, "SELECT ad_id FROM ads") == ["a2"]
    assert _column(engine, "SELECT SUM(impressions) FROM impressions") == [20]


def test_a_decision_and_a_column_of_ads_choose_together(engine: DuckDBEngine) -> None:
    narrow(engine, {"source": ["model"], "market": ["BR"]})
    assert _column(engine, "SELECT decision_id FROM decisions ORDER BY 1") == ["d1", "d2"]


def test_a_later_decision_of_the_machine_chooses_nothing(engine: DuckDBEngine) -> None:
    narrow(engine, {"action": ["restrict"]})
    assert _column(engine, "SELECT COUNT(*) FROM decisions") == [0]


def test_days_of_other_versions_are_left_out(engine: DuckDBEngine) -> None:
    narrow(engine, {"language": ["pt"]})
    assert _column(engine, "SELECT ad_version FROM ads") == [1]
    assert _column(engine, "SELECT COALESCE(SUM(impressions), 0) FROM impressions") == [7]


def test_a_policy_in_scope_leaves_ads_and_what_stands_for_it(engine: DuckDBEngine) -> None:
    narrow(engine, {POLICY: ["fraud"]})
    assert _column(engine, "SELECT COUNT(*) FROM ads") == [4]
    assert _column(engine, "SELECT score FROM scores ORDER BY 1") == [0.25, 0.5]


def test_two_policies_cannot_be_in_scope(engine: DuckDBEngine) -> None:
    with pytest.raises(ConfigError, match="2 policies are wanted at once"):
        narrow(engine, {POLICY: ["fraud", "medical"]})


def test_no_value_can_be_wanted(engine: DuckDBEngine) -> None:
    narrow(engine, {"industry": [""]})
    assert _column(engine, "SELECT ad_id FROM ads") == ["a2"]


def test_a_value_that_no_ad_has_leaves_no_row(engine: DuckDBEngine) -> None:
    narrow(engine, {"market": ["it's"]})
    assert _column(engine, "SELECT COUNT(*) FROM decisions") == [0]


def test_a_column_that_ads_lack_is_refused_with_a_hint(engine: DuckDBEngine) -> None:
    assert "title" not in narrowing_columns(engine)
    with pytest.raises(ConfigError, match="have a column 'markt'") as refused:
        narrow(engine, {"markt": ["BR"]})
    assert "did you mean 'market'?" in refused.value.hint
