"""Advice is remembered: what was said, who decided what, when and why."""

from __future__ import annotations

from pathlib import Path

import pytest

from shroff.errors import ConfigError
from shroff.store.catalog import Catalog
from shroff.store.catalog_advice import Advice, AdviceBook, AdviceStep, KeptOutcome


@pytest.fixture
def book(tmp_path: Path) -> AdviceBook:
    found = Catalog(tmp_path / "catalog.sqlite").advice
    found.keep([Advice(id="abc123", kind="rule", subject="WL-1", detail={"value": 1})])
    return found


def decide(book: AdviceBook, state: str, why: str = "because") -> None:
    book.move(AdviceStep(at="", advice_id="abc123", state=state, who="Lin", why=why))


def test_advice_given_again_is_one_and_keeps_its_first_day(book: AdviceBook) -> None:
    first = book.find("abc")
    book.keep([Advice(id="abc123", kind="rule", subject="WL-1", detail={"value": 2})])
    (again,) = book.advice()
    assert again.first_at == first.first_at
    assert again.detail == {"value": 2}


def test_a_decision_is_kept_with_who_and_why(book: AdviceBook) -> None:
    decide(book, "accepted", "worth a try")
    decide(book, "done", "live since Monday")
    assert [(s.state, s.who, s.why) for s in book.steps("abc123")] == [
        ("accepted", "Lin", "worth a try"),
        ("done", "Lin", "live since Monday"),
    ]
    assert book.find("abc123").state == "done"
    assert all(step.at for step in book.steps())


def test_what_was_accepted_keeps_the_forecast_it_was_accepted_with(book: AdviceBook) -> None:
    decide(book, "accepted")
    book.keep([Advice(id="abc123", kind="rule", subject="WL-1", detail={"value": 99})])
    assert book.find("abc123").detail == {"value": 1}
    assert book.find("abc123").state == "accepted"


def test_what_was_rejected_cannot_be_done_before_it_is_accepted(book: AdviceBook) -> None:
    decide(book, "rejected")
    with pytest.raises(ConfigError, match="cannot become done"):
        decide(book, "done")
    decide(book, "accepted")
    decide(book, "done")


@pytest.mark.parametrize("name", ["", "nobody"])
def test_a_name_that_is_not_known_is_told(book: AdviceBook, name: str) -> None:
    with pytest.raises(ConfigError, match="no one recommendation"):
        book.find(name)


def test_a_decision_on_nothing_is_refused(book: AdviceBook) -> None:
    with pytest.raises(ConfigError, match="no one recommendation"):
        book.move(AdviceStep(at="", advice_id="zzz", state="accepted", who="", why=""))


def test_a_later_look_replaces_an_outcome(book: AdviceBook) -> None:
    book.keep_outcome(KeptOutcome(id="o1", advice_id="abc123", detail={"observed": 1}))
    book.keep_outcome(KeptOutcome(id="o1", advice_id="abc123", detail={"observed": 2}))
    assert [each.detail for each in book.outcomes()] == [{"observed": 2}]
