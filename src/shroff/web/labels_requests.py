"""What the dashboard is asked about plans and batches of labels, and what it answers."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from shroff.web.job_records import JobTold

__all__ = ["DrawAsked", "FaultRow", "PlanLabels", "Upload", "UploadTold"]

Word = Annotated[str, Field(max_length=200)]
Form = Literal["csv", "xlsx", "jsonl"]


class _Asked(BaseModel):
    model_config = ConfigDict(extra="forbid")


class PlanLabels(_Asked):
    """Labels that are to be planned."""

    goals: list[Word] = Field(
        min_length=1,
        max_length=20,
        description="As --goal takes them, e.g. leakage@market=ID:half",
    )
    by: list[Word] = Field(default=[], max_length=6, description="More columns to draw by.")
    costs: list[Word] = Field(default=[], max_length=20, description="What a label costs.")
    budget: float | None = Field(default=None, gt=0)
    floor: int = Field(default=30, ge=1, le=10_000)


class DrawAsked(_Asked):
    """A batch that is to be drawn."""

    plan: Word = Field(default="", description="The plan; the newest when empty.")


class Upload(_Asked):
    """A file that came back."""

    form: Form
    content: str = Field(max_length=40_000_000, description="The file, in base64.")
    role: Literal["L1", "L2", "QA", "SME"] = Field(default="L1", description="Who labelled.")


class FaultRow(BaseModel):
    """What is wrong with a row."""

    row: int = Field(description="Its place in the batch; 0 where it has none.")
    kind: str = Field(description="changed, added, doubled, missing or label")
    text: str


class UploadTold(BaseModel):
    """What came of a file."""

    rows: int
    labelled: int
    faults: list[FaultRow] = Field(description="Where there is one, nothing was taken.")
    more: int = Field(description="Faults that are not listed.")
    job: JobTold | None = Field(description="The job that takes the labels, where none is wrong.")
