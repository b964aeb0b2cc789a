"""Are ads seen only while they are served, and a few of them by most people?"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Logs


TOP = """WITH totals AS (SELECT {key}, sum({what}) AS s FROM {table} GROUP BY 1),
         ranked AS (SELECT row_number() OVER (ORDER BY s DESC) / count(*) OVER () AS r,
                    sum(s) OVER (ORDER BY s DESC ROWS UNBOUNDED PRECEDING) / sum(s) OVER () AS c
                    FROM totals) SELECT max(c) FROM ranked WHERE r <= {share}"""


def test_one_percent_of_ads_have_a_quarter_of_impressions_and_spend(logs: Logs) -> None:
    for what in ("impressions", "spend"):
        sql = TOP.format(key="ad_id", what=what, table="impressions", share=0.01)
        assert 0.2 < logs.one(sql) < 0.7


def test_a_tenth_of_advertisers_run_half_of_the_ads(logs: Logs) -> None:
    sql = TOP.format(key="advertiser_id", what="1", table="ads", share=0.1)
    assert 0.45 < logs.one(sql) < 0.85


def test_no_impression_comes_before_the_ad_was_let_through(logs: Logs) -> None:
    early = logs.one("""SELECT count(*) FROM impressions i
                        JOIN ads a ON a.ad_id = i.ad_id AND a.ad_version = 1
                        WHERE i.day < CAST(a.created_at AS DATE)""")
    assert early == 0
    approved = """SELECT creative_id AS ad_id, min(CAST(event_time AS TIMESTAMP)
                  - INTERVAL 8 HOUR) AS since FROM decisions
                  WHERE log_only = 0 AND (result IN ('机审通过', '限制投放', '人审通过')
                  OR (result = '召回进审' AND flow = '先发后审')) GROUP BY 1"""
    never = f"SELECT count(*) FROM impressions ANTI JOIN ({approved}) USING (ad_id)"
    assert logs.one(never) == 0
    sooner = f"""SELECT count(*) FROM impressions JOIN ({approved}) USING (ad_id)
                 WHERE day < CAST(since AS DATE)"""
    assert logs.one(sooner) == 0


def test_rejected_ads_that_nobody_reinstated_are_not_seen(logs: Logs) -> None:
    seen = logs.one("""
        SELECT count(*) FROM impressions SEMI JOIN (
          SELECT creative_id AS ad_id FROM decisions WHERE log_only = 0 GROUP BY 1
          HAVING count(*) FILTER (WHERE result <> '机审拒绝') = 0) USING (ad_id)""")
    assert seen == 0


def test_ads_taken_down_after_a_report_are_not_seen_the_day_after(logs: Logs) -> None:
    late = logs.one("""
        SELECT count(*) FROM impressions i JOIN decisions d ON d.creative_id = i.ad_id
        WHERE d.detector = 'recheck' AND d.result = '人审拒绝'
        AND NOT EXISTS (FROM decisions o WHERE o.creative_id = i.ad_id AND
                        (o.detector = 'appeals' OR o.creative_version > d.creative_version))
        AND i.day > CAST(CAST(d.event_time AS TIMESTAMP) - INTERVAL 8 HOUR AS DATE)""")
    assert late == 0


def test_clicks_do_not_exceed_impressions_and_spend_is_not_negative(logs: Logs) -> None:
    wrong = "clicks > impressions OR spend < 0 OR impressions < 1"
    assert logs.one(f"SELECT count(*) FROM impressions WHERE {wrong}") == 0
