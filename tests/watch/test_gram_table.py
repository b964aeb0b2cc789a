"""Phrases are counted as a plain loop over the same tokens counts them."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shroff.watch.gram_kernel import APART, UNSPACED
from shroff.watch.gram_table import LONGEST, frequent_grams, gram_table, occurrences
from shroff.watch.token_stream import TokenReader, TokenStream

WORDS = [
    "free",
    "cash",
    "now",
    "v",
    "加",
    "微",
    "信",
    "领",
    "8",
    "2024",
    "💰",
    ".",
    "!",
    "，",
    "b_4",
]


def stream_of(texts: list[str | None]) -> TokenStream:
    reader = TokenReader()
    reader.add(pa.array(texts, pa.string()))
    return reader.stream()


def grams(tokens: list[int]) -> set[tuple[int, ...]]:
    """List the phrases of a text: up to six characters, four words, within clauses."""
    found = set()
    for first in range(len(tokens)):
        spent = 0
        for stop in range(first, min(first + LONGEST, len(tokens))):
            if stop > first and tokens[stop] & int(APART):
                break
            spent += 2 if tokens[stop] >> 1 & 7 == UNSPACED else 3
            if spent > 12:
                break
            found.add(tuple(token & ~int(APART) for token in tokens[first : stop + 1]))
    return found


def words_of(stream: TokenStream, text: int) -> list[int]:
    return [int(token) for token in stream.tokens[stream.at[text] : stream.at[text + 1]]]


texts = st.lists(
    st.lists(st.sampled_from(WORDS), max_size=9).map(" ".join), min_size=1, max_size=30
)


@settings(max_examples=60, deadline=None)
@given(texts=texts, seed=st.integers(0, 99), least=st.integers(1, 4))
def test_counts_are_those_of_a_plain_loop(texts: list[str], seed: int, least: int) -> None:
    rng = np.random.default_rng(seed)
    stream, many = stream_of(texts), len(texts)
    group = rng.integers(0, 3, many).astype(np.uint8)
    owner = rng.integers(0, 4, many).astype(np.int32)
    chance = rng.random((many, 2))
    table = gram_table(stream, group=group, owner=owner, chance=chance, least=least, groups=3)
    where: defaultdict[tuple[int, ...], list[int]] = defaultdict(list)
    for text in range(many):
        for gram in grams(words_of(stream, text)):
            where[gram].append(text)
    wanted = {gram: rows for gram, rows in where.items() if sum(group[rows] == 0) >= least}
    found = occurrences(stream, table, np.arange(len(table)), rows=np.flatnonzero(group == 0))
    named = {
        int(gram): tuple(words_of(stream, text)[first : first + size])
        for gram, text, first, size in zip(
            found.gram, found.text, found.first, found.size, strict=True
        )
    }
    seen = {}
    for place, tokens in named.items():
        key = tuple(token & ~int(APART) for token in tokens)
        rows = np.array(wanted[key])
        seen[key] = place
        for side in range(3):
            mine = rows[group[rows] == side]
            each = np.bincount(owner[mine], minlength=4)
            assert table.texts[place, side] == len(mine)
            assert table.owners[place, side] == np.count_nonzero(each)
            assert table.squares[place, side] == (each**2).sum()
        assert table.expected[place] == pytest.approx(chance[rows].sum(axis=0))
    assert set(seen) == set(wanted)
    assert len(table) == len(wanted)


def test_a_word_is_one_whatever_stands_between_its_letters() -> None:
    stream = stream_of(["free", "f_r_e_e", "F-r.e*e", "fr ee", None])
    first, *others = [words_of(stream, text) for text in range(5)]
    assert others[:2] == [first, first]
    assert others[2] != first
    assert others[3] == []


def test_few_digits_are_part_of_a_word_and_many_are_a_number() -> None:
    stream = stream_of(["c0ngr4t5", "v13800138000", "50mg", "5000"])
    assert [len(words_of(stream, text)) for text in range(4)] == [1, 2, 1, 1]


def test_no_phrase_goes_over_the_end_of_a_clause() -> None:
    stream = stream_of(["加微信。领红包"] * 3 + ["buy it. now"] * 3)
    name, size = frequent_grams(stream, np.arange(6), least=3)
    assert len(name) == 6 + 6 + 2 + 1 + 1
    assert size.max() == 3


def test_what_is_mostly_han_is_told_apart() -> None:
    assert stream_of(["加微信 ok", "win 大 now", ""]).unspaced().tolist() == [True, False, False]


def test_tables_grow_as_phrases_come() -> None:
    letters = str.maketrans("0123456789", "abcdefghij")
    texts = [f"word{number} other{number}".translate(letters) for number in range(9_000)]
    stream = stream_of([*texts, *texts])
    name, size = frequent_grams(stream, np.arange(len(stream)), least=2)
    assert len(name) == 27_000
    assert np.bincount(size).tolist() == [0, 18_000, 9_000]


def test_nothing_to_count_gives_an_empty_table() -> None:
    stream = stream_of(["", None, "!!!"])
    assert len(stream) == 3
    none = np.zeros(3, np.uint8)
    table = gram_table(
        stream, group=none, owner=none.astype(np.int32), chance=np.ones((3, 1)), least=1
    )
    assert len(table) == 0
    assert len(occurrences(stream, table, np.arange(0), rows=np.arange(3)).gram) == 0
