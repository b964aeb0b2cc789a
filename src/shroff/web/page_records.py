"""Answers of pages as JSON: the same figures as shown, each with its interval and what it rests on."""

from __future__ import annotations

from typing import Any

from shroff.domain.messages import Language
from shroff.measure.blocks import estimate_record
from shroff.report.chart_tables import chart_table
from shroff.report.document import (
    Block,
    Callout,
    Cards,
    Cell,
    Charts,
    CodeBlock,
    Definitions,
    Details,
    Goal,
    Mark,
    Paragraph,
    Section,
    Table,
)
from shroff.report.figures import Figure
from shroff.web.answers import Answer

__all__ = ["page_record"]


def page_record(answer: Answer, language: Language) -> dict[str, Any]:
    """Give an answer as a JSON-ready record.

    Parameters
    ----------
    answer : Answer
        What a page shows.
    language : Language
        Language of its sentences.

    Returns
    -------
    dict
        Sentences, sections with their tables and charts as numbers, the SQL, and the versions of
        the logs.
    """
    return {
        "days": answer.days,
        "lead": answer.lead.text(language) if answer.lead else None,
        "support": [each.text(language) for each in answer.support],
        "reminders": [each.record() for each in answer.reminders],
        "sections": [_section(each, language) for each in answer.sections],
        "queries": [{"title": each.title, "sql": each.sql} for each in answer.queries],
        "columns": list(answer.columns),
        "snapshot": dict(answer.snapshot),
        "seconds": round(answer.seconds, 3),
    }


def _section(section: Section, language: Language) -> dict[str, Any]:
    return {
        "id": section.id,
        "title": section.title.text(language),
        "lead": section.lead.text(language),
        "blocks": [_block(block, language) for block in section.blocks],
    }


def _block(block: Block, language: Language) -> dict[str, Any]:
    return {"kind": block.kind, **_inside(block, language)}


def _inside(block: Block, language: Language) -> dict[str, Any]:
    told: dict[str, Any]
    match block:
        case Paragraph():
            told = {"text": block.text.text(language)}
        case Callout():
            told = {"title": block.title.text(language), "text": block.text.text(language)}
        case CodeBlock():
            told = {"code": block.code}
        case Table():
            told = _table(block, language)
        case Cards():
            cards = [_card(card.label.text(language), card.figure) for card in block.cards]
            told = {"cards": cards}
        case Charts():
            drawn = [(each.id, _table(chart_table(each), language)) for each in block.charts]
            told = {"charts": [{"id": name, **numbers} for name, numbers in drawn]}
        case Definitions():
            items = {each.term.text(language): each.meaning.text(language) for each in block.items}
            told = {"items": items}
        case Details():
            told = {"blocks": [_block(each, language) for each in block.blocks]}
    return told


def _card(label: str, figure: Figure) -> dict[str, Any]:
    return {"label": label, **_figure(figure)}


def _table(table: Table, language: Language) -> dict[str, Any]:
    return {
        "columns": [column.title.text(language) for column in table.columns],
        "rows": [[_cell(cell, language) for cell in row.cells] for row in table.rows],
    }


def _cell(cell: Cell, language: Language) -> object:
    if cell is None:
        return None
    if isinstance(cell, Figure):
        return _figure(cell)
    if isinstance(cell, Goal):
        return {"text": cell.text.text(language), "standing": str(cell.standing)}
    if isinstance(cell, Mark):
        return {"text": cell.text.text(language), "tone": str(cell.tone)}
    return cell.text(language)


def _figure(figure: Figure) -> dict[str, Any]:
    return {"form": str(figure.form), **estimate_record(figure.estimate)}
