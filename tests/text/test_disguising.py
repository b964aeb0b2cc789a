from __future__ import annotations

from random import Random

import pytest

from shroff.text.disguising import disguises
from shroff.text.evasion import Evasion

TERMS = ["free cash", "减肥", "加微信7天见效", "casino"]


@pytest.mark.parametrize("term", TERMS)
def test_disguises_depend_on_the_seed_only(term: str) -> None:
    assert list(disguises(term, rng=Random(5))) == list(disguises(term, rng=Random(5)))


@pytest.mark.parametrize("term", TERMS)
def test_a_disguise_is_not_the_term_and_each_kind_comes_once(term: str) -> None:
    made = list(disguises(term, rng=Random(1)))
    assert all(text != term for _, text in made)
    assert len({kind for kind, _ in made}) == len(made)


def test_chinese_and_english_wear_their_own_disguises() -> None:
    chinese = {kind for kind, _ in disguises("减肥", rng=Random(2))}
    english = {kind for kind, _ in disguises("free cash", rng=Random(2))}
    assert {Evasion.SPLIT, Evasion.HOMOPHONE, Evasion.PINYIN, Evasion.TRAD} <= chinese
    assert {Evasion.LEET, Evasion.HOMOGLYPH, Evasion.CASE, Evasion.REPEAT} <= english
    assert not english & {Evasion.SPLIT, Evasion.HOMOPHONE, Evasion.TRAD}


def test_signs_alone_have_no_disguise_but_width_and_order() -> None:
    kinds = {kind for kind, _ in disguises("?!", rng=Random(0))}
    assert kinds <= {Evasion.WIDTH, Evasion.REVERSED}
