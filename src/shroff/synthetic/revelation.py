"""The truth of a demo: what was planted, and what the figures should have been."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from shroff.domain.metrics import Metric, Needs, Weight
from shroff.domain.slices import EVERYTHING
from shroff.errors import ConfigError
from shroff.measure.brief import Brief
from shroff.measure.scorecard import Scorecard, scorecard
from shroff.stats.estimate import Estimate, Status
from shroff.store.engine import Engine

__all__ = ["Revealed", "Revelation", "planted", "reveal"]

_TRUTH = {
    "ad_id": "VARCHAR",
    "ad_version": "BIGINT",
    "violating": "BOOLEAN",
    "policies": "VARCHAR[]",
}
_UNITS = {Weight.ADS: "1", Weight.IMPRESSIONS: "impressions", Weight.SPEND: "spend"}


@dataclass(frozen=True, slots=True)
class Revealed:
    """One figure beside the truth.

    Parameters
    ----------
    metric : Metric
        The metric.
    estimate : Estimate
        What was measured from labels.
    truth : float
        What it is.
    """

    metric: Metric
    estimate: Estimate
    truth: float

    @property
    def values(self) -> tuple[float | None, float | None, float | None]:
        """Value and both ends."""
        return self.estimate.value, self.estimate.low, self.estimate.high

    @property
    def covered(self) -> bool:
        """Whether the interval holds the truth."""
        low, high = self.estimate.low, self.estimate.high
        return low is not None and high is not None and low <= self.truth <= high


@dataclass(frozen=True, slots=True)
class Revelation:
    """The truth of a demo.

    Parameters
    ----------
    stories : tuple of dict
        What was planted: kind, size, days, slice.
    figures : tuple of Revealed
        Figures over everything beside their truth.
    """

    stories: tuple[dict[str, object], ...]
    figures: tuple[Revealed, ...]

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        figures = [
            {
                "metric": each.metric.id,
                "value": each.estimate.value,
                "low": each.estimate.low,
                "high": each.estimate.high,
                "status": str(each.estimate.status),
                "truth": each.truth,
                "covered": each.covered,
            }
            for each in self.figures
        ]
        return {"stories": list(self.stories), "figures": figures}


def planted(folder: Path) -> tuple[dict[str, object], ...]:
    """Tell what was planted in a demo.

    Parameters
    ----------
    folder : Path
        The demo's workspace.

    Returns
    -------
    tuple of dict
        Stories.

    Raises
    ------
    ConfigError
        If the workspace is no demo.
    """
    path = folder / "truth" / "stories.json"
    if not path.is_file():
        raise ConfigError(
            "only a demo has a truth to reveal",
            where=str(folder),
            hint="make one: shroff demo DIR",
        )
    stories: list[dict[str, object]] = json.loads(path.read_text(encoding="utf-8"))
    return tuple(stories)


def reveal(engine: Engine, brief: Brief, *, folder: Path) -> Revelation:
    """Compare what was measured with the truth that no other analysis reads.

    Parameters
    ----------
    engine : Engine
        The demo's logs.
    brief : Brief
        What to measure.
    folder : Path
        The demo's workspace.

    Returns
    -------
    Revelation
        Stories and figures.
    """
    stories = planted(folder)
    files = sorted(str(path) for path in (folder / "truth").glob("ads*.parquet"))
    engine.attach("_truth", files, _TRUTH)
    return Revelation(stories, _figures(engine, scorecard(engine, brief)))


def _figures(engine: Engine, card: Scorecard) -> tuple[Revealed, ...]:
    metrics = [
        metric
        for metric in card.brief.metrics.values()
        if metric.needs is Needs.TRUTH and metric.unit == "share" and not metric.custom
    ]
    found: list[Revealed] = []
    true = _true_values(engine, metrics)
    for metric in metrics:
        figure = card.figure(metric.id)
        value = true[metric.id]
        if figure and figure.slice == EVERYTHING and value is not None:
            found.append(Revealed(metric, figure.estimate, value))
    return tuple(each for each in found if each.estimate.status is not Status.UNKNOWN)


def _true_values(engine: Engine, metrics: list[Metric]) -> dict[str, float | None]:
    """Count every metric in full over the population that the scorecard built."""
    shares = ", ".join(
        f"SUM(CASE WHEN {within} AND ({metric.denominator}) AND ({metric.numerator})"
        f" THEN CAST({_UNITS[metric.weight]} AS DOUBLE) ELSE 0 END)"
        f" / NULLIF(SUM(CASE WHEN {within} AND ({metric.denominator})"
        f" THEN CAST({_UNITS[metric.weight]} AS DOUBLE) ELSE 0 END), 0) AS m{index}"
        for index, metric in enumerate(metrics)
        for within in ["in_period" if metric.weight is Weight.ADS else "TRUE"]
    )
    (row,) = engine.query(
        f"""SELECT {shares} FROM (
  SELECT p.*, t.violating AS violating, t.violating AS any_violating, TRUE AS cited,
         t.violating AND COALESCE(array_contains(t.policies, p.policy_id), FALSE) AS right_policy
  FROM population AS p
  JOIN _truth AS t ON p.ad_id = t.ad_id AND p.ad_version = t.ad_version
) AS known"""
    ).to_pylist()
    return {metric.id: row[f"m{index}"] for index, metric in enumerate(metrics)}
