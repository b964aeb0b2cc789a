"""Which review of an ad is believed."""

from __future__ import annotations

__all__ = ["TRUTH_SQL"]

TRUTH_SQL = """
SELECT ad_id, ad_version,
       verdict = 'violating' AS violating,
       CASE WHEN verdict = 'violating' THEN policies END AS policies,
       tier
FROM (
  SELECT tiered.*,
         ROW_NUMBER() OVER (PARTITION BY ad_id, ad_version
                            ORDER BY tier, decided_at DESC, review_id DESC) AS believed
  FROM (
    SELECT judged.*,
           CASE WHEN role = 'SME' THEN 1
                WHEN blind_count >= 2 AND 2 * blind_violating = blind_count THEN 9
                WHEN independent AND blind_count >= 2
                THEN CASE WHEN verdict = CASE WHEN 2 * blind_violating > blind_count
                                              THEN 'violating' ELSE 'compliant' END
                          THEN 2 ELSE 9 END
                WHEN independent THEN 3
                ELSE 4 END AS tier
    FROM (
      SELECT said.*,
             SUM(CASE WHEN independent THEN 1 ELSE 0 END)
               OVER (PARTITION BY ad_id, ad_version) AS blind_count,
             SUM(CASE WHEN independent AND verdict = 'violating' THEN 1 ELSE 0 END)
               OVER (PARTITION BY ad_id, ad_version) AS blind_violating
      FROM (
        SELECT review_id, ad_id, COALESCE(ad_version, 1) AS ad_version, role, verdict, policies,
               decided_at,
               COALESCE(blind, FALSE) AND NOT COALESCE(seen_machine, FALSE)
                 AND COALESCE(role, 'L1') <> 'SME' AS independent
        FROM reviews
        WHERE verdict IN ('violating', 'compliant')
          AND decided_at IS NOT NULL
          AND COALESCE(role, 'L1') <> 'LLM'
          AND COALESCE(queue_reason, 'model') NOT IN ('appeal', 'report')
      ) AS said
    ) AS judged
  ) AS tiered
) AS ranked
WHERE believed = 1 AND tier < 9
"""
"""Truth of each ad version, from its reviews by precedence: adjudicated by an expert (tier 1),
said by most of two or more blind reviewers (2), one blind reviewer (3), a reviewer who saw the
machine's answer (4). Blind reviewers who are evenly split without adjudication leave it open: of
two, both must agree. Labels by LLMs, appeals and reports are never truth."""
