"""Times searches and backtests of rules on a workspace, as a user runs them.

Each command is a process of its own; CPU is its user plus system time with all threads, memory its
peak resident size. ``like`` is the same word asked of the same texts with SQL's LIKE, which sees
through no disguise. ``first use`` compiles kernels, as the first use of a version does.

    python -m benchmarks.find_speed [--ads 1000000] [--workspace DIR] [--write]
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

RESULTS = Path(__file__).parent / "results" / "find_speed.md"
PACKS = Path(__file__).parent.parent / "src" / "shroff" / "rules" / "packs"
FIELDS = ("title", "body", "ocr_text", "asr_text", "landing_url")
TERM = "加微信"


@dataclass(frozen=True)
class Run:
    """One command and what it cost."""

    name: str
    cpu: float
    wall: float
    megabytes: float
    told: str

    def line(self) -> str:
        cost = f"{self.cpu:.1f} | {self.wall:.1f} | {self.megabytes:,.0f}"
        return f"| {self.name} | {cost} | {self.told} |"


def run(name: str, command: list[str], environment: dict[str, str]) -> Run:
    """Run a command; keep what it cost and the first line that it said."""
    started = time.perf_counter()
    with tempfile.TemporaryFile("w+", encoding="utf-8") as said:
        child = subprocess.Popen(command, stdout=said, stderr=subprocess.DEVNULL, env=environment)
        _, status, used = os.wait4(child.pid, 0)
        said.seek(0)
        told = said.readline().strip()
    if os.waitstatus_to_exitcode(status):
        sys.exit(f"failed: {' '.join(command)}")
    cpu = used.ru_utime + used.ru_stime
    return Run(name, cpu, time.perf_counter() - started, used.ru_maxrss / 1024, told)


def measure(workspace: Path, scratch: Path) -> list[Run]:
    """Run everything once."""
    here = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    here |= {
        "PYTHONPYCACHEPREFIX": str(scratch / "pyc"),
        "NUMBA_CACHE_DIR": str(scratch / "kernels"),
    }
    shroff = [sys.executable, "-m", "shroff"]
    there = ["--workspace", str(workspace)]
    like = " OR ".join(f"{field} LIKE '%{TERM}%'" for field in FIELDS)
    counted = f"SELECT COUNT(*) AS ads FROM ads WHERE {like}"
    every = sorted(str(path) for path in PACKS.glob("*.yaml") if "optin" not in path.name)
    asked = {
        "find, first use": ["find", TERM, *there],
        "find, again": ["find", TERM, *there],
        "find, two conditions": ["find", '"weight loss" NEAR/40 /[0-9]+ days/', *there],
        "find, nothing there": ["find", "qxzvkj", *there],
        "like": ["sql", counted, *there],
        "backtest, first use": ["rules", "backtest", str(PACKS / "health.yaml"), *there],
        "backtest, one starter pack": ["rules", "backtest", str(PACKS / "health.yaml"), *there],
        "backtest, all starter packs": ["rules", "backtest", *every, *there],
    }
    return [run(name, [*shroff, *words], here) for name, words in asked.items()]


def page(runs: list[Run], ads: int) -> str:
    """Write the results."""
    day = datetime.now(UTC).date()
    head = [
        f"# Searching and trying rules on {ads:,} ads",
        "",
        f"`python -m benchmarks.find_speed --write`, {day}, Python {sys.version.split()[0]},"
        f" {os.cpu_count()} cores. CPU: user + system seconds of the whole command, all threads.",
        "",
        "| command | CPU s | wall s | peak MB | says |",
        "|---|---|---|---|---|",
    ]
    again, plain = (next(r for r in runs if r.name == name) for name in ("find, again", "like"))
    return "\n".join([
        *head,
        *(each.line() for each in runs),
        "",
        f"`find` reads every text in all its disguises and then tells who runs the ads and what"
        f" catches them, for {again.cpu / plain.cpu:.1f} times the CPU of `like`, the same word with"
        " SQL's LIKE. Backtests read the ads decided in the last four whole weeks.",
        "",
    ])  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ads", type=int, default=1_000_000)
    parser.add_argument("--workspace", type=Path, help="a workspace that is there")
    parser.add_argument("--write", action="store_true", help="keep the results")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="shroff-find-") as scratch:
        workspace = asked.workspace
        if workspace is None:
            workspace = Path(scratch) / "demo"
            demo = ["demo", str(workspace), "--ads", str(asked.ads)]
            subprocess.run([sys.executable, "-m", "shroff", *demo], check=True)
        from shroff.workspace import Workspace

        counted = Workspace.open(workspace).sql("SELECT COUNT(*) AS ads FROM ads")
        runs = measure(workspace, Path(scratch))
    told = page(runs, int(counted.column("ads")[0].as_py()))
    sys.stdout.write(told)
    if asked.write:
        RESULTS.write_text(told, encoding="utf-8")


if __name__ == "__main__":
    main()
