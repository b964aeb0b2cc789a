"""What tests of watching share: one small demo that is not to be changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from shroff.synthetic.platform import write_platform
from shroff.workspace import Workspace


@pytest.fixture(scope="session")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    root: Path = tmp_path_factory.mktemp("platform") / "demo"
    write_platform(root, ads=3000, seed=5, days=42)
    workspace = Workspace.open(root)
    for table, files in workspace.sources().items():
        workspace.ingest(table, files)
    return workspace
