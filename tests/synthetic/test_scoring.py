"""Are the models' scores useful, different and imperfectly calibrated?"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy.stats import rankdata

from shroff.synthetic.dice import Flags, Floats
from shroff.synthetic.scoring import score
from shroff.synthetic.submissions import Ads, submit
from shroff.synthetic.taxonomy import families, family_places
from shroff.synthetic.world import World, create

if TYPE_CHECKING:
    from conftest import Logs


@pytest.fixture(scope="module")
def scene() -> tuple[World, Ads]:
    world = create(ads=60_000, seed=3, days=60, end=date(2026, 6, 28))
    return world, submit(world, first_day=0, last_day=59)


def auc(scores: Floats, violating: Flags) -> float:
    ranks, hits = rankdata(scores), int(violating.sum())
    return float((ranks[violating].sum() - hits * (hits + 1) / 2) / hits / (~violating).sum())


def breaks(ads: Ads, family: int) -> Flags:
    own = family_places() == family
    flags: Flags = ((ads.policy >= 0) & own[ads.policy]) | ads.beside[:, own].any(axis=1)
    return flags


def test_each_family_model_ranks_well_but_not_perfectly_in_both_versions(
    scene: tuple[World, Ads],
) -> None:
    world, ads = scene
    for version in (0, 1):
        scores = score(world, ads, version=version)
        for place in range(len(families())):
            mine = breaks(ads, place)
            assert 0.75 < auc(scores.family[:, place], mine) < 0.97
        assert 0.75 < auc(scores.risk, ads.violating) < 0.97


def test_what_an_ad_breaks_beside_its_main_policy_is_harder_to_see(
    scene: tuple[World, Ads],
) -> None:
    world, ads = scene
    scores = score(world, ads, version=0)
    for place in range(len(families())):
        own = family_places() == place
        mainly = (ads.policy >= 0) & own[ads.policy]
        aside = ads.beside[:, own].any(axis=1) & ~mainly
        rest = ~(mainly | aside)
        seen = [
            auc(scores.family[kind | rest, place], kind[kind | rest]) for kind in (mainly, aside)
        ]
        assert 0.75 < seen[1] < seen[0]


def test_models_name_a_policy_of_their_family_that_the_ad_breaks_beside_the_main_one(
    scene: tuple[World, Ads],
) -> None:
    world, ads = scene
    scores = score(world, ads, version=0)
    here = ads.beside & (family_places() == scores.top[:, None])
    other = ads.violating & here.any(axis=1) & (family_places()[ads.policy] != scores.top)
    right = ads.beside[np.arange(len(ads)), scores.policy]
    assert other.sum() > 500
    assert right[other].mean() > 0.8


def test_scores_are_not_probabilities_and_versions_differ(scene: tuple[World, Ads]) -> None:
    world, ads = scene
    first, second = (score(world, ads, version=version) for version in (0, 1))
    assert np.corrcoef(first.risk, second.risk)[0, 1] < 0.95
    gaps = []
    for place in range(len(families())):
        mine = breaks(ads, place)
        high = first.family[:, place] > 0.5
        gaps.append(abs(float(first.family[high, place].mean() - mine[high].mean())))
    assert np.median(gaps) > 0.05


def test_the_log_keeps_three_scores_an_ad_with_both_versions_of_the_score_over_all(
    logs: Logs,
) -> None:
    ads = logs.one("SELECT count(*) FROM ads")
    assert 2 < logs.one("SELECT count(*) FROM scores") / ads < 3.5
    assert logs.one("SELECT count(DISTINCT model) FROM scores") == 13
    launch = logs.stories["launch"]["first_day"]
    live = logs.rows(f"""SELECT version, min(scored_at) < '{launch}' FROM scores
                         WHERE NOT shadow GROUP BY 1 ORDER BY 1""")
    assert live == [("v1", True), ("v2", False)]
    assert logs.one("SELECT count(DISTINCT version) FROM scores WHERE shadow") == 2


def test_the_score_of_the_decision_is_in_the_scores_log(logs: Logs) -> None:
    other = logs.one("""SELECT count(*) FROM judged j JOIN scores s USING (ad_id, ad_version)
                        WHERE s.model = 'ads_risk' AND NOT s.shadow AND s.score <> j.score""")
    assert other == 0
