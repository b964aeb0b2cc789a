"""Better, worse, met or missed: only where the interval says so."""

from __future__ import annotations

import pytest

from shroff.domain.metric_catalogue import CATALOGUE
from shroff.domain.slices import Slice
from shroff.report.document import Standing, Tone
from shroff.report.figures import Form
from shroff.report.judging import against, is_clear, read_change, widened, worst_first
from shroff.report.weekly_results import Measured, Target
from shroff.stats.estimate import Estimate, Status


def made(
    value: float | None, low: float, high: float, status: Status = Status.ESTIMATE
) -> Estimate:
    return Estimate(
        value=value, low=low, high=high, level=0.95, status=status, method="hajek", n=100
    )


def test_one_look_leaves_an_interval_as_it_is() -> None:
    assert widened(made(0.5, 0.4, 0.7), looks=1) == pytest.approx((0.4, 0.7))


def test_many_looks_widen_it_on_both_sides() -> None:
    # Bonferroni for 10 looks: 2.807 standard errors instead of 1.960.
    assert widened(made(0.0, -0.196, 0.196), looks=10) == pytest.approx(
        (-0.2807, 0.2807), abs=1e-4
    )


def test_bounds_are_not_stretched() -> None:
    assert widened(made(None, 0.1, 0.3, Status.BOUNDS), looks=9) == (0.1, 0.3)


def test_a_change_clear_alone_may_not_be_clear_among_many() -> None:
    change = made(0.02, 0.001, 0.039)
    assert is_clear(change, looks=1)
    assert not is_clear(change, looks=10)
    assert not is_clear(None, looks=1)


@pytest.mark.parametrize(
    ("metric", "value", "tone"),
    [
        ("leakage", 0.02, Tone.BAD),
        ("leakage", -0.02, Tone.GOOD),
        ("reject_precision", 0.02, Tone.GOOD),
        ("queue_in_rate", 0.02, Tone.QUIET),
    ],
)
def test_better_and_worse_follow_the_metric(metric: str, value: float, tone: Tone) -> None:
    change = made(value, value - 0.001, value + 0.001)
    reading = read_change(change, metric=CATALOGUE[metric], looks=3)
    assert reading is not None
    assert reading.clear
    assert reading.mark.tone is tone


def test_a_change_clear_only_alone_is_perhaps_one() -> None:
    reading = read_change(made(0.02, 0.001, 0.039), metric=CATALOGUE["leakage"], looks=10)
    assert reading is not None
    assert not reading.clear
    assert (reading.mark.text.text(), reading.mark.tone) == ("perhaps worse", Tone.UNSURE)


def test_a_count_moves_up_or_down_but_is_not_judged() -> None:
    moved = made(0.001, 0.001, 0.001, Status.COUNT)
    reading = read_change(moved, metric=CATALOGUE["automation_rate"], looks=3)
    assert reading is not None
    assert (reading.mark.text.text(), reading.mark.tone) == ("up", Tone.QUIET)


@pytest.mark.parametrize(
    ("low", "high", "standing"),
    [(0.001, 0.01, Standing.MET), (0.011, 0.02, Standing.MISSED), (0.005, 0.02, Standing.UNSURE)],
)
def test_a_ceiling_is_judged_by_the_whole_interval(
    low: float, high: float, standing: Standing
) -> None:
    goal = against(made(0.5 * (low + high), low, high), Target(at_most=0.01), form=Form.SHARE)
    assert goal is not None
    assert goal.standing is standing
    assert goal.text.text() == "≤ 1%"


def test_a_floor_is_judged_the_other_way_round() -> None:
    floor = Target(at_least=0.9)
    standings = [
        goal.standing
        for low, high in [(0.91, 0.95), (0.8, 0.89), (0.85, 0.95)]
        if (goal := against(made(None, low, high, Status.BOUNDS), floor, form=Form.SHARE))
    ]
    assert standings == [Standing.MET, Standing.MISSED, Standing.UNSURE]


def test_a_proxy_neither_meets_nor_misses_a_goal() -> None:
    goal = against(made(0.5, 0.4, 0.6, Status.PROXY), Target(at_most=0.1), form=Form.SHARE)
    assert goal is not None
    assert goal.standing is Standing.UNSURE


def test_without_a_goal_there_is_nothing_to_judge() -> None:
    assert against(made(0.5, 0.4, 0.6), None, form=Form.SHARE) is None
    assert against(made(0.5, 0.4, 0.6), Target(), form=Form.SHARE) is None


def test_few_labels_do_not_top_the_ranking() -> None:
    def slice_of(name: str, value: float, low: float, high: float) -> Measured:
        return Measured("leakage", Slice((("market", name),)), made(value, low, high))

    sure, lucky = slice_of("sure", 0.03, 0.02, 0.04), slice_of("lucky", 0.2, 0.001, 0.7)
    assert worst_first([lucky, sure], metric=CATALOGUE["leakage"]) == (sure, lucky)


def test_where_more_is_better_the_lowest_upper_end_is_worst() -> None:
    def slice_of(name: str, low: float, high: float) -> Measured:
        return Measured(
            "reject_precision", Slice((("market", name),)), made((low + high) / 2, low, high)
        )

    bad, vague = slice_of("bad", 0.6, 0.7), slice_of("vague", 0.2, 0.99)
    assert worst_first([vague, bad], metric=CATALOGUE["reject_precision"]) == (bad, vague)
