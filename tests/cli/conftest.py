"""What tests of the command line share: a runner, and one small demo."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from shroff.cli.app import run


@dataclass(frozen=True)
class Outcome:
    code: int
    out: str
    err: str

    def record(self) -> dict[str, object]:
        loaded: dict[str, object] = json.loads(self.out)
        return loaded

    def fault(self) -> dict[str, str]:
        loaded: dict[str, str] = json.loads(self.err)["error"]
        return loaded


Cli = Callable[..., Outcome]


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str]) -> Cli:
    """Run a command line; its exit code and what it wrote."""

    def call(*words: str | Path) -> Outcome:
        capsys.readouterr()
        code = run([str(word) for word in words])
        told = capsys.readouterr()
        return Outcome(code, told.out, told.err)

    return call


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small demo workspace; not to be changed."""
    root = tmp_path_factory.mktemp("demo") / "demo"
    assert run(["demo", str(root), "--ads", "1500", "--days", "35", "--json"]) == 0
    return root


@pytest.fixture
def own_demo(demo: Path, tmp_path: Path) -> Path:
    """A copy of the demo that a test may change."""
    shutil.copytree(demo, tmp_path / "demo")
    return tmp_path / "demo"
