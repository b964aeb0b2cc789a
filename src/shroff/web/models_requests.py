"""What the dashboard is asked about models."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from shroff.domain.registered import ModelState
from shroff.measure.model_work import Asked, Basis

__all__ = ["CompareAsked", "Moved", "ShadowWanted", "Switch"]

Word = Annotated[str, Field(max_length=200)]
Score = Annotated[float, Field(ge=-1e9, le=1e9)]


class _Asked(BaseModel):
    model_config = ConfigDict(extra="forbid")


class CompareAsked(_Asked):
    """Two versions to hold against each other; those that scored most where none is named."""

    model: Word = ""
    policy: Word = Field(default="", description="Policy of the scores; - for one over all.")
    champion: Word = ""
    challenger: Word = ""
    at: Score | None = Field(default=None, description="Score from which the champion acts.")
    challenger_at: Score | None = None
    basis: Basis = Basis.PRECISION
    by: list[Word] = Field(default=[], max_length=6, description="Columns to slice by.")

    def asked(self) -> Asked:
        """Give it as it is compared."""
        return Asked(
            model=self.model,
            policy=self.policy,
            champion=self.champion,
            challenger=self.challenger,
            at=self.at,
            challenger_at=self.challenger_at,
            basis=self.basis,
        )


class ShadowWanted(_Asked):
    """A version in shadow and the one that decides."""

    model: Word = ""
    shadow: Word = ""
    champion: Word = ""


class Switch(_Asked):
    """A turn of the switch."""

    name: str = Field(min_length=1, max_length=200)
    version: Word = Field(default="", description="All versions when empty.")
    reason: str = Field(min_length=1, max_length=2000)


class Moved(_Asked):
    """A step in the life of a version."""

    name: str = Field(min_length=1, max_length=200)
    version: str = Field(min_length=1, max_length=200)
    state: ModelState
    reason: str = Field(min_length=1, max_length=2000)
