"""Are the groups of look-alike characters sound?"""

from __future__ import annotations

import re
from collections import Counter

from shroff.text.han_lookalikes import GROUPS

HAN = re.compile(r"[\u3400-\u9fff]{2,}")


def test_there_are_hundreds_of_groups_of_two_or_more_han_characters() -> None:
    assert len(GROUPS) >= 250
    assert [group for group in GROUPS if not HAN.fullmatch(group)] == []


def test_no_character_is_in_two_groups_or_twice_in_one() -> None:
    counts = Counter("".join(GROUPS))
    assert [letter for letter, count in counts.items() if count > 1] == []


def test_well_known_disguises_are_in_one_group() -> None:
    group_of = {letter: group for group in GROUPS for letter in group}
    for pair in ("己已", "末未", "微徽", "赌睹", "信倍", "裙群", "顶项", "仿访"):
        assert group_of[pair[0]] == group_of[pair[1]]


def test_characters_that_make_other_everyday_words_are_kept_apart() -> None:
    group_of = {letter: group for group in GROUPS for letter in group}
    for pair in ("贷货", "检验", "炮跑", "字学", "买卖"):
        assert group_of.get(pair[0], pair[0]) != group_of.get(pair[1], pair[1])
