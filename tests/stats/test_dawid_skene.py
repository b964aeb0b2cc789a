"""Truth and error rates from answers alone: equal to crowd-kit, upright, and refused in time."""

from __future__ import annotations

import numpy as np
import pytest

from shroff.errors import DesignError
from shroff.stats.dawid_skene import Votes, dawid_skene, majority

ANSWERS = """
0000 0010 0040 0151 0120 0200 0220 0240 0230 0331 0311 0431 0411 0451 0401 0511 0501 0630 0610
0731 0751 0701 0831 0810 0851 0920 0950 0941 1040 1020 1051 1000 1121 1101 1131 1140 1240 1250
1200 1230 1320 1310 1330 1421 1411 1441 1531 1510 1631 1601 1710 1740 1730 1700 1850 1830 1800
1931 1901 1911 2000 2050 2040 2020 2121 2110 2141 2230 2251 2221 2331 2311 2300 2350 2430 2410
2420 2520 2540 2641 2601 2610 2720 2750 2740 2700 2831 2850 2911 2950 2931 2901 3030 3040 3010
3050 3111 3151 3120 3101 3200 3240 3220 3211 3300 3351 3411 3400 3451 3501 3520 3541 3640 3620
3730 3711 3841 3851 3930 3920 3940
"""
# crowd-kit 1.4.2, DawidSkene(n_iter=30, tol=-1e9): chance of class 1 of items 0..39
CROWD_KIT = [
    0.001701011, 0.460421178, 0.00022327, 0.908364258, 1.0, 1.0, 0.070923112, 1.0, 0.852363432,
    0.999999999, 0.002824542, 1.0, 0.000225676, 0.035322722, 1.0, 0.75373481, 1.0, 0.000253339,
    0.001387257, 1.0, 0.000727507, 1.0, 0.999980215, 0.089405668, 0.035322722, 0.068470677, 1.0,
    0.000727507, 0.731642961, 1.0, 0.005977879, 1.0, 0.002640061, 0.035068245, 0.06020746, 1.0,
    0.068470677, 0.198228587, 1.0, 0.010813149,
]  # fmt: skip
# the same, told that items 0, 1 and 2 are class 0 and item 3 is class 1
CROWD_KIT_TOLD = [
    0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 0.064185288, 1.0, 0.838832095, 0.999999999, 0.002232256, 1.0,
    0.000232229, 0.029564478, 1.0, 0.755526535, 1.0, 0.000226268, 0.001449148, 1.0, 0.000723247,
    1.0, 0.999641408, 0.105785815, 0.029564478, 0.060536194, 1.0, 0.000723247, 0.760298665, 1.0,
    0.005945595, 1.0, 0.002397533, 0.030508829, 0.053864903, 1.0, 0.060536194, 0.189461724, 1.0,
    0.009102041,
]  # fmt: skip


def small(truth: np.ndarray | None = None) -> Votes:
    parts = [(int(x[:2]), int(x[2]), int(x[3])) for x in ANSWERS.split()]
    item, rater, label = (np.array(column) for column in zip(*parts, strict=True))
    return Votes(item=item, rater=rater, label=label, items=40, raters=6, classes=2, truth=truth)


def simulated(
    rng: np.random.Generator, *, items: int, right: list[float], share: float = 0.3
) -> tuple[Votes, np.ndarray]:
    """Let one rater for each entry of ``right`` answer every item."""
    truth = (rng.random(items) < share).astype(np.intp)
    raters = len(right)
    correct = rng.random((items, raters)) < np.array(right)
    label = np.where(correct, truth[:, None], 1 - truth[:, None])
    votes = Votes(
        item=np.repeat(np.arange(items), raters),
        rater=np.tile(np.arange(raters), items),
        label=label.ravel(),
        items=items,
        raters=raters,
        classes=2,
    )
    return votes, truth


def test_thirty_rounds_give_what_crowd_kit_gives() -> None:
    fit = dawid_skene(small(), rounds=30, tolerance=-1)
    assert fit.posterior[:, 1] == pytest.approx(CROWD_KIT, abs=2e-9)
    assert fit.prior[0] == pytest.approx([0.515114302, 0.484885698], abs=1e-9)


def test_known_truth_is_used_as_crowd_kit_uses_it() -> None:
    truth = np.full(40, -1)
    truth[:4] = [0, 0, 0, 1]
    fit = dawid_skene(small(truth), rounds=30, tolerance=-1)
    assert fit.posterior[:, 1] == pytest.approx(CROWD_KIT_TOLD, abs=2e-9)
    assert fit.prior[0] == pytest.approx([0.5249665458, 0.4750334542], abs=1e-9)


def test_likelihood_never_falls() -> None:
    gains = [dawid_skene(small(), rounds=n, tolerance=-1).likelihood for n in range(1, 20)]
    assert np.all(np.diff(gains) > -1e-12)


def test_good_raters_are_told_from_bad_ones() -> None:
    votes, truth = simulated(
        np.random.default_rng(1), items=3000, right=[0.95, 0.9, 0.6, 0.55, 0.85]
    )
    fit = dawid_skene(votes)
    assert fit.settled
    assert fit.confusion[:, 0, 0] == pytest.approx([0.95, 0.9, 0.6, 0.55, 0.85], abs=0.04)
    heads = (majority(votes).argmax(axis=1) == truth).mean()
    weighed = (fit.posterior.argmax(axis=1) == truth).mean()
    assert weighed > heads + 0.02


def test_classes_are_named_so_that_raters_are_right_more_often_than_not() -> None:
    votes, truth = simulated(np.random.default_rng(2), items=800, right=[0.9, 0.85, 0.8])
    mirrored = dawid_skene(votes, start=1 - majority(votes))
    usual = dawid_skene(votes)
    assert mirrored.posterior == pytest.approx(usual.posterior, abs=1e-4)
    assert (mirrored.posterior.argmax(axis=1) == truth).mean() > 0.9


def test_known_truth_may_say_that_most_raters_are_wrong() -> None:
    votes, truth = simulated(np.random.default_rng(3), items=800, right=[0.1, 0.15, 0.2])
    known = np.where(np.arange(800) < 200, truth, -1)
    told = Votes(
        item=votes.item,
        rater=votes.rater,
        label=votes.label,
        items=800,
        raters=3,
        classes=2,
        truth=known,
    )
    fit = dawid_skene(told)
    assert fit.confusion[:, 1, 1] == pytest.approx([0.1, 0.15, 0.2], abs=0.12)


def test_items_told_as_one_give_what_they_give_apart() -> None:
    votes, _ = simulated(np.random.default_rng(4), items=400, right=[0.9, 0.8, 0.7])
    table = votes.label.reshape(400, 3)
    ways, n = np.unique(table, axis=0, return_counts=True)
    together = Votes(
        item=np.repeat(np.arange(len(ways)), 3),
        rater=np.tile(np.arange(3), len(ways)),
        label=ways.ravel(),
        items=len(ways),
        raters=3,
        classes=2,
        count=n.astype(np.float64),
    )
    apart, once = dawid_skene(votes), dawid_skene(together)
    assert once.confusion == pytest.approx(apart.confusion, abs=1e-6)
    assert once.seen == pytest.approx(apart.seen, rel=1e-5)


def test_a_rater_of_one_answer_is_drawn_to_the_others_when_asked() -> None:
    votes, _ = simulated(np.random.default_rng(5), items=300, right=[0.9, 0.9, 0.9])
    more = Votes(
        item=np.append(votes.item, 0),
        rater=np.append(votes.rater, 3),
        label=np.append(votes.label, 1 - votes.label[0]),
        items=300,
        raters=4,
        classes=2,
    )
    apart, drawn = dawid_skene(more), dawid_skene(more, pooled=5.0)
    assert apart.confusion[3].max() == pytest.approx(1)
    assert drawn.confusion[3] == pytest.approx(drawn.confusion[0], abs=0.2)


def test_an_item_of_weight_zero_changes_nothing_but_is_judged() -> None:
    votes, _ = simulated(np.random.default_rng(6), items=200, right=[0.9, 0.85, 0.8])
    weight = np.ones(200)
    weight[50:] = 0
    first = votes.item < 50
    some = Votes(
        item=votes.item[first],
        rater=votes.rater[first],
        label=votes.label[first],
        items=50,
        raters=3,
        classes=2,
    )
    weighed = Votes(
        item=votes.item,
        rater=votes.rater,
        label=votes.label,
        items=200,
        raters=3,
        classes=2,
        weight=weight,
    )
    fit = dawid_skene(weighed)
    assert fit.confusion == pytest.approx(dawid_skene(some).confusion, abs=1e-6)
    assert np.isfinite(fit.posterior[50:]).all()


def test_everybody_saying_the_same_is_not_a_fault() -> None:
    votes = Votes(
        item=np.arange(10),
        rater=np.zeros(10, dtype=np.intp),
        label=np.zeros(10, dtype=np.intp),
        items=10,
        raters=1,
        classes=2,
    )
    fit = dawid_skene(votes)
    assert np.isfinite(fit.posterior).all()
    assert np.isfinite(fit.confusion).all()
    assert fit.posterior[:, 0] == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize(
    ("change", "cause"),
    [
        ({"item": [], "rater": [], "label": []}, "no answers"),
        ({"classes": 1}, "one category"),
        ({"label": [2]}, "label"),
        ({"rater": [1]}, "rater"),
        ({"item": [1]}, "item"),
        ({"truth": [5]}, "truth"),
        ({"weight": [0.0]}, "weights are zero"),
        ({"weight": [-1.0]}, "weight"),
    ],
)
def test_answers_that_make_no_sense_are_refused(change: dict[str, object], cause: str) -> None:
    usual: dict[str, object] = {"item": [0], "rater": [0], "label": [0]}
    told = {**usual, "items": 1, "raters": 1, "classes": 2, **change}
    kinds = {"item": np.intp, "rater": np.intp, "label": np.intp, "truth": np.intp}
    ready = {
        name: np.array(value, dtype=kinds.get(name, np.float64))
        if isinstance(value, list)
        else value
        for name, value in told.items()
    }
    with pytest.raises(DesignError, match=cause):
        dawid_skene(Votes(**ready))  # type: ignore[arg-type]
