"""On a real cluster everything is as on one machine, also when a worker dies under it."""

from __future__ import annotations

import json
import logging
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from tests.cluster.conftest import SPARK, Beside
from tests.cluster.standalone import Standalone, until
from tests.conformance.comparing import near

pytestmark = pytest.mark.cluster
log = logging.getLogger("cluster")
ROOT = Path(__file__).resolve().parents[2]
LONGEST = 3600
MEASURE = ("measure", "--by", "market", "--by", "policy", "--json")


def shroff(*args: str, log_file: Path) -> subprocess.Popen[bytes]:
    """Start the command as a user would; what it prints goes to a file."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    with log_file.open("wb") as out, log_file.with_suffix(".err").open("wb") as err:
        return subprocess.Popen(
            [sys.executable, "-m", "shroff", *args],
            stdout=out,
            stderr=err,
            env=environment,
            start_new_session=True,
        )


def ended(process: subprocess.Popen[bytes], log_file: Path) -> None:
    """Wait for a command, and let it go if it takes too long."""
    try:
        code = process.wait(timeout=LONGEST)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        raise
    assert code == 0, log_file.with_suffix(".err").read_text(encoding="utf-8")[-3000:]


def figures(log_file: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(log_file.read_text(encoding="utf-8"))["figures"]
    return found


def odd_figures(one: list[dict[str, Any]], other: list[dict[str, Any]]) -> list[str]:
    return [
        f"{mine['metric']} {mine['slice']} {name}: {mine[name]} against {theirs[name]}"
        for mine, theirs in zip(one, other, strict=True)
        for name in mine
        if not near(mine[name], theirs[name])
    ]


def said(root: Path) -> str:
    """Give the text of a report without the engine's name and its SQL."""
    pages = sorted((root / "reports").rglob("*.md"))
    assert pages
    text = "\n".join(page.read_text(encoding="utf-8") for page in pages)
    text = re.sub(r"^```sql\n.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
    return re.sub(r"(duckdb|spark)$", "", text, flags=re.MULTILINE)


def test_the_conformance_suite_holds_on_a_cluster(cluster: Standalone) -> None:
    command = [sys.executable, "-m", "pytest", "-n", "0", "-q", "-m", "engines or not engines"]
    environment = {**os.environ, "SHROFF_CONFORMANCE_MASTER": cluster.url}
    started = time.monotonic()
    ran = subprocess.run(
        [*command, "-k", "spark", "tests/conformance"],
        cwd=ROOT, env=environment, timeout=LONGEST, capture_output=True, text=True, check=False,
    )  # fmt: skip
    log.info("%s, %.0f s", ran.stdout.strip().splitlines()[-1:], time.monotonic() - started)
    assert ran.returncode == 0, ran.stdout[-6000:] + ran.stderr[-2000:]
    assert len(cluster.alive()) == 2


def test_measure_gives_the_right_answer_although_a_worker_is_killed(
    cluster: Standalone, beside: Beside, tmp_path: Path
) -> None:
    here, there = tmp_path / "duckdb.json", tmp_path / "spark.json"
    ended(shroff(*MEASURE, "-w", str(beside("")), log_file=here), here)
    started = time.monotonic()
    work = shroff(*MEASURE, "-w", str(beside(SPARK.format(url=cluster.url))), log_file=there)
    until(
        lambda: cluster.scratch_bytes(0) > 1_000_000 or work.poll() is not None,
        seconds=LONGEST,
        what="the first worker holds rows for others",
    )
    assert work.poll() is None, there.with_suffix(".err").read_text(encoding="utf-8")[-3000:]
    held, after = cluster.scratch_bytes(0), time.monotonic() - started
    cluster.kill_worker(0)
    log.info("worker 1 killed after %.0f s, with %d bytes of shuffled rows", after, held)
    ended(work, there)
    log.info("measure on Spark: %.0f s in all", time.monotonic() - started)
    assert len(cluster.alive()) == 1
    assert odd_figures(figures(here), figures(there)) == []
    assert len(figures(there)) > 100


def test_the_report_is_the_same_on_a_cluster(
    cluster: Standalone, beside: Beside, tmp_path: Path
) -> None:
    alone, spread = beside(""), beside(SPARK.format(url=cluster.url))
    for root in (alone, spread):
        started = time.monotonic()
        printed = tmp_path / f"{root.name}.txt"
        ended(shroff("report", "-w", str(root), log_file=printed), printed)
        log.info("report in %s: %.0f s", root.name, time.monotonic() - started)
    assert said(spread) == said(alone)
