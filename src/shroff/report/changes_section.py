"""The section that answers: what changed?"""

from __future__ import annotations

from shroff.domain.messages import Message
from shroff.domain.metrics import Metric
from shroff.domain.slices import Slice
from shroff.report.document import Align, Block, Column, Mark, Paragraph, Row, Section, Table, Tone
from shroff.report.wording import Bilingual, Plain, Sayable
from shroff.store.catalog_incidents import Incident
from shroff.watch.incident_desk import Changes, Reported, sentence_of

__all__ = ["CHANGES", "changes_section"]

CHANGES = "changes"
"""Id of the section."""

_COLUMNS = ("onset", "state", "last", "metric", "where", "ratio", "count")
_SAID = 12
_TONES = {"open": Tone.BAD, "acknowledged": Tone.UNSURE}


def changes_section(found: Changes) -> Section:
    """Tell each incident once, with what the log of changes says of those days.

    Parameters
    ----------
    found : Changes
        What changed.

    Returns
    -------
    Section
        The incidents, or that chance explains what moved.
    """
    blocks: list[Block] = []
    for each in found.reported[:_SAID]:
        blocks.append(Paragraph(sentence_of(each.incident, found.metrics)))
        blocks += [Paragraph(note, Tone.QUIET) for note in _suspects(each.incident)]
    if found.reported:
        rows = tuple(_row(each, found.metrics) for each in found.reported)
        blocks.append(Table(_columns(), rows))
    blocks += [Paragraph(note, Tone.QUIET) for note in found.remarks()]
    return Section(CHANGES, Message("changes.title"), found.lead(), tuple(blocks))


def _suspects(incident: Incident) -> list[Message]:
    return [
        Message(
            "changes.suspect",
            {
                "day": each["day"],
                "what": " · ".join(p for p in (each["kind"], each["what"], each["note"]) if p),
            },
        )
        for each in incident.detail.get("suspects", ())
    ]


def _columns() -> tuple[Column, ...]:
    return tuple(
        Column(Message(f"changes.column.{name}"), Align.END if place >= 5 else Align.START)
        for place, name in enumerate(_COLUMNS)
    )


def _row(each: Reported, metrics: dict[str, Metric]) -> Row:
    told = each.incident.detail
    metric = metrics.get(told["metric"])
    name: Sayable = Plain(told["metric"])
    if metric is not None:
        name = Bilingual(metric.name_en, metric.name_zh)
    state = each.incident.state
    ratio = "–"
    if told["ratio"] is not None:
        ratio = f"{told['ratio']:.2f} ({told['ratio_low']:.2f}–{told['ratio_high']:.2f})"
    return Row(
        (
            Plain(each.incident.onset),
            Mark(Message(f"changes.state.{state}"), _TONES.get(state, Tone.QUIET)),
            Plain(told["last"]) if told["last"] else Message("changes.ongoing"),
            name,
            Plain(told["where"]) if told["where"] else Message("trends.everything"),
            Plain(ratio),
            Plain(str(told["count"])),
        ),
        part=Slice(tuple(told["slice"].items())),
    )
