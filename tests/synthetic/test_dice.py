"""Is chance the same in any order, and fair?"""

from __future__ import annotations

import numpy as np
import pytest

from shroff.synthetic.dice import Dice, joined

KEYS = np.arange(50_000, dtype=np.uint64)


def test_a_draw_depends_on_its_key_and_not_on_the_others() -> None:
    whole = Dice(1).uniform("name", KEYS)
    assert (Dice(1).uniform("name", KEYS[::-1]) == whole[::-1]).all()
    assert (Dice(1).uniform("name", KEYS[100:110]) == whole[100:110]).all()


def test_names_and_seeds_give_unrelated_draws() -> None:
    one = Dice(1).uniform("a", KEYS)
    for other in (Dice(1).uniform("b", KEYS), Dice(2).uniform("a", KEYS)):
        assert abs(np.corrcoef(one, other)[0, 1]) < 0.02


def test_draws_are_uniform_and_normal() -> None:
    uniform, normal = Dice(4).uniform("u", KEYS), Dice(4).normal("n", KEYS)
    assert uniform.min() > 0
    assert uniform.max() < 1
    assert np.histogram(uniform, 20)[0] == pytest.approx(np.full(20, 2500), rel=0.1)
    assert normal.mean() == pytest.approx(0, abs=0.02)
    assert normal.std() == pytest.approx(1, abs=0.02)


def test_places_are_picked_in_proportion_to_their_weights() -> None:
    picked = Dice(4).pick("p", KEYS, weights=(1.0, 0.0, 3.0))
    assert np.bincount(picked, minlength=3) == pytest.approx([12_500, 0, 37_500], rel=0.05)


def test_joined_keys_do_not_collide() -> None:
    twice = np.concatenate([joined(KEYS, np.full(len(KEYS), n)) for n in (1, 2, 3)])
    assert len(np.unique(twice)) == len(twice)
