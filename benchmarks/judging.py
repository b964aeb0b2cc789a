"""Judging ads by a model server that takes 50 ms an answer: time against the least possible, CPU, memory.

A scripted server answers each request after a fixed time and counts them. The least time possible is
requests x latency / concurrency. Beside it, in the same run: a bare loop of threads that sends the
same requests over the same connections and neither checks, keeps nor writes anything. Then the same
run again, killed twice with SIGKILL on its way: the server counts what was charged.

    python -m benchmarks.judging [--write] [--ads 10000] [--concurrency 4] [--latency-ms 50]
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import urllib3
from tests.models.judge_scene import ask_for, make_scene, policy_file

from shroff.models.abilities import Abilities
from shroff.models.judge_asking import asking_of
from shroff.models.questioner import request_body
from shroff.workspace import Workspace

__all__ = ["Run", "judge", "main"]

RESULTS = Path(__file__).parent / "results" / "judging.md"
KEY = "sk-benchmark-000"


@dataclass(frozen=True)
class Run:
    """What one run took."""

    ads: int
    seconds: float
    cpu: float
    fifths_mb: tuple[float, ...]
    peak_mb: float
    requests: int


@contextmanager
def server(latency_ms: float) -> Generator[str]:
    """Serve in a process of its own, so that it shares no interpreter with the client."""
    command = [sys.executable, "-m", "tests.models.hostile_server", "0", str(latency_ms)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield f"http://127.0.0.1:{process.stdout.readline().strip()}/v1"
    finally:
        process.kill()
        process.wait()


def counted(url: str) -> tuple[int, int]:
    """Ask the server how many requests came, and how many of them were not the same as another."""
    told = urllib3.request("GET", f"{url}/count").json()
    return int(told["count"]), int(told["distinct"])


def scene(folder: Path, *, url: str, ads: int, concurrency: int) -> Workspace:
    """Make a workspace whose endpoint needs no probe."""
    workspace = make_scene(folder, url=url, ads=ads, concurrency=concurrency)
    known = Abilities(url=url, model="judge-1")
    workspace.catalog.judging.keep_probe("judge", known.record())
    policy_file(workspace.root)
    return workspace


def started(workspace: Workspace) -> subprocess.Popen[str]:
    """Start `shroff models judge`."""
    root = str(workspace.root)
    command = [sys.executable, "-m", "shroff", "models", "judge", f"{root}/E4.md"]
    return subprocess.Popen(
        [*command, "--endpoint", "judge", "-w", root, "--json"],
        stdout=subprocess.PIPE, text=True, env={**os.environ, "JUDGE_KEY": KEY},
    )  # fmt: skip


def resident(pid: int) -> float:
    """Read the memory of a process in MB; 0 when it is gone."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return 0.0
    held = [line.split()[1] for line in status.splitlines() if line.startswith("VmRSS")]
    return int(held[0]) / 1024 if held else 0.0


def answered(workspace: Workspace) -> int:
    """Count answers that are kept."""
    try:
        with closing(sqlite3.connect(workspace.root / "answers.sqlite", timeout=60)) as file:
            sql = "SELECT COUNT(*) FROM answers WHERE state = 'answered'"
            return int(file.execute(sql).fetchone()[0])
    except sqlite3.OperationalError:
        return 0


def judge(workspace: Workspace, *, ads: int) -> tuple[Run, dict[str, Any]]:
    """Judge all ads by the command line, and watch its memory on the way."""
    process = started(workspace)
    fifths: list[float] = []
    out: list[str] = []
    assert process.stdout is not None
    reader = threading.Thread(target=lambda: out.append(process.stdout.read()))  # type: ignore[union-attr]
    reader.start()
    while reader.is_alive():
        if answered(workspace) >= ads * (len(fifths) + 1) // 5:
            fifths.append(resident(process.pid))
        reader.join(1.0)
    _, _, usage = os.wait4(process.pid, 0)
    record: dict[str, Any] = json.loads(out[0])
    cpu = usage.ru_utime + usage.ru_stime
    run = Run(
        ads, record["seconds"], cpu, tuple(fifths[:4]), usage.ru_maxrss / 1024, record["requests"]
    )
    return run, record


def bare(workspace: Workspace, *, requests: int, concurrency: int) -> Run:
    """Send the same requests and look at nothing."""
    asked = ask_for(workspace)
    endpoint = workspace.modeller.desk.endpoint("judge")
    asking = asking_of(asked, endpoint)
    bodies = []
    for number in range(requests):
        wording = asking.wording({"ad_id": str(number), "title": f"healthy recipe {number}"})
        assert wording is not None
        body = request_body(wording.prompt, endpoint=endpoint, abilities=Abilities())
        bodies.append(json.dumps(body).encode())
    pool = urllib3.PoolManager(maxsize=concurrency, block=True)
    url, headers = endpoint.address("chat/completions"), {"Content-Type": "application/json"}
    before, begun = time.process_time(), time.monotonic()

    def send(body: bytes) -> None:
        pool.request("POST", url, body=body, headers=headers)

    with ThreadPoolExecutor(concurrency) as threads:
        list(threads.map(send, bodies))
    seconds, cpu = time.monotonic() - begun, time.process_time() - before
    return Run(requests, seconds, cpu, (), 0.0, requests)


def killed(workspace: Workspace, *, ads: int) -> int:
    """Kill a run at a third and at two thirds, then let it end; count what was in doubt."""
    for share in (3, 1.5):
        process = started(workspace)
        while answered(workspace) < ads / share and process.poll() is None:
            time.sleep(0.2)
        process.send_signal(signal.SIGKILL)
        process.wait()
    _, record = judge(workspace, ads=ads)
    return int(record["in_doubt"])


def table(ads: int, concurrency: int, latency_ms: float) -> str:
    """Measure it all."""
    os.environ["JUDGE_KEY"] = KEY
    with tempfile.TemporaryDirectory() as scratch, server(latency_ms) as url:
        workspace = scene(Path(scratch) / "w", url=url, ads=ads, concurrency=concurrency)
        few = max(ads // 5, 1)
        plain = bare(workspace, requests=few, concurrency=concurrency)
        before, _ = counted(url)
        run, record = judge(workspace, ads=ads)
        sent = counted(url)[0] - before
        load = os.getloadavg()[1]
    with tempfile.TemporaryDirectory() as scratch, server(latency_ms) as url:
        third = max(ads // 4, 1)
        workspace = scene(Path(scratch) / "w", url=url, ads=third, concurrency=concurrency)
        doubt = killed(workspace, ads=third)
        charged, distinct = counted(url)
    limit = run.requests * latency_ms / 1000 / concurrency
    floor = plain.requests * latency_ms / 1000 / concurrency
    rows = [
        "| | requests | least seconds | seconds | over the least | CPU ms a request"
        " | MB at each fifth | MB at most |",
        "|---|---|---|---|---|---|---|---|",
        f"| shroff models judge | {run.requests:,} | {limit:.1f} | {run.seconds:.1f}"
        f" | {run.seconds / limit - 1:+.1%} | {1000 * run.cpu / run.requests:.2f}"
        f" | {', '.join(f'{each:.0f}' for each in run.fifths_mb)} | {run.peak_mb:.0f} |",
        f"| a bare loop | {plain.requests:,} | {floor:.1f} | {plain.seconds:.1f}"
        f" | {plain.seconds / floor - 1:+.1%} | {1000 * plain.cpu / plain.requests:.2f} | | |",
        "",
        f"A request took {run.seconds * plain.requests / (run.requests * plain.seconds):.2f} times"
        " as long as in the bare loop.",
        "",
        f"Concurrency {concurrency}, {latency_ms:.0f} ms an answer; the machine's load was {load:.0f}"
        f" on {os.cpu_count()} cores. {record['judgements_written']:,} judgements written, {sent:,}"
        " requests counted by the server. CPU is that of the whole command, its start, reading and"
        " writing too.",
        "",
        f"Killed with SIGKILL at a third and at two thirds of {third:,} ads: {charged:,} requests"
        f" charged in all three runs, {charged - distinct} of them twice; {doubt} were under way at a"
        " kill, told, and not sent again.",
    ]
    return "\n".join(rows)


def main(words: list[str]) -> int:
    """Run the benchmark, print what it found, and write it down where asked."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--ads", type=int, default=10_000)
    parser.add_argument("--concurrency", type=int, default=4)
    parser.add_argument("--latency-ms", type=float, default=50.0)
    asked = parser.parse_args(words)
    found = table(asked.ads, asked.concurrency, asked.latency_ms)
    sys.stdout.write(found + "\n")
    if asked.write:
        head = f"# Judging by a model server\n\n{__doc__}\n".replace(
            "\n    python", "\n    python"
        )
        RESULTS.write_text(f"{head}\n{found}\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
