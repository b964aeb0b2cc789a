"""Models as the registry remembers them: versions, steps of their lives, runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from shroff.domain.registered import ModelKind, ModelState

__all__ = ["ModelRecord", "ModelRun", "ModelStep"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelRecord:
    """One version of something that scores or judges.

    Parameters
    ----------
    name, version : str
        Which it is, as in the logs.
    kind : ModelKind
        What it is.
    state : ModelState
        Where it is in its life.
    owner : str
        Who answers for it.
    at : str
        When it was registered, ISO 8601 in UTC; empty means now.
    policies : tuple of str
        Policies it speaks of; empty for one score over all.
    thresholds : mapping of str to float
        Score from which each action is taken, by action.
    source : mapping
        Where it comes from, JSON-ready: file and sha256, ``module:function``, endpoint, or policy
        text, model and parameters of an LLM.
    note : str
        In words.
    """

    name: str
    version: str
    kind: ModelKind = ModelKind.LOG
    state: ModelState = ModelState.SHADOW
    owner: str = ""
    at: str = ""
    policies: tuple[str, ...] = ()
    thresholds: Mapping[str, float] = field(default_factory=dict[str, float])
    source: Mapping[str, Any] = field(default_factory=dict[str, Any])
    note: str = ""

    def meets(self, other: ModelRecord) -> bool:
        """Tell whether it speaks of a policy that another one speaks of too."""
        return self.policies == other.policies or bool(set(self.policies) & set(other.policies))

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {
            "name": self.name,
            "version": self.version,
            "kind": str(self.kind),
            "state": str(self.state),
            "owner": self.owner,
            "registered_at": self.at,
            "policies": list(self.policies),
            "thresholds": dict(self.thresholds),
            "source": dict(self.source),
            "note": self.note,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelStep:
    """A step in the life of a version.

    Parameters
    ----------
    name, version : str
        Which version.
    state : ModelState
        The state it came into.
    at : str
        When, ISO 8601 in UTC; empty means now.
    who, why : str
        Who took the step, and the reason given.
    """

    name: str
    version: str
    state: ModelState
    at: str = ""
    who: str = ""
    why: str = ""

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {"at": self.at, "state": str(self.state), "who": self.who, "why": self.why}


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelRun:
    """A run of a version over ads, as it was measured.

    Parameters
    ----------
    name, version : str
        Which version.
    what : str
        ``score``, ``judge``, ...
    ads : int
        Ads it was given.
    seconds : float
        Time it took, without reading and writing the logs.
    at : str
        When it ended, ISO 8601 in UTC; empty means now.
    detail : mapping
        What else was measured, JSON-ready: rows set aside, cost, currency.
    """

    name: str
    version: str
    what: str
    ads: int
    seconds: float
    at: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict[str, Any])

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {
            "at": self.at,
            "what": self.what,
            "ads": self.ads,
            "seconds": self.seconds,
            **self.detail,
        }
