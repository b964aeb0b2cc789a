"""Agreement by hand, against other tools' figures, and where it cannot be told."""

from __future__ import annotations

import numpy as np
import pytest

from shroff.errors import DesignError
from shroff.stats.agreement import Coefficient, Tallies, agreement, cohen
from shroff.stats.agreement_intervals import Items

# Krippendorff (2011), Computing Krippendorff's Alpha-Reliability: nominal data, four observers,
# twelve units, values missing; alpha is 0.743 there
KRIPPENDORFF = [
    [1, 1, None, 1],
    [2, 2, 3, 2],
    [3, 3, 3, 3],
    [3, 3, 3, 3],
    [2, 2, 2, 2],
    [1, 2, 3, 4],
    [4, 4, 4, 4],
    [1, 1, 2, 1],
    [2, 2, 2, 2],
    [None, 5, 5, 5],
    [None, None, 1, 1],
    [None, None, 3, None],
]
# Fleiss (1971), psychiatric diagnoses are long; this is the worked example of fourteen raters,
# ten subjects and five categories that many packages test with: kappa is 0.210
FLEISS = [
    [0, 0, 0, 0, 14],
    [0, 2, 6, 4, 2],
    [0, 0, 3, 5, 6],
    [0, 3, 9, 2, 0],
    [2, 2, 8, 1, 1],
    [7, 7, 0, 0, 0],
    [3, 2, 6, 3, 0],
    [2, 5, 3, 2, 2],
    [6, 5, 2, 1, 0],
    [0, 2, 2, 3, 7],
]
# 40 items judged by two to four of six reviewers: item, reviewer, answer
SMALL = """
0000 0010 0040 0151 0120 0200 0220 0240 0230 0331 0311 0431 0411 0451 0401 0511 0501 0630 0610
0731 0751 0701 0831 0810 0851 0920 0950 0941 1040 1020 1051 1000 1121 1101 1131 1140 1240 1250
1200 1230 1320 1310 1330 1421 1411 1441 1531 1510 1631 1601 1710 1740 1730 1700 1850 1830 1800
1931 1901 1911 2000 2050 2040 2020 2121 2110 2141 2230 2251 2221 2331 2311 2300 2350 2430 2410
2420 2520 2540 2641 2601 2610 2720 2750 2740 2700 2831 2850 2911 2950 2931 2901 3030 3040 3010
3050 3111 3151 3120 3101 3200 3240 3220 3211 3300 3351 3411 3400 3451 3501 3520 3541 3640 3620
3730 3711 3841 3851 3930 3920 3940
"""


def alone(votes: list[list[int]] | np.ndarray, weight: float = 1.0) -> Tallies:
    table = np.asarray(votes, dtype=np.float64)
    w = np.full(len(table), weight)
    items = Items(group=np.zeros(len(table), dtype=np.intp), n=np.ones(len(table)), w=w, w2=w**2)
    return Tallies(items=items, votes=table)


def pairs(both: float, split: float, none: float, *, groups: int = 1) -> Tallies:
    n = np.tile([both, split, none], groups)
    items = Items(group=np.repeat(np.arange(groups), 3), n=n, w=n, w2=n)
    return Tallies(items=items, votes=np.tile([[0.0, 2.0], [1.0, 1.0], [2.0, 0.0]], (groups, 1)))


def tallied(rows: list[list[int | None]]) -> np.ndarray:
    return np.array([[row.count(value) for value in range(1, 6)] for row in rows])


def test_krippendorffs_own_example_gives_his_alpha() -> None:
    found = agreement(alone(tallied(KRIPPENDORFF)), kind=Coefficient.ALPHA, groups=1)
    assert found.value[0] == pytest.approx(0.743, abs=0.0005)
    assert found.n[0] == 11  # a unit with one value says nothing


def test_the_usual_example_gives_fleiss_kappa() -> None:
    found = agreement(alone(FLEISS), kind=Coefficient.KAPPA, groups=1)
    assert found.value[0] == pytest.approx(0.20993, abs=5e-6)


def test_alpha_is_that_of_crowd_kit() -> None:
    votes = np.zeros((40, 2))
    for item, _, said in ((int(x[:2]), int(x[2]), int(x[3])) for x in SMALL.split()):
        votes[item, said] += 1
    found = agreement(alone(votes), kind=Coefficient.ALPHA, groups=1)
    # crowd-kit 1.4.2, alpha_krippendorff
    assert found.value[0] == pytest.approx(0.38684503901895195, abs=1e-9)


def test_gwets_coefficient_does_not_fall_with_rarity_as_kappa_does() -> None:
    rare = pairs(1, 4, 95)
    kappa = agreement(rare, kind=Coefficient.KAPPA, groups=1).value[0]
    ac1 = agreement(rare, kind=Coefficient.AC1, groups=1).value[0]
    # by hand: 0.96 agree; 3% of answers are violating
    chance = 0.03 * 0.97 * 2
    assert kappa == pytest.approx((0.96 - 0.03**2 - 0.97**2) / (1 - 0.03**2 - 0.97**2))
    assert ac1 == pytest.approx((0.96 - chance) / (1 - chance))
    assert kappa < 0.35
    assert ac1 > 0.95


def test_cohens_kappa_is_what_the_table_says_by_hand() -> None:
    n = np.array([20.0, 5.0, 10.0, 15.0])
    items = Items(group=np.zeros(4, dtype=np.intp), n=n, w=n, w2=n)
    first, second = np.array([1, 1, 0, 0]), np.array([1, 0, 1, 0])
    found = cohen(items, first, second, classes=2, groups=1)
    assert found.value[0] == pytest.approx(0.4)
    assert found.low[0] < 0.4 < found.high[0]


def test_the_ad_is_the_unit_however_many_answers_it_has() -> None:
    few = agreement(alone([[3, 0], [0, 3], [2, 1], [1, 2]] * 10), kind=Coefficient.ALPHA, groups=1)
    many = alone([[30, 0], [0, 30], [20, 10], [10, 20]] * 10)
    more = agreement(many, kind=Coefficient.ALPHA, groups=1)
    assert few.n[0] == more.n[0] == 40
    width = few.high[0] - few.low[0], more.high[0] - more.low[0]
    assert width[1] > 0.5 * width[0]  # ten times the answers are not ten times the knowledge


def test_unequal_weights_widen_the_interval() -> None:
    n = np.array([10.0, 5.0, 85.0])
    votes = np.array([[0.0, 2.0], [1.0, 1.0], [2.0, 0.0]])
    group = np.zeros(3, dtype=np.intp)
    even = Tallies(items=Items(group=group, n=n, w=n, w2=n), votes=votes)
    uneven = Tallies(items=Items(group=group, n=n, w=n, w2=5 * n), votes=votes)
    a, b = (agreement(each, kind=Coefficient.ALPHA, groups=1) for each in (even, uneven))
    assert b.value[0] == pytest.approx(a.value[0])
    assert b.high[0] - b.low[0] > 1.5 * (a.high[0] - a.low[0])
    assert b.design_effect[0] == pytest.approx(5)


@pytest.mark.parametrize("kind", Coefficient)
def test_nobody_is_said_to_be_in_perfect_agreement_for_sure(kind: Coefficient) -> None:
    found = agreement(pairs(3, 0, 7), kind=kind, groups=1)
    assert found.value[0] == found.high[0] == 1
    assert 0 < found.low[0] < 0.8


@pytest.mark.parametrize("kind", [Coefficient.KAPPA, Coefficient.ALPHA])
def test_one_answer_only_leaves_agreement_beyond_chance_undefined(kind: Coefficient) -> None:
    found = agreement(pairs(0, 0, 50), kind=kind, groups=1)
    assert np.isnan([found.value[0], found.low[0], found.high[0]]).all()
    assert found.at(0).value is None


@pytest.mark.parametrize("kind", Coefficient)
def test_a_slice_where_no_ad_was_judged_twice_is_not_known(kind: Coefficient) -> None:
    n = np.array([5.0, 4.0])
    items = Items(group=np.array([0, 1]), n=n, w=n, w2=n)
    found = agreement(
        Tallies(items=items, votes=np.array([[1.0, 1.0], [1.0, 0.0]])), kind=kind, groups=2
    )
    assert np.isfinite(found.low[0])
    assert found.n.tolist() == [5, 0]
    assert np.isnan([found.value[1], found.low[1], found.high[1]]).all()


def test_no_item_at_all_gives_no_figure() -> None:
    found = agreement(alone(np.zeros((0, 2))), kind=Coefficient.ALPHA, groups=1)
    assert np.isnan(found.value[0])


def test_intervals_stay_within_what_a_coefficient_can_be() -> None:
    for tallies in (pairs(0, 30, 0), pairs(1, 30, 1), pairs(15, 0, 15)):
        for kind in Coefficient:
            found = agreement(tallies, kind=kind, groups=1)
            assert -1 <= found.low[0] <= found.value[0] <= found.high[0] <= 1


@pytest.mark.parametrize(
    ("votes", "cause"),
    [
        (np.array([[1.0]]), "two categories"),
        (np.array([[1.0, -1.0]]), "match"),
        (np.array([[1.0, np.nan]]), "match"),
    ],
)
def test_answers_that_make_no_sense_are_refused(votes: np.ndarray, cause: str) -> None:
    with pytest.raises(DesignError, match=cause):
        agreement(alone(votes), kind=Coefficient.ALPHA, groups=1)


def test_a_slice_that_is_not_there_is_refused() -> None:
    with pytest.raises(DesignError, match="group"):
        agreement(pairs(1, 1, 1, groups=2), kind=Coefficient.ALPHA, groups=1)


def test_cohen_refuses_answers_of_other_items() -> None:
    items = Items(group=np.zeros(2, dtype=np.intp), n=np.ones(2), w=np.ones(2), w2=np.ones(2))
    with pytest.raises(DesignError, match="match"):
        cohen(items, np.array([1]), np.array([1]), classes=2, groups=1)


@pytest.mark.parametrize(
    ("items", "prevalence", "right"),
    [(100, 0.3, 0.9), (300, 0.05, 0.95), (1000, 0.02, 0.98), (40, 0.5, 0.8)],
)
@pytest.mark.parametrize("kind", Coefficient)
def test_intervals_cover_the_truth(
    items: int, prevalence: float, right: float, kind: Coefficient
) -> None:
    rng, rounds = np.random.default_rng(items), 600
    wrong = 1 - right
    both = prevalence * right**2 + (1 - prevalence) * wrong**2
    split = 2 * right * wrong
    counts = rng.multinomial(items, [both, split, 1 - both - split], size=rounds)
    n = counts.ravel().astype(np.float64)
    stack = Items(group=np.repeat(np.arange(rounds), 3), n=n, w=n, w2=n)
    votes = np.tile([[0.0, 2.0], [1.0, 1.0], [2.0, 0.0]], (rounds, 1))
    found = agreement(Tallies(items=stack, votes=votes), kind=kind, groups=rounds)
    true = agreement(pairs(1e6 * both, 1e6 * split, 1e6 * (1 - both - split)), kind=kind, groups=1)
    known = np.isfinite(found.value)
    covered = (found.low <= true.value[0]) & (true.value[0] <= found.high)
    assert known.mean() > 0.99
    assert covered[known].mean() >= 0.93
