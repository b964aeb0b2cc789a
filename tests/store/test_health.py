from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from shroff.domain.messages import Language
from shroff.domain.phrasebook import PHRASEBOOK
from shroff.store.duckdb import DuckDBEngine
from shroff.store.health import check_health
from shroff.store.health_findings import Finding, Health, Severity
from shroff.store.lake import Lake
from shroff.store.schema import TABLES
from shroff.store.settings import Settings, parse_settings

NOW = datetime(2026, 6, 30, tzinfo=UTC)
ADS = 4000
DAYS = 40

HEALTHY = f"""
INSERT INTO ads BY NAME
SELECT 'ad-' || i AS ad_id, 1 AS ad_version, 'adv-' || i % 50 AS advertiser_id,
  TIMESTAMPTZ '2026-05-01 00:10:00+00' + to_minutes((i * {DAYS * 1440} // {ADS})::INT) AS created_at,
  ['US', 'JP'][i % 2 + 1] AS market, ['en', 'zh'][i % 2 + 1] AS language,
  '健身 spring sale ' || i AS title
FROM range({ADS}) AS r(i);
INSERT INTO decisions BY NAME
SELECT 'd-' || i AS decision_id, 'ad-' || i AS ad_id, 1 AS ad_version,
  ['US', 'JP'][i % 2 + 1] AS market, created_at + to_seconds(5 + i % 90) AS decided_at,
  ['approve', 'approve', 'approve', 'review', 'reject'][i % 5 + 1] AS action,
  CASE WHEN i % 5 >= 3 THEN 'p1' END AS policy_id, 'model' AS source, 'm' AS detector,
  '1' AS version, FALSE AS shadow
FROM range({ADS}) AS r(i) JOIN ads ON ad_id = 'ad-' || i;
INSERT INTO reviews BY NAME
SELECT 'r-' || i AS review_id, 'ad-' || i AS ad_id, 1 AS ad_version, 'r_1' AS reviewer_id,
  'audit' AS queue, 'random' AS queue_reason, 'L1' AS role,
  ['violating', 'compliant'][(i % 11 = 0)::INT + 1] AS verdict, ['p1'] AS policies,
  'audit' AS design_id, 0.25 AS sampling_prob, FALSE AS seen_machine,
  decided_at + INTERVAL 1 HOUR AS enqueued_at, decided_at + to_minutes(60 + i % 300) AS started_at,
  decided_at + to_minutes(70 + i % 300) AS decided_at, 20000 + i AS active_ms
FROM range({ADS}) AS r(i) JOIN decisions ON decision_id = 'd-' || i WHERE hash(i) % 4 = 0;
INSERT INTO impressions BY NAME
SELECT 'ad-' || i AS ad_id, CAST(created_at AS DATE) AS day, 100 + i AS impressions, 3 AS clicks,
  1.5 AS spend FROM range({ADS}) AS r(i) JOIN ads ON ad_id = 'ad-' || i;
INSERT INTO appeals BY NAME
SELECT 'a-' || i AS appeal_id, 'ad-' || i AS ad_id, 1 AS ad_version, 'd-' || i AS decision_id,
  decided_at + INTERVAL 1 DAY AS filed_at, decided_at + INTERVAL 2 DAY AS decided_at,
  'upheld' AS outcome
FROM range({ADS}) AS r(i) JOIN decisions ON decision_id = 'd-' || i WHERE i % 5 = 4;
"""


@pytest.fixture(scope="module")
def healthy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DuckDBEngine]:
    """Healthy logs in plain tables."""
    root = tmp_path_factory.mktemp("healthy")
    with DuckDBEngine(Lake(root / "lake"), spill=root / "tmp") as engine:
        for table in TABLES.values():
            columns = ", ".join(f'"{column.name}" {column.kind.value}' for column in table.columns)
            engine.execute(f'DROP VIEW "{table.name}"')
            engine.execute(f'CREATE TABLE "{table.name}" ({columns})')
        for statement in filter(str.strip, HEALTHY.split(";\n")):
            engine.execute(statement)
        yield engine


@pytest.fixture
def logs(healthy: DuckDBEngine) -> Iterator[DuckDBEngine]:
    """Healthy logs that a test may spoil."""
    healthy.execute("BEGIN TRANSACTION")
    yield healthy
    healthy.execute("ROLLBACK")


Check = Callable[..., Health]


@pytest.fixture
def check(logs: DuckDBEngine, tmp_path: Path) -> Check:
    def run(*statements: str, settings: str = "") -> Health:
        for statement in statements:
            logs.execute(statement)
        chosen = parse_settings(settings) if settings else Settings()
        return check_health(logs, settings=chosen, lake=Lake(tmp_path / "lake"), now=NOW)

    return run


def only(health: Health, code: str) -> Finding:
    (found,) = [each for each in health.findings if each.code == code]
    return found


def test_healthy_logs_give_no_finding(check: Check) -> None:
    health = check()
    assert [each.code for each in health.findings] == []
    assert not health.broken
    assert health.rows["ads"] == ADS
    assert health.summary().text() == "5 tables checked: nothing wrong was found."


JUDGEMENT = """INSERT INTO judgements BY NAME SELECT 'j-1' AS judgement_id, 1 AS ad_version,
'm' AS model, '1' AS version, TIMESTAMPTZ '2026-05-09 10:00:00+00' AS judged_at,"""

STORIES = {
    "no_rows": ["DELETE FROM decisions", "DELETE FROM appeals"],
    "days_without_rows": [
        "DELETE FROM decisions WHERE CAST(decided_at AS DATE) = '2026-05-10'",
    ],
    "thin_days": [
        "DELETE FROM impressions WHERE day = '2026-05-12' AND hash(ad_id) % 4 > 0",
    ],
    "last_day_incomplete": [
        "DELETE FROM decisions WHERE decided_at > '2026-06-09 05:00:00+00'",
    ],
    "ends_early": ["DELETE FROM impressions WHERE day > '2026-06-01'"],
    "duplicate_decisions": [
        "INSERT INTO decisions SELECT * REPLACE ('copy-' || decision_id AS decision_id)"
        " FROM decisions WHERE decision_id IN ('d-1', 'd-2')",
    ],
    "duplicate_reviews": [
        "INSERT INTO reviews SELECT * REPLACE ('copy' AS review_id) FROM reviews LIMIT 1",
    ],
    "duplicate_appeals": [
        "INSERT INTO appeals SELECT * REPLACE ('copy' AS appeal_id) FROM appeals LIMIT 1",
    ],
    "orphan_decisions": ["UPDATE decisions SET ad_id = 'AD-7' WHERE decision_id = 'd-7'"],
    "orphan_reviews": [
        "UPDATE reviews SET ad_id = 'gone' WHERE review_id IN (SELECT MIN(review_id) FROM reviews)"
    ],
    "orphan_appeals": ["UPDATE appeals SET ad_id = 'gone' WHERE appeal_id = 'a-4'"],
    "orphan_impressions": ["UPDATE impressions SET ad_id = 'gone' WHERE ad_id = 'ad-4'"],
    "unknown_ad_version": ["UPDATE decisions SET ad_version = 2 WHERE decision_id = 'd-7'"],
    "unknown_decision": ["UPDATE appeals SET decision_id = 'gone' WHERE appeal_id = 'a-4'"],
    "unknown_policy": [
        "INSERT INTO policies BY NAME SELECT 'p1' AS policy_id, '1' AS version",
        "UPDATE decisions SET policy_id = 'p9' WHERE decision_id = 'd-4'",
    ],
    "decided_before_created": [
        "UPDATE decisions SET decided_at = decided_at - INTERVAL 1 DAY WHERE decision_id = 'd-900'"
    ],
    "review_decided_before_started": [
        "UPDATE reviews SET decided_at = started_at - INTERVAL 1 MINUTE WHERE ad_id = (SELECT MIN(ad_id) FROM reviews)"
    ],
    "review_started_before_enqueued": [
        "UPDATE reviews SET started_at = enqueued_at - INTERVAL 1 MINUTE WHERE ad_id = (SELECT MIN(ad_id) FROM reviews)"
    ],
    "review_decided_before_enqueued": [
        "UPDATE reviews SET started_at = NULL, decided_at = enqueued_at - INTERVAL 1 MINUTE WHERE ad_id = (SELECT MIN(ad_id) FROM reviews)"
    ],
    "appeal_decided_before_filed": [
        "UPDATE appeals SET decided_at = filed_at - INTERVAL 1 MINUTE WHERE appeal_id = 'a-4'"
    ],
    "appeal_before_decision": [
        "UPDATE appeals SET filed_at = filed_at - INTERVAL 3 DAY WHERE appeal_id = 'a-1904'"
    ],
    "future_times": ["UPDATE ads SET created_at = '2030-01-01' WHERE ad_id = 'ad-3'"],
    "ancient_times": ["UPDATE ads SET created_at = '1970-01-01' WHERE ad_id = 'ad-3'"],
    "times_without_clock": [
        "UPDATE appeals SET filed_at = DATE_TRUNC('day', filed_at) + INTERVAL 1 DAY, decided_at = decided_at + INTERVAL 1 DAY"
    ],
    "clock_skew": ["UPDATE decisions SET decided_at = decided_at - INTERVAL 8 HOUR"],
    "no_probability_labels": [
        "UPDATE reviews SET sampling_prob = NULL, design_id = NULL, queue_reason = 'model'"
    ],
    "no_queue_reason": ["UPDATE reviews SET queue_reason = NULL"],
    "unlabelled_strata": [
        "UPDATE decisions SET policy_id = 'p2' WHERE decision_id = 'd-4' AND ad_id NOT IN (SELECT ad_id FROM reviews)",
        "UPDATE decisions SET policy_id = 'rare' WHERE decision_id = (SELECT MIN(decision_id) FROM decisions WHERE action = 'reject' AND ad_id NOT IN (SELECT ad_id FROM reviews))",
    ],
    "labels_without_probability": [
        "UPDATE reviews SET sampling_prob = NULL WHERE ad_id = (SELECT MIN(ad_id) FROM reviews)"
    ],
    "sampling_prob_out_of_range": [
        "UPDATE reviews SET sampling_prob = 0 WHERE ad_id = (SELECT MIN(ad_id) FROM reviews)"
    ],
    "weights_do_not_add_up": ["UPDATE reviews SET sampling_prob = 0.5"],
    "decided_without_verdict": [
        "UPDATE reviews SET verdict = NULL WHERE ad_id = (SELECT MIN(ad_id) FROM reviews)"
    ],
    "verdict_without_time": [
        "UPDATE reviews SET decided_at = NULL WHERE ad_id = (SELECT MIN(ad_id) FROM reviews)"
    ],
    "audit_saw_machine": ["UPDATE reviews SET seen_machine = TRUE"],
    "violating_without_policies": [
        "UPDATE reviews SET verdict = 'violating', policies = NULL WHERE ad_id = 'ad-5'",
        "UPDATE reviews SET policies = NULL WHERE verdict = 'violating'",
    ],
    "active_longer_than_open": ["UPDATE reviews SET active_ms = 9000000"],
    "absurd_active_ms": [
        "UPDATE reviews SET active_ms = 90000000 WHERE ad_id = (SELECT MIN(ad_id) FROM reviews)"
    ],
    "active_ms_in_seconds": ["UPDATE reviews SET active_ms = active_ms // 1000"],
    "encoding_broken": ["UPDATE ads SET title = 'æ˜¥å­£ä¿ƒé”€' WHERE ad_id = 'ad-3'"],
    "spellings": ["UPDATE ads SET market = ' us' WHERE ad_id = 'ad-2'"],
    "constant_column": ["UPDATE decisions SET action = 'approve', policy_id = NULL"],
    "empty_column": ["UPDATE impressions SET spend = NULL"],
    "reject_without_policy": ["UPDATE decisions SET policy_id = '' WHERE decision_id = 'd-4'"],
    "clicks_above_impressions": ["UPDATE impressions SET clicks = 999 WHERE ad_id = 'ad-3'"],
    "spend_without_impressions": [
        "UPDATE impressions SET impressions = 0, clicks = 0 WHERE ad_id = 'ad-3'"
    ],
    "orphan_judgements": [
        f"{JUDGEMENT} 'gone' AS ad_id, 'verdict' AS outcome, 'compliant' AS verdict",
    ],
    "verdict_without_answer": [f"{JUDGEMENT} 'ad-1' AS ad_id, 'verdict' AS outcome"],
    "answer_without_verdict": [
        f"{JUDGEMENT} 'ad-1' AS ad_id, 'refused' AS outcome, 'compliant' AS verdict",
    ],
    "cost_without_currency": [
        f"{JUDGEMENT} 'ad-1' AS ad_id, 'failed' AS outcome, 0.01 AS cost",
    ],
    "scores_not_in_0_1": [
        "INSERT INTO scores BY NAME SELECT 'ad-1' AS ad_id, 1 AS ad_version, 'm' AS model, '1' AS version, 87.0 AS score"
    ],
}


@pytest.mark.parametrize("code", STORIES)
def test_a_fault_is_found_and_told_in_both_languages(code: str, check: Check) -> None:
    health = check(*STORIES[code])
    found = [each for each in health.findings if each.code == code]
    assert found, [each.code for each in health.findings]
    for each in found:
        assert each.count > 0
        for message in (each.what, each.effect, each.fix):
            assert message.text(Language.EN)
            assert message.text(Language.ZH)
    assert health.record()["findings"]


def test_draws_without_a_queue_reason_are_no_proxies(check: Check) -> None:
    health = check("UPDATE reviews SET queue_reason = NULL, design_id = NULL")
    assert "no_probability_labels" not in {each.code for each in health.findings}
    told = only(health, "no_queue_reason")
    assert "proxy" not in told.effect.text()
    assert "constants = { queue_reason" in told.fix.text()


@pytest.mark.parametrize(
    ("chance", "said"),
    [
        ("0.2", "Queue-in precision cannot be told"),
        ("NULL", "Queue-in precision takes every review without a sampling_prob for queue work"),
    ],
)
def test_without_a_queue_reason_queue_in_precision_is_doubted(
    chance: str, said: str, check: Check
) -> None:
    health = check(
        f"UPDATE reviews SET queue_reason = NULL, sampling_prob = {chance}",
        "UPDATE decisions SET action = 'review' WHERE decision_id = 'd-7'",
    )
    found = only(health, "no_queue_reason")
    assert found.severity is Severity.WARN
    assert said in found.effect.text()


def test_labels_of_a_language_model_are_no_draws(check: Check) -> None:
    health = check("UPDATE reviews SET role = 'LLM'")
    assert only(health, "no_probability_labels").count > 0


def test_every_sentence_belongs_to_a_story() -> None:
    told = {
        key.split(".")[1]
        for key in PHRASEBOOK
        if key.startswith("health.") and key.endswith(".what")
    }
    elsewhere = {"late_rows", "rejected_rows", "unknown_values", "orphan_scores", "orphan_reports"}
    assert told - elsewhere == set(STORIES)


def test_an_orphan_says_how_many_would_fit_in_another_spelling(check: Check) -> None:
    found = only(check(*STORIES["orphan_decisions"]), "orphan_decisions")
    assert (found.count, found.out_of, found.examples) == (1, ADS, ("AD-7",))
    assert "1 rows fit" in found.fix.text()


def test_few_bad_rows_are_a_warning_and_many_break_the_logs(check: Check) -> None:
    few = check("UPDATE decisions SET ad_id = 'x' || ad_id WHERE decision_id = 'd-1'")
    assert only(few, "orphan_decisions").severity is Severity.WARN
    assert not few.broken
    many = check("UPDATE decisions SET ad_id = 'y' || ad_id")
    assert only(many, "orphan_decisions").severity is Severity.BROKEN
    assert many.findings[0].severity is Severity.BROKEN
    assert many.broken


def test_the_skew_of_a_time_zone_is_named_in_hours(check: Check) -> None:
    found = only(check(*STORIES["clock_skew"]), "clock_skew")
    assert "about -8 hours apart from ads.created_at" in found.what.text()


def test_a_late_clock_is_suspected_when_nothing_is_ever_quick(check: Check) -> None:
    health = check("UPDATE decisions SET decided_at = decided_at + INTERVAL 8 HOUR")
    assert "+8 hours" in only(health, "clock_skew").what.text()


def test_a_declared_design_needs_no_logged_probability(check: Check) -> None:
    health = check(
        "UPDATE reviews SET sampling_prob = NULL",
        settings='[designs.audit]\nbasis = "declared"\nby = "Li"\nqueues = ["audit"]\n',
    )
    assert {each.code for each in health.findings}.isdisjoint(
        {"labels_without_probability", "no_probability_labels"}
    )


def test_weights_are_compared_by_action(check: Check) -> None:
    health = check(*STORIES["weights_do_not_add_up"])
    found = [each for each in health.findings if each.code == "weights_do_not_add_up"]
    assert {str(each.what.params["action"]) for each in found} == {"approve", "review", "reject"}


def test_findings_can_be_ignored(check: Check) -> None:
    health = check(
        *STORIES["audit_saw_machine"], settings='[check]\nignore = ["audit_saw_machine"]'
    )
    assert health.findings == ()


@pytest.mark.parametrize("text", ["café 春季促销", "naïve €5 “deal”", "Ångström", "è una åtgärd"])
def test_good_text_is_not_called_broken(text: str, check: Check) -> None:
    health = check(f"UPDATE ads SET title = '{text}'")
    assert health.findings == ()


@pytest.mark.parametrize("good", ["café", "“deal”", "春季促销", "Größe"])
@pytest.mark.parametrize("wrong", ["latin-1", "cp1252"])
def test_text_read_in_the_wrong_encoding_is_found(good: str, wrong: str, check: Check) -> None:
    bad = good.encode().decode(wrong, errors="replace")
    health = check(f"UPDATE ads SET title = '{bad}' WHERE ad_id = 'ad-1'")
    assert only(health, "encoding_broken").examples == ("ad-1",)


def test_unnamed_reviewers_who_agree_are_no_copies(check: Check) -> None:
    copy = "INSERT INTO reviews SELECT * REPLACE ('copy' AS review_id) FROM reviews LIMIT 1"
    health = check("UPDATE reviews SET reviewer_id = NULL", copy)
    assert not [each for each in health.findings if each.code == "duplicate_reviews"]
