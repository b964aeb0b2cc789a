"""The cheapest approve and reject lines of many cells under limits they share, with a proof.

Every cell has a review line and a reject line among places of its score. What a pair of lines costs,
and what it uses of each limit, is a sum of one part that the first line gives and one that the
second gives; so at given prices of the limits the best pair of each cell is found in one pass. The
prices that make the dearest bound are found by cutting planes; the bound says how far any plan can
be from the best.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from shroff.advise.line_problem import APPROVE, LINES, REVIEW, LinePlan, LineProblem
from shroff.advise.lines_kernel import best_lines, better_lines, near_lines, used_by

__all__ = ["GOOD", "dearest_prices", "find_lines", "lines_possible", "split_uses"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_ROUNDS = 300
_CLOSE = 1e-7
GOOD = 2e-4
"""Gap that no branching is spent on."""

_PASSES = 4
_PARTS = (1e-4, 1e-3, 1e-2, 0.1, 1.0, np.inf)  # of what may be lost, on the lines of one cell
_DEARER, _RATHER_GOOD = (1.0, 1.001, 1.003, 1.01, 1.03, 1.1), 5e-4
_FINE, _CHEAPEST = 0.01, 1e-6
_STEPS = (*(1e-6 * 1.5**each for each in range(23)), *[_FINE] * 150, 0.1, 0.5, 2.0, 8.0, 20.0)
"""By how much prices are raised in turn, of themselves."""
_MOST_PAIRS = 3_000
_NODES, _HALVINGS = 100, 16
_FEW_CELLS = 8
_MILP_SLIP = 2e-6
"""By how much HiGHS drops branches that are better, in its own scale: its tolerances, twice."""


def find_lines(problem: LineProblem, *, good: float = GOOD) -> LinePlan:
    """Find the cheapest lines within the limits.

    Parameters
    ----------
    problem : LineProblem
        Costs and limits.
    good : float
        Gap, as a share of the cost, that no branching is spent on.

    Returns
    -------
    LinePlan
        The lines with a lower bound of any plan's cost; ``feasible`` is False where none was found,
        and the bound is then infinite where it is proven that there is none.

    References
    ----------
    Kelley, J. SIAM 8 (1960): cutting planes; Geoffrion, Math. Programming Study 2 (1974):
    Lagrangean relaxation.
    """
    work = _Work(problem)
    work.bound_it()
    work.repair()
    if not work.proven(good):
        work.branch()
    return work.told()


def lines_possible(problem: LineProblem) -> bool:
    """Say whether any lines keep every limit.

    Parameters
    ----------
    problem : LineProblem
        Limits; costs only say where to look first.

    Returns
    -------
    bool
        False where it is proven that none do, and where none was found though single lines that
        are cut in two would.
    """
    work = _Work(problem)
    work.bound_it(until_kept=True)
    if work.best is None:
        work.repair()
    if work.best is None and not work.infeasible and len(problem.review) <= _FEW_CELLS:
        work.branch()
    return work.best is not None


class _Work:
    """One search under way; all costs and uses are scaled to about 1."""

    def __init__(self, problem: LineProblem) -> None:
        self.problem = problem
        cells, bins = problem.cost.shape[1:]
        kinds = 1 + len(problem.limits)
        self.first, self.second = split_uses(problem)
        spans = np.ptp(self.first, axis=2) + np.ptp(self.second, axis=2)
        self.span = np.maximum(spans.sum(axis=0), 1e-12)
        self.top = np.array([limit.top for limit in problem.limits])
        self.slips = 1e-9 * np.maximum(self.span[1:], np.abs(self.top))
        moved = np.arange(bins + 1)[None, :]
        self.tie = 1e-7 * self.span[0] / max(2 * cells, 1)
        self.first[:, 0] += self.tie * (moved != problem.review[:, None])
        self.second[:, 0] += self.tie * (moved != problem.reject[:, None])
        self.low, self.high = np.zeros((2, cells), dtype=np.int64)
        self.worth = np.zeros(cells)
        self.weights = np.zeros(kinds)
        self.bound = -np.inf
        self.best: tuple[Ints, Ints] | None = None
        self.tried: tuple[Ints, Ints] | None = None
        self.best_cost = np.inf
        self.infeasible = False
        self.plans: list[tuple[Ints, Ints]] = []

    # -- bound -----------------------------------------------------------------------------

    def bound_it(self, *, until_kept: bool = False) -> None:
        """Find the prices with the highest bound, or only lines that keep every limit."""
        count = len(self.top)
        costs, slopes = [], []
        scale = self.span[0] / self.span[1:]
        prices, centre = np.zeros(count), np.zeros(count)
        most = np.full(count, 1e4)
        hardest = float(
            np.max(self.first[:, 0], axis=1).sum() + np.max(self.second[:, 0], axis=1).sum()
        )
        for _ in range(_ROUNDS):
            value, used = self._priced(prices * scale)
            costs.append(used[0])
            slopes.append((used[1:] - self.top - self.slips) * scale)
            if value > self.bound:
                self.bound, centre = value, prices
                self.weights[1:] = prices * scale
            if self.bound > hardest + 1e-9 * self.span[0]:
                self.infeasible = True
                return
            if not count or (until_kept and self.best is not None):
                return
            ceiling, goal = dearest_prices(np.array(costs), np.array(slopes), most)
            if ceiling - self.bound <= _CLOSE * max(abs(self.bound), 1e-3 * self.span[0]):
                return
            prices = 0.7 * goal + 0.3 * centre if len(costs) > 1 else goal

    def _priced(self, prices: Floats) -> tuple[float, Floats]:
        """Take the cheapest lines at some prices; keep them where they keep every limit."""
        weights = np.concatenate([[1.0], prices])
        best_lines(
            self.first, self.second, weights, self.problem.allowed, self.low, self.high, self.worth
        )
        used = np.zeros(len(weights))
        used_by(self.first, self.second, self.low, self.high, used)
        self._keep(self.low, self.high, used)
        return float(self.worth.sum() - prices @ (self.top + self.slips)), used

    def _keep(self, low: Ints, high: Ints, used: Floats) -> None:
        if np.all(used[1:] <= self.top + self.slips) and used[0] < self.best_cost:
            self.best, self.best_cost = (low.copy(), high.copy()), float(used[0])

    # -- plan ------------------------------------------------------------------------------

    def proven(self, good: float) -> bool:
        """Whether nothing is left to look for."""
        if self.infeasible:
            return True
        close = good * max(abs(self.best_cost), 1e-6 * self.span[0]) + 4 * self.tie * len(self.low)
        return self.best is not None and self.best_cost - self.bound <= close

    def repair(self) -> None:
        """Raise prices until every limit is kept, and use up what is left."""
        if self.infeasible:
            return
        for dearer in _DEARER:  # other prices leave other limits to be used up
            self._raise_prices(self.weights[1:] * dearer)
            self._improve()
            if self.proven(_RATHER_GOOD):
                return

    def _raise_prices(self, prices: Floats) -> None:
        """Raise the prices of the limits that are passed, and lower the others, until none is."""
        prices = np.maximum(prices, _CHEAPEST * self.span[0] / self.span[1:])
        for step in _STEPS:
            _, used = self._priced(prices)
            passed = used[1:] > self.top + self.slips
            if not passed.any():
                self.tried = (self.low.copy(), self.high.copy())
                return
            prices = prices * np.where(passed, 1 + step, 1 - step / 8 if step <= _FINE else 1.0)
        self.tried = self.best

    def _improve(self) -> None:
        """Move single cells, first those whose other lines cost next to nothing at the prices."""
        if self.tried is None:
            return
        low, high = (each.copy() for each in self.tried)
        used, weights = np.zeros(len(self.weights)), self.weights_now()
        used_by(self.first, self.second, low, high, used)
        left = np.concatenate([[0.0], self.top]) - used
        slack = max(float(used[0]) - self.bound, 0.0)
        best_lines(
            self.first, self.second, weights, self.problem.allowed, self.low, self.high, self.worth
        )
        for part in _PARTS:
            reach = self.worth + (np.inf if part == np.inf else part * slack)
            for _ in range(_PASSES):
                moved = better_lines(
                    self.first, self.second, weights, self.problem.allowed, reach, low, high, left,
                )  # fmt: skip
                if not moved:
                    break
        used_by(self.first, self.second, low, high, used)
        self._keep(low, high, used)

    def branch(self) -> None:
        """Search the pairs that could be part of a better plan, with branch and bound."""
        slack = self.best_cost - self.bound if self.best is not None else self.span[0]
        best_lines(
            self.first, self.second, self.weights_now(), self.problem.allowed,
            self.low, self.high, self.worth,
        )  # fmt: skip
        found = np.empty((_MOST_PAIRS, 3), dtype=np.int64)
        count = self._near(slack, found)
        whole = count <= len(found)
        if not whole:  # as many as fit, the cheapest at the prices
            low, high = 0.0, slack
            for _ in range(_HALVINGS):
                middle = (low + high) / 2
                fits = self._near(middle, found) <= len(found)
                low, high = (middle, high) if fits else (low, middle)
            count = self._near(low, found)
        self._milp(found[:count], whole=whole)
        self.tried = self.best
        self._improve()

    def _near(self, slack: float, found: Ints) -> int:
        return near_lines(
            self.first, self.second, self.weights_now(), self.problem.allowed, self.worth,
            slack * (1 + 1e-9), found,
        )  # fmt: skip

    def weights_now(self) -> Floats:
        """Give the prices of the best bound, with the cost's own 1 first."""
        weights = self.weights.copy()
        weights[0] = 1.0
        return weights

    def _milp(self, pairs: Ints, *, whole: bool) -> None:
        from scipy.optimize import Bounds, LinearConstraint, milp  # noqa: PLC0415  (slow import)
        from scipy.sparse import csr_array, vstack  # noqa: PLC0415

        if self.best is not None:
            known = np.stack([np.arange(len(self.low)), *self.best], axis=1)
            pairs = np.unique(np.concatenate([pairs, known]), axis=0)
        cell, low, high = pairs.T
        uses = self.first[cell, :, low] + self.second[cell, :, high]
        size = len(pairs)
        one = csr_array((np.ones(size), (cell, np.arange(size))), shape=(len(self.low), size))
        scaled = (uses[:, 1:] / self.span[1:]).T
        rows = vstack([one, csr_array(scaled)]).tocsr()
        top = np.concatenate([np.ones(len(self.low)), self.top / self.span[1:]])
        bottom = np.concatenate([np.ones(len(self.low)), np.full(len(self.top), -np.inf)])
        ends: Any = (bottom, top)  # scipy's stubs know single numbers only
        told = milp(
            uses[:, 0] / self.span[0],
            constraints=LinearConstraint(rows, *ends),
            integrality=np.ones(size),
            bounds=Bounds(0, 1),
            options={"mip_rel_gap": GOOD / 4, "node_limit": _NODES},
        )
        if told.status == 2 and whole and self.best is None:
            self.infeasible = True
        if told.x is not None:
            chosen = np.flatnonzero(told.x > 0.5)
            order = chosen[np.argsort(cell[chosen])]
            used = uses[order].sum(axis=0)
            self._keep(low[order].copy(), high[order].copy(), used)
        if whole and told.mip_dual_bound is not None:
            # what was left out costs more than the best plan that is known
            least = (told.mip_dual_bound - _MILP_SLIP) * self.span[0]
            self.bound = max(self.bound, min(least, self.best_cost))

    def told(self) -> LinePlan:
        """Give the plan in the units of the problem."""
        low, high = self.best if self.best is not None else (self.low, self.high)
        used = np.zeros(len(self.weights))
        used_by(self.first, self.second, low, high, used)
        moved = (low != self.problem.review).sum() + (high != self.problem.reject).sum()
        return LinePlan(
            review=low,
            reject=high,
            cost=float(used[0] - self.tie * moved),
            bound=np.inf if self.infeasible else self.bound - 2 * self.tie * len(low),
            used=used[1:],
            prices=self.weights[1:],
            feasible=self.best is not None,
        )


def split_uses(problem: LineProblem) -> tuple[Floats, Floats]:
    """Split each use into what the review line and what the reject line gives.

    Parameters
    ----------
    problem : LineProblem
        Costs and limits.

    Returns
    -------
    two arrays of shape (cells, 1 + limits, bins + 1)
        Cost first, then the limits; the sum over both at two lines is what they use.
    """
    cells, bins = problem.cost.shape[1:]
    first, second = np.zeros((2, cells, 1 + len(problem.limits), bins + 1))
    approve, review, reject = (_upto(each) for each in problem.cost)
    first[:, 0] = approve - review
    second[:, 0] = review + reject[:, -1:] - reject
    places = np.arange(bins + 1)[None, :]
    for kind, limit in enumerate(problem.limits, start=1):
        if limit.action == LINES:
            first[:, kind] = places != problem.review[:, None]
            second[:, kind] = places != problem.reject[:, None]
            continue
        up = _upto(limit.unit)
        if limit.action == APPROVE:
            first[:, kind] = up
        elif limit.action == REVIEW:
            first[:, kind], second[:, kind] = -up, up
        else:
            second[:, kind] = up[:, -1:] - up
        if limit.middle.size:
            between = _upto(limit.middle)
            first[:, kind] -= between
            second[:, kind] += between
    return first, second


def _upto(values: Floats) -> Floats:
    """Add up the bins before each place."""
    cells, bins = values.shape
    up = np.zeros((cells, bins + 1))
    np.cumsum(values, axis=1, out=up[:, 1:])
    return up


def dearest_prices(costs: Floats, slopes: Floats, most: Floats) -> tuple[float, Floats]:
    """Find the prices at which the least of all plans seen so far is dearest.

    Parameters
    ----------
    costs : array of shape (plans,)
        What each plan costs.
    slopes : array of shape (plans, limits)
        By how much each uses more of each limit than there is.
    most : array of shape (limits,)
        Highest prices.

    Returns
    -------
    float, array of shape (limits,)
        What the least plan costs there at most, and the prices.
    """
    from scipy.optimize import linprog  # noqa: PLC0415  (slow import)

    base = costs[0]
    size = max(np.abs(costs - base).max(), np.abs(slopes).max(), 1e-12)
    count = slopes.shape[1]
    told = linprog(
        np.concatenate([[-1.0], np.zeros(count)]),
        A_ub=np.hstack([np.ones((len(costs), 1)), -slopes / size]),
        b_ub=(costs - base) / size,
        bounds=[(None, None), *((0.0, float(top)) for top in most)],
        method="highs",
    )
    return float(-told.fun * size + base), np.asarray(told.x[1:])
