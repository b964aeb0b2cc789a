"""What a decision costs as logs grow, and what one more day costs: CPU, memory, disk.

::

    python -m benchmarks.scale                           # 1 to 100 million decisions, writes the table
    python -m benchmarks.scale --sizes 0.3               # a look, writes nothing
    python -m benchmarks.scale --sizes 30 --write        # one row of the table again

Logs of a hundred days are made by benchmarks/scale_logs.py: 99 days first, then one more, with late
reviews and impressions of older ads. Each command is what a user types, in a process of its own:
user and system CPU of it and its threads, its peak resident memory, and what it spills to disk.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb
from benchmarks.scale_logs import DAYS

from shroff.store.lake import Lake

RESULTS = Path(__file__).parent / "results" / "scale.md"
MILLIONS = (1.0, 3.0, 10.0, 30.0, 100.0)
MEMORY_GB = 4.0
LIMIT_GB, LIMIT_GROWTH, LIMIT_SHARE = 6.0, 1.3, 0.05
_REFERENCE = 10_000_000
_CUBES = "_cubes"
RECOUNTED = 3_000_000
"""Logs up to this size are counted in full a second time, to see that an update gives the same."""
_SHROFF = (sys.executable, "-m", "shroff")
_MEASURE = ("measure", "--period", "all", "--json")
_REFRESH = ("cubes", "--refresh")

WRITING = """
import json, sys
from pathlib import Path
from benchmarks.scale_logs import DAYS, make_workspace, write_days
from shroff.store.lake import Lake
folder, decisions, first = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
lake = Lake(folder / "lake") if first else make_workspace(folder, memory_gb=float(sys.argv[4]))
days = range(first, DAYS) if first else range(DAYS - 1)
print(json.dumps(write_days(lake, decisions=decisions, days=days)))
"""

HEAD = (
    "| decisions | lake GB | counted in full, CPU s | us a decision | to 10 million | peak GB "
    "| spilled GB | cubes MB | measured again, CPU s | one more day, CPU s | share of full "
    "| measured after it, CPU s |",
    "|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
)


@dataclass(frozen=True, slots=True)
class Cost:
    cpu: float
    peak_gb: float
    spilled_gb: float
    said: str


@dataclass(frozen=True, slots=True)
class Size:
    """One row: costs at one size of logs."""

    decisions: int
    lake_gb: float
    full: Cost
    again: Cost
    update: Cost
    idle: Cost
    after: Cost
    cubes_mb: float

    @property
    def each(self) -> float:
        """Microseconds a decision of a full count."""
        return self.full.cpu / self.decisions * 1e6

    @property
    def share(self) -> float:
        """What one more day costs of a full count; what is there anyway left out of both."""
        return (self.update.cpu - self.idle.cpu) / (self.full.cpu - self.again.cpu)

    def line(self) -> str:
        peak = max(self.full.peak_gb, self.update.peak_gb)
        return (
            f"| {self.decisions:,} | {self.lake_gb:.2f} | {self.full.cpu:.1f} | {self.each:.2f} | "
            f"| {peak:.2f} | {self.full.spilled_gb:.1f} | {self.cubes_mb:.0f} "
            f"| {self.again.cpu:.1f} | {self.update.cpu - self.idle.cpu:.1f} | {self.share:.1%} "
            f"| {self.after.cpu:.1f} |"
        )


def gigabytes(folder: Path) -> float:
    """Sum the files of a folder, some of which may go while we look."""
    total = 0
    for root, _, names in os.walk(folder):
        for name in names:
            try:
                total += (Path(root) / name).stat().st_size
            except OSError:
                continue
    return total / 1e9


def run(command: Sequence[str], folder: Path) -> Cost:
    """Run a command to its end and say what it cost."""
    before = most = gigabytes(folder) if folder.exists() else 0.0
    with tempfile.TemporaryFile("w+") as out:
        process = subprocess.Popen(command, stdout=out)
        looked = time.monotonic()
        while True:
            done, status, usage = os.wait4(process.pid, os.WNOHANG)
            if done:
                break
            time.sleep(0.05)
            if time.monotonic() - looked > 2:
                most, looked = max(most, gigabytes(folder)), time.monotonic()
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            sys.exit(f"{' '.join(command[:6])} failed")
        out.seek(0)
        said = out.read()
    cpu = usage.ru_utime + usage.ru_stime
    return Cost(cpu, usage.ru_maxrss / 1e6, max(0.0, most - before), said)


def write(folder: Path, decisions: int, *, first: int) -> int:
    """Write the first 99 days, unless they are there, or the last; give the decisions."""
    if not first and (folder / "lake").exists():
        return Lake(folder / "lake").rows("decisions")
    asked = (str(folder), str(decisions), str(first), str(MEMORY_GB))
    cost = run([sys.executable, "-c", WRITING, *asked], folder)
    rows: dict[str, int] = json.loads(cost.said.splitlines()[-1])
    print(f"  wrote {rows['decisions']:,} decisions: {cost.cpu:.0f} CPU s", flush=True)
    return rows["decisions"]


def shroff(folder: Path, *words: str) -> Cost:
    cost = run([*_SHROFF, *words, "-w", str(folder)], folder)
    shown = f"{cost.cpu:.1f} CPU s, {cost.peak_gb:.2f} GB, spilled {cost.spilled_gb:.1f} GB"
    print(f"  shroff {' '.join(words)}: {shown}", flush=True)
    return cost


def differing(one: str, other: str) -> list[str]:
    """Name the figures that two measurements do not agree on to 1e-9."""

    def figures(said: str) -> dict[str, dict[str, object]]:
        found = json.loads(said)["figures"]
        return {json.dumps([f["metric"], f["slice"]]): f for f in found}

    def near(a: object, b: object) -> bool:
        if isinstance(a, float) and isinstance(b, float):
            return abs(a - b) <= 1e-9 * max(1.0, abs(a))
        return a == b

    left, right = figures(one), figures(other)
    names = ("value", "low", "high", "n", "status", "numerator", "denominator")
    return [
        name
        for name in left.keys() | right.keys()
        if name not in left
        or name not in right
        or any(not near(left[name][part], right[name][part]) for part in names)
    ]


def measure(folder: Path, decisions: int) -> Size:
    """Measure logs of one size: in full, again, and with a day more than is kept."""
    rows = write(folder, decisions, first=0)
    lake_gb = gigabytes(folder / "lake")
    full = shroff(folder, *_MEASURE)
    again = shroff(folder, *_MEASURE)
    cubes_mb = 1000 * gigabytes(folder / "lake" / _CUBES)
    write(folder, decisions, first=DAYS - 1)
    update = shroff(folder, *_REFRESH)
    idle = shroff(folder, *_REFRESH)
    after = shroff(folder, *_MEASURE)
    _require_same(again, full, "measured again")
    if decisions <= RECOUNTED:
        shutil.rmtree(folder / "lake" / _CUBES)
        _require_same(after, shroff(folder, *_MEASURE), "one more day")
    return Size(rows, lake_gb, full, again, update, idle, after, cubes_mb)


def _require_same(kept: Cost, counted: Cost, what: str) -> None:
    wrong = differing(kept.said, counted.said)
    if wrong:
        sys.exit(f"{what}: {len(wrong)} figures differ from a full count, e.g. {wrong[0]}")


def _size(decisions: str) -> int:
    """Tell sizes apart that are only nearly round: 9,903,223 is 10 million."""
    return round(10 * math.log10(float(decisions.replace(",", ""))))


def merged(lines: Sequence[str], old: str) -> list[str]:
    """Put new lines among those of a table written before, and compare each with 10 million."""
    found: dict[int, list[str]] = {}
    for line in (*re.findall(r"^\| [\d,]+ \|.*$", old, re.MULTILINE), *lines):
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        found[_size(cells[0])] = cells
    rows = sorted(found.values(), key=lambda cells: int(cells[0].replace(",", "")))
    base = found.get(_size(f"{_REFERENCE}"))
    for cells in rows:
        cells[4] = f"{float(cells[3]) / float(base[3]):.2f}" if base else "–"
    return [f"| {' | '.join(cells)} |" for cells in rows]


def table(lines: Sequence[str]) -> str:
    versions = f"Python {platform.python_version()}, DuckDB {duckdb.__version__}"
    return "\n".join([
        "# Cost as logs grow",
        "",
        f"{datetime.now(UTC):%Y-%m-%d}, {versions}, {os.cpu_count()} cores, `memory_gb = "
        f"{MEMORY_GB}`. `python -m benchmarks.scale`",
        "",
        *HEAD,
        *lines,
        "",
        "Logs of 100 days; to a decision come 0.85 ads, 1.65 scores, 0.08 reviews and 2.4 rows of "
        "impressions. `shroff measure --period all` gives figures and intervals over everything "
        "and for each value of four columns, on 99 days: first (*counted in full*), then with "
        "nothing new (*measured again*). Then the hundredth day comes in: its decisions, edits of "
        "ads of the day before, reviews that were open, and impressions of ads of the week. *One "
        "more day* is `shroff cubes --refresh` less what that command costs with nothing to do, "
        "and its share is of the full count less measuring again. Then it is measured once more. "
        "Every command is a process of its own. Kept and counted figures are the same to 1e-9, or "
        f"the run stops (one more day is checked up to {RECOUNTED:,}). Peak is resident memory, "
        "of the dearer of full count and new day. "
        f"Limits: {LIMIT_GB:.0f} GB, {LIMIT_GROWTH} times the CPU a decision of 10 million, "
        f"and {LIMIT_SHARE:.0%}.",
        "",
    ])  # fmt: skip


@contextmanager
def _place(folder: Path | None) -> Generator[Path]:
    """Give a folder for logs: one that stays if it is named."""
    if folder is not None:
        yield folder
        return
    with tempfile.TemporaryDirectory() as place:
        yield Path(place)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=float, nargs="*", help="millions of decisions")
    parser.add_argument(
        "--folder", type=Path, help="where to write logs, and leave them: a name for each size"
    )
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    lines = []
    for millions in asked.sizes or MILLIONS:
        print(f"{millions:g} million", flush=True)
        with _place(asked.folder) as place:
            lines.append(measure(place / f"{millions:g}", round(millions * 1e6)).line())
        print(lines[-1], flush=True)
        if asked.write or asked.sizes is None:  # row by row: the large ones take long
            old = RESULTS.read_text(encoding="utf-8") if RESULTS.exists() else ""
            RESULTS.write_text(table(merged(lines, old)), encoding="utf-8")


if __name__ == "__main__":
    main()
