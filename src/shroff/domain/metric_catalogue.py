"""The built-in metrics, in the order a scorecard shows them."""

from __future__ import annotations

from shroff.domain.flow_metrics import APPEALS, FLOW, REVIEWING
from shroff.domain.metrics import Metric
from shroff.domain.quality_metrics import EXPOSURE, QUALITY

__all__ = ["CATALOGUE", "HEADLINE"]

CATALOGUE: dict[str, Metric] = {
    metric.id: metric for metric in (*QUALITY, *FLOW, *EXPOSURE, *APPEALS, *REVIEWING)
}
"""Built-in metrics by id, in the order a scorecard shows them."""

HEADLINE = ("leakage", "reject_precision", "violating_impression_share", "recall_any")
"""The figures a report leads with, most important first."""
