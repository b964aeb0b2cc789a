"""Are advertisers of all kinds: a few large, a few abusive, some back under a new id?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from shroff.synthetic.advertisers import ABUSIVE, Advertisers, recruit
from shroff.synthetic.dice import Dice

if TYPE_CHECKING:
    from conftest import Logs


@pytest.fixture(scope="module")
def people() -> Advertisers:
    return recruit(Dice(1), ads=60_000, days=98)


def test_returning_advertisers_come_after_the_old_id_left_in_the_same_market(
    people: Advertisers,
) -> None:
    back = np.flatnonzero(people.previous >= 0)
    gone = people.previous[back]
    assert len(back) > 50
    assert (people.first[back] > people.last[gone]).all()
    assert (people.market[back] == people.market[gone]).all()
    assert (people.conduct[back] == ABUSIVE).all()


def test_abusive_advertisers_are_few_and_violate_most(people: Advertisers) -> None:
    abusive = people.conduct == ABUSIVE
    assert 0.03 < abusive.mean() < 0.07
    assert people.chance[abusive].mean() > 5 * people.chance[~abusive].mean()


def test_expected_shares_of_all_policies_add_up_to_all_violations(people: Advertisers) -> None:
    everyone = np.ones(len(people), dtype=np.bool_)
    shares = people.expected(everyone, first=0, last=97)
    assert shares.shape == (63,)
    assert shares.sum() == pytest.approx(0.19, abs=0.005)


def test_sites_are_shared_between_an_old_id_and_its_return(logs: Logs) -> None:
    shared = logs.one("""SELECT count(*) FROM (
        SELECT regexp_extract(landing_url, '//([^/]+)/', 1) AS site FROM ads GROUP BY 1
        HAVING count(DISTINCT advertiser_id) > 1)""")
    assert shared > 3
