from __future__ import annotations

import unicodedata

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.text import plain_reading as slow

from shroff.errors import DataError
from shroff.text.han_lookalikes import GROUPS
from shroff.text.han_parts import PARTS
from shroff.text.text_views import Views, pieces, views_of, views_of_texts

SPECIAL = (
    "减肥月巴微信薇七天柒①⑦〇口口木木aeiou wxfre@$!€0134578.*-_·\n。，\u200b\u0301\u0336\ufe0f"
    "ａＦсаѕＡ𝐟Ⓕ減軟㎏ﬁ½がか\u3099ｶﾞ\u309a각\u1100\u1161\u11a8ไทย\u0e48हि\u093f🔥🇫🇷\U000e0061ß"
    + "".join(GROUPS[:20])
    + "".join(way for ways in list(PARTS.values())[:20] for way in ways)
)
TEXTS = st.text(st.one_of(st.sampled_from(SPECIAL), st.characters(codec="utf-8")), max_size=40)
PINYIN = st.lists(st.sampled_from(["wei", "xin", "xi", "an", "g", "lv", "nue", "zhuang", "q", "1", " ", "信"]))  # fmt: skip


def text_of(points: object) -> str:
    return "".join(map(chr, points))  # type: ignore[call-overload]


def row(views: Views, name: str, place: int) -> str:
    at = getattr(views, f"{name}_at")
    return text_of(getattr(views, name)[at[place] : at[place + 1]])


def plain_of(text: str) -> str:
    return row(views_of_texts([text]), "plain", 0)


def folded_of(text: str) -> str:
    return row(views_of_texts([text]), "folded", 0)


def assert_equal_to_slow(views: Views, texts: list[str]) -> None:
    for place, text in enumerate(texts):
        plain = slow.plain(text)
        view = "".join(one for one, _ in plain)
        begin = int(views.plain_at[place])
        stretch = slice(begin, int(views.plain_at[place + 1]))
        assert row(views, "plain", place) == view
        assert views.source[stretch].tolist() == [source for _, source in plain]
        sizes = [len(one.encode()) for one in text]
        assert views.byte[stretch].tolist() == [sum(sizes[:source]) for _, source in plain]
        folded = slow.folded(view)
        at = slice(int(views.folded_at[place]), int(views.folded_at[place + 1]))
        assert text_of(views.folded[at]) == "".join(one for one, _ in folded)
        assert (views.folded_plain[at] - begin).tolist() == [where for _, where in folded]
        sound = slow.sound(view)
        at = slice(int(views.sound_at[place]), int(views.sound_at[place + 1]))
        assert views.sound[at].tolist() == [code for code, _ in sound]
        assert (views.sound_plain[at] - begin).tolist() == [where for _, where in sound]


@given(st.lists(TEXTS, max_size=4))
@settings(max_examples=150, deadline=None)
def test_views_are_those_of_slow_plain_python(texts: list[str]) -> None:
    assert_equal_to_slow(views_of_texts(texts), texts)


@given(PINYIN)
@settings(max_examples=80, deadline=None)
def test_letters_are_cut_into_syllables_as_slow_python_cuts_them(parts: list[str]) -> None:
    text = "".join(parts)
    assert_equal_to_slow(views_of_texts([text]), [text])


@given(st.lists(st.binary(max_size=24), max_size=4))
@settings(max_examples=80, deadline=None)
def test_bad_bytes_are_read_as_python_reads_them(rows: list[bytes]) -> None:
    views = views_of(pa.array(rows, pa.binary()))
    for place, content in enumerate(rows):
        text = content.decode("utf-8", "replace")
        plain = slow.plain(text)
        assert row(views, "plain", place) == "".join(one for one, _ in plain)
        at = slice(int(views.plain_at[place]), int(views.plain_at[place + 1]))
        assert views.source[at].tolist() == [source for _, source in plain]


def test_every_letter_and_sign_is_read_as_plain_python_reads_it() -> None:
    quiet = [(0x3400, 0x4DC0), (0x4E00, 0xA000), (0xAC00, 0xD7A4), (0xD800, 0xE000)]
    points = [
        point for point in range(0x30000) if not any(low <= point < high for low, high in quiet)
    ]
    views = views_of_texts([chr(point) for point in points])
    for place, point in enumerate(points):
        assert row(views, "plain", place) == "".join(one for one, _ in slow.plain(chr(point)))


@given(TEXTS)
@settings(max_examples=150, deadline=None)
def test_what_is_plain_stays_as_it_is(text: str) -> None:
    once = plain_of(text)
    assert plain_of(once) == once


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("ＦＲＥＥ", "free"),
        ("fr\u200bee\u202e", "free"),
        ("саsіnо", "casino"),
        ("𝐟𝐫𝐞𝐞", "free"),
        ("Ⓕⓡⓔⓔ", "free"),
        ("减肥 減肥", "减肥 减肥"),
        ("①天", "1天"),
        ("frêe f̶r̶e̶e̶", "free free"),
        ("ﬁ ㎏", "fi kg"),
        ("ＶＸ：加Ⅴ", "vx:加v"),
        ("か\u3099", "が"),
        ("Brand™", "brand™"),
        ("Größe", "grosse"),
        ("ВОДА вода", "boдa boдa"),
    ],
)
def test_plain_says_what_is_seen(text: str, plain: str) -> None:
    assert plain_of(text) == plain


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("减月巴", "减肥"),
        ("f.r.e.e", "free"),
        ("freeeee", "free"),
        ("c@$h", "cash"),
        ("fr33", "free"),
        ("减🔥肥", "减肥"),
        ("七天", "7天"),
        ("柒天", "7天"),
        ("🇫🇷🇪🇪", "free"),
        ("自已", "自己"),
    ],
)
def test_folded_says_what_is_meant(text: str, same: str) -> None:
    assert folded_of(text) == folded_of(same)


@pytest.mark.parametrize("text", ["薇信", "weixin", "wei信", "WeiXin", "威芯", "wei'xin"])
def test_sound_is_that_of_the_word(text: str) -> None:
    views = views_of_texts([text, "微信"])
    assert row(views, "sound", 0) == row(views, "sound", 1)


def test_an_english_word_is_no_syllables() -> None:
    assert len(views_of_texts(["weight"]).sound) == 1


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.binary(), pa.large_binary()])
def test_slices_missing_and_empty_texts_keep_their_places(kind: pa.DataType) -> None:
    rows = ["one", None, "", "减肥", "two", "x" * 3000]
    column = pa.array([row and row.encode() for row in rows], pa.binary()).cast(kind)
    for first in range(len(rows)):
        views = views_of(column.slice(first, 4))
        shown = [row(views, "plain", place) for place in range(len(views.plain_at) - 1)]
        assert shown == [one or "" for one in rows[first : first + 4]]


def test_an_empty_column_has_empty_views() -> None:
    assert len(views_of(pa.array([], pa.string())).plain) == 0
    assert views_of(pa.nulls(3)).plain_at.tolist() == [0, 0, 0, 0]


def test_a_dictionary_is_read_as_its_texts() -> None:
    column = pa.array(["Ａ", "b", "Ａ"]).dictionary_encode()
    assert text_of(views_of(column).plain) == "aba"


def test_what_is_no_text_is_refused() -> None:
    with pytest.raises(DataError, match="texts of type"):
        views_of(pa.array([[1]]))


def test_an_unpaired_surrogate_is_no_character() -> None:
    views = views_of_texts(["a\ud800b"])
    assert row(views, "plain", 0) == "a\ufffdb"
    assert views.source.tolist() == [0, 1, 2]


def test_a_text_of_a_megabyte_is_read_whole() -> None:
    text = "减肥free " * 100_000
    views = views_of_texts([text])
    assert len(views.plain) == len(text)
    assert views.source[-1] == len(text) - 1


def test_a_text_that_grows_gets_more_room() -> None:
    views = views_of_texts(["㌔㌖㍿㋿" * 200])
    assert len(views.plain) == len(unicodedata.normalize("NFKC", "㌔㌖㍿㋿")) * 200


@pytest.mark.parametrize("size", [1, 10, 1000])
def test_pieces_are_the_column_in_order(size: int) -> None:
    column = pa.chunked_array([["ab", None, "cd" * 20], [], ["e", "", "f"]], pa.string())
    cut = list(pieces(column, size=size))
    assert [one for _, part in cut for one in part.to_pylist()] == column.to_pylist()
    assert [first for first, _ in cut] == np.cumsum([0, *(len(part) for _, part in cut)])[:-1].tolist()  # fmt: skip
