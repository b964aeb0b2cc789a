"""What is asked of a change that was made: where, when, how it was rolled out, what was forecast."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from shroff.errors import ConfigError

__all__ = [
    "Forecast",
    "OutcomeQuestion",
    "Rollout",
    "columns_of",
    "parse_day",
    "parse_forecast",
    "signed",
]

_PART = re.compile(r"[+\-−]?\d+(\.\d+)?%?")


class Rollout(StrEnum):
    """How a change came to be: on ads a hash chose, in some markets, or everywhere at once."""

    HASH = "hash"
    MARKETS = "markets"
    ALL = "all"


def signed(share: float) -> str:
    """Write a relative change as a percentage with its sign."""
    shown = 100 * share
    return f"{shown:+.0f}%" if abs(shown) >= 10 or round(shown, 1) == 0 else f"{shown:+.1f}%"


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What a change was to do to a metric, as a share of what it would have been.

    Parameters
    ----------
    value : float
        Relative change, e.g. -0.18.
    low, high : float or None
        Its interval; None where none was given.
    level : float
        Coverage of the interval.
    """

    value: float
    low: float | None = None
    high: float | None = None
    level: float = 0.95

    @property
    def text(self) -> str:
        """Write it."""
        if self.low is None or self.high is None:
            return signed(self.value)
        return f"{signed(self.value)} ({self.level:.0%} {signed(self.low)} … {signed(self.high)})"

    @property
    def ends(self) -> tuple[float, float, float]:
        """Give value and ends; without an interval, they are one."""
        low, high = self.low, self.high
        if low is None or high is None:
            return self.value, self.value, self.value
        return self.value, low, high

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {"value": self.value, "low": self.low, "high": self.high, "level": self.level}

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Forecast:
        """Read what `record` gave."""
        return cls(
            value=float(told["value"]),
            low=told.get("low"),
            high=told.get("high"),
            level=float(told.get("level", 0.95)),
        )


def parse_forecast(text: str, *, level: float = 0.95) -> Forecast:
    """Read ``-18%`` or ``-18%:-26%:-10%``; shares such as -0.18 too.

    Parameters
    ----------
    text : str
        As written.
    level : float
        Coverage of the interval.

    Returns
    -------
    Forecast
        The forecast.

    Raises
    ------
    ConfigError
        If it cannot be read.
    """
    parts = [part.strip() for part in text.split(":")]
    if len(parts) not in {1, 3} or not all(_PART.fullmatch(part) for part in parts):
        raise ConfigError(
            f"{text!r} is no forecast",
            where="--forecast",
            hint="a relative change, or one with its interval: -18% or -18%:-26%:-10%",
        )
    numbers = [_share(part) for part in parts]
    if len(numbers) == 1:
        return Forecast(value=numbers[0], level=level)
    value, low, high = numbers
    if not low <= value <= high:
        raise ConfigError(
            f"the forecast {text} is not inside its interval",
            where="--forecast",
            hint="write VALUE:LOW:HIGH",
        )
    return Forecast(value=value, low=low, high=high, level=level)


def _share(part: str) -> float:
    number = float(part.rstrip("%").replace("−", "-"))
    return number / 100 if part.endswith("%") else number


def parse_day(text: str, *, where: str) -> date:
    """Read a day, or say that it is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ConfigError(f"{text!r} is no day", where=where, hint="write 2026-10-05") from None


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeQuestion:
    """What is asked.

    Parameters
    ----------
    metric : str
        Id of the metric that was to move.
    on : date
        First day on which the change held.
    rollout : Rollout
        How it was rolled out.
    within : tuple of (str, str)
        Column and value: only these ads.
    column : str
        Column of the parts it was rolled out in.
    values : tuple of str
        Those parts.
    key, share : str, float
        What the hash was taken of beside the ad, and the share of ads with the change.
    method : str
        ``difference``, ``synthetic``, or empty for what fits.
    weeks : int
        Weeks before the change to look at.
    until : date or None
        Day after the last; the last complete one when None.
    forecast : Forecast or None
        What was said.
    advice_id : str
        The recommendation it was; empty for none.
    level : float
        Coverage of the interval, in (0, 1).
    """

    metric: str
    on: date
    rollout: Rollout = Rollout.ALL
    within: tuple[tuple[str, str], ...] = ()
    column: str = "market"
    values: tuple[str, ...] = ()
    key: str = ""
    share: float = 0.0
    method: str = ""
    weeks: int = 12
    until: date | None = None
    forecast: Forecast | None = None
    advice_id: str = ""
    level: float = 0.95

    def __post_init__(self) -> None:
        """Refuse a roll-out that is not told in full."""
        if self.rollout is Rollout.HASH and not (self.key and 0 < self.share < 1):
            raise ConfigError(
                "a roll-out by hash needs the key of the hash and the share of ads",
                hint="e.g. --rollout hash --key canary/WL-001 --share 0.1",
            )
        if self.rollout is Rollout.MARKETS and not self.values:
            raise ConfigError(
                f"say in which {self.column} the change was made",
                hint=f"e.g. --rollout markets --in {self.column}=ID",
            )

    @property
    def subject(self) -> str:
        """Name what is asked, so that the same question has the same name."""
        inside = "&".join(f"{name}={value}" for name, value in sorted(self.within))
        how = {
            Rollout.HASH: f"{self.key}<{self.share:g}",
            Rollout.MARKETS: f"{self.column}={','.join(sorted(self.values))}",
            Rollout.ALL: "",
        }[self.rollout]
        return "|".join((self.advice_id, self.metric, inside, self.rollout.value, how))

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {
            "metric": self.metric,
            "on": str(self.on),
            "rollout": self.rollout.value,
            "within": dict(self.within),
            "column": self.column,
            "values": list(self.values),
            "key": self.key,
            "share": self.share,
            "method": self.method,
            "weeks": self.weeks,
            "forecast": self.forecast.record() if self.forecast else None,
            "recommendation": self.advice_id or None,
        }


def columns_of(question: OutcomeQuestion) -> Sequence[str]:
    """Name the columns that the series must be cut by."""
    own = [name for name, _ in question.within]
    return [*own, question.column] if question.rollout is Rollout.MARKETS else own
