"""Is the search for lines as good as mixed integer programming, and how much less does it take?

    python -m benchmarks.line_search [--write]

Problems are cells of a score in a hundred bins, what approving, reviewing and rejecting each bin costs,
and limits: hours of review, over all or of three queues, a reject precision over all cells or in each, a
ceiling of leakage, a least volume of rejects, at most so many changed lines. scipy's HiGHS gets, where
precision is kept in each cell, every pair of lines of a cell that no other dominates, as a multiple
choice (finding those pairs is not counted); where limits join cells, where each of both lines lies, and
that one is not under the other. It stops at a gap of 1e-4 or after some seconds. CPU seconds of one
process, in the same run, after everything is compiled and imported.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, hstack, vstack

from shroff.advise.line_problem import APPROVE, LINES, REJECT, REVIEW, Limit, LineProblem
from shroff.advise.line_search import find_lines, split_uses

__all__ = ["main", "problem"]

Solver = Callable[[LineProblem], tuple[float, float, int, float]]

RESULTS = Path(__file__).parent / "results" / "line_search.md"
BINS = 100
SIZES: dict[int, np.ndarray] = {}
"""Ads of the problems made here, by the id of their costs."""

SECONDS = 100.0  # of the clock


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
    cost = np.stack([bad * missed, 0.08 * bad * missed + 0.03 * good * wrong, good * wrong])
    SIZES[id(cost)] = ads
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
        cost=cost,
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
    return *_ends(told.fun, told.mip_dual_bound), size, took


def tightened(asked: LineProblem, *, leakage: float, rejects: float, changes: int) -> LineProblem:
    """Add a ceiling of leakage, a least volume and a most of changes, from what is best without."""
    plan = find_lines(asked)
    lacking = next(each for each in asked.limits if each.name == "precision").unit
    place = np.arange(BINS)[None, :]
    approved, rejected = place < plan.review[:, None], place >= plan.reject[:, None]
    ads = _ads(asked)
    chance = 0.9 - np.divide(lacking, ads)
    ceiling = leakage * float((ads * chance * approved).sum() / (ads * approved).sum())
    least = rejects * float((ads * rejected).sum())
    more = (
        Limit(name="leakage", top=0.0, action=APPROVE, unit=ads * (chance - ceiling)),
        Limit(name="rejects", top=-least, action=REJECT, unit=-ads),
        Limit(name="changes", top=float(changes), action=LINES),
    )
    wanted = leakage < 1, rejects > 1, changes > 0
    kept = tuple(each for each, want in zip(more, wanted, strict=True) if want)
    return replace(asked, limits=(*asked.limits, *kept))


def _ads(asked: LineProblem) -> np.ndarray:
    """Give the ads of a problem made here, as they were drawn."""
    return SIZES[id(asked.cost)]


def by_places(asked: LineProblem) -> tuple[float, float, int, float]:
    """Solve with where each line lies as unknowns: cost, bound, unknowns, CPU seconds of HiGHS."""
    first, second = split_uses(asked)
    cells, _, places = first.shape
    half = cells * places
    cell = np.repeat(np.arange(cells), places)
    at, ones = np.tile(np.arange(places), cells), np.ones(half)
    shape = (cells, half)
    single = csr_array((ones, (cell, np.arange(half))), shape=shape)
    weighed = csr_array((at.astype(float), (cell, np.arange(half))), shape=shape)
    nothing = csr_array(shape)
    uses = np.concatenate([first, second], axis=0).transpose(1, 0, 2).reshape(first.shape[1], -1)
    size = np.maximum(np.abs(uses[1:]).max(axis=1, keepdims=True), 1e-12)
    rows = vstack(
        [
            hstack([single, nothing]), hstack([nothing, single]), hstack([weighed, -weighed]),
            csr_array(uses[1:] / size),
        ]
    ).tocsr()  # fmt: skip
    tops = np.array([limit.top for limit in asked.limits]) / size[:, 0]
    top = np.concatenate([np.ones(2 * cells), np.zeros(cells), tops])
    bottom = np.concatenate([np.ones(2 * cells), np.full(cells + len(tops), -np.inf)])
    upper = np.concatenate([ones, asked.allowed.ravel().astype(float)])
    started = time.process_time()
    told = milp(
        uses[0],
        constraints=LinearConstraint(rows, bottom, top),
        integrality=np.ones(2 * half),
        bounds=Bounds(0, upper),
        options={"mip_rel_gap": 1e-4, "time_limit": SECONDS},
    )
    took = time.process_time() - started
    return *_ends(told.fun, told.mip_dual_bound), 2 * half, took


def _ends(cost: float | None, bound: float | None) -> tuple[float, float]:
    """Read what was found: no cost and no bound are infinite."""
    return np.inf if cost is None else cost, -np.inf if bound is None else bound


def _timed(work: object, *arguments: object) -> tuple[object, float]:
    started = time.process_time()
    found = work(*arguments)  # type: ignore[operator]
    return found, time.process_time() - started


def _problems() -> Iterator[tuple[str, LineProblem, Solver | None]]:
    for seed in (1, 2, 3):
        made = problem(seed, cells=240, each_cell=True)
        yield f"240 cells, precision in each cell, seed {seed}", made, by_milp
    for seed in (1, 2, 3):
        theirs = by_places if seed == 1 else None
        yield f"240 cells, precision over all, seed {seed}", problem(seed, cells=240), theirs
    for seed in (1, 2, 3):
        theirs = by_places if seed == 1 else None
        made = problem(seed, cells=240, queues=3)
        yield f"the same with 3 queues, seed {seed}", made, theirs
        for name, more in {
            "leakage 3% lower": {"leakage": 0.97},
            "3% more rejects": {"rejects": 1.03},
            "60 changed lines": {"changes": 60},
            "all of these": {"leakage": 0.985, "rejects": 1.01, "changes": 200},
        }.items():
            tight = tightened(made, **{"leakage": 1.0, "rejects": 1.0, "changes": 0, **more})
            yield f"3 queues and {name}, seed {seed}", tight, theirs
    for seed in (1, 2, 3):
        yield f"10,000 cells, precision over all, seed {seed}", problem(seed, cells=10_000), None


def main(arguments: list[str]) -> int:
    """Run both on each problem."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args(arguments)
    find_lines(problem(0, cells=4))
    by_milp(problem(0, cells=4, each_cell=True))
    by_places(problem(0, cells=4))
    lines = [
        "# The search for lines beside mixed integer programming",
        "",
        "`python -m benchmarks.line_search`, one process, 100 bins. Gap: cost over the bound each of them"
        " proves itself. Over HiGHS: cost of the search over the cost HiGHS found.",
        "",
        "| problem | search, CPU s | gap | HiGHS, CPU s | gap | unknowns | over HiGHS | CPU of HiGHS's |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for name, made, theirs in _problems():
        plan, mine = _timed(find_lines, made)
        told = f"| {name} | {mine:.2f} | {plan.gap:.4%} |"
        if theirs is None:
            told += " – | – | – | – | – |"
        else:
            cost, bound, unknowns, took = theirs(made)
            known = np.isfinite(cost)
            told += (
                f" {took:.2f} | {(cost - bound) / cost:.4%} | {unknowns:,} |"
                if known
                else (f" {took:.2f} | no lines found | {unknowns:,} |")
            )
            told += f" {plan.cost / cost - 1:+.4%} |" if known else " – |"
            told += f" {mine / took:.1%} |"
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
