"""Periods as people write them: a week, a month, two dates, "last-week"."""

from __future__ import annotations

import re
from datetime import date, timedelta

from shroff.domain.slices import Period
from shroff.errors import ConfigError

__all__ = ["PERIOD_FORMS", "parse_period", "week_of"]

PERIOD_FORMS = "2026-W20, 2026-05, 2026-05-01, 2026-05-01..2026-05-31, last-week, last-month, last-28-days, all"
"""Examples of what is understood."""

_SHIFT = {"monday": 0, "sunday": 1, "saturday": 2}
_DAY = timedelta(days=1)


def parse_period(text: str, *, first: date, last: date, week_starts: str = "monday") -> Period:
    """Understand a period.

    Parameters
    ----------
    text : str
        See `PERIOD_FORMS`; both dates of ``A..B`` belong to it.
    first, last : date
        First and last day of the logs: ``all`` is from one to the other, ``last-week`` the last
        whole week of the logs, ``last-28-days`` ends on their last day.
    week_starts : str
        First day of a week: monday, sunday or saturday.

    Returns
    -------
    Period
        The period.

    Raises
    ------
    ConfigError
        If it is not understood.

    Examples
    --------
    >>> parse_period("2026-W20", first=date(2026, 1, 1), last=date(2026, 6, 1)).label()
    '2026-05-11 – 2026-05-17'
    """
    word = text.strip().lower()
    if word == "all":
        return Period(first, last + _DAY)
    if word == "last-week":
        start = week_of(last + _DAY, week_starts=week_starts).start
        return Period(start, start + 7 * _DAY).before()
    if word == "last-month":
        end = (last + _DAY).replace(day=1)
        return Period((end - _DAY).replace(day=1), end)
    if match := re.fullmatch(r"last-(\d{1,4})-days?", word):
        return Period(last + _DAY - int(match[1]) * _DAY, last + _DAY)
    try:
        return _dated(word, week_starts)
    except (ValueError, OverflowError) as fault:
        raise ConfigError(
            f"{text!r} is not a period{_detail(fault)}", hint=f"write e.g. {PERIOD_FORMS}"
        ) from None


def _dated(word: str, week_starts: str) -> Period:
    if match := re.fullmatch(r"(\d{4})-w(\d{1,2})", word):
        monday = date.fromisocalendar(int(match[1]), int(match[2]), 1)
        start = monday - _SHIFT[week_starts] * _DAY
        return Period(start, start + 7 * _DAY)
    if match := re.fullmatch(r"(\d{4})-(\d{2})", word):
        start = date(int(match[1]), int(match[2]), 1)
        return Period(start, (start + 31 * _DAY).replace(day=1))
    begin, dots, end = word.partition("..")
    start = date.fromisoformat(begin.strip())
    last = date.fromisoformat(end.strip()) if dots else start
    if last < start:
        raise ConfigError(
            f"the period {word} ends before it begins", hint=f"write {last}..{start}"
        )
    return Period(start, last + _DAY)


def _detail(fault: Exception) -> str:
    return "" if "isoformat" in str(fault) else f" ({fault})"


def week_of(day: date, *, week_starts: str = "monday") -> Period:
    """Give the week a day belongs to.

    Parameters
    ----------
    day : date
        The day.
    week_starts : str
        First day of a week: monday, sunday or saturday.

    Returns
    -------
    Period
        Seven days.
    """
    start = day - ((day.weekday() + _SHIFT[week_starts]) % 7) * _DAY
    return Period(start, start + 7 * _DAY)
