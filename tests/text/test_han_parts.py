"""Are the ways of splitting characters sound?"""

from __future__ import annotations

from collections import Counter

import pytest

from shroff.text.han_parts import PARTS

RADICALS = (0x2E80, 0x2FDF)
HAN = ((0x3400, 0x9FFF), (0x20000, 0x323AF))


def is_han(letter: str) -> bool:
    return any(low <= ord(letter) <= high for low, high in (RADICALS, *HAN))


def test_hundreds_of_characters_can_be_split() -> None:
    assert len(PARTS) >= 500
    assert [whole for whole in PARTS if len(whole) != 1 or not is_han(whole)] == []


def test_a_split_has_two_or_three_han_parts_none_of_them_the_whole() -> None:
    ways = [(whole, way) for whole, split in PARTS.items() for way in split]
    assert [way for _, way in ways if not 2 <= len(way) <= 3] == []
    assert [way for _, way in ways if not all(map(is_han, way))] == []
    assert [way for whole, way in ways if whole in way] == []


def test_no_split_stands_for_two_characters() -> None:
    counts = Counter(way for split in PARTS.values() for way in split)
    assert [way for way, count in counts.items() if count > 1] == []


@pytest.mark.parametrize(
    ("whole", "way"),
    [
        ("肥", "月巴"),
        ("胖", "月半"),
        ("赌", "贝者"),
        ("钱", "钅戋"),
        ("债", "亻责"),
        ("彩", "采彡"),
    ],
)
def test_well_known_splits_are_there(whole: str, way: str) -> None:
    assert way in PARTS[whole]


@pytest.mark.parametrize("word", ["门口", "分贝", "火山", "千里", "月中", "女生", "女家", "可可"])
def test_everyday_words_are_no_splits(word: str) -> None:
    assert all(word not in split for split in PARTS.values())


def test_nothing_can_be_changed() -> None:
    with pytest.raises(TypeError):
        PARTS["好"] = ("子女",)  # type: ignore[index]
