"""What the figures of a report are compared with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from shroff.domain.messages import Message
from shroff.domain.slices import Period

__all__ = ["Compared", "Comparison"]

_YEAR = timedelta(weeks=52)
"""A year of whole weeks, so that weekdays meet weekdays."""


class Comparison(StrEnum):
    """Kinds of comparisons: with days before, with the same weeks of last year, with other ads."""

    BEFORE = "before"
    YEAR = "year"
    ADS = "ads"


@dataclass(frozen=True, slots=True)
class Compared:
    """One comparison.

    Parameters
    ----------
    kind : Comparison
        With what.
    ads : str
        Which other ads, in words of the filter.
    """

    kind: Comparison = Comparison.BEFORE
    ads: str = ""

    def days(self, period: Period) -> Period:
        """Give the days that a period is compared with."""
        if self.kind is Comparison.YEAR:
            return Period(period.start - _YEAR, period.end - _YEAR)
        return period if self.kind is Comparison.ADS else period.before()

    @property
    def said(self) -> Message:
        """Name it inside a sentence."""
        return Message(f"report.other.{self.kind}", self._slots())

    @property
    def column(self) -> Message:
        """Name it above a column."""
        return Message(f"report.column.{self.kind}", self._slots())

    def told(self, key: str) -> str:
        """Give the key of a sentence on change, in words fit for it."""
        family = "beside" if self.kind is Comparison.ADS else "change"
        return f"report.{family}.{key}"

    def _slots(self) -> dict[str, str | float]:
        return {"ads": self.ads} if self.kind is Comparison.ADS else {}
