"""From goals to a plan of labels: what is there, what is believed, what is cheapest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

import numpy as np

from shroff.domain.messages import Message
from shroff.domain.metrics import Weight
from shroff.errors import ConfigError, DesignError
from shroff.measure.brief import Brief
from shroff.measure.frame import Frame, Source, build_frames
from shroff.measure.label_plan import LabelPlan, PlannedGoal, PlannedStratum
from shroff.measure.label_plan_beliefs import GUESSES, shares_of
from shroff.measure.label_plan_goals import Cost, LabelGoal
from shroff.measure.label_plan_strata import Cell, Key, can_be_topped_up, keys_of, strata_of
from shroff.measure.label_plan_today import effective_labels, figures_now
from shroff.measure.population import build_population
from shroff.measure.quality import Outcomes, known_classes, outcomes_of
from shroff.stats.allocation import Limits
from shroff.stats.allocation_widths import Beliefs, Plan, Range, plan_widths, width_ranges
from shroff.stats.estimate import Estimate
from shroff.stats.proportions import Floats
from shroff.store.engine import Engine

__all__ = ["Asked", "plan_labels", "plan_on", "stand"]

FLOOR = 30
_MORE = 1.1
"""A design of its own must know so many times what the old one knew to be preferred to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a plan is asked for.

    Parameters
    ----------
    goals : tuple of LabelGoal
        What is to be known.
    by : tuple of str
        More columns to draw by.
    costs : tuple of Cost
        What labels cost; 1 each when empty.
    budget : float or None
        Most that new labels may cost.
    floor : int
        Labels that each stratum gets at least, or all its ads if it has fewer.
    """

    goals: tuple[LabelGoal, ...]
    by: tuple[str, ...] = ()
    costs: tuple[Cost, ...] = ()
    budget: float | None = None
    floor: int = FLOOR


def plan_labels(engine: Engine, brief: Brief, asked: Asked) -> LabelPlan:
    """Plan the cheapest labels that meet every goal.

    Parameters
    ----------
    engine : Engine
        Where the logs are.
    brief : Brief
        Period, designs, level.
    asked : Asked
        Goals, costs, bounds.

    Returns
    -------
    LabelPlan
        How many labels, where, at what cost, and what they will tell.

    Raises
    ------
    ConfigError
        If a column is not known, or no goal is given.
    DesignError
        If no label can reach a goal.
    """
    return plan_on(engine, brief, asked, frame=stand(engine, brief))


def stand(engine: Engine, brief: Brief) -> Frame:
    """Make the session's tables that plans are made on, and give the label frame."""
    build_population(engine, brief.period, derived=brief.derived, week_starts=brief.week_starts)
    return build_frames(engine, brief.designs, weights=[Weight.ADS])[Weight.ADS]


def plan_on(engine: Engine, brief: Brief, asked: Asked, *, frame: Frame) -> LabelPlan:
    """Plan as `plan_labels` does, on tables that stand already.

    Parameters
    ----------
    engine, brief, asked
        As for `plan_labels`.
    frame : Frame
        The label frame by ads; `stand` makes it.

    Returns
    -------
    LabelPlan
        The plan.

    Raises
    ------
    ConfigError
        If a column is not known, or no goal is given.
    """
    if not asked.goals:
        raise ConfigError("say what is to be known better", hint="--goal leakage@market=ID:half")
    outcomes = outcomes_of(engine, [brief.metrics[goal.metric] for goal in asked.goals])
    actions = {goal: outcomes.actions(goal.metric) for goal in asked.goals}
    keys = keys_of(engine, brief, frame, goals=actions, by=asked.by)
    cells = strata_of(engine, frame, keys, goals=asked.goals)
    needed = {action for counted in actions.values() for action in counted}
    cells = tuple(cell for cell in cells if cell.action in needed)
    now = figures_now(engine, frame, outcomes, goals=asked.goals, level=brief.level)
    work = _Work(brief, asked, frame, keys, cells, outcomes, now)
    return work.plan(effective=effective_labels(engine, frame))


@dataclass(frozen=True, slots=True)
class _Work:
    """One plan under way."""

    brief: Brief
    asked: Asked
    frame: Frame
    keys: tuple[Key, ...]
    cells: tuple[Cell, ...]
    outcomes: Outcomes
    now: list[Estimate | None]

    def plan(self, *, effective: Mapping[str, float]) -> LabelPlan:
        """Allocate the labels."""
        added = self._added()
        beliefs, least = self._beliefs(added), self._least(added)
        cost = np.array([_cost_of(cell, self.keys, self.asked.costs) for cell in self.cells])
        wanted = self._wanted()
        budget, sunk = self.asked.budget, self._sunk(added)
        floor = float(cost @ np.ceil(np.maximum(least - sunk, 0.0)))
        if budget is not None and floor > budget:
            raise DesignError(
                f"the budget of {budget:g} does not pay for the floor of {self.asked.floor} labels"
                f" in each stratum: {floor:g}",
                where="--budget",
                hint="raise the budget, lower --floor, or name fewer slices",
            )
        plan = plan_widths(
            beliefs,
            wanted,
            cost=cost,
            least=least,
            budget=None if budget is None else budget + float(cost @ sunk),
            level=self.brief.level,
            beside=self._beside(added, effective),
        )
        return self._told(plan, beliefs, wanted, added=added, cost=cost, least=least)

    def _sources(self) -> dict[str, Source]:
        return {source.action: source for source in self.frame.sources}

    def _added(self) -> dict[str, bool]:
        """Say of each action whether its labels are added to the design it has."""
        sources = self._sources()
        return {
            action: can_be_topped_up(sources[action])
            and all(cell.even for cell in self.cells if cell.action == action)
            for action in dict.fromkeys(cell.action for cell in self.cells)
        }

    def _is_census(self, action: str) -> bool:
        design = self._sources()[action].design
        return design is not None and design.kind == "census"

    def _beliefs(self, added: Mapping[str, bool]) -> Beliefs:
        shares, doubt = shares_of(self.cells)
        names = [self._frame_stratum(cell, added) for cell in self.cells]
        places = {name: place for place, name in enumerate(dict.fromkeys(names))}
        key = {each.name: place for place, each in enumerate(self.keys)}
        return Beliefs(
            population=np.array([cell.ads for cell in self.cells], dtype=np.float64),
            shares=shares,
            doubt=doubt,
            frame=np.array([places[name] for name in names], dtype=np.intp),
            sampled=np.array([not self._is_census(cell.action) for cell in self.cells]),
            inside=np.array(
                [
                    [
                        all(cell.values[key[c]] == v for c, v in goal.part.terms)
                        for cell in self.cells
                    ]
                    for goal in self.asked.goals
                ]
            ),
            metrics=tuple(self.outcomes.ratios[goal.metric] for goal in self.asked.goals),
            known=known_classes(),
        )

    def _frame_stratum(self, cell: Cell, added: Mapping[str, bool]) -> tuple[str, ...]:
        """Name the stratum that the estimator will put its labels in."""
        design = self._sources()[cell.action].design
        if self._is_census(cell.action):
            return ("census",)
        if added[cell.action] and design is not None and design.stratum:
            return (design.id, cell.values[-1])
        return cell.values

    def _sunk(self, added: Mapping[str, bool]) -> Floats:
        """Count the labels of each stratum that need not be paid again."""
        return np.array(
            [
                float(cell.ads)
                if self._is_census(cell.action)
                else float(min(cell.drawn, cell.ads)) * added[cell.action]
                for cell in self.cells
            ]
        )

    def _least(self, added: Mapping[str, bool]) -> Floats:
        ads = np.array([cell.ads for cell in self.cells], dtype=np.float64)
        return np.minimum(ads, np.maximum(self._sunk(added), self.asked.floor))

    def _wanted(self) -> Floats:
        found = []
        for goal, now in zip(self.asked.goals, self.now, strict=True):
            if goal.width is not None:
                found.append(goal.width)
            elif now is None or not now.width or goal.times is None:
                raise DesignError(
                    "there is no interval to narrow yet: no random label tells this figure"
                    if now is None
                    else "there is nothing left to narrow: every ad is labelled",
                    where=f"--goal {goal.where}",
                    hint=f"name a width, e.g. {goal.where}:0.03",
                )
            else:
                found.append(goal.times * now.width)
        return np.array(found)

    def _beside(self, added: Mapping[str, bool], effective: Mapping[str, float]) -> Limits | None:
        """Have a design of its own know more than the old one, which would be preferred else."""
        ads = np.array([cell.ads for cell in self.cells], dtype=np.float64)
        units, tops = [], []
        for action, joined in added.items():
            old = 0.0 if joined or self._is_census(action) else effective.get(action, 0.0)
            if old > 0 and self._sources()[action].probability:
                mine = np.array([cell.action == action for cell in self.cells])
                units.append(mine * ads**2)
                tops.append(float((mine * ads).sum() ** 2 / min(_MORE * old, (mine * ads).sum())))
        return Limits(unit=np.array(units), top=np.array(tops)) if units else None

    def _told(
        self,
        plan: Plan,
        beliefs: Beliefs,
        wanted: Floats,
        *,
        added: Mapping[str, bool],
        cost: Floats,
        least: Floats,
    ) -> LabelPlan:
        span = width_ranges(
            beliefs,
            plan,
            cost=cost,
            least=least,
            level=self.brief.level,
            rng=np.random.default_rng(20),
        )
        strata = tuple(
            self._stratum(place, labels=int(plan.allocation.labels[place]), added=added, cost=cost)
            for place in range(len(self.cells))
            if beliefs.sampled[place]
        )
        sunk = int(self._sunk(added).sum())
        period = self.brief.period
        return LabelPlan(
            period=f"{period.start}/{period.end}",
            keys=self.keys,
            strata=strata,
            goals=self._goals(plan, span, wanted),
            labels_low=max(span.labels_low - sunk, 0),
            labels_high=max(span.labels_high - sunk, 0),
            level=self.brief.level,
            notes=self._notes(plan, added),
        )

    def _goals(self, plan: Plan, span: Range, wanted: Floats) -> tuple[PlannedGoal, ...]:
        return tuple(
            PlannedGoal(
                goal=goal,
                now=self.now[place],
                wanted=float(wanted[place]),
                expected=float(plan.widths[place]),
                low=float(span.low[place]),
                high=float(span.high[place]),
            )
            for place, goal in enumerate(self.asked.goals)
        )

    def _stratum(
        self, place: int, *, labels: int, added: Mapping[str, bool], cost: Floats
    ) -> PlannedStratum:
        cell = self.cells[place]
        joined = added[cell.action]
        design = self._sources()[cell.action].design
        own = f"labels-{self.brief.period.start}"
        drawn = min(cell.drawn, cell.ads) if joined else 0
        base = cell.foreign_high if joined else 0.0
        chance = min(1.0, labels / cell.ads)
        if joined and labels - drawn < 1:
            chance = max(cell.high, base)  # nothing to add
        elif joined:
            # the draws there are may be more or fewer than their probability says
            left = max(cell.ads - drawn, 1)
            chance = 1 - (1 - cell.high) * (1 - min(1.0, (labels - drawn) / left))
        return PlannedStratum(
            code=_code(cell.values),
            values=cell.values,
            design_id=design.id if joined and design is not None else own,
            ads=cell.ads,
            drawn=drawn,
            labels=max(labels, drawn),
            chance=max(chance, base, cell.low if joined else 0.0),
            base=base,
            cost=float(cost[place]),
        )

    def _notes(self, plan: Plan, added: Mapping[str, bool]) -> tuple[Message, ...]:
        notes: list[Message] = []
        for action, joined in added.items():
            if self._is_census(action):
                continue
            design = self._sources()[action].design
            labelled = sum(cell.labels for cell in self.cells if cell.action == action)
            if joined and design is not None:
                notes.append(Message("labels.adds", {"action": action, "design": design.id}))
            elif labelled > 0 and design is not None:
                notes.append(
                    Message("labels.stands_alone", {"action": action, "design": design.id})
                )
            if labelled == 0:
                notes.append(
                    Message("labels.guessed", {"action": action, "share": GUESSES[action]})
                )
        if plan.allocation.scale > 1:
            notes.append(Message("labels.budget", {"budget": self.asked.budget}))
        everything = all(
            plan.allocation.labels[place] >= cell.ads for place, cell in enumerate(self.cells)
        )
        if everything:
            notes.append(Message("labels.everything"))
        return tuple(notes)


def _code(values: tuple[str, ...]) -> str:
    """Name a stratum so that its name tells nothing of the machine's action."""
    return "z" + sha256("\0".join(values).encode()).hexdigest()[:6]


def _cost_of(cell: Cell, keys: Sequence[Key], costs: Sequence[Cost]) -> float:
    places = {key.name: place for place, key in enumerate(keys)}
    found = 1.0
    for cost in costs:
        if cost.column and cost.column not in places:
            raise ConfigError(
                f"a cost speaks of {cost.column!r}, which the plan does not draw by",
                where=f"--cost {cost.column}={cost.value}",
                hint=f"add --by {cost.column}",
            )
        if not cost.column or cell.values[places[cost.column]] == cost.value:
            found = cost.amount
    return found
