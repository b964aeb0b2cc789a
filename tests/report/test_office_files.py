"""Workbooks and slides hold the figures of the report, with their doubt, and nothing that runs."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pptx
import pytest
import python_calamine
from tests.report.conftest import HOSTILE

from shroff.domain.messages import Language
from shroff.errors import ConfigError
from shroff.report.document import Cards, Charts, Details, Document, Table
from shroff.report.figures import Figure
from shroff.report.render_pptx import render_pptx
from shroff.report.render_xlsx import render_xlsx

both = pytest.mark.parametrize("language", list(Language))


def _parts(file: bytes) -> dict[str, str]:
    with zipfile.ZipFile(BytesIO(file)) as packed:
        return {
            name: packed.read(name).decode()
            for name in packed.namelist()
            if name.endswith((".xml", ".rels"))
        }


def _figures(document: Document) -> Iterator[Figure]:
    waiting = [block for section in document.sections for block in section.blocks]
    while waiting:
        block = waiting.pop()
        match block:
            case Details():
                waiting.extend(block.blocks)
            case Cards():
                yield from (card.figure for card in block.cards)
            case Table():
                yield from (c for row in block.rows for c in row.cells if isinstance(c, Figure))
            case _:
                continue


@both
def test_every_figure_is_a_number_in_the_workbook(handmade: Document, language: Language) -> None:
    book = python_calamine.CalamineWorkbook.from_filelike(
        BytesIO(render_xlsx(handmade, language=language))
    )
    cells = [
        cell
        for name in book.sheet_names
        for row in book.get_sheet_by_name(name).to_python()
        for cell in row
    ]
    numbers = [cell for cell in cells if isinstance(cell, float)]
    for figure in _figures(handmade):
        scale = 100 if figure.form == "points" else 1
        for number in (figure.estimate.value, figure.estimate.low, figure.estimate.high):
            if number is not None:
                assert any(cell == pytest.approx(number * scale) for cell in numbers)
    assert len(book.sheet_names) == len(handmade.sections) + 1
    assert len({name.lower() for name in book.sheet_names}) == len(book.sheet_names)


def test_a_workbook_holds_no_formula_and_no_link(handmade: Document) -> None:
    parts = _parts(render_xlsx(handmade))
    sheets = [text for name, text in parts.items() if "/worksheets/" in name]
    assert not any("<f>" in text or "hyperlink" in text for text in sheets)
    assert not any('TargetMode="External"' in text for text in parts.values())
    assert HOSTILE in "".join(
        cell for cell in _strings(render_xlsx(handmade)) if isinstance(cell, str)
    )


def _strings(file: bytes) -> list[Any]:
    book = python_calamine.CalamineWorkbook.from_filelike(BytesIO(file))
    return [
        cell
        for name in book.sheet_names
        for row in book.get_sheet_by_name(name).to_python()
        for cell in row
    ]


def _drawn(document: Document) -> int:
    blocks = [block for section in document.sections for block in section.blocks]
    return sum(len(block.charts) for block in blocks if isinstance(block, Charts))


@both
def test_charts_have_bars_of_doubt(handmade: Document, language: Language) -> None:
    wanted = _drawn(handmade)
    assert wanted
    for render in (render_xlsx, render_pptx):
        parts = _parts(render(handmade, language=language))
        charts = [
            text for name, text in parts.items() if re.search(r"/charts/chart\d+\.xml", name)
        ]
        assert len(charts) == wanted
        assert all("<c:errBars" in chart for chart in charts)


@both
def test_slides_ask_every_question_and_answer_it(handmade: Document, language: Language) -> None:
    deck = pptx.Presentation(BytesIO(render_pptx(handmade, language=language)))
    said = [
        "\n".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)
        for slide in deck.slides
    ]
    assert handmade.headline.text(language) in said[0]
    for section in handmade.sections:
        asked = section.title.text(language)
        slides = [text for text in said if asked in text]
        assert slides, asked
        assert section.lead.text(language)[:40] in slides[0]


def test_nothing_of_a_long_table_is_lost_between_slides(handmade: Document) -> None:
    deck = pptx.Presentation(BytesIO(render_pptx(handmade)))
    shown = sum(
        len(shape.table.rows) - 1
        for slide in deck.slides
        for shape in slide.shapes
        if shape.has_table
    )
    blocks = [block for section in handmade.sections for block in section.blocks]
    assert shown == sum(len(block.rows) for block in blocks if isinstance(block, Table))


def test_what_is_not_installed_is_told(
    handmade: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pptx", None)
    monkeypatch.setitem(__import__("sys").modules, "xlsxwriter", None)
    with pytest.raises(ConfigError, match="python-pptx"):
        render_pptx(handmade)
    with pytest.raises(ConfigError, match="XlsxWriter"):
        render_xlsx(handmade)
