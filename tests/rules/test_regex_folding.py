"""A pattern on the plain view hits what the pattern hits on the text."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shroff.rules.expression_text import expression_of
from shroff.rules.lint_regexes import refusal
from shroff.rules.plain_folding import plain_folding, plain_text
from shroff.rules.regex_folding import _Changes, _Folder, fold, spelled
from shroff.rules.regex_scan import index_of_expressions
from shroff.rules.regex_writers import python_text
from shroff.rules.syntax import parse_regex


def hits(pattern: str, text: str) -> bool:
    tree = fold(parse_regex(pattern), plain_folding()).tree
    return bool(re.search(python_text(tree), plain_text(text)))


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("VIP", "ｖｉｐ"), ("[A-Z]{3}", "vip"), ("減肥", "减肥"), ("减肥", "減肥"),
        ("casino", "саsіnо"), ("а", "a"), (r"\d+天", "７天"), ("a\u200bb", "ab"), ("ab", "a\u200bb"),
        ("㎏", "kg"), ("[㎏]", "ＫＧ"), ("[А-Я]+", "привет"), ("[①-⑨]", "3"), ("é", "E"),
        (r"\w+", "ＡＢ"), ("[^A]b", "xＢ"), ("！", "!"),
    ],
)  # fmt: skip
def test_a_pattern_sees_through_what_the_plain_view_undoes(pattern: str, text: str) -> None:
    assert hits(pattern, text)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [("[^A]b", "ａb"), (r"\Wb", "Ａb"), (r"\p{So}", "①"), (r"\bab\b", "ａｂｃ")],
)
def test_a_class_keeps_its_meaning(pattern: str, text: str) -> None:
    assert not hits(pattern, text)


@given(st.text(min_size=1, max_size=6))
def test_a_literal_hits_its_own_text(text: str) -> None:
    pattern = "".join(f"\\x{{{ord(sign):x}}}" for sign in text)
    tree = fold(parse_regex(pattern), plain_folding()).tree
    assert re.match(python_text(tree) + r"\Z", plain_text(text))


@given(st.characters(exclude_categories=["Cs"]))
def test_a_class_of_one_character_is_that_character(sign: str) -> None:
    one, two = (f"{start}\\x{{{ord(sign):x}}}{end}" for start, end in (("", ""), ("[", "]")))
    folding = plain_folding()
    trees = [fold(parse_regex(each), folding).tree for each in (one, two)]
    assert all(re.fullmatch(python_text(tree), plain_text(sign)) for tree in trees)


def test_what_is_dropped_emptied_and_widened_is_told() -> None:
    folded = fold(parse_regex("\u200ba\\p{Lu}[а-я]"), plain_folding())
    assert (folded.dropped, folded.emptied, folded.widened) == (((0, 1),), ((2, 8),), ((8, 13),))


def test_nothing_is_folded_where_the_text_is_taken_as_it_is() -> None:
    assert python_text(spelled(parse_regex("VIP[A-C]減"))) == "(?a)VIP[A-C]減"


@pytest.mark.parametrize(
    "pattern",
    [r"\p{Han}{1,5}天", r"\P{Han}", r"[^\p{Han}]a", "[一-龥]{2}", r"[\u4e00-\u9fff]贷", r"\p{L}+"],
)
def test_a_class_of_han_is_not_too_large_for_the_fast_engine(pattern: str) -> None:
    index = index_of_expressions([expression_of(pattern, folding=plain_folding())])
    assert not index.refused
    assert not refusal(fold(parse_regex(pattern), plain_folding()).tree)


@given(
    st.sampled_from([r"\p{Han}", r"\P{Han}", "[一-龥]", "[^一-龥]", r"\p{L}", "[^a-z減]"]),
    st.text(max_size=8),
)
def test_a_class_in_fewer_ranges_says_the_same_of_plain_texts(pattern: str, text: str) -> None:
    plain = plain_text(text)
    simple = _Folder(plain_folding()).node(parse_regex(pattern))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_Changes, "simplest", lambda _, chars: chars)
        exact = _Folder(plain_folding()).node(parse_regex(pattern))
    assert re.findall(python_text(simple), plain) == re.findall(python_text(exact), plain)
