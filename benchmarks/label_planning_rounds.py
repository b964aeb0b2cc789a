"""Plan, draw, label, measure, without an engine: many rounds in seconds.

The planner, its beliefs, the hash that draws and the estimator are the product's; only the counting
is done with arrays. `benchmarks.label_planning` does the same through the product, and slowly.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from shroff.domain.labels import DesignKind
from shroff.measure.label_plan_beliefs import shares_of
from shroff.measure.label_plan_strata import Cell
from shroff.measure.quality import CELLS, known_classes
from shroff.stats.allocation_widths import Beliefs, plan_widths
from shroff.stats.sampling import Cells, Ratio, Strata, kind_codes, ratios_many

ACTIONS = ("approve", "review", "reject")
PILOT = {"approve": 0.04, "review": 0.05, "reject": 0.1}


def ratio(metric: str) -> Ratio:
    """Say which of the 64 outcomes a metric counts."""
    codes = np.arange(CELLS)
    action, violating = codes // 16, codes & 4 > 0
    if metric == "leakage":
        return Ratio(numerator=(action == 0) & violating, denominator=action == 0)
    if metric == "reject_precision":
        return Ratio(numerator=(action == 2) & violating, denominator=action == 2)
    return Ratio(numerator=violating & (action > 0), denominator=violating)


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """A figure, the market it speaks of, and its width; None for half of what the pilot gives."""

    metric: str
    market: str = ""
    width: float | None = None

    def inside(self, values: tuple[str, ...]) -> bool:
        """Say whether a stratum is in it."""
        return not self.market or values[1] == self.market


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What to try: goals, and how rare violations are."""

    name: str
    goals: tuple[Goal, ...]
    rarer: float = 1.0
    pilot: Mapping[str, float] = field(default_factory=lambda: PILOT)


@dataclass(frozen=True, slots=True)
class Came:
    """What came of one goal in one round."""

    planned: float
    came: float
    covered: bool
    labels: int


class World:
    """40,000 ads (or more) with known truth."""

    def __init__(self, case: Case, *, ads: int = 40_000, seed: int = 5) -> None:
        rng = np.random.default_rng(seed)
        market = rng.choice(["ID", "*"], ads, p=[0.25, 0.75])
        rate = np.where(market == "ID", 0.12, 0.07) / case.rarer
        self.violating, luck = rng.random(ads) < rate, rng.random(ads)
        caught = np.select([luck < 0.35, luck < 0.55], [2, 1], 0)
        wronged = np.select([luck < 0.004 / case.rarer, luck < 0.04], [2, 1], 0)
        action = np.where(self.violating, caught, wronged)
        self.code = action * 16 + 2 + np.where(self.violating, 12, 0)
        self.stratum = action * 2 + (market == "*")
        names = [(a, m, "") for a in ACTIONS for m in ("ID", "*")]
        self.values, self.market, self.case = names, market, case
        self.ads = np.bincount(self.stratum, minlength=6).astype(float)

    def truth(self, goal: Goal) -> float:
        """Give the share that a goal is about."""
        mine = np.array([goal.inside(each) for each in self.values])[self.stratum]
        metric = ratio(goal.metric)
        codes = self.code[mine]
        return float(metric.numerator[codes].sum() / metric.denominator[codes].sum())


def measure(world: World, drawn: np.ndarray, chance: np.ndarray) -> list[tuple[float, float]]:
    """Give the interval of each goal."""
    goals = world.case.goals
    w = 1 / chance[world.stratum[drawn]]
    rows = []
    counted = Counter(zip(world.stratum[drawn].tolist(), world.code[drawn].tolist(), strict=True))
    for (stratum, code), n in counted.items():
        weight = float(1 / chance[stratum])
        for k, goal in enumerate(goals):
            if goal.inside(world.values[stratum]):
                rows.append((k, stratum, code, n, n * weight, n * weight**2))
    assert w.min() >= 1
    group, stratum, cell, n, total, square = np.array(rows).T
    found = ratios_many(
        Cells(
            group=group.astype(int),
            stratum=stratum.astype(int),
            cell=cell.astype(int),
            n=n,
            w=total,
            w2=square,
            known=known_classes(),
        ),
        Strata(
            kind=kind_codes([DesignKind.POISSON] * 6),
            population=np.full(6, np.nan),
            labels=np.bincount(world.stratum[drawn], minlength=6).astype(float),
        ),
        metrics=tuple(ratio(goal.metric) for goal in goals),
        groups=len(goals),
    )
    return [(float(each.low[k]), float(each.high[k])) for k, each in enumerate(found)]


def _plan(world: World, drawn: np.ndarray, chance: np.ndarray, widths: np.ndarray) -> np.ndarray:
    """Give the chance that each stratum should have."""
    counts = [Counter(world.code[drawn & (world.stratum == s)].tolist()) for s in range(6)]
    cells = [
        Cell(values=world.values[s], ads=int(world.ads[s]), outcomes=counts[s]) for s in range(6)
    ]
    shares, doubt = shares_of(cells)
    had = np.bincount(world.stratum[drawn], minlength=6).astype(float)
    beliefs = Beliefs(
        population=world.ads,
        shares=shares,
        doubt=doubt,
        frame=np.arange(6),
        sampled=np.ones(6, dtype=bool),
        inside=np.array([[g.inside(v) for v in world.values] for g in world.case.goals]),
        metrics=tuple(ratio(goal.metric) for goal in world.case.goals),
        known=known_classes(),
    )
    least = np.minimum(world.ads, np.maximum(had, 30.0))
    found = plan_widths(beliefs, widths, cost=np.ones(6), least=least).allocation.labels
    more = np.maximum(found - had, 0) / np.maximum(world.ads - had, 1)
    return np.where(found - had >= 1, 1 - (1 - chance) * (1 - np.minimum(more, 1.0)), chance)


def one_round(world: World, number: int) -> tuple[list[Came], list[Came]]:
    """Pilot, plan, draw, label and measure; then top up and measure again."""
    luck = np.random.default_rng([8, number]).random(len(world.code))
    chance = np.array([world.case.pilot[action] for action, _, _ in world.values])
    drawn = luck < chance[world.stratum]
    now = measure(world, drawn, chance)
    widths = np.array(
        [
            goal.width or (high - low) / 2
            for goal, (low, high) in zip(world.case.goals, now, strict=True)
        ]
    )
    pilot, found = int(drawn.sum()), []
    for _ in range(2):
        chance = _plan(world, drawn, chance, widths)
        drawn = luck < chance[world.stratum]
        ends = measure(world, drawn, chance)
        found.append(
            [
                Came(
                    planned=float(widths[k]),
                    came=high - low,
                    covered=low <= world.truth(goal) <= high,
                    labels=int(drawn.sum()) - pilot,
                )
                for k, (goal, (low, high)) in enumerate(zip(world.case.goals, ends, strict=True))
            ]
        )
    return found[0], found[1]


CASES = (
    Case(
        name="two goals",
        goals=(
            Goal(metric="leakage", market="ID"),
            Goal(metric="reject_precision", width=0.05),
        ),
    ),
    Case(name="recall to 10 points", goals=(Goal(metric="recall_any", width=0.1),)),
    Case(
        name="a quarter of the violations", goals=(Goal(metric="leakage", market="ID"),), rarer=4
    ),
)


def table(case: Case, *, rounds: int) -> list[str]:
    """Try a case and sum it up, goal by goal, before and after the top-up."""
    world = World(case)
    found = [one_round(world, number) for number in range(rounds)]
    lines = []
    for k, goal in enumerate(case.goals):
        for stage, name in enumerate((case.name, f"{case.name}, topped up")):
            came = [each[stage][k] for each in found]
            lines.append(_line(name, goal, came))
    return lines


def _line(name: str, goal: Goal, came: list[Came]) -> str:
    ratios = np.array([each.came / each.planned for each in came])
    shares = (
        np.mean(np.abs(ratios - 1) <= 0.1),
        np.mean(ratios <= 1.1),
        np.mean([each.covered for each in came]),
    )
    told = " | ".join(f"{share:.1%}" for share in shares)
    where = f"{goal.metric} in {goal.market}" if goal.market else goal.metric
    labels = np.mean([each.labels for each in came])
    return f"| {name} | {where} | {ratios.mean():.3f} | {told} | {labels:.0f} |"
