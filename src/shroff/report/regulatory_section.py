"""The section that answers: would published indicators tell the truth about our automation?"""

from __future__ import annotations

from itertools import groupby

from shroff.domain.messages import Message, count
from shroff.domain.slices import EVERYTHING, Slice
from shroff.domain.transparency import Profile, Quality
from shroff.measure.regulatory import TRUTH, Compared, Regulatory, regulatory_of
from shroff.measure.scorecard import Scorecard
from shroff.report.document import (
    Align,
    Block,
    Column,
    Details,
    Paragraph,
    Row,
    Section,
    Table,
    Tone,
)
from shroff.report.figures import Figure, Form, Part
from shroff.report.first_shown import FirstShown
from shroff.report.left_out import Heavy
from shroff.report.wording import Plain, Sayable, Sentence
from shroff.stats.estimate import Status
from shroff.store.engine import Engine

__all__ = ["complaint_rows", "language_rows", "lead_of", "regulatory_section", "section_of"]

_COMPLAINTS = ("filed", "upheld", "partly_reversed", "reversed", "omitted", "median_hours")
_MOST_LANGUAGES = 24
_WHO = {Profile.TIKTOK: "TikTok", Profile.GOOGLE_ADS: "Google Ads", Profile.META: "Meta"}
_HEAVY = Heavy(
    id="published-indicators",
    title=Message("regulatory.title"),
    command="shroff regulatory",
    most=20_000_000,
)


def regulatory_section(engine: Engine, card: Scorecard) -> Section | None:
    """Build the section.

    Parameters
    ----------
    engine : Engine
        Where the logs and the scorecard's session tables are.
    card : Scorecard
        The scorecard of the report's period.

    Returns
    -------
    Section or None
        None without appeals: every published definition rests on them.
    """
    if "appeals" not in engine.snapshot or not any(source.ads for source in card.frame.sources):
        return None
    if (left_out := _HEAVY.left_out(card)) is not None:
        return left_out
    found = regulatory_of(engine, card)
    return section_of(found) if found is not None else None


def section_of(found: Regulatory) -> Section | None:
    """Tell how far published indicators are off.

    Parameters
    ----------
    found : Regulatory
        The indicators.

    Returns
    -------
    Section or None
        None where no published definition has anything to count.
    """
    compared = [each for each in found.compared() if each.proxy.value is not None]
    if not compared:
        return None
    how = Message("regulatory.how")
    blocks: list[Block] = [_compared_table(compared, how)]
    blocks.append(Details(Message("regulatory.column.language"), (_language_table(found),)))
    complaints = complaint_rows(found)
    if complaints:
        blocks.append(Details(Message("regulatory.column.complaint"), (_complaint_table(found),)))
    caveats = [note for each in compared for note in each.proxy.caveats]
    said = {note.text(): note for note in (*found.notes, *caveats)}
    blocks += [Paragraph(note, Tone.QUIET) for note in said.values()]
    return Section(_HEAVY.id, _HEAVY.title, lead_of(found), tuple(blocks))


def lead_of(found: Regulatory) -> Sayable:
    """Say which published indicator is furthest off, if any surely is."""
    off = found.surely_off()
    if not off:
        known = any(each.gap.status is Status.ESTIMATE for each in found.compared())
        return Message("regulatory.lead_near" if known else "regulatory.lead_unknown")
    otherwise = Message("regulatory.lead_withheld")
    return FirstShown(tuple(_lead(each) for each in off), otherwise)


def _lead(each: Compared) -> Sentence:
    return Sentence(
        "regulatory.lead",
        {
            "who": _WHO[each.profile],
            "quality": Message(f"regulatory.quality.{each.quality}"),
            "proxy": Figure(each.proxy, part=Part.VALUE),
            "truth": Figure(each.truth),
            "gap": Figure(each.gap, Form.POINTS),
        },
    )


def _compared_table(compared: list[Compared], note: Sayable) -> Table:
    names = ("quality", "proxy", "truth", "gap")
    columns = tuple(
        Column(Message(f"regulatory.column.{name}"), Align.END if place else Align.START)
        for place, name in enumerate(names)
    )
    rows: list[Row] = []
    for profile, group in groupby(compared, key=_profile):
        rows.append(Row((Message(f"regulatory.profile.{profile}"), None, None, None), group=True))
        rows += [_compared_row(each) for each in group]
    return Table(columns, tuple(rows), note)


def _profile(each: Compared) -> Profile:
    return each.profile


def _compared_row(each: Compared) -> Row:
    return Row(
        (
            Message(f"regulatory.quality.{each.quality}"),
            Figure(each.proxy),
            Figure(each.truth),
            Figure(each.gap, Form.POINTS),
        )
    )


def language_rows(found: Regulatory) -> list[tuple[Sayable, ...]]:
    """List measures and indicators by language, all languages first.

    Parameters
    ----------
    found : Regulatory
        The indicators.

    Returns
    -------
    list of tuple
        Language, measures by automation alone, other measures, accuracy, precision, recall.
    """
    parts: list[tuple[Sayable, Slice]] = [(Message("regulatory.every_language"), EVERYTHING)]
    for spoken in found.languages[:_MOST_LANGUAGES]:
        named = Plain(spoken) if spoken else Message("regulatory.unknown_language")
        parts.append((named, Slice((("language", spoken),))))
    return [(named, *_measures(found, part), *_truths(found, part)) for named, part in parts]


def _measures(found: Regulatory, part: Slice) -> list[Sayable]:
    figures = [found.figure(f"measures_{name}", part) for name in ("solely", "not_solely")]
    return [Plain(count(each.value or 0.0) if each else "–") for each in figures]


def _truths(found: Regulatory, part: Slice) -> list[Sayable]:
    figures = [found.figure(TRUTH[quality], part) for quality in Quality]
    return [Figure(each) if each is not None else Plain("–") for each in figures]


def _language_table(found: Regulatory) -> Table:
    names = [f"column.{name}" for name in ("language", "solely", "not_solely")]
    names += [f"quality.{quality}" for quality in Quality]
    columns = tuple(
        Column(Message(f"regulatory.{name}"), Align.END if place else Align.START)
        for place, name in enumerate(names)
    )
    return Table(columns, tuple(Row(cells) for cells in language_rows(found)))


def complaint_rows(found: Regulatory) -> list[tuple[Sayable, Sayable]]:
    """List what became of complaints.

    Parameters
    ----------
    found : Regulatory
        The indicators.

    Returns
    -------
    list of pair
        What is counted, and how often; empty where complaints are not logged.
    """
    figures = {name: found.figure(f"complaints_{name}") for name in _COMPLAINTS}
    return [
        (
            Message(f"regulatory.complaint.{name}"),
            Figure(figure, Form.NUMBER if name == "median_hours" else Form.COUNT),
        )
        for name, figure in figures.items()
        if figure is not None and figure.value is not None
    ]


def _complaint_table(found: Regulatory) -> Table:
    columns = (
        Column(Message("regulatory.column.complaint")),
        Column(Message("regulatory.column.number"), Align.END),
    )
    rows = tuple(Row(cells) for cells in complaint_rows(found))
    return Table(columns, rows, Message("regulatory.complaints_how"))
