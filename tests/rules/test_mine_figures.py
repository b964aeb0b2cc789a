"""Figures of proposed rules are of ads that chose nothing: their intervals hold."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csc_array

from shroff.rules.mine_ads import LabelledAds
from shroff.rules.mine_choose import choose
from shroff.rules.mine_cover import Judged
from shroff.rules.mine_figures import checked, precision_of, without_one
from shroff.rules.mine_ideas import Idea, IdeaKind, Pool

ADS, RULES, RUNS = 2_000, 40, 40


def world(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Draw labels, and rules that fire with a precision that is known."""
    truth = rng.random(ADS) < 0.3
    true = rng.uniform(0.6, 0.99, RULES)
    rate = rng.uniform(0.02, 0.06, RULES)
    chance = np.where(truth[:, None], rate * true / 0.3, rate * (1 - true) / 0.7)
    return truth, rng.random((ADS, RULES)) < chance, true


def selected(rng: np.random.Generator) -> tuple[int, int]:
    """Choose on half of the ads, measure on the other; count intervals that hold the truth."""
    truth, fires, true = world(rng)
    half = ADS // 2
    known = Judged(
        violating=truth[:half],
        weight=np.ones(half),
        unit=np.arange(half),
        copy=np.arange(half),
        fold=np.arange(half) % 3,
        covered=np.zeros(half, bool),
    )
    hits = csc_array(fires[:half].astype(np.float32))
    ideas = tuple(Idea(IdeaKind.TERM, (at,)) for at in range(RULES))
    found = choose(Pool(ideas=ideas, hits=hits), hits, known, bar=0.85, most=10, least=3)
    places = list(found.places)
    ads = LabelledAds.simple([""] * half, truth[half:])
    figures = precision_of(ads, fires[half:][:, places], unit=np.arange(half))
    held = (figures.low <= true[places]) & (true[places] <= figures.high)
    return int(held.sum()), len(places)


def test_intervals_hold_for_rules_that_were_chosen_for_looking_precise() -> None:
    rng = np.random.default_rng(11)
    held, all_ = np.sum([selected(rng) for _ in range(RUNS)], axis=0)
    assert all_ > 150
    assert held / all_ >= 0.93


def test_precision_is_weighed_by_what_labels_stand_for() -> None:
    ads = LabelledAds(
        texts=[""] * 40,
        violating=np.arange(40) < 20,
        weight=np.where(np.arange(40) < 20, 1.0, 3.0),
        stratum=np.zeros(40, np.intp),
    )
    found = precision_of(ads, np.ones((40, 1), bool), unit=np.arange(40)).at(0)
    assert found.value == 0.25


def test_ads_of_one_advertiser_widen_the_interval() -> None:
    ads = LabelledAds.simple([""] * 200, np.arange(200) // 20 != 3)
    fires = np.ones((200, 1), bool)
    apart = precision_of(ads, fires, unit=np.arange(200)).at(0)
    together = precision_of(ads, fires, unit=np.arange(200) // 20).at(0)
    assert apart.low is not None
    assert together.low is not None
    assert together.low < apart.low


def test_a_rule_that_rests_on_one_advertiser_is_worth_nothing_without_it() -> None:
    fires = np.zeros((30, 2), bool)
    fires[:20, 0] = True
    fires[10:30, 1] = True
    violating = np.arange(30) < 20
    unit = np.where(np.arange(30) < 20, 0, np.arange(30))
    worst = without_one(fires, violating, unit=unit)
    assert worst.tolist() == [0.0, 0.0]


def test_new_catches_are_counted_beyond_rules_before_and_live_ones() -> None:
    ads = LabelledAds.simple([""] * 10, np.ones(10, bool))
    fires = np.zeros((10, 2), bool)
    fires[:6, 0] = True
    fires[4:9, 1] = True
    live = np.arange(10) == 0
    found = checked(ads, fires, unit=np.arange(10), live=live, bar=0.9)
    assert found.caught == (6, 5)
    assert found.new == (5, 3)
    assert found.beyond.value == 0.8


def test_more_rules_make_a_proof_harder() -> None:
    ads = LabelledAds.simple([""] * 60, np.ones(60, bool))
    one = checked(
        ads, np.ones((60, 1), bool), unit=np.arange(60), live=np.zeros(60, bool), bar=0.92
    )
    many = checked(
        ads, np.ones((60, 40), bool), unit=np.arange(60), live=np.zeros(60, bool), bar=0.92
    )
    assert one.proved == (True,)
    assert not any(many.proved)
