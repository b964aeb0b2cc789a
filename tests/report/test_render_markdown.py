"""Markdown holds the same numbers, and its tables survive hostile text."""

from __future__ import annotations

import re
from itertools import groupby

import pytest

from shroff.domain.messages import Language
from shroff.report.document import Document
from shroff.report.render_markdown import render_markdown

CELLS = re.compile(r"(?<!\\)\|")


@pytest.fixture(params=list(Language))
def text(request: pytest.FixtureRequest, handmade: Document) -> str:
    return render_markdown(handmade, language=request.param)


def tables(text: str) -> list[list[list[str]]]:
    outside = re.sub(r"^(`{3,}).*?^\1$", "", text, flags=re.MULTILINE | re.DOTALL)
    runs = groupby(outside.splitlines(), key=lambda line: line.startswith("|"))
    return [[CELLS.split(line)[1:-1] for line in run] for is_table, run in runs if is_table]


def test_every_row_of_a_table_has_as_many_cells_as_its_head(text: str) -> None:
    found = tables(text)
    assert len(found) == 3
    for head, rule, *rows in found:
        assert all(re.fullmatch(r" :--|--: ?| (:--|--:) ", cell) for cell in rule)
        assert {len(row) for row in rows} == {len(head)} == {len(rule)}


def test_hostile_text_is_escaped(text: str) -> None:
    outside = re.sub(r"^(`{3,}).*?^\1$", "", text, flags=re.MULTILINE | re.DOTALL)
    assert "\\<script\\>alert('x')\\</script\\> a\\|b \\*bold\\*" in outside
    assert not re.search(r"(?<!\\)<script", outside)
    assert "http://" not in outside


def test_code_that_holds_a_fence_gets_a_longer_one(text: str) -> None:
    assert "````sql\nSELECT '```'" in text


def test_both_languages_show_the_same_numbers(handmade: Document) -> None:
    numbers = [
        re.findall(r"\d[\d.,]*\d|\d", render_markdown(handmade, language=language))
        for language in Language
    ]
    assert sorted(numbers[0]) == sorted(numbers[1])


def test_proxies_and_bounds_are_named(handmade: Document) -> None:
    text = render_markdown(handmade)
    assert "40.0% (38.0–42.0%) *proxy*" in text
    assert "somewhere in 41–86%" in text


def test_an_unfinished_period_says_so(handmade: Document) -> None:
    assert "2026-11-16 (still coming in)" in render_markdown(handmade)
