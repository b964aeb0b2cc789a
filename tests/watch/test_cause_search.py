"""Slices that moved are found; those that did not are not; odd inputs get an answer."""

from __future__ import annotations

import numpy as np
import pytest
from benchmarks.root_cause_cases import Case, made_cases
from hypothesis import given, settings
from hypothesis import strategies as st

from shroff.errors import DesignError
from shroff.watch.cause_lattice import Lattice
from shroff.watch.cause_search import Cells, Explanation, find_shifts

COUNTS = {"counts": 0.95, "sparse counts": 0.8, "heavy tails": 0.95, "siblings": 0.9,
          "uneven moves": 0.85, "counts that drift 2% by value": 0.85}  # fmt: skip


def found_in(case: Case) -> Explanation:
    return find_shifts(Cells(codes=case.codes, actual=case.actual, expected=case.expected))


def grid(*widths: int) -> np.ndarray:
    return np.stack([g.ravel() for g in np.indices(widths)], axis=1).astype(np.int32)


@pytest.mark.parametrize(("family", "least"), COUNTS.items())
def test_planted_slices_are_found_in_cases_made_otherwise(family: str, least: float) -> None:
    hits = others = 0
    for case in made_cases(family, 5, seed=11):
        found = {shift.terms for shift in found_in(case).shifts}
        hits += len(found & case.truth)
        others += len(found ^ case.truth)
    assert 2 * hits / (2 * hits + others) >= least


@pytest.mark.parametrize("family", ["nothing", "nothing, drift 2%"])
def test_nothing_is_found_where_nothing_happened(family: str) -> None:
    assert not [
        shift for case in made_cases(family, 6, seed=12) for shift in found_in(case).shifts
    ]


def test_a_shift_tells_what_its_slice_held_and_should_have_held() -> None:
    codes = grid(6, 5, 4)
    expected = np.full(len(codes), 100.0)
    actual = expected * np.random.default_rng(1).normal(1, 0.02, len(codes))
    inside = (codes[:, 0] == 3) & (codes[:, 2] == 1)
    actual[inside] *= 0.4
    (shift,) = find_shifts(Cells(codes=codes, actual=actual, expected=expected)).shifts
    assert shift.terms == ((0, 3), (2, 1))
    assert shift.cells == 5
    assert shift.expected == pytest.approx(500)
    assert shift.actual == pytest.approx(actual[inside].sum())


def test_a_slice_of_which_some_values_moved_is_told_by_those_values() -> None:
    codes = grid(8, 6, 5)
    expected = np.full(len(codes), 100.0)
    actual = expected * np.random.default_rng(2).normal(1, 0.02, len(codes))
    actual[(codes[:, 0] == 2) & (codes[:, 1] < 3)] *= 1.6
    found = find_shifts(Cells(codes=codes, actual=actual, expected=expected)).shifts
    assert {shift.terms for shift in found} == {((0, 2), (1, k)) for k in range(3)}


def test_the_order_of_cells_does_not_matter() -> None:
    (case,) = made_cases("counts", 1, seed=13)
    order = np.random.default_rng(3).permutation(len(case.codes))
    turned = Case(case.codes[order], case.actual[order], case.expected[order], case.truth)
    assert {s.terms for s in found_in(turned).shifts} == {s.terms for s in found_in(case).shifts}


def test_rounded_values_are_not_taken_for_moves() -> None:
    rng = np.random.default_rng(4)
    codes = grid(20, 15, 10)
    mean = rng.lognormal(-4, 2, len(codes))
    cells = Cells(
        codes=codes,
        actual=np.round(mean * rng.normal(1, 0.02, len(codes)).clip(0), 3),
        expected=np.round(mean, 3),
    )
    assert not find_shifts(cells).shifts


def test_a_known_variance_is_allowed_for() -> None:
    codes = grid(30, 20)
    expected = np.full(len(codes), 50.0)
    actual = expected.copy()
    actual[7] = 80
    cells = Cells(codes=codes, actual=actual, expected=expected)
    wide = Cells(
        codes=codes, actual=actual, expected=expected, variance=np.full(len(codes), 200.0)
    )
    assert [s.terms for s in find_shifts(cells).shifts] == [((0, 0), (1, 7))]
    assert not find_shifts(wide).shifts


def test_a_dimension_of_many_values_is_numbered_by_hash() -> None:
    rng = np.random.default_rng(5)
    codes = np.stack([rng.permutation(40_000), rng.integers(0, 5, 40_000)], axis=1).astype(
        np.int32
    )
    mean = rng.lognormal(4, 1, 40_000)
    expected = rng.poisson(mean).astype(float)
    actual = rng.poisson(mean * np.where(codes[:, 1] == 2, 0.5, 1)).astype(float)
    found = find_shifts(Cells(codes=codes, actual=actual, expected=expected))
    assert found.slices == 2 * found.cells + 5
    assert [shift.terms for shift in found.shifts] == [((1, 2),)]


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**31), st.integers(1, 4), st.integers(1, 300))
def test_every_combination_numbers_its_slices_without_mistaking_any(
    seed: int, dims: int, count: int
) -> None:
    rng = np.random.default_rng(seed)
    codes = rng.integers(0, rng.integers(1, 400, dims), (count, dims)).astype(np.int32)
    lattice = Lattice.over(codes, None)
    for combination, ids, distinct in zip(
        lattice.combinations, lattice.ids, lattice.distinct, strict=True
    ):
        _, plain = np.unique(codes[:, list(combination)], axis=0, return_inverse=True)
        assert len(set(zip(plain.ravel().tolist(), ids.tolist(), strict=True))) == distinct
        assert len(set(ids.tolist())) == distinct == plain.max() + 1


@pytest.mark.parametrize(
    "codes",
    [np.zeros((0, 3), np.int32), np.zeros((1, 1), np.int32), np.zeros((1, 0), np.int32)],
)
def test_few_cells_give_no_shift(codes: np.ndarray) -> None:
    held = np.full(len(codes), 5.0)
    assert not find_shifts(Cells(codes=codes, actual=held, expected=held)).shifts


def test_all_cells_alike_or_empty_give_no_shift() -> None:
    codes = grid(10, 10)
    held = np.full(100, 7.0)
    assert not find_shifts(Cells(codes=codes, actual=held, expected=held)).shifts
    assert not find_shifts(Cells(codes=codes, actual=held * 0, expected=held * 0)).shifts


@pytest.mark.parametrize("bad", [-1.0, np.nan, np.inf])
def test_values_that_are_no_amounts_are_refused(bad: float) -> None:
    codes, held = grid(3), np.array([1.0, 2.0, bad])
    with pytest.raises(DesignError, match="below 0"):
        find_shifts(Cells(codes=codes, actual=held, expected=np.ones(3)))


def test_arrays_of_different_lengths_are_refused() -> None:
    with pytest.raises(DesignError, match="3 cells"):
        find_shifts(Cells(codes=grid(3), actual=np.ones(2), expected=np.ones(3)))
