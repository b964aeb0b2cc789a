"""Many expressions at once: the pairs and places of `re`, whatever Hyperscan makes of them."""

from __future__ import annotations

import pickle
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.rules.regexes import patterns, texts

from shroff.rules.expression_text import expression_of
from shroff.rules.regex_scan import (
    Expression,
    RegexIndex,
    index_of_expressions,
    ready,
    scanned,
)
from shroff.rules.term_kernel import code_points

PATTERNS = [
    r"a\d", "^a", "b$", "[^a]b{2,3}", "的[^b]{0,5}x", r"\bab\b", "(a+)+c", "😀.é", r"\s", "x|b1",
    "a.*b.*c", r"\B1", "^$", "a?", r"(?:\s+[a-z]{1,12}){0,3}\s+x", "[^a]",
]  # fmt: skip


def found(index: RegexIndex, lines: list[str]) -> list[tuple[int, int, int, int]]:
    codes, bounds = code_points(lines)
    hits = scanned(ready(index), codes, bounds=bounds)
    first = bounds[hits.text]
    return sorted(
        zip(
            hits.text.tolist(),
            hits.term.tolist(),
            (hits.start - first).tolist(),
            (hits.end - first).tolist(),
            strict=True,
        )
    )


def slowly(expressions: list[Expression], lines: list[str]) -> list[tuple[int, int, int, int]]:
    return sorted(
        (row, number, *match.span())
        for row, line in enumerate(lines)
        for number, expression in enumerate(expressions)
        for match in re.compile(expression.python).finditer(line)
        if match.end() > match.start()
    )


@given(st.lists(st.text(alphabet="ab1 c\n的é😀x", max_size=30), max_size=8))
def test_places_are_those_of_re(lines: list[str]) -> None:
    expressions = [expression_of(pattern) for pattern in PATTERNS]
    assert found(index_of_expressions(expressions), lines) == slowly(expressions, lines)


@given(st.lists(patterns, min_size=1, max_size=4), st.lists(texts, max_size=6))
@example(["((?:aaa*)*|a)"], ["a"])
def test_places_are_those_of_re_for_any_pattern(given: list[str], lines: list[str]) -> None:
    expressions = [expression_of(pattern) for pattern in given]
    assert found(index_of_expressions(expressions), lines) == slowly(expressions, lines)


def test_a_bad_expression_does_not_keep_the_others_from_being_scanned() -> None:
    good = expression_of("ab")
    index = index_of_expressions(
        [Expression("(", "x+", "x+"), good, Expression("a(?=b)", "a(?=b)", "")]
    )
    assert index.refused[0][0] == 0
    assert index.prefiltered == (2,)


def test_what_hyperscan_refuses_is_tried_on_every_text() -> None:
    index = index_of_expressions([Expression("(", "x+", "x+"), expression_of("ab")])
    assert found(index, ["xx", "ab x"]) == [(0, 0, 0, 2), (1, 0, 3, 4), (1, 1, 0, 2)]


def test_no_expression_is_no_fault() -> None:
    assert found(index_of_expressions([]), ["ab"]) == []


def test_no_text_is_no_fault() -> None:
    assert found(index_of_expressions([expression_of("ab")]), []) == []


def test_a_surrogate_in_one_text_does_not_hide_another() -> None:
    index = index_of_expressions([expression_of("ab")])
    assert found(index, ["ab\ud800", "ab"]) == [(0, 0, 0, 2), (1, 0, 0, 2)]


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|aa)+$", "(?:a|b|ab)*c"])
def test_what_makes_re_slow_goes_to_re2(pattern: str) -> None:
    index = index_of_expressions([expression_of(pattern)])
    assert index.expressions[0].longest() < 50
    assert found(index, ["a" * 50_000 + "!"]) == []


def test_a_long_text_goes_to_re2() -> None:
    expression = expression_of("a.*b.*c")
    assert 100 <= expression.longest() < 1_000_000
    index = index_of_expressions([expression])
    assert found(index, ["a" * 20_000 + "b" * 20_000 + "c"]) == [(0, 0, 0, 40_001)]


def test_an_index_can_be_pickled() -> None:
    index = index_of_expressions([expression_of("a+b")])
    again: RegexIndex = pickle.loads(pickle.dumps(index))  # noqa: S301
    assert found(again, ["xaab"]) == [(0, 0, 1, 4)]
