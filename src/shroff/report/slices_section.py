"""The section that answers: which slices are worse than the rest?"""

from __future__ import annotations

from collections.abc import Sequence

from shroff.domain.messages import Message, count
from shroff.domain.metrics import Metric
from shroff.errors import ConfigError, DesignError
from shroff.measure.scorecard import Scorecard
from shroff.measure.slice_findings import SliceFinding, Standing, WorseSlices, named
from shroff.measure.worse_slices import SliceQuestion, worse_slices
from shroff.report.abridging import Value
from shroff.report.document import (
    Align,
    Block,
    Column,
    Mark,
    Paragraph,
    Row,
    Section,
    Table,
    Tone,
)
from shroff.report.figures import Figure, Form, Part
from shroff.report.wording import Bilingual, Plain, Sayable, Sentence, Sentences
from shroff.stats.estimate import Estimate, Status
from shroff.store.engine import Engine

__all__ = ["section_of", "slices_section"]

_METRICS = ("leakage", "fdr", "overturns_per_appeal")
_COLUMNS = ("slice", "standing", "value", "elsewhere", "errors", "base", "labels")
_SAID = 8
_TONES = {Standing.CONFIRMED: Tone.BAD, Standing.OPEN: Tone.UNSURE, Standing.FADED: Tone.QUIET}


def slices_section(engine: Engine, card: Scorecard) -> Section | None:
    """Build the section: leaked ads, wrong rejects and overturns.

    Parameters
    ----------
    engine : Engine
        Where the logs and the scorecard's session tables are.
    card : Scorecard
        The scorecard of the report's period.

    Returns
    -------
    Section or None
        None where no random label, and no settled appeal, can tell.
    """
    found: list[WorseSlices] = []
    for metric in _METRICS:
        try:
            found.append(worse_slices(engine, card, SliceQuestion(metric=metric)))
        except (ConfigError, DesignError):  # the logs cannot tell: other sections say why
            continue
    return section_of([each for each in found if each.everything.status is not Status.PROXY])


def section_of(found: Sequence[WorseSlices]) -> Section | None:
    """Tell what was found.

    Parameters
    ----------
    found : sequence of WorseSlices
        One a metric.

    Returns
    -------
    Section or None
        None where no slice was looked at.
    """
    searched = [each for each in found if each.looked_at]
    if not searched:
        return None
    blocks: list[Block] = [
        Paragraph(_sentence(finding, each.metric))
        for each in searched
        for finding in each.findings[:_SAID]
    ]
    rows = tuple(row for each in searched for row in _rows(each))
    if rows:
        blocks.append(Table(_columns(), rows))
    blocks += [Paragraph(each, Tone.QUIET) for each in _notes(searched)]
    lead = Sentences(tuple(_lead(each) for each in searched))
    return Section("worse-slices", Message("slices.title"), lead, tuple(blocks))


def _lead(found: WorseSlices) -> Sayable:
    return Sentence(
        "slices.lead" if found.findings else "slices.lead_none",
        {
            "metric": _name(found.metric),
            "looked_at": found.looked_at,
            "found": found.found,
            "listed": len(found.findings),
            "confirmed": len(found.confirmed()),
        },
    )


def _notes(found: Sequence[WorseSlices]) -> tuple[Sayable, ...]:
    told: list[Sayable] = [_held_out(each, alone=len(found) == 1) for each in found]
    told += [note for each in found for note in (each.rule(), *each.own_notes())]
    return tuple({note.text(): note for note in told}.values())


def _held_out(found: WorseSlices, *, alone: bool) -> Sayable:
    """Say which labels were held out; where several figures are searched, those of which."""
    name = Bilingual(f"{found.metric.name_en}:", f"{found.metric.name_zh}：")
    return found.held_out() if alone else Sentences((name, found.held_out()))


def _sentence(finding: SliceFinding, metric: Metric) -> Sayable:
    """Say a finding with figures that publication can withhold."""
    message = finding.text(metric)
    unseen = finding.later.value is None
    figures = {
        "value": _share(finding.later),
        "elsewhere": _share(finding.elsewhere, Part.VALUE),
        "errors": _share(finding.errors_searched if unseen else finding.of_errors),
        "base": _share(finding.of_base, Part.VALUE),
        "searched": _share(finding.searched),
    }
    return Sentence(
        message.id,
        {**message.params, **figures, "metric": _name(metric), "slice": _where(finding)},
    )


def _rows(found: WorseSlices) -> list[Row]:
    if not found.findings:
        return []
    blank = (Plain(""),) * (len(_COLUMNS) - 1)
    return [Row((_name(found.metric), *blank), group=True), *map(_row, found.findings)]


def _row(finding: SliceFinding) -> Row:
    return Row(
        (
            _where(finding),
            Mark(Message(f"slices.standing.{finding.standing}"), _TONES[finding.standing]),
            _share(finding.later),
            _share(finding.elsewhere, Part.VALUE),
            _share(finding.of_errors),
            _share(finding.of_base, Part.VALUE),
            Plain(count(finding.later.n)),
        ),
        part=finding.slice,
    )


def _columns() -> tuple[Column, ...]:
    return tuple(
        Column(Message(f"slices.column.{name}"), Align.START if place < 2 else Align.END)
        for place, name in enumerate(_COLUMNS)
    )


def _share(estimate: Estimate, part: Part = Part.WHOLE) -> Figure:
    return Figure(estimate, Form.SHARE, part)


def _where(finding: SliceFinding) -> Value:
    return Value(Plain(named(finding.slice)))


def _name(metric: Metric) -> Sayable:
    return Bilingual(metric.name_en, metric.name_zh)
