"""How copies differ: disguises by name, other words and numbers as such, spans of what is written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shroff.text.evasion import KINDS
from shroff.watch.copy_edits import edits_between

MODEL = "Put in $600, take out double after a month, whatever the market does"


def told(model: str, copy: str) -> list[tuple[str, tuple[str, ...], str]]:
    return [(copy[e.start : e.end], e.kinds, e.instead) for e in edits_between(model, copy)]


@pytest.mark.parametrize(
    ("model", "copy", "edits"),
    [
        ("free cash now", "fr33 cash now", [("33", ("leet",), "ee")]),
        ("free cash now", "fr\u0435e cash now", [("\u0435e", ("homoglyph",), "ee")]),
        ("free cash now", "fr\u200bee cash now", [("r\u200b", ("hidden",), "r")]),
        ("free cash now", "f.r.e.e cash now", [("f.r.e.e", ("separator",), "free")]),
        ("take out double", "taaake out double", [("aaa", ("repeat",), "a")]),
        ("高仿一比一", "高亻方一比一", [("亻方", ("split",), "仿")]),
        ("加我减肥群", "加我減🔥肥群", [("減🔥", ("emoji", "trad"), "减")]),
        ("加我微信群", "加我薇信群", [("薇", ("lookalike_han",), "微")]),
        ("only $45 today", "only $1,200 today", [("1,200", (), "45")]),
        ("only $45 today", "Only  $45  today!", []),
    ],
)
def test_each_disguise_is_named_where_it_stands(
    model: str, copy: str, edits: list[tuple[str, tuple[str, ...], str]]
) -> None:
    assert told(model, copy) == edits


def test_other_words_and_numbers_are_told_whole() -> None:
    copy = "Put in $2,400, take out double after two weeks, whatever the market does"
    assert told(MODEL, copy) == [("2,400", (), "600"), ("two weeks", (), "a month")]


def test_what_a_copy_leaves_out_is_an_edit_without_length() -> None:
    (edit,) = edits_between("take out double, whatever the market does", "take out double")
    assert (edit.start, edit.end, edit.kinds) == (15, 15, ())
    assert edit.instead == "whatever the market does"
    assert edit.record()["instead"] == edit.instead


@given(st.text(max_size=60), st.text(max_size=60))
def test_spans_are_within_the_copy_and_in_order(model: str, copy: str) -> None:
    names = {kind.id for kind in KINDS}
    at = 0
    for edit in edits_between(model, copy):
        assert at <= edit.start <= edit.end <= len(copy)
        assert set(edit.kinds) <= names
        at = edit.end


@given(st.text(alphabet="abc def,.1中文字", max_size=40))
def test_a_text_does_not_differ_from_itself(text: str) -> None:
    assert edits_between(text, text) == ()
