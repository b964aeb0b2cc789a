"""From events to incidents: named, matched with those known, kept in the catalog."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pyarrow as pa

from shroff.domain.messages import Message
from shroff.domain.metrics import Metric
from shroff.domain.slices import Period
from shroff.measure.families import Query
from shroff.store.catalog import Catalog
from shroff.store.catalog_findings import Finding, finding_id
from shroff.store.catalog_incidents import Incident
from shroff.watch.account_led import AccountLed
from shroff.watch.change_candidates import Candidate
from shroff.watch.incident_grouping import Event
from shroff.watch.logged_changes import LoggedChange
from shroff.watch.trend_lines import slice_text

__all__ = ["Changes", "Reported", "incident_of", "keep", "sentence_of"]

_SAME = timedelta(days=7)
_SUSPECT = timedelta(days=3)
_LISTED = 20
_LEADERS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """An incident, as it stands after a look.

    Parameters
    ----------
    incident : Incident
        The incident.
    new : bool
        Whether it was not known before.
    """

    incident: Incident
    new: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What changed.

    Parameters
    ----------
    period : Period
        Days looked at.
    reported : tuple of Reported
        One an event, the clearest first.
    series : int
        Series looked at.
    on_holiday : int
        Changes left out because they came and went with a holiday.
    led : tuple of AccountLed
        Changes that are one account's: told beside the incidents, as none of them.
    metrics : mapping
        Metrics by id.
    queries : tuple of Query
        The SQL that was run.
    """

    period: Period
    reported: tuple[Reported, ...]
    series: int
    on_holiday: int
    led: tuple[AccountLed, ...] = ()
    metrics: dict[str, Metric] = field(default_factory=dict[str, Metric])
    queries: tuple[Query, ...] = ()

    @property
    def new(self) -> tuple[Incident, ...]:
        """List the incidents that were not known."""
        return tuple(each.incident for each in self.reported if each.new)

    def lead(self) -> Message:
        """Say how much was found."""
        key = "changes.lead" if self.reported else "changes.none"
        return Message(
            key,
            {
                "series": self.series,
                "found": len(self.reported),
                "new": len(self.new),
                "period": self.period.label(),
            },
        )

    def remarks(self) -> tuple[Message, ...]:
        """Say what to know of them."""
        said = [Message("changes.rule")]
        if self.on_holiday:
            said.append(Message("changes.on_holiday", {"left": self.on_holiday}))
        if self.led:
            said.append(Message("changes.led", {"count": len(self.led)}))
            said += [each.text(self.metrics) for each in self.led[:_LEADERS]]
        return tuple(said)

    def to_arrow(self) -> pa.Table:
        """Give a row for each incident."""
        rows = [
            {
                "incident": each.incident.id,
                "new": each.new,
                "state": each.incident.state,
                "kind": each.incident.kind,
                "onset": date.fromisoformat(each.incident.onset),
                **{name: each.incident.detail.get(name) for name in _COLUMNS},
                "sentence_en": sentence_of(each.incident, self.metrics).record()["en"],
                "sentence_zh": sentence_of(each.incident, self.metrics).record()["zh"],
            }
            for each in self.reported
        ]
        kinds: list[tuple[str, pa.DataType]] = [
            ("incident", pa.string()),
            ("new", pa.bool_()),
            ("state", pa.string()),
            ("kind", pa.string()),
            ("onset", pa.date32()),
            *((name, _COLUMNS[name]) for name in _COLUMNS),
            ("sentence_en", pa.string()),
            ("sentence_zh", pa.string()),
        ]
        return pa.Table.from_pylist(rows, schema=pa.schema(kinds))

    def record(self) -> dict[str, object]:
        """Give everything as a JSON-ready record."""
        return {
            "period": {"start": str(self.period.start), "end": str(self.period.end)},
            "series": self.series,
            "on_holiday": self.on_holiday,
            "incidents": [
                {**incident_record(each.incident, self.metrics), "new": each.new}
                for each in self.reported
            ],
            "accounts": [each.record() for each in self.led],
            "notes": [note.record() for note in self.remarks()],
            "queries": [{"title": q.title, "sql": q.sql} for q in self.queries],
        }


_COLUMNS: dict[str, pa.DataType] = {
    "metric": pa.string(),
    "where": pa.string(),
    "onset_low": pa.string(),
    "onset_high": pa.string(),
    "last": pa.string(),
    "ratio": pa.float64(),
    "ratio_low": pa.float64(),
    "ratio_high": pa.float64(),
    "observed": pa.float64(),
    "expected": pa.float64(),
    "z": pa.float64(),
}


def incident_record(incident: Incident, metrics: dict[str, Metric]) -> dict[str, object]:
    """Give an incident as a JSON-ready record, with a sentence."""
    return {
        "id": incident.id,
        "state": incident.state,
        "kind": incident.kind,
        "subject": incident.subject,
        "onset": incident.onset,
        "opened_at": incident.opened_at,
        "who": incident.who,
        "why": incident.why,
        "detail": dict(incident.detail),
        "sentence": sentence_of(incident, metrics).record(),
    }


def incident_of(event: Event, logged: Sequence[LoggedChange]) -> Incident:
    """Name an event and tell what is known of it.

    Parameters
    ----------
    event : Event
        The event.
    logged : sequence of LoggedChange
        The log of changes: what happened within three days of the onset is named as a suspect.

    Returns
    -------
    Incident
        An open incident.
    """
    head = event.head
    where = slice_text(head.slice)
    subject = f"{head.metric} @ {where}" if where else head.metric
    suspects = sorted(
        (each for each in logged if _is_suspect(each.day, head)),
        key=lambda each: abs(each.day - head.onset),
    )
    return Incident(
        id=finding_id("change", subject, onset=str(head.onset)),
        kind=head.kind,
        subject=subject,
        onset=str(head.onset),
        detail={
            **_told(head),
            "where": where,
            "members": [_told(each) for each in event.members[:_LISTED]],
            "count": len(event.members),
            "suspects": [each.record() for each in suspects],
        },
    )


def _is_suspect(day: date, head: Candidate) -> bool:
    return head.onset_low - _SUSPECT <= day <= head.onset_high + timedelta(days=1)


def _told(each: Candidate) -> dict[str, Any]:
    def known(value: float) -> float | None:
        return value if value == value else None  # noqa: PLR0124 - NaN is not itself

    return {
        "metric": each.metric,
        "slice": each.slice.record(),
        "kind": each.kind,
        "onset": str(each.onset),
        "onset_low": str(each.onset_low),
        "onset_high": str(each.onset_high),
        "last": None if each.last is None else str(each.last),
        "ratio": known(each.ratio),
        "ratio_low": known(each.ratio_low),
        "ratio_high": known(each.ratio_high),
        "observed": each.observed,
        "expected": each.expected,
        "z": each.z,
        "p": each.p,
        "by": each.by,
        "against": each.against,
        "marked": each.marked,
    }


def keep(
    catalog: Catalog, incidents: Sequence[Incident], *, who: str = ""
) -> tuple[Reported, ...]:
    """Keep incidents; one that is known is renewed, and stays in the state people gave it.

    Parameters
    ----------
    catalog : Catalog
        What remembers them; one that cannot be written is only read.
    incidents : sequence of Incident
        As found now.
    who : str
        Who looked.

    Returns
    -------
    tuple of Reported
        Each as it stands now. One that is over since the last look is resolved.
    """
    book = catalog.incidents
    known = list(book.incidents())
    reported: list[Reported] = []
    for found in incidents:
        before = _known(found, known)
        if before is None:
            if not catalog.read_only:
                book.open(found, who=who)
            reported.append(Reported(incident=found, new=True))
            continue
        known.remove(before)
        renewed = Incident(
            id=before.id,
            kind=found.kind,
            subject=before.subject,
            onset=before.onset,
            detail=found.detail,
        )
        if not catalog.read_only:
            book.open(renewed)
            over = found.detail["last"] is not None and before.detail.get("last") is None
            if over and before.state in {"open", "acknowledged"}:
                book.move(before.id, state="resolved", who="shroff", why=str(found.detail["last"]))
            renewed = book.incident(before.id)
        reported.append(Reported(incident=renewed, new=False))
    if not catalog.read_only:
        catalog.findings.keep(_finding(each.incident) for each in reported)
    return tuple(reported)


def _finding(incident: Incident) -> Finding:
    return Finding(
        id=incident.id, kind="change", subject=incident.subject, detail=dict(incident.detail)
    )


def _known(found: Incident, known: Sequence[Incident]) -> Incident | None:
    """Find the incident that is the same event: of a series they share, near in time."""
    wanted = {_series(each) for each in found.detail["members"]}
    for before in known:
        theirs = {_series(each) for each in before.detail.get("members", ())}
        gap = abs(date.fromisoformat(before.onset) - date.fromisoformat(found.onset))
        if gap <= _SAME and not wanted.isdisjoint(theirs):
            return before
    return None


def _series(member: dict[str, Any]) -> tuple[str, tuple[tuple[str, str | None], ...], bool]:
    return member["metric"], tuple(sorted(member["slice"].items())), member["z"] > 0


def sentence_of(incident: Incident, metrics: dict[str, Metric]) -> Message:
    """Say what an incident is, in a sentence."""
    told = incident.detail
    metric = metrics.get(told["metric"])
    names = f"{metric.name_en}|{metric.name_zh}" if metric else told["metric"]
    rose = told["z"] > 0
    shape = "now" if told["last"] is None else "over"
    key = f"changes.{'rose' if rose else 'fell'}_{shape}"
    return Message(
        key,
        {
            "metric": names,
            "where": told["where"] or "all|全部",
            "onset": incident.onset,
            "low": told["onset_low"],
            "high": told["onset_high"],
            "last": told["last"],
            "ratio": _times(told["ratio"]),
            "ratio_low": _times(told["ratio_low"]),
            "ratio_high": _times(told["ratio_high"]),
        },
    )


def _times(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"
