"""The figures of two versions side by side."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import pyarrow as pa

from shroff.domain.messages import Message
from shroff.domain.slices import EVERYTHING, Slice
from shroff.measure.blocks import Figure, record_of
from shroff.measure.model_pairs import Acts
from shroff.stats.estimate import Estimate

__all__ = ["SCHEMA", "Operating", "Reach", "SliceGap", "Versus", "flat", "label_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Versus:
    """One metric of two versions.

    Parameters
    ----------
    metric : str
        recall, precision, fpr or auc.
    champion, challenger : Estimate
        Each one's figure.
    difference : Estimate
        Challenger less champion, on the same ads.
    p : float or None
        Two-sided p-value.
    exact : bool
        It is McNemar's exact one.
    """

    metric: str
    champion: Estimate
    challenger: Estimate
    difference: Estimate
    p: float | None
    exact: bool

    def record(self, part: Slice = EVERYTHING) -> dict[str, object]:
        """Give it as a JSON-ready record."""

        def told(estimate: Estimate) -> dict[str, object]:
            return record_of(Figure(self.metric, part, estimate))

        return {
            "metric": self.metric,
            "champion": told(self.champion),
            "challenger": told(self.challenger),
            "difference": told(self.difference),
            "p": self.p,
            "test": "exact McNemar" if self.exact else "paired interval",
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Operating:
    """Two versions at their thresholds.

    Parameters
    ----------
    basis : str
        What is held equal: precision, volume or threshold.
    champion_at, challenger_at : float
        Score from which each acts.
    acts : Acts
        Ads that each acts on.
    figures : tuple of Versus
        Recall, precision and false-positive rate; empty without labels.
    """

    basis: str
    champion_at: float
    challenger_at: float
    acts: Acts
    figures: tuple[Versus, ...]

    def figure(self, metric: str) -> Versus | None:
        """Find one metric."""
        return next((each for each in self.figures if each.metric == metric), None)

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {
            "basis": str(self.basis),
            "champion_at": self.champion_at,
            "challenger_at": self.challenger_at,
            "acts": {**asdict(self.acts), "differ": self.acts.differ},
            "figures": [each.record() for each in self.figures],
        }


def label_of(part: Slice) -> str:
    """Name a slice by its columns and values."""
    return ", ".join(f"{name}: {value or '–'}" for name, value in part.terms)


@dataclass(frozen=True, slots=True)
class SliceGap:
    """One metric of both versions in one slice.

    Parameters
    ----------
    slice : Slice
        Which ads.
    versus : Versus
        The figures.
    p_adjusted : float
        P-value adjusted for looking at all slices and metrics (Holm).
    """

    slice: Slice
    versus: Versus
    p_adjusted: float

    @property
    def name(self) -> str:
        """Name the slice by its values."""
        return " · ".join(value or "–" for _, value in self.slice.terms)

    @property
    def label(self) -> str:
        """Name the slice by its columns and values."""
        return label_of(self.slice)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """How small a difference of recall would be found.

    Parameters
    ----------
    labels : int
        Labels.
    effective : float
        Violating ads among them, as equally weighted ones.
    disagreement : float
        Share of violating ads on which the versions are taken to differ.
    difference : float or None
        Smallest difference found with the chance wanted; None when none would be.
    power : float
        That chance.
    """

    labels: int
    effective: float
    disagreement: float
    difference: float | None
    power: float

    def text(self) -> Message:
        """Say it."""
        name = "models.reach" if self.difference is not None else "models.reach_none"
        return Message(
            name,
            {
                "labels": self.labels,
                "violating": self.effective,
                "differ": self.disagreement,
                "points": 100 * (self.difference or 0.0),
                "power": self.power,
            },
        )


SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in ("basis", "metric", "slicing", "slice")),
        *(
            (name, pa.float64())
            for name in (
                "champion_at",
                "challenger_at",
                "champion",
                "challenger",
                "difference",
                "low",
                "high",
                "p",
                "p_adjusted",
            )
        ),
        ("labels_that_differ", pa.int64()),
        ("test", pa.string()),
        ("status", pa.string()),
    ]
)
"""Columns of a comparison as a table."""


def flat(versus: Versus) -> dict[str, object]:
    """Give one comparison as a row of the table."""
    found = versus.difference
    return {
        "metric": versus.metric,
        "slicing": "",
        "slice": "",
        "champion": versus.champion.value,
        "challenger": versus.challenger.value,
        "difference": found.value,
        "low": found.low,
        "high": found.high,
        "p": versus.p,
        "labels_that_differ": found.n,
        "test": "exact McNemar" if versus.exact else "paired interval",
        "status": str(found.status),
    }
