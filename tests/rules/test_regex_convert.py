"""What is rewritten hits the same texts as before."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shroff.rules.regex_convert import convert
from shroff.rules.regex_folding import spelled
from shroff.rules.regex_writers import python_text
from shroff.rules.syntax import inspect_regex, parse_regex

CONVERTED = {
    r"\d{1,2}天": r"\d{1,2}天",
    r"(?i)free": "free",
    r"(?P<a>x)(?:y)": "(x)(?:y)",
    r"a(?#why)b": "ab",
    r"\Aab\Z": "^ab$",
    "[[(]x": r"[\[(]x",
    "a{x}": r"a\{x}",
    "a{,2}b": "a{0,2}b",
    "(?s)a.b[.]": r"a[\s\S]b[.]",
    "a++b": "a+b",
    r"[^\d]*+\d": r"[^\d]*\d",
    "xa*+": "xa*",
    "(?<=/)ab": "(?:/)ab",
    "ab(?=[-/]|$)": "ab(?:[-/]|$)",
    "(?<!a)b": "(?:^|[^a])b",
    "b(?![ac])": "b(?:[^ac]|$)",
    r"b(?!\d)": r"b(?:[^\d]|$)",
}
LEFT = [
    r"(a)\1",
    "a(?=b)c",
    "(?!a)b",
    "a++a",
    "(?>a)b",
    "(?x)a b",
    "b(?!ac)",
    "(?<=a)b|c",
    r"\y",
    "(?m)^a",
]
TEXTS = st.text(alphabet="abcxy/-. 1\n天[(", max_size=8)


@pytest.mark.parametrize(("pattern", "now"), CONVERTED.items())
def test_a_pattern_is_rewritten(pattern: str, now: str) -> None:
    found = convert(pattern)
    assert (found.pattern, found.left) == (now, ())


@pytest.mark.parametrize("pattern", LEFT)
def test_what_has_no_equal_is_left_with_its_reason(pattern: str) -> None:
    assert convert(pattern).left


@pytest.mark.filterwarnings("ignore::FutureWarning")
@given(
    st.sampled_from([each for each in CONVERTED if "++" not in each and "*+" not in each]), TEXTS
)
def test_a_rewritten_pattern_hits_the_same_texts(pattern: str, text: str) -> None:
    now = re.compile(python_text(spelled(parse_regex(convert(pattern).pattern))))
    # `$` and \Z of `re` differ from ours before a last new line only
    sure = text.rstrip("\n")
    assert bool(now.search(sure)) == bool(re.search(pattern, sure))


@given(st.text(alphabet=r"ab(?<=!:)[]{}\.+*|^$d1,P>#", max_size=16))
def test_converting_any_text_ends_with_a_pattern_or_a_reason(pattern: str) -> None:
    found = convert(pattern)
    assert bool(found.left) == bool(inspect_regex(found.pattern)[1])
