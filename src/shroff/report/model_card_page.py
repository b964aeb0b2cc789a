"""A model card as a page: what a version is, how good it is, where it is weak."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from shroff.domain.messages import Language, Message, Value
from shroff.measure.model_card import CardSlice, ModelCard
from shroff.models.registry import Entry
from shroff.report.document import (
    Align,
    Block,
    Cards,
    Column,
    Definition,
    Definitions,
    Document,
    FigureCard,
    Paragraph,
    Row,
    Section,
    Table,
    Tone,
)
from shroff.report.figures import Figure, Form
from shroff.report.model_compare_section import operating_table, verdict_of
from shroff.report.wording import Plain, Sayable, Sentence, Sentences
from shroff.report.writing import ReportFiles, write_document

__all__ = ["card_page", "write_card"]

_SHOWN = ("recall", "precision", "fpr", "auc")
_FEWEST, _MOST = 10, 4


def write_card(
    card: ModelCard,
    *,
    folder: Path,
    languages: Sequence[Language],
    registered: Entry | None = None,
) -> ReportFiles:
    """Write a model card, HTML and Markdown.

    Parameters
    ----------
    card : ModelCard
        The card.
    folder : Path
        Folder; made when missing.
    languages : sequence of Language
        Languages; at least one.
    registered : Entry or None
        What the registry knows of the version.

    Returns
    -------
    ReportFiles
        The files.
    """
    parts = (card.version.model, card.version.policy, card.version.version)
    name = "-".join(_safe(part) for part in ("card", *parts) if part)
    page = card_page(card, registered=registered)
    return write_document(page, folder=folder, name=name, languages=languages)


def _safe(name: str) -> str:
    return "".join(sign if sign.isalnum() or sign in "._" else "_" for sign in name)


def card_page(card: ModelCard, *, registered: Entry | None = None) -> Document:
    """Lay a model card out.

    Parameters
    ----------
    card : ModelCard
        The card.
    registered : Entry or None
        What the registry knows of the version.

    Returns
    -------
    Document
        One page.
    """
    found = card.comparison
    sections = [_what(card, registered), _figures(card), _weak(card)]
    if card.other is not None:
        title = Message("models.card.versus", {"other": card.other.version})
        sections.append(
            Section("versus", title, verdict_of(found), (operating_table(found, [found.chosen]),))
        )
    sections.append(_limits(card))
    named = {"model": card.version.model, "version": card.version.version}
    days = Plain(found.brief.period.label())
    return Document(
        title=Message("models.card.title", dict(named)),
        period=Sentence("models.card.period", {"period": days}),
        headline=_headline(card),
        support=(),
        sections=tuple(section for section in sections if section is not None),
    )


def _headline(card: ModelCard) -> Sayable:
    figures = card.figures()
    told: dict[str, Value] = {
        "at": f"{card.at:.4g}",
        "version": card.version.version,
        "acts": card.acts,
        "ads": card.operating.acts.scored,
    }
    recall, precision = figures.get("recall"), figures.get("precision")
    if recall is None or precision is None or None in {recall.value, precision.value}:
        return Message("models.card.unlabelled", told)
    shares = {"recall": Figure(recall), "precision": Figure(precision)}
    return Sentence("models.card.headline", {**told, **shares})


def _what(card: ModelCard, registered: Entry | None) -> Section:
    version, found = card.version, card.comparison
    seen = {"live": version.live, "shadow": version.shadow}
    role = "live" if version.live >= version.shadow else "shadow"
    scores: Sayable = Message("models.card.all_policies")
    if version.policy:
        scores = Message("models.card.policy", {"policy": version.policy})
    labels: dict[str, Value] = {
        "labels": found.labels,
        "violating": found.violating,
        "design": found.design or "–",
    }
    told: list[tuple[str, Sayable]] = [
        ("role", Message(f"models.card.role_{role}", dict(seen))),
        ("scores", scores),
        ("range", Plain(f"{version.low:.4g} – {version.high:.4g}")),
        ("acts_from", Plain(f"{card.at:.4g}")),
        ("design", Message("models.card.labels", labels)),
        ("lake", Plain(", ".join(f"{t} {v}" for t, v in sorted(found.snapshot.items())))),
    ]
    items = tuple(Definition(Message(f"models.card.{key}"), what) for key, what in told)
    items += _registered(registered)
    return Section("what", Message("models.card.what"), _supply(card), (Definitions(items),))


def _registered(entry: Entry | None) -> tuple[Definition, ...]:
    """Tell who answers for the version, where it is in its life, and where it comes from."""
    if entry is None or not entry.registered:
        return (Definition(Message("registry.column.state"), Message("registry.state.none")),)
    model = entry.model
    source = model.source.get("file") or model.source.get("function")
    lines = ", ".join(f"{action} ≥ {at:g}" for action, at in model.thresholds.items())
    told: list[tuple[str, Sayable]] = [
        ("state", Message(f"registry.state.{model.state}")),
        ("owner", Plain(model.owner or "–")),
        ("kind", Message(f"registry.kind.{model.kind}")),
        ("source", Plain(str(source or model.source.get("endpoint") or "–"))),
        ("thresholds", Plain(lines or "–")),
        ("calibration", Plain(", ".join(entry.calibrations) or "–")),
        ("speed", Plain(f"{entry.ads_per_second:,.0f}" if entry.ads_per_second else "–")),
    ]
    return tuple(Definition(Message(f"registry.column.{key}"), what) for key, what in told)


def _supply(card: ModelCard) -> Sayable:
    return card.comparison.supply()[1]


def _figures(card: ModelCard) -> Section | None:
    figures = card.figures()
    shown = tuple(
        FigureCard(
            Message(f"models.metric.{metric}"),
            Figure(figures[metric], Form.NUMBER if metric == "auc" else Form.SHARE),
        )
        for metric in _SHOWN
        if metric in figures
    )
    if not shown:
        return None
    lead = Message("models.card.figures_lead", {"labels": card.comparison.labels})
    return Section("figures", Message("models.card.figures"), lead, (Cards(shown),))


def _weak(card: ModelCard) -> Section | None:
    if not card.figures():
        return None
    telling = [part for part in card.slices() if part.recall and part.recall.n >= _FEWEST]
    blocks: tuple[Block, ...] = (Paragraph(Message("models.card.weak_none"), Tone.QUIET),)
    if telling:
        columns = (
            Column(Message("models.column.slice")),
            *(
                Column(Message(f"models.metric.{metric}"), Align.END)
                for metric in ("recall", "precision")
            ),
        )
        blocks = (Table(columns, tuple(_slice_row(part) for part in telling[:_MOST])),)
    lead = Message("models.card.weak_lead")
    return Section("weak", Message("models.card.weak"), lead, blocks)


def _slice_row(part: CardSlice) -> Row:
    figures = [Figure(each) if each else None for each in (part.recall, part.precision)]
    return Row((Plain(part.name), *figures))


def _limits(card: ModelCard) -> Section:
    names = ("limit_labels", "limit_shift", "limit_rules")
    told = Sentences(tuple(Message(f"models.card.{name}") for name in names))
    blocks: list[Block] = [Paragraph(told)]
    if card.other is None:
        notes = {note.text(): note for note in card.comparison.notes}
        blocks += [Paragraph(note, Tone.QUIET) for note in notes.values()]
    lead = Message("models.card.limits_lead")
    return Section("limits", Message("models.card.limits"), lead, tuple(blocks))
