"""What a backtest says will happen, kept before a rule goes live and scored after."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from scipy.special import ndtri

from shroff.rules.backtest_result import Backtest, RuleResult, estimate_record
from shroff.store.catalog_rules import KeptForecast

__all__ = ["RuleForecast", "forecast_of", "rule_forecasts"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleForecast:
    """What is expected of one rule.

    Parameters
    ----------
    rule_id : str
        The rule.
    version : int
        Its version.
    hits_per_day : float
        Hits on a usual day.
    hits_low, hits_high : float
        Between these lie the hits of nearly every day (999 in 1,000), if days stay as they were.
    precision, precision_low, precision_high : float or None
        Share of hits that violate; None where no label told.
    status : str
        What the precision is worth.
    reviews_per_day : float
        Reviews more a day.
    days : int
        Days that it was made from.
    daily_variance : float
        Variance of the hits of a day.
    precision_labels : float or None
        Effective labels that the precision rests on.
    """

    rule_id: str
    version: int
    hits_per_day: float
    hits_low: float
    hits_high: float
    precision: float | None
    precision_low: float | None
    precision_high: float | None
    status: str
    reviews_per_day: float
    days: int = 1
    daily_variance: float = 0.0
    precision_labels: float | None = None


_TAIL = 0.0005
_REACH = float(-ndtri(_TAIL))


def forecast_of(tried: Backtest, *, at: datetime) -> KeptForecast:
    """Turn a backtest into a forecast that can be kept.

    Parameters
    ----------
    tried : Backtest
        The backtest.
    at : datetime
        Now.

    Returns
    -------
    KeptForecast
        Of the same backtest on the same logs always the same one.

    Notes
    -----
    Hits of a day are expected within ``mean ± 3.3 sd``, the spread being that of the days of the
    backtest and not less than a Poisson count's.
    """
    told: dict[str, Any] = {
        "period": {"start": str(tried.period.start), "end": str(tried.period.end)},
        "packs": list(tried.packs),
        "against": list(tried.against),
        "snapshot": dict(tried.snapshot),
        "rules": [_rule(each, tried.days) for each in tried.rules],
    }
    name = hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:10]
    return KeptForecast(f"forecast-{name}", at.isoformat(timespec="seconds"), tried.digest, told)


def _rule(result: RuleResult, days: int) -> dict[str, Any]:
    mean = result.counts.hits / days
    spread = max(result.counts.daily_sd**2, mean) * (1 + 1 / days)
    reach = _REACH * spread**0.5
    return {
        "rule": result.id,
        "version": result.rule.version if result.rule else 0,
        "hits_per_day": mean,
        "hits_low": max(mean - reach, 0.0),
        "hits_high": mean + reach,
        "reviews_per_day": result.reviews_per_day.value or 0.0,
        "precision": estimate_record(result.precision),
    }


def rule_forecasts(kept: KeptForecast) -> dict[str, RuleForecast]:
    """Read what a kept forecast expects of each rule.

    Parameters
    ----------
    kept : KeptForecast
        The forecast.

    Returns
    -------
    dict of RuleForecast
        By the rule's id.
    """
    first, end = (date.fromisoformat(kept.forecast["period"][name]) for name in ("start", "end"))
    days = max((end - first).days, 1)
    return {
        each["rule"]: RuleForecast(
            rule_id=each["rule"],
            version=int(each["version"]),
            hits_per_day=float(each["hits_per_day"]),
            hits_low=float(each["hits_low"]),
            hits_high=float(each["hits_high"]),
            precision=each["precision"]["value"],
            precision_low=each["precision"]["low"],
            precision_high=each["precision"]["high"],
            status=each["precision"]["status"],
            reviews_per_day=float(each["reviews_per_day"]),
            days=days,
            daily_variance=_variance(each, days),
            precision_labels=each["precision"]["n_effective"],
        )
        for each in kept.forecast["rules"]
    }


def _variance(told: Mapping[str, Any], days: int) -> float:
    reach = (float(told["hits_high"]) - float(told["hits_per_day"])) / _REACH
    return reach**2 / (1 + 1 / days)
