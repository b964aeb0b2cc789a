"""The whole demo, from nothing to a report: CPU, wall clock, memory of the process tree, disk.

::

    python -m benchmarks.demo                 # 200,000 and 2 million ads, writes the table
    python -m benchmarks.demo --ads 20000     # a look, writes nothing

Each run is ``shroff demo DIR --ads N`` in a process of its own. Memory is the largest sum of the
resident memory of that process and all its children, looked at ten times a second.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

RESULTS = Path(__file__).parent / "results" / "demo.md"
FULL = (200_000, 2_000_000)
LIMIT_SECONDS, LIMIT_GB = 60, 2.0
_LOOKS_A_SECOND = 10
_PAGE = os.sysconf("SC_PAGE_SIZE")

WRITING = "from pathlib import Path; import sys; from shroff.synthetic.platform import write_platform; write_platform(Path(sys.argv[1]), ads=int(sys.argv[2]))"


@dataclass(frozen=True, slots=True)
class Cost:
    cpu: float
    wall: float
    peak_gb: float
    disk_mb: float


def family(root: int) -> Iterator[int]:
    """Give a process and all below it."""
    yield root
    try:
        children = Path(f"/proc/{root}/task/{root}/children").read_text(encoding="ascii").split()
    except OSError:  # it ended meanwhile
        return
    for child in children:
        yield from family(int(child))


def resident(root: int) -> int:
    """Give the bytes of memory a process and its children hold."""
    pages = 0
    for process in family(root):
        try:
            fields = Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()
        except OSError:  # it ended meanwhile
            continue
        pages += int(fields[1])
    return pages * _PAGE


def measured(command: list[str], folder: Path) -> Cost:
    """Run a command and say what it cost."""
    began, peak = time.monotonic(), 0
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    while True:
        done, status, usage = os.wait4(process.pid, os.WNOHANG)
        if done:
            break
        peak = max(peak, resident(process.pid))
        time.sleep(1 / _LOOKS_A_SECOND)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{' '.join(command)} failed")
    disk = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    wall = time.monotonic() - began
    return Cost(usage.ru_utime + usage.ru_stime, wall, peak / 1e9, disk / 1e6)


def measure(ads: int) -> list[str]:
    """Measure writing the logs alone, then the whole demo."""
    lines: list[str] = []
    with tempfile.TemporaryDirectory() as place:
        for name, folder, command in (
            ("writing the logs", Path(place, "logs"), [sys.executable, "-c", WRITING]),
            ("`shroff demo`", Path(place, "demo"), [sys.executable, "-m", "shroff", "demo"]),
        ):
            options = ["--ads", str(ads)] if command[-1] == "demo" else [str(ads)]
            cost = measured([*command, str(folder), *options], folder)
            lines.append(
                f"| {ads:,} | {name} | {cost.cpu:.1f} | {cost.wall:.1f} | {cost.peak_gb:.2f} "
                f"| {cost.disk_mb:,.0f} |"
            )
            print(lines[-1], flush=True)
    return lines


def table(lines: list[str], *, load: float) -> str:
    versions = f"Python {platform.python_version()}, DuckDB {duckdb.__version__}"
    return "\n".join([
        "# The whole demo",
        "",
        f"{datetime.now(UTC):%Y-%m-%d}, {versions}, {os.cpu_count()} cores, load {load:.1f} when "
        "it began (1 is one busy core). `python -m benchmarks.demo`",
        "",
        "| ads | work | CPU s | wall s | peak GB | disk MB |",
        "|---:|---|---:|---:|---:|---:|",
        *lines,
        "",
        "CPU is user and system time of the process and its children; memory is theirs together. "
        "The demo writes its logs, ingests them, measures and writes the report in two languages. "
        "Where the load is above the number of cores, wall clock counts the work of others too. "
        f"Limits at 200,000 ads: {LIMIT_SECONDS} s and {LIMIT_GB:.0f} GB.",
        "",
    ])  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ads", type=int, nargs="*", default=None)
    chosen = parser.parse_args().ads
    load = os.getloadavg()[0]
    lines = [line for ads in chosen or FULL for line in measure(ads)]
    text = table(lines, load=load)
    print(text)
    if chosen is None:
        RESULTS.parent.mkdir(exist_ok=True)
        RESULTS.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
