"""Sentences in English and Chinese, from one message and its parameters.

Lower rooms return a `Message`; whoever shows it asks for a language. Numbers are written the same
way in both, so that a reader of one can check the other.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from shroff.domain.phrasebook import PHRASEBOOK

__all__ = ["Language", "Message", "count", "number", "percent", "points", "say"]

Value = str | int | float | None

_SLOT = re.compile(r"\{(\w+)(?::(\w+))?\}")


class Language(StrEnum):
    """Languages that Shroff speaks."""

    EN = "en"
    ZH = "zh"


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence to be said in any language.

    Parameters
    ----------
    id : str
        Key in the phrasebook.
    params : mapping
        Values of the slots.
    """

    id: str
    params: Mapping[str, Value] = field(default_factory=lambda: MappingProxyType({}))

    def text(self, language: Language = Language.EN) -> str:
        """Say it.

        Parameters
        ----------
        language : Language
            Language wanted.

        Returns
        -------
        str
            The sentence.
        """
        return say(self.id, language, self.params)

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record, both languages spelled out."""
        return {
            "id": self.id,
            "params": dict(self.params),
            "en": self.text(Language.EN),
            "zh": self.text(Language.ZH),
        }


def say(key: str, language: Language, params: Mapping[str, Value] | None = None) -> str:
    """Say a phrase of the phrasebook.

    Slots are ``{name}`` or ``{name:form}``; forms are ``percent`` (a share as 12.3%), ``points``
    (a difference of shares as +1.2), ``count`` (1,234), ``number`` (three figures), ``action``
    (an action of the machine, or several with commas, in the language), ``named`` (a name given in
    both languages, English first, with a bar between).

    Parameters
    ----------
    key : str
        Key in the phrasebook.
    language : Language
        Language wanted.
    params : mapping, optional
        Values of the slots.

    Returns
    -------
    str
        The phrase.

    Notes
    -----
    A key or slot that is missing is a `KeyError`: a fault of ours, not the user's.
    """
    values = params or {}
    english, chinese = PHRASEBOOK[key]
    phrase = english if language is Language.EN else chinese
    return _SLOT.sub(lambda slot: _form(values[slot[1]], slot[2], language=language), phrase)


def _form(value: Value, form: str | None, *, language: Language) -> str:
    if value is None:
        return "–"
    if form == "action":
        return _actions(str(value), language)
    if form == "named":
        return str(value).split("|")[0 if language is Language.EN else -1]
    if form is None or isinstance(value, str):
        return str(value)
    return {"percent": percent, "points": points, "count": count, "number": number}[form](value)


def _actions(names: str, language: Language) -> str:
    """Name actions, which are apart by commas; one that is not ours stays as it is."""
    keys = [(name, f"action.{name}") for name in names.split(", ")]
    said = [say(key, language) if key in PHRASEBOOK else name for name, key in keys]
    return (", " if language is Language.EN else "、").join(said)


def percent(share: float) -> str:
    """Write a share as a percentage with as many digits as it needs.

    Returns
    -------
    str
        The percentage.

    Examples
    --------
    >>> percent(0.9312), percent(0.00312), percent(0.0), percent(1.0)
    ('93.1%', '0.31%', '0%', '100%')
    """
    value = 100 * share
    if value in {0, 100}:
        return f"{value:.0f}%"
    if abs(value) >= 1:
        return f"{value:.1f}%"
    return f"{value:.2f}%" if abs(value) >= 0.1 else f"{value:.2g}%"


def points(difference: float) -> str:
    """Write a difference of shares in percentage points, signed.

    Returns
    -------
    str
        The difference.

    Examples
    --------
    >>> points(0.0412), points(-0.0021)
    ('+4.1', '-0.21')
    """
    value = 100 * difference
    return f"{value:+.1f}" if abs(value) >= 1 or value == 0 else f"{value:+.2f}"


def count(value: float) -> str:
    """Write a count with thousands separators.

    Returns
    -------
    str
        The count.

    Examples
    --------
    >>> count(1234567)
    '1,234,567'
    """
    return f"{value:,.0f}"


def number(value: float) -> str:
    """Write a number with about three figures.

    Returns
    -------
    str
        The number.

    Examples
    --------
    >>> number(3.14159), number(1234.5), number(0.01234)
    ('3.14', '1,234', '0.0123')
    """
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
