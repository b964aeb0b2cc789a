"""Is the search for lines as good as mixed integer programming, and how much less does it take?

    python -m benchmarks.line_search [--write]

Problems are cells of a score in a hundred bins, what approving, reviewing and rejecting each bin costs,
hours of review, and a reject precision over all cells or in each; both get those with one in each. scipy's HiGHS gets
every pair of lines of every cell that no other pair of the cell dominates, as a multiple choice; it
stops at a gap of 1e-4 or after half a minute; finding those pairs is not counted. CPU seconds of one process, in the same run, after everything is compiled and imported.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from pathlib import Path

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, vstack

from shroff.advise.line_problem import REJECT, REVIEW, Limit, LineProblem
from shroff.advise.line_search import find_lines

__all__ = ["main", "problem"]

RESULTS = Path(__file__).parent / "results" / "line_search.md"
BINS = 100
SECONDS = 30.0


def problem(seed: int, *, cells: int, queues: int = 1, each_cell: bool = False) -> LineProblem:
    """Make a problem whose cells differ in size, in cost, and in what a score says."""
    rng = np.random.default_rng(seed)
    at = (np.arange(BINS) + 0.5) / BINS
    low, high = rng.gamma(2, 0.5, (cells, 1)) + 0.6, rng.gamma(3, 1, (cells, 1)) + 2
    density = at ** (low - 1) * (1 - at) ** (high - 1)
    ads = rng.lognormal(8, 1.2, (cells, 1)) * density / density.sum(axis=1, keepdims=True)
    odds = rng.uniform(5, 9, (cells, 1)) * (at - 0.6) + rng.normal(0, 1, (cells, 1))
    chance = 1 / (1 + np.exp(-odds))
    missed, wrong = rng.lognormal(2, 0.8, (cells, 1)), rng.lognormal(1, 0.5, (cells, 1))
    work = ads * rng.uniform(0.5, 2, (cells, 1)) / 60
    bad, good = ads * chance, ads * (1 - chance)
    queue = rng.integers(0, queues, cells)
    limits = []
    for name in range(queues):
        unit = np.where((queue == name)[:, None], work, 0.0)
        top = 0.08 * float(unit.sum())
        limits.append(Limit(name=f"queue:{name}", top=top, action=REVIEW, unit=unit))
    lacking = ads * (0.9 - chance)
    allowed = np.ones((cells, BINS + 1), dtype=np.bool_)
    if each_cell:
        allowed[:, :-1] = np.cumsum(lacking[:, ::-1], axis=1)[:, ::-1] <= 0
    else:
        limits.append(Limit(name="precision", top=0.0, action=REJECT, unit=lacking))
    return LineProblem(
        cost=np.stack([bad * missed, 0.08 * bad * missed + 0.03 * good * wrong, good * wrong]),
        limits=tuple(limits),
        allowed=allowed,
        review=np.full(cells, BINS // 2),
        reject=np.full(cells, 8 * BINS // 10),
    )


def _pairs(asked: LineProblem) -> tuple[np.ndarray, np.ndarray]:
    """List the pairs of lines that no other pair of their cell dominates: cell and cost, uses."""
    up = np.concatenate([np.zeros((3, asked.cost.shape[1], 1)), asked.cost.cumsum(axis=2)], axis=2)
    high, low = np.meshgrid(np.arange(BINS + 1), np.arange(BINS + 1), indexing="ij")
    inside = low <= high
    high, low = high[inside], low[inside]
    cells, uses = [], []
    sums = [np.pad(each.unit.cumsum(axis=1), ((0, 0), (1, 0))) for each in asked.limits]
    for cell in range(asked.cost.shape[1]):
        a, v, j = up[:, cell]
        found = [a[low] + v[high] - v[low] + j[-1] - j[high]]
        for limit, total in zip(asked.limits, sums, strict=True):
            mine = total[cell]
            between = mine[high] - mine[low]
            found.append(between if limit.action == REVIEW else mine[-1] - mine[high])
        rows = np.array(found).T[asked.allowed[cell][high]]
        kept = _undominated(rows)
        cells.append(np.full(len(kept), cell))
        uses.append(kept)
    return np.concatenate(cells), np.concatenate(uses)


def _undominated(rows: np.ndarray) -> np.ndarray:
    """Leave out pairs that cost more and use no less than another."""
    rows = rows[np.lexsort(rows.T[::-1])]
    kept: list[np.ndarray] = []
    for row in rows:
        if not kept or not np.any(np.all(np.array(kept)[:, 1:] <= row[1:] + 1e-12, axis=1)):
            kept.append(row)
    return np.array(kept)


def by_milp(asked: LineProblem) -> tuple[float, float, int, float]:
    """Solve as a mixed integer program: cost, bound, pairs, CPU seconds of HiGHS alone."""
    cell, uses = _pairs(asked)
    size, cells = len(cell), asked.cost.shape[1]
    one = csr_array((np.ones(size), (cell, np.arange(size))), shape=(cells, size))
    rows = vstack([one, csr_array(uses[:, 1:].T)]).tocsr()
    top = np.concatenate([np.ones(cells), [limit.top for limit in asked.limits]])
    bottom = np.concatenate([np.ones(cells), np.full(len(asked.limits), -np.inf)])
    started = time.process_time()
    told = milp(
        uses[:, 0],
        constraints=LinearConstraint(rows, bottom, top),
        integrality=np.ones(size),
        bounds=Bounds(0, 1),
        options={"mip_rel_gap": 1e-4, "time_limit": SECONDS},
    )
    took = time.process_time() - started
    return float(told.fun), float(told.mip_dual_bound), size, took


def _timed(work: object, *arguments: object) -> tuple[object, float]:
    started = time.process_time()
    found = work(*arguments)  # type: ignore[operator]
    return found, time.process_time() - started


def main(arguments: list[str]) -> int:
    """Run both on each problem."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args(arguments)
    find_lines(problem(0, cells=4))
    by_milp(problem(0, cells=4))
    lines = [
        "# The search for lines beside mixed integer programming",
        "",
        "`python -m benchmarks.line_search`, one process, 100 bins. Gap: cost over the bound each of them"
        " proves itself. Over HiGHS: cost of the search over the cost HiGHS found.",
        "",
        "| problem | search, CPU s | gap | HiGHS, CPU s | gap | pairs | over HiGHS | CPU of HiGHS's |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    kinds = {
        "240 cells, precision in each cell": {"cells": 240, "each_cell": True},
        "240 cells, precision over all": {"cells": 240},
        "240 cells, precision over all, 3 queues": {"cells": 240, "queues": 3},
        "10,000 cells, precision over all": {"cells": 10_000},
    }
    for name, kind in kinds.items():
        for seed in (1, 2, 3):
            made = problem(seed, **kind)
            plan, mine = _timed(find_lines, made)
            told = f"| {name}, seed {seed} | {mine:.2f} | {plan.gap:.4%} |"
            if kind.get("each_cell"):  # with limits that join cells, HiGHS takes minutes
                cost, bound, pairs, theirs = by_milp(made)
                told += f" {theirs:.2f} | {(cost - bound) / cost:.4%} | {pairs:,} |"
                told += f" {plan.cost / cost - 1:+.4%} | {mine / theirs:.1%} |"
            else:
                told += " – | – | – | – | – |"
            lines.append(told)
            sys.stdout.write(told + "\n")
            sys.stdout.flush()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    lines += ["", f"Peak memory of the process, HiGHS included: {peak:,.0f} MB."]
    if asked.write:
        RESULTS.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
