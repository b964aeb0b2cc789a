"""Finds root causes in the shared cases and in our own, beside RiskLoc written plainly.

Every case is given to both in one process; CPU is that process's, each method's own. One setting
for all. F1 counts slices: a true one named exactly is a hit. The search was developed on every
other shared case and on seed 1 of our own families; both halves, and seed 2, are shown.

    SHROFF_DATA=... python -m benchmarks.root_cause [--made 20] [--leaves 1000000] [--write]
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from benchmarks.riskloc_plain import riskloc
from benchmarks.root_cause_cases import FAMILIES, Case, Slice, made_cases, shared_cases

from shroff.watch.cause_search import Cells, find_shifts

__all__ = ["Tally", "main", "ours"]

RESULTS = Path(__file__).parent / "results" / "root_cause.md"


@dataclass
class Tally:
    """Hits, false ones, misses and CPU seconds over cases."""

    hits: int = 0
    false: int = 0
    missed: int = 0
    cases: int = 0
    seconds: float = 0.0
    most: float = field(default=0.0)

    def add(self, found: set[Slice], truth: frozenset[Slice], seconds: float) -> None:
        self.count(len(found & truth), len(found - truth), len(truth - found), seconds)

    def count(self, hits: int, false: int, missed: int, seconds: float) -> None:
        self.hits += hits
        self.false += false
        self.missed += missed
        self.cases += 1
        self.seconds += seconds
        self.most = max(self.most, seconds)

    def row(self) -> str:
        all_of = 2 * self.hits + self.false + self.missed
        f1 = f"{2 * self.hits / all_of:.3f}" if self.hits + self.missed else "–"
        each = f"{1000 * self.seconds / self.cases:.1f}" if self.cases else "–"
        return f"{self.hits} / {self.false} / {self.missed} | {f1} | {each}"


def ours(case: Case) -> set[Slice]:
    cells = Cells(codes=case.codes, actual=case.actual, expected=case.expected)
    return {shift.terms for shift in find_shifts(cells).shifts}


def plain(case: Case) -> set[Slice]:
    return set(riskloc(case.codes, case.actual, case.expected))


METHODS: dict[str, Callable[[Case], set[Slice]]] = {"Shroff": ours, "RiskLoc, plain": plain}


def run(
    cases: Iterable[Case], parts: Callable[[int, Case], list[str]]
) -> dict[str, dict[str, Tally]]:
    """Give every case to every method; tally by part."""
    out: dict[str, dict[str, Tally]] = defaultdict(lambda: defaultdict(Tally))
    for number, case in enumerate(cases):
        names = parts(number, case)
        for method, find in METHODS.items():
            started = time.process_time()
            found = find(case)
            spent = time.process_time() - started
            for name in names:
                out[name][method].add(found, case.truth, spent)
        if case.reference:
            for name in names:
                out[name]["RiskLoc, as recorded"].count(*case.reference)
    return out


def lines(tallies: dict[str, dict[str, Tally]]) -> list[str]:
    rows = [
        "| cases | method | hits / false / missed | F1 | CPU ms a case |",
        "|---|---|---|---|---|",
    ]
    for name, by in tallies.items():
        for method, tally in by.items():
            rows.append(f"| {name} ({tally.cases}) | {method} | {tally.row()} |")
    return rows


def large(leaves: int) -> str:
    """Search one case of many leaves in a process of its own, and read its peak memory."""
    command = [sys.executable, "-m", "benchmarks.root_cause", "--one", str(leaves)]
    run_ = subprocess.run(command, capture_output=True, text=True, check=True)
    return run_.stdout.strip()


def one(leaves: int) -> None:
    from dataclasses import replace

    rng = np.random.default_rng(7)
    widths = (50, 40, 25, 12, 8, 5)
    codes = np.stack([rng.integers(0, w, leaves) for w in widths], axis=1).astype(np.int32)
    mean = rng.lognormal(2, 1, leaves)
    case = Case(
        codes, rng.poisson(mean).astype(float), rng.poisson(mean).astype(float), frozenset()
    )
    truth: list[Slice] = [((0, 7),), ((1, 3), (3, 2)), ((0, 11), (2, 5), (5, 1))]
    for cause, factor in zip(truth, (0.6, 1.7, 0.3), strict=True):
        case.actual[np.logical_and.reduce([codes[:, d] == c for d, c in cause])] *= factor
    case = replace(case, actual=np.floor(case.actual), truth=frozenset(truth))
    warm = made_cases("counts", 1, seed=9)
    ours(next(warm))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.process_time()
    found = ours(case)
    spent = time.process_time() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(
        f"{leaves:,} leaves of {len(widths)} dimensions: {spent:.2f} CPU s, peak memory"
        f" {peak / 1024:,.0f} MiB ({before / 1024:,.0f} MiB before the search);"
        f" {len(found & case.truth)} of {len(truth)} planted slices found,"
        f" {len(found - case.truth)} others"
    )


def shared(folder: Path) -> list[str]:
    text = []
    for name in ("S", "L", "B0"):
        halves = ("cases developed on", "cases not looked at")
        found = run(
            shared_cases(folder, name),
            lambda n, case, name=name, halves=halves: [
                name,
                f"{name}, {halves[n % 2]}",
                f"{name}, {case.group}",
            ],
        )
        text += [
            f"### {name}",
            "",
            *lines(dict(sorted(found.items(), key=lambda i: (i[0] != name, i[0])))),
            "",
        ]
    return text


def made(count: int) -> list[str]:
    out: dict[str, dict[str, Tally]] = {}
    for family in FAMILIES:
        for seed, note in ((1, "developed on"), (2, "not looked at")):
            found = run(made_cases(family, count, seed=seed), lambda _n, _case: ["all"])
            out[f"{family}, {note}"] = found["all"]
    return lines(out)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--made", type=int, default=20)
    parser.add_argument("--leaves", type=int, default=1_000_000)
    parser.add_argument("--one", type=int, default=0)
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    if asked.one:
        one(asked.one)
        return
    for warm in made_cases("counts", 1, seed=9):
        ours(warm)
    text = ["# Root causes", "", str(__doc__).strip(), ""]
    data = os.environ.get("SHROFF_DATA")
    if data:
        text += ["## Shared cases", "", *shared(Path(data))]
    text += ["## Our own cases", "", *made(asked.made), ""]
    text += [
        "## Many leaves",
        "",
        *[f"- {large(n)}" for n in (asked.leaves // 10, asked.leaves)],
        "",
    ]
    page = "\n".join(text)
    print(page)
    if asked.write:
        RESULTS.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
