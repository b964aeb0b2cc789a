"""The slices that some columns make, and their sums, against counting one by one."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shroff.errors import DesignError
from shroff.stats.lattice import CodedLabels, Lattice, SliceSums, grow, sums_of

Terms = tuple[tuple[int, int], ...]


def labels_of(
    rows: list[tuple[int, ...]], errors: list[bool], weights: list[float]
) -> CodedLabels:
    columns = tuple(np.array(column) for column in zip(*rows, strict=True))
    return CodedLabels(values=columns, error=np.array(errors), w=np.array(weights))


@st.composite
def some_labels(draw: st.DrawFn, *, clustered: bool = False) -> CodedLabels:
    count = draw(st.integers(1, 60))
    columns = draw(st.integers(1, 4))
    rows = draw(
        st.lists(
            st.tuples(*[st.integers(0, draw(st.integers(0, 4)))] * columns),
            min_size=count,
            max_size=count,
        )
    )
    errors = draw(st.lists(st.booleans(), min_size=count, max_size=count))
    weights = draw(
        st.lists(st.sampled_from([0.0, 1.0, 2.5, 100.0]), min_size=count, max_size=count)
    )
    found = labels_of(rows, errors, weights)
    if not clustered:
        return found
    cluster = draw(st.lists(st.integers(0, 6), min_size=count, max_size=count))
    return CodedLabels(
        values=found.values, error=found.error, w=found.w, cluster=np.array(cluster)
    )


def by_hand(labels: CodedLabels, *, depth: int, least: int) -> dict[Terms, tuple[float, ...]]:
    """Go through every combination of values, and through every label for each."""
    cluster = np.arange(len(labels)) if labels.cluster is None else labels.cluster
    found: dict[Terms, tuple[float, ...]] = {}
    for size in range(1, depth + 1):
        for columns in combinations(range(len(labels.values)), size):
            rows = list(zip(*(labels.values[c].tolist() for c in columns), strict=True))
            for values in set(rows):
                inside = [place for place, row in enumerate(rows) if row == values]
                if len(inside) < least:
                    continue
                w = labels.w[inside]
                bad = w * labels.error[inside]
                whole = [w[cluster[inside] == c].sum() for c in set(cluster[inside].tolist())]
                wrong = [bad[cluster[inside] == c].sum() for c in set(cluster[inside].tolist())]
                found[tuple(zip(columns, values, strict=True))] = (
                    len(inside),
                    w.sum(),
                    bad.sum(),
                    (w**2).sum(),
                    (bad**2).sum(),
                    np.square(whole).sum(),
                    np.multiply(whole, wrong).sum(),
                    np.square(wrong).sum(),
                )
    return found


def as_dict(lattice: Lattice, sums: SliceSums) -> dict[Terms, tuple[float, ...]]:
    columns = [getattr(sums, name) for name in SliceSums.__dataclass_fields__]
    return {
        lattice.terms(place): tuple(column[place] for column in columns)
        for place in range(len(lattice))
    }


def same(found: dict[Terms, tuple[float, ...]], sought: dict[Terms, tuple[float, ...]]) -> None:
    assert found.keys() == sought.keys()
    for terms, numbers in sought.items():
        assert found[terms] == pytest.approx(numbers)


@given(some_labels(), st.integers(1, 3), st.integers(1, 6))
def test_every_slice_with_enough_labels_is_there_and_added_up(
    labels: CodedLabels, depth: int, least: int
) -> None:
    same(
        as_dict(*grow(labels, depth=depth, least=least)), by_hand(labels, depth=depth, least=least)
    )


@given(some_labels(clustered=True), st.integers(1, 4))
def test_squares_are_those_of_clusters_where_labels_come_in_clusters(
    labels: CodedLabels, least: int
) -> None:
    same(as_dict(*grow(labels, depth=3, least=least)), by_hand(labels, depth=3, least=least))


@given(some_labels(), st.integers(1, 6), st.data())
def test_some_of_the_labels_add_up_to_the_same_slices(
    labels: CodedLabels, least: int, data: st.DataObject
) -> None:
    lattice, whole = grow(labels, depth=3, least=least)
    some = np.array(data.draw(st.lists(st.booleans(), min_size=len(labels), max_size=len(labels))))
    part, rest = (sums_of(lattice, labels.taken(rows)) for rows in (some, ~some))
    for name in SliceSums.__dataclass_fields__:
        assert getattr(part, name) + getattr(rest, name) == pytest.approx(getattr(whole, name))
    assert whole.less(part).labels == pytest.approx(rest.labels)


@given(some_labels(), st.integers(1, 4))
def test_parents_have_one_column_less_and_the_same_values(labels: CodedLabels, least: int) -> None:
    lattice, _ = grow(labels, depth=3, least=least)
    for place in range(len(lattice)):
        terms = lattice.terms(place)
        parents = [lattice.terms(p) for p in lattice.parents[place] if p >= 0]
        expected = list(combinations(terms, len(terms) - 1)) if len(terms) > 1 else []
        assert sorted(parents) == sorted(expected)


@given(some_labels())
def test_a_slice_holds_the_labels_it_counts(labels: CodedLabels) -> None:
    lattice, sums = grow(labels, depth=2, least=1)
    for place in range(len(lattice)):
        assert labels.within(lattice.terms(place)).sum() == sums.labels[place]


def test_a_column_with_one_value_makes_slices_that_hold_everything() -> None:
    labels = labels_of([(0, 0), (0, 1), (0, 1)], [True, False, False], [1, 1, 1])
    lattice, sums = grow(labels, depth=2, least=2)
    assert [lattice.terms(place) for place in range(len(lattice))] == [
        ((0, 0),),
        ((0, 0), (1, 1)),
        ((1, 1),),
    ]
    assert sums.labels.tolist() == [3, 2, 2]
    assert sums.share.tolist() == pytest.approx([1 / 3, 0, 0])


def test_no_slice_has_enough_labels() -> None:
    labels = labels_of([(0,), (1,)], [True, False], [1, 1])
    lattice, sums = grow(labels, depth=3, least=2)
    assert len(lattice) == 0
    assert len(sums.labels) == 0
    assert len(sums_of(lattice, labels).labels) == 0


def test_ten_thousand_values_with_few_labels_each_cost_no_table() -> None:
    rng = np.random.default_rng(3)
    size = 20_000
    labels = CodedLabels(
        values=(rng.integers(0, 10_000, size), rng.integers(0, 10_000, size), np.arange(size) % 3),
        error=rng.random(size) < 0.1,
        w=np.ones(size),
    )
    lattice, sums = grow(labels, depth=3, least=20)
    assert [lattice.terms(place) for place in range(len(lattice))] == [((2, v),) for v in range(3)]
    assert sums.labels.sum() == size


@pytest.mark.parametrize("bad", [-1.0, np.nan, np.inf])
def test_a_weight_that_is_none_is_refused(bad: float) -> None:
    labels = labels_of([(0,), (0,)], [True, False], [1.0, bad])
    with pytest.raises(DesignError, match="weight that is negative or missing"):
        grow(labels, depth=1, least=1)


@pytest.mark.parametrize(("depth", "least"), [(0, 1), (1, 0)])
def test_slices_need_a_column_and_a_label(depth: int, least: int) -> None:
    with pytest.raises(DesignError, match="at least one column and one label"):
        grow(labels_of([(0,)], [True], [1.0]), depth=depth, least=least)
