"""A cascade of cheap score, LLM and people: from logs, judgements and labels to the best one."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from shroff.advise.cascade_answers import ANSWERS, answer_place
from shroff.advise.cascade_chances import EDGES_BY, CascadeChances, groups_of, learn_chances
from shroff.advise.cascade_outcome import (
    CascadeStrategy,
    LivedWorld,
    delay_of,
    drawn_ends,
    estimates_of,
    live_worlds,
    strategy_of,
)
from shroff.advise.cascade_plan import CascadeCell, CascadeFound, CascadeOutcome
from shroff.advise.cascade_problem import PEOPLE, CascadeLimits, CascadeRoom, Edges
from shroff.advise.cascade_reading import LlmReading, read_llm
from shroff.advise.cascade_search import CascadePlan, find_cascade
from shroff.advise.decision_cells import DecisionCells, read_cells
from shroff.advise.decision_queries import BINS
from shroff.advise.decision_worth import worth_of
from shroff.advise.line_limits import todays_lines
from shroff.advise.line_problem import REJECT, REVIEW
from shroff.advise.threshold_plan import score_of
from shroff.domain.messages import Message
from shroff.errors import ConfigError
from shroff.measure.brief import Brief
from shroff.measure.score_labels import told_by
from shroff.measure.score_queries import Chosen
from shroff.stats.estimate import Estimate, Status
from shroff.store.engine import Engine
from shroff.store.settings import CostSettings

__all__ = ["CascadeAsked", "cascade", "cascade_of"]

Floats = npt.NDArray[np.float64]

_DRAWS = 120
_SEED = 20261125
_USUAL_FLOOR = 0.95
_FRONTIER = (0.0, 0.1, 0.25, 0.5, 1.0)
"""Money of the frontier's cascades, as shares of what the LLM on all ads would cost."""

_HALF = 0.5
_FEW_TRIED = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class CascadeAsked:
    """What a cascade is to do.

    Parameters
    ----------
    cheap : Chosen or None
        The cheap score; the one that decides when None.
    llm, version : str
        The LLM and its version; the one that judged last when empty.
    by : tuple of str
        Columns that cells are made of; the usual ones when empty.
    edges_by : str
        Column whose values have edges of their own; ``-`` for the same everywhere.
    alike : float or None
        Share of shingles from which ads are asked about once, in (0, 1]; equal creatives when None.
    money, llm_hours, hours : float or None
        Most a day: for calls, of the LLM's time, of review (today's when None).
    precision : float or None
        Least precision of what the score and the LLM reject; today's when None.
    others : tuple of float
        Other money to find cascades for, as shares of what the LLM on all ads would cost.
    """

    cheap: Chosen | None = None
    llm: str = ""
    version: str = ""
    by: tuple[str, ...] = ()
    edges_by: str = EDGES_BY
    alike: float | None = None
    money: float | None = None
    llm_hours: float | None = None
    hours: float | None = None
    precision: float | None = None
    others: tuple[float, ...] = _FRONTIER

    def __post_init__(self) -> None:
        """Refuse what cannot be meant."""
        for name in ("money", "llm_hours", "hours"):
            value = getattr(self, name)
            if value is not None and not value >= 0:
                raise ConfigError(f"{name} is {value:g}", hint="0 or more")
        if self.precision is not None and not 0 < self.precision < 1:
            raise ConfigError(f"precision is {self.precision:g}", hint="between 0 and 1")


def cascade(
    engine: Engine, brief: Brief, asked: CascadeAsked, *, costs: CostSettings
) -> CascadeFound:
    """Find the best cascade.

    Parameters
    ----------
    engine : Engine
        Where the logs are.
    brief : Brief
        Period, designs, level.
    asked : CascadeAsked
        Score, LLM, limits.
    costs : CostSettings
        What an hour of review costs.

    Returns
    -------
    CascadeFound
        The cascade beside other strategies, and what more or less money would give.
    """
    cells = read_cells(engine, brief, by=asked.by, chosen=asked.cheap)
    reading = read_llm(
        engine, brief, cells, model=asked.llm, version=asked.version, alike=asked.alike
    )
    return cascade_of(cells, reading, asked, brief=brief, hour=costs.reviewer_hour)


def cascade_of(
    cells: DecisionCells,
    reading: LlmReading,
    asked: CascadeAsked,
    *,
    brief: Brief,
    hour: float | None = None,
    draws: int = _DRAWS,
) -> CascadeFound:
    """Find the best cascade for what was read.

    Parameters
    ----------
    cells : DecisionCells
        Ads and labels.
    reading : LlmReading
        Judgements.
    brief, asked
        As for `cascade`.
    hour : float, optional
        What an hour of review costs.
    draws : int
        Worlds behind the intervals.

    Returns
    -------
    CascadeFound
        The result.
    """
    chances = learn_chances(cells, reading, group=groups_of(cells, asked.edges_by))
    room = _room(cells, reading, chances)
    rng = np.random.default_rng(_SEED)
    worlds = live_worlds(room, tuple(chances.draws(draws, rng=rng)), rng=rng)
    return _Finding(cells, reading, brief, asked, room, worlds, hour).run()


def _room(cells: DecisionCells, reading: LlmReading, chances: CascadeChances) -> CascadeRoom:
    world = chances.expected()
    review, reject = todays_lines(cells)
    return CascadeRoom(
        worth=worth_of(cells, chances.curves.mean),
        ads=world.ads,
        chances=world.chances,
        calls=reading.calls,
        price=reading.price,
        seconds=reading.seconds,
        group=chances.group,
        review=review,
        reject=reject,
    )


@dataclass(frozen=True, slots=True)
class _Finding:
    """One search under way."""

    cells: DecisionCells
    reading: LlmReading
    brief: Brief
    asked: CascadeAsked
    room: CascadeRoom
    worlds: tuple[LivedWorld, ...]
    hour: float | None

    def run(self) -> CascadeFound:
        limits = self.limits()
        plan = find_cascade(self.room, limits)
        alone = find_cascade(self.room, limits, options=[PEOPLE])
        today = self.outcome("today", self.today())
        everything = self.everywhere()
        others = []
        for name, found in (("cheap", alone), ("cascade", plan)):
            if found is not None:
                others.append(self.outcome(name, self.done(found), gap=found.gap))
        others.append(self.outcome("all", everything))
        reading, cells = self.reading, self.cells
        return CascadeFound(
            period=self.brief.period,
            level=self.brief.level,
            chosen=cells.chosen,
            llm=reading.model,
            version=reading.version,
            by=cells.by,
            edges_by=self.asked.edges_by if self.room.group.any() else "",
            currency=reading.currency,
            today=today,
            others=tuple(others),
            frontier=self.frontier(limits, everything),
            cells=self.lines(plan) if plan is not None else (),
            judged=int(reading.judged.sum()),
            ads=int(cells.ads.sum()),
            labels=int(reading.labels.n.sum()),
            shadow=reading.shadow,
            latency=reading.latency,
            turnaround=reading.turnaround,
            notes=self.notes(plan),
        )

    def limits(self) -> CascadeLimits:
        """Set the limits over the period: those asked for, today's otherwise."""
        asked, days, room = self.asked, self.cells.days, self.room
        today = self.cells.ads
        hours = float((today[REVIEW].sum(axis=1) @ room.worth.hours).sum())
        rejected = float(today[REJECT].sum())
        right = float((today[REJECT] * room.overall()).sum())
        now = right / rejected if rejected else _USUAL_FLOOR
        return CascadeLimits(
            money=np.inf if asked.money is None else asked.money * days,
            llm_hours=np.inf if asked.llm_hours is None else asked.llm_hours * days,
            hours=hours if asked.hours is None else asked.hours * days,
            precision=now if asked.precision is None else asked.precision,
        )

    def today(self) -> CascadeStrategy:
        ads = self.cells.ads.sum(axis=0)
        shares = np.divide(self.cells.ads, ads, out=np.zeros(self.cells.ads.shape), where=ads > 0)
        done = np.repeat(shares[:, None], ANSWERS + 1, axis=1)
        return CascadeStrategy(done=done, asked=np.zeros(ads.shape))

    def done(self, plan: CascadePlan) -> CascadeStrategy:
        return strategy_of(
            self.room, plan.edges, review=plan.lines.review, reject=plan.lines.reject
        )

    def everywhere(self) -> CascadeStrategy:
        """Let the LLM judge every ad, and do what it says."""
        size = len(self.cells)
        groups = int(self.room.group.max(initial=0)) + 1
        half = answer_place(_HALF)
        return strategy_of(
            self.room,
            [Edges(half, half)] * groups,
            review=np.zeros(size, dtype=np.int64),
            reject=np.full(size, BINS),
        )

    def frontier(
        self, limits: CascadeLimits, everything: CascadeStrategy
    ) -> tuple[CascadeOutcome, ...]:
        """Find the best cascades under less and more money."""
        calls = (everything.asked * self.room.calls * self.room.price[:, None]).sum()
        days, found = self.cells.days, []
        for share in self.asked.others:
            money = share * float(calls)
            plan = find_cascade(self.room, limits.with_money(money), most=_FEW_TRIED)
            if plan is not None:
                told = self.outcome("frontier", self.done(plan), gap=plan.gap)
                found.append(replace(told, money_limit=money / days))
        return tuple(found)

    def outcome(self, name: str, strategy: CascadeStrategy, *, gap: float = 0.0) -> CascadeOutcome:
        labels = int(self.cells.labels.n.sum())
        figures, drawn = estimates_of(
            self.room, strategy, self.worlds, labels=labels, level=self.brief.level
        )
        ads = float(self.cells.ads.sum())
        people = figures["review_ads"].value or 0.0
        asked = float((strategy.asked * self.room.ads.sum(axis=0)).sum())
        after = float((strategy.done[REVIEW] * strategy.asked[None] * self.room.ads).sum())
        shares = ((asked - after) / ads, after / ads, (people - after) / ads)
        return CascadeOutcome(
            name=name,
            figures=figures,
            cost_1000=self.cost(figures, drawn["review_hours"], ads=ads),
            delay=delay_of(shares, self.reading.latency, self.reading.turnaround),
            less=self.less(figures, drawn["violating_impressions"]),
            gap=gap,
        )

    def less(self, figures: dict[str, Estimate], shown: Floats) -> Estimate:
        """Give by which share violating impressions are less than today's, world by world."""
        strategy, level = self.today(), self.brief.level
        labels = int(self.cells.labels.n.sum())
        now, drawn = estimates_of(self.room, strategy, self.worlds, labels=labels, level=level)
        before = now["violating_impressions"].value or 0.0
        value = 1 - (figures["violating_impressions"].value or 0.0) / max(before, 1e-12)
        ratio = 1 - shown / np.maximum(drawn["violating_impressions"], 1e-12)
        low, high = drawn_ends(ratio, level)
        return Estimate(
            value=value, low=float(min(low, value)), high=float(max(high, value)), level=level,
            status=Status.ESTIMATE, method="posterior draws", n=labels,
        )  # fmt: skip

    def cost(self, figures: dict[str, Estimate], hours: Floats, *, ads: float) -> Estimate:
        """Give the cost of calls and review work for 1,000 ads."""
        hour, money = self.hour or 0.0, figures["money"].value or 0.0
        value = money + hour * (figures["review_hours"].value or 0.0)
        level = self.brief.level
        ends = drawn_ends(money + hour * hours, level)
        scale = 1000 / max(ads, 1.0)
        return Estimate(
            value=value * scale,
            low=float(min(ends[0], value)) * scale,
            high=float(max(ends[1], value)) * scale,
            level=level,
            status=Status.ESTIMATE,
            method="posterior draws",
            n=int(self.cells.labels.n.sum()),
        )

    def lines(self, plan: CascadePlan) -> tuple[CascadeCell, ...]:
        strategy = self.done(plan)
        review, reject = score_of(plan.lines.review), score_of(plan.lines.reject)
        whole = self.cells.ads.sum(axis=0)
        asked = (strategy.asked * whole).sum(axis=1)
        rows = [
            CascadeCell(
                where=self.cells.where(cell),
                ads=int(whole[cell].sum()),
                asked=round(float(asked[cell])),
                ask_from=min(review[cell], reject[cell]),
                reject_from=reject[cell],
                edges=plan.edges[self.room.group[cell]],
            )
            for cell in range(len(self.cells))
        ]
        return tuple(sorted(rows, key=lambda row: (-row.asked, sorted(row.where.items()))))

    def once(self, calls: int, ads: int) -> Message:
        """Say what is asked about once."""
        told: dict[str, str | int | float | None] = {"calls": calls, "ads": ads}
        if self.asked.alike is None:
            return Message("cascade.once", told)
        return Message("cascade.campaign_once", {**told, "alike": self.asked.alike})

    def notes(self, plan: CascadePlan | None) -> tuple[Message, ...]:
        reading, cells = self.reading, self.cells
        judged, ads = float(reading.judged.sum()), float(cells.ads.sum())
        found = [
            Message(
                "cascade.judged",
                {
                    "judged": int(judged),
                    "ads": int(ads),
                    "share": judged / ads,
                    "labels": int(reading.labels.n.sum()),
                },
            ),
            self.once(int(reading.calls.sum()), int(ads)),
        ]
        if reading.shadow:
            found.append(Message("cascade.shadow", {"llm": reading.model}))
        if plan is not None:
            found.append(Message("cascade.gap", {"gap": plan.gap}))
            today = float((cells.ads[REVIEW].sum(axis=1) @ self.room.worth.hours).sum())
            if plan.used["hours"] > today * 1.001:
                found.append(Message("cascade.longer_queue"))
        if self.hour is None:
            found.append(Message("cascade.no_hour"))
        found += [Message("cascade.alike"), *told_by(cells.frame)]
        return tuple(found)
