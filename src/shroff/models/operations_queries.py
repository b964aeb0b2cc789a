"""Queries on how LLM judges run: calls by day, latency, cost, scores, and verdicts beside others."""

from __future__ import annotations

from collections.abc import Sequence

from shroff.store.sql import ident

__all__ = ["BESIDE_SQL", "SCORES_SQL", "calls_sql", "days_sql", "stood_sql", "truth_sql"]


def stood_sql() -> str:
    """Write the query for the judgements on ads of the period, with language and day."""
    return """
SELECT j.ad_id, COALESCE(j.ad_version, 1) AS ad_version, j.model,
       COALESCE(j.version, '') AS version, COALESCE(j.policy_id, '') AS policy_id,
       COALESCE(a.language, '') AS language, CAST(j.judged_at AS DATE) AS day, j.outcome,
       j.verdict, j.score, j.latency_ms, j.input_tokens, j.cached_tokens, j.output_tokens,
       j.cost, j.currency, j.attempts, CASE WHEN COALESCE(j.repaired, FALSE) THEN 1 ELSE 0 END
         AS repaired,
       CASE WHEN COALESCE(j.shadow, FALSE) THEN 1 ELSE 0 END AS shadow,
       CASE WHEN j.copy_of IS NULL THEN 0 ELSE 1 END AS copied,
       ROW_NUMBER() OVER (PARTITION BY j.ad_id, COALESCE(j.ad_version, 1), j.model,
                                       COALESCE(j.version, ''), COALESCE(j.policy_id, '')
                          ORDER BY j.judged_at DESC, j.judgement_id DESC) AS nth
FROM judgements AS j
LEFT JOIN ads AS a ON j.ad_id = a.ad_id AND COALESCE(j.ad_version, 1) = COALESCE(a.ad_version, 1)
JOIN (SELECT DISTINCT ad_id, ad_version FROM population WHERE in_period) AS p
  ON j.ad_id = p.ad_id AND COALESCE(j.ad_version, 1) = p.ad_version
"""


_SUMS = """
COUNT(*) AS rows_told, SUM(1 - copied) AS calls, SUM(copied) AS copies, SUM(shadow) AS shadowed,
       SUM(CASE WHEN copied = 0 AND outcome = 'verdict' THEN 1 ELSE 0 END) AS verdicts,
       SUM(CASE WHEN copied = 0 AND outcome = 'failed' THEN 1 ELSE 0 END) AS failed,
       SUM(CASE WHEN copied = 0 AND outcome = 'cut' THEN 1 ELSE 0 END) AS cut,
       SUM(CASE WHEN copied = 0 AND outcome = 'invalid' THEN 1 ELSE 0 END) AS invalid,
       SUM(CASE WHEN copied = 0 AND outcome = 'refused' THEN 1 ELSE 0 END) AS refused,
       SUM(CASE WHEN copied = 0 AND outcome = 'filtered' THEN 1 ELSE 0 END) AS filtered,
       SUM(CASE WHEN copied = 0 THEN repaired ELSE 0 END) AS repaired,
       SUM(CASE WHEN copied = 0 AND verdict = 'violating' THEN 1 ELSE 0 END) AS violating,
       SUM(CAST(COALESCE(attempts, 0) AS DOUBLE)) AS attempts, SUM(COALESCE(cost, 0)) AS cost,
       MAX(currency) AS currency, SUM(CAST(COALESCE(input_tokens, 0) AS DOUBLE)) AS input_tokens,
       SUM(CAST(COALESCE(cached_tokens, 0) AS DOUBLE)) AS cached_tokens,
       SUM(CAST(COALESCE(output_tokens, 0) AS DOUBLE)) AS output_tokens"""


def calls_sql(column: str = "") -> str:
    """Write the query for calls of each version, by a column if one is named.

    Parameters
    ----------
    column : str
        ``policy_id``, ``language``, or empty.

    Returns
    -------
    str
        A SELECT with one row a version and value.
    """
    cut = f", {ident(column)}" if column else ""
    return f"""
SELECT model, version{cut}, {_SUMS},
       MIN(day) AS first_day, MAX(day) AS last_day,
       QUANTILE_CONT(CASE WHEN copied = 0 THEN CAST(latency_ms AS DOUBLE) END, 0.5) AS p50,
       QUANTILE_CONT(CASE WHEN copied = 0 THEN CAST(latency_ms AS DOUBLE) END, 0.95) AS p95,
       QUANTILE_CONT(CASE WHEN copied = 0 THEN CAST(latency_ms AS DOUBLE) END, 0.99) AS p99
FROM judged_calls
GROUP BY model, version{cut}
ORDER BY model, version{cut}
"""


def days_sql() -> str:
    """Write the query for calls of each version by day."""
    return f"""
SELECT model, version, day, {_SUMS},
       QUANTILE_CONT(CASE WHEN copied = 0 THEN CAST(latency_ms AS DOUBLE) END, 0.95) AS p95
FROM judged_calls
GROUP BY model, version, day
ORDER BY model, version, day
"""


SCORES_SQL = """
SELECT model, version, day, CASE WHEN score >= 1 THEN 9 ELSE CAST(FLOOR(score * 10) AS BIGINT) END
         AS tenth,
       COUNT(*) AS n, SUM(score) AS total, SUM(score * score) AS squares
FROM judged_calls
WHERE score IS NOT NULL AND NOT ISNAN(score) AND score >= 0 AND outcome = 'verdict'
GROUP BY model, version, day,
         CASE WHEN score >= 1 THEN 9 ELSE CAST(FLOOR(score * 10) AS BIGINT) END
ORDER BY model, version, day, tenth
"""
"""Scores by version, day and tenth."""


def truth_sql(table: str, columns: Sequence[str] = ()) -> str:
    """Write the query for verdicts beside drawn labels, by a column if one is named."""
    cut = "".join(f", c.{ident(name)}" for name in columns)
    return f"""
SELECT c.model, c.version{cut}, c.verdict, CASE WHEN f.any_violating THEN 1 ELSE 0 END AS truth,
       COUNT(*) AS n, SUM(f.w) AS w, SUM(f.w * f.w) AS w2
FROM {table} AS f
JOIN judged_calls AS c ON f.ad_id = c.ad_id AND f.ad_version = c.ad_version
WHERE f.in_period AND c.nth = 1 AND c.outcome = 'verdict' AND c.verdict IN ('violating', 'compliant')
GROUP BY c.model, c.version{cut}, c.verdict, CASE WHEN f.any_violating THEN 1 ELSE 0 END
ORDER BY c.model, c.version{cut}, c.verdict, truth
"""


BESIDE_SQL = """
SELECT c.model, c.version, 'rules' AS beside, COUNT(*) AS n,
       SUM(CASE WHEN c.verdict <> 'violating' THEN 1 ELSE 0 END) AS apart
FROM judged_calls AS c
JOIN population AS p ON c.ad_id = p.ad_id AND c.ad_version = p.ad_version
WHERE p.in_period AND p.source = 'rule' AND p.action = 'reject' AND c.nth = 1
  AND c.outcome = 'verdict' AND c.verdict IN ('violating', 'compliant')
GROUP BY c.model, c.version
UNION ALL
SELECT c.model, c.version, o.version AS beside, COUNT(*) AS n,
       SUM(CASE WHEN c.verdict <> o.verdict THEN 1 ELSE 0 END) AS apart
FROM judged_calls AS c
JOIN judged_calls AS o ON c.ad_id = o.ad_id AND c.ad_version = o.ad_version
  AND c.model = o.model AND c.policy_id = o.policy_id AND c.version <> o.version
WHERE c.nth = 1 AND o.nth = 1 AND c.verdict IN ('violating', 'compliant')
  AND o.verdict IN ('violating', 'compliant')
GROUP BY c.model, c.version, o.version
ORDER BY model, version, beside
"""
"""Verdicts on ads that rules reject, and beside another version's on the same ads and policy."""
