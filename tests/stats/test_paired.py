"""Two versions on the same ads: by hand, against `statsmodels`-free oracles, and on odd inputs."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binomtest

from shroff.domain.labels import DesignKind
from shroff.errors import DesignError
from shroff.stats.paired import Comparison, compare_paired, mcnemar, move
from shroff.stats.paired_doubt import PairedLabels, covariance
from shroff.stats.sampling import kind_codes

POISSON = kind_codes([DesignKind.POISSON])


def labels_of(
    bad: list[int],
    w: list[float] | float = 10.0,
    *,
    kind: DesignKind = DesignKind.POISSON,
    cluster: list[int] | None = None,
) -> PairedLabels:
    n = len(bad)
    return PairedLabels(
        stratum=np.zeros(n, np.intp),
        w=np.full(n, w) if isinstance(w, float) else np.array(w),
        bad=np.array(bad, bool),
        kind=kind_codes([kind]),
        cluster=None if cluster is None else np.array(cluster, np.intp),
    )


def compared(
    labels: PairedLabels, first: list[int], second: list[int], group: list[int] | None = None
) -> dict[str, Comparison]:
    where = np.array(group if group is not None else [0] * len(first), np.intp)
    found = compare_paired(
        labels,
        first=np.array(first, bool),
        second=np.array(second, bool),
        group=where,
        groups=int(where.max(initial=0)) + 1,
    )
    return {each.metric: each for each in found}


def test_differences_are_those_counted_by_hand() -> None:
    bad = [1, 1, 1, 1, 0, 0, 0, 0]
    found = compared(labels_of(bad), [1, 0, 0, 1, 1, 0, 0, 0], [1, 1, 1, 0, 0, 0, 1, 1])
    assert found["recall"].first.value[0] == pytest.approx(2 / 4)
    assert found["recall"].second.value[0] == pytest.approx(3 / 4)
    assert found["recall"].difference.value[0] == pytest.approx(1 / 4)
    assert found["recall"].difference.n[0] == 3
    assert found["precision"].difference.value[0] == pytest.approx(3 / 5 - 2 / 3)
    assert found["fpr"].difference.value[0] == pytest.approx(2 / 4 - 1 / 4)


def test_weights_count_in_differences() -> None:
    found = compared(labels_of([1, 1, 1], [90.0, 5.0, 5.0]), [1, 0, 0], [0, 1, 1])
    assert found["recall"].difference.value[0] == pytest.approx(-0.8)


def test_mcnemar_is_the_exact_binomial_test() -> None:
    gained, lost = np.meshgrid(np.arange(12.0), np.arange(12.0))
    ours = mcnemar(gained.ravel(), lost.ravel())
    theirs = [
        binomtest(int(b), int(b + c), 0.5).pvalue if b + c else 1.0
        for b, c in zip(gained.ravel(), lost.ravel(), strict=True)
    ]
    assert ours == pytest.approx(theirs)


def test_mcnemar_is_used_where_ads_that_differ_have_one_weight() -> None:
    bad = [1] * 12
    first, second = [0] * 9 + [1] * 3, [1] * 8 + [0] + [0] + [1] * 2
    found = compared(labels_of(bad), first, second)["recall"]
    assert found.exact[0]
    assert found.p[0] == pytest.approx(binomtest(8, 9, 0.5).pvalue)


def test_unequal_weights_clusters_and_a_census_get_no_exact_test() -> None:
    first, second = [1, 0, 0, 1], [0, 1, 1, 1]
    uneven = labels_of([1] * 4, [1.5, 9.0, 2.0, 3.0])
    grouped = labels_of([1] * 4, cluster=[0, 0, 1, 2])
    full = labels_of([1] * 4, 1.0, kind=DesignKind.CENSUS)
    for labels in (uneven, grouped, full):
        assert not compared(labels, first, second)["recall"].exact[0]


def test_a_census_leaves_nothing_to_chance() -> None:
    found = compared(labels_of([1, 1, 0], 1.0, kind=DesignKind.CENSUS), [1, 0, 0], [1, 1, 0])
    recall = found["recall"].difference
    assert recall.low[0] == recall.value[0] == recall.high[0] == pytest.approx(0.5)


def test_versions_that_never_differ_are_not_taken_to_be_the_same() -> None:
    acts = [1, 0] * 20
    found = compared(labels_of([1, 1, 0, 0] * 10), acts, acts)
    for metric in ("recall", "precision", "fpr"):
        difference = found[metric].difference
        assert difference.value[0] == 0
        assert difference.low[0] < 0 < difference.high[0]
        assert found[metric].p[0] == pytest.approx(1.0)


@pytest.mark.parametrize("bad", [[1] * 6, [0] * 6])
def test_one_class_only_leaves_the_other_unknown(bad: list[int]) -> None:
    found = compared(labels_of(bad), [1, 0, 1, 0, 1, 0], [1, 1, 0, 0, 1, 0])
    known, unknown = ("recall", "fpr") if bad[0] else ("fpr", "recall")
    assert np.isfinite(found[known].difference.value[0])
    assert np.isnan(found[unknown].difference.value[0])
    assert np.isnan(found[unknown].p[0])


def test_versions_that_act_on_nothing_have_no_precision() -> None:
    found = compared(labels_of([1, 0, 1]), [0, 0, 0], [0, 0, 0])
    assert np.isnan(found["precision"].difference.value[0])
    assert found["recall"].difference.value[0] == 0


def test_weights_of_zero_are_refused() -> None:
    with pytest.raises(DesignError, match="all weights are zero"):
        labels_of([1, 0], [0.0, 0.0])


def test_a_missing_weight_is_refused() -> None:
    with pytest.raises(DesignError, match="negative or missing"):
        labels_of([1, 0], [np.nan, 1.0])


def test_one_cluster_counts_its_whole_square() -> None:
    labels = labels_of([1, 1, 0, 0], cluster=[0, 0, 0, 0])
    found = compared(labels, [1, 0, 1, 0], [1, 1, 0, 0])["recall"].difference
    assert found.low[0] < found.value[0] < found.high[0]


def test_a_stratum_with_one_label_gives_an_interval() -> None:
    labels = PairedLabels(
        stratum=np.array([0, 1, 1, 1]),
        w=np.array([50.0, 2.0, 2.0, 2.0]),
        bad=np.array([True, True, True, False]),
        kind=kind_codes([DesignKind.STRATIFIED, DesignKind.STRATIFIED]),
    )
    found = compared(labels, [0, 1, 0, 0], [1, 1, 1, 1])["recall"].difference
    assert np.isfinite([found.low[0], found.high[0]]).all()
    assert found.high[0] > found.low[0]


def test_slices_are_compared_apart() -> None:
    bad, first, second = [1, 1, 1, 1], [1, 1, 0, 0], [0, 1, 1, 1]
    found = compared(labels_of(bad), first, second, [0, 0, 1, 1])["recall"].difference
    assert found.value.tolist() == pytest.approx([-0.5, 1.0])


def test_labels_outside_every_slice_do_not_count() -> None:
    alone = compared(labels_of([1, 1]), [1, 0], [1, 1])["recall"].difference
    beside = compared(labels_of([1, 1, 1]), [1, 0, 1], [1, 1, 0], [0, 0, -1])["recall"].difference
    assert alone.value[0] == beside.value[0] == pytest.approx(0.5)


def test_ten_thousand_slices_get_an_answer_each() -> None:
    rng = np.random.default_rng(3)
    n, groups = 20_000, 10_000
    labels = PairedLabels(
        stratum=np.zeros(n, np.intp), w=np.full(n, 4.0), bad=rng.random(n) < 0.4, kind=POISSON
    )
    found = compare_paired(
        labels,
        first=rng.random(n) < 0.5,
        second=rng.random(n) < 0.5,
        group=rng.integers(0, groups, n),
        groups=groups,
    )[0]
    known = np.isfinite(found.difference.value)
    assert known.any()
    assert np.isfinite(found.difference.low[known]).all()
    assert ((found.p[known] >= 0) & (found.p[known] <= 1)).all()


def test_the_covariance_is_that_of_the_design() -> None:
    rng = np.random.default_rng(9)
    n = 40
    stratum = np.repeat([0, 1], n // 2)
    w = np.where(stratum == 0, 5.0, 2.0)
    x, y = w * rng.normal(size=n), w * rng.normal(size=n)
    where = np.zeros(n, np.intp)
    common = {"stratum": stratum, "w": w, "bad": np.ones(n, bool)}
    poisson = PairedLabels(**common, kind=kind_codes([DesignKind.POISSON] * 2))
    found = covariance(x, y, labels=poisson, group=where, groups=1)
    assert found[0] == pytest.approx(np.sum((1 - 1 / w) * x * y))
    simple = PairedLabels(**common, kind=kind_codes([DesignKind.STRATIFIED] * 2))
    by_hand = sum(
        (1 - 1 / w[stratum == h][0])
        * (n / 2)
        / (n / 2 - 1)
        * np.sum((x - x[stratum == h].mean()) * (y - y[stratum == h].mean()) * (stratum == h))
        for h in (0, 1)
    )
    found = covariance(x, y, labels=simple, group=where, groups=1)
    assert found[0] == pytest.approx(by_hand)


def test_figures_at_different_levels_are_refused() -> None:
    labels = labels_of([1, 0, 1, 0])
    flags = np.array([True, False, True, True])
    where = np.zeros(4, np.intp)
    one, two = (
        compare_paired(labels, first=flags, second=~flags, group=where, groups=1, level=level)[0]
        for level in (0.9, 0.95)
    )
    with pytest.raises(DesignError, match="do not match"):
        move(one.first, two.second, tied=np.zeros(1))
