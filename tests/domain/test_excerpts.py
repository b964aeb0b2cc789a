"""A caret stands under what it means, whatever the width of the characters before it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shroff.domain.excerpts import columns_of, safe, underlined


@pytest.mark.parametrize(
    ("line", "start", "end", "shown"),
    [
        ("ab", 1, 2, "  ab\n   ^"),
        ("减肥x", 2, 3, "  减肥x\n      ^"),
        ("减肥x", 0, 2, "  减肥x\n  ^^^^"),
        ("a\tb", 2, 3, "  a    b\n       ^"),
        ("a\u200bb", 2, 3, "  a<U+200B>b\n           ^"),
        ("e\u0301b", 2, 3, "  e\u0301b\n   ^"),
        ("ab", 2, 2, "  ab\n    ^"),
        ("ab", 9, 9, "  ab\n    ^"),
    ],
)
def test_a_caret_stands_right(line: str, start: int, end: int, shown: str) -> None:
    assert underlined(line, start=start, end=end) == shown


def test_a_long_line_is_cut_around_the_place() -> None:
    shown, caret = underlined("减" * 300, start=200, end=201).splitlines()
    assert shown.startswith("  …")
    assert shown.endswith("…")
    assert len(caret) == 2 + 1 + 2 * 50 + 2


@given(st.text(max_size=30), st.integers(0, 40), st.integers(0, 40))
def test_nothing_that_steers_a_terminal_is_shown(line: str, start: int, end: int) -> None:
    shown = underlined(line, start=start, end=end)
    assert len(shown.splitlines()) == 2
    assert all(sign.isprintable() for sign in shown.replace("\n", ""))


@given(st.text())
def test_safe_text_is_safe_and_has_a_width(text: str) -> None:
    assert safe(safe(text)) == safe(text)
    assert columns_of(safe(text)) >= 0
