"""What is told of how LLM judges run: calls, days, drift, disagreement."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import pyarrow as pa

from shroff.domain.messages import Message
from shroff.domain.slices import Period
from shroff.stats.estimate import Estimate
from shroff.stats.proportions import wilson

if TYPE_CHECKING:
    from shroff.models.kill_switch import Switched

__all__ = ["CUTS", "RATES", "Beside", "CallDay", "Calls", "Drift", "Operations"]

CUTS = {"policy": "policy_id", "language": "language"}
"""What calls are cut by."""

_EXACT = 2**53

RATES = {
    "error_rate": ("failed", "cut", "invalid"),
    "refusal_rate": ("refused", "filtered"),
    "invalid_rate": ("invalid",),
    "repair_rate": ("repaired",),
    "violating_rate": ("violating",),
}
"""Shares of calls, and what they are made of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calls:
    """What calls of a version came to.

    Parameters
    ----------
    model, version : str
        Which one.
    cut, value : str
        Column and value that they are cut by; empty for all.
    counts : mapping of str to float
        Calls, copies, each outcome, tokens, cost.
    latency : tuple of float or None
        Median, 95th and 99th percentile in milliseconds.
    first_day, last_day : date
        Days of the first and last call.
    currency : str
        Unit of cost.
    level : float
        Coverage of intervals.
    """

    model: str
    version: str
    cut: str
    value: str
    counts: Mapping[str, float]
    latency: tuple[float | None, float | None, float | None]
    first_day: date
    last_day: date
    currency: str
    level: float

    @property
    def calls(self) -> int:
        """Count the calls; copies of equal wording are none."""
        return int(self.counts["calls"])

    @property
    def shadow(self) -> bool:
        """Whether it ran in shadow only."""
        return self.counts["shadowed"] >= self.counts["rows_told"]

    def rate(self, name: str) -> Estimate | None:
        """Give one of `RATES`; None where there was no call."""
        if not self.calls:
            return None
        hits = sum(int(self.counts[each]) for each in RATES[name])
        return wilson(hits, self.calls, level=self.level)

    @property
    def cost_1000(self) -> float | None:
        """Give what 1,000 calls cost; None where there was none."""
        return 1000 * self.counts["cost"] / self.calls if self.calls else None

    @property
    def cached(self) -> float | None:
        """Give the share of tokens that came from the server's cache."""
        read = self.counts["input_tokens"]
        return self.counts["cached_tokens"] / read if read else None

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        told: dict[str, object] = {
            "model": self.model,
            "version": self.version,
            "cut": self.cut or None,
            "value": self.value if self.cut else None,
            "shadow": self.shadow,
            "calls": self.calls,
            "copies": int(self.counts["copies"]),
            "first_day": str(self.first_day),
            "last_day": str(self.last_day),
        }
        for name in RATES:
            rate = self.rate(name)
            told[name] = (
                None if rate is None else {"value": rate.value, "low": rate.low, "high": rate.high}
            )
        told["latency_ms"] = dict(zip(("p50", "p95", "p99"), self.latency, strict=True))
        told["cost"] = self.counts["cost"]
        told["cost_per_1000"] = self.cost_1000
        told["currency"] = self.currency or None
        told |= {
            name: _whole(self.counts[name])
            for name in ("input_tokens", "cached_tokens", "output_tokens", "attempts")
        }
        told["cached_share"] = self.cached
        return told


def _whole(counted: float) -> float:
    """Give a count as a whole number where its sum is exact."""
    return int(counted) if abs(counted) <= _EXACT else counted


@dataclass(frozen=True, slots=True, kw_only=True)
class CallDay:
    """Calls of a version on one day."""

    model: str
    version: str
    day: date
    counts: Mapping[str, float]
    p95: float | None

    def share(self, name: str) -> float | None:
        """Give one of `RATES`; None without calls."""
        calls = self.counts["calls"]
        return sum(self.counts[each] for each in RATES[name]) / calls if calls else None

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {
            "model": self.model,
            "version": self.version,
            "day": str(self.day),
            "calls": int(self.counts["calls"]),
            **{name: self.share(name) for name in RATES},
            "p95_ms": self.p95,
            "cost": self.counts["cost"],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """How far the scores of a version's last days are from those of its first.

    Parameters
    ----------
    model, version : str
        Which one.
    psi : float
        Population stability index over tenths of the score.
    shift : Estimate
        Difference of means, in standard deviations of the first half.
    first, last : int
        Scores of the first and the last half of its days.
    """

    model: str
    version: str
    psi: float
    shift: Estimate
    first: int
    last: int

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {
            "model": self.model,
            "version": self.version,
            "psi": self.psi,
            "shift": {"value": self.shift.value, "low": self.shift.low, "high": self.shift.high},
            "first": self.first,
            "last": self.last,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """How often a version says otherwise than somebody else, on the same ads.

    Parameters
    ----------
    model, version : str
        Which one.
    beside : str
        ``people`` (drawn labels, weighted by design), ``rules`` that reject, or another version.
    cut, value : str
        Column and value; empty for all.
    apart : Estimate
        Share of ads on which they differ.
    """

    model: str
    version: str
    beside: str
    apart: Estimate
    cut: str = ""
    value: str = ""

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {
            "model": self.model,
            "version": self.version,
            "beside": self.beside,
            "cut": self.cut or None,
            "value": self.value if self.cut else None,
            "apart": {
                "value": self.apart.value,
                "low": self.apart.low,
                "high": self.apart.high,
                "n": self.apart.n,
            },
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Operations:
    """How LLM judges ran in a period.

    Parameters
    ----------
    period : Period
        Days whose ads they judged.
    versions : tuple of Calls
        Each version as a whole.
    cuts : tuple of Calls
        Each version by policy and by language.
    days : tuple of CallDay
        Each version by day.
    drifts : tuple of Drift
        How scores moved.
    beside : tuple of Beside
        Who disagrees.
    off : tuple of Switched
        What is switched off now.
    """

    period: Period
    versions: tuple[Calls, ...]
    cuts: tuple[Calls, ...]
    days: tuple[CallDay, ...]
    drifts: tuple[Drift, ...]
    beside: tuple[Beside, ...]
    off: tuple[Switched, ...] = ()

    def summary(self) -> Message:
        """Say in a sentence how much was asked and what it cost."""
        calls = sum(each.calls for each in self.versions)
        cost = sum(each.counts["cost"] for each in self.versions)
        failed = sum(each.counts[name] for each in self.versions for name in RATES["error_rate"])
        refused = sum(
            each.counts[name] for each in self.versions for name in RATES["refusal_rate"]
        )
        known = [each.currency for each in self.versions if each.currency]
        told: dict[str, str | int | float | None] = {
            "calls": calls,
            "versions": len(self.versions),
            "cost": cost,
            "currency": known[0] if known else "",
            "errors": failed / max(calls, 1),
            "refusals": refused / max(calls, 1),
        }
        return Message("operations.summary", told)

    def to_arrow(self) -> pa.Table:
        """Give every version and day as a table."""
        return pa.Table.from_pylist([each.record() for each in self.days])

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {
            "period": {"start": str(self.period.start), "end": str(self.period.end)},
            "summary": self.summary().record(),
            "versions": [each.record() for each in self.versions],
            "cuts": [each.record() for each in self.cuts],
            "days": [each.record() for each in self.days],
            "drifts": [each.record() for each in self.drifts],
            "beside": [each.record() for each in self.beside],
            "off": [each.record() for each in self.off],
        }
