"""The section that answers: how good are judges on the golden set?"""

from __future__ import annotations

from collections.abc import Sequence

from shroff.domain.messages import Message, count
from shroff.domain.slices import EVERYTHING, Slice
from shroff.models.golden_consistency import Consistency
from shroff.models.golden_results import GoldenResults
from shroff.models.golden_standing import GoldenStanding
from shroff.report.document import (
    Align,
    Block,
    Callout,
    Column,
    Details,
    Mark,
    Paragraph,
    Row,
    Section,
    Table,
    Tone,
)
from shroff.report.figures import Figure, Form
from shroff.report.first_shown import FirstShown
from shroff.report.wording import Bilingual, Plain, Sayable, Sentence, Sentences
from shroff.stats.estimate import Estimate

__all__ = [
    "consistency_lead",
    "consistency_rows",
    "difference_rows",
    "golden_section",
    "lead_of",
    "part_of",
    "result_rows",
    "said_of_others",
    "unanswered_of",
]

_METRICS = ("recall", "precision", "fpr", "no_answer")
_SHOWN = 12


def golden_section(standing: GoldenStanding, results: Sequence[GoldenResults]) -> Section | None:
    """Tell what a golden set says of every judge that was held against it.

    Parameters
    ----------
    standing : GoldenStanding
        The set: coverage, stale ads.
    results : sequence of GoldenResults
        One a judge.

    Returns
    -------
    Section or None
        None where nothing is settled in the set.
    """
    if not standing.golden.settled:
        return None
    blocks: list[Block] = []
    if standing.thin:
        told = Message("golden.thin", {"fewest": standing.fewest, "cells": _thin(standing)})
        blocks.append(Callout(Message("golden.title"), Sentences((told,)), Tone.UNSURE))
    if results:
        blocks.append(_judges(results))
        blocks += [Paragraph(unanswered_of(e), Tone.QUIET) for e in results if e.unanswered]
        blocks += [_by(each, standing) for each in results]
        notes = dict.fromkeys(note.text() for each in results for note in each.notes)
        said = {note.text(): note for each in results for note in each.notes}
        blocks += [Paragraph(said[text], Tone.QUIET) for text in notes]
    blocks.append(_coverage(standing))
    lead: list[Sayable] = [lead_of(each) for each in results[:1]]
    return Section(
        "golden",
        Message("golden.title"),
        Sentences((*lead, standing.text())),
        tuple(blocks),
    )


def _thin(standing: GoldenStanding) -> str:
    cells = [f"{cell.policy} {cell.language}".strip() for cell in standing.thin]
    return ", ".join(cells[:_SHOWN]) + ", ..." * (len(cells) > _SHOWN)


def lead_of(found: GoldenResults) -> Sayable:
    """Say the figures over all ads."""
    figures = {name: found.find(name) for name in ("recall", "precision", "no_answer")}
    told = {name: Figure(each) for name, each in figures.items() if each is not None}
    sentence = Sentence("golden.lead", {"judge": found.judge.label, "items": found.judged, **told})
    return FirstShown((sentence,), Plain(found.judge.label))


def unanswered_of(found: GoldenResults) -> Message:
    """Say why ads got no answer."""
    reasons = ", ".join(f"{why} {ads}" for why, ads in found.unanswered.items())
    return Message("golden.unanswered", {"reasons": f"{found.judge.label}: {reasons}"})


def part_of(part: Slice) -> Sayable:
    """Name a slice."""
    if part == EVERYTHING:
        return Message("golden.everything")
    return Plain(" ".join(value or "–" for _, value in part.terms))


def _cells(found: GoldenResults, part: Slice, *, suffix: str = "") -> tuple[Sayable, ...]:
    """Give the labels of a slice, then each figure."""
    form = Form.POINTS if suffix else Form.SHARE
    estimates: list[Estimate | None] = [found.find(f"{name}{suffix}", part) for name in _METRICS]
    labels = max((each.n for each in estimates if each is not None), default=0)
    shown = (Plain("–") if each is None else Figure(each, form) for each in estimates)
    return Plain(count(labels)), *shown


def result_rows(found: GoldenResults, dimensions: Sequence[str] = ()) -> list[tuple[Sayable, ...]]:
    """List one slicing: slice, labels, recall, precision, false positives, no answer."""
    return [(part_of(part), *_cells(found, part)) for part in found.slices(*dimensions)]


def difference_rows(found: GoldenResults) -> list[tuple[Sayable, ...]]:
    """List the differences from another version, slice by slice."""
    paired = found.paired
    parts = dict.fromkeys(f.slice for f in paired.figures) if paired else {}
    wanted = [part for part in parts if len(part.terms) < 2]
    return [(part_of(part), *_cells(found, part, suffix="_difference")) for part in wanted]


def said_of_others(found: GoldenResults) -> Sentence:
    """Say which two versions differ."""
    paired = found.paired
    return Sentence(
        "golden.against",
        {
            "judge": found.judge.label,
            "other": paired.other.label if paired else "",
            "both": paired.both if paired else 0,
        },
    )


def consistency_lead(found: Consistency) -> Sentence:
    """Say how often a version says the same."""
    told = {f.metric: Figure(f.estimate) for f in found.figures if f.slice == EVERYTHING}
    return Sentence(
        "golden.consistency",
        {"judge": found.judge.label, "asked": found.asked, "most": found.most, **told},
    )


def consistency_rows(found: Consistency) -> list[tuple[Sayable, ...]]:
    """List how often a version says the same, by language."""
    known = {(f.slice, f.metric): Figure(f.estimate) for f in found.figures}
    parts = dict.fromkeys(f.slice for f in found.figures)
    return [(part_of(part), known[part, "same"], known[part, "flips"]) for part in parts]


def _judges(results: Sequence[GoldenResults]) -> Table:
    rows = tuple(Row((Plain(each.judge.label), *_cells(each, EVERYTHING))) for each in results)
    return Table(_columns(("judge", "labels", *_METRICS)), rows, Message("golden.how"))


def _by(found: GoldenResults, standing: GoldenStanding) -> Details:
    rows = [
        Row((_named(part, standing), *_cells(found, part)))
        for dimensions in (("policy",), ("language",))
        for part in found.slices(*dimensions)
    ]
    table = Table(_columns(("slice", "labels", *_METRICS)), tuple(rows))
    return Details(Plain(found.judge.label), (table,))


def _named(part: Slice, standing: GoldenStanding) -> Sayable:
    values = dict(part.terms)
    policy = values.get("policy") or ""
    if policy in standing.names:
        english, chinese = standing.names[policy]
        return Bilingual(f"{policy} {english}", f"{policy} {chinese}")
    return part_of(part)


def _coverage(standing: GoldenStanding) -> Details:
    rows = tuple(
        Row(
            (
                _named(Slice((("policy", cell.policy),)), standing),
                Plain(cell.language or "–"),
                Plain(count(cell.violating)),
                Plain(count(cell.compliant)),
                Plain(count(cell.stale)),
                Mark(Message("golden.too_thin"), Tone.UNSURE)
                if cell.thin
                else Mark(Message("golden.enough")),
            )
        )
        for cell in standing.cells
    )
    names = ("policy", "language", "violating", "compliant", "stale", "thin")
    return Details(Plain(standing.golden.label), (Table(_columns(names, texts=2), rows),))


def _columns(names: Sequence[str], *, texts: int = 1) -> tuple[Column, ...]:
    return tuple(
        Column(
            Message(f"golden.column.{name}"),
            Align.START if place < texts or name == "thin" else Align.END,
        )
        for place, name in enumerate(names)
    )
