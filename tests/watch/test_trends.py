"""Lines by day are what plain SQL counts, and what they cannot tell they say."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from shroff.errors import ConfigError
from shroff.watch.daily_series import SETTLED
from shroff.watch.trend_lines import Trend, TrendQuestion, Trends
from shroff.workspace import Workspace


def drawn(platform: Workspace, *metrics: str, period: str = "all", **how: object) -> Trends:
    question = TrendQuestion(metrics=metrics, **{"within": {}, "ahead": 0, **how})  # type: ignore[arg-type]
    return platform.lookout.trends(question, period=period)


def counted(line: Trend) -> dict[str, tuple[float, float]]:
    below = line.series.below if line.series.below is not None else line.series.above
    rows = zip(line.series.days, line.series.above, below, strict=True)
    return {str(day): (above, under) for day, above, under in rows}


MACHINE = "NOT COALESCE(shadow, FALSE) AND source <> 'human'"
FIRST = f"""(SELECT * FROM (SELECT d.*, ROW_NUMBER() OVER (PARTITION BY ad_id, ad_version, market
    ORDER BY decided_at, decision_id) AS one FROM decisions AS d WHERE {MACHINE}) AS r
    WHERE one = 1) AS d"""


def told(platform: Workspace, sql: str) -> dict[str, tuple[float, float]]:
    rows = platform.sql(sql).to_pylist()
    return {str(r["day"]): (float(r["a"]), float(r["b"])) for r in rows}


def test_a_rate_by_day_is_what_sql_counts(platform: Workspace) -> None:
    found = drawn(platform, "reject_rate", within={"market": "US"})
    (line,) = found.lines
    want = told(
        platform,
        "SELECT CAST(decided_at AS DATE) AS day, COUNT(*) AS b,"
        f" SUM(CASE WHEN action = 'reject' THEN 1 ELSE 0 END) AS a FROM {FIRST}"
        " WHERE market = 'US' GROUP BY 1",
    )
    assert {day: pair for day, pair in counted(line).items() if pair[1]} == want


def test_a_rate_of_a_policy_is_of_all_ads(platform: Workspace) -> None:
    found = drawn(platform, "acted_rate", by=("policy",))
    policy = dict(found.lines[0].series.slice.terms)["policy"]
    want = told(
        platform,
        "SELECT CAST(decided_at AS DATE) AS day, COUNT(*) AS b,"
        f" SUM(CASE WHEN action <> 'approve' AND policy_id = '{policy}' THEN 1 ELSE 0 END) AS a"
        f" FROM {FIRST} GROUP BY 1",
    )
    assert counted(found.lines[0]) == want


def test_inflow_and_appeals_are_what_sql_counts(platform: Workspace) -> None:
    inflow, appeals = drawn(platform, "queue_inflow", "appeals_filed").lines
    for line, column, table in (
        (inflow, "enqueued_at", "reviews"),
        (appeals, "filed_at", "appeals"),
    ):
        want = told(
            platform,
            f"SELECT CAST({column} AS DATE) AS day, COUNT(*) AS a, COUNT(*) AS b FROM {table}"
            " GROUP BY 1",
        )
        days = {str(day) for day in line.series.days}
        assert {d: p for d, p in counted(line).items() if p[1]} == {
            d: p for d, p in want.items() if d in days
        }


def test_a_detector_hits_each_ad_once_a_day(platform: Workspace) -> None:
    line = drawn(platform, "hit_rate", by=("detector",)).lines[0]
    name = dict(line.series.slice.terms)["detector"]
    want = told(
        platform,
        "SELECT CAST(hit_at AS DATE) AS day, COUNT(DISTINCT ad_id) AS a, 0 AS b FROM hits"
        f" WHERE detector = '{name}' AND NOT COALESCE(shadow, FALSE) GROUP BY 1",
    )
    assert {d: p[0] for d, p in counted(line).items() if p[0]} == {
        d: p[0] for d, p in want.items()
    }


def test_labels_by_day_add_up_to_the_scorecard(platform: Workspace) -> None:
    found = drawn(platform, "leakage", "reject_precision")
    for line in found.lines:
        figure = platform.measure(by=(), period="all", metrics=[line.metric.id]).figure(
            line.metric.id
        )
        assert figure is not None
        assert line.series.below is not None
        pooled = line.series.above.sum() / line.series.below.sum()
        assert figure.estimate.low is not None
        assert figure.estimate.high is not None
        assert figure.estimate.low - 0.05 <= pooled <= figure.estimate.high + 0.05


def test_every_day_of_labels_has_an_interval_around_it(platform: Workspace) -> None:
    (line,) = drawn(platform, "violating_ad_share").lines
    value, low, high = line.series.value, line.series.low, line.series.high
    assert low is not None
    assert high is not None
    known = np.isfinite(value)
    assert known.sum() > 30
    assert (low[known] <= value[known] + 1e-9).all()
    assert (value[known] <= high[known] + 1e-9).all()
    assert (high[known] > low[known]).all()


def test_the_last_days_of_labels_are_not_complete(platform: Workspace) -> None:
    labels, decided = drawn(platform, "leakage", "reject_rate").lines
    assert labels.series.complete[-1] < SETTLED < labels.series.complete[0]
    assert decided.series.settled.all()
    rows = labels.series.days, labels.series.settled
    kinds = {r["day"]: r["kind"] for r in drawn(platform, "leakage").to_arrow().to_pylist()}
    assert all((kinds[day] == "seen") is bool(done) for day, done in zip(*rows, strict=True))


def test_impressions_are_counted_on_the_day_they_were_seen(platform: Workspace) -> None:
    (line,) = drawn(platform, "violating_impression_share").lines
    assert line.series.below is not None
    assert (line.series.below[5:-5] > 0).all()
    assert 0 < line.series.value[10:-10].mean() < 0.6


def test_forecasts_begin_on_the_day_after_the_last(platform: Workspace) -> None:
    found = drawn(platform, "reject_rate", "leakage", ahead=7)
    for line in found.lines:
        if line.ahead is None:
            continue
        rows = [r for r in found.to_arrow().to_pylist() if r["metric"] == line.metric.id]
        ahead = [r for r in rows if r["kind"] == "foreseen"]
        assert len(ahead) == 7
        assert ahead[0]["day"] == line.series.days[-1] + timedelta(days=1)
        assert all(r["low"] <= r["value"] <= r["high"] for r in ahead)
    assert found.lines[0].ahead is not None


def test_kept_cubes_and_rows_count_alike(platform: Workspace) -> None:
    metrics = ("reject_rate", "acted_rate", "leakage", "violating_impression_share")
    kept = drawn(platform, *metrics, by=("market",))
    rows = Workspace(
        platform.root,
        platform.settings.model_copy(
            update={"cubes": platform.settings.cubes.model_copy(update={"keep": False})}
        ),
    )
    plain = drawn(rows, *metrics, by=("market",))
    assert len(kept.lines) == len(plain.lines) > 20
    for one, other in zip(kept.lines, plain.lines, strict=True):
        assert one.series.slice == other.series.slice
        assert np.allclose(one.series.above, other.series.above)


def test_what_cannot_be_told_by_day_is_said(platform: Workspace) -> None:
    found = drawn(platform, "turnaround_p50")
    assert found.lines == ()
    assert [note.id for note in found.notes] == ["trends.not_daily"]


@pytest.mark.parametrize(
    ("metrics", "how", "said"),
    [
        (("reject_rat",), {}, "no metric 'reject_rat'"),
        (("reject_rate",), {"by": ("markt",)}, "no dimension 'markt'"),
        (("reject_rate",), {"within": {"market": "XX"}}, "no ad of the period"),
    ],
)
def test_a_mistake_is_told(
    platform: Workspace, metrics: tuple[str, ...], how: dict[str, object], said: str
) -> None:
    with pytest.raises(ConfigError, match=said):
        drawn(platform, *metrics, **how)


def test_a_column_of_many_values_is_cut_to_the_most_frequent(
    platform: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shroff.watch.daily_flow.MOST_VALUES", 3)
    found = drawn(platform, "ads_decided", by=("market",))
    assert len(found.lines) == 3
