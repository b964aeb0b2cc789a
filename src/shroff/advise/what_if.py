"""What would these lines do? Lines moved by hand, tried at once on worlds that labels allow.

What is read and learnt is that of `shroff.advise.thresholds`: the same lines have the same figures.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import inf

import numpy as np
import numpy.typing as npt

from shroff.advise.decision_cells import read_cells
from shroff.advise.decision_costs import PolicyCosts, policy_costs
from shroff.advise.decision_queries import BINS
from shroff.advise.line_limits import LinesAsked
from shroff.advise.proposal import Proposal, ThresholdChange
from shroff.advise.strategy_outcome import Draws, Outcome, drawn, outcome_of, shares_of_lines
from shroff.advise.threshold_plan import score_of
from shroff.advise.thresholds import Standing, standing_of
from shroff.advise.what_if_result import CellToday, LineMove, Tried
from shroff.domain.messages import Message
from shroff.errors import ConfigError
from shroff.measure.brief import Brief
from shroff.measure.score_labels import told_by
from shroff.stats.estimate import Estimate, Status
from shroff.store.engine import Engine
from shroff.store.settings import CostSettings

__all__ = ["WhatIf", "what_if"]

Floats = npt.NDArray[np.float64]

_REVIEW = 1
_NEARLY = 1e-9


@dataclass(frozen=True)
class WhatIf:
    """Lines can be tried on it at once.

    Parameters
    ----------
    standing : Standing
        What lines are tried on.
    brief : Brief
        Period and level.
    """

    standing: Standing
    brief: Brief
    _shared: dict[str, Draws] = field(default_factory=dict[str, Draws], repr=False)

    def cells(self) -> tuple[CellToday, ...]:
        """List the cells, those with most ads first."""
        room = self.standing.room
        cells = room.cells
        labels = np.bincount(cells.labels.cell, cells.labels.n, minlength=len(cells))
        review, reject = score_of(room.review), score_of(room.reject)
        rows = [
            CellToday(
                where=cells.where(place),
                ads=int(room.worth.ads[place].sum()),
                labels=int(labels[place]),
                review_from=review[place],
                reject_from=reject[place],
            )
            for place in range(len(cells))
        ]
        return tuple(sorted(rows, key=lambda each: -each.ads))

    @cached_property
    def today(self) -> Outcome:
        """What was done, in figures over the period."""
        return self._outcome(self.standing.room.today(), self._before)

    def tried(self, moves: Sequence[LineMove]) -> Tried:
        """Try lines.

        Parameters
        ----------
        moves : sequence of LineMove
            The lines; cells that none fits keep what was done.

        Returns
        -------
        Tried
            What they would do.
        """
        shares, cells = self._shares(moves)
        after = self._draws(shares)
        outcome, room = self._outcome(shares, after), self.standing.room
        hours = self._queue_hours(room.today()), self._queue_hours(shares)
        moved = (np.maximum(shares - room.today(), 0.0) * room.worth.ads).sum()
        return Tried(
            before=self.today,
            after=outcome,
            change={name: self._change(name, outcome, after) for name in outcome.figures},
            kept=self._kept(after),
            goals=self._goals(after),
            queues={
                name: (float(was), float(then))
                for name, was, then in zip(room.cells.queues, *hours, strict=True)
            },
            moved=round(float(moved)),
            cells=cells,
        )

    def proposal(self, moves: Sequence[LineMove], *, name: str = "", note: str = "") -> Proposal:
        """Write lines as a proposal, which `shroff advise simulate` replays.

        Parameters
        ----------
        moves : sequence of LineMove
            The lines.
        name, note : str
            What people call it and say of it.

        Returns
        -------
        Proposal
            Its lines, on the score that these were tried on.
        """
        chosen = self.standing.room.cells.chosen
        policy = None if chosen.policy in {"", "-"} else chosen.policy
        return Proposal(
            thresholds=tuple(
                ThresholdChange(
                    model=chosen.model,
                    version=chosen.version,
                    policy=policy,
                    where=each.where,
                    review_from=each.review_from,
                    reject_from=each.reject_from,
                )
                for each in moves
            ),
            name=name,
            note=note,
        )

    def notes(self) -> tuple[Message, ...]:
        """Say what it rests on."""
        worth, frame = self.standing.room.worth, self.standing.room.cells.frame
        imputed = Message("lines.imputed", {"share": worth.imputed, "ratio": worth.ratio})
        return (imputed, *told_by(frame))

    def record(self) -> dict[str, object]:
        """Give what can be moved as a JSON-ready record."""
        cells = self.standing.room.cells
        return {
            "period": {"start": str(self.brief.period.start), "end": str(self.brief.period.end)},
            "days": cells.days,
            "level": self.brief.level,
            "model": cells.chosen.model,
            "version": cells.chosen.version,
            "by": list(cells.by),
            "labels": int(self.standing.curves.labels),
            "cells": [each.record() for each in self.cells()],
            "today": self.tried([]).record(),
            "goals": {
                goal.known_as: {
                    "metric": goal.metric,
                    "at_most": goal.at_most,
                    "at_least": goal.at_least,
                }
                for goal in self.brief.goals
            },
            "notes": [each.record() for each in self.notes()],
        }

    def _shares(self, moves: Sequence[LineMove]) -> tuple[Floats, int]:
        room, cells = self.standing.room, self.standing.room.cells
        for each in moves:
            unknown = [name for name, _ in each.where if name not in cells.by]
            if unknown:
                raise ConfigError(
                    f"cells are not made of {unknown[0]!r}", hint="columns: " + ", ".join(cells.by)
                )
        named = [cells.where(place) for place in range(len(cells))]
        chosen = [next((m for m in moves if m.fits(where)), None) for where in named]
        places = np.array([(0, 0) if m is None else m.places for m in chosen], dtype=np.int64)
        lines = shares_of_lines(places[:, 0], places[:, 1], bins=BINS)
        moving = np.array([m is not None for m in chosen], dtype=np.bool_)
        shares = np.where(moving[None, :, None], lines, room.today())
        return shares, int(moving.sum())

    @property
    def _before(self) -> Draws:
        if not self._shared:
            self._shared["today"] = self._draws(self.standing.room.today())
        return self._shared["today"]

    def _draws(self, shares: Floats) -> Draws:
        stand = self.standing
        told = drawn({"": shares}, stand.room.worth, stand.worlds, costs=stand.room.costs)
        return told[""]

    def _outcome(self, shares: Floats, draws: Draws) -> Outcome:
        stand = self.standing
        return outcome_of(
            shares,
            stand.room.worth,
            stand.curves,
            draws=draws,
            costs=stand.room.costs,
            level=self.brief.level,
        )

    def _change(self, name: str, outcome: Outcome, after: Draws) -> Estimate:
        now, then = self.today.figures[name], outcome.figures[name]
        level, n = self.brief.level, int(self.standing.curves.labels)
        if now.value is None or then.value is None:
            return Estimate(
                value=None, low=None, high=None, level=level, status=Status.UNKNOWN,
                method="none", n=n,
            )  # fmt: skip
        value = then.value - now.value
        low = high = value
        if then.status is not Status.COUNT:
            apart = after.figures[name] - self._before.figures[name]
            low, high = np.quantile(apart, [(1 - level) / 2, (1 + level) / 2])
        return Estimate(
            value=value, low=float(min(low, value)), high=float(max(high, value)), level=level,
            status=then.status, method=then.method, n=n,
        )  # fmt: skip

    def _kept(self, after: Draws) -> dict[str, float]:
        now, then = self._before.figures, after.figures
        better = {
            "precision": then["reject_precision"] - now["reject_precision"],
            "leakage": now["leakage"] - then["leakage"],
        }
        # with nothing rejected, or nothing approved, there is nothing to be wrong
        return {n: float(np.mean(np.isnan(e) | (e >= -_NEARLY))) for n, e in better.items()}

    def _goals(self, after: Draws) -> dict[str, float]:
        found: dict[str, float] = {}
        for goal in self.brief.goals:
            figures = after.figures.get(goal.metric)
            if figures is None or goal.where:
                continue
            most = goal.at_most if goal.at_most is not None else inf
            least = goal.at_least if goal.at_least is not None else -inf
            met = (figures <= most) & (figures >= least)
            found[goal.known_as] = float(np.mean(np.isnan(figures) | met))
        return found

    def _queue_hours(self, shares: Floats) -> Floats:
        worth = self.standing.room.worth
        hours: Floats = (shares[_REVIEW] * worth.ads).sum(axis=1) @ worth.hours
        return hours


def what_if(engine: Engine, brief: Brief, asked: LinesAsked, *, costs: CostSettings) -> WhatIf:
    """Read and learn once what lines are tried on.

    Parameters
    ----------
    engine : Engine
        Where the logs are.
    brief : Brief
        Period, designs, level.
    asked : LinesAsked
        Whose score, by which columns, and whether costs are told; its limits are not used.
    costs : CostSettings
        What mistakes and work cost.

    Returns
    -------
    WhatIf
        Lines can be tried on it at once.
    """
    cells = read_cells(engine, brief, by=asked.by, chosen=asked.chosen)
    policies = policy_costs(engine) if asked.by_cost else PolicyCosts()
    return WhatIf(standing_of(cells, asked, costs=costs, policies=policies), brief)
