"""Hyperscan, RE2 and `re` mean the same by what they are given."""

from __future__ import annotations

import re

import hyperscan
import re2
from hypothesis import assume, given, reject, settings
from tests.rules.regexes import patterns, texts

from shroff.rules.regex_folding import nullable, spelled
from shroff.rules.regex_writers import (
    dialect_text,
    hyperscan_lines_text,
    hyperscan_text,
    python_text,
    re2_text,
)
from shroff.rules.syntax import LONGEST, parse_regex


def spans(pattern: str, text: str) -> list[tuple[int, int]]:
    return [found.span() for found in re.finditer(pattern, text)]


def database(pattern: str) -> hyperscan.Database:
    """Compile a pattern; Hyperscan refuses some that can hardly match, such as ``a|$a``."""
    found = hyperscan.Database()
    flags = hyperscan.HS_FLAG_UTF8 | hyperscan.HS_FLAG_SINGLEMATCH
    try:
        found.compile(expressions=[pattern.encode()], ids=[1], flags=flags)
    except hyperscan.error:
        reject()
    return found


def hits(found: hyperscan.Database, text: str) -> bool:
    seen: list[int] = []
    found.scan(text.encode(), match_event_handler=lambda number, *_: seen.append(number))
    return bool(seen)


@given(patterns, texts)
def test_re2_and_re_find_the_same_spans(pattern: str, text: str) -> None:
    tree = spelled(parse_regex(pattern))
    assume(not nullable(tree))
    found = [match.span() for match in re2.finditer(re2_text(tree), text)]
    assert found == spans(python_text(tree), text)


@settings(deadline=None, max_examples=60)
@given(patterns, texts, texts)
def test_hyperscan_and_re_hit_the_same_texts(pattern: str, text: str, other: str) -> None:
    tree = spelled(parse_regex(pattern))
    assume(not nullable(tree))
    scanned = database(hyperscan_text(tree))
    for each in (text, other):
        assert hits(scanned, each) == bool(spans(python_text(tree), each))


@settings(deadline=None, max_examples=60)
@given(patterns, texts, texts)
def test_scanning_joined_texts_misses_no_hit_of_one(pattern: str, text: str, other: str) -> None:
    tree = spelled(parse_regex(pattern))
    assume(not nullable(tree))
    if spans(python_text(tree), text):
        assert hits(database(hyperscan_lines_text(tree)), f"{other}\n{text}\n{other}")


@given(patterns, texts)
def test_what_is_shown_reads_back_as_the_same_pattern(pattern: str, text: str) -> None:
    tree = spelled(parse_regex(pattern))
    assume(len(dialect_text(tree)) < LONGEST)
    again = spelled(parse_regex(dialect_text(tree)))
    assert spans(python_text(again), text) == spans(python_text(tree), text)


def test_a_boundary_stands_between_latin_and_han() -> None:
    tree = spelled(parse_regex(r"\bfree\b"))
    assert spans(python_text(tree), "买free送") == [(1, 5)]
    assert hits(database(hyperscan_text(tree)), "买free送")
    assert not hits(database(hyperscan_text(tree)), "freedom")
