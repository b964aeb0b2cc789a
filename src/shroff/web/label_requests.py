"""What the dashboard is asked when people label, and what it answers."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from shroff.domain.labels import Verdict
from shroff.models.verdict_work import Given, Span

__all__ = [
    "AdShown", "AgreementTold", "NewBatch", "Opened", "Passed", "PolicyTold", "Said", "TaskTold", "Who",
]  # fmt: skip

Word = Annotated[str, Field(max_length=200)]


class Who(BaseModel):
    """Who labels, where nobody signs in."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(default="", max_length=80, description="Only where nobody signs in.")


class Passed(Who):
    """An ad that is put off."""

    place: int = Field(ge=1)


class Marked(BaseModel):
    """Words of an ad that show why."""

    model_config = ConfigDict(extra="forbid")

    field: Word
    start: int = Field(ge=0)
    end: int = Field(ge=1)


class Said(Who):
    """What a person says of an ad."""

    place: int = Field(ge=1)
    verdict: Verdict
    policies: list[Word] = Field(default=[], max_length=30)
    severity: int | None = Field(default=None, ge=1, le=5)
    note: str = Field(default="", max_length=4000)
    evidence: list[Marked] = Field(default=[], max_length=50)
    seconds: float = Field(default=0, ge=0, le=86_400, description="Active time spent on the ad.")

    def given(self, batch_id: str) -> Given:
        """Give it as it is kept."""
        return Given(
            batch_id=batch_id,
            place=self.place,
            verdict=self.verdict,
            policies=tuple(self.policies),
            severity=self.severity,
            note=self.note.strip(),
            evidence=tuple(
                Span(field=each.field, start=each.start, end=each.end) for each in self.evidence
            ),
            seconds=self.seconds,
        )


class AdShown(BaseModel):
    """The ad to label: nothing of what the machine or anybody else made of it, nor its name."""

    batch: str
    place: int
    left: int = Field(description="Ads left for this person, this one included.")
    asked: int
    content: dict[str, str]
    before: dict[str, Any] | None = Field(description="What this person took back.")


class Opened(BaseModel):
    """What a person is to label next."""

    ad: AdShown | None = Field(description="None where nothing is left for this person.")


class TaskTold(BaseModel):
    """A batch, and what is left of it."""

    batch: str
    drawn: str
    taken: str = Field(description="When labels first came back; empty before.")
    golden: str = Field(description="The golden set it is of; empty for none.")
    part: str = Field(description="single, first, second or third")
    asked: int
    given: int
    mine: int
    left: int = Field(description="Ads left for this person.")
    seconds: float
    unsent: bool = Field(description="Whether something was said that is not in the logs yet.")


class PolicyTold(BaseModel):
    """A policy to judge by."""

    id: str
    name_en: str
    name_zh: str
    text: str = Field(description="Its text, where the folder policies has one; else empty.")


class AgreementTold(BaseModel):
    """How far two people agree; nothing of single ads, and nothing before both are done."""

    asked: int
    both: int
    done: bool
    answers: list[str] = []
    table: list[list[int]] = []
    disputed: int | None = None
    figures: dict[str, dict[str, float | int | None]] = {}


class NewBatch(BaseModel):
    """A batch that was made."""

    batch: str
    asked: int
