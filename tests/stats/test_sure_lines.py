"""Sure lines: the risk is kept over all cells, levels are handed on, labels are asked for."""

from __future__ import annotations

import numpy as np
import pytest

from shroff.errors import DesignError
from shroff.stats.planning import labels_to_show_below
from shroff.stats.precision_tests import LineLabels, design_of
from shroff.stats.score_cells import BINS
from shroff.stats.sure_lines import (
    LineCell,
    fallback,
    labels_for_line,
    lines_to_test,
    precision_from,
    sure_lines,
)


def _up(values: np.ndarray) -> np.ndarray:
    return np.cumsum(values[::-1])[::-1]


def _cell(
    rng: np.random.Generator, *, chance: float, top: float = 0.98, ads: int = 20_000
) -> tuple[LineCell, np.ndarray]:
    """Give a cell whose precision falls from `top` with the score, its labels and the truth."""
    counts = np.full(BINS, ads // BINS)
    share = np.clip(top - 0.9 * (1 - np.arange(BINS) / BINS) ** 2, 0, 1)
    hits = np.round(counts * share).astype(int)
    drawn = [rng.binomial(hits, chance), rng.binomial(counts - hits, chance)]
    places = [np.repeat(np.arange(1, BINS + 1), each) for each in drawn]
    labels = LineLabels(
        place=np.concatenate(places),
        violating=np.repeat([True, False], [len(each) for each in places]),
        weight=np.full(sum(map(len, places)), 1 / chance),
    )
    ads_up = _up(counts).astype(float)
    return LineCell(labels=labels, ads=ads_up), _up(hits) / ads_up


def test_what_is_tested_depends_on_nothing_that_labels_say() -> None:
    worth = np.linspace(900, 0, BINS)
    at, shares = lines_to_test(worth, level=0.05, floor=0.9, lowest=200)
    assert at[0] > at[-1] == 200
    assert np.all(np.diff(at) < 0)
    assert shares.sum() == pytest.approx(1)
    assert shares[0] == 0.5
    # the first test has labels enough for a precision a quarter of the errors away from certain
    assert worth[at[0]] >= labels_to_show_below(0.1, 0.025, level=0.9)


def test_a_cell_of_few_labels_still_has_a_single_test() -> None:
    worth = np.linspace(20, 0, BINS)
    at, shares = lines_to_test(worth, level=0.05, floor=0.9, lowest=0)
    assert at.tolist() == [0]
    assert shares.tolist() == [1.0]


def test_levels_are_handed_on() -> None:
    shares = np.array([0.5, 0.0, 0.25, 0.25])
    assert fallback([(np.array([0.04, 0.04, 0.06, 0.9]), shares)], level=0.1) == (2,)
    # a failure loses what was carried; a later start has its own
    assert fallback([(np.array([0.9, 0.01, 0.02, 0.04]), shares)], level=0.1) == (3,)
    assert fallback([(np.array([0.9, 0.01, 0.03, 0.9]), shares)], level=0.1) == (-1,)
    # a cell that is through hands its risk to the other
    whole = (np.array([0.001, 0.001]), np.array([1.0, 0.0]))
    other = (np.array([0.08]), np.array([1.0]))
    assert fallback([other], level=0.05) == (-1,)
    assert fallback([whole, other], level=0.05) == (1, 0)
    assert fallback([whole, (np.zeros(0), np.zeros(0))], level=0.05) == (1, -1)


@pytest.mark.parametrize("uneven", [False, True])
def test_the_risk_is_kept_over_all_cells(uneven: bool) -> None:
    rng = np.random.default_rng(11)
    floor, delta, runs = 0.9, 0.1, 150
    wrong, lines = 0, 0
    for _ in range(runs):
        made = [_cell(rng, chance=chance, top=top)
                for chance, top in ((0.1, 0.97), (0.05 if uneven else 0.1, 0.93))]  # fmt: skip
        design = design_of(
            LineLabels(
                place=np.concatenate([cell.labels.place for cell, _ in made]),
                violating=np.concatenate([cell.labels.violating for cell, _ in made]),
                weight=np.concatenate([cell.labels.weight for cell, _ in made]),
            )
        )
        found = sure_lines([cell for cell, _ in made], design, floor=floor, delta=delta, lowest=0)
        wrong += any(
            line.at is not None and truth[line.at] < floor
            for line, (_, truth) in zip(found, made, strict=True)
        )
        lines += sum(line.at is not None for line in found)
    assert lines > runs / 2
    assert wrong <= runs * delta + 3 * np.sqrt(runs * delta * (1 - delta))


def test_a_clean_cell_is_sure_to_its_lowest_line_and_a_hopeless_one_nowhere() -> None:
    rng = np.random.default_rng(5)
    cell, _ = _cell(rng, chance=0.5, top=2.0)
    (line,) = sure_lines([cell], design_of(cell.labels), floor=0.9, delta=0.05, lowest=300)
    assert line.at == 300
    assert line.level == 0.05
    cell, truth = _cell(rng, chance=0.5, top=0.6)
    (line,) = sure_lines([cell], design_of(cell.labels), floor=0.9, delta=0.05, lowest=300)
    assert line.at is None
    assert line.tested
    assert max(truth) < 0.9


def test_ads_that_no_draw_reaches_count_as_compliant() -> None:
    rng = np.random.default_rng(5)
    cell, _ = _cell(rng, chance=0.5, top=2.0)
    design = design_of(cell.labels)
    lines = []
    for share in (0.0, 0.05, 0.3):
        blind = LineCell(labels=cell.labels, ads=cell.ads, unseen=share * cell.ads)
        lines += sure_lines([blind], design, floor=0.9, delta=0.05, lowest=100)
    assert lines[0].at == 100
    assert lines[1].at is not None
    assert lines[1].at >= 100
    assert lines[2].at is None


def test_a_cell_without_labels_enough_leaves_its_risk_to_the_others() -> None:
    rng = np.random.default_rng(6)
    rich, _ = _cell(rng, chance=0.5, top=1.2)
    poor, _ = _cell(rng, chance=0.5, ads=1000, top=1.2)
    poor = LineCell(labels=poor.labels, ads=poor.ads / 20)
    found = sure_lines([rich, poor], design_of(rich.labels), floor=0.9, delta=0.05, lowest=0)
    assert [line.level for line in found] == [0.05, 0.0]
    assert found[1].at is None
    assert not found[1].tested
    none = sure_lines([poor], design_of(rich.labels), floor=0.9, delta=0.05, lowest=0)
    assert none[0].at is None


def test_the_labels_asked_for_would_do() -> None:
    """Drawing what is asked for makes the line sure in about eight of ten cases."""
    rng = np.random.default_rng(9)
    cell, truth = _cell(rng, chance=0.02, top=0.99)
    design = design_of(cell.labels)
    need = labels_for_line(cell, design, pooled=truth, floor=0.9, level=0.05, lowest=0, line=None)
    assert need is not None
    assert need.ask > 0
    assert 0 < need.chance < 1
    assert truth[need.at] > 0.9
    expected = labels_to_show_below(0.1, min(1 - need.precision, 0.075), level=0.9, power=0.8)
    assert need.labels == expected
    assert need.chance == pytest.approx(expected / cell.ads[need.at])
    sure = 0
    for _ in range(60):
        more, _ = _cell(rng, chance=need.chance * 1.1, top=0.99)
        (line,) = sure_lines([more], design_of(more.labels), floor=0.9, delta=0.05, lowest=need.at)
        sure += line.at is not None
    assert sure >= 40
    assert (
        labels_for_line(cell, design, pooled=truth, floor=0.9, level=0.05, lowest=0, line=1)
        is None
    )


def test_precision_leans_on_the_rest_where_labels_are_few() -> None:
    labels = LineLabels(
        place=np.array([901, 901, 101]),
        violating=np.array([True, True, False]),
        weight=np.full(3, 2.0),
    )
    plain = precision_from(labels)
    assert plain[[950, 500, 50]] == pytest.approx([np.nan, 1.0, 2 / 3], nan_ok=True)
    leaning = precision_from(labels, leaning_on=np.full(BINS, 0.5))
    assert leaning[[950, 500]] == pytest.approx([0.5, (2 + 10) / 22])


@pytest.mark.parametrize(
    ("floor", "delta", "lowest"), [(1.0, 0.05, 0), (0.9, 0.0, 0), (0.9, 0.5, 0), (0.9, 0.05, BINS)]
)
def test_what_makes_no_sense_is_refused(floor: float, delta: float, lowest: int) -> None:
    cell, _ = _cell(np.random.default_rng(1), chance=0.1)
    with pytest.raises(DesignError):
        sure_lines([cell], design_of(cell.labels), floor=floor, delta=delta, lowest=lowest)
