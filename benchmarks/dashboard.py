"""How fast the dashboard answers: a million ads, ten million decisions, fifty people, two cores.

::

    python -m benchmarks.dashboard --folder DIR             # makes the logs there, or uses them
    python -m benchmarks.dashboard --folder DIR --decisions 100000 --seconds 20 --look

The dashboard runs in a process of its own, and everything asks it over loopback: first each page
alone until it is worked out (*first time*), then again (*warm*), then under slices nobody asked for
(*new slice*). Then users come: each opens a page, waits until its figures are there, thinks, and
opens the next; one click in ten asks for a slice that nobody asked before. The same again while an
ingest of one more day of logs runs beside it. A first look in Chromium tells first paint and what
scripts weigh. Nothing is left out: an answer that is not there within the limit counts as an error.
"""

from __future__ import annotations

import argparse
import os
import platform
import random
import subprocess
import sys
import threading
import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import product
from pathlib import Path

import duckdb
import numpy as np
import urllib3
from benchmarks.dashboard_logs import make_logs, write_some
from benchmarks.scale_logs import DAYS

from shroff.store.lake import Lake
from shroff.web.pages import PAGES

RESULTS = Path(__file__).parent / "results" / "dashboard.md"
NAMES = tuple(page.id for page in PAGES if page.build is not None)
LIMIT_SECONDS = 900.0
"""After so long an answer that is not there counts as an error."""

_VALUES = {
    "market": ["US", "BR", "ID", "JP", "DE", "VN", "MX", "CN"],
    "language": ["en", "pt", "id", "ja", "de", "vi", "es", "zh"],
    "industry": ["fashion", "health", "beauty", "games", "finance", "food", "travel", "education"],
    "format": ["video", "image", "carousel", "text"],
}


def slices(seed: int) -> Iterator[str]:
    """Give queries of slices, none twice: pairs of values of two columns, in any order."""
    names = list(_VALUES)
    pairs = [
        f"by.{one}={a}&by.{other}={b}"
        for place, one in enumerate(names)
        for other in names[place + 1 :]
        for a, b in product(_VALUES[one], _VALUES[other])
    ]
    random.Random(seed).shuffle(pairs)
    yield from pairs


@dataclass(slots=True)
class Told:
    """Seconds of clicks, by kind, and how many came to nothing."""

    frame: list[float] = field(default_factory=list)
    warm: list[float] = field(default_factory=list)
    new: list[float] = field(default_factory=list)
    errors: int = 0
    cpu: float = 0.0
    seconds: float = 0.0
    peak_gb: float = 0.0


@dataclass(frozen=True, slots=True)
class Server:
    address: str
    pid: int

    def cpu(self) -> float:
        fields = Path(f"/proc/{self.pid}/stat").read_text("ascii").rsplit(") ", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def peak_gb(self) -> float:
        status = Path(f"/proc/{self.pid}/status").read_text("ascii")
        line = next(each for each in status.splitlines() if each.startswith("VmHWM"))
        return int(line.split()[1]) / 1e6


@contextmanager
def served(folder: Path) -> Generator[Server]:
    command = [sys.executable, "-m", "shroff", "serve", "-w", str(folder), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            address = process.stdout.readline().split()[-1].rstrip("/")
            yield Server(address, process.pid)
        finally:
            process.terminate()


def click(pool: urllib3.PoolManager, server: Server, name: str, query: str) -> tuple[float, float]:
    """Open a page and wait for its figures.

    Returns
    -------
    float, float
        Seconds until the page is there, and until its figures are.

    Raises
    ------
    TimeoutError
        If they are not there in time, or the answer is an error.
    """
    start = time.perf_counter()
    path = "/" if name == "overview" else f"/{name}"
    reply = pool.request("GET", f"{server.address}{path}?{query}")
    frame = time.perf_counter() - start
    there = reply.status == 200 and b"data-waiting" not in reply.data
    while not there:
        part = pool.request("GET", f"{server.address}/part/{name}?{query}")
        there = part.status == 200
        if part.status not in {200, 202, 422} or time.perf_counter() - start > LIMIT_SECONDS:
            raise TimeoutError(name)
        if part.status == 422:
            break  # a slice without a decision: told as such, and that is the answer
    return frame, time.perf_counter() - start


def one_by_one(server: Server, fresh: Iterator[str], turns: int) -> list[str]:
    """Open each page alone: until it is worked out, warm, and under new slices."""
    lines = []
    with urllib3.PoolManager(timeout=LIMIT_SECONDS, retries=3) as pool:
        for name in NAMES:
            before = server.cpu()
            try:
                first = click(pool, server, name, "")[1]
                cpu = server.cpu() - before
                warm = [click(pool, server, name, "")[1] for _ in range(turns)]
                before, new = server.cpu(), click(pool, server, name, next(fresh))[1]
                spent = server.cpu() - before
                lines.append(
                    f"| {name} | {first:.1f} | {cpu:.1f} | {1000 * np.percentile(warm, 95):.0f} "
                    f"| {new:.1f} | {spent:.1f} |"
                )
            except TimeoutError:
                lines.append(f"| {name} | over {LIMIT_SECONDS:.0f} | | | | |")
            print(lines[-1], flush=True)
    return lines


def crowd(server: Server, fresh: Iterator[str], users: int, seconds: float, think: float) -> Told:
    """Let users click for some time."""
    told, lock = Told(), threading.Lock()
    until, before = time.monotonic() + seconds, server.cpu()

    def user(number: int) -> None:
        dice = random.Random(number)
        with urllib3.PoolManager(timeout=LIMIT_SECONDS, retries=3) as pool:
            time.sleep(dice.uniform(0, think))
            while time.monotonic() < until:
                with lock:
                    query = next(fresh) if dice.random() < 0.1 else ""
                try:
                    frame, whole = click(pool, server, dice.choice(NAMES), query)
                    with lock:
                        told.frame.append(frame)
                        (told.new if query else told.warm).append(whole)
                except (TimeoutError, urllib3.exceptions.HTTPError):
                    with lock:
                        told.errors += 1
                time.sleep(dice.expovariate(1 / think))

    threads = [threading.Thread(target=user, args=(n,), daemon=True) for n in range(users)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(seconds + LIMIT_SECONDS)
    told.seconds = seconds
    told.cpu, told.peak_gb = server.cpu() - before, server.peak_gb()
    return told


def _line(name: str, told: Told) -> str:
    def at(seconds: Sequence[float], *shares: float) -> str:
        if not seconds:
            return "– | –"
        return " | ".join(f"{np.percentile(seconds, share):.2f}" for share in shares)

    everything = [*told.warm, *told.new]
    return (
        f"| {name} | {len(everything)} | {told.errors} | {at(told.frame, 50, 95)} "
        f"| {at(told.warm, 50, 95)} | {at(told.new, 50, 95)} | {at(everything, 50, 95)} "
        f"| {told.cpu / told.seconds:.2f} | {told.peak_gb:.1f} |"
    )


def first_paint(server: Server) -> str:
    """Look at the overview in Chromium, with nothing cached: first paint and scripts."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium")
        page = browser.new_page()
        page.goto(server.address, wait_until="load")
        paint = page.evaluate(
            "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? -1"
        )
        sent = page.evaluate(
            "performance.getEntriesByType('resource').filter(e => e.name.endsWith('.js'))"
            ".reduce((sum, e) => sum + e.encodedBodySize, 0)"
        )
        browser.close()
    return f"First contentful paint {paint:.0f} ms; scripts {sent / 1000:.0f} kB compressed."


def ingest_beside(folder: Path, decisions: int) -> threading.Thread:
    """Write the hundredth day of logs while others ask."""

    def write() -> None:
        write_some(Lake(folder / "lake"), decisions=decisions, days=[DAYS - 1])

    thread = threading.Thread(target=write)
    thread.start()
    return thread


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True, help="where the logs are, or go")
    parser.add_argument("--decisions", type=int, default=10_000_000)
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=300.0, help="how long users click")
    parser.add_argument("--think", type=float, default=5.0, help="mean seconds between clicks")
    parser.add_argument("--look", action="store_true", help="write nothing")
    asked = parser.parse_args()
    if not asked.folder.exists():
        made = make_logs(asked.folder, decisions=asked.decisions, days=range(DAYS - 1))
        print(f"made {made['ads']:,} ads, {made['decisions']:,} decisions", flush=True)
    load, fresh, lake = os.getloadavg()[0], slices(1), Lake(asked.folder / "lake")
    size = f"{lake.rows('ads'):,} ads, {lake.rows('decisions'):,} decisions"
    with served(asked.folder) as server:
        alone = one_by_one(server, fresh, 20)
        paint = first_paint(server)
        calm = crowd(server, fresh, asked.users, asked.seconds, asked.think)
        print(_line("alone", calm), flush=True)
        writing = ingest_beside(asked.folder, asked.decisions)
        busy = crowd(server, fresh, asked.users, asked.seconds, asked.think)
        writing.join()
    text = "\n".join([
        "# The dashboard's speed",
        "",
        f"{datetime.now(UTC):%Y-%m-%d}, Python {platform.python_version()}, DuckDB "
        f"{duckdb.__version__}, {os.cpu_count()} cores; {size}; load of the machine when it began "
        f"{load:.1f}. `python -m benchmarks.dashboard`",
        "",
        "| page | first time, s | CPU s | warm p95, ms | new slice, s | CPU s |",
        "|---|---:|---:|---:|---:|---:|",
        *alone,
        "",
        paint,
        "",
        f"{asked.users} users, {asked.think:g} s of thought on average, {asked.seconds:.0f} s; one "
        "click in ten on a slice of two columns that nobody asked before. Seconds, p50 and p95.",
        "",
        "| | clicks | errors | page p50 | p95 | figures, warm p50 | p95 | figures, new slice p50 "
        "| p95 | all p50 | p95 | cores used | peak GB |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
        _line("nothing beside", calm),
        _line("an ingest beside", busy),
        "",
    ])  # fmt: skip
    print(text)
    if not asked.look:
        RESULTS.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
