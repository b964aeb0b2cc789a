"""A query says in one line what a pack says in several."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shroff.errors import RuleError
from shroff.rules.clauses import (
    AllOf,
    AnyOf,
    Column,
    ColumnTest,
    Condition,
    Count,
    InFields,
    Near,
    Not,
    Regex,
    Term,
    Unit,
)
from shroff.rules.query import parse_query

A, B, C = Term("a"), Term("b"), Term("c")
MEANT: dict[str, Condition] = {
    "减肥": Term("减肥"),
    '"weight loss"': Term("weight loss"),
    "a b": AllOf((A, B)),
    "a AND b": AllOf((A, B)),
    "a OR b c": AnyOf((A, AllOf((B, C)))),
    "(a OR b) c": AllOf((AnyOf((A, B)), C)),
    "a -b": AllOf((A, Not(B))),
    "a NOT b": AllOf((A, Not(B))),
    "a -(b OR c)": AllOf((A, Not(AnyOf((B, C))))),
    "a NEAR/20 b": Near((A, B), 20),
    "a NEAR/8w b": Near((A, B), 8, Unit.WORDS),
    "a BEFORE/0 b BEFORE/0 c": Near((A, B, C), 0, ordered=True),
    "a NEAR/3 (b OR c)": Near((A, AnyOf((B, C))), 3),
    "COUNT(a OR b)>=3": Count(AnyOf((A, B)), 3),
    "/a+\\/b/": Regex("a+/b"),
    "title:a": InFields(A, ("title",)),
    "ocr:(a OR b)": InFields(AnyOf((A, B)), ("ocr_text",)),
    "a age<30": AllOf((A, Column("age", ColumnTest.BELOW, (30,)))),
    "a age>=1.5": AllOf((A, Column("age", ColumnTest.AT_LEAST, (1.5,)))),
    "a industry:(games, 'x')": AllOf((A, Column("industry", ColumnTest.IS_IN, ("games", "'x'")))),
    "a industry!=games": AllOf((A, Column("industry", ColumnTest.NOT_IN, ("games",)))),
    "e-mail": Term("e-mail"),
    "24/7": Term("24/7"),
    "a --": AllOf((A, Not(Term("-")))),
    "（a　OR b） c": AllOf((AnyOf((A, B)), C)),
    "“a b” －c": AllOf((Term("a b"), Not(C))),
    "标题：a": Term("标题：a"),
    "ＡＮＤＹ a": AllOf((Term("ＡＮＤＹ"), A)),
    "a ＯＲ b": AnyOf((A, B)),
}


@pytest.mark.parametrize(("query", "meant"), MEANT.items())
def test_a_query_is_read_as_it_is_written(query: str, meant: Condition) -> None:
    assert parse_query(query).match == meant


def test_market_language_and_field_are_the_scope_of_the_rule() -> None:
    rule = parse_query("减肥 market:cn,sg language:ZH field:(title, body)")
    assert rule.match == Term("减肥")
    assert (rule.markets, rule.languages, rule.fields) == (
        ("CN", "SG"),
        ("zh",),
        ("title", "body"),
    )


def test_a_market_that_is_excluded_stays_a_condition() -> None:
    rule = parse_query("a -market:CN")
    assert rule.match == AllOf((A, Not(Column("market", ColumnTest.IS_IN, ("CN",)))))


def test_places_are_those_of_the_query() -> None:
    rule = parse_query("减肥 AND “瘦 身”")
    assert isinstance(rule.match, AllOf)
    assert [part.where.column for part in rule.match.parts] == [1, 8]


FAULTS = {
    "": 1, "-a": 1, "a OR -b": 1, "market:CN": 1, "a AND": 6, "AND a": 1, "(a": 1, "a)": 2,
    '"a': 1, "/a(?=b)/": 3, "//": 1, '""': 1, "COUNT(a)": 8, "COUNT(a b)>=2": 1,
    "a NEAR/3 (b c)": 3, "a NEAR/3 b NEAR/4 c": 12, "a field:foo": 9, "(a field:title)": 4,
    "a age<(1,2)": 3, "a x:": 3, "title:-a": 1, "减肥 AND (瘦": 8, "(" * 50: 41,
    "x" * 201: 1, "x " * 5001: 10001,
}  # fmt: skip


@pytest.mark.parametrize(("query", "place"), FAULTS.items())
def test_a_fault_is_told_with_its_place_and_a_caret(query: str, place: int) -> None:
    with pytest.raises(RuleError) as caught:
        parse_query(query)
    assert caught.value.where == f"query:{place}"
    assert caught.value.cause.splitlines()[-1].strip(" ^") == ""


def test_the_caret_stands_right_under_wide_characters() -> None:
    with pytest.raises(RuleError) as caught:
        parse_query("减肥 AND (瘦")
    assert caught.value.cause.splitlines()[1:] == ["  减肥 AND (瘦", "           ^"]


PIECES = st.sampled_from(
    ["a", "减肥", " ", "(", ")", "AND", "OR", "NOT ", "-", '"', "/", "NEAR/3 ", "BEFORE/2w ", "COUNT(",
     ")>=2", "title:", "age<", "x:(", ",", "（", "：", "”", "\\", "market:CN"]
)  # fmt: skip


@given(st.text(max_size=30) | st.lists(PIECES, max_size=15).map("".join))
def test_reading_any_text_gives_a_rule_or_a_fault(query: str) -> None:
    try:
        found = parse_query(query)
    except RuleError as fault:
        found = None
        where = fault.where
    else:
        where = "query:"
    assert found is None or found.match
    assert where.startswith("query:")
