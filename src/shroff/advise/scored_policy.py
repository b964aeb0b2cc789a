"""Which policy an ad would be held against: the one whose own score is highest."""

from __future__ import annotations

__all__ = ["SCORED_POLICY", "SCORED_POLICY_SQL"]

SCORED_POLICY = "scored_policy"
"""Column that proposals name it by; known for approved ads too, which cite no policy."""

SCORED_POLICY_SQL = """
SELECT ad_id, ad_version, policy_id AS scored_policy
FROM (SELECT ad_id, ad_version, policy_id,
             ROW_NUMBER() OVER (PARTITION BY ad_id, ad_version
                                ORDER BY score DESC, policy_id) AS _best
      FROM scores
      WHERE policy_id IS NOT NULL AND NOT COALESCE(shadow, FALSE)) AS ranked
WHERE _best = 1
"""
"""Policy of the highest live score of each ad version among the scores of single policies."""
