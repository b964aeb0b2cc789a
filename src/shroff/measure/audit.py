"""The smallest batch of labels that would answer what is unknown."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import asdict, astuple, dataclass, fields
from hashlib import blake2b
from io import StringIO

from shroff.domain.messages import Message
from shroff.measure.brief import Brief, Goal
from shroff.measure.frame import Frame
from shroff.stats.planning import labels_for_width, labels_to_show_below
from shroff.store.engine import Engine
from shroff.store.rows import rows
from shroff.store.sql import literals

__all__ = ["AuditPlan", "AuditStratum", "Drawn", "batch_csv", "draw", "is_drawn", "plan_audit"]

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

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {
            "design_id": self.design_id,
            "labels": self.labels,
            "file": self.file,
            "why": self.why.record(),
            "strata": [{**asdict(s), "sampling_prob": s.chance} for s in self.strata],
        }


@dataclass(frozen=True, slots=True)
class Drawn:
    """One ad to label; nothing in it tells what the machine did."""

    ad_id: str
    ad_version: int
    market: str | None
    design_id: str
    stratum: str
    sampling_prob: float


def batch_csv(engine: Engine, plan: AuditPlan) -> str:
    """Draw the batch and write it as CSV; see `draw`."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([column.name for column in fields(Drawn)])
    writer.writerows(astuple(drawn) for drawn in draw(engine, plan))
    return out.getvalue()


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


def draw(engine: Engine, plan: AuditPlan) -> Iterator[Drawn]:
    """Draw the batch; ``population`` must stand.

    Parameters
    ----------
    engine : Engine
        Where the population is.
    plan : AuditPlan
        What to draw.

    Yields
    ------
    Drawn
        The ads drawn: each on its own, by the hash of its id, so that the same plan on the same
        ads draws the same batch.
    """
    known = {stratum.action: stratum for stratum in plan.strata}
    query = (
        "SELECT ad_id, ad_version, market, action FROM population"
        f" WHERE in_period AND action IN ({literals(known)}) ORDER BY ad_id, ad_version, market"
    )
    for batch in rows(engine, query):
        for row in batch.to_pylist():
            stratum = known[row["action"]]
            key = f"{row['ad_id']}/{row['ad_version']}"
            if is_drawn(key, plan.design_id, stratum.chance):
                yield Drawn(
                    row["ad_id"],
                    row["ad_version"],
                    row["market"],
                    plan.design_id,
                    stratum.code,
                    stratum.chance,
                )


def is_drawn(key: str, design_id: str, chance: float) -> bool:
    """Tell whether a design draws an ad, from a hash that is uniform over ads."""
    digest = blake2b(f"{design_id}\0{key}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") < chance * 2**64
