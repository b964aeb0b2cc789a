"""Answers of an LLM in order of how much they speak for a violation, as cascades cut them."""

from __future__ import annotations

from math import inf

from shroff.store.sql import literal

__all__ = ["ANSWERS", "ANSWER_SCORES", "answer_place", "answers_sql"]

ANSWERS = 6
"""Answers in order; one more, the last, is no verdict and goes to people."""

ANSWER_SCORES = (0.0, 0.1, 0.3, 0.5, 0.7, 0.9, inf)
"""Scores of the LLM at which each answer begins."""


def answer_place(score: float) -> int:
    """Give the answer that begins at a score; -1 where none does."""
    return ANSWER_SCORES.index(score) if score in ANSWER_SCORES else -1


def answers_sql(model: str, version: str) -> str:
    """Write the query for the answer on each ad version: a place, the last one for no verdict.

    Parameters
    ----------
    model, version : str
        Which LLM.

    Returns
    -------
    str
        A SELECT with one row an ad version. Of several policies the answer that speaks most for a
        violation counts; of several answers on one, the last.
    """
    steps = " ".join(
        f"WHEN j.score < {top} THEN {place}" for place, top in enumerate(ANSWER_SCORES[1:-1])
    )
    return f"""
SELECT ad_id, ad_version, MAX(place) AS place
FROM (
  SELECT j.ad_id, COALESCE(j.ad_version, 1) AS ad_version,
         CASE WHEN j.outcome <> 'verdict' OR COALESCE(j.verdict, 'unclear') = 'unclear'
              THEN {ANSWERS}
              WHEN j.score IS NOT NULL AND NOT ISNAN(j.score)
              THEN CASE {steps} ELSE {ANSWERS - 1} END
              WHEN j.verdict = 'compliant'
              THEN CASE j.confidence WHEN 'high' THEN 0 WHEN 'medium' THEN 1 ELSE 2 END
              ELSE CASE j.confidence WHEN 'high' THEN 5 WHEN 'medium' THEN 4 ELSE 3 END
         END AS place,
         ROW_NUMBER() OVER (PARTITION BY j.ad_id, COALESCE(j.ad_version, 1),
                                         COALESCE(j.policy_id, '')
                            ORDER BY j.judged_at DESC, j.judgement_id DESC) AS _last
  FROM judgements AS j
  WHERE j.model = {literal(model)} AND COALESCE(j.version, '') = {literal(version)}
) AS told
WHERE _last = 1
GROUP BY ad_id, ad_version
"""
