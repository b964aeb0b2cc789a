"""What mistakes and review cost: from the settings, by severity and exposure, or from today's lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from shroff.advise.decision_cells import DecisionCells
from shroff.advise.decision_worth import DecisionWorth
from shroff.advise.scored_policy import SCORED_POLICY
from shroff.advise.strategy_outcome import Costs
from shroff.store.engine import Engine
from shroff.store.settings import CostSettings

__all__ = ["HOURS", "PolicyCosts", "Revealed", "costs_of", "policy_costs"]

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


@dataclass(frozen=True, slots=True)
class PolicyCosts:
    """What the user's policies say of costs.

    Parameters
    ----------
    rows : tuple of mapping
        Policy, severity, cost of a missed violation and of a wrong reject, None where not known.
    """

    rows: tuple[dict[str, Any], ...] = ()

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
    """Ask what the policies say of costs."""
    return PolicyCosts(tuple(engine.query(_POLICIES).to_pylist()))


def costs_of(
    cells: DecisionCells,
    worth: DecisionWorth,
    settings: CostSettings,
    *,
    policies: PolicyCosts,
    revealed: Revealed,
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

    Returns
    -------
    Costs, tuple of str
        Costs; and which of them were taken from today's lines.

    Notes
    -----
    A missed violation costs in proportion to the impressions it would have, and to the severity of
    its policy; a wrong reject in proportion to the spend it would have had.
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
    return Costs(missed=missed, wrong=each[:, None] * scale, hour=hour, currency=currency), guessed


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
