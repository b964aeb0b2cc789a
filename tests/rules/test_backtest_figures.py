"""Precision and recall of rules from labels: by hand, and whether their intervals hold the truth."""

from __future__ import annotations

import numpy as np
import pytest

from shroff.domain.labels import DesignKind
from shroff.rules.backtest_figures import LabelledAds, RuleHits, Waiting, rule_figures, share_wrong
from shroff.stats.estimate import Status


def labels(
    *,
    w: list[float],
    bad: list[bool],
    action: list[int] | None = None,
    kind: DesignKind = DesignKind.POISSON,
    **more: object,
) -> LabelledAds:
    size = len(w)
    return LabelledAds(
        stratum=np.zeros(size, np.intp),
        w=np.array(w, float),
        action=np.array(action or [0] * size, np.intp),
        bad=np.array(bad),
        about={},
        kinds=(kind,),
        **more,  # type: ignore[arg-type]
    )


def hits(*pairs: tuple[int, int, bool]) -> RuleHits:
    label, rule, new = zip(*pairs, strict=True)
    return RuleHits(
        label=np.array(label, np.intp), rule=np.array(rule, np.intp), new=np.array(new, bool)
    )


def test_weights_count_for_what_they_stand_for() -> None:
    found = rule_figures(
        labels(w=[10, 10, 1, 1], bad=[True, False, True, True]),
        hits((0, 0, True), (1, 0, False), (2, 0, True)),
        policies=[""],
    )
    assert found["precision"].value[0] == pytest.approx(11 / 21)
    assert found["new_precision"].value[0] == pytest.approx(1.0)
    assert found["recall"].value[0] == pytest.approx(11 / 12)
    assert found["new_recall"].value[0] == pytest.approx(11 / 12)
    assert found["precision"].n[0] == 3


def test_a_policy_of_its_own_is_read_apart_from_violating_anything() -> None:
    ads = labels(w=[1] * 4, bad=[True, True, False, True])
    about = np.array([True, False, False, True])
    ads = LabelledAds(
        stratum=ads.stratum, w=ads.w, action=ads.action, bad=ads.bad, about={"drugs": about},
        kinds=ads.kinds,
    )  # fmt: skip
    found = rule_figures(ads, hits((0, 0, True), (1, 0, True), (2, 0, True)), policies=["drugs"])
    assert found["precision"].value[0] == pytest.approx(2 / 3)
    assert found["on_policy"].value[0] == pytest.approx(1 / 3)
    assert found["recall"].value[0] == pytest.approx(1 / 2)


def test_a_rule_without_a_labelled_hit_is_unknown() -> None:
    found = rule_figures(
        labels(w=[1, 1], bad=[True, False]), hits((0, 0, True)), policies=["", ""]
    )
    assert found["precision"].at(1).status is Status.UNKNOWN
    assert found["recall"].value[1] == pytest.approx(0.0)


def test_a_census_leaves_no_doubt() -> None:
    found = rule_figures(
        labels(w=[1] * 4, bad=[True, True, False, True], kind=DesignKind.CENSUS),
        hits((0, 0, True), (1, 0, True), (2, 0, True)),
        policies=[""],
    )
    assert found["precision"].low[0] == pytest.approx(2 / 3)
    assert found["precision"].high[0] == pytest.approx(2 / 3)


def test_ads_that_nobody_sampled_leave_bounds() -> None:
    waiting = Waiting(
        hit=np.array([[0.0, 0, 2, 0]]), new=np.zeros((1, 4)), ads=np.array([0.0, 0, 3, 0])
    )
    found = rule_figures(
        labels(w=[1, 1], bad=[True, True], kind=DesignKind.CENSUS),
        hits((0, 0, True), (1, 0, True)),
        policies=[""],
        waiting=waiting,
    )
    assert np.isnan(found["precision"].value[0])
    assert found["precision"].low[0] == pytest.approx(2 / 4)
    assert found["precision"].high[0] == pytest.approx(1.0)
    assert found["recall"].low[0] == pytest.approx(2 / 3)  # a reject that is not hit may violate
    assert found["new_precision"].value[0] == pytest.approx(1.0)


def test_clusters_that_hold_one_ad_each_change_no_value() -> None:
    told = {"w": [4, 4, 2, 2], "bad": [True, False, True, True]}
    who = hits((0, 0, True), (1, 0, True), (2, 0, True))
    alone = rule_figures(labels(**told), who, policies=[""])  # type: ignore[arg-type]
    grouped = rule_figures(
        labels(**told, cluster=np.arange(4)),  # type: ignore[arg-type]
        who,
        policies=[""],
    )
    assert grouped["precision"].value[0] == pytest.approx(alone["precision"].value[0])


def test_wrong_hits_are_shared_out_by_slice() -> None:
    ads = labels(w=[1] * 4, bad=[True, False, False, True])
    hit = np.array([True, True, False, True])
    found = share_wrong(ads, hit, group=np.array([0, 0, 1, 1]), groups=2)
    assert found.value.tolist() == pytest.approx([1 / 2, 0.0])


def test_intervals_of_a_rule_hold_its_true_precision_and_recall() -> None:
    """400 draws of about 600 labels in three strata; a coverage below 93% is a fault.

    With 400 draws the standard error of a coverage near 95% is about 1.1 points.
    """
    rng = np.random.default_rng(5)
    ads, draws = 20_000, 400
    stratum = rng.choice(3, ads, p=[0.7, 0.2, 0.1])
    bad = rng.random(ads) < np.array([0.02, 0.15, 0.5])[stratum]
    hit = rng.random(ads) < np.where(bad, 0.45, 0.01)
    chance = np.array([0.01, 0.05, 0.15])[stratum]
    new = stratum == 0
    truth = {
        "precision": bad[hit].mean(),
        "recall": hit[bad].mean(),
        "new_recall": (hit & new)[bad].mean(),
    }
    held = dict.fromkeys(truth, 0)
    for _ in range(draws):
        drawn = np.flatnonzero(rng.random(ads) < chance)
        sample = LabelledAds(
            stratum=stratum[drawn].astype(np.intp), w=1 / chance[drawn],
            action=np.zeros(len(drawn), np.intp), bad=bad[drawn], about={},
            kinds=(DesignKind.POISSON,) * 3,
        )  # fmt: skip
        place = np.flatnonzero(hit[drawn])
        who = RuleHits(label=place, rule=np.zeros(len(place), np.intp), new=new[drawn][place])
        found = rule_figures(sample, who, policies=[""])
        for name, true in truth.items():
            held[name] += bool(found[name].low[0] <= true <= found[name].high[0])
    assert min(held.values()) / draws >= 0.93, held
