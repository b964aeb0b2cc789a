"""The page stands alone, trusts nothing, and says the same in both languages."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from shroff.domain.messages import Language
from shroff.report.document import Document
from shroff.report.render_html import render_html

VOID = {"meta", "link", "br", "img", "hr", "input"}
SPACE_OF_NAMES = ("http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink")


class Page(HTMLParser):
    """Collects tags, ids and text, and checks that every tag is closed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text: list[str] = []
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] != "style":
            self.text.append(data)


@pytest.fixture(params=list(Language))
def html(request: pytest.FixtureRequest, handmade: Document) -> str:
    return render_html(handmade, language=request.param)


def test_it_asks_for_nothing_from_outside(html: str) -> None:
    page = Page(html)
    assert not {"script", "link", "img", "iframe", "object", "form"} & set(page.tags)
    targets = [
        value or "" for name, value in page.attributes if name in {"href", "src", "xlink:href"}
    ]
    assert all(target.startswith("#") for target in targets)
    style = html[html.index("<style>") : html.index("</style>")]
    assert "url(" not in style
    assert "@import" not in style
    for address in re.findall(r"https?://[^\s\"'<)&]+", html):
        assert address in {*SPACE_OF_NAMES, "http://evil.example"}


def test_it_forbids_itself_scripts_and_requests(html: str) -> None:
    assert "default-src 'none'" in html


def test_hostile_text_is_shown_and_never_obeyed(html: str, hostile: str) -> None:
    assert "<script" not in html
    assert hostile in "".join(Page(html).text)


def test_no_id_is_used_twice(html: str) -> None:
    ids = [value for name, value in Page(html).attributes if name == "id"]
    assert len(ids) == len(set(ids))


def test_references_inside_charts_lead_somewhere(html: str) -> None:
    ids = {value for name, value in Page(html).attributes if name == "id"}
    assert set(re.findall(r"url\(#([^)]+)\)", html)) <= ids


def test_it_says_its_language(handmade: Document) -> None:
    assert '<html lang="zh-CN">' in render_html(handmade, language=Language.ZH)
    assert '<html lang="en">' in render_html(handmade)


def test_both_languages_show_the_same_figures_and_dates(handmade: Document) -> None:
    shown = [
        re.findall(r"[+−]?\d[\d.,]*%?|\d{4}-\d\d-\d\d", " ".join(cells))
        for language in Language
        if (cells := _cells(render_html(handmade, language=language)))
    ]
    assert shown[0] == shown[1]
    assert len(shown[0]) > 20


def _cells(html: str) -> list[str]:
    return re.findall(r'<(?:td|b|i|time|p class="(?:big|range)[^"]*")[^>]*>([^<]*)<', html)


def test_every_section_has_a_permalink(html: str) -> None:
    assert 'href="#leakage"' in html
    assert '<section id="leakage">' in html


def test_a_standing_is_told_by_shape_and_word_as_well_as_by_colour(handmade: Document) -> None:
    page = render_html(handmade)
    assert re.search(r'class="mark good"><span aria-hidden="true">✓</span>\s*met', page)
    assert re.search(r'class="mark bad"><span aria-hidden="true">✗</span>\s*missed', page)
    assert re.search(r'class="mark unsure"><span aria-hidden="true">\?</span>\s*not yet', page)


def test_a_page_of_three_charts_stays_small(html: str) -> None:
    assert len(html.encode()) < 100_000
