"""A plan of labels: how many, in which strata, and what is known afterwards."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from hashlib import sha256

import pyarrow as pa

from shroff.domain.messages import Message
from shroff.measure.label_batch import Drawing, DrawStratum
from shroff.measure.label_plan_goals import LabelGoal
from shroff.measure.label_plan_strata import Key
from shroff.stats.estimate import Estimate

__all__ = ["LabelPlan", "PlannedGoal", "PlannedStratum"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedStratum:
    """How many ads of one stratum to label.

    Parameters
    ----------
    code : str
        Its name in the batch; tells a reviewer nothing.
    values : tuple of str
        Value of each key of the plan.
    design_id : str
        Design that the labels belong to.
    ads : int
        Ads of the period.
    drawn : int
        Those drawn already.
    labels : int
        Labels that the design will have, the drawn ones included.
    chance : float
        Probability with which each ad will have been drawn.
    base : float
        The probability with which others drew for the same design.
    cost : float
        Cost of one label.
    """

    code: str
    values: tuple[str, ...]
    design_id: str
    ads: int
    drawn: int
    labels: int
    chance: float
    base: float
    cost: float

    @property
    def ask(self) -> int:
        """Count the new labels to expect."""
        return max(self.labels - self.drawn, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedGoal:
    """What will be known of one goal.

    Parameters
    ----------
    goal : LabelGoal
        The goal.
    now : Estimate or None
        The figure today; None when no label tells.
    wanted, expected : float
        Width wanted, and to expect, of the interval.
    low, high : float
        Width in eight of ten cases, since the pilot's shares are uncertain themselves.
    """

    goal: LabelGoal
    now: Estimate | None
    wanted: float
    expected: float
    low: float
    high: float

    def text(self) -> Message:
        """Say what becomes of its interval."""
        now = self.now.width if self.now else None
        return Message(
            "labels.goal" if now is not None else "labels.goal_new",
            {
                "goal": self.goal.where,
                "now": None if now is None else 100 * now,
                "expected": 100 * self.expected,
                "low": 100 * self.low,
                "high": 100 * self.high,
                "wanted": 100 * self.wanted,
            },
        )

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        now = self.now
        return {
            "goal": self.goal.where,
            "metric": self.goal.metric,
            "slice": self.goal.part.record(),
            "value_now": now.value if now else None,
            "width_now": now.width if now else None,
            "labels_now": now.n if now else 0,
            "width_wanted": self.wanted,
            "width_expected": self.expected,
            "width_low": self.low,
            "width_high": self.high,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelPlan:
    """A plan of labels.

    Parameters
    ----------
    period : str
        First day and day after the last, ISO 8601, apart by a slash.
    keys : tuple of Key
        What strata are made of.
    strata : tuple of PlannedStratum
        The strata.
    goals : tuple of PlannedGoal
        What they will tell.
    labels_low, labels_high : int
        New labels that the goals would take in eight of ten cases.
    level : float
        Coverage of the intervals.
    notes : tuple of Message
        What to know of the plan.
    """

    period: str
    keys: tuple[Key, ...]
    strata: tuple[PlannedStratum, ...]
    goals: tuple[PlannedGoal, ...]
    labels_low: int
    labels_high: int
    level: float
    notes: tuple[Message, ...] = field(default=())

    @property
    def id(self) -> str:
        """Name the plan; the same plan has the same name."""
        told = repr((self.period, self.keys, self.strata)).encode()
        return f"plan-{self.period.partition('/')[0]}-{sha256(told).hexdigest()[:6]}"

    @property
    def labels(self) -> int:
        """Count the new labels to expect."""
        return sum(stratum.ask for stratum in self.strata)

    @property
    def cost(self) -> float:
        """Add up what the new labels cost."""
        return sum(stratum.ask * stratum.cost for stratum in self.strata)

    def text(self) -> Message:
        """Say how many labels it takes."""
        if not self.labels:
            return Message("labels.none_needed")
        return Message(
            "labels.lead",
            {
                "labels": self.labels,
                "strata": sum(stratum.ask > 0 for stratum in self.strata),
                "cost": self.cost,
                "low": self.labels_low,
                "high": self.labels_high,
            },
        )

    def to_arrow(self) -> pa.Table:
        """Give its strata as an Arrow table, one column a key."""
        return pa.Table.from_pylist(
            [
                {
                    **dict(zip((key.name for key in self.keys), s.values, strict=True)),
                    "stratum": s.code,
                    "design_id": s.design_id,
                    "ads": s.ads,
                    "drawn": s.drawn,
                    "to_label": s.ask,
                    "labels": s.labels,
                    "chance": s.chance,
                    "cost": s.ask * s.cost,
                }
                for s in self.strata
            ]
        )

    def drawing(self) -> Drawing:
        """Say how the batch is drawn."""
        return Drawing(
            period=self.period,
            keys=self.keys,
            strata=tuple(
                DrawStratum(s.values, s.code, s.design_id, s.chance, s.base) for s in self.strata
            ),
        )

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {
            "plan_id": self.id,
            "period": self.period,
            "level": self.level,
            "labels": self.labels,
            "labels_low": self.labels_low,
            "labels_high": self.labels_high,
            "cost": self.cost,
            "goals": [goal.record() for goal in self.goals],
            "keys": [asdict(key) for key in self.keys],
            "strata": [{**asdict(s), "ask": s.ask} for s in self.strata],
            "notes": [note.record() for note in self.notes],
        }
