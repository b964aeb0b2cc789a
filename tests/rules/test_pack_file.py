"""A pack is read whole, or everything that is wrong in it is told at its place."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shroff.domain.findings import fixed
from shroff.domain.messages import Language
from shroff.errors import RuleError
from shroff.rules.clauses import (
    AllOf,
    AnyOf,
    Column,
    ColumnTest,
    Count,
    InFields,
    Near,
    Not,
    Regex,
    Term,
    Unit,
    Word,
    atoms,
)
from shroff.rules.pack_file import inspect, load_pack, read_pack
from shroff.rules.rule import RuleAction, Span
from shroff.text.evasion import DEFAULT, Evasion

WHOLE = """\
pack: health.weight-loss
version: 3
owner: policy-health
description: {en: Weight, zh: 减重}
defaults: {fields: [title, body], action: review, severity: 3}
lists:
  weight: [减肥, 瘦身, weight loss]
  more: [$weight, {regex: '体重'}]
rules:
  - id: WL-001
    name: {en: Fast weight loss, zh: 快速减肥}
    policy: E4
    markets: [cn, NO]
    languages: [ZH, en]
    action: reject
    severity: 4
    expires: 2027-06-30
    legal: "..."
    match:
      all:
        - $weight
        - near: [{regex: '\\d{1,2}\\s?(天|days?)'}, 瘦]
          within: 20
    allow: [健身房减脂课程]
    unless: {any: [孕妇, {regex: '风险提示'}]}
    evasion: {pinyin: off, initials: on}
    examples:
      match: ["7天快速减肥", {text: "减\u200b肥7天瘦", span: [0, 3]}, {title: a, body: b}]
      no_match: [{text: "健身房减脂课程 7天体验", columns: {market: CN, age: 3}}]
"""


def match_of(text: str) -> object:
    pack = read_pack(f"pack: p\nlists: {{w: [a b, c]}}\nrules:\n  - {{id: R, match: {text}}}\n")
    return pack.rules[0].match


def codes(text: str) -> list[tuple[str, int, int]]:
    _, found = inspect(text)
    return [(one.code, one.where.line, one.where.column) for one in found]


def rule(line: str) -> str:
    return f"pack: p\nrules:\n  - id: R\n    {line}\n"


def test_a_pack_is_read_with_all_that_it_says() -> None:
    pack = read_pack(WHOLE, path="w.yaml")
    assert (pack.id, pack.version, pack.owner, pack.description.zh) == (
        "health.weight-loss", 3, "policy-health", "减重",
    )  # fmt: skip
    one = pack.rules[0]
    assert (one.id, one.version, one.policy, one.action) == ("WL-001", 3, "E4", RuleAction.REJECT)
    assert (one.markets, one.languages, one.fields) == (
        ("CN", "NO"),
        ("zh", "en"),
        ("title", "body"),
    )
    assert (one.severity, one.expires, one.owner) == (4, date(2027, 6, 30), "policy-health")
    assert one.evasion == DEFAULT & ~Evasion.PINYIN | Evasion.INITIALS
    assert [term.text for term in one.allow] == ["健身房减脂课程"]
    assert [len(tests) for tests in (one.must_match, one.must_not_match)] == [3, 1]
    assert one.must_match[1].spans == (Span("title", 0, 3),)
    assert one.must_match[2].texts == (("title", "a"), ("body", "b"))
    assert one.must_not_match[0].columns == (("market", "CN"), ("age", 3))


def test_a_list_stands_for_any_of_its_words_with_the_switches_of_the_rule() -> None:
    one = read_pack(WHOLE).rules[0]
    assert isinstance(one.match, AllOf)
    words = one.match.parts[0]
    assert isinstance(words, AnyOf)
    assert words.name == "weight"
    assert {atom.evasion for atom in atoms(words)} == {one.evasion}


def test_a_list_may_use_those_before_it() -> None:
    assert len(read_pack(WHOLE).lists[1].parts) == 4


CONDITIONS = {
    "减肥": Term("减肥"),
    "'$500'": Term("$500"),
    "{term: ab, word: part}": Term("ab", Word.PART),
    "{term: ab, evasion: none}": Term("ab", evasion=Evasion.NONE),
    "{regex: 'a+'}": Regex("a+"),
    "[a, b]": AnyOf((Term("a"), Term("b"))),
    "$w": AnyOf((Term("a b"), Term("c")), "w"),
    "{any: [a, [b, c]]}": AnyOf((Term("a"), AnyOf((Term("b"), Term("c"))))),
    "{all: [a, {not: b}]}": AllOf((Term("a"), Not(Term("b")))),
    "{any: [a], not: b}": AllOf((AnyOf((Term("a"),)), Not(Term("b")))),
    "{near: [a, b], within: 0}": Near((Term("a"), Term("b")), 0),
    "{near: [a, b], words: 8, ordered: on}": Near((Term("a"), Term("b")), 8, Unit.WORDS, True),
    "{count: [a, b], at_least: 3}": Count(AnyOf((Term("a"), Term("b"))), 3),
    "{fields: title, match: a}": InFields(Term("a"), ("title",)),
    "{column: age, below: 30}": Column("age", ColumnTest.BELOW, (30,)),
    "{column: x, in: [a, NO, 'true', true, 1.5], missing: yes}": Column(
        "x", ColumnTest.IS_IN, ("a", "NO", "true", True, 1.5), True
    ),
}


@pytest.mark.parametrize(("written", "meant"), CONDITIONS.items())
def test_a_condition_is_read_as_it_is_written(written: str, meant: object) -> None:
    assert match_of(written) == meant


def test_near_a_hit_can_be_asked_of_an_exemption() -> None:
    text = rule("match: a\n    unless: {match: [b], within: 15}")
    unless = read_pack(text).rules[0].unless
    assert unless is not None
    assert (unless.within, unless.unit) == (15, Unit.CHARACTERS)


FAULTS = [
    ("", [("R001", 1, 1)]),
    ("pack: [", [("R001", 2, 1)]),
    ("pack: p\nrules:\n\t- a", [("R001", 3, 1)]),
    ("pack: a\x07b", [("R001", 1, 8)]),
    ("- a", [("R004", 1, 1)]),
    ("pack: p", [("R005", 1, 1)]),
    ("pack: p\nrulez: []\nrules: []", [("R002", 2, 1)]),
    ("pack: p\nrules: []\npack: q", [("R003", 3, 1)]),
    ("pack: p q\nrules: []", [("R006", 1, 7)]),
    ("pack: p\nversion: x\nrules: []", [("R004", 2, 10)]),
    ("pack: p\nversion: 0\nrules: []", [("R006", 2, 10)]),
    ("pack: &a p\nrules: []", [("R007", 1, 7)]),
    ("pack: !x p\nrules: []", [("R007", 1, 7)]),
    ("pack: p\nrules: []\n---\npack: q\n", [("R007", 3, 1)]),
    ("pack: p\nlists: {a: [x]}\nrules: [{id: R, match: *b}]", [("R007", 3, 24)]),
    (f"pack: p\nrules: {'[' * 45}{']' * 45}", [("R008", 2, 47)]),
    (rule("match: $x"), [("R009", 4, 12)]),
    (rule("match: ''"), [("R011", 4, 12)]),
    (rule("match: {}"), [("R012", 4, 12)]),
    (rule("match: {any: []}"), [("R012", 4, 18)]),
    (rule("match: {near: [a], within: 3}"), [("R012", 4, 13)]),
    (rule("match: {near: [a, {all: [b, c]}], within: 3}"), [("R012", 4, 13)]),
    (rule("match: {near: [a, b]}"), [("R012", 4, 13)]),
    (rule("match: {term: a, regex: b}"), [("R012", 4, 22)]),
    (rule("match: {count: a}"), [("R005", 4, 12)]),
    (rule("match: {column: a}"), [("R012", 4, 13)]),
    (rule(f"match: {'x' * 201}"), [("R008", 4, 12)]),
    (rule("match: {regex: '天(?=x)'}"), [("R101", 4, 22)]),
    (rule("match: {regex: \"\\u5929(?=x)\"}"), [("R101", 4, 27)]),
    (rule("match: {regex: '''(?=x)'}"), [("R101", 4, 23)]),
    (rule("match: a\n    action: rejct"), [("R006", 5, 13)]),
    (rule("match: a\n    expires: soon"), [("R004", 5, 14)]),
    (rule("match: a\n    evasion: {pinyn: off}"), [("R002", 5, 15)]),
    (rule("match: a\n    evasion: [case, x]"), [("R006", 5, 21)]),
    (rule("match: a\n    across_fields: maybe"), [("R004", 5, 20)]),
    (rule("match: a\n    allow: [{regex: x}]"), [("R004", 5, 13)]),
    (rule("match: a\n    examples: {match: [{text: 减肥, span: [0, 9]}]}"), [("R006", 5, 41)]),
    (rule("match: a\n    examples: {match: [{note: x}]}"), [("R005", 5, 24)]),
    ("pack: p\nrules: [{id: R, match: a}, {id: R, match: b}]", [("R010", 2, 33)]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), FAULTS)
def test_a_fault_is_told_at_its_place(text: str, expected: list[tuple[str, int, int]]) -> None:
    assert sorted(codes(text)) == sorted(expected)


@pytest.mark.parametrize(("text", "expected"), FAULTS)
def test_a_fault_is_said_in_both_languages(
    text: str, expected: list[tuple[str, int, int]]
) -> None:
    del expected
    for found in inspect(text)[1]:
        assert found.message.text(Language.EN) != found.message.text(Language.ZH)


def test_all_faults_are_raised_at_once_with_carets_under_wide_characters() -> None:
    text = rule("match: [{regex: '减肥(?=x)'}, $no]\n    severity: 瘦身")
    with pytest.raises(RuleError) as caught:
        read_pack(text, path="p.yaml")
    told = str(caught.value)
    assert "this pack has 3 faults" in told
    assert "p.yaml:4:24: error R101" in told
    lines = told.splitlines()
    shown = next(place for place, line in enumerate(lines) if "减肥(?=x)" in line)
    assert lines[shown + 1] == " " * (4 + 21 + 4) + "^^^"


def test_fixes_put_right_what_means_the_same() -> None:
    text = rule("macth: {regex: '(?i)[[a]'}\n    action: rejct")
    mended, count = fixed(text, inspect(text)[1])
    assert count == 2
    mended, count = fixed(mended, inspect(mended)[1])
    assert count == 2
    assert "match: {regex: '[\\[a]'}" in mended
    assert read_pack(mended).rules[0].action is RuleAction.REJECT


def test_a_file_says_where_it_is_not_utf8(tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_bytes(b"pack: \xff")
    with pytest.raises(RuleError, match="not UTF-8 at byte 6"):
        load_pack(tmp_path / "p.yaml")
    with pytest.raises(RuleError, match="cannot be read"):
        load_pack(tmp_path / "none.yaml")


def test_a_file_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text(WHOLE, encoding="utf-8-sig")
    assert load_pack(tmp_path / "p.yaml") == read_pack(WHOLE)


YAML_PIECES = st.sampled_from(
    ["pack: p\n", "rules:\n", "  - id: A\n", "    match: ", "[a, b]\n", "{any: [", "]}\n", "$x\n",
     "&a ", "*a ", "!t ", "near: ", "within: 3\n", "减肥", "'", '"', "{", "}", ": ", "\n", "  ",
     "- ", "regex: '(?=", "examples: {match: [", "\t", "\x00", "\u2028", "lists: {x: [a]}\n"]
)  # fmt: skip


@given(st.lists(YAML_PIECES, max_size=25).map("".join) | st.text(max_size=60))
def test_reading_any_text_never_crashes(text: str) -> None:
    pack, found = inspect(text)
    assert pack is not None or found
    assert all(one.where.line >= 1 and one.where.column >= 1 for one in found)


@given(st.data())
def test_reading_a_pack_with_a_part_torn_out_never_crashes(data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(WHOLE)))
    end = data.draw(st.integers(start, min(len(WHOLE), start + 30)))
    inspect(WHOLE[:start] + data.draw(st.text(max_size=3)) + WHOLE[end:])
