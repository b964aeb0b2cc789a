"""The best approve and reject lines for every cell: from logs and labels to a plan with its doubt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from shroff.advise.decision_cells import DecisionCells, read_cells
from shroff.advise.decision_costs import PolicyCosts, Revealed, costs_of, policy_costs
from shroff.advise.decision_queries import BINS
from shroff.advise.decision_worth import worth_of
from shroff.advise.line_limits import Bars, LineRoom, LinesAsked, problem_of, todays_lines
from shroff.advise.line_prices import prices_of, relaxations_of
from shroff.advise.line_problem import LinePlan
from shroff.advise.line_search import find_lines
from shroff.advise.plan_optimism import NO_OPTIMISM, Optimism, optimism_of
from shroff.advise.strategy_outcome import (
    Costs,
    Draws,
    Worlds,
    drawn,
    outcome_of,
    shares_of_lines,
    worlds_of,
)
from shroff.advise.threshold_plan import CellLines, Strategy, ThresholdPlan, score_of
from shroff.advise.violation_curves import ViolationCurves, fit_curves
from shroff.domain.messages import Message
from shroff.measure.brief import Brief
from shroff.measure.score_labels import told_by
from shroff.stats.estimate import Estimate, Status
from shroff.store.engine import Engine
from shroff.store.settings import CostSettings

__all__ = ["Standing", "plan_of", "standing_of", "thresholds"]

Floats = npt.NDArray[np.float64]

_TRIES = 7
_ROUGH = 0.01
_FEW_LABELS = 30
_MOST_DRAWS, _DRAWN_PLACES = 200, 4_000_000


def thresholds(
    engine: Engine, brief: Brief, asked: LinesAsked, *, costs: CostSettings
) -> ThresholdPlan:
    """Find the best lines for every cell.

    Parameters
    ----------
    engine : Engine
        Where the logs are.
    brief : Brief
        Period, designs, level.
    asked : LinesAsked
        Objective and limits.
    costs : CostSettings
        What mistakes and work cost.

    Returns
    -------
    ThresholdPlan
        Today's strategy, the best lines, careful ones, and what limits cost.
    """
    cells = read_cells(engine, brief, by=asked.by, chosen=asked.chosen)
    policies = policy_costs(engine) if asked.by_cost else PolicyCosts()
    return plan_of(cells, brief, asked, costs=costs, policies=policies)


def plan_of(
    cells: DecisionCells,
    brief: Brief,
    asked: LinesAsked,
    *,
    costs: CostSettings,
    policies: PolicyCosts | None = None,
) -> ThresholdPlan:
    """Find the best lines for cells that were read.

    Parameters
    ----------
    cells : DecisionCells
        Counts and labels.
    brief, asked, costs
        As for `thresholds`.
    policies : PolicyCosts, optional
        What policies say of costs.

    Returns
    -------
    ThresholdPlan
        The plan.
    """
    stand = standing_of(cells, asked, costs=costs, policies=policies)
    return _Planning(stand.room, brief, asked, stand.curves, stand.worlds).plan(stand.guessed)


@dataclass(frozen=True, slots=True)
class Standing:
    """What lines are tried on.

    Parameters
    ----------
    room : LineRoom
        Counts, chances, costs.
    curves : ViolationCurves
        Chances with doubt.
    worlds : Worlds
        What may be true of the period's ads.
    guessed : tuple of str
        Costs that nobody told.
    """

    room: LineRoom
    curves: ViolationCurves
    worlds: Worlds
    guessed: tuple[str, ...]


def standing_of(
    cells: DecisionCells,
    asked: LinesAsked,
    *,
    costs: CostSettings,
    policies: PolicyCosts | None = None,
) -> Standing:
    """Learn what lines are tried on from cells that were read; see `plan_of`."""
    curves = fit_curves(cells.labels, cells.factors(), bins=BINS, errors=cells.errors)
    worth = worth_of(cells, curves.mean)
    review, reject = todays_lines(cells)
    room = LineRoom(
        cells=cells,
        worth=worth,
        chances=curves.mean,
        costs=None,
        each_cell=asked.each_cell,
        review=review,
        reject=reject,
    )
    guessed: tuple[str, ...] = ()
    if asked.by_cost:
        told, guessed = costs_of(
            cells,
            worth,
            costs,
            policies=policies or PolicyCosts(),
            revealed=_revealed(room),
            chances=curves.mean,
        )
        room = replace(room, costs=told)
    count = max(20, min(_MOST_DRAWS, _DRAWN_PLACES // max(worth.ads.size, 1)))
    worlds = worlds_of(worth, curves, count=count)
    return Standing(room, curves, worlds, guessed)


def _revealed(room: LineRoom) -> Revealed:
    """Read from today's limits what an hour and a wrong reject are worth."""
    free = replace(room, each_cell=False)
    bars = free.bars(LinesAsked())
    plan = find_lines(problem_of(free, bars))
    hour, wrong = (float(price) for price in plan.prices[:2])
    return Revealed(hour=hour, wrong=wrong * bars.precision)


def _tighter(bars: Bars, over: Optimism) -> Bars:
    """Move the bars of precision and leakage by what is promised beyond what is kept."""
    found = replace(bars, precision=min(bars.precision + over.precision, 1.0))
    if bars.leakage is not None:
        found = replace(found, leakage=max(bars.leakage - over.leakage, 0.0))
    return found


@dataclass(frozen=True, slots=True)
class _Planning:
    """One plan under way."""

    room: LineRoom
    brief: Brief
    asked: LinesAsked
    curves: ViolationCurves
    worlds: Worlds

    @property
    def aim(self) -> str:
        """Name what is made small."""
        return "cost" if self.asked.by_cost else "violating_impressions"

    def plan(self, guessed: tuple[str, ...]) -> ThresholdPlan:
        """Find the best lines, careful ones, and what limits cost."""
        room = self.room
        bars = room.bars(self.asked)
        best, over = self._honest(bars, find_lines(problem_of(room, bars)))
        careful = self._careful(bars, best, over) if best.feasible else None
        plans = {"plan": best if best.feasible else None, "careful": careful}
        strategies = self._strategies(bars, plans, over)
        costs: Costs | None = room.costs
        return ThresholdPlan(
            period=self.brief.period,
            level=self.brief.level,
            chosen=room.cells.chosen,
            by=room.cells.by,
            aim=self.aim,
            currency=costs.currency if costs else "",
            bars=bars,
            today=strategies["today"],
            plan=strategies.get("plan"),
            careful=strategies.get("careful"),
            sure=self.asked.sure,
            prices=prices_of(room, bars, best, aim=self.aim) if best.feasible else (),
            relaxations=() if best.feasible else relaxations_of(room, bars),
            labels=int(self.curves.labels),
            notes=self._notes(best, guessed),
        )

    def _honest(self, bars: Bars, best: LinePlan) -> tuple[LinePlan, Optimism]:
        """Raise the floor by what lines chosen by labels promise beyond what they keep."""
        if not best.feasible:
            return best, NO_OPTIMISM
        over = optimism_of(self.room, self.curves, self.asked, aim=self.aim)
        again = find_lines(problem_of(self.room, _tighter(bars, over)))
        return (again if again.feasible else best), over

    def _draws(self, shares: Mapping[str, Floats]) -> dict[str, Draws]:
        return drawn(shares, self.room.worth, self.worlds, costs=self.room.costs)

    def _kept(
        self, bars: Bars, draws: Mapping[str, Draws], name: str, *, over: Optimism
    ) -> dict[str, float]:
        """Give the chance that a strategy keeps precision and leakage."""
        mine = draws[name].figures
        found: dict[str, float] = {}
        precision = mine["reject_precision"] - over.precision
        if self.asked.precision is None and self.room.cells.ads[2].sum() > 0:
            floor = draws["today"].figures["reject_precision"]  # today's own, in the same draw
        else:
            floor = np.full(len(precision), bars.precision)
        found["precision"] = float(np.mean(np.isnan(precision) | (precision >= floor - 1e-12)))
        if bars.leakage is not None:
            leakage = mine["leakage"] + over.leakage
            found["leakage"] = float(np.mean(np.isnan(leakage) | (leakage <= bars.leakage)))
        return found

    def _careful(self, bars: Bars, best: LinePlan, over: Optimism) -> LinePlan | None:
        """Tighten precision and leakage until the plan keeps them with the chance asked for."""

        def tried(share: float) -> LinePlan | None:
            tight = replace(bars, precision=bars.precision + share * (1 - bars.precision))
            if bars.leakage is not None:
                tight = replace(tight, leakage=bars.leakage * (1 - share))
            plan = find_lines(problem_of(self.room, tight), good=_ROUGH) if share else best
            if not plan.feasible:
                return None
            shares = {"today": self.room.today(), "plan": self._shares(plan)}
            kept = self._kept(bars, self._draws(shares), "plan", over=over)
            return plan if min(kept.values()) >= self.asked.sure else None

        if (found := tried(0.0)) is not None:
            return found
        low, high = 0.0, 1.0
        for _ in range(_TRIES):
            middle = (low + high) / 2
            plan = tried(middle)
            found, low, high = (found, middle, high) if plan is None else (plan, low, middle)
        return found

    def _shares(self, plan: LinePlan) -> Floats:
        return shares_of_lines(plan.review, plan.reject, bins=BINS)

    def _strategies(
        self, bars: Bars, plans: Mapping[str, LinePlan | None], over: Optimism
    ) -> dict[str, Strategy]:
        known = {name: plan for name, plan in plans.items() if plan is not None}
        shares = {"today": self.room.today()}
        shares |= {name: self._shares(plan) for name, plan in known.items()}
        draws = self._draws(shares)
        found: dict[str, Strategy] = {}
        before = draws["today"].figures[self.aim]
        for name, mine in shares.items():
            outcome = outcome_of(
                mine,
                self.room.worth,
                self.curves,
                draws=draws[name],
                costs=self.room.costs,
                level=self.brief.level,
            )
            now = found["today"].outcome if found else outcome
            more = over if name in known else NO_OPTIMISM
            ratio = 1 - draws[name].figures[self.aim] / np.maximum(before, 1e-12) - more.less
            value = 1 - outcome.value(self.aim) / max(now.value(self.aim), 1e-12) - more.less
            found[name] = Strategy(
                name=name,
                outcome=outcome,
                less=self._less(value, ratio),
                better=float(np.mean(ratio > 0)),
                kept=self._kept(bars, draws, name, over=more),
                lines=self._lines(known[name]) if name in known else (),
                gap=known[name].gap if name in known else 0.0,
            )
        return found

    def _less(self, value: float, ratio: Floats) -> Estimate:
        level = self.brief.level
        low, high = np.quantile(ratio, [(1 - level) / 2, (1 + level) / 2])
        return Estimate(
            value=value,
            low=float(min(low, value)),
            high=float(max(high, value)),
            level=level,
            status=Status.ESTIMATE,
            method="posterior draws",
            n=int(self.curves.labels),
        )

    def _lines(self, plan: LinePlan) -> tuple[CellLines, ...]:
        """Tell the lines of each cell, those with most to gain first."""
        room, cells = self.room, self.room.cells
        shares, cost = self._shares(plan), problem_of(room, room.bars(self.asked)).cost
        gain = ((room.today() - shares) * cost).sum(axis=(0, 2))
        moved = (np.maximum(shares - room.today(), 0.0) * room.worth.ads).sum(axis=(0, 2))
        labels = np.bincount(cells.labels.cell, cells.labels.n, minlength=len(cells))
        scores = [score_of(p) for p in (room.review, room.reject, plan.review, plan.reject)]
        rows = [
            CellLines(
                where=cells.where(cell),
                ads=int(room.worth.ads[cell].sum()),
                review_now=scores[0][cell],
                reject_now=scores[1][cell],
                review_from=scores[2][cell],
                reject_from=scores[3][cell],
                moved=round(float(moved[cell])),
                labels=int(labels[cell]),
                gain=float(gain[cell]),
            )
            for cell in range(len(cells))
        ]
        return tuple(sorted(rows, key=lambda each: (-each.gain, sorted(each.where.items()))))

    def _notes(self, best: LinePlan, guessed: tuple[str, ...]) -> tuple[Message, ...]:
        """Say what to know of the plan."""
        cells, worth = self.room.cells, self.room.worth
        found = [Message("lines.imputed", {"share": worth.imputed, "ratio": worth.ratio})]
        if not worth.checked:
            found.append(Message("lines.unchecked"))
        else:
            told = {"caught": worth.caught, "n": int(cells.checked.sum())}
            found.append(Message("lines.checked", told))
        labels = np.bincount(cells.labels.cell, cells.labels.n, minlength=len(cells))
        few = int((labels < _FEW_LABELS).sum())
        if few:
            found.append(
                Message(
                    "lines.few_labels", {"few": few, "cells": len(cells), "least": _FEW_LABELS}
                )
            )
        outside = {"ruled": cells.ruled, "other": cells.other, "unscored": cells.unscored}
        if any(outside.values()):
            found.append(Message("lines.outside", outside))
        if self.asked.precision is None and not cells.ads[2].sum():
            found.append(
                Message("lines.no_rejects", {"floor": self.room.bars(self.asked).precision})
            )
        found += self._trusted()
        if guessed:
            found.append(Message("lines.guessed", {"costs": ", ".join(guessed)}))
        if best.feasible:
            found.append(Message("lines.gap", {"gap": best.gap}))
        found += [Message("lines.advertisers"), *told_by(cells.frame)]
        return tuple(found)

    def _trusted(self) -> list[Message]:
        """Say how far labels were believed, and what an appeal costs."""
        trust, costs = self.room.cells.trust, self.room.costs
        told: dict[str, str | float] = {
            "caught": trust.caught,
            "passed": trust.passed,
            "n": trust.ads,
        }
        found = [Message(f"lines.trust.{trust.how}", told)]
        if costs is not None and costs.appeal > 0:
            shares = dict(zip(("wrong", "right"), costs.appealed, strict=True))
            told = {"cost": costs.appeal, "currency": costs.currency, **shares}
            found.append(Message("lines.appeals", told))
        return found
