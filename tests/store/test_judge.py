"""New, known or a correction: judged as if rows came one by one."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shroff.store import judge as judging
from shroff.store.duckdb import DuckDBEngine
from shroff.store.ingest import ingest
from shroff.store.lake import Lake

ingests = st.lists(
    st.lists(st.tuples(st.integers(0, 4), st.sampled_from("ab")), max_size=7), max_size=4
)


@dataclass
class Reference:
    """The rule, the slow and obvious way."""

    versions: dict[int, list[str]] = field(default_factory=dict)

    def take(self, rows: list[tuple[int, str]]) -> tuple[int, int, int]:
        inserted = unchanged = corrected = 0
        last = dict(rows)
        settled = {k for k, what in last.items() if self.versions.get(k, [""])[-1] == what}
        for key, what in rows:
            held = self.versions.setdefault(key, [])
            if key in settled or (held and held[-1] == what):
                unchanged += 1
                continue
            inserted += not held
            corrected += bool(held)
            held.append(what)
        return inserted, unchanged, corrected


@settings(max_examples=settings().max_examples // 4)
@given(ingests)
def test_rows_are_judged_as_by_the_obvious_rule(batches: list[list[tuple[int, str]]]) -> None:
    reference = Reference()
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(judging, "_BUCKET", 2)  # several buckets for a handful of rows
        lake, log = Lake(Path(folder) / "lake"), Path(folder) / "log.csv"
        for rows in batches:
            lines = [f"k{key},2026-01-01,{what}" for key, what in rows]
            log.write_text("\n".join(["change_id,at,what", *lines]) + "\n")
            report = ingest(lake, "changes", [log], threads=1)
            told = (report.inserted, report.unchanged, report.corrected)
            assert told == reference.take(rows)
        with DuckDBEngine(lake, spill=Path(folder) / "spill", threads=1) as engine:
            found = engine.query("SELECT change_id, what FROM changes").to_pylist()
    held = {f"k{key}": versions[-1] for key, versions in reference.versions.items() if versions}
    assert {row["change_id"]: row["what"] for row in found} == held
    assert len(found) == len(held)
