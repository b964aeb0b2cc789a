"""Does the machine decide as real ones do: useful, wrong in places, rules beside models?"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Logs


def test_shares_of_actions_are_those_of_a_real_platform(logs: Logs) -> None:
    share = dict(
        logs.rows("SELECT result, count(*) / sum(count(*)) OVER () FROM judged GROUP BY 1")
    )
    assert 0.75 < share["机审通过"] < 0.82
    assert 0.08 < share["召回进审"] < 0.13
    assert 0.08 < share["机审拒绝"] < 0.12
    assert 0.002 < share["限制投放"] < 0.01


def test_some_violations_leak_and_some_rejects_are_wrong(logs: Logs) -> None:
    rate = dict(logs.rows("SELECT result, avg(CAST(violating AS INT)) FROM judged GROUP BY 1"))
    assert 0.05 < rate["机审通过"] < 0.1
    assert 0.35 < rate["召回进审"] < 0.55
    assert 0.85 < rate["机审拒绝"] < 0.95


def test_rules_decide_some_ads_and_the_other_hits_are_kept(logs: Logs) -> None:
    by_rule = logs.one("SELECT avg(CAST(decided_by = '规则' AS INT)) FROM judged")
    assert 0.01 < by_rule < 0.06
    kinds = dict(logs.rows("SELECT deciding, count(*) FROM hits GROUP BY 1"))
    assert kinds[True] > 100
    assert kinds[False] > kinds[True]
    assert logs.one("SELECT count(*) FROM hits WHERE shadow AND deciding") == 0
    wrong = logs.one("""SELECT count(*) FROM hits h
                        JOIN ads a USING (ad_id, ad_version) WHERE field = 'body'
                        AND length(body) < span_end""")
    assert wrong == 0


def test_a_deciding_hit_is_the_detector_of_the_decision(logs: Logs) -> None:
    stray = logs.one("""SELECT count(*) FROM hits h JOIN decisions d
                        ON d.creative_id = h.ad_id AND d.creative_version = h.ad_version
                        WHERE h.deciding AND d.log_only = 0 AND d.decided_by <> '人工'
                        AND d.detector <> h.detector""")
    assert stray == 0


def test_both_flow_modes_occur_and_people_decide_after_review(logs: Logs) -> None:
    flows = dict(logs.rows("SELECT flow, count(*) FROM judged GROUP BY 1"))
    assert set(flows) == {"先审后发", "先发后审"}
    people = logs.one("SELECT count(*) FROM decisions WHERE decided_by = '人工'")
    queued = logs.one("SELECT count(*) FROM judged WHERE result = '召回进审'")
    assert 0.9 < people / queued < 1.5


def test_the_score_is_on_machine_decisions_and_gives_their_band(logs: Logs) -> None:
    assert logs.one("SELECT count(*) FROM judged WHERE score IS NULL") == 0
    assert logs.one("SELECT count(*) FROM decisions WHERE decided_by = '人工' AND score > 0") == 0
    by_model = "decided_by = '模型' AND"
    assert logs.one(f"SELECT min(score) FROM judged WHERE {by_model} result = '机审拒绝'") >= 0.8
    assert logs.one(f"SELECT max(score) FROM judged WHERE {by_model} result = '机审通过'") < 0.5


def test_the_version_that_is_not_live_decides_in_shadow_on_a_sample(logs: Logs) -> None:
    shadows = logs.one("SELECT count(*) FROM decisions WHERE log_only = 1")
    assert 0.05 < shadows / logs.one("SELECT count(*) FROM judged") < 0.11
    same = logs.one("""SELECT count(*) FROM decisions s JOIN decisions m
                       USING (creative_id, creative_version)
                       WHERE s.log_only = 1 AND m.log_only = 0 AND m.detector = 'ads_risk'
                       AND s.detector_version = m.detector_version""")
    assert same == 0
