"""What is said to be true of a pattern is true of what it matches."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from tests.rules.regexes import patterns, texts

from shroff.rules.regex_ambiguity import ambiguity
from shroff.rules.regex_facts import regex_facts
from shroff.rules.regex_folding import spelled
from shroff.rules.regex_writers import python_text
from shroff.rules.syntax import parse_regex


@given(patterns, texts)
def test_facts_hold_of_every_match(pattern: str, text: str) -> None:
    tree = spelled(parse_regex(pattern))
    facts = regex_facts(tree)
    for found in re.finditer(python_text(tree), text):
        assert not facts.never
        assert facts.empty or found[0]
        assert facts.shortest <= len(found[0]) <= (facts.longest or len(text))
        assert not facts.required or any(part in found[0] for part in facts.required)


@pytest.mark.parametrize(
    "pattern", [r"a\bb", "a^", "$a", r"\b\B", r"[^\s\S]", r"天\b天", "a$b|^b^a"]
)
def test_what_contradicts_itself_never_matches(pattern: str) -> None:
    assert regex_facts(spelled(parse_regex(pattern))).never


@pytest.mark.parametrize("pattern", [r"天\ba", r"\ba\b", "^a$", r"a\Bb", r"(^|天)a", "$|a"])
def test_what_can_match_is_not_said_never_to(pattern: str) -> None:
    assert not regex_facts(spelled(parse_regex(pattern))).never


def test_the_best_required_texts_are_found() -> None:
    facts = regex_facts(spelled(parse_regex(r"\d+ (free|gratis) cash.*now")))
    assert facts.required == {" free cash", " gratis cash"}


EXPONENTIAL = ["(a+)+b", "(a|a)*b", "(a|ab|b)*c", r"(\w+\s?)*x", "(a*)*b", "(a?a?)*b", "((ab)*)*c",
               "(a{1,30}){1,30}b", r"(.*,){12}P"]  # fmt: skip
POLYNOMIAL = ["a.*b.*c.*d", r"\s*\s*\s*x"]
QUICK = ["a+b+c", "(ab+)+", r"(\d+,)*\d+", "(a|b)*c", "a{2}b{1,3}", r"\bfree\b", "(a+b)+", ".*a"]


@pytest.mark.parametrize("pattern", [each for each in EXPONENTIAL if each != r"(.*,){12}P"])
def test_a_pattern_that_blows_up_elsewhere_is_told(pattern: str) -> None:
    found = ambiguity(parse_regex(pattern))
    assert found is not None
    assert found.degree is None


@pytest.mark.parametrize("pattern", POLYNOMIAL)
def test_loops_that_share_a_text_are_told_with_their_number(pattern: str) -> None:
    found = ambiguity(parse_regex(pattern))
    assert found is not None
    assert found.degree == 3


@pytest.mark.parametrize("pattern", QUICK)
def test_a_quick_pattern_is_not_told(pattern: str) -> None:
    found = ambiguity(parse_regex(pattern))
    assert found is None


@given(patterns)
def test_any_pattern_is_judged(pattern: str) -> None:
    found = ambiguity(parse_regex(pattern))
    assert found is None or 0 <= found.place[0] <= found.place[1] <= len(pattern)
