"""How late labels and re-reviews come in, asked of the logs."""

from __future__ import annotations

import numpy as np

from shroff.domain.slices import Period
from shroff.measure.frame import Frame
from shroff.store.engine import Engine
from shroff.store.sql import literal
from shroff.watch.daily_series import Floats
from shroff.watch.lateness import completeness

__all__ = ["label_completeness", "overturn_completeness", "report_completeness"]

_LAGS = 61
"""Days after which what comes in is counted as the last of them."""

_LABELS = """
SELECT f.decision_day AS since, CAST(MIN(r.decided_at) AS DATE) AS until
FROM {frame} AS f
JOIN reviews AS r ON f.ad_id = r.ad_id AND f.ad_version = COALESCE(r.ad_version, 1)
WHERE f.in_period AND r.decided_at IS NOT NULL AND r.verdict IN ('violating', 'compliant')
  AND COALESCE(r.role, 'L1') <> 'LLM' AND (r.sampling_prob IS NOT NULL OR f.sampling_prob = 1)
GROUP BY f.ad_id, f.ad_version, f.market, f.decision_day"""

_OVERTURNS = """
SELECT CAST(t.decided_at AS DATE) AS since, CAST(MAX(r.decided_at) AS DATE) AS until
FROM tasks AS t
JOIN reviews AS r ON t.ad_id = r.ad_id AND t.ad_version = COALESCE(r.ad_version, 1)
WHERE t.done AND COALESCE(t.role, 'L1') = 'L1' AND r.decided_at >= t.decided_at
  AND COALESCE(t.queue_reason, 'model') IN ('model', 'rule')
  AND (r.queue_reason IN ('recheck', 'random', 'seeded') OR r.role IN ('QA', 'SME'))
GROUP BY t.review_id, t.decided_at"""

_REPORTS = """
SELECT CAST(d.decided_at AS DATE) AS since, CAST(MIN(r.decided_at) AS DATE) AS until
FROM decisions AS d
JOIN reviews AS r ON d.ad_id = r.ad_id
WHERE r.queue_reason = 'report' AND r.verdict = 'violating' AND r.decided_at IS NOT NULL
  AND NOT COALESCE(d.shadow, FALSE) AND d.source <> 'human' AND r.decided_at >= d.decided_at
GROUP BY d.decision_id, d.decided_at"""

_LATE = """
SELECT DATE_DIFF('day', {first}, since) AS day,
       CASE WHEN DATE_DIFF('day', since, until) < 0 THEN 0
            WHEN DATE_DIFF('day', since, until) >= {lags} THEN {lags} - 1
            ELSE DATE_DIFF('day', since, until) END AS lag,
       COUNT(*) AS n
FROM ({events}) AS events
GROUP BY 1, 2"""


def label_completeness(engine: Engine, frame: Frame, *, period: Period, known: int) -> Floats:
    """Tell the share of each day's labels that are in.

    Parameters
    ----------
    engine : Engine
        Where the frame is.
    frame : Frame
        The label frame.
    period : Period
        Days of decisions.
    known : int
        Days after the last one that the logs run on.

    Returns
    -------
    array, shape (T,)
        Shares in [0, 1].
    """
    return _shares(engine, _LABELS.format(frame=frame.table), period=period, known=known)


def overturn_completeness(engine: Engine, *, period: Period, known: int) -> Floats:
    """Tell the share of the second looks at each day's first reviews that are in."""
    return _shares(engine, _OVERTURNS, period=period, known=known)


def report_completeness(engine: Engine, *, period: Period, known: int) -> Floats:
    """Tell the share of the leaks of each day that are confirmed after a report."""
    return _shares(engine, _REPORTS, period=period, known=known)


def _shares(engine: Engine, events: str, *, period: Period, known: int) -> Floats:
    found = engine.query(_LATE.format(first=literal(period.start), lags=_LAGS, events=events))
    table = np.zeros((period.days, _LAGS))
    day, lag, n = (found.column(name).to_numpy() for name in ("day", "lag", "n"))
    mine = (day >= 0) & (day < period.days)
    np.add.at(table, (day[mine].astype(int), lag[mine].astype(int)), n[mine])
    return completeness(table, known=known)
