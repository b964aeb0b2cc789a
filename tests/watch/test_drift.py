"""What moved is found and measured, what did not is left, and the parts of a change sum to it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.watch.term_story import BEFORE, NOW, write_term_story

from shroff.domain.slices import Period
from shroff.errors import ConfigError, DesignError
from shroff.stats.estimate import Estimate, Status
from shroff.synthetic.platform import write_platform
from shroff.watch.drift_findings import Drift, PartKind, Shift, Size
from shroff.watch.drift_logs import table_of
from shroff.watch.drift_measures import cohens_h, distances, ordered_distances, rate_and_mix
from shroff.workspace import Workspace

ENDS = "2026-03-16..2026-03-29"


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return write_term_story(tmp_path_factory.mktemp("drift") / "story")


@pytest.fixture(scope="module")
def moved(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A platform on which one market grows."""
    root: Path = tmp_path_factory.mktemp("drift") / "demo"
    write_platform(root, ads=6000, seed=11, days=70)
    workspace = Workspace.open(root)
    for table, files in workspace.sources().items():
        workspace.ingest(table, files)
    return workspace


def test_a_mix_that_shifted_is_found_and_the_rest_is_steady(moved: Workspace) -> None:
    found = moved.lookout.drift()
    sizes = {each.name: each for each in found.shifts if each.kind is PartKind.COLUMN}
    assert sizes["market"].size is not Size.STEADY
    assert sizes["market"].moved[0][2] > sizes["market"].moved[0][1]
    assert sizes["language"].size in {Size.STEADY, Size.SMALL}
    assert {each.kind for each in found.shifts} == set(PartKind)
    assert {each.by for each in found.links} >= {"score", "market"}


def test_parts_of_a_change_sum_to_it(moved: Workspace) -> None:
    links = moved.lookout.drift(by=["market"]).links
    assert links
    for link in links:
        assert link.change.value is not None
        assert link.mix.value is not None
        assert link.rate.value is not None
        assert link.mix.value + link.rate.value == pytest.approx(link.change.value)
        assert link.after - link.before == pytest.approx(link.change.value)
        assert link.change.low is not None
        assert link.change.low <= link.change.value


def test_told_is_what_moved_and_explains_most(moved: Workspace) -> None:
    found = moved.lookout.drift()
    told = found.told()
    assert {each.share for each in told} == {each.share for each in found.links}
    assert all(sum(each.share == one.share for each in told) <= 2 for one in told)
    still = {each.name for each in found.shifts if each.size is Size.STEADY}
    assert not still & {each.by for each in told}


def test_shares_are_what_sql_counts(story: Workspace) -> None:
    found = story.lookout.drift(by=["market"], period=ENDS)
    (market,) = [each for each in found.shifts if each.name == "market"]
    for value, before, after in market.moved:
        for period, share in ((BEFORE, before), (NOW, after)):
            (row,) = story.sql(
                f"SELECT AVG(CASE WHEN market = '{value}' THEN 1.0 ELSE 0.0 END) AS s FROM decisions"
                f" WHERE CAST(decided_at AS DATE) >= DATE '{period.start}'"
                f" AND CAST(decided_at AS DATE) < DATE '{period.end}'"
            ).to_pylist()
            assert share == pytest.approx(float(row["s"]))


@given(
    sides=st.lists(
        st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=3, max_size=3),
        min_size=2,
        max_size=2,
    )
)
def test_rate_and_mix_sum_to_the_change(sides: list[list[tuple[int, int]]]) -> None:
    before, after = (
        np.array([(above, above + more) for above, more in side], float) for side in sides
    )
    first, second, change, rate, mix = rate_and_mix(before, after)
    assert change == pytest.approx(second - first)
    assert rate + mix == pytest.approx(change)


def test_a_change_of_the_mix_alone_is_all_mix() -> None:
    before = np.array([[10.0, 100.0], [50.0, 100.0]])
    after = np.array([[20.0, 200.0], [10.0, 20.0]])
    *_, change, rate, mix = rate_and_mix(before, after)
    assert rate == pytest.approx(0)
    assert mix == pytest.approx(change)
    assert change < -0.1


def test_distances_are_those_of_textbooks() -> None:
    index, variation = distances(np.array([50e6, 50e6]), np.array([25e6, 75e6]))
    assert index == pytest.approx(-0.25 * np.log(0.5) + 0.25 * np.log(1.5), rel=1e-4)
    assert variation == pytest.approx(0.25, rel=1e-4)
    _, moved, mean, ks = ordered_distances(
        np.array([1.0, 0, 0, 0]) * 1e6, np.array([0, 0, 0, 1.0]) * 1e6
    )
    assert (moved, mean, ks) == pytest.approx((0.75, 0.75, 1.0))
    assert cohens_h(np.array([0.0, 10.0]), np.array([10.0, 10.0]))[0] == pytest.approx(np.pi)


def test_sums_fall_into_their_days_and_values() -> None:
    days = np.array([20_528, 20_528, 20_529, 20_542])  # 2026-03-16 and so on
    table = table_of(days, ["a", "b", "a", "a"], np.ones(4), periods=(BEFORE, NOW))
    assert table.values == ("a", "b")
    assert table.before.sum() == 0
    assert table.after.sum(axis=0).tolist() == [2.0, 1.0]


def effect(value: float, low: float, high: float) -> Estimate:
    return Estimate(
        value=value, low=low, high=high, level=0.95, status=Status.ESTIMATE, method="x", n=9
    )


@pytest.mark.parametrize(
    ("value", "low", "size"),
    [(0.3, 0.2, Size.LARGE), (0.2, 0.1, Size.MODERATE), (0.05, 0.01, Size.SMALL),
     (0.3, -0.1, Size.STEADY)],
)  # fmt: skip
def test_sizes_go_by_the_usual_marks_and_by_chance(value: float, low: float, size: Size) -> None:
    shift = Shift(
        name="market", kind=PartKind.COLUMN, effect=effect(value, low, 0.4), others={}, moved=()
    )
    assert shift.size is size
    drift = Drift(
        period=NOW, background=BEFORE, level=0.95, shifts=(shift,), links=(), notes=(), snapshot={}
    )
    assert len(drift.findings()) == (size in {Size.MODERATE, Size.LARGE})
    assert (drift.summary().id == "drift.none") is (size is Size.STEADY)
    reviewers = replace(shift, kind=PartKind.REVIEWERS, effect=effect(0.3, 0.2, 0.4))
    assert reviewers.size is Size.MODERATE


@pytest.mark.parametrize(
    ("how", "fault"),
    [
        ({"by": ["markt"]}, ConfigError),
        ({"background": "2026-03-02..2026-03-10"}, ConfigError),
        ({"period": Period(NOW.end, NOW.end.replace(year=2027))}, ConfigError),
        ({"period": "2026-03-17..2026-03-19"}, DesignError),
    ],
)
def test_a_mistake_is_told(story: Workspace, how: dict[str, object], fault: type) -> None:
    with pytest.raises(fault):
        story.lookout.drift(**{"period": ENDS, **how})  # type: ignore[arg-type]


def test_without_labels_or_scores_it_says_so(story: Workspace) -> None:
    found = story.lookout.drift(by=["market"], period=ENDS)
    assert PartKind.SCORE not in {each.kind for each in found.shifts}
    assert found.to_arrow().num_rows == len(found.shifts)
    assert set(found.record()) >= {"shifts", "links", "notes"}
