"""A rule holds where the plain reading of its condition says so, and points where it says."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.rules.rule_oracle import Place, fired

from shroff.rules.candidate_judging import demand_of
from shroff.rules.clauses import (
    AllOf,
    AnyOf,
    Atom,
    Column,
    ColumnTest,
    Condition,
    Count,
    InFields,
    Near,
    Not,
    Term,
    Unit,
    Unless,
)
from shroff.rules.compile import compiled
from shroff.rules.conditions import Ad, judged
from shroff.rules.nearness import Hit
from shroff.rules.rule import Pack, Rule

FIELDS = ("title", "body", "ocr_text")
TERMS = [Term(text) for text in ("a", "b", "ab", "天", "天a", "c d")]
TEXT = st.text(alphabet="abc d天", max_size=14)
WITHIN = st.integers(0, 6)
UNITS = st.sampled_from(list(Unit))

atoms = st.sampled_from(TERMS)
lists = st.lists(atoms, min_size=1, max_size=3).map(lambda parts: AnyOf(tuple(parts)))
hits_of = atoms | lists
near = st.builds(
    Near, st.lists(hits_of, min_size=2, max_size=3).map(tuple), WITHIN, UNITS, st.booleans()
)
columns = st.builds(
    Column,
    st.just("age"),
    st.sampled_from([ColumnTest.BELOW, ColumnTest.AT_LEAST, ColumnTest.IS_IN, ColumnTest.NOT_IN]),
    st.tuples(st.integers(0, 3)),
    st.sampled_from([None, True, False]),
)
leaves = hits_of | near | st.builds(Count, hits_of, st.integers(1, 3)) | columns


def grown(inner: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    several = st.lists(inner, min_size=1, max_size=3).map(tuple)
    some_fields = st.lists(st.sampled_from(FIELDS), min_size=1, max_size=2, unique=True).map(tuple)
    return (
        several.map(AnyOf)
        | several.map(AllOf)
        | inner.map(Not)
        | st.builds(InFields, inner, some_fields)
    )


conditions = st.recursive(leaves, grown, max_leaves=6)
rules = st.builds(
    Rule,
    st.just("R"),
    conditions,
    fields=st.lists(st.sampled_from(FIELDS), min_size=1, unique=True).map(tuple),
    across_fields=st.booleans(),
    allow=st.lists(st.sampled_from([Term("xab"), Term("ab"), Term("天a")]), max_size=1).map(tuple),
    unless=st.none() | st.builds(Unless, conditions, st.none() | WITHIN, UNITS),
)
ads = st.dictionaries(st.sampled_from(FIELDS), TEXT, min_size=1)


def spans(text: str, atom: Atom) -> list[tuple[int, int]]:
    assert isinstance(atom, Term)
    found, at = list[tuple[int, int]](), text.find(atom.text)
    while at >= 0:
        found.append((at, at + len(atom.text)))
        at = text.find(atom.text, at + len(atom.text))
    return found


def engine(rule: Rule, texts: dict[str, str], values: dict[str, Any]) -> set[Place] | None:
    made = compiled([Pack("p", rules=(rule,))])
    names = tuple(texts)
    terms = dict(enumerate(made.labels))
    hits: dict[int, list[Hit]] = {}
    place = 0
    for atom, label in terms.items():
        for number, name in enumerate(names):
            for start, end in spans(texts[name], Term(label)):
                hits.setdefault(atom, []).append(Hit(number, start, end, place))
                place += 1
    verdict = judged(
        demand_of(made.rules[0], names), Ad(hits, lambda number: texts[names[number]], values)
    )
    if not verdict.holds:
        return None
    return {(names[hit.field], hit.start, hit.end) for hit in verdict.hits}


@given(rules, ads, st.sampled_from([{}, {"age": None}, {"age": 1}, {"age": 2}]))
def test_a_rule_fires_where_the_oracle_says(
    rule: Rule, texts: dict[str, str], values: dict[str, Any]
) -> None:
    assert engine(rule, texts, values) == fired(rule, texts, values, spans=spans)


def one(condition: Condition, text: str, **more: Any) -> set[tuple[int, int]] | None:
    found = engine(Rule("R", condition, fields=("title",), **more), {"title": text}, {})
    return None if found is None else {(start, end) for _, start, end in found}


def test_an_allow_phrase_wins_over_the_terms_it_contains() -> None:
    rule = {"allow": (Term("路口交通"),)}
    assert one(Term("口交"), "路口交通", **rule) is None
    assert one(Term("口交"), "路口交通 口交", **rule) == {(5, 7)}


def test_unless_takes_the_whole_ad_back() -> None:
    unless = Unless(Term("risk"))
    assert one(Term("gain"), "gain at your risk", unless=unless) is None
    assert one(Term("gain"), "gain at once", unless=unless) == {(0, 4)}


def test_unless_near_takes_back_only_what_is_near() -> None:
    unless = Unless(Term("not"), within=2)
    assert one(Term("best"), "not best, but the best", unless=unless) == {(18, 22)}
    assert one(Term("best"), "not best", unless=unless) is None


def test_near_counts_words_of_latin_and_single_han_characters() -> None:
    within = Near((Term("瘦"), Term("days")), 3, Unit.WORDS)
    assert one(within, "瘦身 in 7 days") is not None
    assert one(within, "瘦身 in about 7 days") is None


def test_near_in_order_wants_the_order() -> None:
    parts = (Term("free"), Term("cash"))
    assert one(Near(parts, 5, ordered=True), "cash free") is None
    assert one(Near(parts, 5), "cash free") == {(0, 4), (5, 9)}


@pytest.mark.parametrize(("value", "missing", "fires"), [
    (None, None, False), (None, True, True), (None, False, False), (float("nan"), True, True),
    (3, None, True), (30, None, False),
])  # fmt: skip
def test_an_unknown_value_counts_as_the_rule_says(
    value: float | None, missing: bool | None, fires: bool
) -> None:
    column = Column("age", ColumnTest.BELOW, (30,), missing)
    rule = Rule("R", AllOf((Term("a"), column)), fields=("title",))
    assert (engine(rule, {"title": "a"}, {"age": value}) is not None) == fires


def test_texts_of_columns_are_compared_without_regard_to_case() -> None:
    rule = Rule("R", Column("industry", ColumnTest.IS_IN, ("Loans",)), fields=("title",))
    assert engine(rule, {"title": ""}, {"industry": "loans"}) == set()
