"""What the scanner finds of terms in disguise is what the oracle in plain Python finds."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.rules.disguise_layings import Read
from tests.rules.disguise_oracle import places_of
from tests.rules.disguised_texts import ALL, TERMS, noise, terms_in_ways, texts

from shroff.rules.clauses import Term, Word
from shroff.rules.compile import compiled
from shroff.rules.match import Scanner
from shroff.rules.rule import Pack, Rule
from shroff.text.evasion import DEFAULT, kinds_in

Hit = tuple[int, str, int, int, tuple[str, ...]]


def rules_of(terms: list[Term]) -> list[Rule]:
    return [Rule(str(number), term, fields=("text",)) for number, term in enumerate(terms)]


def by_engine(scanner: Scanner, rows: list[str]) -> list[Hit]:
    found = scanner.texts(rows).select(["row", "rule_id", "start", "end", "evasion"]).to_pylist()
    return sorted(
        (h["row"], h["rule_id"], h["start"], h["end"], tuple(h["evasion"])) for h in found
    )


def by_oracle(terms: list[Term], rows: list[str]) -> list[Hit]:
    found = [
        (row, str(number), hit.start, hit.end, tuple(kind.id for kind in kinds_in(hit.bits)))
        for row, text in enumerate(map(Read, rows))
        for number, term in enumerate(terms)
        for hit in places_of(term, text)
    ]
    return sorted(found)


def scanner_of(terms: list[Term]) -> Scanner:
    return Scanner(compiled([Pack("p", rules=tuple(rules_of(terms)))]))


@cache
def usual() -> tuple[list[Term], Scanner]:
    terms = terms_in_ways()
    return terms, scanner_of(terms)


def assert_alike(terms: list[Term], scanner: Scanner, rows: list[str]) -> None:
    told, wanted = by_engine(scanner, rows), by_oracle(terms, rows)
    wrong = [("not there", hit) for hit in told if hit not in wanted]
    missing = [("missed", hit) for hit in wanted if hit not in told]
    faults = [
        (what, terms[int(hit[1])], rows[hit[0]][hit[2] : hit[3]], hit)
        for what, hit in wrong + missing
    ]
    assert not faults[:4], rows


@given(st.lists(texts, max_size=3))
@example(["添加微量元素", "Title {{title}}", "采彡票", "网络聊天", "weight. loss", "fr.ee cash"])
@example(
    ["free ecash", "减月 巴药", "㎏\u200bree free", "ca\u200bfé", "cafe\u0301", "abc a\u200bbc"]
)
def test_disguised_terms_are_found_as_the_oracle_finds_them(rows: list[str]) -> None:
    terms, scanner = usual()
    assert_alike(terms, scanner, rows)


@given(
    st.lists(st.sampled_from(TERMS) | st.text(min_size=1, max_size=4), min_size=1, max_size=4),
    st.data(),
)
@settings(max_examples=12)
def test_any_terms_are_found_as_the_oracle_finds_them(
    words: list[str], data: st.DataObject
) -> None:
    own = st.sampled_from(words) | noise
    rows = data.draw(st.lists(st.lists(own, max_size=5).map("".join), max_size=3))
    terms = [
        Term(word, data.draw(st.sampled_from(Word)), evasion)
        for word in words
        for evasion in (DEFAULT, ALL)
    ]
    assert_alike(terms, scanner_of(terms), rows)


@pytest.mark.parametrize("text", ["", "\n", "\u200b", "🔥" * 50, "a" * 200, "月巴" * 50])
def test_texts_of_one_thing_are_no_fault(text: str) -> None:
    terms, scanner = usual()
    assert_alike(terms, scanner, [text])
