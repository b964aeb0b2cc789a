"""Killed at any moment, an update of the cubes leaves the old ones or the new ones, never half."""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from tests.measure.kept_logs import LogBook, Row

from shroff.measure.keeping import Why
from shroff.measure.merging import attach
from shroff.store.kept import KeptStore
from shroff.workspace import Workspace

VICTIM = Path(__file__).parent / "kept_victim.py"
ADS = 400


@dataclass(frozen=True)
class Scene:
    """A workspace with kept cubes and rows that came since; what reads before and after."""

    root: Path
    before: tuple[int, int]
    after: tuple[int, int]
    seconds: float


def _rows(first: int) -> list[tuple[str, Row]]:
    rows: list[tuple[str, Row]] = []
    for number in range(first, first + ADS):
        at = datetime(2026, 5, 1, tzinfo=UTC) + timedelta(hours=number)
        ad = {"ad_id": f"a{number}", "ad_version": 1}
        rows += [
            ("ads", {**ad, "created_at": at, "market": "US"}),
            (
                "decisions",
                {
                    **ad,
                    "decision_id": f"d{number}",
                    "market": "US",
                    "decided_at": at,
                    "action": "approve",
                    "source": "model",
                },
            ),
            ("impressions", {"ad_id": ad["ad_id"], "day": date(2026, 5, 2), "impressions": 3}),
        ]
    return rows


def _read(root: Path) -> tuple[int, int]:
    """Give the ads and impressions that the kept cubes hold."""
    workspace = Workspace.open(root)
    with workspace.engine() as engine:
        store = KeptStore(workspace.lake.root)
        state = store.state()
        assert state is not None
        attach(engine, store, state)
        (row,) = engine.query(
            "SELECT SUM(ads) AS n, SUM(impressions) AS i FROM kept_cells WHERE _cut = 0"
        ).to_pylist()
    return int(row["n"]), int(row["i"])


def _start(root: Path) -> subprocess.Popen[str]:
    victim = subprocess.Popen(
        [sys.executable, str(VICTIM), str(root)], stdout=subprocess.PIPE, text=True
    )
    assert victim.stdout is not None
    assert victim.stdout.readline() == "begin\n"
    return victim


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    root = tmp_path_factory.mktemp("counted") / "w"
    workspace = Workspace.create(root)
    book = LogBook(root)
    book.put(_rows(0))
    with workspace.engine() as engine:
        workspace.upkeep(engine).refresh()
    before = _read(root)
    book.put(_rows(ADS))
    trial = root.parent / "trial"
    shutil.copytree(root, trial)
    with _start(trial) as victim:
        started = time.monotonic()
        assert victim.wait() == 0
    return Scene(root, before, _read(trial), time.monotonic() - started)


def _trial(scene: Scene, root: Path, *, moment: float) -> None:
    shutil.copytree(scene.root, root)
    with _start(root) as victim:
        time.sleep(moment)
        victim.send_signal(signal.SIGKILL)
        victim.wait()
    assert _read(root) in (scene.before, scene.after)
    workspace = Workspace.open(root)
    with workspace.engine() as engine:
        found = workspace.upkeep(engine).refresh()
        assert found.why in (Why.UPDATED, Why.CURRENT)
        assert workspace.upkeep(engine).current() is not None
    assert _read(root) == scene.after
    kept = workspace.lake.root / "_cubes"
    assert not [path for path in kept.iterdir() if path.is_dir()]
    shutil.rmtree(root)


def _moments(seconds: float, count: int) -> list[float]:
    rng = random.Random(20261122)
    return [rng.uniform(0, 1.1 * seconds) for _ in range(count)]


def test_counting_killed_at_a_few_moments(scene: Scene, tmp_path: Path) -> None:
    assert scene.before == (ADS, 3 * ADS)
    assert scene.after == (2 * ADS, 6 * ADS)
    for number, moment in enumerate(_moments(scene.seconds, 5)):
        _trial(scene, tmp_path / str(number), moment=moment)


def test_what_a_writer_left_that_had_published_is_removed(scene: Scene, tmp_path: Path) -> None:
    root = tmp_path / "w"
    shutil.copytree(scene.root, root)
    workspace = Workspace.open(root)
    left = workspace.lake.root / "_cubes" / "staging-dead"
    with workspace.engine() as engine:
        workspace.upkeep(engine).refresh()
        left.mkdir()
        with KeptStore(workspace.lake.root).closed():  # somebody is writing: it may be theirs
            workspace.upkeep(engine).refresh()
            assert left.exists()
        assert workspace.upkeep(engine).refresh().why is Why.CURRENT
    assert not left.exists()


@pytest.mark.slow
def test_counting_killed_at_a_hundred_moments(scene: Scene, tmp_path: Path) -> None:
    for number, moment in enumerate(_moments(scene.seconds, 100)):
        _trial(scene, tmp_path / str(number), moment=moment)
