"""What the first-run page asks for, and what it is told."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, Field

from shroff.domain.messages import Message
from shroff.store.mapping_trial import Trial, TrialFault
from shroff.store.propose import Proposal, TableProposal
from shroff.store.schema import TABLES

__all__ = [
    "DemoAsked",
    "FaultInFile",
    "FileFound",
    "FolderTold",
    "LookAsked",
    "MakeAsked",
    "Mapped",
    "TrialTold",
    "proposal_told",
    "trial_told",
]

_Words = dict[str, str]


class FileFound(BaseModel):
    """A log file."""

    name: str
    path: str = Field(description="Relative to the folder that is served.")
    bytes: int


class FolderTold(BaseModel):
    """What is in a folder."""

    folder: str
    folders: list[str]
    files: list[FileFound]


class DemoAsked(BaseModel):
    """A demo to be made."""

    ads: int = Field(default=20_000, ge=1000, le=2_000_000)


class LookAsked(BaseModel):
    """Files to be looked at."""

    files: list[str] = Field(min_length=1, max_length=500, description="Relative paths.")


class Mapped(BaseModel):
    """How a table is filled."""

    table: str = Field(max_length=40)
    columns: _Words = Field(default_factory=dict, max_length=200)
    constants: _Words = Field(default_factory=dict, max_length=200)
    values: dict[str, _Words] = Field(default_factory=dict, max_length=50)
    time_zone: str = Field(default="UTC", max_length=60)


class MakeAsked(BaseModel):
    """A workspace to be made of what was looked at."""

    name: str = Field(default="", max_length=120)
    language: Literal["en", "zh"] = "en"
    tables: list[Mapped] = Field(min_length=1, max_length=20)


class FaultInFile(BaseModel):
    """What keeps rows out."""

    column: str
    value: str
    reason: _Words
    rows: int


class TrialRowTold(BaseModel):
    """A row as it would be stored, with what keeps it out."""

    line: int
    cells: list[str]
    fault: FaultInFile | None


class TrialTold(BaseModel):
    """What a mapping does to the first rows of a file."""

    columns: list[str]
    rows: list[TrialRowTold]
    looked_at: int
    refused: int
    faults: list[FaultInFile]
    missing: list[str]
    source: list[str]


def _both(message: Message) -> _Words:
    told = message.record()
    return {"en": str(told["en"]), "zh": str(told["zh"])}


def trial_told(trial: Trial) -> TrialTold:
    """Tell what a mapping does."""
    return TrialTold(
        columns=list(trial.columns),
        rows=[
            TrialRowTold(
                line=row.line,
                cells=list(row.cells),
                fault=_fault(row.fault) if row.fault else None,
            )
            for row in trial.rows
        ],
        looked_at=trial.looked_at,
        refused=trial.refused,
        faults=[_fault(each) for each in trial.faults],
        missing=list(trial.missing),
        source=list(trial.source),
    )


def _fault(fault: TrialFault) -> FaultInFile:
    return FaultInFile(
        column=fault.column, value=fault.value, reason=_both(fault.reason.message), rows=fault.rows
    )


def proposal_told(proposal: Proposal) -> dict[str, Any]:
    """Tell what was made of files: the tables, with the columns that each may have."""
    return {
        "tables": [_table(each) for each in proposal.tables],
        "strangers": [_both(each) for each in proposal.strangers],
    }


def _table(table: TableProposal) -> dict[str, Any]:
    contract = TABLES[table.table]
    guessed = {guess.column: guess.name for guess in table.perhaps}
    return {
        "table": table.table,
        "files": [path.name for path in table.files],
        "columns": [
            {
                "name": column.name,
                "meaning": column.meaning,
                "required": column.required,
                "values": list(column.values),
            }
            for column in contract.columns
        ],
        "mapping": {
            "table": table.table,
            "columns": dict(table.spec.columns),
            "constants": {},
            "values": {
                each.column: {**{k: v for k, v in each.likely.items() if v}, **each.sure}
                for each in table.translations
            },
            "time_zone": table.times.zone or "UTC",
        },
        "perhaps": guessed,
        "doubts": [_both(each) for each in table.doubts],
    }
