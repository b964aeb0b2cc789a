from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from shroff.store.duckdb import DuckDBEngine
from shroff.store.health import check_health
from shroff.store.health_findings import Finding, Severity
from shroff.store.ingest import ingest
from shroff.store.lake import Lake
from shroff.store.settings import Settings

HEADER = "decision_id,ad_id,decided_at,action,source\n"


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(tmp_path / "lake")


def put(lake: Lake, rows: str) -> None:
    path = lake.root.parent / "decisions.csv"
    path.write_text(HEADER + rows, encoding="utf-8")
    ingest(lake, "decisions", [path])


def findings(lake: Lake) -> dict[str, Finding]:
    with DuckDBEngine(lake, spill=lake.root.parent / "tmp") as engine:
        health = check_health(engine, settings=Settings(), lake=lake, now=datetime.now(UTC))
    return {each.code: each for each in health.findings}


def rows(first: int, last: int, *, day: str, action: str = "approve") -> str:
    return "".join(f"d{n},a{n},{day}T00:00:00Z,{action},model\n" for n in range(first, last))


def test_history_brought_by_the_first_ingest_is_not_late(lake: Lake) -> None:
    put(lake, rows(0, 10, day="2026-01-01"))
    assert "late_rows" not in findings(lake)


def test_rows_that_come_long_after_they_happened_are_late(lake: Lake) -> None:
    put(lake, rows(0, 10, day="2026-01-01"))
    put(lake, rows(10, 13, day="2026-01-02") + rows(13, 14, day=str(datetime.now(UTC).date())))
    late = findings(lake)["late_rows"]
    assert (late.count, late.out_of) == (3, 4)
    assert "2.0 days" in late.what.text()
    assert late.effect.text()
    assert late.fix.text()


def test_a_correction_is_not_a_late_row(lake: Lake) -> None:
    put(lake, rows(0, 10, day="2026-01-01"))
    put(lake, rows(0, 10, day="2026-01-01", action="review"))
    assert "late_rows" not in findings(lake)


def test_rejected_rows_and_unknown_values_are_counted_by_row(lake: Lake) -> None:
    put(
        lake,
        rows(0, 97, day="2026-01-01")
        + "x,y,never,WHAT,model\n" * 2
        + "z,z,2026-01-01,approve,HUH\n",
    )
    found = findings(lake)
    rejected = found["rejected_rows"]
    assert (rejected.count, rejected.out_of) == (3, 100)
    assert rejected.severity is Severity.WARN
    assert rejected.table == "decisions"
    for each in (rejected, found["unknown_values"]):
        for message in (each.what, each.effect, each.fix):
            assert message.text()


def test_many_unknown_values_break_the_logs(lake: Lake) -> None:
    put(lake, rows(0, 10, day="2026-01-01") + rows(10, 12, day="2026-01-01", action="WHAT"))
    unknown = findings(lake)["unknown_values"]
    assert unknown.severity is Severity.BROKEN
    assert (unknown.count, unknown.out_of, unknown.column) == (2, 12, "action")
    assert unknown.examples == ("WHAT",)
    assert "[mapping.decisions.values.action]" in unknown.fix.text()
