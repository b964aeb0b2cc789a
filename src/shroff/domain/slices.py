"""Dimensions, slices and periods: which part of the logs a figure speaks of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from shroff.errors import ConfigError

__all__ = ["EVERYTHING", "Period", "Slice"]


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Whole days in UTC.

    Parameters
    ----------
    start : date
        First day.
    end : date
        Day after the last.

    Raises
    ------
    ConfigError
        If it holds no day.
    """

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise ConfigError(
                f"the period {self.start} to {self.end} holds no day",
                hint="give its first day and the day after its last",
            )

    @property
    def days(self) -> int:
        """Count its days."""
        return (self.end - self.start).days

    def before(self) -> Period:
        """Give the period of the same length just before it."""
        return Period(self.start - timedelta(days=self.days), self.start)

    def label(self) -> str:
        """Write it with both days included, e.g. ``2026-03-02 – 2026-03-08``."""
        return f"{self.start} – {self.end - timedelta(days=1)}"


@dataclass(frozen=True, slots=True, order=True)
class Slice:
    """Ads that share the values of some dimensions.

    Parameters
    ----------
    terms : tuple of (dimension, value)
        Empty for everything; a missing value is None.
    """

    terms: tuple[tuple[str, str | None], ...] = ()

    @property
    def dimensions(self) -> tuple[str, ...]:
        """Name its dimensions."""
        return tuple(dimension for dimension, _ in self.terms)

    def record(self) -> dict[str, str | None]:
        """Give it as a JSON-ready record."""
        return dict(self.terms)


EVERYTHING = Slice()
"""All ads of the period."""
