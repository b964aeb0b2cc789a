"""Do policies come together as they do in real ads, and as often as they should?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from shroff.synthetic.advertisers import Advertisers, recruit
from shroff.synthetic.companions import bonds, prevalences, ties
from shroff.synthetic.dice import Dice, Floats
from shroff.synthetic.taxonomy import family_places, place_of, policies

if TYPE_CHECKING:
    from conftest import Logs

SEEDS = range(1, 6)


@pytest.fixture(scope="module", params=SEEDS)
def drawn(request: pytest.FixtureRequest) -> tuple[Advertisers, Floats]:
    people = recruit(Dice(request.param), ads=200_000, days=98)
    return people, bonds(people, days=98)


def test_each_policy_is_expected_as_often_as_the_taxonomy_says(
    drawn: tuple[Advertisers, Floats],
) -> None:
    people, bond = drawn
    main = people.expected(np.ones(len(people), dtype=np.bool_), first=0, last=97)
    wanted = np.array([policy.prevalence for policy in policies()]) / 100
    assert prevalences(main, bond) == pytest.approx(wanted, rel=0.01)


def test_chances_are_chances_and_no_policy_comes_beside_itself(
    drawn: tuple[Advertisers, Floats],
) -> None:
    bond = drawn[1]
    assert bond.min() == 0
    assert bond.max() <= 0.6
    assert (np.diag(bond) == 0).all()


def test_prevalences_of_the_taxonomy_are_heavy_tailed_within_half_a_percent_and_four() -> None:
    shares = np.array([policy.prevalence for policy in policies()])
    assert ((shares >= 0.6) & (shares < 3)).all()
    assert np.median(shares) < 0.7
    assert (shares > 2).sum() >= 2


def test_every_policy_names_others_that_exist_and_not_itself() -> None:
    for policy in policies():
        assert len(policy.beside) >= 2
        assert policy.id not in policy.beside
        assert all(place_of(name) >= 0 for name in policy.beside)


def test_policies_of_one_family_and_named_ones_are_tied_closer_than_any() -> None:
    tied, family = ties(), family_places()
    weight_loss, shaming, weapons = (place_of(name) for name in ("E4", "E6", "G1"))
    assert tied[weight_loss, shaming] > tied[weight_loss, place_of("E1")] > 0
    assert tied[weight_loss, weapons] == 0
    same = (family[:, None] == family) & ~np.eye(len(family), dtype=np.bool_)
    assert tied[same].min() > 0


def test_weight_loss_ads_break_what_goes_with_them_more_than_other_violating_ads(
    logs: Logs,
) -> None:
    share = "avg(CAST(list_contains(policies, '{}') AS INT))"
    for other in ("E6", "I7", "L4"):
        beside, usual = (
            logs.one(f"SELECT {share.format(other)} FROM truth WHERE violating AND {where}")
            for where in ("policies[1] = 'E4'", "policies[1] <> 'E4'")
        )
        assert beside > 1.3 * usual


def test_ads_with_a_bad_landing_page_more_often_lead_elsewhere(logs: Logs) -> None:
    away = dict(
        logs.rows("""
        SELECT list_has_any(policies, ['L3', 'L4']),
               avg(CAST(landing_url <> landing_final_url AS INT))
        FROM judged GROUP BY 1""")
    )
    assert away[True] > 4 * away[False] > 0
