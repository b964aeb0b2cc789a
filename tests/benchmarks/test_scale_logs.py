"""The logs that `python -m benchmarks.scale` writes are logs like any other."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from benchmarks.scale import merged
from benchmarks.scale_logs import make_workspace, write_days
from pyarrow import parquet

from shroff.store.duckdb import DuckDBEngine
from shroff.store.health_findings import Severity
from shroff.store.ingest import ingest
from shroff.store.lake import Lake
from shroff.store.schema import TABLES
from shroff.workspace import Workspace

ROWS = 120_000
WRITTEN = [name for name in TABLES if name not in {"hits", "judgements"}]


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Give the first nine of a hundred days."""
    folder = tmp_path_factory.mktemp("scale") / "logs"
    write_days(make_workspace(folder, memory_gb=1), decisions=ROWS, days=range(9))
    return Workspace.open(folder)


def _engine(lake: Lake) -> DuckDBEngine:
    return DuckDBEngine(lake, spill=lake.root / "spill")


def _rows(lake: Lake, name: str) -> list[dict[str, object]]:
    with closing(_engine(lake)) as engine:
        key = ", ".join(TABLES[name].key)
        rows: list[dict[str, object]] = engine.query(
            f"SELECT * FROM {name} ORDER BY {key}"
        ).to_pylist()
        return rows


def test_an_ingest_of_the_same_rows_finds_nothing_new(workspace: Workspace) -> None:
    for name in WRITTEN:
        file = workspace.root / f"{name}.parquet"
        with closing(_engine(workspace.lake)) as engine:
            parquet.write_table(engine.query(f"SELECT * FROM {name}"), file)
        report = ingest(workspace.lake, name, [file])
        assert (report.inserted, report.corrected, report.quarantined) == (0, 0, 0), name
        assert report.unchanged == report.read > 0


def test_a_day_is_the_same_whether_written_alone_or_with_others(
    workspace: Workspace, tmp_path: Path
) -> None:
    lake = make_workspace(tmp_path / "apart", memory_gb=1)
    write_days(lake, decisions=ROWS, days=range(8))
    write_days(lake, decisions=ROWS, days=[8])
    for name in WRITTEN:
        assert _rows(lake, name) == _rows(workspace.lake, name), name


def test_another_seed_gives_other_ads(workspace: Workspace, tmp_path: Path) -> None:
    lake = make_workspace(tmp_path / "other", memory_gb=1)
    write_days(lake, decisions=ROWS, days=[0], seed=2)
    assert _rows(lake, "ads")[0]["ad_id"] != _rows(workspace.lake, "ads")[0]["ad_id"]


def test_the_check_finds_nothing_broken(workspace: Workspace) -> None:
    found = [f for f in workspace.check().findings if f.severity is Severity.BROKEN]
    assert found == []


def test_shares_are_those_of_a_platform(workspace: Workspace) -> None:
    with closing(_engine(workspace.lake)) as engine:
        (shares,) = engine.query("""
SELECT (SELECT AVG(CASE WHEN action = 'approve' THEN 1.0 ELSE 0 END) FROM decisions) AS approved,
       (SELECT COUNT(DISTINCT market) FROM decisions) AS markets,
       (SELECT COUNT(DISTINCT policy_id) FROM decisions) AS policies,
       (SELECT AVG(1.0 / sampling_prob) * COUNT(*) FROM reviews WHERE queue = 'audit') AS weighed,
       (SELECT COUNT(*) FROM ads WHERE ad_version = 1) AS ads,
       (SELECT MAX(impressions) / AVG(impressions) FROM impressions) AS tail
""").to_pylist()
    assert 0.85 < shares["approved"] < 0.95
    assert (shares["markets"], shares["policies"]) == (8, 60)
    assert shares["weighed"] == pytest.approx(shares["ads"], rel=0.3)
    assert shares["tail"] > 100


def test_open_tasks_are_corrected_the_day_after(workspace: Workspace) -> None:
    state = workspace.lake.state("reviews")
    assert state is not None
    assert state.corrected
    with closing(_engine(workspace.lake)) as engine:
        (row,) = engine.query(
            "SELECT COUNT(*) AS n, COUNT(DISTINCT review_id) AS ids FROM reviews"
        ).to_pylist()
    assert row["n"] == row["ids"] < state.rows


def test_a_row_measured_again_replaces_the_old_one() -> None:
    old = "| decisions |\n|---:|\n| 1,000,000 | 0.2 | 20.0 | 20.00 | 1.10 | x |"
    new = ["| 9,903,223 | 2.0 | 100.0 | 10.00 | | y |", "| 999,900 | 0.2 | 10.0 | 10.00 | | z |"]
    assert merged(new, old) == [
        "| 999,900 | 0.2 | 10.0 | 10.00 | 1.00 | z |",
        "| 9,903,223 | 2.0 | 100.0 | 10.00 | 1.00 | y |",
    ]
