"""Reports as the API takes and tells them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from shroff.domain.messages import Language
from shroff.report.audiences import Audience
from shroff.report.due_reports import schedule_record, turn_record
from shroff.report.ordering import BOTH, FileKind, Order
from shroff.store.catalog_reports import ReportWriting, Schedule, Turn

__all__ = [
    "ReportAsked",
    "ReportTold",
    "ReportsTold",
    "ScheduleAsked",
    "ScheduleTold",
    "SentTold",
    "TurnTold",
    "report_told",
    "schedule_told",
    "turn_told",
]


class ReportAsked(BaseModel):
    """A report to be written; of which ads it speaks stands in the query."""

    audience: Audience = Field(default=Audience.TEAM, description="Whom it is for.")
    languages: list[Language] = Field(default=list(BOTH), min_length=1, max_length=2)
    kinds: list[FileKind] = Field(default=[FileKind.HTML], min_length=1, max_length=5)
    publish: bool = Field(default=False, description="Whether unsure figures are withheld.")

    def order(self, *, period: str, where: Mapping[str, tuple[str, ...]]) -> Order:
        """Make the order of it."""
        return Order(
            audience=self.audience,
            period=period,
            languages=tuple(dict.fromkeys(self.languages)),
            kinds=tuple(dict.fromkeys(self.kinds)),
            where=where,
            publish=self.publish,
        )


class ScheduleAsked(ReportAsked):
    """A report to be written again and again."""

    cron: str = Field(
        min_length=9, max_length=80, description="Minute, hour, day, month, weekday."
    )
    zone: str = Field(default="UTC", max_length=60, description="Time zone.")
    sends: bool = Field(default=False, description="Whether the webhook is told each time.")


class FileTold(BaseModel):
    """One file of a report."""

    name: str
    kind: str
    bytes: int


class ReportTold(BaseModel):
    """A report that was written."""

    run: int = Field(description="Its number.")
    at: str
    period: str
    audience: str
    files: list[FileTold] = Field(description="Those that are still there.")


class ScheduleTold(BaseModel):
    """A report that is written again and again."""

    id: str
    when: str
    zone: str
    next: str
    sends: bool
    who: str
    audience: str
    period: str
    kinds: list[str]
    languages: list[str]


class TurnTold(BaseModel):
    """One time that a scheduled report was due, and what came of it."""

    schedule: str
    due: str
    at: str
    state: Literal["working", "done", "failed", "interrupted"]
    told: str
    run: int | None


class ReportsTold(BaseModel):
    """What there is of reports."""

    reports: list[ReportTold]
    schedules: list[ScheduleTold]
    turns: list[TurnTold]
    missing: dict[str, str] = Field(
        description="Kinds that cannot be written, and what they need."
    )
    told: str = Field(description="Host of the webhook; empty where nobody is told.")


class SentTold(BaseModel):
    """Who was told."""

    host: Annotated[str, Field(description="The host that took it.")]


def report_told(writing: ReportWriting) -> ReportTold:
    """Tell of a report, with the files that are still there."""
    return ReportTold(
        run=writing.run,
        at=writing.at,
        period=writing.period,
        audience=str(writing.args.get("audience", Audience.TEAM)),
        files=[
            FileTold(name=path.name, kind=path.suffix.lstrip("."), bytes=path.stat().st_size)
            for path in map(Path, writing.files)
            if path.is_file() and not path.name.endswith(".summary.json")
        ],
    )


def schedule_told(schedule: Schedule) -> ScheduleTold:
    """Tell of a schedule, with when it is due next."""
    return ScheduleTold.model_validate(schedule_record(schedule, now=datetime.now(UTC)))


def turn_told(turn: Turn) -> TurnTold:
    """Tell what came of a turn."""
    return TurnTold.model_validate(turn_record(turn))
