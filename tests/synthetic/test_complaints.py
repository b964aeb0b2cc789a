"""Do appeals and reports come with the selection that real ones have?"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Logs

REJECTED = """SELECT j.*, a.appeal_id, a.outcome FROM judged j LEFT JOIN appeals a
              ON a.decision_id = j.event_id WHERE j.result = '机审拒绝'"""


def test_the_wrongly_rejected_appeal_more_often_but_not_all_of_them(logs: Logs) -> None:
    rate = dict(
        logs.rows(
            f"SELECT violating, avg(CAST(appeal_id IS NOT NULL AS INT)) FROM ({REJECTED}) GROUP BY 1"
        )
    )
    assert 0.15 < rate[False] < 0.5
    assert 0.04 < rate[True] < 0.2
    assert rate[False] > 2 * rate[True]


def test_appeals_win_mostly_when_they_should_and_the_latest_are_open(logs: Logs) -> None:
    won = dict(
        logs.rows(f"""SELECT violating, avg(CAST(outcome IN ('reversed', 'partly_reversed') AS INT))
                      FROM ({REJECTED}) WHERE outcome IS NOT NULL GROUP BY 1""")
    )
    assert won[False] > 0.8
    assert won[True] < 0.2
    assert (
        logs.one("SELECT count(*) FROM appeals WHERE outcome IS NULL AND decided_at IS NULL") > 3
    )
    shares = {o for (o,) in logs.rows("SELECT DISTINCT outcome FROM appeals")}
    assert shares == {"upheld", "partly_reversed", "reversed", "omitted", None}


def test_some_ads_are_edited_before_the_appeal(logs: Logs) -> None:
    edited = logs.one("SELECT avg(CAST(edited_resubmit = 'true' AS INT)) FROM appeals")
    assert 0.1 < edited < 0.6


def test_two_tools_wrote_two_kinds_of_dates(logs: Logs) -> None:
    old = logs.one("SELECT avg(CAST(filed_at LIKE '__/__/____ %' AS INT)) FROM appeals")
    iso = logs.one("SELECT avg(CAST(filed_at LIKE '____-__-__T%Z' AS INT)) FROM appeals")
    assert 0.2 < old < 0.6
    assert old + iso == 1


def test_every_appeal_is_against_a_decision_in_the_logs(logs: Logs) -> None:
    orphans = logs.one("""SELECT count(*) FROM appeals ANTI JOIN decisions
                          ON appeals.decision_id = decisions.event_id""")
    assert orphans == 0


def test_violating_ads_draw_more_reports_for_a_view_but_most_reports_are_of_others(
    logs: Logs,
) -> None:
    rows = logs.rows("""
        WITH seen AS (SELECT ad_id, sum(impressions) AS views FROM impressions GROUP BY 1),
             bad AS (SELECT ad_id, bool_or(violating) AS bad FROM truth GROUP BY 1),
             told AS (SELECT CAST(ad_id AS VARCHAR) AS ad_id, count(*) AS n FROM reports GROUP BY 1)
        SELECT bad, sum(coalesce(n, 0)), sum(views) FROM seen JOIN bad USING (ad_id)
        LEFT JOIN told USING (ad_id) GROUP BY 1""")
    reports = {bad: n for bad, n, _ in rows}
    rate = {bad: n / views for bad, n, views in rows}
    assert rate[True] > 2 * rate[False]
    assert 0.1 < reports[True] / (reports[True] + reports[False]) < 0.5
