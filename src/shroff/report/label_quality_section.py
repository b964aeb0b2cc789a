"""The section that answers: how far can the labels be trusted?"""

from __future__ import annotations

from datetime import date, timedelta

from shroff.domain.messages import Message, count
from shroff.measure.blocks import Block as Measured
from shroff.measure.label_quality import LabelQuality, label_quality_of
from shroff.measure.scorecard import Scorecard
from shroff.report.document import (
    Align,
    Block,
    Callout,
    Charts,
    Column,
    Paragraph,
    Row,
    Section,
    Table,
    Tone,
    TrendChart,
    TrendPoint,
)
from shroff.report.figures import Figure, Form, Part
from shroff.report.wording import Plain, Sayable, Sentence, Sentences
from shroff.store.engine import Engine

__all__ = ["label_quality_section", "section_of"]

_AGREEMENT = ("blind_agreement", "krippendorff_alpha", "gwet_ac1")
_CHECKS = ("check_overturn", "cohen_kappa")
_RATES = ("sensitivity", "specificity")
_SOURCES = ("gold", "queue", "audit")
_NUMBERS = frozenset({"krippendorff_alpha", "gwet_ac1", "fleiss_kappa", "cohen_kappa"})
_FEWEST = 10  # fewer answers of a queue or group are in the JSON only
_LEADS = (
    ("labels.quality.lead_agree", {"share": "blind_agreement", "alpha": "krippendorff_alpha"}),
    ("labels.quality.lead_check", {"share": "check_overturn"}),
    (
        "labels.quality.lead_gold",
        {"sensitivity": "gold_sensitivity", "specificity": "gold_specificity"},
    ),
)


def label_quality_section(engine: Engine, card: Scorecard) -> Section | None:
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
        None where nothing tells how good the labels are.
    """
    return section_of(label_quality_of(engine, card))


def section_of(found: LabelQuality) -> Section | None:
    """Tell what was found.

    Parameters
    ----------
    found : LabelQuality
        How far the labels can be trusted.

    Returns
    -------
    Section or None
        None where there is no figure.
    """
    if not found.blocks:
        return None
    blocks: list[Block] = []
    if found.findings:
        title = Message("labels.quality.title")
        blocks.append(Callout(title, Sentences(found.findings), Tone.UNSURE))
    blocks += _tables(found)
    blocks += _weeks(found)
    blocks += [Paragraph(_supply(found), Tone.QUIET)]
    blocks += [Paragraph(note, Tone.QUIET) for note in found.notes]
    blocks.append(Paragraph(Message("labels.quality.people_note"), Tone.QUIET))
    return Section(
        "labels", Message("labels.quality.title"), Sentences(_lead(found)), tuple(blocks)
    )


def _lead(found: LabelQuality) -> tuple[Sayable, ...]:
    """Say the figures over all that there are, and whether anything got worse."""
    said: list[Sayable] = []
    for key, slots in _LEADS:
        figures = {name: _everything(found, metric) for name, metric in slots.items()}
        known = {name: figure for name, figure in figures.items() if figure is not None}
        if len(known) == len(figures):
            said.append(Sentence(key, dict(known)))
    if not said:
        said.append(Message("labels.quality.lead_none"))
    elif any(each.group for each in found.drifts) and not found.findings:
        said.append(Message("labels.quality.steady"))
    return tuple(said)


def _everything(found: LabelQuality, metric: str) -> Figure | None:
    figure = found.figure(metric)
    if figure is None or figure.estimate.value is None or figure.estimate.n < _FEWEST:
        return None
    return Figure(figure.estimate, _form(metric), Part.WHOLE)


def _form(metric: str) -> Form:
    return Form.NUMBER if metric in _NUMBERS else Form.SHARE


def _tables(found: LabelQuality) -> list[Block]:
    tables: list[Table | None] = [
        _table(found, "queue", _AGREEMENT, note=Message("labels.quality.agree_note")),
        _table(found, "group", _CHECKS, note=Plain("")),
    ]
    for source in _SOURCES:
        metrics = tuple(f"{source}_{rate}" for rate in _RATES)
        dimension = "queue" if source == "gold" else "group"
        block = found.block(metrics[0], dimension)
        notes = Sentences(block.caveats) if block else Plain("")
        tables.append(_table(found, dimension, metrics, note=notes, source=source))
    tables.append(_corrected(found))
    return [table for table in tables if table is not None]


def _table(
    found: LabelQuality,
    dimension: str,
    metrics: tuple[str, ...],
    *,
    note: Sayable,
    source: str = "",
) -> Table | None:
    """Set the figures of some metrics beside each other, a row a queue or group."""
    blocks = [block for name in metrics if (block := found.block(name, dimension)) is not None]
    if not blocks:
        return None
    unit = "ads" if metrics[0] in _AGREEMENT else "answers"
    columns = (
        Column(Message("labels.quality.column.slice")),
        Column(Message(f"labels.quality.column.{unit}"), Align.END),
        *(Column(_title(block.metric), Align.END) for block in blocks),
    )
    rows = tuple(
        Row(
            (
                Plain(part.terms[0][1] or "–"),
                Plain(count(_most(blocks, place))),
                *_cells(blocks, place),
            )
        )
        for place, part in enumerate(blocks[0].slices)
        if _most(blocks, place) >= _FEWEST
    )
    if not rows:
        return None
    known = Sentence(
        "labels.quality.known_from", {"source": Message(f"labels.quality.source.{source}")}
    )
    return Table(columns, rows, Sentences((known, note)) if source else note)


def _title(metric: str) -> Message:
    bare = metric.partition("_")[2] if metric.endswith(_RATES) else metric
    return Message(f"labels.quality.{bare}")


def _most(blocks: list[Measured], place: int) -> int:
    found = [block.find(blocks[0].slices[place]) for block in blocks]
    return max(figure.estimate.n for figure in found if figure is not None)


def _cells(blocks: list[Measured], place: int) -> tuple[Figure | None, ...]:
    found = [block.find(blocks[0].slices[place]) for block in blocks]
    return tuple(
        None if figure is None else Figure(figure.estimate, _form(figure.metric))
        for figure in found
    )


def _corrected(found: LabelQuality) -> Table | None:
    """Set corrected figures beside the measured ones."""
    measured = {figure.metric: figure.estimate for figure in found.measured}
    rows: list[Row] = []
    for figure in found:
        source, mark, name = figure.metric.partition("corrected_")
        if mark:
            before = measured.get(name)
            known = Message(f"labels.quality.source.{'gold' if source else 'audit'}")
            cells = (
                Message(f"labels.quality.{name}"),
                None if before is None else Figure(before),
                Figure(figure.estimate),
                known,
            )
            rows.append(Row(cells))
    if not rows:
        return None
    columns = (
        Column(Message("labels.quality.correct_title")),
        Column(Message("labels.quality.column.measured"), Align.END),
        Column(Message("labels.quality.column.corrected"), Align.END),
        Column(Message("labels.quality.column.source")),
    )
    return Table(columns, tuple(rows), _corrected_note(found))


def _corrected_note(found: LabelQuality) -> Sayable:
    caveats = [
        caveat
        for block in found.blocks
        if "corrected_" in block.metric
        for caveat in block.caveats
    ]
    once = {caveat.id: caveat for caveat in caveats}
    return Sentences((Message("labels.quality.correct_note"), *once.values()))


def _weeks(found: LabelQuality) -> list[Block]:
    """Draw the overturns of checks, week by week."""
    block = found.block("check_overturn", "week")
    if block is None or len(block) < 2:
        return []
    period = found.brief.period
    points = [
        TrendPoint(day, Figure(figure.estimate), day >= period.start and day + _WEEK <= period.end)
        for figure in block
        if (day := date.fromisoformat(figure.slice.terms[0][1] or "0001-01-01"))
    ]
    points.sort(key=lambda point: point.at)
    chart = TrendChart("label-checks", Message("labels.quality.weeks"), tuple(points))
    return [Charts((chart,))]


_WEEK = timedelta(days=7)


def _supply(found: LabelQuality) -> Message:
    supply = found.supply
    return Message(
        "labels.quality.supply",
        {
            "twice": supply.twice,
            "checked": supply.checked,
            "seeded": supply.seeded,
            "seeds": supply.seeds,
            "settled": supply.settled,
        },
    )
