"""What mistakes and review cost: from the settings, by severity and exposure, or from today's lines."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from shroff.advise.decision_cells import DecisionCells
from shroff.advise.decision_worth import DecisionWorth
from shroff.advise.scored_policy import SCORED_POLICY
from shroff.advise.strategy_outcome import Costs
from shroff.measure.tasks import IDLE_CAP_MS
from shroff.store.engine import Engine
from shroff.store.settings import CostSettings

__all__ = ["HOURS", "AppealLog", "PolicyCosts", "Revealed", "costs_of", "policy_costs"]

Floats = npt.NDArray[np.float64]

HOURS = "h"
"""Unit of costs where no cost is set: an hour of review."""

_POLICIES = """
SELECT policy_id, severity, cost_missed, cost_wrong_reject
FROM (SELECT policy_id, severity, cost_missed, cost_wrong_reject,
             ROW_NUMBER() OVER (PARTITION BY policy_id
                                ORDER BY effective_from DESC, version DESC) AS _last
      FROM policies) AS ranked
WHERE _last = 1
ORDER BY policy_id
"""

_APPEALS = """
SELECT COUNT(*) AS filed,
       SUM(CASE WHEN outcome IN ('reversed', 'partly_reversed') THEN 1 ELSE 0 END) AS won
FROM (SELECT DISTINCT x.appeal_id, x.outcome
      FROM appeals AS x
      JOIN advised AS a ON x.ad_id = a.ad_id AND COALESCE(x.ad_version, 1) = a.ad_version
      WHERE a.lane = 'model' AND a.action = 'reject' AND x.outcome IS NOT NULL
        AND NOT COALESCE(x.edited_resubmit, FALSE)) AS settled
"""

_APPEAL_WORK = f"""
SELECT AVG(CASE WHEN active_ms > {IDLE_CAP_MS} THEN {IDLE_CAP_MS} ELSE active_ms END) / 60000.0
         AS minutes
FROM reviews
WHERE queue_reason = 'appeal' AND decided_at IS NOT NULL AND active_ms IS NOT NULL
  AND COALESCE(role, 'L1') <> 'LLM'
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealLog:
    """What the log says of appeals against the rejects that lines made.

    Parameters
    ----------
    filed, won : int
        Settled appeals, and those that won; ads that were edited first are left out.
    minutes : float
        Minutes of work that an appeal takes; 0 where none is timed.
    """

    filed: int = 0
    won: int = 0
    minutes: float = 0.0

    def shares(self, rejected: float, wrong: float) -> tuple[float, float]:
        """Give the share of wrong rejects that are appealed and won, and of right ones appealed."""
        right = max(rejected - wrong, 1e-12)
        lost = self.filed - self.won
        return min(self.won / max(wrong, self.won, 1e-12), 1.0), min(lost / right, 1.0)


@dataclass(frozen=True, slots=True)
class PolicyCosts:
    """What the user's policies, and appeals, say of costs.

    Parameters
    ----------
    rows : tuple of mapping
        Policy, severity, cost of a missed violation and of a wrong reject, None where not known.
    appeals : AppealLog
        Appeals.
    """

    rows: tuple[dict[str, Any], ...] = ()
    appeals: AppealLog = field(default_factory=AppealLog)

    def column(self, name: str, cells: DecisionCells) -> Floats:
        """Give a figure of each cell's policy; not a number where it is not known."""
        if SCORED_POLICY not in cells.by:
            return np.full(len(cells), np.nan)
        known = {row["policy_id"]: row[name] for row in self.rows}
        place = cells.by.index(SCORED_POLICY)
        found = [known.get(key[place]) for key in cells.keys]
        return np.array([np.nan if value is None else float(value) for value in found])


@dataclass(frozen=True, slots=True, kw_only=True)
class Revealed:
    """What today's limits say about costs, in violating impressions.

    Parameters
    ----------
    hour : float
        Violating impressions that one more hour of review prevents.
    wrong : float
        Violating impressions that one more wrong reject would prevent.
    """

    hour: float
    wrong: float


def policy_costs(engine: Engine) -> PolicyCosts:
    """Ask what policies and appeals say of costs; the table that `read_cells` makes must stand."""
    (appeals,) = engine.query(_APPEALS).to_pylist()
    (work,) = engine.query(_APPEAL_WORK).to_pylist()
    return PolicyCosts(
        tuple(engine.query(_POLICIES).to_pylist()),
        AppealLog(
            filed=int(appeals["filed"] or 0),
            won=int(appeals["won"] or 0),
            minutes=float(work["minutes"] or 0.0),
        ),
    )


def costs_of(
    cells: DecisionCells,
    worth: DecisionWorth,
    settings: CostSettings,
    *,
    policies: PolicyCosts,
    revealed: Revealed,
    chances: Floats | None = None,
) -> tuple[Costs, tuple[str, ...]]:
    """Give the costs of each cell and bin.

    Parameters
    ----------
    cells, worth
        Cells, and what their ads show and spend.
    settings : CostSettings
        What the user says that mistakes and work cost.
    policies : PolicyCosts
        Severities and costs of single policies.
    revealed : Revealed
        What stands for what the user does not say.
    chances : array of shape (cells, bins), optional
        Chance of violating: how many of today's rejects are wrong; without it no appeal costs.

    Returns
    -------
    Costs, tuple of str
        Costs; and which of them were taken from today's lines.

    Notes
    -----
    A missed violation costs in proportion to the impressions it would have, and to the severity of
    its policy; a wrong reject in proportion to the spend it would have had, and for its appeal. What
    a user says of wrong rejects is without appeals, which come on top.
    """
    usual = _mean(worth.violating_shown, cells.ads[0])
    impression, hour, wrong, guessed = _units(settings, revealed, usual=usual)
    missed = impression * worth.violating_shown * _severity(policies, cells)[:, None]
    own = policies.column("cost_missed", cells)
    ratio = worth.violating_shown / max(usual, 1e-12)
    missed = np.where(np.isnan(own)[:, None], missed, np.nan_to_num(own)[:, None] * ratio)
    own = policies.column("cost_wrong_reject", cells)
    each = np.where(np.isnan(own), wrong, own)
    spent = _mean(worth.spend, cells.ads[0])
    scale = worth.spend / spent if spent > 0 else np.ones(worth.spend.shape)
    currency = HOURS if len(guessed) == len(_NAMES) else settings.currency
    appeal, appealed = _appeals(cells, settings, policies.appeals, chances=chances, hour=hour)
    costs = Costs(
        missed=missed,
        wrong=each[:, None] * scale + appeal * appealed[0],
        hour=hour,
        currency=currency,
        appeal=appeal,
        appealed=appealed,
    )
    return costs, guessed


def _appeals(
    cells: DecisionCells,
    settings: CostSettings,
    appeals: AppealLog,
    *,
    chances: Floats | None,
    hour: float,
) -> tuple[float, tuple[float, float]]:
    """Give what an appeal costs, and which shares of wrong and of right rejects are appealed."""
    if chances is None:
        return 0.0, (0.0, 0.0)
    rejected = cells.ads[2]
    wrong = float((rejected * (1 - chances)).sum())
    usual = hour * appeals.minutes / 60
    cost = usual if settings.appeal is None else settings.appeal
    return cost, appeals.shares(float(rejected.sum()), wrong)


_NAMES = ("missed_violation", "wrong_reject", "reviewer_hour")


def _units(
    settings: CostSettings, revealed: Revealed, *, usual: float
) -> tuple[float, float, float, tuple[str, ...]]:
    """Give what a violating impression, an hour and a wrong reject cost, and which are guessed."""
    guessed = tuple(name for name in _NAMES if getattr(settings, name) is None)
    rate = max(revealed.hour, 1e-9)
    if settings.missed_violation is not None:
        impression = settings.missed_violation / max(usual, 1e-12)
    else:
        hour = 1.0 if settings.reviewer_hour is None else settings.reviewer_hour
        impression = hour / rate
    hour = settings.reviewer_hour if settings.reviewer_hour is not None else impression * rate
    wrong = settings.wrong_reject
    return impression, hour, impression * revealed.wrong if wrong is None else wrong, guessed


def _mean(values: Floats, weights: Floats) -> float:
    total = float(weights.sum())
    return float((values * weights).sum()) / total if total else float(values.mean())


def _severity(policies: PolicyCosts, cells: DecisionCells) -> Floats:
    """Give each cell's severity over the mean one; 1 where it is not known."""
    found = policies.column("severity", cells)
    if np.isnan(found).all():
        return np.ones(len(cells))
    scaled: Floats = np.nan_to_num(found / np.nanmean(found), nan=1.0)
    return scaled
