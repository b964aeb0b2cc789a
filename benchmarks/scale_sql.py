"""The queries that make up a day of logs; see scale_logs.py."""

from __future__ import annotations

__all__ = ["BASE", "DAILY", "ONCE", "SERVED"]


def _u(salt: int, number: str = "i") -> str:
    """Write a number in [0, 1) that looks random, the same for one ad and salt."""
    # one number to hash: hashes of several are mixed so poorly that they depend on each other
    return f"((hash(({number}) * 128 + {salt} + {{seed}} * 1125899906842624) >> 11) / 9007199254740992.0)"


def _one_of(words: str, place: str) -> str:
    listed = ", ".join(f"'{word}'" for word in words.split())
    return f"[{listed}][1 + CAST(floor({len(words.split())} * ({place})) AS BIGINT)]"


_MARKETS = _one_of("US BR ID JP DE VN MX CN", f"pow({_u(1)}, 1.5)")
_LANGUAGES = _one_of("en pt id ja de vi es zh", f"pow({_u(1)}, 1.5)")
_INDUSTRIES = _one_of(
    "fashion health beauty games finance food travel education home auto apps media", _u(3)
)

BASE = f"""
SELECT i, ad_id, market, language, industry, format, advertiser, created_at, decided_at, score,
       action, violating, hour_late, audited, chance, edited,
       'p' || lpad(CAST(policy AS VARCHAR), 2, '0') AS policy_id,
       'p' || lpad(CAST(CASE WHEN u_right < 0.8 THEN policy ELSE (policy + 7) % 60 END AS VARCHAR),
                   2, '0') AS true_policy,
       CASE WHEN u_rule < 0.25 AND action <> 'approve' THEN 'rule' ELSE 'model' END AS source,
       CASE WHEN u_rule < 0.25 AND action <> 'approve'
            THEN 'rule-' || lpad(CAST(CAST(floor(160 * u_rule) AS BIGINT) AS VARCHAR), 3, '0')
            ELSE 'ads_risk' END AS detector,
       CASE WHEN {{day}} < 50 THEN 'v1' ELSE 'v2' END AS version,
       (violating AND u_err < 0.93) OR (NOT violating AND u_err < 0.04) AS found
FROM (
  SELECT *, score > 0.05 AND u_true < 0.9 * score OR u_true < 0.006 AS violating,
         CASE WHEN score < 0.55 THEN 'approve' WHEN score < 0.82 THEN 'review'
              WHEN score < 0.85 THEN 'restrict' ELSE 'reject' END AS action,
         CASE WHEN score < 0.55 THEN 0.002 ELSE 0.02 END AS chance,
         u_audit < CASE WHEN score < 0.55 THEN 0.002 ELSE 0.02 END AS audited
  FROM (
    SELECT i, CAST(1700000000000000000 + i * 1048576 + hash(i * 128 + {{seed}}) % 1048576 AS VARCHAR) AS ad_id,
           {_MARKETS} AS market,
           CASE WHEN {_u(2)} < 0.2 THEN 'en' ELSE {_LANGUAGES} END AS language,
           {_INDUSTRIES} AS industry,
           {_one_of("video image carousel text", f"pow({_u(4)}, 2)")} AS format,
           CAST(floor({{a_day}} * 7 * pow({_u(5)}, 3)) AS BIGINT) AS advertiser,
           {{start}} + to_microseconds(CAST(86000000000 * (i - {{day}} * {{a_day}}) / {{a_day}} AS BIGINT)) AS created_at,
           {{start}} + to_microseconds(CAST(86000000000 * (i - {{day}} * {{a_day}}) / {{a_day}}
             + 399000000 * {_u(6)} AS BIGINT)) AS decided_at,
           round(pow({_u(7)}, 6), 4) AS score,
           CAST(floor(60 * pow({_u(8)}, 2)) AS BIGINT) AS policy,
           {_u(9)} AS u_right, {_u(10)} AS u_rule, {_u(11)} AS u_true, {_u(12)} AS u_err,
           {_u(13)} AS u_audit, 30 * pow({_u(14)}, 3) AS hour_late, {_u(15)} < 0.05 AS edited
    FROM range({{day}} * {{a_day}}, ({{day}} + 1) * {{a_day}}) AS numbers(i)
  )
)
"""
"""One row an ad submitted on the day: all that is known of it."""

SERVED = f"""
SELECT i, ad_id, 1 + CAST(floor(7 * pow({_u(20)}, 1.6)) AS BIGINT) AS life,
       least(20 / pow({_u(21)} + 1e-9, 0.85), 20000000) AS size
FROM base_{{day}}
WHERE action = 'approve' OR (action IN ('review', 'restrict') AND NOT found)
"""

_ADS = f"""
SELECT ad_id, ad_version, 'adv' || lpad(CAST(advertiser AS VARCHAR), 9, '0') AS advertiser_id,
       made_at AS created_at, market, language, industry, format,
       'Title ' || (i % 997) || ': ' || industry || ' for everyone, now in stock' AS title,
       'Body ' || (i % 1999) || ': an offer of ' || industry || ' in ' || market
         || ', as long as it lasts. Ask us, we are open all day.' AS body,
       CASE WHEN format <> 'text' THEN 'only ' || (i % 89) || ' left' END AS ocr_text,
       CASE WHEN format = 'video' THEN 'welcome back to our channel ' || (i % 499) END AS asr_text,
       'https://shop' || (advertiser % 5000) || '.example/p/' || (i % 40) AS landing_url,
       'https://shop' || (advertiser % 5000) || '.example/p/' || (i % 40) AS landing_final_url,
       CASE WHEN format = 'video' THEN 'media/' || (i % 7919) || '.mp4' END AS media_ref,
       CASE WHEN format = 'video' THEN 'thumbs/' || (i % 7919) || '.jpg' END AS thumbnail_ref,
       'c' || (hash(i // 3) % 100000) AS creative_hash,
       CAST(floor(1500 * pow({_u(30)}, 2)) AS BIGINT) AS account_age_days
FROM (SELECT *, 1 AS ad_version, created_at AS made_at FROM {{base}}
      UNION ALL
      SELECT *, 2 AS ad_version, created_at + INTERVAL 1 DAY AS made_at FROM {{before}} WHERE edited)
"""

_DECISIONS = f"""
SELECT ad_id || '-1-m' AS decision_id, ad_id, 1 AS ad_version, market, decided_at, action,
       CASE WHEN action <> 'approve' THEN policy_id END AS policy_id, source, detector, version,
       CASE WHEN i % 3 = 0 THEN 'serve_then_review' ELSE 'review_then_serve' END AS flow_mode,
       FALSE AS shadow, score
FROM {{base}}
UNION ALL
SELECT ad_id || '-1-s', ad_id, 1, market, decided_at, CASE WHEN score < 0.6 THEN 'approve' ELSE 'reject' END,
       CASE WHEN score >= 0.6 THEN policy_id END, 'model', 'ads_risk_next', 'v3', 'review_then_serve', TRUE, score
FROM {{base}} WHERE {_u(31)} < 0.07
UNION ALL
SELECT ad_id || '-1-m2', ad_id, 1, CASE WHEN market = 'US' THEN 'DE' ELSE 'US' END,
       decided_at + INTERVAL 1 SECOND, action, CASE WHEN action <> 'approve' THEN policy_id END, source,
       detector, version, 'review_then_serve', FALSE, score
FROM {{base}} WHERE {_u(32)} < 0.06
UNION ALL
SELECT ad_id || '-2-m', ad_id, 2, market, decided_at + INTERVAL 1 DAY, action,
       CASE WHEN action <> 'approve' THEN policy_id END, source, detector, version, 'review_then_serve',
       FALSE, score
FROM {{before}} WHERE edited
UNION ALL
SELECT ad_id || '-1-h', ad_id, 1, market, ended, CASE WHEN found THEN 'reject' ELSE 'approve' END,
       CASE WHEN found THEN true_policy END, 'human', 'L1', NULL, 'review_then_serve', FALSE, score
FROM (SELECT *, decided_at + to_seconds(CAST(3600 * hour_late AS BIGINT)) AS ended FROM {{base}}
      UNION ALL
      SELECT *, decided_at + to_seconds(CAST(3600 * hour_late AS BIGINT)) AS ended FROM {{before}})
WHERE action = 'review' AND ended >= {{start}} AND ended < {{start}} + INTERVAL 1 DAY
"""

_SCORES = f"""
SELECT ad_id, ad_version, 'ads_risk' AS model, version, NULL AS policy_id, score, decided_at AS scored_at,
       FALSE AS shadow
FROM (SELECT *, 1 AS ad_version FROM {{base}} UNION ALL SELECT *, 2 AS ad_version FROM {{before}} WHERE edited)
UNION ALL
SELECT ad_id, 1, 'family_' || CAST(i % 12 AS VARCHAR), version, policy_id, round({_u(33)}, 4), decided_at, FALSE
FROM {{base}}
"""

_TASK = """
SELECT ad_id || '-1-{code}' AS review_id, ad_id, 1 AS ad_version,
       'r_' || lpad(CAST(hash(i * 128 + 71) % 400 AS VARCHAR), 16, '0') AS reviewer_id,
       'site-' || CAST(hash(i * 128 + 71) % 4 AS VARCHAR) AS reviewer_group, {queue} AS queue,
       {reason} AS queue_reason, '{role}' AS role, {blind} AS blind, NOT {blind} AS seen_machine,
       CASE WHEN done THEN CASE WHEN found THEN 'violating' ELSE 'compliant' END END AS verdict,
       CASE WHEN done THEN CASE WHEN found THEN [true_policy] ELSE [] END END AS policies,
       CASE WHEN done AND found THEN 1 + i % 5 END AS severity, '2026-01' AS policy_version,
       'g3' AS guideline_version, {design} AS design_id, {stratum} AS stratum,
       {chance} AS sampling_prob, enqueued_at, CASE WHEN done THEN greatest(ended - INTERVAL 1 MINUTE, enqueued_at) END AS started_at,
       CASE WHEN done THEN ended END AS decided_at,
       CASE WHEN done THEN 20000 + CAST(hash(i * 128 + 72) % 90000 AS BIGINT) END AS active_ms, _version
FROM (
  SELECT *, TRUE AS done, 1 AS _version FROM {today} WHERE ended < {{start}} + INTERVAL 1 DAY
  UNION ALL
  SELECT *, FALSE AS done, 1 AS _version FROM {today} WHERE ended >= {{start}} + INTERVAL 1 DAY
  UNION ALL
  SELECT *, TRUE AS done, 2 AS _version FROM {yesterday} WHERE ended >= {{start}}
)
"""
"""Tasks decided today, open tonight, and open last night: the last as corrections."""


def _tasks(late: str, *, where: str, **words: str) -> str:
    def since(base: str) -> str:
        return (
            f"(SELECT *, decided_at AS enqueued_at,"
            f" decided_at + to_seconds(CAST({late} AS BIGINT)) AS ended"
            f" FROM {{{base}}} WHERE {where})"
        )

    return _TASK.format(today=since("base"), yesterday=since("before"), **words)


_QUEUED = _tasks(
    "3600 * least(hour_late, 23)",
    where="action = 'review'",
    code="q",
    queue="CASE WHEN market IN ('US', 'BR', 'DE', 'MX') THEN 'west' ELSE 'east' END",
    reason="source",
    role="L1",
    blind="FALSE",
    design="'queue'",
    stratum="NULL",
    chance="1.0",
)
_AUDITED = _tasks(
    "3600 * (1 + 0.7 * hour_late)",
    where="audited",
    code="a",
    queue="'audit'",
    reason="'random'",
    role="L2",
    blind="TRUE",
    design="'audit'",
    stratum="action",
    chance="chance",
)
_REPORTED = _tasks(
    "3600 * (2 + hour_late / 2)",
    where=f"{_u(40)} < 0.01 AND action = 'approve'",
    code="r",
    queue="'reports'",
    reason="'report'",
    role="L2",
    blind="FALSE",
    design="NULL",
    stratum="NULL",
    chance="NULL",
)

_APPEALS = f"""
SELECT ad_id || '-a' AS appeal_id, ad_id, 1 AS ad_version, ad_id || '-1-m' AS decision_id,
       decided_at + INTERVAL 8 HOUR AS filed_at,
       CASE WHEN i % 4 > 0 THEN decided_at + INTERVAL 20 HOUR END AS decided_at,
       CASE WHEN i % 4 > 0 THEN CASE WHEN violating THEN 'upheld' ELSE 'reversed' END END AS outcome,
       i % 10 = 0 AS edited_resubmit
FROM {{base}} WHERE action IN ('reject', 'restrict') AND {_u(41)} < 0.15
"""

_IMPRESSIONS = f"""
SELECT ad_id, {{date}} AS day, shown AS impressions, CAST(floor(shown * 0.012) AS BIGINT) AS clicks,
       round(shown * 0.004, 2) AS spend
FROM (SELECT ad_id, CAST(ceil(size * {_u(42, "i + lag * 7919")} / (1 + lag)) AS BIGINT) AS shown FROM {{served}})
"""

_REPORTS = f"""
SELECT ad_id || '-v' AS report_id, ad_id, 'user' AS source, decided_at + INTERVAL 2 HOUR AS filed_at,
       NULL AS outcome
FROM {{base}} WHERE {_u(40)} < 0.03 AND action = 'approve'
"""

_STAFFING = """
SELECT queue, language, {start} + INTERVAL 1 HOUR * h AS hour, 4.0 + h % 5 AS reviewer_hours
FROM (VALUES ('west'), ('east'), ('audit'), ('reports')) AS queues(queue),
     (VALUES ('en'), ('pt'), ('id'), ('ja'), ('de'), ('vi'), ('es'), ('zh')) AS languages(language),
     range(24) AS hours(h)
"""

DAILY = {
    "ads": _ADS,
    "decisions": _DECISIONS,
    "scores": _SCORES,
    "reviews": f"{_QUEUED}\nUNION ALL\n{_AUDITED}\nUNION ALL\n{_REPORTED}",
    "appeals": _APPEALS,
    "impressions": _IMPRESSIONS,
    "reports": _REPORTS,
    "staffing": _STAFFING,
}
"""What a day's commits hold, table by table."""

ONCE = {
    "policies": """
SELECT 'p' || lpad(CAST(i AS VARCHAR), 2, '0') AS policy_id, '2026-01' AS version,
       'g' || (i % 8) AS parent, 'Policy ' || i AS name_en, '政策' || i AS name_zh, 1 + i % 5 AS severity,
       40.0 AS cost_missed, 12.0 AS cost_wrong_reject, NULL AS markets,
       TIMESTAMPTZ '2025-06-01 00:00:00+00' AS effective_from
FROM range(60) AS numbers(i)
UNION ALL
SELECT 'g' || i, '2026-01', NULL, 'Group ' || i, '大类' || i, 3, NULL, NULL, NULL,
       TIMESTAMPTZ '2025-06-01 00:00:00+00'
FROM range(8) AS numbers(i)
""",
    "changes": """
SELECT 'c1' AS change_id, {start} + INTERVAL 50 DAY AS "at", 'model' AS kind, 'ads_risk v2' AS what,
       NULL AS scope, NULL AS note
""",
}
"""What the first day brings besides."""
