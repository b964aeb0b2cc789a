"""Shares from few labels and the scores of all ads."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from shroff.domain.labels import DesignKind
from shroff.errors import DesignError
from shroff.stats.crossfit import ScoredLabels, ScoreTotals, Shape
from shroff.stats.estimate import Estimates
from shroff.stats.label_cells import Cells, Strata, kind_codes
from shroff.stats.predicted import METHOD, Predicted, Sides, modelled_ratios, predicted_ratios
from shroff.stats.sampling import Ratio, ratios

BINS, FOLDS = 20, 4
SHAPE = Shape(classes=1, bins=BINS, folds=FOLDS, silent=np.zeros(1, dtype=bool))
SHARE = Sides(above=np.array([[False, True]]), rest=np.array([[True, False]]))


def population(ads: int, *, useful: float, seed: int = 7) -> tuple[np.ndarray, np.ndarray]:
    """Give each ad a bin of its score and whether it violates."""
    rng = np.random.default_rng(seed)
    place = rng.integers(0, BINS, ads)
    risk = 0.1 + useful * 0.8 * (place / BINS) ** 2
    return place, rng.random(ads) < risk


def totals_of(
    place: np.ndarray, fold: np.ndarray, *, group: np.ndarray | None = None
) -> ScoreTotals:
    group = np.zeros(len(place), np.intp) if group is None else group
    keys, count = np.unique(np.stack([group, fold, place]), axis=1, return_counts=True)
    return ScoreTotals(
        group=keys[0],
        known=np.zeros(keys.shape[1], np.intp),
        fold=keys[1],
        bin=keys[2],
        total=count.astype(float),
    )


def drawn(
    place: np.ndarray, said: np.ndarray, fold: np.ndarray, *, labels: int, seed: int = 1
) -> tuple[ScoredLabels, Strata, np.ndarray]:
    """Draw a simple random sample without replacement."""
    ads = len(place)
    chosen = np.random.default_rng(seed).choice(ads, size=labels, replace=False)
    strata = Strata(
        kind=kind_codes([DesignKind.STRATIFIED]),
        population=np.array([float(ads)]),
        labels=np.array([float(labels)]),
    )
    found = ScoredLabels(
        group=np.zeros(labels, np.intp),
        stratum=np.zeros(labels, np.intp),
        known=np.zeros(labels, np.intp),
        bin=place[chosen],
        fold=fold[chosen],
        violating=said[chosen],
        w=np.full(labels, ads / labels),
    )
    return found, strata, chosen


def one(
    labels: ScoredLabels,
    totals: ScoreTotals,
    strata: Strata,
    *,
    groups: int = 1,
    shape: Shape = SHAPE,
) -> Predicted:
    return predicted_ratios(
        labels, totals, strata, shape=shape, metrics=[SHARE], groups=groups
    )[0]  # fmt: skip


def finite(found: Estimates) -> bool:
    return bool(np.isfinite([found.value, found.low, found.high]).all())


@pytest.fixture
def useful() -> tuple[ScoredLabels, ScoreTotals, Strata, np.ndarray, np.ndarray]:
    place, said = population(20_000, useful=1.0)
    fold = np.random.default_rng(3).integers(0, FOLDS, len(place))
    labels, strata, chosen = drawn(place, said, fold, labels=800)
    return labels, totals_of(place, fold), strata, chosen, np.stack([place, fold, said])


def test_a_total_is_what_is_predicted_of_all_plus_what_labels_say_was_missed() -> None:
    """Two folds of forty labels, chances and trust worked out by hand."""
    # twenty labels in each bin of each fold: enough for curves to be drawn through
    place = np.tile(np.repeat([0, 1], 20), 2)
    fold = np.repeat([0, 1], 40)
    said = np.concatenate([
        np.arange(20) < 4, np.arange(20) < 16,  # fold 0: 0.2 and 0.8
        np.arange(20) < 6, np.arange(20) < 14,  # fold 1: 0.3 and 0.7
    ])  # fmt: skip
    shape = Shape(classes=1, bins=2, folds=2, silent=np.zeros(1, dtype=bool))
    labels = ScoredLabels(
        group=np.zeros(80, np.intp), stratum=np.zeros(80, np.intp), known=np.zeros(80, np.intp),
        bin=place, fold=fold, violating=said, w=np.full(80, 10.0),
    )  # fmt: skip
    totals = ScoreTotals(
        group=np.zeros(4, np.intp), known=np.zeros(4, np.intp), fold=np.array([0, 0, 1, 1]),
        bin=np.array([0, 1, 0, 1]), total=np.array([100.0, 300.0, 150.0, 250.0]),
    )  # fmt: skip
    strata = Strata(
        kind=kind_codes([DesignKind.PPS]), population=np.array([np.nan]), labels=np.array([80.0])
    )
    found = predicted_ratios(labels, totals, strata, shape=shape, metrics=[SHARE], groups=1)[0]
    t0, t1 = found.trust[:, 0]
    # fold 0 is predicted from fold 1 (0.3, 0.7), fold 1 from fold 0 (0.2, 0.8)
    hits = 400.0 + t0 * (100 * 0.3 + 300 * 0.7 - 200 * (0.3 + 0.7))
    hits += t1 * (150 * 0.2 + 250 * 0.8 - 200 * (0.2 + 0.8))
    misses = 400.0 + t0 * (100 * 0.7 + 300 * 0.3 - 200 * (0.7 + 0.3))
    misses += t1 * (150 * 0.8 + 250 * 0.2 - 200 * (0.8 + 0.2))
    assert found.figures.numerator[0] == pytest.approx(hits)
    assert found.figures.value[0] == pytest.approx(hits / (hits + misses))
    # least variance: covariance over variance in the other fold, with half a label of each kind
    own = np.where(said, 0.5, -0.5)
    told = (
        np.where(fold == 1, np.where(place == 1, 0.8, 0.2), np.where(place == 1, 0.7, 0.3)) - 0.5
    )
    for trust, mine in ((t0, fold == 1), (t1, fold == 0)):
        both = float((own * told)[mine].sum())
        alone = float((told**2)[mine].sum())
        centred = both - float(own[mine].sum() * told[mine].sum()) / 80
        spread = alone - float(told[mine].sum()) ** 2 / 80
        # half labels stand at the mean chance, one half, and predict nothing
        assert trust == pytest.approx(min(centred / spread, 1.0), abs=1e-9)


def test_the_plain_figure_is_that_of_the_scorecards_estimator(
    useful: tuple[ScoredLabels, ScoreTotals, Strata, np.ndarray, np.ndarray],
) -> None:
    labels, totals, strata, _, _ = useful
    found = one(labels, totals, strata)
    cells = Cells(
        group=labels.group,
        stratum=labels.stratum,
        cell=labels.violating.astype(np.intp),
        n=np.ones(len(labels.w)),
        w=labels.w,
        w2=labels.w**2,
    )
    both = Ratio(numerator=np.array([False, True]), denominator=np.array([True, True]))
    plain = ratios(cells, strata, numerator=both.numerator, denominator=both.denominator, groups=1)
    for field in ("value", "low", "high", "n_effective"):
        np.testing.assert_allclose(getattr(found.plain, field), getattr(plain, field))


def test_a_useful_score_narrows_and_says_how_many_labels_it_is_worth(
    useful: tuple[ScoredLabels, ScoreTotals, Strata, np.ndarray, np.ndarray],
) -> None:
    labels, totals, strata, _, whole = useful
    found = one(labels, totals, strata)
    assert found.used.all()
    plain = found.plain.high - found.plain.low
    assert (found.figures.high - found.figures.low) < 0.95 * plain
    assert found.figures.method == METHOD
    # a perfect calibration leaves E[p(1-p)] of p(1-p)
    place, _, said = whole
    risk = 0.1 + 0.8 * (place / BINS) ** 2
    share = said.mean()
    left = float((risk * (1 - risk)).mean() / (share * (1 - share)))
    assert found.gain[0] == pytest.approx(left, rel=0.15)
    scored = found.figures.high - found.figures.low
    assert found.worth[0] == pytest.approx(800 * min(1 / found.gain[0], (plain / scored)[0] ** 2))
    assert 800 <= found.worth_low[0] < found.worth[0] < found.worth_high[0]


def test_it_equals_ppi_python_with_the_same_predictions(
    useful: tuple[ScoredLabels, ScoreTotals, Strata, np.ndarray, np.ndarray],
) -> None:
    labels, totals, strata, _, whole = useful
    found = one(labels, totals, strata)
    # ppi_mean_pointestimate and ppi_mean_ci of ppi-python 0.2.3, lam=1, of the same chances
    theirs, width = 0.35143797450016084, 0.058604629442570166
    # theirs divides by the ads; ours by their estimated number, as every share of ours
    assert found.figures.numerator[0] / len(whole[0]) == pytest.approx(theirs, abs=1e-12)
    assert found.figures.value[0] == pytest.approx(theirs, abs=1e-3)
    # theirs is a normal interval from an endless population; ours knows that 4% are labelled
    assert found.figures.high[0] - found.figures.low[0] == pytest.approx(width, rel=0.08)


def test_the_trust_chosen_is_near_what_ppi_python_chooses() -> None:
    place, said = population(20_000, useful=0.5)
    fold = np.random.default_rng(3).integers(0, FOLDS, len(place))
    labels, strata, _ = drawn(place, said, fold, labels=4000)
    found = one(labels, totals_of(place, fold), strata)
    # ppi_mean_pointestimate of ppi-python 0.2.3, of the same chances
    assert found.figures.value[0] == pytest.approx(0.21957754126368045, abs=0.004)


def test_a_useless_score_changes_next_to_nothing() -> None:
    place, said = population(20_000, useful=0.0)
    fold = np.random.default_rng(3).integers(0, FOLDS, len(place))
    labels, strata, _ = drawn(place, said, fold, labels=800)
    found = one(labels, totals_of(place, fold), strata)
    plain = found.plain.high - found.plain.low
    assert (found.figures.high - found.figures.low) == pytest.approx(plain, rel=0.01)
    assert found.worth[0] < 1.02 * 800


def test_a_constant_score_gives_the_plain_figure() -> None:
    place, said = population(5_000, useful=1.0)
    place = np.full_like(place, 9)
    fold = np.random.default_rng(3).integers(0, FOLDS, len(place))
    labels, strata, _ = drawn(place, said, fold, labels=400)
    found = one(labels, totals_of(place, fold), strata)
    assert found.figures.value[0] == pytest.approx(found.plain.value[0])
    assert found.figures.low[0] == pytest.approx(found.plain.low[0], rel=1e-3)


@pytest.mark.parametrize("all_violate", [False, True])
def test_one_kind_of_label_alone_gives_the_plain_figure(*, all_violate: bool) -> None:
    place, said = population(5_000, useful=1.0)
    fold = np.random.default_rng(3).integers(0, FOLDS, len(place))
    labels, strata, _ = drawn(place, np.full_like(said, all_violate), fold, labels=300)
    found = one(labels, totals_of(place, fold), strata)
    assert not found.used.any()
    assert found.figures.value[0] == float(all_violate)
    assert finite(found.figures)
    assert found.worth[0] == 300


def test_few_violations_give_the_plain_figure() -> None:
    place, said = population(5_000, useful=1.0)
    fold = np.random.default_rng(3).integers(0, FOLDS, len(place))
    labels, strata, _ = drawn(place, said, fold, labels=300)
    few = labels.violating & (np.cumsum(labels.violating) <= 4)
    found = one(replace(labels, violating=few), totals_of(place, fold), strata)
    assert not found.used.any()
    assert found.figures.high[0] == found.plain.high[0]


def test_a_stratum_with_one_label_is_no_trouble() -> None:
    place, said = population(5_000, useful=1.0)
    fold = np.random.default_rng(3).integers(0, FOLDS, len(place))
    labels, _, _ = drawn(place, said, fold, labels=300)
    stratum = np.zeros(300, np.intp)
    stratum[0] = 1
    strata = Strata(
        kind=kind_codes([DesignKind.STRATIFIED] * 2),
        population=np.array([4_999.0, 1.0]),
        labels=np.array([299.0, 1.0]),
    )
    weight = np.where(stratum == 1, 1.0, 4_999 / 299)
    found = one(replace(labels, stratum=stratum, w=weight), totals_of(place, fold), strata)
    assert finite(found.figures)
    assert found.used.all()


def test_a_slice_without_a_label_is_unknown_and_its_neighbour_is_not() -> None:
    place, said = population(8_000, useful=1.0)
    rng = np.random.default_rng(3)
    fold, group = rng.integers(0, FOLDS, len(place)), rng.integers(0, 2, len(place))
    labels, strata, chosen = drawn(place, said, fold, labels=500)
    inside = group[chosen]
    alone = replace(labels, group=np.where(inside == 0, 0, -1))
    found = one(alone, totals_of(place, fold, group=group), strata, groups=2)
    assert np.isnan(found.figures.value[1])
    assert not found.used[1]
    assert np.isfinite(found.figures.value[0])
    assert found.used[0]


def test_slices_are_estimated_as_if_alone_but_for_the_trust() -> None:
    place, said = population(12_000, useful=1.0)
    rng = np.random.default_rng(3)
    fold, group = rng.integers(0, FOLDS, len(place)), rng.integers(0, 2, len(place))
    labels, strata, chosen = drawn(place, said, fold, labels=2_000)
    both = replace(labels, group=group[chosen])
    totals = totals_of(place, fold, group=group)
    found = one(both, totals, strata, groups=2)
    truth = [said[group == part].mean() for part in (0, 1)]
    assert found.used.all()
    for part in (0, 1):
        assert found.figures.low[part] < truth[part] < found.figures.high[part]


def test_what_is_labelled_in_full_is_not_predicted() -> None:
    place, said = population(2_000, useful=1.0)
    fold = np.random.default_rng(3).integers(0, FOLDS, len(place))
    labels, _, _ = drawn(place, said, fold, labels=400)
    census = Strata(
        kind=kind_codes([DesignKind.CENSUS]),
        population=np.array([400.0]),
        labels=np.array([400.0]),
    )
    silent = replace(SHAPE, silent=np.ones(1, dtype=bool))
    found = one(replace(labels, w=np.ones(400)), totals_of(place, fold), census, shape=silent)
    assert found.figures.value[0] == pytest.approx(labels.violating.mean())
    assert found.figures.low[0] == found.figures.high[0] == found.figures.value[0]
    assert not found.used.any()


def test_clusters_of_one_ad_are_ads_drawn_one_by_one() -> None:
    place, said = population(20_000, useful=1.0)
    fold = np.random.default_rng(3).integers(0, FOLDS, len(place))
    labels, _, _ = drawn(place, said, fold, labels=800)
    strata = Strata(
        kind=kind_codes([DesignKind.PPS]), population=np.array([np.nan]), labels=np.array([800.0])
    )
    totals = totals_of(place, fold)
    alone = one(labels, totals, strata)
    whole = one(replace(labels, cluster=np.arange(800)), totals, strata)
    assert whole.figures.value[0] == pytest.approx(alone.figures.value[0], rel=1e-9)
    assert whole.gain[0] == pytest.approx(alone.gain[0], rel=1e-6)


def test_labels_that_weigh_nothing_are_refused() -> None:
    place, said = population(500, useful=1.0)
    fold = np.zeros(500, np.intp)
    labels, strata, _ = drawn(place, said, fold, labels=50)
    with pytest.raises(DesignError, match="weigh nothing"):
        one(replace(labels, w=np.zeros(50)), totals_of(place, fold), strata)


def test_no_ad_to_predict_for_is_refused() -> None:
    place, said = population(500, useful=1.0)
    fold = np.zeros(500, np.intp)
    labels, strata, _ = drawn(place, said, fold, labels=50)
    with pytest.raises(DesignError, match="no ad"):
        one(labels, totals_of(place[:0], fold[:0]), strata)


def test_what_scores_alone_expect_is_a_sum_of_chances() -> None:
    totals = ScoreTotals(
        group=np.array([0, 0, 0]), known=np.zeros(3, np.intp), fold=np.zeros(3, np.intp),
        bin=np.array([0, 1, BINS]), total=np.array([30.0, 10.0, 60.0]),
    )  # fmt: skip
    table = np.full((FOLDS, 1, BINS + 1), np.nan)
    table[0, 0, :2] = 0.1, 0.5
    hits, below = modelled_ratios(totals, table, sides=SHARE, groups=1)
    assert hits[0] == pytest.approx(30 * 0.1 + 10 * 0.5)
    assert below[0] == pytest.approx(40.0)  # of the others nothing is known
