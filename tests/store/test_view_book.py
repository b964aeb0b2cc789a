"""Saved views are their owner's, notes are everybody's, and both forget who is forgotten."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from shroff.errors import ConfigError, EngineError
from shroff.store.view_book import VIEWS_FILE, ViewBook

DAY = date(2026, 6, 1)


def test_nothing_is_written_by_looking(tmp_path: Path) -> None:
    book = ViewBook(tmp_path)
    assert book.views("ann") == ()
    assert book.notes() == ()
    assert book.forget(["v1"]) == 0
    assert not (tmp_path / VIEWS_FILE).exists()


def test_a_view_is_its_owners_and_replaced_by_name(tmp_path: Path) -> None:
    book = ViewBook(tmp_path)
    book.save("ann", "Brazil", page="quality", query="by.market=BR")
    kept = book.save("ann", "Brazil", page="leakage", query="by.market=BR")
    book.save("bob", "Brazil", page="quality", query="")
    assert book.views("ann") == (kept,)
    assert not book.drop_view(kept.id, who="bob")
    assert book.drop_view(kept.id, who="ann")
    assert book.views("ann") == ()
    assert len(book.views("bob")) == 1


def test_notes_are_listed_by_day_and_go_by_their_writer(tmp_path: Path) -> None:
    book = ViewBook(tmp_path)
    later = book.note(date(2026, 6, 3), "新规则上线", who="ann")
    first = book.note(DAY, "Sale began", who="bob")
    assert book.notes() == (first, later)
    assert not book.drop_note(first.id, who="ann")
    assert book.drop_note(first.id, who=None)
    assert book.notes() == (later,)


def test_who_is_forgotten_is_named_no_more(tmp_path: Path) -> None:
    book = ViewBook(tmp_path)
    book.save("ann", "one account", page="quality", query="by.advertiser_id=adv%2F7&lang=en")
    kept = book.save("ann", "another", page="quality", query="by.advertiser_id=adv%2F77")
    book.note(DAY, "adv/7 came back", who="ann")
    assert book.forget(["adv/7"]) == 2
    assert book.views("ann") == (kept,)
    assert book.notes() == ()


def test_nobody_keeps_more_than_can_be_listed(tmp_path: Path) -> None:
    book = ViewBook(tmp_path)
    for number in range(200):
        book.save("ann", f"view {number}", page="quality", query="")
    with pytest.raises(ConfigError, match="200 are kept already"):
        book.save("ann", "one more", page="quality", query="")
    book.save("ann", "view 7", page="leakage", query="")


def test_a_file_that_is_none_of_ours_is_told(tmp_path: Path) -> None:
    (tmp_path / VIEWS_FILE).write_bytes(b"not a database at all" * 100)
    with pytest.raises(EngineError, match="cannot be read"):
        ViewBook(tmp_path).notes()
    with pytest.raises(EngineError, match="cannot be used"):
        ViewBook(tmp_path).note(DAY, "x", who="ann")
