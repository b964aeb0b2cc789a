"""The section that answers: what do scores add to the labels?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from shroff.domain.messages import Message, count
from shroff.domain.metrics import Metric
from shroff.domain.slices import EVERYTHING, Slice
from shroff.errors import DesignError
from shroff.measure.fewer_labels import USUAL, fewer_labels_of
from shroff.measure.powered import FewerLabels, Powered
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
from shroff.report.figures import Figure
from shroff.report.first_shown import FirstShown
from shroff.report.left_out import Heavy
from shroff.report.wording import Bilingual, Plain, Sayable, Sentence
from shroff.stats.estimate import Status
from shroff.store.engine import Engine

__all__ = ["fewer_labels_section", "lead_of", "modelled_rows", "powered_rows", "section_of"]

_HEAVY = Heavy(
    id="fewer-labels",
    title=Message("fewer.title"),
    command="shroff fewer-labels",
    most=20_000_000,
)


def fewer_labels_section(engine: Engine, card: Scorecard) -> Section | None:
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
        None without scores or without random labels.
    """
    if "scores" not in engine.snapshot or not any(source.ads for source in card.frame.sources):
        return None
    wanted = [
        name
        for name in USUAL
        if (block := card.block(name)) is not None and Status.ESTIMATE in block.status
    ]
    if not wanted:
        return None
    if (left_out := _HEAVY.left_out(card)) is not None:
        return left_out
    whole = replace(card, brief=replace(card.brief, by=((),)))
    try:
        found = fewer_labels_of(engine, whole, metrics=wanted)
    except DesignError:  # the log is there and holds no score
        return None
    return section_of(found)


def section_of(found: FewerLabels) -> Section | None:
    """Tell what scores add.

    Parameters
    ----------
    found : FewerLabels
        The figures.

    Returns
    -------
    Section or None
        None where no figure rests on random labels.
    """
    known = [each for each in found.powered if each.scored.status is Status.ESTIMATE]
    if not known:
        return None
    blocks: list[Block] = [_table(found), _modelled_table(found)]
    blocks += [Paragraph(note, Tone.QUIET) for note in found.notes if note.id.startswith("fewer")]
    return Section(_HEAVY.id, _HEAVY.title, lead_of(found), tuple(blocks))


def lead_of(found: FewerLabels) -> Sayable:
    """Say what scores are worth where they are worth most."""
    used = [each for each in found.powered if each.used and each.slice == EVERYTHING]
    if not used:
        return Message("fewer.lead_none", {"model": found.scorer.model})
    best = sorted(used, key=_times, reverse=True)
    otherwise = Message("fewer.lead_withheld", {"model": found.scorer.model})
    return FirstShown(tuple(_lead(each, found) for each in best), otherwise)


def _lead(each: Powered, found: FewerLabels) -> Sentence:
    return Sentence(
        "fewer.lead",
        {
            "model": found.scorer.model,
            "labels": each.plain.n,
            "metric": _name(each, found.brief.metrics),
            "worth": each.worth.value,
            "scored": Figure(each.scored),
            "plain": Figure(each.plain),
        },
    )


def _times(each: Powered) -> float:
    return (each.worth.value or 0.0) / max(each.plain.n, 1)


def _name(each: Powered, metrics: Mapping[str, Metric]) -> Sayable:
    metric = metrics[each.metric]
    return Bilingual(metric.name_en, metric.name_zh)


def _part(part: Slice) -> Sayable:
    if part == EVERYTHING:
        return Message("fewer.everything")
    return Plain(", ".join(f"{name} {value or '–'}" for name, value in part.terms))


def powered_rows(found: FewerLabels) -> list[tuple[Sayable, ...]]:
    """List figures with and without scores.

    Parameters
    ----------
    found : FewerLabels
        The figures.

    Returns
    -------
    list of tuple
        Metric, ads, labels alone, labels and scores, labels, how many they are worth, saved.
    """
    return [
        (
            _name(each, found.brief.metrics),
            _part(each.slice),
            Figure(each.plain),
            Figure(each.scored),
            Plain(count(each.plain.n)),
            Plain(count(each.worth.value) if each.worth.value is not None else "–"),
            Plain(count(each.saved) if each.used else "–"),
        )
        for each in found.powered
    ]


def modelled_rows(found: FewerLabels) -> list[tuple[Sayable, ...]]:
    """List what scores alone expect.

    Parameters
    ----------
    found : FewerLabels
        The figures.

    Returns
    -------
    list of tuple
        Metric, ads, and what is expected.
    """
    return [
        (_name(each, found.brief.metrics), _part(each.slice), Figure(each.modelled))
        for each in found.powered
        if each.modelled.value is not None
    ]


def _table(found: FewerLabels) -> Table:
    names = ("metric", "plain", "scored", "labels", "worth", "saved")
    rows = tuple(Row(_without_part(cells)) for cells in powered_rows(found))
    return Table(_columns(names), rows, Message("fewer.how"))


def _modelled_table(found: FewerLabels) -> Details:
    rows = tuple(Row(_without_part(cells)) for cells in modelled_rows(found))
    table = Table(_columns(("metric", "modelled")), rows, Message("fewer.modelled_how"))
    return Details(Message("fewer.column.modelled"), (table,))


def _without_part(cells: tuple[Sayable, ...]) -> tuple[Sayable, ...]:
    """Leave out which ads: a report's section speaks of all."""
    return (cells[0], *cells[2:])


def _columns(names: Sequence[str]) -> tuple[Column, ...]:
    return tuple(
        Column(Message(f"fewer.column.{name}"), Align.END if place else Align.START)
        for place, name in enumerate(names)
    )
