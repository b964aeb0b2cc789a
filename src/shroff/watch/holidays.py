"""Holidays: days on which a market is not as usual, from a calendar or from the settings."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from shroff.domain.slices import Period
from shroff.store.settings_watch import WatchSettings

__all__ = ["YEARS", "Holiday", "holidays_of", "on_holiday"]

YEARS = range(2023, 2029)
"""Years that the calendar knows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Holiday:
    """Some days in some markets.

    Parameters
    ----------
    id : str
        Its id in the calendar, or its name in the settings.
    name_en, name_zh : str
        Names shown.
    first, last : date
        First and last day.
    markets : frozenset of str
        Markets; empty for all.
    """

    id: str
    name_en: str
    name_zh: str
    first: date
    last: date
    markets: frozenset[str] = frozenset()

    def name(self, language: str) -> str:
        """Give its name in ``en`` or ``zh``."""
        return self.name_zh if language == "zh" else self.name_en

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {
            "id": self.id,
            "name_en": self.name_en,
            "name_zh": self.name_zh,
            "first": str(self.first),
            "last": str(self.last),
            "markets": sorted(self.markets),
        }


@cache
def _calendar() -> tuple[Holiday, ...]:
    text = files("shroff.watch").joinpath("holidays.toml").read_text(encoding="utf-8")
    return tuple(each for name, entry in tomllib.loads(text).items() for each in _of(name, entry))


def _of(name: str, entry: dict[str, Any]) -> list[Holiday]:
    days = [date.fromisoformat(each) for each in entry.get("dates", ())]
    days += [
        date.fromisoformat(f"{year}-{day}") for day in entry.get("yearly", ()) for year in YEARS
    ]
    before, after = entry["around"]
    return [
        Holiday(
            id=name,
            name_en=entry["name_en"],
            name_zh=entry["name_zh"],
            first=day + timedelta(days=before),
            last=day + timedelta(days=after),
            markets=frozenset(entry["markets"]),
        )
        for day in days
    ]


def holidays_of(settings: WatchSettings, period: Period) -> tuple[Holiday, ...]:
    """List the holidays that fall into some days.

    Parameters
    ----------
    settings : WatchSettings
        Holidays of the user's own, and whether the calendar is used.
    period : Period
        The days.

    Returns
    -------
    tuple of Holiday
        In order of their first day.
    """
    known = list(_calendar()) if settings.calendar else []
    known += [
        Holiday(
            id=name,
            name_en=name,
            name_zh=name,
            first=spec.first,
            last=spec.last,
            markets=frozenset(spec.markets),
        )
        for name, spec in settings.holidays.items()
    ]
    within = [each for each in known if each.last >= period.start and each.first < period.end]
    return tuple(sorted(within, key=lambda each: (each.first, each.id)))


def on_holiday(
    holidays: Sequence[Holiday], *, first: date, days: int, market: str | None
) -> NDArray[np.bool_]:
    """Tell which days of a series are holidays in its market.

    Parameters
    ----------
    holidays : sequence of Holiday
        Holidays.
    first : date
        First day of the series.
    days : int
        Its days.
    market : str or None
        Its market; None for all markets together, where those holidays count that all keep.

    Returns
    -------
    array of bool, shape (days,)
        Whether each day is one.
    """
    found = np.zeros(days, dtype=bool)
    for each in holidays:
        if each.markets and (market is None or market not in each.markets):
            continue
        start, end = (each.first - first).days, (each.last - first).days + 1
        found[max(start, 0) : max(end, 0)] = True
    return found
