"""What a proposal would have done: the result of a simulation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa

from shroff.advise.proposal import Proposal
from shroff.advise.queue_play import QueueOutcome
from shroff.advise.replay_figures import Compared
from shroff.domain.messages import Message
from shroff.domain.slices import Period
from shroff.measure.families import Query
from shroff.stats.estimate import Estimate

__all__ = ["CostSwing", "Costs", "Flip", "Simulation"]


@dataclass(frozen=True, slots=True)
class Costs:
    """What mistakes and work cost.

    Parameters
    ----------
    missed, wrong, hour : float or None
        One missed violation, one wrong reject, one hour of review; None where nobody said.
    currency : str
        Of the figures.
    """

    missed: float | None = None
    wrong: float | None = None
    hour: float | None = None
    currency: str = "USD"

    @property
    def known(self) -> bool:
        """Tell whether all of them are known."""
        return None not in {self.missed, self.wrong, self.hour}


@dataclass(frozen=True, slots=True, kw_only=True)
class Flip:
    """Ads that would be treated otherwise.

    Parameters
    ----------
    was, becomes : str
        Actions.
    ads : int
        How many.
    violating : Estimate
        Share of them that violates.
    labels : int
        Labels among them.
    """

    was: str
    becomes: str
    ads: int
    violating: Estimate
    labels: int

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {
            "was": self.was,
            "becomes": self.becomes,
            "ads": self.ads,
            "violating": self.violating.value,
            "violating_low": self.violating.low,
            "violating_high": self.violating.high,
            "labels": self.labels,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class CostSwing:
    """The change of cost, did something cost otherwise.

    Parameters
    ----------
    what : str
        ``missed``, ``wrong``, ``hour``; empty for costs as they are.
    times : float
        What its cost is multiplied by.
    change : Estimate
        Cost with the proposal less cost without.
    saves : float
        Chance that the proposal costs less.
    """

    what: str
    times: float
    change: Estimate
    saves: float

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {
            "cost_of": self.what or None,
            "times": self.times,
            "change": self.change.value,
            "change_low": self.change.low,
            "change_high": self.change.high,
            "chance_it_saves": self.saves,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulation:
    """History replayed under a proposal.

    Parameters
    ----------
    proposal : Proposal
        What was replayed.
    period : Period
        Days.
    level : float
        Coverage of the intervals.
    ads : int
        Ads decided.
    flips : tuple of Flip
        Ads that would be treated otherwise, most first.
    figures : tuple of Compared
        Figures without and with the proposal.
    queues : tuple of QueueOutcome
        Queues whose tasks or staff would change; all when the proposal is about queues.
    costs : Costs
        What things cost.
    swings : tuple of CostSwing
        Change of cost as costs are, halved and doubled; empty where costs are not known.
    design : str
        How labels were drawn.
    notes : tuple of Message
        What to know of this simulation.
    unknown : tuple of Message
        What no replay can know.
    queries : tuple of Query
        What was run.
    snapshot : mapping
        Version of the lake each table was read at.
    """

    proposal: Proposal
    period: Period
    level: float
    ads: int
    flips: tuple[Flip, ...]
    figures: tuple[Compared, ...]
    queues: tuple[QueueOutcome, ...]
    costs: Costs
    swings: tuple[CostSwing, ...]
    design: str
    notes: tuple[Message, ...]
    unknown: tuple[Message, ...]
    queries: tuple[Query, ...]
    snapshot: Mapping[str, int]

    @property
    def flipped(self) -> int:
        """Count the ads that would be treated otherwise."""
        return sum(flip.ads for flip in self.flips)

    def figure(self, name: str) -> Compared | None:
        """Find a figure by its name."""
        return next((each for each in self.figures if each.name == name), None)

    def text(self) -> Message:
        """Say in a sentence what would change."""
        if not self.flipped:
            return Message("simulate.same", {"ads": self.ads, "days": self.period.days})
        return Message(
            "simulate.lead",
            {"flipped": self.flipped, "ads": self.ads, "days": self.period.days},
        )

    def to_arrow(self) -> pa.Table:
        """Give the figures as an Arrow table."""
        types = {
            "figure": pa.string(),
            "unit": pa.string(),
            "status": pa.string(),
            "n": pa.int64(),
        }
        names = [
            f"{part}{end}"
            for part in ("before", "after", "change")
            for end in ("", "_low", "_high")
        ]
        fields = [
            ("figure", types["figure"]), ("unit", types["unit"]),
            *((name, pa.float64()) for name in names),
            ("status", types["status"]), ("n", types["n"]),
        ]  # fmt: skip
        rows = [each.record() for each in self.figures]
        return pa.Table.from_pylist(rows, schema=pa.schema(fields))

    def record(self) -> dict[str, object]:
        """Give everything as a JSON-ready record."""
        return {
            "proposal_id": self.proposal.id,
            "proposal": self.proposal.record(),
            "period": {"start": str(self.period.start), "end": str(self.period.end)},
            "level": self.level,
            "ads": self.ads,
            "flipped": self.flipped,
            "flips": [flip.record() for flip in self.flips],
            "figures": [figure.record() for figure in self.figures],
            "queues": [queue.record() for queue in self.queues],
            "costs": {
                "missed_violation": self.costs.missed,
                "wrong_reject": self.costs.wrong,
                "reviewer_hour": self.costs.hour,
                "currency": self.costs.currency,
            },
            "cost_swings": [swing.record() for swing in self.swings],
            "design": self.design,
            "notes": [note.record() for note in self.notes],
            "unknown": [note.record() for note in self.unknown],
            "snapshot": dict(self.snapshot),
            "queries": [{"title": query.title, "sql": query.sql} for query in self.queries],
        }
