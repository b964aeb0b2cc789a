"""The best cascade: edges of the LLM's answers for each group of cells, lines for each cell, a proof.

At given prices of the limits each group's best edges, and each cell's best lines under them, are
found on their own; prices that make that bound dearest are found by cutting planes. Choices of edges
are then tried in the order of their bounds, each with the exact search for lines, until none is left
that could be better.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from heapq import heappop, heappush

import numpy as np
import numpy.typing as npt

from shroff.advise.cascade_problem import (
    PEOPLE,
    CascadeLimits,
    CascadeRoom,
    Edges,
    all_edges,
    problem_under,
)
from shroff.advise.line_problem import LinePlan, LineProblem
from shroff.advise.line_search import dearest_prices, find_lines, split_uses
from shroff.advise.lines_kernel import best_lines, used_by

__all__ = ["CascadePlan", "find_cascade"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_ROUNDS = 80
_CLOSE = 1e-6
_MOST_TRIED = 12
_GOOD = 1e-3


@dataclass(frozen=True, slots=True, kw_only=True)
class CascadePlan:
    """A cascade, and how good it is proven to be.

    Parameters
    ----------
    edges : tuple of Edges
        Of each group.
    lines : LinePlan
        First bin that the middle gets and first that is rejected, by cell.
    bound : float
        No cascade within the limits has fewer violating impressions.
    used : mapping of str to float
        What it uses of each limit.
    """

    edges: tuple[Edges, ...]
    lines: LinePlan
    bound: float
    used: Mapping[str, float]

    @property
    def gap(self) -> float:
        """Give how far it may be above the best, as a share."""
        return max(self.lines.cost - self.bound, 0.0) / max(abs(self.lines.cost), 1e-12)


def find_cascade(
    room: CascadeRoom,
    limits: CascadeLimits,
    *,
    options: Sequence[Edges] | None = None,
    most: int = _MOST_TRIED,
    good: float = _GOOD,
) -> CascadePlan | None:
    """Find the cascade with fewest violating impressions within the limits.

    Parameters
    ----------
    room : CascadeRoom
        Counts, chances, prices.
    limits : CascadeLimits
        Limits.
    options : sequence of Edges, optional
        Edges to choose from; all of them when absent.
    most : int
        Choices of edges to try; those left out are in the bound.
    good : float
        Gap, as a share, that nothing more is spent on.

    Returns
    -------
    CascadePlan or None
        The best cascade; None where no choice that was tried keeps the limits.
    """
    choices = tuple(options) if options is not None else all_edges()
    problems = [problem_under(room, edges, limits) for edges in choices]
    work = _Work(room, problems)
    spent, base = work.bound_it()
    best = work.without_llm(choices, good=good)
    proven = np.inf
    for tried, (bound, chosen) in enumerate(_in_order(spent, base=base)):
        least = best[0].cost if best is not None else np.inf
        if bound >= least - good * abs(least) or tried >= most:
            proven = min(proven, bound)
            break
        plan = find_lines(_without_idle(work.mixed(chosen)), good=good)
        if plan.feasible and plan.cost < least:
            best = (plan, chosen)
        proven = min(proven, max(bound, plan.bound))
    if best is None:
        return None
    plan, chosen = best
    return CascadePlan(
        edges=tuple(choices[place] for place in chosen),
        lines=plan,
        bound=min(proven, plan.cost),
        used=_used(work.mixed(chosen), plan),
    )


def _without_idle(problem: LineProblem) -> LineProblem:
    """Leave limits out that nothing uses, such as money where no LLM is asked."""
    busy = (
        limit
        for limit in problem.limits
        if limit.unit.any() or limit.middle.any() or limit.top < 0
    )
    return replace(problem, limits=tuple(busy))


def _used(problem: LineProblem, plan: LinePlan) -> dict[str, float]:
    first, second = split_uses(problem)
    used = np.zeros(first.shape[1])
    used_by(first, second, plan.review, plan.reject, used)
    return {limit.name: float(each) for limit, each in zip(problem.limits, used[1:], strict=True)}


def _in_order(spent: Floats, *, base: float) -> Iterator[tuple[float, tuple[int, ...]]]:
    """Give choices of one option for each group, those with the least sum first."""
    order = np.argsort(spent, axis=1, kind="stable")
    ranked = np.take_along_axis(spent, order, axis=1)
    start: tuple[int, ...] = tuple(0 for _ in spent)
    waiting = [(float(ranked[:, 0].sum()), start)]
    seen = {start}
    while waiting:
        total, ranks = heappop(waiting)
        yield total + base, tuple(int(order[g, rank]) for g, rank in enumerate(ranks))
        for group in range(len(ranks)):
            nxt = (*ranks[:group], ranks[group] + 1, *ranks[group + 1 :])
            if nxt[group] < spent.shape[1] and nxt not in seen:
                seen.add(nxt)
                more = ranked[group, nxt[group]] - ranked[group, ranks[group]]
                heappush(waiting, (total + float(more), nxt))


class _Work:
    """The bound under way: all options of all cells, one below the other."""

    def __init__(self, room: CascadeRoom, problems: Sequence[LineProblem]) -> None:
        self.problems = problems
        self.group, self.groups = room.group, int(room.group.max(initial=-1)) + 1
        parts = [split_uses(problem) for problem in problems]
        self.first = np.concatenate([first for first, _ in parts])
        self.second = np.concatenate([second for _, second in parts])
        self.cells, self.options = len(room.group), len(problems)
        self.allowed = np.tile(problems[0].allowed, (self.options, 1))
        self.top = np.array([limit.top for limit in problems[0].limits])
        size = len(self.first)
        self.low, self.high = np.zeros((2, size), dtype=np.int64)
        self.worth = np.zeros(size)
        spans = np.ptp(self.first, axis=2) + np.ptp(self.second, axis=2)
        most = spans.reshape(self.options, self.cells, -1).max(axis=0)
        self.span = np.maximum(most.sum(axis=0), 1e-12)

    def bound_it(self) -> tuple[Floats, float]:
        """Give what each option of each group costs at the dearest prices, and what limits give back."""
        scale = self.span[0] / self.span[1:]
        costs, slopes = [], []
        prices, best, told = np.zeros(len(self.top)), -np.inf, (np.zeros((1, 1)), 0.0)
        centre = prices
        for _ in range(_ROUNDS):
            spent, used = self._priced(prices * scale)
            base = -float(prices * scale @ self.top)
            value = float(spent.min(axis=1).sum()) + base
            costs.append(used[0])
            slopes.append((used[1:] - self.top) * scale)
            if value > best:
                best, told, centre = value, (spent, base), prices
            if not len(self.top):
                break
            ceiling, goal = dearest_prices(
                np.array(costs), np.array(slopes), np.full(len(self.top), 1e4)
            )
            if ceiling - best <= _CLOSE * max(abs(best), 1e-3 * self.span[0]):
                break
            prices = 0.7 * goal + 0.3 * centre if len(costs) > 1 else goal
        return told

    def _priced(self, prices: Floats) -> tuple[Floats, Floats]:
        weights = np.concatenate([[1.0], prices])
        best_lines(self.first, self.second, weights, self.allowed, self.low, self.high, self.worth)
        by_cell = self.worth.reshape(self.options, self.cells)
        spent = np.zeros((self.groups, self.options))
        for option in range(self.options):
            np.add.at(spent[:, option], self.group, by_cell[option])
        chosen = np.argmin(spent, axis=1)[self.group]
        rows = chosen * self.cells + np.arange(self.cells)
        used = np.zeros(len(weights))
        used_by(self.first[rows], self.second[rows], self.low[rows], self.high[rows], used)
        return spent, used

    def without_llm(
        self, choices: Sequence[Edges], *, good: float
    ) -> tuple[LinePlan, tuple[int, ...]] | None:
        """Find the best lines where nobody asks the LLM: no cascade may do worse."""
        if PEOPLE not in choices:
            return None
        chosen = (choices.index(PEOPLE),) * self.groups
        plan = find_lines(_without_idle(self.mixed(chosen)), good=good)
        return (plan, chosen) if plan.feasible else None

    def mixed(self, chosen: tuple[int, ...]) -> LineProblem:
        """Write the problem of lines under one choice for each group."""
        option = np.array(chosen)[self.group]
        cell = np.arange(self.cells)
        base = self.problems[0]
        limits = []
        for place, limit in enumerate(base.limits):
            mine = [problem.limits[place] for problem in self.problems]
            unit = np.stack([each.unit for each in mine])[option, cell]
            middle = limit.middle
            if middle.size:
                middle = np.stack([each.middle for each in mine])[option, cell]
            limits.append(replace(limit, unit=unit, middle=middle))
        cost = np.stack([problem.cost for problem in self.problems], axis=1)[:, option, cell]
        return replace(base, cost=cost, limits=tuple(limits))
