"""The section that answers: what are an LLM's labels worth?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from shroff.domain.messages import Message, count
from shroff.domain.metric_catalogue import CATALOGUE
from shroff.domain.slices import EVERYTHING
from shroff.errors import DesignError
from shroff.measure.fewer_labels import USUAL
from shroff.measure.scorecard import Scorecard
from shroff.models.golden_policies import policy_book
from shroff.models.judge_answers import JudgeKind, known_judges
from shroff.models.labeller import LabellerAsked, labeller_of
from shroff.models.labeller_result import Corrected, Labeller
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
from shroff.report.golden_section import part_of
from shroff.report.left_out import Heavy
from shroff.report.wording import Bilingual, Plain, Sayable, Sentence
from shroff.stats.estimate import Status
from shroff.store.engine import Engine

__all__ = ["corrected_rows", "error_rows", "labeller_section", "lead_of", "section_of"]

_HEAVY = Heavy(
    id="labeller",
    title=Message("labeller.title"),
    command="shroff models labeller JUDGE",
    most=20_000_000,
)
_NAMES = ("metric", "said", "plain", "rogan_gladen", "powered", "labels", "saved")
_RATES = ("sensitivity", "specificity", "no_answer")


def labeller_section(engine: Engine, card: Scorecard) -> Section | None:
    """Build the section for the LLM with most judgements.

    Parameters
    ----------
    engine : Engine
        Where the logs and the scorecard's session tables are.
    card : Scorecard
        The scorecard of the report's period.

    Returns
    -------
    Section or None
        None without judgements or without random labels.
    """
    if "judgements" not in engine.snapshot or not card.frame.any_probability():
        return None
    most = engine.query(
        "SELECT model, COALESCE(version, '') AS version, COUNT(*) AS n FROM judgements"
        " GROUP BY 1, 2 ORDER BY n DESC, model, version LIMIT 1"
    ).to_pylist()
    wanted = [
        name
        for name in USUAL
        if (block := card.block(name)) is not None and Status.ESTIMATE in block.status
    ]
    if not most or not wanted:
        return None
    if (left_out := _HEAVY.left_out(card)) is not None:
        return left_out
    name = (JudgeKind.LLM, str(most[0]["model"]), str(most[0]["version"]))
    judge = next(j for j in known_judges(engine) if (j.kind, j.name, j.version) == name)
    whole = replace(card, brief=replace(card.brief, by=((),)))
    asked = LabellerAsked(judge=judge)
    try:
        found = labeller_of(engine, whole, asked, book=policy_book(engine), metrics=wanted)
    except DesignError:  # nothing that people labelled was judged
        return None
    return section_of(found)


def section_of(found: Labeller) -> Section:
    """Tell what a labeller is worth.

    Parameters
    ----------
    found : Labeller
        Its errors, and the figures.

    Returns
    -------
    Section
        Figures four ways; errors by policy and language.
    """
    rows = tuple(Row(_without_part(cells)) for cells in corrected_rows(found))
    names = ("policy", "language", *_RATES)
    errors = tuple(Row(cells) for cells in error_rows(found))
    blocks: list[Block] = [
        Table(_columns(_NAMES), rows, Message("labeller.how")),
        Details(
            Message("labeller.errors"),
            (Table(_columns(names, texts=2), errors, Message("labeller.errors_how")),),
        ),
    ]
    blocks += [
        Paragraph(note, Tone.QUIET) for note in found.notes if note.id.startswith("labeller")
    ]
    return Section(_HEAVY.id, _HEAVY.title, lead_of(found), tuple(blocks))


def lead_of(found: Labeller) -> Sayable:
    """Say how the labeller errs, and where it helps most."""
    used = [each for each in found.corrected if each.used and each.slice == EVERYTHING]
    told = {name: found.error(name) for name in ("sensitivity", "specificity")}
    rates = {name: Figure(each) for name, each in told.items() if each is not None}
    if not used or len(rates) < len(told):
        return Message("labeller.lead_none", {"judge": found.judge.label})
    best = sorted(used, key=_saved, reverse=True)
    otherwise = Message("labeller.lead_withheld", {"judge": found.judge.label})
    return FirstShown(
        tuple(
            Sentence(
                "labeller.lead",
                {
                    "judge": found.judge.label,
                    **rates,
                    "metric": _name(each),
                    "powered": Figure(each.powered),
                    "plain": Figure(each.plain),
                    "saved": each.saved,
                },
            )
            for each in best
        ),
        otherwise,
    )


def _saved(each: Corrected) -> float:
    return each.saved / max(each.plain.n, 1)


def _name(each: Corrected) -> Sayable:
    metric = CATALOGUE[each.metric]
    return Bilingual(metric.name_en, metric.name_zh)


def corrected_rows(found: Labeller) -> list[tuple[Sayable, ...]]:
    """List figures four ways: metric, ads, at its word, people, corrected, helped, labels, saved."""
    return [
        (
            _name(each),
            part_of(each.slice),
            Figure(each.said),
            Figure(each.plain),
            Figure(each.rogan_gladen),
            Figure(each.powered),
            Plain(count(each.plain.n)),
            Plain(count(each.saved) if each.used else "–"),
        )
        for each in found.corrected
    ]


def error_rows(found: Labeller) -> list[tuple[Sayable, ...]]:
    """List how it errs: policy, language, and three rates."""
    rows: list[tuple[Sayable, ...]] = []
    for dimensions in ((), ("policy",), ("language",), ("policy", "language")):
        for part in found.slices(*dimensions):
            values = dict(part.terms)
            everything = Message("golden.everything")
            figures = [found.error(name, part) for name in _RATES]
            rows.append(
                (
                    Plain(values["policy"] or "–") if "policy" in values else everything,
                    Plain(values["language"] or "–") if "language" in values else everything,
                    *(Plain("–") if each is None else Figure(each) for each in figures),
                )
            )
    return rows


def _without_part(cells: tuple[Sayable, ...]) -> tuple[Sayable, ...]:
    """Leave out which ads: a report's section speaks of all."""
    return (cells[0], *cells[2:])


def _columns(names: Sequence[str], *, texts: int = 1) -> tuple[Column, ...]:
    return tuple(
        Column(Message(f"labeller.column.{name}"), Align.START if place < texts else Align.END)
        for place, name in enumerate(names)
    )
