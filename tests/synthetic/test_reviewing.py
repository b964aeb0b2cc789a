"""Do people review as they do: late, in two levels, with mistakes, and a proper audit beside it?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from shroff.store.settings import read_settings

if TYPE_CHECKING:
    from conftest import Logs


def test_the_audit_draws_every_action_and_band_with_a_recorded_probability(logs: Logs) -> None:
    strata = logs.rows("""SELECT stratum, min(sampling_prob), max(sampling_prob) FROM reviews
                          WHERE design_id = 'audit' GROUP BY 1""")
    assert {name.split("/")[0] for name, *_ in strata} == {
        "approve",
        "review",
        "restrict",
        "reject",
    }
    assert all(0 < low == high <= 1 for _, low, high in strata)
    bands = {name.split("/")[1] for name, *_ in strata}
    assert bands == {"0.0-0.1", "0.1-0.3", "0.3-0.5", "0.5-0.8", "0.8-1.0"}
    chance = {name: low for name, low, _ in strata}
    assert chance["approve/0.3-0.5"] > 2 * chance["approve/0.0-0.1"]


def test_the_stratum_in_the_settings_gives_the_stratum_in_the_log(logs: Logs) -> None:
    settings = read_settings(logs.folder / "shroff.toml")
    expression = settings.designs["audit"].stratum
    action = settings.mapping_of("decisions").values["action"]
    cases = " ".join(f"WHEN result = '{name}' THEN '{to}'" for name, to in action.items())
    compared = logs.rows(f"""
        SELECT count(*), count(*) FILTER (WHERE r.stratum = d.stratum) FROM reviews r JOIN (
          SELECT ad_id, ad_version, {expression} AS stratum
          FROM (SELECT *, CASE {cases} END AS action FROM judged)) d USING (ad_id, ad_version)
        WHERE r.design_id = 'audit'""")[0]
    assert compared[0] == compared[1] > 3_000


def test_the_audit_is_large_enough_and_weighs_up_to_all_ads(logs: Logs) -> None:
    drawn = """SELECT ad_id, ad_version, stratum, max(sampling_prob) AS p FROM reviews
               WHERE design_id = 'audit' GROUP BY ALL"""
    assert logs.one(f"SELECT count(*) FROM ({drawn})") >= 1_500
    rows = logs.rows(f"""
        SELECT stratum, sum(1 / p), sqrt(sum((1 - p) / p / p)) FROM ({drawn}) GROUP BY 1""")
    total, error = sum(n for _, n, _ in rows), np.hypot.reduce([e for *_, e in rows])
    ads = logs.one("SELECT count(*) FROM ads WHERE created_at < TIMESTAMPTZ '2026-06-28'")
    assert abs(total - ads) < 4 * error


def test_audited_ads_are_judged_twice_blind_and_by_an_expert_where_they_differ(
    logs: Logs,
) -> None:
    done = """SELECT ad_id, ad_version, count(*) FILTER (WHERE role = 'L2') AS pairs,
              count(DISTINCT verdict) FILTER (WHERE role = 'L2') AS answers,
              count(*) FILTER (WHERE role = 'SME') AS experts FROM reviews
              WHERE design_id = 'audit' AND decided_at < TIMESTAMPTZ '2026-06-20' GROUP BY 1, 2"""
    assert logs.one(f"SELECT count(*) FROM ({done}) WHERE pairs > 2") == 0
    assert logs.one(f"SELECT count(*) FROM ({done}) WHERE answers = 2 AND experts = 0") < 30
    assert logs.one(f"SELECT count(*) FROM ({done}) WHERE answers = 2 AND experts = 1") > 50
    flags = logs.rows("""SELECT DISTINCT blind, seen_machine FROM reviews
                         WHERE design_id = 'audit' AND role = 'L2'""")
    assert flags == [(True, False)]


def test_agreed_blind_pairs_and_experts_are_nearly_always_right(logs: Logs) -> None:
    wrong = logs.one("""
        WITH pair AS (SELECT ad_id, ad_version, min(verdict) AS said,
            count(DISTINCT verdict) AS answers, count(*) AS n FROM reviews
            WHERE design_id = 'audit' AND role = 'L2' GROUP BY 1, 2)
        SELECT avg(CAST((said = 'violating') <> violating AS INT)) FROM pair
        JOIN truth USING (ad_id, ad_version) WHERE answers = 1 AND n = 2 AND said <> 'unclear'""")
    assert wrong < 0.01


NAMED = """SELECT role, seen_machine, reviewer_group,
                  len(list_intersect(r.policies, t.policies)) / len(t.policies) AS known,
                  len(list_filter(r.policies, lambda p: NOT list_contains(t.policies, p)))
                    / len(r.policies) AS wrong
           FROM reviews r JOIN truth t USING (ad_id, ad_version)
           WHERE verdict = 'violating' AND len(t.policies) > 1"""


def test_first_reviewers_often_name_only_the_main_policy_and_auditors_nearly_all(
    logs: Logs,
) -> None:
    known = {
        (role, bool(seen)): share
        for role, seen, share in logs.rows(
            f"SELECT role, seen_machine, avg(known) FROM ({NAMED}) GROUP BY 1, 2"
        )
    }
    assert 0.5 < known["L1", True] < 0.75
    assert known["L2", False] > 0.93
    assert known["SME", False] > 0.93
    names = dict(
        logs.rows("""SELECT role, avg(CAST(len(policies) = 1 AS INT)) FROM reviews
                              WHERE verdict = 'violating' GROUP BY 1""")
    )
    assert names["L1"] > 1.5 * names["SME"]


def test_policies_named_are_nearly_always_broken(logs: Logs) -> None:
    wrong = dict(logs.rows(f"SELECT role, avg(wrong) FROM ({NAMED}) GROUP BY 1"))
    assert wrong["L1"] < 0.05
    assert wrong["SME"] < 0.01


def test_error_rates_differ_between_groups(logs: Logs) -> None:
    rates = [
        rate
        for _, rate in logs.rows("""
            SELECT reviewer_group, avg(CAST((verdict = 'violating') <> violating AS INT))
            FROM reviews JOIN truth USING (ad_id, ad_version)
            WHERE role = 'L1' AND verdict <> 'unclear' GROUP BY 1""")
    ]
    assert len(rates) == 5
    assert all(0.03 < rate < 0.2 for rate in rates)
    assert max(rates) > 1.3 * min(rates)


def test_first_reviews_are_a_census_of_what_was_queued_in(logs: Logs) -> None:
    missing = logs.one("""SELECT count(*) FROM judged j ANTI JOIN reviews r
                          ON r.ad_id = j.ad_id AND r.ad_version = j.ad_version AND r.role = 'L1'
                          WHERE j.result = '召回进审'""")
    assert missing == 0
    assert logs.one("SELECT min(sampling_prob) FROM reviews WHERE role = 'L1'") == 1
    reasons = {r for (r,) in logs.rows("SELECT DISTINCT queue_reason FROM reviews")}
    assert reasons == {"model", "rule", "random", "report", "appeal"}


def test_a_sample_of_first_reviews_is_checked_again(logs: Logs) -> None:
    checked = logs.one("SELECT count(*) FROM reviews WHERE role = 'QA'")
    first = logs.one("SELECT count(*) FROM reviews WHERE role = 'L1'")
    assert 0.045 < checked / first < 0.075
    assert logs.rows("SELECT DISTINCT sampling_prob FROM reviews WHERE role = 'QA'") == [(0.06,)]


def test_unclear_first_reviews_go_to_a_second_level(logs: Logs) -> None:
    unclear = logs.one("SELECT count(*) FROM reviews WHERE role = 'L1' AND verdict = 'unclear'")
    second = logs.one("SELECT count(*) FROM reviews WHERE queue = 'escalations'")
    assert unclear > 30
    assert abs(unclear - second) <= 3


def test_tasks_wait_longer_at_some_hours_and_some_are_open_at_the_end(logs: Logs) -> None:
    waits = [
        wait
        for (wait,) in logs.rows("""
            SELECT median(epoch(decided_at) - epoch(enqueued_at)) / 3600 FROM reviews
            WHERE queue = 'zh_cn' GROUP BY extract('hour' FROM enqueued_at)""")
    ]
    assert max(waits) > 2 * min(waits)
    still_open = logs.one("SELECT count(*) FROM reviews WHERE decided_at IS NULL")
    assert 30 < still_open < 0.1 * logs.one("SELECT count(*) FROM reviews")
    wrong = logs.one("""SELECT count(*) FROM reviews WHERE started_at < enqueued_at
                        OR decided_at < started_at OR (verdict IS NULL) <> (decided_at IS NULL)
                        OR active_ms / 1000 > epoch(decided_at) - epoch(started_at) + 1""")
    assert wrong == 0


def test_reviewers_are_on_duty_in_shifts_and_fewer_on_weekends(logs: Logs) -> None:
    hours = dict(
        logs.rows("""SELECT extract('isodow' FROM hour) >= 6, avg(reviewer_hours)
                     FROM staffing WHERE queue = 'en_west' GROUP BY 1""")
    )
    assert hours[True] < 0.75 * hours[False]
    nights = logs.one("""SELECT min(h) / max(h) FROM (SELECT avg(reviewer_hours) AS h FROM staffing
                         WHERE queue = 'zh_cn' GROUP BY extract('hour' FROM hour))""")
    assert nights < 0.5


def test_an_expert_settles_what_two_blind_auditors_name_differently(logs: Logs) -> None:
    done = """SELECT ad_id, ad_version, count(*) FILTER (WHERE role = 'SME') AS experts,
              count(DISTINCT list_sort(policies)) FILTER (WHERE role = 'L2') AS lists FROM reviews
              WHERE design_id = 'audit' AND decided_at < TIMESTAMPTZ '2026-06-20' GROUP BY 1, 2"""
    assert logs.one(f"SELECT count(*) FROM ({done}) WHERE lists = 2 AND experts = 1") > 100
    assert logs.one(f"SELECT count(*) FROM ({done}) WHERE lists = 2 AND experts = 0") < 30
    settled = logs.one("""SELECT avg(CAST(list_sort(r.policies) = list_sort(t.policies) AS INT))
                          FROM reviews r JOIN truth t USING (ad_id, ad_version)
                          WHERE role = 'SME' AND verdict = 'violating'""")
    assert settled > 0.9
