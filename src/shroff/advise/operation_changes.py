"""What changed in how LLM judges run: their daily shares, looked at as all other series are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from shroff.domain.messages import Message
from shroff.models.operations_result import RATES, CallDay, Operations
from shroff.watch.change_detection import Detected, detect
from shroff.watch.change_series import SeriesBatch

__all__ = ["OperationChange", "operation_changes"]

_WATCHED = ("error_rate", "refusal_rate", "repair_rate", "violating_rate")


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationChange:
    """A change in how a model runs.

    Parameters
    ----------
    model, version : str
        Which one; all versions together where the version is empty.
    rate : str
        One of `RATES`.
    detected : Detected
        When, and how large.
    """

    model: str
    version: str
    rate: str
    detected: Detected

    def sentence(self) -> Message:
        """Say what changed."""
        size = self.detected.size
        return Message(
            f"operations.changed.{self.rate}",
            {
                "model": f"{self.model} {self.version}".strip(),
                "day": str(self.detected.onset),
                "before": size.expected,
                "after": size.observed,
            },
        )

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        found = self.detected
        return {
            "model": self.model,
            "version": self.version or None,
            "rate": self.rate,
            "kind": str(found.kind),
            "onset": str(found.onset),
            "found": str(found.found),
            "last": str(found.last) if found.last else None,
            "ongoing": found.ongoing,
            "p_value": found.p_value,
            "sentence": self.sentence().record(),
        }


def operation_changes(told: Operations) -> tuple[OperationChange, ...]:
    """Find what changed, for each version and for all versions of a model that decide together.

    Parameters
    ----------
    told : Operations
        How judges ran.

    Returns
    -------
    tuple of OperationChange
        The clearest first.
    """
    series: dict[tuple[str, str], list[CallDay]] = {}
    live = {(each.model, each.version) for each in told.versions if not each.shadow}
    for day in told.days:
        series.setdefault((day.model, day.version), []).append(day)
        if (day.model, day.version) in live:
            series.setdefault((day.model, ""), []).append(day)
    several = {model for model, _ in live if len([m for m, _ in live if m == model]) > 1}
    names = [key for key in series if key[1] or key[0] in several]
    if not names:
        return ()
    first = told.period.start
    days = (told.period.end - first).days
    found = []
    for rate in _WATCHED:
        sums = np.zeros((2, len(names), days))
        for row, key in enumerate(names):
            _add(sums[:, row], series[key], rate=rate, first=first)
        batch = SeriesBatch(
            numerator=sums[0], denominator=sums[1], first_day=first,
            complete=np.ones(days, dtype=np.bool_),
        )  # fmt: skip
        found += [
            OperationChange(
                model=names[each.series][0],
                version=names[each.series][1],
                rate=rate,
                detected=each,
            )
            for each in detect(batch)
        ]
    return tuple(sorted(found, key=lambda each: (-abs(each.detected.deviate), each.model)))


def _add(sums: np.ndarray, days: Iterable[CallDay], *, rate: str, first: date) -> None:
    for each in days:
        place = (each.day - first) // timedelta(days=1)
        if 0 <= place < sums.shape[1]:
            sums[0, place] += sum(each.counts[name] for name in RATES[rate])
            sums[1, place] += each.counts["calls"]
