"""All sentences, English and Simplified Chinese side by side.

Keys are ``room.what``; each maps to (English, 中文). A test checks that both have the same slots.
"""

from __future__ import annotations

from shroff.domain.phrases import (
    advise_outcome_phrases,
    backtest_phrases,
    calibration_phrases,
    cube_phrases,
    curves_phrases,
    fewer_phrases,
    find_phrases,
    goals_phrases,
    health_phrases,
    ingest_phrases,
    label_plan_phrases,
    label_quality_phrases,
    league_phrases,
    mine_phrases,
    model_compare_phrases,
    propose_phrases,
    regulatory_phrases,
    report_phrases,
    rules_phrases,
    scorecard_phrases,
    slices_phrases,
    terminal_phrases,
    trial_phrases,
    watch_advertisers_phrases,
    watch_campaigns_phrases,
    watch_changes_phrases,
    watch_drift_phrases,
    watch_terms_phrases,
    watch_trends_phrases,
    watch_why_phrases,
)

__all__ = ["PHRASEBOOK"]

PHRASEBOOK: dict[str, tuple[str, str]] = {
    **scorecard_phrases.PHRASES,
    **health_phrases.PHRASES,
    **report_phrases.PHRASES,
    **ingest_phrases.PHRASES,
    **propose_phrases.PHRASES,
    **terminal_phrases.PHRASES,
    **label_quality_phrases.PHRASES,
    **label_plan_phrases.PHRASES,
    **cube_phrases.PHRASES,
    **curves_phrases.PHRASES,
    **calibration_phrases.PHRASES,
    **goals_phrases.PHRASES,
    **slices_phrases.PHRASES,
    **regulatory_phrases.PHRASES,
    **fewer_phrases.PHRASES,
    **model_compare_phrases.PHRASES,
    **rules_phrases.PHRASES,
    **find_phrases.PHRASES,
    **trial_phrases.PHRASES,
    **backtest_phrases.PHRASES,
    **mine_phrases.PHRASES,
    **league_phrases.PHRASES,
    **watch_advertisers_phrases.PHRASES,
    **watch_campaigns_phrases.PHRASES,
    **watch_changes_phrases.PHRASES,
    **watch_trends_phrases.PHRASES,
    **watch_why_phrases.PHRASES,
    **watch_terms_phrases.PHRASES,
    **watch_drift_phrases.PHRASES,
    **advise_outcome_phrases.PHRASES,
}
