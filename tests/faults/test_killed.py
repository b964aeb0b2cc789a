"""Killed at any moment, an ingest or a compaction loses nothing, repeats nothing, shows no half."""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from shroff.store.duckdb import DuckDBEngine
from shroff.store.ingest import ingest
from shroff.store.lake import QUARANTINE, Lake
from shroff.store.sql import literals

VICTIM = Path(__file__).parent / "victim.py"
KNOWN, FRESH, BAD = 20_000, 40_000, 7
SEEN = (
    "SELECT count(*) AS n, count(DISTINCT change_id) AS ids, sum(what = 'new') AS new FROM changes"
)
BEFORE = {"n": KNOWN, "ids": KNOWN, "new": 0}
AFTER = {"n": KNOWN + FRESH, "ids": KNOWN + FRESH, "new": KNOWN // 2 + FRESH}


@dataclass(frozen=True)
class Scene:
    """A lake with known rows, a file that corrects half of them and adds more, and how long."""

    lake: Path
    file: Path
    corrected: Path
    ingest_seconds: float
    compact_seconds: float


def _line(number: int, what: str) -> str:
    return f"c{number},2026-01-01T00:00:00Z,policy,{what}\n"


def _seen(root: Path) -> dict[str, int]:
    with DuckDBEngine(Lake(root), spill=root.parent / "spill", threads=1) as engine:
        (row,) = engine.query(SEEN).to_pylist()
    return {name: int(value or 0) for name, value in row.items()}


def _stored(root: Path, table: str) -> int:
    files = Lake(root).files(table)
    if not files:
        return 0
    with DuckDBEngine(Lake(root), spill=root.parent / "spill", threads=1) as engine:
        paths = f"[{literals(files)}]"
        (row,) = engine.query(
            f"SELECT count(*) AS n FROM read_parquet({paths}, union_by_name=true)"
        ).to_pylist()
    return int(row["n"])


def _start(work: str, root: Path, file: Path) -> subprocess.Popen[str]:
    command = [sys.executable, str(VICTIM), work, str(root), str(file)]
    victim = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert victim.stdout is not None
    assert victim.stdout.readline() == "begin\n"
    return victim


def _duration(work: str, root: Path, file: Path) -> float:
    with _start(work, root, file) as victim:
        started = time.monotonic()
        assert victim.wait() == 0
    return time.monotonic() - started


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    folder = tmp_path_factory.mktemp("scene")
    header = "change_id,at,kind,what\n"
    known = folder / "known.csv"
    known.write_text(header + "".join(_line(n, "old") for n in range(KNOWN)))
    file = folder / "fresh.csv"
    lines = [_line(n, "new") for n in range(KNOWN // 2)]
    lines += [_line(n, "new") for n in range(KNOWN, KNOWN + FRESH)]
    lines += [f"b{n},never,policy,bad\n" for n in range(BAD)]
    random.Random(1).shuffle(lines)
    file.write_text(header + "".join(lines))
    lake = folder / "first" / "lake"
    ingest(Lake(lake), "changes", [known], threads=1)
    corrected = folder / "second" / "lake"
    shutil.copytree(lake.parent, corrected.parent)
    seconds = _duration("ingest", corrected, file)
    trial = folder / "third" / "lake"
    shutil.copytree(corrected.parent, trial.parent)
    return Scene(lake, file, corrected, seconds, _duration("compact", trial, file))


def _killed(work: str, root: Path, file: Path, *, after: float) -> list[dict[str, int]]:
    """Kill the work after some time and give what readers saw meanwhile."""
    seen: list[dict[str, int]] = []
    with _start(work, root, file) as victim:
        moment = time.monotonic() + after
        while time.monotonic() < moment and victim.poll() is None:
            if moment - time.monotonic() > 0.15:
                seen.append(_seen(root))
            else:
                time.sleep(0.002)
        victim.send_signal(signal.SIGKILL)
        victim.wait()
    return [*seen, _seen(root)]


def _ingest_trial(scene: Scene, folder: Path, *, moment: float) -> None:
    root = folder / "lake"
    shutil.copytree(scene.lake.parent, folder)
    seen = _killed("ingest", root, scene.file, after=moment)
    assert all(each in (BEFORE, AFTER) for each in seen)
    assert seen == sorted(seen, key=lambda each: each["n"])
    report = ingest(Lake(root), "changes", [scene.file], threads=1)
    assert report.read == report.inserted + report.unchanged + report.corrected + BAD
    assert _seen(root) == AFTER
    assert _stored(root, "changes") == KNOWN + FRESH + KNOWN // 2
    assert _stored(root, QUARANTINE) == BAD
    assert not list((root / "_staging").iterdir())
    committed = {Path(path).name for path in Lake(root).files("changes")}
    assert {path.name for path in (root / "changes").glob("*.parquet")} == committed
    shutil.rmtree(folder)


def _compact_trial(scene: Scene, folder: Path, *, moment: float) -> None:
    root = folder / "lake"
    shutil.copytree(scene.corrected.parent, folder)
    assert all(each == AFTER for each in _killed("compact", root, scene.file, after=moment))
    Lake(root).compact("changes")
    assert _seen(root) == AFTER
    assert _stored(root, "changes") == KNOWN + FRESH
    assert _stored(root, "changes_history") == KNOWN // 2
    shutil.rmtree(folder)


def _moments(seconds: float, count: int) -> list[float]:
    rng = random.Random(20261122)
    return [rng.uniform(0, 1.1 * seconds) for _ in range(count)]


def test_an_ingest_killed_at_a_few_moments(scene: Scene, tmp_path: Path) -> None:
    for number, moment in enumerate(_moments(scene.ingest_seconds, 6)):
        _ingest_trial(scene, tmp_path / str(number), moment=moment)


def test_a_compaction_killed_at_a_few_moments(scene: Scene, tmp_path: Path) -> None:
    for number, moment in enumerate(_moments(scene.compact_seconds, 2)):
        _compact_trial(scene, tmp_path / str(number), moment=moment)


@pytest.mark.slow
def test_an_ingest_killed_at_two_hundred_moments(scene: Scene, tmp_path: Path) -> None:
    for number, moment in enumerate(_moments(scene.ingest_seconds, 200)):
        _ingest_trial(scene, tmp_path / str(number), moment=moment)


@pytest.mark.slow
def test_a_compaction_killed_at_fifty_moments(scene: Scene, tmp_path: Path) -> None:
    for number, moment in enumerate(_moments(scene.compact_seconds, 50)):
        _compact_trial(scene, tmp_path / str(number), moment=moment)


def test_an_ingest_interrupted_from_the_keyboard_leaves_nothing(
    scene: Scene, tmp_path: Path
) -> None:
    root = tmp_path / "copy" / "lake"
    shutil.copytree(scene.lake.parent, root.parent)
    with _start("ingest", root, scene.file) as victim:
        time.sleep(scene.ingest_seconds / 4)
        victim.send_signal(signal.SIGINT)
        victim.wait()
    seen = _seen(root)
    assert seen in (BEFORE, AFTER)
    assert not list((root / "_staging").iterdir())
