"""What is told of scores as chances."""

from __future__ import annotations

from dataclasses import dataclass

from shroff.stats.estimate import Estimate, Estimates
from shroff.stats.proportions import Floats

__all__ = ["Calibration", "Reliability"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reliability:
    """What scores of each bin turned out to be, arrays of shape (bins,).

    Parameters
    ----------
    low, high : array
        Lowest and highest score of the bin.
    mean_score : array
        Weighted mean score.
    share : Estimates
        Weighted share of violating ads, with its interval.
    weight : array
        Part of all weight that the bin has.
    """

    low: Floats
    high: Floats
    mean_score: Floats
    share: Estimates
    weight: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """How far scores are from what they say.

    Parameters
    ----------
    reliability : Reliability
        By bin.
    gap : Estimate
        Share of violating ads less mean score.
    ece : Estimate
        Calibration error without its bias.
    ece_plain : float
        As it is usually computed.
    p_calibrated : float
        Chance of so large an error, were the scores true chances.
    brier, skill : Estimate
        Mean squared error of the scores; how much smaller it is than that of always giving the
        share of violating ads.
    miscalibration, discrimination, uncertainty : Estimate
        Parts of the Brier score: the first less the second plus the third, and what bins hide.
    """

    reliability: Reliability
    gap: Estimate
    ece: Estimate
    ece_plain: float
    p_calibrated: float
    brier: Estimate
    skill: Estimate
    miscalibration: Estimate
    discrimination: Estimate
    uncertainty: Estimate
