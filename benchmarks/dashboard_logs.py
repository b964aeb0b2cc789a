"""Logs for the dashboard's benchmark: a million ads, each decided in several markets and by candidates."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from benchmarks.scale_logs import ADS_PER_DECISION, make_workspace, write_days

from shroff.store.lake import Lake

__all__ = ["MORE_MARKETS", "SHADOWS", "make_logs", "write_some"]

MORE_MARKETS, SHADOWS = 4, 4
"""Decisions an ad has besides its first: in further markets, and by versions in shadow."""

_PER_AD = 1 / ADS_PER_DECISION + MORE_MARKETS + SHADOWS
_MEMORY_GB = 4.0

_MORE = f"""
SELECT ad_id || '-1-x' || k, ad_id, 1,
       (['US', 'BR', 'ID', 'JP', 'VN', 'MX', 'CN'])[1 + CAST((i + k) % 7 AS BIGINT)],
       decided_at + to_seconds(k), action, CASE WHEN action <> 'approve' THEN policy_id END, source,
       detector, version, 'review_then_serve', FALSE, score
FROM {{base}}, range(1, {MORE_MARKETS + 1}) AS markets(k)
UNION ALL
SELECT ad_id || '-1-t' || k, ad_id, 1, market, decided_at,
       CASE WHEN score < 0.5 + 0.05 * k THEN 'approve' ELSE 'reject' END,
       CASE WHEN score >= 0.5 + 0.05 * k THEN policy_id END, 'model', 'ads_risk_try',
       't' || k, 'review_then_serve', TRUE, score
FROM {{base}}, range(1, {SHADOWS + 1}) AS candidates(k)
"""


def make_logs(folder: Path, *, decisions: int, days: Iterable[int]) -> dict[str, int]:
    """Make a workspace whose logs have about ten decisions an ad.

    Parameters
    ----------
    folder : Path
        Its folder, which is not there yet.
    decisions : int
        Decisions of a hundred days, nearly.
    days : iterable of int
        Days to write.

    Returns
    -------
    dict of int
        Rows of each table.
    """
    return write_some(make_workspace(folder, memory_gb=_MEMORY_GB), decisions=decisions, days=days)


def write_some(lake: Lake, *, decisions: int, days: Iterable[int]) -> dict[str, int]:
    """Write further days into such a workspace, as `make_logs` does."""
    usual = round(decisions / _PER_AD / ADS_PER_DECISION)
    return write_days(lake, decisions=usual, days=days, memory_gb=_MEMORY_GB, more=_MORE)
