"""Candidates for campaigns: bursts found where planted, none where nothing was, boilerplate left out."""

from __future__ import annotations

import numpy as np
import pytest
from tests.watch.campaign_scene import Scene, background

from shroff.watch.campaign_groups import candidates, members_of

LINES = (
    "Free returns within thirty days of the order",
    "Ask our people for the olive edition of it",
    "Opening hours are from three until eight",
    "Made with care for families and travellers",
)
CLAIM = "Put in $300, take out double after two weeks, whatever the market does"


def planted(seed: int) -> Scene:
    rng = np.random.default_rng(seed)
    scene = Scene()
    background(scene, rng, ads=3_000, shared=LINES)
    for _ in range(12):  # the claim is made now and then
        scene.add(
            CLAIM, account=f"c{rng.integers(10**6)}", market=str(rng.choice(["US", "GB", "CN"])),
            day=float(rng.uniform(0, 84)),
        )  # fmt: skip
    for _ in range(25):  # and much by four accounts
        scene.add(
            CLAIM, account=f"x{rng.integers(4)}", market="GB", day=float(rng.uniform(40, 58)),
            action=2,
        )  # fmt: skip
    return scene


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_planted_burst_is_found_in_its_market_and_days(seed: int) -> None:
    ads, copies = planted(seed).read()
    found = candidates(ads, members_of(copies), least=5)
    best = int(np.argmax(found.score))
    bursts = found.bursts
    assert bursts.strength[best] > 0
    assert ads.market.word(int(bursts.market[best])) == "GB"
    assert 36 <= bursts.first[best] <= 43
    assert 54 <= bursts.last[best] <= 62
    assert not found.usual[best]
    assert np.count_nonzero(bursts.strength) == 1


def test_lines_that_many_say_all_the_time_are_boilerplate() -> None:
    ads, copies = planted(5).read()
    found = candidates(ads, members_of(copies), least=5)
    boilerplate = found.accounts > 100
    assert boilerplate.sum() >= len(LINES)
    assert found.usual[boilerplate].all()


def test_without_a_story_bursts_are_rare() -> None:
    """A hundred lines in three markets, said at random by many: 400 series a run, 20 runs."""
    bursts = 0
    for seed in range(20):
        rng = np.random.default_rng(seed)
        scene = Scene()
        lines = [
            " ".join("abcdefghijkmnopq"[d] * 2 + f"w{d}{k}z" for d in rng.integers(0, 16, 8))
            for k in range(100)
        ]
        background(scene, rng, ads=1_500, shared=lines)
        ads, copies = scene.read()
        found = candidates(ads, members_of(copies), least=5)
        bursts += int(np.count_nonzero(found.bursts.strength))
    assert bursts <= 1


def test_one_account_makes_no_campaign_and_copies_in_an_hour_no_burst() -> None:
    rng = np.random.default_rng(2)
    scene = Scene()
    background(scene, rng, ads=800, shared=LINES[:1])
    for number in range(40):
        scene.add("Only one account says this very sentence", account="x", day=30 + number / 100)
    for number in range(40):
        account = "y" if number else "z"
        scene.add("Another sentence by two accounts it is", account=account, day=30 + number / 100)
    ads, copies = scene.read()
    found = candidates(ads, members_of(copies), least=5)
    two = int(np.argmin(found.accounts))
    assert (found.ads[two], found.accounts[two]) == (40, 2)
    assert (found.ads != 41).all()
    assert sum(found.ads == 40) == 1
    assert found.bursts.strength[two] == 0


def test_nothing_to_look_at_gives_no_candidates() -> None:
    ads, copies = Scene(rows=[]).read()
    assert len(candidates(ads, members_of(copies), least=2).group) == 0


def test_ads_of_one_day_give_no_burst() -> None:
    scene = Scene(days=1)
    for number in range(30):
        scene.add(CLAIM, account=f"x{number}")
    ads, copies = scene.read()
    found = candidates(ads, members_of(copies), least=5)
    assert found.ads.tolist() == [30.0]
    assert found.bursts.strength.tolist() == [0.0]
