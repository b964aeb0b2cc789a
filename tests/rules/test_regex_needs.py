"""What every match of an expression holds, and that looking for it first loses no hit."""

from __future__ import annotations

import re

import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shroff.rules.clauses import AnyOf, Regex, Term
from shroff.rules.compile import compiled
from shroff.rules.expression_text import expression_of
from shroff.rules.match import Scanner
from shroff.rules.plain_folding import plain_folding
from shroff.rules.regex_folding import fold
from shroff.rules.regex_needs import needs_of
from shroff.rules.rule import Pack, Rule
from shroff.rules.syntax import parse_regex
from shroff.text.text_views import views_of_texts

PARTS = [
    "free", "cash", "下单", "立减", "是是", "一二", r"\b", r"\s+", r"\s*", "[0-9]", "[0-9]{2,4}", r"\d+", "[ab]",
    "(?:win|won)", "(?:快速|迅速)?", "(?:ab)+", "(?:x|yz){2}", ".{0,3}", "^", "$", "a?", "$free", "l", "é",
]  # fmt: skip
PIECES = [
    "free", "cash", "下单", "立减", "是是", "一二", " ", "  ", "7", "88", "a", "b", "win", "won", "快速", "ab", "x",
    "yz", "é", "f r e e", "f.r.e.e", "fr33", "FREE", "月巴", "$", "!", "_", "i", "l", "下 单", "z", "一",
]  # fmt: skip


def pattern_of(parts: list[str]) -> str:
    return "".join(re.escape(part) if part.startswith("$f") else part for part in parts)


@pytest.mark.parametrize(
    ("pattern", "needs"),
    [
        (r"\bfree\b", [["free"]]),
        ("(lose|drop)\\s+cash", [["drop", "lose"], ["cash"]]),
        ("减?肥.{0,4}天", [["减肥", "肥"], ["天"]]),
        ("a*b*", []),
        ("free|.", []),
    ],
)
def test_needs_are_told_by_hand(pattern: str, needs: list[list[str]]) -> None:
    found = needs_of(fold(parse_regex(pattern), plain_folding()).tree)
    assert [[text for text, _ in need] for need in found] == needs


@given(st.lists(st.sampled_from(PARTS), min_size=1, max_size=5), st.lists(st.sampled_from(PIECES)))
def test_a_match_holds_a_text_of_each_need(parts: list[str], pieces: list[str]) -> None:
    told = expression_of(pattern_of(parts))
    for match in re.finditer(told.python, text := "".join(pieces), re.ASCII):
        for need in told.needs:
            held = [
                (at, each, opens)
                for each, opens in need
                for at in range(match.start(), match.end())
                if text.startswith(each, at) and at + len(each) <= match.end()
            ]
            assert held
            # of what opens a word one stands where a word begins
            assert any(
                not opens or not re.match(r"\w", each, re.ASCII) or begins(text, at)
                for at, each, opens in held
            )


def begins(text: str, at: int) -> bool:
    return at == 0 or not re.match(r"\w", text[at - 1], re.ASCII)


@given(
    st.lists(st.lists(st.sampled_from(PARTS), min_size=1, max_size=4), min_size=1, max_size=5),
    st.lists(st.lists(st.sampled_from(PIECES), max_size=9), min_size=1, max_size=6),
)
@example([[r"\b", "free", r"\s*", "[0-9]"]], [["f", "free", "7"], ["buff", " ", "free", "7"]])
@example([["一二"], ["是是", "[0-9]"]], [["一二"], ["是是", "7"], ["12", "一二"]])
@example([["l", "cash"]], [["al", "cash"], ["i", "cash"]])
def test_looking_for_needs_first_loses_no_hit(
    patterns: list[list[str]], texts: list[list[str]]
) -> None:
    rules = [
        Rule(f"R{nth}", AnyOf((Regex(pattern_of(parts)), Term("never said"))), fields=("text",))
        for nth, parts in enumerate(patterns)
    ]
    lines = ["".join(pieces) for pieces in texts]
    hits = Scanner(compiled([Pack("p", rules=tuple(rules))])).texts(pa.array(lines))
    found = {(row["row"], row["rule_id"]) for row in hits.to_pylist() if row["view"] == "plain"}
    every = {
        (nth, rule.id)
        for rule, parts in zip(rules, patterns, strict=True)
        for nth, line in enumerate(lines)
        if matches(pattern_of(parts), line)
    }
    assert {(row, rule) for row, rule in found if rule.startswith("R")} == every


def matches(pattern: str, line: str) -> bool:
    told = expression_of(pattern, folding=plain_folding())
    plain = "".join(map(chr, views_of_texts([line]).plain))
    return any(match.group() for match in re.finditer(told.python, plain, re.ASCII))
