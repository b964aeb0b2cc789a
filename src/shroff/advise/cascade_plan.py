"""A cascade beside other strategies, as it is shown, written and proposed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf
from typing import TYPE_CHECKING

import numpy as np

from shroff.advise.cascade_answers import ANSWER_SCORES
from shroff.advise.cascade_problem import Edges
from shroff.advise.cascade_reading import Waits
from shroff.advise.proposal import CascadeChange, Proposal, terms_of
from shroff.domain.messages import Message
from shroff.domain.slices import Period
from shroff.measure.score_queries import Chosen
from shroff.stats.estimate import Estimate

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["CascadeCell", "CascadeFound", "CascadeOutcome", "edge_score"]


def edge_score(place: int) -> float:
    """Give the LLM's score at which an answer begins; infinite for the last."""
    return ANSWER_SCORES[place]


@dataclass(frozen=True, slots=True, kw_only=True)
class CascadeCell:
    """The lines of one cell.

    Parameters
    ----------
    where : mapping of str to str
        Columns and values that name it.
    ads : int
        Ads that lines decide there.
    asked : int
        Of these, how many the LLM gets.
    ask_from, reject_from : float
        Scores from which the LLM (people, where it is not asked) gets ads, and from which they are
        rejected; infinite for never.
    edges : Edges
        What is done with its answers.
    """

    where: Mapping[str, str]
    ads: int
    asked: int
    ask_from: float
    reject_from: float
    edges: Edges

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        people, reject = edge_score(self.edges.people), edge_score(self.edges.reject)
        return {
            "where": dict(self.where),
            "ads": self.ads,
            "asked": self.asked,
            "llm": self.edges.asked,
            "ask_from": _finite(self.ask_from),
            "reject_from": _finite(self.reject_from),
            "people_from": _finite(people),
            "llm_reject_from": _finite(reject),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class CascadeOutcome:
    """A strategy and what it does.

    Parameters
    ----------
    name : str
        ``today``, ``cheap``, ``cascade``, ``all`` or ``frontier``.
    figures : mapping of str to Estimate
        Over the period.
    cost_1000 : Estimate
        Money and review work for 1,000 ads, where an hour's cost is known; else money alone.
    delay : Waits
        Seconds until a decision, over all ads.
    less : Estimate
        By which share violating impressions are less than today's.
    money_limit : float
        Most money a day it was found under; infinite for none.
    gap : float
        How far it may be from the best, as a share.
    """

    name: str
    figures: Mapping[str, Estimate]
    cost_1000: Estimate
    delay: Waits
    less: Estimate
    money_limit: float = inf
    gap: float = 0.0

    def value(self, name: str) -> float:
        """Give one figure; not a number where it has none."""
        found = self.figures[name].value
        return np.nan if found is None else found

    def record(self, days: int) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {
            "name": self.name,
            "figures": {
                name: {"value": each.value, "low": each.low, "high": each.high}
                for name, each in self.figures.items()
            },
            "cost_per_1000_ads": {
                "value": self.cost_1000.value,
                "low": self.cost_1000.low,
                "high": self.cost_1000.high,
            },
            "less": {"value": self.less.value, "low": self.less.low, "high": self.less.high},
            "money_a_day": self.value("money") / days,
            "review_hours_a_day": self.value("review_hours") / days,
            "delay_seconds": {
                "mean": _known(self.delay.mean),
                "median": _known(self.delay.middle),
                "p95": _known(self.delay.late),
            },
            "money_limit_a_day": _finite(self.money_limit),
            "gap": self.gap,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class CascadeFound:
    """The best cascade within the limits, beside today's strategy and others.

    Parameters
    ----------
    period : Period
        Days it rests on.
    level : float
        Coverage of the intervals.
    chosen : Chosen
        The cheap score.
    llm, version : str
        The LLM.
    by : tuple of str
        Columns that cells are made of.
    edges_by : str
        Column whose values have edges of their own; empty for the same edges everywhere.
    currency : str
        Unit of money.
    today : CascadeOutcome
        What is done today.
    others : tuple of CascadeOutcome
        The score alone, the cascade, the LLM on all ads; those that keep the limits.
    frontier : tuple of CascadeOutcome
        The best cascades under less and more money.
    cells : tuple of CascadeCell
        Its lines; empty where nothing keeps the limits.
    judged, ads : int
        Ads that the LLM was asked about, and all that lines decide.
    labels : int
        Labels of judged ads.
    shadow : bool
        The LLM ran in shadow only.
    latency, turnaround : Waits
        Of one call, and of a review task.
    notes : tuple of Message
        What to know of it.
    """

    period: Period
    level: float
    chosen: Chosen
    llm: str
    version: str
    by: tuple[str, ...]
    edges_by: str
    currency: str
    today: CascadeOutcome
    others: tuple[CascadeOutcome, ...]
    frontier: tuple[CascadeOutcome, ...]
    cells: tuple[CascadeCell, ...]
    judged: int
    ads: int
    labels: int
    shadow: bool
    latency: Waits
    turnaround: Waits
    notes: tuple[Message, ...] = field(default=())

    @property
    def days(self) -> int:
        """Count the days of the period."""
        return (self.period.end - self.period.start).days

    @property
    def plan(self) -> CascadeOutcome | None:
        """Give the cascade itself; None where nothing keeps the limits."""
        return next((each for each in self.others if each.name == "cascade"), None)

    def strategies(self) -> tuple[CascadeOutcome, ...]:
        """List today's strategy and all others."""
        return (self.today, *self.others)

    def summary(self) -> Message:
        """Say in a sentence what the cascade would do."""
        plan = self.plan
        if plan is None:
            return Message("cascade.summary.none")
        asked = plan.value("asked_ads") / max(self.ads, 1)
        told: dict[str, str | int | float | None] = {
            "asked": asked,
            "less": plan.less.value,
            "low": plan.less.low,
            "high": plan.less.high,
            "hours": plan.value("review_hours") / self.days,
            "now": self.today.value("review_hours") / self.days,
            "money": plan.value("money") / self.days,
            "currency": self.currency,
        }
        return Message("cascade.summary.found" if asked > 0 else "cascade.summary.cheap", told)

    def proposal(self) -> Proposal:
        """Write the cascade as a proposal; a `ConfigError` where there is none."""
        policy = None if self.chosen.policy in {"", "-"} else self.chosen.policy
        return Proposal(
            cascades=tuple(
                CascadeChange(
                    model=self.chosen.model,
                    version=self.chosen.version,
                    policy=policy,
                    llm=self.llm if cell.edges.asked else "",
                    llm_version=self.version if cell.edges.asked else "",
                    where=terms_of(cell.where),
                    ask_from=cell.ask_from,
                    reject_from=cell.reject_from,
                    people_from=edge_score(cell.edges.people),
                    llm_reject_from=edge_score(cell.edges.reject),
                )
                for cell in self.cells
            ),
            name="best cascade",
            note=f"cascade of {self.period.label()}",
        )

    def to_arrow(self) -> pa.Table:
        """Give the lines of every cell as a table."""
        import pyarrow as pa  # noqa: PLC0415  (only those who ask for a table need it)

        rows: list[dict[str, object]] = []
        for each in self.cells:
            told = each.record()
            del told["where"]
            rows.append({**each.where, **told})
        return pa.Table.from_pylist(rows)

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {
            "period": {"start": str(self.period.start), "end": str(self.period.end)},
            "level": self.level,
            "model": self.chosen.model,
            "model_version": self.chosen.version,
            "llm": self.llm,
            "llm_version": self.version,
            "by": list(self.by),
            "edges_by": self.edges_by or None,
            "currency": self.currency,
            "ads": self.ads,
            "judged": self.judged,
            "labels": self.labels,
            "shadow": self.shadow,
            "possible": self.plan is not None,
            "summary": self.summary().record(),
            "strategies": [each.record(self.days) for each in self.strategies()],
            "frontier": [each.record(self.days) for each in self.frontier],
            "cells": [each.record() for each in self.cells],
            "latency_seconds": {
                "median": _known(self.latency.middle),
                "p95": _known(self.latency.late),
            },
            "turnaround_seconds": {
                "median": _known(self.turnaround.middle),
                "p95": _known(self.turnaround.late),
            },
            "notes": [each.record() for each in self.notes],
        }


def _finite(value: float) -> float | None:
    return None if value == inf else value


def _known(value: float) -> float | None:
    return None if np.isnan(value) else value
