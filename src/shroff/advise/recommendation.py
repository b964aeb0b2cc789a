"""One thing to do, with what it would bring, how sure that is, who does it and when it is checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from shroff.advise.outcome_question import Forecast
from shroff.domain.messages import Message, Value
from shroff.store.catalog_advice import Advice
from shroff.store.catalog_findings import finding_id

__all__ = ["Foreseen", "Placed", "Recommendation", "Worth"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreseen:
    """What a recommendation would do to a metric.

    Parameters
    ----------
    metric : str
        Id of the metric.
    change : Forecast
        Relative change.
    now, then : float
        The metric today, and as it would be.
    """

    metric: str
    change: Forecast
    now: float
    then: float

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {"metric": self.metric, **self.change.record(), "now": self.now, "then": self.then}


@dataclass(frozen=True, slots=True)
class Worth:
    """What something is worth a week, as draws.

    Parameters
    ----------
    draws : array
        Draws; empty where it cannot be told.
    """

    draws: Floats

    @property
    def known(self) -> bool:
        """Whether it can be told."""
        return len(self.draws) > 0

    @property
    def mean(self) -> float:
        """Give the expected value."""
        return float(self.draws.mean()) if self.known else 0.0

    @property
    def ends(self) -> tuple[float, float]:
        """Give the interval that holds 95% of the draws."""
        if not self.known:
            return 0.0, 0.0
        low, high = np.quantile(self.draws, [0.025, 0.975])
        return float(low), float(high)

    @property
    def sure(self) -> float:
        """Give the chance that it is above zero."""
        return float(np.mean(self.draws > 0)) if self.known else 0.0

    def record(self) -> dict[str, object] | None:
        """Give it as a JSON-ready record; None where it cannot be told."""
        if not self.known:
            return None
        low, high = self.ends
        return {"value": self.mean, "low": low, "high": high, "chance_positive": self.sure}


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommendation:
    """One thing to do.

    Parameters
    ----------
    kind : str
        ``thresholds``, ``guarantee``, ``model``, ``cascade``, ``rule_new``, ``rule_retire``,
        ``rule_queue``, ``labels``, ``guideline``, ``campaign``, ``term``, ``incident``, ``drift``, ``staffing`` or
        ``lint``.
    subject : str
        What it is about, the same in every run.
    params : mapping
        Slots of the sentence ``advice.do.KIND``.
    worth : Worth
        What it is worth a week by itself.
    hours : float
        Hours of work to do it.
    risk : str
        ``low``, ``medium`` or ``high``.
    reversible : bool
        Whether it can be taken back at once.
    target : str
        What it changes: two that change the same are a conflict. Empty for nothing shared.
    evidence : str
        The command that shows why.
    actions : array of int or None
        What would be done with each ad of the deck; None where it changes no decision.
    reach : array of int or None
        Places in the deck of ads that people would see again, where its worth does not rest on the
        deck: what others do with them already is not counted again.
    foreseen : Foreseen or None
        What it would do to a metric.
    proposal : mapping
        The change as `shroff advise simulate` reads it; empty for none.
    """

    kind: str
    subject: str
    params: Mapping[str, Value] = field(default_factory=dict[str, Value])
    worth: Worth
    hours: float
    risk: str = "low"
    reversible: bool = True
    target: str = ""
    evidence: str = ""
    actions: Ints | None = None
    reach: Ints | None = None
    foreseen: Foreseen | None = None
    proposal: Mapping[str, Any] = field(default_factory=dict[str, Any])

    @property
    def id(self) -> str:
        """Name it; what is recommended again has the same name."""
        return finding_id(f"advice/{self.kind}", self.subject)

    def text(self) -> Message:
        """Say what to do."""
        return Message(f"advice.do.{self.kind}", dict(self.params))


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A recommendation in the plan.

    Parameters
    ----------
    what : Recommendation
        The recommendation.
    adds : Worth
        What it adds to those before it: ads that they catch too are not counted again.
    shared : float
        Share of its own value that those before it bring already, in [0, 1].
    instead_of : tuple of str
        Ids of others that it rules out or that rule it out.
    owner : str
        Who should do it.
    due, check : date
        By when, and when to look whether it worked.
    state : str
        ``open``, ``accepted``, ``rejected`` or ``done``.
    """

    what: Recommendation
    adds: Worth
    shared: float = 0.0
    instead_of: tuple[str, ...] = ()
    owner: str = ""
    due: date
    check: date
    state: str = "open"

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        what = self.what
        return {
            "id": what.id,
            "kind": what.kind,
            "subject": what.subject,
            "do": what.text().record(),
            "worth": what.worth.record(),
            "adds": self.adds.record(),
            "shared": self.shared,
            "conflicts": list(self.instead_of),
            "hours": what.hours,
            "risk": what.risk,
            "reversible": what.reversible,
            "owner": self.owner,
            "due": str(self.due),
            "check": str(self.check),
            "evidence": what.evidence,
            "forecast": what.foreseen.record() if what.foreseen else None,
            "proposal": dict(what.proposal) or None,
            "state": self.state,
        }

    def advice(self) -> Advice:
        """Give it as the catalog keeps it."""
        return Advice(
            id=self.what.id, kind=self.what.kind, subject=self.what.subject, detail=self.record()
        )
