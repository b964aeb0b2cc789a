"""Which decisions are measured, and what belongs to each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from shroff.domain.slices import Period
from shroff.errors import ConfigError
from shroff.measure.population import build_population, dimensions, week_sql
from shroff.store.duckdb import DuckDBEngine

if TYPE_CHECKING:
    from conftest import Story

MAY = Period(date(2026, 5, 1), date(2026, 6, 1))


def _population(
    engine: DuckDBEngine, period: Period = MAY, *, week_starts: str = "monday", **derived: str
) -> list[dict[str, Any]]:
    build_population(engine, period, derived=derived, week_starts=week_starts)
    return engine.query(
        "SELECT * FROM population ORDER BY ad_id, ad_version, market, decision_id"
    ).to_pylist()


@pytest.fixture(scope="module")
def platform(tell: Callable[[], Story]) -> DuckDBEngine:
    story = tell()
    _decide(story)
    _edit(story)
    _follow_up(story)
    return story.opened()


def _decide(story: Story) -> None:
    story.ad("first", market="US", advertiser_id="v1", color="红", title="long text")
    story.decided("first", "review", decided_at="2026-05-04 10:00:00", decision_id="b")
    story.decided("first", "approve", decided_at="2026-05-04 11:00:00", decision_id="a")
    story.ad("tie")
    story.decided("tie", "reject", decision_id="tie-2")
    story.decided("tie", "approve", decision_id="tie-1")
    story.ad("people")
    story.decided("people", "reject", source="human", decided_at="2026-05-04 09:00:00")
    story.decided("people", "approve")
    story.ad("only people")
    story.decided("only people", "reject", source="human")
    story.ad("shadowed")
    story.decided("shadowed", "reject", shadow=True, decided_at="2026-05-04 09:00:00")
    story.decided("shadowed", "approve", shadow=False)
    story.decided("unknown ad", "approve", market="FR")
    story.ad("at the start")
    story.decided("at the start", "approve", decided_at="2026-05-01 00:00:00")
    story.ad("at the end")
    story.decided("at the end", "approve", decided_at="2026-06-01 00:00:00")
    story.ad("earlier")
    story.decided("earlier", "approve", decided_at="2026-04-20 00:00:00")
    story.ad("sunday")
    story.decided("sunday", "approve", decided_at="2026-05-10 23:59:59")


def _edit(story: Story) -> None:
    for version, day in ((1, "2026-04-20"), (2, "2026-05-10"), (3, "2026-05-20")):
        story.ad("edited", ad_version=version)
        story.decided("edited", "approve", ad_version=version, decided_at=f"{day} 10:00:00")
    shown = {"2026-04-30": 1, "2026-05-09": 2, "2026-05-10": 4, "2026-05-19": 8}
    for day, impressions in {
        **shown,
        "2026-05-20": 16,
        "2026-05-31": 32,
        "2026-06-01": 64,
    }.items():
        story.shown("edited", day, impressions, spend=impressions / 2)
    story.shown("first", "2026-05-01", 5)  # before its decision, clocks being what they are
    story.shown("undecided", "2026-05-05", 7)


def _follow_up(story: Story) -> None:
    story.queued("first", "compliant", decided_at="2026-05-05 11:00:00")
    story.queued("first", "violating", decided_at="2026-05-05 12:00:00")
    story.queued("first", "compliant", decided_at="2026-05-05 13:00:00", role="LLM")
    story.reviewed("tie", "violating")
    story.reviewed("people", "violating", queue_reason="report")
    story.put(
        "reports", report_id="1", ad_id="people", source="user", filed_at="2026-05-04 09:30:00"
    )
    story.put(
        "reports", report_id="2", ad_id="people", source="user", filed_at="2026-05-09 09:30:00"
    )
    story.put("reports", report_id="3", ad_id="tie", source="user", filed_at="2026-05-09 09:30:00")
    story.put("scores", ad_id="tie", model="m", version="1", policy_id="p", score=0.5)
    story.put(
        "scores", ad_id="first", model="m", version="2", policy_id="p", score=0.5, shadow=True
    )


@pytest.fixture(scope="module")
def kept(platform: DuckDBEngine) -> dict[str, dict[str, Any]]:
    return {f"{row['ad_id']}/{row['ad_version']}": row for row in _population(platform)}


def test_the_first_machine_decision_of_an_ad_is_the_one_of_record(
    kept: dict[str, dict[str, Any]],
) -> None:
    assert kept["first/1"]["action"] == "review"
    assert kept["tie/1"]["decision_id"] == "tie-1"


def test_people_and_shadow_decisions_are_not_the_machines(kept: dict[str, dict[str, Any]]) -> None:
    assert kept["people/1"]["action"] == "approve"
    assert kept["shadowed/1"]["action"] == "approve"
    assert "only people/1" not in kept


def test_a_decision_on_an_ad_missing_from_the_ads_log_still_counts(
    kept: dict[str, dict[str, Any]],
) -> None:
    row = kept["unknown ad/1"]
    assert (row["market"], row["advertiser_id"]) == ("FR", None)


def test_the_market_of_the_ad_fills_in_for_the_decisions(kept: dict[str, dict[str, Any]]) -> None:
    assert kept["first/1"]["market"] == "US"


def test_a_period_begins_with_its_first_instant_and_ends_before_the_next(
    kept: dict[str, dict[str, Any]],
) -> None:
    assert kept["at the start/1"]["in_period"]
    assert "at the end/1" not in kept
    assert "earlier/1" not in kept


def test_exposure_belongs_to_the_version_live_that_day_and_to_days_of_the_period(
    kept: dict[str, dict[str, Any]],
) -> None:
    assert [kept[f"edited/{v}"]["impressions"] for v in (1, 2, 3)] == [2, 12, 48]
    assert [kept[f"edited/{v}"]["spend"] for v in (1, 2, 3)] == [1, 6, 24]


def test_an_ad_decided_before_the_period_is_kept_when_it_was_shown_in_it(
    kept: dict[str, dict[str, Any]],
) -> None:
    assert [kept[f"edited/{v}"]["in_period"] for v in (1, 2, 3)] == [False, True, True]


def test_what_was_shown_before_the_first_decision_belongs_to_it(
    kept: dict[str, dict[str, Any]],
) -> None:
    assert kept["first/1"]["impressions"] == 5


def test_an_ad_without_a_decision_is_nobodys(kept: dict[str, dict[str, Any]]) -> None:
    assert "undecided/1" not in kept


def test_the_last_verdict_of_a_person_is_the_queues_outcome(
    kept: dict[str, dict[str, Any]],
) -> None:
    assert kept["first/1"]["queue_verdict"] == "violating"
    assert kept["tie/1"]["queue_verdict"] is None


def test_only_queues_touch_an_ad_not_audits_or_reports(kept: dict[str, dict[str, Any]]) -> None:
    touched = {name for name, row in kept.items() if row["human_touch"]}
    assert touched == {"first/1"}


def test_a_report_before_the_decision_is_told_from_one_after(
    kept: dict[str, dict[str, Any]],
) -> None:
    assert kept["people/1"]["reported_before"]
    assert not kept["tie/1"]["reported_before"]
    assert not kept["first/1"]["reported_before"]
    assert [name for name, row in kept.items() if row["report_confirmed"]] == ["people/1"]


def test_shadow_scores_are_no_coverage(kept: dict[str, dict[str, Any]]) -> None:
    assert [name for name, row in kept.items() if row["scored"]] == ["tie/1"]


def test_an_ad_in_two_markets_has_two_decisions_and_one_exposure(
    two_markets: DuckDBEngine,
) -> None:
    rows = _population(two_markets)
    assert [(r["market"], r["action"], r["impressions"], r["spend"]) for r in rows] == [
        ("JP", "reject", 0, 0),
        ("US", "approve", 1000, 5),
    ]


@pytest.mark.parametrize(
    ("week_starts", "week"),
    [
        ("monday", date(2026, 5, 4)),
        ("sunday", date(2026, 5, 10)),
        ("saturday", date(2026, 5, 9)),
    ],
)
def test_weeks_begin_when_the_settings_say(
    week_starts: str, week: date, platform: DuckDBEngine
) -> None:
    rows = _population(platform, week_starts=week_starts)
    assert next(r["week"] for r in rows if r["ad_id"] == "sunday") == week


@pytest.mark.parametrize("week_starts", ["monday", "sunday", "saturday"])
def test_a_week_holds_seven_days_that_follow_one_another(
    week_starts: str, platform: DuckDBEngine
) -> None:
    days = ", ".join(f"(DATE '2026-02-{day:02d}')" for day in range(1, 29))
    rows = platform.query(
        f"SELECT {week_sql('day', week_starts)} AS week, MIN(day) AS first, MAX(day) AS last"
        f" FROM (VALUES {days}) AS d(day) GROUP BY 1"
    ).to_pylist()
    names = {"monday": 0, "sunday": 6, "saturday": 5}
    for row in rows:
        assert row["week"].weekday() == names[week_starts]
        assert 0 <= (row["first"] - row["week"]).days <= (row["last"] - row["week"]).days <= 6


def test_a_derived_slice_is_computed_from_columns_of_ads_and_decisions(
    platform: DuckDBEngine,
) -> None:
    rows = _population(platform, red="COALESCE(color = '红', FALSE) AND action = 'review'")
    assert [row["ad_id"] for row in rows if row["red"]] == ["first"]


def test_a_derived_slice_that_cannot_be_computed_is_refused_with_the_columns(
    platform: DuckDBEngine,
) -> None:
    with pytest.raises(ConfigError, match=r"slices\.derived") as caught:
        _population(platform, tenure="acount_age < 30")
    assert "acount_age" in caught.value.cause
    assert "color" in caught.value.hint


def test_ads_are_sliced_by_any_column_but_long_text(platform: DuckDBEngine) -> None:
    names = dimensions(platform, {"tenure": "1"})
    assert names[:4] == ("policy", "action", "week", "market")
    assert {"color", "language", "version", "tenure"} <= set(names)
    assert not {"title", "body", "landing_url", "shadow", "ad_id"} & set(names)


def test_columns_of_the_users_that_are_named_like_ours_do_not_disturb_them(
    tell: Callable[[], Story],
) -> None:
    story = tell()
    ours = ("week", "impressions", "spend", "in_period", "scored", "policy", "queue_verdict", "w")
    story.ad("a", market="US", **dict.fromkeys(ours, "theirs"))
    story.decided("a", "approve", human_touch="theirs")
    story.shown("a", "2026-05-06", 3, spend=1.5)
    (row,) = _population(story.opened())
    assert (row["week"], row["impressions"], row["spend"]) == (date(2026, 5, 4), 3, 1.5)
    assert (row["in_period"], row["scored"], row["human_touch"]) == (True, False, False)
