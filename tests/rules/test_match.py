"""Ads to hits: places exact to the character, in every kind of Arrow, however the batch is cut."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shroff.errors import DataError, RuleError
from shroff.rules import batch_texts
from shroff.rules.clauses import (
    AllOf,
    AnyOf,
    Atom,
    Column,
    ColumnTest,
    Condition,
    Near,
    Not,
    Regex,
    Term,
    Word,
)
from shroff.rules.compile import compiled
from shroff.rules.hit_table import SCHEMA
from shroff.rules.match import Scanner
from shroff.rules.rule import Pack, Rule
from shroff.text.evasion import DEFAULT, Evasion


def scanner(*rules: Rule, today: date | None = None) -> Scanner:
    return Scanner(compiled([Pack("p", rules=rules)]), today=today)


def rule(condition: Condition, name: str = "R", **more: object) -> Rule:
    return Rule(name, condition, **{"fields": ("title", "body"), **more})  # type: ignore[arg-type]


def places(table: pa.Table) -> list[tuple[int, int, int, str]]:
    return [(r["row"], r["start"], r["end"], r["matched"]) for r in table.to_pylist()]


def test_a_hit_points_at_the_characters_it_was_found_in() -> None:
    found = scanner(rule(Term("减肥"))).texts(["7天快速减肥", "减\u200b肥7天瘦", "", None])
    assert places(found) == [(0, 4, 6, "减肥"), (1, 0, 3, "减\u200b肥")]
    assert found.column("evasion").to_pylist() == [[], ["hidden"]]
    assert found.schema == SCHEMA


@pytest.mark.parametrize(("term", "text", "matched"), [
    ("free", "get ＦＲＥＥ cash", "ＦＲＥＥ"),
    ("casino", "best саsіnо now", "саsіnо"),
    ("casino", "best c.a.s.i.n.o now", "c.a.s.i.n.o"),
    ("weight loss", "fast w3ight l0ss!", "w3ight l0ss"),
    ("减肥", "轻松減肥", "減肥"),
    ("减肥", "轻松减🔥肥", "减🔥肥"),
    ("加微信", "加薇信吧", "加薇信"),
    ("减肥", "轻松减月巴吧", "减月巴"),
])  # fmt: skip
def test_a_disguised_word_is_found_where_it_stands(term: str, text: str, matched: str) -> None:
    start = text.index(matched)
    found = scanner(rule(Term(term))).texts([text])
    assert places(found) == [(0, start, start + len(matched), matched)]
    assert found.column("evasion").to_pylist()[0]


@pytest.mark.parametrize("text", ["減肥", "减.肥", "薇信", "ｆｒｅｅ"])
def test_without_evasion_a_disguise_is_not_seen_through(text: str) -> None:
    terms = tuple(Term(t, evasion=Evasion.NONE) for t in ("减肥", "微信", "free"))
    assert not len(scanner(rule(AnyOf(terms))).texts([text]))


def test_a_latin_word_stands_alone_unless_it_is_a_part() -> None:
    texts = ["free", "freedom", "买free送", "x_free", "free!"]
    assert [r for r, *_ in places(scanner(rule(Term("free"))).texts(texts))] == [0, 2, 4]
    part = Term("free", Word.PART)
    assert [r for r, *_ in places(scanner(rule(part)).texts(texts))] == [0, 1, 2, 3, 4]


def test_an_expression_is_matched_on_the_plain_text() -> None:
    found = scanner(rule(Regex(r"\d{1,2}\s?(天|days?)"))).texts(["in ７ DAYS", "7天", "days"])
    assert places(found) == [(0, 3, 9, "７ DAYS"), (1, 0, 2, "7天")]


def test_a_pattern_sees_both_cases_whatever_its_switches_say() -> None:
    for evasion in (Evasion.NONE, DEFAULT & ~Evasion.CASE):
        found = scanner(rule(Regex(r"VIP\d", evasion))).texts(["VIP1 vip2 Vip3", "ＶＩＰ4"])
        shown = ["VIP1", "vip2", "Vip3", *(["ＶＩＰ4"] if evasion else [])]
        assert found.column("matched").to_pylist() == shown


def test_a_place_is_told_once_for_each_rule() -> None:
    both = AnyOf((Term("减肥"), Regex("减肥"), Term("減肥")))
    assert places(scanner(rule(both)).texts(["减肥"])) == [(0, 0, 2, "减肥")]


def test_a_rule_of_conditions_says_which_held() -> None:
    condition = AllOf((Term("减肥"), Near((Regex(r"\d天"), Term("瘦")), 3), Not(Term("健身"))))
    found = scanner(rule(condition)).texts(["减肥7天瘦", "健身减肥7天瘦", "减肥"])
    assert {r for r, *_ in places(found)} == {0}
    assert "减肥" in found.column("why")[0].as_py()
    assert "健身" in found.column("why")[0].as_py()


def test_a_rule_that_looks_for_what_is_missing_points_at_nothing() -> None:
    found = scanner(rule(Not(Term("risk")))).texts(["gain", "risk"])
    assert found.select(["row", "field", "start", "matched"]).to_pylist() == [
        {"row": 0, "field": None, "start": None, "matched": None}
    ]


def test_fields_are_told_apart() -> None:
    batch = {"title": pa.array(["free", "x"]), "body": pa.array(["x", "free"])}
    found = scanner(rule(Term("free"))).scan(batch)
    assert found.select(["row", "field"]).to_pylist() == [
        {"row": 0, "field": "title"},
        {"row": 1, "field": "body"},
    ]


def test_a_rule_keeps_to_its_markets_and_languages() -> None:
    batch = {
        "title": pa.array(["free"] * 4),
        "market": pa.array(["CN", "US", None, "CN"]),
        "language": pa.array(["zh-Hans", "zh", "zh", "en"]),
    }
    found = scanner(rule(Term("free"), markets=("CN",), languages=("zh",))).scan(batch)
    assert found.column("row").to_pylist() == [0]


def test_columns_are_asked_for() -> None:
    young = Column("advertiser_age_days", ColumnTest.BELOW, (30,))
    batch = {
        "title": pa.array(["free"] * 3),
        "advertiser_age_days": pa.array([3, 300, None]),
    }
    scan = scanner(rule(AllOf((Term("free"), young))))
    assert scan.scan(batch).column("row").to_pylist() == [0]
    with pytest.raises(RuleError, match="advertiser_age_days"):
        scan.scan({"title": pa.array(["free"])})


def test_a_field_that_does_not_exist_is_a_fault() -> None:
    with pytest.raises(RuleError, match="headline"):
        scanner(rule(Term("a"), fields=("title", "headline"))).scan({"title": pa.array(["a"])})
    with pytest.raises(RuleError, match="title"):
        scanner(rule(Term("a"))).scan({"url": pa.array(["a"])})


def test_a_field_of_numbers_is_a_fault() -> None:
    with pytest.raises(DataError, match="title"):
        scanner(rule(Term("a"))).scan({"title": pa.array([1])})


def test_an_expired_rule_does_not_fire() -> None:
    old = rule(Term("a"), expires=date(2026, 1, 31))
    assert len(scanner(old, today=date(2026, 1, 31)).texts(["a"])) == 1
    assert len(scanner(old, today=date(2026, 2, 1)).texts(["a"])) == 0


KINDS: Mapping[str, pa.DataType] = {
    "string": pa.string(),
    "large": pa.large_string(),
    "view": pa.string_view(),
    "binary": pa.binary(),
    "dictionary": pa.dictionary(pa.int32(), pa.string()),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_text_gives_the_same(kind: str) -> None:
    texts = pa.array(["x", "减\u200b肥 now", None, "", "减肥"]).cast(KINDS[kind])
    scan = scanner(rule(Term("减肥")))
    wanted = [(1, 0, 3, "减\u200b肥"), (4, 0, 2, "减肥")]
    assert places(scan.texts(texts)) == wanted
    assert places(scan.texts(pa.chunked_array([texts, texts.slice(1, 2)]))) == [
        *wanted,
        (5, 0, 3, "减\u200b肥"),
    ]


def test_bad_bytes_move_no_place_and_are_told() -> None:
    texts = pa.array([b"\xff\xfe free \xe5\x87", b"free"], pa.binary())
    found = scanner(rule(Term("free"))).texts(texts)
    assert places(found) == [(0, 3, 7, "free"), (1, 0, 4, "free")]
    assert "UTF-8" in found.column("why")[0].as_py()
    assert "UTF-8" not in found.column("why")[1].as_py()


def test_flags_are_the_pairs_of_findings() -> None:
    rules = (
        rule(Term("a"), "A"),
        rule(AllOf((Term("a"), Term("b"))), "B"),
        rule(Not(Term("a")), "C"),
    )
    scan = scanner(*rules)
    batch = {"title": pa.array(["a", "a b", "b", None]), "body": pa.array(["", "a", None, "a"])}
    row, number = scan.flags(batch)
    found = scan.scan(batch)
    names = [rules[one].id for one in number]
    told = sorted(
        set(zip(found.column("row").to_pylist(), found.column("rule_id").to_pylist(), strict=True))
    )
    assert sorted(zip(row.tolist(), names, strict=True)) == told


def test_a_swap_changes_the_rules_of_the_next_scan() -> None:
    scan = scanner(rule(Term("a")))
    assert len(scan.texts(["a b"])) == 1
    scan.swap(compiled([Pack("q", rules=(rule(AnyOf((Term("a"), Term("b")))),))]))
    assert len(scan.texts(["a b"])) == 2


def test_scans_go_on_while_rules_are_swapped() -> None:
    packs = [compiled([Pack(name, rules=(rule(Term(name)),))]) for name in "ab"]
    scan, wrong = Scanner(packs[0]), list[object]()
    texts = ["a b " * 20] * 200

    def work() -> None:
        for _ in range(20):
            found = scan.texts(texts)
            if len(found) != 4_000 or len(set(found.column("pack").to_pylist())) != 1:
                wrong.append(found)

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for turn in range(50):
        scan.swap(packs[turn % 2])
    for thread in threads:
        thread.join()
    assert not wrong


def test_no_rules_and_no_rows_are_no_fault() -> None:
    assert scanner().texts(["a"]).schema == SCHEMA
    assert len(scanner(rule(Term("a"))).texts(pa.array([], pa.string()))) == 0
    assert len(scanner(rule(Term("a"))).scan({"title": pa.nulls(3)})) == 0


ATOMS: Sequence[Atom] = (
    Term("减肥"), Term("free"), Term("加微信"), Term("a"), Term("weight loss"), Regex(r"\d+天"),
    Regex("[^a]b"), Term("7天"), Term("的", Word.PART),
)  # fmt: skip
SCAN = scanner(
    *(rule(atom, f"A{n}") for n, atom in enumerate(ATOMS)),
    rule(AllOf((ATOMS[0], Not(ATOMS[3]))), "N"),
    rule(Term("free"), "W", allow=(Term("free of"),)),
)
NOISE = st.text(alphabet="减肥減月巴fre3 ＦaA.\u200b微薇信加weixin7天七b的\n🔥", max_size=24)


@given(st.lists(st.one_of(NOISE, st.text(max_size=20)), max_size=12), st.integers(1, 60))
def test_where_a_batch_is_cut_changes_nothing(texts: list[str], most: int) -> None:
    whole = SCAN.texts(texts)
    one_by_one = [
        (row, *more[1:]) for row, text in enumerate(texts) for more in places(SCAN.texts([text]))
    ]
    assert places(whole) == one_by_one
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(batch_texts, "MOST_BYTES", most)
        assert SCAN.texts(texts).equals(whole)


@given(st.lists(NOISE, max_size=8))
def test_what_matched_is_what_stands_there(texts: list[str]) -> None:
    for row, start, end, matched in places(SCAN.texts(texts)):
        assert 0 <= start < end <= len(texts[row])
        assert texts[row][start:end] == matched


def test_a_very_long_text_is_scanned_like_a_short_one() -> None:
    long = "的 x" * 300_000 + "减肥" + "y " * 300_000
    found = SCAN.texts([long, "减肥"])
    slim = [one for one in places(found) if one[3] == "减肥"]
    assert slim[0][1] == 900_000
    assert np.diff([one[0] for one in slim]).max() == 1


def test_a_split_that_begins_with_a_look_alike_of_the_whole_is_seen() -> None:
    scanner = Scanner(compiled([Pack("p", rules=(Rule("R", Term("烫发店"), fields=("text",)),))]))
    (hit,) = scanner.texts(["去汤火发店"]).to_pylist()
    assert (hit["matched"], hit["evasion"]) == ("汤火发店", ["split"])


def test_a_word_spread_over_fields_is_found_where_the_switch_is_on() -> None:
    every = DEFAULT | Evasion.ACROSS_FIELDS
    terms = AnyOf(tuple(Term(one, evasion=every) for one in ("减肥", "free", "加微信")))
    batch = {
        "title": pa.array(["快减", "so fr", "x" * 90 + "加", "减肥", "加", "free", None]),
        "body": pa.array(["肥药", "33 now", "薇信吧", "肥", "", "dom", "减肥"]),
        "ocr_text": pa.array(["", None, "", "", "微信", "", ""]),
    }
    fields = ("title", "body", "ocr_text")
    over = rule(terms, fields=fields)
    found = scanner(over).scan(batch).select(["row", "field", "start", "matched", "evasion"])
    told = [tuple(row.values()) for row in found.to_pylist()]
    assert told == [
        (0, "title", 1, "减", ["across_fields"]),
        (0, "body", 0, "肥", ["across_fields"]),
        (1, "title", 3, "fr", ["leet", "across_fields"]),
        (1, "body", 0, "33", ["leet", "across_fields"]),
        (2, "title", 90, "加", ["lookalike_han", "across_fields"]),
        (2, "body", 0, "薇信", ["lookalike_han", "across_fields"]),
        (3, "title", 0, "减肥", []),
        (4, "title", 0, "加", ["across_fields"]),
        (4, "ocr_text", 0, "微信", ["across_fields"]),
        (5, "title", 0, "free", []),
        (6, "body", 0, "减肥", []),
    ]
    usual = rule(AnyOf((Term("减肥"), Term("free"))), fields=fields)
    assert scanner(usual).scan(batch).column("row").to_pylist() == [3, 5, 6]
