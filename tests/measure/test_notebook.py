"""A scorecard in a notebook."""

from __future__ import annotations

from collections.abc import Callable
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from shroff.domain.metric_catalogue import CATALOGUE
from shroff.measure.brief import Brief
from shroff.measure.notebook import shown
from shroff.measure.scorecard import scorecard

if TYPE_CHECKING:
    from conftest import Story

HOSTILE = "<script>alert('x')</script>&\"'"


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        assert {name for name, _ in attrs} <= {"title"}

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def test_values_of_the_logs_cannot_become_markup(
    tell: Callable[[], Story], ask_may: Callable[..., Brief]
) -> None:
    story = tell()
    story.ad("a", market=HOSTILE, industry="美妆")
    story.decided("a", "approve")
    story.reviewed("a", "compliant", sampling_prob=1.0)
    card = scorecard(story.opened(), ask_may(by=(("market",), ("industry",))))
    page = Tags()
    page.feed(card._repr_html_())
    assert set(page.seen) == {"table", "caption", "thead", "tbody", "tr", "th", "td"}
    assert page.seen.count("tr") == len(card) + 1
    assert f"market={HOSTILE}" in page.words
    assert "industry=美妆" in page.words
    assert "Scorecard, 2026-05-01 – 2026-05-31" in page.words


def test_shares_are_percentages_and_hours_say_so() -> None:
    assert shown(0.1234, CATALOGUE["leakage"]) == "12.3%"
    assert shown(12.34, CATALOGUE["turnaround_p50"]) == "12.3 h"
    assert shown(None, CATALOGUE["leakage"]) == "–"
