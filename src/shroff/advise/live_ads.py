"""Ads that somebody wants decided now: as they were posted or stand in a file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite
from typing import TypeAlias

from shroff.errors import DataError
from shroff.rules.rule import FIELDS
from shroff.rules.text_batches import LINE

__all__ = ["MOST_LETTERS", "LiveAd", "Unread", "lines_of", "read_ad", "read_ads"]

MOST_LETTERS = 100_000
"""Most characters that a text of an ad may have."""

_MOST_COLUMNS = 200
_MOST_NAME = 200
_SCORES, _DOTTED = "scores", "scores."
_WHOLE = ("ad_version",)

Value: TypeAlias = "str | int | float | bool | None"


@dataclass(frozen=True, slots=True)
class LiveAd:
    """One ad to be decided.

    Parameters
    ----------
    id : str
        Its name; the number of its row where it brings none.
    version : int
        Which version of its texts, 1 or more.
    values : mapping
        Its texts and columns, by name.
    scores : mapping
        Scores that it brings, by model, ``model@version``, or ``model/policy`` for one of a policy.
    """

    id: str
    version: int = 1
    values: Mapping[str, Value] = field(default_factory=dict[str, Value])
    scores: Mapping[str, float] = field(default_factory=dict[str, float])

    def value(self, name: str) -> Value:
        """Give one of its texts or columns."""
        own: dict[str, Value] = {"ad_id": self.id, "ad_version": self.version}
        return own[name] if name in own else self.values.get(name)

    def fits(self, where: Sequence[tuple[str, str]]) -> bool:
        """Tell whether it has the values of a slice; one that it lacks is the empty text."""
        return all(_written(self.value(name)) == value for name, value in where)


@dataclass(frozen=True, slots=True)
class Unread:
    """A row that is no ad.

    Parameters
    ----------
    row : int
        Its number, from 1.
    cause : str
        What is wrong with it.
    """

    row: int
    cause: str

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {"row": self.row, "cause": self.cause}


def lines_of(text: str) -> list[object]:
    """Read JSON Lines, a value a line; a line that is none becomes the fault that says so.

    Parameters
    ----------
    text : str
        The lines; empty ones are skipped.

    Returns
    -------
    list
        What `read_ads` takes.
    """
    return [_json(line) for line in text.splitlines() if line.strip()]


def _json(line: str) -> object:
    try:
        return json.loads(line)
    except (ValueError, RecursionError) as fault:
        return DataError(f"this is not JSON: {fault}")


def read_ads(rows: Iterable[object], *, start: int = 1) -> tuple[list[LiveAd], list[Unread]]:
    """Read ads, and tell apart what is none.

    Parameters
    ----------
    rows : iterable
        Objects with ``ad_id``, ``ad_version``, texts, columns and ``scores``.
    start : int
        Number of the first row.

    Returns
    -------
    list of LiveAd
        The ads, in their order.
    list of Unread
        The rows that are none, each with its cause.
    """
    ads: list[LiveAd] = []
    faults: list[Unread] = []
    for number, row in enumerate(rows, start=start):
        try:
            ads.append(read_ad(row, number=number))
        except DataError as fault:
            faults.append(Unread(number, fault.cause))
    return ads, faults


def read_ad(row: object, *, number: int) -> LiveAd:
    """Read one ad.

    Parameters
    ----------
    row : object
        What was posted.
    number : int
        Its number, which names it where it has no ``ad_id``.

    Returns
    -------
    LiveAd
        The ad.

    Raises
    ------
    DataError
        If it is no object, a text is no text or too long, or a score is no number from 0 to 1.
    """
    if isinstance(row, DataError):
        raise row
    if not isinstance(row, Mapping):
        raise DataError("an ad is an object with texts, such as title and body")
    if len(row) > _MOST_COLUMNS:
        raise DataError(f"an ad has more than {_MOST_COLUMNS} columns")
    named = row.get("ad_id")
    return LiveAd(
        id=str(number) if named is None else _text("ad_id", str(named)),
        version=_version(row.get("ad_version")),
        values={
            str(name): _value(str(name), value)
            for name, value in row.items()
            if name not in {"ad_id", "ad_version", _SCORES, LINE}
            and not str(name).startswith(_DOTTED)
        },
        scores=_scores(row),
    )


def _version(told: object) -> int:
    if told is None:
        return 1
    try:
        found = int(str(told))
    except ValueError:
        found = 0
    if not 1 <= found < 1 << 31:
        raise DataError(f"ad_version is {str(told)[:40]!r}, not a whole number from 1 on")
    return found


def _value(name: str, value: object) -> Value:
    if len(name) > _MOST_NAME:
        raise DataError(f"a column has a name of more than {_MOST_NAME} characters")
    if name in FIELDS and not (value is None or isinstance(value, str)):
        raise DataError(f"{name} is no text")
    if isinstance(value, str):
        return _text(name, value)
    if value is None or isinstance(value, bool | int | float):
        if isinstance(value, int) and abs(value) >= 1 << 63:
            raise DataError(f"{name} is larger than a number of 64 bits")
        return value
    return _text(name, json.dumps(value, ensure_ascii=False, default=str))


def _text(name: str, value: str) -> str:
    if len(value) > MOST_LETTERS:
        raise DataError(f"{name} has more than {MOST_LETTERS:,} characters")
    # half of a pair, which JSON can write and no text file, is read as the sign for unreadable
    return value.encode("utf-8", "replace").decode() if not value.isascii() else value


def _scores(row: Mapping[object, object]) -> dict[str, float]:
    told = row.get(_SCORES)
    if told is not None and not isinstance(told, Mapping):
        raise DataError('scores is no object, as {"ads_risk": 0.93}')
    found = dict(told or {})
    found |= {
        str(name).removeprefix(_DOTTED): value
        for name, value in row.items()
        if str(name).startswith(_DOTTED)
    }
    if len(found) > _MOST_COLUMNS:
        raise DataError(f"an ad brings more than {_MOST_COLUMNS} scores")
    return {
        str(name)[:_MOST_NAME]: _score(str(name), value)
        for name, value in found.items()
        if value is not None and value != ""
    }


def _score(name: str, value: object) -> float:
    try:
        found = float(str(value)) if not isinstance(value, bool) else float("nan")
    except ValueError:
        found = float("nan")
    if not isfinite(found) or not 0 <= found <= 1:
        raise DataError(f"the score of {name[:40]} is {str(value)[:40]!r}, no number from 0 to 1")
    return found


def _written(value: Value) -> str:
    """Write a value as SQL casts it to text, so that slices mean the same here and in a replay."""
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)
