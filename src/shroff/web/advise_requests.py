"""What the dashboard is asked about advice, and what it answers."""

from __future__ import annotations

from datetime import date
from math import inf
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from shroff.advise.outcome_question import OutcomeQuestion, Rollout
from shroff.advise.proposal import terms_of
from shroff.advise.what_if_result import LineMove
from shroff.store.catalog_advice import Advice, AdviceStep

__all__ = [
    "AdviceTold",
    "Decision",
    "LinesMoved",
    "LinesRoom",
    "PlanAsked",
    "ProposalSaved",
    "ProposalTold",
    "advice_told",
]

Score = Annotated[float, Field(ge=0, lt=1)]
Word = Annotated[str, Field(max_length=200)]


class _Asked(BaseModel):
    model_config = ConfigDict(extra="forbid")


class PlanAsked(_Asked):
    """A plan that is to be made."""

    sources: list[Word] = Field(default=[], max_length=20, description="Where to ask; all.")


class Decision(_Asked):
    """What is decided of a recommendation."""

    state: Literal["accepted", "rejected", "done"]
    reason: str = Field(min_length=1, max_length=2000, description="Why.")
    owner: Word = Field(default="", description="Who does it.")
    due: date | None = Field(default=None, description="By when.")
    on: date | None = Field(default=None, description="First day on which it held.")
    rollout: Rollout = Field(default=Rollout.ALL, description="How it was rolled out.")
    column: Word = Field(default="", description="Column that says where it holds.")
    values: list[Word] = Field(default=[], max_length=50, description="Its values.")

    def told(self, today: date) -> dict[str, object]:
        """Give what is told with it, as the commands do."""
        if self.state == "accepted":
            given = {"owner": self.owner, "due": str(self.due) if self.due else ""}
            return {name: value for name, value in given.items() if value}
        if self.state == "rejected":
            return {}
        on, values = self.on or today, tuple(self.values)
        # a roll-out that cannot be judged later is told now
        OutcomeQuestion(metric="", on=on, rollout=self.rollout, values=values)
        return {
            "on": str(on), "rollout": str(self.rollout), "column": self.column,
            "values": list(values), "key": "", "share": 0.0,
        }  # fmt: skip


class LinesRoom(_Asked):
    """Where lines are to be moved."""

    by: list[Word] = Field(
        default=[], max_length=4, description="Columns that cells are made of; the usual ones."
    )
    model: Word = Field(default="", description="Whose score; the one that decides.")
    version: Word = ""
    policy: Word = Field(default="", description="Policy of the score; - for one over all.")


class MovedLine(_Asked):
    """Lines that some cells would have."""

    where: dict[Word, Word] = Field(
        default={}, max_length=4, description="Columns and values; empty for all cells."
    )
    review_from: Score | None = Field(default=None, description="In hundredths; null for never.")
    reject_from: Score | None = Field(default=None, description="In hundredths; null for never.")


class LinesMoved(_Asked):
    """Lines to try."""

    room: str = Field(max_length=40, description="Job that read what lines are tried on.")
    moves: list[MovedLine] = Field(
        max_length=500, description="Of several that fit a cell the first decides."
    )

    def lines(self) -> list[LineMove]:
        """Give them as they are tried."""
        return [
            LineMove(
                where=terms_of(each.where),
                review_from=inf if each.review_from is None else each.review_from,
                reject_from=inf if each.reject_from is None else each.reject_from,
            )
            for each in self.moves
        ]


class ProposalSaved(LinesMoved):
    """Lines to keep as a proposal."""

    name: str = Field(min_length=1, max_length=80)
    note: str = Field(default="", max_length=2000)


class ProposalTold(BaseModel):
    """A proposal that was kept."""

    id: str
    name: str
    file: str = Field(description="Its file, in the workspace.")
    proposal: dict[str, Any]


class AdviceTold(BaseModel):
    """A recommendation as it stands."""

    id: str
    kind: str
    subject: str
    state: str
    who: str
    why: str
    first_at: str
    last_at: str
    current: bool = Field(description="Whether the last plan still recommends it.")
    detail: dict[str, Any] = Field(description="Everything that was said of it.")
    history: list[dict[str, Any]] = Field(description="Decisions on it, oldest first.")


def advice_told(advice: Advice, steps: tuple[AdviceStep, ...], *, current: bool) -> AdviceTold:
    """Tell a recommendation as it stands.

    Parameters
    ----------
    advice : Advice
        As the catalog keeps it.
    steps : tuple of AdviceStep
        Decisions on it.
    current : bool
        Whether the last plan still recommends it.

    Returns
    -------
    AdviceTold
        For the API.
    """
    return AdviceTold(
        id=advice.id,
        kind=advice.kind,
        subject=advice.subject,
        state=advice.state,
        who=advice.who,
        why=advice.why,
        first_at=advice.first_at,
        last_at=advice.last_at,
        current=current,
        detail=dict(advice.detail),
        history=[
            {"at": s.at, "state": s.state, "who": s.who, "why": s.why, "told": dict(s.detail)}
            for s in steps
        ],
    )
