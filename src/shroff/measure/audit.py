"""The smallest batch of labels that would answer what is unknown."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from shroff.domain.messages import Message
from shroff.measure.brief import Brief, Goal
from shroff.measure.frame import Frame
from shroff.measure.label_batch import Drawing, DrawStratum
from shroff.measure.label_plan_strata import Key
from shroff.stats.planning import labels_for_width, labels_to_show_below

__all__ = ["AuditPlan", "AuditStratum", "plan_audit"]

_ASKS = {"approve": "leakage", "reject": "reject_precision"}
_GUESS = {"leakage": 0.02, "reject_precision": 0.9}
_WIDTH = {"leakage": 0.02, "reject_precision": 0.05}
"""Widths that a published figure may have: 5 points, or the value itself when it is under 5%."""


@dataclass(frozen=True, slots=True)
class AuditStratum:
    """How many ads of one machine action to label.

    Parameters
    ----------
    action : str
        The machine action.
    code : str
        Name of the stratum in the batch; it does not give the action away to the reviewer.
    ads, labels : int
        Ads of the period with this action, and how many of them to label.
    """

    action: str
    code: str
    ads: int
    labels: int

    @property
    def text(self) -> Message:
        """Say how many ads of the action to label."""
        counts: dict[str, str | int | float | None] = {
            "action": self.action,
            "labels": min(self.labels, self.ads),
            "ads": self.ads,
        }
        return Message("audit.enough", counts)

    @property
    def chance(self) -> float:
        """Give the probability with which each ad is drawn."""
        return min(1.0, self.labels / self.ads)


@dataclass(frozen=True, slots=True)
class AuditPlan:
    """A batch of ads to label.

    Parameters
    ----------
    design_id : str
        Name of the design, to be kept with the labels.
    strata : tuple of AuditStratum
        What to draw.
    why : Message
        What the labels would tell.
    """

    design_id: str
    strata: tuple[AuditStratum, ...]
    why: Message

    @property
    def labels(self) -> int:
        """Count the ads expected in the batch."""
        return sum(min(stratum.labels, stratum.ads) for stratum in self.strata)

    @property
    def file(self) -> str:
        """Name the file of the batch."""
        return f"{self.design_id}.csv"

    def drawing(self) -> Drawing:
        """Say how the batch is drawn."""
        return Drawing(
            period=self.design_id,
            keys=(Key("action", "CAST(action AS VARCHAR)"),),
            strata=tuple(
                DrawStratum((s.action,), s.code, self.design_id, s.chance) for s in self.strata
            ),
        )

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {
            "design_id": self.design_id,
            "labels": self.labels,
            "file": self.file,
            "why": self.why.record(),
            "strata": [{**asdict(s), "sampling_prob": s.chance} for s in self.strata],
        }


def plan_audit(frame: Frame, brief: Brief) -> AuditPlan | None:
    """Plan labels for leakage and reject precision where no design drew any.

    Parameters
    ----------
    frame : Frame
        Where labels come from.
    brief : Brief
        Period and goals.

    Returns
    -------
    AuditPlan or None
        The smallest batch that answers, or None when both are answered.

    Notes
    -----
    With a goal, as many labels as show with 80% power that the error is below the goal if it is
    half of it; without one, as many as make the figure publishable.
    """
    open_actions = [s for s in frame.sources if not s.probability and s.ads and s.action in _ASKS]
    if not open_actions:
        return None
    strata = tuple(
        AuditStratum(s.action, f"s{place}", s.ads, _labels(brief, _ASKS[s.action]))
        for place, s in enumerate(open_actions, start=1)
    )
    total = sum(min(stratum.labels, stratum.ads) for stratum in strata)
    why = Message("audit.why", {"ads": total})
    return AuditPlan(f"audit-{brief.period.start}", strata, why)


def _labels(brief: Brief, metric: str) -> int:
    wide = labels_for_width(_GUESS[metric], _WIDTH[metric], level=brief.level)
    limit = _limit(brief.goal(metric))
    if limit is None or not 0 < limit < 1:
        return wide
    return max(labels_to_show_below(limit, limit / 2, level=brief.level), 1)


def _limit(goal: Goal | None) -> float | None:
    """Give the share of errors that a goal allows."""
    if goal is None:
        return None
    return goal.at_most if goal.at_most is not None else 1 - (goal.at_least or 0.0)
