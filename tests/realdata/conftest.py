"""Real logs, found through the environment variable SHROFF_DATA; without it these tests skip."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pyarrow.parquet as pq
import pytest

from shroff.store.ingest_report import IngestReport
from shroff.workspace import Workspace

SETTINGS = Path(__file__).parent / "workspaces"

Place: TypeAlias = Callable[..., Workspace]
Ingest: TypeAlias = Callable[..., IngestReport]


@pytest.fixture(scope="session")
def data() -> Path:
    """Find the folder of labelled data."""
    named = os.environ.get("SHROFF_DATA", "")
    if not named or not Path(named).is_dir():
        pytest.skip("SHROFF_DATA names no folder of labelled data")
    return Path(named)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Make a workspace whose mappings and designs are those of the named settings files."""

    def make(*names: str) -> Workspace:
        texts = [(SETTINGS / f"{name}.toml").read_text(encoding="utf-8") for name in names]
        folder = tmp_path_factory.mktemp(names[0]) / "workspace"
        return Workspace.create(folder, name=names[0], mapping="\n".join(texts))

    return make


@pytest.fixture(scope="session")
def ingest() -> Ingest:
    """Ingest a file where it lies, and require that each of its rows is accounted for."""

    def run(workspace: Workspace, table: str, *files: Path) -> IngestReport:
        report = workspace.ingest(table, files)
        ways = report.inserted, report.unchanged, report.corrected, report.quarantined
        assert report.read == sum(pq.read_metadata(file).num_rows for file in files)
        assert report.read == sum(ways)
        assert sum(report.reasons.values()) == report.quarantined
        return report

    return run
